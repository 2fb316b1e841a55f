/* A report's content, item by item, before it becomes a page and a JSON file.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REPORT_REPORT_H
#define CLV_REPORT_REPORT_H

#include <corelevel/figure.h>
#include <corelevel/value.h>

#include "data/buffer.h"

/* One thing that is reported. `content` is a table of texts, numbers and tables with the member `kind` ("fit",
   "columns", "spectra"), which says how the page sets it; the JSON file holds it as it is. */
typedef struct clv_report_item {
    clv_value *content;
    char *curves; /* JSON: what the page's script draws; NULL for none */
    char *figure; /* an <svg> element; NULL for none */
} clv_report_item;

typedef struct clv_report {
    char *title;
    clv_report_item *items;
    size_t count;
} clv_report;

/* Begin with {0}; free what it holds. */
void clv_report_clear(clv_report *report);

/* Adds an item and lends it until the next call. */
clv_status clv_report_add(clv_report *report, clv_report_item **item, clv_error *err);

/* Draws a figure into an item. `number` keeps the names inside its SVG apart from those of other figures. */
clv_status clv_report_draw(clv_report_item *item, const clv_figure *figure, size_t number, clv_error *err);

/* Write a report as one HTML page, and as JSON, onto the end of a buffer. */
clv_status clv_report_page(const clv_report *report, clv_buffer *out, clv_error *err);
clv_status clv_report_json(const clv_report *report, clv_buffer *out, clv_error *err);

/* Writes the values of all items as one long table. */
clv_status clv_report_values(const clv_report *report, const char *path, clv_error *err);

/* Writes x.html, x.json and x_values.csv; `path` is that of the page. */
clv_status clv_report_publish(const clv_report *report, const char *path, clv_error *err);

#endif
