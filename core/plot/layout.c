/* Arranges panels on paper: margins from measured texts, then frames.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double points_per_mm = 72 / 25.4, edge = 3, stack_gap = 3;

double clv_view_x(const clv_view *view, double value)
{
    return view->box.left + clv_axis_place(&view->x, value) * view->box.width;
}

double clv_view_y(const clv_view *view, double value)
{
    return view->box.top + (1 - clv_axis_place(&view->y, value)) * view->box.height;
}

static bool same_cell(const clv_view *a, const clv_view *b)
{
    return a->panel->options.row == b->panel->options.row && a->panel->options.column == b->panel->options.column;
}

/* Whether the figure's last panel of this column, or its own group's last panel, is this one. */
static bool bears_x_numbers(const clv_layout *layout, const clv_view *view)
{
    for (size_t i = 0; i < layout->count; i++) {
        const clv_view *other = &layout->views[i];
        const clv_panel_options *options = &other->panel->options;
        if (other == view) { continue; }
        if (same_cell(view, other) && other->panel->place > view->panel->place &&
            (options->under || layout->figure->options.share_x)) {
            return false;
        }
        if (layout->figure->options.share_x && options->column == view->panel->options.column &&
            options->row > view->panel->options.row) {
            return false;
        }
    }
    return true;
}

static bool bears_y_numbers(const clv_layout *layout, const clv_view *view)
{
    if (view->panel->options.hide_y_numbers) { return false; }
    for (size_t i = 0; i < layout->count && layout->figure->options.share_y; i++) {
        const clv_view *other = &layout->views[i];
        if (other->panel->options.row == view->panel->options.row &&
            other->panel->options.column < view->panel->options.column && other->panel->place == view->panel->place) {
            return false;
        }
    }
    return true;
}

static bool has_scale_bar(const clv_panel *panel)
{
    for (size_t k = 0; k < panel->count; k++) {
        if (panel->series[k].kind == CLV_SERIES_MAP && panel->series[k].map.scale_bar > 0) { return true; }
    }
    return false;
}

static clv_status make_views(clv_layout *layout, clv_error *err)
{
    const clv_figure *figure = layout->figure;

    layout->count = figure->count;
    layout->views = calloc(figure->count + 1, sizeof *layout->views);
    CLV_CHECK(layout->views, err, CLV_NO_MEMORY, "no memory to arrange a figure");
    for (size_t i = 0; i < figure->count; i++) { layout->views[i].panel = figure->panels[i]; }
    for (size_t i = 0; i < figure->count; i++) {
        clv_view *view = &layout->views[i];
        bool bare = has_scale_bar(view->panel);
        view->x_numbers = !bare && bears_x_numbers(layout, view);
        view->y_numbers = !bare && bears_y_numbers(layout, view);
        view->x_label = view->x_numbers && view->panel->options.x_label;
        view->y_label =
            view->panel->options.y_label && !bare && (view->y_numbers || view->panel->options.hide_y_numbers);
    }
    return CLV_OK;
}

static void choose_ticks(clv_layout *layout, clv_canvas *canvas)
{
    double size = layout->number_size;

    for (size_t i = 0; i < layout->count; i++) {
        clv_view *view = &layout->views[i];
        double widest = 3.2 * size;
        clv_axis_ticks(&view->x, 4, 6);
        for (size_t k = 0; k < view->x.count; k++) {
            widest = fmax(widest, clv_canvas_measure(canvas, view->x.text[k], size, false) + 1.6 * size);
        }
        clv_axis_ticks(&view->x, fmin(8, floor(view->box.width / widest)), 6);
        clv_axis_ticks(&view->y, fmin(6, fmax(2, view->box.height / (1.35 * size))), 4);
        if (view->panel->has_bar) { clv_axis_ticks(&view->bar, fmax(2, view->box.height / (3.2 * size)), 4); }
        view->numbers_width = 0;
        for (size_t k = 0; k < view->y.count && view->y_numbers; k++) {
            view->numbers_width = fmax(view->numbers_width, clv_canvas_measure(canvas, view->y.text[k], size, false));
        }
    }
}

/* Width of the colour bar with its numbers and label. */
static double bar_width(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    double widest = 0;

    if (!view->panel->has_bar) { return 0; }
    for (size_t k = 0; k < view->bar.count; k++) {
        widest = fmax(widest, clv_canvas_measure(canvas, view->bar.text[k], layout->number_size, false));
    }
    return 14 + widest + 4 + (view->panel->bar_label ? 1.5 * layout->label_size : 0);
}

