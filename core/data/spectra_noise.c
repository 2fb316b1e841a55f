/* Says how the signal of spectra scatters, and measures it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectra.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <corelevel/text.h>

#include "num/noise.h"

/* As many spectra of a series or map tell enough: the mean scale is then known to 1 %. */
#define MAX_MEASURED 256

/* Below this variance over mean the data are a model's, without noise: they keep the promised scale. */
#define NOISELESS 1e-3

clv_noise clv_spectra_noise(const clv_spectra *spectra) { return spectra->noise; }
double clv_spectra_noise_scale(const clv_spectra *spectra) { return spectra->scale; }
double clv_spectra_noise_read(const clv_spectra *spectra) { return spectra->read; }
double clv_spectra_noise_measured(const clv_spectra *spectra) { return spectra->measured; }
double clv_spectra_noise_correlation(const clv_spectra *spectra) { return spectra->correlation; }

void clv_spectra_set_noise(clv_spectra *spectra, clv_noise noise, double scale, double read)
{
    spectra->noise = noise;
    spectra->scale = scale;
    spectra->read = read;
    if (noise != CLV_NOISE_VARIANCE) {
        free(spectra->variance);
        spectra->variance = NULL;
    }
}

void clv_spectra_set_measured(clv_spectra *spectra, double scale, double correlation)
{
    spectra->measured = scale;
    spectra->correlation = correlation;
}

/* Fourth differences need steps that are equal but for the rounding of a file. */
static int is_uniform(const clv_axis *axis)
{
    const double *v = clv_axis_values(axis);
    size_t size = clv_axis_size(axis);

    for (size_t i = 2; i < size; i++) {
        if (fabs((v[i] - v[i - 1]) - (v[1] - v[0])) > 0.1 * fabs(v[1] - v[0])) { return 0; }
    }
    return 1;
}

/* Sums of what was measured of several spectra of one length. */
typedef struct sums {
    double scale, scale_variance, correlation;
    size_t scales, correlations;
} sums;

static void add_measured(sums *sum, const clv_noise_measured *one)
{
    if (isfinite(one->scale) && isfinite(one->scale_error)) {
        sum->scale += one->scale;
        sum->scale_variance += one->scale_error * one->scale_error;
        sum->scales++;
    }
    if (isfinite(one->correlation)) {
        sum->correlation += one->correlation;
        sum->correlations++;
    }
}

/* Measures spectra evenly spaced over the whole. */
static clv_status measure(const clv_spectra *spectra, sums *sum, clv_error *err)
{
    size_t count = spectra->count < MAX_MEASURED ? spectra->count : MAX_MEASURED;

    if (!is_uniform(clv_spectra_energy(spectra))) { return CLV_OK; }
    for (size_t i = 0; i < count; i++) {
        size_t which = spectra->count / count * i + spectra->count % count * i / count;
        clv_noise_measured one;

        CLV_TRY(clv_noise_measure(spectra->intensity + which * spectra->channels, spectra->channels, &one, err));
        add_measured(sum, &one);
    }
    return CLV_OK;
}

/* Uses the measured scale and says so. */
static clv_status use_scale(clv_spectra *spectra, double scale, clv_error *err)
{
    char line[200], used[CLV_TEXT_NUMBER_SIZE], promised[CLV_TEXT_NUMBER_SIZE];

    scale = round(scale * 1e4) / 1e4; /* what is said is what is used */
    clv_text_from_number(scale, used);
    clv_text_from_number(spectra->scale, promised);
    snprintf(line, sizeof line, "-- noise: the measured variance over mean %s is used, not the %s that counts promise",
             used, promised);
    spectra->scale = scale;
    return clv_spectra_add_history(spectra, line, err);
}

clv_status clv_spectra_measure_noise(clv_spectra *spectra, clv_error *err)
{
    sums sum = {0};
    double scale, used;

    CLV_TRY(measure(spectra, &sum, err));
    scale = sum.scales ? sum.scale / (double)sum.scales : NAN;
    spectra->measured = scale;
    spectra->correlation = sum.correlations ? sum.correlation / (double)sum.correlations : NAN;
    if (spectra->noise != CLV_NOISE_POISSON || !(scale > NOISELESS)) { return CLV_OK; }
    used = clv_noise_scale(spectra->scale, scale, sqrt(sum.scale_variance) / (double)sum.scales);
    return used == spectra->scale ? CLV_OK : use_scale(spectra, used, err);
}
