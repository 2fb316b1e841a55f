/* Collects the items of a report, draws their figures, and publishes page and JSON.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/base.h>
#include <corelevel/text.h>

#include "base/publication.h"
#include "report/json_write.h"
#include "report/reporting.h"

void clv_report_clear(clv_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        clv_value_free(report->items[i].content);
        free(report->items[i].curves);
        free(report->items[i].figure);
    }
    free(report->items);
    free(report->title);
    *report = (clv_report){0};
}

clv_status clv_report_add(clv_report *report, clv_report_item **item, clv_error *err)
{
    clv_report_item *grown = realloc(report->items, (report->count + 1) * sizeof *grown);

    CLV_CHECK(grown, err, CLV_NO_MEMORY, "no memory for a report");
    report->items = grown;
    grown[report->count] = (clv_report_item){.content = clv_value_table()};
    *item = &grown[report->count++];
    CLV_CHECK((*item)->content, err, CLV_NO_MEMORY, "no memory for a report");
    return CLV_OK;
}

/* ---- Figures */

static clv_status take_bytes(const void *bytes, size_t size, void *payload)
{
    clv_buffer_bytes(payload, bytes, size);
    return CLV_OK;
}

/* Copies an SVG whose identifiers get the item's number before them. */
static void number_names(const char *svg, size_t number, clv_buffer *out)
{
    static const char *const forms[] = {" id=\"", "href=\"#", "url(#"};

    while (*svg) {
        const char *next = NULL;
        size_t length = 0;

        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
            const char *found = strstr(svg, forms[i]);

            if (found && (!next || found < next)) {
                next = found;
                length = strlen(forms[i]);
            }
        }
        if (!next) { break; }
        clv_buffer_bytes(out, svg, (size_t)(next - svg) + length);
        clv_buffer_format(out, "f%zu", number);
        svg = next + length;
    }
    clv_buffer_add(out, svg);
}

/* Leaves the declaration before the root away; in place of its size in points the root gets the widths within which the
   page may scale it and letters stay readable. */
static void shape_root(const char *svg, size_t number, clv_buffer *out)
{
    const char *root = strstr(svg, "<svg"), *end = root ? strchr(root, '>') : NULL;
    const char *box = root ? strstr(root, "viewBox=\"") : NULL;
    double width = 0;

    if (!end || !box || box > end) { return; }
    for (const char *at = box + 9; *at != '"';) {
        const char *next = clv_text_number_at(at, end, &width);

        if (!next) { return; }
        at = next + strspn(next, " ");
        if (strcspn(at, " \"") == strcspn(at, "\"")) { break; }
    }
    clv_buffer_format(
        out, "<svg aria-hidden=\"true\" focusable=\"false\" style=\"min-width:%.0fpx;max-width:%.0fpx\" %.*s\">", width,
        2 * width, (int)(9 + strcspn(box + 9, "\"")), box);
    number_names(end + 1, number, out);
}

clv_status clv_report_draw(clv_report_item *item, const clv_figure *figure, size_t number, clv_error *err)
{
    clv_buffer drawn = {0}, shaped = {0};
    clv_status status = clv_figure_write(figure, CLV_FIGURE_SVG, take_bytes, &drawn, err);

    clv_buffer_bytes(&drawn, "", 1);
    if (!status && !drawn.failed) { shape_root(drawn.text, number, &shaped); }
    if (!status && drawn.failed) { status = clv_fail(err, CLV_NO_MEMORY, "no memory for a figure of a report"); }
    clv_buffer_clear(&drawn);
    if (!status) {
        free(item->figure);
        item->figure = NULL;
        return clv_buffer_take(&shaped, &item->figure, err);
    }
    clv_buffer_clear(&shaped);
    return status;
}

/* ---- JSON */

static void add_item(clv_buffer *out, const clv_report_item *item)
{
    clv_buffer_add(out, "{\"content\":");
    clv_json_add_value(out, item->content);
    if (item->curves) {
        clv_buffer_add(out, ",\"curves\":");
        clv_buffer_add(out, item->curves);
    }
    clv_buffer_add(out, "}");
}

clv_status clv_report_json(const clv_report *report, clv_buffer *out, clv_error *err)
{
    clv_buffer_add(out, "{\"schema\":\"corelevel-report-1\",\"software\":\"corelevel ");
    clv_buffer_add(out, clv_version());
    clv_buffer_add(out, "\",\"title\":");
    clv_json_add_text(out, report->title);
    clv_buffer_add(out, ",\"items\":[");
    for (size_t i = 0; i < report->count; i++) {
        clv_buffer_add(out, i ? ",\n" : "\n");
        add_item(out, &report->items[i]);
    }
    clv_buffer_add(out, "\n]}\n");
    CLV_CHECK(!out->failed, err, CLV_NO_MEMORY, "no memory for a report");
    return CLV_OK;
}

/* ---- Files */

static clv_status publish(const char *path, const clv_buffer *bytes, clv_error *err)
{
    clv_publication *publication = NULL;
    clv_status status;

    CLV_TRY(clv_publication_open(path, &publication, err));
    status = clv_publication_put(publication, bytes->text, bytes->length, err);
    if (!status) { return clv_publication_finish(publication, NULL, NULL, err); }
    clv_publication_free(publication);
    return status;
}

/* The path of a file beside the page: its stem with another end. NULL when memory is out. */
static char *beside(const char *path, const char *end)
{
    char *made = NULL;

    return asprintf(&made, "%.*s%s", (int)(strlen(path) - strlen(".html")), path, end) < 0 ? NULL : made;
}

/* The page comes last: where it stands, all stands. */
clv_status clv_report_publish(const clv_report *report, const char *path, clv_error *err)
{
    char *json_path = beside(path, ".json"), *values_path = beside(path, "_values.csv");
    clv_buffer page = {0}, json = {0};
    clv_status status = CLV_OK;

    if (!json_path || !values_path) { status = clv_fail(err, CLV_NO_MEMORY, "no memory for a report"); }
    for (size_t i = 0; i < report->count && !status; i++) { status = clv_reporting_add(&report->items[i], err); }
    if (!status) { status = clv_report_page(report, &page, err); }
    if (!status) { status = clv_report_json(report, &json, err); }
    if (!status) { status = publish(json_path, &json, err); }
    if (!status) { status = clv_report_values(report, values_path, err); }
    if (!status) { status = publish(path, &page, err); }
    clv_buffer_clear(&page);
    clv_buffer_clear(&json);
    free(json_path);
    free(values_path);
    return status;
}
