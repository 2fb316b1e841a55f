/* Sets a report as one page: head, summary, sections, and the script that comes with it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/base.h>

#include "report/html.h"
#include "report/json_write.h"
#include "store/embedded.h"

static int is(const clv_value *content, const char *kind)
{
    const char *own = clv_html_text(content, "kind");

    return own && strcmp(own, kind) == 0;
}

void clv_page_title(const clv_value *content, clv_buffer *out)
{
    const char *name = clv_html_text(content, "name"), *what = clv_html_text(content, "what");
    const char *heading = clv_html_text(content, "heading");

    if (!name) { name = clv_html_text(content, "apart"); }
    clv_html_add_name(out, name);
    if (name && what && strcmp(name, what) == 0) { return; }
    clv_buffer_add(out, name ? ": " : "");
    if (heading) {
        clv_html_add_markup(out, heading);
    } else {
        clv_html_add_name(out, what);
    }
}

void clv_page_status(const char *status, clv_buffer *out)
{
    const char *kind = "quiet";

    if (!status || !*status) {
        clv_buffer_add(out, "<span class=\"ok\">ok</span>");
        return;
    }
    if (strstr(status, "model does not") || strstr(status, "converge") || strstr(status, "finite")) { kind = "bad"; }
    if (*kind == 'q' && (strstr(status, "bound") || strstr(status, "undetermined"))) { kind = "warn"; }
    clv_buffer_format(out, "<span class=\"mark %s\">", kind);
    clv_html_add(out, status);
    clv_buffer_add(out, "</span>");
}

void clv_page_figure(const clv_report_item *item, size_t number, clv_buffer *out)
{
    const char *caption = clv_html_text(item->content, "caption");

    if (!item->figure && !item->curves) { return; }
    clv_buffer_format(out, "<figure id=\"figure-%zu\" aria-labelledby=\"caption-%zu\"%s>\n", number, number,
                      item->curves ? " data-interactive" : "");
    clv_buffer_add(out, "<div class=\"paper\">");
    clv_buffer_add(out, item->figure ? item->figure : "");
    clv_buffer_format(out, "</div>\n<figcaption id=\"caption-%zu\"><b>Figure %zu.</b> ", number, number);
    clv_html_add_markup(out, caption);
    clv_buffer_add(out, "</figcaption>\n");
    if (item->curves) {
        clv_buffer_add(out, "<script type=\"application/json\" class=\"curves\">");
        clv_buffer_add(out, item->curves);
        clv_buffer_add(out, "</script>\n");
    }
    clv_buffer_add(out, "</figure>\n");
}

static void add_embedded(clv_buffer *out, const unsigned char *bytes, size_t size)
{
    clv_buffer_bytes(out, (const char *)bytes, size);
}

static void add_head(const clv_report *report, clv_buffer *out)
{
    clv_buffer_add(
        out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"corelevel ");
    clv_buffer_add(out, clv_version());
    clv_buffer_add(out, "\">\n<title>");
    clv_html_add(out, report->title);
    clv_buffer_add(out, "</title>\n<style>\n");
    add_embedded(out, clv_embedded_report_style, clv_embedded_report_style_size);
    clv_buffer_add(out, "</style>\n</head>\n");
}

static void add_contents(const clv_report *report, clv_buffer *out)
{
    clv_buffer_add(out, "<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#summary\">Summary</a></li>\n");
    for (size_t i = 0; i < report->count; i++) {
        clv_buffer_format(out, "<li><a href=\"#item-%zu\">", i + 1);
        clv_page_title(report->items[i].content, out);
        clv_buffer_add(out, "</a></li>\n");
    }
    clv_buffer_add(out, "<li><a href=\"#methods\">Methods</a></li>\n<li><a href=\"#provenance\">Provenance</a></li>\n"
                        "</ul></nav>\n");
}

/* What was asked for comes first: columns, then how well the fits describe the data. */
static void add_summary(const clv_report *report, clv_buffer *out)
{
    int fits = 0;

    clv_buffer_add(out, "<section id=\"summary\" aria-labelledby=\"summary-title\">\n"
                        "<h2 id=\"summary-title\">Summary</h2>\n");
    for (size_t i = 0; i < report->count; i++) {
        if (is(report->items[i].content, "columns")) { clv_page_columns_summary(&report->items[i], i + 1, out); }
        fits += is(report->items[i].content, "fit");
    }
    if (fits) {
        clv_buffer_add(out,
                       "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Goodness of the fits\">"
                       "<table class=\"fits\"><caption>How well the models describe the data</caption>\n<thead><tr>"
                       "<th scope=\"col\">Fit</th><th scope=\"col\" class=\"n\">Spectra</th>"
                       "<th scope=\"col\" class=\"n\">Reduced χ<sup>2</sup></th><th scope=\"col\">Marks</th>"
                       "</tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < report->count; i++) {
            if (is(report->items[i].content, "fit")) { clv_page_fit_summary(&report->items[i], i + 1, out); }
        }
        clv_buffer_add(out, "</tbody></table></div>\n");
    }
    clv_buffer_add(out, "</section>\n");
}

