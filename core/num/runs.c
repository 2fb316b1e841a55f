/* Counts the runs of residuals' signs and judges them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/runs.h"

#include <math.h>

#include "num/distribution.h"

#define EXACT_LIMIT 40

static double choose(size_t n, size_t k)
{
    double product = 1;

    if (k > n) { return 0; }
    for (size_t i = 1; i <= k; i++) { product *= (double)(n - k + i) / (double)i; }
    return product;
}

/* The probability of exactly `runs` runs of a and b signs. */
static double probability_of(size_t runs, size_t a, size_t b)
{
    size_t half = runs / 2;
    double ways = runs % 2 == 0
                      ? 2 * choose(a - 1, half - 1) * choose(b - 1, half - 1)
                      : choose(a - 1, half) * choose(b - 1, half - 1) + choose(a - 1, half - 1) * choose(b - 1, half);

    return ways / choose(a + b, a);
}

static double exact(size_t runs, size_t a, size_t b)
{
    double below = 0, above = 0;

    for (size_t r = 2; r <= a + b; r++) {
        double p = probability_of(r, a, b);
        below += r <= runs ? p : 0;
        above += r >= runs ? p : 0;
    }
    return fmin(1, 2 * fmin(below, above));
}

static double approximate(size_t runs, size_t positive, size_t negative)
{
    double a = (double)positive, b = (double)negative, n = a + b;
    double mean = 2 * a * b / n + 1, variance = 2 * a * b * (2 * a * b - n) / (n * n * (n - 1));
    double off = fmax(0, fabs((double)runs - mean) - 0.5);

    return variance > 0 ? fmin(1, 2 * clv_distribution_normal_tail(off / sqrt(variance))) : 1;
}

double clv_runs_test(const double *residuals, size_t n)
{
    size_t positive = 0, negative = 0, runs = 0;
    int last = 0;

    for (size_t i = 0; i < n; i++) {
        int sign = (residuals[i] > 0) - (residuals[i] < 0);
        if (sign == 0) { continue; }
        runs += sign != last;
        positive += sign > 0;
        negative += sign < 0;
        last = sign;
    }
    if (positive + negative < 2) { return 1; }
    if (positive == 0 || negative == 0) { return 2 * pow(0.5, (double)(positive + negative)); }
    return positive + negative <= EXACT_LIMIT ? exact(runs, positive, negative) : approximate(runs, positive, negative);
}

double clv_runs_abbe(const double *residuals, size_t n)
{
    double steps = 0, squares = 0;

    if (n < 2) { return NAN; }
    for (size_t i = 0; i < n; i++) {
        double step = i > 0 ? residuals[i] - residuals[i - 1] : 0;
        steps += step * step;
        squares += residuals[i] * residuals[i];
    }
    return squares > 0 ? 0.5 * steps / (double)(n - 1) / (squares / (double)n) : NAN;
}
