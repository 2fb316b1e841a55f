/* How good a fit is: chi-squared, deviance, degrees of freedom, runs of the residuals.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"
#include "num/columns.h"
#include "num/runs.h"

/* A model is said not to describe the data beyond these. */
#define POOR_RUNS 0.001
#define POOR_REDUCED 3.0

/* The runs test on the channels that were fitted. */
static double runs_probability(clv_engine *engine)
{
    for (size_t i = 0; i < engine->used; i++) {
        engine->temporary[i] = engine->mask[i] * engine->residual[i]; /* zeros are left out */
    }
    return clv_runs_test(engine->temporary, engine->used);
}

void clv_statistics_fill(clv_engine *engine, clv_solution *out)
{
    double chi2 = clv_num_weighted_squares(engine->residual, engine->weight, engine->count);
    int known = engine->problem->statistics != CLV_STATISTICS_LEAST_SQUARES;

    out->chi2 = chi2;
    out->deviance = engine->here.deviance;
    out->fitted = engine->active;
    out->dof = (double)engine->valid - (double)engine->active;
    out->runs_p = runs_probability(engine);
    if (out->runs_p < POOR_RUNS || (known && out->dof > 0 && chi2 / out->dof > POOR_REDUCED)) {
        out->flags |= CLV_FIT_POOR;
    }
}
