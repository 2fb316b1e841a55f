/* Draws spectra and records: lines in one panel, a waterfall for long series, a panel for each region.
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

/* Adds all curves of spectra to a panel; `name` (may be NULL) is that of a member of a group. */
static clv_status add_lines(clv_panel *panel, const clv_spectra *spectra, const char *name, const plot_wish *wish,
                            size_t before, clv_error *err)
{
    clv_axis *axis = clv_spectra_axis_count(spectra) == 2 ? clv_spectra_axis(spectra, 0) : NULL;
    lines l;
    double lift;
    clv_status status = lines_new(spectra, wish, &l, err);

    if (status) { return status; }
    if (l.count > CLV_FIGURE_STACK_MAX) {
        status = add_waterfall(panel, spectra, &l, err);
        lines_clear(&l);
        return status;
    }
    lift = wish->stack ? lift_of(l.y, l.count, l.channels) : 0;
    for (size_t k = 0; k < l.count && !status; k++) {
        char label[PLOT_LABEL_SIZE] = "";
        clv_style style = {.size = sizeof style, .name = label, .colour = clv_colour_cycle(before + k)};

        if (name) {
            clv_label_chemical(name, label, sizeof label);
        } else if (axis) {
            plot_place_label(axis, l.places[k], label);
        }
        if (!*label) { style.name = NULL; }
        for (size_t i = 0; i < l.channels; i++) { l.y[k * l.channels + i] += (double)(before + k) * lift; }
        status = clv_panel_add_line(panel, l.x + k * l.channels, l.y + k * l.channels, l.channels, &style, err);
    }
    lines_clear(&l);
    return status;
}

static void set_labels(const clv_spectra *spectra, const plot_wish *wish, char x[PLOT_LABEL_SIZE],
                       char y[PLOT_LABEL_SIZE], clv_panel_options *panel)
{
    bool free_scale = wish->normalise || wish->stack;

    plot_axis_label(clv_spectra_energy(spectra), x);
    plot_signal_label("Intensity", free_scale ? "arb. units" : clv_spectra_unit(spectra), y);
    *panel = (clv_panel_options){.size = sizeof *panel,
                                 .x_label = x,
                                 .y_label = y,
                                 .x_reversed = plot_is_reversed(spectra),
                                 .hide_y_numbers = free_scale};
}

clv_status plot_spectra(const clv_spectra *const *spectra, const char *const *names, size_t count,
                        const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE];
    clv_figure_options options = {.size = sizeof options};
    clv_panel_options panel;
    clv_panel *made;

    *figure = NULL;
    set_labels(spectra[0], wish, x, y, &panel);
    CLV_TRY(clv_figure_new(&options, figure, err));
    CLV_TRY(clv_figure_add_panel(*figure, &panel, &made, err));
    for (size_t i = 0; i < count; i++) { CLV_TRY(add_lines(made, spectra[i], names ? names[i] : NULL, wish, i, err)); }
    return CLV_OK;
}

clv_status plot_record(const clv_record *record, const plot_wish *wish, clv_figure **figure, clv_error *err)
{
    size_t count = clv_record_count(record), columns = count < 3 ? count : 3;
    clv_figure_options options = {.size = sizeof options, .width_mm = count > 1 ? CLV_FIGURE_DOUBLE_COLUMN : 0};

    *figure = NULL;
    CLV_CHECK(count > 0, err, CLV_BAD_ARGUMENT, "there are no spectra to draw");
    CLV_CHECK(count <= 64 * columns, err, CLV_BAD_ARGUMENT, "%zu regions are too many for one figure; select some",
              count);
    CLV_TRY(clv_figure_new(&options, figure, err));
    for (size_t i = 0; i < count; i++) {
        const clv_spectra *spectra = clv_record_at(record, i);
        char x[PLOT_LABEL_SIZE], y[PLOT_LABEL_SIZE], title[PLOT_LABEL_SIZE];
        clv_panel_options panel;
        clv_panel *made;

        set_labels(spectra, wish, x, y, &panel);
        clv_label_chemical(clv_spectra_name(spectra), title, sizeof title);
        panel.title = title;
        panel.row = i / columns;
        panel.column = i % columns;
        CLV_TRY(clv_figure_add_panel(*figure, &panel, &made, err));
        CLV_TRY(add_lines(made, spectra, NULL, wish, 0, err));
    }
    return CLV_OK;
}
