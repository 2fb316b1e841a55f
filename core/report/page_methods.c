/* Sets how a result came about: methods, sources, and where the data came from.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include "report/html.h"

/* A citation whose "doi 10.…" is a link. */
static void add_citation(const char *citation, clv_buffer *out)
{
    const char *doi = strstr(citation, "doi 10.");
    size_t length;
    char *before, *name;

    if (!doi) {
        clv_html_add(out, citation);
        return;
    }
    length = strcspn(doi + 4, " ;,)");
    before = strndup(citation, (size_t)(doi - citation));
    name = strndup(doi + 4, length);
    if (before && name) {
        clv_html_add(out, before);
        clv_buffer_add(out, "<a href=\"https://doi.org/");
        clv_html_add(out, name);
        clv_buffer_add(out, "\">doi ");
        clv_html_add(out, name);
        clv_buffer_add(out, "</a>");
        clv_html_add(out, doi + 4 + length);
    }
    out->failed |= !before || !name;
    free(before);
    free(name);
}

static void add_components(const clv_value *content, clv_buffer *out)
{
    const clv_value *list = clv_value_get(content, "components");

    clv_buffer_add(out, "<dl class=\"components\">\n");
    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *component = clv_value_at(list, i);

        clv_buffer_add(out, "<div><dt>");
        clv_html_add_name(out, clv_html_text(component, "name"));
        clv_buffer_add(out, "</dt><dd>");
        clv_html_add(out, clv_html_text(component, "description"));
        if (clv_html_text(component, "formula")) {
            clv_buffer_add(out, " <code>");
            clv_html_add(out, clv_html_text(component, "formula"));
            clv_buffer_add(out, "</code>");
        }
        clv_buffer_add(out, "</dd></div>\n");
    }
    clv_buffer_add(out, "</dl>\n");
}

static void add_sources(const clv_value *content, clv_buffer *out)
{
    const clv_value *list = clv_value_get(content, "sources");

    if (clv_value_count(list) == 0) { return; }
    clv_buffer_add(out, "<h4>Sources</h4>\n<ul class=\"sources\">\n");
    for (size_t i = 0; i < clv_value_count(list); i++) {
        clv_buffer_add(out, "<li>");
        add_citation(clv_value_as_text(clv_value_at(list, i)), out);
        clv_buffer_add(out, "</li>\n");
    }
    clv_buffer_add(out, "</ul>\n");
}

/* Whether the report is complete by the standard, else what is missing. */
static void add_reporting(const clv_value *content, clv_buffer *out)
{
    const clv_value *reporting = clv_value_get(content, "reporting"), *missing = clv_value_get(reporting, "missing");

    if (!reporting) { return; }
    clv_buffer_add(out, "<p class=\"reporting\">");
    if (clv_value_as_boolean(clv_value_get(reporting, "complete"))) {
        clv_buffer_format(out, "All %.0f items of a report on peak fitting are here (",
                          clv_value_as_number(clv_value_get(reporting, "asked")));
    } else {
        clv_buffer_format(out, "Not complete: of the %.0f items of a report on peak fitting there is no ",
                          clv_value_as_number(clv_value_get(reporting, "asked")));
        for (size_t i = 0; i < clv_value_count(missing); i++) {
            clv_buffer_add(out, i ? "; no " : "");
            clv_html_add(out, clv_value_as_text(clv_value_at(missing, i)));
        }
        clv_buffer_add(out, " (");
    }
    clv_html_add(out, clv_html_text(reporting, "standard"));
    clv_buffer_add(out, ").</p>\n");
}

void clv_page_methods(const clv_value *content, clv_buffer *out)
{
    const clv_value *sentences = clv_value_get(content, "methods");

    if (clv_value_count(sentences) == 0) { return; }
    clv_buffer_add(out, "<h3>");
    clv_page_title(content, out);
    clv_buffer_add(out, "</h3>\n<p class=\"methods\">");
    for (size_t i = 0; i < clv_value_count(sentences); i++) {
        clv_buffer_add(out, i ? " " : "");
        clv_html_add(out, clv_value_as_text(clv_value_at(sentences, i)));
    }
    clv_buffer_add(out, "</p>\n");
    add_reporting(content, out);
    add_components(content, out);
    add_sources(content, out);
}

/* ---- Provenance */

static void add_fact(const char *name, const char *text, clv_buffer *out)
{
    if (!text) { return; }
    clv_buffer_format(out, "<div><dt>%s</dt><dd><code>", name);
    clv_html_add(out, text);
    clv_buffer_add(out, "</code></dd></div>\n");
}

static void add_history(const clv_value *history, clv_buffer *out)
{
    if (clv_value_count(history) == 0) { return; }
    clv_buffer_add(out, "<ol class=\"history\" aria-label=\"History\">\n");
    for (size_t i = 0; i < clv_value_count(history); i++) {
        clv_buffer_add(out, "<li><code>");
        clv_html_add(out, clv_value_as_text(clv_value_at(history, i)));
        clv_buffer_add(out, "</code></li>\n");
    }
    clv_buffer_add(out, "</ol>\n");
}

static void add_metadata(const clv_value *list, clv_buffer *out)
{
    if (clv_value_count(list) == 0) { return; }
    clv_buffer_add(out,
                   "<details><summary>What the file says</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                   "aria-label=\"Metadata\"><table><caption>Metadata</caption><thead><tr><th scope=\"col\">Entry</th>"
                   "<th scope=\"col\">Value</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < clv_value_count(list); i++) {
        const clv_value *entry = clv_value_at(list, i);

        clv_buffer_add(out, "<tr><th scope=\"row\">");
        clv_html_add(out, clv_html_text(entry, "name"));
        clv_buffer_add(out, "</th><td>");
        if (clv_html_text(entry, "text")) {
            clv_html_add(out, clv_html_text(entry, "text"));
        } else {
            clv_html_add_measured(out, clv_html_number(entry, "number"), 0);
            clv_buffer_add(out, " ");
            if (strcmp(clv_html_text(entry, "unit"), "1") != 0) {
                clv_html_add_name(out, clv_html_text(entry, "unit"));
            }
        }
        clv_buffer_add(out, "</td></tr>\n");
    }
    clv_buffer_add(out, "</tbody></table></div></details>\n");
}

void clv_page_provenance(const clv_value *content, clv_buffer *out)
{
    const clv_value *from = clv_value_get(content, "provenance");

    if (!from) { return; }
    clv_buffer_add(out, "<h3>");
    clv_page_title(content, out);
    clv_buffer_add(out, "</h3>\n<dl class=\"provenance\">\n");
    add_fact("Source", clv_html_text(from, "source"), out);
    add_fact("SHA-256", clv_html_text(from, "source_sha256"), out);
    add_fact("Fingerprint", clv_html_text(from, "source_fingerprint"), out);
    clv_buffer_add(out, "</dl>\n");
    add_history(clv_value_get(from, "history"), out);
    add_metadata(clv_value_get(from, "metadata"), out);
}
