/* The iteration from one start to the nearest minimum.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ITERATE_H
#define CLV_ITERATE_H

#include "fit/workspace.h"

/* Iterates from here.free with the first weights in `weight` until the expected decrease is below the tolerance. Leaves
   the information matrix, the model and what is frozen at the point found. Adds to `iterations`
   what it took, at most those that the problem allows. Returns 0 or
   CLV_FIT_NOT_CONVERGED or CLV_FIT_NOT_FINITE. */
int clv_iterate_run(clv_engine *engine, int warm, int *iterations);

/* The same in one go for a model that is linear with fixed weights; what can be is kept from spectrum to spectrum. */
int clv_projection_run(clv_engine *engine);

/* Evaluates everything at `here`; tells whether it is finite. */
int clv_iterate_look(clv_engine *engine);

#endif
