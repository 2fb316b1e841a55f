/* Sums of lines of one width and a mixing fraction: their areas, and the kernels in use.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/profile.h"

#include <cerf.h>
#include <math.h>
#include <string.h>

#define LN2 0.69314718055994530942
#define MIXING_WITH_DERIVATIVE (1 - 1e-8)

static double within_one(double mixing) { return !(mixing > 0) ? 0 : mixing < 1 ? mixing : 1; }

/* sqrt(pi/a) sum_k (-1)^k (2k-1)!!/2^k r^k, r = b/a < 1/100: the asymptotic series of the product's area, where its
   closed form would lose digits in the derivative. 13 terms, the last below 1e-16. */
static double product_area_series(double mixing, double *by_mixing)
{
    double rest = 1 - mixing, r = mixing / (LN2 * rest), term = 1, sum = 0, by_r = 0;

    for (int k = 0; k < 13; k++) {
        sum += term;
        by_r += k * term; /* still to be divided by r */
        term *= -r * (k + 0.5);
    }
    double root = sqrt(M_PI / (4 * LN2 * rest)), slope = mixing > 0 ? by_r / mixing : -0.5 / LN2;
    *by_mixing = root * (0.5 * sum / rest + slope / rest);
    return root * sum;
}

/* int exp(-a t^2)/(1 + b t^2) dt = (pi/sqrt b) exp(a/b) erfc(sqrt(a/b)), DLMF 7.7.1. */
static double product_area(double mixing, double *by_mixing)
{
    if (mixing < 0.01 * LN2 / (1 + 0.01 * LN2)) { return product_area_series(mixing, by_mixing); }
    double q = sqrt(LN2 * (1 - mixing) / mixing), scaled = erfcx(q), front = M_PI / (2 * sqrt(mixing));
    double q_by_mixing = q > 0 ? -LN2 / (2 * q * mixing * mixing) : 0;

    *by_mixing = -front * scaled / (2 * mixing) + front * (2 * q * scaled - 2 / sqrt(M_PI)) * q_by_mixing;
    return front * scaled;
}

/* With t = sinh(u)/2 the area is int exp(-ln2 (1 - m) sinh^2 u) cosh(u)^(1 - 2m) du/2; the trapezoid rule with step 1/8
   errs by about exp(-2 pi (pi/4) 8) = 7e-18. */
static double power_area(double mixing, double *by_mixing)
{
    const double step = 0.125;
    double sum = 0.5, by = 0;

    for (int k = 1; k < 400; k++) {
        double s = sinh(step * k), c = cosh(step * k), ss = LN2 * s * s, log_c = log(c);
        double f = exp(-(1 - mixing) * ss + (1 - 2 * mixing) * log_c);
        sum += f;
        by += f * (ss - 2 * log_c);
        if (f < 1e-17 && (1 - mixing) * ss > 2) { break; }
    }
    *by_mixing = step * by;
    return step * sum;
}

static double area(clv_num_shape shape, double mixing, double *by_mixing)
{
    const double gaussian = sqrt(M_PI / (4 * LN2)), lorentzian = M_PI / 2;

    *by_mixing = 0;
    switch (shape) {
    case CLV_NUM_GAUSSIAN: return gaussian;
    case CLV_NUM_LORENTZIAN: return lorentzian;
    case CLV_NUM_GL_PRODUCT: return product_area(mixing, by_mixing);
    case CLV_NUM_GL_POWER: return power_area(mixing, by_mixing);
    case CLV_NUM_GL_SUM: break;
    }
    *by_mixing = lorentzian - gaussian;
    return (1 - mixing) * gaussian + mixing * lorentzian;
}

double clv_num_profile_area(clv_num_shape shape, double mixing, double *by_mixing)
{
    double m = within_one(mixing), derivative, value = area(shape, m, &derivative);

    if (m > MIXING_WITH_DERIVATIVE) { area(shape, MIXING_WITH_DERIVATIVE, &derivative); }
    if (by_mixing) { *by_mixing = derivative; }
    return value;
}

/* The root of ln2 (1 - m) s + ln(1 + m s) = ln 2, s = 4 t^2, by Newton's iteration; the left side is concave and s = 0
   lies below the root, so it converges from there without overshooting. */
double clv_num_profile_width(clv_num_shape shape, double mixing)
{
    double m = within_one(mixing), s = 0;

    if (shape != CLV_NUM_GL_PRODUCT) { return 1; }
    for (int i = 0; i < 30; i++) {
        double step = (LN2 - LN2 * (1 - m) * s - log1p(m * s)) / (LN2 * (1 - m) + m / (1 + m * s));
        s += step;
        if (fabs(step) < 1e-16) { break; }
    }
    return sqrt(s);
}

static clv_num_profile_constants constants(clv_num_shape shape, const clv_num_profile_line *line)
{
    double m = shape == CLV_NUM_GAUSSIAN ? 0 : shape == CLV_NUM_LORENTZIAN ? 1 : within_one(line->mixing);
    double fwhm = line->fwhm > 1e-30 ? line->fwhm : 1e-30, by_mixing;
    double area_over_t = clv_num_profile_area(shape, m, &by_mixing);
    int mixed = shape == CLV_NUM_GL_SUM;

    return (clv_num_profile_constants){.position = line->position,
                                       .per_fwhm = 1 / fwhm,
                                       .mixing = m,
                                       .gaussian = 4 * LN2 * (mixed ? 1 : 1 - m),
                                       .lorentzian = mixed ? 4 : 4 * m,
                                       .height = line->weight / (fwhm * area_over_t),
                                       .area_by_mixing = by_mixing / area_over_t};
}

static void column_clear(double *column, size_t n)
{
    if (column) { memset(column, 0, n * sizeof *column); }
}

void clv_num_profile(clv_num_shape shape, const double *energy, size_t n, const clv_num_profile_line *lines,
                     size_t line_count, const clv_num_profile_columns *out)
{
    const clv_num_kernels *kernels = clv_num_kernels_get();

    for (size_t k = 0; k < line_count; k++) {
        clv_num_profile_constants line = constants(shape, &lines[k]);
        kernels->profile(shape, energy, n, &line, k > 0, out);
    }
    if (line_count == 0) {
        column_clear(out->value, n);
        column_clear(out->by_position, n);
        column_clear(out->by_fwhm, n);
    }
    if (line_count == 0 || shape == CLV_NUM_GAUSSIAN || shape == CLV_NUM_LORENTZIAN) {
        column_clear(out->by_mixing, n);
    }
}
