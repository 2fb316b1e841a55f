/* The operation shell_thickness on maps whose shell is known: sections of several shapes, spheres in projection.
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

#define SIZE 48
#define PIXEL 0.8

typedef double (*depth_function)(double x, double y); /* below the surface, nm; negative outside */

static double disc(double x, double y) { return 15 - hypot(x - 19, y - 18.5); }

/* A square with round corners: 11 nm to each side and 4 nm around. */
static double rounded(double x, double y)
{
    double dx = fabs(x - 18.8) - 10, dy = fabs(y - 18.8) - 10;

    return 4 - hypot(fmax(dx, 0), fmax(dy, 0)) - fmin(fmax(dx, dy), 0);
}

/* Fractions with noise: pixels by 8 x 8 points; what a pixel holds of the particle divides the noise. Outside nothing
   is known. */
static clv_value *map_of(depth_function depth, double shell, int projected, double noise, uint64_t seed)
{
    static double value[SIZE * SIZE], local[SIZE * SIZE], gradient[SIZE * SIZE];
    double place[SIZE];
    co2p_random random = {seed};
    clv_axis *axes[2] = {NULL, NULL};
    clv_columns *columns = NULL;
    clv_uncertainty *source = NULL;
    clv_error err = {0};

    for (int i = 0; i < SIZE; i++) { place[i] = PIXEL * i; }
    for (int i = 0; i < SIZE * SIZE; i++) {
        double whole = 0, part = 0;

        for (int k = 0; k < 64; k++) {
            double x = PIXEL * (i % SIZE + (k % 8 + 0.5) / 8 - 0.5), y = PIXEL * (i / SIZE + (k / 8 + 0.5) / 8 - 0.5);
            double below = depth(x, y), radius = 15, off = radius - below;
            double path = off < radius ? sqrt(radius * radius - off * off) : 0;
            double core = off < radius - shell ? sqrt(pow(radius - shell, 2) - off * off) : 0;

            whole += projected ? path / radius : below > 0;
            part += projected ? (path - core) / radius : below > 0 && below < shell;
        }
        local[i] = pow(noise * 64 / fmax(whole, 1e-9), 2);
        value[i] = whole > 2 * noise * 64 ? part / whole + sqrt(local[i]) * co2p_normal(&random) : NAN;
        gradient[i] = 1;
    }
    assert_int_equal(clv_axis_new("y", "nm", place, SIZE, &axes[0], &err), CLV_OK);
    assert_int_equal(clv_axis_new("x", "nm", place, SIZE, &axes[1], &err), CLV_OK);
    assert_int_equal(clv_columns_new(axes, 2, 1, &columns, &err), CLV_OK);
    assert_int_equal(clv_uncertainty_new(SIZE * SIZE, 1, local, 0, NULL, NULL, &source, &err), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 0, "Co2+", "1", value, source, gradient, &err), CLV_OK);
    clv_uncertainty_free(source);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return clv_value_object(CLV_COLUMNS, columns);
}

static void check(depth_function depth, double shell, int projected, const char *options)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        clv_value *on = map_of(depth, shell, projected, 0.05, 977 * seed), *made = NULL;
        clv_error err = {0};
        clv_columns *found;

        if (clv_apply_text("shell_thickness", on, options, &made, &err)) { fail_msg("%s", err.text); }
        found = clv_value_as_object(made, CLV_COLUMNS);
        print_message("%s, %g nm: %.2f +- %.2f nm\n", options, shell, clv_columns_value(found, 0, 0),
                      clv_columns_error(found, 0, 0));
        assert_string_equal(clv_columns_unit(found, 0), "nm");
        assert_near(clv_columns_value(found, 0, 0), shell, 2.5 * clv_columns_error(found, 0, 0));
        assert_true(clv_columns_error(found, 0, 0) < 0.4);
        clv_value_free(made);
        clv_value_free(on);
    }
}

static void shells_of_sections_come_back(void **state)
{
    (void)state;
    check(disc, 4, 0, "geometry = \"section\"");
    check(disc, 2.5, 0, "geometry = \"section\"");
    check(rounded, 4, 0, "geometry = \"section\", level = 0.5");
}

static void shells_of_spheres_come_back(void **state)
{
    (void)state;
    check(disc, 4, 1, "geometry = \"sphere\"");
    check(disc, 2.5, 1, "geometry = \"sphere\"");
}

static void mistakes_are_named(void **state)
{
    clv_value *on = map_of(disc, 4, 0, 0.05, 1), *noise = map_of(disc, 4, 0, 0.45, 1), *made = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_apply_text("shell_thickness", on, "", &made, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "geometry"));
    assert_int_equal(clv_apply_text("shell_thickness", noise, "geometry = \"section\"", &made, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "no particle was found"));
    assert_int_equal(clv_apply_text("shell_thickness", on, "geometry = \"section\", level = 0.99", &made, &err),
                     CLV_OK); /* near the plateau, but still crossed */
    clv_value_free(made);
    clv_value_free(noise);
    clv_value_free(on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shells_of_sections_come_back),
                                       cmocka_unit_test(shells_of_spheres_come_back),
                                       cmocka_unit_test(mistakes_are_named)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
