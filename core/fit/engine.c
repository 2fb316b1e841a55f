/* One spectrum's fit: warm or cold start, other starts where that is no good, and the solution.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/engine.h"
#include "fit/iterate.h"
#include "fit/starts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAILED (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)
#define UNFIT (FAILED | CLV_FIT_AT_BOUND | CLV_FIT_UNDETERMINED)

/* Other starts that are tried at most. */
#define OTHER_STARTS 6

/* One attempt's outcome; its point is engine->best when it is the best of several. */
typedef struct outcome {
    int flags;
    double deviance;
} outcome;

static clv_status check_problem(const clv_problem *problem, size_t channels, clv_error *err)
{
    CLV_CHECK(channels > 0 && channels < SIZE_MAX / 1024, err, CLV_BAD_ARGUMENT,
              "a fit of %zu channels is not possible", channels);
    CLV_CHECK(problem->statistics >= CLV_STATISTICS_POISSON && problem->statistics <= CLV_STATISTICS_MEAN_WEIGHTS, err,
              CLV_BAD_ARGUMENT, "there is no statistics number %d", (int)problem->statistics);
    CLV_CHECK(problem->statistics != CLV_STATISTICS_POISSON || problem->noise_scale > 0, err, CLV_BAD_ARGUMENT,
              "poisson statistics need a noise scale above 0, not %g", problem->noise_scale);
    CLV_CHECK(problem->tolerance > 0 && problem->iterations > 0, err, CLV_BAD_ARGUMENT,
              "tolerance and iterations of a fit must be above 0");
    return CLV_OK;
}

clv_status clv_engine_new(const clv_problem *problem, size_t channels, clv_engine **engine, clv_error *err)
{
    CLV_TRY(check_problem(problem, channels, err));
    clv_engine *made = calloc(1, sizeof *made);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a fit of %zu channels", channels);
    made->problem = problem;
    made->channels = channels;
    made->tolerance = problem->tolerance;
    clv_status status = clv_mapping_new(problem, &made->mapping, err);
    if (!status) { status = clv_mapping_scratch_new(made->mapping, &made->scratch, err); }
    if (!status) { status = clv_workspace_fill(made, err); }
    if (status) {
        clv_engine_free(made);
        return status;
    }
    *engine = made;
    return CLV_OK;
}

void clv_engine_free(clv_engine *engine)
{
    if (!engine) { return; }
    for (size_t i = 0; i < engine->taken_count; i++) { free(engine->taken[i]); }
    free(engine->taken);
    clv_mapping_scratch_free(&engine->scratch);
    clv_mapping_free(engine->mapping);
    free(engine);
}

size_t clv_engine_shared_count(const clv_engine *engine) { return engine->mapping->shared_count; }

size_t clv_engine_shared(const clv_engine *engine, size_t place)
{
    return place < engine->mapping->shared_count ? engine->mapping->free_parameter[engine->n_local + place] : SIZE_MAX;
}

int clv_engine_is_linear(const clv_engine *engine)
{
    return engine->n_free == 0 && engine->problem->statistics != CLV_STATISTICS_POISSON;
}

static double reduced(const clv_engine *engine, double deviance)
{
    double dof = (double)engine->valid - (double)engine->n_all;
    return deviance / fmax(dof, 1);
}

/* Whether what was found is better than the best so far: lower, or as low and settled. */
static int is_better(const outcome *found, const outcome *best)
{
    if ((found->flags | best->flags) & CLV_FIT_NOT_FINITE) { return !(found->flags & CLV_FIT_NOT_FINITE); }
    double slack = !found->flags && best->flags ? 1e-4 * fabs(best->deviance) : 0;
    return found->deviance < best->deviance + slack;
}

/* Runs from here.free; keeps the point when it is the best so far. Gives what this run found. */
static outcome attempt(clv_engine *engine, int warm, outcome *best, int *iterations)
{
    outcome found = {.flags = clv_iterate_run(engine, warm, iterations)};

    found.deviance = found.flags & CLV_FIT_NOT_FINITE ? INFINITY : engine->here.deviance;
    if (!is_better(&found, best)) { return found; }
    *best = found;
    memcpy(engine->best.free, engine->here.free, engine->n_free * sizeof(double));
    memcpy(engine->best.linear, engine->here.linear, engine->n_linear * sizeof(double));
    return found;
}

/* Whether something came to rest where it should not: a peak without area, a parameter on its bound or lost. */
static int any_frozen(const clv_engine *engine)
{
    for (size_t k = 0; k < engine->n_all; k++) {
        size_t a = k - engine->n_linear;
        int away = k >= engine->n_linear && a >= engine->n_local;
        if (engine->frozen[k] && !away) { return 1; }
    }
    return 0;
}

/* The noise of the reduced deviance: five of its standard deviations. */
static double margin(const clv_engine *engine)
{
    double dof = fmax((double)engine->valid - (double)engine->n_all, 1);
    return 5 * sqrt(2 / dof);
}

/* Whether a fit that started from its neighbour's can stand: it settled, nothing froze, and it describes its spectrum
   about as well as the neighbour's did. */
static int warm_stands(const clv_engine *engine, const clv_solution *warm, const outcome *found)
{
    double before = warm->deviance / fmax(warm->dof, 1), now = reduced(engine, found->deviance);
    int known = engine->problem->statistics != CLV_STATISTICS_LEAST_SQUARES;

    if (engine->steady) { return !found->flags; }
    if (found->flags || any_frozen(engine)) { return 0; }
    return known ? now <= 1.25 * before + margin(engine) : now <= 2 * before;
}

