/* The operation interface_width: an error function gives back its place and twice its spread, with errors that cover.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#include "co2p.h"
#include "near.h"

#define POINTS 25

/* Columns along depth with values of the step, scattered by `error` where that is above 0. */
static clv_value *profile(double place, double spread, double low, double high, double error, uint64_t seed)
{
    double depth[POINTS], value[POINTS], local[POINTS], gradient[POINTS];
    co2p_random random = {seed};
    clv_axis *axis = NULL;
    clv_columns *columns = NULL;
    clv_uncertainty *source = NULL;
    clv_error err = {0};

    for (int i = 0; i < POINTS; i++) {
        depth[i] = 2.0 * i;
        value[i] =
            low + (high - low) * 0.5 * erfc((place - depth[i]) / (spread * sqrt(2))) + error * co2p_normal(&random);
        local[i] = error * error;
        gradient[i] = 1;
    }
    assert_int_equal(clv_axis_new("depth", "nm", depth, POINTS, &axis, &err), CLV_OK);
    assert_int_equal(clv_columns_new(&axis, 1, 1, &columns, &err), CLV_OK);
    if (error > 0) { assert_int_equal(clv_uncertainty_new(POINTS, 1, local, 0, NULL, NULL, &source, &err), CLV_OK); }
    assert_int_equal(clv_columns_fill(columns, 0, "Co2+", "1", value, source, source ? gradient : NULL, &err), CLV_OK);
    clv_uncertainty_free(source);
    clv_axis_free(axis);
    return clv_value_object(CLV_COLUMNS, columns);
}

static clv_columns *width_of(const clv_value *on, clv_value **made)
{
    clv_error err = {0};

    if (clv_apply_text("interface_width", on, "", made, &err)) { fail_msg("%s", err.text); }
    return clv_value_as_object(*made, CLV_COLUMNS);
}

static void steps_come_back(void **state)
{
    static const double cases[][4] = {{21.3, 4.2, 0.1, 0.9}, {21.3, 4.2, 0.9, 0.1}, {30, 9, 0, 5}, {10.4, 1.5, -2, 2}};

    (void)state;
    for (int i = 0; i < 4; i++) {
        clv_value *on = profile(cases[i][0], cases[i][1], cases[i][2], cases[i][3], 0, 1), *made = NULL;
        clv_columns *found = width_of(on, &made);

        assert_string_equal(clv_columns_name(found, 0), "position");
        assert_string_equal(clv_columns_unit(found, 1), "nm");
        assert_near(clv_columns_value(found, 0, 0), cases[i][0], 1e-5);
        assert_near(clv_columns_value(found, 1, 0), 2 * cases[i][1], 1e-5);
        clv_value_free(made);
        clv_value_free(on);
    }
}

/* 68.3 % of normal errors lie within one standard error; of 600, within 4 of their own 1.9 %. */
static void errors_cover(void **state)
{
    int within[2] = {0, 0};

    (void)state;
    for (int i = 0; i < 600; i++) {
        clv_value *on = profile(21.3, 5, 0.1, 0.9, 0.03, 977 + 7919 * (uint64_t)i), *made = NULL;
        clv_columns *found = width_of(on, &made);

        within[0] += fabs(clv_columns_value(found, 0, 0) - 21.3) < clv_columns_error(found, 0, 0);
        within[1] += fabs(clv_columns_value(found, 1, 0) - 10) < clv_columns_error(found, 1, 0);
        clv_value_free(made);
        clv_value_free(on);
    }
    print_message("covered: places %.1f %%, widths %.1f %%\n", within[0] / 6.0, within[1] / 6.0);
    for (int k = 0; k < 2; k++) {
        assert_near(within[k] / 600.0, 0.72, 0.10);
    } /* errors only ever widen: a little over */
}

static void what_is_no_interface_is_refused(void **state)
{
    clv_value *on = profile(20, 3, 1, 1, 0, 1), *made = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_apply_text("interface_width", on, "", &made, &err), CLV_NOT_CONVERGED);
    assert_non_null(strstr(err.text, "Co2+: the points determine no step"));
    clv_value_free(on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(steps_come_back), cmocka_unit_test(errors_cover),
                                       cmocka_unit_test(what_is_no_interface_is_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
