/* Finds the ranges that panels show: from their data, and from the panels they share an axis with.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/layout.h"

#include <math.h>

/* A range that grows; empty while min > max. */
typedef struct span {
    double min, max;
} span;

static const span nothing = {INFINITY, -INFINITY};

static void widen(span *range, double value, bool log)
{
    if (!isfinite(value) || (log && value <= 0)) { return; }
    range->min = fmin(range->min, value);
    range->max = fmax(range->max, value);
}

static void widen_all(span *range, const double *values, size_t count, bool log)
{
    for (size_t i = 0; values && i < count; i++) { widen(range, values[i], log); }
}

static void merge(span *into, span other)
{
    into->min = fmin(into->min, other.min);
    into->max = fmax(into->max, other.max);
}

/* Abscissae of the places that are drawn: gaps do not count. */
static void widen_drawn(span *range, const clv_series *series)
{
    const double *edge = series->y ? series->y : series->high;

    for (size_t i = 0; series->x && i < series->count; i++) {
        if (!edge || isfinite(edge[i])) { widen(range, series->x[i], false); }
    }
}

static bool counts(const clv_series *series) { return series->kind != CLV_SERIES_RULE; }

static span find_x(const clv_panel *panel)
{
    span range = nothing;
    bool dense = false;

    for (size_t k = 0; k < panel->count; k++) {
        const clv_series *series = &panel->series[k];
        if (!counts(series) || series->kind == CLV_SERIES_TEXT) { continue; }
        if (series->kind == CLV_SERIES_MAP) {
            widen(&range, series->map.x_min, false);
            widen(&range, series->map.x_max, false);
            dense = true;
        } else {
            widen_drawn(&range, series);
            dense = dense || series->count > 40;
        }
    }
    if (!dense && range.min < range.max) {
        double margin = 0.04 * range.max - 0.04 * range.min;
        range.min -= margin;
        range.max += margin;
    }
    return range;
}

/* Ordinates within the x range that is shown. */
static span find_y(const clv_panel *panel, span shown)
{
    span range = nothing;
    bool log = panel->options.log_y;

    for (size_t k = 0; k < panel->count; k++) {
        const clv_series *series = &panel->series[k];
        if (!counts(series)) { continue; }
        if (series->kind == CLV_SERIES_MAP) {
            widen(&range, series->map.y_min, log);
            widen(&range, series->map.y_max, log);
            continue;
        }
        for (size_t i = 0; i < series->count; i++) {
            if (!(series->x[i] >= shown.min && series->x[i] <= shown.max)) { continue; }
            widen_all(&range, series->y ? &series->y[i] : NULL, 1, log);
            widen_all(&range, series->low ? &series->low[i] : NULL, 1, log);
            widen_all(&range, series->high ? &series->high[i] : NULL, 1, log);
        }
    }
    return range;
}

static bool is_map(const clv_panel *panel)
{
    for (size_t k = 0; k < panel->count; k++) {
        if (panel->series[k].kind == CLV_SERIES_MAP) { return true; }
    }
    return false;
}

/* Room between the data and the frame. */
static span with_margins(span range, const clv_view *view)
{
    bool limits = false;

    if (view->is_map || range.min > range.max) { return range; }
    for (size_t k = 0; k < view->panel->count; k++) { /* room for their arrows */
        limits = limits || view->panel->series[k].kind == CLV_SERIES_LIMITS;
    }
    if (view->y.log) {
        double ratio = range.max / range.min, factor = isfinite(ratio) ? pow(ratio, 0.05) : 1e10;
        return (span){range.min / factor / (limits ? pow(fmin(ratio, 1e300), 0.12) : 1),
                      range.max * factor * pow(fmin(ratio, 1e300), view->headroom)};
    }
    double half = 0.05 * range.max - 0.05 * range.min;
    return (span){range.min - (limits ? 2.2 : 1) * half, range.max + half * (1 + 20 * view->headroom)};
}

static bool share_x(const clv_layout *layout, const clv_view *a, const clv_view *b)
{
    const clv_panel_options *one = &a->panel->options, *other = &b->panel->options;

    if (a == b || layout->figure->options.share_x) { return true; }
    return one->row == other->row && one->column == other->column && (one->under || other->under);
}

static bool share_y(const clv_layout *layout, const clv_view *a, const clv_view *b)
{
    return a == b || (layout->figure->options.share_y && a->panel->place == b->panel->place);
}

static span shared_x(const clv_layout *layout, const clv_view *view)
{
    span range = nothing, given = nothing;

    for (size_t i = 0; i < layout->count; i++) {
        const clv_panel *other = layout->views[i].panel;
        if (!share_x(layout, view, &layout->views[i])) { continue; }
        merge(&range, find_x(other));
        if (!isnan(other->options.x_min)) { merge(&given, (span){other->options.x_min, other->options.x_max}); }
    }
    return given.min < given.max ? given : range;
}

/* Each view's own ordinates come first (kept in y.min, y.max), then what it shares. */
static void set_y(clv_layout *layout, clv_view *view)
{
    span range = nothing;

    for (size_t i = 0; i < layout->count; i++) {
        const clv_view *other = &layout->views[i];
        if (!share_y(layout, view, other)) { continue; }
        const clv_panel_options *options = &other->panel->options;
        span own = find_y(other->panel, (span){other->x.min, other->x.max});
        own = with_margins(own, other);
        merge(&range, isnan(options->y_min) ? own : (span){options->y_min, options->y_max});
    }
    view->empty = range.min > range.max;
    clv_axis_range(&view->y, range.min, range.max);
}

void clv_extent_find(clv_layout *layout)
{
    for (size_t i = 0; i < layout->count; i++) {
        clv_view *view = &layout->views[i];
        view->is_map = is_map(view->panel);
        view->y.log = view->panel->options.log_y;
        view->x.reversed = view->panel->options.x_reversed;
        span range = shared_x(layout, view);
        clv_axis_range(&view->x, range.min, range.max);
        if (view->panel->has_bar) { clv_axis_range(&view->bar, view->panel->bar_low, view->panel->bar_high); }
    }
    for (size_t i = 0; i < layout->count; i++) { set_y(layout, &layout->views[i]); }
    for (size_t i = 0; i < layout->count; i++) {
        clv_view *view = &layout->views[i];
        for (size_t k = 0; k < layout->count; k++) { /* one direction for one axis */
            bool above = layout->views[k].panel == view->panel->options.under;
            if (above) { view->x.reversed = view->x.reversed || layout->views[k].x.reversed; }
        }
    }
}
