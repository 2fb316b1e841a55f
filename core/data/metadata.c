/* Keeps named numbers with units and named texts in the order they came.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/metadata.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "texts.h"

typedef struct entry {
    char *name;
    char *unit; /* of a number; NULL for a text */
    char *text; /* NULL for a number */
    double number;
} entry;

struct clv_metadata {
    entry *entries;
    size_t count, room;
};

static void clear_entry(entry *e)
{
    free(e->name);
    free(e->unit);
    free(e->text);
    *e = (entry){0};
}

static entry *find_entry(const clv_metadata *metadata, const char *name)
{
    for (size_t i = 0; i < metadata->count; i++) {
        if (strcmp(metadata->entries[i].name, name) == 0) { return &metadata->entries[i]; }
    }
    return NULL;
}

static clv_status make_room(clv_metadata *metadata, clv_error *err)
{
    size_t room = metadata->room ? 2 * metadata->room : 8;
    entry *entries;

    if (metadata->count < metadata->room) { return CLV_OK; }
    entries = reallocarray(metadata->entries, room, sizeof *entries);
    CLV_CHECK(entries, err, CLV_NO_MEMORY, "no memory for metadata");
    metadata->entries = entries;
    metadata->room = room;
    return CLV_OK;
}

/* Takes the fresh entry: puts it where an older one of that name stands, or at the end. */
static clv_status put_entry(clv_metadata *metadata, const char *name, entry fresh, int complete, clv_error *err)
{
    entry *old;

    fresh.name = clv_texts_copy(name);
    if (!complete || !fresh.name) {
        clear_entry(&fresh);
        return clv_fail(err, CLV_NO_MEMORY, "no memory for metadata %s", name);
    }
    old = find_entry(metadata, fresh.name);
    if (old) {
        clear_entry(old);
        *old = fresh;
        return CLV_OK;
    }
    if (make_room(metadata, err)) {
        clear_entry(&fresh);
        return CLV_NO_MEMORY;
    }
    metadata->entries[metadata->count++] = fresh;
    return CLV_OK;
}

clv_metadata *clv_metadata_new(void) { return calloc(1, sizeof(clv_metadata)); }

clv_metadata *clv_metadata_copy(const clv_metadata *metadata)
{
    clv_metadata *copy = clv_metadata_new();
    clv_status status = CLV_OK;

    for (size_t i = 0; copy && !status && i < metadata->count; i++) {
        const entry *e = &metadata->entries[i];

        status = e->text ? clv_metadata_set_text(copy, e->name, e->text, NULL)
                         : clv_metadata_set_number(copy, e->name, e->number, e->unit, NULL);
    }
    if (!status) { return copy; }
    clv_metadata_free(copy);
    return NULL;
}

void clv_metadata_free(clv_metadata *metadata)
{
    if (!metadata) { return; }
    for (size_t i = 0; i < metadata->count; i++) { clear_entry(&metadata->entries[i]); }
    free(metadata->entries);
    free(metadata);
}

clv_status clv_metadata_set_number(clv_metadata *metadata, const char *name, double number, const char *unit,
                                   clv_error *err)
{
    entry fresh = {.number = number, .unit = clv_texts_copy(unit ? unit : "1")};

    return put_entry(metadata, name, fresh, fresh.unit != NULL, err);
}

clv_status clv_metadata_set_text(clv_metadata *metadata, const char *name, const char *text, clv_error *err)
{
    entry fresh = {.number = NAN, .text = clv_texts_copy(text)};

    return put_entry(metadata, name, fresh, fresh.text != NULL, err);
}

size_t clv_metadata_count(const clv_metadata *metadata) { return metadata->count; }

const char *clv_metadata_name(const clv_metadata *metadata, size_t place)
{
    return place < metadata->count ? metadata->entries[place].name : NULL;
}

double clv_metadata_number(const clv_metadata *metadata, const char *name)
{
    const entry *e = find_entry(metadata, name);

    return e ? e->number : NAN;
}

const char *clv_metadata_unit(const clv_metadata *metadata, const char *name)
{
    const entry *e = find_entry(metadata, name);

    return e ? e->unit : NULL;
}

const char *clv_metadata_text(const clv_metadata *metadata, const char *name)
{
    const entry *e = find_entry(metadata, name);

    return e ? e->text : NULL;
}
