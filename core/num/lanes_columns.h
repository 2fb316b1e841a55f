/* Sums over columns of channels and running integrals, written once and compiled for each level. See columns.h.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_NUM_LANES_COLUMNS_H
#define CLV_NUM_LANES_COLUMNS_H

#include "num/lanes.h"
#include "num/lanes_math.h"

/* Columns a side of a tile of the Gram matrix: its accumulators and operands fill the registers. */
#if LANES == 8
#define TILE 4
#else
#define TILE 3
#endif

/* A run of at most TILE columns; those behind the last repeat it, and what comes of them is not used. */
typedef struct column_run {
    const double *column[TILE];
    size_t first, count;
} column_run;

static column_run run_at(const double *const *columns, size_t count, size_t first)
{
    column_run run = {.first = first, .count = count - first < TILE ? count - first : TILE};

    for (size_t k = 0; k < TILE; k++) { run.column[k] = columns[first + (k < run.count ? k : run.count - 1)]; }
    return run;
}

/* The products of one run with an earlier one, into both triangles. */
static void gram_tile(const column_run *a, const column_run *b, const double *weights, size_t n, double *gram,
                      size_t count)
{
    vec sum[TILE][TILE] = {{{0}}};

    for (size_t i = 0; i < n; i += LANES) {
        vec w = vec_load(weights + i), f[TILE];
#pragma GCC unroll 4
        for (int p = 0; p < TILE; p++) { f[p] = w * vec_load(a->column[p] + i); }
#pragma GCC unroll 4
        for (int q = 0; q < TILE; q++) {
            vec g = vec_load(b->column[q] + i);
#pragma GCC unroll 4
            for (int p = 0; p < TILE; p++) { sum[p][q] = vec_fma(f[p], g, sum[p][q]); }
        }
    }
    for (size_t p = 0; p < a->count; p++) {
        for (size_t q = 0; q < b->count; q++) {
            double s = vec_sum(sum[p][q]);
            gram[(a->first + p) * count + b->first + q] = s;
            gram[(b->first + q) * count + a->first + p] = s;
        }
    }
}

/* The products of one run with itself and with the target. */
static void gram_corner(const column_run *a, const double *weights, const double *target, size_t n, double *gram,
                        size_t count, double *projection)
{
    vec sum[TILE][TILE] = {{{0}}}, onto[TILE] = {{0}};

    for (size_t i = 0; i < n; i += LANES) {
        vec w = vec_load(weights + i), y = vec_load(target + i), f[TILE];
#pragma GCC unroll 4
        for (int p = 0; p < TILE; p++) {
            f[p] = vec_load(a->column[p] + i);
            vec g = w * f[p];
            onto[p] = vec_fma(g, y, onto[p]);
#pragma GCC unroll 4
            for (int q = 0; q <= p; q++) { sum[p][q] = vec_fma(g, f[q], sum[p][q]); }
        }
    }
    for (size_t p = 0; p < a->count; p++) {
        projection[a->first + p] = vec_sum(onto[p]);
        for (size_t q = 0; q <= p; q++) {
            double s = vec_sum(sum[p][q]);
            gram[(a->first + p) * count + a->first + q] = s;
            gram[(a->first + q) * count + a->first + p] = s;
        }
    }
}

static void gram(const double *const *columns, size_t count, const double *weights, const double *target, size_t n,
                 double *out, double *projection)
{
    for (size_t first = 0; first < count; first += TILE) {
        column_run a = run_at(columns, count, first);
        for (size_t before = 0; before < first; before += TILE) {
            column_run b = run_at(columns, count, before);
            gram_tile(&a, &b, weights, n, out, count);
        }
        gram_corner(&a, weights, target, n, out, count, projection);
    }
}

static void combine(const double *const *columns, size_t count, const double *coefficients, size_t n, double *out)
{
    for (size_t i = 0; i < n; i += LANES) {
        vec sum = vec_all(0.0);
        for (size_t k = 0; k < count; k++) { sum = vec_fma(vec_all(coefficients[k]), vec_load(columns[k] + i), sum); }
        vec_store(out + i, sum);
    }
}

static void add_scaled(double *out, double factor, const double *column, size_t n)
{
    for (size_t i = 0; i < n; i += LANES) {
        vec_store(out + i, vec_fma(vec_all(factor), vec_load(column + i), vec_load(out + i)));
    }
}

static double weighted_squares(const double *column, const double *weights, size_t n)
{
    vec sum = vec_all(0.0);

    for (size_t i = 0; i < n; i += LANES) {
        vec f = vec_load(column + i);
        sum = vec_fma(vec_load(weights + i) * f, f, sum);
    }
    return vec_sum(sum);
}

static double poisson(const double *counts, const double *model, const double *mask, double least, size_t n,
                      double *weights)
{
    vec sum = vec_all(0.0);

    for (size_t i = 0; i < n; i += LANES) {
        vec y = vec_load(counts + i), m = vec_max(vec_load(model + i), vec_all(least)), keep = vec_load(mask + i);
        vec seen = vec_max(y, vec_all(0.0)), inverse = 1.0 / m;
        vec ratio =
            vec_max(seen, vec_all(1e-200)) * inverse; /* its logarithm is multiplied by 0 where nothing was seen */
        sum = vec_fma(keep, vec_fma(seen, vec_log(ratio), m - y), sum);
        if (weights) { vec_store(weights + i, keep * inverse); }
    }
    return 2 * vec_sum(sum);
}

static void integrate_uniform(double step, double own, double factor, const double *in, double *out, size_t n)
{
    vec carry = vec_all(n > 0 ? -0.5 * in[0] : 0), scale = vec_all(factor * step);
    vec rest = vec_all(own - 0.5 * factor * step);

    for (size_t i = 0; i < n; i += LANES) {
        vec f = vec_load(in + i), sum = vec_prefix(f) + carry;
        vec_store(out + i, vec_fma(scale, sum, rest * f));
        carry = vec_last(sum);
    }
}

static void integrate_grid(const double *energy, double own, double factor, const double *in, double *out, size_t n)
{
    vec carry = vec_all(0.0), half = vec_all(0.5 * factor), keep = vec_all(own);

    for (size_t i = 0; i < n; i += LANES) {
        vec e = vec_load(energy + i), f = vec_load(in + i), e_before, f_before;
        if (i == 0) {
            e_before = vec_shift_in(e, e[0]);
            f_before = vec_shift_in(f, f[0]);
        } else {
            e_before = vec_load_any(energy + i - 1);
            f_before = vec_load_any(in + i - 1);
        }
        vec sum = vec_prefix((e - e_before) * (f + f_before)) + carry;
        vec_store(out + i, vec_fma(half, sum, keep * f));
        carry = vec_last(sum);
    }
}

static void integrate(const double *energy, double step, double own, double factor, const double *in, double *out,
                      size_t n)
{
    if (energy) {
        integrate_grid(energy, own, factor, in, out, n);
    } else {
        integrate_uniform(step, own, factor, in, out, n);
    }
}

#endif
