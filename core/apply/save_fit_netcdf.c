/* Writes a fit as netCDF: the group of its spectra with a child group `fit`.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/save.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/print.h"
#include "store/spectra_file.h"

/* A fit being written. */
typedef struct writing {
    clv_dataset *dataset;
    const clv_fit *fit;
    clv_spectra_group spectra; /* the parent group, whose dimensions are used */
    int group;
    size_t count, leading, parameters, components, shared, channels;
    char beside[1000];         /* names of second coordinates, those of the energy last */
    char leading_beside[1000]; /* the same without those of the energy */
    /* dimensions */
    int parameter, component, shared_dimension, name_length, unit_length;
    size_t name_room, unit_room;
} writing;

/* Adds a variable on the leading dimensions and up to two more (-1: none). */
static clv_status add(const writing *w, const char *name, clv_dataset_type type, int more, int last, int *variable,
                      clv_error *err)
{
    int dimensions[CLV_DATASET_MAX_DIMENSIONS];
    size_t count = w->leading;
    int energy = w->spectra.dimensions[w->leading];
    const char *beside = more == energy || last == energy ? w->beside : w->leading_beside;

    memcpy(dimensions, w->spectra.dimensions, w->leading * sizeof *dimensions);
    if (more >= 0) { dimensions[count++] = more; }
    if (last >= 0) { dimensions[count++] = last; }
    CLV_TRY(clv_dataset_add_variable(w->dataset, w->group, name, type, dimensions, count, variable, err));
    return clv_dataset_set_text(w->dataset, w->group, *variable, "coordinates", *beside ? beside : NULL, err);
}

/* A coordinate belongs to a variable only when the variable has its dimension (CF 1.11, section 5). */
static void keep_leading(writing *w, const clv_spectra *spectra)
{
    memcpy(w->leading_beside, w->beside, sizeof w->beside);
    for (size_t k = 0; k < clv_spectra_beside_count(spectra, w->leading); k++) {
        char *space = strrchr(w->leading_beside, ' ');

        *(space ? space : w->leading_beside) = 0;
    }
}

/* ---- Dimensions and names */

static size_t longest(const clv_fit *fit, const char *(*text)(const clv_fit *fit, size_t place), size_t count)
{
    size_t most = 1;

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(text(fit, i));

        most = length > most ? length : most;
    }
    return most;
}

static clv_status add_dimensions(writing *w, clv_error *err)
{
    size_t names = longest(w->fit, clv_fit_parameter_name, w->parameters);
    size_t others = longest(w->fit, clv_fit_component_name, w->components);

    w->name_room = names > others ? names : others;
    w->unit_room = longest(w->fit, clv_fit_parameter_unit, w->parameters);
    CLV_TRY(clv_dataset_add_dimension(w->dataset, w->group, "parameter", w->parameters, &w->parameter, err));
    CLV_TRY(clv_dataset_add_dimension(w->dataset, w->group, "component", w->components, &w->component, err));
    if (w->shared > 0) {
        CLV_TRY(clv_dataset_add_dimension(w->dataset, w->group, "shared", w->shared, &w->shared_dimension, err));
    }
    CLV_TRY(clv_dataset_add_dimension(w->dataset, w->group, "name_length", w->name_room, &w->name_length, err));
    return clv_dataset_add_dimension(w->dataset, w->group, "unit_length", w->unit_room, &w->unit_length, err);
}

clv_status save_texts(clv_dataset *dataset, int group, const char *name, const int dimensions[2],
                      const char *const *texts, size_t n, size_t room, clv_error *err)
{
    char *block = calloc(n + 1, room);
    int variable;
    clv_status status;

    CLV_CHECK(block, err, CLV_NO_MEMORY, "out of memory for %s", name);
    for (size_t i = 0; i < n; i++) { memcpy(block + i * room, texts[i], strnlen(texts[i], room)); }
    status = clv_dataset_add_variable(dataset, group, name, CLV_DATASET_CHAR, dimensions, 2, &variable, err);
    if (!status) { status = clv_dataset_set_text(dataset, group, variable, "_Encoding", "utf-8", err); }
    if (!status) { status = clv_dataset_put(dataset, group, variable, block, err); }
    free(block);
    return status;
}

