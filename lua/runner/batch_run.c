/* Runs the items of a batch in workers, publishes what they leave by rename, and tells the journal.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GRACE = 2 /* s beyond the time limit */, PATH_ROOM = 4096 };

static const long TICK = 250000000; /* ns between looks at the clock */

/* A worker under way. */
typedef struct slot {
    pid_t process; /* 0: none */
    clv_batch_item *item;
    double started;
    int late;
} slot;

typedef struct run {
    clv_batch *batch;
    clv_journal *journal;
    slot *slots;
    sigset_t heeded, before;
    size_t next, running, done, todo, failed;
    int code, terminal;
    double started, flushed;
} run;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void clear_line(const run *self)
{
    if (self->terminal) { fputs("\r\033[K", stderr); }
}

/* Ends the batch for a cause that is not one item's own; of several the first in the order of exit codes. */
static void stop(run *self, int code, const char *sentence)
{
    clear_line(self);
    if (sentence) { fprintf(stderr, "corelevel: %s\n", sentence); }
    if (self->code == CLV_OUTCOME_DONE || code == CLV_OUTCOME_INTERRUPTED) { self->code = code; }
}

static void tell(const run *self)
{
    double spent = now() - self->started, rate = spent > 0 ? (double)self->done / spent : 0;
    double left = rate > 0 ? (double)(self->todo - self->done) / rate : 0;

    if (!self->terminal) { return; }
    clear_line(self);
    fprintf(stderr, "%zu of %zu, %zu failed, %.3g/s", self->done, self->todo, self->failed, rate);
    if (self->done > 0) { fprintf(stderr, ", %.0f:%02d left", (left - (double)((int)left % 60)) / 60, (int)left % 60); }
    fflush(stderr);
}

static void sync_folder(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0) { return; }
    fsync(folder);
    close(folder);
}

/* ---- Workers */

static void path_of(const run *self, const clv_batch_item *item, const char *ending, char path[PATH_ROOM])
{
    snprintf(path, PATH_ROOM, "%s/%ld-%zu%s", self->batch->work, (long)getpid(), item->place, ending);
}

static void start(run *self, slot *free_slot, clv_batch_item *item)
{
    char folder[PATH_ROOM], report[PATH_ROOM];
    pid_t parent = getpid(), process;

    path_of(self, item, "", folder);
    path_of(self, item, ".report", report);
    if (mkdir(folder, 0777) != 0) {
        stop(self, CLV_OUTCOME_OUTPUT, "a folder for the next item could not be made");
        return;
    }
    fflush(NULL);
    process = fork();
    if (process == 0) {
        signal(SIGINT, SIG_IGN);
        signal(SIGTERM, SIG_IGN);
        sigprocmask(SIG_SETMASK, &self->before, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) { _exit(CLV_OUTCOME_INTERRUPTED); }
        clv_batch_work(self->batch, item, folder, report);
    }
    if (process < 0) {
        stop(self, CLV_OUTCOME_LIMIT, "the system allows no further process");
        return;
    }
    *free_slot = (slot){.process = process, .item = item, .started = now()};
    self->running++;
}

static void start_more(run *self)
{
    const clv_batch *batch = self->batch;

    for (size_t i = 0; i < batch->jobs && !self->code; i++) {
        while (self->next < batch->count && batch->items[self->next].held) { self->next++; }
        if (self->next == batch->count) { return; }
        if (self->slots[i].process == 0) { start(self, &self->slots[i], &self->batch->items[self->next++]); }
    }
}

static void kill_all(run *self)
{
    for (size_t i = 0; i < self->batch->jobs; i++) {
        if (self->slots[i].process == 0) { continue; }
        kill(self->slots[i].process, SIGKILL);
        while (waitpid(self->slots[i].process, NULL, 0) < 0 && errno == EINTR) {}
        self->slots[i].process = 0;
    }
    self->running = 0;
}

/* ---- What a worker left */

