/* Makes columns out of columns: one of them, some of their points, several together.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "columns.h"

int clv_columns_same_axes(const clv_columns *a, const clv_columns *b)
{
    if (a->frame.count != b->frame.count) { return 0; }
    for (size_t i = 0; i < a->frame.count; i++) {
        if (!clv_axis_equal(a->frame.axes[i], b->frame.axes[i])) { return 0; }
    }
    return 1;
}

clv_status clv_columns_share_beside(clv_columns *columns, const clv_columns *more, clv_error *err)
{
    for (size_t i = 0; i < columns->frame.count; i++) {
        CLV_TRY(clv_frame_copy_beside(&columns->frame, i, &more->frame, i, err));
    }
    return CLV_OK;
}

static int has_note(const clv_columns *columns, const char *note)
{
    for (size_t i = 0; i < columns->notes.count; i++) {
        if (strcmp(columns->notes.items[i], note) == 0) { return 1; }
    }
    return 0;
}

clv_status clv_columns_add_remarks(clv_columns *columns, const clv_columns *more, clv_error *err)
{
    for (size_t i = 0; i < more->notes.count; i++) {
        if (has_note(columns, more->notes.items[i])) { continue; }
        CLV_TRY(clv_columns_add_note(columns, more->notes.items[i], err));
    }
    if (!more->flags) { return CLV_OK; }
    if (!columns->flags) { columns->flags = calloc(columns->points, 1); }
    CLV_CHECK(columns->flags, err, CLV_NO_MEMORY, "no memory for the flags of %zu points", columns->points);
    for (size_t i = 0; i < columns->points; i++) { columns->flags[i] |= more->flags[more->points == 1 ? 0 : i]; }
    return CLV_OK;
}

/* Shares one column of `more` with what is said of its points. */
static clv_status share_column(clv_columns *made, size_t to, const clv_columns *more, size_t c, clv_error *err)
{
    clv_columns_put(made, to, more->columns[c]);
    if (more->interval[c]) { CLV_TRY(clv_columns_set_interval(made, to, more->interval[c], err)); }
    if (more->held[c]) { CLV_TRY(clv_columns_set_held_error(made, to, more->held[c], err)); }
    return more->limit[c] ? clv_columns_set_limit(made, to, more->limit[c], err) : CLV_OK;
}

/* Shares the columns of `more` from place `first` on, with their intervals. */
static clv_status share_columns(clv_columns *made, size_t first, const clv_columns *more, clv_error *err)
{
    for (size_t c = 0; c < more->count; c++) { CLV_TRY(share_column(made, first + c, more, c, err)); }
    return CLV_OK;
}

static clv_status fill_pick(clv_columns *made, const clv_columns *columns, size_t c, clv_error *err)
{
    CLV_TRY(share_column(made, 0, columns, c, err));
    CLV_TRY(clv_columns_share_beside(made, columns, err));
    return clv_columns_add_remarks(made, columns, err);
}

/* Hands `fresh` over, or frees it after a failure. */
static clv_status finish(clv_status status, clv_columns *fresh, clv_columns **made)
{
    if (status) {
        clv_columns_free(fresh);
        return status;
    }
    *made = fresh;
    return CLV_OK;
}

static clv_status fill_copy(clv_columns *made, const clv_columns *columns, clv_error *err)
{
    CLV_TRY(share_columns(made, 0, columns, err));
    CLV_TRY(clv_columns_share_beside(made, columns, err));
    return clv_columns_add_remarks(made, columns, err);
}

clv_status clv_columns_copy(const clv_columns *columns, clv_columns **copy, clv_error *err)
{
    clv_columns *made = NULL;

    CLV_TRY(clv_columns_new(columns->frame.axes, columns->frame.count, columns->count, &made, err));
    return finish(fill_copy(made, columns, err), made, copy);
}

clv_status clv_columns_pick(const clv_columns *columns, size_t c, clv_columns **column, clv_error *err)
{
    clv_columns *made = NULL;

    CLV_CHECK(c < columns->count, err, CLV_BAD_ARGUMENT, "there is no column %zu of %zu", c + 1, columns->count);
    CLV_TRY(clv_columns_new(columns->frame.axes, columns->frame.count, 1, &made, err));
    return finish(fill_pick(made, columns, c, err), made, column);
}

