/* The public face of the line shapes: hands each call to its kernel.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/profile.h>

#include "num/columns.h"
#include "num/profile.h"
#include "num/voigt.h"

#include <string.h>

#define MOST_LINES 8

static void clear(double *column, size_t count)
{
    if (column) { memset(column, 0, count * sizeof *column); }
}

static void sum_voigt(const double *energy, size_t count, const clv_profile_line *lines, size_t line_count,
                      const clv_profile_columns *out)
{
    clv_num_line each[MOST_LINES];
    clv_num_line_columns columns = {out->value, out->by_position, out->by_gaussian, out->by_lorentzian};

    for (size_t l = 0; l < line_count; l++) {
        each[l] = (clv_num_line){lines[l].position, lines[l].gaussian, lines[l].lorentzian, lines[l].weight};
    }
    clv_num_voigt(energy, count, each, line_count, &columns);
    clear(out->by_fwhm, count);
    clear(out->by_mixing, count);
}

static void sum_other(clv_num_shape shape, const double *energy, size_t count, const clv_profile_line *lines,
                      size_t line_count, const clv_profile_columns *out)
{
    clv_num_profile_line each[MOST_LINES];
    clv_num_profile_columns columns = {out->value, out->by_position, out->by_fwhm, out->by_mixing};

    for (size_t l = 0; l < line_count; l++) {
        each[l] = (clv_num_profile_line){lines[l].position, lines[l].fwhm, lines[l].mixing, lines[l].weight};
    }
    clv_num_profile(shape, energy, count, each, line_count, &columns);
    clear(out->by_gaussian, count);
    clear(out->by_lorentzian, count);
}

void clv_profile_sum(clv_profile_shape shape, const double *energy, size_t count, const clv_profile_line *lines,
                     size_t line_count, const clv_profile_columns *out)
{
    if (line_count > MOST_LINES) { line_count = MOST_LINES; }
    switch (shape) {
    case CLV_PROFILE_VOIGT: sum_voigt(energy, count, lines, line_count, out); return;
    case CLV_PROFILE_GAUSSIAN: sum_other(CLV_NUM_GAUSSIAN, energy, count, lines, line_count, out); return;
    case CLV_PROFILE_LORENTZIAN: sum_other(CLV_NUM_LORENTZIAN, energy, count, lines, line_count, out); return;
    case CLV_PROFILE_GL_SUM: sum_other(CLV_NUM_GL_SUM, energy, count, lines, line_count, out); return;
    case CLV_PROFILE_GL_PRODUCT: sum_other(CLV_NUM_GL_PRODUCT, energy, count, lines, line_count, out); return;
    case CLV_PROFILE_GL_POWER: sum_other(CLV_NUM_GL_POWER, energy, count, lines, line_count, out); return;
    }
}

double clv_profile_fwhm(double gaussian, double lorentzian, double gradient[2])
{
    return clv_num_voigt_fwhm(gaussian, lorentzian, gradient);
}

clv_status clv_profile_gaussian(double fwhm, double lorentzian, double *gaussian, double gradient[2], clv_error *err)
{
    return clv_num_voigt_gaussian(fwhm, lorentzian, gaussian, gradient, err);
}

clv_status clv_profile_lorentzian(double fwhm, double gaussian, double *lorentzian, double gradient[2], clv_error *err)
{
    return clv_num_voigt_lorentzian(fwhm, gaussian, lorentzian, gradient, err);
}

void clv_profile_integral(const double *energy, double step, const double *in, double *out, size_t count)
{
    clv_num_running_integral(energy, step, in, out, count);
}

void clv_profile_with_integral(const double *energy, double step, const double *in, double k, double *out, size_t count)
{
    clv_num_with_running_integral(energy, step, in, k, out, count);
}
