/* Draws spectra: lines in one panel, a waterfall for long series.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Leaves what lies in the range and scales it as asked; what lies outside becomes gaps. */
static void prepare(const plot_wish *wish, const double *x, double *y, size_t count)
{
    double area = 0, most = -INFINITY, least = INFINITY, scale = 1;

    for (size_t i = 0; i < count; i++) {
        if (!(x[i] >= wish->low && x[i] <= wish->high)) { y[i] = NAN; }
        if (isnan(y[i])) { continue; }
        most = fmax(most, y[i]);
        least = fmin(least, y[i]);
    }
    if (!wish->normalise || !(most > least)) { return; }
    for (size_t i = 1; i < count; i++) {
        double part = (y[i] + y[i - 1] - 2 * least) / 2 * (x[i] - x[i - 1]);

        area += isnan(part) ? 0 : part;
    }
    scale = strcmp(wish->normalise, "area") == 0 ? area : most - least;
    for (size_t i = 0; i < count && scale > 0; i++) { y[i] = (y[i] - least) / scale; }
}

/* How far stacked curves are lifted from one to the next: 0.6 of the largest height. */
static double lift_of(const double *y, size_t curves, size_t count)
{
    double most = 0;

    for (size_t k = 0; k < curves; k++) {
        double high = -INFINITY, low = INFINITY;

        for (size_t i = 0; i < count; i++) {
            if (isnan(y[k * count + i])) { continue; }
            high = fmax(high, y[k * count + i]);
            low = fmin(low, y[k * count + i]);
        }
        most = fmax(most, high - low);
    }
    return 0.6 * most;
}

/* Curves of one spectra object. */
typedef struct lines {
    size_t count, channels;
    size_t *places;
    double *x, *y; /* [count][channels] */
} lines;

static void lines_clear(lines *l)
{
    free(l->places);
    free(l->x);
    free(l->y);
}

static clv_status lines_new(const clv_spectra *spectra, const plot_wish *wish, lines *l, clv_error *err)
{
    size_t all = clv_spectra_count(spectra), n = clv_spectra_channels(spectra);

    *l = (lines){.count = all < PLOT_LEVELS_MAX ? all : PLOT_LEVELS_MAX, .channels = n};
    l->places = calloc(l->count, sizeof *l->places);
    l->x = calloc(l->count * n, sizeof *l->x);
    l->y = calloc(l->count * n, sizeof *l->y);
    if (!l->places || !l->x || !l->y) {
        lines_clear(l);
        return clv_fail(err, CLV_NO_MEMORY, "no memory to draw spectra");
    }
    for (size_t k = 0; k < l->count; k++) {
        l->places[k] = k * all / l->count;
        plot_energies(spectra, l->places[k], l->x + k * n);
        memcpy(l->y + k * n, clv_spectra_intensity(spectra) + l->places[k] * n, n * sizeof *l->y);
        prepare(wish, l->x + k * n, l->y + k * n, n);
    }
    return CLV_OK;
}

static clv_status add_waterfall(clv_panel *panel, const clv_spectra *spectra, const lines *l, clv_error *err)
{
    clv_axis *axis = clv_spectra_axis_count(spectra) == 2 ? clv_spectra_axis(spectra, 0) : NULL;
    double depths[PLOT_LEVELS_MAX];
    char label[PLOT_LABEL_SIZE] = "Spectrum";
    clv_waterfall waterfall = {.size = sizeof waterfall,
                               .x = l->x,
                               .curves = l->y,
                               .count = l->channels,
                               .levels = l->count,
                               .depths = depths,
                               .label = label};

    for (size_t k = 0; k < l->count; k++) {
        depths[k] = axis ? clv_axis_values(axis)[l->places[k]] : (double)(l->places[k] + 1);
    }
    if (axis) { plot_axis_label(axis, label); }
    return clv_panel_add_waterfall(panel, &waterfall, err);
}

/* The colour of one curve: among several members the hue is the member's and later places are lighter; a member alone
   has a colour for each place. */
static clv_colour colour_of(const plot_pen *pen, size_t place, size_t places)
{
    clv_colour hue = clv_colour_cycle(pen->name ? pen->member : place), colour = 0xFF;
    double white = pen->name && places > 1 ? 0.66 * (double)place / (double)(places - 1) : 0;

    for (int shift = 16; shift >= 0; shift -= 8) {
        double part = (double)(hue >> shift & 0xFF);

        colour = colour << 8 | (clv_colour)lround(part + white * (255 - part));
    }
    return colour;
}

