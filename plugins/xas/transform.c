/* Windows, Fourier transforms and splines of EXAFS. SPDX-License-Identifier: GPL-3.0-or-later */
#include "transform.h"

#include <math.h>
#include <string.h>

double xas_wave_number(double above)
{
    double k = sqrt(XAS_K2_PER_EV * fabs(above));

    return above < 0 ? -k : k;
}

double xas_r_step(void) { return M_PI / (XAS_K_STEP * XAS_POINTS); }

/* ---- Windows */

static double bessel_i0(double x)
{
    double sum = 1, term = 1;

    for (int k = 1; k < 60; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

/* From 0 at the outer end of a slope to 1 at its inner end. */
static double slope_of(xas_window window, double t)
{
    switch (window) {
    case XAS_PARZEN: return t;
    case XAS_WELCH: return 1 - (1 - t) * (1 - t);
    case XAS_SINE:
    case XAS_KAISER:
    case XAS_HANNING: break;
    }
    return pow(sin(M_PI / 2 * t), 2);
}

static size_t snapped(double value, double step, size_t n)
{
    double place = (value + 1e-4 * step) / step;

    return place <= 0 ? 0 : place >= (double)(n - 1) ? n - 1 : (size_t)place;
}

/* Windows that have no flat part see only the outer ends. */
static void fill_whole(xas_window window, double first, double last, double dk, double step, size_t n, double *out)
{
    double centre = 0.5 * (first + last), half = 0.5 * (last - first);

    for (size_t i = 0; i < n; i++) {
        double x = step * (double)i, t = (x - centre) / half;

        if (fabs(t) > 1) { continue; }
        if (window == XAS_SINE) {
            out[i] = sin(M_PI * (last - x) / (last - first));
        } else if (dk < 1e-4) {
            out[i] = 1 - t * t; /* the limit: I0(z) - 1 goes as z^2 / 4 */
        } else {
            out[i] = (bessel_i0(dk * sqrt(1 - t * t)) - 1) / (bessel_i0(dk) - 1);
        }
    }
}

void xas_fill_window(xas_window window, double low, double high, double dk, double step, size_t n, double *out)
{
    double end = step * (double)(n - 1), eps = 1e-4 * step;
    size_t i1 = snapped(fmax(0, low - dk / 2), step, n), i2 = snapped(low + dk / 2 + eps, step, n);
    size_t i3 = snapped(high - dk / 2 - eps, step, n), i4 = snapped(fmin(end, high + dk / 2), step, n);

    memset(out, 0, n * sizeof *out);
    if (i2 == i1 && i1 > 0) { i1--; }
    if (i4 == i3 && i4 > 0) { i3 = i4 - 1 > i2 ? i4 - 1 : i2; }
    if (window == XAS_SINE || window == XAS_KAISER) {
        fill_whole(window, step * (double)i1, step * (double)i4, dk, step, n, out);
        return;
    }
    for (size_t i = i2; i < i3; i++) { out[i] = 1; }
    for (size_t i = i1; i <= i2; i++) { out[i] = i2 > i1 ? slope_of(window, (double)(i - i1) / (double)(i2 - i1)) : 1; }
    for (size_t i = i3; i <= i4; i++) { out[i] = i4 > i3 ? slope_of(window, (double)(i4 - i) / (double)(i4 - i3)) : 1; }
}

void xas_transform(const double *values, size_t n, double step, size_t count, double *real, double *imaginary)
{
    for (size_t r = 0; r < count; r++) {
        double re = 0, im = 0;

        for (size_t k = 0; k < n; k++) {
            double phase = 2 * M_PI * (double)(r * k % XAS_POINTS) / XAS_POINTS;
            re += values[k] * cos(phase);
            im -= values[k] * sin(phase);
        }
        real[r] = step / sqrt(M_PI) * re;
        imaginary[r] = step / sqrt(M_PI) * im;
    }
}

/* ---- Splines */

/* The second derivatives at the points: tridiagonal but for the first and last rows, in which not-a-knot makes the
   third derivative continuous over the second and the last but one point; those are eliminated first. */
void xas_spline(const double *x, const double *y, size_t n, double *m, double *scratch)
{
    double *below = scratch, *diagonal = scratch + n, *above = scratch + 2 * n, *right = scratch + 3 * n;
    double h0 = x[1] - x[0], h1 = x[2] - x[1], hn = x[n - 1] - x[n - 2], hm = x[n - 2] - x[n - 3];

    for (size_t i = 1; i + 1 < n; i++) {
        double a = x[i] - x[i - 1], b = x[i + 1] - x[i];

        below[i] = a;
        diagonal[i] = 2 * (a + b);
        above[i] = b;
        right[i] = 6 * ((y[i + 1] - y[i]) / b - (y[i] - y[i - 1]) / a);
    }
    /* m0 = m1 (1 + h0/h1) - m2 h0/h1 */
    diagonal[1] += below[1] * (1 + h0 / h1);
    above[1] -= below[1] * h0 / h1;
    diagonal[n - 2] += above[n - 2] * (1 + hn / hm);
    below[n - 2] -= above[n - 2] * hn / hm;
    for (size_t i = 2; i + 1 < n; i++) {
        double by = below[i] / diagonal[i - 1];
        diagonal[i] -= by * above[i - 1];
        right[i] -= by * right[i - 1];
    }
    m[n - 2] = right[n - 2] / diagonal[n - 2];
    for (size_t i = n - 3; i >= 1; i--) { m[i] = (right[i] - above[i] * m[i + 1]) / diagonal[i]; }
    m[0] = m[1] * (1 + h0 / h1) - m[2] * h0 / h1;
    m[n - 1] = m[n - 2] * (1 + hn / hm) - m[n - 3] * hn / hm;
}

double xas_spline_at(const double *x, const double *y, const double *m, size_t n, double at)
{
    size_t low = 0, high = n - 1;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(x[middle] <= at ? &low : &high) = middle;
    }
    double h = x[high] - x[low], b = (at - x[low]) / h, a = 1 - b;
    return a * y[low] + b * y[high] + ((a * a * a - a) * m[low] + (b * b * b - b) * m[high]) * h * h / 6;
}

void xas_b_splines(const double *knots, size_t count, double at, double *values)
{
    size_t span = 3;
    double basis[4] = {1, 0, 0, 0}, left[4], right[4];

    memset(values, 0, count * sizeof *values);
    while (span + 1 < count && at >= knots[span + 1]) { span++; }
    for (int j = 1; j <= 3; j++) {
        double saved = 0;

        left[j] = at - knots[span + 1 - (size_t)j];
        right[j] = knots[span + (size_t)j] - at;
        for (int r = 0; r < j; r++) {
            double wide = right[r + 1] + left[j - r], t = wide > 0 ? basis[r] / wide : 0;
            basis[r] = saved + right[r + 1] * t;
            saved = left[j - r] * t;
        }
        basis[j] = saved;
    }
    for (size_t k = 0; k < 4; k++) { values[span - 3 + k] = basis[k]; }
}
