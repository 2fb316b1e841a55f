/* The operation `drop`: leaves out the spectra or points at given places along an axis.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static clv_axis *find_coordinate(clv_axis *const *axes, size_t axis_count, clv_axis *const *beside, size_t beside_count,
                                 const char *name, size_t *axis)
{
    for (size_t i = 0; i < axis_count; i++) {
        *axis = i;
        if (strcmp(clv_axis_name(axes[i]), name) == 0) { return axes[i]; }
    }
    *axis = 0;
    for (size_t i = 0; i < beside_count; i++) {
        if (strcmp(clv_axis_name(beside[i]), name) == 0) { return beside[i]; }
    }
    return NULL;
}

static clv_status mark_one(const clv_axis *coordinate, size_t size, const char *name, double wanted, char *marked,
                           clv_error *err)
{
    size_t found = 0;

    for (size_t i = 0; i < size; i++) {
        double here = coordinate ? clv_axis_values(coordinate)[i] : (double)(i + 1);

        if (fabs(here - wanted) <= 1e-9 * fmax(1, fabs(here))) {
            marked[i] = 1;
            found++;
        }
    }
    CLV_CHECK(found, err, CLV_BAD_ARGUMENT, "there is no %s %g", name, wanted);
    return CLV_OK;
}

clv_status general_mark(clv_axis *const *axes, size_t axis_count, clv_axis *const *beside, size_t beside_count,
                        const char *name, const clv_value *wanted, size_t *axis, char **marked, clv_error *err)
{
    const clv_axis *coordinate = find_coordinate(axes, axis_count, beside, beside_count, name, axis);
    clv_status status = CLV_OK;
    size_t size;

    CLV_CHECK(axis_count > 0, err, CLV_BAD_ARGUMENT, "there is one spectrum only, and nothing to choose along");
    CLV_CHECK(coordinate || strcmp(name, "level") == 0, err, CLV_BAD_ARGUMENT,
              "there is no axis \"%s\"; the first axis is \"%s\", and `level` counts along it from 1", name,
              clv_axis_name(axes[0]));
    size = clv_axis_size(axes[*axis]);
    *marked = calloc(size + 1, 1);
    CLV_CHECK(*marked, err, CLV_NO_MEMORY, "out of memory");
    if (clv_value_kind(wanted) == CLV_NUMBER) {
        status = mark_one(coordinate, size, name, clv_value_as_number(wanted), *marked, err);
    }
    for (size_t i = 0; i < clv_value_count(wanted) && !status; i++) {
        status = mark_one(coordinate, size, name, clv_value_as_number(clv_value_at(wanted, i)), *marked, err);
    }
    if (status) { free(*marked); }
    return status;
}

/* Copies rows of `width` numbers whose place along one axis is listed. `inner` is the product of the sizes behind that
 * axis. */
static void take_rows(const double *from, double *to, size_t outer, size_t size, size_t inner, const size_t *places,
                      size_t count, size_t width)
{
    for (size_t o = 0; o < outer; o++) {
        for (size_t i = 0; i < count; i++) {
            memcpy(to, from + (o * size + places[i]) * inner * width, inner * width * sizeof *to);
            to += inner * width;
        }
    }
}

static clv_status take_axis(clv_axis *axis, const size_t *places, size_t count, clv_axis **taken, clv_error *err)
{
    double *values = malloc((count + 1) * sizeof *values);
    clv_status status;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) { values[i] = clv_axis_values(axis)[places[i]]; }
    status = clv_axis_new(clv_axis_name(axis), clv_axis_unit(axis), values, count, taken, err);
    free(values);
    return status;
}

static clv_status take_beside(const clv_spectra *spectra, size_t axis, const size_t *places, size_t count,
                              clv_spectra *taken, clv_error *err)
{
    for (size_t i = 0; i < clv_spectra_beside_count(spectra, axis); i++) {
        clv_axis *shorter = NULL;
        clv_status status;

        CLV_TRY(take_axis(clv_spectra_beside(spectra, axis, i), places, count, &shorter, err));
        status = clv_spectra_add_beside(taken, axis, shorter, err);
        clv_axis_free(shorter);
        CLV_TRY(status);
    }
    return CLV_OK;
}

