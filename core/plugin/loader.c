/* Loads plugins from the folders of CORELEVEL_PLUGIN_PATH; a bad one is skipped with one sentence.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/loader.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A plugin that brought a second copy of the library has a `clv_version` that is not ours. */
static int is_second_copy(void *handle)
{
    const char *(*theirs)(void) = NULL;
    void *symbol = dlsym(handle, "clv_version");

    if (!symbol) { return 0; }
    memcpy(&theirs, &symbol, sizeof theirs);
    return theirs != clv_version;
}

static const clv_plugin *ask(void *handle)
{
    clv_plugin_entry_function entry = NULL;
    void *symbol = dlsym(handle, "clv_plugin_entry");

    if (!symbol) { return NULL; }
    memcpy(&entry, &symbol, sizeof entry);
    return entry(CLV_PLUGIN_ABI);
}

/* Loads one file. Plugins stay loaded until the process ends: their descriptors are lent to everybody. */
static void load_one(clv_catalogue *catalogue, const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const clv_plugin *plugin;

    if (!handle) {
        const char *reason = dlerror();
        clv_catalogue_note(catalogue, "%s: skipped: it cannot be loaded (%s)", path,
                           reason ? reason : "no reason given");
        return;
    }
    if (is_second_copy(handle)) {
        clv_catalogue_note(catalogue, "%s: skipped: it brings a second copy of libcorelevel; link it to the shared one",
                           path);
    } else if (!dlsym(handle, "clv_plugin_entry")) {
        clv_catalogue_note(catalogue, "%s: skipped: it is no plugin, it has no clv_plugin_entry", path);
    } else if (!(plugin = ask(handle))) {
        clv_catalogue_note(catalogue, "%s: skipped: it is made for another version of the plugin interface than %u",
                           path, CLV_PLUGIN_ABI);
    } else if (clv_catalogue_take(catalogue, plugin, path)) {
        return;
    }
    dlclose(handle);
}

static int is_shared_object(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 3 && strcmp(entry->d_name + length - 3, ".so") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static void load_folder(clv_catalogue *catalogue, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_shared_object, by_bytes);

    if (count < 0) {
        clv_catalogue_note(catalogue, "%s: no plugins are loaded from it: the folder cannot be read", folder);
        return;
    }
    for (int i = 0; i < count; i++) {
        char *path = NULL;

        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
            load_one(catalogue, path);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
}

void clv_catalogue_load(clv_catalogue *catalogue, const char *path)
{
    while (path && *path) {
        size_t length = strcspn(path, ":");
        char *folder = length > 0 ? strndup(path, length) : NULL;

        if (folder) { load_folder(catalogue, folder); }
        free(folder);
        path += length + (path[length] == ':');
    }
}
