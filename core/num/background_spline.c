/* Natural cubic splines through given energies, one column for the value at each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/background.h"

#include <math.h>

/* Second derivatives at the knots: the tridiagonal equations of a natural spline, solved by elimination. */
static void second_derivatives(const double *x, const double *y, size_t n, double *second)
{
    double above[CLV_BACKGROUND_SPLINE_LIMIT] = {0};

    second[0] = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        double left = x[i] - x[i - 1], right = x[i + 1] - x[i], whole = x[i + 1] - x[i - 1];
        double turn = (y[i + 1] - y[i]) / right - (y[i] - y[i - 1]) / left;
        double pivot = 2 * whole - left * above[i - 1];
        above[i] = right / pivot;
        second[i] = (6 * turn - left * second[i - 1]) / pivot;
    }
    second[n - 1] = 0;
    for (size_t i = n - 1; i-- > 1;) { second[i] -= above[i] * second[i + 1]; }
}

/* Value and slope at one energy, between knots i and i + 1 or straight on beyond the ends. */
static double evaluate(const double *x, const double *y, const double *second, size_t n, double at, double *slope)
{
    size_t i = 0;
    double inside = fmin(fmax(at, x[0]), x[n - 1]);

    while (i + 2 < n && x[i + 1] <= inside) { i++; }
    double h = x[i + 1] - x[i], a = (x[i + 1] - inside) / h, b = (inside - x[i]) / h;
    double value =
        a * y[i] + b * y[i + 1] + ((a * a * a - a) * second[i] + (b * b * b - b) * second[i + 1]) * h * h / 6;
    *slope = (y[i + 1] - y[i]) / h + ((1 - 3 * a * a) * second[i] + (3 * b * b - 1) * second[i + 1]) * h / 6;
    return value + *slope * (at - inside);
}

clv_status clv_background_spline(const double *knots, size_t knot_count, size_t which, const double *x, size_t n,
                                 double *column, double *slope, clv_error *err)
{
    double y[CLV_BACKGROUND_SPLINE_LIMIT] = {0}, second[CLV_BACKGROUND_SPLINE_LIMIT], steepness;

    CLV_CHECK(knot_count >= 2 && knot_count <= CLV_BACKGROUND_SPLINE_LIMIT && which < knot_count, err, CLV_BAD_ARGUMENT,
              "a spline goes through 2 to %d energies, not %zu", CLV_BACKGROUND_SPLINE_LIMIT, knot_count);
    for (size_t k = 1; k < knot_count; k++) {
        CLV_CHECK(knots[k] > knots[k - 1], err, CLV_BAD_ARGUMENT,
                  "the energies of a spline ascend, but %g eV follows %g eV", knots[k], knots[k - 1]);
    }
    y[which] = 1;
    second_derivatives(knots, y, knot_count, second);
    for (size_t i = 0; i < n; i++) {
        column[i] = evaluate(knots, y, second, knot_count, x[i], slope ? &slope[i] : &steepness);
    }
    return CLV_OK;
}