static clv_status put_names(const writing *w, clv_error *err)
{
    size_t most = w->parameters > w->components ? w->parameters : w->components;
    const char **texts = calloc(most + 1, sizeof *texts);
    int dimensions[2] = {w->parameter, w->name_length};
    clv_status status;

    CLV_CHECK(texts, err, CLV_NO_MEMORY, "out of memory for names");
    for (size_t i = 0; i < w->parameters; i++) { texts[i] = clv_fit_parameter_name(w->fit, i); }
    status = save_texts(w->dataset, w->group, "parameter_name", dimensions, texts, w->parameters, w->name_room, err);
    dimensions[1] = w->unit_length;
    for (size_t i = 0; i < w->parameters; i++) { texts[i] = clv_fit_parameter_unit(w->fit, i); }
    if (!status) {
        status =
            save_texts(w->dataset, w->group, "parameter_unit", dimensions, texts, w->parameters, w->unit_room, err);
    }
    dimensions[0] = w->component;
    dimensions[1] = w->name_length;
    for (size_t i = 0; i < w->components; i++) { texts[i] = clv_fit_component_name(w->fit, i); }
    if (!status) {
        status =
            save_texts(w->dataset, w->group, "component_name", dimensions, texts, w->components, w->name_room, err);
    }
    dimensions[0] = w->shared_dimension;
    for (size_t i = 0; i < w->shared; i++) { texts[i] = clv_fit_parameter_name(w->fit, clv_fit_shared(w->fit, i)); }
    if (!status && w->shared > 0) {
        status = save_texts(w->dataset, w->group, "shared_name", dimensions, texts, w->shared, w->name_room, err);
    }
    free(texts);
    return status;
}

/* ---- Parameters */

static clv_status put_parameters(const writing *w, clv_error *err)
{
    static const char *const names[] = {"parameter_value", "parameter_error"};
    double (*const read[])(const clv_fit *fit, size_t spectrum, size_t parameter) = {clv_fit_value, clv_fit_error};
    double *values = calloc(w->count * w->parameters + 1, sizeof *values);
    clv_status status = CLV_OK;
    int variable;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "out of memory for the parameters");
    for (size_t k = 0; k < 2 && !status; k++) {
        for (size_t i = 0; i < w->count * w->parameters; i++) {
            values[i] = read[k](w->fit, i / w->parameters, i % w->parameters);
        }
        status = add(w, names[k], CLV_DATASET_DOUBLE, w->parameter, -1, &variable, err);
        if (!status) { status = clv_dataset_put(w->dataset, w->group, variable, values, err); }
    }
    free(values);
    return status;
}

/* [parameter][2], where profile or bootstrap was asked for. */
static clv_status put_intervals(const writing *w, clv_error *err)
{
    double *ends = calloc(2 * w->count * w->parameters + 1, sizeof *ends);
    int dimension, variable, asked = 1;
    clv_status status;

    CLV_CHECK(ends, err, CLV_NO_MEMORY, "out of memory for the intervals");
    for (size_t i = 0; i < w->count * w->parameters && asked; i++) {
        asked = clv_fit_interval(w->fit, i / w->parameters, i % w->parameters, ends + 2 * i);
    }
    status = asked ? clv_dataset_add_dimension(w->dataset, w->group, "end", 2, &dimension, err) : CLV_OK;
    if (asked && !status) {
        status = add(w, "parameter_interval", CLV_DATASET_DOUBLE, w->parameter, dimension, &variable, err);
        if (!status) { status = clv_dataset_put(w->dataset, w->group, variable, ends, err); }
    }
    free(ends);
    return status;
}

