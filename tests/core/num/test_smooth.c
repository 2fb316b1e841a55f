/* Local polynomials: published weights, exactness, and the noise they leave.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <corelevel/smooth.h>

#include <math.h>
#include <string.h>

/* Published weights: quadratic, five channels, (-3 12 17 12 -3) / 35; first derivative (-2 -1 0 1 2) / 10 (Savitzky and
 * Golay). */
static void test_smooth__published_weights(void **state)
{
    static const double weights[] = {-3.0 / 35, 12.0 / 35, 17.0 / 35, 12.0 / 35, -3.0 / 35};
    double y[11] = {0, 0, 0, 0, 0, 1}, out[11];
    clv_smooth_window window = {5, 2, 0};

    (void)state;
    assert_int_equal(clv_smooth(y, 11, 1, &window, out, NULL), CLV_OK);
    for (int i = 0; i < 5; i++) { assert_true(fabs(out[3 + i] - weights[i]) < 1e-15); }
    window.derivative = 1;
    assert_int_equal(clv_smooth(y, 11, 0.5, &window, out, NULL), CLV_OK);
    for (int i = 0; i < 5; i++) { assert_true(fabs(out[3 + i] - (2 - i) / 10.0 / 0.5) < 1e-14); }
}

/* A polynomial of the order or lower comes back as it is, with its derivatives, ends included. */
static void test_smooth__exact_for_polynomials(void **state)
{
    double y[60], out[60];

    (void)state;
    for (unsigned derivative = 0; derivative < 3; derivative++) {
        clv_smooth_window window = {15, 4, derivative};
        for (int i = 0; i < 60; i++) {
            double x = 0.1 * i;
            y[i] = 1 + 2 * x - x * x + 0.3 * x * x * x;
        }
        assert_int_equal(clv_smooth(y, 60, 0.1, &window, out, NULL), CLV_OK);
        for (int i = 0; i < 60; i++) {
            double x = 0.1 * i, expected[] = {y[i], 2 - 2 * x + 0.9 * x * x, -2 + 1.8 * x};
            assert_true(fabs(out[i] - expected[derivative]) < 1e-9);
        }
    }
}

/* Closed form for the quadratic on five: variance 17/35, correlation of neighbours from the weights by hand. */
static void test_smooth__noise_left(void **state)
{
    clv_smooth_window window = {5, 2, 0};
    clv_smooth_noise noise;

    (void)state;
    assert_int_equal(clv_smooth_noise_left(1, &window, &noise, NULL), CLV_OK);
    assert_true(fabs(noise.variance - 17.0 / 35) < 1e-15);
    assert_true(fabs(noise.correlation - (2 * (-3.0 * 12) + 2 * (12.0 * 17)) / (9 + 144 + 289 + 144 + 9)) < 1e-14);
}

static void test_smooth__refuses_and_contains(void **state)
{
    double y[40] = {0}, out[40];
    clv_smooth_window even = {6, 2, 0}, steep = {5, 5, 0}, wide = {41, 2, 0}, good = {5, 2, 0};
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_smooth(y, 40, 1, &even, out, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "odd number"));
    assert_int_equal(clv_smooth(y, 40, 1, &steep, out, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_smooth(y, 40, 1, &wide, out, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_smooth(y, 40, 0, &good, out, &err), CLV_BAD_ARGUMENT);
    y[20] = NAN;
    assert_int_equal(clv_smooth(y, 40, 1, &good, out, NULL), CLV_OK);
    for (int i = 0; i < 40; i++) { assert_true(isnan(out[i]) == (i >= 18 && i <= 22)); }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smooth__published_weights),
        cmocka_unit_test(test_smooth__exact_for_polynomials),
        cmocka_unit_test(test_smooth__noise_left),
        cmocka_unit_test(test_smooth__refuses_and_contains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