static double left_of(const clv_layout *layout, const clv_view *view)
{
    double width = view->y_numbers ? view->numbers_width + 3.5 : 0;

    if (view->y_label) { width += 1.45 * layout->label_size; }
    if (layout->figure->options.letters && view->panel->place == 0) { width = fmax(width, layout->label_size); }
    return width;
}

static double above(const clv_layout *layout, const clv_view *view)
{
    double height = 0;

    if (view->panel->options.title) { height += 1.5 * layout->label_size; }
    if ((view->y_numbers && view->y.exponent != 0 && !clv_frame_tells(layout, view)) ||
        (view->panel->has_bar && view->bar.exponent != 0)) {
        height = fmax(height, 1.6 * layout->number_size);
    }
    if (layout->figure->options.letters && view->panel->place == 0) { height = fmax(height, 1.3 * layout->label_size); }
    return height;
}

static double below(const clv_layout *layout, const clv_view *view)
{
    double height = view->x_numbers ? 1.5 * layout->number_size + 1.5 : 0;

    return height + (view->x_label ? 1.3 * layout->label_size : 0);
}

static void raise_to(double *value, double other) { *value = fmax(*value, other); }

static void find_margins(clv_layout *layout, clv_canvas *canvas)
{
    for (size_t k = 0; k < CLV_FIGURE_GRID; k++) {
        layout->left[k] = layout->right[k] = layout->top[k] = layout->bottom[k] = edge;
    }
    for (size_t i = 0; i < layout->count; i++) {
        const clv_view *view = &layout->views[i];
        size_t row = view->panel->options.row, column = view->panel->options.column;
        double last = 0;
        if (view->x_numbers && view->x.count > 0) {
            last = 0.5 * clv_canvas_measure(canvas, view->x.text[0], layout->number_size, false);
        }
        raise_to(&layout->left[column], left_of(layout, view) + edge);
        raise_to(&layout->right[column], fmax(bar_width(layout, view, canvas), 0.6 * last) + edge);
        if (view->panel->place == 0) { raise_to(&layout->top[row], above(layout, view) + edge); }
        if (view->x_numbers) { raise_to(&layout->bottom[row], below(layout, view) + edge); }
    }
}

/* Height over width of a panel whose figure leaves it free. */
static double aspect(const clv_view *view)
{
    if (view->panel->options.aspect > 0) { return view->panel->options.aspect; }
    if (!view->is_map) { return 0.72; }
    double ratio = (view->y.max - view->y.min) / (view->x.max - view->x.min);
    return ratio > 0.2 && ratio < 2.5 ? ratio : 0.72;
}

/* Height of a row of cells when its panels may be as high as they like, and the part that does not stretch. */
static double row_height(const clv_layout *layout, size_t row, double panel_width, double *fixed)
{
    double height = 0;

    *fixed = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const clv_view *first = &layout->views[i];
        if (first->panel->options.row != row || first->panel->place != 0) { continue; }
        double free_part = 0, gaps = 0;
        for (size_t k = 0; k < layout->count; k++) {
            const clv_view *view = &layout->views[k];
            if (!same_cell(first, view)) { continue; }
            free_part += view->panel->options.height * panel_width * aspect(first);
            bool joined = view->panel->options.under || layout->figure->options.share_x;
            if (view->panel->place > 0) {
                gaps += joined ? stack_gap : above(layout, view) + below(layout, first) + stack_gap;
            }
        }
        *fixed = fmax(*fixed, gaps);
        height = fmax(height, free_part);
    }
    return height;
}

/* Places the panels of one cell one below the other. */
static void fill_cell(clv_layout *layout, clv_view *first, clv_box box)
{
    double weights = 0, gaps = 0, y = box.top;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < layout->count; i++) { /* panels are kept in the order of their places */
            clv_view *view = &layout->views[i];
            if (!same_cell(first, view)) { continue; }
            bool joined = view->panel->options.under || layout->figure->options.share_x;
            double gap = joined ? stack_gap : above(layout, view) + below(layout, first) + stack_gap;
            if (view->panel->place == 0) { gap = 0; }
            if (pass == 0) {
                weights += view->panel->options.height;
                gaps += gap;
                continue;
            }
            double height = fmax(2, (box.height - gaps) * view->panel->options.height / weights);
            view->box = (clv_box){box.left, y + gap, box.width, height};
            y += gap + height;
        }
    }
}

