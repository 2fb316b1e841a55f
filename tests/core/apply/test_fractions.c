/* Fractions of simulated spectra with planted truth: against the closed form, against Monte Carlo, and where there is
   none. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "simulated_fit.h"

/* a / (a + b): variance by the closed form of first-order propagation with the fit's own covariance. */
static void fractions_propagate_the_joint_covariance(void **state)
{
    clv_value *fit = fit_of(simulated(&plain), TWO, ""), *keep = NULL;
    clv_columns *f = fractions_of(fit, "'A', 'B'", &keep);
    size_t pa = clv_fit_parameter_find(as_fit(fit), "A.area"), pb = clv_fit_parameter_find(as_fit(fit), "B.area");
    double a = clv_fit_value(as_fit(fit), 0, pa), b = clv_fit_value(as_fit(fit), 0, pb), sum = a + b;
    double ga = b / (sum * sum), gb = -a / (sum * sum);
    double variance = ga * ga * clv_fit_covariance(as_fit(fit), 0, pa, pa) +
                      2 * ga * gb * clv_fit_covariance(as_fit(fit), 0, pa, pb) +
                      gb * gb * clv_fit_covariance(as_fit(fit), 0, pb, pb);

    (void)state;
    assert_near(clv_columns_value(f, 0, 0), a / sum, 1e-12);
    assert_near(clv_columns_error(f, 0, 0), sqrt(variance), 1e-9 * sqrt(variance));
    assert_near(clv_columns_value(f, 0, 0) + clv_columns_value(f, 1, 0), 1, 1e-12);
    /* with two groups the shares are each other's complement */
    assert_near(clv_columns_covariance(f, 0, 0, 1, 0), -variance, 1e-9 * variance);
    assert_string_equal(clv_columns_name(f, 0), "A");
    clv_value_free(keep);
    clv_value_free(fit);
}

/* Monte Carlo: over 400 simulated spectra the pulls of the fraction have mean 0 and spread 1 (their own errors are 0.05
   and 0.035). */
static void fractions_have_honest_errors(void **state)
{
    double sum = 0, square = 0;
    simulated_region region = plain;
    clv_value *fit, *keep = NULL;
    clv_columns *f;

    (void)state;
    region.levels = 400;
    fit = fit_of(simulated(&region), TWO, "");
    f = fractions_of(fit, "'A', 'B'", &keep);
    for (size_t i = 0; i < 400; i++) {
        double pull = (clv_columns_value(f, 0, i) - 2.0 / 3) / clv_columns_error(f, 0, i);
        sum += pull / 400;
        square += pull * pull / 400;
    }
    print_message("fraction: pulls %.3f +- %.3f\n", sum, sqrt(square));
    assert_near(sum, 0, 0.2);
    assert_near(sqrt(square), 1, 0.12);
    clv_value_free(keep);
    clv_value_free(fit);
}

static void groups_are_named_and_checked(void **state)
{
    static const char three[] = TWO ", peak { 'C', position = fixed(290), fwhm = fixed(1) }";
    static const struct {
        const char *groups, *says;
    } wrong[] = {{"'A', 'background'", "is a background"},
                 {"'A', 'Bb'", "did you mean"},
                 {"'A'", "alone"},
                 {"'A', { 'B', 'A' }", "two groups"},
                 {"'A', {}", "lists of texts"},
                 {"{ { 'A', 3 }, 'B' }", "lists of texts"}};
    clv_value *fit = fit_of(simulated(&plain), three, ""), *keep = NULL;
    clv_columns *f = fractions_of(fit, "'A', { 'B', 'C' }", &keep);

    (void)state;
    assert_int_equal(clv_columns_count(f), 2);
    assert_string_equal(clv_columns_name(f, 1), "B");
    clv_value_free(keep);
    f = fractions_of(fit, "'A', 'B'", &keep);
    {
        int said = 0;
        for (size_t i = 0; i < clv_columns_note_count(f); i++) {
            said |= strstr(clv_columns_note(f, i), "left out of the sum: C") != NULL;
        }
        assert_true(said);
    }
    clv_value_free(keep);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        clv_error err = {0};

        if (!clv_apply_text("fractions", fit, wrong[i].groups, &keep, &err)) { fail_msg("%s", wrong[i].groups); }
        if (!strstr(err.text, wrong[i].says)) { fail_msg("%s: %s", wrong[i].groups, err.text); }
    }
    clv_value_free(fit);
}

/* Noise alone: the sum of the areas is within two errors of zero, and there is no fraction. */
static void no_fraction_of_nothing(void **state)
{
    static const simulated_line none[] = {{285, 1.2, 0}, {287, 1.4, 0}};
    static const char model[] = "constant {}, peak { 'A', position = fixed(285), fwhm = fixed(1.2) },"
                                "peak { 'B', position = fixed(287), fwhm = fixed(1.4) }";
    simulated_region region = plain;
    clv_value *fit, *keep = NULL;
    size_t refused = 0;
    clv_columns *f;

    (void)state;
    region.line = none;
    region.levels = 40;
    fit = fit_of(simulated(&region), model, "nonnegative = false");
    f = fractions_of(fit, "'A', 'B'", &keep);
    for (size_t i = 0; i < 40; i++) {
        size_t a = clv_fit_parameter_find(as_fit(fit), "A.area"), b = clv_fit_parameter_find(as_fit(fit), "B.area");
        double sum = clv_fit_value(as_fit(fit), i, a) + clv_fit_value(as_fit(fit), i, b);
        double error = sqrt(clv_fit_covariance(as_fit(fit), i, a, a) + clv_fit_covariance(as_fit(fit), i, b, b) +
                            2 * clv_fit_covariance(as_fit(fit), i, a, b));
        int none_here = fabs(sum) <= 2 * error;

        assert_int_equal(isnan(clv_columns_value(f, 0, i)) != 0, none_here);
        assert_int_equal((clv_columns_flags(f, i) & CLV_FIT_UNDETERMINED) != 0, none_here);
        refused += none_here;
    }
    assert_true(refused >= 32); /* 95 % of 40, less three of its own spread */
    clv_value_free(keep);
    clv_value_free(fit);
}

/* Two equal components: their sum is known, their shares are not. */
static void no_fraction_of_what_is_not_determined(void **state)
{
    static const char model[] = "constant {}, peak { 'A', position = fixed(285), fwhm = fixed(1.2) },"
                                "peak { 'B', position = fixed(285), fwhm = fixed(1.2) }";
    clv_value *fit = fit_of(simulated(&plain), model, "nonnegative = false, range = { 280, 286 }"), *keep = NULL;
    clv_columns *f = fractions_of(fit, "'A', 'B'", &keep);

    (void)state;
    assert_true(isnan(clv_columns_value(f, 0, 0)));
    assert_true(clv_columns_flags(f, 0) & CLV_FIT_UNDETERMINED);
    clv_value_free(keep);
    clv_value_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fractions_propagate_the_joint_covariance),
        cmocka_unit_test(fractions_have_honest_errors),
        cmocka_unit_test(groups_are_named_and_checked),
        cmocka_unit_test(no_fraction_of_nothing),
        cmocka_unit_test(no_fraction_of_what_is_not_determined),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
