/* Tests of the asymmetric line shapes: against Voigt lines where they are such, against a fine quadrature of their
   defining integral, their areas, widths and every derivative.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"
#include "num/asymmetric.h"
#include "num/voigt.h"

#include <corelevel/profile.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT 304
#define PARAMETERS 6

static _Alignas(64) double energy[COUNT], column[1 + PARAMETERS][COUNT], up[COUNT], down[COUNT];

static clv_asymmetric_columns all_columns(void)
{
    return (clv_asymmetric_columns){column[0], column[1], column[2], column[3], column[4], column[5], column[6]};
}

static double *parameter(clv_asymmetric_line *line, int k)
{
    double *const all[PARAMETERS] = {&line->position, &line->lorentzian, &line->gaussian,
                                     &line->alpha,    &line->beta,       &line->damping};

    return all[k];
}

/* Shapes over the ranges that spectra need: wide and narrow Gaussians, weak and strong asymmetry. */
static const struct {
    clv_asymmetric_shape shape;
    clv_asymmetric_line line;
} cases[] = {
    {CLV_ASYMMETRIC_LA, {0.3, 0.5, 0.83, 1.53, 1.53, 0, 0, 2}},
    {CLV_ASYMMETRIC_LA, {0.3, 0.5, 0.83, 1.2, 4.8, 0, 0, 1}},
    {CLV_ASYMMETRIC_LA, {0.3, 1, 0.03, 1.2, 4.8, 0, 0, 1}},
    {CLV_ASYMMETRIC_LA, {0.3, 0.1, 2, 0.7, 12, 0, 0, 1}},
    {CLV_ASYMMETRIC_LF, {0.3, 0.8, 0.5, 0.54, 10, 6, 0, 1}},
    {CLV_ASYMMETRIC_DONIACH_SUNJIC, {0.3, 0.4, 0.6, 0.1, 0, 0, 20, 1}},
    {CLV_ASYMMETRIC_DONIACH_SUNJIC, {0.3, 0.05, 1, 0.3, 0, 0, 10, 1}},
    {CLV_ASYMMETRIC_DONIACH_SUNJIC, {0.3, 0.4, 0.004, 0.1, 0, 0, 20, 1}},
};
#define CASES (sizeof cases / sizeof *cases)

static void make_energies(void)
{
    for (int i = 0; i < COUNT; i++) { energy[i] = -6 + 0.04 * i; }
}

static void sum(size_t c, const clv_asymmetric_line *line, double *value)
{
    clv_asymmetric_columns out = {.value = value};
    clv_error err = {0};

    if (clv_asymmetric_sum(cases[c].shape, energy, COUNT, line, 1, &out, &err)) { fail_msg("%s", err.text); }
}

/* With equal exponents of 1, or no asymmetry, these are Voigt lines, which have their own kernel. The area of la is the
   whole one; that of doniach_sunjic within +-20 eV lacks what the Lorentzian has beyond: (2/pi) atan(20/0.25). */
static void test_voigt(void **payload)
{
    const clv_asymmetric_line la = {0.3, 0.5, 0.8, 1, 1, 0, 0, 1}, ds = {0.3, 0.5, 0.8, 0, 0, 0, 20, 1};
    const clv_num_line voigt = {0.3, 0.8, 0.5, 1};
    clv_num_line_columns to = {.value = column[1]};
    clv_asymmetric_columns out = {.value = column[0]};
    clv_error err = {0};

    (void)payload;
    make_energies();
    clv_num_voigt(energy, COUNT, &voigt, 1, &to);
    assert_int_equal(clv_asymmetric_sum(CLV_ASYMMETRIC_LA, energy, COUNT, &la, 1, &out, &err), CLV_OK);
    for (int i = 0; i < COUNT; i++) { assert_near(column[0][i], column[1][i], 1e-9); }
    assert_int_equal(clv_asymmetric_sum(CLV_ASYMMETRIC_DONIACH_SUNJIC, energy, COUNT, &ds, 1, &out, &err), CLV_OK);
    double within = 2 / M_PI * atan(20 / 0.25);
    for (int i = 0; i < COUNT; i++) { assert_near(column[0][i] * within, column[1][i], 1e-8); }
}

