/* Makes drawn files reproducible and gives them titles and resolution.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/publish.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Identifiers in the order in which they first occur. */
typedef struct names {
    struct name {
        const unsigned char *at;
        size_t length;
    } * name;
    size_t count, room;
    bool failed;
} names;

static size_t name_find(names *known, const unsigned char *at, size_t length)
{
    for (size_t i = 0; i < known->count; i++) {
        if (known->name[i].length == length && memcmp(known->name[i].at, at, length) == 0) { return i; }
    }
    if (known->count == known->room) {
        size_t room = known->room * 2 + 64;
        struct name *name = realloc(known->name, room * sizeof *name);
        known->failed = known->failed || !name;
        if (!name) { return 0; }
        known->name = name;
        known->room = room;
    }
    known->name[known->count].at = at;
    known->name[known->count].length = length;
    return known->count++;
}

/* Tells how many bytes at `s` introduce an identifier (0: none) and the byte that ends it. */
static size_t introduces(const unsigned char *s, size_t left, unsigned char *end)
{
    static const struct {
        const char *text;
        unsigned char end;
    } forms[] = {{" id=\"", '"'}, {"href=\"#", '"'}, {"url(#", ')'}};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t length = strlen(forms[i].text);
        if (length < left && memcmp(s, forms[i].text, length) == 0) {
            *end = forms[i].end;
            return length;
        }
    }
    return 0;
}

/* Copies the SVG with every identifier written as `prefix` and its number. */
static void rename_all(const clv_bytes *in, const char *prefix, names *known, clv_bytes *out)
{
    size_t i = 0, copied = 0;

    while (i < in->size) {
        unsigned char end = 0;
        size_t intro =
            in->at[i] == ' ' || in->at[i] == 'h' || in->at[i] == 'u' ? introduces(in->at + i, in->size - i, &end) : 0;
        if (!intro) {
            i++;
            continue;
        }
        size_t from = i + intro, to = from;
        char text[64];
        while (to < in->size && in->at[to] != end) { to++; }
        clv_bytes_add(out, in->at + copied, from - copied);
        snprintf(text, sizeof text, "%s%zu", prefix, name_find(known, in->at + from, to - from));
        clv_bytes_add(out, text, strlen(text));
        i = copied = to;
    }
    clv_bytes_add(out, in->at + copied, in->size - copied);
}

/* Copies the SVG with the coordinates of its paths cut to thousandths of a point: a third of the size, nothing to see.
 */
static void shorten_paths(const clv_bytes *in, clv_bytes *out)
{
    size_t copied = 0;
    bool path = false;

    for (size_t i = 0; i + 4 < in->size; i++) {
        if (!path) {
            path = memcmp(in->at + i, " d=\"", 4) == 0;
            i += path ? 3 : 0;
            continue;
        }
        path = in->at[i] != '"';
        if (in->at[i] != '.') { continue; }
        size_t end = i + 1, kept;
        while (end < in->size && in->at[end] >= '0' && in->at[end] <= '9') { end++; }
        kept = end - i > 4 ? i + 4 : end;
        while (kept > i + 1 && in->at[kept - 1] == '0') { kept--; }
        if (kept == i + 1) { kept = i; }
        clv_bytes_add(out, in->at + copied, kept - copied);
        copied = end;
        i = end - 1;
    }
    clv_bytes_add(out, in->at + copied, in->size - copied);
}

static void add_element(clv_bytes *out, const char *name, const char *text)
{
    static const char *const entities[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;"};

    if (!text) { return; }
    clv_bytes_add(out, "<", 1);
    clv_bytes_add(out, name, strlen(name));
    clv_bytes_add(out, ">", 1);
    for (const char *s = text; *s; s++) {
        const char *entity = (unsigned char)*s <= '>' ? entities[(unsigned char)*s] : NULL;
        clv_bytes_add(out, entity ? entity : s, entity ? strlen(entity) : 1);
    }
    clv_bytes_add(out, "</", 2);
    clv_bytes_add(out, name, strlen(name));
    clv_bytes_add(out, ">\n", 2);
}

/* Copies the SVG with title and description as first children of its root. */
static void add_title(const clv_bytes *in, const char *title, const char *subject, clv_bytes *out)
{
    const unsigned char *root = memmem(in->at, in->size, "<svg", 4);
    const unsigned char *end = root ? memchr(root, '>', in->size - (size_t)(root - in->at)) : NULL;
    size_t head = end ? (size_t)(end - in->at) + 1 : 0;

    clv_bytes_add(out, in->at, head);
    if (head) {
        clv_bytes_add(out, "\n", 1);
        add_element(out, "title", title);
        add_element(out, "desc", subject);
    }
    clv_bytes_add(out, in->at + head, in->size - head);
}

clv_status clv_publish_svg(const clv_bytes *in, const char *title, const char *subject, clv_bytes *out, clv_error *err)
{
    clv_bytes brief = {0}, plain = {0}, titled = {0};
    names first = {0}, second = {0};
    uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bits */
    char prefix[32];
    bool failed;

    shorten_paths(in, &brief);
    rename_all(&brief, "c", &first, &plain);
    add_title(&plain, title, subject, &titled);
    for (size_t i = 0; i < titled.size; i++) { hash = (hash ^ titled.at[i]) * 1099511628211u; }
    snprintf(prefix, sizeof prefix, "c%08x-", (unsigned)(hash ^ hash >> 32));
    memset(out, 0, sizeof *out);
    rename_all(&titled, prefix, &second, out);
    failed = brief.failed || plain.failed || titled.failed || out->failed || first.failed || second.failed;
    free(brief.at);
    free(plain.at);
    free(titled.at);
    free(first.name);
    free(second.name);
    if (failed) {
        free(out->at);
        memset(out, 0, sizeof *out);
        return clv_fail(err, CLV_NO_MEMORY, "no memory to write an SVG of %zu bytes", in->size);
    }
    return CLV_OK;
}

/* CRC-32 of a PNG chunk (W3C PNG, annex D). */
static uint32_t chunk_crc(const unsigned char *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFFu;

    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) { crc = crc & 1 ? 0xEDB88320u ^ crc >> 1 : crc >> 1; }
    }
    return ~crc;
}

static void put_number(unsigned char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++) { at[i] = (unsigned char)(value >> (24 - 8 * i)); }
}

clv_status clv_publish_png(const clv_bytes *in, double dots_per_inch, clv_bytes *out, clv_error *err)
{
    const size_t head = 33; /* signature and IHDR */
    unsigned char chunk[21] = {0, 0, 0, 9, 'p', 'H', 'Y', 's', [16] = 1};
    uint32_t per_metre = (uint32_t)lround(dots_per_inch / 0.0254);

    memset(out, 0, sizeof *out);
    CLV_CHECK(in->size > head, err, CLV_FAILED, "the drawn PNG has only %zu bytes", in->size);
    put_number(chunk + 8, per_metre);
    put_number(chunk + 12, per_metre);
    put_number(chunk + 17, chunk_crc(chunk + 4, 13));
    clv_bytes_add(out, in->at, head);
    clv_bytes_add(out, chunk, sizeof chunk);
    clv_bytes_add(out, in->at + head, in->size - head);
    if (out->failed) {
        free(out->at);
        memset(out, 0, sizeof *out);
        return clv_fail(err, CLV_NO_MEMORY, "no memory to write a PNG of %zu bytes", in->size);
    }
    return CLV_OK;
}
