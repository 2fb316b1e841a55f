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
        legend->entry[legend->count++] = (clv_entry){.name = series->style.name, .first = series};
    }
}

static void gather(clv_legend *legend, const clv_panel *panel)
{
    for (size_t k = 0; k < panel->count && !panel->options.hide_legend; k++) { add_entry(legend, &panel->series[k]); }
}

/* Columns of equal width, two when there are many entries and room for it. */
static void arrange_columns(clv_legend *legend, double widest, double width)
{
    double column_width = fmin(widest + 4, width);
    size_t columns = legend->count > 8 && width >= 2 * column_width ? 2 : 1;
    size_t rows = (legend->count + columns - 1) / columns;

    for (size_t i = 0; i < legend->count; i++) {
        size_t column = i / rows;

        legend->entry[i].left = padding + (double)column * column_width;
        legend->entry[i].top = padding + (double)(i % rows) * legend->row_height;
        legend->entry[i].width = fmin(legend->entry[i].width, column_width);
    }
    legend->box.width = column_width * (double)columns + 2 * padding - 4;
    legend->box.height = legend->row_height * (double)rows + 2 * padding;
}

/* Lines of entries one after the other, each line centred in `width`. */
static void arrange_lines(clv_legend *legend, double width)
{
    const double space = 12;
    size_t begin = 0;
    double top = padding;

    while (begin < legend->count) {
        double used = legend->entry[begin].width;
        size_t end = begin + 1;
        while (end < legend->count && used + space + legend->entry[end].width <= width) {
            used += space + legend->entry[end++].width;
        }
        double left = fmax(0, (width - used) / 2);
        for (; begin < end; begin++) {
            legend->entry[begin].left = left;
            legend->entry[begin].top = top;
            left += legend->entry[begin].width + space;
        }
        top += legend->row_height;
    }
    legend->box.width = width;
    legend->box.height = top + padding;
}

/* Sizes and arranges the legend so that it is at most `width` wide. */
static void measure(clv_legend *legend, double width, double size, bool lines, clv_canvas *canvas)
{
    double widest = 0;

    for (size_t i = 0; i < legend->count; i++) {
        clv_entry *entry = &legend->entry[i];
        entry->width = fmin(key_width + key_gap + clv_canvas_measure(canvas, entry->name, size, false), width);
        widest = fmax(widest, entry->width);
    }
    legend->row_height = 1.45 * size;
    if (legend->count == 0) { return; }
    if (lines) {
        arrange_lines(legend, width);
    } else {
        arrange_columns(legend, widest, width);
    }
}

static bool inside(const clv_box *box, double x, double y)
{
    return x >= box->left && x <= box->left + box->width && y >= box->top && y <= box->top + box->height;
}

/* A rule that is crossed costs a little, its label a lot. */
static double hides_rule(const clv_series *series, const clv_view *view, const clv_box *box)
{
    double x = clv_view_x(view, series->x[0]), y = clv_view_y(view, series->x[0]);
    double end = series->upright ? view->box.top + 40 : view->box.left + view->box.width - 60;
    bool crossed = series->upright ? x + 2 > box->left && x - 9 < box->left + box->width
                                   : y + 2 > box->top && y - 9 < box->top + box->height;

    if (!crossed) { return 0; }
    if (!series->text) { return 1; }
    return (series->upright ? box->top < end : box->left + box->width > end) ? 30 : 1;
}

