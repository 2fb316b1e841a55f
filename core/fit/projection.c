/* The path of models that are linear with fixed weights: columns, information matrix and weighted columns are made once
   and serve every spectrum on the same grid. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/arrays.h"
#include "fit/iterate.h"
#include "num/box_squares.h"
#include "num/columns.h"

#include <math.h>
#include <string.h>

/* Makes the information matrix and the weighted columns for the present columns and weights. */
static void prepare(clv_engine *engine)
{
    size_t n = engine->n_linear, bytes = engine->count * sizeof(double);

    for (size_t l = 0; l < n; l++) { engine->columns[l] = engine->linear[l].used; }
    clv_num_gram(engine->columns, n, engine->fixed_weight, engine->y, engine->count, engine->gram, engine->slope);
    for (size_t l = 0; l < n; l++) {
        for (size_t i = 0; i < engine->count; i++) {
            engine->weighted[l][i] = engine->fixed_weight[i] * engine->columns[l][i];
        }
    }
    memcpy(engine->projected_weight, engine->fixed_weight, bytes);
    engine->projection_ready = 1;
}

int clv_projection_run(clv_engine *engine)
{
    clv_error ignored = {0};
    size_t n = engine->n_linear;
    int ready = engine->projection_ready && engine->columns_fresh &&
                memcmp(engine->projected_weight, engine->fixed_weight, engine->count * sizeof(double)) == 0;
    double *linear = engine->here.linear, *target = engine->temporary;

    if (clv_evaluate_columns(engine, engine->here.free, &ignored)) { return CLV_FIT_NOT_FINITE; }
    if (!ready) { prepare(engine); }
    for (size_t i = 0; i < engine->count; i++) { target[i] = engine->y[i] - engine->base[i]; }
    clv_arrays_dots((const double *const *)engine->weighted, n, target, engine->count, engine->linear_slope);
    memset(linear, 0, n * sizeof *linear);
    memset(engine->at_bound, 0, n);
    if (n > 0 && clv_box_squares_solve(engine->gram, n, engine->linear_slope, n, engine->low, engine->high, linear,
                                       engine->at_bound) == 0) {
        return CLV_FIT_NOT_FINITE;
    }
    clv_evaluate_model(engine, linear);
    engine->here.deviance = clv_likelihood_deviance(engine, engine->weight);
    for (size_t l = 0; l < n; l++) {
        engine->slope[l] = engine->linear_slope[l];
        for (size_t k = 0; k < n; k++) { engine->slope[l] -= engine->gram[l * n + k] * linear[k]; }
    }
    clv_step_freeze(engine);
    return isfinite(engine->here.deviance) ? 0 : CLV_FIT_NOT_FINITE;
}
