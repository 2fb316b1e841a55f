/* Envelopes on real spectra: the published multiplet of CoO against the reference spectrum of CoO, and both oxides'
   envelopes told apart in what they were made of. SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"
#include "vendor.h"

#include <corelevel/fit.h>
#include <corelevel/plugin.h>

#define MODEL                                                                                                        \
    "shirley {}, linear {}, envelope { \"CoO\", shift = { 0, -0.5, 0.5 }, broadening = { 0.5, 0, 2 } }, envelope { " \
    "\"Co3O4\", shift = \"CoO.shift\", broadening = \"CoO.broadening\" }"

static clv_value *fit_states(const clv_spectra *spectra, const char *model_text, double low, double high)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, clv_spectra_ref((clv_spectra *)(uintptr_t)spectra)), *made = NULL;
    clv_value *table = NULL;
    clv_model *model = NULL;
    clv_error err = {0};
    char text[100];

    snprintf(text, sizeof text, "range = { %g, %g }, statistics = \"least_squares\"", low, high);
    if (clv_value_parse(text, &table, &err) || clv_model_parse(model_text, &model, &err)) { fail_msg("%s", err.text); }
    clv_value_set(table, "model", clv_value_object(CLV_MODEL, model), &err);
    if (clv_apply("fit", on, table, &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(table);
    clv_value_free(on);
    return made;
}

static double value_of(const clv_value *fit, const char *name)
{
    const clv_fit *f = clv_value_as_object(fit, CLV_FIT);

    return clv_fit_value(f, 0, clv_fit_parameter_find(f, name));
}

/* Sample 2 of Co_references.vms is CoO (a SPECS instrument): all of it is Co2+, whatever end the range has. Its Co3O4
   is not tested: with both states free it gives 0.4 to 0.6 Co2+ instead of 0.33, as docs/xps.md tells. */
static void cobalt_oxide_is_divalent(void **state)
{
    static const double ends[] = {791.5, 793, 795};
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    if (clv_load(vendor_path("Co_references.vms"), NULL, &record, &err)) { fail_msg("%s", err.text); }
    for (int i = 0; i < 3; i++) {
        clv_value *fit = fit_states(clv_record_at(record, 1), MODEL, 774, ends[i]);
        double divalent = value_of(fit, "CoO.area"), mixed = value_of(fit, "Co3O4.area");

        assert_near((divalent + mixed / 3) / (divalent + mixed), 1, 0.05);
        assert_near(value_of(fit, "CoO.shift"), 0, 0.1);
        clv_value_free(fit);
    }
    clv_record_free(record);
}

/* A spectrum of 0.3 CoO and 0.7 Co3O4 made from the library's own numbers in this file's words. */
static void shares_come_back(void **state)
{
    static const double parts[][3] = {{780.0, 2.23, 0.3 * 46.6}, {782.1, 2.59, 0.3 * 25.7}, {785.5, 2.29, 0.3 * 1.6},
                                      {786.5, 5.28, 0.3 * 26.1}, {779.6, 1.38, 0.7 * 40.5}, {780.9, 1.55, 0.7 * 29.1},
                                      {782.2, 1.94, 0.7 * 15.2}, {785.2, 4.28, 0.7 * 8.1},  {789.5, 3.15, 0.7 * 7.2}};
    double energy[221];
    clv_axis *axis = NULL;
    clv_spectra *made = NULL;
    clv_error err = {0};
    clv_value *fit;

    (void)state;
    for (int i = 0; i < 221; i++) { energy[i] = 773 + 0.1 * i; }
    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, 221, &axis, &err), CLV_OK);
    assert_int_equal(clv_spectra_new("Co 2p", "counts", &axis, 1, &made, &err), CLV_OK);
    for (int i = 0; i < 221; i++) {
        double sum = 900;

        for (size_t k = 0; k < 9; k++) {
            double width = sqrt(parts[k][1] * parts[k][1] + 0.16), height = 0, whole = 0;
            for (int j = -20000; j <= 20000; j++) { /* area of the shape by the trapezoid rule */
                double t = 0.01 * j;
                whole += 0.01 * exp(-4 * M_LN2 * 0.7 * t * t) / (1 + 4 * 0.3 * t * t);
            }
            double t = (energy[i] - parts[k][0] - 0.15) / width;
            height = exp(-4 * M_LN2 * 0.7 * t * t) / (1 + 4 * 0.3 * t * t) / (whole * width);
            sum += 300 * parts[k][2] / (k < 4 ? 1.0 : 1.001) * height;
        }
        clv_spectra_fill(made)[i] = sum;
    }
    fit = fit_states(
        made,
        "constant {}, envelope { \"CoO\", shift = { 0, -0.5, 0.5 }, broadening = { 0.6, 0, 2 } }, envelope { "
        "\"Co3O4\", shift = \"CoO.shift\", broadening = \"CoO.broadening\" }",
        773, 795);
    assert_near(value_of(fit, "CoO.shift"), 0.15, 1e-4);
    assert_near(value_of(fit, "CoO.broadening"), 0.4, 1e-3);
    assert_near(value_of(fit, "CoO.area") / (value_of(fit, "CoO.area") + value_of(fit, "Co3O4.area")), 0.3, 1e-3);
    clv_value_free(fit);
    clv_spectra_free(made);
    clv_axis_free(axis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cobalt_oxide_is_divalent), cmocka_unit_test(shares_come_back)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
