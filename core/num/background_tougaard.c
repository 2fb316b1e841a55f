/* Draws Tougaard backgrounds, and convolves columns with a loss function.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/background.h"

#include <corelevel/tougaard.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Losses that are tabulated at a time. */
#define AT_ONCE 512

static double loss_at(const clv_tougaard_loss *loss, clv_tougaard_part part, double t)
{
    if (t <= loss->gap || t <= 0) { return 0; }
    double sign = loss->three ? -1 : 1, inner = loss->c + sign * t * t;
    double below = inner * inner + (loss->three ? loss->d * t * t : 0);

    switch (part) {
    case CLV_TOUGAARD_LOSS: return t / below;
    case CLV_TOUGAARD_BY_C: return -2 * t * inner / (below * below);
    case CLV_TOUGAARD_BY_D: return loss->three ? -t * t * t / (below * below) : 0;
    }
    return 0;
}

#if defined(__x86_64__)
#define AT_NATIVE_WIDTH __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3")))
#else
#define AT_NATIVE_WIDTH
#endif

/* out[i] += sum of weight[l] in[i - lag - l], one loss after the other: no sum is split, so that every processor adds
   in the same order. */
AT_NATIVE_WIDTH static void add_losses(const double *restrict weight, size_t losses, size_t lag,
                                       const double *restrict in, double *restrict out, size_t count)
{
    for (size_t l = 0; l < losses; l++) {
        size_t shift = lag + l;
        double factor = weight[l];
        for (size_t i = shift; i < count; i++) { out[i] += factor * in[i - shift]; }
    }
}

static void convolve_uniform(const clv_tougaard_loss *loss, clv_tougaard_part part, double step, const double *in,
                             double *out, size_t count)
{
    double weight[AT_ONCE];

    for (size_t lag = 1; lag < count; lag += AT_ONCE) {
        size_t losses = count - lag < AT_ONCE ? count - lag : AT_ONCE;
        for (size_t l = 0; l < losses; l++) { weight[l] = step * loss_at(loss, part, step * (double)(lag + l)); }
        add_losses(weight, losses, lag, in, out, count);
    }
}

static void convolve_any(const clv_tougaard_loss *loss, clv_tougaard_part part, const double *energy, const double *in,
                         double *out, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            double width = j > 0 ? 0.5 * (energy[j + 1] - energy[j - 1]) : energy[1] - energy[0];
            out[i] += width * in[j] * loss_at(loss, part, energy[i] - energy[j]);
        }
    }
}

/* Puts the first channel's weight right (both functions above count it whole): half of it, and `extend` eV of the same
   signal below. */
static void add_below(const clv_tougaard_loss *loss, clv_tougaard_part part, const double *energy, double step,
                      double extend, double first, double *out, size_t count)
{
    size_t more = extend > 0 ? (size_t)(extend / step + 0.5) : 0;

    for (size_t i = 1; i < count; i++) {
        double at = energy ? energy[i] - energy[0] : step * (double)i;
        double sum = -0.5 * loss_at(loss, part, at);
        if (more > 0) {
            sum = 0;
            for (size_t k = 1; k <= more; k++) {
                sum += (k < more ? 1 : 0.5) * loss_at(loss, part, at + step * (double)k);
            }
        }
        out[i] += step * first * sum;
    }
}

void clv_tougaard_convolve(const clv_tougaard_loss *loss, clv_tougaard_part part, const double *energy, double step,
                           double extend, const double *in, double *out, size_t count)
{
    memset(out, 0, count * sizeof *out);
    if (count < 2) { return; }
    if (energy) {
        step = energy[1] - energy[0];
        convolve_any(loss, part, energy, in, out, count);
    } else {
        convolve_uniform(loss, part, step, in, out, count);
    }
    add_below(loss, part, energy, step, extend, in[0], out, count);
}

/* The step of a grid that is uniform to a millionth, else 0. */
static double uniform_step(const double *x, size_t n)
{
    double step = (x[n - 1] - x[0]) / (double)(n - 1);

    for (size_t i = 1; i < n; i++) {
        if (!(fabs(x[i] - x[i - 1] - step) < 1e-6 * step)) { return 0; }
    }
    return step;
}

clv_status clv_background_tougaard(const double *x, const double *y, size_t n, const clv_background_ends *ends,
                                   const clv_tougaard_loss *loss, double extend, double *b, double *background,
                                   clv_error *err)
{
    size_t last = ends->last, count = last + 1;

    CLV_TRY(clv_background_check(x, y, n, ends, err));
    double low = clv_background_level(y, n, ends->first, ends->average);
    double high = clv_background_level(y, n, last, ends->average);
    double *signal = malloc(2 * count * sizeof *signal), *lost = signal + count;
    CLV_CHECK(signal, err, CLV_NO_MEMORY, "no memory for a Tougaard background of %zu channels", count);
    double step = uniform_step(x, count);
    for (size_t i = 0; i < count; i++) { signal[i] = isfinite(y[i]) ? y[i] - low : 0; }
    clv_tougaard_convolve(loss, CLV_TOUGAARD_LOSS, step > 0 ? NULL : x, step, extend, signal, lost, count);
    if (isnan(*b)) { *b = (high - low) / lost[last]; }
    if (!isfinite(*b) || *b < 0) {
        free(signal);
        return clv_fail(err, CLV_BAD_ARGUMENT,
                        "no Tougaard background meets the data at %g eV: the signal above the level at %g eV does not "
                        "lead to a rise there; choose ends on either side of a peak, or give B",
                        x[last], x[ends->first]);
    }
    memmove(background, y, n * sizeof *y);
    for (size_t i = ends->first; i <= last; i++) { background[i] = low + *b * lost[i]; }
    free(signal);
    return CLV_OK;
}
