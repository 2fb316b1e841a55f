/* Tests of series: shared parameters recovered with honest errors, the same bits for any number of workers, warm starts
   that do not hand on a false minimum. SPDX-License-Identifier: GPL-3.0-or-later */
#include "co2p.h"
#include "fit/engine.h"
#include "near.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define P CO2P_PARAMETERS
#define N 12
#define SHARED 3 /* gaussian and lorentzian of the doublets, position of the first */

/* A series with its data, solutions and room. */
typedef struct fixture {
    double energy[CO2P_CHANNELS], y[N][CO2P_CHANNELS], truth[N][P], moved[N];
    clv_problem_data data[N];
    double value[N][P], error[N][P], covariance[N][P * P], sensitivity[N][P * SHARED];
    uint8_t state[N][P];
    clv_solution solution[N];
    double shared[SHARED * SHARED];
    co2p_model model;
} fixture;

/* One constant position in truth; energies of spectrum i moved by normal numbers of size `jitter`. */
static void fill(fixture *f, co2p_random *random, double counts, double jitter)
{
    double mean[CO2P_CHANNELS], true_energy[CO2P_CHANNELS];

    co2p_energies(f->energy);
    for (size_t i = 0; i < N; i++) {
        co2p_truth(i, N, counts, f->truth[i]);
        f->truth[i][DOUBLET_POSITION] = 780;
        f->moved[i] = jitter > 0 ? jitter * co2p_normal(random) : 0;
        for (int c = 0; c < CO2P_CHANNELS; c++) { true_energy[c] = f->energy[c] + f->moved[i]; }
        co2p_mean(f->truth[i], true_energy, CO2P_CHANNELS, mean);
        for (int c = 0; c < CO2P_CHANNELS; c++) { f->y[i][c] = co2p_poisson(random, mean[c]); }
        f->data[i] = (clv_problem_data){.energy = f->energy,
                                        .channels = CO2P_CHANNELS,
                                        .intensity = f->y[i],
                                        .offset_error = jitter,
                                        .low = 771,
                                        .high = 814};
        f->solution[i] = (clv_solution){.value = f->value[i],
                                        .error = f->error[i],
                                        .state = f->state[i],
                                        .covariance = f->covariance[i],
                                        .sensitivity = f->sensitivity[i]};
    }
}

static fixture *fixture_new(void)
{
    static const int shared[SHARED] = {DOUBLET_POSITION, DOUBLET_GAUSSIAN, DOUBLET_LORENTZIAN};
    fixture *f = calloc(1, sizeof *f);
    clv_error err = {0};

    assert_non_null(f);
    assert_int_equal(co2p_model_new(&f->model, &err), CLV_OK);
    for (int k = 0; k < SHARED; k++) { f->model.parameters[shared[k]].state = CLV_PARAMETER_SHARED; }
    return f;
}

static void fixture_free(fixture *f)
{
    co2p_model_free(&f->model);
    free(f);
}

/* Workers that take items in whatever order. */
typedef struct crew {
    size_t count, next, workers, started;
    void (*work)(void *payload, size_t item, size_t worker);
    void *payload;
    pthread_mutex_t mutex;
} crew;

