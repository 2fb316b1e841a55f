/* An operation: takes the losses of a detector with a dead time back out of counts.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "example.h"

#include <stdlib.h>

/* What one call needs on every spectrum: the share of a channel's time for which one count blocks the detector. */
typedef struct correction {
    double blocked;
} correction;

static clv_status prepare(const clv_call *call, const clv_spectra *spectra, void **state, clv_error *err)
{
    double dwell = clv_metadata_number(clv_spectra_metadata(spectra), "dwell");
    correction *made;

    CLV_CHECK(dwell > 0, err, CLV_BAD_ARGUMENT, "the dwell of %s is not known; its metadata need it",
              clv_spectra_name(spectra));
    made = malloc(sizeof *made);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory");
    made->blocked = clv_options_number(call->options, "time") * 1e-9 / dwell;
    *state = made;
    return CLV_OK;
}

/* m counts seen were n = m / (1 - m b); dn/dm = 1 / (1 - m b)^2. */
static clv_status process(const void *state, const clv_block *block, clv_error *err)
{
    const correction *c = state;

    for (size_t i = 0; i < block->count * block->channels; i++) {
        double live = 1 - block->intensity[i] * c->blocked;

        CLV_CHECK(live > 0, err, CLV_BAD_ARGUMENT, "%g counts are more than a detector of that dead time can see",
                  block->intensity[i]);
        block->out[i] = block->intensity[i] / live;
        if (block->out_variance && block->variance) {
            block->out_variance[i] = block->variance[i] / (live * live * live * live);
        }
    }
    return CLV_OK;
}

static const clv_parameter rows[] = {{.name = "time",
                                      .type = CLV_TYPE_NUMBER,
                                      .unit = "ns",
                                      .low = 0,
                                      .high = 1e6,
                                      .place = 1,
                                      .flags = CLV_REQUIRED,
                                      .doc = "dead time of the detector"},
                                     {0}};

const clv_operation example_dead_time = {.size = sizeof(clv_operation),
                                         .name = "dead_time",
                                         .doc = "corrects counts for the dead time of a non-paralysable detector",
                                         .source =
                                             "G. F. Knoll, Radiation Detection and Measurement, 4th ed. (2010), ch. 4",
                                         .on = CLV_ON(CLV_SPECTRA),
                                         .gives = CLV_SPECTRA,
                                         .leaves = CLV_LEAVES_VARIANCE,
                                         .way = CLV_PER_SPECTRUM,
                                         .parameters = rows,
                                         .prepare = prepare,
                                         .process = process,
                                         .release = free};
