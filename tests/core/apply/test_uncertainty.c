/* Uncertainties of fits by the public face: intervals, what bootstrap adds to a drawn background, criteria, and honest
   errors where the noise is unknown. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/threads.h>

#include "near.h"
#include "simulated_fit.h"

static int interval_of(const clv_value *fit, size_t spectrum, const char *name, double interval[2])
{
    return clv_fit_interval(as_fit(fit), spectrum, clv_fit_parameter_find(as_fit(fit), name), interval);
}

/* Many counts: the likelihood is nearly a parabola, so all three ways agree. */
static void ways_agree(void **state)
{
    clv_value *plainly = fit_of(simulated(&plain), TWO, "");
    clv_value *profile = fit_of(simulated(&plain), TWO, "uncertainty = 'profile'");
    clv_value *bootstrap = fit_of(simulated(&plain), TWO, "uncertainty = 'bootstrap', replicas = 1000");
    double error = error_of(plainly, 0, "A.area"), value = value_of(plainly, 0, "A.area"), ends[2];

    (void)state;
    assert_string_equal(clv_fit_uncertainty(as_fit(plainly)), "covariance");
    assert_string_equal(clv_fit_uncertainty(as_fit(profile)), "profile");
    assert_string_equal(clv_fit_uncertainty(as_fit(bootstrap)), "bootstrap");
    assert_int_equal(interval_of(plainly, 0, "A.area", ends), 0);
    assert_true(isnan(ends[0]) && isnan(ends[1]));
    assert_int_equal(interval_of(profile, 0, "A.area", ends), 1);
    assert_near(ends[0], value - error, 0.05 * error);
    assert_near(ends[1], value + error, 0.05 * error);
    assert_near(error_of(profile, 0, "A.area"), error, 0); /* the profile leaves the error as it is */
    assert_int_equal(interval_of(bootstrap, 0, "A.area", ends), 1);
    assert_near(ends[1] - ends[0], 2 * error, 0.2 * error); /* three errors of a percentile of 1000 */
    assert_near(error_of(bootstrap, 0, "A.area"), error, 0.08 * error);
    interval_of(profile, 0, "A.fwhm", ends);
    assert_true(interval_of(profile, 0, "B.position", ends) && ends[0] < ends[1]);
    clv_value_free(plainly);
    clv_value_free(profile);
    clv_value_free(bootstrap);
}

/* The same seed gives the same bits for any number of threads, and another seed others. */
static void seed_decides(void **state)
{
    simulated_region region = plain;
    double a[2], b[2];

    (void)state;
    region.levels = 70; /* more than a tile */
    clv_threads_set(1);
    clv_value *one = fit_of(simulated(&region), TWO, "uncertainty = 'bootstrap', replicas = 20");
    clv_threads_set(3);
    clv_value *three = fit_of(simulated(&region), TWO, "uncertainty = 'bootstrap', replicas = 20");
    clv_threads_set(0);
    clv_value *other = fit_of(simulated(&region), TWO, "uncertainty = 'bootstrap', replicas = 20, seed = 2");
    for (size_t i = 0; i < region.levels; i++) {
        interval_of(one, i, "A.area", a);
        interval_of(three, i, "A.area", b);
        assert_memory_equal(a, b, sizeof a);
        assert_true(error_of(one, i, "B.area") == error_of(three, i, "B.area"));
        interval_of(other, i, "A.area", b);
        assert_true(a[0] != b[0]);
    }
    clv_value_free(one);
    clv_value_free(three);
    clv_value_free(other);
}

/* A line under a Shirley background that is drawn before the fit: its ends' noise goes into the area. Only the
   bootstrap knows of it; the scatter of many simulated spectra is the truth. */
static void bootstrap_fits_the_background_again(void **state)
{
    static const char drawn[] = "shirley { active = false }, peak { 'A', position = { 285, 284, 286 }, fwhm = 1.2 }";
    static const simulated_line one[] = {{285, 1.2, 4000}};
    simulated_region region = {.name = "C 1s",
                               .low = 280,
                               .step = 0.1,
                               .channels = 101,
                               .levels = 300,
                               .lines = 1,
                               .line = one,
                               .level = 100,
                               .seed = 21,
                               .same = 1};
    clv_value *covariance = fit_of(simulated(&region), drawn, "");
    double sum = 0, squares = 0, linear = 0, told = 0, n = (double)region.levels;

    (void)state;
    for (size_t i = 0; i < region.levels; i++) {
        double area = value_of(covariance, i, "A.area");
        sum += area;
        squares += area * area;
        linear += error_of(covariance, i, "A.area") / n;
    }
    double scatter = sqrt(squares / n - sum / n * sum / n);
    region.levels = 12;
    clv_value *bootstrap = fit_of(simulated(&region), drawn, "uncertainty = 'bootstrap'");
    for (size_t i = 0; i < region.levels; i++) { told += error_of(bootstrap, i, "A.area") / 12; }
    printf("scatter %.1f, covariance %.1f, bootstrap %.1f\n", scatter, linear, told);
    assert_true(linear < 0.8 * scatter);
    assert_near(told, scatter, 0.2 * scatter);
    clv_value_free(covariance);
    clv_value_free(bootstrap);
}

