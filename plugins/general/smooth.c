/* The operation `smooth`: local polynomials (Savitzky-Golay), which leave neighbouring channels correlated.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

#include <corelevel/smooth.h>
#include <stdlib.h>

/* What is left of white noise goes with the window and its step. */
typedef struct smoother {
    clv_smooth_window window;
    double step, left;
} smoother;

static clv_status prepare(const clv_call *call, const clv_spectra *spectra, void **state, clv_error *err)
{
    smoother s = {.window = {.channels = (unsigned)clv_options_number(call->options, "channels"),
                             .order = (unsigned)clv_options_number(call->options, "order")},
                  .step = clv_axis_step(clv_spectra_energy(spectra))};
    clv_smooth_noise noise;

    CLV_CHECK(s.step > 0, err, CLV_BAD_ARGUMENT, "the channels of %s are not evenly spaced; resample them first",
              clv_spectra_name(spectra));
    CLV_CHECK(s.window.channels <= clv_spectra_channels(spectra), err, CLV_BAD_ARGUMENT,
              "channels = %u is more than the %zu of %s", s.window.channels, clv_spectra_channels(spectra),
              clv_spectra_name(spectra));
    CLV_TRY(clv_smooth_noise_left(s.step, &s.window, &noise, err));
    s.left = noise.variance;
    *state = malloc(sizeof s);
    CLV_CHECK(*state, err, CLV_NO_MEMORY, "out of memory");
    *(smoother *)*state = s;
    return CLV_OK;
}

static clv_status process(const void *state, const clv_block *block, clv_error *err)
{
    const smoother *s = state;

    for (size_t i = 0; i < block->count; i++) {
        size_t row = i * block->channels;

        CLV_TRY(clv_smooth(block->intensity + row, block->channels, s->step, &s->window, block->out + row, err));
        if (!block->out_variance || !block->variance) { continue; }
        for (size_t k = 0; k < block->channels; k++) {
            block->out_variance[row + k] = s->left * block->variance[row + k];
        }
    }
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "channels",
     .type = CLV_TYPE_INTEGER,
     .preset = "7",
     .low = 3,
     .high = CLV_SMOOTH_WINDOW,
     .place = 1,
     .doc = "width of the window, an odd number of channels"},
    {.name = "order",
     .type = CLV_TYPE_INTEGER,
     .preset = "2",
     .low = 1,
     .high = CLV_SMOOTH_ORDER,
     .doc = "order of the polynomial"},
    {0},
};

const clv_operation general_smooth = {
    .size = sizeof(clv_operation),
    .name = "smooth",
    .doc = "smooths by local polynomials; neighbouring channels are then correlated and fits underestimate errors",
    .source = "A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627, doi 10.1021/ac60214a047",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_CORRELATED,
    .way = CLV_PER_SPECTRUM,
    .parameters = rows,
    .prepare = prepare,
    .process = process,
    .release = free,
};
