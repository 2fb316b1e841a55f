/* Finds the energy of an absorption edge. SPDX-License-Identifier: GPL-3.0-or-later */
#include "edge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HIGH 0.6 /* of the derivative's range: what is a high point */

static double difference(const double *y, size_t n, size_t i)
{
    if (i == 0) { return y[1] - y[0]; }
    if (i + 1 == n) { return y[n - 1] - y[n - 2]; }
    return 0.5 * (y[i + 1] - y[i - 1]);
}

void xas_derivative(const double *energy, const double *mu, size_t n, double *derivative)
{
    for (size_t i = 0; i < n; i++) { derivative[i] = difference(mu, n, i) / difference(energy, n, i); }
}

size_t xas_index_of(const double *energy, size_t n, double at)
{
    size_t low = 0, high = n;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(energy[middle] <= at ? &low : &high) = middle;
    }
    return low;
}

size_t xas_index_near(const double *energy, size_t n, double at)
{
    size_t i = xas_index_of(energy, n, at);

    return i + 1 < n && fabs(energy[i + 1] - at) < fabs(energy[i] - at) ? i + 1 : i;
}

/* ---- The smoothed derivative */

static double interpolate(const double *x, const double *y, size_t n, double at)
{
    size_t i;

    if (!(at > x[0])) { return y[0]; }
    if (!(at < x[n - 1])) { return y[n - 1]; }
    i = xas_index_of(x, n, at);
    return y[i] + (y[i + 1] - y[i]) * (at - x[i]) / (x[i + 1] - x[i]);
}

/* Convolves with a Lorentzian of one step, mirrored at the ends; `window` has 2 n values. */
static void convolve(const double *y, size_t n, double *window, double *out)
{
    double sum = 0;

    for (size_t k = 0; k < 2 * n; k++) {
        double t = (double)k - (double)n;
        window[k] = 1 / (1 + t * t);
        sum += window[k];
    }
    for (size_t i = 0; i < n; i++) {
        double value = 0;

        for (size_t k = 0; k < 2 * n; k++) { /* place i + 2n - 1 - k of: y[n-1..1], y[0..n-1], y[n-1..0] */
            size_t at = i + 2 * n - 1 - k;
            double one = at < n - 1 ? y[n - 1 - at] : at < 2 * n - 1 ? y[at - (n - 1)] : y[3 * n - 2 - at];
            value += window[k] * one;
        }
        out[i] = value / sum;
    }
}

/* On a uniform grid of `step` and back. */
static clv_status smooth(const double *energy, size_t n, double step, double *derivative, clv_error *err)
{
    double first = step * trunc((energy[0] - 5 * step) / step), last = step * trunc((energy[n - 1] + 5 * step) / step);
    double wanted = 1 + floor(fabs(last - first + 0.1 * step) / step);
    size_t count = wanted < 50.0 * (double)n ? (size_t)wanted : 50 * n;
    double *room = calloc(5 * count + 1, sizeof *room), *x = room, *y = room + count, *out = room + 2 * count;

    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        x[i] = first + (last - first) * (double)i / (double)(count - 1);
        y[i] = interpolate(energy, derivative, n, x[i]);
    }
    convolve(y, count, room + 3 * count, out);
    for (size_t i = 0; i < n; i++) { derivative[i] = interpolate(x, out, count, energy[i]); }
    free(room);
    return CLV_OK;
}

/* ---- The highest point */

static size_t count_high(const double *d, size_t n, double above)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) { count += d[i] > above; }
    return count;
}

/* The largest value whose neighbours are high too; 0 where there is none. Values are scaled to 0 to 1 in place. */
static size_t highest(double *d, size_t n)
{
    size_t rim = (size_t)(0.02 * (double)n) > 3 ? (size_t)(0.02 * (double)n) : 3, best = 0;
    double low = INFINITY, high = -INFINITY, above = n > 20 ? HIGH : HIGH / 2, top = 0;

    for (size_t i = 0; i < n; i++) {
        if (!isfinite(d[i])) { d[i] = -1; }
        if (i >= rim && i + rim < n) {
            low = fmin(low, d[i]);
            high = fmax(high, d[i]);
        }
    }
    for (size_t i = 0; i < n; i++) { d[i] = (d[i] - low) / fmax(high - low, 1e-10); }
    for (int turn = 0; turn < 2 && count_high(d, n, above) < 3; turn++) { above /= 2; }
    if (count_high(d, n, above) < 3) { above = -INFINITY; }
    for (size_t i = rim; i + rim <= n && i + 1 < n; i++) {
        if (d[i] > above && d[i - 1] > above && d[i + 1] > above && d[i] > top) {
            top = d[i];
            best = i;
        }
    }
    return best;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The mean of the ten smallest steps after as many as are left out at the ends; 1 where the spectrum is too short for
   that. */
static clv_status usual_step(const double *energy, size_t n, double *step, clv_error *err)
{
    size_t skip = n / 100, count = n > 2 * skip + 1 ? n - 2 * skip - 1 : 0, used = 0;
    double *steps = calloc(n + 1, sizeof *steps), sum = 0;

    CLV_CHECK(steps, err, CLV_NO_MEMORY, "out of memory");
    *step = 1;
    for (size_t i = 0; i < count; i++) { steps[i] = energy[skip + i + 1] - energy[skip + i]; }
    qsort(steps, count, sizeof *steps, ascending);
    for (size_t i = skip; i < count && used < 10; i++, used++) { sum += steps[i]; }
    if (skip > 0 && used > 0) { *step = sum / (double)used; }
    free(steps);
    return CLV_OK;
}

clv_status xas_find_edge(const double *energy, const double *mu, size_t n, size_t *place, clv_error *err)
{
    double *d = calloc(n + 1, sizeof *d), step = 1, first, mean = 0;
    size_t at, from, until;
    clv_status status;

    CLV_CHECK(d, err, CLV_NO_MEMORY, "out of memory");
    xas_derivative(energy, mu, n, d);
    at = highest(d, n);
    first = energy[at];
    from = at > 78 ? at - 75 : 3;
    until = at + 75 < n - 3 ? at + 75 : n - 3;
    if ((double)at < 0.05 * (double)n) {
        for (size_t i = 0; i < n; i++) { mean += energy[i] / (double)n; }
        first = mean;
        from = at > 23 ? at - 20 : 3;
        until = n - 3;
    }
    status = usual_step(energy, n, &step, err);
    step = 0.5 * (fmax(0.01, fmin(1, step)) + fmax(0.01, fmin(1, first / 25000)));
    if (!status && until > from + 4) {
        xas_derivative(energy + from, mu + from, until - from, d);
        status = smooth(energy + from, until - from, step, d, err);
        at = status ? 0 : highest(d, until - from);
        at = from + (at < 1 ? 2 : at);
    }
    free(d);
    *place = at;
    return status;
}
