/* The worker of one item of a batch: a process of its own, so that whatever becomes of it stays there.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <corelevel/threads.h>

/* What the session tells while it runs. */
typedef struct worker {
    const char *folder;
    FILE *printed;  /* made when the workflow prints first */
    int broken;     /* what it printed could not be written */
    char said[500]; /* the first message: fits that failed */
} worker;

static void on_print(void *payload, const char *text, size_t length)
{
    worker *self = payload;
    char *path = NULL;

    if (!self->printed && !self->broken && asprintf(&path, "%s/printed.txt", self->folder) >= 0) {
        self->printed = fopen(path, "wbe");
    }
    free(path);
    self->broken |= !self->printed || fwrite(text, 1, length, self->printed) != length;
}

static void on_message(void *payload, const char *sentence)
{
    worker *self = payload;

    if (!self->said[0]) { snprintf(self->said, sizeof self->said, "%s", sentence); }
}

/* One line of the report. */
static void put_line(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) { fputc(text[i] == '\n' || text[i] == '\r' ? ' ' : text[i], out); }
    fputc('\n', out);
}

/* How many bytes at the start of a sentence are "file.lua:12", without the colon; 0 for none. */
static size_t place_length(const char *sentence, const char *workflow)
{
    size_t length = strlen(workflow), digits;

    if (strncmp(sentence, workflow, length) != 0 || sentence[length] != ':') { return 0; }
    digits = strspn(sentence + length + 1, "0123456789");
    return digits && sentence[length + 1 + digits] == ':' ? length + 1 + digits : 0;
}

/* Puts a sentence, in which the input is called as tables call it: no result holds a path of this machine. */
static void put_sentence(FILE *out, const char *sentence, const clv_batch_item *item)
{
    size_t length = strlen(item->path);
    const char *at;

    while (length > 0 && (at = strstr(sentence, item->path))) {
        for (; sentence < at; sentence++) { fputc(*sentence == '\n' ? ' ' : *sentence, out); }
        fputs(item->name, out);
        sentence += length;
    }
    put_line(out, sentence, strlen(sentence));
}

static const char *kind_of(int code)
{
    switch (code) {
    case CLV_OUTCOME_USAGE: return "options";
    case CLV_OUTCOME_INPUT: return "input";
    case CLV_OUTCOME_OUTPUT: return "output";
    case CLV_OUTCOME_WORKFLOW: return "workflow";
    case CLV_OUTCOME_LIMIT: return "limit";
    default: return "fit";
    }
}

static void put_failure(FILE *out, const clv_batch *batch, const clv_batch_item *item, const char *sentence, int code)
{
    size_t length = place_length(sentence, batch->workflow);
    const char *slash = strrchr(batch->workflow, '/');
    size_t folders = slash ? (size_t)(slash + 1 - batch->workflow) : 0;

    if (code == CLV_OUTCOME_DONE) {
        fputs("\n\n", out);
    } else if (length == 0) {
        put_line(out, kind_of(code), strlen(kind_of(code)));
        put_sentence(out, sentence, item);
    } else {
        put_line(out, sentence + folders, length - folders);
        put_sentence(out, sentence + length + 2, item);
    }
}

/* Whether what was saved is a table: columns, or a list of them. */
static int is_table(const clv_value *value)
{
    const clv_group *group = clv_value_as_object(value, CLV_GROUP);

    return clv_value_kind(value) == CLV_COLUMNS || (group && clv_group_kind(group) == CLV_COLUMNS);
}

/* The tables among what was saved; of those with one name the last. */
static void put_tables(FILE *out, const clv_session *session)
{
    for (size_t i = 0; i < clv_session_result_count(session); i++) {
        const char *path = clv_session_result_path(session, i), *slash = strrchr(path, '/');
        const char *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
        char stem[256];
        if (!is_table(clv_session_result(session, i)) || !dot || strcmp(dot, ".csv") != 0) { continue; }
        snprintf(stem, sizeof stem, "%.*s", (int)(dot - name), name);
        if (clv_session_find(session, stem) != clv_session_result(session, i)) { continue; }
        fprintf(out, "%s\t%s\n", stem, path);
    }
}

/* The words of an item, one line each. */
static clv_status add_words(clv_session *session, const clv_batch_item *item, clv_error *err)
{
    for (char *at = item->words, *end; (end = strchr(at, '\n')); at = end + 1) {
        *end = 0;
        CLV_TRY(clv_session_add_word(session, at, err));
        *end = '\n';
    }
    return CLV_OK;
}

static int work(const clv_batch *batch, const clv_batch_item *item, worker *self, FILE *out)
{
    clv_session_setup setup = {.size = sizeof setup,
                               .out = self->folder,
                               .time_limit = batch->time_limit,
                               .memory_limit = (uint64_t)(batch->memory_limit * 1048576.0),
                               .max_failed = batch->max_failed,
                               .payload = self,
                               .print = on_print,
                               .message = on_message};
    clv_session *session = NULL;
    clv_error err = {0};
    int code;

    if (clv_session_open(batch->workflow, &setup, &session, &err) || add_words(session, item, &err)) {
        code = clv_code_of(&err);
    } else {
        clv_status status = clv_session_run(session, &err);
        code = (int)clv_session_outcome(session);
        if (status && code == CLV_OUTCOME_FAILED) { code = CLV_BATCH_STOPPED; }
    }
    self->broken |= self->printed && fclose(self->printed) != 0;
    if (self->broken && code == CLV_OUTCOME_DONE) {
        code = CLV_OUTCOME_OUTPUT;
        clv_fail(&err, CLV_CANNOT_WRITE, "what the workflow prints could not be written");
    }
    put_failure(out, batch, item, err.text[0] ? err.text : self->said, code);
    if (session) { put_tables(out, session); }
    clv_session_free(session);
    return code;
}

_Noreturn void clv_batch_work(const clv_batch *batch, const clv_batch_item *item, const char *folder,
                              const char *report)
{
    worker self = {.folder = folder};
    const struct rlimit no_core = {0};
    FILE *out;
    int code = CLV_OUTCOME_OUTPUT, broken = 1;

    setrlimit(RLIMIT_CORE, &no_core);
    clv_threads_set(batch->threads);
    out = fopen(report, "wbe");
    if (out) {
        code = work(batch, item, &self, out);
        broken = ferror(out);
        broken |= fclose(out) != 0;
    }
    _exit(broken ? CLV_OUTCOME_OUTPUT : code);
}

/* ---- The report, read by the parent */

static char *next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');

    *at = end ? end + 1 : line + strlen(line);
    return strndup(line, end ? (size_t)(end - line) : strlen(line));
}

void clv_batch_read_report(const char *path, clv_batch_report *report)
{
    FILE *file = fopen(path, "rbe");
    char text[1 << 16], *at = text;
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;

    text[length] = 0;
    if (file) { fclose(file); }
    report->where = next_line(&at);
    report->why = next_line(&at);
    report->tables = strdup(at);
}

void clv_batch_free_report(clv_batch_report *report)
{
    free(report->where);
    free(report->why);
    free(report->tables);
}
