/* Tail probabilities of the normal and the chi-squared distribution.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_DISTRIBUTION_H
#define NUM_DISTRIBUTION_H

/* Gives the probability that a standard normal variable exceeds `z`. */
double clv_distribution_normal_tail(double z);

/* Gives the probability that chi-squared of `dof` degrees of freedom exceeds `chi2`, to about 1e-12 of itself. 1 for
   chi2 <= 0; NaN for dof not above zero or NaN. Source: NIST Digital Library of Mathematical Functions, 8.7.1
   and 8.9.2. */
double clv_distribution_chi2_tail(double chi2, double dof);

#endif
