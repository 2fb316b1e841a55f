/* Whether residuals scatter as noise does, or hang together where the model is wrong.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_RUNS_H
#define NUM_RUNS_H

#include <stddef.h>

/* Gives the two-sided probability that `n` independent residuals of either sign make so few or so many runs of equal
   sign (zeros and NaN are left out). Exact up to 40 residuals, by the normal approximation with continuity correction
   beyond. 1 for fewer than two residuals; for residuals all of one sign, the probability of that among fair signs.
   Source: A. Wald, J. Wolfowitz, Ann. Math. Stat. 11 (1940) 147, doi 10.1214/aoms/1177731909. */
double clv_runs_test(const double *residuals, size_t n);

/* Gives the Abbe value, half the mean squared step between neighbours over the mean square: near 1 for noise, towards 0
   for residuals that hang together, towards 2 for ones that alternate. NaN for residuals that are all zero or fewer
   than two. Source: J. von Neumann, Ann. Math. Stat. 12 (1941) 367, doi 10.1214/aoms/1177731677. */
double clv_runs_abbe(const double *residuals, size_t n);

#endif
