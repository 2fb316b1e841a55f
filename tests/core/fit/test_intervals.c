/* Tests of profile likelihood and bootstrap: closed forms where there are such, coverage on simulated data elsewhere.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "co2p.h"
#include "fit/intervals.h"
#include "near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define CHANNELS 40

/* A level, and a Gaussian peak of known place and width where `peaks` is set. */
typedef struct small {
    clv_term terms[2];
    clv_problem_parameter parameters[8];
    clv_problem problem;
    double energy[CHANNELS], y[CHANNELS], variance[CHANNELS];
    clv_problem_data data;
    double value[8], error[8], covariance[64], interval[16];
    clv_solution found;
} small;

static void small_new(small *s, clv_statistics statistics, int peaks)
{
    *s = (small){0};
    s->terms[0] = (clv_term){.first = 0, .coefficients = 1};
    s->terms[1] = (clv_term){.type = &doublet_component, .first = 1, .thetas = DOUBLET_THETAS, .coefficients = 1};
    s->parameters[0] = (clv_problem_parameter){.coefficient = 1, .start = NAN, .low = -INFINITY, .high = INFINITY};
    for (int i = 1; i <= DOUBLET_THETAS; i++) { s->parameters[i].state = CLV_PARAMETER_FIXED; }
    s->parameters[1 + DOUBLET_POSITION].start = 20;
    s->parameters[1 + DOUBLET_SPLIT].start = 5;
    s->parameters[1 + DOUBLET_GAUSSIAN].start = 4;
    s->parameters[1 + DOUBLET_FWHM] = (clv_problem_parameter){.state = CLV_PARAMETER_DERIVED};
    s->parameters[7] = (clv_problem_parameter){.coefficient = 1, .start = NAN, .low = 0, .high = INFINITY};
    s->problem = (clv_problem){.terms = s->terms,
                               .term_count = peaks ? 2 : 1,
                               .parameters = s->parameters,
                               .parameter_count = peaks ? 8 : 1,
                               .statistics = statistics,
                               .noise_scale = 1,
                               .tolerance = 1e-3,
                               .iterations = 60};
    for (int c = 0; c < CHANNELS; c++) {
        s->energy[c] = c;
        s->variance[c] = 4;
    }
    s->data = (clv_problem_data){.energy = s->energy,
                                 .channels = CHANNELS,
                                 .intensity = s->y,
                                 .variance = s->variance,
                                 .low = -1,
                                 .high = CHANNELS};
    s->found = (clv_solution){.value = s->value, .error = s->error, .covariance = s->covariance};
}

static void fit(small *s)
{
    clv_engine *engine = NULL;
    clv_error err = {0};

    assert_int_equal(clv_engine_new(&s->problem, CHANNELS, &engine, &err), CLV_OK);
    assert_int_equal(clv_engine_fit(engine, &s->data, NULL, &s->found, &err), CLV_OK);
    clv_engine_free(engine);
}

static void profile(small *s)
{
    clv_profiler *profiler = NULL;
    clv_error err = {0};

    assert_int_equal(clv_profiler_new(&s->problem, CHANNELS, &profiler, &err), CLV_OK);
    assert_int_equal(clv_profiler_run(profiler, &s->data, &s->found, s->interval, &err), CLV_OK);
    clv_profiler_free(profiler);
}

static void bootstrap(small *s, uint64_t seed, uint64_t spectrum, size_t replicas)
{
    clv_bootstrap how = {.replicas = replicas, .seed = seed, .spectrum = spectrum};
    clv_engine *engine = NULL;
    clv_error err = {0};

    assert_int_equal(clv_engine_new(&s->problem, CHANNELS, &engine, &err), CLV_OK);
    assert_int_equal(clv_bootstrap_run(engine, &how, &s->data, &s->found, s->interval, &err), CLV_OK);
    clv_engine_free(engine);
}

