/* What the script of a report draws of columns and spectra, as JSON: lines with errors along one axis, maps over two.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/plot.h"
#include "apply/report_numbers.h"

#define LINES_MAX 12 /* spectra that are drawn over one another */

static void add_places(clv_buffer *out, const char *before, const double *values, size_t count)
{
    report_add_numbers(out, before, values, count, report_quantum(report_largest(values, count)) / 100);
}

/* ---- Columns */

/* One column as a series; `sample` (may be NULL) stands before its name, and then its abscissas stand with it. */
static clv_status add_series(const clv_columns *columns, size_t c, const char *sample, clv_buffer *out, clv_error *err)
{
    size_t points = clv_columns_points(columns), axes = clv_columns_axis_count(columns);
    double *values = calloc(2 * points + 1, sizeof *values), step;
    char label[PLOT_LABEL_SIZE], marked[PLOT_LABEL_SIZE], both[2 * PLOT_LABEL_SIZE + 4];

    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for the curves of a report");
    for (size_t i = 0; i < points; i++) {
        values[i] = clv_columns_value(columns, c, i);
        values[points + i] = clv_columns_error(columns, c, i);
    }
    step = report_quantum(report_largest(values, points));
    plot_column_label(clv_columns_name(columns, c), label);
    clv_label_chemical(sample ? sample : "", marked, sizeof marked);
    snprintf(both, sizeof both, "%s%s%s", marked, sample ? ": " : "", label);
    report_add_label(out, "{\"name\":", both);
    report_add_label(out, ",\"unit\":", clv_columns_unit(columns, c));
    if (sample) { add_places(out, ",\"x\":", clv_axis_values(clv_columns_axis(columns, 0)), points); }
    report_add_numbers(out, ",\"values\":", values, points, step);
    if (axes == 1) { report_add_numbers(out, ",\"errors\":", values + points, points, step / 10); }
    clv_buffer_add(out, "}");
    free(values);
    return CLV_OK;
}

static clv_status add_all(const clv_columns *columns, const char *sample, clv_buffer *out, clv_error *err)
{
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        clv_buffer_add(out, c ? ",\n" : "\n");
        CLV_TRY(add_series(columns, c, sample, out, err));
    }
    return CLV_OK;
}

static void add_axis(clv_buffer *out, const char *before, const clv_axis *axis)
{
    char label[PLOT_LABEL_SIZE];

    plot_axis_label(axis, label);
    report_add_label(out, before, label);
    add_places(out, ",\"values\":", clv_axis_values(axis), clv_axis_size(axis));
    clv_buffer_add(out, "}");
}

/* Ends the JSON and hands it over, or frees it. */
static clv_status finish(clv_buffer *out, clv_status status, char **json, clv_error *err)
{
    clv_buffer_add(out, "]}");
    if (!status) { return clv_buffer_take(out, json, err); }
    clv_buffer_clear(out);
    return status;
}

clv_status report_columns_curves(const clv_columns *columns, const char *ordinate, char **json, clv_error *err)
{
    size_t axes = clv_columns_axis_count(columns);
    clv_buffer out = {0};

    if (axes == 0 || axes > 2 || clv_columns_points(columns) * clv_columns_count(columns) > REPORT_NUMBERS_MAX) {
        return CLV_OK;
    }
    clv_buffer_format(&out, "{\"type\":\"%s\",", axes == 1 ? "profile" : "map");
    add_axis(&out, "\"x\":{\"label\":", clv_columns_axis(columns, axes - 1));
    if (axes == 2) { add_axis(&out, ",\"y\":{\"label\":", clv_columns_axis(columns, 0)); }
    report_add_label(&out, ",\"yLabel\":", ordinate);
    clv_buffer_add(&out, ",\"series\":[");
    return finish(&out, add_all(columns, NULL, &out, err), json, err);
}

clv_status report_group_curves(const clv_group *group, const char *ordinate, char **json, clv_error *err)
{
    clv_buffer out = {0};
    clv_status status = CLV_OK;

    for (size_t i = 0; i < clv_group_count(group); i++) {
        if (clv_columns_axis_count(clv_value_as_object(clv_group_at(group, i), CLV_COLUMNS)) != 1) { return CLV_OK; }
    }
    clv_buffer_add(&out, "{\"type\":\"profile\",");
    add_axis(&out, "\"x\":{\"label\":", clv_columns_axis(clv_value_as_object(clv_group_at(group, 0), CLV_COLUMNS), 0));
    report_add_label(&out, ",\"yLabel\":", ordinate);
    clv_buffer_add(&out, ",\"series\":[");
    for (size_t i = 0; i < clv_group_count(group) && !status; i++) {
        const char *name = clv_group_name(group, i);
        char place[24];

        snprintf(place, sizeof place, "%zu", i + 1);
        clv_buffer_add(&out, i ? "," : "");
        status = add_all(clv_value_as_object(clv_group_at(group, i), CLV_COLUMNS), name ? name : place, &out, err);
    }
    return finish(&out, status, json, err);
}

/* ---- Spectra */

static void add_spectrum(const clv_spectra *spectra, size_t spectrum, double *x, clv_buffer *out)
{
    size_t n = clv_spectra_channels(spectra);
    const double *values = clv_spectra_intensity(spectra) + spectrum * n;
    char title[PLOT_LABEL_SIZE] = "";

    if (clv_spectra_axis_count(spectra) == 2) {
        plot_place_label(clv_spectra_axis(spectra, 0), spectrum, title);
    } else if (clv_spectra_count(spectra) > 1) {
        snprintf(title, sizeof title, "Spectrum %zu", spectrum + 1);
    } else {
        clv_label_chemical(clv_spectra_name(spectra), title, sizeof title);
    }
    plot_energies(spectra, spectrum, x);
    report_add_label(out, "{\"name\":", title);
    report_add_label(out, ",\"unit\":", clv_spectra_unit(spectra));
    report_add_numbers(out, ",\"x\":", x, n, 1e-4);
    report_add_numbers(out, ",\"values\":", values, n, report_quantum(report_largest(values, n)));
    clv_buffer_add(out, "}");
}

clv_status report_spectra_curves(const clv_spectra *spectra, char **json, clv_error *err)
{
    size_t all = clv_spectra_count(spectra), count = all < LINES_MAX ? all : LINES_MAX,
           n = clv_spectra_channels(spectra);
    char label[PLOT_LABEL_SIZE], ordinate[PLOT_LABEL_SIZE];
    double *x = calloc(n + 1, sizeof *x);
    clv_buffer out = {0};

    CLV_CHECK(x, err, CLV_NO_MEMORY, "no memory for the curves of a report");
    if (count * n > REPORT_NUMBERS_MAX) {
        free(x);
        return CLV_OK;
    }
    plot_axis_label(clv_spectra_energy(spectra), label);
    plot_signal_label("Intensity", clv_spectra_unit(spectra), ordinate);
    report_add_label(&out, "{\"type\":\"profile\",\"x\":{\"label\":", label);
    report_add_label(&out, "},\"yLabel\":", ordinate);
    clv_buffer_format(&out, ",\"reversed\":%s,\"series\":[", plot_is_reversed(spectra) ? "true" : "false");
    for (size_t i = 0; i < count; i++) {
        clv_buffer_add(&out, i ? ",\n" : "\n");
        add_spectrum(spectra, i * all / count, x, &out);
    }
    free(x);
    return finish(&out, CLV_OK, json, err);
}
