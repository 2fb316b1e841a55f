/* Arithmetic on columns by the kernels in use.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/columns.h"

void clv_num_gram(const double *const *columns, size_t count, const double *weights, const double *target, size_t n,
                  double *gram, double *projection)
{
    clv_num_kernels_get()->gram(columns, count, weights, target, n, gram, projection);
}

void clv_num_combine(const double *const *columns, size_t count, const double *coefficients, size_t n, double *out)
{
    clv_num_kernels_get()->combine(columns, count, coefficients, n, out);
}

void clv_num_add_scaled(double *out, double factor, const double *column, size_t n)
{
    clv_num_kernels_get()->add_scaled(out, factor, column, n);
}

double clv_num_weighted_squares(const double *column, const double *weights, size_t n)
{
    return clv_num_kernels_get()->weighted_squares(column, weights, n);
}

double clv_num_poisson(const double *counts, const double *model, const double *mask, double least, size_t n,
                       double *weights)
{
    return clv_num_kernels_get()->poisson(counts, model, mask, least, n, weights);
}

void clv_num_running_integral(const double *energy, double step, const double *in, double *out, size_t n)
{
    clv_num_kernels_get()->integrate(energy, step, 0, 1, in, out, n);
}

void clv_num_with_running_integral(const double *energy, double step, const double *in, double k, double *out, size_t n)
{
    clv_num_kernels_get()->integrate(energy, step, 1, k, in, out, n);
}