/* A linear model with known variance has a parabola for its deviance: value +- error. */
static void test_parabola(void **payload)
{
    small s;
    co2p_random random = {3};

    (void)payload;
    for (int scaled = 0; scaled < 2; scaled++) {
        small_new(&s, scaled ? CLV_STATISTICS_LEAST_SQUARES : CLV_STATISTICS_CHI2, 1);
        for (int c = 0; c < CHANNELS; c++) {
            s.y[c] = 50 + 200 * exp(-0.17 * (c - 20) * (c - 20)) + 2 * co2p_normal(&random);
        }
        fit(&s);
        profile(&s);
        for (int i = 0; i < 8; i += 7) {
            assert_near(s.interval[2 * i], s.value[i] - s.error[i], 0.005 * s.error[i]);
            assert_near(s.interval[2 * i + 1], s.value[i] + s.error[i], 0.005 * s.error[i]);
        }
        assert_true(isnan(s.interval[2 * (1 + DOUBLET_POSITION)])); /* it was fixed */
    }
}

/* Ends of the likelihood of n channels with `total` counts: 2 (n m - total - total log(n m / total)) = 1. */
static double closed_end(double total, int side)
{
    double near = total, far = side < 0 ? 1e-9 : 10 * total + 10;
    for (int k = 0; k < 200; k++) {
        double at = 0.5 * (near + far), rise = 2 * (at - total - total * log(at / total));
        if (rise < 1) {
            near = at;
        } else {
            far = at;
        }
    }
    return near / CHANNELS;
}

static void test_few_counts(void **payload)
{
    const int totals[] = {12, 40, 1000};
    small s;

    (void)payload;
    for (int t = 0; t < 3; t++) {
        small_new(&s, CLV_STATISTICS_POISSON, 0);
        for (int c = 0; c < CHANNELS; c++) { s.y[c] = totals[t] / CHANNELS + (c < totals[t] % CHANNELS); }
        fit(&s);
        profile(&s);
        double error = sqrt(totals[t]) / CHANNELS;
        assert_near(s.value[0], totals[t] / (double)CHANNELS, 0.02 * error);
        assert_near(s.interval[0], closed_end(totals[t], -1), 0.02 * error);
        assert_near(s.interval[1], closed_end(totals[t], 1), 0.02 * error);
    }
}

/* A bound that is met before the deviance has risen by 1 is the end. */
static void test_bound(void **payload)
{
    small s;

    (void)payload;
    small_new(&s, CLV_STATISTICS_POISSON, 0);
    for (int c = 0; c < CHANNELS; c++) { s.y[c] = 100; }
    s.parameters[0].low = 99.5;
    fit(&s);
    profile(&s);
    assert_near(s.interval[0], 99.5, 1e-12);
    assert_near(s.interval[1], closed_end(4000, 1), 0.01);
    s.parameters[0].low = 101; /* it rests there */
    fit(&s);
    profile(&s);
    assert_near(s.interval[0], 101, 1e-12);
    assert_true(s.interval[1] > 101 && s.interval[1] < 103);
}

/* A weak peak on few counts: its area rests on its bound in many spectra, where linear theory has no error to tell. */
static void test_coverage(void **payload)
{
    enum { SPECTRA = 1500 };
    const double areas[] = {2, 12, 60};
    small s;
    co2p_random random = {77};

    (void)payload;
    for (int k = 0; k < 3; k++) {
        int in = 0, at_bound = 0;
        for (int n = 0; n < SPECTRA; n++) {
            small_new(&s, CLV_STATISTICS_POISSON, 1);
            for (int c = 0; c < CHANNELS; c++) {
                double sigma = 4 / CO2P_SIGMA_TO_FWHM, x = (c - 20) / sigma;
                s.y[c] = co2p_poisson(&random, 2 + areas[k] * exp(-0.5 * x * x) / (sigma * 2.5066282746310002));
            }
            fit(&s);
            profile(&s);
            at_bound += s.value[7] == 0;
            in += s.interval[14] <= areas[k] && areas[k] <= s.interval[15];
        }
        printf("area %g: covered %.3f, at the bound %.3f\n", areas[k], in / (double)SPECTRA,
               at_bound / (double)SPECTRA);
        /* near the bound the interval cannot leave what is possible: it covers more */
        assert_true(in / (double)SPECTRA > 0.6827 - 0.045);
        if (k == 2) { assert_near(in / (double)SPECTRA, 0.6827, 0.045); }
    }
}

