/* corelevel replay: does again what the history of a result file tells, and compares the numbers.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <corelevel/compare.h>
#include <corelevel/fit.h>
#include <corelevel/journal.h>
#include <corelevel/record.h>
#include <corelevel/registry.h>

#include "batch.h"

enum { MOST_FOLDERS = 5 };

typedef struct replay {
    const char *result; /* the file */
    clv_record *was;    /* what it holds */
    const clv_spectra *first;
    const char *folders[MOST_FOLDERS]; /* where the source is looked for; ends with NULL */
    char *source;                      /* the path that was found */
    clv_value *now;                    /* what has been made again so far */
} replay;

static void clear(replay *self)
{
    clv_record_free(self->was);
    clv_value_free(self->now);
    free(self->source);
}

/* ---- The source */

/* Whether the file is the one that the result was made from. */
static int is_source(const char *path, const char *hash)
{
    char found[CLV_JOURNAL_HASH_SIZE];

    return clv_journal_hash(path, found, NULL) == CLV_OK && strcmp(found, hash) == 0;
}

static clv_status find_source(replay *self, clv_error *err)
{
    const clv_metadata *metadata = clv_spectra_metadata(self->first);
    const char *name = clv_metadata_text(metadata, "source"), *hash = clv_metadata_text(metadata, "source_sha256");
    char *other = NULL;
    clv_status status;

    if (!hash) { hash = clv_metadata_text(metadata, "source_fingerprint"); }
    CLV_CHECK(name && hash && strcmp(name, clv_record_source(self->was)) != 0, err, CLV_BAD_FILE,
              "%s: it does not say which file it was made from; results of corelevel do", self->result);
    for (size_t i = 0; self->folders[i]; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%s", self->folders[i], name) < 0) { break; }
        if (is_source(path, hash)) {
            free(other);
            self->source = path;
            return CLV_OK;
        }
        if (!other && access(path, R_OK) == 0) {
            other = path;
        } else {
            free(path);
        }
    }
    status = other ? clv_fail(err, CLV_BAD_FILE, "%s: it is not the %s that %s was made from (SHA-256 %.12s…)", other,
                              name, self->result, hash)
                   : clv_fail(err, CLV_NOT_FOUND,
                              "%s: the file %s that it was made from is not beside it, nor in the folder above it, nor "
                              "here; --inputs DIR tells where it is",
                              self->result, name);
    free(other);
    return status;
}

/* ---- One line of the history */

typedef struct line {
    char *name;
    clv_value *options;
} line;

static void line_free(line *self)
{
    free(self->name);
    clv_value_free(self->options);
}

/* A model stands in a line as `model { … }`: makes it an object again. */
static clv_status give_model(const clv_value *item, clv_value **made, clv_error *err)
{
    clv_model *model = NULL;

    if (clv_value_kind(item) != CLV_COMPONENT || strcmp(clv_value_component_type(item), "model") != 0) {
        *made = clv_value_ref(item);
        return CLV_OK;
    }
    CLV_TRY(clv_model_new(clv_value_component_options(item), &model, err));
    *made = clv_value_object(CLV_MODEL, model);
    CLV_CHECK(*made, err, CLV_NO_MEMORY, "not enough memory");
    return CLV_OK;
}

static clv_status give_models(const clv_value *parsed, clv_value *options, clv_error *err)
{
    clv_value *item = NULL;

    for (size_t i = 0; i < clv_value_count(parsed); i++) {
        CLV_TRY(give_model(clv_value_at(parsed, i), &item, err));
        CLV_TRY(clv_value_append(options, item, err));
    }
    for (size_t i = 0; i < clv_value_name_count(parsed); i++) {
        const char *name = clv_value_name_at(parsed, i);
        CLV_TRY(give_model(clv_value_get(parsed, name), &item, err));
        CLV_TRY(clv_value_set(options, name, item, err));
    }
    return CLV_OK;
}

/* Takes "crop(773, 811)" or "fit { … }" apart. */
static clv_status read_line(const char *text, line *made, clv_error *err)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789"), end = strlen(text);
    const char *rest = text + length + strspn(text + length, " ");
    int call = *rest == '(' && end > 0 && text[end - 1] == ')';
    clv_value *parsed = NULL;
    char *literal = NULL;
    clv_status status;

    CLV_CHECK(length > 0 && (call || *rest == '{'), err, CLV_BAD_FILE, "the line of the history \"%.60s\" is no call",
              text);
    if (asprintf(&literal, call ? "{ %.*s }" : "%.*s", (int)(end - (size_t)(rest - text)) - 2 * call, rest + call) <
        0) {
        return clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    }
    status = strchr(literal, '<') ? CLV_BAD_FILE : clv_value_parse(literal, &parsed, err);
    free(literal);
    CLV_CHECK(!status, err, CLV_BAD_FILE,
              "%.*s was given an object that the history does not tell how to make; run its workflow again",
              (int)length, text);
    made->name = strndup(text, length);
    made->options = clv_value_table();
    if (!made->name || !made->options) { status = clv_fail(err, CLV_NO_MEMORY, "not enough memory"); }
    if (!status) { status = give_models(parsed, made->options, err); }
    clv_value_free(parsed);
    return status;
}

