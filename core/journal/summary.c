/* The summary and the failures of a batch, written from the journals of its shards.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/rows.h"
#include "store/csv.h"

/* An item's place in the batch and among the items of its journal. */
typedef struct entry {
    clv_journal *journal;
    size_t place, own;
} entry;

typedef enum column_kind { COLUMN_AXIS, COLUMN_VALUE, COLUMN_STATUS, COLUMN_KINDS } column_kind;

/* What the summary is made of. */
typedef struct summary {
    entry *entries;
    size_t count, columns;
    char **column;
    column_kind *kind;
    char *table; /* the first published table's name */
    int several; /* tables of other names were published, too */
    clv_csv *csv;
} summary;

static int compare(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    return (x->place > y->place) - (x->place < y->place);
}

static clv_status total_of(clv_journal *journal, size_t *total, clv_error *err)
{
    char *text = NULL;

    CLV_TRY(clv_database_part(journal, "items", &text, err));
    CLV_CHECK(text, err, CLV_BAD_FILE, "%s: this is no journal of a batch", journal->path);
    *total = (size_t)strtoull(text, NULL, 10);
    free(text);
    return CLV_OK;
}

/* All shards must have been given the same workflow, options and inputs. */
static clv_status check_same(clv_journal *first, clv_journal *other, clv_error *err)
{
    static const char *const parts[] = {"workflow", "list of inputs", "version of corelevel", "kernel level"};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char *a = NULL, *b = NULL;
        clv_status status = clv_database_part(first, parts[i], &a, err);
        int same;

        if (!status) { status = clv_database_part(other, parts[i], &b, err); }
        same = a && b ? strcmp(a, b) == 0 : a == b;
        free(a);
        free(b);
        CLV_TRY(status);
        CLV_CHECK(same, err, CLV_BAD_ARGUMENT, "%s and %s are not shards of one batch: their %s differs", first->path,
                  other->path, parts[i]);
    }
    return CLV_OK;
}

static clv_status add_entries(summary *self, clv_journal *journal, clv_error *err)
{
    clv_journal_item item;

    for (size_t own = 0;; own++) {
        entry *grown;
        CLV_TRY(clv_journal_at(journal, own, &item, err));
        if (!item.name) { return CLV_OK; }
        grown = reallocarray(self->entries, self->count + 1, sizeof *grown);
        CLV_CHECK(grown, err, CLV_NO_MEMORY, "no memory for the summary");
        self->entries = grown;
        self->entries[self->count++] = (entry){journal, item.place, own};
    }
}

static clv_status collect(summary *self, clv_journal *const *journals, size_t count, clv_error *err)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        CLV_TRY(check_same(journals[0], journals[i], err));
        CLV_TRY(total_of(journals[i], &total, err));
        CLV_TRY(add_entries(self, journals[i], err));
    }
    if (self->count > 0) { qsort(self->entries, self->count, sizeof *self->entries, compare); }
    CLV_CHECK(self->count >= total, err, CLV_BAD_ARGUMENT,
              "%zu of %zu items of the batch are not finished; go on with the shards that are missing (--resume)",
              total - self->count, total);
    for (size_t i = 0; i < self->count; i++) {
        CLV_CHECK(self->entries[i].place == i, err, CLV_BAD_ARGUMENT,
                  "the shards are not those of one batch: an item is in none of them, or in two");
    }
    return CLV_OK;
}

/* ---- Columns */

/* The axes stand before the first column that has an error beside it. */
static size_t count_axes(const clv_rows *rows)
{
    for (size_t c = 0; c + 1 < rows->columns; c++) {
        const char *name = rows->field[c], *next = rows->field[c + 1];
        size_t length = strlen(next);
        if (length < 6 || strcmp(next + length - 6, "_error") != 0) { continue; }
        length -= 6;
        if (strncmp(name, next, length) == 0 && (name[length] == 0 || name[length] == ' ')) { return c; }
    }
    return 0;
}

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
static clv_status note_table(summary *self, const char *item, const char *name, const clv_rows *rows, clv_error *err)
{
    size_t axes = count_axes(rows);

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

static clv_status put_table(summary *self, const char *item, const char *name, const clv_rows *rows, clv_error *err)
{
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

/* ---- Passes over all tables */

typedef clv_status (*visit)(summary *self, const char *item, const char *name, const clv_rows *rows, clv_error *err);

static clv_status visit_item(summary *self, clv_journal *journal, const char *item, visit seen, clv_error *err)
{
    sqlite3_stmt *statement = NULL;
    clv_status status;
    int row = 0;

    CLV_TRY(clv_database_prepare(journal, &statement, err,
                                 "SELECT name, text FROM published WHERE item = ? ORDER BY place", "t", item));
    while (!(status = clv_database_step(journal, statement, &row, err)) && row) {
        const char *text = clv_database_text(statement, 1);
        clv_rows rows = {0};
        status = clv_rows_read(item, text, strlen(text), &rows, err);
        if (!status) { status = seen(self, item, clv_database_text(statement, 0), &rows, err); }
        clv_rows_free(&rows);
        if (status) { break; }
    }
    sqlite3_finalize(statement);
    return status;
}

static clv_status visit_all(summary *self, visit seen, clv_error *err)
{
    for (size_t i = 0; i < self->count; i++) {
        clv_journal_item item;
        CLV_TRY(clv_journal_at(self->entries[i].journal, self->entries[i].own, &item, err));
        CLV_TRY(visit_item(self, self->entries[i].journal, item.name, seen, err));
    }
    return CLV_OK;
}

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

    CLV_TRY(visit_all(self, note_table, err));
    CLV_TRY(open_csv(self, folder, "summary.csv", err));
    clv_csv_text(self->csv, "input");
    if (self->several) { clv_csv_text(self->csv, "table"); }
    for (int kind = 0; kind < COLUMN_KINDS; kind++) {
        for (size_t c = 0; c < self->columns; c++) {
            if ((int)self->kind[c] == kind) { clv_csv_text(self->csv, self->column[c]); }
        }
    }
    clv_csv_end(self->csv);
    status = visit_all(self, put_table, err);
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
    for (size_t i = 0; i < self->count && !status; i++) {
        clv_journal_item item;
        status = clv_journal_at(self->entries[i].journal, self->entries[i].own, &item, err);
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
    clv_status status = collect(&self, journals, count, err);

    if (!status) { status = write_summary(&self, folder, err); }
    if (!status) { status = write_failures(&self, folder, &bad, err); }
    if (!status && failed) { *failed = bad; }
    for (size_t c = 0; c < self.columns; c++) { free(self.column[c]); }
    free(self.column);
    free(self.kind);
    free(self.entries);
    free(self.table);
    return status;
}
