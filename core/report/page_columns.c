/* Sets columns: the table of values, the same in the summary, and their figure.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <math.h>
#include <string.h>

#include "report/html.h"

#define SUMMARY_ROWS 24 /* longer tables stand in their own section only */
#define PAGE_ROWS 400   /* longer ones are left to the JSON file */

static int has_samples(const clv_value *content) { return clv_value_get(content, "sampled") != NULL; }

/* Whether an axis stands beside another, such as the etch time beside the depth: narrow screens leave it out. */
static int is_beside(const clv_value *content, size_t place)
{
    return clv_value_get(clv_value_at(clv_value_get(content, "axes"), place), "beside") != NULL;
}

static int any_status(const clv_value *rows)
{
    for (size_t i = 0; i < clv_value_count(rows); i++) {
        const char *status = clv_html_text(clv_value_at(rows, i), "status");

        if (status && *status) { return 1; }
    }
    return 0;
}

static void add_head(const clv_value *content, int status, clv_buffer *out)
{
    const clv_value *axes = clv_value_get(content, "axes"), *columns = clv_value_get(content, "columns");

    clv_buffer_add(out, "<thead><tr>");
    if (has_samples(content)) { clv_buffer_add(out, "<th scope=\"col\">Sample</th>"); }
    for (size_t i = 0; i < clv_value_count(axes); i++) {
        clv_buffer_format(out, "<th scope=\"col\" class=\"n%s\">", is_beside(content, i) ? " beside" : "");
        clv_html_add_markup(out, clv_html_text(clv_value_at(axes, i), "label"));
        clv_buffer_add(out, "</th>");
    }
    for (size_t i = 0; i < clv_value_count(columns); i++) {
        clv_buffer_add(out, "<th scope=\"col\" class=\"n\">");
        clv_html_add_markup(out, clv_html_text(clv_value_at(columns, i), "label"));
        clv_html_add_unit(out, clv_html_text(clv_value_at(columns, i), "unit"));
        clv_buffer_add(out, "</th>");
    }
    if (status) { clv_buffer_add(out, "<th scope=\"col\">Status</th>"); }
    clv_buffer_add(out, "</tr></thead>\n");
}

/* A value with its error, "< limit" where it was not detected, its interval where it is not symmetric; with a bar where
   it is a fraction. */
static void add_cell(const clv_value *row, size_t c, int fraction, clv_buffer *out)
{
    double value = clv_html_number_at(row, "values", c), limit = clv_html_number_at(row, "limits", c);
    double low = clv_html_number_at(row, "low", c), high = clv_html_number_at(row, "high", c);

    clv_buffer_add(out, "<td class=\"n\">");
    if (isfinite(limit)) {
        clv_buffer_add(out, "<span class=\"limit\">&lt; ");
        clv_html_add_measured(out, limit, NAN);
        clv_buffer_add(out, "</span>");
    } else if (isfinite(low) && isfinite(high)) {
        clv_html_add_measured(out, value, NAN);
        clv_buffer_add(out, " <span class=\"interval\">(");
        clv_html_add_measured(out, low, NAN);
        clv_buffer_add(out, " to ");
        clv_html_add_measured(out, high, NAN);
        clv_buffer_add(out, ")</span>");
    } else {
        clv_html_add_measured(out, value, clv_html_number_at(row, "errors", c));
    }
    if (fraction && value >= 0 && value <= 1) {
        clv_buffer_format(out, "<span class=\"bar\" style=\"--v:%d\" aria-hidden=\"true\"></span>",
                          (int)lround(value * 100));
    }
    clv_buffer_add(out, "</td>");
}

static void add_row(const clv_value *content, const clv_value *row, int status, clv_buffer *out)
{
    const clv_value *places = clv_value_get(row, "places"), *columns = clv_value_get(content, "columns");
    int fraction = clv_value_get(content, "fractions") != NULL;

    clv_buffer_add(out, "<tr>");
    if (has_samples(content)) {
        clv_buffer_add(out, "<th scope=\"row\">");
        clv_html_add(out, clv_html_text(row, "sample"));
        clv_buffer_add(out, "</th>");
    }
    for (size_t i = 0; i < clv_value_count(places); i++) {
        int heads = i == 0 && !has_samples(content);

        clv_buffer_format(out, "<%s class=\"n%s\">", heads ? "th scope=\"row\"" : "td",
                          is_beside(content, i) ? " beside" : "");
        clv_html_add_measured(out, clv_value_as_number(clv_value_at(places, i)), NAN);
        clv_buffer_add(out, heads ? "</th>" : "</td>");
    }
    for (size_t c = 0; c < clv_value_count(columns); c++) { add_cell(row, c, fraction, out); }
    if (status) {
        clv_buffer_add(out, "<td>");
        clv_page_status(clv_html_text(row, "status"), out);
        clv_buffer_add(out, "</td>");
    }
    clv_buffer_add(out, "</tr>\n");
}

