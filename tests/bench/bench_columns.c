/* Times the column kernels of each level on 12 columns of 456 channels: the size of a three-doublet fit.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "num/columns.h"

#define CHANNELS 456
#define COLUMNS 12

static _Alignas(64) double column[COLUMNS][CHANNELS];
static _Alignas(64) double weights[CHANNELS], target[CHANNELS], out[CHANNELS], energy[CHANNELS];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void run(const clv_num_kernels *kernels, int what)
{
    static double gram[COLUMNS * COLUMNS], projection[COLUMNS];
    const double *columns[COLUMNS];

    for (size_t k = 0; k < COLUMNS; k++) { columns[k] = column[k]; }
    switch (what) {
    case 0: kernels->gram(columns, COLUMNS, weights, target, CHANNELS, gram, projection); break;
    case 1: kernels->combine(columns, COLUMNS, projection, CHANNELS, out); break;
    case 2: kernels->integrate(NULL, 0.1, 1, 0.045, column[0], out, CHANNELS); break;
    case 3: kernels->integrate(energy, 0, 1, 0.045, column[0], out, CHANNELS); break;
    default: kernels->poisson(target, weights, weights, 0.05, CHANNELS, out); break;
    }
}

int main(void)
{
    static const char *const levels[] = {"generic", "avx2", "avx512"};
    static const char *const names[] = {"Gram matrix", "combination", "integral, uniform", "integral, any grid",
                                        "Poisson deviance"};

    for (size_t i = 0; i < CHANNELS; i++) {
        energy[i] = 770 + 0.1 * (double)i;
        weights[i] = target[i] = 1;
        for (size_t k = 0; k < COLUMNS; k++) { column[k][i] = sin((double)(i * (k + 1))); }
    }
    for (size_t l = 0; l < 3; l++) {
        const clv_num_kernels *kernels = clv_num_kernels_find(levels[l]);
        for (int what = 0; kernels && what < 5; what++) {
            double best = 1e9;
            for (int t = 0; t < 15; t++) {
                double start = now();
                for (int r = 0; r < 2000; r++) { run(kernels, what); }
                double each = (now() - start) / 2000;
                if (each < best) { best = each; }
            }
            printf("%s: %s %.2f us\n", levels[l], names[what], 1e6 * best);
        }
        if (!kernels) { printf("%s: not on this processor\n", levels[l]); }
    }
    return 0;
}
