/* Writes a fit as two tables: its curves, and its parameters beside them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/save_rows.h"

static clv_status put_parameter_header(clv_csv *csv, const clv_fit *fit, const save_axes *axes, clv_error *err)
{
    save_axes_header(csv, axes);
    for (size_t p = 0; p < clv_fit_parameter_count(fit); p++) {
        const char *name = clv_fit_parameter_name(fit, p);
        double interval[2];

        clv_csv_header(csv, name, clv_fit_parameter_unit(fit, p));
        CLV_TRY(save_name(csv, name, "_error", err));
        if (clv_fit_interval(fit, 0, p, interval)) {
            CLV_TRY(save_name(csv, name, "_low", err));
            CLV_TRY(save_name(csv, name, "_high", err));
        }
    }
    clv_csv_text(csv, "reduced_chi2");
    clv_csv_text(csv, "status");
    clv_csv_end(csv);
    return CLV_OK;
}

static clv_status save_parameters(const clv_fit *fit, const char *path, const save_axes *axes, clv_error *err)
{
    clv_csv *csv = NULL;
    char room[SAVE_BEFORE_SIZE];
    const char *before;
    clv_status status;

    CLV_TRY(clv_csv_open(path, &csv, err));
    status = put_parameter_header(csv, fit, axes, err);
    if (status) {
        clv_csv_free(csv);
        return status;
    }
    before = save_before_fit(fit, room);
    for (size_t i = 0; i < clv_spectra_count(clv_fit_spectra(fit)); i++) {
        save_axes_row(csv, axes, i);
        for (size_t p = 0; p < clv_fit_parameter_count(fit); p++) {
            double interval[2];

            clv_csv_number(csv, clv_fit_value(fit, i, p));
            clv_csv_number(csv, clv_fit_error(fit, i, p));
            if (clv_fit_interval(fit, i, p, interval)) {
                clv_csv_number(csv, interval[0]);
                clv_csv_number(csv, interval[1]);
            }
        }
        clv_csv_number(csv, clv_fit_reduced(fit, i));
        save_flags(csv, clv_fit_flags(fit, i), before);
        clv_csv_end(csv);
    }
    return clv_csv_finish(csv, err);
}

/* ---- Curves */

/* One spectrum's curves in one block. */
typedef struct curves {
    double *block, *model, *background, *residual, *components;
    size_t channels, count; /* components */
} curves;

static void put_curve_header(clv_csv *csv, const clv_fit *fit, const save_axes *axes)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);
    const char *unit = clv_spectra_unit(spectra);

    save_axes_header(csv, axes);
    save_energy_header(csv, spectra);
    clv_csv_header(csv, "data", unit);
    clv_csv_header(csv, "background", unit);
    for (size_t c = 0; c < clv_fit_component_count(fit); c++) {
        if (!clv_fit_component_is_background(fit, c)) { clv_csv_header(csv, clv_fit_component_name(fit, c), unit); }
    }
    clv_csv_header(csv, "envelope", unit);
    clv_csv_header(csv, "residual", unit);
    clv_csv_end(csv);
}

static void put_channel(clv_csv *csv, const clv_fit *fit, const curves *room, size_t spectrum, size_t i)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);

    clv_csv_number(csv, save_energy(spectra, spectrum, i));
    clv_csv_number(csv, clv_spectra_intensity(spectra)[spectrum * room->channels + i]);
    clv_csv_number(csv, room->background[i]);
    for (size_t c = 0; c < room->count; c++) {
        if (!clv_fit_component_is_background(fit, c)) { clv_csv_number(csv, room->components[c * room->channels + i]); }
    }
    clv_csv_number(csv, room->model[i]);
    clv_csv_number(csv, room->residual[i]);
    clv_csv_end(csv);
}

static clv_status put_curves(clv_csv *csv, const clv_fit *fit, const save_axes *axes, curves *room, clv_error *err)
{
    put_curve_header(csv, fit, axes);
    for (size_t k = 0; k < clv_spectra_count(clv_fit_spectra(fit)); k++) {
        CLV_TRY(clv_fit_curves(fit, k, room->model, room->background, room->components, room->residual, NULL, err));
        for (size_t i = 0; i < room->channels; i++) {
            save_axes_row(csv, axes, k);
            put_channel(csv, fit, room, k, i);
        }
    }
    return CLV_OK;
}

static clv_status save_curves(const clv_fit *fit, const char *path, const save_axes *axes, clv_error *err)
{
    curves room = {.channels = clv_spectra_channels(clv_fit_spectra(fit)), .count = clv_fit_component_count(fit)};
    clv_csv *csv = NULL;
    clv_status status;

    room.block = calloc((room.count + 3) * room.channels + 1, sizeof *room.block);
    CLV_CHECK(room.block, err, CLV_NO_MEMORY, "no memory for the curves of a fit");
    room.model = room.block;
    room.background = room.block + room.channels;
    room.residual = room.block + 2 * room.channels;
    room.components = room.block + 3 * room.channels;
    status = clv_csv_open(path, &csv, err);
    if (!status) { status = put_curves(csv, fit, axes, &room, err); }
    free(room.block);
    if (!status) { return clv_csv_finish(csv, err); }
    clv_csv_free(csv);
    return status;
}

clv_status save_fit_csv(const clv_fit *fit, const char *path, int with_curves, clv_error *err)
{
    const char *suffix = strrchr(path, '.');
    save_axes axes;
    char *beside = NULL;
    clv_status status;

    CLV_TRY(save_axes_of_spectra(clv_fit_spectra(fit), &axes, err));
    if (!with_curves) { return save_parameters(fit, path, &axes, err); }
    CLV_CHECK(suffix && asprintf(&beside, "%.*s_parameters%s", (int)(suffix - path), path, suffix) >= 0, err,
              CLV_NO_MEMORY, "no memory for the name of a file");
    status = save_curves(fit, path, &axes, err);
    if (!status) { status = save_parameters(fit, beside, &axes, err); }
    free(beside);
    return status;
}
