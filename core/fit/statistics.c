/* How good a fit is: chi-squared, deviance, degrees of freedom, runs of the residuals.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"

#include <math.h>

/* A model is said not to describe the data beyond these. */
#define POOR_RUNS 0.001
#define POOR_REDUCED 3.0

/* Two-sided probability of the number of runs of equal sign in the residuals, were they independent (A. Wald, J.
   Wolfowitz, Ann. Math. Stat. 11 (1940) 147, doi 10.1214/aoms/1177731909; normal approximation). */
static double runs_probability(const clv_engine *engine)
{
    double up = 0, down = 0, runs = 0;
    int last = 0;

    for (size_t i = 0; i < engine->used; i++) {
        if (engine->mask[i] == 0 || engine->residual[i] == 0) { continue; }
        int sign = engine->residual[i] > 0 ? 1 : -1;
        up += sign > 0;
        down += sign < 0;
        runs += sign != last;
        last = sign;
    }
    double n = up + down, both = 2 * up * down, mean = both / n + 1;
    double variance = both * (both - n) / (n * n * (n - 1));
    if (!(n > 1) || !(variance > 0)) { return NAN; }
    return erfc(fabs(runs - mean) / sqrt(2 * variance));
}

void clv_statistics_fill(clv_engine *engine, clv_solution *out)
{
    double chi2 = 0;
    int known = engine->problem->statistics != CLV_STATISTICS_LEAST_SQUARES;

    for (size_t i = 0; i < engine->used; i++) { chi2 += engine->weight[i] * engine->residual[i] * engine->residual[i]; }
    out->chi2 = chi2;
    out->deviance = engine->here.deviance;
    out->dof = (double)engine->valid - (double)engine->active;
    out->runs_p = runs_probability(engine);
    if (out->runs_p < POOR_RUNS || (known && out->dof > 0 && chi2 / out->dof > POOR_REDUCED)) {
        out->flags |= CLV_FIT_POOR;
    }
}
