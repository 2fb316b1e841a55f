/* corelevel batch: one workflow over many inputs, each an item of its own, with a journal to go on from.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <corelevel/threads.h>

#include "paths.h"

/* ---- Options */

/* Reads "2/7", or "slurm" for the place of this task in its job array. */
static int take_shard(clv_batch *batch, const char *text)
{
    const char *task = getenv("SLURM_ARRAY_TASK_ID"), *first = getenv("SLURM_ARRAY_TASK_MIN");
    const char *count = getenv("SLURM_ARRAY_TASK_COUNT");
    unsigned long long i = 0, n = 0;
    char rest;

    if (strcmp(text, "slurm") == 0) {
        if (!task || !first || !count) {
            return clv_usage("batch", "%s", "--shard slurm is for tasks of a Slurm job array (sbatch --array=1-7)");
        }
        i = strtoull(task, NULL, 10) - strtoull(first, NULL, 10) + 1;
        n = strtoull(count, NULL, 10);
    } else if (sscanf(text, "%llu/%llu%c", &i, &n, &rest) != 2) {
        i = n = 0;
    }
    if (n < 1 || n > 100000 || i < 1 || i > n) {
        return clv_usage("batch", "--shard counts from 1: 1/7 to 7/7, not '%s'", text);
    }
    batch->shard = (size_t)i;
    batch->shards = (size_t)n;
    return CLV_OUTCOME_DONE;
}

static int take_durability(clv_batch *batch, const char *text)
{
    if (strcmp(text, "full") != 0 && strcmp(text, "batch") != 0) {
        return clv_usage("batch", "--durability is full or batch, not '%s'", text);
    }
    batch->durability = strcmp(text, "full") == 0 ? CLV_JOURNAL_FULL : CLV_JOURNAL_BATCH;
    return CLV_OUTCOME_DONE;
}

static int take_numbers(clv_batch *batch, clv_words *words)
{
    double cores = (double)clv_threads(), jobs = cores, threads = 0;

    batch->max_failed = 0.05;
    if (clv_words_number(words, "--jobs", 1, 1024, &jobs) < 0 ||
        clv_words_number(words, "--threads", 1, 1024, &threads) < 0 ||
        clv_words_number(words, "--max-failed", 0, 1, &batch->max_failed) < 0 ||
        clv_words_number(words, "--time-limit", 0, 1e9, &batch->time_limit) < 0 ||
        clv_words_number(words, "--memory-limit", 1, 1e9, &batch->memory_limit) < 0) {
        return CLV_OUTCOME_USAGE;
    }
    batch->jobs = (size_t)jobs;
    batch->threads = threads > 0 ? (size_t)threads : (size_t)(cores / jobs < 1 ? 1 : cores / jobs);
    return CLV_OUTCOME_DONE;
}

int clv_batch_take_options(clv_batch *batch, clv_words *words)
{
    const char *shard = "1/1", *durability = "batch";
    int code;

    batch->resume = clv_words_flag(words, "--resume");
    batch->dry = clv_words_flag(words, "--dry-run");
    batch->quiet = clv_words_flag(words, "--quiet");
    if (clv_words_value(words, "--out", &batch->out) < 0 || clv_words_value(words, "--table", &batch->table) < 0 ||
        clv_words_value(words, "--shard", &shard) < 0 || clv_words_value(words, "--durability", &durability) < 0) {
        return CLV_OUTCOME_USAGE;
    }
    code = take_shard(batch, shard);
    if (!code) { code = take_durability(batch, durability); }
    return code ? code : take_numbers(batch, words);
}

/* ---- The journal */

/* Where the journal and what is not finished lie; shards may share one folder. */
static int make_paths(clv_batch *batch)
{
    char ending[60] = "";

    if (batch->shards > 1) { snprintf(ending, sizeof ending, "-%zu-of-%zu", batch->shard, batch->shards); }
    return asprintf(&batch->journal, "%s/journal%s.sqlite", batch->out, ending) >= 0 &&
           asprintf(&batch->work, "%s/.work%s", batch->out, ending) >= 0;
}

