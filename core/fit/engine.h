/* The engine: fits spectra one by one, or a series with shared parameters, by variable projection. Numbers only.
   SPDX-License-Identifier: GPL-3.0-or-later

   Model: y = T(theta) [Phi_peaks(theta) c] + Phi_backgrounds(theta) c + fixed. The coefficients c are solved inside by
   bounded linear least squares (G. H. Golub, V. Pereyra, SIAM J. Numer. Anal. 10 (1973) 413, doi 10.1137/0710036, in
   the form of L. Kaufman, BIT 15 (1975) 49, doi 10.1007/BF01932995), only theta is iterated, by Levenberg-Marquardt
   steps on the Schur complement of the joint information matrix. Poisson likelihood by Fisher scoring: weights
   1/variance of the model, renewed each step, steps accepted on the deviance (P. McCullagh, J. A. Nelder, Generalized
   Linear Models, 1989). Bounds by active sets. */
#ifndef CLV_ENGINE_H
#define CLV_ENGINE_H

#include "fit/problem.h"

/* All that one thread needs; no allocation happens inside a fit. Not to be used by two threads at once. */
typedef struct clv_engine clv_engine;

/* Makes an engine for spectra of at most `channels` channels. `problem` is borrowed for the engine's life. Errors:
   CLV_BAD_ARGUMENT for a problem that contradicts itself, CLV_NO_MEMORY. */
clv_status clv_engine_new(const clv_problem *problem, size_t channels, clv_engine **engine, clv_error *err);
void clv_engine_free(clv_engine *engine);

/* Fits one spectrum. `warm` (may be NULL) is the solution of a neighbour to start from: its values, deviance, dof and
   flags are read; a start that is itself marked is not used, and when the fit from it is no good the cold start is
   tried too and the better one kept (CLV_FIT_RESTARTED). Fills what `out` has arrays for; `out->value` may be that of
   `warm`. Shared parameters stand still at their starts. What went wrong with the data is told by flags; the status is
   for wrong arguments only. The same input gives the same bits. */
clv_status clv_engine_fit(clv_engine *engine, const clv_problem_data *data, const clv_solution *warm, clv_solution *out,
                          clv_error *err);

/* Curves at the values of a solution (value and shift are read), each [channels] of the data or NULL: the model, the
   background (backgrounds, fixed curve, and what transforms add), each term [term_count][channels] (a peak without what
   transforms add; 0 for a transform). NaN outside the window. */
clv_status clv_engine_curves(clv_engine *engine, const clv_problem_data *data, const clv_solution *solution,
                             double *model, double *background, double *terms, clv_error *err);

/* Tells whether a model is linear with fixed weights, so that one prepared projection serves all spectra on one grid.
 */
int clv_engine_is_linear(const clv_engine *engine);

/* How many parameters are shared, and the parameter place of each. */
size_t clv_engine_shared_count(const clv_engine *engine);
size_t clv_engine_shared(const clv_engine *engine, size_t place);

/* Runs work(payload, item, worker) for item 0 .. count - 1, each once, by workers 0 .. workers - 1, and waits. */
typedef void (*clv_series_runner)(void *context, size_t count, void (*work)(void *payload, size_t item, size_t worker),
                                  void *payload);

/* Fits `count` spectra with shared parameters (state SHARED) as one: each step passes over all spectra, fits the local
   parameters of each at the shared ones, and adds up the Schur complements in the order of the spectra, so the bits do
   not depend on the workers. `run` may be NULL (one worker). solutions[i].value must have room. `shared_covariance`
   [shared][shared] may be NULL. The covariance of a solution is that given the shared parameters; its sensitivity
   tells how its parameters follow them. Errors: CLV_BAD_ARGUMENT, CLV_NO_MEMORY; not to converge is flagged. */
clv_status clv_series_fit(const clv_problem *problem, const clv_problem_data *data, size_t count, clv_series_runner run,
                          void *context, size_t workers, clv_solution *solutions, double *shared_covariance,
                          clv_error *err);

#endif
