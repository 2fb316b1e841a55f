/* The operation `sum`: adds spectra up along an axis.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static clv_status find_axis(const clv_spectra *spectra, const char *name, size_t *axis, clv_error *err)
{
    size_t rank = clv_spectra_axis_count(spectra) - 1;

    CLV_CHECK(rank > 0, err, CLV_BAD_ARGUMENT, "there is one spectrum only");
    for (*axis = 0; name && *axis < rank; ++*axis) {
        if (strcmp(clv_axis_name(clv_spectra_axis(spectra, *axis)), name) == 0) { return CLV_OK; }
    }
    CLV_CHECK(!name, err, CLV_BAD_ARGUMENT, "there is no axis \"%s\"; the first axis is \"%s\"", name,
              clv_axis_name(clv_spectra_axis(spectra, 0)));
    *axis = 0;
    return CLV_OK;
}

/* Spectra that were shifted by different amounts do not add up channel by channel. */
static clv_status check_offsets(const clv_spectra *spectra, clv_error *err)
{
    const double *offset = clv_spectra_offset(spectra), *energy = clv_axis_values(clv_spectra_energy(spectra));
    double least = 0, most = 0, step = clv_spectra_channels(spectra) > 1 ? energy[1] - energy[0] : INFINITY;

    for (size_t i = 0; offset && i < clv_spectra_count(spectra); i++) {
        least = i == 0 ? offset[i] : fmin(least, offset[i]);
        most = i == 0 ? offset[i] : fmax(most, offset[i]);
    }
    CLV_CHECK(most - least <= 0.5 * step, err, CLV_BAD_ARGUMENT,
              "the spectra are shifted against each other by up to %.3g eV, more than half a channel; align and "
              "resample them "
              "before adding them up",
              most - least);
    return CLV_OK;
}

static void add_rows(const double *from, double *to, size_t outer, size_t size, size_t inner)
{
    for (size_t o = 0; o < outer; o++) {
        for (size_t i = 0; i < size; i++) {
            for (size_t k = 0; k < inner; k++) { to[o * inner + k] += from[(o * size + i) * inner + k]; }
        }
    }
}

static clv_status add_up(const clv_spectra *spectra, size_t axis, clv_spectra **made, clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t rank = clv_spectra_axis_count(spectra), outer = 1, inner = 1, kept = 0;
    size_t size = clv_axis_size(clv_spectra_axis(spectra, axis));

    for (size_t i = 0; i < rank; i++) {
        clv_axis *here = clv_spectra_axis(spectra, i);

        if (i == axis) { continue; }
        axes[kept++] = here;
        *(i < axis ? &outer : &inner) *= clv_axis_size(here);
    }
    CLV_TRY(clv_spectra_like(spectra, axes, kept, made, err));
    add_rows(clv_spectra_intensity(spectra), clv_spectra_fill(*made), outer, size, inner);
    if (clv_spectra_variance(spectra)) {
        double *variance = NULL;

        CLV_TRY(clv_spectra_make_variance(*made, &variance, err));
        memset(variance, 0, outer * inner * sizeof *variance);
        add_rows(clv_spectra_variance(spectra), variance, outer, size, inner);
    }
    return CLV_OK;
}

/* A sum stands at the mean offset of what was added; it is a held one when any of them was. */
static clv_status mean_offsets(const clv_spectra *spectra, size_t axis, clv_spectra *made, clv_error *err)
{
    const double *offset = clv_spectra_offset(spectra), *error = clv_spectra_offset_error(spectra);
    size_t size = clv_axis_size(clv_spectra_axis(spectra, axis)), count = clv_spectra_count(made), inner = 1;
    double *room;
    clv_status status;

    if (!offset) { return CLV_OK; }
    room = calloc(2 * count + 1, sizeof *room);
    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = axis + 1; i + 1 < clv_spectra_axis_count(spectra); i++) {
        inner *= clv_axis_size(clv_spectra_axis(spectra, i));
    }
    for (size_t k = 0; k < count; k++) {
        int held = 0;

        for (size_t i = 0; i < size; i++) {
            size_t from = (k / inner * size + i) * inner + k % inner;

            room[k] += offset[from] / (double)size;
            room[count + k] = hypot(room[count + k], error ? error[from] / (double)size : 0);
            held = held || (error && error[from] < 0);
        }
        if (held) { room[count + k] = -room[count + k]; }
    }
    status = clv_spectra_set_offset(made, room, room + count, err);
    free(room);
    return status;
}

/* Read noise adds up in squares; a second coordinate of an axis behind the one that is gone moves with it. */
static clv_status keep_rest(const clv_spectra *spectra, size_t axis, clv_spectra *made, clv_error *err)
{
    double size = (double)clv_axis_size(clv_spectra_axis(spectra, axis));

    if (clv_spectra_noise(made) == CLV_NOISE_POISSON) {
        clv_spectra_set_noise(made, CLV_NOISE_POISSON, clv_spectra_noise_scale(spectra),
                              sqrt(size) * clv_spectra_noise_read(spectra));
    }
    for (size_t i = axis + 1; i + 1 < clv_spectra_axis_count(spectra); i++) {
        for (size_t b = clv_spectra_beside_count(made, i - 1); b < clv_spectra_beside_count(spectra, i); b++) {
            CLV_TRY(clv_spectra_add_beside(made, i - 1, clv_spectra_beside(spectra, i, b), err));
        }
    }
    return mean_offsets(spectra, axis, made, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    clv_spectra *made = NULL;
    size_t axis = 0;
    clv_status status;

    CLV_TRY(find_axis(spectra, clv_options_text(call->options, "along"), &axis, err));
    CLV_TRY(check_offsets(spectra, err));
    status = add_up(spectra, axis, &made, err);
    if (!status) { status = keep_rest(spectra, axis, made, err); }
    if (!status) { status = clv_spectra_add_history(made, call->line, err); }
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "along", .type = CLV_TYPE_TEXT, .place = 1, .doc = "axis along which is added; preset: the first"},
    {0},
};

const clv_operation general_sum = {
    .size = sizeof(clv_operation),
    .name = "sum",
    .doc = "adds spectra up along an axis",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
