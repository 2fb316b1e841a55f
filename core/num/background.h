/* What the backgrounds share: checking a region and averaging at its ends.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_BACKGROUND_H
#define NUM_BACKGROUND_H

#include <corelevel/background.h>

/* Checks that the ends are a region of n ascending energies and that all data in use are finite. */
clv_status clv_background_check(const double *x, const double *y, size_t n, const clv_background_ends *ends,
                                clv_error *err);

/* Tells how many channels on each side of `centre` are averaged: no more than the data have on either. */
size_t clv_background_reach(size_t n, size_t centre, size_t average);

/* Gives the mean of the data around a channel. */
double clv_background_level(const double *y, size_t n, size_t centre, size_t average);

#endif
