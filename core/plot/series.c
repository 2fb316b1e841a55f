/* Draws series: markers, lines, areas, error bars, limits, rules, texts and maps.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/layout.h"

#include <math.h>
#include <stdlib.h>

static const clv_colour ink = 0xFF1A1A1A;

/* Adds a vertex to the path, or lifts the pen at a gap. Vertices that would lie on one another are left out. */
static void trace(clv_canvas *canvas, double x, double y, bool *down, double last[2])
{
    if (isnan(x) || isnan(y)) {
        *down = false;
        return;
    }
    if (!*down) {
        clv_canvas_move(canvas, x, y);
        clv_canvas_line(canvas, x, y);
    } else if (hypot(x - last[0], y - last[1]) > 0.02) {
        clv_canvas_line(canvas, x, y);
    } else {
        return;
    }
    *down = true;
    last[0] = x;
    last[1] = y;
}

static void draw_line(const clv_view *view, const double *x, const double *y, size_t count, const clv_style *style,
                      clv_canvas *canvas)
{
    bool down = false;
    double last[2];

    for (size_t i = 0; i < count; i++) { trace(canvas, clv_view_x(view, x[i]), clv_view_y(view, y[i]), &down, last); }
    clv_canvas_stroke(canvas, style->colour, style->width, style->dash);
}

/* The abscissa halfway to a neighbour, or as far outside at the ends. */
static double halfway(const double *x, size_t i, size_t count, bool after)
{
    if (count == 1) { return x[0]; }
    if (after) { return i + 1 < count ? x[i] / 2 + x[i + 1] / 2 : x[i] + (x[i] / 2 - x[i - 1] / 2); }
    return i > 0 ? x[i] / 2 + x[i - 1] / 2 : x[0] - (x[1] / 2 - x[0] / 2);
}

static void draw_step(const clv_series *series, const clv_view *view, clv_canvas *canvas)
{
    bool down = false;
    double last[2];

    for (size_t i = 0; i < series->count; i++) {
        double y = clv_view_y(view, series->y[i]);
        trace(canvas, clv_view_x(view, halfway(series->x, i, series->count, false)), y, &down, last);
        trace(canvas, clv_view_x(view, halfway(series->x, i, series->count, true)), y, &down, last);
    }
    clv_canvas_stroke(canvas, series->style.colour, series->style.width, series->style.dash);
}

static bool area_gap(const clv_series *series, const clv_view *view, size_t i)
{
    return isnan(clv_axis_place(&view->x, series->x[i])) || isnan(clv_axis_place(&view->y, series->low[i])) ||
           isnan(clv_axis_place(&view->y, series->high[i]));
}

static void draw_area(const clv_series *series, const clv_view *view, clv_canvas *canvas)
{
    size_t begin = 0;

    while (begin < series->count) {
        size_t end = begin;
        while (end < series->count && !area_gap(series, view, end)) { end++; }
        for (size_t i = begin; i < end; i++) {
            double x = clv_view_x(view, series->x[i]), y = clv_view_y(view, series->high[i]);
            (i == begin ? clv_canvas_move : clv_canvas_line)(canvas, x, y);
        }
        for (size_t i = end; i > begin; i--) {
            clv_canvas_line(canvas, clv_view_x(view, series->x[i - 1]), clv_view_y(view, series->low[i - 1]));
        }
        if (end > begin) {
            clv_canvas_shut(canvas);
            clv_canvas_fill(canvas, series->style.fill);
        }
        begin = end + 1;
    }
    draw_line(view, series->x, series->high, series->count, &series->style, canvas);
}

