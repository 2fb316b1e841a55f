/* One step: information matrix, what stands still, damped solution, limits.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/cholesky.h"
#include "fit/workspace.h"
#include "num/columns.h"

#include <math.h>
#include <string.h>

/* The size of what parameter a moves: norm of its peaks and backgrounds as fitted. */
static double moved_norm(const clv_engine *engine, size_t a)
{
    size_t n = engine->mapping->free_count, all = engine->n_all;
    double sum = 0;

    for (size_t l = 0; l < engine->n_linear; l++) {
        int moved = a >= n && engine->linear[l].peak;
        if (a < n) { moved = engine->touches[a * engine->n_linear + l]; }
        if (moved) { sum += engine->here.linear[l] * engine->here.linear[l] * engine->gram[l * all + l]; }
    }
    return sqrt(sum);
}

void clv_step_gram(clv_engine *engine)
{
    size_t n = engine->n_all, m = engine->n_linear;

    clv_evaluate_derivatives(engine);
    for (size_t l = 0; l < m; l++) { engine->columns[l] = engine->linear[l].used; }
    for (size_t a = 0; a < engine->n_free; a++) { engine->columns[m + a] = engine->derivative[a]; }
    if (n == 0) { return; }
    clv_num_gram(engine->columns, n, engine->weight, engine->residual, engine->count, engine->gram, engine->slope);
    if (engine->shift_sigma > 0) {
        double precision = 1 / (engine->shift_sigma * engine->shift_sigma);
        engine->gram[n * n - 1] += precision;
        engine->slope[n - 1] -= precision * engine->here.free[engine->n_free - 1];
    }
    for (size_t a = 0; a < engine->n_free; a++) {
        double own = engine->gram[(m + a) * n + m + a], size = moved_norm(engine, a);
        engine->own_size[a] = size > 0 && own > 0 ? size / sqrt(own) : INFINITY;
    }
}

void clv_step_bounds(const clv_engine *engine, size_t a, double *low, double *high)
{
    if (a >= engine->mapping->free_count) {
        *low = -INFINITY;
        *high = INFINITY;
        return;
    }
    const clv_problem_parameter *parameter = &engine->problem->parameters[engine->mapping->free_parameter[a]];
    *low = parameter->low;
    *high = parameter->high;
}

static int stands_still(const clv_engine *engine, size_t a)
{
    size_t k = engine->n_linear + a, n = engine->n_all;
    double low, high, at = engine->here.free[a], slope = engine->slope[k], own = engine->gram[k * n + k];

    if (a >= engine->n_local && a < engine->mapping->free_count) { return 1; }
    if (a >= engine->mapping->free_count && !(engine->shift_sigma > 0)) { return 1; }
    clv_step_bounds(engine, a, &low, &high);
    if ((at <= low && slope <= 0) || (at >= high && slope >= 0)) { return 1; }
    return !(own > 0) || !isfinite(own); /* it moves nothing, such as the place of a peak without area */
}

void clv_step_freeze(clv_engine *engine)
{
    for (size_t l = 0; l < engine->n_linear; l++) {
        const clv_problem_parameter *parameter = &engine->problem->parameters[engine->mapping->linear_parameter[l]];
        double at = engine->here.linear[l], slope = engine->slope[l];
        engine->frozen[l] = (at <= parameter->low && slope <= 0) || (at >= parameter->high && slope >= 0);
    }
    for (size_t a = 0; a < engine->n_free; a++) {
        engine->frozen[engine->n_linear + a] = (uint8_t)stands_still(engine, a);
    }
}

double clv_step_solve(clv_engine *engine, double damping, double *delta)
{
    double decrease = 0;

    clv_cholesky_solve(engine->gram, engine->n_all, engine->frozen, engine->n_linear, damping, engine->slope, delta,
                       engine->small);
    for (size_t k = 0; k < engine->n_all; k++) { decrease += delta[k] * engine->slope[k]; }
    return decrease;
}

void clv_step_take(clv_engine *engine, const double *delta)
{
    for (size_t a = 0; a < engine->n_free; a++) {
        double low, high, at = engine->here.free[a], step = delta[engine->n_linear + a], most = engine->own_size[a];
        if (most < INFINITY) { step = fmin(fmax(step, -most), most); }
        clv_step_bounds(engine, a, &low, &high);
        double to = at + step;
        /* widths and the like live above 0: come near it only by halves */
        if (low >= 0 && at > low && to < low + 0.4 * (at - low) && to > low - 2 * (at - low)) {
            to = low + 0.4 * (at - low);
        }
        engine->trial.free[a] = fmin(fmax(to, low), high);
    }
}