static int open_journal(clv_batch *batch, clv_journal **journal, size_t *held)
{
    char hash[CLV_JOURNAL_HASH_SIZE], shard[60], failed[60];
    clv_error err = {0};
    const clv_journal_part parts[] = {{"workflow", hash}, {"shard", shard}, {"share that may fail", failed}};

    snprintf(shard, sizeof shard, "%zu/%zu", batch->shard, batch->shards);
    snprintf(failed, sizeof failed, "%.17g", batch->max_failed);
    if (clv_journal_hash(batch->workflow, hash, &err) ||
        clv_journal_open(batch->journal, batch->durability, parts, sizeof parts / sizeof parts[0], journal, held,
                         &err)) {
        return clv_say(&err, err.status == CLV_BAD_FILE ? CLV_OUTCOME_INPUT : clv_code_of(&err));
    }
    return CLV_OUTCOME_DONE;
}

static int is_there(const clv_batch *batch, const char *name)
{
    char *path = NULL;
    int found = asprintf(&path, "%s/%s", batch->out, name) >= 0 && access(path, F_OK) == 0;

    free(path);
    return found;
}

/* Compares one item with what is held of it. What failed is tried again when its input has changed. */
static int match(clv_batch *batch, clv_journal *journal, clv_batch_item *item)
{
    clv_journal_item row;
    clv_error err = {0};

    if (clv_batch_memory_hash(batch->memory, item->path, item->hash, NULL)) { item->hash[0] = 0; }
    if (clv_journal_find(journal, item->name, &row, &err)) { return clv_say(&err, clv_code_of(&err)); }
    if (!row.name) { return CLV_OUTCOME_DONE; }
    if (batch->memory && !item->hash[0]) { snprintf(item->hash, sizeof item->hash, "%s", row.hash); }
    item->outcome = row.outcome;
    item->held = strcmp(row.hash, item->hash) == 0 && strcmp(row.words, item->words) == 0;
    if (!item->held && (!*row.folder || (batch->memory && strcmp(row.words, item->words) == 0))) {
        return CLV_OUTCOME_DONE;
    }
    if (!item->held || strcmp(row.folder, *row.folder ? item->folder : "") != 0) {
        return clv_usage("batch",
                         "%s: its input or its options changed since it was finished; put them back, or begin "
                         "anew in another folder",
                         item->name);
    }
    item->held = !*row.folder || is_there(batch, item->folder);
    item->moved = row.place != item->place;
    return CLV_OUTCOME_DONE;
}

static int match_all(clv_batch *batch, clv_journal *journal, size_t held)
{
    size_t known = 0;
    int code = CLV_OUTCOME_DONE;

    for (size_t i = 0; i < batch->count && !code; i++) {
        clv_journal_item row;
        code = match(batch, journal, &batch->items[i]);
        if (!code && !clv_journal_find(journal, batch->items[i].name, &row, NULL)) { known += row.name != NULL; }
    }
    if (!code && known < held) {
        code = clv_usage("batch", "%zu items of the batch in %s are not among the inputs; give all of them again",
                         held - known, batch->out);
    }
    return code;
}

/* ---- The batch */

static int print_items(const clv_batch *batch)
{
    clv_table *table = clv_table_new(3);

    clv_table_add(table, "input");
    clv_table_add(table, "folder");
    clv_table_add(table, "state");
    for (size_t i = 0; i < batch->count; i++) {
        const clv_batch_item *item = &batch->items[i];
        clv_table_add(table, "%s", item->name);
        clv_table_add(table, "%s", item->folder);
        clv_table_add(table, "%s", !item->held ? "to do" : item->outcome ? "failed" : "done");
    }
    clv_table_print(table, stdout);
    clv_table_free(table);
    return CLV_OUTCOME_DONE;
}

static size_t count_failed(const clv_batch *batch)
{
    size_t failed = 0;

    for (size_t i = 0; i < batch->count; i++) { failed += batch->items[i].outcome != 0; }
    return failed;
}

