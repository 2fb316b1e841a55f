/* The hash by which a journal knows a file again.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/journal.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sha256.h"

#define MIB ((uint64_t)1 << 20)

enum { PIECES = 64 };

/* Adds up to one MiB from `at` on; what the file has lost meanwhile is an error. */
static int add_piece(int file, uint64_t at, uint64_t count, uint8_t *room, clv_sha256 *hash)
{
    uint64_t done = 0;

    while (done < count) {
        ssize_t got = pread(file, room, (size_t)(count - done), (off_t)(at + done));
        if (got < 0 && errno == EINTR) { continue; }
        if (got <= 0) { return 0; }
        clv_sha256_add(hash, room, (size_t)got);
        done += (uint64_t)got;
    }
    return 1;
}

static int add_file(int file, uint64_t size, uint8_t *room, clv_sha256 *hash)
{
    uint8_t bytes[8];
    int good = 1;

    if (size <= PIECES * MIB) {
        for (uint64_t at = 0; good && at < size; at += MIB) {
            good = add_piece(file, at, size - at < MIB ? size - at : MIB, room, hash);
        }
        return good;
    }
    for (int i = 0; i < 8; i++) { bytes[i] = (uint8_t)(size >> (8 * i)); }
    clv_sha256_add(hash, bytes, sizeof bytes);
    for (uint64_t i = 0; good && i < PIECES; i++) {
        uint64_t space = size - MIB;
        good = add_piece(file, space / (PIECES - 1) * i + space % (PIECES - 1) * i / (PIECES - 1), MIB, room, hash);
    }
    return good;
}

clv_status clv_journal_hash(const char *path, char text[CLV_JOURNAL_HASH_SIZE], clv_error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), good = 0, reason = errno;
    uint8_t *room = malloc(MIB);
    struct stat status;
    clv_sha256 hash;

    clv_sha256_start(&hash);
    if (file >= 0 && room && fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        good = add_file(file, (uint64_t)status.st_size, room, &hash);
    }
    free(room);
    if (file >= 0) { close(file); }
    CLV_CHECK(file >= 0 || reason != ENOENT, err, CLV_NOT_FOUND, "%s: there is no such file", path);
    CLV_CHECK(good, err, CLV_BAD_FILE, "%s: the file cannot be read", path);
    clv_sha256_finish(&hash, text);
    return CLV_OK;
}

void clv_journal_hash_text(const char *text, char hash[CLV_JOURNAL_HASH_SIZE])
{
    clv_sha256_text(text, strlen(text), hash);
}
