/* Makes, copies, reads and fills spectra. SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void destroy_spectra(void *object)
{
    clv_spectra *spectra = object;

    clv_frame_clear(&spectra->frame);
    clv_texts_clear(&spectra->history);
    clv_metadata_free(spectra->metadata);
    free(spectra->name);
    free(spectra->unit);
    if (!spectra->numbers) {
        free(spectra->intensity);
        free(spectra->variance);
    }
    clv_spectra_free(spectra->numbers);
    free(spectra->offset);
    free(spectra->offset_error);
    free(spectra);
}

static clv_status fill_new(clv_spectra *made, const char *name, const char *unit, clv_axis *const *axes, size_t count,
                           clv_error *err)
{
    size_t places;

    CLV_TRY(clv_frame_set(&made->frame, axes, count, &places, err));
    made->channels = clv_axis_size(axes[count - 1]);
    made->count = places / made->channels;
    made->intensity = calloc(places, sizeof *made->intensity);
    made->metadata = clv_metadata_new();
    CLV_CHECK(made->intensity && made->metadata, err, CLV_NO_MEMORY, "no memory for %zu spectra of %zu channels",
              made->count, made->channels);
    CLV_TRY(clv_texts_replace(&made->name, name, err));
    return clv_texts_replace(&made->unit, unit, err);
}

clv_status clv_spectra_new(const char *name, const char *unit, clv_axis *const *axes, size_t count,
                           clv_spectra **spectra, clv_error *err)
{
    clv_spectra *made;
    clv_status status;

    CLV_CHECK(name && unit, err, CLV_BAD_ARGUMENT, "spectra need a name and a unit");
    CLV_CHECK(count >= 1 && clv_axis_is_energy(clv_axis_name(axes[count - 1])), err, CLV_BAD_ARGUMENT,
              "the last axis of spectra %s is %s; it must be an energy axis", name,
              count ? clv_axis_name(axes[count - 1]) : "missing");
    made = clv_object_new(sizeof *made, CLV_SPECTRA, destroy_spectra);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for spectra %s", name);
    made->low = -INFINITY;
    made->high = INFINITY;
    made->scale = 1.0;
    made->measured = made->correlation = NAN;
    status = fill_new(made, name, unit, axes, count, err);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *spectra = made;
    return CLV_OK;
}

/* Copies an array of doubles; NULL stays NULL. */
static clv_status copy_numbers(double **copy, const double *numbers, size_t count, clv_error *err)
{
    double *made;

    if (!numbers) { return CLV_OK; }
    made = reallocarray(NULL, count, sizeof *made);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for %zu numbers", count);
    memcpy(made, numbers, count * sizeof *made);
    free(*copy);
    *copy = made;
    return CLV_OK;
}

/* Shares beside the axes of `made` what stands beside equal axes of `spectra`: leading ones by place, energy by being
   last. */
static clv_status copy_besides(clv_spectra *made, const clv_spectra *spectra, clv_error *err)
{
    const clv_frame *from = &spectra->frame;
    size_t last = made->frame.count - 1;

    for (size_t i = 0; i < last && i + 1 < from->count; i++) {
        if (!clv_axis_equal(made->frame.axes[i], from->axes[i])) { continue; }
        CLV_TRY(clv_frame_copy_beside(&made->frame, i, from, i, err));
    }
    if (!clv_axis_equal(made->frame.axes[last], from->axes[from->count - 1])) { return CLV_OK; }
    return clv_frame_copy_beside(&made->frame, last, from, from->count - 1, err);
}

static clv_status copy_rest(clv_spectra *made, const clv_spectra *spectra, clv_error *err)
{
    clv_metadata *metadata = clv_metadata_copy(spectra->metadata);

    CLV_CHECK(metadata, err, CLV_NO_MEMORY, "no memory for metadata");
    clv_metadata_free(made->metadata);
    made->metadata = metadata;
    made->noise = spectra->noise;
    made->scale = spectra->scale;
    made->read = spectra->read;
    made->measured = spectra->measured;
    made->correlation = spectra->correlation;
    made->low = spectra->low;
    made->high = spectra->high;
    CLV_TRY(copy_besides(made, spectra, err));
    CLV_TRY(clv_texts_join(&made->history, &spectra->history, err));
    if (made->count == spectra->count) {
        CLV_TRY(copy_numbers(&made->offset, spectra->offset, spectra->count, err));
        CLV_TRY(copy_numbers(&made->offset_error, spectra->offset_error, spectra->count, err));
    }
    if (made->count == spectra->count && made->channels == spectra->channels) {
        return copy_numbers(&made->variance, spectra->variance, spectra->count * spectra->channels, err);
    }
    if (made->noise == CLV_NOISE_VARIANCE) { made->noise = CLV_NOISE_UNKNOWN; }
    return CLV_OK;
}

clv_status clv_spectra_like(const clv_spectra *spectra, clv_axis *const *axes, size_t count, clv_spectra **made,
                            clv_error *err)
{
    clv_spectra *fresh;
    clv_status status;

    CLV_TRY(clv_spectra_new(spectra->name, spectra->unit, axes, count, &fresh, err));
    status = copy_rest(fresh, spectra, err);
    if (status) {
        clv_spectra_free(fresh);
        return status;
    }
    *made = fresh;
    return CLV_OK;
}

