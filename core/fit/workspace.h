/* All that one thread needs to fit one spectrum after the other without allocating: the inside of an engine.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_WORKSPACE_H
#define CLV_WORKSPACE_H

#include "fit/engine.h"
#include "fit/mapping.h"

/* A theta's column of one term, or a coefficient's own, that a free parameter moves. */
typedef struct clv_mover {
    const double *column;
    size_t coefficient; /* parameter whose value multiplies it, SIZE_MAX for none */
    size_t parameter;   /* parameter whose jacobian entry multiplies it */
} clv_mover;

/* What moves with one free parameter. */
typedef struct clv_moved {
    clv_mover *peaks;       /* columns that transforms act on */
    clv_mover *backgrounds; /* columns that they do not */
    size_t peak_count, background_count;
    size_t transform; /* term of the transform that has it as a theta, SIZE_MAX for none (the last when several) */
} clv_moved;

/* One linear column: which coefficients' columns make it up. */
typedef struct clv_linear_column {
    size_t single;      /* parameter, when it is one column times 1; SIZE_MAX otherwise */
    int peak;           /* 1 when transforms act on it, 0 when not, 2 when on a part of it */
    double *array;      /* of its own, NULL when it is the component's */
    const double *used; /* what stands in the model */
} clv_linear_column;

/* A column that follows a peak's: what a term of role STEPS makes of it, with what it makes of its derivatives. */
typedef struct clv_step_column {
    size_t term, coefficient;   /* the term of role STEPS, and the parameter that is the step's height */
    size_t source, source_term; /* the peak's coefficient and term */
    size_t first;               /* place of the peak's derivatives in by_theta */
    double **by_theta;          /* [thetas of the peak], NULL where nothing moves it */
} clv_step_column;

/* What is known at one point. */
typedef struct clv_point {
    double *free, *linear; /* [free_count + 1], [linear_count] */
    double deviance;
} clv_point;

struct clv_engine {
    const clv_problem *problem;
    clv_mapping *mapping;
    clv_mapping_scratch scratch;
    size_t terms, p, n_linear, n_free, n_local, n_all; /* n_free includes the shift, the last of all */
    int has_shift, has_transform;
    size_t channels, room; /* most channels, padded */

    /* the spectrum at hand: `used` channels from `first` on, `count` with padding */
    const clv_problem_data *data;
    size_t first, used, count, valid;
    double step, sum_square; /* of the grid; sum of w y^2 */
    double *axis, *energy, *y, *mask, *fixed, *fixed_weight;
    double shift_sigma;
    int columns_fresh; /* the columns without free parameters still hold for this grid */
    size_t fresh_used;
    int projection_ready; /* gram and the next two hold for these columns and weights */
    double **weighted;    /* [n_linear] columns times weights */
    double *projected_weight;
    double seen_offset, seen_low, seen_high; /* the grid was cut out with these from seen_energy */
    size_t seen_channels;
    double *seen_energy;
    int clean, seen_variance_set; /* every channel had a weight; these came from seen_variance */
    double *seen_variance;
    double *fresh_energy;

    /* columns, by parameter of a coefficient */
    double **value, **by_theta, **by_energy; /* [p]; per term [coefficients][thetas]; [p] */
    size_t *by_theta_first;                  /* [terms] first entry of a term in by_theta */
    double **spare;                          /* [most coefficients of a numeric term + 1] for differences */
    clv_step_column *steps;                  /* [step_count] */
    size_t step_count;
    uint8_t *is_peak; /* [p] transforms act on this coefficient's column */
    clv_moved *moved; /* [n_free] */
    clv_linear_column *linear;
    double *low, *high; /* [n_linear] bounds of the linear coefficients */
    uint8_t *touches;   /* [free_count][n_linear] 1 where a free parameter moves a linear column */
    double *ones;

