/* Fits by the public face: windows, statistics, shares, drawn backgrounds, notes, threads. Spectra are
   simulated with planted truth; where a closed form or a Monte Carlo run gives the expected value the test says so.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/threads.h>

#include "near.h"
#include "simulated_fit.h"

/* ---- Statistics */

static void presets_follow_the_noise(void **state)
{
    clv_spectra *counts = simulated(&plain), *unknown = simulated(&plain), *varied = simulated(&plain);
    double *variance = NULL;
    clv_value *fit;

    (void)state;
    fit = fit_of(counts, TWO, "");
    assert_string_equal(clv_fit_statistics(as_fit(fit)), "poisson");
    clv_value_free(fit);
    clv_spectra_set_noise(unknown, CLV_NOISE_UNKNOWN, 1, 0);
    fit = fit_of(clv_spectra_ref(unknown), TWO, "");
    assert_string_equal(clv_fit_statistics(as_fit(fit)), "least_squares");
    clv_value_free(fit);
    refuse(clv_spectra_ref(unknown), TWO, "statistics = 'chi2'", "needs a variance");
    refuse(clv_spectra_ref(unknown), TWO, "statistics = 'mean_weights'", "needs a variance");
    refuse(clv_spectra_ref(unknown), TWO, "statistics = 'poisson'", "needs counts");
    refuse(unknown, TWO, "statistics = 'poison'", "did you mean");
    assert_int_equal(clv_spectra_make_variance(varied, &variance, NULL), CLV_OK);
    for (size_t i = 0; i < plain.channels; i++) { variance[i] = 100; }
    fit = fit_of(clv_spectra_ref(varied), TWO, "");
    assert_string_equal(clv_fit_statistics(as_fit(fit)), "chi2");
    clv_value_free(fit);
    refuse(varied, TWO, "statistics = 'poisson'", "needs counts");
}

/* With a given variance of 4 v all errors are twice those with v: mean_weights too, whose sandwich is of counts only.
 */
static void errors_follow_a_given_variance(void **state)
{
    static const char *const names[] = {"chi2", "mean_weights"};

    (void)state;
    for (int n = 0; n < 2; n++) {
        double error[2];

        for (int i = 0; i < 2; i++) {
            clv_spectra *s = simulated(&plain);
            double *variance = NULL;
            char options[60];
            clv_value *fit;

            assert_int_equal(clv_spectra_make_variance(s, &variance, NULL), CLV_OK);
            for (size_t k = 0; k < plain.channels; k++) { variance[k] = i ? 4e4 : 1e4; }
            snprintf(options, sizeof options, "statistics = '%s'", names[n]);
            fit = fit_of(s, "constant {}, peak { 'A', position = fixed(285), fwhm = fixed(1.2) }", options);
            error[i] = error_of(fit, 0, "A.area");
            clv_value_free(fit);
        }
        assert_near(error[1] / error[0], 2, 1e-6);
    }
}

/* ---- Windows */

/* Each spectrum is masked at its own true energies: crop keeps what one of them needs, and the fit of each is that of
   the spectrum cropped alone. */
static void windows_are_of_true_energies(void **state)
{
    static const double shift[] = {0, 0.55, -0.35}, offset[] = {0, -0.55, 0.35};
    simulated_region region = plain;
    clv_value *on, *cropped, *fit;
    clv_error err = {0};
    clv_spectra *series;

    (void)state;
    region.levels = 3;
    region.shift = shift;
    series = simulated(&region);
    assert_int_equal(clv_spectra_set_offset(series, offset, NULL, NULL), CLV_OK);
    on = clv_value_object(CLV_SPECTRA, series);
    if (clv_apply_text("crop", on, "281.01, 290.99", &cropped, &err)) { fail_msg("%s", err.text); }
    series = clv_value_as_object(cropped, CLV_SPECTRA);
    /* from 281.01 - 0.35 to 290.99 + 0.55 on the axis: 280.7 to 291.5 */
    assert_int_equal(clv_spectra_channels(series), 109);
    assert_near(clv_axis_values(clv_spectra_energy(series))[0], 280.7, 1e-9);
    fit = fit_of(clv_spectra_ref(series), TWO, "");
    for (size_t i = 0; i < 3; i++) {
        double model[109], low = INFINITY, high = -INFINITY;

        if (clv_fit_curves(as_fit(fit), i, model, NULL, NULL, NULL, NULL, &err)) { fail_msg("%s", err.text); }
        for (size_t k = 0; k < 109; k++) {
            double energy = clv_axis_values(clv_spectra_energy(series))[k] + offset[i];
            assert_int_equal(isfinite(model[k]) != 0, energy > 281.01 && energy < 290.99);
            if (isfinite(model[k])) {
                low = fmin(low, energy);
                high = fmax(high, energy);
            }
        }
        assert_true(low < 281.11 && high > 290.89);
        assert_near(value_of(fit, i, "A.position"), 285, 4 * error_of(fit, i, "A.position"));
    }
    clv_value_free(fit);
    /* a range in the fit narrows further */
    fit = fit_of(clv_spectra_ref(series), TWO, "range = { 283, 289 }");
    assert_near(clv_fit_dof(as_fit(fit), 0), 61 - 7, 0);
    clv_value_free(fit);
    clv_value_free(cropped);
    clv_value_free(on);
}

