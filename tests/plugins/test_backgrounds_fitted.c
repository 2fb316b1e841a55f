/* Backgrounds that are fitted with the peaks, on curves made by their own formulas in closed form: one step per peak, a
   slope, Tougaard's; and ranges that are left out of a fit.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#define CHANNELS 801
#define STEP 0.05
#define FIRST 160.0

static double energy[CHANNELS], curve[CHANNELS];

/* A Gaussian of unit area, its integral, and that integral's integral. */
static const double width = 1.4;
static double sigma_of(void) { return width / sqrt(8 * log(2)); }
static double line(double t) { return exp(-0.5 * t * t) / (sigma_of() * sqrt(2 * M_PI)); }
static double rise(double t) { return 0.5 * (1 + erf(t / sqrt(2))); }
static double ramp(double t) { return sigma_of() * (t * rise(t) + exp(-0.5 * t * t) / sqrt(2 * M_PI)); }

static clv_spectra *make(void)
{
    clv_axis *axis = NULL;
    clv_spectra *made = NULL;
    clv_error err = {0};

    if (clv_axis_new("binding_energy", "eV", energy, CHANNELS, &axis, &err)) { fail_msg("%s", err.text); }
    if (clv_spectra_new("S 2p", "counts/s", &axis, 1, &made, &err)) { fail_msg("%s", err.text); }
    memcpy(clv_spectra_fill(made), curve, sizeof curve);
    clv_spectra_set_noise(made, CLV_NOISE_UNKNOWN, 1, 0);
    clv_axis_free(axis);
    return made;
}

static clv_status try_fit(const char *model, const char *options, clv_fit **fitted, clv_error *err)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, make()), *made = NULL, *table = NULL;
    clv_model *parsed = NULL;
    clv_status status = clv_model_parse(model, &parsed, err);

    if (!status) { status = clv_value_parse(options, &table, err); }
    if (!status) { status = clv_value_set(table, "model", clv_value_object(CLV_MODEL, parsed), err); }
    if (!status) { status = clv_apply("fit", on, table, &made, err); }
    *fitted = status ? NULL : clv_fit_ref(clv_value_as_object(made, CLV_FIT));
    clv_value_free(made);
    clv_value_free(table);
    clv_value_free(on);
    return status;
}

static clv_fit *fit(const char *model, const char *options)
{
    clv_fit *fitted;
    clv_error err = {0};

    if (try_fit(model, options, &fitted, &err)) { fail_msg("%s", err.text); }
    return fitted;
}

static double value(const clv_fit *fitted, const char *name)
{
    size_t place = clv_fit_parameter_find(fitted, name);

    if (place == SIZE_MAX) { fail_msg("no parameter %s", name); }
    return clv_fit_value(fitted, 0, place);
}

#define PEAKS                                                                          \
    "peak { \"a\", shape = \"gaussian\", position = 169.6, fwhm = { 1.1, 0.3, 4 } }, " \
    "peak { \"b\", shape = \"gaussian\", position = 175.3, fwhm = \"a.fwhm\" }"

static double at(int i, double position) { return (energy[i] - position) / sigma_of(); }

/* Steps of 300 behind a peak of 1,000 and of 20 behind one of 800; from places and widths that are off it arrives in
   few steps, as it does only with right derivatives. The running integral by the trapezoid rule errs by step^2/12 times
   the line's slope: up to 1.5e-4 of a step. */
static void test_per_peak(void **payload)
{
    (void)payload;
    for (int i = 0; i < CHANNELS; i++) {
        energy[i] = FIRST + STEP * i;
        curve[i] =
            50 + 1000 * line(at(i, 170)) + 800 * line(at(i, 175)) + 300 * rise(at(i, 170)) + 20 * rise(at(i, 175));
    }
    clv_fit *fitted = fit("shirley { per_peak = true }, " PEAKS, "statistics = \"least_squares\"");
    assert_near(value(fitted, "shirley.a"), 300, 0.05);
    assert_near(value(fitted, "shirley.b"), 20, 0.05);
    assert_near(value(fitted, "a.area"), 1000, 0.05);
    assert_near(value(fitted, "b.area"), 800, 0.05);
    assert_near(value(fitted, "b.position"), 175, 1e-4);
    assert_near(value(fitted, "a.fwhm"), width, 1e-4);
    assert_near(value(fitted, "background.level"), 50, 0.05);
    assert_int_equal(clv_fit_parameter_find(fitted, "shirley.k"), SIZE_MAX);
    assert_true(clv_fit_iterations(fitted, 0) <= 12);
    /* the steps are part of the background curve, not of the peaks */
    static double background[CHANNELS];
    clv_error err = {0};
    assert_int_equal(clv_fit_curves(fitted, 0, NULL, background, NULL, NULL, NULL, &err), CLV_OK);
    assert_near(background[0], 50, 0.05);
    assert_near(background[CHANNELS - 1], 370, 0.05);
    clv_fit_free(fitted);
}

