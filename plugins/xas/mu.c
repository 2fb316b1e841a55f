/* The operation `mu`: makes the absorption of a record's channels. SPDX-License-Identifier: GPL-3.0-or-later */
#include "xas.h"

#include <corelevel/expression.h>
#include <corelevel/text.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Roles that columns play, and the names that beamlines give them, in the order in which they are looked for. */
static const struct {
    const char *role;
    const char *names[12];
} roles[] = {
    {"i0", {"i0", "io", "monitor", "i_0", NULL}},
    {"itrans", {"itrans", "it", "i1", "itr", "transmission", NULL}},
    {"irefer", {"irefer", "ir", "i2", "iref", "reference", NULL}},
    {"ifluor", {"ifluor", "if", "ifl", "fluor", "fluorescence", "fluo", NULL}},
    {"itey", {"itey", "tey", "drain", "iey", "sample_current", NULL}},
    {"itfy", {"itfy", "tfy", "fy", NULL}},
    {"mutrans", {"mutrans", "xmu", "mu", "mu_trans", NULL}},
    {"mufluor", {"mufluor", "mu_fluor", NULL}},
    {"murefer", {"murefer", "mu_ref", NULL}},
};

/* What a word of `mu` is, in roles; the first whose columns are all there is taken. A yield that has no i0 beside it
   was divided already. */
static const struct {
    const char *word, *formulas[4];
} words[] = {
    {"trans", {"mutrans", "log([i0] / [itrans])", NULL}},
    {"fluo", {"mufluor", "[ifluor] / [i0]", NULL}},
    {"reference", {"murefer", "log([itrans] / [irefer])", "[irefer]", NULL}},
    {"tey", {"[itey] / [i0]", "[itey]", NULL}},
    {"tfy", {"[itfy] / [i0]", "[ifluor] / [i0]", "[itfy]", NULL}},
    {"fy", {"[itfy] / [i0]", "[ifluor] / [i0]", "[itfy]", NULL}},
};

/* ---- Columns */

static const clv_spectra *column_named(const clv_record *record, const char *name)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        if (clv_text_equal(clv_spectra_name(clv_record_at(record, i)), name)) { return clv_record_at(record, i); }
    }
    return NULL;
}

static const clv_spectra *column_of_role(const clv_record *record, const char *role)
{
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        for (int k = 0; strcmp(roles[r].role, role) == 0 && roles[r].names[k]; k++) {
            const clv_spectra *found = column_named(record, roles[r].names[k]);
            if (found) { return found; }
        }
    }
    return NULL;
}

/* ---- Expressions over columns */

typedef struct columns {
    const char **names;
    const clv_spectra **spectra;
    const double **values;
    size_t count;
} columns;

static void columns_clear(columns *c)
{
    free(c->names);
    free(c->spectra);
    free(c->values);
}

/* All columns under their own names, and under their roles where `by_role`. */
static clv_status list_columns(const clv_record *record, int by_role, columns *c, clv_error *err)
{
    size_t room = clv_record_count(record) + sizeof roles / sizeof *roles;

    c->names = calloc(room, sizeof *c->names);
    c->spectra = calloc(room, sizeof *c->spectra);
    c->values = calloc(room, sizeof *c->values);
    CLV_CHECK(c->names && c->spectra && c->values, err, CLV_NO_MEMORY, "out of memory");
    for (size_t r = 0; by_role && r < sizeof roles / sizeof *roles; r++) {
        const clv_spectra *found = column_of_role(record, roles[r].role);

        if (!found) { continue; }
        c->names[c->count] = roles[r].role;
        c->spectra[c->count++] = found;
    }
    for (size_t i = 0; !by_role && i < clv_record_count(record); i++) {
        c->names[c->count] = clv_spectra_name(clv_record_at(record, i));
        c->spectra[c->count++] = clv_record_at(record, i);
    }
    for (size_t i = 0; i < c->count; i++) { c->values[i] = clv_spectra_intensity(c->spectra[i]); }
    return CLV_OK;
}

