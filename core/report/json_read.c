/* Reads JSON (RFC 8259) into values. SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

typedef struct reading {
    const char *begin, *at, *end;
    clv_error *err;
} reading;

static clv_status read_value(reading *in, int depth, clv_value **value);

static clv_status bad(const reading *in, const char *expected)
{
    return clv_fail(in->err, CLV_BAD_FILE, "byte %zu: %s was expected", (size_t)(in->at - in->begin) + 1, expected);
}

static void skip(reading *in)
{
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) { in->at++; }
}

static int take(reading *in, char c)
{
    skip(in);
    if (in->at == in->end || *in->at != c) { return 0; }
    in->at++;
    return 1;
}

/* ---- Texts */

static int hexadecimal(const char *at, unsigned *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) { return 0; }
        *code = *code * 16 + (unsigned)digit;
    }
    return 1;
}

static char *put_character(unsigned code, char *to)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        *to++ = (char)(0xE0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    } else {
        *to++ = (char)(0xF0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3F));
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
        *to++ = (char)(0x80 | (code & 0x3F));
    }
    return to;
}

/* What follows `\u`: four digits, and a second half where the first is one of a pair. NUL and lone halves are refused.
 */
static clv_status read_code(reading *in, unsigned *code)
{
    unsigned second;

    if (in->end - in->at < 4 || !hexadecimal(in->at, code)) { return bad(in, "four hexadecimal digits"); }
    in->at += 4;
    if (*code == 0 || (*code >= 0xDC00 && *code < 0xE000)) { return bad(in, "a character that a text may hold"); }
    if (*code < 0xD800 || *code >= 0xE000) { return CLV_OK; }
    if (in->end - in->at < 6 || in->at[0] != '\\' || in->at[1] != 'u' || !hexadecimal(in->at + 2, &second) ||
        second < 0xDC00 || second >= 0xE000) {
        return bad(in, "the second half of a character");
    }
    in->at += 6;
    *code = 0x10000 + ((*code - 0xD800) << 10) + (second - 0xDC00);
    return CLV_OK;
}

static clv_status read_escape(reading *in, char **to)
{
    static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *found;
    unsigned code = 0;

    if (in->at == in->end) { return bad(in, "an escape"); }
    if (*in->at == 'u') {
        in->at++;
        CLV_TRY(read_code(in, &code));
        *to = put_character(code, *to);
        return CLV_OK;
    }
    found = *in->at ? strchr(plain, *in->at) : NULL;
    if (!found) { return bad(in, "an escape"); }
    *(*to)++ = meant[found - plain];
    in->at++;
    return CLV_OK;
}

static clv_status fill_text(reading *in, char *to)
{
    while (in->at < in->end && *in->at != '"') {
        if ((unsigned char)*in->at < 0x20) { return bad(in, "a text without control characters"); }
        if (*in->at != '\\') {
            *to++ = *in->at++;
            continue;
        }
        in->at++;
        CLV_TRY(read_escape(in, &to));
    }
    *to = 0;
    return take(in, '"') ? CLV_OK : bad(in, "the end of a text");
}

/* A text after its first quote; never longer than what stands in the file. The text is the caller's. */
static clv_status read_text(reading *in, char **text)
{
    const char *end = in->at;
    clv_status status;

    while (end < in->end && *end != '"') { end += *end == '\\' && end + 1 < in->end ? 2 : 1; }
    *text = malloc((size_t)(end - in->at) + 1);
    CLV_CHECK(*text, in->err, CLV_NO_MEMORY, "no memory for a text");
    status = fill_text(in, *text);
    if (!status && !clv_text_is_utf8(*text, strlen(*text))) { status = bad(in, "UTF-8"); }
    if (status) { free(*text); }
    return status;
}

/* ---- Tables */

static clv_status read_member(reading *in, int depth, clv_value *table)
{
    clv_value *value = NULL;
    char *name;
    clv_status status;

    if (!take(in, '"')) { return bad(in, "a name in quotes"); }
    CLV_TRY(read_text(in, &name));
    status = take(in, ':') ? read_value(in, depth, &value) : bad(in, "a colon");
    if (!status) { status = clv_value_set(table, name, value, in->err); }
    free(name);
    return status;
}

static clv_status read_item(reading *in, int depth, clv_value *table)
{
    clv_value *value = NULL;

    CLV_TRY(read_value(in, depth, &value));
    return clv_value_append(table, value, in->err);
}

static clv_status read_table(reading *in, int depth, char close, clv_value **made)
{
    clv_value *table = clv_value_table();
    clv_status status = table ? CLV_OK : clv_fail(in->err, CLV_NO_MEMORY, "no memory for a table");
    int more = !take(in, close);

    if (depth > CLV_JSON_MAX_DEPTH && !status) { status = bad(in, "no deeper nesting"); }
    while (!status && more) {
        status = close == '}' ? read_member(in, depth, table) : read_item(in, depth, table);
        if (status || take(in, close)) { break; }
        if (!take(in, ',')) { status = bad(in, close == '}' ? "a comma or }" : "a comma or ]"); }
    }
    if (status) {
        clv_value_free(table);
        return status;
    }
    *made = table;
    return CLV_OK;
}

/* ---- Values */

static int take_word(reading *in, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) { return 0; }
    in->at += length;
    return 1;
}

static clv_status keep(const reading *in, clv_value *made, clv_value **value)
{
    CLV_CHECK(made, in->err, CLV_NO_MEMORY, "no memory for a value");
    *value = made;
    return CLV_OK;
}

static clv_status read_value(reading *in, int depth, clv_value **value)
{
    const char *after;
    double number;
    char *text;
    clv_value *made;

    if (take(in, '{')) { return read_table(in, depth + 1, '}', value); }
    if (take(in, '[')) { return read_table(in, depth + 1, ']', value); }
    if (take(in, '"')) {
        CLV_TRY(read_text(in, &text));
        made = clv_value_text(text);
        free(text);
        return keep(in, made, value);
    }
    if (take_word(in, "true")) { return keep(in, clv_value_boolean(1), value); }
    if (take_word(in, "false")) { return keep(in, clv_value_boolean(0), value); }
    if (take_word(in, "null")) { return keep(in, clv_value_nil(), value); }
    after = in->at < in->end && *in->at != '+' ? clv_text_number_at(in->at, in->end, &number) : NULL;
    if (!after) { return bad(in, "a value"); }
    in->at = after;
    return keep(in, clv_value_number(number), value);
}

clv_status clv_json_read(const char *bytes, size_t count, clv_value **value, clv_error *err)
{
    reading in = {bytes, bytes, bytes + count, err};
    clv_status status;

    CLV_CHECK(count <= CLV_JSON_MAX_BYTES, err, CLV_BAD_FILE, "%zu bytes of JSON; at most %zu are read", count,
              CLV_JSON_MAX_BYTES);
    status = read_value(&in, 0, value);
    if (status) { return status; }
    skip(&in);
    if (in.at == in.end) { return CLV_OK; }
    clv_value_free(*value);
    return bad(&in, "the end");
}
