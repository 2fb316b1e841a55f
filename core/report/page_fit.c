/* Sets a fit: its figure, goodness, parameters and what is to be said of it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/html.h"

static size_t spectra_of(const clv_value *content) { return (size_t)clv_html_number(content, "count"); }

/* ---- Summary */

/* "1.04", or "0.98 to 1.31" for a series. */
static void add_range(const clv_value *list, clv_buffer *out)
{
    double low = INFINITY, high = -INFINITY;

    for (size_t i = 0; i < clv_value_count(list); i++) {
        low = fmin(low, clv_value_as_number(clv_value_at(list, i)));
        high = fmax(high, clv_value_as_number(clv_value_at(list, i)));
    }
    if (!(low <= high)) { low = high = NAN; }
    clv_html_add_brief(out, low);
    if (high > low) {
        clv_buffer_add(out, " to ");
        clv_html_add_brief(out, high);
    }
}

static void add_marks(const clv_value *content, clv_buffer *out)
{
    const clv_value *marks = clv_value_get(content, "marks");

    if (clv_value_count(marks) == 0) { clv_page_status(NULL, out); }
    for (size_t i = 0; i < clv_value_count(marks); i++) {
        clv_buffer_add(out, i ? " " : "");
        clv_page_status(clv_value_as_text(clv_value_at(marks, i)), out);
    }
}

void clv_page_fit_summary(const clv_report_item *item, size_t number, clv_buffer *out)
{
    clv_buffer_format(out, "<tr><th scope=\"row\"><a href=\"#item-%zu\">", number);
    clv_page_title(item->content, out);
    clv_buffer_format(out, "</a></th><td class=\"n\">%zu</td><td class=\"n\">", spectra_of(item->content));
    add_range(clv_value_get(clv_value_get(item->content, "goodness"), "reduced_chi2"), out);
    clv_buffer_add(out, "</td><td>");
    add_marks(item->content, out);
    clv_buffer_add(out, "</td></tr>\n");
}

/* ---- Parameters */

/* "start 780, 779.4 to 780.6", "= Co3+.fwhm", "fixed". */
static void add_constraint(const clv_value *parameter, clv_buffer *out)
{
    const char *formula = clv_html_text(parameter, "expression");
    double start = clv_html_number(parameter, "start"), low = clv_html_number(parameter, "low");
    double high = clv_html_number(parameter, "high");

    if (formula) {
        clv_buffer_add(out, "<code>= ");
        clv_html_add(out, formula);
        clv_buffer_add(out, "</code>");
        return;
    }
    if (isfinite(start)) {
        clv_buffer_add(out, "from ");
        clv_html_add_measured(out, start, NAN);
    }
    if (isfinite(low) && isfinite(high)) {
        clv_buffer_add(out, isfinite(start) ? ", within " : "within ");
        clv_html_add_measured(out, low, NAN);
        clv_buffer_add(out, " and ");
        clv_html_add_measured(out, high, NAN);
    } else if (isfinite(low)) {
        clv_buffer_add(out, isfinite(start) ? ", ≥ " : "≥ ");
        clv_html_add_measured(out, low, NAN);
    } else if (isfinite(high)) {
        clv_buffer_add(out, isfinite(start) ? ", ≤ " : "≤ ");
        clv_html_add_measured(out, high, NAN);
    }
}

/* A number cut to the second digit of an error. */
static double cut(double value, double error)
{
    double step = error > 0 && isfinite(error) ? pow(10, floor(log10(error)) - 1) : 0;
    double inverse = step > 0 ? round(1 / step) : 0;

    if (inverse >= 1) { return round(value * inverse) / inverse; }
    return step > 0 ? round(value / step) * step : value;
}

/* The value of a single spectrum or of what is the same for all; of a series its range. */
static void add_value(const clv_value *parameter, clv_buffer *out)
{
    const clv_value *values = clv_value_get(parameter, "values");
    double first = clv_html_number_at(parameter, "values", 0), error = INFINITY;
    double low = clv_html_number_at(parameter, "interval_low", 0),
           high = clv_html_number_at(parameter, "interval_high", 0);
    size_t i = 1;

    while (i < clv_value_count(values) && clv_html_number_at(parameter, "values", i) == first) { i++; }
    if (i >= clv_value_count(values) && i > 0 && clv_value_count(values)) {
        clv_html_add_measured(out, first, clv_html_number_at(parameter, "errors", 0));
        if (i > 1 || !isfinite(low) || !isfinite(high)) { return; }
        clv_buffer_add(out, "<br><span class=\"interval\">");
        clv_html_add_measured(out, low, NAN);
        clv_buffer_add(out, " to ");
        clv_html_add_measured(out, high, NAN);
        clv_buffer_add(out, "</span>");
        return;
    }
    for (i = 0; i < clv_value_count(values); i++) { error = fmin(error, clv_html_number_at(parameter, "errors", i)); }
    clv_html_add_measured(out, cut(clv_html_number(parameter, "lowest"), error), NAN);
    clv_buffer_add(out, " to ");
    clv_html_add_measured(out, cut(clv_html_number(parameter, "highest"), error), NAN);
}

