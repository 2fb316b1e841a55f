/* The axis columns that begin every table of `save`. Private to core/apply.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_SAVE_ROWS_H
#define CLV_APPLY_SAVE_ROWS_H

#include <corelevel/columns.h>
#include <corelevel/fit.h>
#include <corelevel/spectra.h>

#include "store/csv.h"

/* Room for the words that end a row's status. */
#define SAVE_BEFORE_SIZE 100

/* Leading axes, each followed by what stands beside it. The axes are lent. */
typedef struct save_axes {
    size_t count;
    clv_axis *axes[64];
    size_t stride[64]; /* points from one place of the axis to the next */
} save_axes;

/* Collect the leading axes of spectra, or all axes of columns. Errors: CLV_CANNOT_WRITE when there are too many. */
clv_status save_axes_of_spectra(const clv_spectra *spectra, save_axes *axes, clv_error *err);
clv_status save_axes_of_columns(const clv_columns *columns, save_axes *axes, clv_error *err);

/* Write their names and units, and their values at one point. */
void save_axes_header(clv_csv *csv, const save_axes *axes);
void save_axes_row(clv_csv *csv, const save_axes *axes, size_t point);

/* Writes flags as words joined by "; ", and after them what went `before` the fit (NULL for nothing); "ok" for none. */
void save_flags(clv_csv *csv, uint8_t flags, const char *before);

/* The part before its colon of the note on a background that was taken away or made before the fit, written into
   `room`; NULL when there is no such note. */
const char *save_before_fit(const clv_fit *fit, char room[SAVE_BEFORE_SIZE]);
const char *save_before_columns(const clv_columns *columns, char room[SAVE_BEFORE_SIZE]);

/* Writes the heading of what stands beside a column: its name and an ending. Errors: CLV_NO_MEMORY. */
clv_status save_name(clv_csv *csv, const char *name, const char *ending, clv_error *err);

/* Names of energy axes with the unit, and the true energy of a channel. */
void save_energy_header(clv_csv *csv, const clv_spectra *spectra);
double save_energy(const clv_spectra *spectra, size_t spectrum, size_t channel);

#endif
