/* Keeps a panel's series: deep copies with their style resolved.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a series of each kind looks like unless its style says otherwise. */
static const struct preset {
    double width, marker_size;
    clv_marker marker;
    clv_dash dash;
    bool takes_colour; /* from the palette */
} presets[] = {
    [CLV_SERIES_POINTS] = {0.5, 2.4, CLV_MARKER_CIRCLE, CLV_DASH_SOLID, true},
    [CLV_SERIES_LINE] = {0.9, 0, CLV_MARKER_DOT, CLV_DASH_SOLID, true},
    [CLV_SERIES_STEP] = {0.9, 0, CLV_MARKER_DOT, CLV_DASH_SOLID, true},
    [CLV_SERIES_AREA] = {0.7, 0, CLV_MARKER_DOT, CLV_DASH_SOLID, true},
    [CLV_SERIES_ERRORS] = {0.6, 3.0, CLV_MARKER_DOT, CLV_DASH_SOLID, true},
    [CLV_SERIES_LIMITS] = {0.7, 4.0, CLV_MARKER_DOT, CLV_DASH_SOLID, true},
    [CLV_SERIES_RULE] = {0.5, 0, CLV_MARKER_DOT, CLV_DASH_DASHED, false},
    [CLV_SERIES_TEXT] = {0.5, 0, CLV_MARKER_DOT, CLV_DASH_SOLID, false},
    [CLV_SERIES_MAP] = {0.5, 0, CLV_MARKER_DOT, CLV_DASH_SOLID, false},
};

static void series_clear(clv_series *series)
{
    free(series->values);
    free(series->text);
    free((char *)series->style.name);
    free((char *)series->map.label);
    free((char *)series->map.scale_label);
}

void clv_panel_free(clv_panel *panel)
{
    if (!panel) { return; }
    for (size_t i = 0; i < panel->count; i++) { series_clear(&panel->series[i]); }
    free(panel->series);
    free(panel->bar_label);
    free(panel->note);
    free((char *)panel->options.title);
    free((char *)panel->options.caption);
    free((char *)panel->options.x_label);
    free((char *)panel->options.y_label);
    free(panel);
}

static double bounded(double value, double preset, double max)
{
    return value > 0 && isfinite(value) ? fmin(value, max) : preset;
}

/* Fills what the caller left to us. The colour of an area's filling is its outline's, translucent. */
static clv_status resolve(clv_panel *panel, clv_series *series, const clv_style *style, clv_error *err)
{
    const struct preset *preset = &presets[series->kind];
    clv_style *own = &series->style;
    const char *name;

    CLV_TRY(clv_options_read(own, sizeof *own, style, "clv_style", err));
    name = own->name;
    CLV_TRY(clv_text_copy(name && *name ? name : NULL, (char **)&own->name, err));
    if (own->colour == 0) {
        own->colour = preset->takes_colour ? clv_colour_cycle(panel->coloured) : 0xFF555555;
        panel->coloured += preset->takes_colour;
    }
    if (own->fill == 0 && series->kind == CLV_SERIES_AREA) {
        own->fill = (own->colour & 0xFFFFFF) | (clv_colour)((own->colour >> 24) * 0.30) << 24;
    }
    own->width = bounded(own->width, preset->width, 50);
    own->marker_size = bounded(own->marker_size, preset->marker_size, 100);
    if (own->dash < CLV_DASH_SOLID || own->dash > CLV_DASH_NONE) { own->dash = preset->dash; }
    if (own->marker < CLV_MARKER_CIRCLE || own->marker > CLV_MARKER_CROSS) { own->marker = preset->marker; }
    if (own->fill == 0) { own->fill = own->marker == CLV_MARKER_CIRCLE ? 0xFFFFFFFF : own->colour; }
    return CLV_OK;
}

/* Copies up to four arrays into one block. */
static clv_status fill_values(clv_series *series, const double *const from[4], clv_error *err)
{
    double **to[] = {&series->x, &series->y, &series->low, &series->high};
    double *at;

    if (series->count == 0) { return CLV_OK; }
    at = series->values = malloc(4 * series->count * sizeof *at);
    CLV_CHECK(at, err, CLV_NO_MEMORY, "no memory for a series of %zu points", series->count);
    for (int i = 0; i < 4; i++) {
        if (from[i]) {
            memcpy(at, from[i], series->count * sizeof *at);
            *to[i] = at;
            at += series->count;
        }
    }
    return CLV_OK;
}