/* The numbers of one spectrum-wide or scalar array, taken into new memory. */
typedef struct shape {
    size_t outer, size, inner;
    const size_t *places;
    size_t count;
} shape;

static clv_status take_offsets(const clv_spectra *spectra, const shape *s, clv_spectra *taken, clv_error *err)
{
    size_t all = s->outer * s->count * s->inner;
    const double *offset = clv_spectra_offset(spectra), *error = clv_spectra_offset_error(spectra);
    double *room;
    clv_status status;

    if (!offset) { return CLV_OK; }
    room = calloc(2 * all + 1, sizeof *room);
    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    take_rows(offset, room, s->outer, s->size, s->inner, s->places, s->count, 1);
    if (error) { take_rows(error, room + all, s->outer, s->size, s->inner, s->places, s->count, 1); }
    status = clv_spectra_set_offset(taken, room, error ? room + all : NULL, err);
    free(room);
    return status;
}

static clv_status take_numbers(const clv_spectra *spectra, const shape *s, clv_spectra *taken, clv_error *err)
{
    size_t channels = clv_spectra_channels(spectra);

    take_rows(clv_spectra_intensity(spectra), clv_spectra_fill(taken), s->outer, s->size, s->inner, s->places, s->count,
              channels);
    if (clv_spectra_variance(spectra)) {
        double *variance = NULL;

        CLV_TRY(clv_spectra_make_variance(taken, &variance, err));
        take_rows(clv_spectra_variance(spectra), variance, s->outer, s->size, s->inner, s->places, s->count, channels);
    }
    return take_offsets(spectra, s, taken, err);
}

clv_status general_take(const clv_spectra *spectra, size_t axis, const size_t *places, size_t count,
                        clv_spectra **taken, clv_error *err)
{
    size_t rank = clv_spectra_axis_count(spectra);
    clv_axis *axes[CLV_SPECTRA_MAX_AXES], *shorter = NULL;
    shape s = {1, clv_axis_size(clv_spectra_axis(spectra, axis)), 1, places, count};
    clv_status status;

    CLV_TRY(take_axis(clv_spectra_axis(spectra, axis), places, count, &shorter, err));
    for (size_t i = 0; i < rank; i++) {
        axes[i] = i == axis ? shorter : clv_spectra_axis(spectra, i);
        if (i < axis) { s.outer *= clv_axis_size(axes[i]); }
        if (i > axis && i + 1 < rank) { s.inner *= clv_axis_size(axes[i]); }
    }
    status = clv_spectra_like(spectra, axes, rank, taken, err);
    clv_axis_free(shorter);
    CLV_TRY(status);
    status = take_numbers(spectra, &s, *taken, err);
    if (!status) { status = take_beside(spectra, axis, places, count, *taken, err); }
    if (status) {
        clv_spectra_free(*taken);
        *taken = NULL;
    }
    return status;
}

/* The one option that was given, out of the rows. */
static clv_status one_given(const clv_call *call, const clv_parameter *rows, const char **name, clv_error *err)
{
    *name = NULL;
    for (const clv_parameter *row = rows; row->name; row++) {
        if (!clv_options_given(call->options, row->name)) { continue; }
        CLV_CHECK(!*name, err, CLV_BAD_ARGUMENT, "give one of %s and %s; the other can be done in a second call", *name,
                  row->name);
        *name = row->name;
    }
    CLV_CHECK(*name, err, CLV_BAD_ARGUMENT, "say what, such as level = 3 or depth = { 0, 15 }");
    return CLV_OK;
}

/* Places along an axis that are not marked. */
static clv_status kept_places(const char *marked, size_t size, size_t **places, size_t *count, clv_error *err)
{
    *places = malloc((size + 1) * sizeof **places);
    CLV_CHECK(*places, err, CLV_NO_MEMORY, "out of memory");
    *count = 0;
    for (size_t i = 0; i < size; i++) {
        if (!marked[i]) { (*places)[(*count)++] = i; }
    }
    if (*count > 0) { return CLV_OK; }
    free(*places);
    return clv_fail(err, CLV_BAD_ARGUMENT, "nothing would be left");
}