    /* at the point at hand */
    double *parameter, *jacobian; /* [p], [p][free_count] */
    double *base, *model, *residual, *weight, *trial_weight;
    double **derivative;         /* [n_free] */
    const double **columns;      /* [n_all] linear, then derivatives */
    double *gram, *slope, *work; /* [n_all][n_all], [n_all], [n_all][room] */
    double *linear_gram, *linear_slope;
    double *own_size; /* [n_free] the largest sensible step */
    double *temporary, *second, *peak_sum;
    const double **some; /* lists for combinations */
    double *factor;
    clv_point here, trial;
    double *delta, *small;              /* steps; room for factorisations [3 n_all n_all + 8 n_all] */
    uint8_t *frozen;                    /* [n_all] stands still at this point */
    uint8_t *at_bound;                  /* [n_linear] for the bounded solve */
    uint8_t *lost;                      /* [n_all] the data do not determine it */
    uint8_t *held_out;                  /* [n_all] left out of the covariance: frozen, and not a shape on its bound */
    const double *held;                 /* shared parameters of a series [shared_count]; NULL: as started */
    int steady;                         /* of a series: no other start than the last pass's, unless it fails */
    double tolerance;                   /* stop when the expected decrease of the deviance falls below */
    clv_point best;                     /* of several attempts */
    double *scale;                      /* [n_free] natural step at the start, for other starts */
    double *inverse;                    /* [n_all][n_all] */
    double *row;                        /* [n_all] */
    double *chain;                      /* [p][n_all] how each parameter follows what was solved for */
    size_t *chain_places, *chain_count; /* [p][n_all] entries that differ from 0, [p] how many */
    uint8_t *has_error;                 /* [p] */
    size_t active;                      /* parameters that were determined, for the degrees of freedom */
    double expected;                    /* decrease of the deviance that the last step promised */

    void **taken; /* what is to be freed */
    size_t taken_count, taken_room;
};

/* Takes `n` zeroed doubles, aligned, freed with the engine; NULL when there is no memory. */
double *clv_workspace_take(clv_engine *engine, size_t n);
void *clv_workspace_take_bytes(clv_engine *engine, size_t n);

/* Builds all arrays of an engine whose mapping stands (workspace.c). */
clv_status clv_workspace_fill(clv_engine *engine, clv_error *err);

/* Takes in a spectrum: window, mask, fixed weights (spectrum.c). `valid` counts channels with weight. */
clv_status clv_spectrum_take(clv_engine *engine, const clv_problem_data *data, clv_error *err);

/* Puts weights for a first solve: from smoothed counts (Poisson), else the fixed ones. */
void clv_spectrum_first_weights(clv_engine *engine);

/* Evaluates columns, linear columns and the fixed part at free parameters (evaluate.c). A failure means that the point
   lies outside the model's domain. */
clv_status clv_evaluate_columns(clv_engine *engine, const double *free, clv_error *err);

/* Lists the columns of terms of role STEPS and takes room for them; 0 without memory. Makes them (steps.c). */
int clv_steps_take(clv_engine *engine);
void clv_steps_evaluate(clv_engine *engine, int derivatives);

/* Calls the components for `parameter`; derivatives too when `derivatives`. */
clv_status clv_evaluate_terms(clv_engine *engine, int derivatives, clv_error *err);

/* Applies the transforms among the first `until` terms to a column: out = T in. `in` and `out` differ. */
void clv_evaluate_transform(clv_engine *engine, size_t until, const double *in, double *out);

/* The same with the transforms from term `begin` on. */
void clv_evaluate_after(clv_engine *engine, size_t begin, const double *in, double *out);

/* Sums the columns of peaks (before transforms), or of all others, times the present coefficients. */
void clv_evaluate_sum(clv_engine *engine, int peaks, double *out);

/* Model = base + linear columns; with the value of every parameter filled in. */
void clv_evaluate_model(clv_engine *engine, const double *linear);

/* Derivative columns by all free parameters at the evaluated model (derivatives.c). */
void clv_evaluate_derivatives(clv_engine *engine);

/* Solves for the linear coefficients with the present weights (coefficients.c). */
void clv_coefficients_solve(clv_engine *engine, double *linear);

/* Deviance of the model at hand with its residual; for Poisson also the weights that it implies, to `weight`. */
double clv_likelihood_deviance(clv_engine *engine, double *weight);

/* The full Gram matrix and slope at the point `here`, and what is frozen there (step.c). */
void clv_step_gram(clv_engine *engine);
void clv_step_freeze(clv_engine *engine);

/* The step of all parameters with damped thetas; returns the decrease of the deviance that it expects. */
double clv_step_solve(clv_engine *engine, double damping, double *delta);

/* Trial point from `here` by `delta`: limited, within bounds. */
void clv_step_take(clv_engine *engine, const double *delta);

/* Lower and upper bound of free parameter a. */
void clv_step_bounds(const clv_engine *engine, size_t a, double *low, double *high);

/* Makes values, errors, covariance, sensitivity, states and flags of a solution (covariance.c, statistics.c). */
void clv_covariance_fill(clv_engine *engine, clv_solution *out);
void clv_statistics_fill(clv_engine *engine, clv_solution *out);

#endif
