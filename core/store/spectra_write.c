/* Writes spectra and records as groups of a netCDF file.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/spectra_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/buffer.h"
#include "store/names.h"

size_t clv_spectra_bytes(const clv_spectra *spectra)
{
    size_t curves = clv_spectra_variance(spectra) ? 2 : 1;

    return clv_spectra_count(spectra) * (clv_spectra_channels(spectra) * curves + 2) * sizeof(double);
}

/* ---- Coordinates */

static clv_status put_axis(clv_dataset *dataset, int group, clv_axis *axis, int dimension, clv_error *err)
{
    int variable;

    CLV_TRY(clv_dataset_add_variable(dataset, group, clv_axis_name(axis), CLV_DATASET_DOUBLE, &dimension, 1, &variable,
                                     err));
    CLV_TRY(clv_dataset_set_text(dataset, group, variable, "units", clv_axis_unit(axis), err));
    if (strpbrk(clv_axis_name(axis), " /")) {
        CLV_TRY(clv_dataset_set_text(dataset, group, variable, "long_name", clv_axis_name(axis), err));
    }
    return clv_dataset_put(dataset, group, variable, clv_axis_values(axis), err);
}

static clv_axis *axis_of(const clv_coordinates *of, size_t place)
{
    return of->spectra ? clv_spectra_axis(of->spectra, place) : clv_columns_axis(of->columns, place);
}

static clv_axis *beside_of(const clv_coordinates *of, size_t place, size_t which)
{
    return of->spectra ? clv_spectra_beside(of->spectra, place, which) : clv_columns_beside(of->columns, place, which);
}

static size_t besides(const clv_coordinates *of, size_t place)
{
    return of->spectra ? clv_spectra_beside_count(of->spectra, place) : clv_columns_beside_count(of->columns, place);
}

clv_status clv_coordinates_put(clv_dataset *dataset, int group, const clv_coordinates *of, char beside[1000],
                               clv_error *err)
{
    size_t used = 0;

    beside[0] = 0;
    for (size_t i = 0; i < of->count; i++) {
        CLV_TRY(put_axis(dataset, group, axis_of(of, i), of->dimensions[i], err));
        for (size_t k = 0; k < besides(of, i); k++) {
            clv_axis *axis = beside_of(of, i, k);
            size_t room = 1000 - used;
            int length = snprintf(beside + used, room, "%s%s", used ? " " : "", clv_axis_name(axis));

            CLV_CHECK(length >= 0 && (size_t)length < room, err, CLV_CANNOT_WRITE,
                      "too many coordinates stand beside the axes for one file");
            for (char *c = beside + used + (used > 0); *c; c++) { *c = *c == ' ' || *c == '/' ? '_' : *c; }
            used += (size_t)length;
            CLV_TRY(put_axis(dataset, group, axis, of->dimensions[i], err));
        }
    }
    return CLV_OK;
}

/* ---- Metadata and history */

/* A metadata name that this layout uses itself gets a prefix. */
static void metadata_name(const char *name, char *out, size_t size)
{
    static const char *const own[] = {"long_name", "history", "Conventions"};
    const char *prefix = strncmp(name, CLV_NAME_METADATA, strlen(CLV_NAME_METADATA)) == 0 ? CLV_NAME_METADATA : "";

    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(name, own[i]) == 0) { prefix = CLV_NAME_METADATA; }
    }
    snprintf(out, size, "%s%s", prefix, name);
}

static clv_status put_metadata(clv_dataset *dataset, int group, const clv_metadata *metadata, clv_error *err)
{
    for (size_t i = 0; i < clv_metadata_count(metadata); i++) {
        const char *name = clv_metadata_name(metadata, i);
        const char *text = clv_metadata_text(metadata, name);
        char attribute[256];
        double number;

        metadata_name(name, attribute, sizeof attribute - sizeof CLV_NAME_UNITS);
        if (text) {
            CLV_TRY(clv_dataset_set_text(dataset, group, CLV_DATASET_GROUP, attribute, text, err));
            continue;
        }
        number = clv_metadata_number(metadata, name);
        CLV_TRY(clv_dataset_set_numbers(dataset, group, CLV_DATASET_GROUP, attribute, &number, 1, err));
        text = clv_metadata_unit(metadata, name);
        if (!text || strcmp(text, "1") == 0) { continue; }
        strcat(attribute, CLV_NAME_UNITS);
        CLV_TRY(clv_dataset_set_text(dataset, group, CLV_DATASET_GROUP, attribute, text, err));
    }
    return CLV_OK;
}

