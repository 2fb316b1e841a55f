/* One attempt at a least-squares minimum: damped steps downhill, then undamped ones to the last digits.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/least_squares_attempt.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/linear.h"

/* The largest acceleration, of the velocity, with which a step is trusted (Transtrum and Sethna). */
#define ACCELERATION_LIMIT 0.75
#define DAMPING_LIMIT 1e20

clv_status clv_least_squares_work_new(size_t m, size_t p, clv_least_squares_work *work, clv_error *err)
{
    size_t total = 5 * p + 4 * m + 3 * m * p + 2 * p * p + 2 * p;
    double *place;

    CLV_CHECK(m < SIZE_MAX / 64 / (p + 1), err, CLV_NO_MEMORY, "%zu residuals of %zu parameters are too many", m, p);
    *work = (clv_least_squares_work){.m = m, .p = p};
    place = calloc(total, sizeof *place);
    work->free = calloc(2 * p, sizeof *work->free);
    if (!place || !work->free) {
        free(place);
        free(work->free);
        return clv_fail(err, CLV_NO_MEMORY, "no memory to fit %zu residuals by %zu parameters", m, p);
    }
    work->order = work->free + p;
    double **const vectors[] = {&work->x,      &work->trial,    &work->scale,          &work->step,
                                &work->turn,   &work->r,        &work->trial_r,        &work->probe,
                                &work->q,      &work->jacobian, &work->trial_jacobian, &work->triangle,
                                &work->damped, &work->right};
    const size_t sizes[] = {p, p, p, p, p, m, m, m, m, m * p, m * p, m * p, 2 * p * p, 2 * p};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        *vectors[i] = place;
        place += sizes[i];
    }
    return CLV_OK;
}

void clv_least_squares_work_free(clv_least_squares_work *work)
{
    free(work->x); /* the first of the one block */
    free(work->free);
    *work = (clv_least_squares_work){0};
}

/* Sums in extended precision: near the minimum chi2 changes only in its last digits. */
static double sum_of_squares(const double *r, size_t m)
{
    long double sum = 0;

    for (size_t i = 0; i < m; i++) { sum += (long double)r[i] * r[i]; }
    return (double)sum;
}

static bool all_finite(const double *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(a[i])) { return false; }
    }
    return true;
}

/* Lists the parameters that are free to move: all but those at a bound with the downhill side beyond it. */
static void find_free(const clv_least_squares_problem *problem, clv_least_squares_work *work)
{
    work->n_free = 0;
    for (size_t j = 0; j < work->p; j++) {
        double slope = 0;
        bool held;
        for (size_t i = 0; i < work->m; i++) { slope += work->jacobian[j * work->m + i] * work->r[i]; }
        held = (problem->lower && work->x[j] <= problem->lower[j] && slope >= 0) ||
               (problem->upper && work->x[j] >= problem->upper[j] && slope <= 0);
        if (!held) { work->free[work->n_free++] = j; }
    }
}

/* What rounding of the model's terms may add to Q^T r. */
static double rounding_noise(clv_least_squares_work *work)
{
    memset(work->probe, 0, work->m * sizeof *work->probe);
    for (size_t j = 0; j < work->p; j++) {
        for (size_t i = 0; i < work->m; i++) { work->probe[i] += fabs(work->jacobian[j * work->m + i] * work->x[j]); }
    }
    return DBL_EPSILON * clv_linear_norm(work->probe, work->m);
}

/* Makes the triangle of the free columns and Q^T r from what was computed at work->x. */
static void make_triangle(const clv_least_squares_problem *problem, clv_least_squares_work *work)
{
    double norm;

    find_free(problem, work);
    for (size_t k = 0; k < work->n_free; k++) {
        memcpy(work->triangle + k * work->m, work->jacobian + work->free[k] * work->m, work->m * sizeof(double));
    }
    memcpy(work->q, work->r, work->m * sizeof *work->q);
    clv_linear_triangle(work->triangle, work->m, work->n_free, work->q);
    norm = clv_linear_norm(work->r, work->m);
    work->cosine = norm > 0 ? clv_linear_norm(work->q, work->n_free) / norm : 0;
    work->noise = rounding_noise(work);
}

clv_status clv_least_squares_look(const clv_least_squares_problem *problem, clv_least_squares_work *work,
                                  clv_error *err)
{
    CLV_TRY(problem->evaluate(work->x, work->r, work->jacobian, problem->payload, err));
    work->evaluations++;
    work->chi2 = sum_of_squares(work->r, work->m);
    make_triangle(problem, work);
    return CLV_OK;
}

