/* Small dense linear algebra by Householder reflections. Matrices are column by column: a[j * rows + i].
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_LINEAR_H
#define NUM_LINEAR_H

#include <stddef.h>

/* Turns `a` (rows x columns, rows >= columns) into R in its upper triangle by Householder reflections, applies the same
   to `b` (rows long; NULL for none), and leaves below the diagonal what the reflections leave. */
void clv_linear_triangle(double *a, size_t rows, size_t columns, double *b);

/* Solves R x = b for the upper triangle that stands in `a` (leading dimension `rows`). A zero on the diagonal gives x =
   0 there. `x` may be `b`. */
void clv_linear_back(const double *a, size_t rows, size_t columns, const double *b, double *x);

/* Triangle with column exchange: `order[k]` is the column that came to place k; diagonals fall in size. Returns the
   rank: how many diagonals exceed `tolerance` times the first. */
size_t clv_linear_rank(double *a, size_t rows, size_t columns, double tolerance, size_t *order);

/* Writes the inverse of R^T R (columns x columns, symmetric) for the upper triangle in `a`; no diagonal may be zero. */
void clv_linear_covariance(const double *a, size_t rows, size_t columns, double *inverse);

/* The euclidean norm, safe against overflow. */
double clv_linear_norm(const double *x, size_t n);

#endif