static void add_state(const char *state, clv_buffer *out)
{
    clv_buffer_format(out, "<span class=\"state %s\">", strcmp(state, "at a bound") == 0 ? "bound" : state);
    clv_html_add(out, state);
    clv_buffer_add(out, "</span>");
}

static size_t stem_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? (size_t)(dot - name) : 0;
}

/* A row over those of one component. */
static void add_group(const char *name, clv_buffer *out)
{
    char component[300];

    snprintf(component, sizeof component, "%.*s", (int)stem_of(name), name);
    clv_buffer_add(out, "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"5\">");
    clv_html_add_name(out, component);
    clv_buffer_add(out, "</th></tr>\n");
}

static void add_parameter(const clv_value *parameter, clv_buffer *out)
{
    const char *state = clv_html_text(parameter, "state"), *name = clv_html_text(parameter, "name");
    size_t stem = stem_of(name);

    clv_buffer_add(out, "<tr><th scope=\"row\">");
    clv_html_add(out, name + stem + (stem > 0));
    clv_buffer_add(out, "</th><td class=\"n\">");
    add_value(parameter, out);
    clv_buffer_add(out, "</td><td>");
    if (strcmp(clv_html_text(parameter, "unit"), "1") != 0) {
        clv_html_add_name(out, clv_html_text(parameter, "unit"));
    }
    clv_buffer_add(out, "</td><td>");
    add_state(state ? state : "", out);
    clv_buffer_add(out, "</td><td class=\"how\">");
    add_constraint(parameter, out);
    clv_buffer_add(out, "</td></tr>\n");
}

static void add_rows(const clv_value *list, clv_buffer *out)
{
    const char *before = "";

    for (size_t i = 0; i < clv_value_count(list); i++) {
        const char *name = clv_html_text(clv_value_at(list, i), "name");
        size_t stem = stem_of(name);

        if (stem != stem_of(before) || strncmp(name, before, stem) != 0) {
            clv_buffer_add(out, i ? "</tbody>\n<tbody>\n" : "<tbody>\n");
            add_group(name, out);
        }
        add_parameter(clv_value_at(list, i), out);
        before = name;
    }
    clv_buffer_add(out, clv_value_count(list) ? "</tbody>" : "");
}

static void add_parameters(const clv_value *content, clv_buffer *out)
{
    const clv_value *list = clv_value_get(content, "parameters");

    clv_buffer_add(
        out, "<h3>Parameters</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\">"
             "<table><caption>");
    clv_buffer_add(out, spectra_of(content) == 1 ? "Values with standard uncertainties, and how each was constrained"
                                                 : "What was fitted: one value for the series, or its range over the "
                                                   "spectra, and how each was constrained");
    clv_buffer_add(out,
                   "</caption>\n<thead><tr><th scope=\"col\">Parameter</th><th scope=\"col\" class=\"n\">Value</th>"
                   "<th scope=\"col\">Unit</th><th scope=\"col\">State</th><th scope=\"col\">Start and bounds</th>"
                   "</tr></thead>\n");
    add_rows(list, out);
    clv_buffer_add(out, "</table></div>\n");
}

/* ---- Spectra of a series */

static int is_own(const clv_value *parameter)
{
    const char *state = clv_html_text(parameter, "asked");

    return state && strcmp(state, "free") == 0;
}

static void add_series_head(const clv_value *content, const clv_value *list, clv_buffer *out)
{
    const clv_value *axis = clv_value_get(content, "axis");

    clv_buffer_add(out, "<thead><tr><th scope=\"col\">");
    if (axis) {
        clv_html_add_markup(out, clv_html_text(axis, "label"));
    } else {
        clv_buffer_add(out, "Spectrum");
    }
    clv_buffer_add(out, "</th>");
    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *parameter = clv_value_at(list, i);

        if (!is_own(parameter)) { continue; }
        clv_buffer_add(out, "<th scope=\"col\" class=\"n\">");
        clv_html_add_markup(out, clv_html_text(parameter, "label"));
        clv_html_add_unit(out, clv_html_text(parameter, "unit"));
        clv_buffer_add(out, "</th>");
    }
    clv_buffer_add(out,
                   "<th scope=\"col\" class=\"n\">Reduced χ<sup>2</sup></th><th scope=\"col\" class=\"n\">Runs test p"
                   "</th><th scope=\"col\">Status</th></tr></thead>\n");
}

