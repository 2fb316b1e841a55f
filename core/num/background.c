/* Draws straight and polynomial backgrounds, and checks the regions of all backgrounds.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/background.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ORDER_LIMIT 8

size_t clv_background_reach(size_t n, size_t centre, size_t average)
{
    size_t room = centre < n - 1 - centre ? centre : n - 1 - centre;

    return average < room ? average : room;
}

double clv_background_level(const double *y, size_t n, size_t centre, size_t average)
{
    size_t reach = clv_background_reach(n, centre, average);
    double sum = 0;

    for (size_t i = centre - reach; i <= centre + reach; i++) { sum += y[i]; }
    return sum / (double)(2 * reach + 1);
}

clv_status clv_background_check(const double *x, const double *y, size_t n, const clv_background_ends *ends,
                                clv_error *err)
{
    size_t from, to;

    CLV_CHECK(ends->first < ends->last && ends->last < n, err, CLV_BAD_ARGUMENT,
              "a background from channel %zu to %zu is no region of %zu channels: it needs two ends within the data",
              ends->first, ends->last, n);
    from = ends->first - clv_background_reach(n, ends->first, ends->average);
    to = ends->last + clv_background_reach(n, ends->last, ends->average);
    for (size_t i = from; i <= to; i++) {
        CLV_CHECK(isfinite(x[i]) && isfinite(y[i]), err, CLV_BAD_ARGUMENT,
                  "channel %zu of the background's region is not finite", i);
        CLV_CHECK(i == from || x[i] > x[i - 1], err, CLV_BAD_ARGUMENT,
                  "energies must ascend, but channel %zu (%g eV) does not", i, x[i]);
    }
    return CLV_OK;
}

clv_status clv_background_line(const double *x, const double *y, size_t n, const clv_background_ends *ends,
                               double *background, clv_error *err)
{
    double low, high, slope;

    CLV_TRY(clv_background_check(x, y, n, ends, err));
    low = clv_background_level(y, n, ends->first, ends->average);
    high = clv_background_level(y, n, ends->last, ends->average);
    slope = (high - low) / (x[ends->last] - x[ends->first]);
    memmove(background, y, n * sizeof *y);
    for (size_t i = ends->first; i <= ends->last; i++) { background[i] = low + slope * (x[i] - x[ends->first]); }
    return CLV_OK;
}

/* The polynomials p[0..order] at one energy, by their three-term recurrence. */
static void basis_at(double t, unsigned order, const double *shift, const double *scale, double *p)
{
    p[0] = 1;
    for (unsigned k = 0; k < order; k++) { p[k + 1] = (t - shift[k]) * p[k] - (k > 0 ? scale[k] * p[k - 1] : 0); }
}

/* The channels of both end windows, each once; returns their number. */
static size_t window_channels(size_t n, const clv_background_ends *ends, size_t *channels)
{
    size_t low = clv_background_reach(n, ends->first, ends->average);
    size_t high = clv_background_reach(n, ends->last, ends->average);
    size_t count = 0;

    for (size_t i = ends->first - low; i <= ends->last + high; i++) {
        if (i <= ends->first + low || i >= ends->last - high) { channels[count++] = i; }
    }
    return count;
}

clv_status clv_background_polynomial(const double *x, const double *y, size_t n, const clv_background_ends *ends,
                                     unsigned order, double *background, clv_error *err)
{
    double shift[ORDER_LIMIT + 1] = {0}, scale[ORDER_LIMIT + 1] = {0}, c[ORDER_LIMIT + 1] = {0}, p[ORDER_LIMIT + 1];
    double middle, half, previous = 0;
    size_t *channels, count;

    CLV_TRY(clv_background_check(x, y, n, ends, err));
    CLV_CHECK(order <= ORDER_LIMIT, err, CLV_BAD_ARGUMENT, "a polynomial background has order 0 to %d, not %u",
              ORDER_LIMIT, order);
    channels = malloc(n * sizeof *channels);
    CLV_CHECK(channels, err, CLV_NO_MEMORY, "no memory for a background of %zu channels", n);
    count = window_channels(n, ends, channels);
    if (count <= order) {
        free(channels);
        return clv_fail(err, CLV_BAD_ARGUMENT,
                        "a polynomial of order %u needs %u channels or more in its end windows, not %zu", order,
                        order + 1, count);
    }
    middle = 0.5 * (x[ends->first] + x[ends->last]);
    half = 0.5 * (x[ends->last] - x[ends->first]);
    for (unsigned k = 0; k <= order; k++) {
        double norm = 0, moment = 0, product = 0;
        for (size_t i = 0; i < count; i++) {
            double t = (x[channels[i]] - middle) / half;
            basis_at(t, k, shift, scale, p);
            norm += p[k] * p[k];
            moment += t * p[k] * p[k];
            product += y[channels[i]] * p[k];
        }
        c[k] = product / norm;
        shift[k] = moment / norm;
        scale[k] = k > 0 ? norm / previous : 0;
        previous = norm;
    }
    free(channels);
    memmove(background, y, n * sizeof *y);
    for (size_t i = ends->first; i <= ends->last; i++) {
        double sum = 0;
        basis_at((x[i] - middle) / half, order, shift, scale, p);
        for (unsigned k = 0; k <= order; k++) { sum += c[k] * p[k]; }
        background[i] = sum;
    }
    return CLV_OK;
}
