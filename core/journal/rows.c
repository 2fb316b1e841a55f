/* Reads comma-separated values by RFC 4180 into rows of texts.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/journal.h>
#include <corelevel/text.h>

enum { LARGEST_TABLE = 1 << 28 };

void clv_rows_free(clv_rows *rows)
{
    free(rows->field);
    free(rows->text);
    *rows = (clv_rows){0};
}

/* Takes one field off the text, unquoted where it stands; gives what ended it (',', '\n', 0) or -1 for a bad quote. */
static int take_field(char **at, char *end, char **field)
{
    char *from = *at, *to = *at;
    int quoted = from < end && *from == '"', ended;

    *field = to;
    from += quoted;
    while (from < end && (quoted || (*from != ',' && *from != '\n'))) {
        if (quoted && *from == '"') {
            if (from + 1 == end || from[1] != '"') { break; }
            from++;
        }
        *to++ = *from++;
    }
    if (quoted && from == end) { return -1; }
    from += quoted;
    if (!quoted && to > *field && to[-1] == '\r' && (from == end || *from == '\n')) { to--; }
    if (quoted && from < end && *from == '\r') { from++; }
    if (from < end && *from != ',' && *from != '\n') { return -1; }
    ended = from < end ? *from : 0;
    *to = 0;
    *at = from < end ? from + 1 : end;
    return ended;
}

static clv_status keep(clv_rows *rows, size_t *used, size_t *room, char *field, clv_error *err)
{
    if (*used == *room) {
        char **grown = reallocarray(rows->field, *room ? *room * 2 : 64, sizeof *grown);
        CLV_CHECK(grown, err, CLV_NO_MEMORY, "no memory for a table");
        rows->field = grown;
        *room = *room ? *room * 2 : 64;
    }
    rows->field[(*used)++] = field;
    return CLV_OK;
}

static clv_status split(const char *who, char *at, char *end, clv_rows *rows, clv_error *err)
{
    size_t used = 0, room = 0, first = 0;

    while (at < end) {
        char *field;
        int ended = take_field(&at, end, &field);
        CLV_CHECK(ended >= 0, err, CLV_BAD_FILE, "%s: row %zu: a quoted field does not end where it should", who,
                  rows->count + 1);
        CLV_TRY(keep(rows, &used, &room, field, err));
        if (ended == ',' && at == end) { CLV_TRY(keep(rows, &used, &room, end, err)); }
        if (ended == ',' && at < end) { continue; }
        if (rows->count == 0) { rows->columns = used; }
        CLV_CHECK(used - first == rows->columns, err, CLV_BAD_FILE, "%s: row %zu has %zu fields, the header has %zu",
                  who, rows->count + 1, used - first, rows->columns);
        first = used;
        rows->count++;
    }
    CLV_CHECK(rows->count > 0, err, CLV_BAD_FILE, "%s: the table is empty; its first row should name the columns", who);
    return CLV_OK;
}

clv_status clv_rows_read(const char *who, const char *text, size_t length, clv_rows *rows, clv_error *err)
{
    size_t mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    clv_status status;

    *rows = (clv_rows){0};
    while (length > mark && (text[length - 1] == '\n' || text[length - 1] == '\r')) { length--; }
    CLV_CHECK(!memchr(text, 0, length) && clv_text_is_utf8(text, length), err, CLV_BAD_FILE,
              "%s: a table of comma-separated values is UTF-8 text", who);
    rows->text = malloc(length + 1);
    CLV_CHECK(rows->text, err, CLV_NO_MEMORY, "no memory for a table");
    memcpy(rows->text, text, length);
    rows->text[length] = 0;
    status = split(who, rows->text + mark, rows->text + length, rows, err);
    if (status) { clv_rows_free(rows); }
    return status;
}

static clv_status check_header(const char *who, const clv_rows *rows, clv_error *err)
{
    for (size_t i = 0; i < rows->columns; i++) {
        CLV_CHECK(*rows->field[i], err, CLV_BAD_FILE, "%s: column %zu has no name", who, i + 1);
        for (size_t j = 0; j < i; j++) {
            CLV_CHECK(strcmp(rows->field[i], rows->field[j]) != 0, err, CLV_BAD_FILE, "%s: two columns are named '%s'",
                      who, rows->field[i]);
        }
    }
    return CLV_OK;
}

static clv_status fill(const clv_rows *rows, clv_value *list, clv_error *err)
{
    for (size_t i = 1; i < rows->count; i++) {
        clv_value *row = clv_value_table();
        for (size_t c = 0; row && c < rows->columns; c++) {
            clv_value *text = clv_value_text(rows->field[i * rows->columns + c]);
            clv_status status = clv_value_set(row, rows->field[c], text, err);
            if (status) {
                clv_value_free(row);
                return status;
            }
        }
        CLV_CHECK(row, err, CLV_NO_MEMORY, "no memory for a table");
        CLV_TRY(clv_value_append(list, row, err));
    }
    return CLV_OK;
}

static clv_status read_file(const char *path, char **text, size_t *length, clv_error *err)
{
    FILE *file = fopen(path, "rbe");
    size_t room = 1 << 16;

    CLV_CHECK(file, err, errno == ENOENT ? CLV_NOT_FOUND : CLV_BAD_FILE, "%s: the table cannot be opened: %s", path,
              strerrordesc_np(errno));
    *text = malloc(room);
    *length = 0;
    while (*text && (*length += fread(*text + *length, 1, room - *length, file)) == room && room < LARGEST_TABLE) {
        char *grown = realloc(*text, room *= 2);
        if (!grown) { free(*text); }
        *text = grown;
    }
    room = ferror(file) || *length >= LARGEST_TABLE;
    fclose(file);
    CLV_CHECK(*text, err, CLV_NO_MEMORY, "no memory for a table");
    if (!room) { return CLV_OK; }
    free(*text);
    return clv_fail(err, CLV_BAD_FILE, "%s: the table cannot be read", path);
}

clv_status clv_journal_read_table(const char *path, clv_value **list, clv_error *err)
{
    clv_value *made = clv_value_table();
    clv_rows rows = {0};
    char *text = NULL;
    size_t length = 0;
    clv_status status =
        made ? read_file(path, &text, &length, err) : clv_fail(err, CLV_NO_MEMORY, "no memory for a table");

    if (!status) { status = clv_rows_read(path, text, length, &rows, err); }
    if (!status) { status = check_header(path, &rows, err); }
    if (!status) { status = fill(&rows, made, err); }
    if (!status) { *list = made; }
    if (status) { clv_value_free(made); }
    clv_rows_free(&rows);
    free(text);
    return status;
}