/* One line for each thing done; NULL (and CLV_OK) where there is none. The text is the caller's. */
static clv_status history_of(const clv_spectra *spectra, char **text, clv_error *err)
{
    clv_buffer buffer = {0};

    *text = NULL;
    if (clv_spectra_history_count(spectra) == 0) { return CLV_OK; }
    for (size_t i = 0; i < clv_spectra_history_count(spectra); i++) {
        if (i > 0) { clv_buffer_add(&buffer, "\n"); }
        clv_buffer_add(&buffer, clv_spectra_history(spectra, i));
    }
    return clv_buffer_take(&buffer, text, err);
}

static clv_status put_history(clv_dataset *dataset, int group, const clv_spectra *spectra, clv_error *err)
{
    char *text;
    clv_status status;

    CLV_TRY(history_of(spectra, &text, err));
    status = clv_dataset_set_text(dataset, group, CLV_DATASET_GROUP, "history", text, err);
    clv_text_free(text);
    return status;
}

/* ---- Spectra */

static const char *noise_name(clv_noise noise)
{
    return noise == CLV_NOISE_POISSON ? "poisson" : noise == CLV_NOISE_VARIANCE ? "variance" : "unknown";
}

static clv_status put_noise(clv_dataset *dataset, int group, int variable, const clv_spectra *spectra, clv_error *err)
{
    const struct {
        const char *name;
        double value, preset;
    } numbers[] = {{"noise_scale", clv_spectra_noise_scale(spectra), 1},
                   {"noise_read", clv_spectra_noise_read(spectra), 0},
                   {"noise_measured", clv_spectra_noise_measured(spectra), NAN},
                   {"noise_correlation", clv_spectra_noise_correlation(spectra), NAN}};

    CLV_TRY(clv_dataset_set_text(dataset, group, variable, "noise", noise_name(clv_spectra_noise(spectra)), err));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (numbers[i].value == numbers[i].preset || isnan(numbers[i].value)) { continue; }
        CLV_TRY(clv_dataset_set_numbers(dataset, group, variable, numbers[i].name, &numbers[i].value, 1, err));
    }
    return CLV_OK;
}

static clv_status put_signal(clv_dataset *dataset, const clv_spectra_group *put, const clv_spectra *spectra,
                             const char *beside, clv_error *err)
{
    double window[2];
    int variable;

    CLV_TRY(clv_dataset_add_variable(dataset, put->group, "intensity", CLV_DATASET_DOUBLE, put->dimensions, put->count,
                                     &variable, err));
    CLV_TRY(clv_dataset_set_text(dataset, put->group, variable, "units", clv_spectra_unit(spectra), err));
    CLV_TRY(put_noise(dataset, put->group, variable, spectra, err));
    CLV_TRY(clv_dataset_set_text(dataset, put->group, variable, "coordinates", *beside ? beside : NULL, err));
    clv_spectra_window(spectra, &window[0], &window[1]);
    if (isfinite(window[0]) || isfinite(window[1])) {
        CLV_TRY(clv_dataset_set_numbers(dataset, put->group, variable, "window", window, 2, err));
    }
    CLV_TRY(clv_dataset_put(dataset, put->group, variable, clv_spectra_intensity(spectra), err));
    if (!clv_spectra_variance(spectra)) { return CLV_OK; }
    CLV_TRY(clv_dataset_add_variable(dataset, put->group, "variance", CLV_DATASET_DOUBLE, put->dimensions, put->count,
                                     &variable, err));
    return clv_dataset_put(dataset, put->group, variable, clv_spectra_variance(spectra), err);
}

static clv_status put_offset(clv_dataset *dataset, const clv_spectra_group *put, const char *name, const double *values,
                             clv_error *err)
{
    int variable;

    if (!values) { return CLV_OK; }
    CLV_TRY(clv_dataset_add_variable(dataset, put->group, name, CLV_DATASET_DOUBLE, put->dimensions, put->count - 1,
                                     &variable, err));
    CLV_TRY(clv_dataset_set_text(dataset, put->group, variable, "units", "eV", err));
    return clv_dataset_put(dataset, put->group, variable, values, err);
}

clv_status clv_spectra_put(clv_dataset *dataset, const clv_spectra *spectra, clv_spectra_group *put, clv_error *err)
{
    const char *name = clv_spectra_name(spectra);
    clv_coordinates of = {.spectra = spectra, .count = clv_spectra_axis_count(spectra)};
    char beside[1000];

    put->count = of.count;
    of.dimensions = put->dimensions;
    CLV_TRY(clv_dataset_add_group(dataset, CLV_DATASET_ROOT, name && *name ? name : "spectra", 1, &put->group, err));
    for (size_t i = 0; i < of.count; i++) {
        clv_axis *axis = clv_spectra_axis(spectra, i);

        CLV_TRY(clv_dataset_add_dimension(dataset, put->group, clv_axis_name(axis), clv_axis_size(axis),
                                          &put->dimensions[i], err));
    }
    CLV_TRY(clv_coordinates_put(dataset, put->group, &of, beside, err));
    CLV_TRY(put_signal(dataset, put, spectra, beside, err));
    CLV_TRY(put_offset(dataset, put, "energy_offset", clv_spectra_offset(spectra), err));
    CLV_TRY(put_offset(dataset, put, "energy_offset_error", clv_spectra_offset_error(spectra), err));
    CLV_TRY(put_metadata(dataset, put->group, clv_spectra_metadata(spectra), err));
    return put_history(dataset, put->group, spectra, err);
}