static void add_series_row(const clv_value *content, const clv_value *list, size_t spectrum, clv_buffer *out)
{
    const clv_value *axis = clv_value_get(content, "axis"), *goodness = clv_value_get(content, "goodness");

    clv_buffer_add(out, "<tr><th scope=\"row\" class=\"n\">");
    clv_html_add_measured(out, axis ? clv_html_number_at(axis, "values", spectrum) : (double)(spectrum + 1), NAN);
    clv_buffer_add(out, "</th>");
    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *parameter = clv_value_at(list, i);

        if (!is_own(parameter)) { continue; }
        clv_buffer_add(out, "<td class=\"n\">");
        clv_html_add_measured(out, clv_html_number_at(parameter, "values", spectrum),
                              clv_html_number_at(parameter, "errors", spectrum));
        clv_buffer_add(out, "</td>");
    }
    clv_buffer_add(out, "<td class=\"n\">");
    clv_html_add_brief(out, clv_html_number_at(goodness, "reduced_chi2", spectrum));
    clv_buffer_add(out, "</td><td class=\"n\">");
    clv_html_add_brief(out, clv_html_number_at(goodness, "runs_p", spectrum));
    clv_buffer_add(out, "</td><td>");
    clv_page_status(clv_html_text_at(goodness, "status", spectrum), out);
    clv_buffer_add(out, "</td></tr>\n");
}

/* Long tables are folded; what prints the page unfolds them. */
static void add_series(const clv_value *content, clv_buffer *out)
{
    const clv_value *list = clv_value_get(content, "parameters");
    size_t count = clv_value_count(clv_value_get(clv_value_get(content, "goodness"), "status"));

    clv_buffer_format(out, "<details%s><summary>Spectrum by spectrum (%zu)</summary>\n", count <= 40 ? " open" : "",
                      count);
    clv_buffer_add(out,
                   "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Spectrum by spectrum\"><table>\n"
                   "<caption>Free parameters of each spectrum with standard uncertainties</caption>\n");
    add_series_head(content, list, out);
    clv_buffer_add(out, "<tbody>\n");
    for (size_t i = 0; i < count; i++) { add_series_row(content, list, i, out); }
    clv_buffer_add(out, "</tbody></table></div></details>\n");
}

/* ---- Goodness and correlations */

static void add_goodness(const clv_value *content, clv_buffer *out)
{
    const clv_value *goodness = clv_value_get(content, "goodness");

    if (spectra_of(content) != 1) { return; }
    clv_buffer_add(out, "<dl class=\"facts\"><div><dt>Reduced χ<sup>2</sup></dt><dd>");
    clv_html_add_brief(out, clv_html_number_at(goodness, "reduced_chi2", 0));
    clv_buffer_add(out, "</dd></div><div><dt>χ<sup>2</sup></dt><dd>");
    clv_html_add_brief(out, clv_html_number_at(goodness, "chi2", 0));
    clv_buffer_add(out, "</dd></div><div><dt>Deviance</dt><dd>");
    clv_html_add_brief(out, clv_html_number_at(goodness, "deviance", 0));
    clv_buffer_add(out, "</dd></div><div><dt>Degrees of freedom</dt><dd>");
    clv_html_add_brief(out, clv_html_number_at(goodness, "dof", 0));
    clv_buffer_add(out, "</dd></div><div><dt>AIC</dt><dd>");
    clv_html_add_brief(out, clv_html_number_at(goodness, "aic", 0));
    clv_buffer_add(out, "</dd></div><div><dt>BIC</dt><dd>");
    clv_html_add_brief(out, clv_html_number_at(goodness, "bic", 0));
    clv_buffer_add(out, "</dd></div><div><dt>Runs test p</dt><dd>");
    clv_html_add_brief(out, clv_html_number_at(goodness, "runs_p", 0));
    clv_buffer_add(out, "</dd></div><div><dt>Status</dt><dd>");
    clv_page_status(clv_html_text_at(goodness, "status", 0), out);
    clv_buffer_add(out, "</dd></div></dl>\n");
}

static void add_correlations(const clv_value *content, clv_buffer *out)
{
    const clv_value *list = clv_value_get(content, "correlations");

    clv_buffer_add(out, "<h3>Correlations over 0.95</h3>\n");
    if (clv_value_count(list) == 0) {
        clv_buffer_add(out, "<p>None between fitted parameters.</p>\n");
        return;
    }
    clv_buffer_add(
        out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Correlations\"><table><caption>The "
             "strongest over all spectra</caption>\n<thead><tr><th scope=\"col\">Parameter</th><th scope=\"col\">"
             "Parameter</th><th scope=\"col\" class=\"n\">Correlation</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *pair = clv_value_at(list, i);

        clv_buffer_add(out, "<tr><th scope=\"row\">");
        clv_html_add_markup(out, clv_html_text(pair, "a"));
        clv_buffer_add(out, "</th><td>");
        clv_html_add_markup(out, clv_html_text(pair, "b"));
        clv_buffer_add(out, "</td><td class=\"n\">");
        clv_html_add_measured(out, clv_html_number(pair, "correlation"), NAN);
        clv_buffer_add(out, "</td></tr>\n");
    }
    clv_buffer_add(out, "</tbody></table></div>\n");
}

void clv_page_fit(const clv_report_item *item, size_t number, clv_buffer *out)
{
    const clv_value *content = item->content;

    clv_html_add_list(out, clv_value_get(content, "warnings"), "warnings");
    clv_page_figure(item, number, out);
    add_goodness(content, out);
    add_parameters(content, out);
    if (spectra_of(content) > 1) { add_series(content, out); }
    add_correlations(content, out);
    clv_html_add_list(out, clv_value_get(content, "notes"), "notes");
}
