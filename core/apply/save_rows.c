/* Writes the axis columns that begin every table of `save`, and status words that end it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/save_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/fit_object.h"
#include "data/print.h"

static clv_status add(save_axes *axes, clv_axis *axis, size_t stride, clv_error *err)
{
    CLV_CHECK(axes->count < sizeof axes->axes / sizeof *axes->axes, err, CLV_CANNOT_WRITE,
              "too many coordinates stand beside the axes for one table");
    axes->axes[axes->count] = axis;
    axes->stride[axes->count++] = stride;
    return CLV_OK;
}

clv_status save_axes_of_spectra(const clv_spectra *spectra, save_axes *axes, clv_error *err)
{
    size_t stride = clv_spectra_count(spectra), leading = clv_spectra_axis_count(spectra) - 1;

    axes->count = 0;
    for (size_t i = 0; i < leading; i++) {
        clv_axis *axis = clv_spectra_axis(spectra, i);

        stride /= clv_axis_size(axis);
        CLV_TRY(add(axes, axis, stride, err));
        for (size_t k = 0; k < clv_spectra_beside_count(spectra, i); k++) {
            CLV_TRY(add(axes, clv_spectra_beside(spectra, i, k), stride, err));
        }
    }
    return CLV_OK;
}

clv_status save_axes_of_columns(const clv_columns *columns, save_axes *axes, clv_error *err)
{
    size_t stride = clv_columns_points(columns);

    axes->count = 0;
    for (size_t i = 0; i < clv_columns_axis_count(columns); i++) {
        clv_axis *axis = clv_columns_axis(columns, i);

        stride /= clv_axis_size(axis);
        CLV_TRY(add(axes, axis, stride, err));
        for (size_t k = 0; k < clv_columns_beside_count(columns, i); k++) {
            CLV_TRY(add(axes, clv_columns_beside(columns, i, k), stride, err));
        }
    }
    return CLV_OK;
}

void save_axes_header(clv_csv *csv, const save_axes *axes)
{
    for (size_t i = 0; i < axes->count; i++) {
        clv_csv_header(csv, clv_axis_name(axes->axes[i]), clv_axis_unit(axes->axes[i]));
    }
}

void save_axes_row(clv_csv *csv, const save_axes *axes, size_t point)
{
    for (size_t i = 0; i < axes->count; i++) {
        size_t place = point / axes->stride[i] % clv_axis_size(axes->axes[i]);

        clv_csv_number(csv, clv_axis_values(axes->axes[i])[place]);
    }
}

void save_flags(clv_csv *csv, uint8_t flags, const char *before)
{
    clv_buffer words = {0};

    for (unsigned bit = 1; bit < 256; bit <<= 1) {
        if (!(flags & bit)) { continue; }
        if (words.length > 0) { clv_buffer_add(&words, "; "); }
        clv_flags_print((uint8_t)bit, &words);
    }
    if (before) { clv_buffer_format(&words, "%s%s", words.length > 0 ? "; " : "", before); }
    clv_csv_text(csv, words.text ? words.text : "ok");
    clv_buffer_clear(&words);
}

static int is_before(const char *note)
{
    return strncmp(note, FIT_BACKGROUND_BEFORE, sizeof FIT_BACKGROUND_BEFORE - 1) == 0;
}

static const char *cut(const char *note, char room[SAVE_BEFORE_SIZE])
{
    snprintf(room, SAVE_BEFORE_SIZE, "%.*s", (int)strcspn(note, ":"), note);
    return room;
}

const char *save_before_fit(const clv_fit *fit, char room[SAVE_BEFORE_SIZE])
{
    for (size_t i = 0; i < clv_fit_note_count(fit); i++) {
        if (is_before(clv_fit_note(fit, i))) { return cut(clv_fit_note(fit, i), room); }
    }
    return NULL;
}

const char *save_before_columns(const clv_columns *columns, char room[SAVE_BEFORE_SIZE])
{
    for (size_t i = 0; i < clv_columns_note_count(columns); i++) {
        if (is_before(clv_columns_note(columns, i))) { return cut(clv_columns_note(columns, i), room); }
    }
    return NULL;
}

clv_status save_name(clv_csv *csv, const char *name, const char *ending, clv_error *err)
{
    char *both;

    CLV_CHECK(asprintf(&both, "%s%s", name, ending) >= 0, err, CLV_NO_MEMORY, "no memory for the header of a table");
    clv_csv_text(csv, both);
    free(both);
    return CLV_OK;
}

void save_energy_header(clv_csv *csv, const clv_spectra *spectra)
{
    clv_axis *axis = clv_spectra_energy(spectra);

    clv_csv_header(csv, clv_axis_name(axis), clv_axis_unit(axis));
}

double save_energy(const clv_spectra *spectra, size_t spectrum, size_t channel)
{
    const double *offset = clv_spectra_offset(spectra);

    return clv_axis_values(clv_spectra_energy(spectra))[channel] + (offset ? offset[spectrum] : 0);
}
