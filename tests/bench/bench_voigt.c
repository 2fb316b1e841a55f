/* Times the Voigt kernel of each level: ns a channel and line with all derivatives, a whole doublet model, and libcerf.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <cerf.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "num/profile.h"
#include "num/voigt.h"

#define CHANNELS 456 /* 451 padded */

static _Alignas(64) double energy[CHANNELS];
static _Alignas(64) double columns[4][CHANNELS];

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Three Co 2p doublets, 45 eV wide: the model of a LiCoO2 surface. */
static void three_doublets(const clv_num_kernels *kernels, double shift)
{
    const clv_num_line_columns out = {columns[0], columns[1], columns[2], columns[3]};
    const clv_num_line lines[3][2] = {{{780.0 + shift, 1.53, 0.7, 1}, {795.1 + shift, 1.53, 0.7, 0.5}},
                                      {{782.0 + shift, 1.53, 0.7, 1}, {797.1 + shift, 1.53, 0.7, 0.5}},
                                      {{786.0 + shift, 4.71, 0.7, 1}, {803.0 + shift, 4.71, 0.7, 0.5}}};

    for (int k = 0; k < 3; k++) { kernels->voigt(energy, CHANNELS, lines[k], 2, &out); }
}

static double time_level(const clv_num_kernels *kernels)
{
    double best = 1e9;

    for (int t = 0; t < 15; t++) {
        double start = now();
        for (int r = 0; r < 2000; r++) { three_doublets(kernels, 1e-6 * r); }
        double each = (now() - start) / 2000;
        if (each < best) { best = each; }
    }
    return best;
}

static double time_libcerf(void)
{
    double best = 1e9;

    for (int t = 0; t < 15; t++) {
        double start = now();
        for (int r = 0; r < 20; r++) {
            for (size_t i = 0; i < CHANNELS; i++) { columns[0][i] = voigt(energy[i] - 780, 0.65 + 1e-6 * r, 0.35); }
        }
        double each = (now() - start) / 20 / CHANNELS;
        if (each < best) { best = each; }
    }
    return best;
}

/* The shapes of profile.h with all derivatives, by the kernels in use; areas included. */
static void time_profiles(void)
{
    static const char *const names[] = {"gaussian", "lorentzian", "gl_sum", "gl_product", "gl_power"};
    const clv_num_profile_columns out = {columns[0], columns[1], columns[2], columns[3]};

    for (int shape = CLV_NUM_GAUSSIAN; shape <= CLV_NUM_GL_POWER; shape++) {
        double best = 1e9;
        for (int t = 0; t < 15; t++) {
            double start = now();
            for (int r = 0; r < 1000; r++) {
                clv_num_profile_line line = {780, 1.5, 0.3 + 1e-6 * r, 1};
                clv_num_profile((clv_num_shape)shape, energy, CHANNELS, &line, 1, &out);
            }
            double each = (now() - start) / 1000 / CHANNELS;
            if (each < best) { best = each; }
        }
        printf("%s: %s %.2f ns a channel and line\n", clv_num_kernel_name(), names[shape], 1e9 * best);
    }
}

int main(void)
{
    static const char *const levels[] = {"generic", "avx2", "avx512"};

    for (size_t i = 0; i < CHANNELS; i++) { energy[i] = 770 + 0.1 * (double)i; }
    double cerf = time_libcerf();
    printf("libcerf voigt(), value only: %.1f ns\n", 1e9 * cerf);
    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
        const clv_num_kernels *kernels = clv_num_kernels_find(levels[l]);
        if (!kernels) {
            printf("%s: not on this processor\n", levels[l]);
            continue;
        }
        double all = time_level(kernels), each = all / (6 * CHANNELS);
        printf(
            "%s: 3 doublets x %d channels with all derivatives %.2f us, %.2f ns a channel and line, %.0f x libcerf\n",
            levels[l], CHANNELS, 1e6 * all, 1e9 * each, cerf / each);
    }
    time_profiles();
    return 0;
}
