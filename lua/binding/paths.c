/* Where a workflow's paths lead: saves stay below the output folder, library items come from the data folder.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "paths.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "a/b" from "a" and "b"; NULL when memory is out. */
static char *join(const char *folder, const char *name)
{
    char *text = NULL;

    return asprintf(&text, "%s/%s", folder, name) < 0 ? NULL : text;
}

static clv_status given(char *text, char **out, clv_error *err)
{
    CLV_CHECK(text, err, CLV_NO_MEMORY, "not enough memory");
    *out = text;
    return CLV_OK;
}

/* Whether one of the parts of a path is "..". */
static int climbs(const char *path)
{
    while (*path) {
        size_t length = strcspn(path, "/");
        if (length == 2 && path[0] == '.' && path[1] == '.') { return 1; }
        path += length + (path[length] == '/');
    }
    return 0;
}

static int is_folder(const char *path)
{
    struct stat status;

    return path && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Makes one folder unless it is there; what is there and is none is an error. */
static int make_one(const char *path)
{
    if (mkdir(path, 0777) == 0 || is_folder(path)) { return 1; }
    if (errno == EEXIST) { errno = ENOTDIR; }
    return 0;
}

clv_status clv_folder_make(const char *folder, clv_error *err)
{
    char *path = strdup(folder);
    int made = path != NULL;

    CLV_CHECK(path, err, CLV_NO_MEMORY, "not enough memory");
    for (char *slash = path + 1; made && *path && slash[-1]; slash++) {
        char end = *slash;
        if (end != '/' && end != 0) { continue; }
        *slash = 0;
        made = make_one(path);
        *slash = end;
        if (end == 0) { break; }
    }
    free(path);
    CLV_CHECK(made, err, CLV_CANNOT_WRITE, "%s: the folder cannot be made: %s", folder, strerror(errno));
    return CLV_OK;
}

/* Makes the folder that a file stands in. */
static clv_status make_folder_of(const char *file, clv_error *err)
{
    const char *slash = strrchr(file, '/');
    clv_status status;
    char *folder;

    if (!slash || slash == file) { return CLV_OK; }
    folder = strndup(file, (size_t)(slash - file));
    CLV_CHECK(folder, err, CLV_NO_MEMORY, "not enough memory");
    status = clv_folder_make(folder, err);
    free(folder);
    return status;
}

clv_status clv_path_check(const char *path, int trust, clv_error *err)
{
    CLV_CHECK(*path, err, CLV_BAD_ARGUMENT, "a path to write to is empty");
    CLV_CHECK(trust || path[0] != '/', err, CLV_BAD_ARGUMENT,
              "\"%s\" is an absolute path: a workflow writes below --out unless it is run with --trust", path);
    CLV_CHECK(trust || !climbs(path), err, CLV_BAD_ARGUMENT,
              "\"%s\" leads out of the output folder: a workflow writes below --out unless it is run with --trust",
              path);
    return CLV_OK;
}

clv_status clv_path_written(const char *out, const char *path, int trust, char **resolved, clv_error *err)
{
    char *full = NULL;
    clv_status status;

    CLV_TRY(clv_path_check(path, trust, err));
    CLV_TRY(given(path[0] == '/' || !out || !*out ? strdup(path) : join(out, path), &full, err));
    status = make_folder_of(full, err);
    if (status) {
        free(full);
        return status;
    }
    *resolved = full;
    return CLV_OK;
}

/* The folder that holds `file`, cut `levels` parts up; NULL when there are not that many. */
static char *above(const char *file, int levels)
{
    char *path = realpath(file, NULL);

    for (int i = 0; path && i < levels; i++) {
        char *slash = strrchr(path, '/');
        if (!slash) {
            free(path);
            return NULL;
        }
        *slash = 0;
    }
    return path;
}

/* PREFIX/share/corelevel as seen from this very code: PREFIX/lib/x.so, PREFIX/bin/x or PREFIX/lib/lua/5.4/corelevel/x;
   with a multiarch folder in between, one more. */
static char *beside_library(void)
{
    Dl_info info;
    const char *file;

    if (!dladdr((void *)clv_path_data, &info) || !info.dli_fname) { return NULL; }
    file = strchr(info.dli_fname, '/') ? info.dli_fname : "/proc/self/exe"; /* a command found by PATH */
    for (int levels = 2; levels <= 6; levels++) {
        char *prefix = above(file, levels);
        char *folder = prefix ? join(prefix, "share/corelevel") : NULL;
        free(prefix);
        if (is_folder(folder)) { return folder; }
        free(folder);
    }
    return NULL;
}

static char *data_folder(void)
{
    const char *told = getenv("CORELEVEL_DATA_DIR");
    char *found;

    if (told && *told) { return strdup(told); }
    found = beside_library();
    return found ? found : strdup(CLV_DATA_DIR);
}

clv_status clv_path_data(const char *name, char **path, clv_error *err)
{
    char *folder = data_folder();
    char *full = folder ? join(folder, name) : NULL;

    if (full && access(full, R_OK) != 0) {
        clv_fail(err, CLV_NOT_FOUND, "%s is not in the data folder %s (CORELEVEL_DATA_DIR names another)", name,
                 folder);
        free(folder);
        free(full);
        return CLV_NOT_FOUND;
    }
    free(folder);
    return given(full, path, err);
}

/* The file in `folder` whose name without its suffix is `stem`; NULL when there is none. */
static char *find_stem(const char *folder, const char *stem)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    char *found = NULL;

    while (listing && !found && (entry = readdir(listing)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');
        size_t length = dot && dot != entry->d_name ? (size_t)(dot - entry->d_name) : strlen(entry->d_name);
        if (length == strlen(stem) && memcmp(entry->d_name, stem, length) == 0) { found = join(folder, entry->d_name); }
    }
    if (listing) { closedir(listing); }
    return found;
}

clv_status clv_path_read(const char *path, char **resolved, clv_error *err)
{
    static const char prefix[] = "library:";
    const char *item = path + strlen(prefix), *slash;
    char *area = NULL, *folder = NULL, *found = NULL;

    if (strncmp(path, prefix, strlen(prefix)) != 0) { return given(strdup(path), resolved, err); }
    slash = strrchr(item, '/');
    CLV_CHECK(slash && !climbs(item), err, CLV_BAD_ARGUMENT, "library: \"%s\" is no \"area/name\"", item);
    if (asprintf(&area, "references/%.*s", (int)(slash - item), item) < 0) {
        return clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    }
    if (clv_path_data(area, &folder, NULL) == CLV_OK) { found = find_stem(folder, slash + 1); }
    free(area);
    free(folder);
    CLV_CHECK(found, err, CLV_NOT_FOUND, "the library has no item \"%s\"", item);
    *resolved = found;
    return CLV_OK;
}
