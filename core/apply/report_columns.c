/* Columns in a report: rows of values with errors and limits, of one object or of the members of a group.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/plot.h"
#include "data/print.h"
#include "num/distribution.h"

#define HELD_LEVEL 0.95
#define NAMED_MAX 4 /* columns that a heading names */

/* ---- What the columns are */

static clv_status add_axes(clv_value *content, const clv_columns *columns, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "axes", &list, err));
    for (size_t i = 0; i < clv_columns_axis_count(columns); i++) {
        size_t besides = clv_columns_beside_count(columns, i);

        for (size_t k = 0; k <= besides; k++) {
            const clv_axis *axis = k ? clv_columns_beside(columns, i, k - 1) : clv_columns_axis(columns, i);
            clv_value *made = NULL;

            CLV_TRY(report_axis(axis, &made, err));
            CLV_TRY(clv_value_append(list, made, err));
            if (k) { CLV_TRY(clv_value_set(made, "beside", clv_value_boolean(1), err)); }
        }
    }
    return CLV_OK;
}

static clv_status add_spread(clv_value *made, const clv_columns *columns, size_t c, clv_error *err)
{
    size_t points = clv_columns_points(columns), present;
    double *values = calloc(points + 1, sizeof *values), median, low, high;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for a report");
    for (size_t i = 0; i < points; i++) { values[i] = clv_columns_value(columns, c, i); }
    present = clv_median_print(values, points, &median, &low, &high);
    free(values);
    CLV_TRY(report_number(made, "median", median, err));
    CLV_TRY(report_number(made, "lowest", low, err));
    CLV_TRY(report_number(made, "highest", high, err));
    return report_number(made, "missing", (double)(points - present), err);
}

static clv_status add_columns(clv_value *content, const clv_columns *columns, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "columns", &list, err));
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        char label[PLOT_LABEL_SIZE];
        clv_value *made = NULL;

        plot_column_label(clv_columns_name(columns, c), label);
        CLV_TRY(report_row(list, &made, err));
        CLV_TRY(report_text(made, "name", clv_columns_name(columns, c), err));
        CLV_TRY(report_text(made, "label", label, err));
        CLV_TRY(report_text(made, "unit", clv_columns_unit(columns, c), err));
        CLV_TRY(add_spread(made, columns, c, err));
    }
    return CLV_OK;
}

/* ---- Rows */

static clv_status add_places(clv_value *row, const clv_columns *columns, size_t point, clv_error *err)
{
    size_t stride = clv_columns_points(columns);
    clv_value *places = NULL;

    CLV_TRY(report_table(row, "places", &places, err));
    for (size_t i = 0; i < clv_columns_axis_count(columns); i++) {
        size_t size = clv_axis_size(clv_columns_axis(columns, i)), place;

        stride /= size;
        place = point / stride % size;
        for (size_t k = 0; k <= clv_columns_beside_count(columns, i); k++) {
            const clv_axis *axis = k ? clv_columns_beside(columns, i, k - 1) : clv_columns_axis(columns, i);

            CLV_TRY(clv_value_append(places, clv_value_number(clv_axis_values(axis)[place]), err));
        }
    }
    return CLV_OK;
}

/* The upper limit of a value that is one, or that a bound holds at zero (95 %, one-sided); NaN for what was detected.
 */
static double limit_of(const clv_columns *columns, size_t c, size_t point)
{
    const double *limit = clv_columns_limit(columns, c), *held = clv_columns_held_error(columns, c);

    if (limit) { return limit[point]; }
    if (!held || !(held[point] > 0) || clv_columns_value(columns, c, point) != 0) { return NAN; }
    return clv_distribution_upper_limit(0, held[point], HELD_LEVEL);
}

/* Whether one of the columns has a limit at a point that `detected` did not set. */
static int has_held(const clv_columns *columns, size_t point)
{
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        if (!clv_columns_limit(columns, c) && isfinite(limit_of(columns, c, point))) { return 1; }
    }
    return 0;
}

/* Numbers of all columns at one point, under a name; of intervals and limits only where a column has any. */
static clv_status add_numbers(clv_value *row, const char *name, const clv_columns *columns, size_t point,
                              clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(row, name, &list, err));
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        const double *interval = clv_columns_interval(columns, c);
        double number = NAN;

        switch (*name) {
        case 'v': number = clv_columns_value(columns, c, point); break;
        case 'e': number = clv_columns_error(columns, c, point); break;
        case 'l': number = name[1] == 'i' ? limit_of(columns, c, point) : interval ? interval[2 * point] : NAN; break;
        default: number = interval ? interval[2 * point + 1] : NAN; break;
        }
        CLV_TRY(clv_value_append(list, clv_value_number(number), err));
    }
    return CLV_OK;
}

