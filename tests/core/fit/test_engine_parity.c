/* Tests of values, errors and covariances against an independent reference for each statistics.
   SPDX-License-Identifier: GPL-3.0-or-later

   Expected values: Gauss-Newton (Fisher scoring for Poisson) run to convergence in NumPy 1.24 with the Voigt of
   scipy.special.wofz (SciPy 1.10) and central-difference Jacobians, checked with scipy.optimize.least_squares; errors
   from the inverse of J' W J. */
#include "co2p.h"
#include "near.h"
#include "fit/engine.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Areas, positions, gaussians, lorentzian, level, slope, k, as the reference orders them. */
static const int places[12] = {CO2P_AREA,
                               CO2P_STRIDE + CO2P_AREA,
                               2 * CO2P_STRIDE + CO2P_AREA,
                               DOUBLET_POSITION,
                               CO2P_STRIDE + DOUBLET_POSITION,
                               2 * CO2P_STRIDE + DOUBLET_POSITION,
                               DOUBLET_GAUSSIAN,
                               2 * CO2P_STRIDE + DOUBLET_GAUSSIAN,
                               DOUBLET_LORENTZIAN,
                               CO2P_LEVEL,
                               CO2P_SLOPE,
                               CO2P_K};

typedef struct expected {
    clv_statistics statistics;
    double value[12], error[12], deviance, areas_covariance, position_k_covariance;
} expected;

static const expected poisson = {CLV_STATISTICS_POISSON,
                                 {14843.4943, 7612.654519, 3773.211819, 779.9942645, 782.0057002, 786.0255576,
                                  1.549450357, 4.666005375, 0.675520671, 1196.216365, -8.19420246, 0.04525305272},
                                 {127.131, 82.92433, 181.1709, 0.006126219, 0.01219448, 0.06367978, 0.02842356,
                                  0.1985753, 0.03517023, 16.81446, 0.824324, 0.00141514},
                                 273.75044,
                                 1483.943,
                                 -1.259729e-06};
static const expected chi2 = {CLV_STATISTICS_CHI2,
                              {14845.18143, 7613.388131, 3774.276176, 779.9943456, 782.0059485, 786.0263847,
                               1.549521256, 4.665523086, 0.6755844653, 1195.721523, -8.187153469, 0.04523624269},
                              {127.3278, 83.02244, 181.33, 0.006131422, 0.01219962, 0.06368171, 0.02844272, 0.1987473,
                               0.03520546, 16.83021, 0.8253967, 0.001416515},
                              273.09759,
                              1490.007,
                              -1.265438e-06};
static const expected least_squares = {CLV_STATISTICS_LEAST_SQUARES,
                                       {14883.9889, 7619.775524, 3746.166666, 779.9961039, 782.0064226, 786.0327264,
                                        1.536754904, 4.625220797, 0.6906745088, 1194.366816, -8.21832288, 0.0453195747},
                                       {104.6644, 59.29246, 135.3853, 0.003803052, 0.008048651, 0.04960244, 0.02218093,
                                        0.1506151, 0.03051192, 13.33992, 0.6550043, 0.001093183},
                                       672337.87,
                                       2697.503,
                                       -8.53112e-07};

static void make_data(double *energy, double *y, double *variance)
{
    double truth[CO2P_PARAMETERS], mean[CO2P_CHANNELS], sum = 0;

    co2p_energies(energy);
    co2p_truth(0, 2, 1, truth);
    truth[DOUBLET_POSITION] = 780;
    co2p_mean(truth, energy, CO2P_CHANNELS, mean);
    for (int i = 0; i < CO2P_CHANNELS; i++) {
        y[i] = floor(mean[i] + sqrt(mean[i]) * 1.1 * sin(1.7 * i * i));
        variance[i] = y[i] + 5;
        sum += y[i];
    }
    assert_near(sum, 1131754, 0); /* the same data as the reference had */
}

