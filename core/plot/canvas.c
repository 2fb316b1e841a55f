/* Draws on a sheet with cairo: the one file that meets it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/canvas.h"
#include "plot/label.h"
#include "plot/publish.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct clv_canvas {
    int format;
    cairo_surface_t *surface;
    cairo_t *cairo;
    const char *family, *title, *subject;
    double dots_per_inch;
    clv_bytes bytes;
};

/* Raised and lowered text: size and shift of the baseline, as parts of the text's size. */
static const double small = 0.70, rise = 0.38, drop = 0.17;

void clv_bytes_add(clv_bytes *bytes, const void *from, size_t size)
{
    if (bytes->failed || size == 0) { return; }
    if (size > bytes->room - bytes->size) {
        size_t room = bytes->room * 2 + size + 4096;
        unsigned char *at = room > bytes->room ? realloc(bytes->at, room) : NULL;
        bytes->failed = !at;
        if (!at) { return; }
        bytes->at = at;
        bytes->room = room;
    }
    memcpy(bytes->at + bytes->size, from, size);
    bytes->size += size;
}

static cairo_status_t collect(void *payload, const unsigned char *from, unsigned int size)
{
    clv_bytes *bytes = payload;

    clv_bytes_add(bytes, from, size);
    return bytes->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static double sample_width(cairo_t *cairo, const char *family)
{
    cairo_text_extents_t extents;

    cairo_select_font_face(cairo, family, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo, 100);
    cairo_text_extents(cairo, "Binding energy (eV) 0123456789", &extents);
    return extents.x_advance;
}

/* The first family that is installed: one that is not measures as a family that cannot be. */
static const char *choose_family(cairo_t *cairo)
{
    static const char *const families[] = {"Helvetica", "Arial", "Liberation Sans", "DejaVu Sans Condensed"};
    double missing = sample_width(cairo, "no such family");

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (fabs(sample_width(cairo, families[i]) - missing) > 1e-9) { return families[i]; }
    }
    return "DejaVu Sans";
}

static cairo_surface_t *open_surface(clv_canvas *canvas, double width, double height)
{
    double scale = canvas->dots_per_inch / 72;

    switch (canvas->format) {
    case CLV_FIGURE_SVG: return cairo_svg_surface_create_for_stream(collect, &canvas->bytes, width, height);
    case CLV_FIGURE_PDF: return cairo_pdf_surface_create_for_stream(collect, &canvas->bytes, width, height);
    case CLV_FIGURE_PNG:
        return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width * scale), (int)lround(height * scale));
    default: return cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    }
}

/* Names the document, at a fixed date: the same figure is the same file. */
static void describe(clv_canvas *canvas)
{
    static const char date[] = "2000-01-01T00:00:00Z";

    if (canvas->format != CLV_FIGURE_PDF) { return; }
    cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_CREATOR, "corelevel " CLV_VERSION_STRING);
    if (canvas->title) { cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_TITLE, canvas->title); }
    if (canvas->subject) {
        cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_SUBJECT, canvas->subject);
    }
}

static void prepare(clv_canvas *canvas)
{
    cairo_font_options_t *options = cairo_font_options_create();

    /* Unhinted metrics: text is as wide on the measuring sheet as on every other. */
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(canvas->cairo, options);
    cairo_font_options_destroy(options);
    if (canvas->format == CLV_FIGURE_PNG) {
        cairo_scale(canvas->cairo, canvas->dots_per_inch / 72, canvas->dots_per_inch / 72);
    }
    if (canvas->format != 0) {
        cairo_set_source_rgb(canvas->cairo, 1, 1, 1);
        cairo_paint(canvas->cairo);
    }
    cairo_set_line_join(canvas->cairo, CAIRO_LINE_JOIN_ROUND);
    canvas->family = choose_family(canvas->cairo);
}

clv_status clv_canvas_open(int format, double width, double height, double dots_per_inch, const char *title,
                           const char *subject, clv_canvas **out, clv_error *err)
{
    clv_canvas *canvas = calloc(1, sizeof *canvas);

    CLV_CHECK(canvas, err, CLV_NO_MEMORY, "no memory for a figure's sheet");
    canvas->format = format;
    canvas->dots_per_inch = dots_per_inch;
    canvas->title = title;
    canvas->subject = subject;
    canvas->surface = open_surface(canvas, width, height);
    canvas->cairo = cairo_create(canvas->surface);
    if (cairo_status(canvas->cairo)) {
        clv_fail(err, CLV_FAILED, "a sheet of %.0f x %.0f pt cannot be made: %s", width, height,
                 cairo_status_to_string(cairo_status(canvas->cairo)));
        clv_canvas_free(canvas);
        return CLV_FAILED;
    }
    describe(canvas);
    prepare(canvas);
    *out = canvas;
    return CLV_OK;
}

