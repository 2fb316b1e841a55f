/* Lines whose areas, widths and positions are tied are the doublet that they describe, whatever background stands
   behind them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#define CHANNELS 241

/* Two Gaussians 1.18 eV apart, 2 to 1, on a step and a slope; counts. */
static clv_value *make(void)
{
    double energy[CHANNELS];
    clv_axis *axis = NULL;
    clv_spectra *made = NULL;
    clv_error err = {0};

    for (int i = 0; i < CHANNELS; i++) { energy[i] = 156 + 0.05 * i; }
    if (clv_axis_new("binding_energy", "eV", energy, CHANNELS, &axis, &err)) { fail_msg("%s", err.text); }
    if (clv_spectra_new("S 2p", "counts", &axis, 1, &made, &err)) { fail_msg("%s", err.text); }
    for (int i = 0; i < CHANNELS; i++) {
        double t = (energy[i] - 161.5) / 1.1, u = (energy[i] - 162.68) / 1.1;
        double line = 9000 * exp(-2.7726 * t * t) + 4500 * exp(-2.7726 * u * u);

        clv_spectra_fill(made)[i] = round(500 + 4 * i + line + 300 * (1 + erf(t)) + 40 * sin(37.0 * i));
    }
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0);
    clv_axis_free(axis);
    return clv_value_object(CLV_SPECTRA, made);
}

static clv_value *fit_text(const clv_value *spectra, const char *background, const char *peaks)
{
    char text[1000];
    clv_value *table = clv_value_table(), *made = NULL;
    clv_model *model = NULL;
    clv_error err = {0};

    snprintf(text, sizeof text, "%s%s", background, peaks);
    if (clv_model_parse(text, &model, &err)) { fail_msg("%s", err.text); }
    clv_value_set(table, "model", clv_value_object(CLV_MODEL, model), NULL);
    if (clv_apply("fit", spectra, table, &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(table);
    return made;
}

static double deviance(const clv_value *fit) { return clv_fit_deviance(clv_value_as_object(fit, CLV_FIT), 0); }

static void tied_lines_are_a_doublet(void **state)
{
    static const char *const backgrounds[] = {"", "linear { active = true }, ", "linear { active = false }, ",
                                              "shirley { active = false }, ", "shirley { active = true }, "};
    static const char pair[] =
        "doublet { \"S\", position = { 161.5, 161, 162 }, split = 1.18, ratio = 0.5, fwhm = { 1, 0.5, "
        "2 }, shape = \"gaussian\" }";
    static const char tied[] =
        "peak { \"S\", position = { 161.5, 161, 162 }, fwhm = { 1, 0.5, 2 }, shape = \"gaussian\" }, "
        "peak { \"weak\", position = \"S.position + 1.18\", fwhm = \"S.fwhm\", area = \"S.area * "
        "0.5\", shape = \"gaussian\" }";
    clv_value *spectra = make();

    (void)state;
    for (size_t i = 0; i < sizeof backgrounds / sizeof *backgrounds; i++) {
        clv_value *whole = fit_text(spectra, backgrounds[i], pair), *parts = fit_text(spectra, backgrounds[i], tied);

        print_message("%s\n", backgrounds[i]);
        assert_near(deviance(parts), deviance(whole), 1e-6 * deviance(whole));
        clv_value_free(whole);
        clv_value_free(parts);
    }
    clv_value_free(spectra);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tied_lines_are_a_doublet)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
