/* How far the model is from the data, by the statistics that was asked for.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/arrays.h"
#include "fit/workspace.h"

#include <math.h>
#include <string.h>

/* Below this many counts the likelihood of a channel goes on as a parabola: a model that passes through zero between
   counts of 0 stays finite, and means of a few tenths of a count are untouched. */
#define LEAST_COUNTS 0.02

double clv_likelihood_deviance(clv_engine *engine, double *weight)
{
    const clv_problem *problem = engine->problem;
    double deviance;

    if (problem->statistics == CLV_STATISTICS_POISSON) {
        deviance = clv_arrays_poisson(engine->y, engine->model, engine->mask, engine->count, problem->noise_scale,
                                      problem->noise_read, LEAST_COUNTS, engine->residual, weight);
    } else {
        deviance = clv_arrays_square(engine->y, engine->model, engine->fixed_weight, engine->count, engine->residual);
        memcpy(weight, engine->fixed_weight, engine->count * sizeof *weight);
    }
    if (engine->shift_sigma > 0) {
        double shift = engine->energy[0] - engine->axis[0];
        deviance += shift * shift / (engine->shift_sigma * engine->shift_sigma);
    }
    return deviance;
}
