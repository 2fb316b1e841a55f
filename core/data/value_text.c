/* Reads and writes values as literals, in the form one would write them in Lua.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>
#include <corelevel/value.h>

#include "buffer.h"

#define MAX_DEPTH 32
#define MAX_LENGTH (1u << 20)

/* ---- Reading ---- */

typedef struct reader {
    const char *start, *at, *end;
    clv_error *err;
    int depth;
} reader;

static clv_status read_value(reader *in, clv_value **value);

static clv_status wrong(const reader *in, const char *expected)
{
    size_t column = (size_t)(in->at - in->start) + 1;
    int shown = in->end - in->at < 20 ? (int)(in->end - in->at) : 20;

    if (in->at == in->end) {
        return clv_fail(in->err, CLV_BAD_ARGUMENT, "column %zu: the text ends where %s should follow", column,
                        expected);
    }
    while (shown > 1 && ((unsigned char)in->at[shown - 1] & 0x80)) { shown--; }
    return clv_fail(in->err, CLV_BAD_ARGUMENT, "column %zu: '%.*s' where %s should stand", column, shown, in->at,
                    expected);
}

static void skip_blanks(reader *in)
{
    while (in->at < in->end && strchr(" \t\r\n", *in->at)) { in->at++; }
}

/* Takes the character `c` and the blanks before it, if it is the next one. */
static int take(reader *in, char c)
{
    skip_blanks(in);
    if (in->at == in->end || *in->at != c) { return 0; }
    in->at++;
    return 1;
}

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* The length of the word (letters, digits, _) that stands at `in`; 0 when none begins there. */
static size_t word_length(const reader *in)
{
    const char *p = in->at;

    if (p == in->end || !is_letter(*p)) { return 0; }
    while (p < in->end && (is_letter(*p) || is_digit(*p))) { p++; }
    return (size_t)(p - in->at);
}

static int is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