static void *crew_member(void *payload)
{
    crew *c = payload;
    pthread_mutex_lock(&c->mutex);
    size_t worker = c->started++;
    while (c->next < c->count) {
        size_t item = c->count - 1 - c->next++; /* last first, to be nasty */
        pthread_mutex_unlock(&c->mutex);
        c->work(c->payload, item, worker);
        pthread_mutex_lock(&c->mutex);
    }
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

static void crew_run(void *context, size_t count, void (*work)(void *payload, size_t item, size_t worker),
                     void *payload)
{
    crew c = {.count = count, .workers = *(size_t *)context, .work = work, .payload = payload};
    pthread_t threads[8];

    pthread_mutex_init(&c.mutex, NULL);
    for (size_t w = 0; w < c.workers; w++) { pthread_create(&threads[w], NULL, crew_member, &c); }
    for (size_t w = 0; w < c.workers; w++) { pthread_join(threads[w], NULL); }
    pthread_mutex_destroy(&c.mutex);
}

static void run(fixture *f, size_t workers)
{
    clv_error err = {0};

    if (clv_series_fit(&f->model.problem, f->data, N, workers > 1 ? crew_run : NULL, &workers, workers, f->solution,
                       f->shared, &err)) {
        fail_msg("%s", err.text);
    }
}

/* Shares of truths within one error, over many series, for shared and for local parameters. */
static void test_coverage(void **payload)
{
    enum { SERIES = 150, A = CO2P_AREA, B = 2 * CO2P_STRIDE + DOUBLET_POSITION };
    fixture *f = fixture_new();
    co2p_random random = {4242};
    double in[SHARED] = {0}, area = 0, position = 0, bias = 0;

    (void)payload;
    for (int s = 0; s < SERIES; s++) {
        fill(f, &random, 0.1, 0);
        run(f, 1);
        const int place[SHARED] = {DOUBLET_POSITION, DOUBLET_GAUSSIAN, DOUBLET_LORENTZIAN};
        for (int k = 0; k < SHARED; k++) {
            double error = sqrt(f->shared[k * SHARED + k]);
            assert_int_equal(f->state[0][place[k]], CLV_PARAMETER_SHARED);
            assert_near(f->error[N - 1][place[k]], error, 1e-9);
            assert_near(f->value[0][place[k]], f->value[N - 1][place[k]], 0);
            in[k] += fabs(f->value[0][place[k]] - f->truth[0][place[k]]) < error;
        }
        for (int i = 0; i < N; i++) {
            assert_int_equal(f->solution[i].flags & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE), 0);
            area += fabs(f->value[i][A] - f->truth[i][A]) < f->error[i][A];
            position += fabs(f->value[i][B] - f->truth[i][B]) < f->error[i][B];
            bias += (f->value[i][A] - f->truth[i][A]) / f->truth[i][A] / (N * SERIES);
        }
    }
    printf("shared covered %.3f %.3f %.3f, areas %.3f, positions %.3f, bias of areas %.2g\n", in[0] / SERIES,
           in[1] / SERIES, in[2] / SERIES, area / (N * SERIES), position / (N * SERIES), bias);
    for (int k = 0; k < SHARED; k++) { assert_near(in[k] / SERIES, 0.6827, 0.115); } /* three binomial errors */
    assert_near(area / (N * SERIES), 0.6827, 0.05);
    assert_near(position / (N * SERIES), 0.6827, 0.05);
    assert_near(bias, 0, 0.01);
    fixture_free(f);
}

/* The global minimum is where each spectrum fitted alone with the shared values held has the same deviance, and where
   moving a shared value makes the whole worse. */
static void test_minimum(void **payload)
{
    fixture *f = fixture_new();
    co2p_random random = {99};
    double shared_value = 0, at_minimum = 0;

    (void)payload;
    f->model.problem.tolerance = 1e-7;
    fill(f, &random, 1, 0);
    run(f, 1);
    shared_value = f->value[0][DOUBLET_GAUSSIAN];
    for (int i = 0; i < N; i++) { at_minimum += f->solution[i].deviance; }
    double error = sqrt(f->shared[SHARED + 1]);
    for (int side = -1; side <= 1; side += 2) {
        double sum = 0;
        f->model.parameters[DOUBLET_GAUSSIAN].state = CLV_PARAMETER_FIXED;
        f->model.parameters[DOUBLET_GAUSSIAN].start = shared_value + side * error;
        run(f, 1);
        for (int i = 0; i < N; i++) { sum += f->solution[i].deviance; }
        assert_near(sum - at_minimum, 1, 0.05); /* by one in the deviance for one error: its definition */
    }
    fixture_free(f);
}

