/* Figures fit for a paper: panels, series and their arrangement, written as SVG, PDF or PNG from one description.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_FIGURE_H
#define CLV_FIGURE_H

#include <stdbool.h>
#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* How these faces work.
   A figure is filled by calls and owns deep copies of all it is given: arrays and texts may be freed after the call.
   NaN and infinite values are gaps. The same figure gives the same bytes, whatever was drawn before and on whichever
   thread. A figure belongs to one thread at a time; several figures may be drawn at once.
   Texts are UTF-8 (a bad byte becomes U+FFFD) with a small markup: `^{...}` raises, `_{...}` lowers, `\` before `^`,
   `_` or `\` takes it as it stands: "Co^{2+}", "10^{3}", "nm SiO_{2} equiv.".
   Structs of options begin with their own size, `.size = sizeof(clv_style)`, and all that is left zero means the
   preset; a NULL pointer for a whole struct does too. Lengths on paper are in points (1/72 inch) unless named. */

/* A figure. Made by clv_figure_new, ended by clv_figure_free. */
typedef struct clv_figure clv_figure;

/* One pair of axes in a figure. Lent by the figure and valid as long as it. */
typedef struct clv_panel clv_panel;

/* A colour with its opacity, 0xAARRGGBB: 0xFF000000 is black, 0x80FF0000 half-transparent red. 0 is automatic. */
typedef uint32_t clv_colour;

/* What a figure is written as. */
typedef enum clv_figure_format {
    CLV_FIGURE_SVG = 1, /* vector; glyphs are outlines, so it looks the same everywhere; safe to inline in HTML */
    CLV_FIGURE_PDF = 2, /* vector; text stays text */
    CLV_FIGURE_PNG = 3  /* pixels, at the figure's dots per inch */
} clv_figure_format;

/* Widths of the two columns of most journals, in mm. */
#define CLV_FIGURE_SINGLE_COLUMN 85.0
#define CLV_FIGURE_DOUBLE_COLUMN 178.0

/* The most points that one series, and cells that one map, may hold. */
#define CLV_FIGURE_POINTS_MAX ((size_t)4000000)

/* A figure as a whole. */
typedef struct clv_figure_options {
    size_t size;             /* sizeof(clv_figure_options) */
    const char *title;       /* metadata of the file, not drawn */
    const char *description; /* metadata of the file (SVG <desc>, PDF subject), not drawn */
    double width_mm;         /* 20..1000; preset single column */
    double height_mm;        /* 15..2000; preset: from the arrangement of the panels */
    double dots_per_inch;    /* of PNG, 30..1200; preset 300 */
    double font_size;        /* of axis labels, pt, 3..40; preset 7.5 */
    bool share_x;            /* one x range, numbers only below the lowest panel of each column */
    bool share_y;            /* one y range for all panels at the same place of their cell, numbers only at the left */
    const char *x_label;     /* one x label for all panels */
    const char *y_label;     /* one y label for all panels */
    bool legend_above;       /* one legend for all panels, above them */
    bool letters;            /* a bold letter at each cell: a, b, c */
} clv_figure_options;

/* One panel. A range whose ends are equal (both zero, say) or NaN is automatic. */
typedef struct clv_panel_options {
    size_t size;        /* sizeof(clv_panel_options) */
    size_t row, column; /* cell of the grid, each below 64 */
    clv_panel *under;   /* stand in this panel's cell, below it, with its x axis; row and column are then ignored */
    double height;      /* relative to the other panels of the cell; preset 1, 0.28 for one that stands under another */
    const char *title;  /* above the panel */
    const char *caption; /* within the panel, at its emptier upper corner, such as "15 nm" */
    const char *x_label; /* below the axis */
    const char *y_label; /* left of the axis */
    bool x_reversed;     /* binding energies run from right to left */
    bool log_y;          /* logarithmic ordinate; values that are not positive are gaps */
    double x_min, x_max; /* ascending whatever x_reversed says */
    double y_min, y_max; /* ascending */
    bool hide_y_numbers; /* no ticks on the ordinate: arbitrary units */
    bool hide_legend;    /* no legend even if series have names */
    double aspect; /* height over width when the figure's height is automatic; preset 0.72, for maps by their cells */
} clv_panel_options;

