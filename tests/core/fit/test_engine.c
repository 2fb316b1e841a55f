/* Tests of single fits: truth recovered with honest errors on the simulated Co 2p series, for each statistics.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "co2p.h"
#include "fit/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void test_series(void **payload)
{
    enum { N = 2000 };
    static const int watched[] = {CO2P_AREA,
                                  CO2P_STRIDE + CO2P_AREA,
                                  2 * CO2P_STRIDE + CO2P_AREA,
                                  DOUBLET_POSITION,
                                  CO2P_STRIDE + DOUBLET_POSITION,
                                  DOUBLET_GAUSSIAN,
                                  CO2P_LEVEL,
                                  CO2P_K};
    enum { W = sizeof watched / sizeof *watched };
    double energy[CO2P_CHANNELS], mean[CO2P_CHANNELS], y[CO2P_CHANNELS], truth[CO2P_PARAMETERS];
    double bias[W] = {0}, one[W] = {0}, two[W] = {0}, iterations = 0;
    co2p_random random = {88172645463325252u};
    co2p_model model;
    clv_engine *engine;
    clv_error err = {0};
    static co2p_found f;
    int failed = 0, flagged = 0;

    (void)payload;
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    co2p_energies(energy);
    co2p_found_set(&f);
    for (size_t i = 0; i < N; i++) {
        co2p_truth(i, N, 1, truth);
        co2p_mean(truth, energy, CO2P_CHANNELS, mean);
        for (int c = 0; c < CO2P_CHANNELS; c++) { y[c] = co2p_poisson(&random, mean[c]); }
        clv_problem_data data = {.energy = energy, .channels = CO2P_CHANNELS, .intensity = y, .low = 770, .high = 815};
        assert_int_equal(clv_engine_fit(engine, &data, i % 64 ? &f.solution : NULL, &f.solution, &err), CLV_OK);
        failed += (f.solution.flags & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) != 0;
        flagged += f.solution.flags != 0;
        iterations += f.solution.iterations;
        for (int w = 0; w < W; w++) {
            double z = (f.value[watched[w]] - truth[watched[w]]) / f.error[watched[w]];
            bias[w] += (f.value[watched[w]] - truth[watched[w]]) / N;
            one[w] += fabs(z) < 1;
            two[w] += fabs(z) < 1.959964;
        }
    }
    for (int w = 0; w < W; w++) {
        printf("parameter %d: bias %.4g, coverage %.4f %.4f\n", watched[w], bias[w], one[w] / N, two[w] / N);
    }
    printf("failed %d, flagged %d, iterations %.2f\n", failed, flagged, iterations / N);
    for (int w = 0; w < W; w++) { /* binomial errors of the coverages: 0.0104 and 0.0049 */
        assert_true(fabs(one[w] / N - 0.6827) < 0.035);
        assert_true(fabs(two[w] / N - 0.95) < 0.016);
    }
    for (int w = 0; w < 3; w++) { assert_true(fabs(bias[w]) < 0.001 * 30000); }
    assert_int_equal(failed, 0);
    assert_true(flagged < 12); /* the runs test marks one in 1000 of good fits */
    clv_engine_free(engine);
    co2p_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_series)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
