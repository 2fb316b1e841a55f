/* Least squares by several attempts: different dampings, then perturbed starts, and the best is kept.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/least_squares.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "num/least_squares_attempt.h"
#include "num/linear.h"

static const clv_least_squares_damping dampings[] = {
    {.accelerate = true, .present = false, .first = 1e-3},
    {.accelerate = false, .present = false, .first = 1e-3},
    {.accelerate = true, .present = true, .first = 1e-3},
    {.accelerate = false, .present = true, .first = 1e-2},
};
enum { n_dampings = sizeof dampings / sizeof dampings[0] };

const char *clv_least_squares_end_name(clv_least_squares_end end)
{
    switch (end) {
    case CLV_LEAST_SQUARES_CONVERGED: return "converged";
    case CLV_LEAST_SQUARES_SINGULAR: return "not determined by the data";
    case CLV_LEAST_SQUARES_MAX_ITERATIONS: return "iterations used up";
    case CLV_LEAST_SQUARES_STUCK: return "stuck";
    }
    return "unknown";
}

static clv_status check(const clv_least_squares_problem *problem, const double *parameters, clv_error *err)
{
    size_t p = problem->n_parameters;

    CLV_CHECK(
        p > 0 && problem->n_residuals >= p, err, CLV_BAD_ARGUMENT,
        "%zu residuals cannot determine %zu parameters: there must be at least one parameter, and a residual for each",
        problem->n_residuals, p);
    for (size_t j = 0; j < p; j++) {
        double low = problem->lower ? problem->lower[j] : -INFINITY,
               high = problem->upper ? problem->upper[j] : INFINITY;
        CLV_CHECK(isfinite(parameters[j]), err, CLV_BAD_ARGUMENT, "the start of parameter %zu is not finite", j);
        CLV_CHECK(low <= high, err, CLV_BAD_ARGUMENT, "the bounds %g to %g of parameter %zu leave no room", low, high,
                  j);
    }
    return CLV_OK;
}

static void clamp(const clv_least_squares_problem *problem, double *x)
{
    for (size_t j = 0; j < problem->n_parameters; j++) {
        if (problem->lower && x[j] < problem->lower[j]) { x[j] = problem->lower[j]; }
        if (problem->upper && x[j] > problem->upper[j]) { x[j] = problem->upper[j]; }
    }
}

/* A number between -1 and 1, the same in every run (D. E. Knuth's MMIX generator). */
static double next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(int64_t)(*seed >> 11) / 4503599627370496.0 - 1;
}

/* Moves a start by factors, ever wider: parameters of unknown size are best perturbed in their logarithm. Few restarts
   change a sign as well; a zero takes any value of order one. */
static void perturb(const clv_least_squares_problem *problem, const double *start, size_t restart, double *x)
{
    static const double spreads[] = {0.3, 1, 2, 4, 7};
    uint64_t seed = UINT64_C(88172645463325252) + restart;
    double spread = spreads[restart % (sizeof spreads / sizeof spreads[0])];

    for (int i = 0; i < 8; i++) { next_random(&seed); }
    for (size_t j = 0; j < problem->n_parameters; j++) {
        double by = spread * next_random(&seed);
        bool flip = restart % 3 == 2 && next_random(&seed) > 0.5;
        x[j] = start[j] != 0 ? start[j] * exp(by) * (flip ? -1 : 1) : by;
    }
    clamp(problem, x);
}

/* Tells whether a new end is to be preferred: converged before not converged, then the smaller chi2. */
static bool is_better(clv_least_squares_end end, double chi2, double noise, const clv_least_squares_result *best)
{
    double equal = 1e-9 * best->chi2 + 2 * noise * sqrt(best->chi2); /* what rounding may make of equals */
    bool good = end == CLV_LEAST_SQUARES_CONVERGED, known = best->end == CLV_LEAST_SQUARES_CONVERGED;

    if (!isfinite(chi2)) { return false; }
    if (best->attempts == 0 || !isfinite(best->chi2)) { return true; }
    if (good != known) { return good; }
    return chi2 < best->chi2 - equal;
}

