/* Intervals that may be asymmetric: profile likelihood and parametric bootstrap of one spectrum's fit.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_INTERVALS_H
#define CLV_INTERVALS_H

#include "fit/engine.h"

/* Engines in which one parameter each is held; of one thread. */
typedef struct clv_profiler clv_profiler;

/* Makes a profiler for spectra of at most `channels` channels. `problem` is borrowed. Errors: CLV_BAD_ARGUMENT,
   CLV_NO_MEMORY. */
clv_status clv_profiler_new(const clv_problem *problem, size_t channels, clv_profiler **profiler, clv_error *err);
void clv_profiler_free(clv_profiler *profiler);

/* Writes interval [p][2]: for each parameter with state FREE the values about that of `found` at which the deviance,
   least over all others, is 1 higher (times the residual variance with least squares): 68 % where the likelihood is
   regular (D. J. Venzon, S. H. Moolgavkar, Appl. Stat. 37 (1988) 87, doi 10.2307/2347496). An end that meets a bound of
   the parameter first is that bound; an end that nothing limits is NaN, as is all that is not FREE or has no finite
   fit. Errors: CLV_BAD_ARGUMENT as clv_engine_fit. */
clv_status clv_profiler_run(clv_profiler *profiler, const clv_problem_data *data, const clv_solution *found,
                            double *interval, clv_error *err);

/* How replicas are drawn and fitted. */
typedef struct clv_bootstrap {
    size_t replicas;
    uint64_t seed;
    uint64_t spectrum; /* number of the spectrum: with seed, replica and channel it is the key of each random number */
    /* Makes the fixed curve of simulated data again (inactive backgrounds); NULL: it stays as it is. */
    clv_status (*curve)(void *context, const double *intensity, double *fixed, clv_error *err);
    void *context;
} clv_bootstrap;

/* Draws data about the fitted model with the noise that the statistics supposes (outside the window about the data
   themselves), fits each replica from `found`, and writes interval [p][2], the 15.87 and 84.13 % points of all
   parameters (B. Efron, R. Tibshirani, Stat. Sci. 1 (1986) 54, doi 10.1214/ss/1177013815). Errors and covariance of
   `found` become those of the replicas wherever they were finite. Replicas that do not converge, or for which `curve`
   fails, are left out; when that is more than a third of them the interval is NaN, nothing is replaced, and the fit is
   flagged undetermined. Errors: CLV_NO_MEMORY. */
clv_status clv_bootstrap_run(clv_engine *engine, const clv_bootstrap *how, const clv_problem_data *data,
                             clv_solution *found, double *interval, clv_error *err);

#endif