static int hex_digit(char c)
{
    if (is_digit(c)) { return c - '0'; }
    if (c >= 'a' && c <= 'f') { return c - 'a' + 10; }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads the number of an escape `\x4A` or `\074` behind its backslash; -1 when it is none or zero. */
static int read_escape_number(reader *in)
{
    int code = 0;

    if (*in->at == 'x') {
        if (in->end - in->at < 3 || hex_digit(in->at[1]) < 0 || hex_digit(in->at[2]) < 0) { return -1; }
        code = 16 * hex_digit(in->at[1]) + hex_digit(in->at[2]);
        in->at += 3;
    } else {
        for (int i = 0; i < 3 && in->at < in->end && is_digit(*in->at); i++) { code = 10 * code + (*in->at++ - '0'); }
    }
    return code > 0 && code < 256 ? code : -1;
}

/* Reads what stands behind a backslash; -1 when it is no escape. */
static int read_escape(reader *in)
{
    static const char letters[] = "ntr\\\"'", meant[] = "\n\t\r\\\"'";
    const char *known;

    if (in->at == in->end) { return -1; }
    if (*in->at == 'x' || is_digit(*in->at)) { return read_escape_number(in); }
    known = *in->at ? strchr(letters, *in->at) : NULL;
    if (!known) { return -1; }
    in->at++;
    return meant[known - letters];
}

/* Reads a string in quotes into a text that the caller frees. */
static clv_status read_string(reader *in, char **text)
{
    char quote = *in->at++;
    char *made = malloc((size_t)(in->end - in->at) + 1), *put = made;

    CLV_CHECK(made, in->err, CLV_NO_MEMORY, "no memory for a text");
    while (in->at < in->end && *in->at != quote) {
        const char *from = in->at;
        int code = (unsigned char)*in->at++;

        if (code == '\\' && (code = read_escape(in)) < 0) {
            in->at = from;
            free(made);
            return wrong(in, "an escape such as \\n, \\\\ or \\\"");
        }
        *put++ = (char)code;
    }
    *put = 0;
    if (!take(in, quote) || !clv_text_is_utf8(made, (size_t)(put - made))) {
        free(made);
        return wrong(in, "the closing quote of a text in UTF-8");
    }
    *text = made;
    return CLV_OK;
}

static clv_status give(reader *in, clv_value *made, clv_value **value)
{
    CLV_CHECK(made, in->err, CLV_NO_MEMORY, "no memory for a value");
    *value = made;
    return CLV_OK;
}

/* Reads a number, or inf or nan with a sign before it or none. */
static clv_status read_number(reader *in, double *number)
{
    const char *next = clv_text_number_at(in->at, in->end, number);
    const char *from = in->at;
    int minus = *in->at == '-';

    if (next) {
        if (!isfinite(*number)) { return wrong(in, "a number that a double can hold"); }
        in->at = next;
        return CLV_OK;
    }
    if (*in->at == '-' || *in->at == '+') { in->at++; }
    if (is_word(in->at, word_length(in), "inf") || is_word(in->at, word_length(in), "nan")) {
        *number = *in->at == 'n' ? NAN : minus ? -INFINITY : INFINITY;
        in->at += 3;
        return CLV_OK;
    }
    in->at = from;
    return wrong(in, "a value");
}

/* Reads what stands in the brackets of `fixed(…)`. */
static clv_status read_fixed(reader *in, clv_value **value)
{
    double number;

    if (!take(in, '(')) { return wrong(in, "'(' after fixed"); }
    skip_blanks(in);
    if (in->at == in->end) { return wrong(in, "a number"); }
    CLV_TRY(read_number(in, &number));
    if (!take(in, ')')) { return wrong(in, "')'"); }
    return give(in, clv_value_fixed(number), value);
}

/* Reads `name =` or `["name"] =` into a text that the caller frees; NULL when the field has no name. */
static clv_status read_name(reader *in, char **name)
{
    const char *from;
    size_t length;

    *name = NULL;
    skip_blanks(in);
    from = in->at;
    if (take(in, '[')) {
        skip_blanks(in);
        if (in->at == in->end || (*in->at != '"' && *in->at != '\'')) { return wrong(in, "a name in quotes"); }
        CLV_TRY(read_string(in, name));
        if (take(in, ']') && take(in, '=')) { return CLV_OK; }
        free(*name);
        return wrong(in, "'] ='");
    }
    length = word_length(in);
    in->at += length;
    if (length == 0 || !take(in, '=')) {
        in->at = from;
        return CLV_OK;
    }
    *name = strndup(from, length);
    CLV_CHECK(*name, in->err, CLV_NO_MEMORY, "no memory for a name");
    return CLV_OK;
}

static clv_status read_field(reader *in, clv_value *table)
{
    clv_value *value = NULL;
    clv_status status;
    char *name;

    CLV_TRY(read_name(in, &name));
    status = read_value(in, &value);
    if (!status) {
        status = name ? clv_value_set(table, name, value, in->err) : clv_value_append(table, value, in->err);
    }
    free(name);
    return status;
}

/* Reads fields up to the character `close`, which is taken, or to the end of the text when it is zero. */
static clv_status read_fields(reader *in, char close, clv_value *table)
{
    for (;;) {
        skip_blanks(in);
        if (close ? take(in, close) : in->at == in->end) { return CLV_OK; }
        CLV_TRY(read_field(in, table));
        if (take(in, ',') || take(in, ';')) { continue; }
        if (close ? take(in, close) : in->at == in->end) { return CLV_OK; }
        return wrong(in, close ? "',' or '}'" : "','");
    }
}

/* Reads a table behind its opening brace. */
static clv_status read_table(reader *in, clv_value **value)
{
    clv_value *table = NULL;
    clv_status status;

    CLV_CHECK(in->depth < MAX_DEPTH, in->err, CLV_BAD_ARGUMENT, "column %zu: tables are nested deeper than %d",
              (size_t)(in->at - in->start), MAX_DEPTH);
    CLV_TRY(give(in, clv_value_table(), &table));
    in->depth++;
    status = read_fields(in, '}', table);
    in->depth--;
    if (status) {
        clv_value_free(table);
        return status;
    }
    *value = table;
    return CLV_OK;
}

/* Reads a component behind the name of its type. */
static clv_status read_component(reader *in, const char *type, size_t length, clv_value **value)
{
    clv_value *options = NULL;
    char *name;

    CLV_TRY(read_table(in, &options));
    name = strndup(type, length);
    if (!name) {
        clv_value_free(options);
        return clv_fail(in->err, CLV_NO_MEMORY, "no memory for a component");
    }
    *value = clv_value_component(name, options);
    free(name);
    return give(in, *value, value);
}

/* Reads a value that begins with a word. */
static clv_status read_word(reader *in, clv_value **value)
{
    const char *from = in->at, *word;
    size_t length = word_length(in);

    if (is_word(from, length, "cl") && in->end - from > 3 && from[2] == '.') {
        in->at += 3;
        length = word_length(in);
    }
    word = in->at;
    in->at += length;
    if (is_word(word, length, "true")) { return give(in, clv_value_boolean(1), value); }
    if (is_word(word, length, "false")) { return give(in, clv_value_boolean(0), value); }
    if (is_word(word, length, "nil")) { return give(in, clv_value_nil(), value); }
    if (is_word(word, length, "inf")) { return give(in, clv_value_number(INFINITY), value); }
    if (is_word(word, length, "nan")) { return give(in, clv_value_number(NAN), value); }
    if (is_word(word, length, "fixed")) { return read_fixed(in, value); }
    if (length > 0 && take(in, '{')) { return read_component(in, word, length, value); }
    in->at = from;
    return wrong(in, "a value (put a text in quotes)");
}

static clv_status read_value(reader *in, clv_value **value)
{
    double number;

    skip_blanks(in);
    if (in->at == in->end) { return wrong(in, "a value"); }
    if (*in->at == '"' || *in->at == '\'') {
        char *text;

        CLV_TRY(read_string(in, &text));
        *value = clv_value_text(text);
        free(text);
        return give(in, *value, value);
    }
    if (take(in, '{')) { return read_table(in, value); }
    if (is_letter(*in->at)) { return read_word(in, value); }
    CLV_TRY(read_number(in, &number));
    return give(in, clv_value_number(number), value);
}

/* Tells whether the fields of a whole text are one value alone: no name, no comma behind it. */
static int stands_alone(const reader *in, const clv_value *table)
{
    const char *last = in->end;

    if (clv_value_count(table) != 1 || clv_value_name_count(table) != 0) { return 0; }
    while (last > in->start && strchr(" \t\r\n", last[-1])) { last--; }
    return last > in->start && last[-1] != ',' && last[-1] != ';';
}

clv_status clv_value_parse(const char *text, clv_value **value, clv_error *err)
{
    size_t length = strnlen(text, MAX_LENGTH + 1);
    reader in = {text, text, text + length, err, 0};
    clv_value *table = NULL;
    clv_status status;

    CLV_CHECK(length <= MAX_LENGTH, err, CLV_BAD_ARGUMENT, "the text is longer than 1 MiB");
    CLV_TRY(give(&in, clv_value_table(), &table));
    status = read_fields(&in, 0, table);
    if (status) {
        clv_value_free(table);
        return status;
    }
    *value = table;
    if (stands_alone(&in, table)) {
        *value = clv_value_ref(clv_value_at(table, 0));
        clv_value_free(table);
    }
    return CLV_OK;
}

/* ---- Writing ---- */

static void write_value(clv_buffer *out, const clv_value *value);

static void write_string(clv_buffer *out, const char *text)
{
    clv_buffer_add(out, "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\') {
            clv_buffer_format(out, "\\%c", *p);
        } else if (*p == '\n') {
            clv_buffer_add(out, "\\n");
        } else if ((unsigned char)*p < 0x20 || *p == 0x7F) {
            clv_buffer_format(out, "\\x%02X", (unsigned)*p);
        } else {
            clv_buffer_bytes(out, p, 1);
        }
    }
    clv_buffer_add(out, "\"");
}