static clv_status put_states(const writing *w, clv_error *err)
{
    static const int8_t values[] = {CLV_PARAMETER_FREE,    CLV_PARAMETER_FIXED,  CLV_PARAMETER_TIED,
                                    CLV_PARAMETER_DERIVED, CLV_PARAMETER_SHARED, CLV_PARAMETER_AT_BOUND};
    int8_t *states = calloc(w->count * w->parameters + 1, 1);
    clv_status status;
    int variable = 0;

    CLV_CHECK(states, err, CLV_NO_MEMORY, "out of memory for the states");
    for (size_t i = 0; i < w->count * w->parameters; i++) {
        states[i] = (int8_t)clv_fit_state(w->fit, i / w->parameters, i % w->parameters);
    }
    status = add(w, "parameter_state", CLV_DATASET_BYTE, w->parameter, -1, &variable, err);
    if (!status) {
        status = clv_dataset_set_bytes(w->dataset, w->group, variable, "flag_values", values, sizeof values, err);
    }
    if (!status) {
        status = clv_dataset_set_text(w->dataset, w->group, variable, "flag_meanings",
                                      "free fixed tied derived shared at_bound", err);
    }
    if (!status) { status = clv_dataset_put(w->dataset, w->group, variable, states, err); }
    free(states);
    return status;
}

static clv_status put_covariance(const writing *w, clv_error *err)
{
    size_t p = w->parameters;
    double *matrix = calloc(p * p + 1, sizeof *matrix);
    clv_status status;
    int variable = 0;

    CLV_CHECK(matrix, err, CLV_NO_MEMORY, "out of memory for the covariance");
    status = add(w, "covariance", CLV_DATASET_DOUBLE, w->parameter, w->parameter, &variable, err);
    for (size_t i = 0; i < w->count && !status; i++) {
        for (size_t k = 0; k < p * p; k++) { matrix[k] = clv_fit_covariance(w->fit, i, k / p, k % p); }
        status = clv_dataset_put_at(w->dataset, w->group, variable, w->leading, i, matrix, err);
    }
    free(matrix);
    return status;
}

static clv_status put_shared(const writing *w, clv_error *err)
{
    size_t p = w->parameters, m = w->shared, most = p > m ? p : m;
    int dimensions[2] = {w->shared_dimension, w->shared_dimension}, variable = 0;
    double *matrix = calloc(most * m + 1, sizeof *matrix);
    clv_status status;

    CLV_CHECK(matrix, err, CLV_NO_MEMORY, "out of memory for the covariance");
    for (size_t k = 0; k < m * m; k++) { matrix[k] = clv_fit_shared_covariance(w->fit, k / m, k % m); }
    status = clv_dataset_add_variable(w->dataset, w->group, "shared_covariance", CLV_DATASET_DOUBLE, dimensions, 2,
                                      &variable, err);
    if (!status) { status = clv_dataset_put(w->dataset, w->group, variable, matrix, err); }
    if (!status) {
        status = add(w, "sensitivity", CLV_DATASET_DOUBLE, w->parameter, w->shared_dimension, &variable, err);
    }
    for (size_t i = 0; i < w->count && !status; i++) {
        for (size_t k = 0; k < p * m; k++) { matrix[k] = clv_fit_sensitivity(w->fit, i, k / m, k % m); }
        status = clv_dataset_put_at(w->dataset, w->group, variable, w->leading, i, matrix, err);
    }
    free(matrix);
    return status;
}

/* ---- Goodness */

