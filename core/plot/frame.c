/* Draws frames, ticks, numbers, labels and colour bars.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/label.h"
#include "plot/layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double line = 0.6, thin = 0.45, long_tick = 2.8, short_tick = 1.5;
static const clv_colour ink = 0xFF1A1A1A;

/* Ticks of the abscissa: inwards from both edges, or outwards below a map. */
static void ticks_x(const clv_view *view, const double *values, size_t count, double length, clv_canvas *canvas)
{
    double top = view->box.top, bottom = top + view->box.height;

    for (size_t k = 0; k < count; k++) {
        double x = clv_view_x(view, values[k]);
        clv_canvas_move(canvas, x, bottom);
        clv_canvas_line(canvas, x, view->is_map ? bottom + length : bottom - length);
        if (view->is_map) { continue; }
        clv_canvas_move(canvas, x, top);
        clv_canvas_line(canvas, x, top + length);
    }
}

static void ticks_y(const clv_view *view, const double *values, size_t count, double length, clv_canvas *canvas)
{
    double left = view->box.left, right = left + view->box.width;

    for (size_t k = 0; k < count; k++) {
        double y = clv_view_y(view, values[k]);
        clv_canvas_move(canvas, left, y);
        clv_canvas_line(canvas, view->is_map ? left - length : left + length, y);
        if (view->is_map) { continue; }
        clv_canvas_move(canvas, right, y);
        clv_canvas_line(canvas, right - length, y);
    }
}

static void draw_ticks(const clv_view *view, clv_canvas *canvas)
{
    bool bare = view->is_map && !view->x_numbers && !view->y_numbers;
    double scale = fmin(1, fmin(view->box.height, view->box.width) / (8 * long_tick));

    if (!bare) {
        ticks_x(view, view->x.tick, view->x.count, scale * long_tick, canvas);
        if (!view->panel->options.hide_y_numbers) {
            ticks_y(view, view->y.tick, view->y.count, scale * long_tick, canvas);
        }
        clv_canvas_stroke(canvas, ink, line, CLV_DASH_SOLID);
        ticks_x(view, view->x.minor, view->x.minor_count, scale * short_tick, canvas);
        if (!view->panel->options.hide_y_numbers) {
            ticks_y(view, view->y.minor, view->y.minor_count, scale * short_tick, canvas);
        }
        clv_canvas_stroke(canvas, ink, thin, CLV_DASH_SOLID);
    }
    clv_canvas_rectangle(canvas, view->box.left, view->box.top, view->box.width, view->box.height);
    clv_canvas_stroke(canvas, ink, line, CLV_DASH_SOLID);
}

bool clv_frame_label(const char *label, int exponent, char *out, size_t size)
{
    const char *bracket = strrchr(label, '(');
    bool unit = exponent != 0 && bracket && bracket > label && bracket[-1] == ' ' && strchr(bracket, ')');
    char number[24];

    clv_axis_number(exponent, 0, number, sizeof number);
    if (unit) {
        snprintf(out, size, "%.*s10^{%s} %s", (int)(bracket + 1 - label), label, number, bracket + 1);
    } else {
        snprintf(out, size, "%s", label);
    }
    return unit;
}

bool clv_frame_tells(const clv_layout *layout, const clv_view *view)
{
    const char *own = view->y_label ? view->panel->options.y_label : NULL, *outer = layout->figure->options.y_label;
    char label[CLV_LABEL_BYTES];

    if (own) { return clv_frame_label(own, view->y.exponent, label, sizeof label); }
    for (size_t i = 0; outer && i < layout->count; i++) { /* all must have the same */
        const clv_view *other = &layout->views[i];
        if (other->panel->place == 0 && other->y_numbers && other->y.exponent != view->y.exponent) { return false; }
    }
    return outer && view->panel->place == 0 && clv_frame_label(outer, view->y.exponent, label, sizeof label);
}

static void draw_exponent(int exponent, double x, double y, double across, double size, clv_canvas *canvas)
{
    char number[24], text[48];
    clv_writing writing = {.x = x, .y = y, .size = size, .across = across, .colour = ink};

    if (exponent == 0) { return; }
    clv_axis_number(exponent, 0, number, sizeof number);
    snprintf(text, sizeof text, "×10^{%s}", number);
    clv_canvas_write(canvas, text, &writing);
}

static void draw_numbers(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    const clv_box *box = &view->box;
    double outside = view->is_map ? long_tick : 0;
    clv_writing writing = {.size = layout->number_size, .colour = ink};

    writing.across = 0.5;
    writing.down = 1;
    writing.y = box->top + box->height + 3 + outside;
    for (size_t k = 0; k < view->x.count && view->x_numbers; k++) {
        writing.x = clv_view_x(view, view->x.tick[k]);
        clv_canvas_write(canvas, view->x.text[k], &writing);
    }
    writing.across = 1;
    writing.down = 0.5;
    writing.x = box->left - 2.8 - outside;
    for (size_t k = 0; k < view->y.count && view->y_numbers; k++) {
        writing.y = clv_view_y(view, view->y.tick[k]);
        double end = fmin(writing.y - box->top, box->top + box->height - writing.y);
        if (box->height < 80 && end < 0.6 * writing.size) { continue; } /* would meet the next panel's */
        clv_canvas_write(canvas, view->y.text[k], &writing);
    }
    if (view->y_numbers && !clv_frame_tells(layout, view)) {
        draw_exponent(view->y.exponent, box->left, box->top - 3, 0, layout->number_size, canvas);
    }
    if (view->x_numbers) {
        double y = box->top + box->height + 3 + outside + 0.73 * layout->number_size;
        double x = box->left + box->width;
        if (view->x.exponent != 0) { y += view->x_label ? 1.35 * layout->number_size : 0; }
        draw_exponent(view->x.exponent, x, y, 1, layout->number_size, canvas);
    }
}