static clv_status fill_join(clv_columns *made, const clv_columns *columns, const clv_columns *more, clv_error *err)
{
    CLV_TRY(share_columns(made, 0, columns, err));
    CLV_TRY(share_columns(made, columns->count, more, err));
    CLV_TRY(clv_columns_share_beside(made, columns, err));
    CLV_TRY(clv_columns_add_remarks(made, columns, err));
    return clv_columns_add_remarks(made, more, err);
}

clv_status clv_columns_join(const clv_columns *columns, const clv_columns *more, clv_columns **joined, clv_error *err)
{
    clv_columns *made = NULL;

    CLV_CHECK(clv_columns_same_axes(columns, more), err, CLV_BAD_ARGUMENT, "columns to be joined stand on other axes");
    CLV_TRY(clv_columns_new(columns->frame.axes, columns->frame.count, columns->count + more->count, &made, err));
    return finish(fill_join(made, columns, more, err), made, joined);
}

/* ---- Some points ---- */

/* Makes an axis of the listed places of another. */
static clv_status take_axis(const clv_axis *axis, const size_t *places, size_t count, clv_axis **taken, clv_error *err)
{
    double *values = reallocarray(NULL, count, sizeof *values);
    clv_status status;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for %zu values", count);
    for (size_t i = 0; i < count; i++) { values[i] = clv_axis_values(axis)[places[i]]; }
    status = clv_axis_new(clv_axis_name(axis), clv_axis_unit(axis), values, count, taken, err);
    free(values);
    return status;
}

/* Lists the points of `columns` that stay, in their order. */
static void list_points(const clv_columns *columns, size_t axis, const size_t *places, size_t count, size_t *points)
{
    size_t inner = 1, size = clv_axis_size(columns->frame.axes[axis]), outer, n = 0;

    for (size_t i = axis + 1; i < columns->frame.count; i++) { inner *= clv_axis_size(columns->frame.axes[i]); }
    outer = columns->points / (inner * size);
    for (size_t o = 0; o < outer; o++) {
        for (size_t p = 0; p < count; p++) {
            for (size_t i = 0; i < inner; i++) { points[n++] = (o * size + places[p]) * inner + i; }
        }
    }
}

/* Adds to `made` the term of a column at the listed points only. */
static clv_status take_term(clv_column *made, const clv_column_term *term, const size_t *points, size_t count,
                            clv_error *err)
{
    size_t width = term->source->n + term->source->m, room = width ? width : 1;
    size_t *map = reallocarray(NULL, count, sizeof *map);
    double *gradient = count <= SIZE_MAX / room ? reallocarray(NULL, count * room, sizeof *gradient) : NULL;
    clv_status status = CLV_NO_MEMORY;

    if (map && gradient) {
        for (size_t i = 0; i < count; i++) {
            map[i] = clv_column_source_point(term, points[i]);
            memcpy(gradient + i * width, clv_column_gradient(term, points[i]), width * sizeof *gradient);
        }
        status = clv_column_add_term(made, term->source, map, gradient, count, err);
    } else {
        clv_fail(err, status, "no memory for the gradients of %zu points", count);
    }
    free(map);
    free(gradient);
    return status;
}

static clv_status take_column(clv_columns *made, size_t c, const clv_column *column, const size_t *points,
                              double *values, clv_error *err)
{
    clv_column *fresh = NULL;
    clv_status status;

    for (size_t i = 0; i < made->points; i++) { values[i] = column->values[points[i]]; }
    CLV_TRY(clv_column_new(column->name, column->unit, values, made->points, &fresh, err));
    status = CLV_OK;
    for (size_t i = 0; !status && i < column->term_count; i++) {
        status = take_term(fresh, &column->terms[i], points, made->points, err);
    }
    if (!status) { clv_columns_put(made, c, fresh); }
    clv_object_free(fresh);
    return status;
}

static void take_numbers(const double *from, size_t width, const size_t *points, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++) { memcpy(to + width * i, from + width * points[i], width * sizeof *to); }
}

