/* Calls an operation by name: on one object, on each member of a group, spectrum by spectrum in fixed tiles.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Numbers in a tile: a function of nothing else, so that results never depend on cores or memory. */
#define TILE_NUMBERS 65536

/* ---- The call as it would be written in a workflow */

static int is_quiet(const clv_value *options)
{
    return clv_value_count(options) == 0 && clv_value_name_count(options) == 0;
}

/* name(773, 811) for values by place, name { at = 284.8 } otherwise. The text is the caller's. */
static clv_status write_line(const char *name, const clv_value *options, char **line, clv_error *err)
{
    char *literal = NULL;
    int made;

    if (is_quiet(options)) {
        made = asprintf(line, "%s()", name);
    } else {
        size_t length;

        CLV_TRY(clv_value_write(options, &literal, err));
        length = strlen(literal);
        if (clv_value_name_count(options) == 0 && length > 1 && literal[0] == '{') {
            const char *inside = literal + 1 + strspn(literal + 1, " ");
            size_t inner = (size_t)(literal + length - 1 - inside);

            while (inner > 0 && inside[inner - 1] == ' ') { inner--; }
            made = asprintf(line, "%s(%.*s)", name, (int)inner, inside);
        } else {
            made = asprintf(line, "%s %s", name, literal);
        }
        clv_text_free(literal);
    }
    if (made < 0) {
        *line = NULL;
        return clv_fail(err, CLV_NO_MEMORY, "%s: no memory", name);
    }
    return CLV_OK;
}

/* ---- Spectrum by spectrum */

/* What all tiles of one run share. */
typedef struct tiles {
    const clv_operation *operation;
    const clv_spectra *in;
    const void *state;
    double *out, *out_variance;
    double *variance, *zeros; /* scratch of one tile */
    size_t rows;              /* spectra in a tile */
} tiles;

/* The variance that counts have by their noise: scale times the count (at least one) plus the read noise squared. */
static void counts_variance(const clv_spectra *spectra, const double *counts, size_t n, double *variance)
{
    double scale = clv_spectra_noise_scale(spectra), read = clv_spectra_noise_read(spectra);

    for (size_t i = 0; i < n; i++) { variance[i] = scale * fmax(counts[i], 1) + read * read; }
}

static clv_status process_tile(const tiles *t, size_t first, size_t count, clv_error *err)
{
    size_t channels = clv_spectra_channels(t->in), from = first * channels;
    const double *offset = clv_spectra_offset(t->in), *variance = clv_spectra_variance(t->in);
    clv_block block = {sizeof block,
                       first,
                       count,
                       channels,
                       clv_axis_values(clv_spectra_energy(t->in)),
                       offset ? offset + first : t->zeros,
                       clv_spectra_intensity(t->in) + from,
                       NULL,
                       t->out + from,
                       t->out_variance ? t->out_variance + from : NULL};

    if (variance) {
        block.variance = variance + from;
    } else if (t->variance) {
        counts_variance(t->in, block.intensity, count * channels, t->variance);
        block.variance = t->variance;
    }
    return t->operation->process(t->state, &block, err);
}

/* Makes the result's variance where the operation leaves one and the input has one, or counts that imply one. */
static clv_status ready_variance(tiles *t, clv_spectra *made, clv_error *err)
{
    int leaves = t->operation->leaves == CLV_LEAVES_VARIANCE || t->operation->leaves == CLV_LEAVES_CORRELATED;
    clv_noise noise = clv_spectra_noise(t->in);

    if (!leaves || noise == CLV_NOISE_UNKNOWN) { return CLV_OK; }
    CLV_TRY(clv_spectra_make_variance(made, &t->out_variance, err));
    if (noise != CLV_NOISE_POISSON) { return CLV_OK; }
    t->variance = calloc(t->rows * clv_spectra_channels(t->in), sizeof *t->variance);
    CLV_CHECK(t->variance, err, CLV_NO_MEMORY, "no memory for the variance of a tile");
    return CLV_OK;
}

static clv_status run_tiles(tiles *t, clv_spectra *made, clv_error *err)
{
    size_t count = clv_spectra_count(t->in), channels = clv_spectra_channels(t->in);

    t->rows = channels < TILE_NUMBERS ? TILE_NUMBERS / channels : 1;
    t->out = clv_spectra_fill(made);
    t->zeros = calloc(t->rows, sizeof *t->zeros);
    CLV_CHECK(t->zeros, err, CLV_NO_MEMORY, "no memory for a tile");
    CLV_TRY(ready_variance(t, made, err));
    for (size_t first = 0; first < count; first += t->rows) {
        size_t left = count - first;

        CLV_TRY(process_tile(t, first, left < t->rows ? left : t->rows, err));
    }
    return CLV_OK;
}

