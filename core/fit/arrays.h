/* Sums over channels: combinations, weighted Gram matrices, deviance. Arrays are 64-byte aligned, counts multiples
   of 8. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ARRAYS_H
#define CLV_ARRAYS_H

#include <stddef.h>

/* out = sum_k factor[k] in[k]; zeros when n is 0. `out` is none of the inputs. */
void clv_arrays_combine(const double *const *in, const double *factor, size_t n, size_t count, double *out);

/* gram[a * stride + b] = sum_i w_i x_a x_b for all a, b < n, both triangles; dot[a] = sum_i w_i x_a r_i. `work` holds n
   arrays of `count`. */
void clv_arrays_gram(const double *const *x, size_t n, const double *w, const double *r, size_t count, double *gram,
                     size_t stride, double *dot, double *work);

/* sum_i w_i r_i^2 for r = y - m, which goes to `residual`. */
double clv_arrays_square(const double *y, const double *m, const double *w, size_t count, double *residual);

/* Quasi-likelihood of the variance scale * m + read^2 (Poisson for scale 1, read 0): returns the deviance
   2 sum [y' log(y'/m') - (y' - m')] with ' = (. + read^2 / scale) / scale, over channels with mask != 0. Below `least`
   (in units of m') it continues as the parabola of the same value and slope, so that it stays finite and convex.
   Writes the residual y - m and the weight mask / variance(m). */
double clv_arrays_poisson(const double *y, const double *m, const double *mask, size_t count, double scale, double read,
                          double least, double *residual, double *weight);

#endif
