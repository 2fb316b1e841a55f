/* Writes a file beside its final name and renames it when it is whole and safe on the disk.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/publication.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM ((size_t)1 << 16)
#define TRIES 10000

struct clv_publication {
    char *path;   /* the final name */
    char *beside; /* the unfinished file */
    char *folder;
    int file;
    int failed;
    size_t held; /* bytes in `room` not yet written */
    uint8_t room[ROOM];
};

/* One sentence for what the system said of the file that was to stand at `path`. */
static clv_status refuse(const char *path, int reason, clv_error *err)
{
    switch (reason) {
    case ENOSPC:
    case EDQUOT: return clv_fail(err, CLV_CANNOT_WRITE, "%s: the disk is full; nothing was left there", path);
    case EFBIG: return clv_fail(err, CLV_CANNOT_WRITE, "%s: the file would become too large; nothing was left", path);
    case EROFS:
    case EPERM:
    case EACCES: return clv_fail(err, CLV_CANNOT_WRITE, "%s: its folder may not be written to", path);
    case ENOENT:
    case ENOTDIR: return clv_fail(err, CLV_CANNOT_WRITE, "%s: there is no such folder to write it in", path);
    case EISDIR:
    case ENOTEMPTY:
    case EEXIST: return clv_fail(err, CLV_CANNOT_WRITE, "%s: a folder of this name is in the way", path);
    case ENAMETOOLONG: return clv_fail(err, CLV_CANNOT_WRITE, "%s: the name is too long", path);
    default: return clv_fail(err, CLV_CANNOT_WRITE, "%s: it could not be written (%s)", path, strerrordesc_np(reason));
    }
}

/* Splits the path and makes an empty file `.name.PID-N.part` in its folder; never one that is there already. */
static int make_beside(clv_publication *made)
{
    const char *slash = strrchr(made->path, '/');
    const char *name = slash ? slash + 1 : made->path;
    size_t size = strlen(made->path) + 40;

    made->folder = slash ? strndup(made->path, slash == made->path ? 1 : (size_t)(slash - made->path)) : strdup(".");
    made->beside = malloc(size);
    if (!made->folder || !made->beside) { return ENOMEM; }
    made->beside[0] = 0;
    if (!*name) { return EISDIR; }
    for (int n = 0; n < TRIES; n++) {
        int before = slash ? (int)(slash - made->path) + 1 : 0;
        snprintf(made->beside, size, "%.*s.%s.%ld-%d.part", before, made->path, name, (long)getpid(), n);
        made->file = open(made->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (made->file >= 0) { return 0; }
        if (errno != EEXIST) { break; }
    }
    made->beside[0] = 0; /* nothing of ours is there */
    return errno;
}

clv_status clv_publication_open(const char *path, clv_publication **publication, clv_error *err)
{
    clv_publication *made = calloc(1, sizeof *made);
    int reason;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: no memory to write it", path);
    made->file = -1;
    made->path = strdup(path);
    reason = made->path ? make_beside(made) : ENOMEM;
    if (reason) {
        clv_status status = reason == ENOMEM ? clv_fail(err, CLV_NO_MEMORY, "%s: no memory to write it", path)
                                             : refuse(path, reason, err);
        clv_publication_free(made);
        return status;
    }
    *publication = made;
    return CLV_OK;
}

const char *clv_publication_path(const clv_publication *publication) { return publication->beside; }

/* Writes all of it, or tells the reason. */
static int write_out(int file, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t done = write(file, bytes, count);

        if (done < 0 && errno == EINTR) { continue; }
        if (done < 0) { return errno; }
        if (done == 0) { return ENOSPC; }
        bytes += done;
        count -= (size_t)done;
    }
    return 0;
}

static clv_status flush(clv_publication *publication, clv_error *err)
{
    if (!publication->failed) {
        publication->failed = write_out(publication->file, publication->room, publication->held);
    }
    publication->held = 0;
    return publication->failed ? refuse(publication->path, publication->failed, err) : CLV_OK;
}

clv_status clv_publication_put(void *payload, const void *bytes, size_t count, clv_error *err)
{
    clv_publication *publication = payload;

    if (count >= ROOM - publication->held) { CLV_TRY(flush(publication, err)); }
    if (publication->failed) { return refuse(publication->path, publication->failed, err); }
    if (count >= ROOM) {
        publication->failed = write_out(publication->file, bytes, count);
        return publication->failed ? refuse(publication->path, publication->failed, err) : CLV_OK;
    }
    if (count > 0) { memcpy(publication->room + publication->held, bytes, count); }
    publication->held += count;
    return CLV_OK;
}

/* Makes sure that what was written has reached the disk. The file is opened anew, because a library that wrote by path
   may have replaced it. */
static int settle(const char *path, int flags)
{
    int file = open(path, flags | O_CLOEXEC);
    int reason;

    if (file < 0) { return errno; }
    reason = fsync(file) ? errno : 0;
    if (close(file) && !reason) { reason = errno; }
    return reason == EINVAL ? 0 : reason; /* EINVAL: a file system that has nothing to flush */
}

static int close_file(clv_publication *publication)
{
    int file = publication->file;

    publication->file = -1;
    return close(file) ? errno : 0;
}

clv_status clv_publication_finish(clv_publication *publication,
                                  clv_status (*check)(const char *path, void *payload, clv_error *err), void *payload,
                                  clv_error *err)
{
    clv_status status = flush(publication, err);
    int reason;

    if (status) { goto done; }
    reason = close_file(publication);
    if (!reason) { reason = settle(publication->beside, O_RDONLY); }
    if (!reason && check && (status = check(publication->beside, payload, err))) { goto done; }
    if (!reason && rename(publication->beside, publication->path)) { reason = errno; }
    if (reason) {
        status = refuse(publication->path, reason, err);
        goto done;
    }
    publication->beside[0] = 0;
    reason = settle(publication->folder, O_RDONLY | O_DIRECTORY);
    if (reason && reason != EACCES) {
        unlink(publication->path);
        status = refuse(publication->path, reason, err);
    }
done:
    clv_publication_free(publication);
    return status;
}

void clv_publication_free(clv_publication *publication)
{
    if (!publication) { return; }
    if (publication->file >= 0) { close(publication->file); }
    if (publication->beside && publication->beside[0]) { unlink(publication->beside); }
    free(publication->path);
    free(publication->beside);
    free(publication->folder);
    free(publication);
}