/* How a line is broken. */
typedef enum clv_dash { CLV_DASH_PRESET, CLV_DASH_SOLID, CLV_DASH_DASHED, CLV_DASH_DOTTED, CLV_DASH_NONE } clv_dash;

/* How a point is marked. */
typedef enum clv_marker {
    CLV_MARKER_PRESET,
    CLV_MARKER_CIRCLE, /* open: white inside unless `fill` says otherwise */
    CLV_MARKER_DOT,    /* filled */
    CLV_MARKER_SQUARE,
    CLV_MARKER_DIAMOND,
    CLV_MARKER_TRIANGLE,
    CLV_MARKER_CROSS
} clv_marker;

/* How a series looks. */
typedef struct clv_style {
    size_t size;        /* sizeof(clv_style) */
    const char *name;   /* entry in the legend; NULL for none. The same name twice is one entry */
    clv_colour colour;  /* preset: the next of clv_colour_cycle */
    clv_colour fill;    /* of areas and markers; preset: after `colour` */
    double width;       /* of lines, pt; preset by kind */
    clv_dash dash;      /* NONE: an area without outline */
    clv_marker marker;  /* preset by kind */
    double marker_size; /* pt across; preset by kind */
} clv_style;

/* Tells the k-th colour of the palette for categories, the same again from k = 10 on: Okabe and Ito's colours for
   colour-blind readers without the yellow (Color Universal Design, 2008), then darker ones. */
CLV_API clv_colour clv_colour_cycle(size_t k);

/* Tells the colour of a sequential map at 0 <= t <= 1 (clipped; NaN is light grey): dark blue over teal to yellow,
   its lightness linear in t in Oklab (Ottosson, https://bottosson.github.io/posts/oklab, 2020). */
CLV_API clv_colour clv_colour_map(double t);

/* Turns a chemical or spectroscopic name as people type it into the markup above and writes it into `out` (`size`
   bytes, cut at a character's end when too long): "Co2+ satellite" to "Co^{2+} satellite", "PS4 3-" to "PS_{4}^{3−}",
   "Li2CO3" to "Li_{2}CO_{3}", "C-O" to "C–O" (en dash), "Co 2p3/2" to "Co 2p_{3/2}". A word that is no formula stays
   as it is, its `^`, `_` and `\` escaped. Returns `out`. */
CLV_API char *clv_label_chemical(const char *name, char *out, size_t size);

/* Makes an empty figure. `options` may be NULL. The caller owns `*out`. BAD_ARGUMENT names an option out of bounds. */
CLV_API clv_status clv_figure_new(const clv_figure_options *options, clv_figure **out, clv_error *err);

/* Ends a figure and its panels; NULL is fine. */
CLV_API void clv_figure_free(clv_figure *figure);

/* Adds a panel and lends it in `*out` (which may be NULL). Panels added to one cell stand one below the other.
   BAD_ARGUMENT: a cell beyond the grid, a range that descends, `under` of another figure, a log range not positive. */
CLV_API clv_status clv_figure_add_panel(clv_figure *figure, const clv_panel_options *options, clv_panel **out,
                                        clv_error *err);

/* Adds markers at `count` places. Arrays of `count` values in the units of the axes; `style` may be NULL here and
   below. This and all clv_panel_add_*: NO_MEMORY, LIMIT (more than CLV_FIGURE_POINTS_MAX) or BAD_ARGUMENT (NULL
   arrays). */
CLV_API clv_status clv_panel_add_points(clv_panel *panel, const double *x, const double *y, size_t count,
                                        const clv_style *style, clv_error *err);

/* Adds a line through `count` places in their order. */
CLV_API clv_status clv_panel_add_line(clv_panel *panel, const double *x, const double *y, size_t count,
                                      const clv_style *style, clv_error *err);

