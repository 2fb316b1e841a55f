/* Active Shirley backgrounds and doublets on a kinetic-energy axis go toward low energies: the mirror image of a
   spectrum on a binding-energy axis gives the same numbers. SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#define CHANNELS 401
#define STEP 0.1
#define PHOTON 1486.6

static const double sigma = 0.6;

static double line(double x) { return exp(-0.5 * x * x / (sigma * sigma)) / (sigma * sqrt(2 * M_PI)); }
static double rise(double x) { return 0.5 * (1 + erf(x / (sigma * sqrt(2)))); }
static double ramp(double x) { return x * rise(x) + sigma * sigma * line(x); }

/* Two lines with k = 0.04 and a slope by their closed forms, on binding energies or mirrored to kinetic ones. */
static clv_spectra *make(int kinetic, double k, double slope)
{
    double energy[CHANNELS];
    clv_axis *axis = NULL;
    clv_spectra *made = NULL;
    clv_error err = {0};

    for (int i = 0; i < CHANNELS; i++) {
        double binding = 160 + STEP * i;
        energy[kinetic ? CHANNELS - 1 - i : i] = kinetic ? PHOTON - binding : binding;
    }
    if (clv_axis_new(kinetic ? "kinetic_energy" : "binding_energy", "eV", energy, CHANNELS, &axis, &err)) {
        fail_msg("%s", err.text);
    }
    if (clv_spectra_new("S 2p", "counts/s", &axis, 1, &made, &err)) { fail_msg("%s", err.text); }
    for (int i = 0; i < CHANNELS; i++) {
        double a = 160 + STEP * i - 175, b = a - 6;
        double sum = 1000 * (line(a) + k * rise(a) + slope * ramp(a)) + 500 * (line(b) + k * rise(b) + slope * ramp(b));
        clv_spectra_fill(made)[kinetic ? CHANNELS - 1 - i : i] = 50 + sum;
    }
    clv_spectra_set_noise(made, CLV_NOISE_UNKNOWN, 1, 0);
    clv_axis_free(axis);
    return made;
}

static clv_value *fit_model(clv_spectra *spectra_take, const char *model)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, spectra_take), *table = clv_value_table(), *made = NULL;
    clv_model *parsed = NULL;
    clv_error err = {0};

    if (clv_model_parse(model, &parsed, &err)) { fail_msg("%s", err.text); }
    clv_value_set(table, "model", clv_value_object(CLV_MODEL, parsed), NULL);
    if (clv_apply("fit", on, table, &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(table);
    clv_value_free(on);
    return made;
}

static clv_value *fit(clv_spectra *spectra_take, const char *shirley, double a, double b)
{
    char model[400];

    snprintf(model, sizeof model,
             "%s, peak { 'a', shape = 'gaussian', position = %g, fwhm = { 1.2, 0.3, 4 } }, "
             "peak { 'b', shape = 'gaussian', position = %g, fwhm = 'a.fwhm' }",
             shirley, a, b);
    return fit_model(spectra_take, model);
}

static double value(const clv_value *fitted, const char *name)
{
    clv_fit *object = clv_value_as_object(fitted, CLV_FIT);
    size_t place = clv_fit_parameter_find(object, name);

    if (place == SIZE_MAX) { fail_msg("no parameter %s", name); }
    return clv_fit_value(object, 0, place);
}

/* The trapezoid rule errs by step^2/12 of the line's slope: a few 1e-4 of a step's height. */
static void test_mirror(void **payload)
{
    static const struct {
        const char *shirley, *parameter;
        double k, slope, expected, near;
    } cases[] = {
        {"shirley {}", "shirley.k", 0.04, 0, 0.04, 1e-5},
        {"shirley { slope = { 0, -0.1, 0.1 } }", "shirley.slope", 0.04, 0.002, 0.002, 1e-5},
        {"shirley { per_peak = true }", "shirley.b", 0.04, 0, 20, 0.05},
    };

    (void)payload;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        clv_value *binding = fit(make(0, cases[c].k, cases[c].slope), cases[c].shirley, 174.7, 181.3);
        clv_value *kinetic = fit(make(1, cases[c].k, cases[c].slope), cases[c].shirley, PHOTON - 174.7, PHOTON - 181.3);
        assert_near(value(kinetic, cases[c].parameter), cases[c].expected, cases[c].near);
        assert_near(value(kinetic, cases[c].parameter), value(binding, cases[c].parameter), 1e-6 + 0.1 * cases[c].near);
        assert_near(value(kinetic, "a.area"), 1000, 0.1);
        assert_near(value(kinetic, "b.area"), 500, 0.1);
        assert_near(value(kinetic, "a.position"), PHOTON - 175, 1e-3);
        assert_near(value(kinetic, "background.level"), 50, 0.1);
        clv_value_free(binding);
        clv_value_free(kinetic);
    }
}

