/* Arithmetic on columns of channels: what a variable-projection fit and the active Shirley background do most.
   SPDX-License-Identifier: GPL-3.0-or-later

   Every column is 64-byte aligned and `n` is a multiple of 8 (clv_num_padded); what stands behind the last true channel
   is summed with the rest, so there the weights are 0 and the columns finite. Outputs do not overlap inputs unless a
   comment says they may. The order of summation is fixed for each kernel level. None of these can fail. Any thread. */
#ifndef CLV_NUM_COLUMNS_H
#define CLV_NUM_COLUMNS_H

#include "num/kernels.h"

/* Writes the weighted Gram matrix gram[a count + b] = sum_i w_i f_a,i f_b,i (both triangles) of `count` columns, and
   projection[a] = sum_i w_i f_a,i y_i with the target y. */
void clv_num_gram(const double *const *columns, size_t count, const double *weights, const double *target, size_t n,
                  double *gram, double *projection);

/* Writes out_i = sum_k coefficients[k] f_k,i; `out` may be one of the columns. */
void clv_num_combine(const double *const *columns, size_t count, const double *coefficients, size_t n, double *out);

/* Adds factor f_i to out_i. */
void clv_num_add_scaled(double *out, double factor, const double *column, size_t n);

/* Tells sum_i w_i f_i^2. */
double clv_num_weighted_squares(const double *column, const double *weights, size_t n);

/* Tells the Poisson deviance 2 sum_i mask_i (m_i - y_i + y_i ln(y_i/m_i)) of counts y and model m, where m is the model
   but at least `least` (above 0), and y ln y is 0 for y <= 0; `mask` is 1 for channels that count and 0 for others and
   pads. `weights`, if not NULL, receives mask/m: the weights of the next step of Fisher scoring (P. McCullagh and J. A.
   Nelder, Generalized Linear Models, 2nd ed. 1989, 2.5). */
double clv_num_poisson(const double *counts, const double *model, const double *mask, double least, size_t n,
                       double *weights);

/* Writes the running integral from the low-energy end by the trapezoid rule, out_0 = 0. `energy` (eV, ascending) or,
   when it is NULL, channels `step` eV apart. Pads of `energy` are finite; what it makes of them is finite and means
   nothing. */
void clv_num_running_integral(const double *energy, double step, const double *in, double *out, size_t n);

/* Writes in + k times its running integral: a peak on its active Shirley background (k in 1/eV). For the shape see
   A. Herrera-Gomez et al., Surf. Interface Anal. 46 (2014) 897, doi 10.1002/sia.5453. */
void clv_num_with_running_integral(const double *energy, double step, const double *in, double k, double *out,
                                   size_t n);

#endif
