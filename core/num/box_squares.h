/* Small linear least squares from a Gram matrix, each coefficient in its own bounds: solved in every evaluation.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_BOX_SQUARES_H
#define NUM_BOX_SQUARES_H

#include <stdbool.h>
#include <stddef.h>

/* The most coefficients of one solve. */
#define CLV_BOX_SQUARES_LIMIT 64

/* Where a coefficient ended. Given back in, the states are the warm start of the next solve. */
typedef enum clv_box_squares_state {
    CLV_BOX_SQUARES_FREE = 0,
    CLV_BOX_SQUARES_AT_LOWER = 1,
    CLV_BOX_SQUARES_AT_UPPER = 2,
    CLV_BOX_SQUARES_HELD = 3,  /* its column is a combination of others: kept at zero, or at the bound next to zero */
    CLV_BOX_SQUARES_SHARED = 4 /* free, but one of those that a held column can replace: its value is not determined */
} clv_box_squares_state;

/* Minimises c^T G c / 2 - b^T c with lower <= c <= upper, n <= CLV_BOX_SQUARES_LIMIT. With the weighted columns A and
   data y that is G = A^T A, b = A^T y. `gram` holds G row by row, `stride` doubles apart (only the lower triangle and
   diagonal are read); `right` is b. `lower` and `upper` (NULL: none) may hold infinities.

   `c` and `state` go in as the warm start (zeros for a cold one) and come out as the solution; the minimum does not
   depend on the start unless columns are collinear. Columns are scaled to length one; one is taken as collinear when
   its part perpendicular to the columns before it is under 3e-6 of it.

   Active-set method: P. B. Stark, R. L. Parker, Comput. Stat. 10 (1995) 129 (bounds); C. L. Lawson, R. J. Hanson,
   Solving Least Squares Problems (1974), chapter 23. Returns the number of systems that were solved; 0 when an element
   in use is not finite or the active set did not settle, and then `c` holds no minimum. Nothing is allocated. Any
   thread. */
size_t clv_box_squares_solve(const double *gram, size_t stride, const double *right, size_t n, const double *lower,
                             const double *upper, double *c, unsigned char *state);

#endif
