/* The operations `background` (the curve that a background component makes of the data) and `subtract`.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Channels on each side over which counts are averaged to estimate their variance: a single channel's own count would
   give low counts too much weight. */
#define AROUND 3

/* One background at work on one set of spectra. */
typedef struct work {
    const clv_component *type;
    clv_options *options;
    const clv_spectra *spectra;
    double *energy;
} work;

static clv_status work_begin(const clv_call *call, work *w, clv_error *err)
{
    const clv_value *wanted = clv_options_get(call->options, "background");

    w->spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    CLV_TRY(clv_registry_find_component(clv_value_component_type(wanted), &w->type, err));
    CLV_CHECK(w->type->curve, err, CLV_BAD_ARGUMENT,
              "a %s makes no background of data by itself; use one of the backgrounds", w->type->name);
    CLV_TRY(
        clv_options_check(w->type->name, w->type->parameters, clv_value_component_options(wanted), &w->options, err));
    w->energy = malloc(clv_spectra_channels(w->spectra) * sizeof *w->energy);
    CLV_CHECK(w->energy, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static void work_end(work *w)
{
    clv_options_free(w->options);
    free(w->energy);
}

/* The curve is made of the channels in the window alone; outside it is the data, so that nothing is left there. */
static clv_status curve_of(const work *w, size_t spectrum, double *curve, clv_error *err)
{
    size_t channels = clv_spectra_channels(w->spectra), first = 0, end = channels;
    const double *axis = clv_axis_values(clv_spectra_energy(w->spectra)), *offset = clv_spectra_offset(w->spectra);
    const double *intensity = clv_spectra_intensity(w->spectra) + spectrum * channels;
    clv_setup setup = {
        .size = sizeof setup, .options = w->options, .axis = clv_axis_name(clv_spectra_energy(w->spectra))};
    double low, high, slack = channels > 1 ? GENERAL_EDGE * (axis[1] - axis[0]) : 0;
    clv_status status;

    clv_spectra_window(w->spectra, &low, &high);
    for (size_t i = 0; i < channels; i++) { w->energy[i] = axis[i] + (offset ? offset[spectrum] : 0); }
    while (first < channels && w->energy[first] < low - slack) { first++; }
    while (end > first && w->energy[end - 1] > high + slack) { end--; }
    memcpy(curve, intensity, channels * sizeof *curve);
    if (first == end) { return CLV_OK; }
    setup.energy = w->energy + first;
    setup.channels = end - first;
    status = w->type->curve(&setup, w->energy + first, intensity + first, end - first, curve + first, err);
    if (status && clv_spectra_count(w->spectra) > 1) { return clv_error_at(err, "spectrum %zu", spectrum + 1); }
    return status;
}

/* Variance of counts that will no longer be counts: of the local mean, by the measured scale. */
static void local_variance(const clv_spectra *spectra, size_t spectrum, double *variance)
{
    size_t channels = clv_spectra_channels(spectra);
    const double *y = clv_spectra_intensity(spectra) + spectrum * channels;
    double scale = clv_spectra_noise_scale(spectra), read = clv_spectra_noise_read(spectra);

    for (size_t i = 0; i < channels; i++) {
        size_t first = i < AROUND ? 0 : i - AROUND, end = i + AROUND < channels ? i + AROUND + 1 : channels;
        double sum = 0;

        for (size_t k = first; k < end; k++) { sum += y[k]; }
        variance[i] = scale * fmax(sum / (double)(end - first), 1.0 / (double)(end - first)) + read * read;
    }
}

static clv_status give_variance(const clv_spectra *spectra, clv_spectra *made, clv_error *err)
{
    size_t channels = clv_spectra_channels(spectra);
    double *variance = NULL;

    if (clv_spectra_noise(spectra) != CLV_NOISE_POISSON) { return CLV_OK; }
    CLV_TRY(clv_spectra_make_variance(made, &variance, err));
    for (size_t i = 0; i < clv_spectra_count(spectra); i++) { local_variance(spectra, i, variance + i * channels); }
    return CLV_OK;
}

static clv_status fill(const work *w, int subtract, clv_spectra *made, clv_error *err)
{
    size_t channels = clv_spectra_channels(w->spectra);
    const double *y = clv_spectra_intensity(w->spectra);
    double *out = clv_spectra_fill(made);

    for (size_t i = 0; i < clv_spectra_count(w->spectra); i++) {
        double *row = out + i * channels;

        CLV_TRY(curve_of(w, i, row, err));
        for (size_t k = 0; k < channels && subtract; k++) { row[k] = y[i * channels + k] - row[k]; }
    }
    return CLV_OK;
}

/* Outside the ends of a background there is nothing left to fit. */
static void mask_ends(const work *w, clv_spectra *made)
{
    double low, high, first, last;

    clv_spectra_window(made, &low, &high);
    if (clv_options_range(w->options, "ends", &first, &last)) {
        clv_spectra_set_window(made, fmax(low, first), fmin(high, last));
    }
}

static clv_status make(const clv_call *call, work *w, int subtract, clv_spectra *made, clv_error *err)
{
    CLV_TRY(fill(w, subtract, made, err));
    if (subtract) {
        CLV_TRY(give_variance(w->spectra, made, err));
        mask_ends(w, made);
    } else {
        clv_spectra_set_noise(made, CLV_NOISE_UNKNOWN, 1, 0);
    }
    return clv_spectra_add_history(made, call->line, err);
}

static clv_status run(const clv_call *call, int subtract, clv_value **result, clv_error *err)
{
    work w = {0};
    clv_spectra *made = NULL;
    clv_status status = work_begin(call, &w, err);

    if (!status) { status = clv_spectra_copy(w.spectra, &made, err); }
    if (!status) { status = make(call, &w, subtract, made, err); }
    work_end(&w);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static clv_status run_background(const clv_call *call, clv_value **result, clv_error *err)
{
    return run(call, 0, result, err);
}

static clv_status run_subtract(const clv_call *call, clv_value **result, clv_error *err)
{
    return run(call, 1, result, err);
}

static const clv_parameter rows[] = {
    {.name = "background",
     .type = CLV_TYPE_COMPONENT,
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "a background, such as cl.shirley { active = false }"},
    {0},
};

const clv_operation general_background = {
    .size = sizeof(clv_operation),
    .name = "background",
    .doc = "the curve that a background makes of the data alone",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run_background,
};

const clv_operation general_subtract = {
    .size = sizeof(clv_operation),
    .name = "subtract",
    .doc = "takes a background away that was made from the data alone; its own uncertainty is then in no later error",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_VARIANCE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run_subtract,
};
