/* corelevel demo: the shipped workflows on the shipped samples, into a folder to look around in.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"

/* What is run: a workflow of the data folder, on samples of it, as on the command line. */
typedef struct showing {
    const char *workflow;
    const char *inputs[4]; /* names in the samples folder; ends with NULL */
} showing;

static const showing showings[] = {
    {"depth_profile.lua", {"licoo2_reduced.vms", NULL}},
};

static clv_status copy_stream(FILE *from, FILE *to, const char *target, clv_error *err)
{
    char block[65536];
    size_t count;

    while ((count = fread(block, 1, sizeof block, from)) > 0) {
        CLV_CHECK(fwrite(block, 1, count, to) == count, err, CLV_CANNOT_WRITE, "%s: %s", target, strerror(errno));
    }
    CLV_CHECK(fflush(to) == 0, err, CLV_CANNOT_WRITE, "%s: %s", target, strerror(errno));
    return CLV_OK;
}

static clv_status copy_file(const char *source, const char *target, clv_error *err)
{
    FILE *from = fopen(source, "rb"), *to = from ? fopen(target, "wb") : NULL;
    clv_status status;

    if (!to) {
        status = from ? clv_fail(err, CLV_CANNOT_WRITE, "%s: %s", target, strerror(errno))
                      : clv_fail(err, CLV_BAD_FILE, "%s: %s", source, strerror(errno));
    } else {
        status = copy_stream(from, to, target, err);
    }
    if (from) { fclose(from); }
    if (to && fclose(to) != 0 && !status) { status = clv_fail(err, CLV_CANNOT_WRITE, "%s cannot be written", target); }
    return status;
}

static clv_status copy_entry(const char *from, const char *to, const char *name, clv_error *err)
{
    char *source = NULL, *target = NULL;
    clv_status status;

    if (name[0] == '.') { return CLV_OK; }
    if (asprintf(&source, "%s/%s", from, name) < 0) { return clv_fail(err, CLV_NO_MEMORY, "not enough memory"); }
    if (asprintf(&target, "%s/%s", to, name) < 0) {
        free(source);
        return clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    }
    status = copy_file(source, target, err);
    free(source);
    free(target);
    return status;
}

/* Copies the files of the samples folder. */
static clv_status copy_samples(const char *from, const char *to, clv_error *err)
{
    DIR *listing = opendir(from);
    const struct dirent *entry;
    clv_status status = clv_folder_make(to, err);

    if (!listing && !status) { status = clv_fail(err, CLV_BAD_FILE, "%s: %s", from, strerror(errno)); }
    while (!status && (entry = readdir(listing)) != NULL) { status = copy_entry(from, to, entry->d_name, err); }
    if (listing) { closedir(listing); }
    return status;
}

static int show(const showing *self, const char *samples, const char *results)
{
    clv_run_setup setup = {.command = "corelevel demo", .out = results, .max_failed = 0.05};
    char *inputs[4] = {NULL}, *workflow = NULL, *name = NULL;
    clv_words words = {inputs, 0};
    clv_error err = {0};
    int code = CLV_OUTCOME_LIMIT;

    if (asprintf(&name, "workflows/%s", self->workflow) < 0) { return code; }
    if (clv_path_data(name, &workflow, &err)) {
        code = clv_say(&err, CLV_OUTCOME_INPUT);
    } else {
        while (self->inputs[words.count] &&
               asprintf(&inputs[words.count], "%s/%s", samples, self->inputs[words.count]) >= 0) {
            words.count++;
        }
        printf("corelevel run %s %s --out %s\n\n", workflow, words.count ? inputs[0] : "", results);
        setup.workflow = workflow;
        code = clv_run_workflow(&setup, &words);
    }
    for (int i = 0; i < words.count; i++) { free(inputs[i]); }
    free(workflow);
    free(name);
    return code;
}

/* Copies the samples, then runs what there is to show on them. */
static int demonstrate(const char *samples, const char *results)
{
    char *shipped = NULL;
    clv_error err = {0};
    clv_status status = clv_path_data("samples", &shipped, &err);
    int code = CLV_OUTCOME_DONE;

    if (!status) { status = copy_samples(shipped, samples, &err); }
    free(shipped);
    if (status) { return clv_say(&err, clv_code_of(&err)); }
    for (size_t i = 0; i < sizeof showings / sizeof showings[0] && code <= CLV_OUTCOME_FAILED; i++) {
        int one = show(&showings[i], samples, results);
        code = one ? one : code;
    }
    if (code <= CLV_OUTCOME_FAILED) { printf("\nThe samples are in %s, the results in %s.\n", samples, results); }
    return code;
}

static int run(const clv_command *self, clv_words *words)
{
    int code = clv_words_check(self, words, 0, 1);
    const char *folder = words->count ? words->word[0] : "corelevel-demo";
    char *samples = NULL, *results = NULL;

    if (code) { return code; }
    if (asprintf(&samples, "%s/samples", folder) < 0) { return CLV_OUTCOME_LIMIT; }
    if (asprintf(&results, "%s/results", folder) < 0) {
        free(samples);
        return CLV_OUTCOME_LIMIT;
    }
    code = demonstrate(samples, results);
    free(samples);
    free(results);
    return code;
}

const clv_command clv_command_demo = {
    .name = "demo",
    .doc = "see what it does, on simulated samples",
    .help =
        "  corelevel demo\n"
        "  corelevel demo trial\n"
        "\n"
        "corelevel demo [DIR]\n"
        "\n"
        "Leaves DIR/samples (simulated spectra with their truth) and DIR/results; DIR is corelevel-demo unless given.",
    .run = run,
};