static const clv_parameter rows[] = {
    {.name = "level", .type = CLV_TYPE_NUMBERS, .doc = "places along the first axis, from 1"},
    {.name = "depth", .type = CLV_TYPE_NUMBERS, .unit = "nm", .doc = "depths"},
    {.name = "etch_time", .type = CLV_TYPE_NUMBERS, .unit = "s", .doc = "etch times"},
    {.name = "scan", .type = CLV_TYPE_NUMBERS, .doc = "scans, as numbered on their axis"},
    {.name = "x", .type = CLV_TYPE_NUMBERS, .unit = "nm", .doc = "places along x"},
    {.name = "y", .type = CLV_TYPE_NUMBERS, .unit = "nm", .doc = "places along y"},
    {0},
};

static clv_status drop_spectra(const clv_call *call, const clv_spectra *spectra, clv_spectra **made, clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES], *beside[8];
    size_t rank = clv_spectra_axis_count(spectra) - 1, beside_count = 0, axis = 0, count = 0, *places = NULL;
    const char *name;
    char *marked = NULL;
    clv_status status;

    for (size_t i = 0; i < rank; i++) { axes[i] = clv_spectra_axis(spectra, i); }
    for (size_t i = 0; rank && i < clv_spectra_beside_count(spectra, 0) && i < 8; i++) {
        beside[beside_count++] = clv_spectra_beside(spectra, 0, i);
    }
    CLV_TRY(one_given(call, rows, &name, err));
    CLV_TRY(general_mark(axes, rank, beside, beside_count, name, clv_options_get(call->options, name), &axis, &marked,
                         err));
    status = kept_places(marked, clv_axis_size(axes[axis]), &places, &count, err);
    free(marked);
    CLV_TRY(status);
    status = general_take(spectra, axis, places, count, made, err);
    free(places);
    return status;
}

static clv_status run_spectra(const clv_call *call, clv_value **result, clv_error *err)
{
    clv_spectra *made = NULL;
    clv_status status;

    CLV_TRY(drop_spectra(call, clv_value_as_object(call->on, CLV_SPECTRA), &made, err));
    status = clv_spectra_add_history(made, call->line, err);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static clv_status run_columns(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_columns *columns = clv_value_as_object(call->on, CLV_COLUMNS);
    clv_axis *axes[CLV_SPECTRA_MAX_AXES], *beside[8];
    size_t rank = clv_columns_axis_count(columns), beside_count = 0, axis = 0, count = 0, *places = NULL;
    const char *name;
    char *marked = NULL;
    clv_columns *made = NULL;
    clv_status status;

    for (size_t i = 0; i < rank && i < CLV_SPECTRA_MAX_AXES; i++) { axes[i] = clv_columns_axis(columns, i); }
    for (size_t i = 0; rank && i < clv_columns_beside_count(columns, 0) && i < 8; i++) {
        beside[beside_count++] = clv_columns_beside(columns, 0, i);
    }
    CLV_TRY(one_given(call, rows, &name, err));
    CLV_TRY(general_mark(axes, rank, beside, beside_count, name, clv_options_get(call->options, name), &axis, &marked,
                         err));
    status = kept_places(marked, clv_axis_size(axes[axis]), &places, &count, err);
    free(marked);
    CLV_TRY(status);
    status = clv_columns_take(columns, axis, places, count, &made, err);
    free(places);
    CLV_TRY(status);
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

#define DROP(kind, function)                                                                                          \
    {                                                                                                                 \
        .size = sizeof(clv_operation), .name = "drop", .doc = "leaves out what stands at given places along an axis", \
        .on = CLV_ON(kind), .gives = kind, .leaves = CLV_LEAVES_NOISE, .way = CLV_WHOLE, .parameters = rows,          \
        .run = function,                                                                                              \
    }

const clv_operation general_drop = DROP(CLV_SPECTRA, run_spectra);
const clv_operation general_drop_record = DROP(CLV_RECORD, general_each);
const clv_operation general_drop_columns = DROP(CLV_COLUMNS, run_columns);
