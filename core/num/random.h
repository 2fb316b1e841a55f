/* Random numbers by counter: each is a function of its key alone, so that no order of work changes them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_RANDOM_H
#define CLV_RANDOM_H

#include <stdint.h>

/* A short stream of its own for one key. */
typedef struct clv_random {
    uint64_t state;
} clv_random;

/* The stream of a key of four numbers, such as seed, spectrum, replica and channel. Mixing by SplitMix64 (G. L. Steele,
   D. Lea, C. H. Flood, OOPSLA 2014, 453, doi 10.1145/2660193.2660195). */
clv_random clv_random_stream(uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/* A number between 0 and 1, neither of them. */
double clv_random_uniform(clv_random *random);

/* A standard normal number (G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29 (1958) 610, doi 10.1214/aoms/1177706645).
 */
double clv_random_normal(clv_random *random);

/* A Poisson number of that mean, 0 for a mean that is not above 0: by inversion below 30, above by transformed
   rejection (W. Hörmann, Insur. Math. Econ. 12 (1993) 39, doi 10.1016/0167-6687(93)90997-4). */
double clv_random_poisson(clv_random *random, double mean);

#endif
