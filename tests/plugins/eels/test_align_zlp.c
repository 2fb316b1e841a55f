/* The operation align_zlp: simulated zero losses come back within the photon limit, plasmons of thick specimens do not
   mislead it, spectra without a line are held. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#include "co2p.h"
#include "near.h"

#define CHANNELS 400
#define FIRST (-20.0)

typedef struct scene {
    double width, electrons, plasmon, step; /* full width, eV; of the zero loss; height of a plasmon over it */
} scene;

static double place_of(size_t i) { return 0.37 * sin(0.7 * (double)i); }

static clv_spectra *simulate(const scene *s, size_t count, size_t empty)
{
    double *energy = calloc(CHANNELS + count, sizeof *energy), *number = energy + CHANNELS, sigma = s->width / 2.35482;
    co2p_random random = {88172645463325252u};
    clv_axis *axes[2] = {NULL, NULL};
    clv_spectra *made = NULL;
    clv_error err = {0};

    for (int c = 0; c < CHANNELS; c++) { energy[c] = FIRST + s->step * c; }
    for (size_t i = 0; i < count; i++) { number[i] = (double)i; }
    assert_int_equal(clv_axis_new("x", "nm", number, count, &axes[0], &err), CLV_OK);
    assert_int_equal(clv_axis_new("energy_loss", "eV", energy, CHANNELS, &axes[1], &err), CLV_OK);
    assert_int_equal(clv_spectra_new("low loss", "counts", axes, 2, &made, &err), CLV_OK);
    for (size_t i = 0; i < count; i++) {
        for (int c = 0; c < CHANNELS; c++) {
            double t = (energy[c] - place_of(i)) / sigma, u = (energy[c] - place_of(i) - 15) / 3;
            double top = s->electrons * s->step / (sigma * sqrt(2 * M_PI));
            double mean = i == empty ? 0.01 : top * (exp(-0.5 * t * t) + s->plasmon * exp(-0.5 * u * u)) + 0.1;

            clv_spectra_fill(made)[i * CHANNELS + (size_t)c] = co2p_poisson(&random, mean);
        }
    }
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0);
    free(energy);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return made;
}

static clv_value *aligned(clv_spectra *spectra_take)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, spectra_take), *made = NULL;
    clv_error err = {0};

    if (clv_apply_text("align_zlp", on, "", &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(on);
    return made;
}

/* The place of a Gaussian line of N electrons is known to sigma/sqrt(N) at best. */
static void places_reach_the_photon_limit(void **state)
{
    static const scene scenes[] = {
        {0.9, 5000, 0, 0.1}, {0.9, 300, 0, 0.1}, {0.3, 20000, 0, 0.1}, {0.9, 5000, 2.5, 0.1}};

    (void)state;
    for (size_t k = 0; k < sizeof scenes / sizeof *scenes; k++) {
        clv_value *made = aligned(simulate(&scenes[k], 400, SIZE_MAX));
        const clv_spectra *s = clv_value_as_object(made, CLV_SPECTRA);
        double limit = scenes[k].width / 2.35482 / sqrt(scenes[k].electrons), square = 0, pull = 0, mean = 0;

        for (size_t i = 0; i < 400; i++) {
            double off = -clv_spectra_offset(s)[i] - place_of(i);

            mean += off / 400;
            square += off * off / 400;
            pull += pow(off / clv_spectra_offset_error(s)[i], 2) / 400;
        }
        print_message("scene %zu: %.2f of the photon limit, bias %.2f of it, pulls %.2f\n", k, sqrt(square) / limit,
                      mean / limit, sqrt(pull));
        assert_true(sqrt(square) < 1.5 * limit);
        assert_true(fabs(mean) < 0.3 * limit);
        assert_near(sqrt(pull), 1, 0.15);
        clv_value_free(made);
    }
}

static void what_has_no_line_is_held(void **state)
{
    scene s = {0.9, 5000, 0, 0.1};
    clv_value *made = aligned(simulate(&s, 5, 2));
    const clv_spectra *found = clv_value_as_object(made, CLV_SPECTRA);

    (void)state;
    assert_true(clv_spectra_offset(found)[2] == clv_spectra_offset(found)[1]);
    assert_true(clv_spectra_offset_error(found)[2] < -0.19);
    assert_non_null(strstr(clv_spectra_history(found, clv_spectra_history_count(found) - 1), "1 of 5 spectra"));
    clv_value_free(made);
}

static void mistakes_are_named(void **state)
{
    scene s = {0.9, 5000, 0, 0.1};
    clv_value *on = clv_value_object(CLV_SPECTRA, simulate(&s, 1, 0)), *made = NULL, *options = clv_value_table();
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_apply_text("align_zlp", on, "", &made, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "no spectrum of low loss has a zero-loss line"));
    clv_value_set(options, "lowloss", clv_value_object(CLV_SPECTRA, simulate(&s, 3, 9)), &err);
    assert_int_equal(clv_apply("align_zlp", on, options, &made, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "they are not of the same pixels"));
    clv_value_free(options);
    clv_value_free(on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(places_reach_the_photon_limit),
                                       cmocka_unit_test(what_has_no_line_is_held),
                                       cmocka_unit_test(mistakes_are_named)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
