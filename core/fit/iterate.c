/* The iteration from one start to the nearest minimum of the deviance.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/iterate.h"

#include <math.h>
#include <string.h>

/* Damping of a cold and of a warm start, and how it shrinks and grows. */
#define COLD_DAMPING 1e-3
#define WARM_DAMPING 1e-5
#define SHRINK 0.02
#define GROW 10.0
#define TRIES 14

/* A step that brings less than this of the decrease it promised is too long: its information matrix leaves out
   curvature of the model, and undamped steps may leap to and fro over the minimum for ever. Then damping goes up to at
   least OVERSHOT, which halves such steps, and from then on falls slowly. */
#define LEAST_GAIN 0.25
#define OVERSHOT 1.0
#define SLOW_SHRINK 0.3

/* Evaluates the trial point: linear coefficients by the present weights, once more by those of the model found where
   that did not help. Leaves the weights that belong to the trial in trial_weight. */
static int evaluate_trial(clv_engine *engine, clv_point *point, double limit)
{
    clv_error ignored = {0};
    int poisson = engine->problem->statistics == CLV_STATISTICS_POISSON;

    if (clv_evaluate_columns(engine, point->free, &ignored)) { return 0; }
    clv_coefficients_solve(engine, point->linear);
    clv_evaluate_model(engine, point->linear);
    point->deviance = clv_likelihood_deviance(engine, engine->trial_weight);
    if (point->deviance <= limit || !poisson || !isfinite(point->deviance)) { return isfinite(point->deviance); }
    double *kept = engine->weight;
    engine->weight = engine->trial_weight;
    clv_coefficients_solve(engine, point->linear);
    engine->weight = kept;
    clv_evaluate_model(engine, point->linear);
    point->deviance = clv_likelihood_deviance(engine, engine->trial_weight);
    return isfinite(point->deviance);
}

static void accept(clv_engine *engine, clv_point *from)
{
    double *weight = engine->weight;

    memcpy(engine->here.free, from->free, engine->n_free * sizeof(double));
    memcpy(engine->here.linear, from->linear, engine->n_linear * sizeof(double));
    engine->here.deviance = from->deviance;
    engine->weight = engine->trial_weight;
    engine->trial_weight = weight;
}

/* What counts as 1 in the deviance: the variance where it is not known. */
static double unit(const clv_engine *engine)
{
    if (engine->problem->statistics != CLV_STATISTICS_LEAST_SQUARES) { return 1; }
    double dof = (double)engine->valid - (double)engine->n_all;
    return fmax(engine->here.deviance / fmax(dof, 1), 1e-26 * engine->sum_square);
}

/* Damping of the step after one that brought `gained` of the deviance it had `promised`. */
static void adapt(double gained, double promised, double *damping, int *overshot)
{
    if (gained < LEAST_GAIN * promised) {
        *overshot = 1;
        *damping = fmax(4 * *damping, OVERSHOT);
    } else {
        *damping = *damping > 1e-6 ? *damping * (*overshot ? SLOW_SHRINK : SHRINK) : 0;
    }
}

/* Steps with growing damping until one does not raise the deviance. */
static int descend(clv_engine *engine, double *damping, int *overshot)
{
    double slack = 1e-10 * fabs(engine->here.deviance) + 0.1 * engine->tolerance * unit(engine);
    double before = engine->here.deviance, limit = before + slack, promised = engine->expected;

    for (int tries = 0; tries < TRIES; tries++) {
        if (tries > 0 || *damping > 0) { promised = clv_step_solve(engine, *damping, engine->delta); }
        clv_step_take(engine, engine->delta);
        if (evaluate_trial(engine, &engine->trial, limit) && engine->trial.deviance <= limit) {
            accept(engine, &engine->trial);
            adapt(before - engine->here.deviance, promised, damping, overshot);
            return 1;
        }
        *damping = *damping > 0 ? *damping * GROW : COLD_DAMPING;
    }
    return 0;
}

int clv_iterate_look(clv_engine *engine)
{
    clv_error ignored = {0};

    if (clv_evaluate_columns(engine, engine->here.free, &ignored)) { return 0; }
    clv_evaluate_model(engine, engine->here.linear);
    engine->here.deviance = clv_likelihood_deviance(engine, engine->weight);
    if (!isfinite(engine->here.deviance)) { return 0; }
    clv_step_gram(engine);
    clv_step_freeze(engine);
    return 1;
}

/* Adds the last step, whose effect on the deviance is below the tolerance, without another evaluation. */
static void finish(clv_engine *engine)
{
    for (size_t l = 0; l < engine->n_linear; l++) {
        const clv_problem_parameter *parameter = &engine->problem->parameters[engine->mapping->linear_parameter[l]];
        double to = engine->here.linear[l] + engine->delta[l];
        engine->here.linear[l] = fmin(fmax(to, parameter->low), parameter->high);
    }
    clv_step_take(engine, engine->delta);
    memcpy(engine->here.free, engine->trial.free, engine->n_free * sizeof(double));
}

int clv_iterate_run(clv_engine *engine, int warm, int *iterations)
{
    double damping = warm ? WARM_DAMPING : COLD_DAMPING;
    int overshot = 0, last = *iterations + engine->problem->iterations;

    if (!evaluate_trial(engine, &engine->here, INFINITY)) { return CLV_FIT_NOT_FINITE; }
    double *weight = engine->weight;
    engine->weight = engine->trial_weight;
    engine->trial_weight = weight;
    for (;; ++*iterations) {
        clv_step_gram(engine);
        clv_step_freeze(engine);
        engine->expected = clv_step_solve(engine, 0, engine->delta);
        if (engine->expected < engine->tolerance * unit(engine)) {
            finish(engine);
            return 0;
        }
        if (!isfinite(engine->expected)) { return CLV_FIT_NOT_FINITE; }
        if (*iterations >= last) { return CLV_FIT_NOT_CONVERGED; }
        if (descend(engine, &damping, &overshot)) { continue; }
        double little = 1e-9 * fabs(engine->here.deviance);
        int flat = engine->expected < fmax(little, 30 * engine->tolerance * unit(engine));
        if (!clv_iterate_look(engine)) { return CLV_FIT_NOT_FINITE; }
        return flat ? 0 : CLV_FIT_NOT_CONVERGED;
    }
}
