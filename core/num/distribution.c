/* Tail probabilities by error function, series and continued fraction.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/distribution.h"

#include <float.h>
#include <math.h>

#define TERM_LIMIT 100000

double clv_distribution_normal_tail(double z) { return 0.5 * erfc(z / sqrt(2)); }

double clv_distribution_normal_quantile(double tail)
{
    double low = -40, high = 40;

    if (!(tail > 0 && tail < 1)) { return tail == 0 ? INFINITY : tail == 1 ? -INFINITY : NAN; }
    for (int i = 0; i < 100; i++) {
        double middle = 0.5 * (low + high);

        *(clv_distribution_normal_tail(middle) > tail ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

double clv_distribution_upper_limit(double value, double error, double level)
{
    double above_zero;

    if (!(error > 0) || !(level > 0 && level < 1)) { return NAN; }
    above_zero = clv_distribution_normal_tail(-value / error);
    return value + error * clv_distribution_normal_quantile((1 - level) * above_zero);
}

/* x^a e^-x / Gamma(a + 1); the logarithm of Gamma in the form that sets no global sign */
static double front(double a, double x)
{
    int sign;

    return exp(a * log(x) - x - lgamma_r(a + 1, &sign));
}

/* The lower part by its power series, for x below a + 1. */
static double lower_series(double a, double x)
{
    double term = 1, sum = 1;

    for (int k = 1; k < TERM_LIMIT && term > sum * DBL_EPSILON / 4; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return sum * front(a, x);
}

/* The upper part by its continued fraction (Lentz's way), for x above a + 1. */
static double upper_fraction(double a, double x)
{
    const double tiny = 1e-300;
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, product = d;

    for (int k = 1; k < TERM_LIMIT; k++) {
        double by = -k * (k - a), factor;
        b += 2;
        d = by * d + b;
        c = b + by / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        factor = c * d;
        product *= factor;
        if (fabs(factor - 1) < DBL_EPSILON) { break; }
    }
    return product * a * front(a, x);
}

double clv_distribution_chi2_tail(double chi2, double dof)
{
    double a = 0.5 * dof, x = 0.5 * chi2;

    if (!(dof > 0) || isnan(chi2)) { return NAN; }
    if (x <= 0) { return 1; }
    if (isinf(x)) { return 0; }
    return x < a + 1 ? 1 - lower_series(a, x) : upper_fraction(a, x);
}
