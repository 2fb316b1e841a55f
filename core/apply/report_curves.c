/* What the script of a report draws of a fit, as JSON: its curves, spectrum by spectrum.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/plot.h"
#include "apply/report_numbers.h"
#include "report/json_write.h"

/* ---- Fits */

typedef struct curves {
    const clv_fit *fit;
    size_t channels, components, first, last; /* channels that are drawn */
    double *x, *model, *background, *residual, *normalised, *parts;
    double step;
} curves;

static clv_status curves_new(const clv_fit *fit, curves *c, clv_error *err)
{
    size_t n = clv_spectra_channels(clv_fit_spectra(fit));

    *c = (curves){.fit = fit, .channels = n, .components = clv_fit_component_count(fit)};
    c->x = calloc((5 + c->components) * n, sizeof *c->x);
    CLV_CHECK(c->x, err, CLV_NO_MEMORY, "no memory for the curves of a report");
    c->model = c->x + n;
    c->background = c->x + 2 * n;
    c->residual = c->x + 3 * n;
    c->normalised = c->x + 4 * n;
    c->parts = c->x + 5 * n;
    return CLV_OK;
}

static void add_place(const curves *c, size_t spectrum, clv_buffer *out)
{
    const clv_spectra *spectra = clv_fit_spectra(c->fit);
    char label[PLOT_LABEL_SIZE] = "", *words = NULL;

    if (clv_spectra_axis_count(spectra) == 2) {
        plot_place_label(clv_spectra_axis(spectra, 0), spectrum, label);
    } else if (clv_spectra_count(spectra) > 1) {
        snprintf(label, sizeof label, "Spectrum %zu", spectrum + 1);
    }
    report_add_label(out, "{\"title\":", label);
    clv_buffer_add(out, ",\"reduced\":");
    clv_json_add_number(out, report_rounded(clv_fit_reduced(c->fit, spectrum), 1e-3));
    if (report_flags(clv_fit_flags(c->fit, spectrum), &words, NULL)) { out->failed = 1; }
    report_add_label(out, ",\"status\":", words ? words : "");
    clv_text_free(words);
}

static void find_ends(curves *c)
{
    c->first = 0;
    c->last = c->channels;
    while (c->first < c->last && !isfinite(c->model[c->first])) { c->first++; }
    while (c->last > c->first && !isfinite(c->model[c->last - 1])) { c->last--; }
}

static clv_status add_spectrum(curves *c, size_t spectrum, clv_buffer *out, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(c->fit);
    const double *data = clv_spectra_intensity(spectra) + spectrum * c->channels;
    int first = 1;

    CLV_TRY(clv_fit_curves(c->fit, spectrum, c->model, c->background, c->parts, c->residual, c->normalised, err));
    plot_energies(spectra, spectrum, c->x);
    find_ends(c);
    size_t from = c->first, n = c->last - c->first;
    add_place(c, spectrum, out);
    report_add_numbers(out, ",\"x\":", c->x + from, n, 1e-4);
    c->step = report_quantum(report_largest(data + from, n));
    report_add_numbers(out, ",\"data\":", data + from, n, c->step);
    report_add_numbers(out, ",\"model\":", c->model + from, n, c->step);
    report_add_numbers(out, ",\"background\":", c->background + from, n, c->step);
    clv_buffer_add(out, ",\"components\":[");
    for (size_t k = 0; k < c->components; k++) {
        if (clv_fit_component_is_background(c->fit, k)) { continue; }
        report_add_numbers(out, first ? "" : ",", c->parts + k * c->channels + from, n, c->step);
        first = 0;
    }
    report_add_numbers(out, "],\"residual\":", c->normalised + from, n, 0.01);
    clv_buffer_add(out, "}");
    return CLV_OK;
}

static void add_fit_head(const curves *c, clv_buffer *out)
{
    const clv_spectra *spectra = clv_fit_spectra(c->fit);
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE], name[PLOT_LABEL_SIZE];
    int first = 1;

    plot_axis_label(clv_spectra_energy(spectra), x);
    plot_signal_label("Intensity", clv_spectra_unit(spectra), y);
    report_add_label(out, "{\"type\":\"fit\",\"xLabel\":", x);
    report_add_label(out, ",\"yLabel\":", y);
    clv_buffer_format(out, ",\"reversed\":%s,\"names\":[", plot_is_reversed(spectra) ? "true" : "false");
    for (size_t k = 0; k < c->components; k++) {
        if (clv_fit_component_is_background(c->fit, k)) { continue; }
        clv_label_chemical(clv_fit_component_name(c->fit, k), name, sizeof name);
        report_add_label(out, first ? "" : ",", name);
        first = 0;
    }
    clv_buffer_format(out, "],\"count\":%zu,\"spectra\":[", clv_spectra_count(spectra));
}

clv_status report_fit_curves(const clv_fit *fit, char **json, clv_error *err)
{
    size_t all = clv_spectra_count(clv_fit_spectra(fit)), count = all < REPORT_CURVES_MAX ? all : REPORT_CURVES_MAX;
    clv_buffer out = {0};
    clv_status status;
    curves c;

    CLV_TRY(curves_new(fit, &c, err));
    while (count > 1 && count * c.channels * (5 + c.components) > REPORT_NUMBERS_MAX) { count--; }
    add_fit_head(&c, &out);
    status = CLV_OK;
    for (size_t i = 0; i < count && !status; i++) {
        clv_buffer_add(&out, i ? ",\n" : "\n");
        status = add_spectrum(&c, i * all / count, &out, err);
    }
    clv_buffer_add(&out, "]}");
    free(c.x);
    if (!status) { return clv_buffer_take(&out, json, err); }
    clv_buffer_clear(&out);
    return status;
}