static void write_number(clv_buffer *out, double number)
{
    char digits[CLV_TEXT_NUMBER_SIZE];

    clv_text_from_number(number, digits);
    clv_buffer_add(out, isnan(number) ? "nan" : digits);
}

static void write_name(clv_buffer *out, const char *name)
{
    reader in = {name, name, name + strlen(name), NULL, 0};

    if (*name && word_length(&in) == strlen(name)) {
        clv_buffer_add(out, name);
    } else {
        clv_buffer_add(out, "[");
        write_string(out, name);
        clv_buffer_add(out, "]");
    }
    clv_buffer_add(out, " = ");
}

static void write_table(clv_buffer *out, const clv_value *table)
{
    size_t places = clv_value_count(table), names = clv_value_name_count(table);

    if (places + names == 0) {
        clv_buffer_add(out, "{}");
        return;
    }
    for (size_t i = 0; i < places; i++) {
        clv_buffer_add(out, i ? ", " : "{ ");
        write_value(out, clv_value_at(table, i));
    }
    for (size_t i = 0; i < names; i++) {
        clv_buffer_add(out, i + places ? ", " : "{ ");
        write_name(out, clv_value_name_at(table, i));
        write_value(out, clv_value_get(table, clv_value_name_at(table, i)));
    }
    clv_buffer_add(out, " }");
}

static void write_value(clv_buffer *out, const clv_value *value)
{
    switch (clv_value_kind(value)) {
    case CLV_NIL: clv_buffer_add(out, "nil"); break;
    case CLV_BOOLEAN: clv_buffer_add(out, clv_value_as_boolean(value) ? "true" : "false"); break;
    case CLV_NUMBER: write_number(out, clv_value_as_number(value)); break;
    case CLV_FIXED:
        clv_buffer_add(out, "fixed(");
        write_number(out, clv_value_as_number(value));
        clv_buffer_add(out, ")");
        break;
    case CLV_TEXT: write_string(out, clv_value_as_text(value)); break;
    case CLV_TABLE: write_table(out, value); break;
    case CLV_COMPONENT:
        clv_buffer_format(out, "%s ", clv_value_component_type(value));
        write_table(out, clv_value_component_options(value));
        break;
    default: clv_buffer_format(out, "<%s>", clv_kind_name(clv_value_kind(value))); break;
    }
}

clv_status clv_value_write(const clv_value *value, char **text, clv_error *err)
{
    clv_buffer out = {0};

    write_value(&out, value);
    return clv_buffer_take(&out, text, err);
}
