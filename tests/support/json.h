/* A small reader of JSON for tests: a tree of values, whatever is wrong with the text ends the test.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TESTS_JSON_H
#define CLV_TESTS_JSON_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct json {
    char kind;  /* 'o' object, 'a' array, 's' text, 'n' number, 'b' true or false, '0' null */
    char *name; /* in an object */
    char *text;
    double number;
    struct json *items; /* in order */
    size_t count;
} json;

static inline void json_read(const char **at, json *value);

static inline void json_blank(const char **at) { *at += strspn(*at, " \t\r\n"); }

static inline void json_expect(const char **at, char c)
{
    json_blank(at);
    if (**at != c) {
        fprintf(stderr, "JSON: %c expected before %.30s\n", c, *at);
        exit(99);
    }
    ++*at;
}

/* A text; of \u escapes only the first 256 characters are needed here, the others become '?'. */
static inline char *json_text(const char **at)
{
    char *text = calloc(1, strlen(*at) < 65536 ? strlen(*at) + 1 : 65536), *to = text;
    static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";

    json_expect(at, '"');
    while (**at != '"' && **at) {
        if (**at != '\\') {
            *to++ = *(*at)++;
        } else if ((*at)[1] == 'u') {
            char digits[5] = {(*at)[2], (*at)[3], (*at)[4], (*at)[5], 0};
            long code = strtol(digits, NULL, 16);
            *to++ = code < 128 ? (code ? (char)code : ' ') : '?';
            *at += 6;
        } else {
            const char *found = strchr(plain, (*at)[1]);
            *to++ = found ? meant[found - plain] : '?';
            *at += 2;
        }
    }
    json_expect(at, '"');
    return text;
}

static inline void json_items(const char **at, json *value, char close)
{
    size_t room = 0;

    json_blank(at);
    while (**at != close) {
        if (value->count == room) {
            room = room ? 2 * room : 8;
            value->items = realloc(value->items, room * sizeof *value->items);
        }
        memset(&value->items[value->count], 0, sizeof *value->items);
        if (close == '}') {
            json_blank(at);
            value->items[value->count].name = json_text(at);
            json_expect(at, ':');
        }
        json_read(at, &value->items[value->count++]);
        json_blank(at);
        if (**at == ',') { ++*at; }
    }
    ++*at;
}

static inline void json_read(const char **at, json *value)
{
    json_blank(at);
    if (**at == '{' || **at == '[') {
        value->kind = **at == '{' ? 'o' : 'a';
        json_items(at, value, *(*at)++ == '{' ? '}' : ']');
    } else if (**at == '"') {
        value->kind = 's';
        value->text = json_text(at);
    } else if (strchr("tfnN", **at)) {
        value->kind = **at == 'n' || **at == 'N' ? '0' : 'b';
        value->number = **at == 't';
        *at += strspn(*at, "truefalsnN");
    } else {
        char *end;
        value->kind = 'n';
        value->number = strtod(*at, &end);
        *at = end;
    }
}

static inline void json_free(json *value)
{
    for (size_t i = 0; i < value->count; i++) { json_free(&value->items[i]); }
    free(value->items);
    free(value->name);
    free(value->text);
}

/* A member of an object, NULL where there is none. */
static inline const json *json_get(const json *value, const char *name)
{
    for (size_t i = 0; value && i < value->count; i++) {
        if (value->items[i].name && strcmp(value->items[i].name, name) == 0) { return &value->items[i]; }
    }
    return NULL;
}

/* Reads a whole file into a tree; an empty tree when it cannot be read. */
static inline json json_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    json value = {0};
    const char *at;
    char *text;
    long size;

    if (!file) { return value; }
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    text = calloc(1, (size_t)size + 1);
    if (fread(text, 1, (size_t)size, file) == (size_t)size) {
        at = text;
        json_read(&at, &value);
    }
    fclose(file);
    free(text);
    return value;
}

#endif