static clv_status make_room(clv_panel *panel, const clv_series *series, clv_error *err)
{
    CLV_CHECK(panel->count < CLV_PANEL_SERIES, err, CLV_LIMIT, "a panel holds at most %d series", CLV_PANEL_SERIES);
    CLV_CHECK(series->count <= CLV_FIGURE_POINTS_MAX, err, CLV_LIMIT,
              "a series of %zu points is too long for a figure; at most %zu", series->count, CLV_FIGURE_POINTS_MAX);
    if (panel->count == panel->room) {
        size_t room = panel->room * 2 + 8;
        clv_series *all = realloc(panel->series, room * sizeof *all);
        CLV_CHECK(all, err, CLV_NO_MEMORY, "no memory for a series");
        panel->series = all;
        panel->room = room;
    }
    return CLV_OK;
}

/* Takes over the series' texts, also when it fails. */
static clv_status add(clv_panel *panel, clv_series *series, const double *const from[4], const clv_style *style,
                      clv_error *err)
{
    clv_status status = make_room(panel, series, err);

    if (status == CLV_OK) { status = resolve(panel, series, style, err); }
    if (status == CLV_OK) { status = fill_values(series, from, err); }
    if (status) {
        series_clear(series);
        return status;
    }
    panel->series[panel->count++] = *series;
    return CLV_OK;
}

static clv_status add_curve(clv_panel *panel, clv_series_kind kind, const double *x, const double *y, size_t count,
                            const clv_style *style, clv_error *err)
{
    clv_series series = {.kind = kind, .count = count};
    const double *from[4] = {x, y};

    CLV_CHECK(count == 0 || (x && y), err, CLV_BAD_ARGUMENT, "a series of %zu points needs both x and y", count);
    return add(panel, &series, from, style, err);
}

clv_status clv_panel_add_points(clv_panel *panel, const double *x, const double *y, size_t count,
                                const clv_style *style, clv_error *err)
{
    return add_curve(panel, CLV_SERIES_POINTS, x, y, count, style, err);
}

clv_status clv_panel_add_line(clv_panel *panel, const double *x, const double *y, size_t count, const clv_style *style,
                              clv_error *err)
{
    return add_curve(panel, CLV_SERIES_LINE, x, y, count, style, err);
}

clv_status clv_panel_add_step(clv_panel *panel, const double *x, const double *y, size_t count, const clv_style *style,
                              clv_error *err)
{
    return add_curve(panel, CLV_SERIES_STEP, x, y, count, style, err);
}

clv_status clv_panel_add_limits(clv_panel *panel, const double *x, const double *y, size_t count,
                                const clv_style *style, clv_error *err)
{
    return add_curve(panel, CLV_SERIES_LIMITS, x, y, count, style, err);
}

clv_status clv_panel_add_area(clv_panel *panel, const double *x, const double *low, const double *high, size_t count,
                              const clv_style *style, clv_error *err)
{
    clv_series series = {.kind = CLV_SERIES_AREA, .count = count};
    const double *from[4] = {x, NULL, low, high};

    CLV_CHECK(count == 0 || (x && low && high), err, CLV_BAD_ARGUMENT, "an area of %zu points needs x, low and high",
              count);
    return add(panel, &series, from, style, err);
}

clv_status clv_panel_add_errors(clv_panel *panel, const double *x, const double *y, const double *below,
                                const double *above, size_t count, const clv_style *style, clv_error *err)
{
    clv_series series = {.kind = CLV_SERIES_ERRORS, .count = count};
    const double *from[4] = {x, y, below, above ? above : below};

    CLV_CHECK(count == 0 || (x && y && below), err, CLV_BAD_ARGUMENT, "error bars at %zu points need x, y and below",
              count);
    CLV_TRY(add(panel, &series, from, style, err));
    clv_series *kept = &panel->series[panel->count - 1];
    for (size_t i = 0; i < count; i++) {
        kept->low[i] = kept->low[i] >= 0 ? kept->y[i] - kept->low[i] : NAN;
        kept->high[i] = kept->high[i] >= 0 ? kept->y[i] + kept->high[i] : NAN;
    }
    return CLV_OK;
}

