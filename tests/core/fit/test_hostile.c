/* Tests of fits of hostile numbers: whatever stands in the data, a fit ends with finite numbers or says that it has
   none. SPDX-License-Identifier: GPL-3.0-or-later */
#include "co2p.h"
#include "fit/engine.h"
#include "fit/intervals.h"
#include "near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define P CO2P_PARAMETERS

static double energy[CO2P_CHANNELS], mean[CO2P_CHANNELS], y[CO2P_CHANNELS], variance[CO2P_CHANNELS];

/* Data by name: what is done to channel i. */
static double spoil(int how, int i, double good)
{
    switch (how) {
    case 0: return 0;
    case 1: return -good;
    case 2: return good * 1e-300;
    case 3: return good * 1e296;
    case 4: return i == 200 ? 1e300 : good;
    case 5: return i == 200 ? -1e300 : good;
    case 6: return i % 2 ? NAN : good;
    case 7: return i < 450 ? NAN : good;
    case 8: return i < 449 ? INFINITY : good;
    case 9: return 7;
    case 10: return i % 2 ? 1e9 : 0;
    case 11: return i == 0 ? 1 : 0;
    case 12: return 1e-320; /* subnormal */
    case 13: return good * 1e12;
    case 14: return good - 3000; /* an offset taken off: negative counts */
    default: return good;
    }
}

enum { WAYS = 16 };

/* Values that can be used, or none at all with a flag that says so. */
static void check(const co2p_found *f, int how, int statistics)
{
    int none = f->solution.flags & CLV_FIT_NOT_FINITE;

    for (int k = 0; k < P; k++) {
        int held = f->state[k] == CLV_PARAMETER_FIXED;
        if (none && !held && !isnan(f->value[k])) {
            fail_msg("way %d, statistics %d: a number of nothing", how, statistics);
        }
        if (!none && !isfinite(f->value[k])) { fail_msg("way %d, statistics %d: parameter %d", how, statistics, k); }
        if (f->error[k] < 0) { fail_msg("way %d, statistics %d: negative error of %d", how, statistics, k); }
    }
}

static void test_data(void **payload)
{
    (void)payload;
    double truth[P];
    clv_error err = {0};

    co2p_energies(energy);
    co2p_truth(0, 2, 1, truth);
    co2p_mean(truth, energy, CO2P_CHANNELS, mean);
    for (int statistics = CLV_STATISTICS_POISSON; statistics <= CLV_STATISTICS_MEAN_WEIGHTS; statistics++) {
        co2p_model model;
        clv_engine *engine = NULL;
        assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
        model.problem.statistics = (clv_statistics)statistics;
        assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
        for (int how = 0; how < WAYS; how++) {
            co2p_found f;
            co2p_found_set(&f);
            for (int i = 0; i < CO2P_CHANNELS; i++) {
                y[i] = spoil(how, i, round(mean[i]));
                variance[i] = fmax(fabs(y[i]), 1);
            }
            clv_problem_data data = {.energy = energy,
                                     .channels = CO2P_CHANNELS,
                                     .intensity = y,
                                     .variance = variance,
                                     .low = 770,
                                     .high = 815};
            assert_int_equal(clv_engine_fit(engine, &data, NULL, &f.solution, &err), CLV_OK);
            check(&f, how, statistics);
            if (how == WAYS - 1) { /* nothing of the others is left in the engine */
                assert_int_equal(f.solution.flags & (CLV_FIT_NOT_FINITE | CLV_FIT_NOT_CONVERGED), 0);
                assert_near(f.value[CO2P_AREA], truth[CO2P_AREA], 3 * f.error[CO2P_AREA]);
            }
        }
        clv_engine_free(engine);
        co2p_model_free(&model);
    }
}

/* Variances that are none: 0, negative, infinite, not a number. Their channels are left out. */
static void test_variances(void **payload)
{
    const double wrong[] = {0, -1, INFINITY, NAN};
    double truth[P];
    co2p_model model;
    clv_engine *engine = NULL;
    clv_error err = {0};

    (void)payload;
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    model.problem.statistics = CLV_STATISTICS_CHI2;
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    co2p_energies(energy);
    co2p_truth(0, 2, 1, truth);
    co2p_mean(truth, energy, CO2P_CHANNELS, y);
    for (int k = 0; k < 4; k++) {
        for (int all = 0; all < 2; all++) {
            co2p_found f;
            co2p_found_set(&f);
            for (int i = 0; i < CO2P_CHANNELS; i++) { variance[i] = all || (i > 220 && i < 240) ? wrong[k] : y[i]; }
            clv_problem_data data = {.energy = energy,
                                     .channels = CO2P_CHANNELS,
                                     .intensity = y,
                                     .variance = variance,
                                     .low = 770,
                                     .high = 815};
            assert_int_equal(clv_engine_fit(engine, &data, NULL, &f.solution, &err), CLV_OK);
            check(&f, k, CLV_STATISTICS_CHI2);
            if (!all) { assert_near(f.value[CO2P_AREA], truth[CO2P_AREA], f.error[CO2P_AREA]); }
            if (all) { assert_true(f.solution.flags & CLV_FIT_NOT_FINITE); }
        }
    }
    clv_engine_free(engine);
    co2p_model_free(&model);
}

/* Intervals of spoilt data are finite, on a bound, or none. */
static void test_intervals(void **payload)
{
    double truth[P], interval[2 * P];
    co2p_model model;
    clv_engine *engine = NULL;
    clv_profiler *profiler = NULL;
    clv_error err = {0};

    (void)payload;
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    assert_int_equal(clv_profiler_new(&model.problem, CO2P_CHANNELS, &profiler, &err), CLV_OK);
    co2p_energies(energy);
    co2p_truth(0, 2, 0.002, truth);
    co2p_mean(truth, energy, CO2P_CHANNELS, mean);
    for (int how = 0; how < WAYS; how++) {
        co2p_found f;
        clv_bootstrap bootstrap = {.replicas = 20, .seed = 1};
        co2p_found_set(&f);
        for (int i = 0; i < CO2P_CHANNELS; i++) { y[i] = spoil(how, i, round(mean[i])); }
        clv_problem_data data = {.energy = energy, .channels = CO2P_CHANNELS, .intensity = y, .low = 770, .high = 815};
        assert_int_equal(clv_engine_fit(engine, &data, NULL, &f.solution, &err), CLV_OK);
        for (int kind = 0; kind < 2; kind++) {
            clv_status status = kind ? clv_bootstrap_run(engine, &bootstrap, &data, &f.solution, interval, &err)
                                     : clv_profiler_run(profiler, &data, &f.solution, interval, &err);
            assert_int_equal(status, CLV_OK);
            for (int k = 0; k < P; k++) {
                assert_false(isinf(interval[2 * k]) || isinf(interval[2 * k + 1]));
                assert_false(interval[2 * k] > interval[2 * k + 1]);
            }
        }
    }
    clv_profiler_free(profiler);
    clv_engine_free(engine);
    co2p_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_data), cmocka_unit_test(test_variances),
                                       cmocka_unit_test(test_intervals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