static void test_slope(void **payload)
{
    (void)payload;
    for (int i = 0; i < CHANNELS; i++) {
        curve[i] = 50;
        for (int k = 0; k < 2; k++) {
            double t = at(i, k ? 175 : 170);
            curve[i] += (k ? 800 : 1000) * (line(t) + 0.05 * rise(t) + 0.002 * ramp(t));
        }
    }
    clv_fit *fitted = fit("shirley { slope = { 0, -0.1, 0.1 } }, " PEAKS, "statistics = \"least_squares\"");
    assert_near(value(fitted, "shirley.k"), 0.05, 1e-7);
    assert_near(value(fitted, "shirley.slope"), 0.002, 1e-7);
    assert_near(value(fitted, "a.area"), 1000, 1e-3);
    assert_true(clv_fit_iterations(fitted, 0) <= 15);
    clv_fit_free(fitted);
}

/* The losses of the peaks by a sum over channels, B and C free, and each class by name from the preset start of B. */
static void test_tougaard(void **payload)
{
    static const struct {
        const char *options;
        double b, c, d, gap;
    } cases[] = {
        {"B = { 500, 0, 10000 }", 2866, 1643, 0, 0},
        {"variant = \"u2\", C = { 1200, 500, 3000 }", 1500, 1643, 0, 0},
        {"class = \"polymers\"", 434, 551, 436, 0},
        {"class = \"silicon dioxide\", variant = \"u4\", gap = 9.3", 325, 542, 275, 9.3},
        {"class = \"silicon\"", 132, 325, 96, 0},
        {"class = \"aluminium\"", 16.5, 230, 4.5, 0},
        {"variant = \"u3\", C = { 500, 300, 900 }, D = { 400, 100, 900 }", 434, 551, 436, 0},
    };

    (void)payload;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char model[500];
        static double peaks[CHANNELS];
        for (int i = 0; i < CHANNELS; i++) { peaks[i] = 1000 * line(at(i, 170)) + 800 * line(at(i, 175)); }
        for (int i = 0; i < CHANNELS; i++) {
            double sum = 0;
            for (int j = 0; j < i; j++) {
                double t = STEP * (i - j), c = cases[k].c + (cases[k].d > 0 ? -1 : 1) * t * t;
                if (t > cases[k].gap) { sum += STEP * peaks[j] * t / (c * c + cases[k].d * t * t); }
            }
            curve[i] = 50 + peaks[i] + cases[k].b * sum;
        }
        snprintf(model, sizeof model, "tougaard { %s }, " PEAKS, cases[k].options);
        clv_fit *fitted = fit(model, "statistics = \"least_squares\"");
        assert_near(value(fitted, "tougaard.B"), cases[k].b, 1e-4 * cases[k].b);
        assert_near(value(fitted, "a.area"), 1000, 0.01);
        if (strstr(cases[k].options, "C =")) { assert_near(value(fitted, "tougaard.C"), cases[k].c, 0.05); }
        if (strstr(cases[k].options, "D =")) { assert_near(value(fitted, "tougaard.D"), cases[k].d, 0.05); }
        clv_fit_free(fitted);
    }
}

/* A spike that would ruin the fit does not when its range is left out; degrees of freedom count what is left. */
static void test_exclude(void **payload)
{
    clv_error err = {0};
    clv_fit *fitted;

    (void)payload;
    for (int i = 0; i < CHANNELS; i++) {
        curve[i] = 50 + 1000 * line(at(i, 170)) + 800 * line(at(i, 175));
        if (energy[i] > 171.99 && energy[i] < 173.01) { curve[i] += 5000; }
    }
    fitted = fit("constant {}, " PEAKS, "statistics = \"least_squares\", exclude = { { 172, 173 } }");
    assert_near(value(fitted, "a.area"), 1000, 1e-4);
    assert_near(value(fitted, "b.area"), 800, 1e-4);
    double dof = clv_fit_dof(fitted, 0);
    clv_fit_free(fitted);
    fitted = fit("constant {}, " PEAKS, "statistics = \"least_squares\"");
    assert_true(fabs(value(fitted, "a.area") - 1000) > 10);
    assert_near(clv_fit_dof(fitted, 0) - dof, 21, 0); /* 172.00, 172.05, … 173.00 */
    clv_fit_free(fitted);
    /* a model without free shapes goes another way */
    fitted = fit("constant {}, peak { \"a\", shape = \"gaussian\", position = fixed(170), fwhm = fixed(1.4) }, "
                 "peak { \"b\", shape = \"gaussian\", position = fixed(175), fwhm = fixed(1.4) }",
                 "statistics = \"least_squares\", exclude = { 172, 173 }");
    assert_near(value(fitted, "a.area"), 1000, 1e-6);
    clv_fit_free(fitted);
    assert_int_equal(try_fit("constant {}, " PEAKS, "exclude = { { 173, 172 } }", &fitted, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "range 1 is not { low, high }"));
}

