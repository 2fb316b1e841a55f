/* Gathers, measures, places and draws legends and captions.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/layout.h"

#include <math.h>
#include <string.h>

static const double key_width = 11, key_gap = 3.5, padding = 2, inset = 3.5;

static void add_entry(clv_legend *legend, const clv_series *series)
{
    if (!series->style.name) { return; }
    for (size_t i = 0; i < legend->count; i++) {
        clv_entry *entry = &legend->entry[i];
        if (strcmp(entry->name, series->style.name) == 0) {
            bool other = !entry->second && entry->first->kind != series->kind;
            if (other) { entry->second = series; }
            return;
        }
    }
    if (legend->count < CLV_LEGEND_ENTRIES) {
        legend->entry[legend->count++] = (clv_entry){series->style.name, series, NULL};
    }
}

static void gather(clv_legend *legend, const clv_panel *panel)
{
    for (size_t k = 0; k < panel->count && !panel->options.hide_legend; k++) { add_entry(legend, &panel->series[k]); }
}

/* Sizes the legend so that it is at most `width` wide. */
static void measure(clv_legend *legend, double width, double size, bool spread, clv_canvas *canvas)
{
    double widest = 0;

    for (size_t i = 0; i < legend->count; i++) {
        widest = fmax(widest, clv_canvas_measure(canvas, legend->entry[i].name, size, false));
    }
    legend->row_height = 1.45 * size;
    legend->column_width = fmin(key_width + key_gap + widest + (spread ? 12 : 4), width);
    legend->columns = 1;
    if (spread || legend->count > 8) {
        size_t fit = (size_t)fmax(1, floor(width / legend->column_width));
        legend->columns = spread ? fit : fit < 2 ? 1 : 2;
    }
    if (legend->columns > legend->count) { legend->columns = legend->count; }
    if (legend->columns == 0) { legend->columns = 1; }
    size_t rows = (legend->count + legend->columns - 1) / legend->columns;
    legend->box.width = legend->column_width * (double)legend->columns + 2 * padding - (spread ? 12 : 4);
    legend->box.height = legend->row_height * (double)rows + 2 * padding;
}

static bool inside(const clv_box *box, double x, double y)
{
    return x >= box->left && x <= box->left + box->width && y >= box->top && y <= box->top + box->height;
}

/* Counts how much of a series a box hides, in samples. */
static double hides_series(const clv_series *series, const clv_view *view, const clv_box *box)
{
    size_t stride = series->count / 1000 + 1;
    int between = series->count < 60 ? 12 : 1; /* long straight pieces count too */
    double cost = 0, last_x = NAN, last_y = NAN;

    if (!series->x || series->kind == CLV_SERIES_RULE || series->kind == CLV_SERIES_MAP) { return 0; }
    for (size_t i = 0; i < series->count; i += stride) {
        const double *edge = series->y ? series->y : series->high;
        double x = clv_view_x(view, series->x[i]), y = clv_view_y(view, edge[i]);
        for (int k = between; k > 0 && series->kind != CLV_SERIES_POINTS; k--) {
            double part = k / (double)between;
            cost += inside(box, last_x + part * (x - last_x), last_y + part * (y - last_y));
        }
        cost += 3 * inside(box, x, y);
        if (series->low) {
            double low = clv_view_y(view, series->low[i]), high = clv_view_y(view, series->high[i]);
            bool crosses = x >= box->left && x <= box->left + box->width && low > box->top;
            cost += crosses && high < box->top + box->height ? 0.5 : 0;
        }
        last_x = x;
        last_y = y;
    }
    return cost;
}

static double hides(const clv_view *view, const clv_box *box)
{
    double cost = 0;
    clv_box wide = {box->left - 2, box->top - 2, box->width + 4, box->height + 4};

    for (size_t k = 0; k < view->panel->count; k++) { cost += hides_series(&view->panel->series[k], view, &wide); }
    return cost;
}

static bool overlap(const clv_box *a, const clv_box *b)
{
    return a->width > 0 && b->width > 0 && a->left < b->left + b->width && b->left < a->left + a->width &&
           a->top < b->top + b->height && b->top < a->top + a->height;
}

/* Moves `box` to the best of the places; tells what it hides there. Earlier places win ties. */
static double settle(const clv_view *view, clv_box *box, const double (*places)[2], size_t count, const clv_box *avoid)
{
    double best = INFINITY;
    clv_box chosen = *box;

    for (size_t i = 0; i < count; i++) {
        clv_box trial = *box;
        trial.left = view->box.left + inset + places[i][0] * (view->box.width - 2 * inset - box->width);
        trial.top = view->box.top + inset + places[i][1] * (view->box.height - 2 * inset - box->height);
        double cost = hides(view, &trial) + (overlap(&trial, avoid) ? 1e6 : 0);
        if (cost < best) {
            best = cost;
            chosen = trial;
        }
    }
    *box = chosen;
    return best;
}