/* The first column that a formula uses lends energies and metadata; all must have equal energies. */
static clv_status check_energies(const columns *c, const clv_expression *formula, const clv_spectra **first,
                                 clv_error *err)
{
    size_t used;
    const size_t *place = clv_expression_names_used(formula, &used);

    *first = used ? c->spectra[place[0]] : NULL;
    CLV_CHECK(*first, err, CLV_BAD_ARGUMENT, "the expression uses no column");
    for (size_t i = 1; i < used; i++) {
        const clv_spectra *other = c->spectra[place[i]];

        CLV_CHECK(clv_axis_equal(clv_spectra_energy(*first), clv_spectra_energy(other)) &&
                      clv_spectra_count(*first) == clv_spectra_count(other),
                  err, CLV_BAD_ARGUMENT, "the columns %s and %s have different energies", clv_spectra_name(*first),
                  clv_spectra_name(other));
    }
    return CLV_OK;
}

static clv_status evaluate(const clv_record *record, const char *formula, int by_role, const char *name,
                           clv_spectra **made, clv_error *err)
{
    columns c = {NULL};
    clv_expression *read = NULL;
    const clv_spectra *first = NULL;
    clv_status status = list_columns(record, by_role, &c, err);

    if (!status) { status = clv_expression_new(formula, c.names, c.count, &read, err); }
    if (!status) { status = check_energies(&c, read, &first, err); }
    if (!status) { status = clv_spectra_copy(first, made, err); }
    if (!status) {
        clv_spectra_set_noise(*made, CLV_NOISE_UNKNOWN, 1, 0);
        clv_expression_rows(read, c.values, clv_spectra_count(first) * clv_spectra_channels(first),
                            clv_spectra_fill(*made));
        status = clv_spectra_set_name(*made, name, err);
    }
    if (!status) { status = clv_spectra_set_unit(*made, "1", err); }
    clv_expression_free(read);
    columns_clear(&c);
    return status;
}

/* ---- Words */

/* Whether all roles of a formula are there. */
static int has_roles(const clv_record *record, const char *formula)
{
    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        const char *at = strstr(formula, roles[r].role);

        if (at && !column_of_role(record, roles[r].role)) { return 0; }
    }
    return 1;
}

static clv_status no_columns(const clv_record *record, const char *word, clv_error *err)
{
    char list[300] = "";
    size_t used = 0;

    for (size_t i = 0; i < clv_record_count(record) && used + 40 < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.60s", i ? ", " : "",
                                 clv_spectra_name(clv_record_at(record, i)));
        if (used > sizeof list) { used = sizeof list; }
    }
    return clv_fail(err, CLV_NOT_FOUND,
                    "there are no columns for \"%s\"; there are: %s; name one, or give an expression such "
                    "as \"log(i0 / itrans)\"",
                    word, list);
}

clv_status xas_channel(const clv_record *record, const char *word, clv_spectra **made, clv_error *err)
{
    const clv_spectra *own = column_named(record, word);

    *made = NULL;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        if (strcmp(words[w].word, word) != 0) { continue; }
        for (int k = 0; words[w].formulas[k]; k++) {
            if (has_roles(record, words[w].formulas[k])) {
                return evaluate(record, words[w].formulas[k], 1, word, made, err);
            }
        }
        if (!own) { return no_columns(record, word, err); }
    }
    if (own) { return clv_spectra_copy(own, made, err); }
    if (!strpbrk(word, "+-*/^()")) { return no_columns(record, word, err); }
    return evaluate(record, word, 0, "mu", made, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    clv_spectra *made = NULL;
    clv_status status = xas_channel(record, clv_options_text(call->options, "channel"), &made, err);

    if (!status) { status = clv_spectra_add_history(made, call->line, err); }
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "channel",
     .type = CLV_TYPE_TEXT,
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "trans, fluo, tey, tfy (or fy), reference: made of the columns that play these parts; a column by its "
            "name, as it "
            "is stored; an expression of columns, such as \"log(i0 / itrans)\""},
    {0},
};

const clv_operation xas_mu = {
    .size = sizeof(clv_operation),
    .name = "mu",
    .doc = "makes the absorption of a scan's channels",
    .source = "B. Ravel et al., J. Synchrotron Rad. 19 (2012) 869, doi 10.1107/S0909049512036886 (names of columns)",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
