/* Bounded nonlinear least squares on callbacks: trust-region steps on an exact Jacobian, and an honest verdict.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_LEAST_SQUARES_H
#define NUM_LEAST_SQUARES_H

#include <stdbool.h>

#include <corelevel/error.h>

/* Computes the weighted residuals (data minus model, or model minus data, over sigma) at a point and, where `jacobian`
   is not NULL, their derivatives: jacobian[j * n_residuals + i] is that of residual i by parameter j. A point outside
   the model's domain is told by a residual that is not finite. Anything but CLV_OK ends the fit with that status. */
typedef clv_status (*clv_least_squares_function)(const double *parameters, double *residuals, double *jacobian,
                                                 void *payload, clv_error *err);

/* A problem: what is to be minimised, and within which box. */
typedef struct clv_least_squares_problem {
    size_t n_residuals, n_parameters;
    clv_least_squares_function evaluate;
    void *payload;
    const double *lower, *upper; /* n_parameters bounds each, infinite where there is none; NULL for none at all */
} clv_least_squares_problem;

/* How hard to try. All zero is good for most problems. */
typedef struct clv_least_squares_options {
    size_t max_iterations; /* of one attempt; 0 means 1000 */
    double
        tolerance; /* cosine of the angle between residuals and model's tangents that counts as none; 0 means 1e-10 */
    size_t
        restarts; /* further attempts from starts perturbed ever more widely, the best of all is kept; 0 means none */
} clv_least_squares_options;

/* How a fit ended. */
typedef enum clv_least_squares_end {
    CLV_LEAST_SQUARES_CONVERGED,      /* at a minimum, within the tolerance or within what rounding allows */
    CLV_LEAST_SQUARES_SINGULAR,       /* where it stands, the data do not determine all parameters */
    CLV_LEAST_SQUARES_MAX_ITERATIONS, /* still going downhill */
    CLV_LEAST_SQUARES_STUCK /* no step leads downhill, though the slope is not zero: suspect the derivatives */
} clv_least_squares_end;

/* What a fit tells beside its parameters. */
typedef struct clv_least_squares_result {
    clv_least_squares_end end;
    double chi2;        /* sum of the squared residuals */
    double cosine;      /* what `tolerance` was compared with */
    size_t rank;        /* determined combinations among the parameters that are not at a bound */
    size_t n_free;      /* parameters not at a bound */
    size_t iterations;  /* of the attempt that was kept */
    size_t evaluations; /* of residuals, in all attempts */
    size_t attempts;    /* how many were made */
} clv_least_squares_result;

/* Minimises the sum of squares from `parameters` (n_parameters), which receives the best point found, whatever its end.
   `covariance` (n_parameters squared, may be NULL) receives the inverse of J^T J: that of the parameters when the
   residuals are over their sigmas, else to be multiplied by chi2 / (n_residuals - n_free). Rows and columns of
   parameters at a bound and of ones that are not determined are NaN. `at_bound` (may be NULL) tells which ended at a
   bound with the minimum beyond.

   Attempts, in this order until one ends converged: Levenberg-Marquardt with Moré's scaling (the largest columns seen)
   and geodesic acceleration, the same without acceleration, then both with Marquardt's scaling (the present columns).
   Restarts use these in turn; with restarts all of them are made and the smallest chi2 among the converged is kept, the
   first among equals. The perturbations are the same in every run.

   Sources: J. J. Moré, Lecture Notes in Mathematics 630 (1978) 105, doi 10.1007/BFb0067700; M. K. Transtrum, J. P.
   Sethna, arXiv:1201.5885 (2012). Errors: CLV_BAD_ARGUMENT for no parameters, too few residuals, a box without inside,
   or a start that is not finite or where the residuals are not; CLV_NO_MEMORY; what `evaluate` returns. That it did not
   converge is not an error here: see `result->end`. Any thread. */
clv_status clv_least_squares_solve(const clv_least_squares_problem *problem, const clv_least_squares_options *options,
                                   double *parameters, double *covariance, bool *at_bound,
                                   clv_least_squares_result *result, clv_error *err);

/* Tells an end as words, such as "converged". The text is constant. */
const char *clv_least_squares_end_name(clv_least_squares_end end);

#endif
