/* Folders with all that is in them: taken away, copied.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The name of the next entry that is neither "." nor ".."; NULL after the last. */
static const char *next_name(DIR *folder)
{
    const struct dirent *entry;

    while ((entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) { return entry->d_name; }
    }
    return NULL;
}

void clv_folder_remove(const char *path)
{
    struct stat status;
    DIR *folder = lstat(path, &status) == 0 && S_ISDIR(status.st_mode) ? opendir(path) : NULL;
    const char *name;

    while (folder && (name = next_name(folder))) {
        char *inner = NULL;
        if (asprintf(&inner, "%s/%s", path, name) >= 0) { clv_folder_remove(inner); }
        free(inner);
    }
    if (folder) { closedir(folder); }
    remove(path);
}

static int copy_bytes(int from, int to)
{
    char room[1 << 16];
    ssize_t got;

    while ((got = read(from, room, sizeof room)) > 0) {
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, room + done, (size_t)(got - done));
            if (put <= 0) { return 0; }
            done += put;
        }
    }
    return got == 0 && fsync(to) == 0;
}

static int copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int good = in >= 0 && out >= 0 && copy_bytes(in, out);

    if (in >= 0) { close(in); }
    if (out >= 0) { good &= close(out) == 0; }
    return good;
}

static int copy(const char *from, const char *to)
{
    struct stat status;
    DIR *folder;
    const char *name;
    int good;

    if (lstat(from, &status) != 0) { return 0; }
    if (!S_ISDIR(status.st_mode)) { return copy_file(from, to); }
    folder = opendir(from);
    good = folder && (mkdir(to, 0777) == 0 || errno == EEXIST);
    while (good && (name = next_name(folder))) {
        char *source = NULL, *target = NULL;
        good = asprintf(&source, "%s/%s", from, name) >= 0 && asprintf(&target, "%s/%s", to, name) >= 0 &&
               copy(source, target);
        free(source);
        free(target);
    }
    if (folder) { closedir(folder); }
    return good;
}

clv_status clv_folder_copy(const char *from, const char *to, clv_error *err)
{
    return copy(from, to) ? CLV_OK
                          : clv_fail(err, CLV_CANNOT_WRITE, "%s: the folder could not be copied to %s", from, to);
}
