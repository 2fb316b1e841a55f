/* A smooth step between two plateaus, fitted to points: interfaces, surfaces, edges of profiles.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STEP_H
#define CLV_STEP_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* low + (high - low) Phi((x - place)/spread) with the normal distribution Phi: 16 and 84 % of the way lie one spread
   from the place. Covariance in the order low, high, place, spread. */
typedef struct clv_step {
    double low, high;        /* the plateaus, at small and at large x */
    double place, spread;    /* where it is half way, and how wide; in the unit of x */
    double covariance[4][4]; /* of the four above, in their order */
    double reduced;          /* chi-squared, or the sum of squares, over degrees of freedom */
} clv_step;

/* Fits the step by least squares from several starts. `x` ascends (equal places are allowed), its ends are taken for
   the plateaus to begin with. With errors the squares are weighted and the covariance widens where the points scatter
   more than their errors say; without (NULL, or one that is not above zero) it follows from the scatter. Errors:
   CLV_BAD_ARGUMENT for fewer than 5 points; CLV_NOT_CONVERGED where no step is determined; CLV_NO_MEMORY. Any thread.
   Source of the method: D. W. Marquardt, J. Soc. Ind. Appl. Math. 11 (1963) 431, doi 10.1137/0111030. */
CLV_API clv_status clv_step_fit(const double *x, const double *y, const double *error, size_t count, clv_step *step,
                                clv_error *err);

CLV_END_DECLS

#endif
