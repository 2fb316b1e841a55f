/* Measures noise from fourth differences: its size, its ratio to the mean, and whether neighbours share it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/noise.h"

#include <math.h>
#include <stdlib.h>

#define BLOCK 16
/* Sum of the squares of 1 -4 6 -4 1: the variance of a fourth difference of white noise of variance one. */
#define GAIN 70.0
/* The standard errors for one channel, by simulation of white noise (they fall with the square root of the channels):
   of the correlation, and of the scale relative to itself. */
#define SCALE_ERROR 2.85
#define CORRELATION_ERROR 3.6

/* The fourth differences' own correlation leaves a block of 16 as much to say as 16 / 2.63 independent numbers (the sum
   of their squared autocorrelations is 2.63); the median of such a sum is this part of its mean (Wilson and Hilferty,
   Proc. Natl. Acad. Sci. 17 (1931) 684, doi 10.1073/pnas.17.12.684). */
static double median_of_mean(void)
{
    double root = 1 - 2.0 / 9 * 2.63 / BLOCK;

    return root * root * root;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

static double difference(const double *y) { return y[0] - 4 * y[1] + 6 * y[2] - 4 * y[3] + y[4]; }

/* The variance that counts of this mean give to a fourth difference. */
static double counting_variance(const double *y) { return y[0] + 16 * y[1] + 36 * y[2] + 16 * y[3] + y[4]; }

/* The median over blocks of the mean squared difference over `GAIN`, or over what counting makes of it. */
static double typical(const double *y, size_t count, int over_mean, double *blocks)
{
    size_t n_blocks = 0;

    for (size_t from = 0; from < count; from += BLOCK) {
        size_t to = from + BLOCK < count ? from + BLOCK : count;
        double squares = 0, expected = 0;
        if (to - from < BLOCK && n_blocks > 0) { break; }
        for (size_t i = from; i < to; i++) {
            squares += difference(y + i) * difference(y + i);
            expected += over_mean ? counting_variance(y + i) : GAIN;
        }
        if (expected > 0) { blocks[n_blocks++] = squares / expected; }
    }
    return n_blocks > 0 ? median(blocks, n_blocks) / median_of_mean() : NAN;
}

/* The autocovariance of the fourth differences of an autoregression, at lag 0 or 1, over its variance. */
static double filtered(double correlation, int lag)
{
    static const double own[] = {1, -8, 28, -56, 70, -56, 28, -8, 1};
    double sum = 0;

    for (int k = -4; k <= 4; k++) { sum += own[k + 4] * pow(correlation, abs(k + lag)); }
    return sum;
}

/* The correlation of the noise behind the correlation of neighbouring differences, which rises with it. */
static double undo_filter(double ratio)
{
    double low = -0.9, high = 0.9;

    for (int i = 0; i < 40; i++) {
        double middle = 0.5 * (low + high);
        if (filtered(middle, 1) / filtered(middle, 0) < ratio) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

/* The correlation of neighbouring differences, each over what is expected in its block and no larger than four of that.
 */
static double neighbours(const double *y, size_t count, double sigma, double scale)
{
    double last = 0, product = 0, squares = 0;

    for (size_t from = 0; from < count; from += BLOCK) {
        size_t to = from + BLOCK < count ? from + BLOCK : count;
        double expected = 0;
        for (size_t i = from; i < to; i++) {
            expected += scale > 0 ? scale * counting_variance(y + i) : GAIN * sigma * sigma;
        }
        expected = sqrt(expected / (double)(to - from));
        for (size_t i = from; i < to; i++) {
            double e = expected > 0 ? fmax(-4, fmin(4, difference(y + i) / expected)) : 0;
            product += i > 0 ? e * last : 0;
            squares += e * e;
            last = e;
        }
    }
    return squares > 0 ? product / squares * (double)count / (double)(count - 1) : NAN;
}

static int is_usable(const double *y, size_t n, int *positive)
{
    double sum = 0;

    *positive = 1;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(y[i])) { return 0; }
        if (y[i] < 0) { *positive = 0; }
        sum += y[i];
    }
    if (!(sum > 0)) { *positive = 0; }
    return n >= CLV_NOISE_CHANNELS;
}

clv_status clv_noise_measure(const double *y, size_t n, clv_noise_measured *measured, clv_error *err)
{
    clv_noise_measured m = {NAN, NAN, NAN, NAN, NAN};
    double *blocks, ratio;
    int positive;

    *measured = m;
    if (!is_usable(y, n, &positive)) { return CLV_OK; }
    blocks = malloc((n / BLOCK + 1) * sizeof *blocks);
    CLV_CHECK(blocks, err, CLV_NO_MEMORY, "no memory to measure the noise of %zu channels", n);
    m.sigma = sqrt(typical(y, n - 4, 0, blocks));
    if (positive) {
        m.scale = typical(y, n - 4, 1, blocks);
        m.scale_error = m.scale * SCALE_ERROR / sqrt((double)(n - 4));
    }
    free(blocks);
    ratio = neighbours(y, n - 4, m.sigma, m.scale);
    if (isfinite(ratio)) {
        m.correlation = undo_filter(ratio);
        m.correlation_error = CORRELATION_ERROR / sqrt((double)(n - 4));
    }
    *measured = m;
    return CLV_OK;
}

double clv_noise_scale(double promised, double measured, double error)
{
    double ratio = measured / promised;
    int off = ratio < 0.8 || ratio > 1.25, sure = fabs(measured - promised) > 3 * error;

    return measured > 0 && off && sure ? measured : promised;
}
