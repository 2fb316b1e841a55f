/* Checks what a plugin brings and takes it into the catalogue, all or nothing.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The end of a member: a struct must be at least so large. */
#define UP_TO(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

int clv_catalogue_append(clv_catalogue_list *list, const void *item)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 32;
        const void **at = realloc(list->at, room * sizeof *at);

        if (!at) { return 0; }
        list->at = at;
        list->room = room;
    }
    list->at[list->count++] = item;
    return 1;
}

void clv_catalogue_note(clv_catalogue *catalogue, const char *format, ...)
{
    char *text = NULL;
    va_list list;

    va_start(list, format);
    if (vasprintf(&text, format, list) < 0) { text = NULL; }
    va_end(list);
    if (!text || !clv_catalogue_append(&catalogue->messages, text)) { free(text); }
}

/* ---- What is wrong with a descriptor, NULL when nothing is */

static const char *wrong_rows(const clv_parameter *rows)
{
    for (; rows && rows->name; rows++) {
        if (!*rows->name) { return "has a parameter without a name"; }
        if (rows->type < CLV_TYPE_NUMBER || rows->type > CLV_TYPE_ANY) { return "has a parameter of unknown type"; }
        if (rows->type == CLV_TYPE_CHOICE && !rows->choices) { return "has a choice without choices"; }
    }
    return NULL;
}

static const char *wrong_format(const void *descriptor)
{
    const clv_format *format = descriptor;

    if (format->size < UP_TO(clv_format, write)) { return "is of a smaller size than this version needs"; }
    if (!format->name || !*format->name) { return "has no name"; }
    if (!format->read && !format->write) { return "neither reads nor writes"; }
    if (format->read && !format->probe) { return "reads without a probe"; }
    return wrong_rows(format->parameters);
}

static const char *wrong_operation(const void *descriptor)
{
    const clv_operation *operation = descriptor;

    if (operation->size < UP_TO(clv_operation, release)) { return "is of a smaller size than this version needs"; }
    if (!operation->name || !*operation->name) { return "has no name"; }
    if (!operation->on) { return "stands on nothing"; }
    if (operation->way == CLV_PER_SPECTRUM ? !operation->process : !operation->run) { return "does nothing"; }
    if (operation->way == CLV_PER_SPECTRUM && operation->gives != CLV_SPECTRA) { return "does not give spectra"; }
    return wrong_rows(operation->parameters);
}

static const char *wrong_component(const void *descriptor)
{
    const clv_component *component = descriptor;

    if (component->size < UP_TO(clv_component, scale)) { return "is of a smaller size than this version needs"; }
    if (!component->name || !*component->name) { return "has no name"; }
    if (component->role == CLV_ROLE_TRANSFORM ? !component->transform : !component->columns && !component->has_level) {
        return "has nothing that calculates it";
    }
    return wrong_rows(component->parameters);
}

/* ---- The three kinds of descriptors, alike but for a few facts */

typedef struct family {
    const char *word; /* with its article */
    size_t size;      /* the host's */
    const char *(*wrong)(const void *descriptor);
} family;

static const family families[3] = {{"a format", sizeof(clv_format), wrong_format},
                                   {"an operation", sizeof(clv_operation), wrong_operation},
                                   {"a component", sizeof(clv_component), wrong_component}};

static clv_catalogue_list *list_of(clv_catalogue *catalogue, size_t which)
{
    clv_catalogue_list *lists[3] = {&catalogue->formats, &catalogue->operations, &catalogue->components};

    return lists[which];
}

/* Size and name stand first in each kind of descriptor. */
static uint32_t size_of(const void *descriptor) { return ((const clv_format *)descriptor)->size; }
static const char *name_of(const void *descriptor) { return ((const clv_format *)descriptor)->name; }

_Static_assert(offsetof(clv_format, name) == offsetof(clv_operation, name), "size and name begin every descriptor");
_Static_assert(offsetof(clv_format, name) == offsetof(clv_component, name), "size and name begin every descriptor");

/* Operations may share a name when they stand on different kinds. */
static int clashes(size_t which, const void *a, const void *b)
{
    if (strcmp(name_of(a), name_of(b)) != 0) { return 0; }
    return which != 1 || (((const clv_operation *)a)->on & ((const clv_operation *)b)->on);
}

static int is_taken(const clv_catalogue_list *list, size_t which, const void *descriptor)
{
    for (size_t i = 0; i < list->count; i++) {
        if (clashes(which, list->at[i], descriptor)) { return 1; }
    }
    return 0;
}

/* An older plugin's descriptor is shorter: what it does not have reads as zero. */
static const void *widen(const void *descriptor, size_t size)
{
    void *wide;

    if (size_of(descriptor) >= size) { return descriptor; }
    wide = calloc(1, size);
    if (wide) { memcpy(wide, descriptor, size_of(descriptor)); }
    return wide;
}

/* Takes one list of a plugin; false and a note when an entry is wrong. */
static int take_list(clv_catalogue *catalogue, size_t which, const void *const *entries, const clv_plugin *plugin,
                     const char *where)
{
    clv_catalogue_list *list = list_of(catalogue, which);

    for (; entries && *entries; entries++) {
        const char *wrong = families[which].wrong(*entries);
        const void *wide;

        if (wrong) {
            clv_catalogue_note(catalogue, "%s: skipped: %s of %s %s", where, families[which].word, plugin->id, wrong);
            return 0;
        }
        if (is_taken(list, which, *entries)) {
            clv_catalogue_note(catalogue, "%s: skipped: %s brings %s named %s, which is there already", where,
                               plugin->id, families[which].word, name_of(*entries));
            return 0;
        }
        wide = widen(*entries, families[which].size);
        if (!wide || !clv_catalogue_append(list, wide)) {
            clv_catalogue_note(catalogue, "%s: skipped: no memory for it", where);
            return 0;
        }
    }
    return 1;
}

int clv_catalogue_take(clv_catalogue *catalogue, const clv_plugin *plugin, const char *where)
{
    size_t before[3];
    int fine = 1;

    if (plugin->abi != CLV_PLUGIN_ABI) {
        clv_catalogue_note(catalogue, "%s: skipped: it is made for version %u of the plugin interface, this is %u",
                           where, plugin->abi, CLV_PLUGIN_ABI);
        return 0;
    }
    if (plugin->size < UP_TO(clv_plugin, components) || !plugin->id) {
        clv_catalogue_note(catalogue, "%s: skipped: its descriptor is smaller than this version needs, or has no id",
                           where);
        return 0;
    }
    for (size_t i = 0; i < 3; i++) { before[i] = list_of(catalogue, i)->count; }
    fine = take_list(catalogue, 0, (const void *const *)plugin->formats, plugin, where) &&
           take_list(catalogue, 1, (const void *const *)plugin->operations, plugin, where) &&
           take_list(catalogue, 2, (const void *const *)plugin->components, plugin, where);
    for (size_t i = 0; i < 3 && !fine; i++) { list_of(catalogue, i)->count = before[i]; }
    return fine;
}
