/* Where everything of a figure lies on paper. Private to core/plot.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLOT_LAYOUT_H
#define CLV_PLOT_LAYOUT_H

#include "plot/axis.h"
#include "plot/canvas.h"
#include "plot/parts.h"

/* A rectangle on paper, pt from the upper left corner. */
typedef struct clv_box {
    double left, top, width, height;
} clv_box;

/* One entry of a legend: a name, the series that show how it looks, its place within the legend. */
typedef struct clv_entry {
    const char *name;
    const clv_series *first, *second;
    double left, top, width;
} clv_entry;

#define CLV_LEGEND_ENTRIES 40 /* more are left out */

/* A legend: columns of equal width within a panel, lines of text above all panels. */
typedef struct clv_legend {
    clv_box box;
    size_t count;
    double row_height;
    clv_entry entry[CLV_LEGEND_ENTRIES];
} clv_legend;

/* One panel on paper. */
typedef struct clv_view {
    const clv_panel *panel;
    clv_box box; /* the axes' frame */
    clv_axis x, y, bar;
    bool x_numbers, y_numbers, x_label, y_label, is_map, empty;
    bool settled;    /* its headroom is known */
    double headroom; /* part of the y range added at the top so that texts hide no data */
    double numbers_width;
    clv_box caption;
    int corner; /* of the caption: 0 either, 1 upper left, 2 upper right */
    clv_legend legend;
} clv_view;

/* A figure on paper. The sizes of texts are derived from the figure's font size. */
typedef struct clv_layout {
    const clv_figure *figure;
    double width, height, label_size, number_size, legend_size;
    double left[CLV_FIGURE_GRID], right[CLV_FIGURE_GRID], top[CLV_FIGURE_GRID], bottom[CLV_FIGURE_GRID];
    clv_box grid; /* around all frames */
    size_t count;
    clv_view *views;
    clv_legend legend; /* above all */
} clv_layout;

/* Arranges a figure; `canvas` serves to measure texts. The caller ends it with clv_layout_free. */
clv_status clv_layout_new(const clv_figure *figure, clv_canvas *canvas, clv_layout **out, clv_error *err);
void clv_layout_free(clv_layout *layout);

/* Tells where a value lies on paper; NaN where it cannot be drawn. */
double clv_view_x(const clv_view *view, double value);
double clv_view_y(const clv_view *view, double value);

/* Sets the axes' ranges of all views from the data and what they share. */
void clv_extent_find(clv_layout *layout);

/* Gathers a panel's (or with `view` NULL the whole figure's) legend, measures it and, for a panel, places it and the
   caption where they hide least, adding headroom to an automatic ordinate when they would hide much. */
void clv_legend_place(clv_layout *layout, clv_view *view, clv_canvas *canvas);

/* Chooses one corner for the captions of all panels that share their abscissa: where they hide least in sum. */
void clv_legend_align(clv_layout *layout, clv_canvas *canvas);

/* Draws a legend where it was placed. */
void clv_legend_draw(const clv_legend *legend, double size, bool backed, clv_canvas *canvas);

/* Draws a series in its view. */
void clv_series_draw(const clv_series *series, const clv_view *view, double size, clv_canvas *canvas);

/* Draws a short piece of a series as its key in a legend. */
void clv_series_key(const clv_series *series, const clv_box *box, clv_canvas *canvas);

/* Draws the frame, ticks, numbers and labels of a view. */
void clv_frame_draw(const clv_layout *layout, const clv_view *view, clv_canvas *canvas);

/* Tells whether the axis' power of ten can stand in the label, "Intensity (counts)" to "Intensity (10^{3} counts)";
   writes the label to show into `out` either way. */
bool clv_frame_label(const char *label, int exponent, char *out, size_t size);

/* Tells whether a label, the panel's own or the figure's for all panels, tells the ordinate's power of ten. */
bool clv_frame_tells(const clv_layout *layout, const clv_view *view);

/* Draws the colour bar beside a view. */
void clv_frame_bar(const clv_layout *layout, const clv_view *view, clv_canvas *canvas);

#endif