static clv_status add_row(clv_value *list, const char *sample, const clv_columns *columns, size_t point, clv_error *err)
{
    int limits = 0, intervals = 0;
    char *words = NULL;
    clv_value *row = NULL;
    clv_status status;

    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        limits |= isfinite(limit_of(columns, c, point));
        intervals |= clv_columns_interval(columns, c) != NULL;
    }
    CLV_TRY(report_row(list, &row, err));
    CLV_TRY(report_text(row, "sample", sample, err));
    CLV_TRY(add_places(row, columns, point, err));
    CLV_TRY(add_numbers(row, "values", columns, point, err));
    CLV_TRY(add_numbers(row, "errors", columns, point, err));
    if (limits) { CLV_TRY(add_numbers(row, "limits", columns, point, err)); }
    if (intervals) {
        CLV_TRY(add_numbers(row, "low", columns, point, err));
        CLV_TRY(add_numbers(row, "high", columns, point, err));
    }
    CLV_TRY(report_flags(clv_columns_flags(columns, point), &words, err));
    status = report_text(row, "status", words, err);
    clv_text_free(words);
    return status;
}

static clv_status add_rows(clv_value *list, const char *sample, const clv_columns *columns, clv_error *err)
{
    size_t points = clv_columns_points(columns);

    for (size_t i = 0; i < points && points <= REPORT_POINTS_MAX; i++) {
        CLV_TRY(add_row(list, sample, columns, i, err));
    }
    return CLV_OK;
}

/* ---- All of it */

/* Whether the values are shares of one: without unit and all between 0 and 1. */
static int are_fractions(const clv_columns *columns)
{
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        if (strcmp(clv_columns_unit(columns, c), "1") != 0) { return 0; }
        for (size_t i = 0; i < clv_columns_points(columns); i++) {
            double value = clv_columns_value(columns, c, i);

            if (value < 0 || value > 1) { return 0; }
        }
    }
    return 1;
}

/* "Co3+, Co2+", as typed or with the markup of labels. */
static void names_of(const clv_columns *columns, int marked, char *out, size_t size)
{
    size_t used = 0;

    for (size_t c = 0; c < clv_columns_count(columns) && used + 1 < size; c++) {
        char label[PLOT_LABEL_SIZE];

        plot_column_label(clv_columns_name(columns, c), label);
        used += (size_t)snprintf(out + used, size - used, "%s%s", c ? ", " : "",
                                 marked ? label : clv_columns_name(columns, c));
    }
}

static clv_status add_notes(clv_value *list, const clv_columns *columns, clv_error *err)
{
    for (size_t i = 0; i < clv_columns_note_count(columns); i++) {
        const char *note = clv_columns_note(columns, i);
        int said = 0;

        for (size_t k = 0; k < clv_value_count(list); k++) {
            said |= strcmp(clv_value_as_text(clv_value_at(list, k)), note) == 0;
        }
        if (!said) { CLV_TRY(report_say(list, err, "%s", note)); }
    }
    for (size_t i = 0; i < clv_columns_points(columns); i++) {
        if (!has_held(columns, i)) { continue; }
        return report_say(list, err,
                          "< x: held at zero by its bound; the quantity lies below x with %g %% confidence (one-sided)",
                          100 * HELD_LEVEL);
    }
    return CLV_OK;
}

static clv_status describe(clv_value *content, const char *name, const clv_columns *columns, clv_error *err)
{
    char what[300] = "", heading[600] = "Fractions: ", caption[600] = "";
    int fractions = are_fractions(columns) && clv_columns_count(columns) > 1;
    size_t axes = clv_columns_axis_count(columns);

    names_of(columns, 0, what, sizeof what);
    if (clv_columns_count(columns) > NAMED_MAX) {
        snprintf(heading, sizeof heading, "%s", fractions ? "Fractions" : "Values");
    } else {
        names_of(columns, 1, heading + (fractions ? 11 : 0), sizeof heading - 11);
    }
    if (axes) {
        char along[PLOT_LABEL_SIZE];

        plot_axis_label(clv_columns_axis(columns, 0), along);
        snprintf(caption, sizeof caption, axes == 1 ? "Values against %c%s, with standard uncertainties." : "Maps.",
                 along[0] >= 'A' && along[0] <= 'Z' ? along[0] + 32 : along[0], along + 1);
    }
    CLV_TRY(report_text(content, "kind", "columns", err));
    CLV_TRY(report_text(content, "name", name, err));
    CLV_TRY(report_text(content, "what", what, err));
    CLV_TRY(report_text(content, "heading", heading, err));
    CLV_TRY(report_text(content, "caption", *caption ? caption : "Values with standard uncertainties.", err));
    CLV_TRY(report_number(content, "points", (double)clv_columns_points(columns), err));
    if (are_fractions(columns)) { CLV_TRY(clv_value_set(content, "fractions", clv_value_boolean(1), err)); }
    CLV_TRY(add_axes(content, columns, err));
    return add_columns(content, columns, err);
}

