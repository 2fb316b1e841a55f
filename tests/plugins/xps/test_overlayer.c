/* The operation overlayer_thickness against the closed form of equal energies and against ratios worked out for known
   films. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#include "near.h"

static const clv_material carbonate = {2.11, 24, 73.89, 7.5}, oxide = {5.06, 22, 97.87, 2.7};

#define MATERIALS                                                                                                      \
    "film = { density = 2.11, valence_electrons = 24, molar_mass = 73.89, band_gap = 7.5, atoms = 1 }, substrate = { " \
    "density = 5.06, valence_electrons = 22, molar_mass = 97.87, band_gap = 2.7 }, "

static clv_value *ratios(const double *value, double error, size_t count)
{
    double place[8], local[8], gradient[8];
    clv_axis *axis = NULL;
    clv_columns *columns = NULL;
    clv_uncertainty *source = NULL;
    clv_error err = {0};

    for (size_t i = 0; i < count; i++) {
        place[i] = (double)i;
        local[i] = error * error;
        gradient[i] = 1;
    }
    assert_int_equal(clv_axis_new("etch_time", "s", place, count, &axis, &err), CLV_OK);
    assert_int_equal(clv_columns_new(&axis, 1, 1, &columns, &err), CLV_OK);
    assert_int_equal(clv_uncertainty_new(count, 1, local, 0, NULL, NULL, &source, &err), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 0, "C/Co", "1", value, source, gradient, &err), CLV_OK);
    clv_uncertainty_free(source);
    clv_axis_free(axis);
    return clv_value_object(CLV_COLUMNS, columns);
}

static clv_value *thick(const clv_value *on, const char *options)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (clv_apply_text("overlayer_thickness", on, options, &made, &err)) { fail_msg("%s", err.text); }
    return made;
}

/* C 1s of Li2CO3 (1196 eV) over Co 2p of LiCoO2 (706 eV) at 30 degrees: the ratio of each thickness by the exponentials
   themselves; and that of 0. The error is that of the ratio over the slope, with 11 % of the thickness in quadrature.
 */
static void known_films_come_back(void **state)
{
    static const double d[] = {0, 0.5, 2, 4};
    double c = cos(30 * M_PI / 180), own = clv_imfp_tpp2m(1196, &carbonate) * c,
           through = clv_imfp_tpp2m(706, &carbonate) * c, under = clv_imfp_tpp2m(706, &oxide) * c, ratio[4];
    double thickest = 2.11 / 73.89 * own / (5.06 / 97.87 * under);
    clv_value *on, *made;
    clv_columns *found;

    (void)state;
    for (int i = 0; i < 4; i++) { ratio[i] = thickest * (1 - exp(-d[i] / own)) / exp(-d[i] / through); }
    on = ratios(ratio, 0.01, 4);
    made = thick(on, MATERIALS "film_energy = 1196, substrate_energy = 706, angle = 30");
    found = clv_value_as_object(made, CLV_COLUMNS);
    assert_string_equal(clv_columns_unit(found, 0), "nm");
    for (int i = 0; i < 4; i++) {
        double h = 1e-6, up = thickest * (1 - exp(-(d[i] + h) / own)) / exp(-(d[i] + h) / through);
        double slope = (up - ratio[i]) / h;

        assert_near(clv_columns_value(found, 0, (size_t)i), d[i], 1e-9);
        assert_near(clv_columns_error(found, 0, (size_t)i), hypot(0.01 / slope, 0.11 * d[i]), 1e-5);
    }
    assert_near(clv_columns_covariance(found, 0, 1, 0, 2), 0.11 * 0.11 * 0.5 * 2, 1e-9);
    clv_value_free(made);
    clv_value_free(on);
}

/* With one energy d = L cos(theta) ln(1 + R/Rinf), as of old (Cumpson 2000, equation 1). */
static void equal_energies_have_a_closed_form(void **state)
{
    double own = clv_imfp_tpp2m(1000, &carbonate), under = clv_imfp_tpp2m(1000, &oxide), ratio = 0.7;
    double thickest = 2.11 / 73.89 * own / (5.06 / 97.87 * under);
    clv_value *on = ratios(&ratio, 0, 1), *made;

    (void)state;
    made = thick(on, MATERIALS "film_energy = 1000, substrate_energy = 1000, imfp_error = 0");
    assert_near(clv_columns_value(clv_value_as_object(made, CLV_COLUMNS), 0, 0), own * log(1 + ratio / thickest), 1e-9);
    clv_value_free(made);
    clv_value_free(on);
}

static void mistakes_are_named(void **state)
{
    static const char *const cases[][2] = {
        {"film = 3, substrate = 4, film_energy = 1000, substrate_energy = 1000", "film: a table is needed"},
        {"film = { denstiy = 2 }, substrate = {}, film_energy = 1000, substrate_energy = 1000",
         "did you mean \"density\""},
        {"film = { density = 2 }, substrate = {}, film_energy = 1000, substrate_energy = 1000",
         "film: valence_electrons must be given"},
        {MATERIALS "film_energy = 1000", "substrate_energy"},
        {MATERIALS "film_energy = 10, substrate_energy = 700", "film_energy"}};
    double ratio = -0.2;
    clv_value *on = ratios(&ratio, 0.1, 1), *made = NULL;
    clv_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(clv_apply_text("overlayer_thickness", on, cases[i][0], &made, &err), CLV_BAD_ARGUMENT);
        if (!strstr(err.text, cases[i][1])) { fail_msg("\"%s\" does not say \"%s\"", err.text, cases[i][1]); }
    }
    made = thick(on, MATERIALS "film_energy = 1196, substrate_energy = 706");
    assert_true(isnan(clv_columns_value(clv_value_as_object(made, CLV_COLUMNS), 0, 0)));
    clv_value_free(made);
    clv_value_free(on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_films_come_back),
                                       cmocka_unit_test(equal_energies_have_a_closed_form),
                                       cmocka_unit_test(mistakes_are_named)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
