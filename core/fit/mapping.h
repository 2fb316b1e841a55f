/* How the parameters of a model follow from what is iterated (free) and what is solved for (linear).
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_MAPPING_H
#define CLV_MAPPING_H

#include "fit/problem.h"

/* How a parameter gets its value. */
typedef enum clv_mapping_kind {
    CLV_MAPPING_HELD,   /* it is fixed */
    CLV_MAPPING_FREE,   /* it is iterated */
    CLV_MAPPING_LINEAR, /* a coefficient, solved for */
    CLV_MAPPING_MERGED, /* a coefficient that is a constant linear combination of linear ones */
    CLV_MAPPING_TIED,   /* its expression, by the chain rule */
    CLV_MAPPING_DERIVED /* its component's `derive`, by the chain rule */
} clv_mapping_kind;

/* One step in filling in tied and derived parameters. */
typedef struct clv_mapping_step {
    size_t parameter; /* the tied parameter, or SIZE_MAX */
    size_t term;      /* the term whose `derive` is called */
} clv_mapping_step;

typedef struct clv_mapping {
    const clv_problem *problem;
    size_t count;             /* parameters */
    size_t free_count;        /* iterated: the local ones, then the shared ones */
    size_t shared_count;      /* how many of these are shared */
    size_t linear_count;      /* solved for */
    clv_mapping_kind *kind;   /* [count] */
    size_t *free_parameter;   /* [free_count] parameter of each */
    size_t *linear_parameter; /* [linear_count] parameter of each */
    double *merge;            /* [count][linear_count] coefficients by linear ones */
    double *constant;         /* [count][free_count] the jacobian's part that never changes */
    uint8_t *depends;         /* [count][free_count] 1 where the jacobian can differ from 0 */
    clv_mapping_step *steps;  /* [step_count] in an order in which each has what it needs */
    size_t step_count;
    size_t most_names;  /* room for the names of any tie */
    size_t most_thetas; /* and for the thetas of any term */
} clv_mapping;

/* Scratch of one thread for clv_mapping_thetas; made and freed with it. */
typedef struct clv_mapping_scratch {
    double *names, *gradient; /* [most_names] */
    double *jacobian;         /* [most_thetas][most_thetas] */
} clv_mapping_scratch;

/* Sorts the parameters: free thetas are iterated; free coefficients are solved for unless a tie uses them other than
   linearly, then they are iterated too. Keeps a pointer to `problem`. Free with clv_mapping_free. Errors:
   CLV_BAD_ARGUMENT when ties make a circle or places are out of range, CLV_NO_MEMORY. */
clv_status clv_mapping_new(const clv_problem *problem, clv_mapping **mapping, clv_error *err);
void clv_mapping_free(clv_mapping *mapping);

/* Fills in the ranks and depends (second half of clv_mapping_new, in mapping_order.c). */
clv_status clv_mapping_order(clv_mapping *mapping, clv_error *err);

clv_status clv_mapping_scratch_new(const clv_mapping *mapping, clv_mapping_scratch *scratch, clv_error *err);
void clv_mapping_scratch_free(clv_mapping_scratch *scratch);

/* From free values [free_count] to parameters [count] (linear and merged ones are left 0) and their derivatives
   jacobian [count][free_count]. Errors: what a component's `derive` says. */
clv_status clv_mapping_thetas(const clv_mapping *mapping, const clv_mapping_scratch *scratch, const double *free,
                              double *parameter, double *jacobian, clv_error *err);

/* Adds the linear and merged coefficients for the solved values [linear_count]. */
void clv_mapping_coefficients(const clv_mapping *mapping, const double *linear, double *parameter);

#endif
