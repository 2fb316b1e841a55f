/* Writes every value of a report as one long table: a row for each quantity at each place.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "report/html.h"
#include "store/csv.h"

/* What stands in one row beside the item it belongs to. */
typedef struct row {
    const char *item, *sample, *place, *quantity, *unit, *state, *status;
    double value, error, low, high, limit;
} row;

static void put(clv_csv *csv, const row *r)
{
    clv_csv_text(csv, r->item);
    clv_csv_text(csv, r->sample ? r->sample : "");
    clv_csv_text(csv, r->place);
    clv_csv_text(csv, r->quantity);
    clv_csv_text(csv, r->unit);
    clv_csv_number(csv, r->value);
    clv_csv_number(csv, r->error);
    clv_csv_number(csv, r->low);
    clv_csv_number(csv, r->high);
    clv_csv_number(csv, r->limit);
    clv_csv_text(csv, r->state);
    clv_csv_text(csv, r->status ? r->status : "");
    clv_csv_end(csv);
}

/* "depth=15; etch_time=300" */
static void write_places(const clv_value *axes, const clv_value *places, char *out, size_t size)
{
    size_t used = 0;

    out[0] = 0;
    for (size_t i = 0; i < clv_value_count(places) && used + 1 < size; i++) {
        char number[CLV_TEXT_NUMBER_SIZE];

        clv_text_from_number(clv_value_as_number(clv_value_at(places, i)), number);
        used += (size_t)snprintf(out + used, size - used, "%s%s=%s", i ? "; " : "",
                                 clv_html_text(clv_value_at(axes, i), "name"), number);
    }
}

static void put_columns(clv_csv *csv, const char *item, const clv_value *content)
{
    const clv_value *columns = clv_value_get(content, "columns"), *rows = clv_value_get(content, "rows");
    char place[400];

    for (size_t i = 0; i < clv_value_count(rows); i++) {
        const clv_value *at = clv_value_at(rows, i);

        write_places(clv_value_get(content, "axes"), clv_value_get(at, "places"), place, sizeof place);
        for (size_t c = 0; c < clv_value_count(columns); c++) {
            put(csv, &(row){.item = item,
                            .sample = clv_html_text(at, "sample"),
                            .place = place,
                            .quantity = clv_html_text(clv_value_at(columns, c), "name"),
                            .unit = clv_html_text(clv_value_at(columns, c), "unit"),
                            .state = "",
                            .status = clv_html_text(at, "status"),
                            .value = clv_html_number_at(at, "values", c),
                            .error = clv_html_number_at(at, "errors", c),
                            .low = clv_html_number_at(at, "low", c),
                            .high = clv_html_number_at(at, "high", c),
                            .limit = clv_html_number_at(at, "limits", c)});
        }
    }
}

static void put_fit(clv_csv *csv, const char *item, const clv_value *content)
{
    const clv_value *parameters = clv_value_get(content, "parameters"), *axis = clv_value_get(content, "axis");
    const clv_value *status = clv_value_get(clv_value_get(content, "goodness"), "status");
    char place[400], number[CLV_TEXT_NUMBER_SIZE];

    for (size_t i = 0; i < clv_value_count(status); i++) {
        clv_text_from_number(axis ? clv_html_number_at(axis, "values", i) : (double)(i + 1), number);
        snprintf(place, sizeof place, "%s=%s", axis ? clv_html_text(axis, "name") : "spectrum", number);
        for (size_t p = 0; p < clv_value_count(parameters); p++) {
            const clv_value *parameter = clv_value_at(parameters, p);

            put(csv, &(row){.item = item,
                            .place = place,
                            .quantity = clv_html_text(parameter, "name"),
                            .unit = clv_html_text(parameter, "unit"),
                            .state = clv_html_text_at(parameter, "states", i),
                            .status = clv_value_as_text(clv_value_at(status, i)),
                            .value = clv_html_number_at(parameter, "values", i),
                            .error = clv_html_number_at(parameter, "errors", i),
                            .low = clv_html_number_at(parameter, "interval_low", i),
                            .high = clv_html_number_at(parameter, "interval_high", i),
                            .limit = NAN});
        }
    }
}

clv_status clv_report_values(const clv_report *report, const char *path, clv_error *err)
{
    static const char *const header[] = {"item",  "sample",       "place",         "quantity", "unit",  "value",
                                         "error", "interval_low", "interval_high", "limit",    "state", "status"};
    clv_csv *csv = NULL;

    CLV_TRY(clv_csv_open(path, &csv, err));
    for (size_t i = 0; i < sizeof header / sizeof *header; i++) { clv_csv_text(csv, header[i]); }
    clv_csv_end(csv);
    for (size_t i = 0; i < report->count; i++) {
        const clv_value *content = report->items[i].content;
        const char *name = clv_html_text(content, "name"), *what = clv_html_text(content, "what");
        char item[600];

        name = name ? name : clv_html_text(content, "apart");
        snprintf(item, sizeof item, "%s%s%s", name ? name : "", name ? ": " : "", what ? what : "");
        if (strcmp(clv_html_text(content, "kind"), "fit") == 0) { put_fit(csv, item, content); }
        if (strcmp(clv_html_text(content, "kind"), "columns") == 0) { put_columns(csv, item, content); }
    }
    return clv_csv_finish(csv, err);
}
