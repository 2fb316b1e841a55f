/* Constraints as models write them: published sets of links in few lines, ratios in words, coefficients that sum to
   one. SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#define CHANNELS 201

typedef double (*curve)(double energy);

static double gauss(double x, double at, double width) { return exp(-4 * M_LN2 * pow((x - at) / width, 2)); }

static clv_spectra *make(curve of, const char *name)
{
    double energy[CHANNELS];
    clv_axis *axis = NULL;
    clv_spectra *made = NULL;
    clv_error err = {0};

    for (int i = 0; i < CHANNELS; i++) { energy[i] = 278 + 0.1 * i; }
    if (clv_axis_new("binding_energy", "eV", energy, CHANNELS, &axis, &err)) { fail_msg("%s", err.text); }
    if (clv_spectra_new(name, "counts/s", &axis, 1, &made, &err)) { fail_msg("%s", err.text); }
    for (int i = 0; i < CHANNELS; i++) { clv_spectra_fill(made)[i] = of(energy[i]); }
    clv_axis_free(axis);
    return made;
}

static clv_value *fit_model(const clv_value *spectra, clv_model *model_take)
{
    clv_value *table = clv_value_table(), *made = NULL;
    clv_error err = {0};

    clv_value_set(table, "model", clv_value_object(CLV_MODEL, model_take), NULL);
    if (clv_apply("fit", spectra, table, &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(table);
    return made;
}

static double value_of(const clv_value *fit, const char *name)
{
    const clv_fit *f = clv_value_as_object(fit, CLV_FIT);
    size_t place = clv_fit_parameter_find(f, name);

    if (place == SIZE_MAX) { fail_msg("no parameter %s", name); }
    return clv_fit_value(f, 0, place);
}

/* The links of a published set for the C 1s of cellulose, which stand in CasaXPS' words in polymer files: an area of
   0.2048 and one of 0.66666 times another's, 1.33 eV above and 0.58 eV below it (on kinetic energies -1.33 and so on).
 */
static const char cellulose[] =
    "linear {},\n"
    "peak { \"C-O\", position = { 286.5, 285.5, 287.5 }, fwhm = { 1.2, 0.7, 2 }, shape = \"gaussian\" },\n"
    "peak { \"O-C-O\", position = \"C-O.position + 1.33\", fwhm = \"C-O.fwhm\", area = \"C-O.area * 0.2048\", shape = "
    "\"gaussian\" },\n"
    "peak { \"C-OH\", position = \"C-O.position - 0.58\", fwhm = \"C-O.fwhm\", area = \"C-O.area * 0.66666\", shape = "
    "\"gaussian\" },\n"
    "peak { \"C-C\", position = { 284.8, 284.3, 285.3 }, fwhm = \"C-O.fwhm\", shape = \"gaussian\" }";

static double cellulose_curve(double x)
{
    return 200 + 3 * (x - 288) +
           5000 * (gauss(x, 286.62, 1.15) + 0.2048 * gauss(x, 287.95, 1.15) + 0.66666 * gauss(x, 286.04, 1.15)) +
           700 * gauss(x, 284.9, 1.15);
}

static void cellulose_takes_five_lines(void **state)
{
    clv_value *spectra = clv_value_object(CLV_SPECTRA, make(cellulose_curve, "C 1s")), *fit;
    clv_model *model = NULL;
    clv_error err = {0};
    double area = 1.15 * sqrt(M_PI / (4 * M_LN2));
    int lines = 1;

    (void)state;
    for (const char *at = cellulose; *at; at++) { lines += *at == '\n'; }
    assert_int_equal(lines, 5);
    if (clv_model_parse(cellulose, &model, &err)) { fail_msg("%s", err.text); }
    fit = fit_model(spectra, model);
    assert_near(value_of(fit, "C-O.position"), 286.62, 1e-4);
    assert_near(value_of(fit, "O-C-O.position"), 287.95, 1e-4);
    assert_near(value_of(fit, "C-OH.position"), 286.04, 1e-4);
    assert_near(value_of(fit, "C-O.area"), 5000 * area, 1);
    assert_near(value_of(fit, "O-C-O.area"), 0.2048 * 5000 * area, 0.3);
    assert_near(value_of(fit, "C-C.area"), 700 * area, 1);
    clv_value_free(fit);
    clv_value_free(spectra);
}

