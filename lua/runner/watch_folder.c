/* Looks at a folder again and again: files still growing are told from whole ones by size and time of change.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST = 32 /* folders below each other */ };

static int compare(const void *a, const void *b)
{
    return strcmp(((const clv_watched *)a)->path, ((const clv_watched *)b)->path);
}

static clv_watched *find(const clv_watched_folder *self, const char *path)
{
    const clv_watched key = {.path = (char *)path};

    return self->count ? bsearch(&key, self->files, self->count, sizeof key, compare) : NULL;
}

static int is_listed(const clv_watched_folder *self, const char *path)
{
    for (size_t i = 0; i < self->input_count; i++) {
        if (strcmp(self->inputs[i], path) == 0) { return 1; }
    }
    return 0;
}

/* Puts a file that was not seen before in its place. */
static clv_watched *add(clv_watched_folder *self, const char *path)
{
    clv_watched *grown = reallocarray(self->files, self->count + 1, sizeof *grown);
    char *copy = grown ? strdup(path) : NULL;
    size_t place = 0;

    if (grown) { self->files = grown; }
    if (!copy) { return NULL; }
    while (place < self->count && strcmp(grown[place].path, path) < 0) { place++; }
    memmove(&grown[place + 1], &grown[place], (self->count - place) * sizeof *grown);
    grown[place] = (clv_watched){.path = copy, .size = -1, .listed = is_listed(self, path)};
    self->count++;
    return &grown[place];
}

/* Compares a file with what it was; whether it became whole now. */
static int settle(const clv_watched_folder *self, clv_watched *file, const struct stat *status, double now)
{
    if (file->size != status->st_size || file->second != status->st_mtim.tv_sec ||
        file->nanosecond != status->st_mtim.tv_nsec) {
        file->size = status->st_size;
        file->second = status->st_mtim.tv_sec;
        file->nanosecond = status->st_mtim.tv_nsec;
        file->since = now;
        file->whole = 0;
    }
    if (file->whole || now < file->since + self->settle) { return 0; }
    file->whole = 1;
    return 1;
}

static int is_out(const clv_watched_folder *self, const struct stat *status)
{
    struct stat out;

    return self->out && stat(self->out, &out) == 0 && out.st_dev == status->st_dev && out.st_ino == status->st_ino;
}

static clv_status look_into(clv_watched_folder *self, const char *folder, int depth, double now, size_t *news,
                            clv_error *err);

static clv_status look_at(clv_watched_folder *self, const char *path, const char *name, int depth, double now,
                          size_t *news, clv_error *err)
{
    struct stat status;
    clv_watched *file;

    if (lstat(path, &status) != 0) { return CLV_OK; } /* it is gone again */
    if (S_ISDIR(status.st_mode)) {
        if (depth == DEEPEST || is_out(self, &status)) { return CLV_OK; }
        return look_into(self, path, depth + 1, now, news, NULL) == CLV_NO_MEMORY ? CLV_NO_MEMORY : CLV_OK;
    }
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) { return CLV_OK; }
    if (self->pattern && fnmatch(self->pattern, name, 0) != 0) { return CLV_OK; }
    file = find(self, path);
    if (!file) { file = add(self, path); }
    CLV_CHECK(file, err, CLV_NO_MEMORY, "not enough memory");
    *news += (size_t)settle(self, file, &status, now);
    return CLV_OK;
}

static clv_status look_into(clv_watched_folder *self, const char *folder, int depth, double now, size_t *news,
                            clv_error *err)
{
    DIR *open = opendir(folder);
    clv_status status = CLV_OK;
    const struct dirent *entry;

    CLV_CHECK(open, err, CLV_NOT_FOUND, "%s: the folder cannot be read: %s", folder, strerror(errno));
    while (!status && (entry = readdir(open))) {
        char *path = NULL;
        if (entry->d_name[0] == '.') { continue; }
        if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0) {
            status = clv_fail(err, CLV_NO_MEMORY, "not enough memory");
            break;
        }
        status = look_at(self, path, entry->d_name, depth, now, news, err);
        free(path);
    }
    closedir(open);
    return status;
}

static clv_status add_input(clv_watched_folder *self, char *path_take, clv_error *err)
{
    char **grown = path_take ? reallocarray(self->inputs, self->input_count + 1, sizeof *grown) : NULL;

    if (grown) { self->inputs = grown; }
    if (!grown) { free(path_take); }
    CLV_CHECK(grown, err, CLV_NO_MEMORY, "not enough memory");
    grown[self->input_count++] = path_take;
    return CLV_OK;
}

/* Of the files that are whole and not listed, the one that was changed first. */
static clv_watched *next_input(const clv_watched_folder *self)
{
    clv_watched *first = NULL;

    for (size_t i = 0; i < self->count; i++) {
        clv_watched *file = &self->files[i];
        if (!file->whole || file->listed) { continue; }
        if (!first || file->second < first->second ||
            (file->second == first->second && file->nanosecond < first->nanosecond)) {
            first = file;
        }
    }
    return first;
}

clv_status clv_watched_look(clv_watched_folder *self, double now, size_t *news, clv_error *err)
{
    clv_watched *file;

    *news = 0;
    CLV_TRY(look_into(self, self->path, 0, now, news, err));
    while (*news && (file = next_input(self))) {
        CLV_TRY(add_input(self, strdup(file->path), err));
        file->listed = 1;
    }
    return CLV_OK;
}

clv_status clv_watched_add_known(clv_watched_folder *self, const char *name, clv_error *err)
{
    char *path = NULL;

    return add_input(self, asprintf(&path, "%s/%s", self->path, name) < 0 ? NULL : path, err);
}

void clv_watched_free(clv_watched_folder *self)
{
    for (size_t i = 0; i < self->count; i++) { free(self->files[i].path); }
    for (size_t i = 0; i < self->input_count; i++) { free(self->inputs[i]); }
    free(self->files);
    free(self->inputs);
}
