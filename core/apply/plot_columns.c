/* Draws columns: profiles with error bars along one axis, heat maps over two.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DENSE 60 /* points from which on errors are drawn as bands */

/* Values and errors of columns as arrays. */
typedef struct arrays {
    size_t count;
    double *block;
    clv_profile_column *columns;
    const clv_profile_column **pointers;
} arrays;

static void arrays_clear(arrays *a)
{
    free(a->block);
    free(a->columns);
    free(a->pointers);
}

static clv_status arrays_new(size_t count, size_t points, arrays *a, clv_error *err)
{
    *a = (arrays){.count = count,
                  .block = calloc(count * points * 2 + 1, sizeof(double)),
                  .columns = calloc(count + 1, sizeof(clv_profile_column)),
                  .pointers = calloc(count + 1, sizeof(clv_profile_column *))};
    if (a->block && a->columns && a->pointers) { return CLV_OK; }
    arrays_clear(a);
    return clv_fail(err, CLV_NO_MEMORY, "no memory to draw columns");
}

/* Takes column `c` as the `k`-th series. */
static void take(arrays *a, size_t k, const clv_columns *columns, size_t c, const char *name)
{
    size_t points = clv_columns_points(columns);
    double *values = a->block + 2 * k * points, *errors = values + points;
    bool exact = true;

    for (size_t i = 0; i < points; i++) {
        values[i] = clv_columns_value(columns, c, i);
        errors[i] = clv_columns_error(columns, c, i);
        exact = exact && errors[i] == 0;
    }
    a->columns[k] = (clv_profile_column){
        .size = sizeof a->columns[k], .name = name, .values = values, .below = exact ? NULL : errors};
    a->pointers[k] = &a->columns[k];
}

/* Whether the columns are parts of a whole: without unit, adding up to one wherever there are values. */
static bool are_fractions(const clv_columns *columns)
{
    if (clv_columns_count(columns) < 2) { return false; }
    for (size_t i = 0; i < clv_columns_points(columns); i++) {
        double sum = 0;

        for (size_t c = 0; c < clv_columns_count(columns); c++) {
            if (strcmp(clv_columns_unit(columns, c), "1") != 0) { return false; }
            sum += clv_columns_value(columns, c, i);
        }
        if (fabs(sum - 1) > 1e-9) { return false; }
    }
    return true;
}

/* What the ordinate is: the name of a single column, "Fraction", or "Value", with the unit all share. */
static void ordinate(const clv_columns *columns, char out[PLOT_LABEL_SIZE])
{
    const char *unit = clv_columns_unit(columns, 0);
    char name[PLOT_LABEL_SIZE];

    for (size_t c = 1; c < clv_columns_count(columns); c++) {
        if (strcmp(clv_columns_unit(columns, c), unit) != 0) { unit = "1"; }
    }
    if (clv_columns_count(columns) == 1) {
        plot_column_label(clv_columns_name(columns, 0), name);
        plot_signal_label(name, unit, out);
        return;
    }
    plot_signal_label(are_fractions(columns) ? "Fraction" : "Value", unit, out);
}

/* ---- Profiles */

static clv_status draw_profile(const clv_columns *columns, clv_figure **figure, clv_error *err)
{
    static const double here[] = {0};
    size_t points = clv_columns_points(columns);
    clv_axis *axis = clv_columns_axis_count(columns) ? clv_columns_axis(columns, 0) : NULL;
    char x[PLOT_LABEL_SIZE] = "", y[PLOT_LABEL_SIZE];
    clv_figure_options options = {.size = sizeof options};
    clv_panel_options panel = {.size = sizeof panel, .x_label = x, .y_label = y};
    arrays a;
    clv_status status;

    if (axis) { plot_axis_label(axis, x); }
    ordinate(columns, y);
    CLV_TRY(clv_figure_new(&options, figure, err));
    CLV_TRY(arrays_new(clv_columns_count(columns), points, &a, err));
    for (size_t c = 0; c < a.count; c++) { take(&a, c, columns, c, clv_columns_name(columns, c)); }
    panel.hide_legend = a.count == 1;
    status = clv_figure_add_profile(*figure, &panel, axis ? clv_axis_values(axis) : here, points, a.pointers, a.count,
                                    points > DENSE, NULL, err);
    arrays_clear(&a);
    return status;
}

/* ---- Maps */

/* The outer edges of an axis' cells. */
static void edges(const clv_axis *axis, double *low, double *high)
{
    size_t size = clv_axis_size(axis);
    const double *values = clv_axis_values(axis);
    double step = size > 1 ? (values[size - 1] - values[0]) / (double)(size - 1) : 1;

    *low = values[0] - step / 2;
    *high = values[size - 1] + step / 2;
}