/* Simpson's rule on either side of the kernel's centre, 20,000 intervals each: error below 1e-10. */
static double quadrature(size_t c, double x)
{
    const clv_asymmetric_line *line = &cases[c].line;
    double sigma = line->gaussian / sqrt(8 * log(2)), whole = 0, area[CLV_NUM_KERNEL_PARTS];

    for (int side = 0; side < 2; side++) {
        double from = fmax(x - 9 * sigma, side ? 0 : -INFINITY), to = fmin(x + 9 * sigma, side ? INFINITY : 0);
        double h = (to - from) / 20000, part[CLV_NUM_KERNEL_PARTS], sum = 0;
        for (int i = 0; h > 0 && i <= 20000; i++) {
            double u = from + h * i, t = (x - u) / sigma, weight = i == 0 || i == 20000 ? 1 : i % 2 ? 4 : 2;
            clv_num_asymmetric_kernel(cases[c].shape, line, u, part, NULL);
            sum += weight * part[0] * exp(-0.5 * t * t);
        }
        whole += h > 0 ? sum * h / 3 : 0;
    }
    clv_num_asymmetric_area(cases[c].shape, line, area);
    return line->weight * whole / (sigma * sqrt(2 * M_PI) * area[0]);
}

static void test_convolution(void **payload)
{
    (void)payload;
    make_energies();
    for (size_t c = 0; c < CASES; c++) {
        double peak = 0;
        sum(c, &cases[c].line, column[0]);
        for (int i = 0; i < COUNT; i++) { peak = fmax(peak, column[0][i]); }
        for (int i = 3; i < COUNT; i += 10) {
            assert_near(column[0][i], quadrature(c, energy[i] - cases[c].line.position), 2e-8 * peak);
        }
    }
}

static void test_derivatives(void **payload)
{
    clv_error err = {0};

    (void)payload;
    make_energies();
    for (size_t c = 0; c < CASES; c++) {
        int last = cases[c].shape == CLV_ASYMMETRIC_LF ? 6 : cases[c].shape == CLV_ASYMMETRIC_LA ? 5 : 4;
        clv_asymmetric_columns out = all_columns();
        assert_int_equal(clv_asymmetric_sum(cases[c].shape, energy, COUNT, &cases[c].line, 1, &out, &err), CLV_OK);
        for (int k = 0; k < last; k++) {
            clv_asymmetric_line line = cases[c].line;
            double at = *parameter(&line, k), h = 4e-4 * fmax(at, 0.02), worst = 0, size = 0;
            *parameter(&line, k) = at + h;
            sum(c, &line, up);
            *parameter(&line, k) = at - h;
            sum(c, &line, down);
            for (int i = 0; i < COUNT; i++) {
                worst = fmax(worst, fabs(column[1 + k][i] - (up[i] - down[i]) / (2 * h)));
                size = fmax(size, fabs(column[1 + k][i]));
            }
            /* the difference itself errs by h^2/6 of the third derivative */
            if (!(worst <= 3e-6 * size)) { fail_msg("case %zu, parameter %d: off by %g of %g", c, k, worst, size); }
        }
    }
}

/* Area 1 by summing channels: the convolution keeps the kernel's area. Lines without far tails. */
static void test_area(void **payload)
{
    static const double far[] = {4000, 40};
    static const size_t which[] = {1, 4};

    (void)payload;
    for (int k = 0; k < 2; k++) {
        clv_asymmetric_columns out = {.value = column[0]};
        double total = 0, step = 0.01;
        clv_error err = {0};
        for (double from = -far[k]; from < far[k]; from += step * COUNT) {
            for (int i = 0; i < COUNT; i++) { energy[i] = from + step * i; }
            assert_int_equal(
                clv_asymmetric_sum(cases[which[k]].shape, energy, COUNT, &cases[which[k]].line, 1, &out, &err), CLV_OK);
            for (int i = 0; i < COUNT; i++) { total += step * column[0][i]; }
        }
        assert_near(total, 1, k == 0 ? 1e-5 : 1e-7); /* la: x^-2.4 beyond 4,000 eV leaves 5e-6 */
    }
}

/* Closed forms: l^a alone is half its height at x = (lorentzian/2) sqrt(2^(1/a) - 1); a Voigt line's width has its own
   kernel. */
