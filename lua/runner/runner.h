/* What the files of the `corelevel` command share: its words, its exit codes, and how it speaks.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_RUNNER_RUNNER_H
#define CLV_RUNNER_RUNNER_H

#include <stdio.h>

#include <corelevel/corelevel.h>
#include <corelevel/lines.h>
#include <corelevel/session.h>
#include <corelevel/text.h>

/* The words of a command line; taking an option removes it. */
typedef struct clv_words {
    char **word;
    int count;
} clv_words;

/* A command: its name, one line on it, its help (examples first), and what it does; returns the exit code. */
typedef struct clv_command {
    const char *name, *doc, *help;
    int (*run)(const struct clv_command *self, clv_words *words);
} clv_command;

extern const clv_command clv_command_run, clv_command_info, clv_command_convert, clv_command_plot, clv_command_list,
    clv_command_lines, clv_command_demo, clv_command_batch, clv_command_watch, clv_command_replay, clv_command_merge,
    clv_command_check;

/* Takes a flag such as "--json": whether it was there. Options end at "--". */
int clv_words_flag(clv_words *words, const char *name);

/* Takes "--name value" or "--name=value": 1 when it was there, 0 when not, -1 (and says so) when its value is missing.
   `take_number` also refuses what is no number within [low, high]. */
int clv_words_value(clv_words *words, const char *name, const char **value);
int clv_words_number(clv_words *words, const char *name, double low, double high, double *value);

/* Takes the word at `place` out. */
void clv_words_remove(clv_words *words, int place);

/* Refuses options that are left and any number of words outside [least, most]; takes "--" out. Returns 0, or the exit
   code for wrong usage after saying what is wrong. */
int clv_words_check(const clv_command *command, clv_words *words, int least, int most);

/* Says what is wrong and where help is; returns the exit code for wrong usage. */
int clv_usage(const char *command, const char *format, ...) CLV_PRINTF(2, 3);

/* Says an error of the library; returns `code`. */
int clv_say(const clv_error *err, int code);

/* The exit code of a failed load or write. */
int clv_code_of(const clv_error *err);

/* Flushes what was printed; a full disk or a closed pipe is the exit code for outputs. */
int clv_finish(int code);

/* Runs one workflow with words for its inputs and options; prints to stdout, messages to stderr. */
typedef struct clv_run_setup {
    const char *workflow, *command, *out;
    int trust, quiet;
    double time_limit, memory_limit, max_failed;
} clv_run_setup;
int clv_run_workflow(const clv_run_setup *setup, clv_words *words);

/* JSON, written straight to a stream: texts with escapes, shortest round-trip numbers, null for what is not finite. */
void clv_json_text(FILE *out, const char *text);
void clv_json_number(FILE *out, double number);

/* The same digits for people. */
void clv_print_number(FILE *out, double number);

/* The line library for `lines` and `list lines`: one line with what lies near it, or (NULL) all. */
int clv_lines_show(const char *command, const char *name, int json);

/* The envelope library for `list envelopes`: one state with its lines, or (NULL) all states. */
int clv_envelopes_show(const char *command, const char *name, int json);

/* Rows of texts as a table with aligned columns; the first row is the heading. Texts are copied. NULL is allowed. */
typedef struct clv_table clv_table;
clv_table *clv_table_new(size_t columns);
void clv_table_add(clv_table *table, const char *format, ...) CLV_PRINTF(2, 3); /* the next cell */
void clv_table_print(const clv_table *table, FILE *out);
void clv_table_free(clv_table *table);

#endif
