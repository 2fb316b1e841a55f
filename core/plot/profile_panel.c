/* Adds profiles: columns with error bars or bands, and upper limits, against depth.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/parts.h"

#include <math.h>
#include <stdlib.h>

#define STYLE(...) (&(const clv_style){.size = sizeof(clv_style), __VA_ARGS__})

/* A profile's column with its arrays split into values and upper limits; all have `count` values. */
typedef struct parts {
    const double *x;
    size_t count;
    double *values, *limits, *below, *above;
} parts;

static void split(const clv_profile_column *column, parts *p)
{
    const double *above = column->above ? column->above : column->below;

    for (size_t i = 0; i < p->count; i++) {
        bool limit = column->limit && column->limit[i];
        p->values[i] = limit ? NAN : column->values[i];
        p->limits[i] = limit ? column->values[i] : NAN;
        p->below[i] = column->below ? column->below[i] : NAN;
        p->above[i] = above ? above[i] : NAN;
    }
}

/* Turns lengths into the band's edges, in place. */
static void edges(parts *p)
{
    for (size_t i = 0; i < p->count; i++) {
        p->below[i] = p->values[i] - p->below[i];
        p->above[i] = p->values[i] + p->above[i];
    }
}

static clv_status draw_column(clv_panel *panel, const clv_profile_column *column, parts *p, size_t k, bool bands,
                              clv_error *err)
{
    static const clv_marker markers[] = {CLV_MARKER_CIRCLE, CLV_MARKER_SQUARE, CLV_MARKER_DIAMOND, CLV_MARKER_TRIANGLE};
    clv_colour colour = clv_colour_cycle(k);
    char text[256];
    const char *name = column->name ? clv_label_chemical(column->name, text, sizeof text) : NULL;
    bool limited = false;

    for (size_t i = 0; i < p->count; i++) { limited = limited || isfinite(p->limits[i]); }
    if (bands && column->below) {
        edges(p);
        CLV_TRY(clv_panel_add_area(
            panel, p->x, p->below, p->above, p->count,
            STYLE(.name = name, .colour = colour, .fill = (colour & 0xFFFFFF) | 0x40000000, .dash = CLV_DASH_NONE),
            err));
    }
    CLV_TRY(clv_panel_add_line(panel, p->x, p->values, p->count,
                               STYLE(.name = bands ? name : NULL, .colour = colour, .width = bands ? 1.0 : 0.6), err));
    if (!bands && column->below) {
        CLV_TRY(
            clv_panel_add_errors(panel, p->x, p->values, p->below, p->above, p->count, STYLE(.colour = colour), err));
    }
    if (limited) { CLV_TRY(clv_panel_add_limits(panel, p->x, p->limits, p->count, STYLE(.colour = colour), err)); }
    if (bands) { return CLV_OK; }
    return clv_panel_add_points(
        panel, p->x, p->values, p->count,
        STYLE(.name = name, .colour = colour, .fill = colour, .marker = markers[k % 4], .marker_size = 3.4), err);
}

clv_status clv_figure_add_profile(clv_figure *figure, const clv_panel_options *options, const double *depths,
                                  size_t count, const clv_profile_column *const *columns, size_t column_count,
                                  bool bands, clv_panel **out, clv_error *err)
{
    clv_panel *panel;
    clv_status status = CLV_OK;
    double *scratch;

    CLV_CHECK(count == 0 || depths, err, CLV_BAD_ARGUMENT, "profile: %zu levels without depths", count);
    CLV_CHECK(column_count == 0 || columns, err, CLV_BAD_ARGUMENT, "profile: its columns are missing");
    CLV_CHECK(count <= CLV_FIGURE_POINTS_MAX, err, CLV_LIMIT,
              "profile: %zu levels are too many for a figure; at most %zu", count, CLV_FIGURE_POINTS_MAX);
    CLV_TRY(clv_figure_add_panel(figure, options, &panel, err));
    scratch = malloc((4 * count + 1) * sizeof *scratch);
    CLV_CHECK(scratch, err, CLV_NO_MEMORY, "no memory for a profile of %zu levels", count);
    for (size_t k = 0; k < column_count && status == CLV_OK; k++) {
        parts p = {depths, count, scratch, scratch + count, scratch + 2 * count, scratch + 3 * count};
        clv_profile_column column = {0};
        status = clv_options_read(&column, sizeof column, columns[k], "clv_profile_column", err);
        if (status == CLV_OK && count > 0 && !column.values) {
            status = clv_fail(err, CLV_BAD_ARGUMENT, "profile: column %zu has no values", k);
        }
        if (status) { break; }
        split(&column, &p);
        status = draw_column(panel, &column, &p, k, bands, err);
    }
    free(scratch);
    if (status == CLV_OK && out) { *out = panel; }
    return status;
}