static void remove_in(const clv_batch *batch, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", batch->out, name) >= 0) { unlink(path); }
    free(path);
}

/* A batch of one shard writes its summary, unless it stands already; of several, `corelevel merge` does. */
static int summarise(clv_batch *batch, clv_journal *journal)
{
    size_t failed = count_failed(batch);
    clv_error err = {0};

    if (batch->shards == 1 &&
        (!is_there(batch, "summary.csv") || !is_there(batch, "batch.nc") || !is_there(batch, "failures.csv")) &&
        clv_journal_summarise(&journal, 1, batch->out, &failed, &err)) {
        return clv_say(&err, clv_code_of(&err));
    }
    fprintf(stderr, "corelevel: %zu of %zu done, %zu failed%s\n", batch->count - failed, batch->count, failed,
            batch->shards > 1 ? "; corelevel merge puts the shards together"
            : failed          ? " (failures.csv says why)"
                              : "");
    return failed ? CLV_OUTCOME_FAILED : CLV_OUTCOME_DONE;
}

/* Nothing that a user put there is replaced by the first results of a new batch. */
static int check_room(const clv_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (is_there(batch, batch->items[i].folder)) {
            fprintf(stderr, "corelevel: %s/%s is in the way of the results of %s\n", batch->out, batch->items[i].folder,
                    batch->items[i].name);
            return CLV_OUTCOME_OUTPUT;
        }
    }
    return CLV_OUTCOME_DONE;
}