void clv_canvas_free(clv_canvas *canvas)
{
    if (!canvas) { return; }
    cairo_destroy(canvas->cairo);
    cairo_surface_destroy(canvas->surface);
    free(canvas->bytes.at);
    free(canvas);
}

clv_status clv_canvas_close(clv_canvas *canvas, clv_bytes *bytes, clv_error *err)
{
    clv_status status = CLV_OK;
    cairo_status_t drawn = cairo_status(canvas->cairo);

    if (drawn == CAIRO_STATUS_SUCCESS && canvas->format == CLV_FIGURE_PNG) {
        cairo_surface_flush(canvas->surface);
        drawn = cairo_surface_write_to_png_stream(canvas->surface, collect, &canvas->bytes);
    }
    cairo_surface_finish(canvas->surface);
    if (drawn == CAIRO_STATUS_SUCCESS) { drawn = cairo_surface_status(canvas->surface); }
    memset(bytes, 0, sizeof *bytes);
    if (drawn == CAIRO_STATUS_NO_MEMORY || canvas->bytes.failed) {
        status = clv_fail(err, CLV_NO_MEMORY, "no memory to draw a figure");
    } else if (drawn != CAIRO_STATUS_SUCCESS) {
        status = clv_fail(err, CLV_FAILED, "the figure could not be drawn: %s", cairo_status_to_string(drawn));
    } else if (canvas->format == CLV_FIGURE_SVG) {
        status = clv_publish_svg(&canvas->bytes, canvas->title, canvas->subject, bytes, err);
    } else if (canvas->format == CLV_FIGURE_PNG) {
        status = clv_publish_png(&canvas->bytes, canvas->dots_per_inch, bytes, err);
    } else {
        *bytes = canvas->bytes;
        memset(&canvas->bytes, 0, sizeof canvas->bytes);
    }
    clv_canvas_free(canvas);
    return status;
}

void clv_canvas_move(clv_canvas *canvas, double x, double y) { cairo_move_to(canvas->cairo, x, y); }

void clv_canvas_line(clv_canvas *canvas, double x, double y) { cairo_line_to(canvas->cairo, x, y); }

void clv_canvas_shut(clv_canvas *canvas) { cairo_close_path(canvas->cairo); }

void clv_canvas_rectangle(clv_canvas *canvas, double x, double y, double width, double height)
{
    cairo_rectangle(canvas->cairo, x, y, width, height);
}

void clv_canvas_circle(clv_canvas *canvas, double x, double y, double radius)
{
    cairo_new_sub_path(canvas->cairo);
    cairo_arc(canvas->cairo, x, y, radius, 0, 6.283185307179586);
    cairo_close_path(canvas->cairo);
}

static void set_colour(clv_canvas *canvas, clv_colour colour)
{
    cairo_set_source_rgba(canvas->cairo, (colour >> 16 & 0xFF) / 255.0, (colour >> 8 & 0xFF) / 255.0,
                          (colour & 0xFF) / 255.0, (colour >> 24) / 255.0);
}

