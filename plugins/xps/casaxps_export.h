/* A fit on its way into the comments of its spectra: what the parts of the writer share.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XPS_CASAXPS_EXPORT_H
#define CLV_XPS_CASAXPS_EXPORT_H

#include "casaxps.h"

#include <corelevel/fit.h>

#include <stdio.h>

typedef struct casaxps_export {
    const clv_fit *fit;
    const clv_model *model;
    const clv_spectra *spectra;
    size_t spectrum;
    double photon;  /* NaN: kinetic energies */
    double seconds; /* area per count rate times eV */
    FILE *out;
} casaxps_export;

/* The kinetic energy that CasaXPS has for an energy of the spectra. */
double casaxps_kinetic(const casaxps_export *e, double energy);

/* What the model says: an option of a component, its type, whether that is a peak or doublet. Lent. */
const clv_value *casaxps_option(const casaxps_export *e, size_t component, const char *name);
const char *casaxps_type(const casaxps_export *e, size_t component);
int casaxps_is_doublet(const casaxps_export *e, size_t component);
int casaxps_is_peak(const casaxps_export *e, size_t component);

/* Put numbers, a blank before each; put the count and the line of the one region. */
void casaxps_put_numbers(const casaxps_export *e, const double *numbers, size_t count);
clv_status casaxps_put_region(const casaxps_export *e, clv_error *err);

#endif
