/* The items of a whole batch in their order, from the journals of all its shards, and the tables that they published.
   Private to core/journal. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_JOURNAL_ENTRIES_H
#define CLV_JOURNAL_ENTRIES_H

#include <corelevel/journal.h>

#include "journal/rows.h"

/* An item's place in the batch and among the items of its journal. */
typedef struct clv_entry {
    clv_journal *journal; /* lent */
    size_t place, own;
} clv_entry;

typedef struct clv_entries {
    clv_entry *entry;
    size_t count;
} clv_entries;

/* Collects the items. Errors: CLV_BAD_ARGUMENT when the journals are not of one batch or an item is missing,
   CLV_BAD_FILE, CLV_NO_MEMORY. The entries are the caller's (clv_entries_free), on failure too. */
clv_status clv_entries_collect(clv_entries *entries, clv_journal *const *journals, size_t count, clv_error *err);
void clv_entries_free(clv_entries *entries);

/* Tells of the item at a place; texts are lent until the next call. */
clv_status clv_entries_item(const clv_entries *entries, size_t place, clv_journal_item *item, clv_error *err);

/* Shows every published table, item by item, with the item's place and name and the table's name. */
typedef clv_status (*clv_entries_seen)(void *payload, size_t place, const char *item, const char *table,
                                       const clv_rows *rows, clv_error *err);
clv_status clv_entries_visit(const clv_entries *entries, clv_entries_seen seen, void *payload, clv_error *err);

/* How many columns of a table are axes: those before the first that has an error beside it. */
size_t clv_rows_axes(const clv_rows *rows);

#endif
