/* What spectra are made of, for the rooms that store and stack them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_SPECTRA_H
#define CLV_DATA_SPECTRA_H

#include <corelevel/spectra.h>

#include "frame.h"
#include "object.h"
#include "texts.h"

struct clv_spectra {
    clv_object base;
    char *name, *unit;
    clv_frame frame;
    size_t count, channels; /* spectra, and channels of each */
    double *intensity;      /* [count][channels] */
    double *variance;       /* [count][channels] or NULL */
    double *offset;         /* [count] or NULL */
    double *offset_error;   /* [count], NULL together with offset */
    double low, high;       /* window in true energies */
    clv_noise noise;
    double scale, read;           /* of Poisson noise */
    double measured, correlation; /* NaN before they were measured */
    clv_metadata *metadata;
    clv_texts history;
    clv_spectra *numbers; /* whose intensity and variance these are, NULL for its own */
};

/* Makes the same spectra with one more line of history; the numbers are those of `spectra`, which lives as long. Not to
   be filled. */
clv_status clv_spectra_note(const clv_spectra *spectra, const char *line, clv_spectra **noted, clv_error *err);

/* Sets what was measured of the noise: variance over mean (NaN: not measured) and lag-1 correlation. */
void clv_spectra_set_measured(clv_spectra *spectra, double scale, double correlation);

/* Makes spectra of only place `which` along the leading axis at `place`, without that axis; metadata get its value (and
   what stands beside it) under the axis' name. Errors: CLV_BAD_ARGUMENT when there is no such place, CLV_NO_MEMORY. */
clv_status clv_spectra_slice(const clv_spectra *spectra, size_t place, size_t which, clv_spectra **slice,
                             clv_error *err);

#endif
