/* corelevel run: one workflow, its inputs and options, with progress and messages on stderr.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <corelevel/threads.h>

/* Set when the user interrupts; beside the alarm the one thing that a signal handler touches. */
static volatile sig_atomic_t interrupted;

enum { GRACE = 2 }; /* s that an operation has to come to an end */

/* The first interrupt ends the run cleanly where the workflow stands, a second one ends the program. */
static void on_interrupt(int number)
{
    interrupted = 1;
    signal(number, SIG_DFL);
    alarm(GRACE);
}

/* An operation that goes on too long is left: results are never written in place, so nothing is lost but itself. */
static void on_alarm(int number)
{
    static const char limit[] = "corelevel: the time limit was hit within an operation\n";

    (void)number;
    if (!interrupted && write(STDERR_FILENO, limit, sizeof limit - 1) < 0) { _exit(CLV_OUTCOME_LIMIT); }
    _exit(interrupted ? CLV_OUTCOME_INTERRUPTED : CLV_OUTCOME_LIMIT);
}

/* Sets the handlers, or (0) takes them away. */
static void heed(int on, double time_limit)
{
    signal(SIGINT, on ? on_interrupt : SIG_DFL);
    signal(SIGTERM, on ? on_interrupt : SIG_DFL);
    signal(SIGALRM, on ? on_alarm : SIG_DFL);
    alarm(on && time_limit > 0 && time_limit < 1e6 ? (unsigned)time_limit + GRACE : 0);
}

typedef struct screen {
    int terminal, quiet;
} screen;

/* On a terminal the line that tells the step is cleared before anything else is said. */
static void clear_line(const screen *self)
{
    if (self->terminal && !self->quiet) { fputs("\r\033[K", stderr); }
}

static void on_print(void *payload, const char *text, size_t length)
{
    clear_line(payload);
    fwrite(text, 1, length, stdout);
    fflush(stdout);
}

static void on_message(void *payload, const char *sentence)
{
    clear_line(payload);
    fprintf(stderr, "corelevel: %s\n", sentence);
}

static void on_step(void *payload, const char *operation, const char *line)
{
    const screen *self = payload;

    if (!self->terminal || self->quiet) { return; }
    clear_line(self);
    fprintf(stderr, "%s%s", line, operation);
    fflush(stderr);
}

static int on_stop(void *payload)
{
    (void)payload;
    return interrupted;
}

static clv_status add_words(clv_session *session, const clv_words *words, clv_error *err)
{
    for (int i = 0; i < words->count; i++) { CLV_TRY(clv_session_add_word(session, words->word[i], err)); }
    return CLV_OK;
}

static int run_session(clv_session *session, const clv_words *words, const screen *self)
{
    clv_error err = {0};
    clv_status status = add_words(session, words, &err);

    if (status) { return clv_say(&err, clv_code_of(&err)); }
    status = clv_session_run(session, &err);
    clear_line(self);
    if (status && clv_session_outcome(session) == CLV_OUTCOME_USAGE) { return clv_usage("run", "%s", err.text); }
    if (status) { clv_say(&err, 0); }
    return (int)clv_session_outcome(session);
}

/* Of several causes the first in this order. */
static int worse(int a, int b)
{
    static const int order[] = {130, 4, 6, 5, 3, 2, 1, 0};

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (a == order[i] || b == order[i]) { return order[i]; }
    }
    return a;
}

int clv_run_workflow(const clv_run_setup *setup, clv_words *words)
{
    screen self = {isatty(STDERR_FILENO), setup->quiet};
    clv_session_setup session_setup = {.size = sizeof session_setup,
                                       .out = setup->out,
                                       .command = setup->command,
                                       .trust = setup->trust,
                                       .time_limit = setup->time_limit,
                                       .memory_limit = (uint64_t)(setup->memory_limit * 1048576.0),
                                       .max_failed = setup->max_failed,
                                       .payload = &self,
                                       .print = on_print,
                                       .message = on_message,
                                       .step = on_step,
                                       .stop = on_stop};
    clv_session *session = NULL;
    clv_error err = {0};
    int code;

    if (clv_session_open(setup->workflow, &session_setup, &session, &err)) {
        return clv_say(&err, err.status == CLV_NOT_FOUND ? CLV_OUTCOME_USAGE : CLV_OUTCOME_INPUT);
    }
    heed(1, setup->time_limit);
    code = run_session(session, words, &self);
    heed(0, 0);
    clv_session_free(session);
    return worse(code, clv_finish(CLV_OUTCOME_DONE));
}

