/* Writes reports: what is to be reported, item by item, members of groups one after the other.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/report.h>

#include <stdio.h>
#include <string.h>

#include "apply/report.h"
#include "data/texts.h"

#include <corelevel/text.h>

static clv_status add(clv_report *report, const char *name, const clv_value *item, clv_error *err);

/* "P treated" for a member of a group that has a name too. */
static clv_status add_members(clv_report *report, const char *name, const clv_group *group, clv_error *err)
{
    for (size_t i = 0; i < clv_group_count(group); i++) {
        const char *own = clv_group_name(group, i);
        char both[300];

        snprintf(both, sizeof both, "%s%s%s", name ? name : "", name && own ? ", " : "", own ? own : "");
        CLV_TRY(add(report, *both ? both : NULL, clv_group_at(group, i), err));
    }
    return CLV_OK;
}

static clv_status add_record(clv_report *report, const char *name, const clv_record *record, clv_error *err)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        CLV_TRY(report_add_spectra(report, name, clv_record_at(record, i), err));
    }
    return CLV_OK;
}

/* A remark in the author's words. */
static clv_status add_text(clv_report *report, const char *name, const char *text, clv_error *err)
{
    clv_report_item *item = NULL;

    CLV_TRY(clv_report_add(report, &item, err));
    CLV_TRY(report_text(item->content, "kind", "text", err));
    CLV_TRY(report_text(item->content, name ? "name" : "what", name ? name : "Remark", err));
    return report_text(item->content, "text", text, err);
}

static clv_status add(clv_report *report, const char *name, const clv_value *item, clv_error *err)
{
    clv_kind kind = clv_value_kind(item);
    void *object = clv_value_as_object(item, kind);

    switch (kind) {
    case CLV_FIT: return report_add_fit(report, name, object, err);
    case CLV_COLUMNS: return report_add_columns(report, name, object, err);
    case CLV_SPECTRA: return report_add_spectra(report, name, object, err);
    case CLV_TEXT: return add_text(report, name, clv_value_as_text(item), err);
    case CLV_RECORD: return add_record(report, name, object, err);
    case CLV_GROUP:
        if (clv_group_kind(object) == CLV_COLUMNS) { return report_add_columns_group(report, name, object, err); }
        return add_members(report, name, object, err);
    default: break;
    }
    return clv_fail(err, CLV_BAD_ARGUMENT,
                    "report: %s%s%s is a %s; a report holds fits, columns, spectra, records, lists of them, and texts",
                    name ? "\"" : "an item", name ? name : "", name ? "\"" : "", clv_kind_name(kind));
}

static clv_status add_all(clv_report *report, const clv_value *items, clv_error *err)
{
    for (size_t i = 0; i < clv_value_count(items); i++) { CLV_TRY(add(report, NULL, clv_value_at(items, i), err)); }
    for (size_t i = 0; i < clv_value_name_count(items); i++) {
        const char *name = clv_value_name_at(items, i);

        CLV_TRY(add(report, name, clv_value_get(items, name), err));
    }
    CLV_CHECK(report->count > 0, err, CLV_BAD_ARGUMENT,
              "report: there is nothing to report; give fits, columns or spectra");
    return CLV_OK;
}

static const char *text_of(const clv_report *report, size_t item, const char *name)
{
    return clv_value_as_text(clv_value_get(report->items[item].content, name));
}

/* Whether another item that nobody named is of the same region. */
static int is_ambiguous(const clv_report *report, size_t item)
{
    const char *what = text_of(report, item, "what");

    for (size_t i = 0; i < report->count; i++) {
        const char *other = text_of(report, i, "what");

        if (i != item && what && other && strcmp(what, other) == 0) { return !text_of(report, item, "name"); }
    }
    return 0;
}

/* Items of the same region that nobody named are told apart by their sample, or by the file they came from. */
static clv_status tell_apart(clv_report *report, clv_error *err)
{
    for (size_t i = 0; i < report->count; i++) {
        const clv_value *from = clv_value_get(report->items[i].content, "provenance");
        const char *sample = text_of(report, i, "sample");

        if (!sample) { sample = clv_value_as_text(clv_value_get(from, "source")); }
        if (!is_ambiguous(report, i)) { continue; }
        CLV_TRY(report_text(report->items[i].content, "apart", sample, err));
    }
    return CLV_OK;
}

clv_status clv_report_write(const char *path, const char *title, const clv_value *items, clv_error *err)
{
    size_t length = strlen(path);
    clv_report report = {0};
    clv_status status;

    CLV_CHECK(length > 5 && clv_text_equal(path + length - 5, ".html"), err, CLV_BAD_ARGUMENT,
              "report: path: \"%s\" should end in .html", path);
    CLV_CHECK(clv_value_kind(items) == CLV_TABLE, err, CLV_BAD_ARGUMENT,
              "report: needs a table of what is to be reported, not a %s", clv_kind_name(clv_value_kind(items)));
    report.title = clv_texts_copy(title && *title ? title : "Report");
    status = report.title ? add_all(&report, items, err) : clv_fail(err, CLV_NO_MEMORY, "no memory for a report");
    if (!status) { status = tell_apart(&report, err); }
    if (!status) { status = clv_report_publish(&report, path, err); }
    clv_report_clear(&report);
    return status;
}
