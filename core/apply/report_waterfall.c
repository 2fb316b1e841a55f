/* The overview of a long series in a report: envelopes above one another, coloured along the series.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdlib.h>

#include "apply/plot.h"

#define LEVELS 30

static clv_status fill(const clv_fit *fit, size_t count, double *x, double *curves, double *places, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);
    size_t all = clv_spectra_count(spectra), n = clv_spectra_channels(spectra);
    clv_axis *axis = clv_spectra_axis_count(spectra) == 2 ? clv_spectra_axis(spectra, 0) : NULL;

    plot_energies(spectra, 0, x);
    for (size_t k = 0; k < count; k++) {
        size_t at = k * all / count;

        CLV_TRY(clv_fit_curves(fit, at, curves + k * n, NULL, NULL, NULL, NULL, err));
        places[k] = axis ? clv_axis_values(axis)[at] : (double)(at + 1);
    }
    return CLV_OK;
}

static clv_status draw(const clv_fit *fit, const clv_waterfall *waterfall, clv_figure **figure, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE];
    clv_figure_options options = {.size = sizeof options, .width_mm = 120};
    clv_panel_options panel = {.size = sizeof panel,
                               .x_label = x,
                               .y_label = y,
                               .x_reversed = plot_is_reversed(spectra),
                               .hide_y_numbers = true};
    clv_panel *made = NULL;

    plot_axis_label(clv_spectra_energy(spectra), x);
    plot_signal_label("Intensity, lifted", clv_spectra_unit(spectra), y);
    CLV_TRY(clv_figure_new(&options, figure, err));
    CLV_TRY(clv_figure_add_panel(*figure, &panel, &made, err));
    return clv_panel_add_waterfall(made, waterfall, err);
}

clv_status report_draw_waterfall(const clv_fit *fit, clv_figure **figure, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);
    size_t all = clv_spectra_count(spectra), n = clv_spectra_channels(spectra), count = all < LEVELS ? all : LEVELS;
    double *x = calloc((count + 1) * n, sizeof *x), places[LEVELS];
    char label[PLOT_LABEL_SIZE] = "Spectrum";
    clv_waterfall waterfall = {.size = sizeof waterfall,
                               .x = x,
                               .curves = x ? x + n : NULL,
                               .count = n,
                               .levels = count,
                               .depths = places,
                               .label = label};
    clv_status status =
        x ? fill(fit, count, x, x + n, places, err) : clv_fail(err, CLV_NO_MEMORY, "no memory for a figure");

    if (clv_spectra_axis_count(spectra) == 2) { plot_axis_label(clv_spectra_axis(spectra, 0), label); }
    if (!status) { status = draw(fit, &waterfall, figure, err); }
    free(x);
    return status;
}