/* Counts how much of a series a box hides, in samples. */
static double hides_series(const clv_series *series, const clv_view *view, const clv_box *box)
{
    size_t stride = series->count / 1000 + 1;
    double cost = 0, last_x = NAN, last_y = NAN;

    if (series->kind == CLV_SERIES_RULE) { return hides_rule(series, view, box); }
    if (!series->x || series->kind == CLV_SERIES_MAP) { return 0; }
    for (size_t i = 0; i < series->count; i += stride) {
        const double *edge = series->y ? series->y : series->high;
        double x = clv_view_x(view, series->x[i]), y = clv_view_y(view, edge[i]);
        /* A line hides by its length, not by its points: steep flanks count too. */
        double length = fmin(fmax(fabs(x - last_x), fabs(y - last_y)), 200);
        int between = length > 2 ? (int)(length / 2) : 1;
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
    static const double corners[][2] = {{0, 0}, {1, 0}, {0, 0}};
    /* Binding energies run to the left: the right end is low and so most often empty. */
    const double(*preferred)[2] = corners + (view->corner == 2 || (view->corner == 0 && view->x.reversed));
    static const double all[][2] = {{1, 0},   {0, 0},    {0.5, 0},  {0.75, 0}, {0.25, 0}, {1, 1},    {0, 1},
                                    {0.5, 1}, {0.75, 1}, {0.25, 1}, {1, 0.5},  {0, 0.5},  {0.5, 0.5}};
    double cost = 0;

    if (view->caption.width > 0) {
        cost += settle(view, &view->caption, preferred, view->corner ? 1 : 2, &(clv_box){0});
    }
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
        trial.y.max *= pow(fmin(trial.y.max / trial.y.min, 1e100), headroom / 1.1);
    } else {
        trial.y.max += headroom / 1.1 * (trial.y.max - trial.y.min);
    }
    return place_both(&trial);
}

static void make_headroom(clv_view *view)
{
    static const double rooms[] = {0.06, 0.12, 0.18, 0.25, 0.33, 0.42, 0.55, 0.7, 0.9};
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

static bool has_entry(const clv_legend *legend, const clv_entry *entry)
{
    for (size_t i = 0; i < legend->count; i++) {
        const clv_entry *other = &legend->entry[i];
        if (strcmp(other->name, entry->name) == 0 && other->first->kind == entry->first->kind &&
            other->first->style.colour == entry->first->style.colour) {
            return true;
        }
    }
    return false;
}

/* Whether an earlier panel's legend already tells all that this one's would: once is enough in a grid of like panels.
 */
static bool is_told(const clv_layout *layout, const clv_view *view)
{
    for (const clv_view *other = layout->views; other != view; other++) {
        size_t told = 0;
        for (size_t i = 0; i < view->legend.count; i++) { told += has_entry(&other->legend, &view->legend.entry[i]); }
        if (told > 0 && told == view->legend.count) { return true; }
    }
    return false;
}

void clv_legend_align(clv_layout *layout, clv_canvas *canvas)
{
    double cost[2] = {0, 0};
    int reversed = 0;

    if (!layout->figure->options.share_x) { return; }
    for (size_t i = 0; i < layout->count; i++) {
        clv_view trial = layout->views[i];
        measure_caption(layout, &trial, canvas);
        reversed += trial.x.reversed;
        for (int corner = 0; corner < 2 && trial.caption.width > 0; corner++) {
            trial.corner = corner + 1;
            trial.legend.count = 0;
            cost[corner] += place_both(&trial);
        }
    }
    int corner = cost[0] < cost[1] || (cost[0] == cost[1] && reversed == 0) ? 1 : 2;
    for (size_t i = 0; i < layout->count; i++) { layout->views[i].corner = corner; }
}

void clv_legend_place(clv_layout *layout, clv_view *view, clv_canvas *canvas)
{
    const clv_figure *figure = layout->figure;
    clv_legend *legend = view ? &view->legend : &layout->legend;

    memset(legend, 0, sizeof *legend);
    if (!view) {
        for (size_t i = 0; i < figure->count; i++) { gather(legend, figure->panels[i]); }
        measure(legend, layout->width - 2 * inset, layout->legend_size, true, canvas);
        legend->box.left = inset;
        legend->box.top = 1;
        return;
    }
    if (!figure->options.legend_above) { gather(legend, view->panel); }
    if (is_told(layout, view)) { legend->count = 0; }
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
    for (size_t i = 0; i < legend->count; i++) {
        const clv_entry *entry = &legend->entry[i];
        clv_box key = {legend->box.left + entry->left, legend->box.top + entry->top, key_width, legend->row_height};
        clv_writing writing = {.x = key.left + key_width + key_gap,
                               .y = key.top + key.height / 2,
                               .size = size,
                               .down = 0.5,
                               .longest = fmax(1, entry->width - key_width - key_gap + 0.01),
                               .colour = 0xFF1A1A1A};
        clv_series_key(entry->first, &key, canvas);
        if (entry->second) { clv_series_key(entry->second, &key, canvas); }
        clv_canvas_write(canvas, entry->name, &writing);
    }
}
