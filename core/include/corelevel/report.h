/* Reports: one HTML file that opens from disk with no network, and the same content as JSON and CSV beside it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REPORT_H
#define CLV_REPORT_H

#include <corelevel/value.h>

CLV_BEGIN_DECLS

/* Writes a report of objects to `path`, which must end in .html, the same content as JSON beside it (x.json), and its
   values as one long table (x_values.csv). `title` is the heading (NULL: "Report"). `items` is a table of fits,
   columns, spectra, records and groups of them, and texts (remarks, a paragraph for each line): first those by place,
   in their order, then those under names, sorted; a name becomes the item's heading.

   The page holds a summary, a figure for each item (inline SVG, redrawn to be zoomed and read where the browser runs
   its script), tables with values, uncertainties, units and states, a paragraph on methods, sources and provenance. It
   loads nothing. No file holds a time, a host's name or a folder: the same objects give the same bytes.

   Each file is written beside its final name and renamed, so readers only ever see whole files. Errors:
   CLV_BAD_ARGUMENT (another suffix, no items, an item that cannot stand in a report), CLV_CANNOT_WRITE,
   CLV_NO_MEMORY. */
CLV_API clv_status clv_report_write(const char *path, const char *title, const clv_value *items, clv_error *err);

/* Checks the JSON of a report against what ISO 19830:2015 asks of reports on peak fitting (as its published abstract
   and clause titles name it). `answers` receives a table, the caller's, with one entry for each fit: `what` it is of,
   `standard`, how many items were `asked`, `complete` (a truth) and `missing`, a list of texts. Errors: CLV_BAD_FILE
   for what is no such report, CLV_NO_MEMORY. */
CLV_API clv_status clv_report_check(const void *json, size_t count, clv_value **answers, clv_error *err);

CLV_END_DECLS

#endif
