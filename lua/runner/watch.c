/* corelevel watch: a batch over a folder that an instrument is writing into; each file is reduced when it is whole.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_folder.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "batch.h"

static const long TICK = 250000000; /* ns between looks at the folder */

typedef struct watching {
    clv_batch batch; /* what every pass begins with */
    clv_watched_folder folder;
    clv_words options;
    double idle; /* s without news after which the watch ends; 0: never */
    sigset_t heeded;
    int code; /* of the last pass */
} watching;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* What an earlier watch finished keeps its place. */
static int recall(watching *self)
{
    char *path = NULL;
    clv_journal *journal = NULL;
    clv_journal_item item = {0};
    clv_error err = {0};
    clv_status status = CLV_OK;

    if (asprintf(&path, "%s/journal.sqlite", self->batch.out) < 0) { return CLV_OUTCOME_LIMIT; }
    if (access(path, F_OK) == 0) {
        status = clv_journal_open_shard(path, &journal, &err);
        for (size_t i = 0; !status && !(status = clv_journal_at(journal, i, &item, &err)) && item.name; i++) {
            status = clv_watched_add_known(&self->folder, item.name, &err);
        }
        clv_journal_free(journal);
    }
    free(path);
    return status ? clv_say(&err, clv_code_of(&err)) : CLV_OUTCOME_DONE;
}

/* One batch over all files that were whole so far; what is done is not done again unless it changed. */
static int pass(const watching *self)
{
    const clv_watched_folder *folder = &self->folder;
    size_t options = (size_t)self->options.count;
    clv_batch batch = self->batch;
    clv_words words = {calloc(options + folder->input_count + 1, sizeof(char *)), 0};
    char **all = words.word;
    int code;

    if (!all) { return CLV_OUTCOME_LIMIT; }
    memcpy(all, self->options.word, options * sizeof *all);
    all[options] = (char[]){"--"};
    memcpy(all + options + 1, folder->inputs, folder->input_count * sizeof *all);
    words.count = (int)(options + folder->input_count + 1);
    code = clv_batch_plan(&batch, &words);
    if (!code) { code = clv_batch_run_planned(&batch); }
    clv_batch_free(&batch);
    free(all);
    return code;
}

/* Waits for the next look; whether the user asked to stop. */
static int wait_tick(const watching *self)
{
    const struct timespec tick = {0, TICK};
    int number = sigtimedwait(&self->heeded, NULL, &tick);

    return number == SIGINT || number == SIGTERM;
}

static int loop(watching *self)
{
    double last = now();
    clv_error err = {0};

    for (;;) {
        size_t news = 0;
        if (clv_watched_look(&self->folder, now(), &news, &err)) { return clv_say(&err, clv_code_of(&err)); }
        if (news) {
            self->code = pass(self);
            if (self->code > CLV_OUTCOME_FAILED) { return self->code; }
            last = now();
        } else if (self->idle > 0 && now() > last + self->idle) {
            return self->code;
        }
        if (wait_tick(self)) {
            fprintf(stderr, "corelevel: interrupted\n");
            return CLV_OUTCOME_INTERRUPTED;
        }
    }
}

static int watch(watching *self)
{
    sigset_t before;
    int code = recall(self);

    if (code) { return code; }
    sigemptyset(&self->heeded);
    sigaddset(&self->heeded, SIGINT);
    sigaddset(&self->heeded, SIGTERM);
    sigprocmask(SIG_BLOCK, &self->heeded, &before);
    code = loop(self);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

/* The folder is the last word, as inputs are; it ends without slashes. */
static int take_folder(const clv_command *command, watching *self, clv_words *words)
{
    char *folder;

    if (words->count < 2 || words->word[0][0] == '-') {
        return clv_usage(command->name, "%s", "a workflow and a folder to watch are needed");
    }
    self->batch.workflow = words->word[0];
    clv_words_remove(words, 0);
    folder = words->word[0];
    if (folder[0] == '-') { return clv_usage(command->name, "%s", "the folder stands after the workflow"); }
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--) { folder[n - 1] = 0; }
    clv_words_remove(words, 0);
    self->folder.path = self->batch.base = folder;
    self->options = *words;
    return CLV_OUTCOME_DONE;
}

static int take_options(const clv_command *command, watching *self, clv_words *words)
{
    int code = CLV_OUTCOME_DONE;

    self->folder.settle = 2;
    if (clv_words_number(words, "--settle", 0, 86400, &self->folder.settle) < 0 ||
        clv_words_number(words, "--idle", 0, 1e9, &self->idle) < 0 ||
        clv_words_value(words, "--match", &self->folder.pattern) < 0) {
        return CLV_OUTCOME_USAGE;
    }
    code = clv_batch_take_options(&self->batch, words);
    if (code) { return code; }
    if (self->batch.table || self->batch.shards > 1 || self->batch.dry) {
        return clv_usage(command->name, "%s", "--table, --shard and --dry-run are for corelevel batch");
    }
    if (!self->batch.out) { return clv_usage(command->name, "%s", "--out DIR is missing: the folder for the results"); }
    self->batch.resume = 1;
    self->folder.out = self->batch.out;
    return CLV_OUTCOME_DONE;
}

static int run(const clv_command *self, clv_words *words)
{
    watching watched = {0};
    int code = take_options(self, &watched, words);

    if (!code) { code = take_folder(self, &watched, words); }
    if (code) { return code; }
    watched.batch.memory = clv_batch_memory_new();
    code = watched.batch.memory ? watch(&watched) : CLV_OUTCOME_LIMIT;
    clv_batch_memory_free(watched.batch.memory);
    clv_watched_free(&watched.folder);
    return code;
}

const clv_command clv_command_watch = {
    .name = "watch",
    .doc = "run a workflow on each file that an instrument writes into a folder",
    .help =
        "  corelevel watch depth_profile.lua /data/today --out results/\n"
        "  corelevel watch depth_profile.lua /data/today --match '*.vms' --out results/ --settle 10\n"
        "\n"
        "corelevel watch WORKFLOW.lua DIR --out DIR [--NAME value] [--match PATTERN] [--settle S] [--idle S]\n"
        "\n"
        "A batch that goes on: every file in the folder and below it is an input as soon as it is whole, and what\n"
        "`corelevel batch` leaves is up to date after each. A file that changes later is done again, and what a file\n"
        "gave stays when the file is taken away. Stop it by Ctrl-C and start it again: finished files are not done\n"
        "again. Hidden files, and DIR of --out where it lies inside, are left out.\n"
        "  --match PATTERN      only files so named, as '*.vms' (all)\n"
        "  --settle S           a file is whole when it has not changed for S seconds (2)\n"
        "  --idle S             end when there was nothing new for S seconds (never)\n"
        "  --NAME value, --jobs, --threads, --durability, --time-limit, --memory-limit, --max-failed, --quiet as\n"
        "  `corelevel batch` has them\n"
        "\n"
        "exit codes: 130 interrupted; after --idle 0 all done, 1 some inputs or fits failed; 2, 4 as for a batch",
    .run = run,
};
