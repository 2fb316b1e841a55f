/* The bounded cursor: lines, numbers and bytes of a file, never past its end.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cursor.h"

#include "base/gzip.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD_LIMIT 65536
#define LINE_LIMIT ((size_t)1 << 20)

struct clv_cursor {
    char *name;
    const uint8_t *bytes;
    uint8_t *undone; /* what gzip held; owned */
    size_t count, at;
    size_t line; /* lines read so far */
    char *text;  /* the last line */
    size_t text_size;
    int bare;             /* lines end in CR alone: there is no LF in the file */
    clv_cursor_open open; /* of files beside it; NULL: there is no folder */
    void *open_payload;
    clv_cursor *beside; /* the last one opened, over `beside_bytes` */
    uint8_t *beside_bytes;
};

/* ---- Heads */

int clv_head_starts(const clv_head *head, const char *text)
{
    size_t length = strlen(text);

    return head->count >= length && memcmp(head->bytes, text, length) == 0;
}

size_t clv_head_find(const clv_head *head, const char *text)
{
    const uint8_t *found = memmem(head->bytes, head->count, text, strlen(text));

    return found ? (size_t)(found - head->bytes) : SIZE_MAX;
}

/* Whether `name` ends in a point and these characters, case ignored. */
static int ends_in(const char *name, const char *suffix, size_t length)
{
    size_t whole = strlen(name);

    if (whole < length + 1 || name[whole - length - 1] != '.') { return 0; }
    for (size_t i = 0; i < length; i++) {
        char c = name[whole - length + i], d = suffix[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        d = d >= 'A' && d <= 'Z' ? (char)(d + 32) : d;
        if (c != d) { return 0; }
    }
    return 1;
}

int clv_head_suffix(const clv_head *head, const char *suffixes)
{
    while (*suffixes) {
        size_t length = strcspn(suffixes, " ");

        if (length > 0 && ends_in(head->name, suffixes, length)) { return 1; }
        suffixes += length;
        suffixes += strspn(suffixes, " ");
    }
    return 0;
}

/* The name without a `.gz` at its end, so that suffixes tell the format inside. */
static char *plain_name(const char *name)
{
    size_t length = strlen(name);

    if (ends_in(name, "gz", 2)) { length -= 3; }
    return strndup(name, length);
}

/* ---- Making and moving */

clv_status clv_cursor_new(const char *name, const void *bytes, size_t count, clv_cursor **cursor, clv_error *err)
{
    clv_cursor *made = calloc(1, sizeof *made);
    clv_status status = CLV_OK;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: no memory to read it", name);
    made->bytes = bytes;
    made->count = count;
    if (clv_gzip_starts(bytes, count)) {
        status = clv_gzip_undo(name, bytes, count, &made->undone, &made->count, err);
        made->bytes = made->undone;
        made->name = plain_name(name);
    } else {
        made->name = strdup(name);
    }
    made->bare = made->bytes && !memchr(made->bytes, '\n', made->count);
    if (!status && !made->name) { status = clv_fail(err, CLV_NO_MEMORY, "%s: no memory to read it", name); }
    if (status) {
        clv_cursor_free(made);
        return status;
    }
    *cursor = made;
    return CLV_OK;
}

void clv_cursor_free(clv_cursor *cursor)
{
    if (!cursor) { return; }
    clv_cursor_free(cursor->beside);
    free(cursor->beside_bytes);
    free(cursor->name);
    free(cursor->undone);
    free(cursor->text);
    free(cursor);
}

void clv_cursor_head(const clv_cursor *cursor, clv_head *head)
{
    head->size = sizeof *head;
    head->bytes = cursor->bytes;
    head->count = cursor->count < HEAD_LIMIT ? cursor->count : HEAD_LIMIT;
    head->file_size = cursor->count;
    head->name = cursor->name;
}

/* ---- Files beside it */

void clv_cursor_set_open(clv_cursor *cursor, clv_cursor_open open, void *payload)
{
    cursor->open = open;
    cursor->open_payload = payload;
}

const uint8_t *clv_cursor_all(const clv_cursor *cursor) { return cursor->bytes; }
const clv_cursor *clv_cursor_opened(const clv_cursor *cursor) { return cursor->beside; }

clv_status clv_cursor_beside(clv_cursor *cursor, const char *name, clv_cursor **beside, clv_error *err)
{
    size_t count = 0;

    CLV_CHECK(!strchr(name, '/'), err, CLV_BAD_FILE, "%s: a file beside it is not called %s", cursor->name, name);
    CLV_CHECK(cursor->open, err, CLV_BAD_FILE, "%s: it goes with %s, which is found only beside a file of a folder",
              cursor->name, name);
    clv_cursor_free(cursor->beside);
    free(cursor->beside_bytes);
    cursor->beside = NULL;
    cursor->beside_bytes = NULL;
    if (cursor->open(cursor->open_payload, name, &cursor->beside_bytes, &count, err)) {
        return clv_error_at(err, "%s: it goes with %s", cursor->name, name);
    }
    CLV_TRY(clv_cursor_new(name, cursor->beside_bytes, count, &cursor->beside, err));
    *beside = cursor->beside;
    return CLV_OK;
}

const char *clv_cursor_name(const clv_cursor *cursor) { return cursor->name; }
size_t clv_cursor_byte(const clv_cursor *cursor) { return cursor->at; }
size_t clv_cursor_line(const clv_cursor *cursor) { return cursor->line; }
size_t clv_cursor_left(const clv_cursor *cursor) { return cursor->count - cursor->at; }
size_t clv_cursor_size(const clv_cursor *cursor) { return cursor->count; }

clv_status clv_cursor_seek(clv_cursor *cursor, size_t byte, clv_error *err)
{
    if (byte > cursor->count) {
        return clv_cursor_fail(cursor, err, "byte %zu is asked for, the file has only %zu", byte, cursor->count);
    }
    cursor->at = byte;
    return CLV_OK;
}

clv_status clv_cursor_bytes(clv_cursor *cursor, size_t count, const uint8_t **bytes, clv_error *err)
{
    if (count > clv_cursor_left(cursor)) {
        return clv_cursor_fail(cursor, err, "%zu bytes should follow, the file has only %zu more", count,
                               clv_cursor_left(cursor));
    }
    *bytes = cursor->bytes + cursor->at;
    cursor->at += count;
    return CLV_OK;
}

clv_status clv_cursor_fail(const clv_cursor *cursor, clv_error *err, const char *format, ...)
{
    char sentence[sizeof err->text];
    va_list list;

    va_start(list, format);
    vsnprintf(sentence, sizeof sentence, format, list);
    va_end(list);
    if (cursor->line > 0) { return clv_fail(err, CLV_BAD_FILE, "%s:%zu: %s", cursor->name, cursor->line, sentence); }
    return clv_fail(err, CLV_BAD_FILE, "%s: byte %zu: %s", cursor->name, cursor->at, sentence);
}

/* ---- Lines */

/* Makes room for a line of so many bytes, each of which may become two, and its zero. */
static clv_status make_room(clv_cursor *cursor, size_t length, clv_error *err)
{
    size_t size = 2 * length + 1;
    char *text;

    if (size <= cursor->text_size) { return CLV_OK; }
    size = size < 256 ? 256 : size;
    text = realloc(cursor->text, size);
    CLV_CHECK(text, err, CLV_NO_MEMORY, "%s: no memory for a line of %zu bytes", cursor->name, length);
    cursor->text = text;
    cursor->text_size = size;
    return CLV_OK;
}

/* The length of the line that begins here, at most LINE_LIMIT + 1. */
static size_t line_length(const clv_cursor *cursor)
{
    const uint8_t *from = cursor->bytes + cursor->at;
    size_t left = clv_cursor_left(cursor), length = 0;

    if (left > LINE_LIMIT + 1) { left = LINE_LIMIT + 1; }
    while (length < left && from[length] != (cursor->bare ? '\r' : '\n')) { length++; }
    return length;
}

/* Moves past the line and its end. */
static void skip_line(clv_cursor *cursor, size_t length)
{
    cursor->at += length;
    if (cursor->at < cursor->count) { cursor->at++; }
    cursor->line++;
}

/* Skips the mark that some programs put before UTF-8. */
static void skip_mark(clv_cursor *cursor)
{
    if (cursor->at == 0 && cursor->count >= 3 && memcmp(cursor->bytes, "\xEF\xBB\xBF", 3) == 0) { cursor->at = 3; }
}

clv_status clv_cursor_text(clv_cursor *cursor, const char **line, clv_error *err)
{
    const char *from;
    size_t raw, length;

    skip_mark(cursor);
    if (cursor->at == cursor->count) { return CLV_NOT_FOUND; }
    raw = length = line_length(cursor);
    if (length > LINE_LIMIT) {
        return clv_cursor_fail(cursor, err, "the next line is longer than 1 MiB: is this a text file?");
    }
    CLV_TRY(make_room(cursor, length, err));
    from = (const char *)cursor->bytes + cursor->at;
    while (length > 0 && from[length - 1] == '\r') { length--; }
    if (clv_text_is_utf8(from, length)) {
        memcpy(cursor->text, from, length);
    } else {
        length = clv_text_from_latin1(from, length, cursor->text);
    }
    for (size_t i = 0; i < length; i++) {
        if (cursor->text[i] == 0 || cursor->text[i] == '\r') { cursor->text[i] = ' '; }
    }
    cursor->text[length] = 0;
    skip_line(cursor, raw);
    *line = cursor->text;
    return CLV_OK;
}

/* ---- Numbers */

/* The next line without spaces around it; the end of the file is a failure here. */
static clv_status next_word(clv_cursor *cursor, const char *what, const char **word, size_t *length, clv_error *err)
{
    const char *line;
    clv_status status = clv_cursor_text(cursor, &line, err);

    if (status == CLV_NOT_FOUND) { return clv_cursor_fail(cursor, err, "the file ends where %s should stand", what); }
    CLV_TRY(status);
    line += strspn(line, " \t");
    *length = strlen(line);
    while (*length > 0 && (line[*length - 1] == ' ' || line[*length - 1] == '\t')) { --*length; }
    *word = line;
    return CLV_OK;
}

clv_status clv_cursor_number(clv_cursor *cursor, const char *what, double *number, clv_error *err)
{
    const char *word = "";
    size_t length = 0;
    double read = 0;

    CLV_TRY(next_word(cursor, what, &word, &length, err));
    if (length == 0) { return clv_cursor_fail(cursor, err, "%s should be a number, the line is empty", what); }
    if (clv_text_number(word, length, &read, NULL)) {
        return clv_cursor_fail(cursor, err, "%s should be a number, '%.*s' stands there", what,
                               (int)(length < 60 ? length : 60), word);
    }
    *number = read;
    return CLV_OK;
}

clv_status clv_cursor_integer(clv_cursor *cursor, const char *what, long low, long high, long *number, clv_error *err)
{
    double read = 0;

    CLV_TRY(clv_cursor_number(cursor, what, &read, err));
    if (read != floor(read)) {
        return clv_cursor_fail(cursor, err, "%s should be a whole number, %g stands there", what, read);
    }
    if (read < (double)low || read > (double)high) {
        return clv_cursor_fail(cursor, err, "%s should be from %ld to %ld, %.17g stands there", what, low, high, read);
    }
    *number = (long)read;
    return CLV_OK;
}

/* ---- Binary numbers */

/* Gathers `size` bytes of the given order into one unsigned number. */
static uint64_t gather(const uint8_t *bytes, size_t size, int big)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < size; i++) { bits = bits << 8 | bytes[big ? i : size - 1 - i]; }
    return bits;
}

