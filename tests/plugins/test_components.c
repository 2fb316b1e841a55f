/* Tests of the built-in components: areas, widths and every derivative against differences of the values.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"
#include "plugin/options.h"

#include <corelevel/plugin.h>
#include <corelevel/profile.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT 1200
#define MOST 16

extern const clv_plugin clv_plugin_components_peaks;
extern const clv_plugin clv_plugin_components_backgrounds;
extern const clv_plugin clv_plugin_components_envelope;
extern const clv_plugin clv_plugin_components_reference;

static _Alignas(64) double energy[COUNT], value[MOST][COUNT], derivative[MOST * MOST][COUNT], by_energy[MOST][COUNT];
static _Alignas(64) double moved_energy[COUNT], up[MOST][COUNT], down[MOST][COUNT];

/* A component with its options, ready to be called. */
typedef struct ready {
    const clv_component *type;
    clv_value *value;
    clv_options *options;
    void *prepared;
    size_t thetas, coefficients;
    uint32_t given;
} ready;

static const clv_component *find(const clv_plugin *plugin, const char *name)
{
    for (size_t i = 0; plugin->components[i]; i++) {
        if (strcmp(plugin->components[i]->name, name) == 0) { return plugin->components[i]; }
    }
    return NULL;
}

static void make_energies(double first, double step)
{
    for (int i = 0; i < COUNT; i++) { energy[i] = first + step * i; }
}

static void make(ready *r, const clv_plugin *plugin, const char *name, const char *options, clv_value *object)
{
    clv_error err = {0};

    *r = (ready){.type = find(plugin, name)};
    assert_non_null(r->type);
    if (clv_value_parse(options, &r->value, &err)) { fail_msg("%s: %s", options, err.text); }
    if (object) { assert_int_equal(clv_value_append(r->value, object, &err), CLV_OK); }
    if (clv_options_check(name, r->type->parameters, r->value, &r->options, &err)) { fail_msg("%s", err.text); }
    for (const clv_parameter *row = r->type->parameters; row->name; row++) {
        if (row->type != CLV_TYPE_PARAMETER) { continue; }
        if (row->flags & CLV_COEFFICIENT) {
            r->coefficients++;
        } else {
            if (clv_options_given(r->options, row->name)) { r->given |= 1u << r->thetas; }
            r->thetas++;
        }
    }
    if (r->type->coefficient_count) { r->coefficients = r->type->coefficient_count(r->options); }
    clv_setup setup = {
        .size = sizeof setup, .options = r->options, .energy = energy, .channels = COUNT, .given = r->given};
    if (r->type->prepare && r->type->prepare(&setup, &r->prepared, &err)) { fail_msg("%s", err.text); }
}

static void drop(ready *r)
{
    if (r->type->release) { r->type->release(r->prepared); }
    clv_options_free(r->options);
    clv_value_free(r->value);
}

static void call(const ready *r, const double *e, const double *theta, double (*out)[COUNT], int derivatives)
{
    double *values[MOST], *by[MOST * MOST], *along[MOST];
    clv_error err = {0};

    for (size_t c = 0; c < r->coefficients; c++) {
        values[c] = out[c];
        along[c] = by_energy[c];
    }
    for (size_t k = 0; k < r->coefficients * r->thetas; k++) { by[k] = derivative[k]; }
    clv_columns_call ask = {sizeof ask,
                            r->prepared,
                            e,
                            COUNT,
                            COUNT,
                            0,
                            theta,
                            values,
                            derivatives ? by : NULL,
                            derivatives ? along : NULL,
                            r->thetas,
                            r->coefficients};
    if (r->type->columns(&ask, &err)) { fail_msg("%s", err.text); }
}

static void compare(const double *exact, double h, size_t c, double tolerance, const char *what)
{
    double worst = 0, size = 1e-12;

    for (int i = 2; i < COUNT - 2; i++) {
        worst = fmax(worst, fabs(exact[i] - (up[c][i] - down[c][i]) / (2 * h)));
        size = fmax(size, fabs(exact[i]));
    }
    if (!(worst <= tolerance * size)) { fail_msg("%s: off by %g of %g", what, worst, size); }
}

