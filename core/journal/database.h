/* SQLite as the journal uses it: statements with bound values, failures as sentences. Private to core/journal.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_JOURNAL_DATABASE_H
#define CLV_JOURNAL_DATABASE_H

#include <sqlite3.h>

#include <corelevel/journal.h>

struct clv_journal {
    sqlite3 *database;
    char *path;
    sqlite3_stmt *lent; /* the row whose texts are lent */
    clv_journal_durability durability;
};

/* Opens and locks the file; makes it when `create`. On failure nothing is left open. */
clv_status clv_database_open(clv_journal *journal, int create, clv_error *err);

/* Readies it for many small transactions; until then a file that is only looked at keeps its bytes. */
clv_status clv_database_log(clv_journal *journal, clv_journal_durability durability, clv_error *err);

/* Makes a failure of SQLite's last code: full, locked, not writable, damaged. */
clv_status clv_database_fail(const clv_journal *journal, clv_error *err);

/* Runs statements that give no rows. */
clv_status clv_database_run(clv_journal *journal, const char *statements, clv_error *err);

/* Prepares one statement with values by place: `types` has a letter for each, `t` a const char *, `n` a size_t. */
clv_status clv_database_prepare(clv_journal *journal, sqlite3_stmt **statement, clv_error *err, const char *text,
                                const char *types, ...);

/* Steps to the next row: `*row` is 1, or 0 after the last; the statement stays the caller's (sqlite3_finalize). */
clv_status clv_database_step(clv_journal *journal, sqlite3_stmt *statement, int *row, clv_error *err);

/* Prepares, runs and ends a statement that gives no rows. */
#define CLV_DATABASE_DO(journal, err, text, ...)                                           \
    do {                                                                                   \
        sqlite3_stmt *statement_ = NULL;                                                   \
        CLV_TRY(clv_database_prepare((journal), &statement_, (err), (text), __VA_ARGS__)); \
        CLV_TRY(clv_database_end((journal), statement_, (err)));                           \
    } while (0)
clv_status clv_database_end(clv_journal *journal, sqlite3_stmt *statement, clv_error *err);

/* The text of a column; "" for none. Lent until the next step. */
const char *clv_database_text(sqlite3_stmt *statement, int column);

/* The text of the recipe's part, which is the caller's (free); NULL for none. */
clv_status clv_database_part(clv_journal *journal, const char *name, char **value, clv_error *err);

#endif
