/* The three widths of a Voigt line: each from the other two, with derivatives.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/voigt.h"

#include <cerf.h>
#include <complex.h>
#include <float.h>
#include <math.h>

#define ROOT_LN2 0.83255461115769775635
#define FWHM_PER_SIGMA 2.35482004503094938202
#define ITERATIONS 20

/* Below this ratio of Gaussian to Lorentzian width: fwhm = lorentzian (1 + S1 r + S2 r^2), r = (gaussian/lorentzian)^2,
   from V = L + (sigma^2/2) L'' + ...; the next term is below 1e-22. */
#define SERIES_BELOW 1e-4
#define S1 1.0820212806667225555 /* 6/(8 ln 2) */
#define S2 -1.3658983933811      /* -42/(8 ln 2)^2 */

/* w and its first two derivatives. */
typedef struct faddeeva {
    double complex w, first, second;
} faddeeva;

/* By libcerf; where the recurrence from w to w'' would lose digits, by the approximant of w'' that voigt.h tells of. */
static faddeeva faddeeva_at(double complex z)
{
    static const double root_pi = 1.77245385090551602730;
    faddeeva f;

    if (cimag(z) < 6) {
        f.w = w_of_z(z);
        f.first = -2 * z * f.w + 2 * I / root_pi;
        f.second = -2 * f.w - 2 * z * f.first;
        return f;
    }
    double complex u = 1 / (z * z);
    double complex p = 2 + u * (-5348.0 / 117 + u * (17045.0 / 78 + u * (14995.0 / 26 - u * (124400.0 / 39))));
    double complex q = 1 + u * (-3025.0 / 117 + u * (4565.0 / 26 + u * u * (-521675.0 / 208 + u * (830445.0 / 208))));
    f.second = I / root_pi * u / z * p / q;
    f.w = (f.second + 4 * I / root_pi * z) / (4 * z * z - 2);
    f.first = -(f.second + 2 * f.w) / (2 * z);
    return f;
}

/* How far the scaled half width x and damping y are from half of the maximum, and the derivatives that a step needs. */
typedef struct half_maximum {
    double value, by_x, by_y;
    double curvature; /* Re w''(z) - Re w''(iy)/2: the change with sigma by the heat equation */
} half_maximum;

static half_maximum half_maximum_at(double x, double y)
{
    faddeeva side = faddeeva_at(x + I * y), top = faddeeva_at(I * y);

    return (half_maximum){.value = creal(side.w) - 0.5 * creal(top.w),
                          .by_x = creal(side.first),
                          .by_y = -cimag(side.first) + 0.5 * cimag(top.first),
                          .curvature = creal(side.second) - 0.5 * creal(top.second)};
}

/* The derivatives of the whole width by its parts, at a point of the half-maximum condition. */
static void width_gradient(double x, double y, double gradient[2])
{
    half_maximum h = half_maximum_at(x, y);

    gradient[0] = -M_SQRT2 / FWHM_PER_SIGMA * h.curvature / h.by_x;
    gradient[1] = -h.by_y / h.by_x;
}

static void series_gradient(double gaussian, double lorentzian, double gradient[2])
{
    double ratio = gaussian / lorentzian, r = ratio * ratio;

    gradient[0] = ratio * (2 * S1 + 4 * S2 * r);
    gradient[1] = 1 - S1 * r - 3 * S2 * r * r;
}

static double olivero_longbothum(double gaussian, double lorentzian)
{
    return 0.5346 * lorentzian + sqrt(0.2166 * lorentzian * lorentzian + gaussian * gaussian);
}

double clv_num_voigt_fwhm(double gaussian, double lorentzian, double gradient[2])
{
    gaussian = gaussian > 0 ? gaussian : 0;
    lorentzian = lorentzian > 0 ? lorentzian : 0;
    if (gaussian == 0 && lorentzian == 0) {
        if (gradient) { gradient[0] = gradient[1] = 1; }
        return 0;
    }
    if (gaussian < SERIES_BELOW * lorentzian) {
        double r = (gaussian / lorentzian) * (gaussian / lorentzian);
        if (gradient) { series_gradient(gaussian, lorentzian, gradient); }
        return lorentzian * (1 + r * (S1 + r * S2));
    }
    double y = ROOT_LN2 * lorentzian / gaussian, step = 1;
    double x = ROOT_LN2 * olivero_longbothum(1, lorentzian / gaussian);
    for (int i = 0; i < ITERATIONS && fabs(step) > 1e-8 * x; i++) { /* quadratic: the next step would be 1e-16 */
        half_maximum h = half_maximum_at(x, y);
        step = h.value / h.by_x;
        x -= step;
    }
    if (gradient) { width_gradient(x, y, gradient); }
    return gaussian * x / ROOT_LN2;
}

