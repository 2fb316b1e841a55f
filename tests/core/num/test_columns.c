/* Column kernels of every level against plain sums in long double and against integrals in closed form.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "num/columns.h"

#define CHANNELS 200
#define MOST 14

static const char *const levels[] = {"generic", "avx2", "avx512"};
static _Alignas(64) double column[MOST][CHANNELS];
static _Alignas(64) double weights[CHANNELS], target[CHANNELS], energy[CHANNELS], out[CHANNELS];
static const double *columns[MOST];

static const clv_num_kernels *level_or_say(const char *name)
{
    const clv_num_kernels *kernels = clv_num_kernels_find(name);

    if (!kernels) { print_message("SKIPPED: this processor lacks level %s\n", name); }
    return kernels;
}

/* 197 channels and three pads that only their weights of 0 hold away. */
static int fill(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHANNELS; i++) {
        weights[i] = i < 197 ? 1 + 0.5 * cos((double)i) : 0;
        target[i] = sin(0.3 * (double)i);
        energy[i] = 100 + 0.05 * (double)i + 0.02 * sin((double)i);
        for (size_t k = 0; k < MOST; k++) { column[k][i] = i < 197 ? sin(0.01 * (double)((k + 2) * i)) + 0.2 : 1e3; }
    }
    for (size_t k = 0; k < MOST; k++) { columns[k] = column[k]; }
    return 0;
}

static double plain(const double *a, const double *b)
{
    long double sum = 0;

    for (size_t i = 0; i < 197; i++) { sum += (long double)weights[i] * a[i] * b[i]; }
    return (double)sum;
}

static void hold_gram(const clv_num_kernels *kernels, size_t count)
{
    double gram[MOST * MOST], projection[MOST];

    kernels->gram(columns, count, weights, target, CHANNELS, gram, projection);
    for (size_t a = 0; a < count; a++) {
        assert_true(fabs(projection[a] - plain(column[a], target)) < 1e-12);
        for (size_t b = 0; b < count; b++) {
            assert_true(fabs(gram[a * count + b] - plain(column[a], column[b])) < 1e-12);
            assert_true(gram[a * count + b] == gram[b * count + a]);
        }
    }
}

static void test_columns__gram_equals_plain_sums(void **state)
{
    (void)state;
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        for (size_t count = 0; kernels && count <= MOST; count++) { hold_gram(kernels, count); }
    }
}

static void test_columns__same_bits_again_and_for_fewer_columns(void **state)
{
    double all[MOST * MOST], again[MOST * MOST], few[9], projection[MOST];

    (void)state;
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        if (!kernels) { continue; }
        kernels->gram(columns, MOST, weights, target, CHANNELS, all, projection);
        kernels->gram(columns, MOST, weights, target, CHANNELS, again, projection);
        kernels->gram(columns, 3, weights, target, CHANNELS, few, projection);
        assert_memory_equal(all, again, sizeof all);
        for (size_t a = 0; a < 9; a++) { assert_true(few[a] == all[a / 3 * MOST + a % 3]); }
    }
}

static void test_columns__combinations_equal_plain_sums(void **state)
{
    double coefficients[MOST];

    (void)state;
    for (size_t k = 0; k < MOST; k++) { coefficients[k] = 0.7 * (double)k - 3; }
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        if (!kernels) { continue; }
        kernels->combine(columns, MOST, coefficients, CHANNELS, out);
        kernels->add_scaled(out, 2.5, target, CHANNELS);
        for (size_t i = 0; i < CHANNELS; i++) {
            long double sum = 2.5L * target[i];
            for (size_t k = 0; k < MOST; k++) { sum += (long double)coefficients[k] * column[k][i]; }
            assert_true(fabs(out[i] - (double)sum) <= 1e-11 * (i < 197 ? 1 : 1e3));
        }
        double squares = kernels->weighted_squares(target, weights, CHANNELS);
        assert_true(fabs(squares - plain(target, target)) < 1e-12);
        kernels->combine(columns, 0, coefficients, CHANNELS, out);
        assert_true(out[0] == 0 && out[CHANNELS - 1] == 0);
    }
}

