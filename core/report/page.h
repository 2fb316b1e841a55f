/* The parts of a report's page. Private to core/report. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REPORT_PAGE_H
#define CLV_REPORT_PAGE_H

#include "report/report.h"

/* Each adds one item's section, or its part of the summary. `number` counts items from 1. */
void clv_page_fit(const clv_report_item *item, size_t number, clv_buffer *out);
void clv_page_fit_summary(const clv_report_item *item, size_t number, clv_buffer *out);
void clv_page_columns(const clv_report_item *item, size_t number, clv_buffer *out);
void clv_page_columns_summary(const clv_report_item *item, size_t number, clv_buffer *out);
void clv_page_spectra(const clv_report_item *item, size_t number, clv_buffer *out);

/* Adds methods, sources and provenance of an item. */
void clv_page_methods(const clv_value *content, clv_buffer *out);
void clv_page_provenance(const clv_value *content, clv_buffer *out);

/* Adds the figure of an item with its caption, and the data that the script draws it from. */
void clv_page_figure(const clv_report_item *item, size_t number, clv_buffer *out);

/* Adds the heading of an item: "treated: Co 2p". */
void clv_page_title(const clv_value *content, clv_buffer *out);

/* Adds a status text as a mark; an empty one as "ok". */
void clv_page_status(const char *status, clv_buffer *out);

#endif
