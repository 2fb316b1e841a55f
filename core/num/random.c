/* Streams of random numbers by key: uniform, normal, Poisson.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/random.h"

#include <math.h>

#define GOLDEN 0x9e3779b97f4a7c15u

/* Above this mean a Poisson number is a rounded normal one: its skewness is below 1e-6. */
#define NORMAL_MEAN 1e12

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

clv_random clv_random_stream(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    uint64_t state = mix(a + GOLDEN);

    state = mix(state + b + GOLDEN);
    state = mix(state + c + GOLDEN);
    return (clv_random){mix(state + d + GOLDEN)};
}

double clv_random_uniform(clv_random *random)
{
    random->state += GOLDEN;
    return ((double)(mix(random->state) >> 11) + 0.5) * 0x1p-53;
}

double clv_random_normal(clv_random *random)
{
    double radius = sqrt(-2 * log(clv_random_uniform(random)));

    return radius * cos(6.283185307179586 * clv_random_uniform(random));
}

static double by_inversion(clv_random *random, double mean)
{
    double term = exp(-mean), sum = term, u = clv_random_uniform(random), count = 0;

    while (u > sum && count < 500) {
        count++;
        term *= mean / count;
        sum += term;
    }
    return count;
}

static double by_rejection(clv_random *random, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse = 1.1239 + 1.1328 / (b - 3.4), inner = 0.9277 - 3.6224 / (b - 2);

    for (;;) {
        double u = clv_random_uniform(random) - 0.5, v = clv_random_uniform(random), edge = 0.5 - fabs(u);
        double count = floor((2 * a / edge + b) * u + mean + 0.43);

        if (edge >= 0.07 && v <= inner) { return count; }
        if (count < 0 || (edge < 0.013 && v > edge)) { continue; }
        double density = count * log(mean) - mean - lgamma(count + 1);
        if (log(v * inverse / (a / (edge * edge) + b)) <= density) { return count; }
    }
}

double clv_random_poisson(clv_random *random, double mean)
{
    if (!(mean > 0)) { return 0; }
    if (mean < 30) { return by_inversion(random, mean); }
    if (!(mean < NORMAL_MEAN)) { return round(mean + sqrt(mean) * clv_random_normal(random)); }
    return by_rejection(random, mean);
}
