/* Objects as people want to see them on a terminal: a table of at most 40 rows, notes below.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_PRINT_H
#define CLV_DATA_PRINT_H

#include <corelevel/columns.h>
#include <corelevel/group.h>
#include <corelevel/record.h>

#include "buffer.h"

/* Each appends lines to `out`, each ending with a line feed. Values stand with their errors to the errors' two digits,
   units in the header, flags as words. What has more than 40 points (a map) shows shape, median, range and failures. A
   group of columns has a first column `sample`; groups of other kinds are printed member by member, those of kinds that
   this room does not know (models, fits) by `other`, which may be NULL (then only their kind is said). */
void clv_spectra_print(const clv_spectra *spectra, clv_buffer *out);
void clv_record_print(const clv_record *record, clv_buffer *out);
void clv_columns_print(const clv_columns *columns, clv_buffer *out);
void clv_group_print(const clv_group *group, void (*other)(const clv_value *value, clv_buffer *out), clv_buffer *out);

/* Writes the bits of clv_fit_flag as words: "at a bound, model does not describe the data"; nothing for a clean fit. */
void clv_flags_print(uint8_t flags, clv_buffer *out);

/* Writes a number with six significant digits. */
void clv_number_print(double number, clv_buffer *out);

/* Sorts `count` values (NaN last) and gives the median of those that are numbers, with their lowest and highest; all
   NaN when there are none. Returns how many are numbers. */
size_t clv_median_print(double *values, size_t count, double *median, double *low, double *high);

#endif