/* Whether other starts should be tried: it failed, or is poor by far, or a peak vanished and the rest is not good. */
static int cold_doubtful(const clv_engine *engine, const outcome *found)
{
    double now = reduced(engine, found->deviance);

    if (found->flags) { return 1; }
    if (engine->steady) { return 0; }
    if (engine->problem->statistics == CLV_STATISTICS_LEAST_SQUARES) { return any_frozen(engine); }
    return now > 3 || (any_frozen(engine) && now > 1 + margin(engine));
}

static void cold(clv_engine *engine, outcome *best, int *iterations)
{
    clv_starts_cold(engine);
    clv_spectrum_first_weights(engine);
    outcome first = attempt(engine, 0, best, iterations);
    int doubtful = engine->n_free > 0 && cold_doubtful(engine, &first);
    for (unsigned s = 1; doubtful && s <= OTHER_STARTS; s++) {
        double before = best->deviance;
        clv_starts_other(engine, s);
        clv_spectrum_first_weights(engine);
        int had = !(best->flags & FAILED);
        outcome found = attempt(engine, 0, best, iterations);
        int settled = !(best->flags & FAILED) && fabs(found.deviance - before) <= 1e-4 * fabs(before);
        if ((had && settled) || (!best->flags && reduced(engine, best->deviance) < 1 + margin(engine))) { break; }
    }
}

static void nothing(const clv_engine *engine, clv_solution *out)
{
    for (size_t i = 0; i < engine->p; i++) {
        clv_mapping_kind kind = engine->mapping->kind[i];
        if (out->value) { out->value[i] = kind == CLV_MAPPING_HELD ? engine->problem->parameters[i].start : NAN; }
        if (out->error) { out->error[i] = kind == CLV_MAPPING_HELD ? 0 : NAN; }
        if (out->state) { out->state[i] = (uint8_t)engine->problem->parameters[i].state; }
    }
    for (size_t i = 0; out->covariance && i < engine->p * engine->p; i++) { out->covariance[i] = NAN; }
    for (size_t i = 0; out->sensitivity && i < engine->p * engine->mapping->shared_count; i++) {
        out->sensitivity[i] = NAN;
    }
    out->chi2 = out->deviance = out->runs_p = out->correlation = NAN;
    out->dof = (double)engine->valid - (double)engine->n_all;
    out->fitted = engine->n_all;
    out->shift = 0;
    out->shift_error = NAN;
    out->flags = CLV_FIT_NOT_FINITE;
}

/* Writes the solution at `best`, where the engine's matrices stand already. */
static void tell(clv_engine *engine, const outcome *found, clv_solution *out)
{
    clv_error ignored = {0};

    out->flags |= (uint8_t)found->flags;
    clv_covariance_fill(engine, out);
    clv_statistics_fill(engine, out);
    if (clv_mapping_thetas(engine->mapping, &engine->scratch, engine->best.free, engine->parameter, engine->jacobian,
                           &ignored)) {
        nothing(engine, out);
        return;
    }
    clv_mapping_coefficients(engine->mapping, engine->best.linear, engine->parameter);
    if (out->value) { memcpy(out->value, engine->parameter, engine->p * sizeof(double)); }
    out->shift = engine->has_shift ? engine->best.free[engine->n_free - 1] : 0;
}

/* Brings the engine back to the best of several attempts when the last one was another. */
static int stand_at_best(clv_engine *engine)
{
    int same = memcmp(engine->here.free, engine->best.free, engine->n_free * sizeof(double)) == 0 &&
               memcmp(engine->here.linear, engine->best.linear, engine->n_linear * sizeof(double)) == 0;

    if (same) { return 1; }
    memcpy(engine->here.free, engine->best.free, engine->n_free * sizeof(double));
    memcpy(engine->here.linear, engine->best.linear, engine->n_linear * sizeof(double));
    return clv_iterate_look(engine);
}

/* One linear solve with fixed weights needs no start and no steps. */
static void solve_linear(clv_engine *engine, outcome *best)
{
    *best = (outcome){.flags = clv_projection_run(engine), .deviance = engine->here.deviance};
    memcpy(engine->best.linear, engine->here.linear, engine->n_linear * sizeof(double));
}

clv_status clv_engine_fit(clv_engine *engine, const clv_problem_data *data, const clv_solution *warm, clv_solution *out,
                          clv_error *err)
{
    outcome best = {.flags = CLV_FIT_NOT_FINITE};
    int warm_tried = warm && warm->value && !(warm->flags & UNFIT), iterations = 0;

    CLV_TRY(clv_spectrum_take(engine, data, err));
    out->flags = 0;
    out->iterations = 0;
    if (engine->valid == 0) {
        nothing(engine, out);
        return CLV_OK;
    }
    if (clv_engine_is_linear(engine)) {
        solve_linear(engine, &best);
    } else if (warm_tried && clv_starts_warm(engine, warm)) {
        attempt(engine, 1, &best, &iterations);
        if ((best.flags & CLV_FIT_NOT_FINITE) || !warm_stands(engine, warm, &best)) {
            double before = best.flags & CLV_FIT_NOT_FINITE ? INFINITY : best.deviance;
            cold(engine, &best, &iterations);
            if (best.deviance < before) { out->flags |= CLV_FIT_RESTARTED; }
        }
    } else {
        cold(engine, &best, &iterations);
    }
    out->iterations = iterations;
    if ((best.flags & CLV_FIT_NOT_FINITE) || !stand_at_best(engine)) {
        nothing(engine, out);
        return CLV_OK;
    }
    tell(engine, &best, out);
    return CLV_OK;
}
