/* Ranges survive any numbers; ticks are round, within the range and written with a real minus sign.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plot/axis.h"

#include <math.h>
#include <string.h>

static clv_axis made(double min, double max, bool log, double most, int factor)
{
    clv_axis axis = {.log = log};

    clv_axis_range(&axis, min, max);
    clv_axis_ticks(&axis, most, factor);
    return axis;
}

/* Expected values: counted by hand, steps of 1, 2 or 5. */
static void test_linear_ticks(void **state)
{
    clv_axis axis = made(772, 810.4, false, 8, 6);

    (void)state;
    assert_int_equal(axis.count, 8);
    assert_string_equal(axis.text[0], "775");
    assert_string_equal(axis.text[7], "810");
    assert_int_equal(axis.exponent, 0);
    axis = made(-4.1, 4.1, false, 4.5, 4);
    assert_int_equal(axis.count, 5);
    assert_string_equal(axis.text[0], "−4");
    assert_string_equal(axis.text[2], "0");
    axis = made(0, 23000, false, 6, 4);
    assert_int_equal(axis.exponent, 3);
    assert_string_equal(axis.text[axis.count - 1], "20");
    axis = made(-0.00012, 0.00034, false, 5, 4);
    assert_int_equal(axis.exponent, -6);
    assert_string_equal(axis.text[0], "−100");
    axis = made(0, 1, false, 5, 4);
    assert_string_equal(axis.text[1], "0.2");
}

static void test_log_ticks(void **state)
{
    clv_axis axis = made(0.5, 2e5, true, 8, 4);

    (void)state;
    assert_int_equal(axis.count, 6);
    assert_string_equal(axis.text[0], "10^{0}");
    assert_string_equal(axis.text[5], "10^{5}");
    assert_true(fabs(clv_axis_place(&axis, 0.5)) < 1e-12);
    assert_true(fabs(clv_axis_place(&axis, 2e5) - 1) < 1e-12);
    assert_true(isnan(clv_axis_place(&axis, 0)));
    assert_true(isnan(clv_axis_place(&axis, -1)));
}

static void test_any_range_can_be_drawn(void **state)
{
    static const double ends[] = {-INFINITY, -1.7e308,  -1e300, -1,    -1e-320, 0,        1e-300,
                                  1,         1 + 1e-15, 780,    1e300, 1.7e308, INFINITY, NAN};
    const size_t n = sizeof ends / sizeof ends[0];

    (void)state;
    for (size_t k = 0; k < n * n * 2; k++) {
        clv_axis axis = made(ends[k / 2 / n], ends[k / 2 % n], k % 2, 6, 4);
        assert_true(isfinite(axis.min) && isfinite(axis.max) && axis.min < axis.max);
        assert_true(axis.count <= CLV_AXIS_TICKS && axis.minor_count <= CLV_AXIS_MINOR);
        for (size_t i = 0; i < axis.count; i++) {
            double place = clv_axis_place(&axis, axis.tick[i]);
            assert_true(place > -0.01 && place < 1.01);
            assert_true(strlen(axis.text[i]) > 0);
        }
        assert_true(fabs(clv_axis_place(&axis, 1e308)) <= 40);
        assert_true(isnan(clv_axis_place(&axis, NAN)));
    }
}

static void test_numbers(void **state)
{
    char text[40];

    (void)state;
    clv_axis_number(-0.0001, 2, text, sizeof text);
    assert_string_equal(text, "0.00");
    clv_axis_number(-12.5, 1, text, sizeof text);
    assert_string_equal(text, "−12.5");
    clv_axis_shortest(15, text, sizeof text);
    assert_string_equal(text, "15");
    clv_axis_shortest(-2.5, text, sizeof text);
    assert_string_equal(text, "−2.5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear_ticks),
        cmocka_unit_test(test_log_ticks),
        cmocka_unit_test(test_any_range_can_be_drawn),
        cmocka_unit_test(test_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