static void test_width(void **payload)
{
    clv_asymmetric_line line = {5, 0.6, 0, 1.4, 3, 0, 0, 1};
    clv_asymmetric_width width;
    clv_error err = {0};

    (void)payload;
    assert_int_equal(clv_asymmetric_width_get(CLV_ASYMMETRIC_LA, &line, &width, &err), CLV_OK);
    assert_near(width.fwhm, 0.3 * (sqrt(exp2(1 / 1.4) - 1) + sqrt(exp2(1 / 3.0) - 1)), 1e-9);
    assert_near(width.top, 0, 1e-9);
    line = (clv_asymmetric_line){5, 0.6, 0.9, 0, 0, 0, 20, 1};
    assert_int_equal(clv_asymmetric_width_get(CLV_ASYMMETRIC_DONIACH_SUNJIC, &line, &width, &err), CLV_OK);
    assert_near(width.fwhm, clv_num_voigt_fwhm(0.9, 0.6, NULL), 5e-8);
    for (size_t c = 0; c < CASES; c++) {
        int last = cases[c].shape == CLV_ASYMMETRIC_LF ? 6 : cases[c].shape == CLV_ASYMMETRIC_LA ? 5 : 4;
        assert_int_equal(clv_asymmetric_width_get(cases[c].shape, &cases[c].line, &width, &err), CLV_OK);
        for (int k = 1; k < last; k++) {
            clv_asymmetric_width high, low;
            double h = 1e-4 * 0.05;
            line = cases[c].line;
            *parameter(&line, k) += h;
            assert_int_equal(clv_asymmetric_width_get(cases[c].shape, &line, &high, &err), CLV_OK);
            *parameter(&line, k) -= 2 * h;
            assert_int_equal(clv_asymmetric_width_get(cases[c].shape, &line, &low, &err), CLV_OK);
            assert_near(width.gradient[k - 1], (high.fwhm - low.fwhm) / (2 * h), 2e-4);
        }
    }
}

static void test_part(void **payload)
{
    clv_error err = {0};

    (void)payload;
    for (size_t c = 0; c < CASES; c++) {
        for (int which = 0; which < 2; which++) {
            clv_asymmetric_line line = cases[c].line;
            clv_asymmetric_width width, again;
            assert_int_equal(clv_asymmetric_width_get(cases[c].shape, &line, &width, &err), CLV_OK);
            double want = width.fwhm;
            *(which ? &line.gaussian : &line.lorentzian) = 1;
            if (clv_asymmetric_part_find(cases[c].shape, want, which, &line, &again, &err)) {
                fail_msg("case %zu, part %d: %s", c, which, err.text);
            }
            assert_near(again.fwhm, want, 1e-6);
        }
    }
    clv_asymmetric_line line = {0, 2, 0, 1, 1, 0, 0, 1};
    clv_asymmetric_width width;
    assert_int_equal(clv_asymmetric_part_find(CLV_ASYMMETRIC_LA, 1, 1, &line, &width, &err), CLV_BAD_ARGUMENT);
}

/* Whatever lies outside a shape's range is named. */
static void test_refused(void **payload)
{
    static const struct {
        clv_asymmetric_shape shape;
        clv_asymmetric_line line;
        const char *says;
    } refused[] = {
        {CLV_ASYMMETRIC_DONIACH_SUNJIC, {0, 0.5, 0.5, 0.6, 0, 0, 20, 1}, "alpha is 0.6"},
        {CLV_ASYMMETRIC_DONIACH_SUNJIC, {0, 0, 0.5, 0.1, 0, 0, 20, 1}, "lorentzian is 0"},
        {CLV_ASYMMETRIC_DONIACH_SUNJIC, {0, 0.5, 0.5, 0.1, 0, 0, 0, 1}, "range above 0"},
        {CLV_ASYMMETRIC_LA, {0, 0.5, 0.5, 0.5, 1, 0, 0, 1}, "alpha is 0.5"},
        {CLV_ASYMMETRIC_LA, {0, 0.5, 0.5, 1, NAN, 0, 0, 1}, "beta is"},
        {CLV_ASYMMETRIC_LA, {0, 0.5, -1, 1, 1, 0, 0, 1}, "gaussian is -1"},
        {CLV_ASYMMETRIC_LF, {0, 0.5, 0.5, 1, 1, 0, 0, 1}, "damping is 0"},
        {CLV_ASYMMETRIC_LA, {NAN, 0.5, 0.5, 1, 1, 0, 0, 1}, "position"},
    };
    clv_asymmetric_columns out = {.value = column[0]};

    (void)payload;
    make_energies();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        clv_error err = {0};
        assert_int_equal(clv_asymmetric_sum(refused[i].shape, energy, COUNT, &refused[i].line, 1, &out, &err),
                         CLV_BAD_ARGUMENT);
        if (!strstr(err.text, refused[i].says)) { fail_msg("%s", err.text); }
    }
    clv_error err = {0};
    clv_asymmetric_line narrow = {0, 0.001, 0.001, 1, 1, 0, 0, 1};
    energy[0] = -1e6;
    assert_int_equal(clv_asymmetric_sum(CLV_ASYMMETRIC_LA, energy, COUNT, &narrow, 1, &out, &err), CLV_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voigt),   cmocka_unit_test(test_convolution), cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_area),    cmocka_unit_test(test_width),       cmocka_unit_test(test_part),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