/* Each spectrum may move by what its offset is uncertain by: the shift is found, the shared position stays honest. */
static void test_shift(void **payload)
{
    enum { SERIES = 60 };
    fixture *f = fixture_new();
    co2p_random random = {7};
    double in = 0, shared_in = 0;

    (void)payload;
    f->model.problem.shift_prior = 1;
    for (int s = 0; s < SERIES; s++) {
        fill(f, &random, 1, 0.1);
        run(f, 1);
        shared_in += fabs(f->value[0][DOUBLET_POSITION] - 780) < sqrt(f->shared[0]);
        for (int i = 0; i < N; i++) {
            double common = sqrt(f->solution[i].shift_error * f->solution[i].shift_error + f->shared[0]);
            in += fabs(f->solution[i].shift - f->moved[i]) < common;
            assert_true(f->solution[i].shift_error > 0 && f->solution[i].shift_error < 0.1);
        }
    }
    printf("shifts covered %.3f, shared position covered %.3f\n", in / (N * SERIES), shared_in / SERIES);
    assert_near(in / (N * SERIES), 0.6827, 0.12);
    assert_near(shared_in / SERIES, 0.6827, 0.18);
    fixture_free(f);
}

static void test_workers(void **payload)
{
    fixture *one = fixture_new(), *many = fixture_new();
    co2p_random first = {5}, again = {5};

    (void)payload;
    fill(one, &first, 1, 0);
    fill(many, &again, 1, 0);
    run(one, 1);
    run(many, 4);
    assert_memory_equal(one->value, many->value, sizeof one->value);
    assert_memory_equal(one->covariance, many->covariance, sizeof one->covariance);
    assert_memory_equal(one->sensitivity, many->sensitivity, sizeof one->sensitivity);
    assert_memory_equal(one->shared, many->shared, sizeof one->shared);
    run(many, 3);
    assert_memory_equal(one->error, many->error, sizeof one->error);
    fixture_free(one);
    fixture_free(many);
}

/* A neighbour in a false minimum (the doublets exchanged, a width far off) is not handed on. */
static void test_capture(void **payload)
{
    co2p_model model;
    co2p_found f, good;
    clv_engine *engine;
    clv_error err = {0};
    double energy[CO2P_CHANNELS], mean[CO2P_CHANNELS], y[CO2P_CHANNELS], truth[P];
    co2p_random random = {31};

    (void)payload;
    assert_int_equal(co2p_model_new(&model, &err), CLV_OK);
    assert_int_equal(clv_engine_new(&model.problem, CO2P_CHANNELS, &engine, &err), CLV_OK);
    co2p_energies(energy);
    co2p_truth(0, 2, 1, truth);
    co2p_mean(truth, energy, CO2P_CHANNELS, mean);
    for (int c = 0; c < CO2P_CHANNELS; c++) { y[c] = co2p_poisson(&random, mean[c]); }
    clv_problem_data data = {.energy = energy, .channels = CO2P_CHANNELS, .intensity = y, .low = 770, .high = 815};
    co2p_found_set(&good);
    co2p_found_set(&f);
    assert_int_equal(clv_engine_fit(engine, &data, NULL, &good.solution, &err), CLV_OK);
    f = good;
    co2p_found_set(&f);
    f.solution.deviance = good.solution.deviance;
    f.solution.dof = good.solution.dof;
    f.value[DOUBLET_POSITION] = 781.7;
    f.value[CO2P_STRIDE + DOUBLET_POSITION] = 780.3;
    f.value[DOUBLET_GAUSSIAN] = 8;
    assert_int_equal(clv_engine_fit(engine, &data, &f.solution, &f.solution, &err), CLV_OK);
    assert_near(f.solution.deviance, good.solution.deviance, 0.01);
    assert_near(f.value[CO2P_AREA], good.value[CO2P_AREA], 0.05 * good.error[CO2P_AREA]);
    clv_engine_free(engine);
    co2p_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_coverage), cmocka_unit_test(test_minimum),
                                       cmocka_unit_test(test_shift), cmocka_unit_test(test_workers),
                                       cmocka_unit_test(test_capture)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
