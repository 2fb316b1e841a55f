/* Arranges fits, depth stacks and waterfalls out of panels and series.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/axis.h"
#include "plot/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const clv_colour dark = 0xFF1A1A1A, grey = 0xFF7A7A7A;

#define STYLE(...) (&(const clv_style){.size = sizeof(clv_style), __VA_ARGS__})

static clv_status check_fit(const clv_figure_curves *from, clv_figure_curves *fit, clv_error *err)
{
    CLV_CHECK(from, err, CLV_BAD_ARGUMENT, "fit: there is none");
    CLV_TRY(clv_options_read(fit, sizeof *fit, from, "clv_figure_curves", err));
    CLV_CHECK(fit->count == 0 || fit->x, err, CLV_BAD_ARGUMENT, "fit: %zu channels without x", fit->count);
    CLV_CHECK(fit->count <= CLV_FIGURE_POINTS_MAX, err, CLV_LIMIT,
              "fit: %zu channels are too many for a figure; at most %zu", fit->count, CLV_FIGURE_POINTS_MAX);
    CLV_CHECK(fit->component_count == 0 || fit->components, err, CLV_BAD_ARGUMENT, "fit: %zu components without curves",
              fit->component_count);
    return CLV_OK;
}

/* A height that is lost in the width of a line: tails below it are not drawn, else all of them would cover the
   background's line. */
static double invisible(const clv_figure_curves *fit)
{
    double low = INFINITY, high = -INFINITY;

    for (size_t i = 0; i < fit->count; i++) {
        double base = fit->background ? fit->background[i] : 0;
        for (size_t k = 0; k < fit->component_count; k++) {
            double top = fit->components[k] ? base + fit->components[k][i] : NAN;
            if (!isfinite(top)) { continue; }
            low = fmin(low, base);
            high = fmax(high, top);
        }
    }
    return high > low ? 0.004 * (high / 2 - low / 2) * 2 : 0;
}

/* Fills between the background and each component above it. `scratch` holds 2 x count. */
static clv_status add_components(clv_panel *panel, const clv_figure_curves *fit, double *scratch, clv_error *err)
{
    double *low = scratch, *high = scratch + fit->count, least = invisible(fit);
    char name[256];

    for (size_t k = 0; k < fit->component_count; k++) {
        const double *curve = fit->components[k];
        if (!curve) { continue; }
        for (size_t i = 0; i < fit->count; i++) {
            low[i] = fit->background ? fit->background[i] : 0;
            high[i] = fabs(curve[i]) >= least ? low[i] + curve[i] : NAN;
        }
        const char *typed = fit->names ? fit->names[k] : NULL;
        const char *shown = typed ? clv_label_chemical(typed, name, sizeof name) : NULL;
        clv_colour colour = clv_colour_cycle(k);
        CLV_TRY(clv_panel_add_area(panel, fit->x, low, high, fit->count,
                                   STYLE(.name = shown, .colour = colour, .fill = (colour & 0xFFFFFF) | 0x59000000),
                                   err));
    }
    return CLV_OK;
}

static clv_status add_curves(clv_panel *panel, const clv_figure_curves *fit, clv_error *err)
{
    size_t n = fit->count;

    if (fit->background) {
        CLV_TRY(clv_panel_add_line(panel, fit->x, fit->background, n,
                                   STYLE(.name = "Background", .colour = grey, .width = 0.7, .dash = CLV_DASH_DASHED),
                                   err));
    }
    if (fit->data) {
        CLV_TRY(clv_panel_add_points(panel, fit->x, fit->data, n,
                                     STYLE(.name = "Data", .colour = 0xFF555555, .width = 0.4, .marker_size = 2.0),
                                     err));
    }
    if (fit->envelope) {
        CLV_TRY(clv_panel_add_line(panel, fit->x, fit->envelope, n, STYLE(.name = "Fit", .colour = dark, .width = 0.95),
                                   err));
    }
    return CLV_OK;
}

