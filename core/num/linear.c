/* Householder triangles, their solution, rank and inverse, for the small dense systems of fits.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linear.h"

#include <math.h>
#include <string.h>

double clv_linear_norm(const double *x, size_t n)
{
    double largest = 0, sum = 0;

    for (size_t i = 0; i < n; i++) { largest = fmax(largest, fabs(x[i])); }
    if (largest == 0 || !isfinite(largest)) { return largest; }
    for (size_t i = 0; i < n; i++) { sum += (x[i] / largest) * (x[i] / largest); }
    return largest * sqrt(sum);
}

/* y -= v (v.y) / (v.v / 2), with `half` = v.v / 2 */
static void reflect(const double *v, double half, double *y, size_t n)
{
    double product = 0;

    for (size_t i = 0; i < n; i++) { product += v[i] * y[i]; }
    product /= half;
    for (size_t i = 0; i < n; i++) { y[i] -= product * v[i]; }
}

/* Annihilates column k below the diagonal and applies the reflection to the columns behind it and to b. */
static void annihilate(double *a, size_t rows, size_t columns, size_t k, double *b)
{
    double *v = a + k * rows + k;
    size_t n = rows - k;
    double norm = clv_linear_norm(v, n), diagonal, half;

    if (norm == 0 || !isfinite(norm)) { return; }
    for (size_t i = 0; i < n; i++) { v[i] /= norm; }
    diagonal = v[0] > 0 ? -1 : 1;
    half = 1 - diagonal * v[0];
    v[0] -= diagonal;
    for (size_t j = k + 1; j < columns; j++) { reflect(v, half, a + j * rows + k, n); }
    if (b) { reflect(v, half, b + k, n); }
    v[0] = diagonal * norm;
}

void clv_linear_triangle(double *a, size_t rows, size_t columns, double *b)
{
    for (size_t k = 0; k < columns; k++) { annihilate(a, rows, columns, k, b); }
}

void clv_linear_back(const double *a, size_t rows, size_t columns, const double *b, double *x)
{
    for (size_t k = columns; k-- > 0;) {
        double sum = b[k], diagonal = a[k * rows + k];
        for (size_t j = k + 1; j < columns; j++) { sum -= a[j * rows + k] * x[j]; }
        x[k] = diagonal != 0 ? sum / diagonal : 0;
    }
}

static void exchange(double *a, double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

size_t clv_linear_rank(double *a, size_t rows, size_t columns, double tolerance, size_t *order)
{
    size_t rank = 0;

    for (size_t k = 0; k < columns; k++) { order[k] = k; }
    for (size_t k = 0; k < columns; k++) {
        size_t best = k, kept = order[k];
        double largest = -1;
        for (size_t j = k; j < columns; j++) {
            double norm = clv_linear_norm(a + j * rows + k, rows - k);
            if (norm > largest) {
                largest = norm;
                best = j;
            }
        }
        if (best != k) { exchange(a + k * rows, a + best * rows, rows); }
        order[k] = order[best];
        order[best] = kept;
        annihilate(a, rows, columns, k, NULL);
        if (fabs(a[k * rows + k]) > tolerance * fabs(a[0])) { rank = k + 1; }
    }
    return rank;
}

void clv_linear_covariance(const double *a, size_t rows, size_t columns, double *inverse)
{
    /* the inverse of R, column by column, then its product with its own transpose */
    memset(inverse, 0, columns * columns * sizeof *inverse);
    for (size_t j = 0; j < columns; j++) {
        double *column = inverse + j * columns;
        column[j] = 1;
        clv_linear_back(a, rows, j + 1, column, column);
    }
    for (size_t i = 0; i < columns; i++) {
        for (size_t j = i; j < columns; j++) {
            double sum = 0;
            for (size_t k = j; k < columns; k++) { sum += inverse[k * columns + i] * inverse[k * columns + j]; }
            /* nothing later reads column i above row i of the lower part, so that the result may stand there */
            inverse[i * columns + j] = sum;
        }
    }
    for (size_t i = 0; i < columns; i++) {
        for (size_t j = i + 1; j < columns; j++) { inverse[j * columns + i] = inverse[i * columns + j]; }
    }
}
