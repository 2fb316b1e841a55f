/* What a source of uncertainty holds. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_UNCERTAINTY_H
#define CLV_DATA_UNCERTAINTY_H

#include <corelevel/columns.h>

#include "object.h"

struct clv_uncertainty {
    clv_object base;
    size_t points, n, m;
    double *local;       /* [points][n][n], given the shared quantities */
    double *shared;      /* [m][m] */
    double *sensitivity; /* [points][n][m] */
};

/* The covariance of two values with gradients `a` and `b` ([n] local, then [m] shared) at points `p` and `q`:
   a^T C b of the local quantities when the points are the same, and (a' + S^T a)^T Cs (b' + S^T b) of the shared ones.
   What a gradient does not touch does not count, also where it is NaN. */
double clv_uncertainty_covariance(const clv_uncertainty *source, const double *a, size_t p, const double *b, size_t q);

#endif