static void curves_of_no_spectrum_are_refused(void **state)
{
    clv_value *fit = fit_of(simulated(&plain), TWO, "");
    double room[160];
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_fit_curves(as_fit(fit), 1, room, NULL, NULL, NULL, NULL, &err), CLV_BAD_ARGUMENT);
    clv_value_free(fit);
}

/* ---- Shares */

static void shares_are_checked(void **state)
{
    static const double shift[] = {0, 0.1, -0.1};
    simulated_region region = plain;
    clv_value *fit;

    (void)state;
    region.levels = 3;
    region.shift = shift;
    refuse(simulated(&region), TWO, "share = { 'A.fwmh' }", "did you mean \"A.fwhm\"");
    refuse(simulated(&region), TWO, "share = { 'A.area' }", "linear coefficient");
    refuse(simulated(&region), TWO, "share = { 'A.gaussian' }", "not free");
    refuse(simulated(&region), TWO, "share = { 'A.lorentzian' }", "not free");
    refuse(simulated(&region), TWO, "share = { 'A.fwhm', 'A.fwhm' }", "twice");
    refuse(simulated(&region), TWO, "along = 'etch_time'", "there is no `share`");
    refuse(simulated(&region), TWO, "share = { 'A.fwhm' }, along = 'depth'", "theirs is \"etch_time\"");
    refuse(simulated(&plain), TWO, "share = { 'A.fwmh' }", "did you mean \"A.fwhm\"");
    fit = fit_of(simulated(&region), TWO, "share = 'A.fwhm', along = 'etch_time'");
    assert_int_equal(clv_fit_shared_count(as_fit(fit)), 1);
    assert_near(value_of(fit, 0, "A.fwhm"), value_of(fit, 2, "A.fwhm"), 0);
    assert_int_equal(clv_fit_state(as_fit(fit), 1, clv_fit_parameter_find(as_fit(fit), "A.fwhm")),
                     CLV_PARAMETER_SHARED);
    clv_value_free(fit);
    fit = fit_of(simulated(&plain), TWO, "share = { 'A.fwhm' }"); /* one spectrum shares with nobody */
    assert_int_equal(clv_fit_shared_count(as_fit(fit)), 0);
    assert_int_equal(clv_fit_state(as_fit(fit), 0, clv_fit_parameter_find(as_fit(fit), "A.fwhm")), CLV_PARAMETER_FREE);
    clv_value_free(fit);
}

/* ---- Signs */

static void nonnegative_says_what_bounds_do_not(void **state)
{
    static const simulated_line hole[] = {{285, 1.2, 4000}, {287, 1.4, -500}};
    static const char free_sign[] =
        "constant {}, peak { 'A', position = fixed(285), fwhm = fixed(1.2), lorentzian = 0 },"
        "peak { 'B', position = fixed(287), fwhm = fixed(1.4), lorentzian = 0 }";
    static const char bounded[] = "constant {}, peak { 'A', position = fixed(285), fwhm = fixed(1.2) },"
                                  "peak { 'B', position = fixed(287), fwhm = fixed(1.4), area = { 0, -1e4, 1e4 } }";
    static const char above[] = "constant {}, peak { 'A', position = fixed(285), fwhm = fixed(1.2) },"
                                "peak { 'B', position = fixed(287), fwhm = fixed(1.4), area = { 10, 10, 1e4 } }";
    simulated_region region = plain;
    clv_value *fit;

    (void)state;
    region.line = hole;
    region.level = 1000;
    fit = fit_of(simulated(&region), free_sign, "");
    assert_near(value_of(fit, 0, "B.area"), 0, 0);
    clv_value_free(fit);
    fit = fit_of(simulated(&region), free_sign, "nonnegative = false");
    assert_near(value_of(fit, 0, "B.area"), -500, 4 * error_of(fit, 0, "B.area"));
    clv_value_free(fit);
    fit = fit_of(simulated(&region), bounded, "");
    assert_near(value_of(fit, 0, "B.area"), -500, 4 * error_of(fit, 0, "B.area"));
    clv_value_free(fit);
    fit = fit_of(simulated(&region), bounded, "nonnegative = true");
    assert_near(value_of(fit, 0, "B.area"), 0, 0);
    clv_value_free(fit);
    fit = fit_of(simulated(&region), above, "nonnegative = false"); /* what the user bounded stays bounded */
    assert_near(value_of(fit, 0, "B.area"), 10, 0);
    clv_value_free(fit);
}

