/* corelevel plot: spectra of one or several files as a figure.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The options of a plot, as they were typed. */
typedef struct plot_options {
    const char *region, *range, *normalise, *figure;
    int stack;
} plot_options;

/* "a,b" as a table of two numbers; -1 when it is not. */
static int add_range(clv_value *options, const char *text, clv_error *err)
{
    char *end;
    double low = strtod(text, &end), high;
    clv_value *range;

    if (end == text || *end != ',') { return -1; }
    text = end + 1;
    high = strtod(text, &end);
    if (end == text || *end || !(low < high)) { return -1; }
    range = clv_value_table();
    if (!range || clv_value_append(range, clv_value_number(low), err) ||
        clv_value_append(range, clv_value_number(high), err)) {
        clv_value_free(range);
        return clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    }
    return clv_value_set(options, "range", range, err);
}

/* The options of the operation `plot`; only those that were given. */
static clv_status make_options(const plot_options *given, clv_value **options, clv_error *err)
{
    clv_value *table = clv_value_table();
    clv_status status;

    CLV_CHECK(table, err, CLV_NO_MEMORY, "not enough memory");
    status = clv_value_append(table, clv_value_text(given->figure), err);
    if (!status && given->range && add_range(table, given->range, err)) {
        status = clv_fail(err, CLV_BAD_ARGUMENT, "--range needs two energies as in 770,815, not '%s'", given->range);
    }
    if (!status && given->normalise) {
        status = clv_value_set(table, "normalise", clv_value_text(given->normalise), err);
    }
    if (!status && given->stack) { status = clv_value_set(table, "stack", clv_value_boolean(1), err); }
    if (status) {
        clv_value_free(table);
        return status;
    }
    *options = table;
    return CLV_OK;
}

/* A file's record, or of it the region that was asked for. */
static clv_status load(const char *path, const char *region, clv_value **value, clv_error *err)
{
    clv_record *record = NULL;
    clv_spectra *found = NULL;
    const clv_line *line = NULL;
    double energy = NAN;
    clv_status status;

    CLV_TRY(clv_load(path, NULL, &record, err));
    if (!region) {
        *value = clv_value_object(CLV_RECORD, record);
        return *value ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    }
    if (clv_lines_find(region, NULL, &line, NULL) == CLV_OK) { energy = line->energy; }
    status = clv_record_find(record, region, energy, &found, err);
    if (!status) { *value = clv_value_object(CLV_SPECTRA, clv_spectra_ref(found)); }
    if (!status && !*value) { status = clv_fail(err, CLV_NO_MEMORY, "not enough memory"); }
    clv_record_free(record);
    return status ? clv_error_at(err, "%s", path) : CLV_OK;
}

/* The file's name without folder and suffix, numbered from the second of that name on. */
static clv_status add_member(clv_group *group, const char *path, clv_value *value_take, clv_error *err)
{
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path, *dot = strrchr(file, '.');
    char name[256];
    int same = 0;

    snprintf(name, sizeof name, "%.*s", (int)(dot && dot > file ? dot - file : (long)strlen(file)), file);
    for (size_t i = 0; i < clv_group_count(group); i++) {
        size_t length = strlen(name);
        const char *other = clv_group_name(group, i);
        same += strncmp(other, name, length) == 0 && (other[length] == 0 || other[length] == ' ');
    }
    if (same) { snprintf(name + strlen(name), sizeof name - strlen(name), " (%d)", same + 1); }
    return clv_group_add(group, name, value_take, err);
}

static clv_status load_all(const clv_words *files, const char *region, clv_value **value, clv_error *err)
{
    clv_group *group;

    if (files->count == 1) { return load(files->word[0], region, value, err); }
    group = clv_group_new();
    *value = group ? clv_value_object(CLV_GROUP, group) : NULL;
    CLV_CHECK(*value, err, CLV_NO_MEMORY, "not enough memory");
    for (int i = 0; i < files->count; i++) {
        clv_value *member = NULL;
        CLV_TRY(load(files->word[i], region, &member, err));
        CLV_TRY(add_member(group, files->word[i], member, err));
    }
    return CLV_OK;
}

static int plot(const clv_words *files, const plot_options *given)
{
    clv_value *on = NULL, *options = NULL, *result = NULL;
    clv_error err = {0};
    clv_status status = make_options(given, &options, &err);
    int code = CLV_OUTCOME_DONE;

    if (!status) { status = load_all(files, given->region, &on, &err); }
    if (!status) { status = clv_apply("plot", on, options, &result, &err); }
    if (status) { code = clv_say(&err, clv_code_of(&err)); }
    clv_value_free(on);
    clv_value_free(options);
    clv_value_free(result);
    return code;
}

static int run(const clv_command *self, clv_words *words)
{
    plot_options given = {.stack = clv_words_flag(words, "--stack")};
    int code;

    if (clv_words_value(words, "--region", &given.region) < 0 || clv_words_value(words, "--range", &given.range) < 0 ||
        clv_words_value(words, "--normalise", &given.normalise) < 0 ||
        clv_words_value(words, "-o", &given.figure) < 0) {
        return CLV_OUTCOME_USAGE;
    }
    code = clv_words_check(self, words, 1, 1 << 20);
    if (code) { return code; }
    if (!given.figure) { return clv_usage(self->name, "%s", "where to write is missing: -o figure.svg"); }
    if (given.normalise && strcmp(given.normalise, "area") != 0 && strcmp(given.normalise, "max") != 0) {
        return clv_usage(self->name, "--normalise takes area or max, not '%s'", given.normalise);
    }
    return plot(words, &given);
}

const clv_command clv_command_plot = {
    .name = "plot",
    .doc = "spectra as a figure",
    .help = "  corelevel plot profile.vms -o all.svg\n"
            "  corelevel plot a.vms b.vms --region \"Co 2p\" --range 770,815 --normalise area -o co2p.pdf\n"
            "\n"
            "corelevel plot FILE... [--region R] [--range a,b] [--normalise area|max] [--stack] -o FIG\n"
            "\n"
            "  --region R              the region that any spelling of a line means (all)\n"
            "  --range a,b             energies from a to b, eV\n"
            "  --normalise area|max    to the same area or the same maximum\n"
            "  --stack                 one above the other\n"
            "  -o FIG                  .svg, .pdf or .png",
    .run = run,
};
