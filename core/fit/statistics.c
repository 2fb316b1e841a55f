/* How good a fit is: chi-squared, deviance, degrees of freedom, runs of the residuals.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"
#include "num/columns.h"
#include "num/runs.h"

#include <math.h>

/* A model is said not to describe the data beyond these. */
#define POOR_RUNS 0.001
#define POOR_REDUCED 3.0

/* Correlation of neighbours; NaN without residuals. In four sums, because one would wait for itself. */
static double correlate(const double *residual, size_t n)
{
    double with_next[4] = {0}, own[4] = {0}, sum;

    for (size_t i = 0; i + 1 < n; i++) {
        with_next[i % 4] += residual[i] * residual[i + 1];
        own[i % 4] += residual[i] * residual[i];
    }
    sum = own[0] + own[1] + own[2] + own[3];
    return sum > 0 ? (with_next[0] + with_next[1] + with_next[2] + with_next[3]) / sum : NAN;
}

void clv_statistics_fill(clv_engine *engine, clv_solution *out)
{
    double chi2 = clv_num_weighted_squares(engine->residual, engine->weight, engine->count);
    int known = engine->problem->statistics != CLV_STATISTICS_LEAST_SQUARES;

    out->chi2 = chi2;
    out->deviance = engine->here.deviance;
    out->fitted = engine->active;
    out->dof = (double)engine->valid - (double)engine->active;
    for (size_t i = 0; i < engine->used; i++) {
        engine->temporary[i] = engine->mask[i] * engine->residual[i]; /* the runs test leaves zeros out */
    }
    out->runs_p = clv_runs_test(engine->temporary, engine->used);
    out->correlation = correlate(engine->temporary, engine->used);
    if (out->runs_p < POOR_RUNS || (known && out->dof > 0 && chi2 / out->dof > POOR_REDUCED)) {
        out->flags |= CLV_FIT_POOR;
    }
}
