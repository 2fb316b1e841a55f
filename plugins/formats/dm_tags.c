/* Reads the tree of tags of a DigitalMicrograph file, version 3 or 4.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "dm_tags.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 1024
#define MOST_TAGS ((size_t)1 << 20)
#define DEEPEST 64
#define MOST_FIELDS 4096

enum { STRUCTURE = 15, STRING = 18, ARRAY = 20, DIRECTORY = 20, DATA = 21 };

typedef struct reading {
    clv_cursor *in;
    dm_tags *tags;
    clv_error *err;
    char path[PATH_SIZE];
    size_t length;
} reading;

/* ---- Numbers of the tree itself, big endian */

static clv_status take(reading *r, const char *type, double *number)
{
    return clv_cursor_binary(r->in, '>', type, 1, number, r->err);
}

/* Sizes and types have 4 bytes in version 3, 8 in version 4. */
static clv_status take_count(reading *r, const char *what, size_t most, size_t *count)
{
    double number;

    CLV_TRY(take(r, r->tags->version == 3 ? "u4" : "u8", &number));
    if (!(number <= (double)most)) {
        return clv_cursor_fail(r->in, r->err, "%s of %s is %.0f, more than the file can hold", what,
                               r->length ? r->path : "the root", number);
    }
    *count = (size_t)number;
    return CLV_OK;
}

static const char *element_type(size_t code)
{
    static const char *const types[] = {NULL, NULL, "i2", "i4", "u2", "u4", "f4", "f8", "u1", "i1", "i1", "i8", "u8"};

    return code < sizeof types / sizeof *types ? types[code] : NULL;
}

static size_t element_size(const char *type) { return (size_t)(type[1] - '0'); }

/* ---- The list */

static clv_status add_tag(reading *r, const dm_tag *tag)
{
    dm_tags *tags = r->tags;

    if (tags->count == MOST_TAGS) { return clv_cursor_fail(r->in, r->err, "more than %zu tags", MOST_TAGS); }
    if (tags->count == tags->room) {
        size_t room = 2 * tags->room + 256;
        dm_tag *more = realloc(tags->list, room * sizeof *more);

        CLV_CHECK(more, r->err, CLV_NO_MEMORY, "%s: no memory for its tags", clv_cursor_name(r->in));
        tags->list = more;
        tags->room = room;
    }
    tags->list[tags->count] = *tag;
    tags->list[tags->count].path = strdup(r->path);
    CLV_CHECK(tags->list[tags->count].path, r->err, CLV_NO_MEMORY, "%s: no memory for its tags",
              clv_cursor_name(r->in));
    tags->count++;
    return CLV_OK;
}

/* ---- Values */

static clv_status add_number(reading *r, size_t code)
{
    dm_tag tag = {.number = NAN};
    const char *type = element_type(code);

    if (!type) { return clv_cursor_fail(r->in, r->err, "%s is of the type %zu, which is not known", r->path, code); }
    CLV_TRY(clv_cursor_binary(r->in, r->tags->order, type, 1, &tag.number, r->err));
    return add_tag(r, &tag);
}

/* The fields of a structure: their number, then for each the length of its name and its type. Gives its size in bytes.
 */
static clv_status take_fields(reading *r, size_t *bytes, size_t codes[MOST_FIELDS], size_t *fields)
{
    size_t unused;

    CLV_TRY(take_count(r, "the name of a structure", 0xFFFF, &unused));
    CLV_TRY(take_count(r, "the number of fields", MOST_FIELDS, fields));
    *bytes = 0;
    for (size_t i = 0; i < *fields; i++) {
        CLV_TRY(take_count(r, "the name of a field", 0xFFFF, &unused));
        CLV_TRY(take_count(r, "the type of a field", 64, &codes[i]));
        if (!element_type(codes[i])) {
            return clv_cursor_fail(r->in, r->err, "%s has a field of the type %zu, which is not known", r->path,
                                   codes[i]);
        }
        *bytes += element_size(element_type(codes[i]));
    }
    return CLV_OK;
}

static clv_status skip(reading *r, size_t count, size_t each)
{
    const uint8_t *unused;

    if (each > 0 && count > clv_cursor_left(r->in) / each) {
        return clv_cursor_fail(r->in, r->err, "%s has %zu elements, more than the file can hold", r->path, count);
    }
    return clv_cursor_bytes(r->in, count * each, &unused, r->err);
}