clv_status clv_panel_add_rule(clv_panel *panel, bool upright, double value, const char *label, const clv_style *style,
                              clv_error *err)
{
    clv_series series = {.kind = CLV_SERIES_RULE, .count = 1, .upright = upright};
    const double *from[4] = {&value};

    CLV_TRY(clv_text_copy(label, &series.text, err));
    return add(panel, &series, from, style, err);
}

clv_status clv_panel_add_text(clv_panel *panel, double x, double y, double lift, const char *text,
                              const clv_style *style, clv_error *err)
{
    clv_series series = {.kind = CLV_SERIES_TEXT, .count = 1};
    const double *from[4] = {&x, &y};

    CLV_CHECK(text, err, CLV_BAD_ARGUMENT, "a text in a panel is NULL");
    series.lift = isfinite(lift) ? fmin(fmax(lift, -1000), 1000) : 0;
    CLV_TRY(clv_text_copy(text, &series.text, err));
    return add(panel, &series, from, style, err);
}

clv_status clv_panel_set_colour_bar(clv_panel *panel, double low, double high, const char *label, clv_error *err)
{
    char *copy;

    CLV_CHECK(isfinite(low) && isfinite(high) && low < high, err, CLV_BAD_ARGUMENT,
              "colour bar: from %g to %g; it needs two finite values, the lower first", low, high);
    CLV_TRY(clv_text_copy(label, &copy, err));
    free(panel->bar_label);
    panel->bar_label = copy;
    panel->bar_low = low;
    panel->bar_high = high;
    panel->bar_reach = 1;
    panel->has_bar = true;
    return CLV_OK;
}

/* Gives a map the range of its finite values unless it has one. */
static void map_range(clv_heat_map *map)
{
    if (map->low < map->high && isfinite(map->low) && isfinite(map->high)) { return; }
    map->low = INFINITY;
    map->high = -INFINITY;
    for (size_t i = 0; i < map->rows * map->columns; i++) {
        if (isfinite(map->values[i])) {
            map->low = fmin(map->low, fmax(map->values[i], -1e300));
            map->high = fmax(map->high, fmin(map->values[i], 1e300));
        }
    }
    if (map->low > map->high) { map->low = map->high = 0; }
    if (map->high - map->low <= 1e-12 * fabs(map->high)) {
        double half = map->high == 0 ? 0.5 : 0.5 * fabs(map->high);
        map->low -= half;
        map->high += half;
    }
}

static clv_status check_map(clv_heat_map *map, clv_error *err)
{
    CLV_CHECK(map->values && map->columns > 0 && map->rows > 0, err, CLV_BAD_ARGUMENT,
              "heat map: %zu x %zu cells; it needs values and at least one cell", map->columns, map->rows);
    CLV_CHECK(map->columns <= CLV_FIGURE_POINTS_MAX / map->rows, err, CLV_LIMIT,
              "heat map: %zu x %zu cells are too many; at most %zu", map->columns, map->rows, CLV_FIGURE_POINTS_MAX);
    if (!(map->x_min < map->x_max && isfinite(map->x_max - map->x_min))) {
        map->x_min = 0;
        map->x_max = (double)map->columns;
    }
    if (!(map->y_min < map->y_max && isfinite(map->y_max - map->y_min))) {
        map->y_min = 0;
        map->y_max = (double)map->rows;
    }
    if (!(map->scale_bar > 0) || !isfinite(map->scale_bar)) { map->scale_bar = 0; }
    return CLV_OK;
}

clv_status clv_panel_add_map(clv_panel *panel, const clv_heat_map *map, clv_error *err)
{
    clv_series series = {.kind = CLV_SERIES_MAP};
    const char *label, *scale_label;

    CLV_TRY(clv_options_read(&series.map, sizeof series.map, map, "clv_heat_map", err));
    CLV_TRY(check_map(&series.map, err));
    map_range(&series.map);
    label = series.map.label;
    scale_label = series.map.scale_label;
    series.map.label = series.map.scale_label = NULL;
    CLV_TRY(clv_panel_set_colour_bar(panel, series.map.low, series.map.high, label, err));
    CLV_TRY(clv_text_copy(scale_label, (char **)&series.map.scale_label, err));
    series.count = series.map.columns * series.map.rows;
    const double *from[4] = {series.map.values};
    return add(panel, &series, from, NULL, err);
}
