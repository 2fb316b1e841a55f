/* What the files of `corelevel batch` share: its items, how they are to run, and their workers.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_RUNNER_BATCH_H
#define CLV_RUNNER_BATCH_H

#include <corelevel/journal.h>

#include "runner.h"

/* Outcomes of an item beside those of a session: its worker crashed; the workflow was stopped by what failed in it. */
enum { CLV_BATCH_CRASHED = 7, CLV_BATCH_STOPPED = 8 };

/* One input with what is asked of it. */
typedef struct clv_batch_item {
    char *name;   /* what tables call it */
    char *folder; /* below the batch's */
    char *path;   /* of its input, as it was given */
    char *words;  /* all words of its command line, one on each line */
    size_t place; /* in the whole batch, from 0 */
    char hash[CLV_JOURNAL_HASH_SIZE];
    int held, outcome; /* finished before, and how */
    int moved;         /* it was held at another place */
} clv_batch_item;

/* What is known of input files, so that none is read again while its size and time are the same; and what to do with
   one that was finished before and has changed since, or is gone: a watched folder does it anew, or keeps what it gave.
 */
typedef struct clv_batch_memory clv_batch_memory;

typedef struct clv_batch {
    const char *workflow, *out, *table;
    const char *base;         /* names of items are their paths below this folder; NULL: as short as tells them apart */
    clv_batch_memory *memory; /* NULL: a batch of its own */
    char *work;               /* folder below `out` for what is not finished */
    char *journal;            /* its path */
    int resume, dry, quiet;
    clv_journal_durability durability;
    size_t jobs, threads, shard, shards; /* shard from 1 */
    double time_limit, memory_limit, max_failed;
    clv_words options; /* words for every item */
    clv_batch_item *items;
    size_t count, total; /* of this shard, of the whole batch */
} clv_batch;

/* Splits words into inputs and options of the workflow and makes the items of the batch: names, folders, words. Returns
   an exit code after saying what is wrong. */
int clv_batch_plan(clv_batch *batch, clv_words *words);
void clv_batch_free(clv_batch *batch);

/* Takes the options that `batch` and `watch` share out of the words. Returns an exit code after saying what is wrong.
 */
int clv_batch_take_options(clv_batch *batch, clv_words *words);

/* Runs what is planned and not held. */
int clv_batch_run_planned(clv_batch *batch);

/* A memory of input files (batch_memory.c). `hash` is clv_journal_hash, or what is remembered of an unchanged file. */
clv_batch_memory *clv_batch_memory_new(void);
void clv_batch_memory_free(clv_batch_memory *memory);
clv_status clv_batch_memory_hash(clv_batch_memory *memory, const char *path, char hash[CLV_JOURNAL_HASH_SIZE],
                                 clv_error *err);

/* A hash of the names and words of all items; `clv_batch_plan` fills it in. */
int clv_batch_hash_list(const clv_batch *batch, char hash[CLV_JOURNAL_HASH_SIZE]);

/* Keeps the items of the shard only. */
void clv_batch_keep_shard(clv_batch *batch);

/* In a process of its own: runs one item, saves below `folder`, leaves a report, and exits with the outcome. */
_Noreturn void clv_batch_work(const clv_batch *batch, const clv_batch_item *item, const char *folder,
                              const char *report);

/* What a worker tells: where and why it failed, and which tables it published, as "name\tpath" by line. */
typedef struct clv_batch_report {
    char *where, *why, *tables;
} clv_batch_report;
void clv_batch_read_report(const char *path, clv_batch_report *report);
void clv_batch_free_report(clv_batch_report *report);

/* Runs the items that the journal does not hold; the exit code of what ran. Failures of items are counted. */
int clv_batch_run(clv_batch *batch, clv_journal *journal);

/* Takes a folder with all that is in it away; what is not there is no failure. */
void clv_folder_remove(const char *path);

/* Copies a folder with all that is in it, file by file. Errors: CLV_CANNOT_WRITE, CLV_BAD_FILE. */
clv_status clv_folder_copy(const char *from, const char *to, clv_error *err);

#endif