static void test_bootstrap(void **payload)
{
    small one, two;
    double linear;

    (void)payload;
    small_new(&one, CLV_STATISTICS_POISSON, 1);
    for (int c = 0; c < CHANNELS; c++) { one.y[c] = round(50 + 200 * exp(-0.17 * (c - 20) * (c - 20))); }
    two = one;
    two.data.intensity = two.y;
    two.data.energy = two.energy;
    two.problem.terms = two.terms;
    two.problem.parameters = two.parameters;
    two.found = (clv_solution){.value = two.value, .error = two.error, .covariance = two.covariance};
    fit(&one);
    fit(&two);
    linear = one.error[7];
    bootstrap(&one, 1, 5, 2000);
    bootstrap(&two, 1, 5, 2000);
    assert_memory_equal(one.interval, two.interval, sizeof one.interval);
    assert_memory_equal(one.covariance, two.covariance, sizeof one.covariance);
    /* sample deviation of 2000: good to 1.6 %, its percentiles to 3 % */
    assert_near(one.error[7], linear, 0.06 * linear);
    assert_near(sqrt(one.covariance[63]), one.error[7], 1e-12);
    assert_near(one.interval[15] - one.interval[14], 2 * linear, 0.15 * linear);
    assert_near(one.interval[14], one.value[7] - linear, 0.12 * linear);
    fit(&two);
    bootstrap(&two, 1, 6, 2000);
    assert_true(one.interval[14] != two.interval[14]);
    assert_near(one.interval[14], two.interval[14], 0.15 * linear);
}

/* How many of the replicated spectra cover the truth with bootstrap and profile of the whole Co 2p model. */
static void test_co2p(void **payload)
{
    enum { SPECTRA = 300, PLACE = CO2P_STRIDE + CO2P_AREA };
    co2p_model model;
    co2p_found f;
    clv_profiler *profiler = NULL;
    clv_engine *engine = NULL;
    clv_error err = {0};
    double energy[CO2P_CHANNELS], mean[CO2P_CHANNELS], y[CO2P_CHANNELS], truth[CO2P_PARAMETERS];
    double interval[2 * CO2P_PARAMETERS], by_profile = 0, by_bootstrap = 0;
    co2p_random random = {8};

    (void)payload;
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    assert_int_equal(clv_profiler_new(&model.problem, CO2P_CHANNELS, &profiler, &err), CLV_OK);
    co2p_energies(energy);
    for (int n = 0; n < SPECTRA; n++) {
        co2p_truth((size_t)n, SPECTRA, 1, truth);
        co2p_mean(truth, energy, CO2P_CHANNELS, mean);
        for (int c = 0; c < CO2P_CHANNELS; c++) { y[c] = co2p_poisson(&random, mean[c]); }
        clv_problem_data data = {.energy = energy, .channels = CO2P_CHANNELS, .intensity = y, .low = 770, .high = 815};
        clv_bootstrap how = {.replicas = 100, .seed = 1, .spectrum = (uint64_t)n};
        co2p_found_set(&f);
        assert_int_equal(clv_engine_fit(engine, &data, NULL, &f.solution, &err), CLV_OK);
        assert_int_equal(clv_profiler_run(profiler, &data, &f.solution, interval, &err), CLV_OK);
        by_profile += interval[2 * PLACE] <= truth[PLACE] && truth[PLACE] <= interval[2 * PLACE + 1];
        double width = 0.5 * (interval[2 * PLACE + 1] - interval[2 * PLACE]);
        assert_near(width, f.error[PLACE], 0.1 * f.error[PLACE]); /* many counts: nearly a parabola */
        assert_int_equal(clv_bootstrap_run(engine, &how, &data, &f.solution, interval, &err), CLV_OK);
        by_bootstrap += interval[2 * PLACE] <= truth[PLACE] && truth[PLACE] <= interval[2 * PLACE + 1];
    }
    printf("Co2+ area covered %.3f by profile, %.3f by bootstrap\n", by_profile / SPECTRA, by_bootstrap / SPECTRA);
    assert_near(by_profile / SPECTRA, 0.6827, 0.081); /* three binomial errors */
    assert_near(by_bootstrap / SPECTRA, 0.6827, 0.081);
    clv_profiler_free(profiler);
    clv_engine_free(engine);
    co2p_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parabola),  cmocka_unit_test(test_few_counts),
                                       cmocka_unit_test(test_bound),     cmocka_unit_test(test_coverage),
                                       cmocka_unit_test(test_bootstrap), cmocka_unit_test(test_co2p)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