static void check(const expected *want, double tolerance)
{
    double energy[CO2P_CHANNELS], y[CO2P_CHANNELS], variance[CO2P_CHANNELS];
    co2p_model model;
    clv_engine *engine;
    clv_error err = {0};
    static co2p_found f;

    make_data(energy, y, variance);
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    model.problem.statistics = want->statistics;
    model.problem.tolerance = tolerance;
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    clv_problem_data data = {.energy = energy,
                             .channels = CO2P_CHANNELS,
                             .intensity = y,
                             .variance = variance,
                             .low = -INFINITY,
                             .high = INFINITY};
    co2p_found_set(&f);
    assert_int_equal(clv_engine_fit(engine, &data, NULL, &f.solution, &err), CLV_OK);
    assert_int_equal(f.solution.flags & ~CLV_FIT_POOR, 0); /* the sine is no noise */
    for (int k = 0; k < 12; k++) {
        double near = 3 * sqrt(tolerance) * want->error[k];
        assert_near(f.value[places[k]], want->value[k], near + 1e-8 * fabs(want->value[k]));
        assert_near(f.error[places[k]], want->error[k], (1e-4 + 3 * sqrt(tolerance) * 0.1) * want->error[k]);
    }
    assert_near(f.solution.deviance, want->deviance, 1e-6 * want->deviance + tolerance);
    assert_near(f.covariance[places[0] * CO2P_PARAMETERS + places[1]], want->areas_covariance,
                (2e-3 + sqrt(tolerance)) * want->areas_covariance);
    assert_near(f.covariance[places[3] * CO2P_PARAMETERS + places[11]], want->position_k_covariance,
                (2e-3 + sqrt(tolerance)) * -want->position_k_covariance);
    assert_near(f.solution.dof, 451 - 12, 0);
    clv_engine_free(engine);
    co2p_model_free(&model);
}

static void test_poisson(void **payload)
{
    (void)payload;
    check(&poisson, 1e-9);
    check(&poisson, 1e-3);
}

static void test_chi2(void **payload)
{
    (void)payload;
    check(&chi2, 1e-9);
}

static void test_least_squares(void **payload)
{
    (void)payload;
    check(&least_squares, 1e-9);
}

/* Tied and derived parameters have the errors of what they follow, and correlation 1 with an equal one. */
static void test_tied_errors(void **payload)
{
    enum { A = DOUBLET_FWHM, B = CO2P_STRIDE + DOUBLET_FWHM };
    double energy[CO2P_CHANNELS], y[CO2P_CHANNELS], variance[CO2P_CHANNELS], gradient[2];
    co2p_model model;
    clv_engine *engine;
    clv_error err = {0};
    static co2p_found f;

    (void)payload;
    make_data(energy, y, variance);
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    clv_problem_data data = {.energy = energy, .channels = CO2P_CHANNELS, .intensity = y, .low = 770, .high = 815};
    co2p_found_set(&f);
    assert_int_equal(clv_engine_fit(engine, &data, NULL, &f.solution, &err), CLV_OK);
    assert_near(f.value[A], clv_num_voigt_fwhm(f.value[DOUBLET_GAUSSIAN], f.value[DOUBLET_LORENTZIAN], gradient),
                1e-12);
    const double *c = f.covariance;
    double gg = c[DOUBLET_GAUSSIAN * CO2P_PARAMETERS + DOUBLET_GAUSSIAN];
    double gl = c[DOUBLET_GAUSSIAN * CO2P_PARAMETERS + DOUBLET_LORENTZIAN];
    double ll = c[DOUBLET_LORENTZIAN * CO2P_PARAMETERS + DOUBLET_LORENTZIAN];
    double expected_variance =
        gradient[0] * gradient[0] * gg + 2 * gradient[0] * gradient[1] * gl + gradient[1] * gradient[1] * ll;
    assert_near(f.error[A], sqrt(expected_variance), 1e-3 * f.error[A]);
    assert_near(c[A * CO2P_PARAMETERS + B] / (f.error[A] * f.error[B]), 1, 1e-9);
    assert_int_equal(f.state[A], CLV_PARAMETER_DERIVED);
    assert_int_equal(f.state[CO2P_STRIDE + DOUBLET_GAUSSIAN], CLV_PARAMETER_TIED);
    assert_near(f.error[DOUBLET_SPLIT], 0, 0);
    clv_engine_free(engine);
    co2p_model_free(&model);
}

/* Derivatives by differences give the same fit. */
static void test_numeric(void **payload)
{
    double energy[CO2P_CHANNELS], y[CO2P_CHANNELS], variance[CO2P_CHANNELS];
    co2p_model model;
    clv_engine *engine;
    clv_error err = {0};
    static co2p_found f;

    (void)payload;
    make_data(energy, y, variance);
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    for (int d = 0; d < 3; d++) { model.terms[d].type = &numeric_doublet_component; }
    model.problem.tolerance = 1e-9;
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    clv_problem_data data = {.energy = energy, .channels = CO2P_CHANNELS, .intensity = y, .low = 770, .high = 815};
    co2p_found_set(&f);
    assert_int_equal(clv_engine_fit(engine, &data, NULL, &f.solution, &err), CLV_OK);
    for (int k = 0; k < 12; k++) {
        assert_near(f.value[places[k]], poisson.value[k], 1e-3 * poisson.error[k]);
        assert_near(f.error[places[k]], poisson.error[k], 2e-4 * poisson.error[k]);
    }
    clv_engine_free(engine);
    co2p_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_poisson), cmocka_unit_test(test_chi2),
                                       cmocka_unit_test(test_least_squares), cmocka_unit_test(test_tied_errors),
                                       cmocka_unit_test(test_numeric)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
