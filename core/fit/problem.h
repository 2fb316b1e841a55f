/* A fit in numbers: terms, parameters, ties and data, with every name already resolved. What `apply` hands to the
   engine. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PROBLEM_H
#define CLV_PROBLEM_H

#include <corelevel/expression.h>
#include <corelevel/fit.h>
#include <corelevel/plugin.h>

/* One parameter of the model as asked for. Parameters stand in one list: term after term, a term's thetas in the order
   of its rows, then its coefficients. */
typedef struct clv_problem_parameter {
    clv_parameter_state state; /* FREE, FIXED, TIED, DERIVED or SHARED */
    int coefficient;           /* multiplies a column; solved linearly while that is possible */
    double start;              /* value, or start; NaN for a coefficient that the linear solve finds */
    double low, high;          /* bounds; infinite where there are none */
    const clv_expression *tie; /* TIED: its value */
    const size_t *tie_from;    /* TIED: parameter place of each name that the expression was declared with */
} clv_problem_parameter;

/* One component: its type, what `prepare` made, and where its parameters stand. Without a type it is the one constant
   level that backgrounds share (`background.level`): one coefficient, a column of ones. */
typedef struct clv_term {
    const clv_component *type;
    const void *prepared;
    size_t first;                /* place of its first parameter */
    size_t thetas, coefficients; /* how many of each */
} clv_term;

typedef enum clv_statistics {
    CLV_STATISTICS_POISSON = 1,   /* maximum likelihood for counts, variance = scale * model */
    CLV_STATISTICS_CHI2,          /* weighted by the variance of the data */
    CLV_STATISTICS_LEAST_SQUARES, /* unweighted; errors scaled by the residuals */
    CLV_STATISTICS_MEAN_WEIGHTS   /* weights from the mean spectrum, sandwich errors */
} clv_statistics;

typedef struct clv_problem {
    const clv_term *terms;
    size_t term_count;
    const clv_problem_parameter *parameters;
    size_t parameter_count;
    clv_statistics statistics;
    double noise_scale; /* Poisson: variance = scale * mean + read^2; with mean_weights the true variance of the
                           sandwich (scale and read 0: the weights' own variance is the true one) */
    double noise_read;
    int shift_prior;       /* each spectrum may move rigidly by its offset error: positions are shared */
    double tolerance;      /* stop when the expected decrease of the deviance falls below; preset 1e-3 */
    int iterations;        /* at most; preset 60 */
    const double *exclude; /* [exclude_count][2] ranges of true energies, ends included, that are not fitted */
    size_t exclude_count;
} clv_problem;

/* One spectrum to fit, its arrays as they come (not padded). */
typedef struct clv_problem_data {
    const double *energy; /* axis [channels] */
    size_t channels;
    double offset, offset_error; /* true energy = axis + offset; the error enters only with shift_prior */
    const double *intensity;     /* [channels] */
    const double *variance; /* [channels] or NULL; with mean_weights that of the mean spectrum: the fixed weights */
    double low, high;       /* window in true energies */
    const double *fixed;    /* [channels] added to the model as it is (inactive backgrounds), or NULL */
} clv_problem_data;

/* What was found for one spectrum. Arrays are the caller's, sized by parameter_count p (NULL where not wanted). */
typedef struct clv_solution {
    double *value;       /* [p] */
    double *error;       /* [p], NaN at a bound, for fixed 0 */
    uint8_t *state;      /* [p] clv_parameter_state */
    double *covariance;  /* [p][p] given the shared parameters (0 rows for what is fixed or shared) */
    double *sensitivity; /* [p][shared]: d parameter / d shared, following the local optimum */
    double *held_error;  /* [p], may be NULL: of a coefficient on its bound what its error would be, were it free; else
                            NaN */
    double chi2, deviance, dof, runs_p;
    uint8_t flags; /* clv_fit_flag */
    int iterations;
    double shift; /* the rigid shift found under shift_prior, and its error */
    double shift_error;
    size_t fitted;      /* parameters of this spectrum that were free and not on a bound; without shared ones */
    double correlation; /* of the residuals of neighbouring channels, 0 for white noise and the right model */
} clv_solution;

#endif
