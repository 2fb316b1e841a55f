/* What is done to a drawn file before it is handed out. Private to core/plot.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLOT_PUBLISH_H
#define CLV_PLOT_PUBLISH_H

#include "plot/canvas.h"

/* Gives the SVG in `in` a title and description (NULL for none) and identifiers that depend on nothing but its content,
   so that the same figure is the same file and several can stand in one HTML page. The caller frees out->at. */
clv_status clv_publish_svg(const clv_bytes *in, const char *title, const char *subject, clv_bytes *out, clv_error *err);

/* Gives the PNG in `in` its resolution (chunk pHYs, W3C PNG 11.3.4.3). The caller frees out->at. */
clv_status clv_publish_png(const clv_bytes *in, double dots_per_inch, clv_bytes *out, clv_error *err);

#endif
