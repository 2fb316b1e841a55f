/* Makes, fills and reads columns. SPDX-License-Identifier: GPL-3.0-or-later */
#include "columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void destroy_columns(void *object)
{
    clv_columns *columns = object;

    for (size_t c = 0; c < columns->count; c++) {
        if (columns->columns) { clv_object_free(columns->columns[c]); }
        if (columns->interval) { free(columns->interval[c]); }
        if (columns->held) { free(columns->held[c]); }
        if (columns->limit) { free(columns->limit[c]); }
    }
    clv_frame_clear(&columns->frame);
    clv_texts_clear(&columns->notes);
    free(columns->columns);
    free(columns->interval);
    free(columns->held);
    free(columns->limit);
    free(columns->flags);
    free(columns);
}

static clv_status fill_new(clv_columns *made, clv_axis *const *axes, size_t axis_count, clv_error *err)
{
    size_t room = made->count ? made->count : 1;

    CLV_TRY(clv_frame_set(&made->frame, axes, axis_count, &made->points, err));
    CLV_CHECK(made->points <= SIZE_MAX / (4 * sizeof(double)), err, CLV_NO_MEMORY, "no memory for %zu points",
              made->points);
    made->columns = calloc(room, sizeof *made->columns);
    made->interval = calloc(room, sizeof *made->interval);
    made->held = calloc(room, sizeof *made->held);
    made->limit = calloc(room, sizeof *made->limit);
    CLV_CHECK(made->columns && made->interval && made->held && made->limit, err, CLV_NO_MEMORY,
              "no memory for %zu columns", made->count);
    return CLV_OK;
}

clv_status clv_columns_new(clv_axis *const *axes, size_t axis_count, size_t count, clv_columns **columns,
                           clv_error *err)
{
    clv_columns *made = clv_object_new(sizeof *made, CLV_COLUMNS, destroy_columns);
    clv_status status;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for columns");
    made->count = count;
    status = fill_new(made, axes, axis_count, err);
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *columns = made;
    return CLV_OK;
}

clv_columns *clv_columns_ref(const clv_columns *columns) { return clv_object_ref(columns); }
void clv_columns_free(clv_columns *columns) { clv_object_free(columns); }

void clv_columns_put(clv_columns *columns, size_t c, const clv_column *column)
{
    clv_column *old = columns->columns[c];

    columns->columns[c] = clv_object_ref(column);
    clv_object_free(old);
}

static clv_status check_place(const clv_columns *columns, size_t c, clv_error *err)
{
    CLV_CHECK(c < columns->count, err, CLV_BAD_ARGUMENT, "there is no column %zu of %zu", c + 1, columns->count);
    return CLV_OK;
}

clv_status clv_columns_fill(clv_columns *columns, size_t c, const char *name, const char *unit, const double *values,
                            const clv_uncertainty *source, const double *gradient, clv_error *err)
{
    clv_column *column = NULL;
    clv_status status = CLV_OK;

    CLV_TRY(check_place(columns, c, err));
    CLV_CHECK(!source == !gradient, err, CLV_BAD_ARGUMENT,
              "column %s has only one of a source of uncertainty and gradients", name);
    CLV_CHECK(!source || source->points == columns->points, err, CLV_BAD_ARGUMENT,
              "column %s has %zu points, its source of uncertainty %zu", name, columns->points,
              source ? source->points : 0);
    CLV_TRY(clv_column_new(name, unit, values, columns->points, &column, err));
    if (source) { status = clv_column_add_term(column, source, NULL, gradient, columns->points, err); }
    if (!status) { clv_columns_put(columns, c, column); }
    clv_object_free(column);
    return status;
}

/* Keeps a copy of `width` numbers a point at `*place`. */
static clv_status keep_numbers(const clv_columns *columns, double **place, const double *numbers, size_t width,
                               clv_error *err)
{
    double *copy = reallocarray(NULL, columns->points, width * sizeof *copy);

    CLV_CHECK(copy, err, CLV_NO_MEMORY, "no memory for the %zu points of a column", columns->points);
    memcpy(copy, numbers, columns->points * width * sizeof *copy);
    free(*place);
    *place = copy;
    return CLV_OK;
}

clv_status clv_columns_set_interval(clv_columns *columns, size_t c, const double *interval, clv_error *err)
{
    CLV_TRY(check_place(columns, c, err));
    return keep_numbers(columns, &columns->interval[c], interval, 2, err);
}

clv_status clv_columns_set_held_error(clv_columns *columns, size_t c, const double *error, clv_error *err)
{
    CLV_TRY(check_place(columns, c, err));
    return keep_numbers(columns, &columns->held[c], error, 1, err);
}

