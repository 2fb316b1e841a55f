/* Takes one place along a leading axis out of spectra. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "spectra.h"

/* Which spectra belong to place `which` of an axis: `inner` neighbours in each run of `inner * size`. */
typedef struct cut {
    size_t place, which, size, inner, outer;
} cut;

static cut make_cut(const clv_spectra *spectra, size_t place, size_t which)
{
    cut c = {place, which, clv_axis_size(spectra->frame.axes[place]), 1, 1};

    for (size_t i = 0; i < place; i++) { c.outer *= clv_axis_size(spectra->frame.axes[i]); }
    for (size_t i = place + 1; i + 1 < spectra->frame.count; i++) { c.inner *= clv_axis_size(spectra->frame.axes[i]); }
    return c;
}

/* Copies the cut of an array with `channels` numbers for each spectrum. */
static void copy_cut(const cut *c, size_t channels, const double *from, double *to)
{
    size_t run = c->inner * channels;

    for (size_t i = 0; i < c->outer; i++) {
        memcpy(to + i * run, from + (i * c->size + c->which) * run, run * sizeof *to);
    }
}

static clv_status copy_offsets(const cut *c, const clv_spectra *spectra, clv_spectra *slice, clv_error *err)
{
    double *offset;
    clv_status status;

    if (!spectra->offset) { return CLV_OK; }
    offset = reallocarray(NULL, slice->count, 2 * sizeof *offset);
    CLV_CHECK(offset, err, CLV_NO_MEMORY, "no memory for energy offsets");
    copy_cut(c, 1, spectra->offset, offset);
    copy_cut(c, 1, spectra->offset_error, offset + slice->count);
    status = clv_spectra_set_offset(slice, offset, offset + slice->count, err);
    free(offset);
    return status;
}

static clv_status keep_place(const clv_axis *axis, size_t which, clv_spectra *slice, clv_error *err)
{
    return clv_metadata_set_number(slice->metadata, clv_axis_name(axis), clv_axis_values(axis)[which],
                                   clv_axis_unit(axis), err);
}

static clv_status fill_slice(const cut *c, const clv_spectra *spectra, clv_spectra *slice, clv_error *err)
{
    const clv_frame *frame = &spectra->frame;
    double *variance;

    copy_cut(c, spectra->channels, spectra->intensity, slice->intensity);
    if (spectra->variance) {
        CLV_TRY(clv_spectra_make_variance(slice, &variance, err));
        copy_cut(c, spectra->channels, spectra->variance, variance);
    }
    CLV_TRY(copy_offsets(c, spectra, slice, err));
    CLV_TRY(keep_place(frame->axes[c->place], c->which, slice, err));
    for (size_t i = 0; i < frame->beside_count[c->place]; i++) {
        CLV_TRY(keep_place(frame->beside[c->place][i], c->which, slice, err));
    }
    for (size_t i = 0; i + 1 < slice->frame.count; i++) { /* what clv_spectra_like could not pair by place */
        size_t from = i < c->place ? i : i + 1;

        if (slice->frame.beside_count[i] == 0) { CLV_TRY(clv_frame_copy_beside(&slice->frame, i, frame, from, err)); }
    }
    return CLV_OK;
}

clv_status clv_spectra_slice(const clv_spectra *spectra, size_t place, size_t which, clv_spectra **slice,
                             clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t count = 0;
    clv_spectra *made = NULL;
    clv_status status;
    cut c;

    CLV_CHECK(place + 1 < spectra->frame.count && which < clv_axis_size(spectra->frame.axes[place]), err,
              CLV_BAD_ARGUMENT, "%s has no place %zu along leading axis %zu", spectra->name, which + 1, place + 1);
    for (size_t i = 0; i < spectra->frame.count; i++) {
        if (i != place) { axes[count++] = spectra->frame.axes[i]; }
    }
    c = make_cut(spectra, place, which);
    CLV_TRY(clv_spectra_like(spectra, axes, count, &made, err));
    status = fill_slice(&c, spectra, made, err);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *slice = made;
    return CLV_OK;
}
