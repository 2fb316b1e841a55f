/* Says how the signal of spectra scatters. SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectra.h"

#include <math.h>
#include <stdlib.h>

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
