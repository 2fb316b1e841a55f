/* Smooths and differentiates by local polynomials (Savitzky-Golay), ends included.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/smooth.h>

#include <math.h>
#include <stdlib.h>

/* The polynomials orthogonal on -half..half: their recurrence and their sums of squares. */
typedef struct basis {
    int half;
    unsigned order;
    double scale[CLV_SMOOTH_ORDER + 1], norm[CLV_SMOOTH_ORDER + 1];
} basis;

/* Values (row 0) and derivatives of all polynomials at t. On a symmetric window the recurrence needs no shift. */
static void basis_at(const basis *b, unsigned order, double t, double p[3][CLV_SMOOTH_ORDER + 1])
{
    for (unsigned d = 0; d < 3; d++) {
        p[d][0] = d == 0;
        for (unsigned k = 0; k < order; k++) {
            p[d][k + 1] = t * p[d][k] + (d > 0 ? d * p[d - 1][k] : 0) - (k > 0 ? b->scale[k] * p[d][k - 1] : 0);
        }
    }
}

static void basis_make(const clv_smooth_window *window, basis *b)
{
    b->half = (int)(window->channels / 2);
    b->order = window->order;
    for (unsigned k = 0; k <= b->order; k++) {
        double p[3][CLV_SMOOTH_ORDER + 1];
        b->norm[k] = 0;
        b->scale[k] = 0;
        for (int t = -b->half; t <= b->half; t++) {
            basis_at(b, k, t, p);
            b->norm[k] += p[0][k] * p[0][k];
        }
        if (k > 0) { b->scale[k] = b->norm[k] / b->norm[k - 1]; }
    }
}

/* The weights by which a window's channels add up to the polynomial's value (or derivative) at place t. */
static void weights_at(const basis *b, int t, unsigned derivative, double step, double *weights)
{
    double here[3][CLV_SMOOTH_ORDER + 1], there[3][CLV_SMOOTH_ORDER + 1];
    double unit = derivative == 0 ? 1 : derivative == 1 ? 1 / step : 1 / (step * step);

    basis_at(b, b->order, t, here);
    for (int i = -b->half; i <= b->half; i++) {
        double sum = 0;
        basis_at(b, b->order, i, there);
        for (unsigned k = 0; k <= b->order; k++) { sum += here[derivative][k] * there[0][k] / b->norm[k]; }
        weights[i + b->half] = sum * unit;
    }
}

static clv_status check(const clv_smooth_window *window, size_t n, double step, clv_error *err)
{
    CLV_CHECK(window->channels % 2 == 1 && window->channels >= 3 && window->channels <= CLV_SMOOTH_WINDOW, err,
              CLV_BAD_ARGUMENT, "a smoothing window has an odd number of channels from 3 to %d, not %u",
              CLV_SMOOTH_WINDOW, window->channels);
    CLV_CHECK(window->order < window->channels && window->order <= CLV_SMOOTH_ORDER, err, CLV_BAD_ARGUMENT,
              "a smoothing polynomial in %u channels has an order up to %u, not %u", window->channels,
              window->channels - 1 < CLV_SMOOTH_ORDER ? window->channels - 1 : CLV_SMOOTH_ORDER, window->order);
    CLV_CHECK(window->derivative <= 2, err, CLV_BAD_ARGUMENT, "derivatives are 0, 1 or 2, not %u", window->derivative);
    CLV_CHECK(window->channels <= n, err, CLV_BAD_ARGUMENT,
              "a smoothing window of %u channels is wider than the data (%zu)", window->channels, n);
    CLV_CHECK(isfinite(step) && step != 0, err, CLV_BAD_ARGUMENT, "the step between channels is %g eV; it must not be",
              step);
    return CLV_OK;
}

static double weigh(const double *weights, const double *y, unsigned channels)
{
    double sum = 0;

    for (unsigned i = 0; i < channels; i++) { sum += weights[i] * y[i]; }
    return sum;
}

clv_status clv_smooth(const double *y, size_t n, double step, const clv_smooth_window *window, double *out,
                      clv_error *err)
{
    double weights[CLV_SMOOTH_WINDOW];
    size_t half = window->channels / 2;
    basis b;

    CLV_TRY(check(window, n, step, err));
    basis_make(window, &b);
    weights_at(&b, 0, window->derivative, step, weights);
    for (size_t i = half; i < n - half; i++) { out[i] = weigh(weights, y + i - half, window->channels); }
    for (size_t i = 0; i < half; i++) {
        weights_at(&b, (int)i - (int)half, window->derivative, step, weights);
        out[i] = weigh(weights, y, window->channels);
        weights_at(&b, (int)half - (int)i, window->derivative, step, weights);
        out[n - 1 - i] = weigh(weights, y + n - window->channels, window->channels);
    }
    return CLV_OK;
}

clv_status clv_smooth_noise_left(double step, const clv_smooth_window *window, clv_smooth_noise *noise, clv_error *err)
{
    double weights[CLV_SMOOTH_WINDOW], covariance = 0;
    basis b;

    CLV_TRY(check(window, window->channels, step, err));
    basis_make(window, &b);
    weights_at(&b, 0, window->derivative, step, weights);
    noise->variance = weigh(weights, weights, window->channels);
    covariance = weigh(weights, weights + 1, window->channels - 1);
    noise->correlation = noise->variance > 0 ? covariance / noise->variance : 0;
    return CLV_OK;
}
