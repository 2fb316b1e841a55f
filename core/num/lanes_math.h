/* Exponential and logarithm of vectors, for each level.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_NUM_LANES_MATH_H
#define CLV_NUM_LANES_MATH_H

#include "num/lanes.h"

/* 1.5 2^52: adding it to a small number leaves the nearest integer in the low bits. */
#define ROUNDER 6755399441055744.0
#define LN2_HIGH 6.93147180369123816490e-01 /* 32 bits, so that k LN2_HIGH is exact */
#define LN2_LOW 1.90821492927058770002e-10

/* exp(a) for a <= 0, relative error below 3e-16; exp(-708), about 3e-308, for all that is less. By a = k ln2 + r and
   the Taylor series of exp(r) to r^13/13!, |r| <= ln2/2. */
LANES_INLINE vec vec_exp_negative(vec a)
{
    static const double inverse_factorial[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                                               1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                                               1.0 / 120,        1.0 / 24,        1.0 / 6,        0.5};
    a = vec_max(a, vec_all(-708.0));
    vec shifted = vec_fma(a, vec_all(1.44269504088896340736), vec_all(ROUNDER)), k = shifted - ROUNDER;
    vec r = vec_fnma(k, vec_all(LN2_LOW), vec_fnma(k, vec_all(LN2_HIGH), a)), sum = vec_all(inverse_factorial[0]);

#pragma GCC unroll 16
    for (int n = 1; n < 12; n++) { sum = vec_fma(sum, r, vec_all(inverse_factorial[n])); }
    sum = vec_fma(sum * r, r, r) + 1.0;
    return (vec)((vec_bits)sum + ((vec_bits)shifted << 52));
}

/* log(a) for positive, normal a; absolute error below 3e-16 (1 + |log a|). By a = 2^k m, sqrt(1/2) < m <= sqrt(2), and
   the series of 2 atanh((m - 1)/(m + 1)). */
LANES_INLINE vec vec_log(vec a)
{
    const vec_bits low52 = (vec_bits){0} + 0x000fffffffffffffLL, one = (vec_bits)vec_all(1.0);
    vec_bits k = ((vec_bits)a >> 52) - 1023;
    vec m = (vec)(((vec_bits)a & low52) | one);
    vec_bits over = m > vec_all(1.41421356237309504880);

    m = vec_select(over, 0.5 * m, m);
    k -= over; /* all ones is -1 */
    vec whole = (vec)(k + (vec_bits)vec_all(ROUNDER)) - ROUNDER;
    vec f = (m - 1.0) / (m + 1.0), s = f * f, sum = vec_all(1.0 / 23);
#pragma GCC unroll 16
    for (int n = 21; n >= 3; n -= 2) { sum = vec_fma(sum, s, vec_all(1.0 / n)); }
    vec rest = vec_fma(sum * s, f + f, f + f);
    return vec_fma(whole, vec_all(LN2_HIGH), vec_fma(whole, vec_all(LN2_LOW), rest));
}

#endif