/* A row for each column and a column for each sample, for what has one point each and more columns than fit a page. */
static void add_turned(const clv_value *content, int status, clv_buffer *out)
{
    const clv_value *rows = clv_value_get(content, "rows"), *columns = clv_value_get(content, "columns");
    int fraction = clv_value_get(content, "fractions") != NULL;

    clv_buffer_add(out, "<thead><tr><th scope=\"col\">Quantity</th>");
    for (size_t i = 0; i < clv_value_count(rows); i++) {
        const char *sample = clv_html_text(clv_value_at(rows, i), "sample");

        clv_buffer_add(out, "<th scope=\"col\" class=\"n\">");
        clv_html_add(out, sample ? sample : "Value");
        clv_buffer_add(out, "</th>");
    }
    clv_buffer_add(out, "</tr></thead>\n<tbody>\n");
    for (size_t c = 0; c < clv_value_count(columns); c++) {
        clv_buffer_add(out, "<tr><th scope=\"row\">");
        clv_html_add_markup(out, clv_html_text(clv_value_at(columns, c), "label"));
        clv_html_add_unit(out, clv_html_text(clv_value_at(columns, c), "unit"));
        clv_buffer_add(out, "</th>");
        for (size_t i = 0; i < clv_value_count(rows); i++) { add_cell(clv_value_at(rows, i), c, fraction, out); }
        clv_buffer_add(out, "</tr>\n");
    }
    clv_buffer_add(out, status ? "<tr><th scope=\"row\">Status</th>" : "");
    for (size_t i = 0; i < clv_value_count(rows) && status; i++) {
        clv_buffer_add(out, "<td class=\"n\">");
        clv_page_status(clv_html_text(clv_value_at(rows, i), "status"), out);
        clv_buffer_add(out, "</td>");
    }
    clv_buffer_add(out, status ? "</tr>\n" : "");
}

/* Whether every sample has one point, and there are too many columns to stand side by side. */
static int is_turned(const clv_value *content)
{
    size_t rows = clv_value_count(clv_value_get(content, "rows"));

    return clv_value_count(clv_value_get(content, "axes")) == 0 && rows <= 4 &&
           clv_value_count(clv_value_get(content, "columns")) > 4;
}

static void add_table(const clv_value *content, clv_buffer *out)
{
    const clv_value *rows = clv_value_get(content, "rows");
    int status = any_status(rows);

    clv_buffer_add(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    clv_html_add(out, clv_html_text(content, "what"));
    clv_buffer_add(out, "\"><table class=\"answer\"><caption>");
    clv_page_title(content, out);
    clv_buffer_add(out, "</caption>\n");
    if (is_turned(content)) {
        add_turned(content, status, out);
    } else {
        add_head(content, status, out);
        clv_buffer_add(out, "<tbody>\n");
    }
    for (size_t i = 0; i < clv_value_count(rows) && i < PAGE_ROWS && !is_turned(content); i++) {
        add_row(content, clv_value_at(rows, i), status, out);
    }
    clv_buffer_add(out, "</tbody></table></div>\n");
    if (clv_value_count(rows) > PAGE_ROWS) {
        clv_buffer_format(out, "<p class=\"quiet\">%d of %zu rows; the JSON file holds all.</p>\n", PAGE_ROWS,
                          clv_value_count(rows));
    }
}

/* Median, lowest and highest of each column, for what has too many points for a table. */
static void add_overview(const clv_value *content, clv_buffer *out)
{
    const clv_value *columns = clv_value_get(content, "columns");

    clv_buffer_add(out,
                   "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Overview\"><table><caption>");
    clv_page_title(content, out);
    clv_buffer_format(out, ", %.0f points</caption>\n<thead><tr><th scope=\"col\">Column</th>",
                      clv_html_number(content, "points"));
    clv_buffer_add(out, "<th scope=\"col\" class=\"n\">Median</th><th scope=\"col\" class=\"n\">Lowest</th>"
                        "<th scope=\"col\" class=\"n\">Highest</th><th scope=\"col\" class=\"n\">Without a "
                        "value</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < clv_value_count(columns); i++) {
        const clv_value *column = clv_value_at(columns, i);

        clv_buffer_add(out, "<tr><th scope=\"row\">");
        clv_html_add_markup(out, clv_html_text(column, "label"));
        clv_html_add_unit(out, clv_html_text(column, "unit"));
        clv_buffer_add(out, "</th><td class=\"n\">");
        clv_html_add_measured(out, clv_html_number(column, "median"), NAN);
        clv_buffer_add(out, "</td><td class=\"n\">");
        clv_html_add_measured(out, clv_html_number(column, "lowest"), NAN);
        clv_buffer_add(out, "</td><td class=\"n\">");
        clv_html_add_measured(out, clv_html_number(column, "highest"), NAN);
        clv_buffer_format(out, "</td><td class=\"n\">%.0f</td></tr>\n", clv_html_number(column, "missing"));
    }
    clv_buffer_add(out, "</tbody></table></div>\n");
}

void clv_page_columns_summary(const clv_report_item *item, size_t number, clv_buffer *out)
{
    size_t rows = clv_value_count(clv_value_get(item->content, "rows"));

    if (rows == 0 || rows > SUMMARY_ROWS) {
        add_overview(item->content, out);
    } else {
        add_table(item->content, out);
    }
    clv_html_add_list(out, clv_value_get(item->content, "notes"), "notes");
    if (item->figure) {
        clv_buffer_format(out, "<p class=\"more\"><a href=\"#item-%zu\">Figure %zu</a></p>\n", number, number);
    }
}

void clv_page_columns(const clv_report_item *item, size_t number, clv_buffer *out)
{
    size_t rows = clv_value_count(clv_value_get(item->content, "rows"));

    clv_page_figure(item, number, out);
    if (rows > SUMMARY_ROWS) {
        clv_buffer_format(out, "<details><summary>All values (%zu)</summary>\n", rows);
        add_table(item->content, out);
        clv_buffer_add(out, "</details>\n");
    } else if (!item->figure) {
        clv_buffer_add(out, "<p class=\"quiet\">The values stand in the summary.</p>\n");
    }
}

void clv_page_spectra(const clv_report_item *item, size_t number, clv_buffer *out)
{
    clv_page_figure(item, number, out);
    clv_html_add_list(out, clv_value_get(item->content, "notes"), "notes");
}
