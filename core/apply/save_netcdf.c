/* Writes spectra, records, columns and groups of columns as netCDF.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/spectra_file.h"

static clv_status finish(clv_dataset *dataset, clv_status status, clv_error *err)
{
    if (!status) { return clv_dataset_finish(dataset, err); }
    clv_dataset_free(dataset);
    return status;
}

clv_status save_record_netcdf(const clv_record *record, const char *path, clv_error *err)
{
    clv_dataset *dataset = NULL;
    size_t bytes = 0;

    for (size_t i = 0; i < clv_record_count(record); i++) { bytes += clv_spectra_bytes(clv_record_at(record, i)); }
    CLV_TRY(clv_dataset_new(path, bytes, &dataset, err));
    return finish(dataset, clv_record_put(dataset, record, err), err);
}

clv_status save_spectra_netcdf(const clv_spectra *spectra, const char *path, clv_error *err)
{
    clv_spectra *shared = clv_spectra_ref(spectra);
    clv_spectra_group put;
    clv_dataset *dataset = NULL;
    clv_status status = clv_dataset_new(path, clv_spectra_bytes(spectra), &dataset, err);

    if (!status) {
        status = clv_root_put(dataset, NULL, &shared, 1, err);
        if (!status) { status = clv_spectra_put(dataset, spectra, &put, err); }
        status = finish(dataset, status, err);
    }
    clv_spectra_free(shared);
    return status;
}

/* ---- Columns: for each a variable `<name>`, one `<name>_error`, one `<name>_limit` where there are limits, on their
 * axes, and `status` */

static clv_status put_column(clv_dataset *dataset, int group, const clv_columns *columns, size_t c,
                             const int *dimensions, const char *beside, clv_error *err)
{
    size_t points = clv_columns_points(columns), count = clv_columns_axis_count(columns);
    static const char *const endings[] = {"", "_error", "_limit"};
    double *values = calloc(points + 1, sizeof *values);
    char *name = NULL;
    clv_status status = CLV_OK;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for a column");
    for (int kind = 0; kind < (clv_columns_limit(columns, c) ? 3 : 2) && !status; kind++) {
        int variable;

        if (asprintf(&name, "%s%s", clv_columns_name(columns, c), endings[kind]) < 0) { name = NULL; }
        for (size_t i = 0; i < points; i++) {
            values[i] = kind == 2   ? clv_columns_limit(columns, c)[i]
                        : kind == 1 ? clv_columns_error(columns, c, i)
                                    : clv_columns_value(columns, c, i);
        }
        status =
            name ? clv_dataset_add_variable(dataset, group, name, CLV_DATASET_DOUBLE, dimensions, count, &variable, err)
                 : clv_fail(err, CLV_NO_MEMORY, "no memory for a column");
        if (!status) {
            status = clv_dataset_set_text(dataset, group, variable, "units", clv_columns_unit(columns, c), err);
        }
        if (!status) { status = clv_dataset_set_text(dataset, group, variable, "long_name", name, err); }
        if (!status) {
            status = clv_dataset_set_text(dataset, group, variable, "coordinates", *beside ? beside : NULL, err);
        }
        if (!status) { status = clv_dataset_put(dataset, group, variable, values, err); }
        free(name);
    }
    free(values);
    return status;
}

static clv_status put_notes(clv_dataset *dataset, int group, const clv_columns *columns, clv_error *err)
{
    clv_buffer buffer = {0};
    char *text = NULL;
    clv_status status;

    if (clv_columns_note_count(columns) == 0) { return CLV_OK; }
    for (size_t i = 0; i < clv_columns_note_count(columns); i++) {
        clv_buffer_format(&buffer, "%s%s", i ? "\n" : "", clv_columns_note(columns, i));
    }
    CLV_TRY(clv_buffer_take(&buffer, &text, err));
    status = clv_dataset_set_text(dataset, group, CLV_DATASET_GROUP, "notes", text, err);
    clv_text_free(text);
    return status;
}

static clv_status put_columns(clv_dataset *dataset, int group, const clv_columns *columns, clv_error *err)
{
    int dimensions[CLV_SPECTRA_MAX_AXES];
    clv_coordinates of = {.columns = columns, .dimensions = dimensions, .count = clv_columns_axis_count(columns)};
    uint8_t *flags = calloc(clv_columns_points(columns) + 1, 1);
    char beside[1000];
    clv_status status = CLV_OK;

    CLV_CHECK(flags, err, CLV_NO_MEMORY, "no memory for columns");
    for (size_t i = 0; i < of.count && !status; i++) {
        clv_axis *axis = clv_columns_axis(columns, i);

        status =
            clv_dataset_add_dimension(dataset, group, clv_axis_name(axis), clv_axis_size(axis), &dimensions[i], err);
    }
    if (!status) { status = clv_coordinates_put(dataset, group, &of, beside, err); }
    for (size_t c = 0; c < clv_columns_count(columns) && !status; c++) {
        status = put_column(dataset, group, columns, c, dimensions, beside, err);
    }
    for (size_t i = 0; i < clv_columns_points(columns); i++) { flags[i] = clv_columns_flags(columns, i); }
    if (!status) { status = save_status(dataset, group, dimensions, of.count, flags, err); }
    if (!status) { status = put_notes(dataset, group, columns, err); }
    free(flags);
    return status;
}

clv_status save_columns_netcdf(const clv_columns *columns, const char *path, clv_error *err)
{
    size_t bytes = clv_columns_points(columns) * clv_columns_count(columns) * 2 * sizeof(double);
    clv_dataset *dataset = NULL;
    clv_status status;

    CLV_TRY(clv_dataset_new(path, bytes, &dataset, err));
    status = clv_root_put(dataset, NULL, NULL, 0, err);
    if (!status) { status = put_columns(dataset, CLV_DATASET_ROOT, columns, err); }
    return finish(dataset, status, err);
}

clv_status save_group_netcdf(const clv_group *group, const char *path, clv_error *err)
{
    clv_dataset *dataset = NULL;
    clv_status status;

    CLV_CHECK(clv_group_count(group) > 0, err, CLV_BAD_ARGUMENT, "the list is empty");
    CLV_TRY(clv_dataset_new(path, 0, &dataset, err));
    status = clv_root_put(dataset, NULL, NULL, 0, err);
    for (size_t i = 0; i < clv_group_count(group) && !status; i++) {
        const char *name = clv_group_name(group, i);
        char number[24];
        int made;

        snprintf(number, sizeof number, "%zu", i + 1);
        status = clv_dataset_add_group(dataset, CLV_DATASET_ROOT, name ? name : number, 1, &made, err);
        if (!status) {
            status = put_columns(dataset, made, clv_value_as_object(clv_group_at(group, i), CLV_COLUMNS), err);
        }
    }
    return finish(dataset, status, err);
}