/* Runs the attempts and keeps the best point in `parameters`. */
static clv_status run_attempts(const clv_least_squares_problem *problem, const clv_least_squares_options *options,
                               const double *start, clv_least_squares_work *work, double *parameters,
                               clv_least_squares_result *best, clv_error *err)
{
    size_t p = problem->n_parameters, attempts = n_dampings + options->restarts;

    for (size_t a = 0; a < attempts; a++) {
        clv_least_squares_end end = CLV_LEAST_SQUARES_STUCK;
        size_t iterations = 0;

        if (best->end == CLV_LEAST_SQUARES_CONVERGED && a > 0 && (a < n_dampings || options->restarts == 0)) {
            continue;
        }
        memcpy(work->x, start, p * sizeof *start);
        if (a >= n_dampings) { perturb(problem, start, a - n_dampings, work->x); }
        CLV_TRY(clv_least_squares_attempt(problem, options, &dampings[a % n_dampings], work, &end, &iterations, err));
        if (is_better(end, work->chi2, work->noise, best)) {
            memcpy(parameters, work->x, p * sizeof *parameters);
            best->end = end;
            best->chi2 = work->chi2;
            best->iterations = iterations;
        }
        best->attempts++;
    }
    return CLV_OK;
}

/* The inverse of J^T J for the free parameters, NaN elsewhere. Columns are scaled to length one for the inversion. */
static clv_status find_covariance(clv_least_squares_work *work, double *covariance, clv_error *err)
{
    size_t n = work->n_free, p = work->p, m = work->m;
    double *inverse = malloc((n * n + 1) * sizeof *inverse), *scaled = work->trial_jacobian;

    CLV_CHECK(inverse, err, CLV_NO_MEMORY, "no memory for a covariance of %zu parameters", n);
    for (size_t i = 0; i < p * p; i++) { covariance[i] = NAN; }
    for (size_t k = 0; k < n; k++) {
        const double *column = work->jacobian + work->free[k] * m;
        work->step[k] = clv_linear_norm(column, m);
        for (size_t i = 0; i < m; i++) { scaled[k * m + i] = column[i] / work->step[k]; }
    }
    clv_linear_triangle(scaled, m, n, NULL);
    clv_linear_covariance(scaled, m, n, inverse);
    for (size_t k = 0; k < n; k++) {
        for (size_t l = 0; l < n; l++) {
            covariance[work->free[k] * p + work->free[l]] = inverse[k * n + l] / (work->step[k] * work->step[l]);
        }
    }
    free(inverse);
    return CLV_OK;
}

/* Looks once more at the point that was kept and tells what is known there. */
static clv_status report(const clv_least_squares_problem *problem, clv_least_squares_work *work, double *covariance,
                         bool *at_bound, clv_least_squares_result *result, clv_error *err)
{
    CLV_TRY(clv_least_squares_look(problem, work, err));
    result->chi2 = work->chi2;
    result->cosine = work->cosine;
    result->n_free = work->n_free;
    result->rank = clv_least_squares_determined(work);
    result->evaluations = work->evaluations;
    if (at_bound) {
        memset(at_bound, 1, work->p * sizeof *at_bound);
        for (size_t k = 0; k < work->n_free; k++) { at_bound[work->free[k]] = false; }
    }
    if (!covariance) { return CLV_OK; }
    if (result->rank == result->n_free) { return find_covariance(work, covariance, err); }
    for (size_t i = 0; i < work->p * work->p; i++) { covariance[i] = NAN; }
    return CLV_OK;
}

clv_status clv_least_squares_solve(const clv_least_squares_problem *problem, const clv_least_squares_options *options,
                                   double *parameters, double *covariance, bool *at_bound,
                                   clv_least_squares_result *result, clv_error *err)
{
    static const clv_least_squares_options usual = {0};
    clv_least_squares_result best = {.end = CLV_LEAST_SQUARES_STUCK};
    clv_least_squares_work work;
    double *start;
    clv_status status;

    CLV_TRY(check(problem, parameters, err));
    CLV_TRY(clv_least_squares_work_new(problem->n_residuals, problem->n_parameters, &work, err));
    start = malloc(problem->n_parameters * sizeof *start);
    status = start ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory for a fit");
    if (status) { goto done; }
    memcpy(start, parameters, problem->n_parameters * sizeof *start);
    clamp(problem, start);
    memcpy(work.x, start, problem->n_parameters * sizeof *start);
    if ((status = clv_least_squares_look(problem, &work, err))) { goto done; }
    if (!isfinite(work.chi2)) {
        status = clv_fail(err, CLV_BAD_ARGUMENT, "the model is not finite at the start");
        goto done;
    }
    status = run_attempts(problem, options ? options : &usual, start, &work, parameters, &best, err);
    if (status) { goto done; }
    memcpy(work.x, parameters, problem->n_parameters * sizeof *start);
    status = report(problem, &work, covariance, at_bound, &best, err);
    if (!status) { *result = best; }
done:
    free(start);
    clv_least_squares_work_free(&work);
    return status;
}
