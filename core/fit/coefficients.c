/* The inner problem: bounded weighted linear least squares for the coefficients, on its normal equations.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"
#include "num/box_squares.h"
#include "num/columns.h"

#include <math.h>
#include <string.h>

void clv_coefficients_solve(clv_engine *engine, double *linear)
{
    size_t n = engine->n_linear;

    if (n == 0) { return; }
    for (size_t l = 0; l < n; l++) { engine->columns[l] = engine->linear[l].used; }
    for (size_t i = 0; i < engine->count; i++) { engine->temporary[i] = engine->y[i] - engine->base[i]; }
    clv_num_gram(engine->columns, n, engine->weight, engine->temporary, engine->count, engine->linear_gram,
                 engine->linear_slope);
    memset(linear, 0, n * sizeof *linear);
    memset(engine->at_bound, 0, n);
    if (clv_box_squares_solve(engine->linear_gram, n, engine->linear_slope, n, engine->low, engine->high, linear,
                              engine->at_bound) == 0) {
        for (size_t l = 0; l < n; l++) { linear[l] = NAN; }
    }
}
