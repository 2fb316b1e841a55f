/* Tail probabilities, the runs test and the Abbe value against published and independently computed values.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "num/runs.h"
#include "num/distribution.h"

/* Expected values: scipy.stats.chi2.sf of SciPy 1.10.1. */
static void test_distribution__chi2_tail(void **state)
{
    static const double rows[][3] = {{3.84, 1, 0.05004352124870519},      {10, 10, 0.44049328506521257},
                                     {500, 451, 0.055029991955039305},    {400, 451, 0.9594458951296967},
                                     {1000, 451, 1.2743524282335917e-43}, {0.1, 4, 0.9987908957257497},
                                     {2500, 2000, 1.074008023138619e-13}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(fabs(clv_distribution_chi2_tail(rows[i][0], rows[i][1]) / rows[i][2] - 1) < 1e-11);
    }
    assert_true(clv_distribution_chi2_tail(0, 5) == 1 && clv_distribution_chi2_tail(INFINITY, 5) == 0);
    assert_true(isnan(clv_distribution_chi2_tail(1, 0)) && isnan(clv_distribution_chi2_tail(NAN, 3)));
    /* two degrees of freedom: exp(-x / 2) */
    assert_true(fabs(clv_distribution_chi2_tail(700, 2) / exp(-350) - 1) < 1e-11);
    assert_true(fabs(clv_distribution_normal_tail(1.959963984540054) - 0.025) < 1e-15);
}

/* By hand: of the 20 orders of three + and three -, runs of 2 3 4 5 6 come 2 4 8 4 2 times. */
static void test_runs__exact(void **state)
{
    const double two[] = {1, 2, 3, -1, -2, -3}, three[] = {1, -1, -2, -3, 0, 2, 5}, four[] = {1, -1, -4, 5, NAN, 6, -2};
    const double six[] = {1, -1, 1, -1, 1, -1}, one[] = {1, 1, 1, 1};

    (void)state;
    assert_true(fabs(clv_runs_test(two, 6) - 0.2) < 1e-14);
    assert_true(fabs(clv_runs_test(three, 7) - 0.6) < 1e-14);
    assert_true(clv_runs_test(four, 7) == 1);
    assert_true(fabs(clv_runs_test(six, 6) - 0.2) < 1e-14);
    assert_true(clv_runs_test(one, 4) == 0.125);
    assert_true(clv_runs_test(one, 1) == 1);
}

/* Expected values: the exact distribution for 84 residuals, summed with whole numbers in Python. */
static void test_runs__approximation(void **state)
{
    double r[400];

    (void)state;
    for (int i = 0; i < 84; i++) { r[i] = (i / 2) % 2 ? 1 : -1; }
    assert_true(fabs(clv_runs_test(r, 84) - 0.9137) < 0.01);
    for (int i = 0; i < 84; i++) { r[i] = (i / 3) % 2 ? 1 : -1; }
    assert_true(fabs(clv_runs_test(r, 84) - 0.001316) < 2e-4);
    for (int i = 0; i < 84; i++) { r[i] = (i * i) % 17 < 8 ? 1 : -1; }
    assert_true(fabs(clv_runs_test(r, 84) - 0.02307) < 2e-3);
    /* 200 + 200 in 100 runs: mean 201, variance 80000 (80000 - 400) / (400^2 399) = 39800 / 399, by hand */
    for (int i = 0; i < 400; i++) { r[i] = (i / 4) % 2 ? 1 : -1; }
    assert_true(fabs(clv_runs_test(r, 400) / (2 * clv_distribution_normal_tail(100.5 / sqrt(39800.0 / 399))) - 1) <
                1e-9);
}

static void test_runs__abbe(void **state)
{
    const double alternate[] = {1, -1, 1, -1}, together[] = {1, 1, -1, -1}, zero[] = {0, 0, 0};

    (void)state;
    assert_true(clv_runs_abbe(alternate, 4) == 2);
    assert_true(fabs(clv_runs_abbe(together, 4) - 2.0 / 3) < 1e-15);
    assert_true(isnan(clv_runs_abbe(zero, 3)) && isnan(clv_runs_abbe(alternate, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distribution__chi2_tail),
        cmocka_unit_test(test_runs__exact),
        cmocka_unit_test(test_runs__approximation),
        cmocka_unit_test(test_runs__abbe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