/* What was there of a run that was killed before it could note the item makes room. */
static int publish(run *self, const clv_batch_item *item)
{
    char folder[PATH_ROOM], target[PATH_ROOM], old[PATH_ROOM];

    path_of(self, item, "", folder);
    path_of(self, item, ".old", old);
    snprintf(target, sizeof target, "%s/%s", self->batch->out, item->folder);
    if (rename(folder, target) != 0 && (rename(target, old) != 0 || rename(folder, target) != 0)) { return 0; }
    clv_folder_remove(old);
    if (self->batch->durability == CLV_JOURNAL_FULL) { sync_folder(self->batch->out); }
    return 1;
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rbe");
    struct stat status;
    char *text = NULL;
    size_t size;

    if (!file) { return NULL; }
    size = fstat(fileno(file), &status) == 0 ? (size_t)status.st_size : 0;
    text = malloc(size + 1);
    if (text) { text[fread(text, 1, size, file)] = 0; }
    fclose(file);
    return text;
}

/* Reads the tables that the report names, from where they lie unpublished; gives their number, SIZE_MAX on failure. */
static size_t read_tables(const run *self, const clv_batch_item *item, char *lines, clv_journal_table **tables)
{
    char folder[PATH_ROOM];
    size_t count = 0;

    path_of(self, item, "", folder);
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
        clv_journal_table *grown = reallocarray(*tables, count + 1, sizeof *grown);
        char path[2 * PATH_ROOM], *tab = strchr(line, '\t'), *text;
        if (grown) { *tables = grown; }
        if (!grown || !tab) { return SIZE_MAX; }
        *tab = 0;
        snprintf(path, sizeof path, "%s/%s", folder, tab + 1);
        text = read_text(path);
        if (!text) { return SIZE_MAX; }
        grown[count++] = (clv_journal_table){line, text};
    }
    return count;
}

static void free_tables(clv_journal_table *tables, size_t count)
{
    for (size_t i = 0; i < count && count != SIZE_MAX; i++) { free((char *)tables[i].text); }
    free(tables);
}

/* Publishes the item's folder when it came to its end, and notes the item. */
static void keep(run *self, clv_batch_item *item, int code, const clv_batch_report *report)
{
    int whole = code == CLV_OUTCOME_DONE || code == CLV_OUTCOME_FAILED;
    clv_journal_item row = {.name = item->name,
                            .folder = whole ? item->folder : "",
                            .words = item->words,
                            .hash = item->hash,
                            .place = item->place,
                            .outcome = code,
                            .where = report->where ? report->where : "",
                            .why = report->why ? report->why : ""};
    clv_journal_table *tables = NULL;
    clv_error err = {0};
    size_t count = whole && report->tables ? read_tables(self, item, report->tables, &tables) : 0;
    char folder[PATH_ROOM];

    path_of(self, item, "", folder);
    if (!whole) { clv_folder_remove(folder); }
    if (count == SIZE_MAX || (whole && !publish(self, item))) {
        stop(self, CLV_OUTCOME_OUTPUT, "the results of an item could not be put in place; what was finished is kept");
    } else if (clv_journal_add(self->journal, &row, tables, count, &err)) {
        stop(self, clv_code_of(&err), err.text);
    } else {
        item->held = 1;
        item->outcome = code;
        self->done++;
        self->failed += code != CLV_OUTCOME_DONE;
    }
    free_tables(tables, count);
}

static void put(clv_batch_report *report, const char *where, const char *format, ...) CLV_PRINTF(3, 4);

/* Replaces what a worker told, or could not tell. */
static void put(clv_batch_report *report, const char *where, const char *format, ...)
{
    va_list list;

    clv_batch_free_report(report);
    *report = (clv_batch_report){.where = strdup(where)};
    va_start(list, format);
    if (vasprintf(&report->why, format, list) < 0) { report->why = NULL; }
    va_end(list);
}

