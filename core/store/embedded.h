/* Files that are compiled into the library (cmake/embed.cmake makes their arrays). Private to core/store.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_EMBEDDED_H
#define CLV_STORE_EMBEDDED_H

#include <stddef.h>

/* spectra/lines.xml */
extern const unsigned char clv_embedded_lines[];
extern const size_t clv_embedded_lines_size;

/* spectra/envelopes.xml */
extern const unsigned char clv_embedded_envelopes[];
extern const size_t clv_embedded_envelopes_size;

/* core/report/style.css, chart.js, figures.js */
extern const unsigned char clv_embedded_report_style[];
extern const size_t clv_embedded_report_style_size;
extern const unsigned char clv_embedded_report_chart[];
extern const size_t clv_embedded_report_chart_size;
extern const unsigned char clv_embedded_report_figures[];
extern const size_t clv_embedded_report_figures_size;

#endif
