/* Draws fits: data, envelope, components, background and residuals, a panel for each level.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The curves of those spectra of a fit that are drawn. */
typedef struct drawing {
    const clv_fit *fit;
    size_t channels, components, peaks, count; /* peaks: components that are no backgrounds */
    size_t *spectra;                           /* [count] */
    double *block;                             /* [count][7 + components][channels] */
    const double **curves;                     /* [count][peaks] */
    const char **names;                        /* [peaks] */
    char (*notes)[PLOT_LABEL_SIZE];
    clv_figure_curves *levels;
    const clv_figure_curves **pointers;
} drawing;

static void drawing_clear(drawing *d)
{
    free(d->spectra);
    free(d->block);
    free(d->curves);
    free(d->names);
    free(d->notes);
    free(d->levels);
    free(d->pointers);
}

static clv_status drawing_new(const clv_fit *fit, size_t most, drawing *d, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);
    size_t all = clv_spectra_count(spectra);

    *d = (drawing){.fit = fit,
                   .channels = clv_spectra_channels(spectra),
                   .components = clv_fit_component_count(fit),
                   .count = all < most ? all : most};
    d->spectra = calloc(d->count, sizeof *d->spectra);
    d->block = calloc(d->count * (7 + d->components) * d->channels, sizeof *d->block);
    d->curves = calloc(d->count * (d->components + 1), sizeof *d->curves);
    d->names = calloc(d->components + 1, sizeof *d->names);
    d->notes = calloc(d->count, sizeof *d->notes);
    d->levels = calloc(d->count, sizeof *d->levels);
    d->pointers = calloc(d->count, sizeof *d->pointers);
    if (!d->spectra || !d->block || !d->curves || !d->names || !d->notes || !d->levels || !d->pointers) {
        drawing_clear(d);
        return clv_fail(err, CLV_NO_MEMORY, "no memory to draw a fit");
    }
    for (size_t i = 0; i < d->count; i++) { d->spectra[i] = i * all / d->count; }
    for (size_t c = 0; c < d->components; c++) {
        if (!clv_fit_component_is_background(fit, c)) { d->names[d->peaks++] = clv_fit_component_name(fit, c); }
    }
    return CLV_OK;
}

/* What is to be said of one spectrum's fit in its panel. */
static void write_note(const clv_fit *fit, size_t spectrum, char out[PLOT_LABEL_SIZE])
{
    uint8_t flags = clv_fit_flags(fit, spectrum);
    double reduced = clv_fit_reduced(fit, spectrum);
    size_t used = 0;

    out[0] = 0;
    /* Unweighted residuals have the signal's unit squared: no number to show. */
    if (isfinite(reduced) && strcmp(clv_fit_statistics(fit), "least_squares") != 0) {
        used = (size_t)snprintf(out, PLOT_LABEL_SIZE, "χ_{ν}^{2} = %.3g", reduced);
    }
    if (flags & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) {
        snprintf(out, PLOT_LABEL_SIZE, "the fit failed");
    } else if (flags & CLV_FIT_POOR) {
        snprintf(out + used, PLOT_LABEL_SIZE - used, "%smodel does not describe the data", used ? ", " : "");
    }
}

static clv_status fill_level(drawing *d, size_t k, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(d->fit);
    size_t n = d->channels, at = d->spectra[k], peak = 0;
    double *block = d->block + k * (7 + d->components) * n;
    double *x = block, *data = block + n, *model = block + 2 * n, *background = block + 3 * n;
    double *residual = block + 4 * n, *normalised = block + 5 * n, *components = block + 6 * n;

    CLV_TRY(clv_fit_curves(d->fit, at, model, background, components, residual, normalised, err));
    plot_energies(spectra, at, x);
    for (size_t i = 0; i < n; i++) { data[i] = isnan(model[i]) ? NAN : clv_spectra_intensity(spectra)[at * n + i]; }
    for (size_t c = 0; c < d->components; c++) {
        if (!clv_fit_component_is_background(d->fit, c)) { d->curves[k * d->peaks + peak++] = components + c * n; }
    }
    write_note(d->fit, at, d->notes[k]);
    d->pointers[k] = &d->levels[k];
    d->levels[k] = (clv_figure_curves){.size = sizeof d->levels[k],
                                       .count = n,
                                       .x = x,
                                       .data = data,
                                       .envelope = model,
                                       .background = background,
                                       .component_count = d->peaks,
                                       .components = d->curves + k * d->peaks,
                                       .names = d->names,
                                       .residuals = normalised,
                                       .note = d->notes[k]};
    return CLV_OK;
}

static clv_status fill(drawing *d, clv_error *err)
{
    for (size_t k = 0; k < d->count; k++) { CLV_TRY(fill_level(d, k, err)); }
    return CLV_OK;
}

static clv_axis *leading_axis(const clv_spectra *spectra)
{
    return clv_spectra_axis_count(spectra) == 2 ? clv_spectra_axis(spectra, 0) : NULL;
}

