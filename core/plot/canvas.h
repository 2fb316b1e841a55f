/* The sheet a figure is drawn on, in points from the upper left corner; hides the drawing library. Private to
   core/plot. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLOT_CANVAS_H
#define CLV_PLOT_CANVAS_H

#include <corelevel/figure.h>

typedef struct clv_canvas clv_canvas;

/* A growing array of bytes; `failed` once memory ran out. */
typedef struct clv_bytes {
    unsigned char *at;
    size_t size, room;
    bool failed;
} clv_bytes;

/* A text to draw: its anchor, which part of the text lies there, and how it looks. */
typedef struct clv_writing {
    double x, y, size;
    double across;  /* 0 the text begins at x, 0.5 is centred there, 1 ends there */
    double down;    /* 0 y is the baseline, 0.5 the middle, 1 the top of its capitals */
    double longest; /* shrunk, then cut to this width; 0: as long as it is */
    bool bold, upright;
    clv_colour colour;
} clv_writing;

/* Adds bytes at the end. */
void clv_bytes_add(clv_bytes *bytes, const void *from, size_t size);

/* Opens a sheet; format 0 is one for measuring only. `title` and `subject` may be NULL. The caller owns `*out`. */
clv_status clv_canvas_open(int format, double width, double height, double dots_per_inch, const char *title,
                           const char *subject, clv_canvas **out, clv_error *err);

/* Ends the drawing, hands over the file's bytes (the caller frees bytes->at) and frees the sheet. */
clv_status clv_canvas_close(clv_canvas *canvas, clv_bytes *bytes, clv_error *err);

/* Frees a sheet without its bytes; NULL is fine. */
void clv_canvas_free(clv_canvas *canvas);

void clv_canvas_move(clv_canvas *canvas, double x, double y);
void clv_canvas_line(clv_canvas *canvas, double x, double y);
void clv_canvas_shut(clv_canvas *canvas); /* closes the path */
void clv_canvas_rectangle(clv_canvas *canvas, double x, double y, double width, double height);
void clv_canvas_circle(clv_canvas *canvas, double x, double y, double radius);

/* Draws along the path, or fills it, and forgets it. A colour of opacity 0 draws nothing. */
void clv_canvas_stroke(clv_canvas *canvas, clv_colour colour, double width, clv_dash dash);
void clv_canvas_fill(clv_canvas *canvas, clv_colour colour);
void clv_canvas_fill_stroke(clv_canvas *canvas, clv_colour fill, clv_colour colour, double width);

/* Limits what follows to a rectangle, until clv_canvas_unclip. */
void clv_canvas_clip(clv_canvas *canvas, double x, double y, double width, double height);
void clv_canvas_unclip(clv_canvas *canvas);

/* Tells the width of a text with markup. */
double clv_canvas_measure(clv_canvas *canvas, const char *markup, double size, bool bold);
void clv_canvas_write(clv_canvas *canvas, const char *markup, const clv_writing *writing);

/* Draws columns x rows opaque pixels (0xFFRRGGBB, first row at the top) into a rectangle, with sharp edges. */
void clv_canvas_image(clv_canvas *canvas, double x, double y, double width, double height, const clv_colour *pixels,
                      size_t columns, size_t rows);

#endif