void clv_canvas_stroke(clv_canvas *canvas, clv_colour colour, double width, clv_dash dash)
{
    const double dashes[] = {3.2, 1.8}, dots[] = {0.01, 2.0};
    bool dotted = dash == CLV_DASH_DOTTED;

    if (colour >> 24 && dash != CLV_DASH_NONE) {
        set_colour(canvas, colour);
        cairo_set_line_width(canvas->cairo, width);
        cairo_set_line_cap(canvas->cairo, dotted ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
        cairo_set_dash(canvas->cairo, dotted ? dots : dashes, dotted || dash == CLV_DASH_DASHED ? 2 : 0, 0);
        cairo_stroke(canvas->cairo);
    }
    cairo_new_path(canvas->cairo);
}

void clv_canvas_fill(clv_canvas *canvas, clv_colour colour)
{
    if (colour >> 24) {
        set_colour(canvas, colour);
        cairo_fill(canvas->cairo);
    }
    cairo_new_path(canvas->cairo);
}

void clv_canvas_fill_stroke(clv_canvas *canvas, clv_colour fill, clv_colour colour, double width)
{
    if (fill >> 24) {
        set_colour(canvas, fill);
        cairo_fill_preserve(canvas->cairo);
    }
    clv_canvas_stroke(canvas, colour, width, CLV_DASH_SOLID);
}

void clv_canvas_clip(clv_canvas *canvas, double x, double y, double width, double height)
{
    cairo_save(canvas->cairo);
    cairo_rectangle(canvas->cairo, x, y, width, height);
    cairo_clip(canvas->cairo);
}

void clv_canvas_unclip(clv_canvas *canvas) { cairo_restore(canvas->cairo); }

static double run_width(clv_canvas *canvas, const char *text, double size)
{
    cairo_text_extents_t extents;

    cairo_set_font_size(canvas->cairo, size);
    cairo_text_extents(canvas->cairo, text, &extents);
    return extents.x_advance;
}

/* Walks along the runs, drawing them from the origin on when asked to; tells where the text ends. A raised run right
   after a lowered one stands above it, as in SO4 2-. */
static double walk(clv_canvas *canvas, const clv_label *label, double size, bool draw)
{
    double end = 0, begin = 0;

    for (size_t i = 0; i < label->count; i++) {
        int level = label->run[i].level;
        const char *text = label->text + label->run[i].at;
        double scale = level ? small * size : size;
        bool stacked = i > 0 && level * label->run[i - 1].level == -1;
        begin = stacked ? begin : end;
        double shift = level > 0 ? -rise * size : level < 0 ? drop * size : 0;
        double width = run_width(canvas, text, scale);
        if (draw) {
            cairo_move_to(canvas->cairo, begin, shift);
            cairo_show_text(canvas->cairo, text);
        }
        end = fmax(end, begin + width);
    }
    return end;
}

static void select_font(clv_canvas *canvas, bool bold)
{
    cairo_select_font_face(canvas->cairo, canvas->family, CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
}

double clv_canvas_measure(clv_canvas *canvas, const char *markup, double size, bool bold)
{
    clv_label label;

    clv_label_parse(markup, &label);
    select_font(canvas, bold);
    return walk(canvas, &label, size, false);
}

/* Cuts the label's runs from the end until it is short enough. */
static double shorten(clv_canvas *canvas, clv_label *label, double size, double longest)
{
    double width = walk(canvas, label, size, false);

    while (width > longest && label->count > 0) {
        char *text = label->text + label->run[label->count - 1].at;
        size_t length = strlen(text);
        while (length > 0 && ((unsigned char)text[length - 1] & 0xC0) == 0x80) { length--; }
        if (length <= 1) {
            label->count--;
        } else {
            text[length - 1] = 0;
        }
        width = walk(canvas, label, size, false);
    }
    return width;
}

void clv_canvas_write(clv_canvas *canvas, const char *markup, const clv_writing *writing)
{
    clv_label label;
    double size = writing->size, width;

    clv_label_parse(markup, &label);
    select_font(canvas, writing->bold);
    width = walk(canvas, &label, size, false);
    if (writing->longest > 0 && width > writing->longest) {
        size *= fmax(0.7, writing->longest / width);
        width = shorten(canvas, &label, size, writing->longest * 1.001);
    }
    cairo_save(canvas->cairo);
    set_colour(canvas, writing->colour ? writing->colour : 0xFF000000);
    cairo_translate(canvas->cairo, writing->x, writing->y);
    if (writing->upright) { cairo_rotate(canvas->cairo, -1.5707963267948966); }
    cairo_translate(canvas->cairo, -writing->across * width, writing->down * 0.73 * size);
    walk(canvas, &label, size, true);
    cairo_new_path(canvas->cairo);
    cairo_restore(canvas->cairo);
}

void clv_canvas_image(clv_canvas *canvas, double x, double y, double width, double height, const clv_colour *pixels,
                      size_t columns, size_t rows)
{
    /* Viewers of SVG and PDF smooth small images: each cell becomes a block of pixels, so that edges stay sharp. */
    if (!(width > 1e-3 && height > 1e-3)) { return; } /* nothing to see, and no matrix for it */
    size_t most = columns > rows ? columns : rows, block = most < 1024 ? 1024 / most : 1;
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(columns * block), (int)(rows * block));
    unsigned char *data = cairo_image_surface_get_data(image);
    size_t stride = (size_t)cairo_image_surface_get_stride(image);

    for (size_t j = 0; data && j < rows * block; j++) {
        for (size_t i = 0; i < columns * block; i++) {
            memcpy(data + j * stride + 4 * i, &pixels[j / block * columns + i / block], 4);
        }
    }
    cairo_surface_mark_dirty(image);
    cairo_save(canvas->cairo);
    cairo_translate(canvas->cairo, x, y);
    cairo_scale(canvas->cairo, width / (double)(columns * block), height / (double)(rows * block));
    cairo_set_source_surface(canvas->cairo, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(canvas->cairo), CAIRO_FILTER_NEAREST);
    cairo_rectangle(canvas->cairo, 0, 0, (double)(columns * block), (double)(rows * block));
    cairo_fill(canvas->cairo);
    cairo_restore(canvas->cairo);
    cairo_surface_destroy(image);
}
