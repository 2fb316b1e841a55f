/* A small depth profile with its fit, made in memory, for the tests of what is done with fits.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TEST_FITTED_H
#define CLV_TEST_FITTED_H

#include <corelevel/fit.h>
#include <corelevel/registry.h>

#include <math.h>
#include <stdlib.h>

/* Applies an operation or fails the test with its sentence. */
static inline clv_value *fitted_apply(const char *name, const clv_value *on, const char *options)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (clv_apply_text(name, on, options, &made, &err)) { fail_msg("%s", err.text); }
    return made;
}

/* `levels` spectra of one Gaussian (780 eV, FWHM 2 eV, height growing with the level) on a constant 100 counts; a
   second peak of `surprise` times its height at 785 eV that no model here has. */
static inline clv_value *fitted_spectra(size_t levels, double surprise)
{
    double energy[161], *depth = calloc(levels, sizeof *depth), *intensity;
    clv_axis *axes[2] = {NULL, NULL};
    clv_spectra *spectra = NULL;

    for (size_t i = 0; i < 161; i++) { energy[i] = 772 + 0.1 * (double)i; }
    for (size_t k = 0; k < levels; k++) { depth[k] = 5 * (double)k; }
    assert_int_equal(clv_axis_new("depth", "nm", depth, levels, &axes[0], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, 161, &axes[1], NULL), CLV_OK);
    assert_int_equal(clv_spectra_new("Co 2p", "counts", axes, 2, &spectra, NULL), CLV_OK);
    intensity = clv_spectra_fill(spectra);
    for (size_t i = 0; i < levels * 161; i++) {
        double t = (energy[i % 161] - 780) / 2, u = (energy[i % 161] - 785) / 2, noise = (double)(i * 7919 % 13) - 6;
        double height = 1000 * (1 + 0.1 * (double)(i / 161));

        intensity[i] =
            100 + height * (exp(-2.772588722239781 * t * t) + surprise * exp(-2.772588722239781 * u * u)) + noise;
    }
    clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1, 0);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    free(depth);
    return clv_value_object(CLV_SPECTRA, spectra);
}

/* Their fit with one Gaussian on a constant. */
static inline clv_value *fitted_fit(const clv_value *spectra)
{
    clv_model *model = NULL;
    clv_value *options = clv_value_table(), *fit = NULL;
    clv_error err = {0};

    if (clv_model_parse("constant {}, peak { 'Co3+', position = 780, fwhm = 2, shape = 'gaussian' }", &model, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(clv_value_set(options, "model", clv_value_object(CLV_MODEL, model), NULL), CLV_OK);
    if (clv_apply("fit", spectra, options, &fit, &err)) { fail_msg("%s", err.text); }
    clv_value_free(options);
    return fit;
}

#endif