static void place_row(clv_layout *layout, size_t row, double top, double height, double panel_width)
{
    for (size_t i = 0; i < layout->count; i++) {
        clv_view *view = &layout->views[i];
        if (view->panel->options.row != row || view->panel->place != 0) { continue; }
        double left = layout->grid.left;
        for (size_t c = 0; c < view->panel->options.column; c++) {
            left += layout->left[c] + panel_width + layout->right[c];
        }
        left += layout->left[view->panel->options.column];
        fill_cell(layout, view, (clv_box){left, top, panel_width, height});
    }
}

/* Frames from margins. */
static void place(clv_layout *layout)
{
    const clv_figure *figure = layout->figure;
    size_t rows = figure->rows ? figure->rows : 1, columns = figure->columns ? figure->columns : 1;
    double outer_left = figure->options.y_label ? 1.5 * layout->label_size : 0;
    double outer_bottom = figure->options.x_label ? 1.5 * layout->label_size : 0;
    double used = outer_left, free_height = 0, fixed_height = outer_bottom, gaps[CLV_FIGURE_GRID];
    double free_row[CLV_FIGURE_GRID], top = layout->legend.count ? layout->legend.box.height + 4 : 0;

    for (size_t c = 0; c < columns; c++) { used += layout->left[c] + layout->right[c]; }
    double panel_width = fmax(6, (layout->width - used) / (double)columns);
    fixed_height += top;
    for (size_t r = 0; r < rows; r++) {
        free_row[r] = row_height(layout, r, panel_width, &gaps[r]);
        free_height += free_row[r];
        fixed_height += gaps[r] + layout->top[r] + layout->bottom[r];
    }
    double mm = figure->options.height_mm;
    layout->height = mm > 0 ? mm * points_per_mm : fmin(free_height + fixed_height, 240 * points_per_mm);
    layout->height = fmax(layout->height, fmin(fixed_height + 6 * (double)rows, 2000 * points_per_mm));
    if (figure->count == 0) { layout->height = 40; }
    double stretch = free_height > 0 ? fmax(layout->height - fixed_height, 6) / free_height : 1;
    layout->grid = (clv_box){outer_left, top, layout->width - outer_left, layout->height - top - outer_bottom};
    for (size_t r = 0; r < rows; r++) {
        top += layout->top[r];
        double height = free_row[r] * stretch + gaps[r];
        place_row(layout, r, top, height, panel_width);
        top += height + layout->bottom[r];
    }
}

clv_status clv_layout_new(const clv_figure *figure, clv_canvas *canvas, clv_layout **out, clv_error *err)
{
    clv_layout *layout = calloc(1, sizeof *layout);
    clv_status status;

    CLV_CHECK(layout, err, CLV_NO_MEMORY, "no memory to arrange a figure");
    layout->figure = figure;
    layout->width = figure->options.width_mm * points_per_mm;
    layout->label_size = figure->options.font_size;
    layout->number_size = layout->legend_size = 0.9 * figure->options.font_size;
    status = make_views(layout, err);
    if (status) {
        clv_layout_free(layout);
        return status;
    }
    for (size_t i = 0; i < layout->count; i++) {
        layout->views[i].box = (clv_box){0, 0, 0.7 * layout->width / (double)figure->columns, 80};
    }
    clv_extent_find(layout);
    if (figure->options.legend_above) { clv_legend_place(layout, NULL, canvas); }
    for (int round = 0; round < 3; round++) { /* texts depend on lengths, lengths on texts: three rounds settle it */
        choose_ticks(layout, canvas);
        find_margins(layout, canvas);
        place(layout);
        if (round == 2) { break; }
        if (round == 1) { clv_legend_align(layout, canvas); }
        for (size_t i = 0; i < layout->count && round == 1; i++) {
            clv_legend_place(layout, &layout->views[i], canvas);
        }
        clv_extent_find(layout);
    }
    for (size_t i = 0; i < layout->count; i++) { clv_legend_place(layout, &layout->views[i], canvas); }
    *out = layout;
    return CLV_OK;
}

void clv_layout_free(clv_layout *layout)
{
    if (!layout) { return; }
    free(layout->views);
    free(layout);
}