/* Residuals in standard deviations as given, or from data, envelope and sigma; false when neither is there. */
static bool find_residuals(const clv_figure_curves *fit, double *out)
{
    bool derived = fit->data && fit->envelope && fit->sigma;

    if (!fit->residuals && !derived) { return false; }
    for (size_t i = 0; i < fit->count; i++) {
        if (fit->residuals) {
            out[i] = fit->residuals[i];
        } else {
            out[i] = fit->sigma[i] > 0 ? (fit->data[i] - fit->envelope[i]) / fit->sigma[i] : NAN;
        }
    }
    return true;
}

/* A thin panel with a band of +-2 standard deviations; its ordinate is symmetric, at least 4. */
static clv_status add_residuals(clv_figure *figure, clv_panel *above, const clv_figure_curves *fit,
                                const double *residuals, clv_error *err)
{
    clv_panel_options options = {.size = sizeof options, .under = above, .hide_legend = true};
    double largest = 3.2, ends[2] = {INFINITY, -INFINITY};
    const double low[2] = {-2, -2}, high[2] = {2, 2};
    clv_panel *panel;

    for (size_t i = 0; i < fit->count; i++) {
        if (isfinite(residuals[i])) { largest = fmax(largest, 1.1 * fmin(fabs(residuals[i]), 1e6)); }
        if (isfinite(fit->x[i]) && isfinite(residuals[i])) {
            ends[0] = fmin(ends[0], fit->x[i]);
            ends[1] = fmax(ends[1], fit->x[i]);
        }
    }
    options.y_min = -largest;
    options.y_max = largest;
    options.x_reversed = above->options.x_reversed;
    options.x_label = above->options.x_label;
    options.y_label = above->options.y_label ? "Res. (σ)" : NULL;
    options.hide_y_numbers = above->options.hide_y_numbers;
    CLV_TRY(clv_figure_add_panel(figure, &options, &panel, err));
    CLV_TRY(clv_panel_add_area(panel, ends, low, high, 2,
                               STYLE(.colour = 0xFFE9E9E9, .fill = 0xFFE9E9E9, .dash = CLV_DASH_NONE), err));
    CLV_TRY(
        clv_panel_add_rule(panel, false, 0, NULL, STYLE(.colour = grey, .width = 0.45, .dash = CLV_DASH_SOLID), err));
    return clv_panel_add_line(panel, fit->x, residuals, fit->count, STYLE(.colour = 0xFF444444, .width = 0.5), err);
}

clv_status clv_figure_add_fit(clv_figure *figure, const clv_panel_options *options, const clv_figure_curves *fit,
                              clv_panel **out, clv_error *err)
{
    clv_figure_curves own;
    clv_panel *panel;
    clv_status status;
    double *scratch;

    CLV_TRY(check_fit(fit, &own, err));
    CLV_TRY(clv_figure_add_panel(figure, options, &panel, err));
    CLV_TRY(clv_text_copy(own.note, &panel->note, err));
    scratch = malloc((2 * own.count + 1) * sizeof *scratch);
    CLV_CHECK(scratch, err, CLV_NO_MEMORY, "no memory for a fit of %zu channels", own.count);
    status = add_components(panel, &own, scratch, err);
    if (status == CLV_OK) { status = add_curves(panel, &own, err); }
    if (status == CLV_OK && find_residuals(&own, scratch)) {
        status = add_residuals(figure, panel, &own, scratch, err);
    }
    free(scratch);
    if (status == CLV_OK && out) { *out = panel; }
    return status;
}