/* "reduced, 15 nm": the member and the place, as far as there are several. */
static void label_of(const plot_pen *pen, const clv_axis *axis, size_t place, char label[PLOT_LABEL_SIZE])
{
    char where[PLOT_LABEL_SIZE] = "", name[PLOT_LABEL_SIZE] = "";

    if (axis) { plot_place_label(axis, place, where); }
    if (pen->name) { clv_label_chemical(pen->name, name, sizeof name); }
    snprintf(label, PLOT_LABEL_SIZE, "%.90s%s%.90s", name, *name && *where ? ", " : "", where);
}

clv_status plot_add_spectra(clv_panel *panel, const clv_spectra *spectra, const plot_wish *wish, plot_pen *pen,
                            clv_error *err)
{
    clv_axis *axis = clv_spectra_axis_count(spectra) == 2 ? clv_spectra_axis(spectra, 0) : NULL;
    lines l;
    clv_status status = lines_new(spectra, wish, &l, err);

    if (status) { return status; }
    if (l.count > CLV_FIGURE_STACK_MAX) {
        status = add_waterfall(panel, spectra, &l, err);
        lines_clear(&l);
        return status;
    }
    for (size_t k = 0; k < l.count && !status; k++) {
        char label[PLOT_LABEL_SIZE] = "";
        clv_style style = {.size = sizeof style,
                           .name = label,
                           .colour = colour_of(pen, k, l.count),
                           .dash = pen->name && pen->member >= PLOT_HUES ? CLV_DASH_DASHED : CLV_DASH_SOLID};

        label_of(pen, axis, l.places[k], label);
        if (!*label) { style.name = NULL; }
        for (size_t i = 0; i < l.channels; i++) { l.y[k * l.channels + i] += (double)pen->before * pen->lift; }
        pen->before++;
        status = clv_panel_add_line(panel, l.x + k * l.channels, l.y + k * l.channels, l.channels, &style, err);
    }
    lines_clear(&l);
    return status;
}

clv_status plot_measure_lift(const clv_spectra *spectra, const plot_wish *wish, double *lift, clv_error *err)
{
    lines l;

    if (!wish->stack) { return CLV_OK; }
    CLV_TRY(lines_new(spectra, wish, &l, err));
    *lift = fmax(*lift, lift_of(l.y, l.count, l.channels));
    lines_clear(&l);
    return CLV_OK;
}

void plot_set_panel(const clv_spectra *spectra, const plot_wish *wish, char x[PLOT_LABEL_SIZE], char y[PLOT_LABEL_SIZE],
                    clv_panel_options *panel)
{
    bool free_scale = wish->normalise || wish->stack;

    plot_axis_label(clv_spectra_energy(spectra), x);
    plot_signal_label("Intensity", free_scale ? "arb. units" : clv_spectra_unit(spectra), y);
    *panel = (clv_panel_options){.size = sizeof *panel,
                                 .x_label = x,
                                 .y_label = y,
                                 .x_reversed = plot_is_reversed(spectra),
                                 .hide_y_numbers = free_scale};
    if (isfinite(wish->low) && isfinite(wish->high)) {
        panel->x_min = wish->low;
        panel->x_max = wish->high;
    }
}

clv_status plot_spectra(const clv_spectra *const *spectra, const char *const *names, size_t count,
                        const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE];
    clv_figure_options options = {.size = sizeof options};
    clv_panel_options panel;
    clv_panel *made;
    plot_pen pen = {0};

    *figure = NULL;
    plot_set_panel(spectra[0], wish, x, y, &panel);
    CLV_TRY(clv_figure_new(&options, figure, err));
    CLV_TRY(clv_figure_add_panel(*figure, &panel, &made, err));
    for (size_t i = 0; i < count; i++) { CLV_TRY(plot_measure_lift(spectra[i], wish, &pen.lift, err)); }
    for (size_t i = 0; i < count; i++) {
        pen.name = names ? names[i] : NULL;
        pen.member = i;
        CLV_TRY(plot_add_spectra(made, spectra[i], wish, &pen, err));
    }
    return CLV_OK;
}
