/* Sensitivity factors from a user's XML file, which says what they contain. Private to core.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_SENSITIVITY_H
#define CLV_STORE_SENSITIVITY_H

#include <corelevel/error.h>

#include "data/line_name.h"

/* Factors of one set: intensities over them are amounts. Starts as {0}; owns its texts. The schema is
   spectra/sensitivity.rng, an example spectra/sensitivity_example.xml. */
typedef struct clv_sensitivity {
    char *name, *source;
    int has_transmission, has_imfp; /* what the factors contain already */
    double photon_energy;           /* eV */
    struct clv_sensitivity_row {
        clv_line_name line;
        double factor;
    } * rows;
    size_t count, room;
} clv_sensitivity;

/* Reads a file into an empty set. Errors: CLV_BAD_FILE with the line; CLV_NOT_FOUND when it cannot be opened;
   CLV_NO_MEMORY. */
clv_status clv_sensitivity_read(const char *path, clv_sensitivity *set, clv_error *err);

/* Gives the factor of a line with just these members; for a whole level that has no entry of its own the sum of its
   members'. Errors: CLV_NOT_FOUND. */
clv_status clv_sensitivity_factor(const clv_sensitivity *set, const clv_line_name *line, double *factor,
                                  clv_error *err);

void clv_sensitivity_clear(clv_sensitivity *set);

#endif