/* Paragraphs end at line feeds. */
static void add_text(const char *text, clv_buffer *out)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);

        if (length > 0) {
            clv_buffer_add(out, "<p class=\"remark\">");
            clv_html_add(out, line ? line : "");
            clv_buffer_add(out, "</p>\n");
        }
        out->failed |= !line;
        free(line);
        text += length + (text[length] == '\n');
    }
}

static void add_items(const clv_report *report, clv_buffer *out)
{
    for (size_t i = 0; i < report->count; i++) {
        const clv_report_item *item = &report->items[i];

        clv_buffer_format(
            out, "<section id=\"item-%zu\" class=\"item\" aria-labelledby=\"title-%zu\">\n<h2 id=\"title-%zu\">", i + 1,
            i + 1, i + 1);
        clv_page_title(item->content, out);
        clv_buffer_add(out, "</h2>\n");
        if (is(item->content, "fit")) { clv_page_fit(item, i + 1, out); }
        if (is(item->content, "columns")) { clv_page_columns(item, i + 1, out); }
        if (is(item->content, "spectra")) { clv_page_spectra(item, i + 1, out); }
        if (is(item->content, "text")) { add_text(clv_html_text(item->content, "text"), out); }
        clv_buffer_add(out, "</section>\n");
    }
}

static void add_ends(const clv_report *report, clv_buffer *out)
{
    clv_buffer_add(
        out, "<section id=\"methods\" aria-labelledby=\"methods-title\">\n<h2 id=\"methods-title\">Methods</h2>\n");
    for (size_t i = 0; i < report->count; i++) { clv_page_methods(report->items[i].content, out); }
    clv_buffer_add(out, "</section>\n<section id=\"provenance\" aria-labelledby=\"provenance-title\">\n"
                        "<h2 id=\"provenance-title\">Provenance</h2>\n");
    for (size_t i = 0; i < report->count; i++) { clv_page_provenance(report->items[i].content, out); }
    clv_buffer_add(out, "</section>\n");
}

clv_status clv_report_page(const clv_report *report, clv_buffer *out, clv_error *err)
{
    add_head(report, out);
    clv_buffer_add(out, "<body>\n<a class=\"skip\" href=\"#summary\">Skip to the summary</a>\n<header>\n"
                        "<p class=\"kicker\">corelevel report</p>\n<h1>");
    clv_html_add(out, report->title);
    clv_buffer_add(out, "</h1>\n");
    add_contents(report, out);
    clv_buffer_add(out, "</header>\n<main>\n");
    add_summary(report, out);
    add_items(report, out);
    add_ends(report, out);
    clv_buffer_format(
        out,
        "</main>\n<footer><p>Written by corelevel %s. The same content stands beside this page as JSON, its "
        "values as a table (CSV).</p></footer>\n<script>\n",
        clv_version());
    add_embedded(out, clv_embedded_report_chart, clv_embedded_report_chart_size);
    add_embedded(out, clv_embedded_report_figures, clv_embedded_report_figures_size);
    clv_buffer_add(out, "</script>\n</body>\n</html>\n");
    CLV_CHECK(!out->failed, err, CLV_NO_MEMORY, "no memory for a report");
    return CLV_OK;
}
