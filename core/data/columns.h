/* What columns are made of, for the files that calculate and print them. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_COLUMNS_H
#define CLV_DATA_COLUMNS_H

#include <corelevel/columns.h>

#include "frame.h"
#include "object.h"
#include "texts.h"
#include "uncertainty.h"

/* How the values of a column depend on one source. */
typedef struct clv_column_term {
    clv_uncertainty *source;
    size_t *map;      /* [points]: the source's point of each point; NULL when they are the same */
    double *gradient; /* [points][n + m], or one row for all points when stride is 0 */
    size_t stride;
} clv_column_term;

/* One column; immutable and shared between columns once it is filled. */
typedef struct clv_column {
    clv_object base;
    char *name, *unit;
    double *values; /* [points] */
    clv_column_term *terms;
    size_t term_count;
} clv_column;

struct clv_columns {
    clv_object base;
    clv_frame frame;
    size_t points, count;
    clv_column **columns; /* NULL until filled */
    double **interval;    /* of each column [points][2] or NULL */
    double **held;        /* of each column [points] or NULL: errors of values that a bound holds, were they free */
    double **limit;       /* of each column [points] or NULL: upper limits of what was not detected, else NaN */
    uint8_t *flags;       /* [points] or NULL: all 0 */
    clv_texts notes;
};

/* Makes a column of `points` values (copied) without terms. Errors: CLV_NO_MEMORY. */
clv_status clv_column_new(const char *name, const char *unit, const double *values, size_t points, clv_column **column,
                          clv_error *err);

/* Adds a term of copied numbers; rows that are all equal are kept once. `map` may be NULL. Errors: CLV_NO_MEMORY. */
clv_status clv_column_add_term(clv_column *column, const clv_uncertainty *source, const size_t *map,
                               const double *gradient, size_t points, clv_error *err);

/* The gradient of a point, and the source's point that belongs to it. */
const double *clv_column_gradient(const clv_column_term *term, size_t point);
size_t clv_column_source_point(const clv_column_term *term, size_t point);

/* Puts a column (shared) at place `c`. */
void clv_columns_put(clv_columns *columns, size_t c, const clv_column *column);

/* Adds the notes of `more` that are not there yet, and the flags of its points (of its one point to all). Errors:
   CLV_NO_MEMORY. */
clv_status clv_columns_add_remarks(clv_columns *columns, const clv_columns *more, clv_error *err);

/* Shares what stands beside the axes of `more`, which has the same axes. */
clv_status clv_columns_share_beside(clv_columns *columns, const clv_columns *more, clv_error *err);

/* Makes a copy that may be added to, sharing the columns themselves. Errors: CLV_NO_MEMORY. */
clv_status clv_columns_copy(const clv_columns *columns, clv_columns **copy, clv_error *err);

/* Whether two columns stand on equal axes. */
int clv_columns_same_axes(const clv_columns *a, const clv_columns *b);

#endif
