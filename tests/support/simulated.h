/* Simulated spectra with planted truth through the public faces: Gaussian lines on a constant level, Poisson noise.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_SIMULATED_H
#define CLV_SIMULATED_H

#include <corelevel/corelevel.h>

#include "co2p.h"

/* A Gaussian line: area in counts eV. */
typedef struct simulated_line {
    double position, fwhm, area;
} simulated_line;

/* What is measured: `levels` spectra (0: one without an axis), each with its measured energies moved by shift[level].
 */
typedef struct simulated_region {
    const char *name, *sample;
    double low, step;
    size_t channels, levels, lines;
    const simulated_line *line; /* [levels][lines], or [lines] for all when `same` */
    const double *shift;        /* [levels] or NULL */
    double level;               /* counts of the background */
    uint64_t seed;              /* 0: no noise */
    int same;
} simulated_region;

static inline double simulated_mean(const simulated_line *line, size_t lines, double energy)
{
    double sum = 0;

    for (size_t i = 0; i < lines; i++) {
        double sigma = line[i].fwhm / CO2P_SIGMA_TO_FWHM, z = (energy - line[i].position) / sigma;
        sum += line[i].area / (sigma * sqrt(6.283185307179586477)) * exp(-0.5 * z * z);
    }
    return sum;
}

static inline clv_spectra *simulated(const simulated_region *r)
{
    clv_axis *axes[2] = {NULL};
    double *values = calloc(r->channels + r->levels + 1, sizeof *values), *y;
    size_t count = r->levels ? r->levels : 1, rank = r->levels ? 2 : 1;
    co2p_random random = {r->seed};
    clv_spectra *made = NULL;

    for (size_t k = 0; k < r->channels; k++) { values[k] = r->low + r->step * (double)k; }
    clv_axis_new("binding_energy", "eV", values, r->channels, &axes[rank - 1], NULL);
    for (size_t i = 0; i < r->levels; i++) { values[i] = 100 * (double)i; }
    if (r->levels) { clv_axis_new("etch_time", "s", values, r->levels, &axes[0], NULL); }
    free(values);
    if (clv_spectra_new(r->name, "counts", axes, rank, &made, NULL)) { return NULL; }
    y = clv_spectra_fill(made);
    for (size_t i = 0; i < count; i++) {
        const simulated_line *line = r->line + (r->same ? 0 : i * r->lines);
        for (size_t k = 0; k < r->channels; k++) {
            double energy = r->low + r->step * (double)k - (r->shift ? r->shift[i] : 0);
            double mean = r->level + simulated_mean(line, r->lines, energy);
            y[i * r->channels + k] = r->seed ? co2p_poisson(&random, mean) : mean;
        }
    }
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0);
    if (r->sample) { clv_metadata_set_text(clv_spectra_metadata_fill(made), "sample", r->sample, NULL); }
    for (size_t i = 0; i < rank; i++) { clv_axis_free(axes[i]); }
    return made;
}

#endif
