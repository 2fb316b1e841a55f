/* Columns: errors and covariances against closed forms and against a Monte Carlo of 200,000 draws (a generator of this
   test's own, the same draws each time). SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/columns.h>
#include <corelevel/fit.h>

#define DRAWS 200000

/* ---- Normal deviates: splitmix64 (Steele, Lea, Flood 2014, doi 10.1145/2660193.2660195) and Box-Muller ---- */

static double uniform(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t *state)
{
    double radius = sqrt(-2.0 * log(uniform(state)));

    return radius * cos(6.283185307179586 * uniform(state));
}

static void near(double value, double expected, double within)
{
    if (!(fabs(value - expected) <= within * fabs(expected))) { fail_msg("%.17g is not %.17g", value, expected); }
}

static clv_axis *levels(const char *name, size_t count)
{
    double values[16];
    clv_axis *axis = NULL;

    for (size_t i = 0; i < count; i++) { values[i] = (double)i; }
    assert_int_equal(clv_axis_new(name, "1", values, count, &axis, NULL), CLV_OK);
    return axis;
}

/* Areas a = 300, b = 100 (point 0) and 200, 250 (point 1) that are the local quantities 0 and 1 of one source; one
   shared quantity moves them by `sensitivity`. */
static const double area[2][2] = {{300, 200}, {100, 250}};
static const double local[2][2][2] = {{{36, -12}, {-12, 16}}, {{25, -5}, {-5, 30}}};
static const double shared[1] = {0.04};
static const double sensitivity[2][2][1] = {{{20}, {-15}}, {{10}, {-12}}};

static clv_columns *areas(int with_shared)
{
    clv_axis *axis = levels("level", 2);
    clv_uncertainty *source = NULL;
    clv_columns *columns = NULL;
    size_t m = with_shared ? 1 : 0;

    assert_int_equal(clv_uncertainty_new(2, 2, &local[0][0][0], m, shared, &sensitivity[0][0][0], &source, NULL),
                     CLV_OK);
    assert_int_equal(clv_columns_new(&axis, 1, 2, &columns, NULL), CLV_OK);
    for (size_t c = 0; c < 2; c++) {
        double gradient[6] = {0};

        gradient[c] = 1;
        gradient[2 + m + c] = 1;
        assert_int_equal(clv_columns_fill(columns, c, c ? "b" : "a", "counts eV", area[c], source, gradient, NULL),
                         CLV_OK);
    }
    clv_uncertainty_free(source);
    clv_axis_free(axis);
    return columns;
}

/* Calculates `expression` of the columns a and b. */
static clv_columns *calculated(const clv_columns *columns, const char *expression)
{
    static const char *const names[] = {"a", "b"};
    clv_columns *single[2] = {NULL, NULL}, *made = NULL;
    clv_error err = {0};

    for (size_t c = 0; c < 2; c++) { assert_int_equal(clv_columns_pick(columns, c, &single[c], NULL), CLV_OK); }
    if (clv_columns_calculate(expression, names, (const clv_columns *const *)single, 2, "f", "1", &made, &err)) {
        fail_msg("%s", err.text);
    }
    clv_columns_free(single[0]);
    clv_columns_free(single[1]);
    return made;
}

static double fraction_variance(double a, double b, double va, double vb, double cab)
{
    return (b * b * va + a * a * vb - 2 * a * b * cab) / pow(a + b, 4);
}

/* The closed form of first-order propagation for a / (a + b). */
static void test_columns_calculate__fraction_has_the_error_of_the_closed_form(void **state)
{
    clv_columns *columns = areas(0), *fraction = calculated(columns, "a / (a + b)");

    (void)state;
    for (size_t p = 0; p < 2; p++) {
        double a = area[0][p], b = area[1][p];

        near(clv_columns_value(fraction, 0, p), a / (a + b), 1e-15);
        near(clv_columns_error(fraction, 0, p),
             sqrt(fraction_variance(a, b, local[p][0][0], local[p][1][1], local[p][0][1])), 1e-13);
        near(clv_columns_error(columns, 0, p), sqrt(local[p][0][0]), 1e-15);
        near(clv_columns_covariance(columns, 0, p, 1, p), local[p][0][1], 1e-15);
    }
    assert_true(clv_columns_covariance(fraction, 0, 0, 0, 1) == 0.0);
    assert_int_equal(clv_columns_count(fraction), 1);
    assert_string_equal(clv_columns_name(fraction, 0), "f");
    clv_columns_free(fraction);
    clv_columns_free(columns);
}