/* ---- A model that does not describe the data */

static void poor_fits_are_marked_everywhere(void **state)
{
    static const char model[] = "constant {}, peak { 'A', position = 285.5, fwhm = 2 }, peak { 'B', position = "
                                "fixed(291), fwhm = fixed(1) }";
    clv_value *fit = fit_of(simulated(&plain), model, ""), *keep = NULL, *area;
    clv_columns *f = fractions_of(fit, "'A', 'B'", &keep), *column = NULL;
    const clv_value *shown[3];
    clv_error err = {0};

    (void)state;
    assert_true(clv_fit_flags(as_fit(fit), 0) & CLV_FIT_POOR);
    assert_true(clv_columns_flags(f, 0) & CLV_FIT_POOR);
    if (clv_fit_column(as_fit(fit), "A.area", &column, &err)) { fail_msg("%s", err.text); }
    area = clv_value_object(CLV_COLUMNS, column);
    shown[0] = fit;
    shown[1] = keep;
    shown[2] = area;
    for (int i = 0; i < 3; i++) {
        char *text = NULL;

        assert_int_equal(clv_value_print(shown[i], &text, &err), CLV_OK);
        if (!strstr(text, "model does not describe the data")) { fail_msg("%s", text); }
        clv_text_free(text);
    }
    clv_value_free(area);
    clv_value_free(keep);
    clv_value_free(fit);
}

/* ---- Auger lines */

/* Al K-alpha: O KLL (kinetic energy near 509 eV) lies at 978 eV, where no core level of oxygen is; photons of 1040 eV
   put it on O 1s. */
static void auger_lines_are_told(void **state)
{
    static const double photons[] = {1486.6, 1040};
    const clv_auger *auger = NULL;

    (void)state;
    for (size_t i = 0; i < clv_lines_auger_count() && !auger; i++) {
        if (strcmp(clv_lines_auger(i)->element, "O") == 0) { auger = clv_lines_auger(i); }
    }
    if (!auger) { fail_msg("the library has no Auger line of oxygen"); }
    for (int i = 0; i < 2; i++) {
        static const simulated_line line[] = {{531, 1.5, 4000}};
        simulated_region region = plain;
        int within = photons[i] - auger->high <= 538 && photons[i] - auger->low >= 525;
        clv_value *fit;
        clv_spectra *s;

        region.name = "O 1s";
        region.low = 525;
        region.channels = 131;
        region.line = line;
        region.lines = 1;
        s = simulated(&region);
        clv_metadata_set_number(clv_spectra_metadata_fill(s), "photon_energy", photons[i], "eV", NULL);
        fit = fit_of(s, "constant {}, peak { 'A', position = 531, fwhm = 1.5 }", "");
        assert_int_equal((clv_fit_flags(as_fit(fit), 0) & CLV_FIT_OVERLAP) != 0, within);
        assert_int_equal(within, i == 1);
        if (within) { assert_non_null(strstr(clv_fit_note(as_fit(fit), 0), "kinetic energy")); }
        clv_value_free(fit);
    }
}

/* ---- Backgrounds made from the data */

/* Outside `ends` a drawn background equals the data and a fit masks it; its own curve is drawn as its component; the
   fit says that its uncertainty is nowhere. */
static void drawn_backgrounds_mask_and_note(void **state)
{
    static const char model[] =
        "linear { active = false, ends = { 281, 290 } }, peak { 'A', position = { 285, 284, 286 }, "
        "fwhm = 1.2 }, peak { 'B', position = 287, fwhm = 1.4 }";
    clv_value *fit = fit_of(simulated(&plain), model, "");
    double background[160], components[3 * 160], model_curve[160];
    clv_error err = {0};
    int said = 0;

    (void)state;
    if (clv_fit_curves(as_fit(fit), 0, model_curve, background, components, NULL, NULL, &err)) {
        fail_msg("%s", err.text);
    }
    for (size_t k = 0; k < 160; k++) {
        double energy = 278 + 0.1 * (double)k;
        int inside = energy > 280.99 && energy < 290.01;

        assert_int_equal(isfinite(model_curve[k]) != 0, inside);
        if (inside) { assert_near(components[2 * 160 + k], background[k], 1e-9 * fabs(background[k])); }
    }
    assert_near(clv_fit_dof(as_fit(fit), 0), 91 - 6, 0);
    assert_near(value_of(fit, 0, "A.area"), 4000, 5 * error_of(fit, 0, "A.area"));
    for (size_t i = 0; i < clv_fit_note_count(as_fit(fit)); i++) {
        said |= strstr(clv_fit_note(as_fit(fit), i), "made from the data before the fit") != NULL;
    }
    assert_true(said);
    clv_value_free(fit);
}

