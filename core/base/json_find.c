/* Finds values in JSON without building anything of it: bounded by the text, however deep.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/json_find.h>

#include <string.h>

static const char *skip_blanks(const char *at) { return at + strspn(at, " \t\r\n"); }

/* Behind a text that begins at its quote; NULL: it has no end. */
static const char *skip_text(const char *at)
{
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && *++at == 0) { return NULL; }
    }
    return *at ? at + 1 : NULL;
}

/* Behind a value; NULL: it has no end. Depth is counted, not recursed into. */
static const char *skip_value(const char *at)
{
    size_t depth = 0;

    for (;;) {
        at = skip_blanks(at);
        if (*at == 0) { return NULL; }
        if (*at == '"') {
            at = skip_text(at);
            if (!at) { return NULL; }
        } else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            if (depth == 0) { return at; }
            depth--;
            at++;
        } else if (depth == 0 && *at == ',') {
            return at;
        } else {
            at++;
        }
        if (depth == 0) {
            at = skip_blanks(at);
            if (*at == ',' || *at == '}' || *at == ']' || *at == 0) { return at; }
        }
    }
}

/* The value of one member of the object that begins here. */
static const char *find_member(const char *at, const char *name, size_t length)
{
    at = skip_blanks(at);
    if (*at != '{') { return NULL; }
    at++;
    for (;;) {
        const char *key = skip_blanks(at), *end;

        if (*key != '"' || !(end = skip_text(key))) { return NULL; }
        at = skip_blanks(end);
        if (*at != ':') { return NULL; }
        at = skip_blanks(at + 1);
        if ((size_t)(end - key) == length + 2 && strncmp(key + 1, name, length) == 0) { return at; }
        at = skip_value(at);
        if (!at || *at != ',') { return NULL; }
        at++;
    }
}

/* The value at a place of the list that begins here. */
static const char *find_place(const char *at, size_t place)
{
    at = skip_blanks(at);
    if (*at != '[') { return NULL; }
    at = skip_blanks(at + 1);
    for (; place > 0; place--) {
        at = skip_value(at);
        if (!at || *at != ',') { return NULL; }
        at++;
    }
    at = skip_blanks(at);
    return *at && *at != ']' ? at : NULL;
}

/* Digits up to `length`, none too many for a list. */
static int is_place(const char *name, size_t length, size_t *place)
{
    *place = 0;
    for (size_t i = 0; i < length; i++) {
        if (name[i] < '0' || name[i] > '9' || i > 8) { return 0; }
        *place = 10 * *place + (size_t)(name[i] - '0');
    }
    return length > 0;
}

const char *clv_json_find(const char *json, const char *path)
{
    while (json && *path) {
        size_t length = strcspn(path, "."), place;
        int list = *skip_blanks(json) == '[' && is_place(path, length, &place);

        json = list ? find_place(json, place) : find_member(json, path, length);
        path += length;
        path += *path == '.';
    }
    return json;
}

size_t clv_json_find_text(const char *json, const char *path, char *text, size_t size)
{
    const char *at = clv_json_find(json, path), *end = at && *at == '"' ? skip_text(at) : NULL;
    size_t length = end ? (size_t)(end - at) - 2 : 0;

    if (length >= size) { length = 0; }
    if (length > 0) { memcpy(text, at + 1, length); }
    text[length] = 0;
    return length;
}