/* With a shared quantity: total covariance C + S Cs S^T within a point, S Cs S'^T across points. */
static void test_columns_calculate__shared_quantities_correlate_points(void **state)
{
    clv_columns *columns = areas(1);

    (void)state;
    for (size_t p = 0; p < 2; p++) {
        for (size_t q = 0; q < 2; q++) {
            double across = sensitivity[p][0][0] * shared[0] * sensitivity[q][1][0];

            near(clv_columns_covariance(columns, 0, p, 1, q), across + (p == q ? local[p][0][1] : 0.0), 1e-14);
        }
    }
    clv_columns_free(columns);
}

typedef struct moments {
    double sum[2], square[2], cross;
} moments;

/* Draws both points' areas and adds up the moments of a / (a + b). */
static moments draw_fractions(void)
{
    uint64_t seed = 20261123;
    moments m = {{0}, {0}, 0};

    for (int i = 0; i < DRAWS; i++) {
        double z = sqrt(shared[0]) * normal(&seed), f[2];

        for (size_t p = 0; p < 2; p++) {
            double l00 = sqrt(local[p][0][0]), l10 = local[p][0][1] / l00, u = normal(&seed), v = normal(&seed);
            double a = area[0][p] + sensitivity[p][0][0] * z + l00 * u;
            double b = area[1][p] + sensitivity[p][1][0] * z + l10 * u + sqrt(local[p][1][1] - l10 * l10) * v;

            f[p] = a / (a + b) - area[0][p] / (area[0][p] + area[1][p]);
            m.sum[p] += f[p];
            m.square[p] += f[p] * f[p];
        }
        m.cross += f[0] * f[1];
    }
    return m;
}

/* The standard error of a standard deviation from 200,000 draws is 0.16 %; errors here are 2 % of the areas, so that
   what first order leaves out is 0.1 %. */
static void test_columns_calculate__fraction_has_the_error_of_a_monte_carlo(void **state)
{
    clv_columns *columns = areas(1), *fraction = calculated(columns, "a / (a + b)");
    moments m = draw_fractions();

    (void)state;
    for (size_t p = 0; p < 2; p++) {
        double mean = m.sum[p] / DRAWS;

        near(clv_columns_error(fraction, 0, p), sqrt(m.square[p] / DRAWS - mean * mean), 0.01);
    }
    near(clv_columns_covariance(fraction, 0, 0, 0, 1), m.cross / DRAWS - m.sum[0] / DRAWS * (m.sum[1] / DRAWS), 0.03);
    clv_columns_free(fraction);
    clv_columns_free(columns);
}

/* f / f is one, exactly; f - f has no error; two steps give what one gives. */
static void test_columns_calculate__correlations_survive_steps(void **state)
{
    static const char *const names[] = {"f", "g"};
    clv_columns *columns = areas(1), *f = calculated(columns, "a / (a + b)"), *g = calculated(columns, "b / (a + b)");
    const clv_columns *both[] = {f, g};
    clv_columns *sum = NULL, *ratio = NULL, *direct = calculated(columns, "a / b");

    (void)state;
    assert_int_equal(clv_columns_calculate("f + g", names, both, 2, "s", "1", &sum, NULL), CLV_OK);
    assert_int_equal(clv_columns_calculate("f / g", names, both, 2, "r", "1", &ratio, NULL), CLV_OK);
    for (size_t p = 0; p < 2; p++) {
        near(clv_columns_value(sum, 0, p), 1.0, 1e-15);
        assert_true(clv_columns_error(sum, 0, p) < 1e-9);
        near(clv_columns_error(ratio, 0, p), clv_columns_error(direct, 0, p), 1e-12);
    }
    clv_columns_free(sum);
    clv_columns_free(ratio);
    clv_columns_free(direct);
    clv_columns_free(f);
    clv_columns_free(g);
    clv_columns_free(columns);
}

/* Two fits (two sources) are independent: variances add. */
static void test_columns_calculate__sources_are_independent(void **state)
{
    static const char *const names[] = {"x", "y"};
    clv_columns *one = areas(0), *two = areas(0), *difference = NULL, *single[2] = {NULL, NULL};

    (void)state;
    assert_int_equal(clv_columns_pick(one, 0, &single[0], NULL), CLV_OK);
    assert_int_equal(clv_columns_pick(two, 0, &single[1], NULL), CLV_OK);
    assert_int_equal(
        clv_columns_calculate("x - y", names, (const clv_columns *const *)single, 2, "d", "1", &difference, NULL),
        CLV_OK);
    near(clv_columns_error(difference, 0, 0), sqrt(2 * local[0][0][0]), 1e-14);
    clv_columns_free(single[0]);
    clv_columns_free(single[1]);
    clv_columns_free(one);
    clv_columns_free(two);
    clv_columns_free(difference);
}

