/* Says what is to be said of a whole fit: Auger lines in its range, strong correlations, noise that is not what counts
   promise. SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"

#include <corelevel/lines.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *energy_name(const clv_fit *fit) { return clv_axis_name(clv_spectra_energy(fit->spectra)); }

/* The element that the spectra were taken for: Auger lines of elements that the record does not show are not worth a
 * warning. */
static int same_element(const char *line, const char *element)
{
    size_t length = strlen(element);

    return line && strncmp(line, element, length) == 0 && !(line[length] >= 'a' && line[length] <= 'z');
}

static void fitted_range(const clv_fit *fit, double *low, double *high)
{
    clv_axis *axis = clv_spectra_energy(fit->spectra);
    const double *energy = clv_axis_values(axis);
    const double *offset = clv_spectra_offset(fit->spectra);
    double shift = offset ? offset[0] : 0;

    *low = fmax(fit->low, energy[0] + shift);
    *high = fmin(fit->high, energy[clv_axis_size(axis) - 1] + shift);
}

static clv_status say_augers(clv_fit *fit, clv_error *err)
{
    double photon = clv_metadata_number(clv_spectra_metadata(fit->spectra), "photon_energy");
    const char *line = clv_spectra_name(fit->spectra);
    double low, high;

    if (!isfinite(photon) || strcmp(energy_name(fit), "binding_energy") != 0) { return CLV_OK; }
    fitted_range(fit, &low, &high);
    for (size_t i = 0; i < clv_lines_auger_count(); i++) {
        const clv_auger *auger = clv_lines_auger(i);

        if (!same_element(line, auger->element)) { continue; }
        if (photon - auger->high > high || photon - auger->low < low) { continue; }
        for (size_t k = 0; k < fit->count; k++) { fit->flags[k] |= CLV_FIT_OVERLAP; }
        CLV_TRY(fit_note(fit, err,
                         "%s (kinetic energy %.0f eV, here near %.0f eV) lies in the fitted range: its intensity "
                         "is taken for that of the fitted components",
                         auger->name, auger->energy, photon - auger->energy));
    }
    return CLV_OK;
}

static clv_status say_correlations(clv_fit *fit, clv_error *err)
{
    size_t said = 0;

    for (size_t a = 0; a < fit->shown_count && fit->count == 1; a++) {
        for (size_t b = 0; b < a; b++) {
            double c = clv_fit_covariance(fit, 0, a, b) / (clv_fit_error(fit, 0, a) * clv_fit_error(fit, 0, b));
            int free_a = clv_fit_state(fit, 0, a) == CLV_PARAMETER_FREE,
                free_b = clv_fit_state(fit, 0, b) == CLV_PARAMETER_FREE;

            if (!free_a || !free_b || !(fabs(c) > 0.95) || said++ >= 8) { continue; }
            CLV_TRY(fit_note(fit, err, "%s and %s are correlated by %.3f", clv_fit_parameter_name(fit, b),
                             clv_fit_parameter_name(fit, a), c));
        }
    }
    return CLV_OK;
}

/* The correlation of neighbouring residuals over all spectra; residuals of the right model of white noise have none.
   NaN where it is not known. */
static double residual_correlation(const clv_fit *fit, double *channels)
{
    double sum = 0, count = 0;

    *channels = 0;
    for (size_t i = 0; i < fit->count; i++) {
        if (fit_failed(fit, i) || !isfinite(fit->correlation[i])) { continue; }
        sum += fit->correlation[i];
        *channels += fit->dof[i] + fit->fitted[i];
        count++;
    }
    return count > 0 ? sum / count : NAN;
}

/* Narrow lines look like correlated noise where only the data are at hand: residuals without correlation clear them. */
static double noise_correlation(const clv_fit *fit)
{
    double known = clv_spectra_noise_correlation(fit->spectra), channels, left = residual_correlation(fit, &channels);

    return isfinite(left) && fabs(left) < 0.5 * fabs(known) && fabs(left) < 0.3 ? left : known;
}

