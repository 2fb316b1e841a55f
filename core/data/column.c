/* Makes single columns and the terms by which they depend on sources of uncertainty.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "columns.h"

static void destroy_column(void *object)
{
    clv_column *column = object;

    for (size_t i = 0; i < column->term_count; i++) {
        clv_uncertainty_free(column->terms[i].source);
        free(column->terms[i].map);
        free(column->terms[i].gradient);
    }
    free(column->terms);
    free(column->name);
    free(column->unit);
    free(column->values);
    free(column);
}

clv_status clv_column_new(const char *name, const char *unit, const double *values, size_t points, clv_column **column,
                          clv_error *err)
{
    clv_column *made = clv_object_new(sizeof *made, CLV_NIL, destroy_column);

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for column %s", name);
    made->name = clv_texts_copy(name);
    made->unit = clv_texts_copy(unit);
    made->values = reallocarray(NULL, points, sizeof *values);
    if (!made->name || !made->unit || !made->values) {
        clv_object_free(made);
        return clv_fail(err, CLV_NO_MEMORY, "no memory for the %zu values of column %s", points, name);
    }
    memcpy(made->values, values, points * sizeof *values);
    *column = made;
    return CLV_OK;
}

static int rows_are_equal(const double *rows, size_t width, size_t points)
{
    for (size_t i = 1; i < points; i++) {
        for (size_t j = 0; j < width; j++) {
            if (rows[i * width + j] != rows[j]) { return 0; }
        }
    }
    return 1;
}

static clv_status fill_term(clv_column_term *term, const size_t *map, const double *gradient, size_t width,
                            size_t points, clv_error *err)
{
    size_t rows = rows_are_equal(gradient, width, points) ? 1 : points, count;

    term->stride = rows == 1 ? 0 : width;
    CLV_CHECK(!__builtin_mul_overflow(rows, width ? width : 1, &count), err, CLV_NO_MEMORY, "no memory for gradients");
    term->gradient = reallocarray(NULL, count, sizeof *gradient);
    term->map = map ? reallocarray(NULL, points, sizeof *map) : NULL;
    CLV_CHECK(term->gradient && (term->map || !map), err, CLV_NO_MEMORY, "no memory for gradients");
    memcpy(term->gradient, gradient, rows * width * sizeof *gradient);
    if (map) { memcpy(term->map, map, points * sizeof *map); }
    return CLV_OK;
}

clv_status clv_column_add_term(clv_column *column, const clv_uncertainty *source, const size_t *map,
                               const double *gradient, size_t points, clv_error *err)
{
    clv_column_term *terms = reallocarray(column->terms, column->term_count + 1, sizeof *terms);
    clv_column_term *term;

    CLV_CHECK(terms, err, CLV_NO_MEMORY, "no memory for gradients");
    column->terms = terms;
    term = &terms[column->term_count++]; /* counted at once, so that it is freed with the column */
    *term = (clv_column_term){.source = clv_uncertainty_ref(source)};
    return fill_term(term, map, gradient, source->n + source->m, points, err);
}

const double *clv_column_gradient(const clv_column_term *term, size_t point)
{
    return term->gradient + point * term->stride;
}

size_t clv_column_source_point(const clv_column_term *term, size_t point)
{
    return term->map ? term->map[point] : point;
}