/* The outcome of a worker that ended; a crash or a time-out is one, too. */
static int judge(const run *self, const slot *ended, int status, clv_batch_report *report)
{
    int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (ended->late) {
        put(report, "limit", "the time limit of %g s was hit within an operation", self->batch->time_limit);
        return CLV_OUTCOME_LIMIT;
    }
    if (number == SIGKILL) {
        put(report, "crash", "the worker was killed (signal 9), as the system does when memory is short");
        return CLV_BATCH_CRASHED;
    }
    if (number != 0) {
        put(report, "crash", "the worker crashed (signal %d, %s)", number, sigdescr_np(number));
        return CLV_BATCH_CRASHED;
    }
    return WEXITSTATUS(status);
}

static void finish(run *self, slot *ended, int status)
{
    clv_batch_report report = {0};
    char path[PATH_ROOM], sentence[1000];
    int code;

    path_of(self, ended->item, ".report", path);
    clv_batch_read_report(path, &report);
    unlink(path);
    code = judge(self, ended, status, &report);
    ended->process = 0;
    self->running--;
    if (code == CLV_OUTCOME_OUTPUT || (code == CLV_OUTCOME_USAGE && !self->batch->table)) {
        snprintf(sentence, sizeof sentence, "%s: %s", ended->item->name,
                 report.why && *report.why ? report.why : "its results could not be written");
        stop(self, code, sentence);
    } else if (code != CLV_OUTCOME_INTERRUPTED) {
        keep(self, ended->item, code, &report);
    }
    clv_batch_free_report(&report);
}

/* ---- The loop */

static void look_at_workers(run *self)
{
    double limit = self->batch->time_limit;

    for (size_t i = 0; i < self->batch->jobs; i++) {
        slot *each = &self->slots[i];
        int status;
        if (each->process == 0) { continue; }
        if (limit > 0 && !each->late && now() > each->started + limit + GRACE) {
            each->late = kill(each->process, SIGKILL) == 0;
        }
        if (waitpid(each->process, &status, WNOHANG) == each->process) { finish(self, each, status); }
    }
}

/* At most the last second is lost when the power fails. */
static void flush(run *self, double pause)
{
    clv_error err = {0};

    if (now() < self->flushed + pause) { return; }
    sync_folder(self->batch->out);
    if (clv_journal_flush(self->journal, &err)) { stop(self, clv_code_of(&err), err.text); }
    self->flushed = now();
}

static void loop(run *self)
{
    const struct timespec tick = {0, TICK};

    for (;;) {
        int number;
        if (!self->code) { start_more(self); }
        if (self->running == 0) { return; }
        number = sigtimedwait(&self->heeded, NULL, &tick);
        if (number == SIGINT || number == SIGTERM) { stop(self, CLV_OUTCOME_INTERRUPTED, "interrupted"); }
        if (self->code) { return; }
        look_at_workers(self);
        flush(self, 0.5);
        tell(self);
    }
}

int clv_batch_run(clv_batch *batch, clv_journal *journal)
{
    run self = {.batch = batch, .journal = journal, .started = now(), .flushed = now()};

    self.terminal = isatty(STDERR_FILENO) && !batch->quiet;
    self.slots = calloc(batch->jobs, sizeof *self.slots);
    if (!self.slots) { return CLV_OUTCOME_LIMIT; }
    for (size_t i = 0; i < batch->count; i++) { self.todo += !batch->items[i].held; }
    signal(SIGCHLD, SIG_DFL); /* a parent that ignores its children is no reason to lose ours */
    sigemptyset(&self.heeded);
    sigaddset(&self.heeded, SIGCHLD);
    sigaddset(&self.heeded, SIGINT);
    sigaddset(&self.heeded, SIGTERM);
    sigprocmask(SIG_BLOCK, &self.heeded, &self.before);
    loop(&self);
    kill_all(&self);
    flush(&self, 0);
    clear_line(&self);
    sigprocmask(SIG_SETMASK, &self.before, NULL);
    free(self.slots);
    return self.code;
}