/* ---- One fit */

static clv_status draw_one(const drawing *d, clv_figure **figure, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(d->fit);
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE];
    clv_figure_options options = {.size = sizeof options};
    clv_panel_options panel = {
        .size = sizeof panel, .x_label = x, .y_label = y, .x_reversed = plot_is_reversed(spectra)};

    plot_axis_label(clv_spectra_energy(spectra), x);
    plot_signal_label("Intensity", clv_spectra_unit(spectra), y);
    CLV_TRY(clv_figure_new(&options, figure, err));
    return clv_figure_add_fit(*figure, &panel, &d->levels[0], NULL, err);
}

static clv_status draw_stack(const drawing *d, clv_figure **figure, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(d->fit);
    clv_axis *axis = leading_axis(spectra);
    bool grid = d->count <= CLV_FIGURE_STACK_MAX;
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE], label[PLOT_LABEL_SIZE] = "Spectrum", unit[40] = "";
    double depths[PLOT_LEVELS_MAX];
    clv_figure_options options = {.size = sizeof options,
                                  .width_mm = grid ? CLV_FIGURE_DOUBLE_COLUMN : 0,
                                  .share_x = true,
                                  .legend_above = grid,
                                  .x_label = grid ? x : NULL,
                                  .y_label = grid ? y : NULL};
    clv_panel_options panel = {.size = sizeof panel,
                               .x_reversed = plot_is_reversed(spectra),
                               .x_label = grid ? NULL : x,
                               .y_label = grid ? NULL : y};
    clv_fit_stack stack = {
        .size = sizeof stack, .levels = d->pointers, .count = d->count, .depths = depths, .unit = unit, .label = label};

    plot_axis_label(clv_spectra_energy(spectra), x);
    plot_signal_label("Intensity", clv_spectra_unit(spectra), y);
    for (size_t k = 0; k < d->count; k++) {
        depths[k] = axis ? clv_axis_values(axis)[d->spectra[k]] : (double)(d->spectra[k] + 1);
    }
    if (axis) {
        plot_axis_label(axis, label);
        snprintf(unit, sizeof unit, "%.*s", (int)strcspn(clv_axis_unit(axis), " "), clv_axis_unit(axis));
        if (strcmp(unit, "1") == 0) { unit[0] = 0; }
    }
    CLV_TRY(clv_figure_new(&options, figure, err));
    return clv_figure_add_stack(*figure, &panel, &stack, err);
}

clv_status plot_fit(const clv_fit *fit, clv_figure **figure, clv_error *err)
{
    drawing d;
    clv_status status;

    *figure = NULL;
    CLV_TRY(drawing_new(fit, PLOT_LEVELS_MAX, &d, err));
    status = fill(&d, err);
    if (!status) { status = d.count == 1 ? draw_one(&d, figure, err) : draw_stack(&d, figure, err); }
    drawing_clear(&d);
    return status;
}

/* ---- Several fits: a column of panels for each */

static clv_status add_member(clv_figure *figure, const drawing *d, size_t column, const char *name, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(d->fit);
    clv_axis *axis = leading_axis(spectra);
    char caption[PLOT_LABEL_SIZE], title[PLOT_LABEL_SIZE];

    clv_label_chemical(name ? name : "", title, sizeof title);
    for (size_t k = 0; k < d->count; k++) {
        clv_panel_options panel = {.size = sizeof panel,
                                   .row = k,
                                   .column = column,
                                   .title = k == 0 && name ? title : NULL,
                                   .x_reversed = plot_is_reversed(spectra)};

        if (axis) {
            plot_place_label(axis, d->spectra[k], caption);
            panel.caption = caption;
        }
        CLV_TRY(clv_figure_add_fit(figure, &panel, &d->levels[k], NULL, err));
    }
    return CLV_OK;
}

clv_status plot_fits(const clv_group *group, clv_figure **figure, clv_error *err)
{
    const clv_fit *first = clv_value_as_object(clv_group_at(group, 0), CLV_FIT);
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE];
    clv_figure_options options = {.size = sizeof options,
                                  .width_mm = CLV_FIGURE_DOUBLE_COLUMN,
                                  .share_x = true,
                                  .legend_above = true,
                                  .x_label = x,
                                  .y_label = y};
    clv_status status = CLV_OK;

    plot_axis_label(clv_spectra_energy(clv_fit_spectra(first)), x);
    plot_signal_label("Intensity", clv_spectra_unit(clv_fit_spectra(first)), y);
    CLV_TRY(clv_figure_new(&options, figure, err));
    for (size_t i = 0; i < clv_group_count(group) && !status; i++) {
        drawing d;

        status = drawing_new(clv_value_as_object(clv_group_at(group, i), CLV_FIT), CLV_FIGURE_STACK_MAX, &d, err);
        if (status) { break; }
        status = fill(&d, err);
        if (!status) { status = add_member(*figure, &d, i, clv_group_name(group, i), err); }
        drawing_clear(&d);
    }
    return status;
}