/* Every derivative against a central difference, whose own error is about h^2 f'''/6. */
static void check_derivatives(const ready *r, double *theta, double tolerance)
{
    char what[100];
    const double h = 1e-4;

    call(r, energy, theta, value, 1);
    for (size_t k = 0; k < r->thetas; k++) {
        double at = theta[k];
        theta[k] = at + h;
        call(r, energy, theta, up, 0);
        theta[k] = at - h;
        call(r, energy, theta, down, 0);
        theta[k] = at;
        for (size_t c = 0; c < r->coefficients; c++) {
            snprintf(what, sizeof what, "%s by theta %zu", r->type->name, k);
            compare(derivative[c * r->thetas + k], h, c, tolerance, what);
        }
    }
    for (int s = 0; s < 2; s++) {
        for (int i = 0; i < COUNT; i++) { moved_energy[i] = energy[i] + (s ? -h : h); }
        call(r, moved_energy, theta, s ? down : up, 0);
    }
    for (size_t c = 0; c < r->coefficients; c++) {
        snprintf(what, sizeof what, "%s by energy", r->type->name);
        compare(by_energy[c], h, c, tolerance, what);
    }
}

static double area(const double *y)
{
    double sum = 0;

    for (int i = 1; i < COUNT; i++) { sum += 0.5 * (y[i] + y[i - 1]) * (energy[i] - energy[i - 1]); }
    return sum;
}

/* Thetas of a doublet for each shape; alpha, beta, damping last. Exponents of la and lf large enough that the tails end
   within the energies. */
static const struct {
    const char *shape, *more;
    double alpha, beta, damping;
    double area; /* within the energies, by definition or closed form; 0: tails reach beyond */
} doublets[] = {
    {"voigt", "", 0, 0, 0, 0},
    {"gaussian", "", 0, 0, 0, 1},
    {"gl_sum", "", 0, 0, 0, 0},
    {"gl_product", "", 0, 0, 0, 0},
    {"gl_power", "", 0, 0, 0, 0},
    {"doniach_sunjic", ", alpha = 0.1, lorentzian = 0.4", 0.1, 0, 0, 0},
    {"la", ", alpha = 3, beta = 5, lorentzian = 0.4", 3, 5, 0, 1},
    {"lf", ", alpha = 0.6, beta = 5, damping = 6, lorentzian = 0.4", 0.6, 5, 6, 1},
    {"lf", ", alpha = 0.6, beta = 5, damping = 6, lorentzian = 0.4, integrate = true", 0.6, 5, 6, 1},
    {"voigt", ", integrate = true", 0, 0, 0, 0},
};

static void test_doublet(void **payload)
{
    char options[300];
    ready r;

    (void)payload;
    make_energies(740, 0.1);
    for (size_t s = 0; s < sizeof doublets / sizeof *doublets; s++) {
        double theta[11] = {
            790, 15.1, 0.5, 0.3, 0.4, 1.7, 1.5, 0.3, doublets[s].alpha, doublets[s].beta, doublets[s].damping};
        snprintf(options, sizeof options, "{ \"a\", position = 790, split = 15.1, ratio = 0.5, shape = \"%s\"%s }",
                 doublets[s].shape, doublets[s].more);
        make(&r, &clv_plugin_components_peaks, "doublet", options, NULL);
        assert_int_equal(r.thetas, 11);
        assert_int_equal(r.coefficients, 1);
        check_derivatives(&r, theta, 3e-6);
        if (doublets[s].area > 0) { assert_near(area(value[0]), doublets[s].area, 1e-6); }
        drop(&r);
    }
}

