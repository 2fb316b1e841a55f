/* The background of EXAFS by AUTOBK on plain arrays. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XAS_AUTOBK_H
#define CLV_XAS_AUTOBK_H

#include <corelevel/error.h>

/* What is asked, and what is found. Energies ascend; chi has `points` values at k = 0, 0.05 … */
typedef struct xas_autobk {
    double e0, step;          /* asked: edge energy and step */
    double rbkg, kmin, kmax;  /* asked; kmax NaN: all */
    int kweight;              /* asked */
    double *chi, *background; /* found; the caller frees both. background [n] */
    size_t points;
} xas_autobk;

/* Finds the smooth background whose chi(k) has the least in R below rbkg (M. Newville, P. Livins, Y. Yacoby, J. J.
   Rehr, E. A. Stern, Phys. Rev. B 47 (1993) 14126, doi 10.1103/PhysRevB.47.14126), with Larch's knots, window and
   clamps. Errors: CLV_BAD_ARGUMENT for a range with too few points, CLV_NO_MEMORY. */
clv_status xas_find_background(const double *energy, const double *mu, size_t n, xas_autobk *to, clv_error *err);

#endif