/* Adds a line of steps: each value holds halfway to its neighbours. */
CLV_API clv_status clv_panel_add_step(clv_panel *panel, const double *x, const double *y, size_t count,
                                      const clv_style *style, clv_error *err);

/* Adds a translucent area between the curves `low` and `high`, outlined along `high`; a band with CLV_DASH_NONE. */
CLV_API clv_status clv_panel_add_area(clv_panel *panel, const double *x, const double *low, const double *high,
                                      size_t count, const clv_style *style, clv_error *err);

/* Adds error bars from y - below to y + above, no markers. `above` NULL: symmetric. Lengths in the unit of y, >= 0;
   a bar whose length is not finite is left out. */
CLV_API clv_status clv_panel_add_errors(clv_panel *panel, const double *x, const double *y, const double *below,
                                        const double *above, size_t count, const clv_style *style, clv_error *err);

/* Adds upper limits: a bar at each (x, y) with an arrow downwards. */
CLV_API clv_status clv_panel_add_limits(clv_panel *panel, const double *x, const double *y, size_t count,
                                        const clv_style *style, clv_error *err);

/* Adds a straight reference line over the whole panel, upright at abscissa `value` or (`upright` false) level at
   ordinate `value`, with `label` (may be NULL) at its end. It does not widen automatic ranges. */
CLV_API clv_status clv_panel_add_rule(clv_panel *panel, bool upright, double value, const char *label,
                                      const clv_style *style, clv_error *err);

/* Adds a text centred at (x, y) in the units of the axes, `lift` points above it. */
CLV_API clv_status clv_panel_add_text(clv_panel *panel, double x, double y, double lift, const char *text,
                                      const clv_style *style, clv_error *err);

/* Adds a bar beside the panel that tells which value each colour of clv_colour_map stands for. `label` may be NULL.
   BAD_ARGUMENT unless low < high, both finite. A second call replaces the first bar. */
CLV_API clv_status clv_panel_set_colour_bar(clv_panel *panel, double low, double high, const char *label,
                                            clv_error *err);

/* A heat map. */
typedef struct clv_heat_map {
    size_t size;          /* sizeof(clv_heat_map) */
    const double *values; /* rows x columns, row by row; row 0 lies at y_min; NaN cells are light grey */
    size_t columns, rows; /* cells along x and y */
    double x_min, x_max;  /* outer edges of the cells; equal: 0 to columns */
    double y_min, y_max;  /* likewise */
    double low, high;     /* values of the first and last colour; equal: those of the data */
    const char *label;    /* of the colour bar */
    double scale_bar;     /* length in the unit of x of a bar drawn in the map; 0 for none. Axes are then not drawn */
    const char *scale_label; /* such as "50 nm" */
} clv_heat_map;

/* Adds a heat map and its colour bar. */
CLV_API clv_status clv_panel_add_map(clv_panel *panel, const clv_heat_map *map, clv_error *err);

/* Curves of a series of levels, each lifted above the one before. */
typedef struct clv_waterfall {
    size_t size;          /* sizeof(clv_waterfall) */
    const double *x;      /* `count` abscissas */
    const double *data;   /* levels x count, drawn as dots; may be NULL */
    const double *curves; /* levels x count, drawn as lines coloured by `depths`; may be NULL */
    size_t count, levels;
    const double *depths; /* `levels` values that colour the curves, such as depths; NULL: 1, 2, ... */
    const char *label;    /* of the colour bar, such as "Depth (nm)" */
    double offset;        /* lift from level to level in the unit of y; 0: from the data */
} clv_waterfall;

/* Adds a waterfall of curves and its colour bar. */
CLV_API clv_status clv_panel_add_waterfall(clv_panel *panel, const clv_waterfall *waterfall, clv_error *err);

