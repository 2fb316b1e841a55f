/* Tests of random numbers by key: moments, independence of order, extreme means.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"
#include "num/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N 200000

/* Mean and variance of a Poisson number are its parameter; the errors are those of N numbers (variance of the variance
   m + 2 m^2, from the fourth moment). */
static void test_poisson(void **payload)
{
    const double means[] = {0.05, 3, 29.9, 30.1, 400, 1e6};

    (void)payload;
    for (int k = 0; k < 6; k++) {
        double m = means[k], sum = 0, squares = 0;
        for (uint64_t i = 0; i < N; i++) {
            clv_random random = clv_random_stream(1, (uint64_t)k, 7, i);
            double x = clv_random_poisson(&random, m) - m;
            sum += x;
            squares += x * x;
        }
        assert_near(sum / N, 0, 4 * sqrt(m / N));
        assert_near(squares / N, m, 4 * sqrt((m + 2 * m * m) / N));
    }
}

static void test_uniform_normal(void **payload)
{
    double u = 0, cross = 0, normal = 0, squares = 0;

    (void)payload;
    for (uint64_t i = 0; i < N; i++) {
        clv_random a = clv_random_stream(1, 2, 3, i), b = clv_random_stream(1, 2, 4, i);
        double x = clv_random_uniform(&a) - 0.5, y = clv_random_uniform(&b) - 0.5, z = clv_random_normal(&a);
        assert_true(x > -0.5 && x < 0.5);
        u += x;
        cross += x * y;
        normal += z;
        squares += z * z;
    }
    assert_near(u / N, 0, 4 * sqrt(1 / 12.0 / N));
    assert_near(cross / N, 0, 4 / 12.0 / sqrt(N));
    assert_near(normal / N, 0, 4 / sqrt(N));
    assert_near(squares / N, 1, 4 * sqrt(2.0 / N));
}

static void test_extremes(void **payload)
{
    clv_random random = clv_random_stream(0, 0, 0, 0), again = clv_random_stream(0, 0, 0, 0);

    (void)payload;
    assert_true(clv_random_poisson(&random, 0) == 0 && clv_random_poisson(&random, -1) == 0);
    assert_true(clv_random_poisson(&random, NAN) == 0);
    assert_true(clv_random_poisson(&random, 1e-300) == 0);
    double huge = clv_random_poisson(&random, 1e300);
    assert_true(fabs(huge - 1e300) < 1e160);
    random = clv_random_stream(0, 0, 0, 0);
    assert_true(clv_random_uniform(&random) == clv_random_uniform(&again));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_poisson), cmocka_unit_test(test_uniform_normal),
                                       cmocka_unit_test(test_extremes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
