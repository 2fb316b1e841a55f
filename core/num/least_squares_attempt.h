/* One attempt of the least-squares solver: its workspace and its ways of damping.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_LEAST_SQUARES_ATTEMPT_H
#define NUM_LEAST_SQUARES_ATTEMPT_H

#include "num/least_squares.h"

/* How an attempt damps its steps. */
typedef struct clv_least_squares_damping {
    bool accelerate; /* add the geodesic acceleration to each step */
    bool present;    /* scale by the present columns (Marquardt), not by the largest seen so far (Moré) */
    double first;    /* the first damping, of the squared scale */
} clv_least_squares_damping;

/* Where an attempt works. Vectors of m residuals and p parameters in one block. */
typedef struct clv_least_squares_work {
    size_t m, p, n_free;
    size_t *free;                            /* the parameters that are not held at a bound */
    size_t *order;                           /* room for p places while a rank is found */
    double *x, *trial, *scale, *step, *turn; /* p: point, next point, D, velocity, acceleration */
    double *r, *trial_r, *probe, *q;         /* m: residuals here, there, at a probe; Q^T r */
    double *jacobian, *trial_jacobian;       /* m x p */
    double *triangle;                        /* m x p: R of the free columns */
    double *damped, *right;                  /* 2p x p, 2p: the damped system and its right side */
    double chi2, cosine, noise;
    size_t evaluations;
} clv_least_squares_work;

/* Makes a workspace for m residuals and p parameters; `clv_least_squares_work_free` frees it. */
clv_status clv_least_squares_work_new(size_t m, size_t p, clv_least_squares_work *work, clv_error *err);
void clv_least_squares_work_free(clv_least_squares_work *work);

/* Runs one attempt from work->x, which must lie in the box; leaves its end there. `iterations` counts its steps. */
clv_status clv_least_squares_attempt(const clv_least_squares_problem *problem, const clv_least_squares_options *options,
                                     const clv_least_squares_damping *damping, clv_least_squares_work *work,
                                     clv_least_squares_end *end, size_t *iterations, clv_error *err);

/* Computes residuals, Jacobian, free parameters, triangle, cosine and noise at work->x. */
clv_status clv_least_squares_look(const clv_least_squares_problem *problem, clv_least_squares_work *work,
                                  clv_error *err);

/* Tells how many combinations of the free parameters the Jacobian at work->x determines. */
size_t clv_least_squares_determined(clv_least_squares_work *work);

#endif
