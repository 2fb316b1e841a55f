/* Small symmetric systems: scaled to a unit diagonal, singular directions left out.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_CHOLESKY_H
#define CLV_CHOLESKY_H

#include <stddef.h>
#include <stdint.h>

/* What of a unit diagonal must remain for a variable to count as independent of those before it. */
#define CLV_CHOLESKY_LEAST 1e-12

/* Solves a x = b, `a` symmetric [n][n], over the variables with skip[i] == 0; x is 0 for the others and for those that
   depend on earlier ones. The diagonal of variables from `first` on grows by the factor 1 + damping. `work` has room
   for n * n + 3 n. Returns the least pivot met (1: no coupling; 0 or less: singular). */
double clv_cholesky_solve(const double *a, size_t n, const uint8_t *skip, size_t first, double damping, const double *b,
                          double *x, double *work);

/* Writes the inverse over the variables with skip[i] == 0, zero rows for the others. `work` has room for n * n + 2 n.
   Returns the least pivot; when it is below CLV_CHOLESKY_LEAST the inverse is not valid. */
double clv_cholesky_inverse(const double *a, size_t n, const uint8_t *skip, double *inverse, double *work);

/* The same for a singular matrix: the pseudo-inverse of the scaled matrix; lost[i] is set to 1 for variables with a
   part in its null space, which the data do not determine. `work` has room for 2 n * n + 3 n. */
void clv_cholesky_pseudo(const double *a, size_t n, const uint8_t *skip, double *inverse, uint8_t *lost, double *work);

#endif