clv_status clv_spectra_copy(const clv_spectra *spectra, clv_spectra **copy, clv_error *err)
{
    CLV_TRY(clv_spectra_like(spectra, spectra->frame.axes, spectra->frame.count, copy, err));
    memcpy((*copy)->intensity, spectra->intensity, spectra->count * spectra->channels * sizeof(double));
    return CLV_OK;
}

clv_status clv_spectra_note(const clv_spectra *spectra, const char *line, clv_spectra **noted, clv_error *err)
{
    clv_spectra *made;
    clv_status status;

    CLV_TRY(clv_spectra_like(spectra, spectra->frame.axes, spectra->frame.count, &made, err));
    free(made->intensity);
    free(made->variance);
    made->numbers = clv_spectra_ref(spectra->numbers ? spectra->numbers : spectra);
    made->intensity = spectra->intensity;
    made->variance = spectra->variance;
    status = clv_spectra_add_history(made, line, err);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *noted = made;
    return CLV_OK;
}

clv_spectra *clv_spectra_ref(const clv_spectra *spectra) { return clv_object_ref(spectra); }
void clv_spectra_free(clv_spectra *spectra) { clv_object_free(spectra); }

const char *clv_spectra_name(const clv_spectra *spectra) { return spectra->name; }
const char *clv_spectra_unit(const clv_spectra *spectra) { return spectra->unit; }
size_t clv_spectra_axis_count(const clv_spectra *spectra) { return spectra->frame.count; }
size_t clv_spectra_count(const clv_spectra *spectra) { return spectra->count; }
size_t clv_spectra_channels(const clv_spectra *spectra) { return spectra->channels; }

clv_axis *clv_spectra_axis(const clv_spectra *spectra, size_t place) { return clv_frame_axis(&spectra->frame, place); }

clv_axis *clv_spectra_energy(const clv_spectra *spectra) { return spectra->frame.axes[spectra->frame.count - 1]; }

size_t clv_spectra_beside_count(const clv_spectra *spectra, size_t place)
{
    return clv_frame_beside_count(&spectra->frame, place);
}

clv_axis *clv_spectra_beside(const clv_spectra *spectra, size_t place, size_t which)
{
    return clv_frame_beside(&spectra->frame, place, which);
}

clv_status clv_spectra_add_beside(clv_spectra *spectra, size_t place, clv_axis *axis, clv_error *err)
{
    return clv_frame_add_beside(&spectra->frame, place, axis, err);
}

const double *clv_spectra_intensity(const clv_spectra *spectra) { return spectra->intensity; }
const double *clv_spectra_variance(const clv_spectra *spectra) { return spectra->variance; }
double *clv_spectra_fill(clv_spectra *spectra) { return spectra->intensity; }

clv_status clv_spectra_make_variance(clv_spectra *spectra, double **variance, clv_error *err)
{
    if (!spectra->variance) {
        spectra->variance = calloc(spectra->count * spectra->channels, sizeof(double));
        CLV_CHECK(spectra->variance, err, CLV_NO_MEMORY, "no memory for the variance of %s", spectra->name);
    }
    spectra->noise = CLV_NOISE_VARIANCE;
    *variance = spectra->variance;
    return CLV_OK;
}

const double *clv_spectra_offset(const clv_spectra *spectra) { return spectra->offset; }
const double *clv_spectra_offset_error(const clv_spectra *spectra) { return spectra->offset_error; }

clv_status clv_spectra_set_offset(clv_spectra *spectra, const double *offset, const double *error, clv_error *err)
{
    double *offsets = NULL, *errors = NULL;

    if (offset) {
        errors = calloc(spectra->count, sizeof *errors);
        if (!errors || copy_numbers(&offsets, offset, spectra->count, err)) {
            free(errors);
            return clv_fail(err, CLV_NO_MEMORY, "no memory for the energy offsets of %s", spectra->name);
        }
        if (error) { memcpy(errors, error, spectra->count * sizeof *errors); }
    }
    free(spectra->offset);
    free(spectra->offset_error);
    spectra->offset = offsets;
    spectra->offset_error = errors;
    return CLV_OK;
}

void clv_spectra_window(const clv_spectra *spectra, double *low, double *high)
{
    *low = spectra->low;
    *high = spectra->high;
}

void clv_spectra_set_window(clv_spectra *spectra, double low, double high)
{
    spectra->low = low;
    spectra->high = high;
}

const clv_metadata *clv_spectra_metadata(const clv_spectra *spectra) { return spectra->metadata; }
clv_metadata *clv_spectra_metadata_fill(clv_spectra *spectra) { return spectra->metadata; }

clv_status clv_spectra_set_name(clv_spectra *spectra, const char *name, clv_error *err)
{
    return clv_texts_replace(&spectra->name, name, err);
}

clv_status clv_spectra_set_unit(clv_spectra *spectra, const char *unit, clv_error *err)
{
    return clv_texts_replace(&spectra->unit, unit, err);
}

size_t clv_spectra_history_count(const clv_spectra *spectra) { return spectra->history.count; }

const char *clv_spectra_history(const clv_spectra *spectra, size_t place)
{
    return clv_texts_at(&spectra->history, place);
}

clv_status clv_spectra_add_history(clv_spectra *spectra, const char *line, clv_error *err)
{
    return clv_texts_add(&spectra->history, line, err);
}
