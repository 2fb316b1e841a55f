/* Widths of asymmetric lines, and the parts that make a given width.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/asymmetric.h"

#include <math.h>
#include <string.h>

/* Finds where a function of the line passes through zero between two energies of opposite sign: Illinois' variant of
   regula falsi (M. Dowell, P. Jarratt, BIT 11 (1971) 168, doi 10.1007/BF01934364). With `half` NAN the slope is sought,
   else the value less `half`. */
static double find_zero(const clv_num_asymmetric *line, double half, double low, double high)
{
    double tolerance = 1e-12 * (fabs(low) + fabs(high)), f_low = 0, f_high = 0;
    clv_num_asymmetric_point p = {0};

    clv_num_asymmetric_at(line, low, 1, &p);
    f_low = isnan(half) ? p.by_energy : p.value - half;
    clv_num_asymmetric_at(line, high, 1, &p);
    f_high = isnan(half) ? p.by_energy : p.value - half;
    for (int i = 0; i < 100 && fabs(high - low) > tolerance && f_low != f_high; i++) {
        double at = high - f_high * (high - low) / (f_high - f_low);
        clv_num_asymmetric_at(line, at, 1, &p);
        double f = isnan(half) ? p.by_energy : p.value - half;
        if (f == 0) { return at; }
        if ((f < 0) == (f_high < 0)) {
            f_low *= 0.5;
        } else {
            low = high;
            f_low = f_high;
        }
        if (fabs(at - high) < tolerance) { return at; }
        high = at;
        f_high = f;
    }
    return high;
}

/* Goes outwards from the top until the line has fallen below half; 0 when it does not within `range`. */
static double bracket(const clv_num_asymmetric *line, double top, double half, double step, double range)
{
    clv_num_asymmetric_point p = {0};

    for (double at = top + step; fabs(at) <= range; at += step) {
        clv_num_asymmetric_at(line, at, 0, &p);
        if (p.value < half) { return at; }
    }
    return 0;
}

/* d fwhm/d parameter from value and slope at both half points: x' = -(P' - P'_top/2)/slope. */
static void differentiate(const clv_num_asymmetric_point *low, const clv_num_asymmetric_point *high,
                          const clv_num_asymmetric_point *top, double gradient[5])
{
    static const int places[5] = {CLV_NUM_BY_LORENTZIAN, -1, CLV_NUM_BY_ALPHA, CLV_NUM_BY_BETA, CLV_NUM_BY_DAMPING};

    for (int i = 0; i < 5; i++) {
        double at_low = places[i] < 0 ? low->by_gaussian : low->part[places[i]];
        double at_high = places[i] < 0 ? high->by_gaussian : high->part[places[i]];
        double at_top = places[i] < 0 ? top->by_gaussian : top->part[places[i]];
        gradient[i] = -(at_high - 0.5 * at_top) / high->by_energy + (at_low - 0.5 * at_top) / low->by_energy;
    }
}

/* Measures the line, which must have its maximum and both half points within `range` of its position. */
static int measure(const clv_num_asymmetric *line, double size, double range, clv_asymmetric_width *width)
{
    clv_num_asymmetric_point top = {0}, low = {0}, high = {0};

    width->top = find_zero(line, NAN, -0.5 * size, 0.9 * size);
    clv_num_asymmetric_at(line, width->top, 1, &top);
    double half = 0.5 * top.value, above = bracket(line, width->top, half, 0.5 * size, range);
    double below = bracket(line, width->top, half, -0.5 * size, range);
    if (above == 0 || below == 0) { return 0; }
    above = find_zero(line, half, width->top, above);
    below = find_zero(line, half, width->top, below);
    width->fwhm = above - below;
    clv_num_asymmetric_at(line, below, 1, &low);
    clv_num_asymmetric_at(line, above, 1, &high);
    differentiate(&low, &high, &top, width->gradient);
    return 1;
}

clv_status clv_asymmetric_width_get(clv_asymmetric_shape shape, const clv_asymmetric_line *line,
                                    clv_asymmetric_width *width, clv_error *err)
{
    double size = line->lorentzian + line->gaussian;

    CLV_TRY(clv_num_asymmetric_check(shape, line, err));
    for (double range = 4 * size; range < 1e4 * size; range *= 4) {
        clv_num_asymmetric *made = NULL;
        CLV_TRY(clv_num_asymmetric_new(shape, line, -range, range, &made, err));
        int found = measure(made, size, range, width);
        clv_num_asymmetric_free(made);
        if (found) { return CLV_OK; }
    }
    return clv_fail(err, CLV_BAD_ARGUMENT, "a line with alpha %g and lorentzian %g eV never falls to half its height",
                    line->alpha, line->lorentzian);
}

clv_status clv_asymmetric_part_find(clv_asymmetric_shape shape, double fwhm, int which, clv_asymmetric_line *line,
                                    clv_asymmetric_width *width, clv_error *err)
{
    double *part = which ? &line->gaussian : &line->lorentzian;
    double low = which ? 0 : fmax(1e-3, 0.01 * line->gaussian), high = which ? 100 * line->lorentzian : 1e3;

    CLV_CHECK(fwhm > 0 && isfinite(fwhm), err, CLV_BAD_ARGUMENT, "fwhm is %g eV; it is above 0", fwhm);
    *part = fmin(fmax(0.7 * fwhm, low), fmin(high, 2 * fwhm));
    for (int i = 0; i < 60; i++) {
        CLV_TRY(clv_asymmetric_width_get(shape, line, width, err));
        double miss = width->fwhm - fwhm, slope = width->gradient[which ? 1 : 0];
        if (fabs(miss) < 1e-10 * fwhm) { return CLV_OK; }
        *(miss > 0 ? &high : &low) = *part;
        if (high - low < 1e-9 * fwhm) { break; }
        double next = *part - miss / slope;
        *part = next > low && next < high ? next : 0.5 * (low + high);
    }
    CLV_CHECK(fabs(width->fwhm - fwhm) < 1e-6 * fwhm, err, CLV_BAD_ARGUMENT,
              "no %s part makes a line %g eV wide whose %s part is %g eV", which ? "Gaussian" : "Lorentzian", fwhm,
              which ? "Lorentzian" : "Gaussian", which ? line->lorentzian : line->gaussian);
    return CLV_OK;
}
