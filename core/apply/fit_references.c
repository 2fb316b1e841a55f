/* Says what is to be said of measured references in a fit: where they end, and their own noise.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"

#include <math.h>
#include <string.h>

#define OVERHANG 1.0    /* eV of the fitted window beyond a reference that are not worth a word */
#define NOISE_SHARE 0.1 /* of the data's variance, likewise */

static const clv_spectra *reference_of(const model_component *component)
{
    if (component->type->role != CLV_ROLE_REFERENCE) { return NULL; }
    return clv_value_as_object(clv_options_get(component->options, "spectra"), CLV_SPECTRA);
}

int fit_reference_by_area(const model_component *component, double scale)
{
    const clv_spectra *spectra = reference_of(component);
    const double *energy = spectra ? clv_axis_values(clv_spectra_energy(spectra)) : NULL;
    const double *y = spectra ? clv_spectra_intensity(spectra) : NULL, *offset;
    double low, high, area = 0;
    size_t last = SIZE_MAX;

    if (!spectra) { return 0; }
    offset = clv_spectra_offset(spectra);
    clv_spectra_window(spectra, &low, &high);
    for (size_t i = 0; i < clv_spectra_channels(spectra); i++) {
        double at = energy[i] + (offset ? offset[0] : 0);

        if (!isfinite(y[i]) || at < low || at > high) { continue; }
        if (last != SIZE_MAX) { area += 0.5 * (y[i] + y[last]) * (energy[i] - energy[last]); }
        last = i;
    }
    return fabs(scale - area) <= 1e-9 * fabs(area);
}

/* The true energies that spectrum 0 covers within a window. */
static void covered(const clv_spectra *spectra, double *low, double *high)
{
    clv_axis *axis = clv_spectra_energy(spectra);
    const double *energy = clv_axis_values(axis), *offset = clv_spectra_offset(spectra);
    double shift = offset ? offset[0] : 0;

    *low = fmax(*low, energy[0] + shift);
    *high = fmin(*high, energy[clv_axis_size(axis) - 1] + shift);
}

static clv_status say_ends(clv_fit *fit, const model_component *component, const clv_spectra *reference, clv_error *err)
{
    double low = fit->low, high = fit->high, own_low, own_high;

    clv_spectra_window(reference, &own_low, &own_high);
    covered(fit->spectra, &low, &high);
    covered(reference, &own_low, &own_high);
    if (own_low <= low + OVERHANG && own_high >= high - OVERHANG) { return CLV_OK; }
    return fit_note(fit, err,
                    "the reference %s covers %.1f to %.1f eV, the fit %.1f to %.1f eV: beyond its ends it is taken as "
                    "level",
                    component->name, own_low, own_high, low, high);
}

/* The mean variance of all channels; NaN where the noise is not known. */
static double mean_variance(const clv_spectra *spectra)
{
    const double *variance = clv_spectra_variance(spectra), *intensity = clv_spectra_intensity(spectra);
    double scale = clv_spectra_noise_scale(spectra), read = clv_spectra_noise_read(spectra), sum = 0;
    size_t count = clv_spectra_count(spectra) * clv_spectra_channels(spectra), finite = 0;
    int counts = clv_spectra_noise(spectra) == CLV_NOISE_POISSON;

    if (!variance && !counts) { return NAN; }
    for (size_t i = 0; i < count; i++) {
        double one = variance ? variance[i] : scale * fmax(intensity[i], 0) + read * read;

        if (isfinite(one)) {
            sum += one;
            finite++;
        }
    }
    return finite ? sum / (double)finite : NAN;
}

static double mean_square(const clv_fit *fit, size_t parameter)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < fit->count; i++) {
        double value = fit->value[i * fit->all + parameter];

        if (fit_failed(fit, i) || !isfinite(value)) { continue; }
        sum += value * value;
        count++;
    }
    return count ? sum / (double)count : 0;
}

/* Spectra of the library that were made, not measured, say so in their comment. */
static clv_status say_model(clv_fit *fit, const model_component *component, const clv_spectra *reference,
                            clv_error *err)
{
    const char *comment = clv_metadata_text(clv_spectra_metadata(reference), "comment");

    if (!comment || strncmp(comment, "MODEL", 5) != 0) { return CLV_OK; }
    return fit_note(fit, err,
                    "the reference %s is a model, not a measurement: take standards of your own for numbers that "
                    "count",
                    component->name);
}

clv_status fit_describe_references(clv_fit *fit, clv_error *err)
{
    double data = mean_variance(fit->spectra), added = 0;

    for (size_t i = 0; i < fit->model->count; i++) {
        const model_component *component = &fit->model->components[i];
        const clv_spectra *reference = reference_of(component);
        double own;

        if (!reference) { continue; }
        CLV_TRY(say_ends(fit, component, reference, err));
        CLV_TRY(say_model(fit, component, reference, err));
        own = mean_variance(reference) * mean_square(fit, component->first + component->thetas);
        added += isfinite(own) ? own : 0;
    }
    if (!(added > NOISE_SHARE * data)) { return CLV_OK; }
    return fit_note(
        fit, err,
        "the references are measured too: their noise adds %.0f %% to the variance of the data and is in no "
        "error given here",
        100 * added / data);
}
