/* Where a reference line stands in every spectrum of a series: what charge correction is made of.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XPS_REFERENCE_LINE_H
#define CLV_XPS_REFERENCE_LINE_H

#include <corelevel/corelevel.h>

/* Position of one component, with its standard error and how many errors its area is above zero, for each spectrum. */
typedef struct reference_line {
    size_t count;
    double *position, *error, *strength;
} reference_line;

/* Below this many errors of its area a line is missing. */
#define REFERENCE_FOUND 4.0

/* The component's name where a line is only followed: one peak, whatever its chemistry. */
#define REFERENCE_ALONE "reference"

/* Fits the line in every spectrum. `model` may be NULL: then C 1s is fitted with the component asked for and its usual
   companions, any other line with a single peak or doublet of the line library. Frees with reference_line_clear. */
clv_status reference_line_find(const clv_spectra *spectra, const char *line, const char *component, double at,
                               const clv_model *model, reference_line *found, clv_error *err);
void reference_line_clear(reference_line *found);

#endif