/* The mean over a channel is the difference of the running area: a Gaussian's is (1 + erf)/2. */
static void test_channel_mean(void **payload)
{
    double theta[8] = {785.123, 0, 1.2, 1.2, 0, 0, 0, 0}, wide = 1.0, sigma = 1.2 / sqrt(8 * log(2));
    ready r;

    (void)payload;
    make_energies(740, wide);
    make(&r, &clv_plugin_components_peaks, "peak", "{ \"a\", position = 785, shape = \"gaussian\", integrate = true }",
         NULL);
    call(&r, energy, theta, value, 0);
    for (int i = 30; i < 60; i++) {
        double low = (energy[i] - 0.5 * wide - theta[0]) / (sigma * sqrt(2)), high = low + wide / (sigma * sqrt(2));
        assert_near(value[0][i], 0.5 * (erf(high) - erf(low)) / wide, 2e-6);
    }
    drop(&r);
}

static void test_peak(void **payload)
{
    double theta[8] = {785, 0.5, 1.2, 0.9, 0, 0, 0, 0};
    ready r;

    (void)payload;
    make_energies(740, 0.1);
    make(&r, &clv_plugin_components_peaks, "peak", "{ \"a\", position = 785 }", NULL);
    check_derivatives(&r, theta, 1e-6);
    drop(&r);
}

/* What `derive` fills satisfies the width's own equation, and its derivatives are those of what it fills. */
#define THETAS 8

static void check_derive(const char *options, size_t derived)
{
    double theta[THETAS] = {785, 0.5, 1.2, 0.9, 0, 0.2, 0, 0}, jacobian[THETAS * THETAS] = {0};
    double moved[THETAS], unused[THETAS * THETAS];
    clv_error err = {0};
    ready r;

    make(&r, &clv_plugin_components_peaks, "peak", options, NULL);
    assert_int_equal(r.type->derive(r.prepared, theta, jacobian, THETAS, &err), CLV_OK);
    if (!strstr(options, "doniach")) { assert_near(clv_profile_fwhm(theta[3], theta[1], NULL), theta[2], 1e-10); }
    for (size_t k = 1; k < THETAS; k++) {
        if (k == derived || (k > 3 && k != 5)) { continue; }
        double ends[2];
        for (int s = 0; s < 2; s++) {
            memcpy(moved, theta, sizeof moved);
            moved[k] += s ? -1e-5 : 1e-5;
            assert_int_equal(r.type->derive(r.prepared, moved, unused, THETAS, &err), CLV_OK);
            ends[s] = moved[derived];
        }
        assert_near(jacobian[derived * THETAS + k], (ends[0] - ends[1]) / 2e-5, 1e-6);
    }
    drop(&r);
}

static void test_derive(void **payload)
{
    (void)payload;
    make_energies(740, 0.1);
    check_derive("{ \"a\", position = 785, fwhm = 1.2 }", 3);
    check_derive("{ \"a\", position = 785, shape = \"doniach_sunjic\", alpha = 0.2, lorentzian = 0.5, gaussian = 0.9 }",
                 2);
    check_derive("{ \"a\", position = 785, shape = \"doniach_sunjic\", alpha = 0.2, lorentzian = 0.5, fwhm = 1.2 }", 3);
    check_derive("{ \"a\", position = 785, shape = \"doniach_sunjic\", alpha = 0.2, fwhm = 1.2, gaussian = 0.9 }", 1);
    check_derive("{ \"a\", position = 785, gaussian = 0.9, lorentzian = 0.5 }", 2);
    check_derive("{ \"a\", position = 785, gaussian = 0.9, fwhm = 1.2 }", 1);
}

static void test_backgrounds(void **payload)
{
    double r_only[1] = {2.7};
    char name[20];
    ready r;

    (void)payload;
    make_energies(700, 0.2);
    make(&r, &clv_plugin_components_backgrounds, "polynomial", "{ order = 3 }", NULL);
    assert_int_equal(r.coefficients, 3);
    check_derivatives(&r, NULL, 1e-6);
    drop(&r);
    make(&r, &clv_plugin_components_backgrounds, "powerlaw", "{ exponents = { 2, 3.5 } }", NULL);
    assert_int_equal(r.coefficients, 2);
    r.type->coefficient_name(r.options, 1, name, sizeof name);
    assert_string_equal(name, "A3.5");
    check_derivatives(&r, r_only, 1e-6);
    drop(&r);
    make(&r, &clv_plugin_components_backgrounds, "powerlaw", "{}", NULL);
    check_derivatives(&r, r_only, 1e-6);
    drop(&r);
}