static clv_status say_noise(clv_fit *fit, clv_error *err)
{
    double scale = clv_spectra_noise_scale(fit->spectra), correlation = noise_correlation(fit);

    if (clv_spectra_noise(fit->spectra) == CLV_NOISE_POISSON && isfinite(scale) && (scale < 0.8 || scale > 1.25)) {
        CLV_TRY(fit_note(fit, err,
                         "the counts scatter with %.2f of the variance of counting statistics; errors use the "
                         "measured scale",
                         scale));
    }
    if (isfinite(correlation) && fabs(correlation) > 0.3) {
        CLV_TRY(fit_note(fit, err,
                         "neighbouring channels are correlated by %.2f (smoothed or interpolated data): errors are "
                         "underestimated",
                         correlation));
    }
    return CLV_OK;
}

/* Where residuals lie off the model alike, channels say less than they seem to. */
static clv_status say_residuals(clv_fit *fit, clv_error *err)
{
    double known = noise_correlation(fit), channels, left = residual_correlation(fit, &channels);

    if (isfinite(known) && fabs(known) > 0.3) { return CLV_OK; } /* it has been said */
    if (!(left > fmax(0.3, 4 / sqrt(channels)))) { return CLV_OK; }
    return fit_note(fit, err,
                    "neighbouring channels lie off the model alike (correlation %.2f): the data were smoothed or "
                    "interpolated, or the model leaves structure; errors are underestimated",
                    left);
}

static clv_status say_inactive(clv_fit *fit, clv_error *err)
{
    if (!fit->plan->has_curves || fit->replicas > 0) { return CLV_OK; }
    return fit_note(
        fit, err, FIT_BACKGROUND_BEFORE "made from the data before the fit: its uncertainty is in no error given here");
}

/* Spectra from which a background was taken away before they came to the fit: their history tells. */
static clv_status say_subtracted(clv_fit *fit, clv_error *err)
{
    static const char word[] = "subtract";
    size_t length = sizeof word - 1;

    for (size_t i = 0; i < clv_spectra_history_count(fit->spectra); i++) {
        const char *line = clv_spectra_history(fit->spectra, i);

        if (strncmp(line, word, length) != 0 || (line[length] != '(' && line[length] != ' ')) { continue; }
        return fit_note(fit, err,
                        FIT_BACKGROUND_BEFORE
                        "subtracted before the fit: its uncertainty is in no error given here, and "
                        "areas lean to what its ends say");
    }
    return CLV_OK;
}

/* Options of a background that say nothing where it is fitted, or nothing where it is drawn. */
static clv_status say_unheeded(clv_fit *fit, clv_error *err)
{
    for (size_t i = 0; i < fit->model->written; i++) {
        const model_component *component = &fit->model->components[i];
        int drawn = model_is_inactive(component);
        uint32_t unheeded = drawn ? CLV_COEFFICIENT : CLV_DRAWN;

        if (!component->type->curve) { continue; }
        for (const clv_parameter *row = component->type->parameters; row->name; row++) {
            if (!(row->flags & unheeded) || !clv_options_given(component->options, row->name)) { continue; }
            CLV_TRY(fit_note(fit, err, "%s: %s is not heeded, the background is %s", component->name, row->name,
                             drawn ? "drawn from the data before the fit" : "fitted with the peaks (active = true)"));
        }
    }
    return CLV_OK;
}

clv_status fit_describe(clv_fit *fit, clv_error *err)
{
    CLV_TRY(say_augers(fit, err));
    CLV_TRY(say_noise(fit, err));
    CLV_TRY(say_residuals(fit, err));
    CLV_TRY(say_inactive(fit, err));
    CLV_TRY(fit_describe_references(fit, err));
    CLV_TRY(say_subtracted(fit, err));
    CLV_TRY(say_unheeded(fit, err));
    return say_correlations(fit, err);
}
