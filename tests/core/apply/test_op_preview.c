/* The operation `preview`: shapes stay at their starts, bounded or not, ties follow, areas are those of the linear
   solution, which for data made of the model itself are the areas it was made with.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fitted.h"

static clv_value *preview(const char *text, const clv_value *spectra)
{
    clv_model *model = NULL;
    clv_value *on, *options = clv_value_table(), *made = NULL;
    clv_error err = {0};

    if (clv_model_parse(text, &model, &err)) { fail_msg("%s", err.text); }
    on = clv_value_object(CLV_MODEL, model);
    assert_int_equal(clv_value_append(options, clv_value_ref(spectra), NULL), CLV_OK);
    if (clv_apply("preview", on, options, &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(options);
    clv_value_free(on);
    return made;
}

static double value_of(const clv_value *fit, const char *name)
{
    const clv_fit *of = clv_value_as_object(fit, CLV_FIT);
    size_t place = clv_fit_parameter_find(of, name);

    assert_int_not_equal(place, SIZE_MAX);
    return clv_fit_value(of, 0, place);
}

static void shapes_stay(void **state)
{
    clv_value *spectra = fitted_spectra(2, 0);
    clv_value *fit = preview("constant {}, peak { 'A', position = { 779, 770, 790 }, fwhm = 2.5, shape = 'gaussian' }, "
                             "peak { 'B', position = 'A.position + 3', fwhm = 'A.fwhm', shape = 'gaussian' }",
                             spectra);

    (void)state;
    assert_true(value_of(fit, "A.position") == 779);
    assert_true(value_of(fit, "A.fwhm") == 2.5);
    assert_true(value_of(fit, "B.position") == 782);
    assert_true(value_of(fit, "B.fwhm") == 2.5);
    assert_non_null(clv_fit_note(clv_value_as_object(fit, CLV_FIT), 0));
    clv_value_free(fit);
    clv_value_free(spectra);
}

/* Height 1000 counts, FWHM 2 eV: area = height x FWHM x sqrt(pi / (4 ln 2)); the sawtooth of +-6 counts moves it by
   less than a thousandth. */
static void areas_are_found(void **state)
{
    clv_value *spectra = fitted_spectra(1, 0);
    clv_value *fit = preview("constant {}, peak { 'A', position = 780, fwhm = 2, shape = 'gaussian' }", spectra);
    double expected = 1000 * 2 * sqrt(3.14159265358979323846 / (4 * log(2)));

    (void)state;
    assert_true(fabs(value_of(fit, "A.area") - expected) < 1e-3 * expected);
    assert_true(fabs(value_of(fit, "background.level") - 100) < 1);
    clv_value_free(fit);
    clv_value_free(spectra);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shapes_stay), cmocka_unit_test(areas_are_found)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