/* Fills `made` with the listed points; `numbers` is room for two numbers a point. */
static clv_status take_points(clv_columns *made, const clv_columns *columns, const size_t *points, double *numbers,
                              clv_error *err)
{
    for (size_t c = 0; c < columns->count; c++) {
        if (columns->columns[c]) { CLV_TRY(take_column(made, c, columns->columns[c], points, numbers, err)); }
        if (columns->interval[c]) {
            take_numbers(columns->interval[c], 2, points, made->points, numbers);
            CLV_TRY(clv_columns_set_interval(made, c, numbers, err));
        }
        if (columns->held[c]) {
            take_numbers(columns->held[c], 1, points, made->points, numbers);
            CLV_TRY(clv_columns_set_held_error(made, c, numbers, err));
        }
        if (columns->limit[c]) {
            take_numbers(columns->limit[c], 1, points, made->points, numbers);
            CLV_TRY(clv_columns_set_limit(made, c, numbers, err));
        }
    }
    CLV_TRY(clv_texts_join(&made->notes, &columns->notes, err));
    if (!columns->flags) { return CLV_OK; }
    made->flags = malloc(made->points);
    CLV_CHECK(made->flags, err, CLV_NO_MEMORY, "no memory for the flags of %zu points", made->points);
    for (size_t i = 0; i < made->points; i++) { made->flags[i] = columns->flags[points[i]]; }
    return CLV_OK;
}

static clv_status take_besides(clv_columns *made, const clv_columns *columns, size_t axis, const size_t *places,
                               size_t count, clv_error *err)
{
    for (size_t i = 0; i < columns->frame.count; i++) {
        if (i != axis) { CLV_TRY(clv_frame_copy_beside(&made->frame, i, &columns->frame, i, err)); }
    }
    for (size_t i = 0; i < columns->frame.beside_count[axis]; i++) {
        clv_axis *taken = NULL;
        clv_status status;

        CLV_TRY(take_axis(columns->frame.beside[axis][i], places, count, &taken, err));
        status = clv_frame_add_beside(&made->frame, axis, taken, err);
        clv_axis_free(taken);
        CLV_TRY(status);
    }
    return CLV_OK;
}

static clv_status fill_take(clv_columns *made, const clv_columns *columns, size_t axis, const size_t *places,
                            size_t count, clv_error *err)
{
    size_t *points = reallocarray(NULL, made->points, sizeof *points);
    double *numbers = reallocarray(NULL, made->points, 2 * sizeof *numbers);
    clv_status status = CLV_NO_MEMORY;

    if (points && numbers) {
        list_points(columns, axis, places, count, points);
        status = take_points(made, columns, points, numbers, err);
    } else {
        clv_fail(err, status, "no memory for %zu points", made->points);
    }
    free(points);
    free(numbers);
    CLV_TRY(status);
    return take_besides(made, columns, axis, places, count, err);
}

clv_status clv_columns_take(const clv_columns *columns, size_t axis, const size_t *places, size_t count,
                            clv_columns **made, clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES] = {NULL}, *taken = NULL;
    clv_columns *fresh = NULL;
    clv_status status;

    CLV_CHECK(axis < columns->frame.count, err, CLV_BAD_ARGUMENT, "the columns have no axis %zu", axis + 1);
    CLV_CHECK(count > 0, err, CLV_BAD_ARGUMENT, "no place along %s is left", clv_axis_name(columns->frame.axes[axis]));
    for (size_t i = 0; i < count; i++) {
        CLV_CHECK(places[i] < clv_axis_size(columns->frame.axes[axis]) && (i == 0 || places[i] > places[i - 1]), err,
                  CLV_BAD_ARGUMENT, "the places along %s must ascend and lie within it",
                  clv_axis_name(columns->frame.axes[axis]));
    }
    CLV_TRY(take_axis(columns->frame.axes[axis], places, count, &taken, err));
    for (size_t i = 0; i < columns->frame.count; i++) { axes[i] = i == axis ? taken : columns->frame.axes[i]; }
    status = clv_columns_new(axes, columns->frame.count, columns->count, &fresh, err);
    clv_axis_free(taken);
    CLV_TRY(status);
    return finish(fill_take(fresh, columns, axis, places, count, err), fresh, made);
}