/* A single value spread over all points correlates them: cov(a0 / s, a1 / s) = a0 a1 Vs / s^4 for exact a. */
static void test_columns_calculate__single_value_spreads_and_correlates(void **state)
{
    static const char *const names[] = {"a", "s"};
    const double s = 50, vs = 4, gradient = 1;
    clv_axis *axis = levels("level", 2);
    clv_uncertainty *source = NULL;
    clv_columns *a = NULL, *one = NULL, *made = NULL;

    (void)state;
    assert_int_equal(clv_uncertainty_new(1, 1, &vs, 0, NULL, NULL, &source, NULL), CLV_OK);
    assert_int_equal(clv_columns_new(NULL, 0, 1, &one, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(one, 0, "s", "1", &s, source, &gradient, NULL), CLV_OK);
    assert_int_equal(clv_columns_new(&axis, 1, 1, &a, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(a, 0, "a", "1", area[0], NULL, NULL, NULL), CLV_OK);
    assert_true(clv_columns_error(a, 0, 0) == 0.0);
    for (int order = 0; order < 2; order++) {
        const clv_columns *both[] = {a, one};

        assert_int_equal(clv_columns_calculate(order ? "1 / s * a" : "a / s", names, both, 2, "q", "1", &made, NULL),
                         CLV_OK);
        assert_int_equal(clv_columns_points(made), 2);
        near(clv_columns_error(made, 0, 0), 300 * 2 / (s * s), 1e-14);
        near(clv_columns_covariance(made, 0, 0, 0, 1), 300.0 * 200 * vs / pow(s, 4), 1e-14);
        clv_columns_free(made);
    }
    clv_uncertainty_free(source);
    clv_axis_free(axis);
    clv_columns_free(a);
    clv_columns_free(one);
}

static void test_columns_calculate__undetermined_counts_only_where_it_is_used(void **state)
{
    const double covariance[4] = {1, NAN, NAN, NAN}, first[2] = {1, 0}, second[2] = {0, 1}, value = 3;
    clv_uncertainty *source = NULL;
    clv_columns *columns = NULL;

    (void)state;
    assert_int_equal(clv_uncertainty_new(1, 2, covariance, 0, NULL, NULL, &source, NULL), CLV_OK);
    assert_int_equal(clv_columns_new(NULL, 0, 3, &columns, NULL), CLV_OK);
    assert_true(isnan(clv_columns_value(columns, 0, 0)));
    assert_int_equal(clv_columns_fill(columns, 0, "x", "1", &value, source, first, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 1, "y", "1", &value, source, second, NULL), CLV_OK);
    assert_true(clv_columns_error(columns, 0, 0) == 1.0);
    assert_true(isnan(clv_columns_error(columns, 1, 0)));
    assert_true(isnan(clv_columns_error(columns, 2, 0)));
    assert_int_equal(clv_columns_find(columns, "y"), 1);
    assert_true(clv_columns_find(columns, "z") == SIZE_MAX);
    clv_uncertainty_free(source);
    clv_columns_free(columns);
}

static void test_columns_calculate__take_keeps_errors_flags_and_besides(void **state)
{
    static const size_t places[] = {1};
    static const double interval[4] = {1, 2, 3, 4}, times[2] = {0, 60};
    static const uint8_t flags[2] = {0, CLV_FIT_POOR};
    clv_columns *columns = areas(1), *made = NULL;
    clv_axis *beside = NULL;

    (void)state;
    assert_int_equal(clv_axis_new("etch_time", "s", times, 2, &beside, NULL), CLV_OK);
    assert_int_equal(clv_columns_add_beside(columns, 0, beside, NULL), CLV_OK);
    assert_int_equal(clv_columns_set_interval(columns, 0, interval, NULL), CLV_OK);
    assert_int_equal(clv_columns_set_flags(columns, flags, NULL), CLV_OK);
    assert_int_equal(clv_columns_add_note(columns, "satellite is in no group", NULL), CLV_OK);
    assert_int_equal(clv_columns_take(columns, 0, places, 1, &made, NULL), CLV_OK);
    assert_int_equal(clv_columns_points(made), 1);
    assert_true(clv_axis_values(clv_columns_axis(made, 0))[0] == 1.0);
    assert_true(clv_axis_values(clv_columns_beside(made, 0, 0))[0] == 60.0);
    assert_true(clv_columns_value(made, 1, 0) == 250);
    near(clv_columns_error(made, 1, 0), clv_columns_error(columns, 1, 1), 1e-15);
    assert_true(clv_columns_interval(made, 0)[1] == 4);
    assert_null(clv_columns_interval(made, 1));
    assert_int_equal(clv_columns_flags(made, 0), CLV_FIT_POOR);
    assert_string_equal(clv_columns_note(made, 0), "satellite is in no group");
    clv_columns_free(made);
    assert_int_equal(clv_columns_take(columns, 1, places, 1, &made, NULL), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_columns_take(columns, 0, places, 0, &made, NULL), CLV_BAD_ARGUMENT);
    clv_axis_free(beside);
    clv_columns_free(columns);
}

/* Places along the first of two axes take whole rows: points 3..5 of 2 x 3. */
static void test_columns_calculate__take_along_a_leading_axis(void **state)
{
    static const size_t places[] = {1};
    static const double values[6] = {0, 1, 2, 3, 4, 5};
    clv_axis *axes[2] = {levels("y", 2), levels("x", 3)};
    clv_columns *columns = NULL, *made = NULL;

    (void)state;
    assert_int_equal(clv_columns_new(axes, 2, 1, &columns, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 0, "v", "1", values, NULL, NULL, NULL), CLV_OK);
    assert_int_equal(clv_columns_take(columns, 0, places, 1, &made, NULL), CLV_OK);
    for (size_t i = 0; i < 3; i++) { assert_true(clv_columns_value(made, 0, i) == 3.0 + (double)i); }
    clv_columns_free(made);
    assert_int_equal(clv_columns_take(columns, 1, places, 1, &made, NULL), CLV_OK);
    for (size_t i = 0; i < 2; i++) { assert_true(clv_columns_value(made, 0, i) == 1.0 + 3.0 * (double)i); }
    clv_columns_free(made);
    clv_columns_free(columns);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
}

static void test_columns_calculate__join_keeps_covariances(void **state)
{
    clv_columns *columns = areas(1), *fraction = calculated(columns, "a / (a + b)"), *joined = NULL;

    (void)state;
    assert_int_equal(clv_columns_join(columns, fraction, &joined, NULL), CLV_OK);
    assert_int_equal(clv_columns_count(joined), 3);
    assert_string_equal(clv_columns_name(joined, 2), "f");
    /* d f / d a = b / (a + b)^2, d f / d b = -a / (a + b)^2; without the shared part at points 0 and 1 apart */
    near(clv_columns_covariance(joined, 2, 0, 0, 0),
         (100 * (36 + 20 * 20 * 0.04) - 300 * (-12 + 20 * -15 * 0.04)) / 160000, 1e-13);
    clv_columns_free(joined);
    clv_columns_free(fraction);
    clv_columns_free(columns);
}

static void test_columns_calculate__refuses_what_does_not_fit(void **state)
{
    static const char *const names[] = {"a", "b"};
    static const double values[3] = {1, 2, 3};
    clv_axis *axis = levels("level", 3);
    clv_columns *columns = areas(0), *other = NULL, *made = NULL, *a = NULL;
    const clv_columns *both[2];
    clv_uncertainty *source = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_columns_new(&axis, 1, 1, &other, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(other, 0, "b", "1", values, NULL, NULL, NULL), CLV_OK);
    assert_int_equal(clv_columns_pick(columns, 0, &a, NULL), CLV_OK);
    both[0] = a;
    both[1] = other;
    assert_int_equal(clv_columns_calculate("a + b", names, both, 2, "c", "1", &made, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "other axes"));
    assert_int_equal(clv_columns_calculate("a +", names, both, 2, "c", "1", &made, &err), CLV_BAD_ARGUMENT);
    both[1] = columns;
    assert_int_equal(clv_columns_calculate("a + b", names, both, 2, "c", "1", &made, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_columns_join(columns, other, &made, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_columns_pick(columns, 2, &made, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_uncertainty_new(3, 1, NULL, 0, NULL, NULL, &source, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_uncertainty_new(SIZE_MAX / 2, 4, values, 0, NULL, NULL, &source, &err), CLV_NO_MEMORY);
    assert_null(made);
    clv_axis_free(axis);
    clv_columns_free(a);
    clv_columns_free(other);
    clv_columns_free(columns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_calculate__fraction_has_the_error_of_the_closed_form),
        cmocka_unit_test(test_columns_calculate__shared_quantities_correlate_points),
        cmocka_unit_test(test_columns_calculate__fraction_has_the_error_of_a_monte_carlo),
        cmocka_unit_test(test_columns_calculate__correlations_survive_steps),
        cmocka_unit_test(test_columns_calculate__sources_are_independent),
        cmocka_unit_test(test_columns_calculate__single_value_spreads_and_correlates),
        cmocka_unit_test(test_columns_calculate__undetermined_counts_only_where_it_is_used),
        cmocka_unit_test(test_columns_calculate__take_keeps_errors_flags_and_besides),
        cmocka_unit_test(test_columns_calculate__take_along_a_leading_axis),
        cmocka_unit_test(test_columns_calculate__join_keeps_covariances),
        cmocka_unit_test(test_columns_calculate__refuses_what_does_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