/* The Gaussian part, by Newton's iteration on its inverse, with which x and y grow in proportion. */
static double solve_gaussian(double fwhm, double lorentzian)
{
    double nearly = (fwhm - 0.5346 * lorentzian) * (fwhm - 0.5346 * lorentzian) - 0.2166 * lorentzian * lorentzian;
    double least = 0.5 * (fwhm - lorentzian) * lorentzian / S1; /* half of the series' first term is never too much */
    double gaussian = sqrt(nearly > least ? nearly : least), last = 0;

    for (int i = 0; i < ITERATIONS && fabs(gaussian - last) > 1e-8 * gaussian; i++) {
        double x = ROOT_LN2 * fwhm / gaussian, y = ROOT_LN2 * lorentzian / gaussian;
        half_maximum h = half_maximum_at(x, y);
        double step = h.value / (x * h.by_x + y * h.by_y); /* relative, of 1/gaussian */
        last = gaussian;
        gaussian *= step < 0.5 ? 1 / (1 - step) : 2;
    }
    return gaussian;
}

clv_status clv_num_voigt_gaussian(double fwhm, double lorentzian, double *gaussian, double gradient[2], clv_error *err)
{
    CLV_CHECK(fwhm > 0 && isfinite(fwhm), err, CLV_BAD_ARGUMENT, "fwhm is %g eV; it must be above 0", fwhm);
    CLV_CHECK(lorentzian >= 0 && lorentzian <= fwhm, err, CLV_BAD_ARGUMENT,
              "lorentzian is %g eV; it must lie between 0 and the whole width, fwhm = %g eV", lorentzian, fwhm);
    double excess = (fwhm - lorentzian) / fwhm;
    if (excess < S1 * SERIES_BELOW * SERIES_BELOW) {
        double e = excess * fwhm / lorentzian, r = e / S1;
        *gaussian = lorentzian * sqrt(r * (1 - S2 / S1 * r));
    } else {
        *gaussian = solve_gaussian(fwhm, lorentzian);
    }
    if (gradient) {
        double forward[2], ratio_at_least = 1e-6 * lorentzian;
        clv_num_voigt_fwhm(*gaussian > ratio_at_least ? *gaussian : ratio_at_least, lorentzian, forward);
        gradient[0] = 1 / forward[0];
        gradient[1] = -forward[1] / forward[0];
    }
    return CLV_OK;
}

/* The Lorentzian part where the Gaussian one is not negligible, by Newton's iteration on y. */
static double solve_lorentzian(double fwhm, double gaussian)
{
    double x = ROOT_LN2 * fwhm / gaussian, f = fwhm / gaussian, a = 0.5346 * 0.5346 - 0.2166, b = 0.5346 * f;
    double y = ROOT_LN2 * (f * f - 1) / (b + sqrt(b * b - a * (f * f - 1))), step = 1;

    for (int i = 0; i < ITERATIONS && fabs(step) > 1e-8 * y; i++) {
        half_maximum h = half_maximum_at(x, y);
        step = h.value / h.by_y;
        y = y - step > 0 ? y - step : 0;
    }
    return gaussian * y / ROOT_LN2;
}

clv_status clv_num_voigt_lorentzian(double fwhm, double gaussian, double *lorentzian, double gradient[2],
                                    clv_error *err)
{
    CLV_CHECK(fwhm > 0 && isfinite(fwhm), err, CLV_BAD_ARGUMENT, "fwhm is %g eV; it must be above 0", fwhm);
    CLV_CHECK(gaussian >= 0 && gaussian <= fwhm, err, CLV_BAD_ARGUMENT,
              "gaussian is %g eV; it must lie between 0 and the whole width, fwhm = %g eV", gaussian, fwhm);
    if (gaussian < SERIES_BELOW * fwhm) {
        double r = (gaussian / fwhm) * (gaussian / fwhm);
        *lorentzian = fwhm * (1 - r * (S1 + r * (S1 * S1 + S2)));
    } else {
        *lorentzian = solve_lorentzian(fwhm, gaussian);
    }
    if (gradient) {
        double forward[2];
        clv_num_voigt_fwhm(gaussian, *lorentzian, forward);
        gradient[0] = 1 / forward[1];
        gradient[1] = -forward[0] / forward[1];
    }
    return CLV_OK;
}