/* A structure's fields become numbers "path{0}", "path{1}" …; those of arrays of structures are passed over. */
static clv_status add_structure(reading *r, int listed)
{
    size_t codes[MOST_FIELDS], fields, bytes, count = 1, length = r->length;

    CLV_TRY(take_fields(r, &bytes, codes, &fields));
    if (!listed) {
        CLV_TRY(take_count(r, "the number of elements", clv_cursor_size(r->in), &count));
        return skip(r, count, bytes);
    }
    for (size_t i = 0; i < fields; i++) {
        snprintf(r->path + length, PATH_SIZE - length, "{%zu}", i);
        CLV_TRY(add_number(r, codes[i]));
    }
    r->path[length] = 0;
    return CLV_OK;
}

static clv_status add_array(reading *r, size_t code)
{
    dm_tag tag = {.number = NAN, .elements = element_type(code)};

    if (!tag.elements) {
        return clv_cursor_fail(r->in, r->err, "%s has elements of the type %zu, which is not known", r->path, code);
    }
    CLV_TRY(take_count(r, "the number of elements", clv_cursor_size(r->in), &tag.count));
    tag.byte = clv_cursor_byte(r->in);
    CLV_TRY(skip(r, tag.count, element_size(tag.elements)));
    return add_tag(r, &tag);
}

static clv_status take_array(reading *r)
{
    size_t code;

    CLV_TRY(take_count(r, "the type of the elements", 64, &code));
    return code == STRUCTURE ? add_structure(r, 0) : add_array(r, code);
}

/* "%%%%", how many numbers describe the value, and these: the type comes first. */
static clv_status take_value(reading *r)
{
    const uint8_t *mark;
    size_t count, code;

    CLV_TRY(clv_cursor_bytes(r->in, 4, &mark, r->err));
    if (memcmp(mark, "%%%%", 4) != 0) {
        return clv_cursor_fail(r->in, r->err, "the value of %s should begin with %%%%%%%%", r->path);
    }
    CLV_TRY(take_count(r, "the description", 2 * MOST_FIELDS + 8, &count));
    CLV_TRY(take_count(r, "the type", 64, &code));
    switch (code) {
    case STRUCTURE: return add_structure(r, 1);
    case STRING: return add_array(r, 4);
    case ARRAY: return take_array(r);
    default: return add_number(r, code);
    }
}

/* ---- Directories */

/* Adds ".name" to the path, or "[place]" where there is no name. Bytes that could not stand in a text become "_". */
static clv_status extend_path(reading *r, const uint8_t *name, size_t length, size_t place)
{
    if (r->length + length + 32 > PATH_SIZE) {
        return clv_cursor_fail(r->in, r->err, "the names of tags below %.60s are too long", r->path);
    }
    if (length == 0) {
        r->length += (size_t)snprintf(r->path + r->length, PATH_SIZE - r->length, "[%zu]", place);
        return CLV_OK;
    }
    if (r->length > 0) { r->path[r->length++] = '.'; }
    for (size_t i = 0; i < length; i++) {
        r->path[r->length++] = name[i] < 0x20 || name[i] > 0x7E ? '_' : (char)name[i];
    }
    r->path[r->length] = 0;
    return CLV_OK;
}

static clv_status take_directory(reading *r, int depth);

static clv_status take_entry(reading *r, int depth, size_t place)
{
    size_t length, size = 0, before = r->length;
    double kind, number;
    const uint8_t *name;

    CLV_TRY(take(r, "u1", &kind));
    if (kind != DIRECTORY && kind != DATA) {
        return clv_cursor_fail(r->in, r->err, "entry %zu of %s should be a directory (20) or a value (21), not %.0f",
                               place + 1, r->length ? r->path : "the root", kind);
    }
    CLV_TRY(take(r, "u2", &number));
    length = (size_t)number;
    CLV_TRY(clv_cursor_bytes(r->in, length, &name, r->err));
    CLV_TRY(extend_path(r, name, length, place));
    if (r->tags->version == 4) { CLV_TRY(take_count(r, "the size", SIZE_MAX / 2, &size)); }
    CLV_TRY(kind == DATA ? take_value(r) : take_directory(r, depth + 1));
    r->length = before;
    r->path[before] = 0;
    return CLV_OK;
}