/* The definition in long double; closed forms: 0 where the model is the counts, 2 sum m where nothing was counted. */
static void test_columns__poisson_deviance(void **state)
{
    static _Alignas(64) double counts[CHANNELS], model[CHANNELS], mask[CHANNELS], given[CHANNELS];

    (void)state;
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l]);
        long double expected = 0, zeros = 0;
        if (!kernels) { continue; }
        for (size_t i = 0; i < CHANNELS; i++) {
            mask[i] = i < 197 && i != 50;
            counts[i] = i % 7 ? floor(pow(1.1, (double)(i % 120)) * (1 + 0.3 * sin((double)i))) : 0;
            model[i] = i == 60 ? -4 : pow(1.1, (double)(i % 120));
            long double m = fmax(model[i], 0.05), y = counts[i];
            expected += mask[i] * 2 * (m - y + (y > 0 ? y * logl(y / m) : 0));
            zeros += mask[i] * 2 * m;
        }
        double got = kernels->poisson(counts, model, mask, 0.05, CHANNELS, given);
        assert_true(fabs(got - (double)expected) < 1e-12 * (double)expected);
        for (size_t i = 0; i < CHANNELS; i++) {
            assert_true(fabs(given[i] - mask[i] / fmax(model[i], 0.05)) <= 1e-15 * given[i]);
        }
        got = kernels->poisson(weights, weights, mask, 0.05, CHANNELS, NULL);
        assert_true(fabs(got) < 1e-12);
        memset(counts, 0, sizeof counts);
        got = kernels->poisson(counts, model, mask, 0.05, CHANNELS, NULL);
        assert_true(fabs(got - (double)zeros) < 1e-13 * (double)zeros);
        assert_true(clv_num_poisson(counts, model, mask, 0.05, CHANNELS, NULL) > 0);
    }
}

/* The trapezoid rule is exact for a straight line, on any grid: integral of a + b (E - E0). */
static void test_columns__running_integral_of_a_line(void **state)
{
    static _Alignas(64) double line[CHANNELS], both[CHANNELS];

    (void)state;
    for (size_t l = 0; l < 3 * 2; l++) {
        const clv_num_kernels *kernels = level_or_say(levels[l / 2]);
        const double *grid = l % 2 ? energy : NULL;
        if (!kernels) { continue; }
        for (size_t i = 0; i < CHANNELS; i++) { line[i] = 3 - 0.4 * (grid ? energy[i] - energy[0] : 0.25 * (double)i); }
        kernels->integrate(grid, 0.25, 0, 1, line, out, CHANNELS);
        kernels->integrate(grid, 0.25, 1, 0.045, line, both, CHANNELS);
        for (size_t i = 0; i < CHANNELS; i++) {
            double x = grid ? energy[i] - energy[0] : 0.25 * (double)i, integral = 3 * x - 0.2 * x * x;
            assert_true(fabs(out[i] - integral) < 1e-11);
            assert_true(fabs(both[i] - line[i] - 0.045 * integral) < 1e-11);
        }
    }
}

static void test_columns__the_kernels_in_use_are_called(void **state)
{
    static _Alignas(64) double other[CHANNELS];
    double gram[4], projection[2];

    (void)state;
    clv_num_gram(columns, 2, weights, target, CHANNELS, gram, projection);
    assert_true(fabs(gram[1] - plain(column[0], column[1])) < 1e-12);
    clv_num_combine(columns, 1, (const double[]){2}, CHANNELS, out);
    clv_num_add_scaled(out, -1, column[0], CHANNELS);
    assert_true(fabs(out[5] - column[0][5]) < 1e-15);
    assert_true(fabs(clv_num_weighted_squares(target, weights, CHANNELS) - plain(target, target)) < 1e-12);
    clv_num_running_integral(energy, 0, column[0], out, CHANNELS);
    clv_num_with_running_integral(energy, 0, column[0], 2, other, CHANNELS);
    double first = 0.5 * (energy[1] - energy[0]) * (column[0][1] + column[0][0]);
    assert_true(out[0] == 0 && fabs(out[1] - first) < 1e-13);
    assert_true(fabs(other[9] - column[0][9] - 2 * out[9]) < 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns__gram_equals_plain_sums),
        cmocka_unit_test(test_columns__same_bits_again_and_for_fewer_columns),
        cmocka_unit_test(test_columns__combinations_equal_plain_sums),
        cmocka_unit_test(test_columns__poisson_deviance),
        cmocka_unit_test(test_columns__running_integral_of_a_line),
        cmocka_unit_test(test_columns__the_kernels_in_use_are_called),
    };

    return cmocka_run_group_tests(tests, fill, NULL);
}
