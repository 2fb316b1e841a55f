/* corelevel lines: a core level of the line library with its chemical states, and what else lies near it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <math.h>
#include <string.h>

enum { NEAR = 15 }; /* eV to each side */

static void add_number(clv_table *table, double number)
{
    if (isnan(number)) {
        clv_table_add(table, "-");
    } else {
        clv_table_add(table, "%.6g", number);
    }
}

static void add_heading(clv_table *table)
{
    static const char *const heading[] = {"line",  "state", "energy [eV]", "split [eV]", "ratio", "natural width [eV]",
                                          "source"};

    for (size_t i = 0; i < sizeof heading / sizeof heading[0]; i++) { clv_table_add(table, "%s", heading[i]); }
}

static void add_line(clv_table *table, const clv_line *line)
{
    clv_table_add(table, "%s", line->name);
    clv_table_add(table, "%s", line->state ? line->state : "-");
    add_number(table, line->energy);
    add_number(table, line->split);
    add_number(table, line->ratio);
    add_number(table, line->lorentzian);
    clv_table_add(table, "%s", line->energy_source ? line->energy_source : "-");
}

static void print_near(const clv_line *found)
{
    clv_table *table = clv_table_new(7);
    size_t count = 0;

    add_heading(table);
    for (size_t i = 0; i < clv_lines_count(); i++) {
        const clv_line *line = clv_lines_at(i);
        if (!line->state && strcmp(line->name, found->name) != 0 && fabs(line->energy - found->energy) <= NEAR) {
            add_line(table, line);
            count++;
        }
    }
    printf("\nwithin %d eV of it%s\n", NEAR, count ? ":" : ": no other line of the library");
    if (count) { clv_table_print(table, stdout); }
    clv_table_free(table);
}

static void json_entry(const char *name, double number)
{
    printf(",\"%s\":", name);
    clv_json_number(stdout, number);
}

static void json_line(const clv_line *line)
{
    fputs("{\"name\":", stdout);
    clv_json_text(stdout, line->name);
    fputs(",\"element\":", stdout);
    clv_json_text(stdout, line->element);
    fputs(",\"state\":", stdout);
    clv_json_text(stdout, line->state);
    json_entry("energy", line->energy);
    json_entry("split", line->split);
    json_entry("ratio", line->ratio);
    json_entry("lorentzian", line->lorentzian);
    json_entry("broaden", line->broaden);
    fputs(",\"source\":", stdout);
    clv_json_text(stdout, line->energy_source);
    putchar('}');
}

/* All entries of a line (NULL: of all lines): the element's own, then its states. */
static void print_entries(const char *name, int json)
{
    clv_table *table = json ? NULL : clv_table_new(7);
    int comma = 0;

    if (json) { putchar('['); }
    add_heading(table);
    for (size_t i = 0; i < clv_lines_count(); i++) {
        const clv_line *line = clv_lines_at(i);
        if (name && strcmp(line->name, name) != 0) { continue; }
        add_line(table, line);
        if (json && comma++) { putchar(','); }
        if (json) { json_line(line); }
    }
    if (json) { puts("]"); }
    clv_table_print(table, stdout);
    clv_table_free(table);
}

int clv_lines_show(const char *command, const char *name, int json)
{
    const clv_line *line = NULL;
    clv_error err = {0};

    if (clv_lines_ready(&err)) { return clv_say(&err, CLV_OUTCOME_INPUT); }
    if (!name) {
        print_entries(NULL, json);
        return CLV_OUTCOME_DONE;
    }
    if (clv_lines_find(name, NULL, &line, &err)) { return clv_usage(command, "%s", err.text); }
    print_entries(line->name, json);
    if (!json) { print_near(line); }
    return CLV_OUTCOME_DONE;
}

static int run(const clv_command *self, clv_words *words)
{
    int json = clv_words_flag(words, "--json");
    int code = clv_words_check(self, words, 1, 1);

    return code ? code : clv_lines_show(self->name, words->word[0], json);
}

const clv_command clv_command_lines = {
    .name = "lines",
    .doc = "a core level: energies, splitting, ratio, widths",
    .help = "  corelevel lines \"Co 2p\"\n"
            "  corelevel lines S2p --json\n"
            "\n"
            "corelevel lines LINE [--json]\n"
            "\n"
            "Prints the line and its chemical states from the line library with their sources, and the lines near it.",
    .run = run,
};