/* A fitted spectrum as arrays of `count` values over `x`; any but `x` may be NULL. */
typedef struct clv_figure_curves {
    size_t size;                     /* sizeof(clv_figure_curves) */
    size_t count;                    /* channels */
    const double *x;                 /* energies */
    const double *data;              /* measured, small open circles */
    const double *sigma;             /* standard deviation of `data`; used for residuals when those are not given */
    const double *envelope;          /* the whole model, background included */
    const double *background;        /* NULL: 0 under the components */
    size_t component_count;          /* of the next two */
    const double *const *components; /* each without background */
    const char *const *names;        /* as typed: clv_label_chemical is applied */
    const double *residuals; /* in standard deviations; NULL: (data - envelope) / sigma; no panel without either */
    const char *note;        /* in the panel, markup, such as "χ_{r}^{2} = 1.05"; NULL for none */
} clv_figure_curves;

/* Adds a data panel with filled components, background and envelope, and under it a thin panel of residuals with a band
   of +-2 standard deviations. `options` describes the data panel. Lends the data panel in `*out` (may be NULL). */
CLV_API clv_status clv_figure_add_fit(clv_figure *figure, const clv_panel_options *options,
                                      const clv_figure_curves *fit, clv_panel **out, clv_error *err);

/* Fits along a depth axis. */
typedef struct clv_fit_stack {
    size_t size;                            /* sizeof(clv_fit_stack) */
    const clv_figure_curves *const *levels; /* `count` fits */
    size_t count;                           /* levels */
    const double *depths;                   /* `count` values; NULL: no level titles */
    const char *unit;                       /* of the depths, such as "nm": titles read "15 nm" */
    const char *label;                      /* of the colour bar of a waterfall, such as "Depth (nm)" */
    size_t columns;                         /* of the grid, 1..4; 0: automatic */
} clv_fit_stack;

/* The most levels that clv_figure_add_stack draws as a grid of fits; more become a waterfall. */
#define CLV_FIGURE_STACK_MAX ((size_t)12)

/* Adds a grid of fits, one for each level, from row 0 and column 0 on, or one waterfall of data and envelopes coloured
   by depth (in the cell of `options`) when there are more than CLV_FIGURE_STACK_MAX levels, which must then have the x
   of the first. Meant for a figure with share_x, outer labels and legend_above; `options` describes each data panel
   (caption and place are set here). */
CLV_API clv_status clv_figure_add_stack(clv_figure *figure, const clv_panel_options *options,
                                        const clv_fit_stack *stack, clv_error *err);

/* One column of a profile. */
typedef struct clv_profile_column {
    size_t size;                /* sizeof(clv_profile_column) */
    const char *name;           /* as typed: clv_label_chemical is applied */
    const double *values;       /* ordinates */
    const double *below;        /* length of the error bars downwards; NULL for none */
    const double *above;        /* upwards; NULL: as `below` */
    const unsigned char *limit; /* not 0 where a value is an upper limit; NULL: nowhere */
} clv_profile_column;

/* Adds a panel of `column_count` columns against `depths` (`count` values), with error bars, or with bands (`bands`)
   for dense profiles. Lends the panel in `*out` (may be NULL). */
CLV_API clv_status clv_figure_add_profile(clv_figure *figure, const clv_panel_options *options, const double *depths,
                                          size_t count, const clv_profile_column *const *columns, size_t column_count,
                                          bool bands, clv_panel **out, clv_error *err);

/* Takes `size` bytes of a file; anything but CLV_OK ends the writing with that status. [the calling thread] */
typedef clv_status (*clv_figure_sink)(const void *bytes, size_t size, void *payload);

/* Tells the format that a path's suffix asks for (.svg .pdf .png, any case); BAD_ARGUMENT for others. */
CLV_API clv_status clv_figure_format_find(const char *path, clv_figure_format *out, clv_error *err);

/* Draws the figure and hands the file's bytes, whole, to `sink`. */
CLV_API clv_status clv_figure_write(const clv_figure *figure, clv_figure_format format, clv_figure_sink sink,
                                    void *payload, clv_error *err);

/* Draws the figure into a file whose suffix tells the format. It is written beside its final name and renamed, so
   readers only ever see whole files. CANNOT_WRITE with the system's reason. */
CLV_API clv_status clv_figure_save(const clv_figure *figure, const char *path, clv_error *err);

CLV_END_DECLS

#endif