static int stands_on(const char *name, clv_kind kind)
{
    const clv_operation *operation = NULL;

    return clv_registry_find_operation(name, kind, &operation, NULL) == CLV_OK;
}

/* ---- The chain */

/* Those spectra of the record that are to be gone on with: named as the result's, or the only ones. */
static clv_status narrow(replay *self, clv_error *err)
{
    const clv_record *record = clv_value_as_object(self->now, CLV_RECORD);
    const char *name = clv_spectra_name(self->first);
    clv_spectra *found = clv_record_count(record) == 1 ? clv_record_at(record, 0) : NULL;
    clv_value *made;

    for (size_t i = 0; i < clv_record_count(record) && !found; i++) {
        if (strcmp(clv_spectra_name(clv_record_at(record, i)), name) == 0) { found = clv_record_at(record, i); }
    }
    CLV_CHECK(found, err, CLV_BAD_FILE, "%s: there are no spectra called \"%s\" in %s", self->result, name,
              self->source);
    made = clv_value_object(CLV_SPECTRA, clv_spectra_ref(found));
    CLV_CHECK(made, err, CLV_NO_MEMORY, "not enough memory");
    clv_value_free(self->now);
    self->now = made;
    return CLV_OK;
}

static clv_status apply_line(replay *self, const line *call, int last_on_record, clv_error *err)
{
    clv_value *made = NULL;

    if (clv_value_kind(self->now) == CLV_RECORD && clv_record_count(self->was) == 1 && !last_on_record &&
        stands_on(call->name, CLV_SPECTRA)) {
        CLV_TRY(narrow(self, err));
    }
    CLV_TRY(clv_apply(call->name, self->now, call->options, &made, err));
    clv_value_free(self->now);
    self->now = made;
    return CLV_OK;
}

/* How many lines the file's own reading leaves: they stand at the beginning of the history already. */
static size_t lines_of_reading(const replay *self)
{
    const clv_record *record = clv_value_as_object(self->now, CLV_RECORD);
    size_t most = 0;

    for (size_t i = 0; i < clv_record_count(record); i++) {
        const clv_spectra *one = clv_record_at(record, i);
        size_t same = 0, count = clv_spectra_history_count(one);
        while (same < count && same < clv_spectra_history_count(self->first) &&
               strcmp(clv_spectra_history(one, same), clv_spectra_history(self->first, same)) == 0) {
            same++;
        }
        if (same == count && same > most) { most = same; }
    }
    return most;
}

/* Whether a later line stands on records only: until then all spectra stay together. */
static int record_is_needed(const line *lines, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++) {
        if (stands_on(lines[i].name, CLV_RECORD) && !stands_on(lines[i].name, CLV_SPECTRA)) { return 1; }
    }
    return 0;
}

static clv_status run_chain(replay *self, clv_error *err)
{
    size_t first = lines_of_reading(self), count = clv_spectra_history_count(self->first);
    line *lines = calloc(count + 1, sizeof *lines);
    clv_status status = CLV_OK;

    CLV_CHECK(lines, err, CLV_NO_MEMORY, "not enough memory");
    for (size_t i = first; i < count && !status; i++) {
        status = read_line(clv_spectra_history(self->first, i), &lines[i], err);
    }
    for (size_t i = first; i < count && !status; i++) {
        status = apply_line(self, &lines[i], record_is_needed(lines, i, count), err);
    }
    for (size_t i = 0; i < count; i++) { line_free(&lines[i]); }
    free(lines);
    if (!status && clv_value_kind(self->now) == CLV_RECORD && clv_record_count(self->was) == 1) {
        return narrow(self, err);
    }
    return status;
}

/* ---- Comparing */

static clv_status compare_as(const replay *self, const char *folder, const char *options,
                             clv_file_difference *difference, clv_error *err)
{
    char *path = NULL, *text = NULL;
    clv_value *saved = NULL;
    clv_status status = CLV_OK;

    if (asprintf(&path, "%s/again.nc", folder) < 0 || asprintf(&text, "path = \"%s\"%s", path, options) < 0) {
        status = clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    }
    if (!status) { status = clv_apply_text("save", self->now, text, &saved, err); }
    if (!status) { status = clv_netcdf_compare(self->result, path, difference, err); }
    clv_value_free(saved);
    free(path);
    free(text);
    return status;
}