static double from_bits(uint64_t bits, char kind, size_t size)
{
    if (kind == 'f' && size == 4) {
        uint32_t half = (uint32_t)bits;
        float single;
        memcpy(&single, &half, sizeof single);
        return single;
    }
    if (kind == 'f') {
        double whole;
        memcpy(&whole, &bits, sizeof whole);
        return whole;
    }
    if (kind == 'i' && size < 8 && bits >> (8 * size - 1)) { bits |= ~UINT64_C(0) << (8 * size); }
    return kind == 'i' ? (double)(int64_t)bits : (double)bits;
}

clv_status clv_cursor_binary(clv_cursor *cursor, char order, const char *type, size_t count, double *numbers,
                             clv_error *err)
{
    size_t size = (size_t)(type[0] ? type[1] - '0' : 0);
    const uint8_t *bytes;

    CLV_CHECK(strstr(" i1 u1 i2 u2 i4 u4 i8 u8 f4 f8 ", type) && strlen(type) == 2 && (order == '<' || order == '>'),
              err, CLV_BAD_ARGUMENT, "'%c%s' is no type of binary numbers", order, type);
    if (count > clv_cursor_left(cursor) / size) {
        return clv_cursor_fail(cursor, err, "%zu numbers of %zu bytes should follow, the file has only %zu bytes more",
                               count, size, clv_cursor_left(cursor));
    }
    CLV_TRY(clv_cursor_bytes(cursor, count * size, &bytes, err));
    for (size_t i = 0; i < count; i++) {
        numbers[i] = from_bits(gather(bytes + i * size, size, order == '>'), type[0], size);
    }
    return CLV_OK;
}
