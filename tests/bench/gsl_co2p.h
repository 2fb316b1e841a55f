/* A plain C fitter to compare with: GSL's Levenberg-Marquardt, analytic Jacobian by libcerf's w(z), 12 parameters.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_GSL_CO2P_H
#define CLV_GSL_CO2P_H

#include "co2p.h"

#include <complex.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_multifit_nlinear.h>

/* Parameters: areas, positions (3 each), main and satellite sigma, gamma, level, slope, k. */
enum { GSL_SIGMA = 6, GSL_GAMMA = 8, GSL_LEVEL, GSL_SLOPE, GSL_K, GSL_COUNT };

typedef struct gsl_data {
    const double *energy, *y;
    double weight[CO2P_CHANNELS];
} gsl_data;

static const double gsl_split[3] = {15.1, 15.1, 17.0};

/* Value of one line and its derivatives by position, sigma, gamma. */
static inline void gsl_line(double x, double sigma, double gamma, double out[4])
{
    double scale = 1 / (sigma * M_SQRT2), norm = scale * 0.56418958354775628695;
    double complex z = (x + I * gamma) * scale, w = w_of_z(z), d = -2 * z * w + I * 1.12837916709551257390;
    out[0] = norm * creal(w);
    out[1] = -norm * scale * creal(d);
    out[2] = -(out[0] + norm * creal(d * z)) / sigma;
    out[3] = -norm * scale * cimag(d);
}

/* Model and, when `j` is not NULL, its Jacobian, both weighted. */
static inline void gsl_evaluate(const double *p, const gsl_data *data, double *f, gsl_matrix *j)
{
    double sum = 0, sums[GSL_COUNT] = {0}, before = 0, before_by[GSL_COUNT] = {0};
    for (int i = 0; i < CO2P_CHANNELS; i++) {
        double peaks = 0, by[GSL_COUNT] = {0}, w = data->weight[i], h = i ? data->energy[i] - data->energy[i - 1] : 0;
        for (int d = 0; d < 6; d++) {
            int c = d / 2;
            double share = d % 2 ? 1.0 / 3 : 2.0 / 3, line[4];
            gsl_line(data->energy[i] - p[3 + c] - (d % 2) * gsl_split[c], p[GSL_SIGMA + (c == 2)], p[GSL_GAMMA], line);
            peaks += share * p[c] * line[0];
            by[c] += share * line[0];
            by[3 + c] += share * p[c] * line[1];
            by[GSL_SIGMA + (c == 2)] += share * p[c] * line[2];
            by[GSL_GAMMA] += share * p[c] * line[3];
        }
        sum += 0.5 * h * (peaks + before);
        before = peaks;
        if (f) { f[i] = w * (peaks + p[GSL_K] * sum + p[GSL_LEVEL] + p[GSL_SLOPE] * (data->energy[i] - 792.5)); }
        for (int k = 0; j && k < GSL_LEVEL; k++) {
            sums[k] += 0.5 * h * (by[k] + before_by[k]);
            before_by[k] = by[k];
            gsl_matrix_set(j, (size_t)i, (size_t)k, w * (by[k] + p[GSL_K] * sums[k]));
        }
        if (!j) { continue; }
        gsl_matrix_set(j, (size_t)i, GSL_LEVEL, w);
        gsl_matrix_set(j, (size_t)i, GSL_SLOPE, w * (data->energy[i] - 792.5));
        gsl_matrix_set(j, (size_t)i, GSL_K, w * sum);
    }
}

static inline int gsl_f(const gsl_vector *x, void *params, gsl_vector *f)
{
    const gsl_data *data = params;
    gsl_evaluate(x->data, data, f->data, NULL);
    for (int i = 0; i < CO2P_CHANNELS; i++) { f->data[i] -= data->weight[i] * data->y[i]; }
    return GSL_SUCCESS;
}

static inline int gsl_df(const gsl_vector *x, void *params, gsl_matrix *j)
{
    gsl_evaluate(x->data, params, NULL, j);
    return GSL_SUCCESS;
}

/* Fits one spectrum from `p`, which receives the result; with the covariance, as anyone would. */
static inline void gsl_fit(gsl_multifit_nlinear_workspace *work, gsl_data *data, double *p)
{
    gsl_multifit_nlinear_fdf fdf = {.f = gsl_f, .df = gsl_df, .n = CO2P_CHANNELS, .p = GSL_COUNT, .params = data};
    gsl_vector_view start = gsl_vector_view_array(p, GSL_COUNT);
    double covariance[GSL_COUNT * GSL_COUNT];
    gsl_matrix_view view = gsl_matrix_view_array(covariance, GSL_COUNT, GSL_COUNT);
    int info;
    for (int i = 0; i < CO2P_CHANNELS; i++) { data->weight[i] = 1 / sqrt(fmax(data->y[i], 1)); }
    gsl_multifit_nlinear_init(&start.vector, &fdf, work);
    gsl_multifit_nlinear_driver(100, 1e-8, 1e-8, 0, NULL, NULL, &info, work);
    gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(work), 0, &view.matrix);
    memcpy(p, work->x->data, GSL_COUNT * sizeof *p);
}

#endif