/* A fit may have been saved with its curves or without: the one that is nearer counts. */
static clv_status compare(const replay *self, clv_file_difference *difference, clv_error *err)
{
    const char *place = getenv("TMPDIR");
    char *folder = NULL;
    clv_file_difference bare;
    clv_status status;

    if (asprintf(&folder, "%s/corelevel-replay-XXXXXX", place && *place ? place : "/tmp") < 0 || !mkdtemp(folder)) {
        status = clv_fail(err, CLV_CANNOT_WRITE, "%s: no folder can be made there", place && *place ? place : "/tmp");
        free(folder);
        return status;
    }
    status = compare_as(self, folder, "", difference, err);
    if (!status && difference->differing && clv_value_kind(self->now) == CLV_FIT) {
        status = compare_as(self, folder, ", curves = false", &bare, err);
        if (!status && bare.differing < difference->differing) { *difference = bare; }
    }
    clv_folder_remove(folder);
    free(folder);
    return status;
}

static int tell(const replay *self, const clv_file_difference *difference, double tolerance)
{
    int same = difference->differing == 0 || difference->largest <= tolerance;

    printf("%s: made again from %s, %zu lines of history\n", self->result,
           clv_metadata_text(clv_spectra_metadata(self->first), "source"), clv_spectra_history_count(self->first));
    if (difference->differing == 0) {
        printf("the same: all %zu numbers are equal to the bit\n", difference->compared);
    } else {
        printf("%s: %zu of %zu numbers differ, most in %s (by %.2g of its value)\n",
               same ? "the same within the tolerance" : "not the same", difference->differing, difference->compared,
               difference->where, difference->largest);
    }
    return same ? CLV_OUTCOME_DONE : CLV_OUTCOME_FAILED;
}

/* ---- The command */

static clv_status make_again(replay *self, clv_file_difference *difference, clv_error *err)
{
    clv_record *record = NULL;

    CLV_TRY(clv_load(self->result, NULL, &self->was, err));
    CLV_CHECK(clv_record_count(self->was) > 0, err, CLV_BAD_FILE, "%s: it holds no spectra", self->result);
    self->first = clv_record_at(self->was, 0);
    CLV_TRY(find_source(self, err));
    CLV_TRY(clv_load(self->source, NULL, &record, err));
    self->now = clv_value_object(CLV_RECORD, record);
    CLV_CHECK(self->now, err, CLV_NO_MEMORY, "not enough memory");
    CLV_TRY(run_chain(self, err));
    return compare(self, difference, err);
}

static int replay_file(replay *self, const char *inputs, double tolerance)
{
    char *beside = strdup(self->result), *slash = beside ? strrchr(beside, '/') : NULL, *above = NULL;
    clv_file_difference difference = {0};
    clv_error err = {0};
    size_t count = 0;
    int code = CLV_OUTCOME_LIMIT;

    if (slash) { *slash = 0; }
    if (beside && asprintf(&above, "%s/..", slash ? beside : ".") >= 0) {
        if (inputs) { self->folders[count++] = inputs; }
        self->folders[count++] = slash ? beside : ".";
        self->folders[count++] = above;
        if (slash) { self->folders[count++] = "."; }
        self->folders[count] = NULL;
        code =
            make_again(self, &difference, &err) ? clv_say(&err, clv_code_of(&err)) : tell(self, &difference, tolerance);
    }
    free(beside);
    free(above);
    return code;
}

static int run(const clv_command *self, clv_words *words)
{
    replay again = {0};
    const char *inputs = NULL;
    double tolerance = 0;
    int code;

    if (clv_words_value(words, "--inputs", &inputs) < 0 ||
        clv_words_number(words, "--tolerance", 0, 1, &tolerance) < 0) {
        return CLV_OUTCOME_USAGE;
    }
    code = clv_words_check(self, words, 1, 1);
    if (code) { return code; }
    again.result = words->word[0];
    code = replay_file(&again, inputs, tolerance);
    clear(&again);
    return code;
}

const clv_command clv_command_replay = {
    .name = "replay",
    .doc = "do again what a result file tells of itself, and compare the numbers",
    .help =
        "  corelevel replay results/co2p.nc\n"
        "  corelevel replay results/co2p.nc --inputs data/\n"
        "\n"
        "corelevel replay RESULT.nc [--inputs DIR] [--tolerance T]\n"
        "\n"
        "A result saved as netCDF names the file that it was made from, with its hash, and every operation with its\n"
        "options, models written out. This reads the file again, does the same and compares every number.\n"
        "  --inputs DIR         where the file lies that it was made from (beside the result, above it, or here)\n"
        "  --tolerance T        what numbers may differ by, over their value (0: they are equal to the bit)\n"
        "\n"
        "exit codes: 0 the same; 1 not the same; 3 the result or its source could not be read",
    .run = run,
};
