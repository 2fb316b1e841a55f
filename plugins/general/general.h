/* The operations of this plugin, one file each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_GENERAL_H
#define CLV_GENERAL_H

#include <corelevel/plugin.h>
#include <corelevel/registry.h>

/* Part of a channel by which an energy may miss the edge of a window and still lie on it: it was rounded. */
#define GENERAL_EDGE 1e-6

extern const clv_operation general_crop, general_crop_record;                       /* crop.c */
extern const clv_operation general_background, general_subtract;                    /* background.c */
extern const clv_operation general_drop, general_drop_record, general_drop_columns; /* drop.c */
extern const clv_operation general_sum;                                             /* sum.c */
extern const clv_operation general_smooth;                                          /* smooth.c */

extern const clv_operation general_select; /* select.c */

/* Applies an operation on spectra to every spectra of a record (record.c): the result is a new record with the same
 * source. */
clv_status general_each(const clv_call *call, clv_value **result, clv_error *err);

/* Makes spectra of only some places along a leading axis (drop.c), with offsets, variance, second coordinates and
 * metadata. */
clv_status general_take(const clv_spectra *spectra, size_t axis, const size_t *places, size_t count,
                        clv_spectra **taken, clv_error *err);

/* Finds the places along an axis that an option names (drop.c): `level` counts from 1 along the first axis; any other
   name is that of an axis or of a coordinate beside one, matched by value. marked[place] becomes 1. */
clv_status general_mark(clv_axis *const *axes, size_t axis_count, clv_axis *const *beside, size_t beside_count,
                        const char *name, const clv_value *wanted, size_t *axis, char **marked, clv_error *err);

#endif
