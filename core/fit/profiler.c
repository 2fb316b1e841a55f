/* Profile likelihood: each free parameter held at trial values while all others are fitted again.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/intervals.h"
#include "fit/workspace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Profiled fits are more precise than others: differences of their deviances are asked for. */
#define PRECISION 1e-2

/* An end is found when the root of the deviance's rise is this near to 1. */
#define NEAR 2e-3
#define LOOKS 40

/* An end further off than this many first steps is none. */
#define FAR 1e4

/* An engine with parameter `place` held. */
typedef struct held {
    clv_problem problem;
    clv_problem_parameter *parameters;
    clv_engine *engine;
    size_t place;
} held;

struct clv_profiler {
    const clv_problem *problem;
    clv_engine *all; /* nothing held */
    held *held;      /* [count] */
    size_t count;
    double *value, *best; /* [p] */
};

/* What stays the same while the ends of one parameter are sought. */
typedef struct search {
    held *held;
    const clv_problem_data *data;
    const clv_solution *found;
    double *value;              /* [p] where the last look ended */
    double least, unit, centre; /* deviance of the fit, what counts as 1 in it, value of the parameter */
    double first;               /* first step */
} search;

static clv_status hold(const clv_problem *problem, size_t place, size_t channels, held *made, clv_error *err)
{
    size_t count = problem->parameter_count;

    made->place = place;
    made->problem = *problem;
    made->parameters = calloc(count + 1, sizeof *made->parameters);
    CLV_CHECK(made->parameters, err, CLV_NO_MEMORY, "no memory to profile %zu parameters", count);
    memcpy(made->parameters, problem->parameters, count * sizeof *made->parameters);
    made->parameters[place].state = CLV_PARAMETER_FIXED;
    made->problem.parameters = made->parameters;
    CLV_TRY(clv_engine_new(&made->problem, channels, &made->engine, err));
    made->engine->steady = 1;
    made->engine->tolerance = PRECISION * problem->tolerance;
    return CLV_OK;
}

static clv_status fill(clv_profiler *profiler, size_t channels, clv_error *err)
{
    const clv_problem *problem = profiler->problem;
    size_t p = problem->parameter_count;

    profiler->held = calloc(p + 1, sizeof *profiler->held);
    profiler->value = calloc(2 * p + 1, sizeof *profiler->value);
    CLV_CHECK(profiler->held && profiler->value, err, CLV_NO_MEMORY, "no memory to profile %zu parameters", p);
    profiler->best = profiler->value + p;
    CLV_TRY(clv_engine_new(problem, channels, &profiler->all, err));
    profiler->all->steady = 1;
    profiler->all->tolerance = PRECISION * problem->tolerance;
    for (size_t i = 0; i < p; i++) {
        if (problem->parameters[i].state != CLV_PARAMETER_FREE) { continue; }
        CLV_TRY(hold(problem, i, channels, &profiler->held[profiler->count++], err));
    }
    return CLV_OK;
}

clv_status clv_profiler_new(const clv_problem *problem, size_t channels, clv_profiler **profiler, clv_error *err)
{
    clv_profiler *made = calloc(1, sizeof *made);

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory to profile");
    made->problem = problem;
    clv_status status = fill(made, channels, err);
    if (status) {
        clv_profiler_free(made);
        return status;
    }
    *profiler = made;
    return CLV_OK;
}

void clv_profiler_free(clv_profiler *profiler)
{
    if (!profiler) { return; }
    for (size_t k = 0; k < profiler->count; k++) {
        clv_engine_free(profiler->held[k].engine);
        free(profiler->held[k].parameters);
    }
    clv_engine_free(profiler->all);
    free(profiler->held);
    free(profiler->value);
    free(profiler);
}

/* Root of the rise of the deviance with the parameter held at `at`; infinite where there is no fit. */
static clv_status look(search *s, double at, double *root, clv_error *err)
{
    clv_solution before = {.value = s->value, .deviance = s->least, .dof = s->found->dof}, out = {.value = s->value};

    s->held->parameters[s->held->place].start = at;
    s->held->engine->columns_fresh = 0; /* what is held has moved */
    s->held->engine->projection_ready = 0;
    CLV_TRY(clv_engine_fit(s->held->engine, s->data, &before, &out, err));
    double rise = (out.deviance - s->least) / s->unit;
    *root = isfinite(rise) ? sqrt(fmax(rise, 0)) : INFINITY;
    return CLV_OK;
}

