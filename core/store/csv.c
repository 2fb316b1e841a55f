/* Writes comma-separated values. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "base/publication.h"

struct clv_csv {
    clv_publication *publication;
    int fields; /* in the row so far */
    clv_error failure;
};

clv_status clv_csv_open(const char *path, clv_csv **csv, clv_error *err)
{
    clv_csv *made = calloc(1, sizeof *made);
    clv_status status;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: no memory to write it", path);
    status = clv_publication_open(path, &made->publication, err);
    if (status) {
        free(made);
        return status;
    }
    *csv = made;
    return CLV_OK;
}

static void put(clv_csv *csv, const char *bytes, size_t count)
{
    if (csv->failure.status) { return; }
    (void)clv_publication_put(csv->publication, bytes, count, &csv->failure);
}

static void separate(clv_csv *csv)
{
    if (csv->fields++ > 0) { put(csv, ",", 1); }
}

void clv_csv_text(clv_csv *csv, const char *text)
{
    separate(csv);
    if (!strpbrk(text, ",\"\r\n")) {
        put(csv, text, strlen(text));
        return;
    }
    put(csv, "\"", 1);
    for (const char *c = text; *c; c++) { put(csv, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1); }
    put(csv, "\"", 1);
}

void clv_csv_number(clv_csv *csv, double number)
{
    char text[CLV_TEXT_NUMBER_SIZE];

    separate(csv);
    if (!isnan(number)) { put(csv, text, clv_text_from_number(number, text)); }
}

void clv_csv_header(clv_csv *csv, const char *name, const char *unit)
{
    size_t size = strlen(name) + (unit ? strlen(unit) : 0) + 4;
    char *text = malloc(size);

    if (!text) {
        if (!csv->failure.status) { clv_fail(&csv->failure, CLV_NO_MEMORY, "no memory for the header of a table"); }
        return;
    }
    strcpy(text, name);
    if (unit && *unit && strcmp(unit, "1") != 0) {
        strcat(text, " [");
        strcat(text, unit);
        strcat(text, "]");
    }
    clv_csv_text(csv, text);
    free(text);
}

void clv_csv_end(clv_csv *csv)
{
    put(csv, "\r\n", 2);
    csv->fields = 0;
}

clv_status clv_csv_finish(clv_csv *csv, clv_error *err)
{
    clv_publication *publication = csv->publication;
    clv_status status = csv->failure.status;

    if (status) {
        clv_fail(err, status, "%s", csv->failure.text);
        clv_publication_free(publication);
    } else {
        status = clv_publication_finish(publication, NULL, NULL, err);
    }
    free(csv);
    return status;
}

void clv_csv_free(clv_csv *csv)
{
    if (!csv) { return; }
    clv_publication_free(csv->publication);
    free(csv);
}
