/* The journal of a batch: begun with a recipe, asked what it holds, given what was finished.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/publication.h"
#include "num/kernels.h"

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS recipe (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS item (name TEXT PRIMARY KEY, folder TEXT, words TEXT, hash TEXT,"
    " place INTEGER, outcome INTEGER, site TEXT, why TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS published (item TEXT, place INTEGER, name TEXT, text TEXT,"
    " PRIMARY KEY (item, place)) WITHOUT ROWID;";

static const char columns[] = "SELECT name, folder, words, hash, place, outcome, site, why FROM item ";

static clv_status make(const char *path, int create, clv_journal_durability durability, clv_journal **journal,
                       clv_error *err)
{
    clv_journal *made = calloc(1, sizeof *made);
    clv_status status;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "not enough memory");
    made->path = strdup(path);
    made->durability = durability;
    status = made->path ? clv_database_open(made, create, err) : clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    if (status) {
        clv_journal_free(made);
        return status;
    }
    *journal = made;
    return CLV_OK;
}

/* A part that is new is noted while the journal is empty; one that differs is refused. */
static clv_status agree(clv_journal *journal, const char *name, const char *value, int empty, clv_error *err)
{
    char *held = NULL;
    int same;

    CLV_TRY(clv_database_part(journal, name, &held, err));
    same = held && strcmp(held, value) == 0;
    free(held);
    if (same) { return CLV_OK; }
    CLV_CHECK(empty, err, CLV_BAD_ARGUMENT,
              "%s: the %s changed since this batch was begun; put it back, or begin anew in another folder",
              journal->path, name);
    CLV_DATABASE_DO(journal, err, "INSERT OR REPLACE INTO recipe VALUES (?, ?)", "tt", name, value);
    return CLV_OK;
}

static clv_status count_items(clv_journal *journal, size_t *count, clv_error *err)
{
    sqlite3_stmt *statement = NULL;
    clv_status status;
    int row = 0;

    CLV_TRY(clv_database_prepare(journal, &statement, err, "SELECT count(*) FROM item", ""));
    status = clv_database_step(journal, statement, &row, err);
    *count = row ? (size_t)sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return status;
}

static clv_status begin(clv_journal *journal, const clv_journal_part *parts, size_t count, size_t *held, clv_error *err)
{
    size_t items = 0;

    CLV_TRY(clv_database_run(journal, tables, err));
    CLV_TRY(count_items(journal, &items, err));
    for (size_t i = 0; i < count; i++) { CLV_TRY(agree(journal, parts[i].name, parts[i].value, items == 0, err)); }
    CLV_TRY(agree(journal, "version of corelevel", clv_version(), items == 0, err));
    CLV_TRY(agree(journal, "kernel level", clv_num_kernel_name(), items == 0, err));
    if (held) { *held = items; }
    return CLV_OK;
}

clv_status clv_journal_open(const char *path, clv_journal_durability durability, const clv_journal_part *parts,
                            size_t count, clv_journal **journal, size_t *held, clv_error *err)
{
    clv_journal *made = NULL;
    clv_status status;

    CLV_TRY(make(path, 1, durability, &made, err));
    status = begin(made, parts, count, held, err);
    if (status) {
        clv_journal_free(made);
        return status;
    }
    *journal = made;
    return CLV_OK;
}

clv_status clv_journal_open_shard(const char *path, clv_journal **journal, clv_error *err)
{
    return make(path, 0, CLV_JOURNAL_BATCH, journal, err);
}

/* Lends the row of a statement, which is taken. */
static clv_status lend(clv_journal *journal, sqlite3_stmt *statement_take, clv_journal_item *item, clv_error *err)
{
    clv_status status;
    int row = 0;

    sqlite3_finalize(journal->lent);
    journal->lent = statement_take;
    *item = (clv_journal_item){0};
    status = clv_database_step(journal, statement_take, &row, err);
    if (status || !row) { return status; }
    *item = (clv_journal_item){.name = clv_database_text(statement_take, 0),
                               .folder = clv_database_text(statement_take, 1),
                               .words = clv_database_text(statement_take, 2),
                               .hash = clv_database_text(statement_take, 3),
                               .place = (size_t)sqlite3_column_int64(statement_take, 4),
                               .outcome = sqlite3_column_int(statement_take, 5),
                               .where = clv_database_text(statement_take, 6),
                               .why = clv_database_text(statement_take, 7)};
    return CLV_OK;
}

/* An open row would keep the log from being written back. */
static void take_back(clv_journal *journal)
{
    sqlite3_finalize(journal->lent);
    journal->lent = NULL;
}

clv_status clv_journal_find(clv_journal *journal, const char *name, clv_journal_item *item, clv_error *err)
{
    sqlite3_stmt *statement = NULL;
    char text[200];

    snprintf(text, sizeof text, "%sWHERE name = ?", columns);
    CLV_TRY(clv_database_prepare(journal, &statement, err, text, "t", name));
    return lend(journal, statement, item, err);
}

