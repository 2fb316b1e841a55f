/* Runs a per-spectrum operation over spectra, tile by tile on all cores.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/options.h"

#include "map/tiles.h"

#include <corelevel/threads.h>

#include <math.h>
#include <stdlib.h>

/* Numbers in a tile: a function of nothing else, so that results never depend on cores or memory. */
#define TILE_NUMBERS 65536

/* What all tiles of one run share. */
typedef struct tiles {
    const clv_operation *operation;
    const clv_spectra *in;
    const void *state;
    double *out, *out_variance;
    size_t rows, count; /* spectra in a tile, and tiles */
    size_t threads;
    double *variance; /* [threads][rows][channels]: what counts imply; NULL where a variance is given or not wanted */
    double *zeros;    /* [rows] */
} tiles;

/* The variance that counts have by their noise: scale times the count (at least one) plus the read noise squared. */
static void counts_variance(const clv_spectra *spectra, const double *counts, size_t n, double *variance)
{
    double scale = clv_spectra_noise_scale(spectra), read = clv_spectra_noise_read(spectra);

    for (size_t i = 0; i < n; i++) { variance[i] = scale * fmax(counts[i], 1) + read * read; }
}

static clv_status process_tile(void *payload, size_t tile, size_t thread, clv_error *err)
{
    const tiles *t = payload;
    size_t first = tile * t->rows, left = clv_spectra_count(t->in) - first, channels = clv_spectra_channels(t->in);
    size_t count = left < t->rows ? left : t->rows, from = first * channels;
    const double *offset = clv_spectra_offset(t->in), *variance = clv_spectra_variance(t->in);
    clv_block block = {.size = sizeof block,
                       .first = first,
                       .count = count,
                       .channels = channels,
                       .energy = clv_axis_values(clv_spectra_energy(t->in)),
                       .offset = offset ? offset + first : t->zeros,
                       .intensity = clv_spectra_intensity(t->in) + from,
                       .out = t->out + from,
                       .out_variance = t->out_variance ? t->out_variance + from : NULL};

    if (variance) {
        block.variance = variance + from;
    } else if (t->variance) {
        double *own = t->variance + thread * t->rows * channels;
        counts_variance(t->in, block.intensity, count * channels, own);
        block.variance = own;
    }
    return t->operation->process(t->state, &block, err);
}

/* Makes the result's variance where the operation leaves one and the input has one, or counts that imply one. */
static clv_status ready_variance(tiles *t, clv_spectra *made, clv_error *err)
{
    int leaves = t->operation->leaves == CLV_LEAVES_VARIANCE || t->operation->leaves == CLV_LEAVES_CORRELATED;
    clv_noise noise = clv_spectra_noise(t->in);

    if (!leaves || noise == CLV_NOISE_UNKNOWN) { return CLV_OK; }
    CLV_TRY(clv_spectra_make_variance(made, &t->out_variance, err));
    if (noise != CLV_NOISE_POISSON) { return CLV_OK; }
    t->variance = calloc(t->threads * t->rows * clv_spectra_channels(t->in), sizeof *t->variance);
    CLV_CHECK(t->variance, err, CLV_NO_MEMORY, "no memory for the variance of a tile");
    return CLV_OK;
}

static clv_status run_tiles(tiles *t, clv_spectra *made, clv_error *err)
{
    size_t spectra = clv_spectra_count(t->in), channels = clv_spectra_channels(t->in);

    t->rows = channels < TILE_NUMBERS ? TILE_NUMBERS / channels : 1;
    t->count = spectra / t->rows + (spectra % t->rows > 0);
    t->threads = clv_threads() < t->count ? clv_threads() : t->count;
    t->out = clv_spectra_fill(made);
    t->zeros = calloc(t->rows, sizeof *t->zeros);
    CLV_CHECK(t->zeros, err, CLV_NO_MEMORY, "no memory for a tile");
    CLV_TRY(ready_variance(t, made, err));
    return clv_tiles_run(t->count, t->threads, process_tile, t, err);
}

clv_status clv_apply_spectra(const clv_call *call, const clv_operation *operation, clv_value **result, clv_error *err)
{
    const clv_spectra *in = clv_value_as_object(call->on, CLV_SPECTRA);
    clv_axis *axes[CLV_SPECTRA_MAX_AXES] = {NULL};
    size_t count = in ? clv_spectra_axis_count(in) : 0;
    clv_spectra *made = NULL;
    void *state = NULL;
    tiles t = {.operation = operation, .in = in};
    clv_status status;

    CLV_CHECK(in, err, CLV_BAD_ARGUMENT, "it works on spectra only");
    for (size_t i = 0; i < count; i++) { axes[i] = clv_spectra_axis(in, i); }
    if (operation->prepare) { CLV_TRY(operation->prepare(call, in, &state, err)); }
    t.state = state;
    status = clv_spectra_like(in, axes, count, &made, err);
    if (!status) { status = run_tiles(&t, made, err); }
    if (!status) { status = clv_spectra_add_history(made, call->line, err); }
    if (operation->release) { operation->release(state); }
    free(t.zeros);
    free(t.variance);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "no memory for the result");
    return CLV_OK;
}
