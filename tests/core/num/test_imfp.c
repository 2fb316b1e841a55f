/* Inelastic mean free paths by TPP-2M, and quantiles and limits of the normal distribution.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include <corelevel/imfp.h>

#include "num/distribution.h"

/* Expected values: the printed equation evaluated in Python, independently of this code, in nm. */
static const struct row {
    clv_material material;
    double energy, expected;
} rows[] = {{{19.32, 11, 196.967, 0}, 1000, 1.2302677403116919}, /* Au */
            {{8.96, 11, 63.546, 0}, 1000, 1.5448974747117164},   /* Cu */
            {{2.7, 3, 26.98, 0}, 1000, 2.3666644244087177},      /* Al */
            {{2.33, 4, 28.086, 1.1}, 1000, 2.3859944643567125},  /* Si */
            {{2.2, 16, 60.08, 9}, 1000, 3.0214908021787863},     /* SiO2 */
            {{5.06, 22, 97.87, 2.7}, 708, 1.5995610992872146},   /* LiCoO2 */
            {{5.06, 22, 97.87, 2.7}, 1000, 2.0648548721943186}};

static void test_imfp__equals_the_printed_equation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(fabs(clv_imfp_tpp2m(rows[i].energy, &rows[i].material) / rows[i].expected - 1) < 1e-12);
    }
}

static void test_imfp__is_nan_where_it_does_not_hold(void **state)
{
    static const clv_material gold = {19.32, 11, 196.967, 0}, none = {0, 11, 196.967, 0},
                              gap = {19.32, 11, 196.967, -1};

    (void)state;
    assert_true(isnan(clv_imfp_tpp2m(49, &gold)));
    assert_true(isnan(clv_imfp_tpp2m(2001, &gold)));
    assert_true(isnan(clv_imfp_tpp2m(NAN, &gold)));
    assert_true(isnan(clv_imfp_tpp2m(1000, &none)));
    assert_true(isnan(clv_imfp_tpp2m(1000, &gap)));
    assert_true(isfinite(clv_imfp_tpp2m(50, &gold)) && isfinite(clv_imfp_tpp2m(2000, &gold)));
}

/* Quantiles from tables of the normal distribution (M. Abramowitz, I. A. Stegun, 1964, table 26.5 and 26.6). */
static void test_quantile__equals_the_tables(void **state)
{
    (void)state;
    assert_true(fabs(clv_distribution_normal_quantile(0.5)) < 1e-12);
    assert_true(fabs(clv_distribution_normal_quantile(0.05) - 1.6448536269514722) < 1e-12);
    assert_true(fabs(clv_distribution_normal_quantile(0.025) - 1.9599639845400545) < 1e-12);
    assert_true(fabs(clv_distribution_normal_quantile(0.99) + 2.3263478740408408) < 1e-12);
    assert_true(isinf(clv_distribution_normal_quantile(0)) && isinf(clv_distribution_normal_quantile(1)));
    assert_true(isnan(clv_distribution_normal_quantile(-0.1)) && isnan(clv_distribution_normal_quantile(NAN)));
}

/* Closed forms: at 0 the cut distribution is a half normal one, whose quantile is the normal one of (1 + level) / 2;
   far above 0 nothing is cut off; the rest from scipy.stats.truncnorm.ppf. */
static void test_upper_limit__is_the_quantile_of_what_is_not_negative(void **state)
{
    (void)state;
    assert_true(fabs(clv_distribution_upper_limit(0, 2, 0.95) - 2 * 1.9599639845400545) < 1e-11);
    assert_true(fabs(clv_distribution_upper_limit(50, 1, 0.95) - 51.6448536269514722) < 1e-11);
    assert_true(fabs(clv_distribution_upper_limit(-1, 1, 0.95) - 1.4119943957872012) < 1e-9);
    assert_true(fabs(clv_distribution_upper_limit(1, 2, 0.9) - 3.9643593568818134) < 1e-9);
    assert_true(isnan(clv_distribution_upper_limit(1, 0, 0.95)) && isnan(clv_distribution_upper_limit(1, 1, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_imfp__equals_the_printed_equation),
        cmocka_unit_test(test_imfp__is_nan_where_it_does_not_hold),
        cmocka_unit_test(test_quantile__equals_the_tables),
        cmocka_unit_test(test_upper_limit__is_the_quantile_of_what_is_not_negative),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