static clv_status check_stack(const clv_fit_stack *from, clv_fit_stack *stack, bool *grid, clv_error *err)
{
    CLV_CHECK(from, err, CLV_BAD_ARGUMENT, "depth stack: there is none");
    CLV_TRY(clv_options_read(stack, sizeof *stack, from, "clv_fit_stack", err));
    CLV_CHECK(stack->count > 0 && stack->levels, err, CLV_BAD_ARGUMENT, "depth stack: it has no levels");
    CLV_CHECK(stack->columns <= 4, err, CLV_BAD_ARGUMENT, "depth stack: %zu columns; it takes 1 to 4", stack->columns);
    *grid = stack->count <= CLV_FIGURE_STACK_MAX;
    for (size_t k = 0; k < stack->count; k++) {
        clv_figure_curves fit;
        CLV_TRY(check_fit(stack->levels[k], &fit, err));
        CLV_CHECK(
            *grid || fit.count == stack->levels[0]->count, err, CLV_BAD_ARGUMENT,
            "depth stack: level %zu has %zu channels, the first %zu; a waterfall of over %zu levels needs one axis", k,
            fit.count, stack->levels[0]->count, CLV_FIGURE_STACK_MAX);
    }
    return CLV_OK;
}

static clv_status add_grid(clv_figure *figure, const clv_panel_options *options, const clv_fit_stack *stack,
                           clv_error *err)
{
    size_t columns = stack->columns ? stack->columns : stack->count <= 3 ? stack->count : stack->count <= 4 ? 2 : 3;

    for (size_t k = 0; k < stack->count; k++) {
        clv_panel_options own;
        char number[40], caption[96];
        CLV_TRY(clv_options_read(&own, sizeof own, options, "clv_panel_options", err));
        own.size = sizeof own;
        own.row = k / columns;
        own.column = k % columns;
        if (stack->depths) {
            clv_axis_shortest(stack->depths[k], number, sizeof number);
            snprintf(caption, sizeof caption, "%s%s%.40s", number, stack->unit ? " " : "",
                     stack->unit ? stack->unit : "");
            own.caption = caption;
        }
        if (k % columns > 0) { own.y_label = NULL; }
        CLV_TRY(clv_figure_add_fit(figure, &own, stack->levels[k], NULL, err));
    }
    return CLV_OK;
}

/* Gathers the data or the envelope of every level, NaN where a level lacks it. */
static void gather(const clv_fit_stack *stack, size_t count, bool envelope, double *out)
{
    for (size_t k = 0; k < stack->count; k++) {
        const double *from = envelope ? stack->levels[k]->envelope : stack->levels[k]->data;
        for (size_t i = 0; i < count; i++) { out[k * count + i] = from ? from[i] : NAN; }
    }
}

static clv_status add_as_waterfall(clv_figure *figure, const clv_panel_options *options, const clv_fit_stack *stack,
                                   clv_error *err)
{
    size_t count = stack->levels[0]->count;
    double *values;
    clv_panel *panel;
    clv_panel_options own;
    clv_status status;

    CLV_CHECK(count <= CLV_FIGURE_POINTS_MAX / stack->count, err, CLV_LIMIT,
              "depth stack: %zu levels of %zu channels are too many for a figure", stack->count, count);
    CLV_TRY(clv_options_read(&own, sizeof own, options, "clv_panel_options", err));
    own.size = sizeof own;
    if (own.aspect == 0) { own.aspect = 1.25; }
    own.hide_y_numbers = true;
    CLV_TRY(clv_figure_add_panel(figure, &own, &panel, err));
    values = malloc((2 * count * stack->count + 1) * sizeof *values);
    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for a waterfall of %zu levels", stack->count);
    gather(stack, count, false, values);
    gather(stack, count, true, values + count * stack->count);
    status = clv_panel_add_waterfall(panel,
                                     &(const clv_waterfall){.size = sizeof(clv_waterfall),
                                                            .x = stack->levels[0]->x,
                                                            .data = values,
                                                            .curves = values + count * stack->count,
                                                            .count = count,
                                                            .levels = stack->count,
                                                            .depths = stack->depths,
                                                            .label = stack->label},
                                     err);
    free(values);
    return status;
}

clv_status clv_figure_add_stack(clv_figure *figure, const clv_panel_options *options, const clv_fit_stack *stack,
                                clv_error *err)
{
    clv_fit_stack own;
    bool grid = false;

    CLV_TRY(check_stack(stack, &own, &grid, err));
    return grid ? add_grid(figure, options, &own, err) : add_as_waterfall(figure, options, &own, err);
}
