/* What a watched folder's input files were when they were hashed last, so that none is read again unless it changed.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct known {
    char *path;
    off_t size;
    struct timespec time;
    char hash[CLV_JOURNAL_HASH_SIZE];
} known;

struct clv_batch_memory {
    known *files;
    size_t count, at; /* files are asked for in the same order again and again: where the next one is expected */
};

clv_batch_memory *clv_batch_memory_new(void) { return calloc(1, sizeof(clv_batch_memory)); }

void clv_batch_memory_free(clv_batch_memory *memory)
{
    if (!memory) { return; }
    for (size_t i = 0; i < memory->count; i++) { free(memory->files[i].path); }
    free(memory->files);
    free(memory);
}

static known *find(clv_batch_memory *memory, const char *path)
{
    for (size_t i = 0; i < memory->count; i++) {
        size_t place = (memory->at + i) % memory->count;
        if (strcmp(memory->files[place].path, path) != 0) { continue; }
        memory->at = place + 1;
        return &memory->files[place];
    }
    return NULL;
}

/* A new entry that matches no file; NULL without memory, and then the file is hashed again next time. */
static known *add(clv_batch_memory *memory, const char *path)
{
    known *grown = reallocarray(memory->files, memory->count + 1, sizeof *grown);
    char *copy = grown ? strdup(path) : NULL;

    if (grown) { memory->files = grown; }
    if (!copy) { return NULL; }
    grown[memory->count] = (known){.path = copy, .size = -1};
    memory->at = memory->count + 1;
    return &grown[memory->count++];
}

clv_status clv_batch_memory_hash(clv_batch_memory *memory, const char *path, char hash[CLV_JOURNAL_HASH_SIZE],
                                 clv_error *err)
{
    struct stat now;
    known *file = memory ? find(memory, path) : NULL;

    if (!memory || stat(path, &now) != 0) { return clv_journal_hash(path, hash, err); }
    if (file && file->size == now.st_size && file->time.tv_sec == now.st_mtim.tv_sec &&
        file->time.tv_nsec == now.st_mtim.tv_nsec) {
        memcpy(hash, file->hash, sizeof file->hash);
        return CLV_OK;
    }
    CLV_TRY(clv_journal_hash(path, hash, err));
    if (!file) { file = add(memory, path); }
    if (file) {
        file->size = now.st_size;
        file->time = now.st_mtim;
        memcpy(file->hash, hash, sizeof file->hash);
    }
    return CLV_OK;
}
