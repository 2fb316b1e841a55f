/* Where fits start from: the neighbour's solution, the model's own starts, and others about them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STARTS_H
#define CLV_STARTS_H

#include "fit/workspace.h"

/* Puts the model's starts to here.free. */
void clv_starts_cold(clv_engine *engine);

/* Puts a neighbour's values to `here`, and the weights that its model implies; tells whether they are of use. */
int clv_starts_warm(clv_engine *engine, const clv_solution *warm);

/* Puts the `number`-th other start (from 1) to here.free: spread over the bounds, or where there are none over twice
   the natural size of each parameter. The same in every run. */
void clv_starts_other(clv_engine *engine, unsigned number);

#endif