/* The first and the second line of a file. */
static void lines_of(const char *path, char first[2000], char second[2000])
{
    FILE *file = fopen(path, "rbe");

    assert_non_null(file);
    assert_non_null(fgets(first, 2000, file));
    assert_non_null(fgets(second, 2000, file));
    fclose(file);
    remove(path);
}

/* Where a column of the first line stands, and the number there in the second. */
static double number_under(const char *first, const char *second, const char *name)
{
    size_t length = strlen(name);

    while (strncmp(first, name, length) != 0 || !strchr(", \r\n", first[length])) {
        first += strcspn(first, ",");
        second += strcspn(second, ",");
        if (*first != ',') { fail_msg("no column %s", name); }
        first++;
        second++;
    }
    return strtod(second, NULL);
}

/* Tables carry the ends of intervals where the fit was asked for them, and no such columns elsewhere. */
static void tables_carry_intervals(void **state)
{
    clv_value *profile = fit_of(simulated(&plain), TWO, "uncertainty = 'profile'"), *area = NULL, *none = NULL;
    clv_value *plainly = fit_of(simulated(&plain), TWO, "");
    clv_columns *column = NULL;
    char first[2000], second[2000];
    double ends[2];
    clv_error err;

    (void)state;
    assert_true(interval_of(profile, 0, "A.area", ends));
    assert_int_equal(clv_apply_text("save", profile, "'test_uncertainty.tmp.csv', curves = false", &none, &err),
                     CLV_OK);
    clv_value_free(none);
    lines_of("test_uncertainty.tmp.csv", first, second);
    assert_true(number_under(first, second, "A.area_low") == ends[0]);
    assert_true(number_under(first, second, "A.area_high") == ends[1]);
    assert_int_equal(clv_fit_column(as_fit(profile), "A.area", &column, &err), CLV_OK);
    area = clv_value_object(CLV_COLUMNS, column);
    assert_int_equal(clv_apply_text("save", area, "'test_uncertainty.tmp.csv'", &none, &err), CLV_OK);
    clv_value_free(none);
    lines_of("test_uncertainty.tmp.csv", first, second);
    assert_true(strstr(first, "_low,") && strstr(first, "_high,"));
    assert_int_equal(clv_apply_text("save", plainly, "'test_uncertainty.tmp.csv', curves = false", &none, &err),
                     CLV_OK);
    clv_value_free(none);
    lines_of("test_uncertainty.tmp.csv", first, second);
    assert_null(strstr(first, "_low"));
    clv_value_free(area);
    clv_value_free(profile);
    clv_value_free(plainly);
}

static void wrong_wishes_are_refused(void **state)
{
    simulated_region series = plain;

    (void)state;
    series.levels = 3;
    refuse(simulated(&plain), TWO, "uncertainty = 'profil'", "did you mean");
    refuse(simulated(&series), TWO, "share = { 'A.fwhm' }, uncertainty = 'bootstrap'", "spectrum by spectrum");
    refuse(simulated(&plain), TWO, "statistics = 'mean_weights', uncertainty = 'profile'", "needs a likelihood");
    refuse(simulated(&plain), TWO, "replicas = 100", "belongs to uncertainty");
    refuse(simulated(&plain), TWO, "uncertainty = 'profile', seed = 3", "belongs to uncertainty");
    refuse(simulated(&plain), TWO, "uncertainty = 'bootstrap', replicas = 3", "replicas");
}

/* Criteria by their definitions: 160 channels, a constant and two lines of area, place and width. The true model wins
   over one with a line less. */
