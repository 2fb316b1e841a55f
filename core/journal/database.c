/* SQLite as the journal uses it: statements with bound values, failures as sentences.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/database.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

clv_status clv_database_fail(const clv_journal *journal, clv_error *err)
{
    switch (sqlite3_errcode(journal->database) & 0xff) {
    case SQLITE_NOMEM: return clv_fail(err, CLV_NO_MEMORY, "%s: not enough memory", journal->path);
    case SQLITE_FULL:
        return clv_fail(err, CLV_CANNOT_WRITE, "%s: the disk is full; what was finished before is kept", journal->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return clv_fail(err, CLV_CANNOT_WRITE, "%s: another process is writing this batch", journal->path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: return clv_fail(err, CLV_BAD_FILE, "%s: this is no journal of a batch", journal->path);
    default:
        return clv_fail(err, CLV_CANNOT_WRITE, "%s: the journal cannot be written: %s", journal->path,
                        sqlite3_errmsg(journal->database));
    }
}

clv_status clv_database_run(clv_journal *journal, const char *statements, clv_error *err)
{
    return sqlite3_exec(journal->database, statements, NULL, NULL, NULL) == SQLITE_OK ? CLV_OK
                                                                                      : clv_database_fail(journal, err);
}

clv_status clv_database_open(clv_journal *journal, int create, clv_error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);

    if (sqlite3_open_v2(journal->path, &journal->database, flags, NULL) != SQLITE_OK) {
        return journal->database ? clv_database_fail(journal, err)
                                 : clv_fail(err, CLV_NO_MEMORY, "%s: not enough memory", journal->path);
    }
    return clv_database_run(journal, "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;", err);
}

/* With the exclusive lock taken first the write-ahead log needs no shared memory, which cluster file systems lack. The
   log is synced at every commit (FULL), or only when it is written back (NORMAL), and then at clv_journal_flush. */
clv_status clv_database_log(clv_journal *journal, clv_journal_durability durability, clv_error *err)
{
    return clv_database_run(journal,
                            durability == CLV_JOURNAL_FULL ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                                           : "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
                            err);
}

clv_status clv_database_prepare(clv_journal *journal, sqlite3_stmt **statement, clv_error *err, const char *text,
                                const char *types, ...)
{
    int code = sqlite3_prepare_v2(journal->database, text, -1, statement, NULL);
    va_list values;

    va_start(values, types);
    for (int i = 0; code == SQLITE_OK && types[i]; i++) {
        if (types[i] == 't') {
            code = sqlite3_bind_text(*statement, i + 1, va_arg(values, const char *), -1, SQLITE_TRANSIENT);
        } else {
            code = sqlite3_bind_int64(*statement, i + 1, (sqlite3_int64)va_arg(values, size_t));
        }
    }
    va_end(values);
    if (code == SQLITE_OK) { return CLV_OK; }
    clv_database_fail(journal, err);
    sqlite3_finalize(*statement);
    *statement = NULL;
    return err ? err->status : CLV_CANNOT_WRITE;
}

clv_status clv_database_step(clv_journal *journal, sqlite3_stmt *statement, int *row, clv_error *err)
{
    int code = sqlite3_step(statement);

    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? CLV_OK : clv_database_fail(journal, err);
}

clv_status clv_database_end(clv_journal *journal, sqlite3_stmt *statement, clv_error *err)
{
    int row;
    clv_status status = clv_database_step(journal, statement, &row, err);

    sqlite3_finalize(statement);
    return status;
}

const char *clv_database_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    return text ? (const char *)text : "";
}

clv_status clv_database_part(clv_journal *journal, const char *name, char **value, clv_error *err)
{
    sqlite3_stmt *statement = NULL;
    clv_status status;
    int row = 0;

    *value = NULL;
    CLV_TRY(clv_database_prepare(journal, &statement, err, "SELECT value FROM recipe WHERE name = ?", "t", name));
    status = clv_database_step(journal, statement, &row, err);
    if (!status && row) { *value = strdup(clv_database_text(statement, 0)); }
    sqlite3_finalize(statement);
    CLV_CHECK(status || !row || *value, err, CLV_NO_MEMORY, "not enough memory");
    return status;
}