static void draw_labels(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    const clv_box *box = &view->box;
    const clv_panel_options *options = &view->panel->options;
    double size = layout->label_size, outside = view->is_map ? long_tick : 0;
    clv_writing writing = {.size = size, .across = 0.5, .colour = ink};
    char label[CLV_LABEL_BYTES];

    if (view->x_label) {
        writing.x = box->left + box->width / 2;
        writing.y = box->top + box->height + 3 + outside + 1.25 * layout->number_size;
        writing.down = 1;
        writing.longest = box->width + 0.8 * layout->left[options->column];
        clv_canvas_write(canvas, options->x_label, &writing);
    }
    if (options->title) {
        writing.x = box->left + box->width / 2;
        writing.y = box->top - 4;
        writing.down = 0;
        writing.bold = true;
        writing.longest = box->width + layout->left[options->column];
        clv_canvas_write(canvas, options->title, &writing);
        writing.bold = false;
    }
    if (view->y_label) {
        /* Labels of one column of panels stand at one distance. */
        writing.x = box->left - layout->left[options->column] + 3;
        writing.y = box->top + box->height / 2;
        writing.down = 1;
        writing.upright = true;
        writing.longest = fmax(box->height + 6, 20);
        clv_frame_label(options->y_label, view->y_numbers ? view->y.exponent : 0, label, sizeof label);
        clv_canvas_write(canvas, label, &writing);
    }
}

static void draw_letter(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    char letter[2] = "a";
    size_t cells = 0;

    if (!layout->figure->options.letters || view->panel->place != 0) { return; }
    for (const clv_view *other = layout->views; other != view; other++) { cells += other->panel->place == 0; }
    if (cells >= 26) { return; }
    letter[0] = (char)('a' + cells);
    clv_writing writing = {.x = view->box.left - layout->left[view->panel->options.column] + 1,
                           .y = view->box.top - layout->top[view->panel->options.row] + 2,
                           .size = 1.2 * layout->label_size,
                           .down = 1,
                           .bold = true,
                           .colour = 0xFF000000};
    clv_canvas_write(canvas, letter, &writing);
}

static void draw_caption(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    const clv_box *box = &view->caption;
    bool right = box->left + box->width / 2 > view->box.left + view->box.width / 2;
    clv_writing writing = {.x = right ? box->left + box->width : box->left,
                           .y = box->top + 1,
                           .size = layout->label_size,
                           .across = right ? 1 : 0,
                           .down = 1,
                           .longest = box->width,
                           .bold = true,
                           .colour = ink};

    if (view->panel->options.caption) {
        clv_canvas_write(canvas, view->panel->options.caption, &writing);
        writing.y += 1.25 * layout->label_size;
    }
    writing.bold = false;
    writing.size = layout->legend_size;
    if (view->panel->note) { clv_canvas_write(canvas, view->panel->note, &writing); }
}

void clv_frame_draw(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    clv_writing words = {.x = view->box.left + view->box.width / 2,
                         .y = view->box.top + view->box.height / 2,
                         .size = layout->label_size,
                         .across = 0.5,
                         .down = 0.5,
                         .longest = view->box.width,
                         .colour = 0xFF8A8A8A};

    draw_ticks(view, canvas);
    draw_numbers(layout, view, canvas);
    draw_labels(layout, view, canvas);
    draw_letter(layout, view, canvas);
    draw_caption(layout, view, canvas);
    if (view->empty) { clv_canvas_write(canvas, "no data", &words); }
}

void clv_frame_bar(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    const double width = 5, left = view->box.left + view->box.width + 5, top = view->box.top;
    const double height = view->box.height, right = left + width;
    clv_colour shades[128];
    clv_writing writing = {.x = right + 3, .size = layout->number_size, .down = 0.5, .colour = ink};
    double widest = 0;

    for (int k = 0; k < 128; k++) { shades[k] = clv_colour_map(view->panel->bar_reach * (127 - k) / 127.0); }
    clv_canvas_image(canvas, left, top, width, height, shades, 1, 128);
    for (size_t k = 0; k < view->bar.count; k++) {
        writing.y = top + (1 - clv_axis_place(&view->bar, view->bar.tick[k])) * height;
        clv_canvas_move(canvas, right, writing.y);
        clv_canvas_line(canvas, right + 1.6, writing.y);
        clv_canvas_stroke(canvas, ink, thin, CLV_DASH_SOLID);
        clv_canvas_write(canvas, view->bar.text[k], &writing);
        widest = fmax(widest, clv_canvas_measure(canvas, view->bar.text[k], layout->number_size, false));
    }
    clv_canvas_rectangle(canvas, left, top, width, height);
    clv_canvas_stroke(canvas, ink, thin, CLV_DASH_SOLID);
    draw_exponent(view->bar.exponent, left, top - 3, 0, layout->number_size, canvas);
    if (view->panel->bar_label) {
        clv_writing label = {.x = right + 3 + widest + 3.5,
                             .y = top + height / 2,
                             .size = layout->label_size,
                             .across = 0.5,
                             .down = 1,
                             .longest = fmax(height + 6, 20),
                             .upright = true,
                             .colour = ink};
        clv_canvas_write(canvas, view->panel->bar_label, &label);
    }
}