/* Its own integral: a constant column 1 becomes 1 + k (E - first). */
static void test_shirley(void **payload)
{
    double theta[2] = {0.05, 0}; /* k and the slope */
    ready r;

    (void)payload;
    make_energies(100, 0.05);
    make(&r, &clv_plugin_components_backgrounds, "shirley", "{}", NULL);
    for (int i = 0; i < COUNT; i++) { up[0][i] = 1; }
    clv_columns_call ask = {.size = sizeof ask, .energy = energy, .count = COUNT, .channels = COUNT, .theta = theta};
    r.type->transform(&ask, up[0], value[0]);
    r.type->transform_by(&ask, 0, up[0], down[0]);
    for (int i = 0; i < COUNT; i++) {
        assert_near(value[0][i], 1 + 0.05 * 0.05 * i, 1e-9);
        assert_near(down[0][i], 0.05 * i, 1e-9);
    }
    drop(&r);
}

/* A Gaussian reference broadened by a Gaussian is a wider Gaussian: widths add in squares. */
static void test_reference(void **payload)
{
    double theta[2] = {0.4, 0.9}, sigma = 0.8, wide = sqrt(sigma * sigma + 0.9 * 0.9 / 5.545177444479562);
    clv_error err = {0};
    clv_axis *axis;
    clv_spectra *spectra;
    ready r;

    (void)payload;
    make_energies(760, 0.05);
    assert_int_equal(clv_axis_new("photon_energy", "eV", energy, COUNT, &axis, &err), CLV_OK);
    assert_int_equal(clv_spectra_new("standard", "1", &axis, 1, &spectra, &err), CLV_OK);
    double *y = clv_spectra_fill(spectra);
    for (int i = 0; i < COUNT; i++) { y[i] = exp(-0.5 * pow((energy[i] - 790) / sigma, 2)); }
    make(&r, &clv_plugin_components_reference, "reference", "{ \"a\" }", clv_value_object(CLV_SPECTRA, spectra));
    check_derivatives(&r, theta, 1e-5);
    for (int i = 0; i < COUNT; i++) {
        double expected = sigma / wide * exp(-0.5 * pow((energy[i] - 790.4) / wide, 2));
        assert_near(value[0][i], expected, 1e-6);
    }
    drop(&r);
    clv_axis_free(axis);
}

/* Envelopes of one call of the kernel and of two (Fe3O4 has seven lines, TiO2 a partner): unit area as far as the
   energies reach, the parts' positions, every derivative. */
static void test_envelope(void **payload)
{
    static const char *const states[] = {"Fe3O4", "CoO", "TiO2"};
    double theta[3] = {0.3, 0.7, 0.2};
    ready r;

    (void)payload;
    for (int i = 0; i < 3; i++) {
        char options[40];
        snprintf(options, sizeof options, "{ \"%s\" }", states[i]);
        make_energies(i == 2 ? 400 : i == 1 ? 720 : 650, 0.1);
        make(&r, &clv_plugin_components_envelope, "envelope", options, NULL);
        check_derivatives(&r, theta, 1e-5);
        theta[2] = 0;
        call(&r, energy, theta, value, 0);
        assert_near(area(value[0]), 1, 1e-6);
        theta[2] = 0.2;
        theta[1] = -0.6;
        check_derivatives(&r, theta, 1e-5);
        theta[1] = 0.7;
        drop(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_doublet),     cmocka_unit_test(test_channel_mean),
                                       cmocka_unit_test(test_peak),        cmocka_unit_test(test_derive),
                                       cmocka_unit_test(test_backgrounds), cmocka_unit_test(test_shirley),
                                       cmocka_unit_test(test_reference),   cmocka_unit_test(test_envelope)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
