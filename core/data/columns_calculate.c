/* Calculates a column from others with all their covariances: first-order propagation (JCGM 100:2008, 5.2).
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include <corelevel/expression.h>

#include "columns.h"

/* One calculation: the formula, its columns, and the numbers of one point. */
typedef struct calculation {
    clv_expression *formula;
    const size_t *used; /* which of the columns the formula uses */
    size_t used_count;
    const clv_columns *const *columns;
    const clv_columns *widest; /* whose axes the result has */
    size_t points;
    double *point;      /* the value of each column at one point */
    double *values;     /* [points] of the result */
    double *derivative; /* [points][used]: of the result by each used column */
} calculation;

static int is_single(const clv_columns *columns) { return columns->points == 1; }

/* Finds the axes of the result; all used columns of several points must stand on them. */
static clv_status find_axes(calculation *k, const char *const *names, clv_error *err)
{
    k->widest = k->used_count ? k->columns[k->used[0]] : k->columns[0];
    for (size_t i = 0; i < k->used_count; i++) {
        const clv_columns *one = k->columns[k->used[i]];

        CLV_CHECK(one->count == 1 && one->columns[0], err, CLV_BAD_ARGUMENT,
                  "%s holds %zu columns where one should stand", names[k->used[i]], one->count);
        if (is_single(k->widest) && !is_single(one)) { k->widest = one; }
    }
    for (size_t i = 0; i < k->used_count; i++) {
        const clv_columns *one = k->columns[k->used[i]];

        CLV_CHECK(is_single(one) || clv_columns_same_axes(one, k->widest), err, CLV_BAD_ARGUMENT,
                  "%s stands on other axes than the columns before it", names[k->used[i]]);
    }
    k->points = k->widest->points;
    return CLV_OK;
}

static clv_status evaluate(calculation *k, size_t count, clv_error *err)
{
    size_t width = k->used_count ? k->used_count : 1;

    k->point = calloc(count ? count : 1, sizeof *k->point);
    k->values = calloc(k->points, sizeof *k->values);
    k->derivative = k->points <= SIZE_MAX / width ? calloc(k->points * width, sizeof *k->derivative) : NULL;
    CLV_CHECK(k->point && k->values && k->derivative, err, CLV_NO_MEMORY, "no memory to calculate %zu points",
              k->points);
    for (size_t p = 0; p < k->points; p++) {
        for (size_t i = 0; i < k->used_count; i++) {
            const clv_columns *one = k->columns[k->used[i]];

            k->point[k->used[i]] = one->columns[0]->values[is_single(one) ? 0 : p];
        }
        k->values[p] = clv_expression_value(k->formula, k->point, k->derivative + p * width);
    }
    return CLV_OK;
}

/* Whether two terms depend on the same points of the same source, so that they can be added up to one. */
static int same_term(const clv_column_term *a, const clv_column_term *b, int single_a, int single_b, size_t points)
{
    if (a->source != b->source || single_a != single_b) { return 0; }
    if (!a->map && !b->map) { return 1; }
    for (size_t p = 0; p < (single_a ? 1 : points); p++) {
        if (clv_column_source_point(a, p) != clv_column_source_point(b, p)) { return 0; }
    }
    return 1;
}

/* One term of one used column. */
typedef struct place {
    size_t used, term;
} place;

static const clv_column_term *term_at(const calculation *k, place at)
{
    return &k->columns[k->used[at.used]]->columns[0]->terms[at.term];
}

static int single_at(const calculation *k, place at) { return is_single(k->columns[k->used[at.used]]); }

static int joins(const calculation *k, place a, place b)
{
    return same_term(term_at(k, a), term_at(k, b), single_at(k, a), single_at(k, b), k->points);
}

/* Moves to the next term of all used columns; 0 when there is none. */
static int next_place(const calculation *k, place *at)
{
    while (at->used < k->used_count && at->term >= k->columns[k->used[at->used]]->columns[0]->term_count) {
        at->used++;
        at->term = 0;
    }
    return at->used < k->used_count;
}