static clv_status draw_map(const clv_columns *columns, size_t c, double *values, clv_figure *figure, clv_error *err)
{
    clv_axis *rows = clv_columns_axis(columns, 0), *across = clv_columns_axis(columns, 1);
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE], name[PLOT_LABEL_SIZE], label[PLOT_LABEL_SIZE];
    clv_panel_options options = {.size = sizeof options, .column = c % 3, .row = c / 3, .x_label = x, .y_label = y};
    clv_heat_map map = {.size = sizeof map,
                        .values = values,
                        .columns = clv_axis_size(across),
                        .rows = clv_axis_size(rows),
                        .label = label};
    clv_panel *panel;

    for (size_t i = 0; i < clv_columns_points(columns); i++) { values[i] = clv_columns_value(columns, c, i); }
    plot_axis_label(across, x);
    plot_axis_label(rows, y);
    plot_column_label(clv_columns_name(columns, c), name);
    plot_signal_label(name, clv_columns_unit(columns, c), label);
    edges(across, &map.x_min, &map.x_max);
    edges(rows, &map.y_min, &map.y_max);
    CLV_TRY(clv_figure_add_panel(figure, &options, &panel, err));
    return clv_panel_add_map(panel, &map, err);
}

static clv_status draw_maps(const clv_columns *columns, clv_figure **figure, clv_error *err)
{
    clv_figure_options options = {.size = sizeof options,
                                  .width_mm = clv_columns_count(columns) > 1 ? CLV_FIGURE_DOUBLE_COLUMN : 0};
    double *values = calloc(clv_columns_points(columns) + 1, sizeof *values);
    clv_status status =
        values ? clv_figure_new(&options, figure, err) : clv_fail(err, CLV_NO_MEMORY, "no memory to draw a map");

    for (size_t c = 0; c < clv_columns_count(columns) && !status; c++) {
        status = draw_map(columns, c, values, *figure, err);
    }
    free(values);
    return status;
}

clv_status plot_columns(const clv_columns *columns, clv_figure **figure, clv_error *err)
{
    size_t axes = clv_columns_axis_count(columns);

    *figure = NULL;
    CLV_CHECK(clv_columns_count(columns) > 0, err, CLV_BAD_ARGUMENT, "there are no columns to draw");
    CLV_CHECK(axes <= 2, err, CLV_BAD_ARGUMENT, "columns along %zu axes cannot be drawn; take one place of some first",
              axes);
    return axes == 2 ? draw_maps(columns, figure, err) : draw_profile(columns, figure, err);
}

/* ---- Groups: a panel for each column, a series for each member */

static const clv_columns *member(const clv_group *group, size_t place)
{
    return clv_value_as_object(clv_group_at(group, place), CLV_COLUMNS);
}

/* One series of one member; members have axes of their own, so each is drawn by itself. */
static clv_status add_series(clv_panel *panel, const clv_group *group, size_t m, size_t c, clv_error *err)
{
    const clv_columns *columns = member(group, m);
    size_t points = clv_columns_points(columns);
    clv_axis *axis = clv_columns_axis_count(columns) ? clv_columns_axis(columns, 0) : NULL;
    char name[PLOT_LABEL_SIZE];
    clv_style style = {.size = sizeof style, .name = name, .colour = clv_colour_cycle(m)};
    double here = (double)m;
    arrays a;
    clv_status status;

    clv_label_chemical(clv_group_name(group, m) ? clv_group_name(group, m) : "", name, sizeof name);
    if (!clv_group_name(group, m)) { style.name = NULL; }
    CLV_TRY(arrays_new(1, points, &a, err));
    take(&a, 0, columns, c, name);
    status =
        clv_panel_add_points(panel, axis ? clv_axis_values(axis) : &here, a.columns[0].values, points, &style, err);
    style.name = NULL;
    if (!status && axis) {
        status = clv_panel_add_line(panel, clv_axis_values(axis), a.columns[0].values, points, &style, err);
    }
    if (!status && a.columns[0].below) {
        status = clv_panel_add_errors(panel, axis ? clv_axis_values(axis) : &here, a.columns[0].values,
                                      a.columns[0].below, NULL, points, &style, err);
    }
    arrays_clear(&a);
    return status;
}

clv_status plot_columns_of_group(const clv_group *group, clv_figure **figure, clv_error *err)
{
    const clv_columns *first = member(group, 0);
    size_t count = clv_columns_count(first);
    clv_figure_options options = {
        .size = sizeof options, .width_mm = count > 1 ? CLV_FIGURE_DOUBLE_COLUMN : 0, .legend_above = true};

    for (size_t m = 0; m < clv_group_count(group); m++) {
        CLV_CHECK(clv_columns_axis_count(member(group, m)) <= 1 && clv_columns_count(member(group, m)) == count, err,
                  CLV_BAD_ARGUMENT, "only members with the same columns along one axis are drawn together");
    }
    CLV_TRY(clv_figure_new(&options, figure, err));
    for (size_t c = 0; c < count; c++) {
        char x[PLOT_LABEL_SIZE] = "", y[PLOT_LABEL_SIZE], name[PLOT_LABEL_SIZE];
        clv_panel_options panel = {.size = sizeof panel, .column = c % 3, .row = c / 3, .x_label = x, .y_label = y};
        clv_panel *made;

        if (clv_columns_axis_count(first)) { plot_axis_label(clv_columns_axis(first, 0), x); }
        plot_column_label(clv_columns_name(first, c), name);
        plot_signal_label(name, clv_columns_unit(first, c), y);
        CLV_TRY(clv_figure_add_panel(*figure, &panel, &made, err));
        for (size_t m = 0; m < clv_group_count(group); m++) { CLV_TRY(add_series(made, group, m, c, err)); }
    }
    return CLV_OK;
}
