/* Bounded least squares from Gram matrices: optimality, collinear columns, warm starts and speed.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>
#include <time.h>

#include "num/box_squares.h"

enum { limit = CLV_BOX_SQUARES_LIMIT };

static double next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*seed >> 11) / 4503599627370496.0 - 1;
}

/* Gram matrix and right side of random columns and data. */
static void make_problem(uint64_t *seed, size_t n, double *gram, double *right)
{
    double a[limit][100], y[100];
    size_t m = n + 30;

    for (size_t k = 0; k < m; k++) {
        y[k] = next_random(seed);
        for (size_t i = 0; i < n; i++) { a[i][k] = (next_random(seed) + 0.8) * (1 + 99.0 * (i % 3)); }
    }
    for (size_t i = 0; i < n; i++) {
        right[i] = 0;
        for (size_t k = 0; k < m; k++) { right[i] += a[i][k] * y[k]; }
        for (size_t j = 0; j < n; j++) {
            gram[i * n + j] = 0;
            for (size_t k = 0; k < m; k++) { gram[i * n + j] += a[i][k] * a[j][k]; }
        }
    }
}

/* The conditions of Karush, Kuhn and Tucker: they hold at the minimum of a convex problem and nowhere else. */
static void assert_minimum(const double *gram, const double *right, size_t n, const double *lower, const double *upper,
                           const double *c, const unsigned char *state)
{
    for (size_t i = 0; i < n; i++) {
        double pull = right[i], size = fabs(right[i]);
        for (size_t j = 0; j < n; j++) {
            pull -= gram[i * n + j] * c[j];
            size += fabs(gram[i * n + j] * c[j]);
        }
        assert_true(c[i] >= lower[i] && c[i] <= upper[i]);
        if (state[i] == CLV_BOX_SQUARES_FREE) { assert_true(fabs(pull) < 1e-9 * size); }
        if (state[i] == CLV_BOX_SQUARES_AT_LOWER) { assert_true(c[i] == lower[i] && pull < 1e-9 * size); }
        if (state[i] == CLV_BOX_SQUARES_AT_UPPER) { assert_true(c[i] == upper[i] && pull > -1e-9 * size); }
    }
}

static void test_box_squares__ends_at_the_minimum(void **state)
{
    static double gram[limit * limit], right[limit], lower[limit], upper[limit], c[limit], warm[limit];
    unsigned char states[limit], again[limit];
    uint64_t seed = 7;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        size_t n = 1 + (size_t)round % (round % 50 == 0 ? limit : 16);
        make_problem(&seed, n, gram, right);
        for (size_t i = 0; i < n; i++) {
            lower[i] = round % 3 == 0 ? -INFINITY : round % 3 == 1 ? 0 : -0.01 * (double)(i % 4);
            upper[i] = round % 3 == 2 ? 0.02 : INFINITY;
        }
        memset(c, 0, sizeof c);
        memset(states, 0, sizeof states);
        assert_true(clv_box_squares_solve(gram, n, right, n, lower, upper, c, states) > 0);
        assert_minimum(gram, right, n, lower, upper, c, states);
        /* from its own end it takes one system, from a wrong start it finds the same minimum */
        memcpy(warm, c, sizeof c);
        memcpy(again, states, sizeof states);
        assert_int_equal(clv_box_squares_solve(gram, n, right, n, lower, upper, warm, again), 1);
        for (size_t i = 0; i < n; i++) { again[i] = (unsigned char)((size_t)round + i) % 3; }
        assert_true(clv_box_squares_solve(gram, n, right, n, lower, upper, warm, again) > 0);
        for (size_t i = 0; i < n; i++) { assert_true(fabs(warm[i] - c[i]) < 1e-9 * (1 + fabs(c[i]))); }
    }
}

/* Column 2 = column 0 + column 1; column 4 is zero. By hand: columns e0, e1, e0 + e1, e2, 0 and data (3, 5, 7). */
static void test_box_squares__tells_what_is_not_determined(void **state)
{
    double gram[25] = {1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0},
           right[5] = {3, 5, 8, 7, 0};
    double c[5] = {9, 9, 9, 9, 9};
    unsigned char states[5] = {0};

    (void)state;
    assert_true(clv_box_squares_solve(gram, 5, right, 5, NULL, NULL, c, states) > 0);
    assert_true(fabs(c[0] - 3) < 1e-14 && fabs(c[1] - 5) < 1e-14 && c[2] == 0 && fabs(c[3] - 7) < 1e-14 && c[4] == 0);
    assert_int_equal(states[0], CLV_BOX_SQUARES_SHARED);
    assert_int_equal(states[1], CLV_BOX_SQUARES_SHARED);
    assert_int_equal(states[2], CLV_BOX_SQUARES_HELD);
    assert_int_equal(states[3], CLV_BOX_SQUARES_FREE);
    assert_int_equal(states[4], CLV_BOX_SQUARES_HELD);
}

static void test_box_squares__not_finite_is_told(void **state)
{
    double gram[4] = {1, 0, 0, 1}, right[2] = {NAN, 1}, c[2] = {0};
    unsigned char states[2] = {0};

    (void)state;
    assert_int_equal(clv_box_squares_solve(gram, 2, right, 2, NULL, NULL, c, states), 0);
    assert_int_equal(clv_box_squares_solve(gram, 2, right, limit + 1, NULL, NULL, c, states), 0);
}

/* A bench line: goal under 1 us for 12 coefficients none of which is at a bound. */
static void test_box_squares__is_fast(void **state)
{
    static double gram[144], right[12], lower[12], c[12];
    unsigned char states[12];
    const size_t sizes[] = {5, 8, 12};

    (void)state;
    for (int k = 0; k < 3; k++) {
        uint64_t seed = 3;
        size_t n = sizes[k], solved = 0;
        double best = 1e9;

        make_problem(&seed, n, gram, right);
        for (size_t i = 0; i < n; i++) {
            lower[i] = -INFINITY;
            gram[i * n + i] *= 1.5;
        }
        for (int round = 0; round < 50; round++) {
            struct timespec from, to;
            clock_gettime(CLOCK_MONOTONIC, &from);
            for (int i = 0; i < 100; i++) {
                memset(states, 0, sizeof states);
                solved += clv_box_squares_solve(gram, n, right, n, lower, NULL, c, states);
            }
            clock_gettime(CLOCK_MONOTONIC, &to);
            best = fmin(best,
                        ((double)(to.tv_sec - from.tv_sec) * 1e6 + 1e-3 * (double)(to.tv_nsec - from.tv_nsec)) / 100);
        }
        assert_int_equal(solved, 5000);
        print_message("bench: bounded least squares of %zu coefficients: %.2f us\n", n, best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_box_squares__ends_at_the_minimum),
        cmocka_unit_test(test_box_squares__tells_what_is_not_determined),
        cmocka_unit_test(test_box_squares__not_finite_is_told),
        cmocka_unit_test(test_box_squares__is_fast),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
