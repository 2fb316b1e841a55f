/* Journals of batches: what became of each item, kept so that a killed batch goes on where it stood.
   SPDX-License-Identifier: GPL-3.0-or-later

   A journal is one SQLite file beside the results, written by one process at a time under an exclusive lock, so that it
   works on cluster file systems, too. Every item that was added stays when the process is killed; how much stays when
   the power fails is its durability. */
#ifndef CLV_JOURNAL_H
#define CLV_JOURNAL_H

#include <corelevel/value.h>

CLV_BEGIN_DECLS

/* One journal, used by one thread at a time. It must not be used in a forked child. */
typedef struct clv_journal clv_journal;

/* What stays when the power fails: all but the last second (clv_journal_flush is to be called that often), or every
   item that was added. */
typedef enum clv_journal_durability { CLV_JOURNAL_BATCH, CLV_JOURNAL_FULL } clv_journal_durability;

/* Room for a hash as lower-case hexadecimal text with its zero. */
#define CLV_JOURNAL_HASH_SIZE 65

/* One part of a recipe, such as { "workflow", its hash }. */
typedef struct clv_journal_part {
    const char *name, *value;
} clv_journal_part;

/* What became of one item. Texts are borrowed. */
typedef struct clv_journal_item {
    const char *name;   /* what tables call it; no two items share one */
    const char *folder; /* below the batch's folder; empty when nothing was published */
    const char *words;  /* what was asked of it beside the recipe */
    const char *hash;   /* of its input; empty when that could not be read */
    size_t place;       /* from 0, in the whole batch: the order of the summary */
    int outcome;        /* as clv_outcome has it; 0: all is well */
    const char *where;  /* of the failure; empty when all is well */
    const char *why;
} clv_journal_item;

/* A table that an item published: its name ("fractions") and its text, comma-separated values with one header row. */
typedef struct clv_journal_table {
    const char *name, *text;
} clv_journal_table;

/* Opens the journal at `path` and locks it; makes it when there is none, with the recipe: `count` parts, to which the
   library's version and its kernel level are added. The journal is the caller's; `held` (may be NULL) tells how many
   items it holds. Errors: CLV_BAD_ARGUMENT when it was begun with another recipe (the sentence names what changed),
   CLV_CANNOT_WRITE when it cannot be written or another process writes it, CLV_BAD_FILE when it is no journal. */
CLV_API clv_status clv_journal_open(const char *path, clv_journal_durability durability, const clv_journal_part *parts,
                                    size_t count, clv_journal **journal, size_t *held, clv_error *err);

/* Tells what is held of an item: `item` is filled (texts lent until the next call, `name` as given) or, when nothing is
   held, its `name` is NULL. Errors: CLV_BAD_FILE, CLV_CANNOT_WRITE. */
CLV_API clv_status clv_journal_find(clv_journal *journal, const char *name, clv_journal_item *item, clv_error *err);

/* Notes how many items the whole batch (of all shards) has, and a hash of their list; to be told before items
   are added. Errors: CLV_CANNOT_WRITE. */
CLV_API clv_status clv_journal_set_list(clv_journal *journal, size_t total, const char *hash, clv_error *err);

/* Moves an item that is held to another place, since inputs were added before it. Errors: CLV_CANNOT_WRITE. */
CLV_API clv_status clv_journal_move(clv_journal *journal, const char *name, size_t place, clv_error *err);

/* Adds a finished item with the tables it published, in one transaction; what was held of it is replaced.
   Errors: CLV_CANNOT_WRITE (a full disk among them), and nothing is changed. */
CLV_API clv_status clv_journal_add(clv_journal *journal, const clv_journal_item *item, const clv_journal_table *tables,
                                   size_t count, clv_error *err);

/* Sees to it that all that was added survives a power failure. Errors: CLV_CANNOT_WRITE. */
CLV_API clv_status clv_journal_flush(clv_journal *journal, clv_error *err);

/* Closes the journal of a batch that is finished: writes it anew in the order of its items, so that its bytes do not
   depend on how often the batch was begun, and frees it whatever happens. Errors: CLV_CANNOT_WRITE. */
CLV_API clv_status clv_journal_finish(clv_journal *journal, clv_error *err);

/* Closes the journal as it stands and frees it. NULL is allowed. */
CLV_API void clv_journal_free(clv_journal *journal);

/* Writes `summary.csv`, `batch.nc` and `failures.csv` into a folder from the journals of all shards of one batch (a
   whole batch has one), each published by rename. The summary holds the rows of every table in the order of the items:
   a first column `input`, a column `table` when tables of several names were published, axes, values, last `status`; a
   column that an item does not have is empty. batch.nc holds a group for each table, its columns as arrays over all
   items (dimension `input`) and the values of the axes that occur in any of them. The failures are `input,where,why`.
   The number of failures is told in `failed` (may be NULL). Errors: CLV_BAD_ARGUMENT when the journals are not of one
   batch or an item is missing, CLV_BAD_FILE, CLV_CANNOT_WRITE. */
CLV_API clv_status clv_journal_summarise(clv_journal *const *journals, size_t count, const char *folder, size_t *failed,
                                         clv_error *err);

/* Opens the journal of a shard that is there already, whatever its recipe; as clv_journal_open otherwise. */
CLV_API clv_status clv_journal_open_shard(const char *path, clv_journal **journal, clv_error *err);

/* Tells of the item at a place among those that a journal holds, in their order; `name` is NULL beyond the last. The
   texts are lent until the next call. Errors: CLV_BAD_FILE. */
CLV_API clv_status clv_journal_at(clv_journal *journal, size_t place, clv_journal_item *item, clv_error *err);

/* Hashes a file: SHA-256 of all bytes up to 64 MiB, beyond that of its size and 64 evenly spaced MiB.
   Errors: CLV_NOT_FOUND, CLV_BAD_FILE when it cannot be read. */
CLV_API clv_status clv_journal_hash(const char *path, char hash[CLV_JOURNAL_HASH_SIZE], clv_error *err);

/* Hashes a text in the same way. */
CLV_API void clv_journal_hash_text(const char *text, char hash[CLV_JOURNAL_HASH_SIZE]);

/* Reads a table of comma-separated values (RFC 4180, UTF-8): a list with one table for each row below the header, in
   which the header's names lead to texts. The value is the caller's. Errors: CLV_NOT_FOUND, CLV_BAD_FILE with the row:
   too many or too few fields, a name twice, a quote that does not end. */
CLV_API clv_status clv_journal_read_table(const char *path, clv_value **rows, clv_error *err);

CLV_END_DECLS

#endif
