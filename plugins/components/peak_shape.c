/* Hands the lines of peaks to the kernels of their shapes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "peak_shape.h"

#include <corelevel/asymmetric.h>
#include <corelevel/profile.h>

#include <stdlib.h>
#include <string.h>

#define READS(place) (1u << (place))
#define VOIGT_PARTS (READS(LINE_POSITION) | READS(LINE_LORENTZIAN) | READS(LINE_FWHM) | READS(LINE_GAUSSIAN))
#define MIXED (READS(LINE_POSITION) | READS(LINE_FWHM) | READS(LINE_MIXING))

static const struct {
    const char *name;
    unsigned reads;
} shapes[PEAK_SHAPES] = {[PEAK_VOIGT] = {"voigt", VOIGT_PARTS},
                         [PEAK_GAUSSIAN] = {"gaussian", READS(LINE_POSITION) | READS(LINE_FWHM)},
                         [PEAK_LORENTZIAN] = {"lorentzian", READS(LINE_POSITION) | READS(LINE_FWHM)},
                         [PEAK_GL_SUM] = {"gl_sum", MIXED},
                         [PEAK_GL_PRODUCT] = {"gl_product", MIXED},
                         [PEAK_GL_POWER] = {"gl_power", MIXED},
                         [PEAK_DONIACH_SUNJIC] = {"doniach_sunjic", VOIGT_PARTS | READS(LINE_ALPHA)},
                         [PEAK_LA] = {"la", VOIGT_PARTS | READS(LINE_ALPHA) | READS(LINE_BETA)},
                         [PEAK_LF] = {"lf", VOIGT_PARTS | READS(LINE_ALPHA) | READS(LINE_BETA) | READS(LINE_DAMPING)}};

peak_shape peak_shape_of(const clv_options *options)
{
    const char *shape = clv_options_text(options, "shape");

    for (int i = 0; shape && i < PEAK_SHAPES; i++) {
        if (strcmp(shape, shapes[i].name) == 0) { return (peak_shape)i; }
    }
    return PEAK_VOIGT;
}

int peak_shape_reads(peak_shape shape, int place) { return (shapes[shape].reads >> place & 1u) != 0; }

static int asymmetric(peak_shape shape) { return shape >= PEAK_DONIACH_SUNJIC; }

static clv_asymmetric_shape asymmetric_shape(peak_shape shape)
{
    return (clv_asymmetric_shape)(shape - PEAK_DONIACH_SUNJIC + CLV_ASYMMETRIC_DONIACH_SUNJIC);
}

static clv_asymmetric_line asymmetric_line(const peak_line *line, double within)
{
    const double *p = line->parameter;

    return (clv_asymmetric_line){.position = p[LINE_POSITION],
                                 .lorentzian = p[LINE_LORENTZIAN],
                                 .gaussian = p[LINE_GAUSSIAN],
                                 .alpha = p[LINE_ALPHA],
                                 .beta = p[LINE_BETA],
                                 .damping = p[LINE_DAMPING],
                                 .within = within,
                                 .weight = line->weight};
}

static clv_profile_line profile_line(const peak_line *line)
{
    const double *p = line->parameter;

    return (clv_profile_line){.position = p[LINE_POSITION],
                              .gaussian = p[LINE_GAUSSIAN],
                              .lorentzian = p[LINE_LORENTZIAN],
                              .fwhm = p[LINE_FWHM],
                              .mixing = p[LINE_MIXING],
                              .weight = line->weight};
}

static void negate(double *column, size_t count)
{
    for (size_t i = 0; column && i < count; i++) { column[i] = -column[i]; }
}

/* Tails point to high binding energy, so on kinetic energies the lines are those of the mirrored axis. */
static clv_status sum_asymmetric(peak_shape shape, int mirrored, const double *energy, size_t count,
                                 clv_asymmetric_line *lines, size_t line_count, const clv_asymmetric_columns *to,
                                 clv_error *err)
{
    double *mirror;
    clv_status status;

    if (!mirrored) { return clv_asymmetric_sum(asymmetric_shape(shape), energy, count, lines, line_count, to, err); }
    mirror = malloc((count + 1) * sizeof *mirror);
    CLV_CHECK(mirror, err, CLV_NO_MEMORY, "no memory for %zu mirrored energies", count);
    for (size_t i = 0; i < count; i++) { mirror[i] = -energy[i]; }
    for (size_t l = 0; l < line_count; l++) { lines[l].position = -lines[l].position; }
    status = clv_asymmetric_sum(asymmetric_shape(shape), mirror, count, lines, line_count, to, err);
    negate(to->by_position, count);
    free(mirror);
    return status;
}

static void clear(double *column, size_t count)
{
    if (column) { memset(column, 0, count * sizeof *column); }
}