size_t clv_least_squares_determined(clv_least_squares_work *work)
{
    double *copy = work->trial_jacobian;
    size_t present = 0;

    for (size_t k = 0; k < work->n_free; k++) {
        const double *column = work->jacobian + work->free[k] * work->m;
        double norm = clv_linear_norm(column, work->m);
        if (norm == 0 || !isfinite(norm)) { continue; }
        for (size_t i = 0; i < work->m; i++) { copy[present * work->m + i] = column[i] / norm; }
        present++;
    }
    return clv_linear_rank(copy, work->m, present, 1e-13, work->order);
}

static void renew_scale(clv_least_squares_work *work, const clv_least_squares_damping *damping)
{
    for (size_t j = 0; j < work->p; j++) {
        double norm = clv_linear_norm(work->jacobian + j * work->m, work->m);
        if (damping->present || norm > work->scale[j]) { work->scale[j] = norm; }
        if (work->scale[j] == 0) { work->scale[j] = 1; }
    }
}

/* Solves (R^T R + lambda D^2) out = -R^T right for the free parameters, by the triangle of [R; sqrt(lambda) D]. */
static void solve_damped(clv_least_squares_work *work, double lambda, const double *right, double *out)
{
    size_t n = work->n_free, rows = 2 * n;
    double root = sqrt(lambda);

    for (size_t k = 0; k < n; k++) {
        double *column = work->damped + k * rows;
        for (size_t i = 0; i < n; i++) { column[i] = i <= k ? work->triangle[k * work->m + i] : 0; }
        for (size_t i = 0; i < n; i++) { column[n + i] = i == k ? root * work->scale[work->free[k]] : 0; }
        work->right[k] = -right[k];
        work->right[n + k] = 0;
    }
    clv_linear_triangle(work->damped, rows, n, work->right);
    clv_linear_back(work->damped, rows, n, work->right, work->right);
    memset(out, 0, work->p * sizeof *out);
    for (size_t k = 0; k < n; k++) { out[work->free[k]] = work->right[k]; }
}

static double scaled_length(const clv_least_squares_work *work, const double *step)
{
    double sum = 0;

    for (size_t j = 0; j < work->p; j++) { sum += work->scale[j] * step[j] * work->scale[j] * step[j]; }
    return sqrt(sum);
}

/* Puts x + step + turn / 2 into work->trial, within the box. */
static void place_trial(const clv_least_squares_problem *problem, clv_least_squares_work *work, double length,
                        bool turned)
{
    for (size_t j = 0; j < work->p; j++) {
        double to = work->x[j] + length * work->step[j] + (turned ? 0.5 * work->turn[j] : 0);
        if (problem->lower && to < problem->lower[j]) { to = problem->lower[j]; }
        if (problem->upper && to > problem->upper[j]) { to = problem->upper[j]; }
        work->trial[j] = to;
    }
}

/* Finds the geodesic acceleration of the present step from the second difference of the residuals along it. Tells in
   `trusted` whether the step is short enough for the model to be nearly quadratic. */
static clv_status accelerate(const clv_least_squares_problem *problem, clv_least_squares_work *work, double lambda,
                             bool *trusted, clv_error *err)
{
    const double h = 0.1;

    memset(work->turn, 0, work->p * sizeof *work->turn);
    place_trial(problem, work, h, false);
    CLV_TRY(problem->evaluate(work->trial, work->trial_r, NULL, problem->payload, err));
    work->evaluations++;
    *trusted = all_finite(work->trial_r, work->m);
    if (!*trusted) { return CLV_OK; }
    for (size_t i = 0; i < work->m; i++) {
        double slope = 0;
        for (size_t j = 0; j < work->p; j++) { slope += work->jacobian[j * work->m + i] * work->step[j]; }
        work->probe[i] = 2 / h * ((work->trial_r[i] - work->r[i]) / h - slope);
    }
    for (size_t k = 0; k < work->n_free; k++) {
        memcpy(work->trial_jacobian + k * work->m, work->jacobian + work->free[k] * work->m, work->m * sizeof(double));
    }
    clv_linear_triangle(work->trial_jacobian, work->m, work->n_free, work->probe);
    solve_damped(work, lambda, work->probe, work->turn);
    *trusted = 2 * scaled_length(work, work->turn) <= ACCELERATION_LIMIT * scaled_length(work, work->step);
    return CLV_OK;
}