static clv_status take_directory(reading *r, int depth)
{
    const uint8_t *flags;
    size_t count;

    if (depth > DEEPEST) { return clv_cursor_fail(r->in, r->err, "tags nested deeper than %d", DEEPEST); }
    CLV_TRY(clv_cursor_bytes(r->in, 2, &flags, r->err)); /* sorted, open */
    CLV_TRY(take_count(r, "the number of tags", MOST_TAGS, &count));
    for (size_t i = 0; i < count; i++) { CLV_TRY(take_entry(r, depth, i)); }
    return CLV_OK;
}

/* Version, size, byte order of the values. */
static clv_status take_head(reading *r)
{
    double version, little;
    size_t size;

    CLV_TRY(take(r, "u4", &version));
    if (version != 3 && version != 4) {
        return clv_cursor_fail(r->in, r->err, "a DigitalMicrograph file of version %.0f is not known; 3 and 4 are",
                               version);
    }
    r->tags->version = (int)version;
    CLV_TRY(take_count(r, "the size", SIZE_MAX / 2, &size));
    CLV_TRY(take(r, "u4", &little));
    if (little != 0 && little != 1) {
        return clv_cursor_fail(r->in, r->err, "the byte order should be 0 (big) or 1 (little), not %.0f", little);
    }
    r->tags->order = little == 1 ? '<' : '>';
    return CLV_OK;
}

clv_status dm_tags_read(clv_cursor *in, dm_tags *tags, clv_error *err)
{
    reading r = {.in = in, .tags = tags, .err = err};

    CLV_TRY(take_head(&r));
    return take_directory(&r, 0);
}

void dm_tags_clear(dm_tags *tags)
{
    for (size_t i = 0; i < tags->count; i++) { free(tags->list[i].path); }
    free(tags->list);
}

/* ---- Looking things up */

static const dm_tag *find(const dm_tags *tags, const char *format, va_list words)
{
    char path[PATH_SIZE];

    vsnprintf(path, sizeof path, format, words);
    for (size_t i = 0; i < tags->count; i++) {
        if (strcmp(tags->list[i].path, path) == 0) { return &tags->list[i]; }
    }
    return NULL;
}

const dm_tag *dm_tags_find(const dm_tags *tags, const char *format, ...)
{
    const dm_tag *found;
    va_list words;

    va_start(words, format);
    found = find(tags, format, words);
    va_end(words);
    return found;
}

double dm_tags_number(const dm_tags *tags, const char *format, ...)
{
    const dm_tag *found;
    va_list words;

    va_start(words, format);
    found = find(tags, format, words);
    va_end(words);
    return found ? found->number : NAN;
}

/* One UTF-16 unit at a time; halves of pairs become "_". */
static size_t put_unit(unsigned unit, char *to)
{
    if (unit >= 0xD800 && unit < 0xE000) { unit = '_'; }
    if (unit < 0x80) {
        *to = (char)unit;
        return 1;
    }
    if (unit < 0x800) {
        to[0] = (char)(0xC0 | unit >> 6);
        to[1] = (char)(0x80 | (unit & 0x3F));
        return 2;
    }
    to[0] = (char)(0xE0 | unit >> 12);
    to[1] = (char)(0x80 | (unit >> 6 & 0x3F));
    to[2] = (char)(0x80 | (unit & 0x3F));
    return 3;
}

clv_status dm_tags_text(clv_cursor *in, const dm_tags *tags, const dm_tag *tag, char *text, size_t size, clv_error *err)
{
    size_t used = 0;

    *text = 0;
    if (!tag || !tag->elements || element_size(tag->elements) > 2) { return CLV_OK; }
    CLV_TRY(clv_cursor_seek(in, tag->byte, err));
    for (size_t i = 0; i < tag->count && used + 4 < size; i++) {
        double unit;

        CLV_TRY(clv_cursor_binary(in, tags->order, element_size(tag->elements) == 2 ? "u2" : "u1", 1, &unit, err));
        if (unit == 0) { break; }
        used += put_unit((unsigned)unit, text + used);
    }
    text[used] = 0;
    return CLV_OK;
}
