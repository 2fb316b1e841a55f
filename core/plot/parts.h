/* What a figure is made of: panels and series as they are kept. Private to core/plot.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLOT_PARTS_H
#define CLV_PLOT_PARTS_H

#include <corelevel/figure.h>

#define CLV_FIGURE_GRID 64    /* rows and columns of cells */
#define CLV_FIGURE_PANELS 512 /* panels of a figure */
#define CLV_PANEL_SERIES 4096 /* series of a panel */

typedef enum clv_series_kind {
    CLV_SERIES_POINTS,
    CLV_SERIES_LINE,
    CLV_SERIES_STEP,
    CLV_SERIES_AREA,
    CLV_SERIES_ERRORS,
    CLV_SERIES_LIMITS,
    CLV_SERIES_RULE,
    CLV_SERIES_TEXT,
    CLV_SERIES_MAP
} clv_series_kind;

/* One series. Its four arrays lie in one block that `values` owns; those that its kind does not use are NULL. */
typedef struct clv_series {
    clv_series_kind kind;
    size_t count;
    double *values, *x, *y, *low, *high;
    char *text;      /* of a rule or text; cleaned */
    clv_style style; /* resolved; style.name is owned */
    bool upright;    /* of a rule */
    double lift;     /* of a text */
    clv_heat_map map;
} clv_series;

struct clv_panel {
    clv_figure *figure;
    clv_panel_options options; /* its texts are owned and cleaned */
    size_t place;              /* from the top of the cell */
    bool has_bar;
    double bar_low, bar_high, bar_reach; /* reach: part of the colour map that it shows */
    char *bar_label;
    char *note; /* a second line under the caption */
    clv_series *series;
    size_t count, room, coloured; /* `coloured`: palette entries used */
};

struct clv_figure {
    clv_figure_options options; /* its texts are owned and cleaned */
    clv_panel **panels;
    size_t count, rows, columns;
};

/* Copies a struct of options that may be of another version: what the caller's lacks stays zero. */
clv_status clv_options_read(void *to, size_t size, const void *from, const char *what, clv_error *err);

/* Copies a text cleaned; NULL stays NULL. */
clv_status clv_text_copy(const char *text, char **out, clv_error *err);

/* Frees what a panel owns, and the panel. */
void clv_panel_free(clv_panel *panel);

#endif
