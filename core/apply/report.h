/* What the objects of corelevel become in a report. Private to core/apply. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_REPORT_H
#define CLV_APPLY_REPORT_H

#include <corelevel/figure.h>
#include <corelevel/fit.h>
#include <corelevel/group.h>
#include <corelevel/record.h>

#include "report/report.h"

/* More spectra than these are drawn thinned in a report; more points than these are summed up instead of listed. */
#define REPORT_CURVES_MAX ((size_t)200)
#define REPORT_POINTS_MAX ((size_t)10000)

/* Each adds one item, with its figure; `name` is the user's, or NULL. */
clv_status report_add_fit(clv_report *report, const char *name, const clv_fit *fit, clv_error *err);
clv_status report_add_columns(clv_report *report, const char *name, const clv_columns *columns, clv_error *err);
clv_status report_add_columns_group(clv_report *report, const char *name, const clv_group *group, clv_error *err);
clv_status report_add_spectra(clv_report *report, const char *name, const clv_spectra *spectra, clv_error *err);

/* The sentences on methods, the components with their formulas, and the sources of a fit. */
clv_status report_add_methods(clv_value *content, const clv_fit *fit, clv_error *err);

/* What the script draws of a fit, and of columns along one axis or two, as JSON (the caller frees it); NULL for none.
 */
clv_status report_fit_curves(const clv_fit *fit, char **json, clv_error *err);
clv_status report_columns_curves(const clv_columns *columns, const char *ordinate, char **json, clv_error *err);
clv_status report_group_curves(const clv_group *group, const char *ordinate, char **json, clv_error *err);
clv_status report_spectra_curves(const clv_spectra *spectra, char **json, clv_error *err);

/* A figure of envelopes above one another, the caller's. */
clv_status report_draw_waterfall(const clv_fit *fit, clv_figure **figure, clv_error *err);

/* The history, source and metadata of spectra as `provenance`; "binding_energy" as an axis with its label. */
clv_status report_add_provenance(clv_value *content, const clv_spectra *spectra, clv_error *err);
clv_status report_axis(const clv_axis *axis, clv_value **made, clv_error *err);

/* Set a text (NULL: nothing is set) or a number of a table, and append to a list; a list or table in place under a name
   is made by report_table, which lends it. */
clv_status report_text(clv_value *table, const char *name, const char *text, clv_error *err);
clv_status report_number(clv_value *table, const char *name, double number, clv_error *err);
clv_status report_say(clv_value *list, clv_error *err, const char *format, ...) CLV_PRINTF(3, 4);
clv_status report_table(clv_value *table, const char *name, clv_value **made, clv_error *err);
clv_status report_row(clv_value *list, clv_value **made, clv_error *err);

/* The flags of a fit as words. The text is the caller's (clv_text_free). */
clv_status report_flags(uint8_t flags, char **words, clv_error *err);

#endif