static clv_status run_per_spectrum(const clv_call *call, const clv_operation *operation, clv_value **result,
                                   clv_error *err)
{
    const clv_spectra *in = clv_value_as_object(call->on, CLV_SPECTRA);
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t count = in ? clv_spectra_axis_count(in) : 0;
    clv_spectra *made = NULL;
    void *state = NULL;
    tiles t = {.operation = operation, .in = in};
    clv_status status;

    CLV_CHECK(in, err, CLV_BAD_ARGUMENT, "it works on spectra only");
    for (size_t i = 0; i < count; i++) { axes[i] = clv_spectra_axis(in, i); }
    if (operation->prepare) { CLV_TRY(operation->prepare(call, in, &state, err)); }
    t.state = state;
    status = clv_spectra_like(in, axes, count, &made, err);
    if (!status) { status = run_tiles(&t, made, err); }
    if (!status) { status = clv_spectra_add_history(made, call->line, err); }
    if (operation->release) { operation->release(state); }
    free(t.zeros);
    free(t.variance);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "no memory for the result");
    return CLV_OK;
}

/* ---- One object */

static clv_status run_one(const clv_operation *operation, const clv_value *on, const clv_value *options,
                          clv_value **result, clv_error *err)
{
    clv_options *checked = NULL;
    char *line = NULL;
    clv_value *made = NULL;
    clv_status status;

    CLV_TRY(clv_options_check(operation->name, operation->parameters, options, &checked, err));
    status = write_line(operation->name, options, &line, err);
    if (!status) {
        clv_call call = {sizeof call, on, checked, line};
        status = operation->way == CLV_PER_SPECTRUM ? run_per_spectrum(&call, operation, &made, err)
                                                    : operation->run(&call, &made, err);
        if (status) { clv_error_at(err, "%s", operation->name); }
    }
    clv_options_free(checked);
    free(line);
    if (status) { return status; }
    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: no memory for the result", operation->name);
    *result = made;
    return CLV_OK;
}

/* ---- Groups */

static clv_status apply_member(const char *name, const clv_group *group, size_t place, const clv_value *options,
                               clv_value **made, clv_error *err)
{
    const char *label = clv_group_name(group, place);
    clv_status status = clv_apply(name, clv_group_at(group, place), options, made, err);

    if (!status) { return CLV_OK; }
    if (label) {
        clv_error_at(err, "%s", label);
    } else {
        clv_error_at(err, "item %zu", place + 1);
    }
    return status;
}

/* Objects make a group again; plain values make a table, by place or by name like the group. */
static clv_status keep_member(clv_group *made, clv_value *table, const char *label, clv_value *value_take,
                              clv_error *err)
{
    clv_kind kind = clv_value_kind(value_take);
    int object = (kind >= CLV_RECORD && kind <= CLV_GROUP && kind != CLV_COMPONENT);

    if (object) { return clv_group_add(made, label, value_take, err); }
    return label ? clv_value_set(table, label, value_take, err) : clv_value_append(table, value_take, err);
}

static clv_status apply_group(const char *name, const clv_group *group, const clv_value *options, clv_value **result,
                              clv_error *err)
{
    clv_group *made = clv_group_new();
    clv_value *table = clv_value_table();
    clv_status status = made && table ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "%s: no memory", name);

    for (size_t i = 0; i < clv_group_count(group) && !status; i++) {
        clv_value *value = NULL;

        status = apply_member(name, group, i, options, &value, err);
        if (!status) { status = keep_member(made, table, clv_group_name(group, i), value, err); }
    }
    if (!status && is_quiet(table)) {
        *result = clv_value_object(CLV_GROUP, clv_group_ref(made));
        status = *result ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "%s: no memory", name);
    } else if (!status) {
        *result = clv_value_ref(table);
    }
    clv_group_free(made);
    clv_value_free(table);
    return status;
}

/* ---- The face */

/* Where an operation is for spectra, a record that holds only one serves. The value is the caller's, or NULL. */
static clv_value *only_spectra(const clv_value *on)
{
    const clv_record *record = clv_value_as_object(on, CLV_RECORD);

    if (!record || clv_record_count(record) != 1) { return NULL; }
    return clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(record, 0)));
}

clv_status clv_apply(const char *name, const clv_value *on, const clv_value *options, clv_value **result,
                     clv_error *err)
{
    const clv_operation *operation;
    clv_kind kind = clv_value_kind(on);
    clv_value *single;
    clv_status status;

    if (!clv_registry_find_operation(name, kind, &operation, NULL)) {
        return run_one(operation, on, options, result, err);
    }
    if (kind == CLV_GROUP) { return apply_group(name, clv_value_as_object(on, CLV_GROUP), options, result, err); }
    if (!clv_registry_find_operation(name, CLV_SPECTRA, &operation, NULL) && (single = only_spectra(on))) {
        status = run_one(operation, single, options, result, err);
        clv_value_free(single);
        return status;
    }
    return clv_registry_find_operation(name, kind, &operation, err);
}

clv_status clv_apply_text(const char *name, const clv_value *on, const char *options, clv_value **result,
                          clv_error *err)
{
    clv_value *table = NULL;
    clv_status status;

    if (options && clv_value_parse(options, &table, err)) { return clv_error_at(err, "%s", name); }
    status = clv_apply(name, on, table, result, err);
    clv_value_free(table);
    return status;
}
