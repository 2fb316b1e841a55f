/* The items of a batch from the journals of its shards: put in order, checked to be one batch, their tables shown.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/entries.h"

#include <stdlib.h>
#include <string.h>

#include "journal/database.h"

static int compare(const void *a, const void *b)
{
    const clv_entry *x = a, *y = b;

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

static clv_status add_entries(clv_entries *self, clv_journal *journal, clv_error *err)
{
    clv_journal_item item;

    for (size_t own = 0;; own++) {
        clv_entry *grown;
        CLV_TRY(clv_journal_at(journal, own, &item, err));
        if (!item.name) { return CLV_OK; }
        grown = reallocarray(self->entry, self->count + 1, sizeof *grown);
        CLV_CHECK(grown, err, CLV_NO_MEMORY, "no memory for the summary");
        self->entry = grown;
        self->entry[self->count++] = (clv_entry){journal, item.place, own};
    }
}

clv_status clv_entries_collect(clv_entries *self, clv_journal *const *journals, size_t count, clv_error *err)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++) {
        CLV_TRY(check_same(journals[0], journals[i], err));
        CLV_TRY(total_of(journals[i], &total, err));
        CLV_TRY(add_entries(self, journals[i], err));
    }
    if (self->count > 0) { qsort(self->entry, self->count, sizeof *self->entry, compare); }
    CLV_CHECK(self->count >= total, err, CLV_BAD_ARGUMENT,
              "%zu of %zu items of the batch are not finished; go on with the shards that are missing (--resume)",
              total - self->count, total);
    for (size_t i = 0; i < self->count; i++) {
        CLV_CHECK(self->entry[i].place == i, err, CLV_BAD_ARGUMENT,
                  "the shards are not those of one batch: an item is in none of them, or in two");
    }
    return CLV_OK;
}

/* The axes stand before the first column that has an error beside it. */
size_t clv_rows_axes(const clv_rows *rows)
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

void clv_entries_free(clv_entries *entries)
{
    free(entries->entry);
    *entries = (clv_entries){0};
}

clv_status clv_entries_item(const clv_entries *entries, size_t place, clv_journal_item *item, clv_error *err)
{
    return clv_journal_at(entries->entry[place].journal, entries->entry[place].own, item, err);
}

static clv_status visit_item(const clv_entry *entry, const char *item, clv_entries_seen seen, void *payload,
                             clv_error *err)
{
    sqlite3_stmt *statement = NULL;
    clv_status status;
    int row = 0;

    CLV_TRY(clv_database_prepare(entry->journal, &statement, err,
                                 "SELECT name, text FROM published WHERE item = ? ORDER BY place", "t", item));
    while (!(status = clv_database_step(entry->journal, statement, &row, err)) && row) {
        const char *text = clv_database_text(statement, 1);
        clv_rows rows = {0};
        status = clv_rows_read(item, text, strlen(text), &rows, err);
        if (!status) { status = seen(payload, entry->place, item, clv_database_text(statement, 0), &rows, err); }
        clv_rows_free(&rows);
        if (status) { break; }
    }
    sqlite3_finalize(statement);
    return status;
}

clv_status clv_entries_visit(const clv_entries *entries, clv_entries_seen seen, void *payload, clv_error *err)
{
    for (size_t i = 0; i < entries->count; i++) {
        clv_journal_item item;
        CLV_TRY(clv_entries_item(entries, i, &item, err));
        CLV_TRY(visit_item(&entries->entry[i], item.name, seen, payload, err));
    }
    return CLV_OK;
}