/* The next trial between an inner place, below the rise that is sought, and an outer one above it or none yet (NaN). */
static double next_trial(const search *s, const double inner[2], const double outer[2])
{
    if (isnan(outer[0])) {
        double factor = fmin(fmax(1 / fmax(inner[1], 1e-3), 1.2), 4);
        return s->centre + (inner[0] - s->centre) * factor;
    }
    double part = isfinite(outer[1]) ? (1 - inner[1]) / (outer[1] - inner[1]) : 0.5;
    return inner[0] + fmin(fmax(part, 0.05), 0.95) * (outer[0] - inner[0]);
}

static clv_status find_end(search *s, double side, double bound, double *end, clv_error *err)
{
    double inner[2] = {s->centre, 0}, outer[2] = {NAN, NAN}, at = s->centre + side * s->first;

    *end = NAN;
    memcpy(s->value, s->found->value, s->held->problem.parameter_count * sizeof(double));
    if ((bound - s->centre) * side <= 0) {
        *end = bound;
        return CLV_OK;
    }
    for (int n = 0; n < LOOKS; n++) {
        if ((bound - at) * side < 0) { at = bound; }
        double root;
        CLV_TRY(look(s, at, &root, err));
        if (fabs(root - 1) < NEAR || (at == bound && root < 1)) {
            *end = at;
            return CLV_OK;
        }
        double *place = root < 1 ? inner : outer;
        place[0] = at;
        place[1] = root;
        at = next_trial(s, inner, outer);
        if (fabs(at - s->centre) > FAR * s->first) { return CLV_OK; }
        if (!isfinite(root)) { memcpy(s->value, s->found->value, s->held->problem.parameter_count * sizeof(double)); }
    }
    return CLV_OK;
}

/* A first step where linear theory has none. */
static double first_step(const clv_problem_parameter *parameter, double value, double error)
{
    if (error > 0 && isfinite(error)) { return error; }
    if (isfinite(parameter->high - parameter->low)) { return 0.05 * (parameter->high - parameter->low); }
    return 0.01 * fmax(fabs(value), 0.1);
}

/* The deviance at the minimum, more precise than in `found`. */
static clv_status find_least(clv_profiler *profiler, const clv_problem_data *data, const clv_solution *found,
                             double *least, clv_error *err)
{
    clv_solution before = {.value = profiler->best, .deviance = found->deviance, .dof = found->dof};
    clv_solution out = {.value = profiler->best};

    memcpy(profiler->best, found->value, profiler->problem->parameter_count * sizeof(double));
    CLV_TRY(clv_engine_fit(profiler->all, data, &before, &out, err));
    *least = out.deviance < found->deviance ? out.deviance : found->deviance;
    return CLV_OK;
}

clv_status clv_profiler_run(clv_profiler *profiler, const clv_problem_data *data, const clv_solution *found,
                            double *interval, clv_error *err)
{
    const clv_problem *problem = profiler->problem;
    search s = {.data = data, .found = found, .value = profiler->value};

    for (size_t i = 0; i < 2 * problem->parameter_count; i++) { interval[i] = NAN; }
    if (found->flags & (CLV_FIT_NOT_FINITE | CLV_FIT_NOT_CONVERGED)) { return CLV_OK; }
    CLV_TRY(find_least(profiler, data, found, &s.least, err));
    int scaled = problem->statistics == CLV_STATISTICS_LEAST_SQUARES;
    s.unit = scaled ? s.least / found->dof : 1;
    if (!(s.unit > 0) || !isfinite(s.unit)) { return CLV_OK; }
    for (size_t k = 0; k < profiler->count; k++) {
        size_t i = profiler->held[k].place;
        const clv_problem_parameter *parameter = &problem->parameters[i];
        s.held = &profiler->held[k];
        s.centre = found->value[i];
        s.first = first_step(parameter, s.centre, found->error ? found->error[i] : NAN);
        CLV_TRY(find_end(&s, -1, parameter->low, &interval[2 * i], err));
        CLV_TRY(find_end(&s, 1, parameter->high, &interval[2 * i + 1], err));
    }
    return CLV_OK;
}