/* Without `ends` a drawn background begins and ends where the fit does. */
static void drawn_backgrounds_keep_to_the_window(void **state)
{
    simulated_region region = plain;
    double background[160];
    clv_error err = {0};
    clv_value *fit;
    clv_spectra *s;

    (void)state;
    region.seed = 0;
    s = simulated(&region);
    fit = fit_of(clv_spectra_ref(s), "linear { active = false }, peak { 'A', position = 285, fwhm = 1.2 }",
                 "range = { 282, 290 }");
    if (clv_fit_curves(as_fit(fit), 0, NULL, background, NULL, NULL, NULL, &err)) { fail_msg("%s", err.text); }
    assert_near(background[40], clv_spectra_intensity(s)[40], 1e-6);   /* 282 eV */
    assert_near(background[120], clv_spectra_intensity(s)[120], 1e-6); /* 290 eV */
    assert_true(isnan(background[39]) && isnan(background[121]));
    clv_value_free(fit);
    clv_spectra_free(s);
}

/* ---- Threads and history */

static void same_bits(size_t spectra, const char *options)
{
    static const size_t threads[] = {1, 2, 3, 8};
    simulated_region region = plain;
    clv_value *first = NULL;
    size_t before = clv_threads();

    region.levels = spectra;
    for (int t = 0; t < 4; t++) {
        clv_value *fit;

        clv_threads_set(threads[t]);
        fit = fit_of(simulated(&region), TWO, options);
        for (size_t i = 0; first && i < spectra; i++) {
            for (size_t k = 0; k < clv_fit_parameter_count(as_fit(fit)); k++) {
                double a[2] = {clv_fit_value(as_fit(fit), i, k), clv_fit_error(as_fit(fit), i, k)};
                double b[2] = {clv_fit_value(as_fit(first), i, k), clv_fit_error(as_fit(first), i, k)};
                assert_memory_equal(a, b, sizeof a);
            }
        }
        if (first) {
            clv_value_free(fit);
        } else {
            first = fit;
        }
    }
    clv_threads_set(before);
    clv_value_free(first);
}

static void bits_do_not_depend_on_threads(void **state)
{
    (void)state;
    same_bits(1, "");
    same_bits(3, "");
    same_bits(300, "");
    same_bits(300, "share = { 'A.fwhm' }");
}

/* A fit's spectra say what was done, and share the numbers with those that were fitted. */
static void a_fit_notes_itself_in_the_history(void **state)
{
    clv_spectra *s = simulated(&plain);
    clv_value *fit = fit_of(clv_spectra_ref(s), TWO, "range = { 280, 292 }");
    const clv_spectra *noted = clv_fit_spectra(as_fit(fit));

    (void)state;
    assert_int_equal(clv_spectra_history_count(s), 0);
    assert_int_equal(clv_spectra_history_count(noted), 1);
    assert_non_null(strstr(clv_spectra_history(noted, 0), "range"));
    assert_ptr_equal(clv_spectra_intensity(noted), clv_spectra_intensity(s));
    clv_spectra_free(s); /* the fit keeps what it needs */
    assert_near(clv_spectra_intensity(noted)[0], clv_spectra_intensity(clv_fit_spectra(as_fit(fit)))[0], 0);
    clv_value_free(fit);
}

/* What says nothing is not printed: a `broaden` that nobody wrote stands at 0, fixed. */
static void print_leaves_out_what_says_nothing(void **state)
{
    clv_value *fit =
        fit_of(simulated(&plain),
               "constant {}, doublet { 'A', position = 285, split = fixed(2), ratio = 0.5, fwhm = 1.2 }", "");
    char *text = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_value_print(fit, &text, &err), CLV_OK);
    assert_null(strstr(text, "A.broaden"));
    assert_non_null(strstr(text, "A.split"));
    assert_true(clv_fit_parameter_find(as_fit(fit), "A.broaden") != SIZE_MAX);
    clv_text_free(text);
    clv_value_free(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_follow_the_noise),
        cmocka_unit_test(errors_follow_a_given_variance),
        cmocka_unit_test(windows_are_of_true_energies),
        cmocka_unit_test(curves_of_no_spectrum_are_refused),
        cmocka_unit_test(shares_are_checked),
        cmocka_unit_test(nonnegative_says_what_bounds_do_not),
        cmocka_unit_test(poor_fits_are_marked_everywhere),
        cmocka_unit_test(auger_lines_are_told),
        cmocka_unit_test(drawn_backgrounds_mask_and_note),
        cmocka_unit_test(drawn_backgrounds_keep_to_the_window),
        cmocka_unit_test(bits_do_not_depend_on_threads),
        cmocka_unit_test(a_fit_notes_itself_in_the_history),
        cmocka_unit_test(print_leaves_out_what_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