clv_status clv_columns_set_limit(clv_columns *columns, size_t c, const double *limit, clv_error *err)
{
    CLV_TRY(check_place(columns, c, err));
    return keep_numbers(columns, &columns->limit[c], limit, 1, err);
}

const double *clv_columns_interval(const clv_columns *columns, size_t c)
{
    return c < columns->count ? columns->interval[c] : NULL;
}

const double *clv_columns_held_error(const clv_columns *columns, size_t c)
{
    return c < columns->count ? columns->held[c] : NULL;
}

const double *clv_columns_limit(const clv_columns *columns, size_t c)
{
    return c < columns->count ? columns->limit[c] : NULL;
}

static clv_status make_flags(clv_columns *columns, clv_error *err)
{
    if (!columns->flags) { columns->flags = calloc(columns->points, 1); }
    CLV_CHECK(columns->flags, err, CLV_NO_MEMORY, "no memory for the flags of %zu points", columns->points);
    return CLV_OK;
}

clv_status clv_columns_set_flags(clv_columns *columns, const uint8_t *flags, clv_error *err)
{
    CLV_TRY(make_flags(columns, err));
    memcpy(columns->flags, flags, columns->points);
    return CLV_OK;
}

uint8_t clv_columns_flags(const clv_columns *columns, size_t point)
{
    return columns->flags && point < columns->points ? columns->flags[point] : 0;
}

clv_status clv_columns_add_note(clv_columns *columns, const char *note, clv_error *err)
{
    return clv_texts_add(&columns->notes, note, err);
}

size_t clv_columns_note_count(const clv_columns *columns) { return columns->notes.count; }

const char *clv_columns_note(const clv_columns *columns, size_t place) { return clv_texts_at(&columns->notes, place); }

clv_status clv_columns_add_beside(clv_columns *columns, size_t place, clv_axis *axis, clv_error *err)
{
    return clv_frame_add_beside(&columns->frame, place, axis, err);
}

size_t clv_columns_beside_count(const clv_columns *columns, size_t place)
{
    return clv_frame_beside_count(&columns->frame, place);
}

clv_axis *clv_columns_beside(const clv_columns *columns, size_t place, size_t which)
{
    return clv_frame_beside(&columns->frame, place, which);
}

size_t clv_columns_count(const clv_columns *columns) { return columns->count; }
size_t clv_columns_points(const clv_columns *columns) { return columns->points; }
size_t clv_columns_axis_count(const clv_columns *columns) { return columns->frame.count; }

clv_axis *clv_columns_axis(const clv_columns *columns, size_t place) { return clv_frame_axis(&columns->frame, place); }

/* The column at a place; NULL beyond the end and where none has been filled. */
static const clv_column *column_at(const clv_columns *columns, size_t c)
{
    return c < columns->count ? columns->columns[c] : NULL;
}

const char *clv_columns_name(const clv_columns *columns, size_t c)
{
    const clv_column *column = column_at(columns, c);

    return column ? column->name : NULL;
}

const char *clv_columns_unit(const clv_columns *columns, size_t c)
{
    const clv_column *column = column_at(columns, c);

    return column ? column->unit : NULL;
}

size_t clv_columns_find(const clv_columns *columns, const char *name)
{
    for (size_t c = 0; c < columns->count; c++) {
        if (columns->columns[c] && strcmp(columns->columns[c]->name, name) == 0) { return c; }
    }
    return SIZE_MAX;
}

double clv_columns_value(const clv_columns *columns, size_t c, size_t point)
{
    const clv_column *column = column_at(columns, c);

    return column && point < columns->points ? column->values[point] : NAN;
}

double clv_columns_covariance(const clv_columns *columns, size_t c, size_t point, size_t d, size_t other)
{
    const clv_column *a = column_at(columns, c), *b = column_at(columns, d);
    double sum = 0.0;

    if (!a || !b || point >= columns->points || other >= columns->points) { return NAN; }
    if (isnan(a->values[point]) || isnan(b->values[other])) { return NAN; }
    for (size_t i = 0; i < a->term_count; i++) {
        const clv_column_term *s = &a->terms[i];

        for (size_t j = 0; j < b->term_count; j++) {
            const clv_column_term *t = &b->terms[j];

            if (s->source != t->source) { continue; }
            sum +=
                clv_uncertainty_covariance(s->source, clv_column_gradient(s, point), clv_column_source_point(s, point),
                                           clv_column_gradient(t, other), clv_column_source_point(t, other));
        }
    }
    return sum;
}

double clv_columns_error(const clv_columns *columns, size_t c, size_t point)
{
    double variance = clv_columns_covariance(columns, c, point, c, point);

    return variance < 0.0 ? 0.0 : sqrt(variance); /* below zero by rounding only */
}
