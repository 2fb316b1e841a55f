/* Deviances over channels. Arrays are 64-byte aligned, counts multiples of 8, masks and weights 0 in the padding.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ARRAYS_H
#define CLV_ARRAYS_H

#include <stddef.h>

/* Gives sum_i w_i r_i^2 for r = y - m, which goes to `residual`. */
double clv_arrays_square(const double *y, const double *m, const double *w, size_t count, double *residual);

/* Masks what is not finite: y, fixed and weight become 0 there and mask 0, elsewhere mask is 1. Goes in with `weight`
   holding variances when `by_variance`, then it becomes their inverse; a weight of 0 or a variance that has none masks
   too. Returns how many channels remain; `square` receives sum_i w_i y_i^2. */
double clv_arrays_mask(double *y, double *fixed, double *weight, int by_variance, double *mask, size_t count,
                       double *square);

/* Tells whether all y are finite numbers, with sum_i w_i y_i^2 to `square`. */
int clv_arrays_clean(const double *y, const double *weight, size_t count, double *square);

/* Writes out[k] = sum_i x_k,i y_i for n columns. */
void clv_arrays_dots(const double *const *x, size_t n, const double *y, size_t count, double *out);

/* Quasi-likelihood of the variance scale * m + read^2 (Poisson for scale 1, read 0): gives the deviance
   2 sum [y' log(y'/m') - (y' - m')] with ' = (. + read^2 / scale) / scale, over channels with mask 1 (P. McCullagh,
   J. A. Nelder, Generalized Linear Models, 1989, 9.2). Below `least` (in units of m') it continues as the parabola of
   the same value and slope, so that it stays finite and convex. Writes the residual y - m and the weight mask /
   variance(m). */
double clv_arrays_poisson(const double *y, const double *m, const double *mask, size_t count, double scale, double read,
                          double least, double *residual, double *weight);

#endif