/* A natural spline through 0, 1, 0 at equal distances has the value 11/16 half-way (closed form: second derivatives 0,
   -3, 0); a straight line comes back as it is, also beyond the ends, and is drawn and fitted as such. */
static void test_spline(void **payload)
{
    const double knots[] = {160, 170, 180}, at_[] = {165, 150, 170};
    double column[3], slope[3];
    clv_error err = {0};

    (void)payload;
    assert_int_equal(clv_background_spline(knots, 3, 1, at_, 3, column, slope, &err), CLV_OK);
    assert_near(column[0], 11.0 / 16, 1e-14);
    assert_near(column[1], -1.5, 1e-14); /* slope 1.5 a knot's distance at the end */
    assert_near(slope[1], 0.15, 1e-14);
    assert_near(column[2], 1, 1e-14);
    for (int i = 0; i < CHANNELS; i++) {
        curve[i] = 400 - 2 * (energy[i] - FIRST) + 1000 * line(at(i, 170)) + 800 * line(at(i, 175));
    }
    clv_fit *fitted = fit("spline { { 163, 166, 180, 195 } }, " PEAKS, "statistics = \"least_squares\"");
    assert_near(value(fitted, "a.area"), 1000, 1e-4);
    assert_near(value(fitted, "spline.at 163"), 394, 1e-4);
    assert_near(value(fitted, "spline.at 195"), 330, 1e-4);
    clv_fit_free(fitted);
    fitted = fit("spline { energies = { 163, 166, 180, 195 }, active = false }, " PEAKS,
                 "statistics = \"least_squares\", range = { 163, 195 }");
    assert_near(value(fitted, "b.area"), 800, 0.01); /* the peaks' own tails lie under the drawn line */
    clv_fit_free(fitted);
    assert_int_equal(clv_background_spline((double[]){2, 1}, 2, 0, at_, 1, column, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_background_spline(knots, 1, 0, at_, 1, column, NULL, &err), CLV_BAD_ARGUMENT);
}

static void test_refused(void **payload)
{
    static const struct {
        const char *model, *says;
    } refused[] = {
        {"tougaard { class = \"polymers\", variant = \"u2\" }, " PEAKS, "one of three parameters"},
        {"tougaard { variant = \"u3\" }, " PEAKS, "need a class"},
        {"tougaard { variant = \"u4\", class = \"silicon dioxide\" }, " PEAKS, "needs it"},
        {"tougaard { gap = 3 }, " PEAKS, "the one with a gap"},
        {"spline { { 170 } }, " PEAKS, "a spline goes through 2"},
        {"shirley { per_peak = true }", "needs a peak"},
        {"shirley { per_peak = true, k = 0.1 }, " PEAKS, "k means nothing"},
        {"peak { \"a\", shape = \"doniach_sunjic\", position = 170, alpha = 0.1 }", "needs its Lorentzian width"},
        {"peak { \"a\", shape = \"la\", position = 170, alpha = 1.5 }", "a.beta is missing"},
        {"peak { \"a\", shape = \"voigt\", position = 170, alpha = 1.5 }", "alpha means nothing"},
    };

    (void)payload;
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
        clv_error err = {0};
        clv_fit *fitted;
        if (!try_fit(refused[k].model, "statistics = \"least_squares\"", &fitted, &err)) {
            fail_msg("not refused: %s", refused[k].model);
        }
        if (!strstr(err.text, refused[k].says)) { fail_msg("%s", err.text); }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_per_peak), cmocka_unit_test(test_slope),  cmocka_unit_test(test_tougaard),
        cmocka_unit_test(test_exclude),  cmocka_unit_test(test_spline), cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