/* Adds one marker's outline to the path. */
static void mark(clv_canvas *canvas, clv_marker marker, double x, double y, double size)
{
    double r = size / 2;

    if (marker == CLV_MARKER_CIRCLE || marker == CLV_MARKER_DOT) {
        clv_canvas_circle(canvas, x, y, r);
    } else if (marker == CLV_MARKER_SQUARE) {
        clv_canvas_rectangle(canvas, x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
    } else if (marker == CLV_MARKER_CROSS) {
        clv_canvas_move(canvas, x - r, y - r);
        clv_canvas_line(canvas, x + r, y + r);
        clv_canvas_move(canvas, x - r, y + r);
        clv_canvas_line(canvas, x + r, y - r);
    } else {
        bool triangle = marker == CLV_MARKER_TRIANGLE;
        clv_canvas_move(canvas, x, y - 1.15 * r);
        clv_canvas_line(canvas, x + 1.1 * r, triangle ? y + 0.85 * r : y);
        if (!triangle) { clv_canvas_line(canvas, x, y + 1.15 * r); }
        clv_canvas_line(canvas, x - 1.1 * r, triangle ? y + 0.85 * r : y);
        clv_canvas_shut(canvas);
    }
}

static void paint_marks(const clv_style *style, clv_canvas *canvas)
{
    clv_colour fill = style->marker == CLV_MARKER_CROSS ? 0 : style->fill;

    if (style->marker == CLV_MARKER_DOT) {
        clv_canvas_fill(canvas, style->colour);
    } else {
        clv_canvas_fill_stroke(canvas, fill, style->colour, style->width);
    }
}

static void draw_points(const clv_series *series, const clv_view *view, clv_canvas *canvas)
{
    const clv_style *style = &series->style;
    bool few = series->count <= 100; /* few marks cover each other properly; many are drawn as one path */

    for (size_t i = 0; i < series->count; i++) {
        double x = clv_view_x(view, series->x[i]), y = clv_view_y(view, series->y[i]);
        if (isnan(x) || isnan(y)) { continue; }
        mark(canvas, style->marker, x, y, style->marker_size);
        if (few) { paint_marks(style, canvas); }
    }
    if (!few) { paint_marks(style, canvas); }
}

static void draw_errors(const clv_series *series, const clv_view *view, clv_canvas *canvas)
{
    double cap = series->style.marker_size / 2;

    for (size_t i = 0; i < series->count; i++) {
        double x = clv_view_x(view, series->x[i]);
        double low = clv_view_y(view, series->low[i]), high = clv_view_y(view, series->high[i]);
        if (isnan(low) && view->y.log && series->low[i] <= 0) { low = view->box.top + 2 * view->box.height; }
        if (isnan(x) || isnan(low) || isnan(high)) { continue; }
        clv_canvas_move(canvas, x, low);
        clv_canvas_line(canvas, x, high);
        clv_canvas_move(canvas, x - cap, low);
        clv_canvas_line(canvas, x + cap, low);
        clv_canvas_move(canvas, x - cap, high);
        clv_canvas_line(canvas, x + cap, high);
    }
    clv_canvas_stroke(canvas, series->style.colour, series->style.width, series->style.dash);
}

/* A bar with an arrow downwards. */
static void limit_mark(clv_canvas *canvas, const clv_style *style, double x, double y)
{
    const double half = style->marker_size / 2, length = 1.7 * style->marker_size;

    clv_canvas_move(canvas, x - half, y);
    clv_canvas_line(canvas, x + half, y);
    clv_canvas_move(canvas, x, y);
    clv_canvas_line(canvas, x, y + length - half);
    clv_canvas_stroke(canvas, style->colour, style->width, CLV_DASH_SOLID);
    clv_canvas_move(canvas, x, y + length);
    clv_canvas_line(canvas, x - 0.8 * half, y + length - 1.6 * half);
    clv_canvas_line(canvas, x + 0.8 * half, y + length - 1.6 * half);
    clv_canvas_shut(canvas);
    clv_canvas_fill(canvas, style->colour);
}

static void draw_limits(const clv_series *series, const clv_view *view, clv_canvas *canvas)
{
    for (size_t i = 0; i < series->count; i++) {
        double x = clv_view_x(view, series->x[i]), y = clv_view_y(view, series->y[i]);
        if (!isnan(x) && !isnan(y)) { limit_mark(canvas, &series->style, x, y); }
    }
}

static void draw_rule(const clv_series *series, const clv_view *view, double size, clv_canvas *canvas)
{
    const clv_box *box = &view->box;
    double place = series->upright ? clv_view_x(view, series->x[0]) : clv_view_y(view, series->x[0]);
    bool inside = series->upright ? place >= box->left - 0.01 && place <= box->left + box->width + 0.01
                                  : place >= box->top - 0.01 && place <= box->top + box->height + 0.01;
    clv_writing writing = {.size = size, .across = 1, .colour = series->style.colour | 0xFF000000};

    if (!inside) { return; }
    clv_canvas_move(canvas, series->upright ? place : box->left, series->upright ? box->top : place);
    clv_canvas_line(canvas, series->upright ? place : box->left + box->width,
                    series->upright ? box->top + box->height : place);
    clv_canvas_stroke(canvas, series->style.colour, series->style.width, series->style.dash);
    if (!series->text) { return; }
    writing.x = series->upright ? place - 2 : box->left + box->width - 3;
    bool high = place - box->top < 1.3 * size; /* no room above a line at the very top */
    writing.y = series->upright ? box->top + 4 : high ? place + 2 + 0.73 * size : place - 2;
    writing.upright = series->upright;
    writing.longest = series->upright ? box->height - 8 : box->width - 6;
    clv_canvas_write(canvas, series->text, &writing);
}

static void draw_text(const clv_series *series, const clv_view *view, double size, clv_canvas *canvas)
{
    const clv_box *box = &view->box;
    double x = clv_view_x(view, series->x[0]), y = clv_view_y(view, series->y[0]);
    double lifted = fmax(y - series->lift, box->top + 0.6 * size);
    clv_writing writing = {x, lifted, size, 0.5, 0.5, 0.9 * view->box.width, false, false, series->style.colour};

    if (x >= box->left && x <= box->left + box->width && y >= box->top && y <= box->top + box->height) {
        clv_canvas_write(canvas, series->text, &writing);
    }
}

/* The mean of the finite cells in a block of cells. */
static double block_mean(const clv_series *series, size_t row, size_t column, size_t block)
{
    const clv_heat_map *map = &series->map;
    double sum = 0;
    size_t count = 0;

    for (size_t j = row; j < row + block && j < map->rows; j++) {
        for (size_t i = column; i < column + block && i < map->columns; i++) {
            double value = series->x[j * map->columns + i];
            if (isfinite(value)) {
                sum += (value - map->low) / (map->high - map->low);
                count++;
            }
        }
    }
    return count ? sum / (double)count : NAN;
}

static void draw_map(const clv_series *series, const clv_view *view, clv_canvas *canvas)
{
    const clv_heat_map *map = &series->map;
    size_t most = map->columns > map->rows ? map->columns : map->rows, block = (most + 2047) / 2048;
    size_t columns = (map->columns + block - 1) / block, rows = (map->rows + block - 1) / block;
    clv_colour *pixels = malloc(columns * rows * sizeof *pixels), shades[256];
    double x0 = clv_view_x(view, map->x_min), x1 = clv_view_x(view, map->x_max);
    double y0 = clv_view_y(view, map->y_max), y1 = clv_view_y(view, map->y_min);

    for (int k = 0; k < 256; k++) { shades[k] = clv_colour_map(k / 255.0); }
    for (size_t j = 0; pixels && j < rows; j++) {
        for (size_t i = 0; i < columns; i++) {
            double t =
                block_mean(series, (rows - 1 - j) * block, (view->x.reversed ? columns - 1 - i : i) * block, block);
            pixels[j * columns + i] = isnan(t) ? clv_colour_map(NAN) : shades[(int)lround(255 * fmin(fmax(t, 0), 1))];
        }
    }
    if (pixels && !isnan(x0) && !isnan(y0)) {
        clv_canvas_image(canvas, fmin(x0, x1), y0, fabs(x1 - x0), y1 - y0, pixels, columns, rows);
    }
    free(pixels);
}

static void draw_scale_bar(const clv_series *series, const clv_view *view, double size, clv_canvas *canvas)
{
    const clv_heat_map *map = &series->map;
    const char *label = map->scale_label ? map->scale_label : "";
    double length = map->scale_bar / (view->x.max - view->x.min) * view->box.width;
    double width = fmax(length, clv_canvas_measure(canvas, label, size, true)) + 8;
    double height = (*label ? 1.2 * size : 0) + 7;
    double left = view->box.left + view->box.width - width - 4, top = view->box.top + view->box.height - height - 4;
    clv_writing writing = {left + width / 2, top + 3, size, 0.5, 1, 0, true, false, 0xFFFFFFFF};

    if (map->scale_bar <= 0 || length > view->box.width) { return; }
    clv_canvas_rectangle(canvas, left, top, width, height);
    clv_canvas_fill(canvas, 0x66000000);
    clv_canvas_write(canvas, label, &writing);
    clv_canvas_rectangle(canvas, left + width / 2 - length / 2, top + height - 4.5, length, 2);
    clv_canvas_fill(canvas, 0xFFFFFFFF);
}

void clv_series_draw(const clv_series *series, const clv_view *view, double size, clv_canvas *canvas)
{
    switch (series->kind) {
    case CLV_SERIES_POINTS: draw_points(series, view, canvas); break;
    case CLV_SERIES_LINE: draw_line(view, series->x, series->y, series->count, &series->style, canvas); break;
    case CLV_SERIES_STEP: draw_step(series, view, canvas); break;
    case CLV_SERIES_AREA: draw_area(series, view, canvas); break;
    case CLV_SERIES_ERRORS: draw_errors(series, view, canvas); break;
    case CLV_SERIES_LIMITS: draw_limits(series, view, canvas); break;
    case CLV_SERIES_RULE: draw_rule(series, view, size, canvas); break;
    case CLV_SERIES_TEXT: draw_text(series, view, size, canvas); break;
    case CLV_SERIES_MAP:
        draw_map(series, view, canvas);
        draw_scale_bar(series, view, size, canvas);
        break;
    }
}

void clv_series_key(const clv_series *series, const clv_box *box, clv_canvas *canvas)
{
    const clv_style *style = &series->style;
    double x = box->left + box->width / 2, y = box->top + box->height / 2;

    switch (series->kind) {
    case CLV_SERIES_POINTS:
        mark(canvas, style->marker, x, y, style->marker_size);
        paint_marks(style, canvas);
        break;
    case CLV_SERIES_AREA:
        clv_canvas_rectangle(canvas, box->left, y - 2.2, box->width, 4.4);
        clv_canvas_fill_stroke(canvas, style->fill, style->dash == CLV_DASH_NONE ? 0 : style->colour, style->width);
        break;
    case CLV_SERIES_ERRORS:
        clv_canvas_move(canvas, x, y - 3.2);
        clv_canvas_line(canvas, x, y + 3.2);
        clv_canvas_stroke(canvas, style->colour, style->width, style->dash);
        break;
    case CLV_SERIES_LIMITS: limit_mark(canvas, style, x, y - 2.5); break;
    case CLV_SERIES_TEXT: break;
    case CLV_SERIES_MAP:
        clv_canvas_rectangle(canvas, box->left, y - 2.2, box->width, 4.4);
        clv_canvas_fill(canvas, ink);
        break;
    default:
        clv_canvas_move(canvas, box->left, y);
        clv_canvas_line(canvas, box->left + box->width, y);
        clv_canvas_stroke(canvas, style->colour, style->width, style->dash);
    }
}