static int begins_with(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

/* Takes away what a killed process was writing: beside the journal and, without other shards, beside the tables. */
static void remove_parts(const clv_batch *batch)
{
    DIR *folder = opendir(batch->out);
    const struct dirent *entry;
    char own[80];

    snprintf(own, sizeof own, ".%s.", strrchr(batch->journal, '/') + 1);
    while (folder && (entry = readdir(folder))) {
        const char *name = entry->d_name;
        int ours = begins_with(name, own) ||
                   (batch->shards == 1 && (begins_with(name, ".summary.csv.") || begins_with(name, ".batch.nc.") ||
                                           begins_with(name, ".failures.csv.")));
        if (ours && strstr(name, ".part")) { remove_in(batch, name); }
    }
    if (folder) { closedir(folder); }
}

/* Runs what is left, with the journal open. */
static int go(clv_batch *batch, clv_journal *journal)
{
    size_t left = 0;
    clv_error err = {0};
    int code;

    for (size_t i = 0; i < batch->count; i++) { left += !batch->items[i].held; }
    if (left == 0) { return CLV_OUTCOME_DONE; }
    remove_in(batch, "summary.csv");
    remove_in(batch, "batch.nc");
    remove_in(batch, "failures.csv");
    if (clv_folder_make(batch->work, &err)) { return clv_say(&err, clv_code_of(&err)); }
    code = clv_batch_run(batch, journal);
    clv_folder_remove(batch->work);
    return code;
}

/* Tells the journal the list of items, and the new places of those that it holds. */
static clv_status set_list(const clv_batch *batch, clv_journal *journal, const char *list, clv_error *err)
{
    CLV_TRY(clv_journal_set_list(journal, batch->total, list, err));
    for (size_t i = 0; i < batch->count; i++) {
        const clv_batch_item *item = &batch->items[i];
        if (item->moved) { CLV_TRY(clv_journal_move(journal, item->name, item->place, err)); }
    }
    return CLV_OK;
}

static int run_open(clv_batch *batch, clv_journal *journal, size_t held, const char *list)
{
    clv_error err = {0};
    int code = match_all(batch, journal, held);

    if (!code && held == 0 && !batch->resume) { code = check_room(batch); }
    if (!code && batch->dry) {
        clv_journal_free(journal);
        return print_items(batch);
    }
    if (!code && set_list(batch, journal, list, &err)) { code = clv_say(&err, clv_code_of(&err)); }
    if (!code) {
        remove_parts(batch);
        clv_folder_remove(batch->work);
        code = go(batch, journal);
    }
    if (!code) { code = summarise(batch, journal); }
    if (code != CLV_OUTCOME_DONE && code != CLV_OUTCOME_FAILED) {
        clv_journal_free(journal);
        return code;
    }
    if (clv_journal_finish(journal, &err)) { return clv_say(&err, clv_code_of(&err)); }
    return code;
}

int clv_batch_run_planned(clv_batch *batch)
{
    char list[CLV_JOURNAL_HASH_SIZE];
    clv_journal *journal = NULL;
    clv_error err = {0};
    size_t held = 0;
    int code;

    if (!make_paths(batch) || !clv_batch_hash_list(batch, list)) { return CLV_OUTCOME_LIMIT; }
    clv_batch_keep_shard(batch);
    if (batch->dry && access(batch->journal, F_OK) != 0) { return print_items(batch); }
    if (!batch->resume && !batch->dry && access(batch->journal, F_OK) == 0) {
        return clv_usage("batch", "%s holds a batch already: go on with it by --resume, or choose another folder",
                         batch->out);
    }
    if (clv_folder_make(batch->out, &err)) { return clv_say(&err, clv_code_of(&err)); }
    code = open_journal(batch, &journal, &held);
    return code ? code : run_open(batch, journal, held, list);
}

static int run(const clv_command *self, clv_words *words)
{
    clv_batch batch = {0};
    int code = clv_batch_take_options(&batch, words);

    if (code) { return code; }
    if (words->count == 0 || words->word[0][0] == '-') {
        return clv_usage(self->name, "%s", "the workflow is missing");
    }
    if (!batch.out) { return clv_usage(self->name, "%s", "--out DIR is missing: the folder for the results"); }
    batch.workflow = words->word[0];
    clv_words_remove(words, 0);
    code = clv_batch_plan(&batch, words);
    if (!code) { code = clv_batch_run_planned(&batch); }
    clv_batch_free(&batch);
    return code;
}

const clv_command clv_command_batch = {
    .name = "batch",
    .doc = "run a workflow on many inputs, unattended",
    .help =
        "  corelevel batch depth_profile.lua data/*.vms --out results/\n"
        "  corelevel batch depth_profile.lua data/*.vms --out results/ --resume\n"
        "  corelevel batch depth_profile.lua --table inputs.csv --out results/ --jobs 8\n"
        "  corelevel batch depth_profile.lua data/*.vms --out results/ --shard 2/7\n"
        "\n"
        "corelevel batch WORKFLOW.lua INPUT... | --table inputs.csv --out DIR [--NAME value] [--jobs N] [--resume]\n"
        "\n"
        "Leaves a folder for each input in DIR; summary.csv with the tables that were saved as .csv, of all inputs;\n"
        "batch.nc with the same as arrays on common axes; failures.csv with what failed, where and why; and\n"
        "journal.sqlite. A failing input never stops the rest.\n"
        "  --table FILE         a row for each input: a column named as the workflow's first input (or `input`),\n"
        "                       the others named as its other inputs and options\n"
        "  --NAME value         an option of the workflow, for all inputs\n"
        "  --jobs N             inputs that are worked on at once (all cores); results do not depend on it\n"
        "  --resume             go on with a batch that was stopped; finished inputs are not done again\n"
        "  --shard I/N          only every Nth input, from the Ith (1 to N); `--shard slurm` takes both from a job\n"
        "                       array; corelevel merge puts the shards together\n"
        "  --dry-run            list the inputs, their folders and what is done\n"
        "  --durability D       what survives a power failure: batch, all but the last second (preset); full, all\n"
        "  --threads N          threads of each input (cores shared among the jobs)\n"
        "  --time-limit S, --memory-limit MiB, --max-failed SHARE, as `corelevel run` has them, for each input\n"
        "  --quiet              no progress\n"
        "\n"
        "exit codes: 0 all done; 1 some inputs or fits failed; 2, 4, 130 as `corelevel --help` tells",
    .run = run,
};
