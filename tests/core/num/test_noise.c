/* The noise found in simulated counts of known mean, with and without peaks, scaled and correlated.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "num/noise.h"

enum { n = 451, rounds = 300 };

static uint64_t seed = 2024;

static double uniform(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void) { return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform()); }

/* Counts by inversion below a mean of 50, by the rounded normal law above. */
static double poisson(double mean)
{
    double p = exp(-mean), sum = p, u = uniform();
    int k = 0;

    if (mean > 50) { return fmax(0, round(mean + sqrt(mean) * normal())); }
    while (u > sum && k < 1000) {
        p *= mean / ++k;
        sum += p;
    }
    return k;
}

/* The average of what is measured in many curves: a line of 5 times the background on a flat one, times `gain`. */
static clv_noise_measured average(double mean, double gain)
{
    clv_noise_measured sum = {0};

    for (int r = 0; r < rounds; r++) {
        clv_noise_measured one;
        double y[n];
        for (int i = 0; i < n; i++) { y[i] = gain * poisson(mean * (1 + 5 * exp(-0.5 * pow((i - 200) / 8.0, 2)))); }
        assert_int_equal(clv_noise_measure(y, n, &one, NULL), CLV_OK);
        sum.sigma += one.sigma / rounds;
        sum.scale += one.scale / rounds;
        sum.correlation += one.correlation / rounds;
        sum.scale_error += one.scale_error / rounds;
    }
    return sum;
}

/* Truth by construction: variance/mean = gain. 0.02 is over two standard errors of the average. */
static void test_noise__counts_have_scale_one(void **state)
{
    static const double means[] = {0.5, 1, 3, 10, 100, 3000};

    (void)state;
    for (int i = 0; i < 6; i++) {
        clv_noise_measured m = average(means[i], 1);
        print_message("mean %6g: scale %.3f +- %.3f, correlation %.3f\n", means[i], m.scale, m.scale_error,
                      m.correlation);
        assert_true(fabs(m.scale - 1) < 0.04 && fabs(m.correlation) < 0.1);
        assert_true(fabs(m.sigma - sqrt(means[i])) < 0.12 * sqrt(means[i]));
    }
    assert_true(fabs(average(100, 2.5).scale - 2.5) < 0.1);
}

/* A first-order autoregression of known correlation. */
static void test_noise__sees_correlation(void **state)
{
    (void)state;
    for (double w = 0; w < 0.7; w += 0.3) {
        double sum = 0, last = normal();
        for (int r = 0; r < rounds; r++) {
            clv_noise_measured one;
            double y[n];
            for (int i = 0; i < n; i++) { y[i] = last = w * last + sqrt(1 - w * w) * normal(); }
            assert_int_equal(clv_noise_measure(y, n, &one, NULL), CLV_OK);
            assert_true(isnan(one.scale));
            sum += one.correlation / rounds;
        }
        print_message("correlation %.1f: measured %.3f\n", w, sum);
        assert_true(fabs(sum - w) < 0.1);
    }
}

static void test_noise__what_cannot_be_measured_is_nan(void **state)
{
    double y[100] = {0};
    clv_noise_measured m;

    (void)state;
    assert_int_equal(clv_noise_measure(y, 10, &m, NULL), CLV_OK);
    assert_true(isnan(m.sigma) && isnan(m.scale) && isnan(m.correlation));
    assert_int_equal(clv_noise_measure(y, 100, &m, NULL), CLV_OK);
    assert_true(m.sigma == 0 && isnan(m.scale) && isnan(m.correlation));
    y[50] = NAN;
    assert_int_equal(clv_noise_measure(y, 100, &m, NULL), CLV_OK);
    assert_true(isnan(m.sigma));
}

static void test_noise__which_scale_is_used(void **state)
{
    (void)state;
    assert_true(clv_noise_scale(1, 1.2, 0.01) == 1);
    assert_true(clv_noise_scale(1, 1.3, 0.01) == 1.3);
    assert_true(clv_noise_scale(1, 1.3, 0.15) == 1);
    assert_true(clv_noise_scale(1, 0.01, 0.001) == 0.01);
    assert_true(clv_noise_scale(1, NAN, NAN) == 1);
    assert_true(clv_noise_scale(1, 0, 0) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise__counts_have_scale_one),
        cmocka_unit_test(test_noise__sees_correlation),
        cmocka_unit_test(test_noise__what_cannot_be_measured_is_nan),
        cmocka_unit_test(test_noise__which_scale_is_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
