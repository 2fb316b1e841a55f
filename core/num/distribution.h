/* Tail probabilities of the normal and the chi-squared distribution.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_DISTRIBUTION_H
#define NUM_DISTRIBUTION_H

/* Gives the probability that a standard normal variable exceeds `z`. */
double clv_distribution_normal_tail(double z);

/* Gives the `z` that a standard normal variable exceeds with probability `tail`, to about 1e-13; infinite for 0 and 1,
   NaN outside. */
double clv_distribution_normal_quantile(double tail);

/* Gives the upper limit, at a confidence level within (0, 1), of a quantity that cannot be negative and was estimated
   as `value` with the standard uncertainty `error`: the quantile of the normal distribution about `value` cut off at
   zero, value + error z with P(Z > z) = (1 - level) P(Z > -value/error). Source: O. Helene, Nucl. Instrum. Methods 212
   (1983) 319, doi 10.1016/0167-5087(83)90709-3, for a peak's area. NaN for an error that is not above zero. */
double clv_distribution_upper_limit(double value, double error, double level);

/* Gives the probability that chi-squared of `dof` degrees of freedom exceeds `chi2`, to about 1e-12 of itself. 1 for
   chi2 <= 0; NaN for dof not above zero or NaN. Source: NIST Digital Library of Mathematical Functions, 8.7.1
   and 8.9.2. */
double clv_distribution_chi2_tail(double chi2, double dof);

#endif
