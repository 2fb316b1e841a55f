/* A plan: what a model becomes for given spectra and fit options, every name resolved to numbers.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_PLAN_H
#define CLV_APPLY_PLAN_H

#include "apply/model.h"
#include "fit/problem.h"

/* How many ranges of energies a fit may leave out. */
#define FIT_MOST_EXCLUDED 32

/* What `fit` was asked for. */
typedef struct fit_wish {
    clv_statistics statistics;
    const char *statistics_name;
    double low, high;                      /* window in true energies */
    int nonnegative;                       /* 1, 0, or -1 where not said */
    const clv_value *share;                /* a list of names, or NULL */
    size_t along;                          /* axis along which is shared */
    const char *uncertainty;               /* covariance (also NULL), profile or bootstrap */
    size_t replicas;                       /* of the bootstrap, 0 without */
    uint64_t seed;                         /* of its random numbers */
    double exclude[2 * FIT_MOST_EXCLUDED]; /* ranges of true energies that are left out, low and high in turn */
    size_t exclude_count;
} fit_wish;

typedef struct fit_plan {
    clv_problem problem;
    clv_term *terms;
    clv_problem_parameter *parameters;
    size_t shared_count;
    size_t *shared;                        /* places of the shared parameters */
    double exclude[2 * FIT_MOST_EXCLUDED]; /* what the problem's exclude points at */
    int has_curves;                        /* some background is made from the data */
} fit_plan;

/* Makes a plan; the model and the spectra must outlive it. Errors: CLV_BAD_ARGUMENT naming the parameter. */
clv_status fit_plan_new(const clv_model *model, const clv_spectra *spectra, const fit_wish *wish, fit_plan **plan,
                        clv_error *err);
void fit_plan_free(fit_plan *plan);

/* One spectrum and the window of true energies in which it is fitted. */
typedef struct fit_window {
    const clv_spectra *spectra;
    size_t spectrum;
    double low, high;
} fit_window;

/* Writes the sum of the backgrounds that are made from one spectrum's data, or only that of the component at place
   `only` (SIZE_MAX: all); NaN outside the window and outside a background's own ends. */
clv_status fit_plan_curve(const clv_model *model, const fit_window *window, size_t only, double *curve, clv_error *err);

#endif
