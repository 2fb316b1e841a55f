/* corelevel demo: the shipped workflows on the shipped samples, into a folder to look around in.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "script.h"

/* What is run: a workflow of the data folder, on files of the samples folder, as on the command line. */
#define MOST_INPUTS 10
typedef struct showing {
    const char *workflow;
    struct {
        const char *name, *file;
    } inputs[MOST_INPUTS + 1]; /* ends with a name of NULL */
} showing;

static const showing showings[] = {
    {"depth_profile.lua", {{"profile", "licoo2_reduced.vms"}}},
    {"licoo2_study.lua",
     {{"profile", "licoo2_reduced.vms"},
      {"control", "licoo2_pristine.vms"},
      {"bare", "sulfide_bare.vms"},
      {"coated", "sulfide_coated.vms"},
      {"treated-co", "treated_co.xdi"},
      {"pristine-co", "pristine_co.xdi"},
      {"treated-o", "treated_o.xdi"},
      {"pristine-o", "pristine_o.xdi"},
      {"map", "map.dm4"},
      {"lowloss", "lowloss.dm4"}}},
};

/* What makes the samples that are too large to be shipped. */
static const char *const generators[] = {"generate_xas.lua", "generate_map.lua"};

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

/* Runs a generator of the data folder, which writes into `folder`. */
static clv_status generate(const char *generator, const char *folder, clv_error *err)
{
    char *script = NULL;
    clv_status status = clv_path_data(generator, &script, err);

    if (!status) { status = clv_script_run(script, folder, err); }
    free(script);
    return status;
}

/* The words "--name samples/file" of a showing; how many there are, -1 without memory. */
static int inputs_of(const showing *self, const char *samples, char **words)
{
    int count = 0;

    for (int i = 0; self->inputs[i].name; i++) {
        if (asprintf(&words[count++], "--%s", self->inputs[i].name) < 0) { return -1; }
        if (asprintf(&words[count++], "%s/%s", samples, self->inputs[i].file) < 0) { return -1; }
    }
    return count;
}

static void print_command(const char *workflow, const clv_words *words, const char *results)
{
    printf("\ncorelevel run %s", workflow);
    for (int i = 0; i < words->count; i++) {
        printf("%s%s", i % 2 ? " " : words->count > 2 ? " \\\n    " : " ", words->word[i]);
    }
    printf("%s --out %s\n\n", words->count > 2 ? " \\\n   " : "", results);
    fflush(stdout);
}

static int show(const showing *self, const char *samples, const char *results)
{
    clv_run_setup setup = {.command = "corelevel demo", .out = results, .max_failed = 0.05};
    char *inputs[2 * MOST_INPUTS] = {NULL}, *passed[2 * MOST_INPUTS], *workflow = NULL, *name = NULL;
    clv_words words = {passed, 0}; /* the run takes words out, and does not own them */
    clv_error err = {0};
    int code = CLV_OUTCOME_LIMIT;

    if (asprintf(&name, "workflows/%s", self->workflow) < 0) { return code; }
    if (clv_path_data(name, &workflow, &err)) {
        code = clv_say(&err, CLV_OUTCOME_INPUT);
    } else {
        words.count = inputs_of(self, samples, inputs);
        memcpy(passed, inputs, sizeof passed);
        setup.workflow = workflow;
        if (words.count > 0) {
            print_command(workflow, &words, results);
            code = clv_run_workflow(&setup, &words);
        }
    }
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) { free(inputs[i]); }
    free(workflow);
    free(name);
    return code;
}

/* Copies the shipped samples, generates the others. */
static clv_status gather(const char *samples, clv_error *err)
{
    char *shipped = NULL;
    clv_status status = clv_path_data("samples", &shipped, err);

    if (!status) { status = copy_samples(shipped, samples, err); }
    free(shipped);
    for (size_t i = 0; !status && i < sizeof generators / sizeof generators[0]; i++) {
        status = generate(generators[i], samples, err);
    }
    return status;
}

/* Runs what there is to show on the samples. */
static int demonstrate(const char *samples, const char *results)
{
    clv_error err = {0};
    int code = CLV_OUTCOME_DONE;

    if (gather(samples, &err)) { return clv_say(&err, clv_code_of(&err)); }
    for (size_t i = 0; i < sizeof showings / sizeof showings[0] && code <= CLV_OUTCOME_FAILED; i++) {
        int one = show(&showings[i], samples, results);
        code = one ? one : code;
    }
    if (code <= CLV_OUTCOME_FAILED) {
        printf("\nThe samples and what was planted in them (*.truth.json) are in %s, the results in %s; "
               "begin with licoo2_study.html.\n",
               samples, results);
    }
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