/* What the ordinate of a figure is: "Fraction", the one column, or "Value", with the unit that all share. */
static const char *ordinate_of(const clv_columns *columns, char label[PLOT_LABEL_SIZE])
{
    const char *unit = clv_columns_unit(columns, 0);
    char name[PLOT_LABEL_SIZE];

    for (size_t c = 1; c < clv_columns_count(columns); c++) {
        if (strcmp(clv_columns_unit(columns, c), unit) != 0) { unit = "1"; }
    }
    plot_column_label(clv_columns_name(columns, 0), name);
    if (clv_columns_count(columns) > 1) { snprintf(name, sizeof name, are_fractions(columns) ? "Fraction" : "Value"); }
    plot_signal_label(name, unit, label);
    return label;
}

/* What has no picture, such as columns along three axes, is told by its table. */
static clv_status take_figure(clv_report *report, clv_report_item *item, clv_status drawn, clv_figure *figure,
                              clv_error *err)
{
    clv_status status = CLV_OK;

    if (drawn == CLV_NO_MEMORY) { status = clv_fail(err, drawn, "no memory for a figure of a report"); }
    if (!drawn) { status = clv_report_draw(item, figure, report->count, err); }
    clv_figure_free(figure);
    return status;
}

clv_status report_add_columns(clv_report *report, const char *name, const clv_columns *columns, clv_error *err)
{
    clv_report_item *item = NULL;
    clv_figure *figure = NULL;
    clv_value *rows = NULL, *notes = NULL;
    char ordinate[PLOT_LABEL_SIZE];
    clv_status drawn;

    CLV_TRY(clv_report_add(report, &item, err));
    CLV_TRY(describe(item->content, name, columns, err));
    CLV_TRY(report_table(item->content, "rows", &rows, err));
    CLV_TRY(add_rows(rows, NULL, columns, err));
    CLV_TRY(report_table(item->content, "notes", &notes, err));
    CLV_TRY(add_notes(notes, columns, err));
    if (clv_columns_points(columns) < 2) { return CLV_OK; }
    CLV_TRY(report_columns_curves(columns, ordinate_of(columns, ordinate), &item->curves, err));
    drawn = plot_columns(columns, &figure, NULL);
    return take_figure(report, item, drawn, figure, err);
}

clv_status report_add_columns_group(clv_report *report, const char *name, const clv_group *group, clv_error *err)
{
    const clv_columns *first = clv_value_as_object(clv_group_at(group, 0), CLV_COLUMNS);
    clv_report_item *item = NULL;
    clv_figure *figure = NULL;
    clv_value *rows = NULL, *notes = NULL;
    char ordinate[PLOT_LABEL_SIZE];
    clv_status drawn;

    CLV_CHECK(first, err, CLV_BAD_ARGUMENT, "report: a list of columns is empty");
    CLV_TRY(clv_report_add(report, &item, err));
    CLV_TRY(describe(item->content, name, first, err));
    CLV_TRY(clv_value_set(item->content, "sampled", clv_value_boolean(1), err));
    CLV_TRY(report_table(item->content, "rows", &rows, err));
    CLV_TRY(report_table(item->content, "notes", &notes, err));
    for (size_t i = 0; i < clv_group_count(group); i++) {
        const clv_columns *member = clv_value_as_object(clv_group_at(group, i), CLV_COLUMNS);
        const char *own = clv_group_name(group, i);
        char place[24];

        snprintf(place, sizeof place, "%zu", i + 1);
        CLV_TRY(add_rows(rows, own ? own : place, member, err));
        CLV_TRY(add_notes(notes, member, err));
    }
    if (clv_columns_points(first) < 2) { return CLV_OK; }
    CLV_TRY(report_group_curves(group, ordinate_of(first, ordinate), &item->curves, err));
    drawn = plot_columns_of_group(group, &figure, NULL);
    return take_figure(report, item, drawn, figure, err);
}