clv_status clv_journal_at(clv_journal *journal, size_t place, clv_journal_item *item, clv_error *err)
{
    sqlite3_stmt *statement = NULL;
    char text[200];

    snprintf(text, sizeof text, "%sORDER BY place LIMIT 1 OFFSET ?", columns);
    CLV_TRY(clv_database_prepare(journal, &statement, err, text, "n", place));
    return lend(journal, statement, item, err);
}

clv_status clv_journal_set_list(clv_journal *journal, size_t total, const char *hash, clv_error *err)
{
    char text[24];

    take_back(journal);
    CLV_TRY(clv_database_log(journal, journal->durability, err));
    snprintf(text, sizeof text, "%zu", total);
    CLV_DATABASE_DO(journal, err, "INSERT OR REPLACE INTO recipe VALUES ('items', ?), ('list of inputs', ?)", "tt",
                    text, hash);
    return CLV_OK;
}

clv_status clv_journal_move(clv_journal *journal, const char *name, size_t place, clv_error *err)
{
    take_back(journal);
    CLV_DATABASE_DO(journal, err, "UPDATE item SET place = ? WHERE name = ?", "nt", place, name);
    return CLV_OK;
}

static clv_status add(clv_journal *journal, const clv_journal_item *item, const clv_journal_table *published,
                      size_t count, clv_error *err)
{
    CLV_DATABASE_DO(journal, err, "DELETE FROM published WHERE item = ?", "t", item->name);
    CLV_DATABASE_DO(journal, err, "INSERT OR REPLACE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "ttttnntt", item->name,
                    item->folder, item->words, item->hash, item->place, (size_t)item->outcome, item->where, item->why);
    for (size_t i = 0; i < count; i++) {
        CLV_DATABASE_DO(journal, err, "INSERT INTO published VALUES (?, ?, ?, ?)", "tntt", item->name, i,
                        published[i].name, published[i].text);
    }
    return clv_database_run(journal, "COMMIT", err);
}

clv_status clv_journal_add(clv_journal *journal, const clv_journal_item *item, const clv_journal_table *published,
                           size_t count, clv_error *err)
{
    clv_status status;

    take_back(journal);
    CLV_TRY(clv_database_run(journal, "BEGIN IMMEDIATE", err));
    status = add(journal, item, published, count, err);
    if (status) { sqlite3_exec(journal->database, "ROLLBACK", NULL, NULL, NULL); }
    return status;
}

clv_status clv_journal_flush(clv_journal *journal, clv_error *err)
{
    int code;

    take_back(journal);
    code = sqlite3_wal_checkpoint_v2(journal->database, NULL, SQLITE_CHECKPOINT_FULL, NULL, NULL);
    return code == SQLITE_OK ? CLV_OK : clv_database_fail(journal, err);
}

static clv_status close_database(clv_journal *journal, clv_error *err)
{
    take_back(journal);
    if (sqlite3_close(journal->database) != SQLITE_OK) { return clv_database_fail(journal, err); }
    journal->database = NULL;
    return CLV_OK;
}

/* Takes away what SQLite left beside the file when an earlier process was killed; after a clean close nothing needs it.
 */
static clv_status remove_logs(const clv_journal *journal, clv_error *err)
{
    static const char *const endings[] = {"-journal", "-wal", "-shm"};

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *path = NULL;
        CLV_CHECK(asprintf(&path, "%s%s", journal->path, endings[i]) >= 0, err, CLV_NO_MEMORY, "not enough memory");
        unlink(path);
        free(path);
    }
    return CLV_OK;
}

/* The file is written anew beside the old one and takes its place once that is closed. */
clv_status clv_journal_finish(clv_journal *journal, clv_error *err)
{
    clv_publication *publication = NULL;
    sqlite3_stmt *statement = NULL;
    clv_status status;

    take_back(journal);
    status = clv_database_run(journal, "PRAGMA schema_version = 1", err); /* VACUUM counts on from it */
    if (!status) { status = clv_publication_open(journal->path, &publication, err); }
    if (!status) {
        status =
            clv_database_prepare(journal, &statement, err, "VACUUM INTO ?", "t", clv_publication_path(publication));
    }
    if (!status) { status = clv_database_end(journal, statement, err); }
    if (!status) { status = close_database(journal, err); }
    if (!status) { status = remove_logs(journal, err); }
    if (!status) {
        status = clv_publication_finish(publication, NULL, NULL, err);
        publication = NULL;
    }
    clv_publication_free(publication);
    clv_journal_free(journal);
    return status;
}

void clv_journal_free(clv_journal *journal)
{
    if (!journal) { return; }
    take_back(journal);
    sqlite3_close(journal->database);
    free(journal->path);
    free(journal);
}