/* Makes one trial step with this damping. `downhill` tells whether it lowered chi2 and was taken. */
static clv_status try_step(const clv_least_squares_problem *problem, const clv_least_squares_damping *damping,
                           clv_least_squares_work *work, double lambda, bool *downhill, clv_error *err)
{
    bool trusted = true;
    double chi2;

    *downhill = false;
    solve_damped(work, lambda, work->q, work->step);
    if (damping->accelerate) { CLV_TRY(accelerate(problem, work, lambda, &trusted, err)); }
    if (!trusted || !all_finite(work->step, work->p)) { return CLV_OK; }
    place_trial(problem, work, 1, damping->accelerate);
    CLV_TRY(problem->evaluate(work->trial, work->trial_r, NULL, problem->payload, err));
    work->evaluations++;
    chi2 = sum_of_squares(work->trial_r, work->m);
    if (!(chi2 < work->chi2)) { return CLV_OK; }
    CLV_TRY(problem->evaluate(work->trial, work->trial_r, work->trial_jacobian, problem->payload, err));
    if (!all_finite(work->trial_jacobian, work->m * work->p)) { return CLV_OK; }
    *downhill = true;
    memcpy(work->x, work->trial, work->p * sizeof *work->x);
    return clv_least_squares_look(problem, work, err);
}

/* Takes undamped steps as long as they turn the residuals further away from the tangents: chi2 itself no longer tells.
 */
static clv_status polish(const clv_least_squares_problem *problem, clv_least_squares_work *work, double tolerance,
                         clv_error *err)
{
    for (int round = 0; round < 30 && work->cosine > 1e-4 * tolerance; round++) {
        double *kept = work->turn, chi2 = work->chi2, cosine = work->cosine;

        solve_damped(work, 0, work->q, work->step);
        if (!all_finite(work->step, work->p)) { return CLV_OK; }
        memcpy(kept, work->x, work->p * sizeof *kept);
        place_trial(problem, work, 1, false);
        memcpy(work->x, work->trial, work->p * sizeof *work->x);
        CLV_TRY(clv_least_squares_look(problem, work, err));
        if (!(work->cosine < cosine) || !(work->chi2 <= chi2 * (1 + 1e-9) + work->noise * work->noise)) {
            memcpy(work->x, kept, work->p * sizeof *work->x);
            return clv_least_squares_look(problem, work, err);
        }
    }
    return CLV_OK;
}

static bool is_flat(const clv_least_squares_work *work, double tolerance)
{
    return work->n_free == 0 || work->cosine <= tolerance || clv_linear_norm(work->q, work->n_free) <= 10 * work->noise;
}

/* Says how an attempt ended where nothing lowers chi2 any more. */
static clv_least_squares_end judge(clv_least_squares_work *work, double tolerance)
{
    if (clv_least_squares_determined(work) < work->n_free) { return CLV_LEAST_SQUARES_SINGULAR; }
    return is_flat(work, tolerance) ? CLV_LEAST_SQUARES_CONVERGED : CLV_LEAST_SQUARES_STUCK;
}

clv_status clv_least_squares_attempt(const clv_least_squares_problem *problem, const clv_least_squares_options *options,
                                     const clv_least_squares_damping *damping, clv_least_squares_work *work,
                                     clv_least_squares_end *end, size_t *iterations, clv_error *err)
{
    double tolerance = options->tolerance > 0 ? options->tolerance : 1e-10;
    size_t limit = options->max_iterations > 0 ? options->max_iterations : 1000;
    double lambda = damping->first;

    memset(work->scale, 0, work->p * sizeof *work->scale);
    CLV_TRY(clv_least_squares_look(problem, work, err));
    for (*iterations = 0; *iterations < limit && !is_flat(work, 1e-7); ++*iterations) {
        bool downhill = false;

        renew_scale(work, damping);
        while (!downhill && lambda < DAMPING_LIMIT) {
            CLV_TRY(try_step(problem, damping, work, lambda, &downhill, err));
            lambda = downhill ? fmax(lambda / 5, 1e-16) : lambda * 2;
        }
        if (!downhill) { break; }
    }
    renew_scale(work, damping);
    CLV_TRY(polish(problem, work, tolerance, err));
    *end =
        *iterations == limit && !is_flat(work, tolerance) ? CLV_LEAST_SQUARES_MAX_ITERATIONS : judge(work, tolerance);
    return CLV_OK;
}