static void criteria_compare(void **state)
{
    clv_value *right = fit_of(simulated(&plain), TWO, "");
    clv_value *poor =
        fit_of(simulated(&plain), "constant {}, peak { 'A', position = { 285, 284, 286 }, fwhm = 1.2 }", "");
    clv_value *least = fit_of(simulated(&plain), TWO, "statistics = 'least_squares'");
    double squares = clv_fit_deviance(as_fit(least), 0);

    (void)state;
    assert_near(clv_fit_dof(as_fit(right), 0), 160 - 7, 0);
    assert_near(clv_fit_aic(as_fit(right), 0), clv_fit_deviance(as_fit(right), 0) + 14, 1e-9);
    assert_near(clv_fit_bic(as_fit(right), 0), clv_fit_deviance(as_fit(right), 0) + 7 * log(160), 1e-9);
    assert_near(clv_fit_aic(as_fit(least), 0), 160 * log(squares / 160) + 16, 1e-6);
    assert_true(clv_fit_aic(as_fit(right), 0) + 100 < clv_fit_aic(as_fit(poor), 0));
    assert_true(clv_fit_bic(as_fit(right), 0) + 100 < clv_fit_bic(as_fit(poor), 0));
    clv_value_free(right);
    clv_value_free(poor);
    clv_value_free(least);
}

/* Rates with noise that nobody told: the residuals say how large it is. Errors cover the truth. */
static void unknown_noise_is_measured(void **state)
{
    static const simulated_line one[] = {{285, 1.2, 4000}};
    simulated_region region = {.name = "C 1s",
                               .low = 280,
                               .step = 0.1,
                               .channels = 101,
                               .levels = 1500,
                               .lines = 1,
                               .line = one,
                               .level = 3000,
                               .same = 1};
    clv_spectra *spectra = simulated(&region);
    co2p_random random = {17};
    double *y = clv_spectra_fill(spectra), area = 0, position = 0, wide = 0, n = (double)region.levels;

    (void)state;
    for (size_t i = 0; i < region.levels * region.channels; i++) { y[i] = 0.01 * (y[i] + 40 * co2p_normal(&random)); }
    clv_spectra_set_unit(spectra, "counts/s", NULL);
    clv_spectra_set_noise(spectra, CLV_NOISE_UNKNOWN, 1, 0);
    clv_value *fit =
        fit_of(spectra, "constant {}, peak { 'A', position = { 285, 284, 286 }, fwhm = 1.2, lorentzian = 0 }", "");
    assert_string_equal(clv_fit_statistics(as_fit(fit)), "least_squares");
    assert_string_equal(clv_fit_parameter_unit(as_fit(fit), clv_fit_parameter_find(as_fit(fit), "A.area")),
                        "counts eV/s");
    for (size_t i = 0; i < region.levels; i++) {
        double off = fabs(value_of(fit, i, "A.area") - 40), error = error_of(fit, i, "A.area");
        area += off < error;
        wide += off < 2 * error;
        position += fabs(value_of(fit, i, "A.position") - 285) < error_of(fit, i, "A.position");
    }
    printf("unknown noise: area covered %.3f %.3f, position %.3f\n", area / n, wide / n, position / n);
    assert_near(area / n, 0.6827, 0.036); /* three binomial errors */
    assert_near(wide / n, 0.9545, 0.018);
    assert_near(position / n, 0.6827, 0.036);
    clv_value_free(fit);
}

static int says(const clv_value *fit, const char *what)
{
    for (size_t i = 0; i < clv_fit_note_count(as_fit(fit)); i++) {
        if (strstr(clv_fit_note(as_fit(fit), i), what)) { return 1; }
    }
    return 0;
}

/* Means over five channels are correlated by 0.8 with their neighbours: it is said, and not of white noise. */
static void correlated_residuals_are_noted(void **state)
{
    clv_spectra *smooth = simulated(&plain);
    double *y = clv_spectra_fill(smooth), mean[160];
    clv_value *white = fit_of(simulated(&plain), TWO, ""), *correlated;

    (void)state;
    for (int i = 0; i < 160; i++) {
        double sum = 0, count = 0;
        for (int k = i > 2 ? i - 2 : 0; k <= i + 2 && k < 160; k++) {
            sum += y[k];
            count++;
        }
        mean[i] = sum / count;
    }
    memcpy(y, mean, sizeof mean);
    correlated = fit_of(smooth, TWO, "");
    assert_true(says(correlated, "lie off the model alike (correlation 0."));
    assert_false(says(white, "lie off the model alike"));
    clv_value_free(white);
    clv_value_free(correlated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_agree),
        cmocka_unit_test(seed_decides),
        cmocka_unit_test(bootstrap_fits_the_background_again),
        cmocka_unit_test(tables_carry_intervals),
        cmocka_unit_test(wrong_wishes_are_refused),
        cmocka_unit_test(criteria_compare),
        cmocka_unit_test(unknown_noise_is_measured),
        cmocka_unit_test(correlated_residuals_are_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
