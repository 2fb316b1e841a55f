/* The least-squares solver's bounds, verdicts and covariance on problems with closed forms.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "num/least_squares.h"
#include "num/linear.h"

enum { rows = 5 };

/* y = a + b t on t = -2..2: the exact line 3 + 2 t with residuals 1, -2, 0, 2, -1 that are orthogonal to it. */
static clv_status line(const double *b, double *r, double *jacobian, void *payload, clv_error *err)
{
    static const double off[rows] = {1, -2, 0, 2, -1};

    (void)payload;
    (void)err;
    for (int i = 0; i < rows; i++) {
        double t = i - 2;
        r[i] = b[0] + b[1] * t - (3 + 2 * t + (i == 2 ? 0 : off[i]));
        if (jacobian) {
            jacobian[i] = 1;
            jacobian[rows + i] = t;
        }
    }
    return CLV_OK;
}

/* Closed form: the offsets are orthogonal to 1 and t, so that the line stays 3 + 2 t; (J^T J)^-1 = diag(1/5, 1/10). */
static void test_least_squares__line_and_covariance(void **state)
{
    clv_least_squares_problem problem = {rows, 2, line, NULL, NULL, NULL};
    clv_least_squares_result result;
    double b[2] = {100, -50}, covariance[4];
    bool at_bound[2];

    (void)state;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, covariance, at_bound, &result, NULL), CLV_OK);
    assert_int_equal(result.end, CLV_LEAST_SQUARES_CONVERGED);
    assert_true(fabs(b[0] - 3) < 1e-12 && fabs(b[1] - 2) < 1e-12);
    assert_true(fabs(covariance[0] - 0.2) < 1e-14 && fabs(covariance[3] - 0.1) < 1e-14 && fabs(covariance[1]) < 1e-14);
    assert_true(fabs(result.chi2 - 10) < 1e-12);
    assert_int_equal(result.rank, 2);
    assert_false(at_bound[0] || at_bound[1]);
}

static void test_least_squares__stops_at_a_bound(void **state)
{
    double lower[] = {-INFINITY, -INFINITY}, upper[] = {2.5, INFINITY};
    clv_least_squares_problem problem = {rows, 2, line, NULL, lower, upper};
    clv_least_squares_result result;
    double b[2] = {7, 0}, covariance[4];
    bool at_bound[2];

    (void)state;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, covariance, at_bound, &result, NULL), CLV_OK);
    assert_int_equal(result.end, CLV_LEAST_SQUARES_CONVERGED);
    assert_true(b[0] == 2.5 && fabs(b[1] - 2) < 1e-12);
    assert_true(at_bound[0] && !at_bound[1]);
    assert_int_equal(result.n_free, 1);
    assert_true(isnan(covariance[0]) && isnan(covariance[1]) && fabs(covariance[3] - 0.1) < 1e-14);
}

/* a * b * t: only the product is determined. */
static clv_status product(const double *b, double *r, double *jacobian, void *payload, clv_error *err)
{
    (void)payload;
    (void)err;
    for (int i = 0; i < rows; i++) {
        r[i] = b[0] * b[1] * i - 6.0 * i - (i == 1);
        if (jacobian) {
            jacobian[i] = b[1] * i;
            jacobian[rows + i] = b[0] * i;
        }
    }
    return CLV_OK;
}

static void test_least_squares__tells_what_is_not_determined(void **state)
{
    clv_least_squares_problem problem = {rows, 2, product, NULL, NULL, NULL};
    clv_least_squares_result result;
    double b[2] = {1, 1}, covariance[4];

    (void)state;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, covariance, NULL, &result, NULL), CLV_OK);
    assert_int_equal(result.end, CLV_LEAST_SQUARES_SINGULAR);
    assert_int_equal(result.rank, 1);
    assert_true(fabs(b[0] * b[1] - (6 + 1.0 / 30)) < 1e-9);
    assert_true(isnan(covariance[0]));
}