/* The weaker line of a doublet lies higher in binding energy, so lower in kinetic energy, by a positive split. */
static void test_doublet(void **payload)
{
    char model[300];

    (void)payload;
    for (int kinetic = 0; kinetic < 2; kinetic++) {
        double start = kinetic ? PHOTON - 174.8 : 174.8;
        clv_value *fitted;

        snprintf(model, sizeof model,
                 "shirley {}, doublet { 'd', shape = 'gaussian', position = %g, split = { 5.7, 4, 8 }, "
                 "ratio = { 0.6, 0.1, 2 }, fwhm = { 1.2, 0.3, 4 } }",
                 start);
        fitted = fit_model(make(kinetic, 0.04, 0), model);
        assert_near(value(fitted, "d.split"), 6, 1e-3);
        assert_near(value(fitted, "d.ratio"), 0.5, 1e-3);
        assert_near(value(fitted, "d.area"), 1500, 0.5);
        assert_near(value(fitted, "d.position"), kinetic ? PHOTON - 175 : 175, 1e-3);
        clv_value_free(fitted);
    }
}

/* The line at 175 eV with a tail toward high binding energy: the first of the two drawn again and again, weaker. */
static clv_spectra *make_tailed(int kinetic)
{
    clv_spectra *made = make(kinetic, 0, 0);

    for (int i = 0; i < CHANNELS; i++) {
        double sum = 50, a = 160 + STEP * i - 175;

        for (int j = 0; j < 40; j++) { sum += 1000 * pow(0.7, j) * line(a - 0.3 * j); }
        clv_spectra_fill(made)[kinetic ? CHANNELS - 1 - i : i] = sum;
    }
    return made;
}

/* The mirror image of a model in binding energy is the model in kinetic energy: what one draws the other fits. */
static void test_asymmetric(void **payload)
{
    static const char *const shapes[] = {
        "'doniach_sunjic', lorentzian = 0.6, gaussian = { 0.7, 0.1, 3 }, alpha = { 0.12, 0, 0.4 }",
        "'la', lorentzian = 0.6, gaussian = { 0.7, 0.1, 3 }, alpha = { 0.8, 0.6, 4 }, beta = { 2, 0.6, 4 }",
        "'lf', lorentzian = 0.6, gaussian = { 0.7, 0.1, 3 }, alpha = { 0.8, 0.3, 4 }, beta = { 2, 0.6, 4 }, damping = "
        "20"};
    char model[400];

    (void)payload;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        clv_value *fits[2];

        for (int kinetic = 0; kinetic < 2; kinetic++) {
            snprintf(model, sizeof model, "constant {}, peak { 'd', shape = %s, position = { %g, %g, %g } }", shapes[s],
                     kinetic ? PHOTON - 174.9 : 174.9, kinetic ? PHOTON - 177 : 173, kinetic ? PHOTON - 173 : 177);
            fits[kinetic] = fit_model(make_tailed(kinetic), model);
        }
        for (size_t i = 0; i < clv_fit_parameter_count(clv_value_as_object(fits[0], CLV_FIT)); i++) {
            const char *name = clv_fit_parameter_name(clv_value_as_object(fits[0], CLV_FIT), i);
            double there = value(fits[0], name);

            if (strcmp(name, "d.position") == 0) { there = PHOTON - there; }
            assert_near(value(fits[1], name), there, 1e-3 * fmax(fabs(there), 1));
        }
        assert_true(value(fits[0], "d.alpha") > 0.03); /* the tail was seen */
        if (s > 0) { assert_true(value(fits[0], "d.beta") > 2 * value(fits[0], "d.alpha")); }
        clv_value_free(fits[0]);
        clv_value_free(fits[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mirror), cmocka_unit_test(test_doublet),
                                       cmocka_unit_test(test_asymmetric)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
