/* Loading plugins and checking what they bring. Private to the plugin room.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLUGIN_LOADER_H
#define CLV_PLUGIN_LOADER_H

#include <corelevel/registry.h>

/* A growing list of pointers; constant data or texts live in it until the process ends. */
typedef struct clv_catalogue_list {
    const void **at;
    size_t count, room;
} clv_catalogue_list;

/* Everything there is. Filled once, then only read. */
typedef struct clv_catalogue {
    clv_catalogue_list formats, operations, components, messages;
} clv_catalogue;

/* Appends; false when memory is out. */
int clv_catalogue_append(clv_catalogue_list *list, const void *item);

/* Says why something was skipped, in one sentence. */
void clv_catalogue_note(clv_catalogue *catalogue, const char *format, ...) CLV_PRINTF(2, 3);

/* Takes a plugin's descriptors, all or none: its version, the sizes of its structs, that everything needed is there and
   that no name is taken. `where` begins the sentence ("built in", or a path). Notes what is wrong and returns false. */
int clv_catalogue_take(clv_catalogue *catalogue, const clv_plugin *plugin, const char *where);

/* Loads every *.so of the folders in `path` (separated by ':'), sorted by name within a folder. */
void clv_catalogue_load(clv_catalogue *catalogue, const char *path);

#endif
