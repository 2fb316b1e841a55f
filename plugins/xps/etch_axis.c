/* What operations on etch times share: spectra and records with an axis that is a multiple of the etch time.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "etch_axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static clv_status find_etch(const clv_spectra *spectra, size_t *place, clv_error *err)
{
    size_t leading = clv_spectra_axis_count(spectra) - 1;

    for (*place = 0; *place < leading; ++*place) {
        if (strcmp(clv_axis_name(clv_spectra_axis(spectra, *place)), "etch_time") == 0) { return CLV_OK; }
    }
    return clv_fail(err, CLV_BAD_ARGUMENT, "%s has no etch time", clv_spectra_name(spectra));
}

static clv_status scaled_axis(const clv_axis *etch, const etch_scale *scale, clv_axis **axis, clv_error *err)
{
    size_t size = clv_axis_size(etch);
    double *values = malloc((size + 1) * sizeof *values);
    clv_status status;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < size; i++) { values[i] = scale->factor * clv_axis_values(etch)[i]; }
    status = clv_axis_new(scale->name, scale->unit, values, size, axis, err);
    free(values);
    return status;
}

static clv_status copy_numbers(const clv_spectra *from, clv_spectra *to, clv_error *err)
{
    size_t total = clv_spectra_count(from) * clv_spectra_channels(from);

    memcpy(clv_spectra_fill(to), clv_spectra_intensity(from), total * sizeof(double));
    if (clv_spectra_variance(from)) {
        double *variance = NULL;

        CLV_TRY(clv_spectra_make_variance(to, &variance, err));
        memcpy(variance, clv_spectra_variance(from), total * sizeof(double));
    }
    if (!clv_spectra_offset(from)) { return CLV_OK; }
    return clv_spectra_set_offset(to, clv_spectra_offset(from), clv_spectra_offset_error(from), err);
}

static clv_status with_axis(const clv_spectra *spectra, size_t place, clv_axis *scaled, clv_spectra **made,
                            clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t rank = clv_spectra_axis_count(spectra);
    clv_status status;

    for (size_t i = 0; i < rank; i++) { axes[i] = i == place ? scaled : clv_spectra_axis(spectra, i); }
    CLV_TRY(clv_spectra_like(spectra, axes, rank, made, err));
    status = copy_numbers(spectra, *made, err);
    if (!status) { status = clv_spectra_add_beside(*made, place, clv_spectra_axis(spectra, place), err); }
    for (size_t i = 0; i < clv_spectra_beside_count(spectra, place) && !status; i++) {
        clv_axis *other = clv_spectra_beside(spectra, place, i);

        if (strcmp(clv_axis_name(other), clv_axis_name(scaled)) != 0) {
            status = clv_spectra_add_beside(*made, place, other, err);
        }
    }
    if (status) { clv_spectra_free(*made); }
    return status;
}

clv_status etch_axis_set(const clv_call *call, const clv_spectra *spectra, const etch_scale *scale, clv_value **result,
                         clv_error *err)
{
    clv_axis *scaled = NULL;
    clv_spectra *made = NULL;
    size_t place;
    clv_status status;

    CLV_TRY(find_etch(spectra, &place, err));
    CLV_TRY(scaled_axis(clv_spectra_axis(spectra, place), scale, &scaled, err));
    status = with_axis(spectra, place, scaled, &made, err);
    clv_axis_free(scaled);
    CLV_TRY(status);
    status = clv_spectra_add_history(made, call->line, err);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

/* Spectra without an etch time stay as they are, as long as there are others. */
clv_status etch_axis_set_record(const clv_call *call, etch_operation one_of, clv_value **result, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    clv_record *made = clv_record_new();
    size_t found = 0;
    clv_status status = made ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    for (size_t i = 0; i < clv_record_count(record) && !status; i++) {
        clv_spectra *spectra = clv_record_at(record, i);
        clv_value *on, *changed = NULL;
        clv_call one = *call;
        size_t place;

        if (find_etch(spectra, &place, NULL)) {
            status = clv_record_add(made, clv_spectra_ref(spectra), err);
            continue;
        }
        found++;
        on = clv_value_object(CLV_SPECTRA, clv_spectra_ref(spectra));
        one.on = on;
        status = on ? one_of(&one, &changed, err) : clv_fail(err, CLV_NO_MEMORY, "out of memory");
        if (!status) { status = clv_record_add(made, clv_spectra_ref(clv_value_as_object(changed, CLV_SPECTRA)), err); }
        clv_value_free(on);
        clv_value_free(changed);
    }
    if (!status && !found) { status = clv_fail(err, CLV_BAD_ARGUMENT, "the record has no etch time"); }
    if (!status) { status = clv_record_copy_source(made, record, err); }
    if (status) {
        clv_record_free(made);
        return status;
    }
    *result = clv_value_object(CLV_RECORD, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}
