/* Spectra in a report: their figure and where they came from.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdio.h>

#include "apply/plot.h"

static clv_status fill(clv_value *content, const char *name, const clv_spectra *spectra, clv_error *err)
{
    size_t count = clv_spectra_count(spectra);
    char caption[PLOT_LABEL_SIZE * 2], what[PLOT_LABEL_SIZE];

    clv_label_chemical(clv_spectra_name(spectra), what, sizeof what);
    snprintf(caption, sizeof caption, "%s: %zu %s%s.", what, count, count == 1 ? "spectrum" : "spectra",
             count > 12 ? ", of which some are drawn" : "");
    CLV_TRY(report_text(content, "kind", "spectra", err));
    CLV_TRY(report_text(content, "name", name, err));
    CLV_TRY(report_text(content, "what", clv_spectra_name(spectra), err));
    CLV_TRY(report_text(content, "unit", clv_spectra_unit(spectra), err));
    CLV_TRY(report_text(content, "caption", caption, err));
    CLV_TRY(report_number(content, "count", (double)count, err));
    return report_add_provenance(content, spectra, err);
}

clv_status report_add_spectra(clv_report *report, const char *name, const clv_spectra *spectra, clv_error *err)
{
    plot_wish wish = {.low = -INFINITY, .high = INFINITY};
    clv_report_item *item = NULL;
    clv_figure *figure = NULL;
    clv_status status;

    CLV_TRY(clv_report_add(report, &item, err));
    CLV_TRY(fill(item->content, name, spectra, err));
    CLV_TRY(report_spectra_curves(spectra, &item->curves, err));
    status = plot_spectra(&spectra, NULL, 1, &wish, &figure, err);
    if (!status) { status = clv_report_draw(item, figure, report->count, err); }
    clv_figure_free(figure);
    return status;
}
