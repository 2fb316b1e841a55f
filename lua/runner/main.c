/* The `corelevel` command: finds the command that its first word names.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <signal.h>
#include <string.h>

static const clv_command *const commands[] = {&clv_command_run,     &clv_command_batch,  &clv_command_watch,
                                              &clv_command_merge,   &clv_command_replay, &clv_command_info,
                                              &clv_command_convert, &clv_command_plot,   &clv_command_lines,
                                              &clv_command_list,    &clv_command_check,  &clv_command_demo};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int print_help(void)
{
    puts("corelevel: core-level spectra from the instrument's own file to chemical-state fractions\n"
         "\n"
         "  corelevel demo                                          see what it does\n"
         "  corelevel info profile.vms                              what a file holds\n"
         "  corelevel run depth_profile.lua profile.vms --out results/\n"
         "  corelevel batch depth_profile.lua data/*.vms --out results/\n"
         "  corelevel watch depth_profile.lua /data/today --out results/\n"
         "  corelevel plot a.vms b.vms --region \"Co 2p\" -o co2p.svg\n"
         "  corelevel lines \"Co 2p\"                                 what lies there, and near\n"
         "\n"
         "commands (corelevel COMMAND --help tells more):");
    for (int i = 0; i < COMMANDS; i++) { printf("  %-9s %s\n", commands[i]->name, commands[i]->doc); }
    puts("\nexit codes: 0 done; 1 some inputs or fits failed; 2 wrong usage; 3 an input could not be read;\n"
         "4 an output could not be written; 5 the workflow is wrong; 6 a limit was hit; 130 interrupted");
    return clv_finish(CLV_OUTCOME_DONE);
}

static int unknown(const char *word)
{
    const char *names[COMMANDS], *near;

    for (int i = 0; i < COMMANDS; i++) { names[i] = commands[i]->name; }
    near = clv_text_nearest(word, names, COMMANDS);
    return near ? clv_usage(NULL, "there is no command '%s' (did you mean '%s'?)", word, near)
                : clv_usage(NULL, "there is no command '%s'", word);
}

int main(int argc, char **argv)
{
    clv_words words = {argv + 2, argc - 2};
    const char *name = argc > 1 ? argv[1] : "--help";

    signal(SIGPIPE, SIG_IGN);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        int code = print_help();
        return argc > 1 ? code : CLV_OUTCOME_USAGE;
    }
    if (strcmp(name, "--version") == 0) {
        printf("corelevel %s\n", clv_version());
        return clv_finish(CLV_OUTCOME_DONE);
    }
    for (int i = 0; i < COMMANDS; i++) {
        const clv_command *command = commands[i];
        if (strcmp(command->name, name) != 0) { continue; }
        if (command != &clv_command_run && clv_words_flag(&words, "--help")) {
            puts(command->help);
            return clv_finish(CLV_OUTCOME_DONE);
        }
        return clv_finish(command->run(command, &words));
    }
    return unknown(name);
}