clv_status save_status(clv_dataset *dataset, int group, const int *dimensions, size_t count, const uint8_t *flags,
                       clv_error *err)
{
    int8_t masks[8];
    clv_buffer meanings = {0};
    char *text = NULL;
    int variable;
    clv_status status;

    for (int bit = 0; bit < 8; bit++) {
        masks[bit] = (int8_t)(uint8_t)(1u << bit);
        if (bit > 0) { clv_buffer_add(&meanings, ";"); }
        clv_flags_print((uint8_t)(1u << bit), &meanings);
    }
    CLV_TRY(clv_buffer_take(&meanings, &text, err));
    for (char *c = text; *c; c++) { *c = *c == ' ' ? '_' : *c == ';' ? ' ' : *c; }
    status = clv_dataset_add_variable(dataset, group, "status", CLV_DATASET_BYTE, dimensions, count, &variable, err);
    if (!status) { status = clv_dataset_set_bytes(dataset, group, variable, "flag_masks", masks, sizeof masks, err); }
    if (!status) { status = clv_dataset_set_text(dataset, group, variable, "flag_meanings", text, err); }
    if (!status) { status = clv_dataset_put(dataset, group, variable, flags, err); }
    clv_text_free(text);
    return status;
}

static clv_status put_goodness(const writing *w, clv_error *err)
{
    static const char *const names[] = {"chi2", "deviance", "reduced_chi2", "dof", "runs_p", "aic", "bic"};
    double (*const read[])(const clv_fit *fit, size_t spectrum) = {
        clv_fit_chi2, clv_fit_deviance, clv_fit_reduced, clv_fit_dof, clv_fit_runs, clv_fit_aic, clv_fit_bic};
    double *values = calloc(w->count + 1, sizeof *values);
    uint8_t *flags = calloc(w->count + 1, 1);
    clv_status status = values && flags ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory for the goodness");
    int variable;

    for (size_t k = 0; k < sizeof names / sizeof *names && !status; k++) {
        for (size_t i = 0; i < w->count; i++) { values[i] = read[k](w->fit, i); }
        status = add(w, names[k], CLV_DATASET_DOUBLE, -1, -1, &variable, err);
        if (!status) { status = clv_dataset_put(w->dataset, w->group, variable, values, err); }
    }
    for (size_t i = 0; i < w->count && !status; i++) { flags[i] = clv_fit_flags(w->fit, i); }
    if (!status) { status = save_status(w->dataset, w->group, w->spectra.dimensions, w->leading, flags, err); }
    free(values);
    free(flags);
    return status;
}

/* ---- Curves */

static clv_status add_curves(const writing *w, int variables[4], clv_error *err)
{
    static const char *const names[] = {"component", "model", "background", "residual"};
    const char *unit = clv_spectra_unit(clv_fit_spectra(w->fit));
    int energy = w->spectra.dimensions[w->leading];

    for (size_t k = 0; k < 4; k++) {
        CLV_TRY(add(w, names[k], CLV_DATASET_DOUBLE, k == 0 ? w->component : -1, energy, &variables[k], err));
        CLV_TRY(clv_dataset_set_text(w->dataset, w->group, variables[k], "units", unit, err));
    }
    return CLV_OK;
}

static clv_status put_curves(const writing *w, clv_error *err)
{
    double *block = calloc((w->components + 3) * w->channels + 1, sizeof *block);
    double *curves[4];
    int variables[4];
    clv_status status;

    CLV_CHECK(block, err, CLV_NO_MEMORY, "out of memory for the curves");
    curves[0] = block;
    for (size_t k = 1; k < 4; k++) { curves[k] = block + (w->components + k - 1) * w->channels; }
    status = add_curves(w, variables, err);
    for (size_t i = 0; i < w->count && !status; i++) {
        status = clv_fit_curves(w->fit, i, curves[1], curves[2], curves[0], curves[3], NULL, err);
        for (size_t k = 0; k < 4 && !status; k++) {
            status = clv_dataset_put_at(w->dataset, w->group, variables[k], w->leading, i, curves[k], err);
        }
    }
    free(block);
    return status;
}

/* ---- The whole */

