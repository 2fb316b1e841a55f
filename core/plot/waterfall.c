/* Adds waterfalls: curves lifted level by level and coloured by depth.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/parts.h"

#include <math.h>
#include <stdlib.h>

#define STYLE(...) (&(const clv_style){.size = sizeof(clv_style), __VA_ARGS__})

/* The light end of the map is too pale for a line on white paper. */
static const double reach = 0.9;

static void widen(const double *values, size_t count, double *low, double *high)
{
    for (size_t i = 0; values && i < count; i++) {
        if (isfinite(values[i])) {
            *low = fmin(*low, values[i]);
            *high = fmax(*high, values[i]);
        }
    }
}

/* A lift that lets the tallest curve reach over about four of its neighbours. */
static double choose_offset(const clv_waterfall *waterfall)
{
    double tallest = 0;

    for (size_t k = 0; k < waterfall->levels; k++) {
        double low = INFINITY, high = -INFINITY;
        const double *curves = waterfall->curves, *data = waterfall->data;
        widen(curves ? curves + k * waterfall->count : NULL, waterfall->count, &low, &high);
        if (low > high) { widen(data ? data + k * waterfall->count : NULL, waterfall->count, &low, &high); }
        if (low < high) { tallest = fmax(tallest, high - low); }
    }
    return tallest > 0 && isfinite(tallest) ? tallest * fmin(0.25, 3.0 / (double)waterfall->levels) : 1;
}

static double depth_of(const clv_waterfall *waterfall, size_t level)
{
    return waterfall->depths ? waterfall->depths[level] : (double)level + 1;
}

static clv_status add_level(clv_panel *panel, const clv_waterfall *waterfall, size_t level, double t, double *scratch,
                            clv_error *err)
{
    size_t n = waterfall->count;
    clv_colour colour = clv_colour_map(reach * t);

    if (waterfall->data) {
        for (size_t i = 0; i < n; i++) {
            scratch[i] = waterfall->data[level * n + i] + (double)level * waterfall->offset;
        }
        CLV_TRY(clv_panel_add_points(
            panel, waterfall->x, scratch, n,
            STYLE(.colour = (colour & 0xFFFFFF) | 0x80000000, .marker = CLV_MARKER_DOT, .marker_size = 1.0), err));
    }
    if (waterfall->curves) {
        for (size_t i = 0; i < n; i++) {
            scratch[i] = waterfall->curves[level * n + i] + (double)level * waterfall->offset;
        }
        CLV_TRY(clv_panel_add_line(panel, waterfall->x, scratch, n, STYLE(.colour = colour, .width = 0.8), err));
    }
    return CLV_OK;
}

clv_status clv_panel_add_waterfall(clv_panel *panel, const clv_waterfall *waterfall, clv_error *err)
{
    clv_waterfall own;
    double low = INFINITY, high = -INFINITY, *scratch;
    clv_status status = CLV_OK;

    CLV_TRY(clv_options_read(&own, sizeof own, waterfall, "clv_waterfall", err));
    CLV_CHECK(own.count == 0 || own.x, err, CLV_BAD_ARGUMENT, "waterfall: %zu channels without x", own.count);
    CLV_CHECK(own.count == 0 || own.levels <= CLV_FIGURE_POINTS_MAX / own.count, err, CLV_LIMIT,
              "waterfall: %zu levels of %zu channels are too many for a figure", own.levels, own.count);
    CLV_CHECK(own.levels <= CLV_PANEL_SERIES / 2, err, CLV_LIMIT, "waterfall: %zu levels are too many; at most %d",
              own.levels, CLV_PANEL_SERIES / 2);
    if (own.offset == 0 || !isfinite(own.offset)) { own.offset = choose_offset(&own); }
    for (size_t k = 0; k < own.levels; k++) {
        double depth = depth_of(&own, k);
        widen(&depth, 1, &low, &high);
    }
    bool ranged = low < high && isfinite(high - low);
    if (ranged) {
        CLV_TRY(clv_panel_set_colour_bar(panel, low, high, own.label, err));
        panel->bar_reach = reach;
    }
    scratch = malloc((own.count + 1) * sizeof *scratch);
    CLV_CHECK(scratch, err, CLV_NO_MEMORY, "no memory for a waterfall of %zu channels", own.count);
    for (size_t k = 0; k < own.levels && status == CLV_OK; k++) {
        double t = ranged ? (depth_of(&own, k) - low) / (high - low) : 0.5;
        status = add_level(panel, &own, k, isnan(t) ? 0.5 : t, scratch, err);
    }
    free(scratch);
    return status;
}