/* ---- The root */

/* What all spectra agree on: a text of their metadata, NULL where they differ or have none. */
static const char *common_text(clv_spectra *const *spectra, size_t count, const char *name)
{
    const char *text = count > 0 ? clv_metadata_text(clv_spectra_metadata(spectra[0]), name) : NULL;

    for (size_t i = 1; i < count && text; i++) {
        const char *other = clv_metadata_text(clv_spectra_metadata(spectra[i]), name);

        if (!other || strcmp(other, text) != 0) { text = NULL; }
    }
    return text;
}

static clv_status put_source(clv_dataset *dataset, const clv_record *record, clv_spectra *const *spectra, size_t count,
                             clv_error *err)
{
    static const char *const names[] = {"source", "source_sha256", "source_fingerprint"};

    if (record && clv_record_source(record)) {
        CLV_TRY(clv_dataset_set_text(dataset, CLV_DATASET_ROOT, CLV_DATASET_GROUP, "source", clv_record_source(record),
                                     err));
        if (!clv_record_hash_name(record)) { return CLV_OK; }
        return clv_dataset_set_text(dataset, CLV_DATASET_ROOT, CLV_DATASET_GROUP, clv_record_hash_name(record),
                                    clv_record_hash(record), err);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CLV_TRY(clv_dataset_set_text(dataset, CLV_DATASET_ROOT, CLV_DATASET_GROUP, names[i],
                                     common_text(spectra, count, names[i]), err));
    }
    return CLV_OK;
}

/* The history of all spectra when it is the same; else each line with the spectra's name before it. */
static clv_status put_root_history(clv_dataset *dataset, clv_spectra *const *spectra, size_t count, clv_error *err)
{
    clv_buffer buffer = {0};
    char *text = NULL;
    clv_status status = CLV_OK;

    if (count == 1) { return put_history(dataset, CLV_DATASET_ROOT, spectra[0], err); }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < clv_spectra_history_count(spectra[i]); k++) {
            if (buffer.length > 0) { clv_buffer_add(&buffer, "\n"); }
            clv_buffer_add(&buffer, clv_spectra_name(spectra[i]));
            clv_buffer_add(&buffer, ": ");
            clv_buffer_add(&buffer, clv_spectra_history(spectra[i], k));
        }
    }
    if (buffer.length == 0 && !buffer.failed) { return CLV_OK; }
    CLV_TRY(clv_buffer_take(&buffer, &text, err));
    status = clv_dataset_set_text(dataset, CLV_DATASET_ROOT, CLV_DATASET_GROUP, "history", text, err);
    clv_text_free(text);
    return status;
}

clv_status clv_root_put(clv_dataset *dataset, const clv_record *record, clv_spectra *const *spectra, size_t count,
                        clv_error *err)
{
    const int root = CLV_DATASET_ROOT, group = CLV_DATASET_GROUP;
    const char *technique = common_text(spectra, count, "technique");

    if (!technique && record) { technique = clv_metadata_text(clv_record_metadata(record), "technique"); }
    CLV_TRY(clv_dataset_set_text(dataset, root, group, "Conventions", CLV_NAME_CONVENTIONS, err));
    CLV_TRY(clv_dataset_set_text(dataset, root, group, "technique", technique, err));
    CLV_TRY(put_source(dataset, record, spectra, count, err));
    return put_root_history(dataset, spectra, count, err);
}

clv_status clv_record_put(clv_dataset *dataset, const clv_record *record, clv_error *err)
{
    size_t count = clv_record_count(record);
    clv_spectra **spectra = calloc(count + 1, sizeof(clv_spectra *));
    clv_spectra_group put;
    clv_status status;

    CLV_CHECK(spectra, err, CLV_NO_MEMORY, "out of memory for the file");
    for (size_t i = 0; i < count; i++) { spectra[i] = clv_record_at(record, i); }
    status = clv_root_put(dataset, record, spectra, count, err);
    for (size_t i = 0; i < count && !status; i++) { status = clv_spectra_put(dataset, spectra[i], &put, err); }
    if (!status) { status = put_metadata(dataset, CLV_DATASET_ROOT, clv_record_metadata(record), err); }
    free(spectra);
    return status;
}