/* The components as they would be written in a workflow, and what was said of the fit. */
static clv_status put_attributes(const writing *w, clv_error *err)
{
    const clv_model *model = clv_fit_model(w->fit);
    clv_buffer text = {0};
    char *made = NULL;
    clv_status status = CLV_OK;

    for (size_t i = 0; i < clv_model_count(model) && !status; i++) {
        status = clv_value_write(clv_model_component(model, i), &made, err);
        clv_buffer_format(&text, "%s%s", i ? ", " : "", made ? made : "");
        clv_text_free(made);
        made = NULL;
    }
    if (!status) { status = clv_buffer_take(&text, &made, err); }
    clv_buffer_clear(&text);
    if (!status) { status = clv_dataset_set_text(w->dataset, w->group, CLV_DATASET_GROUP, "model", made, err); }
    clv_text_free(made);
    if (status) { return status; }
    for (size_t i = 0; i < clv_fit_note_count(w->fit); i++) {
        clv_buffer_format(&text, "%s%s", i ? "\n" : "", clv_fit_note(w->fit, i));
    }
    if (clv_fit_note_count(w->fit) == 0) { return CLV_OK; }
    CLV_TRY(clv_buffer_take(&text, &made, err));
    status = clv_dataset_set_text(w->dataset, w->group, CLV_DATASET_GROUP, "notes", made, err);
    clv_text_free(made);
    return status;
}

static clv_status put_fit(writing *w, int curves, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(w->fit);
    clv_coordinates of = {.spectra = spectra, .dimensions = w->spectra.dimensions, .count = w->spectra.count};

    CLV_TRY(clv_dataset_add_group(w->dataset, w->spectra.group, "fit", 0, &w->group, err));
    CLV_TRY(
        clv_dataset_set_text(w->dataset, w->group, CLV_DATASET_GROUP, "statistics", clv_fit_statistics(w->fit), err));
    CLV_TRY(
        clv_dataset_set_text(w->dataset, w->group, CLV_DATASET_GROUP, "uncertainty", clv_fit_uncertainty(w->fit), err));
    CLV_TRY(put_attributes(w, err));
    CLV_TRY(add_dimensions(w, err));
    CLV_TRY(clv_coordinates_put(w->dataset, w->group, &of, w->beside, err));
    keep_leading(w, spectra);
    CLV_TRY(put_names(w, err));
    CLV_TRY(put_parameters(w, err));
    CLV_TRY(put_intervals(w, err));
    CLV_TRY(put_states(w, err));
    CLV_TRY(put_covariance(w, err));
    if (w->shared > 0) { CLV_TRY(put_shared(w, err)); }
    if (curves) { CLV_TRY(put_curves(w, err)); }
    return put_goodness(w, err);
}

clv_status save_fit_netcdf(const clv_fit *fit, const char *path, int curves, clv_error *err)
{
    clv_spectra *spectra = clv_spectra_ref(clv_fit_spectra(fit));
    writing w = {.fit = fit,
                 .count = clv_spectra_count(spectra),
                 .leading = clv_spectra_axis_count(spectra) - 1,
                 .parameters = clv_fit_parameter_count(fit),
                 .components = clv_fit_component_count(fit),
                 .shared = clv_fit_shared_count(fit),
                 .channels = clv_spectra_channels(spectra)};
    size_t each = w.parameters * (w.parameters + w.shared + 2) + 8 + (curves ? (w.components + 3) * w.channels : 0);
    clv_status status = clv_dataset_new(path, clv_spectra_bytes(spectra) + w.count * each * 8, &w.dataset, err);

    if (!status) { status = clv_root_put(w.dataset, NULL, &spectra, 1, err); }
    if (!status) { status = clv_spectra_put(w.dataset, spectra, &w.spectra, err); }
    if (!status) { status = put_fit(&w, curves, err); }
    clv_spectra_free(spectra);
    if (!status) { return clv_dataset_finish(w.dataset, err); }
    clv_dataset_free(w.dataset);
    return status;
}