static double place_both(clv_view *view)
{
    static const double corners[][2] = {{0, 0}, {1, 0}};
    static const double all[][2] = {{1, 0},   {0, 0},    {0.5, 0},  {0.75, 0}, {0.25, 0}, {1, 1},    {0, 1},
                                    {0.5, 1}, {0.75, 1}, {0.25, 1}, {1, 0.5},  {0, 0.5},  {0.5, 0.5}};
    double cost = 0;

    if (view->caption.width > 0) { cost += settle(view, &view->caption, corners, 2, &(clv_box){0}); }
    if (view->legend.count > 0) {
        cost += settle(view, &view->legend.box, all, sizeof all / sizeof all[0], &view->caption);
    }
    return cost;
}

/* Tries an ordinate with more room at the top. */
static double try_headroom(const clv_view *view, double headroom)
{
    clv_view trial = *view;

    if (trial.y.log) {
        trial.y.max *= pow(trial.y.max / trial.y.min, headroom / 1.1);
    } else {
        trial.y.max += headroom / 1.1 * (trial.y.max - trial.y.min);
    }
    return place_both(&trial);
}

static void make_headroom(clv_view *view)
{
    static const double rooms[] = {0.06, 0.12, 0.18, 0.25, 0.33, 0.42, 0.55, 0.7};
    double best = place_both(view);

    view->settled = true;
    if (best == 0 || view->is_map || !isnan(view->panel->options.y_min)) { return; }
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0] && best > 0; i++) {
        double cost = try_headroom(view, rooms[i]);
        if (cost < best) {
            best = cost;
            view->headroom = rooms[i];
        }
    }
}

static void measure_caption(const clv_layout *layout, clv_view *view, clv_canvas *canvas)
{
    const char *caption = view->panel->options.caption, *note = view->panel->note;
    double width = 0, height = 0, longest = view->box.width - 2 * inset;

    if (caption) {
        width = clv_canvas_measure(canvas, caption, layout->label_size, true);
        height = 1.2 * layout->label_size;
    }
    if (note) {
        width = fmax(width, clv_canvas_measure(canvas, note, layout->legend_size, false));
        height += 1.3 * layout->legend_size;
    }
    view->caption.width = fmin(width, longest);
    view->caption.height = height;
}

void clv_legend_place(clv_layout *layout, clv_view *view, clv_canvas *canvas)
{
    const clv_figure *figure = layout->figure;
    clv_legend *legend = view ? &view->legend : &layout->legend;

    memset(legend, 0, sizeof *legend);
    if (!view) {
        for (size_t i = 0; i < figure->count; i++) { gather(legend, figure->panels[i]); }
        measure(legend, layout->width - 2 * inset, layout->legend_size, true, canvas);
        legend->box.left = fmax(0, (layout->width - legend->box.width) / 2);
        legend->box.top = 1;
        return;
    }
    if (!figure->options.legend_above) { gather(legend, view->panel); }
    measure(legend, view->box.width - 2 * inset, layout->legend_size, false, canvas);
    measure_caption(layout, view, canvas);
    if (view->settled) {
        place_both(view);
    } else {
        make_headroom(view);
    }
}

void clv_legend_draw(const clv_legend *legend, double size, bool backed, clv_canvas *canvas)
{
    if (legend->count == 0) { return; }
    if (backed) {
        clv_canvas_rectangle(canvas, legend->box.left, legend->box.top, legend->box.width, legend->box.height);
        clv_canvas_fill(canvas, 0xCCFFFFFF);
    }
    size_t rows = (legend->count + legend->columns - 1) / legend->columns;
    for (size_t i = 0; i < legend->count; i++) {
        const clv_entry *entry = &legend->entry[i];
        size_t column = backed ? i / rows : i % legend->columns, row = backed ? i % rows : i / legend->columns;
        clv_box key = {legend->box.left + padding + (double)column * legend->column_width,
                       legend->box.top + padding + (double)row * legend->row_height, key_width, legend->row_height};
        clv_writing writing = {.x = key.left + key_width + key_gap,
                               .y = key.top + key.height / 2,
                               .size = size,
                               .down = 0.5,
                               .longest = legend->column_width - key_width - key_gap,
                               .colour = 0xFF1A1A1A};
        clv_series_key(entry->first, &key, canvas);
        if (entry->second) { clv_series_key(entry->second, &key, canvas); }
        clv_canvas_write(canvas, entry->name, &writing);
    }
}