clv_status peak_shape_sum(peak_shape shape, double within, int mirrored, const double *energy, size_t count,
                          const peak_line *lines, size_t line_count, const peak_columns *out, clv_error *err)
{
    clv_profile_line plain[2];
    clv_asymmetric_line skew[2];

    for (size_t l = 0; l < line_count && l < 2; l++) {
        plain[l] = profile_line(&lines[l]);
        skew[l] = asymmetric_line(&lines[l], within);
    }
    if (asymmetric(shape)) {
        clv_asymmetric_columns to = {
            out->value,          out->by[LINE_POSITION], out->by[LINE_LORENTZIAN], out->by[LINE_GAUSSIAN],
            out->by[LINE_ALPHA], out->by[LINE_BETA],     out->by[LINE_DAMPING]};
        clear(out->by[LINE_FWHM], count);
        clear(out->by[LINE_MIXING], count);
        return sum_asymmetric(shape, mirrored, energy, count, skew, line_count, &to, err);
    }
    clv_profile_columns to = {
        out->value,         out->by[LINE_POSITION], out->by[LINE_GAUSSIAN], out->by[LINE_LORENTZIAN],
        out->by[LINE_FWHM], out->by[LINE_MIXING]};
    for (int i = LINE_ALPHA; i <= LINE_DAMPING; i++) { clear(out->by[i], count); }
    clv_profile_sum((clv_profile_shape)(shape - PEAK_VOIGT + CLV_PROFILE_VOIGT), energy, count, plain, line_count, &to);
    return CLV_OK;
}

/* A width that would have to be below 0 is 0, and then follows nothing. */
static clv_status derive_voigt(int derived, double *p, double *by, clv_error *err)
{
    double gradient[2] = {0, 0};

    if (derived == LINE_FWHM) {
        p[LINE_FWHM] = clv_profile_fwhm(p[LINE_GAUSSIAN], p[LINE_LORENTZIAN], gradient);
        by[LINE_GAUSSIAN] = gradient[0];
        by[LINE_LORENTZIAN] = gradient[1];
        return CLV_OK;
    }
    int from = derived == LINE_GAUSSIAN ? LINE_LORENTZIAN : LINE_GAUSSIAN;
    p[derived] = 0;
    if (p[from] < p[LINE_FWHM]) {
        clv_status status = derived == LINE_GAUSSIAN
                                ? clv_profile_gaussian(p[LINE_FWHM], p[from], &p[LINE_GAUSSIAN], gradient, err)
                                : clv_profile_lorentzian(p[LINE_FWHM], p[from], &p[LINE_LORENTZIAN], gradient, err);
        if (status) { return status; }
    }
    by[LINE_FWHM] = gradient[0];
    by[from] = gradient[1];
    return CLV_OK;
}

/* From d fwhm by the parts to d part by the others, where the part was sought that makes the width. */
static clv_status derive_asymmetric(peak_shape shape, double within, int derived, peak_line *line, double *by,
                                    clv_error *err)
{
    static const int places[5] = {LINE_LORENTZIAN, LINE_GAUSSIAN, LINE_ALPHA, LINE_BETA, LINE_DAMPING};
    clv_asymmetric_line as = asymmetric_line(line, within);
    clv_asymmetric_width width;
    double slope = 0;

    if (derived == LINE_FWHM) {
        CLV_TRY(clv_asymmetric_width_get(asymmetric_shape(shape), &as, &width, err));
        line->parameter[LINE_FWHM] = width.fwhm;
        for (int i = 0; i < 5; i++) { by[places[i]] = width.gradient[i]; }
        return CLV_OK;
    }
    CLV_TRY(clv_asymmetric_part_find(asymmetric_shape(shape), line->parameter[LINE_FWHM], derived == LINE_GAUSSIAN, &as,
                                     &width, err));
    line->parameter[derived] = derived == LINE_GAUSSIAN ? as.gaussian : as.lorentzian;
    slope = width.gradient[derived == LINE_GAUSSIAN];
    if (!(slope > 1e-6)) { slope = 1e-6; }
    for (int i = 0; i < 5; i++) { by[places[i]] = places[i] == derived ? 0 : -width.gradient[i] / slope; }
    by[LINE_FWHM] = 1 / slope;
    return CLV_OK;
}

clv_status peak_shape_derive(peak_shape shape, double within, int derived, peak_line *line,
                             double gradient[LINE_PARAMETERS], clv_error *err)
{
    memset(gradient, 0, LINE_PARAMETERS * sizeof *gradient);
    if (asymmetric(shape)) { return derive_asymmetric(shape, within, derived, line, gradient, err); }
    return derive_voigt(derived, line->parameter, gradient, err);
}