/* Whether a term that joins `at` stands before it, and so has been added already. */
static int is_done(const calculation *k, place at)
{
    for (place before = {0, 0}; next_place(k, &before); before.term++) {
        if (before.used == at.used && before.term == at.term) { return 0; }
        if (joins(k, before, at)) { return 1; }
    }
    return 0;
}

/* Adds `at` and all later terms that join it to the gradient of the result, by the chain rule. */
static void add_gradients(const calculation *k, place at, double *gradient)
{
    size_t width = term_at(k, at)->source->n + term_at(k, at)->source->m;

    for (place more = at; next_place(k, &more); more.term++) {
        const clv_column_term *term = term_at(k, more);

        if (!joins(k, at, more)) { continue; }
        for (size_t p = 0; p < k->points; p++) {
            const double *row = clv_column_gradient(term, single_at(k, more) ? 0 : p);
            double by = k->derivative[p * k->used_count + more.used];

            for (size_t i = 0; i < width; i++) {
                if (row[i] != 0.0) { gradient[p * width + i] += by * row[i]; }
            }
        }
    }
}

static clv_status add_term(const calculation *k, place at, clv_column *column, clv_error *err)
{
    const clv_column_term *term = term_at(k, at);
    size_t width = term->source->n + term->source->m, room = width ? width : 1;
    double *gradient = k->points <= SIZE_MAX / room ? calloc(k->points * room, sizeof *gradient) : NULL;
    size_t *map = reallocarray(NULL, k->points, sizeof *map);
    clv_status status = CLV_NO_MEMORY;

    if (gradient && map) {
        for (size_t p = 0; p < k->points; p++) { map[p] = clv_column_source_point(term, single_at(k, at) ? 0 : p); }
        add_gradients(k, at, gradient);
        status = clv_column_add_term(column, term->source, single_at(k, at) || term->map ? map : NULL, gradient,
                                     k->points, err);
    } else {
        clv_fail(err, status, "no memory for the gradients of %zu points", k->points);
    }
    free(gradient);
    free(map);
    return status;
}

static clv_status fill_result(const calculation *k, clv_columns *made, const char *name, const char *unit,
                              clv_error *err)
{
    clv_column *column = NULL;
    clv_status status;

    CLV_TRY(clv_column_new(name, unit, k->values, k->points, &column, err));
    status = CLV_OK;
    for (place at = {0, 0}; !status && next_place(k, &at); at.term++) {
        if (!is_done(k, at)) { status = add_term(k, at, column, err); }
    }
    if (!status) { clv_columns_put(made, 0, column); }
    clv_object_free(column);
    CLV_TRY(status);
    CLV_TRY(clv_columns_share_beside(made, k->widest, err));
    for (size_t i = 0; i < k->used_count; i++) { CLV_TRY(clv_columns_add_remarks(made, k->columns[k->used[i]], err)); }
    return CLV_OK;
}

static clv_status calculate(calculation *k, const char *const *names, size_t count, const char *name, const char *unit,
                            clv_columns **made, clv_error *err)
{
    clv_columns *fresh = NULL;
    clv_status status;

    CLV_TRY(find_axes(k, names, err));
    CLV_TRY(evaluate(k, count, err));
    CLV_TRY(clv_columns_new(k->widest->frame.axes, k->widest->frame.count, 1, &fresh, err));
    status = fill_result(k, fresh, name, unit, err);
    if (status) {
        clv_columns_free(fresh);
        return status;
    }
    *made = fresh;
    return CLV_OK;
}

clv_status clv_columns_calculate(const char *expression, const char *const *names, const clv_columns *const *columns,
                                 size_t count, const char *name, const char *unit, clv_columns **made, clv_error *err)
{
    calculation k = {.columns = columns};
    clv_status status;

    CLV_CHECK(count > 0, err, CLV_BAD_ARGUMENT, "there is no column to calculate '%s' from", expression);
    CLV_TRY(clv_expression_new(expression, names, count, &k.formula, err));
    k.used = clv_expression_names_used(k.formula, &k.used_count);
    status = calculate(&k, names, count, name, unit, made, err);
    clv_expression_free(k.formula);
    free(k.point);
    free(k.values);
    free(k.derivative);
    return status;
}
