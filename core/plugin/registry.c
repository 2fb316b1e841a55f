/* The registry: what there is, sorted by name, made ready once; finding by name with a did-you-mean.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/loader.h"

#include <corelevel/text.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTED 256

/* The plugins that were compiled in; the list is made by cmake/rooms.cmake. */
extern const clv_plugin *const clv_plugin_built_in[];

/* Filled once under `once`, constant ever after. */
static clv_catalogue catalogue;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int by_name(const void *a, const void *b)
{
    const clv_format *first = *(const clv_format *const *)a, *second = *(const clv_format *const *)b;

    return strcmp(first->name, second->name);
}

static int by_name_and_kind(const void *a, const void *b)
{
    const clv_operation *first = *(const clv_operation *const *)a, *second = *(const clv_operation *const *)b;
    int order = strcmp(first->name, second->name);

    return order ? order : (first->on > second->on) - (first->on < second->on);
}

static void sort(clv_catalogue_list *list, int (*order)(const void *, const void *))
{
    if (list->count > 1) { qsort(list->at, list->count, sizeof *list->at, order); }
}

static void make_ready(void)
{
    for (const clv_plugin *const *plugin = clv_plugin_built_in; *plugin; plugin++) {
        clv_catalogue_take(&catalogue, *plugin, "built in");
    }
    clv_catalogue_load(&catalogue, getenv("CORELEVEL_PLUGIN_PATH"));
    sort(&catalogue.formats, by_name);
    sort(&catalogue.operations, by_name_and_kind);
    sort(&catalogue.components, by_name);
}

void clv_registry_ready(void) { pthread_once(&once, make_ready); }

static const void *at(const clv_catalogue_list *list, size_t place)
{
    clv_registry_ready();
    return place < list->count ? list->at[place] : NULL;
}

static size_t count(const clv_catalogue_list *list)
{
    clv_registry_ready();
    return list->count;
}

size_t clv_registry_message_count(void) { return count(&catalogue.messages); }
const char *clv_registry_message(size_t place) { return at(&catalogue.messages, place); }
size_t clv_registry_format_count(void) { return count(&catalogue.formats); }
const clv_format *clv_registry_format(size_t place) { return at(&catalogue.formats, place); }
size_t clv_registry_operation_count(void) { return count(&catalogue.operations); }
const clv_operation *clv_registry_operation(size_t place) { return at(&catalogue.operations, place); }
size_t clv_registry_component_count(void) { return count(&catalogue.components); }
const clv_component *clv_registry_component(size_t place) { return at(&catalogue.components, place); }

/* ---- Finding */

/* "there is no format 'vamsa' (did you mean vamas?)"; `names` are `count` candidates. */
static clv_status refuse(const char *word, const char *name, const char *const *names, size_t named, clv_error *err)
{
    const char *near = clv_text_nearest(name, names, named);
    char list[300] = "";
    size_t length = 0;

    if (near) { return clv_fail(err, CLV_NOT_FOUND, "there is no %s '%s' (did you mean %s?)", word, name, near); }
    for (size_t i = 0; i < named && length < sizeof list; i++) {
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i ? ", " : "", names[i]);
    }
    return clv_fail(err, CLV_NOT_FOUND, "there is no %s '%s'; there are: %s", word, name, named ? list : "none");
}

/* All names of a list, each once; descriptors begin with size and name. */
static size_t list_names(const clv_catalogue_list *list, const char *names[LISTED], uint32_t on)
{
    size_t named = 0;

    for (size_t i = 0; i < list->count && named < LISTED; i++) {
        const clv_format *entry = list->at[i];

        if (on && !(((const clv_operation *)list->at[i])->on & on)) { continue; }
        if (named == 0 || strcmp(names[named - 1], entry->name) != 0) { names[named++] = entry->name; }
    }
    return named;
}

/* The place of a name in a sorted or unsorted list of descriptors, or NULL. */
static const void *find(const clv_catalogue_list *list, const char *name)
{
    clv_registry_ready();
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(((const clv_format *)list->at[i])->name, name) == 0) { return list->at[i]; }
    }
    return NULL;
}

clv_status clv_registry_find_format(const char *name, const clv_format **format, clv_error *err)
{
    const clv_format *found = find(&catalogue.formats, name);
    const char *names[LISTED] = {NULL};

    if (!found) { return refuse("format", name, names, list_names(&catalogue.formats, names, 0), err); }
    *format = found;
    return CLV_OK;
}

clv_status clv_registry_find_component(const char *name, const clv_component **component, clv_error *err)
{
    const clv_component *found = find(&catalogue.components, name);
    const char *names[LISTED] = {NULL};

    if (!found) { return refuse("component", name, names, list_names(&catalogue.components, names, 0), err); }
    *component = found;
    return CLV_OK;
}

/* "normalize is for spectra, not for a fit" */
static clv_status refuse_kind(const char *name, clv_kind on, clv_error *err)
{
    char kinds[160] = "";
    size_t length = 0;

    for (int k = CLV_NIL; k < CLV_KINDS && length < sizeof kinds; k++) {
        for (size_t i = 0; i < catalogue.operations.count; i++) {
            const clv_operation *operation = catalogue.operations.at[i];

            if (strcmp(operation->name, name) != 0 || !(operation->on & CLV_ON(k))) { continue; }
            length += (size_t)snprintf(kinds + length, sizeof kinds - length, "%s%s", length ? " and " : "",
                                       clv_kind_name((clv_kind)k));
            break;
        }
    }
    return clv_fail(err, CLV_NOT_FOUND, "%s: it is for %s, not for %s", name, kinds, clv_kind_phrase(on));
}

clv_status clv_registry_find_operation(const char *name, clv_kind on, const clv_operation **operation, clv_error *err)
{
    const char *names[LISTED] = {NULL};
    char word[60];

    clv_registry_ready();
    for (size_t i = 0; i < catalogue.operations.count; i++) {
        const clv_operation *candidate = catalogue.operations.at[i];

        if (strcmp(candidate->name, name) == 0 && (candidate->on & CLV_ON(on))) {
            *operation = candidate;
            return CLV_OK;
        }
    }
    if (find(&catalogue.operations, name)) { return refuse_kind(name, on, err); }
    snprintf(word, sizeof word, "operation on %s named", clv_kind_phrase(on));
    return refuse(word, name, names, list_names(&catalogue.operations, names, CLV_ON(on)), err);
}