/* Scofield's ratios at 1486.6 eV as xraylib 4.0.0 gives them (cross-section per electron times occupation): S 2p
   .5668/1.1085, P 2p .4027/.7888, Co 2p 6.535/12.620, Au 4f 0.786; degeneracies 1:2, 2:3, 3:4. */
static void ratios_have_words(void **state)
{
    static const struct {
        const char *line, *word;
        double ratio, within;
    } cases[] = {{"S 2p", "scofield", 0.5113, 2e-4},     {"P 2p", "scofield", 0.5105, 2e-4},
                 {"Co 2p", "scofield", 0.5178, 2e-4},    {"Au 4f", "scofield", 0.786, 5e-4},
                 {"Co 2p", "statistical", 0.5, 1e-15},   {"Au 4f", "statistical", 0.75, 1e-15},
                 {"Ag 3d", "statistical", 2 / 3., 1e-15}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_value *spectra = clv_value_object(CLV_SPECTRA, make(cellulose_curve, "C 1s")), *fit;
        clv_model *model = NULL;
        clv_error err = {0};
        char text[300];

        snprintf(text, sizeof text,
                 "doublet { \"a\", line = \"%s\", ratio = \"%s\", position = fixed(285), fwhm = fixed(2) }",
                 cases[i].line, cases[i].word);
        if (clv_model_parse(text, &model, &err)) { fail_msg("%s", err.text); }
        fit = fit_model(spectra, model);
        assert_near(value_of(fit, "a.ratio"), cases[i].ratio, cases[i].within);
        clv_value_free(fit);
        clv_value_free(spectra);
    }
}

static double one(double x) { return gauss(x, 284.8, 1.4) + 0.1; }
static double two(double x) { return gauss(x, 286.5, 2.0) + 0.3; }
static double mixed(double x) { return 0.3 * one(x) + 0.7 * two(x); }

static clv_value *reference(const char *name, clv_spectra *spectra_take, const char *coefficient)
{
    clv_value *options = clv_value_table();

    clv_value_append(options, clv_value_text(name), NULL);
    clv_value_append(options, clv_value_object(CLV_SPECTRA, spectra_take), NULL);
    if (coefficient) { clv_value_set(options, "coefficient", clv_value_text(coefficient), NULL); }
    return clv_value_component("reference", options);
}

/* "1 - a" makes shares of standards sum to one, as linear combination fits of absorption edges want them. */
static void coefficients_sum_to_one(void **state)
{
    clv_value *spectra = clv_value_object(CLV_SPECTRA, make(mixed, "mix")), *components = clv_value_table(), *fit;
    clv_model *model = NULL;
    clv_error err = {0};

    (void)state;
    clv_value_append(components, reference("a", make(one, "a"), NULL), NULL);
    clv_value_append(components, reference("b", make(two, "b"), "1 - a.coefficient"), NULL);
    if (clv_model_new(components, &model, &err)) { fail_msg("%s", err.text); }
    fit = fit_model(spectra, model);
    assert_near(value_of(fit, "a.coefficient"), 0.3, 1e-6);
    assert_near(value_of(fit, "a.coefficient") + value_of(fit, "b.coefficient"), 1, 1e-12);
    clv_value_free(fit);
    clv_value_free(components);
    clv_value_free(spectra);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cellulose_takes_five_lines),
                                       cmocka_unit_test(ratios_have_words), cmocka_unit_test(coefficients_sum_to_one)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