/* The workflow's own help, made from its declaration. */
static int print_help(const clv_command *self, const clv_run_setup *setup)
{
    clv_session_setup session_setup = {.size = sizeof session_setup, .command = setup->command, .max_failed = -1};
    clv_session *session = NULL;
    const clv_value *declaration = NULL;
    const char *help = NULL;
    clv_error err = {0};
    int code = CLV_OUTCOME_DONE;

    if (!setup->workflow) {
        puts(self->help);
        return code;
    }
    if (clv_session_open(setup->workflow, &session_setup, &session, &err)) {
        return clv_say(&err, err.status == CLV_NOT_FOUND ? CLV_OUTCOME_USAGE : CLV_OUTCOME_INPUT);
    }
    if (clv_session_describe(session, &declaration, &help, &err)) {
        code = clv_say(&err, CLV_OUTCOME_WORKFLOW);
    } else {
        printf("%s\n\nof the command itself: --out DIR, --threads N, --quiet, --trust, --max-failed SHARE,\n"
               "--time-limit S, --memory-limit MiB\n",
               help ? help : "This workflow declares no inputs and no options.");
    }
    clv_session_free(session);
    return code;
}

/* Takes the command's own options out of the words; -1 when one of them is wrong. */
static int take_options(clv_words *words, clv_run_setup *setup)
{
    double threads = 0;

    setup->max_failed = 0.05;
    setup->quiet = clv_words_flag(words, "--quiet");
    setup->trust = clv_words_flag(words, "--trust");
    if (clv_words_value(words, "--out", &setup->out) < 0 ||
        clv_words_number(words, "--threads", 1, 1024, &threads) < 0 ||
        clv_words_number(words, "--max-failed", 0, 1, &setup->max_failed) < 0 ||
        clv_words_number(words, "--time-limit", 0, 1e9, &setup->time_limit) < 0 ||
        clv_words_number(words, "--memory-limit", 1, 1e9, &setup->memory_limit) < 0) {
        return -1;
    }
    if (threads > 0) { clv_threads_set((size_t)threads); }
    return 0;
}

static int run(const clv_command *self, clv_words *words)
{
    clv_run_setup setup = {0};
    int help = clv_words_flag(words, "--help"), wrong = take_options(words, &setup), code;
    char *command = NULL;

    if (wrong) { return CLV_OUTCOME_USAGE; }
    if (words->count == 0 || words->word[0][0] == '-') {
        return help ? print_help(self, &setup) : clv_usage(self->name, "%s", "the workflow is missing");
    }
    setup.workflow = words->word[0];
    clv_words_remove(words, 0);
    if (asprintf(&command, "corelevel run %s", setup.workflow) < 0) { return CLV_OUTCOME_LIMIT; }
    setup.command = command;
    code = help ? print_help(self, &setup) : clv_run_workflow(&setup, words);
    free(command);
    return code;
}

const clv_command clv_command_run = {
    .name = "run",
    .doc = "run a workflow on its inputs",
    .help = "  corelevel run depth_profile.lua profile.vms --out results/\n"
            "  corelevel run depth_profile.lua profile.vms --emin 774 --out results/\n"
            "  corelevel run depth_profile.lua --help         its inputs and options\n"
            "\n"
            "corelevel run WORKFLOW.lua [INPUT...] [--NAME value] [--out DIR] [--threads N] [--quiet]\n"
            "\n"
            "Inputs are given by place or as --NAME value, as the workflow declares them (_ is written -).\n"
            "  --out DIR            what the workflow saves goes below this folder (the current one)\n"
            "  --threads N          number of threads (all cores); results do not depend on it\n"
            "  --quiet              no progress\n"
            "  --trust              let it save outside --out\n"
            "  --max-failed SHARE   share of a map's pixels whose fits may fail (0.05)\n"
            "  --time-limit S       stop after so many seconds (exit code 6)\n"
            "  --memory-limit MiB   memory for the workflow's own values",
    .run = run,
};
