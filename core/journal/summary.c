/* The summary and the failures of a batch, written from the journals of its shards.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/grid.h"
#include "store/csv.h"

typedef enum column_kind { COLUMN_AXIS, COLUMN_VALUE, COLUMN_STATUS, COLUMN_KINDS } column_kind;

/* What the summary is made of. */
typedef struct summary {
    clv_entries entries;
    size_t columns;
    char **column;
    column_kind *kind;
    char *table; /* the first published table's name */
    int several; /* tables of other names were published, too */
    clv_csv *csv;
} summary;

/* ---- Columns */

static size_t find_column(const summary *self, const char *name)
{
    size_t place = 0;

    while (place < self->columns && strcmp(self->column[place], name) != 0) { place++; }
    return place;
}

static clv_status add_column(summary *self, const char *name, column_kind kind, clv_error *err)
{
    char **grown = reallocarray(self->column, self->columns + 1, sizeof *grown);
    column_kind *kinds;

    if (grown) { self->column = grown; }
    kinds = reallocarray(self->kind, self->columns + 1, sizeof *kinds);
    if (kinds) { self->kind = kinds; }
    CLV_CHECK(grown && kinds && (self->column[self->columns] = strdup(name)), err, CLV_NO_MEMORY,
              "no memory for the summary");
    self->kind[self->columns++] = kind;
    return CLV_OK;
}

/* Notes the columns of one table and whether its name is another than the first's. */
static clv_status note_table(void *payload, size_t place, const char *item, const char *name, const clv_rows *rows,
                             clv_error *err)
{
    summary *self = payload;
    size_t axes = clv_rows_axes(rows);

    (void)place;
    (void)item;
    if (!self->table) { self->table = strdup(name); }
    CLV_CHECK(self->table, err, CLV_NO_MEMORY, "no memory for the summary");
    self->several |= strcmp(self->table, name) != 0;
    for (size_t c = 0; c < rows->columns; c++) {
        column_kind kind = c < axes ? COLUMN_AXIS : COLUMN_VALUE;
        if (find_column(self, rows->field[c]) < self->columns) { continue; }
        if (strcmp(rows->field[c], "status") == 0) { kind = COLUMN_STATUS; }
        CLV_TRY(add_column(self, rows->field[c], kind, err));
    }
    return CLV_OK;
}

static void put_field(summary *self, const clv_rows *rows, size_t row, const char *column)
{
    for (size_t c = 0; c < rows->columns; c++) {
        if (strcmp(rows->field[c], column) != 0) { continue; }
        clv_csv_text(self->csv, rows->field[row * rows->columns + c]);
        return;
    }
    clv_csv_text(self->csv, "");
}

static clv_status put_table(void *payload, size_t place, const char *item, const char *name, const clv_rows *rows,
                            clv_error *err)
{
    summary *self = payload;

    (void)place;
    (void)err;
    for (size_t row = 1; row < rows->count; row++) {
        clv_csv_text(self->csv, item);
        if (self->several) { clv_csv_text(self->csv, name); }
        for (int kind = 0; kind < COLUMN_KINDS; kind++) {
            for (size_t c = 0; c < self->columns; c++) {
                if ((int)self->kind[c] == kind) { put_field(self, rows, row, self->column[c]); }
            }
        }
        clv_csv_end(self->csv);
    }
    return CLV_OK;
}

/* ---- Files */

static clv_status open_csv(summary *self, const char *folder, const char *name, clv_error *err)
{
    char *path = NULL;
    clv_status status;

    CLV_CHECK(asprintf(&path, "%s/%s", folder, name) >= 0, err, CLV_NO_MEMORY, "no memory for the summary");
    status = clv_csv_open(path, &self->csv, err);
    free(path);
    return status;
}

static clv_status write_summary(summary *self, const char *folder, clv_error *err)
{
    clv_status status;

    CLV_TRY(clv_entries_visit(&self->entries, note_table, self, err));
    CLV_TRY(open_csv(self, folder, "summary.csv", err));
    clv_csv_text(self->csv, "input");
    if (self->several) { clv_csv_text(self->csv, "table"); }
    for (int kind = 0; kind < COLUMN_KINDS; kind++) {
        for (size_t c = 0; c < self->columns; c++) {
            if ((int)self->kind[c] == kind) { clv_csv_text(self->csv, self->column[c]); }
        }
    }
    clv_csv_end(self->csv);
    status = clv_entries_visit(&self->entries, put_table, self, err);
    if (!status) { return clv_csv_finish(self->csv, err); }
    clv_csv_free(self->csv);
    return status;
}

static clv_status write_failures(summary *self, const char *folder, size_t *failed, clv_error *err)
{
    static const char *const names[] = {"input", "where", "why"};
    clv_status status = CLV_OK;

    CLV_TRY(open_csv(self, folder, "failures.csv", err));
    for (int i = 0; i < 3; i++) { clv_csv_text(self->csv, names[i]); }
    clv_csv_end(self->csv);
    for (size_t i = 0; i < self->entries.count && !status; i++) {
        clv_journal_item item;
        status = clv_entries_item(&self->entries, i, &item, err);
        if (status || item.outcome == 0) { continue; }
        clv_csv_text(self->csv, item.name);
        clv_csv_text(self->csv, item.where);
        clv_csv_text(self->csv, item.why);
        clv_csv_end(self->csv);
        *failed += 1;
    }
    if (!status) { return clv_csv_finish(self->csv, err); }
    clv_csv_free(self->csv);
    return status;
}

clv_status clv_journal_summarise(clv_journal *const *journals, size_t count, const char *folder, size_t *failed,
                                 clv_error *err)
{
    summary self = {0};
    size_t bad = 0;
    clv_status status = clv_entries_collect(&self.entries, journals, count, err);

    if (!status) { status = write_summary(&self, folder, err); }
    if (!status) { status = clv_grid_write(&self.entries, folder, err); }
    if (!status) { status = write_failures(&self, folder, &bad, err); }
    if (!status && failed) { *failed = bad; }
    for (size_t c = 0; c < self.columns; c++) { free(self.column[c]); }
    free(self.column);
    free(self.kind);
    clv_entries_free(&self.entries);
    free(self.table);
    return status;
}