/* Two valleys, near 2 and near -2; the second residual makes the one near -2 the lower. */
static clv_status two_valleys(const double *b, double *r, double *jacobian, void *payload, clv_error *err)
{
    (void)payload;
    (void)err;
    r[0] = b[0] * b[0] - 4;
    r[1] = (b[0] + 3) / 2;
    if (jacobian) {
        jacobian[0] = 2 * b[0];
        jacobian[1] = 0.5;
    }
    return CLV_OK;
}

static void test_least_squares__restarts_find_the_lower_valley(void **state)
{
    clv_least_squares_problem problem = {2, 1, two_valleys, NULL, NULL, NULL};
    clv_least_squares_options options = {.restarts = 12};
    clv_least_squares_result near, far;
    double b[1] = {1.5};

    (void)state;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, NULL, NULL, &near, NULL), CLV_OK);
    assert_true(b[0] > 1);
    b[0] = 1.5;
    assert_int_equal(clv_least_squares_solve(&problem, &options, b, NULL, NULL, &far, NULL), CLV_OK);
    assert_true(b[0] < -1.9 && far.chi2 < near.chi2);
}

/* Outside its domain (b <= 0) this model is not finite: steps that go there are not taken. Minimum at log b = 1. */
static clv_status logarithm(const double *b, double *r, double *jacobian, void *payload, clv_error *err)
{
    (void)payload;
    (void)err;
    r[0] = 10 * (log(b[0]) - 1);
    if (jacobian) { jacobian[0] = 10 / b[0]; }
    return CLV_OK;
}

static void test_least_squares__stays_in_the_domain(void **state)
{
    clv_least_squares_problem problem = {1, 1, logarithm, NULL, NULL, NULL};
    clv_least_squares_result result;
    double b[1] = {50};
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, NULL, NULL, &result, NULL), CLV_OK);
    assert_true(fabs(b[0] - M_E) < 1e-9);
    b[0] = -1;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, NULL, NULL, &result, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "not finite at the start"));
    problem.n_parameters = 2;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, NULL, NULL, &result, &err), CLV_BAD_ARGUMENT);
}

static clv_status cancelled(const double *b, double *r, double *jacobian, void *payload, clv_error *err)
{
    (void)b, (void)r, (void)jacobian, (void)payload;
    return clv_fail(err, CLV_CANCELLED, "stopped");
}

static void test_least_squares__passes_errors_on(void **state)
{
    clv_least_squares_problem problem = {1, 1, cancelled, NULL, NULL, NULL};
    clv_least_squares_result result;
    double b[1] = {1};

    (void)state;
    assert_int_equal(clv_least_squares_solve(&problem, NULL, b, NULL, NULL, &result, NULL), CLV_CANCELLED);
}

/* R^T R of [3 4; 0 5] by columns is [9 12; 12 41]; its inverse has determinant 225. */
static void test_linear__covariance(void **state)
{
    double r[] = {3, 0, 4, 5}, inverse[4], a[] = {3, 0, 0, 6, 0, 1e-20, 1, 2, 2};
    size_t order[3];

    (void)state;
    clv_linear_covariance(r, 2, 2, inverse);
    assert_true(fabs(inverse[0] - 41.0 / 225) < 1e-15 && fabs(inverse[1] + 12.0 / 225) < 1e-15);
    assert_true(fabs(inverse[3] - 9.0 / 225) < 1e-15 && inverse[1] == inverse[2]);
    assert_int_equal(clv_linear_rank(a, 3, 3, 1e-13, order), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_least_squares__line_and_covariance),
        cmocka_unit_test(test_least_squares__stops_at_a_bound),
        cmocka_unit_test(test_least_squares__tells_what_is_not_determined),
        cmocka_unit_test(test_least_squares__restarts_find_the_lower_valley),
        cmocka_unit_test(test_least_squares__stays_in_the_domain),
        cmocka_unit_test(test_least_squares__passes_errors_on),
        cmocka_unit_test(test_linear__covariance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
