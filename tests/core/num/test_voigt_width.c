/* The widths of a Voigt line against values computed with 60 digits, closed forms and each other.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "num/voigt.h"

/* gaussian, lorentzian, fwhm and its derivatives: mpmath, 60 digits, root of Re w(x + iy) = Re w(iy)/2 with
   w(z) = exp(-z^2) erfc(-iz); derivatives by central differences of 1e-15. */
static const double table[][5] = {
    {1, 0.1, 1.0543824121082809328, 0.99887758866375411, 0.55504823444526824},
    {1, 0.5, 1.2937759881806202025, 0.97354856245832167, 0.64045485144459706},
    {1, 1, 1.6375953596274819228, 0.90615651105299466, 0.73143884857448727},
    {1, 2, 2.4357306556951805066, 0.73169388532184169, 0.85201838518666941},
    {0.3, 1.7, 1.7552227784616621568, 0.35552666572024693, 0.96974398749740478},
    {1, 6, 6.1744989726593207213, 0.33818095074112607, 0.97271967031969911},
    {0.1, 1, 1.0106877097433094937, 0.21118200307066995, 0.9895695094362425},
    {1.53, 0.35, 1.7253603777742779274, 0.99421410972311655, 0.58346511399402741},
    {0.02, 1, 1.0004325902427157871, 0.043237224679619809, 0.99956784574912339},
};

static void close_to(double got, double expected, double relative)
{
    if (!(fabs(got - expected) <= relative * fabs(expected))) { fail_msg("%.17g is not %.17g", got, expected); }
}

static void test_voigt_width__equals_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const double *t = table[i];
        double g[2], part, back[2];
        close_to(clv_num_voigt_fwhm(t[0], t[1], g), t[2], 1e-13);
        close_to(g[0], t[3], 1e-10);
        close_to(g[1], t[4], 1e-10);
        assert_int_equal(clv_num_voigt_gaussian(t[2], t[1], &part, back, NULL), CLV_OK);
        close_to(part, t[0], i == 8 ? 1e-11 : 1e-12); /* row 9: fwhm - lorentzian has lost three digits */
        close_to(back[0], 1 / t[3], 1e-9);
        close_to(back[1], -t[4] / t[3], 1e-9);
        assert_int_equal(clv_num_voigt_lorentzian(t[2], t[0], &part, back, NULL), CLV_OK);
        close_to(part, t[1], 1e-12);
        close_to(back[0], 1 / t[4], 1e-9);
        close_to(back[1], -t[3] / t[4], 1e-9);
    }
}

static void test_voigt_width__limits_are_the_pure_lines(void **state)
{
    double g[2], part;

    (void)state;
    assert_true(clv_num_voigt_fwhm(0, 0.7, g) == 0.7 && g[0] == 0 && g[1] == 1);
    close_to(clv_num_voigt_fwhm(0.7, 0, g), 0.7, 1e-15);
    close_to(g[0], 1, 1e-13);
    assert_true(clv_num_voigt_fwhm(-1, -1, g) == 0);
    assert_int_equal(clv_num_voigt_gaussian(0.7, 0.7, &part, g, NULL), CLV_OK);
    assert_true(part == 0 && isfinite(g[0]) && isfinite(g[1]));
    assert_int_equal(clv_num_voigt_gaussian(0.7, 0, &part, g, NULL), CLV_OK);
    close_to(part, 0.7, 1e-14);
    assert_int_equal(clv_num_voigt_lorentzian(0.7, 0.7, &part, g, NULL), CLV_OK);
    assert_true(fabs(part) < 1e-14);
    assert_int_equal(clv_num_voigt_lorentzian(0.7, 0, &part, g, NULL), CLV_OK);
    assert_true(part == 0.7 && g[0] == 1 && g[1] == 0);
}

/* There and back over twelve decades of the ratio; continuous where the series takes over. */
static void test_voigt_width__inverses_undo_the_width(void **state)
{
    (void)state;
    for (int i = -600; i <= 600; i++) {
        double gaussian = 1.3, lorentzian = gaussian * pow(10, 0.01 * i), part, g[2];
        double fwhm = clv_num_voigt_fwhm(gaussian, lorentzian, g);
        assert_int_equal(clv_num_voigt_gaussian(fwhm, lorentzian, &part, NULL, NULL), CLV_OK);
        close_to(clv_num_voigt_fwhm(part, lorentzian, NULL), fwhm, 1e-12);
        close_to(part, gaussian, 1e-12 + 2e-15 * fwhm / (fwhm - lorentzian));
        assert_int_equal(clv_num_voigt_lorentzian(fwhm, gaussian, &part, NULL, NULL), CLV_OK);
        close_to(clv_num_voigt_fwhm(gaussian, part, NULL), fwhm, 1e-12);
        close_to(part, lorentzian, 1e-12 + 4e-15 * fwhm / lorentzian);
        if (i < -300 || i > 300) { continue; } /* there differences say little about derivatives */
        double h = 1e-4 * gaussian, k = 1e-4 * lorentzian;
        double up = clv_num_voigt_fwhm(gaussian + h, lorentzian, NULL);
        double down = clv_num_voigt_fwhm(gaussian - h, lorentzian, NULL);
        assert_true(fabs((up - down) / (2 * h) - g[0]) < 1e-8 + 1e-10 * fwhm / gaussian);
        up = clv_num_voigt_fwhm(gaussian, lorentzian + k, NULL);
        down = clv_num_voigt_fwhm(gaussian, lorentzian - k, NULL);
        assert_true(fabs((up - down) / (2 * k) - g[1]) < 1e-8 + 1e-10 * fwhm / lorentzian);
    }
}

static void test_voigt_width__impossible_widths_are_refused(void **state)
{
    clv_error err = {0};
    double part = 5, nan_value = nan("");

    (void)state;
    assert_int_equal(clv_num_voigt_gaussian(0.5, 0.6, &part, NULL, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "lorentzian is 0.6 eV"));
    assert_int_equal(clv_num_voigt_lorentzian(0.5, 0.6, &part, NULL, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "gaussian is 0.6 eV"));
    assert_int_equal(clv_num_voigt_gaussian(0, 0, &part, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_num_voigt_gaussian(INFINITY, 0, &part, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_num_voigt_gaussian(1, nan_value, &part, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_num_voigt_lorentzian(1, -0.1, &part, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_num_voigt_lorentzian(nan_value, 0.1, &part, NULL, &err), CLV_BAD_ARGUMENT);
    assert_true(part == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_voigt_width__equals_the_table),
        cmocka_unit_test(test_voigt_width__limits_are_the_pure_lines),
        cmocka_unit_test(test_voigt_width__inverses_undo_the_width),
        cmocka_unit_test(test_voigt_width__impossible_widths_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
