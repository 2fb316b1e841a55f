/* Draws a figure and writes it as SVG, PDF or PNG.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/label.h"
#include "plot/layout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static void draw_view(const clv_layout *layout, const clv_view *view, clv_canvas *canvas)
{
    const clv_panel *panel = view->panel;

    clv_canvas_clip(canvas, view->box.left, view->box.top, view->box.width, view->box.height);
    for (size_t k = 0; k < panel->count; k++) { clv_series_draw(&panel->series[k], view, layout->legend_size, canvas); }
    clv_canvas_unclip(canvas);
    clv_frame_draw(layout, view, canvas);
    if (panel->has_bar) { clv_frame_bar(layout, view, canvas); }
    clv_legend_draw(&view->legend, layout->legend_size, true, canvas);
}

/* The power of ten that the figure's own ordinate label tells for all panels. */
static int outer_exponent(const clv_layout *layout)
{
    for (size_t i = 0; i < layout->count; i++) {
        const clv_view *view = &layout->views[i];
        bool first = view->panel->place == 0 && view->y_numbers && !view->y_label;
        if (first && clv_frame_tells(layout, view)) { return view->y.exponent; }
    }
    return 0;
}

static void draw(const clv_layout *layout, clv_canvas *canvas)
{
    const clv_figure_options *options = &layout->figure->options;
    const clv_box *grid = &layout->grid;
    char text[CLV_LABEL_BYTES];
    clv_writing label = {.size = layout->label_size, .across = 0.5, .down = 1, .colour = 0xFF1A1A1A};

    for (size_t i = 0; i < layout->count; i++) { draw_view(layout, &layout->views[i], canvas); }
    clv_legend_draw(&layout->legend, layout->legend_size, false, canvas);
    if (options->x_label) {
        label.x = grid->left + grid->width / 2;
        label.y = grid->top + grid->height + 1;
        label.longest = layout->width;
        clv_canvas_write(canvas, options->x_label, &label);
    }
    if (options->y_label) {
        label.x = 2;
        label.y = grid->top + grid->height / 2;
        label.longest = layout->height;
        label.upright = true;
        clv_frame_label(options->y_label, outer_exponent(layout), text, sizeof text);
        clv_canvas_write(canvas, text, &label);
    }
}

static clv_status render(const clv_figure *figure, clv_figure_format format, clv_bytes *bytes, clv_error *err)
{
    const clv_figure_options *options = &figure->options;
    clv_canvas *measuring = NULL, *canvas;
    clv_layout *layout = NULL;
    clv_status status;

    CLV_TRY(clv_canvas_open(0, 1, 1, options->dots_per_inch, NULL, NULL, &measuring, err));
    status = clv_layout_new(figure, measuring, &layout, err);
    if (status) { goto done; }
    status = clv_canvas_open((int)format, layout->width, layout->height, options->dots_per_inch, options->title,
                             options->description, &canvas, err);
    if (status) { goto done; }
    draw(layout, canvas);
    status = clv_canvas_close(canvas, bytes, err);
done:
    clv_layout_free(layout);
    clv_canvas_free(measuring);
    return status;
}

clv_status clv_figure_format_find(const char *path, clv_figure_format *out, clv_error *err)
{
    static const char *const suffixes[] = {"svg", "pdf", "png"};
    const char *dot = strrchr(path, '.');

    for (int i = 0; i < 3; i++) {
        if (dot && strcasecmp(dot + 1, suffixes[i]) == 0) {
            *out = (clv_figure_format)(i + 1);
            return CLV_OK;
        }
    }
    return clv_fail(err, CLV_BAD_ARGUMENT, "%s: a figure is written as .svg, .pdf or .png", path);
}

clv_status clv_figure_write(const clv_figure *figure, clv_figure_format format, clv_figure_sink sink, void *payload,
                            clv_error *err)
{
    clv_bytes bytes = {0};
    clv_status status;

    CLV_CHECK(format >= CLV_FIGURE_SVG && format <= CLV_FIGURE_PNG, err, CLV_BAD_ARGUMENT,
              "%d is no format of a figure; use CLV_FIGURE_SVG, CLV_FIGURE_PDF or CLV_FIGURE_PNG", (int)format);
    CLV_TRY(render(figure, format, &bytes, err));
    status = sink(bytes.at, bytes.size, payload);
    free(bytes.at);
    CLV_CHECK(status == CLV_OK, err, status, "a figure of %zu bytes was not taken by its writer", bytes.size);
    return CLV_OK;
}

static clv_status write_file(const void *bytes, size_t size, void *payload)
{
    FILE *file = payload;
    bool whole = fwrite(bytes, 1, size, file) == size && fflush(file) == 0 && fsync(fileno(file)) == 0;

    return whole ? CLV_OK : CLV_CANNOT_WRITE;
}

clv_status clv_figure_save(const clv_figure *figure, const char *path, clv_error *err)
{
    clv_figure_format format;
    clv_status status;
    char *part;
    FILE *file;

    CLV_TRY(clv_figure_format_find(path, &format, err));
    CLV_CHECK(asprintf(&part, "%s.part", path) >= 0, err, CLV_NO_MEMORY, "no memory to write %s", path);
    file = fopen(part, "wb");
    if (!file) {
        free(part);
        return clv_fail(err, CLV_CANNOT_WRITE, "%s: %s", path, strerror(errno));
    }
    errno = 0;
    status = clv_figure_write(figure, format, write_file, file, err);
    int cause = errno;
    if (fclose(file) != 0 && status == CLV_OK) {
        cause = errno;
        status = CLV_CANNOT_WRITE;
    }
    if (status == CLV_OK && rename(part, path) != 0) {
        cause = errno;
        status = CLV_CANNOT_WRITE;
    }
    if (status) { unlink(part); }
    free(part);
    return status == CLV_CANNOT_WRITE ? clv_fail(err, status, "%s: %s", path, strerror(cause)) : status;
}
