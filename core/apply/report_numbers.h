/* Numbers of a report's curves, rounded to what a screen can show. Private to core/apply.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_REPORT_NUMBERS_H
#define CLV_APPLY_REPORT_NUMBERS_H

#include "data/buffer.h"

/* Most numbers that the curves of one item hold: some 4 MB. */
#define REPORT_NUMBERS_MAX ((size_t)700000)

/* The power of ten to which values up to `most` are rounded: between 1/2000 and 1/20000 of it. */
double report_quantum(double most);

/* The largest magnitude among the finite ones; 0 where there is none. */
double report_largest(const double *values, size_t count);

/* The nearest multiple of a power of ten, with few digits. */
double report_rounded(double value, double step);

/* Add `before` and a list of rounded numbers, or a text, as JSON. */
void report_add_numbers(clv_buffer *out, const char *before, const double *values, size_t count, double step);
void report_add_label(clv_buffer *out, const char *before, const char *text);

#endif
