/* Reads where a drawn background begins and ends.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "background_ends.h"

#include <math.h>

static size_t nearest_channel(const double *energy, size_t channels, double at)
{
    size_t best = 0;

    for (size_t i = 1; i < channels; i++) {
        if (fabs(energy[i] - at) < fabs(energy[best] - at)) { best = i; }
    }
    return best;
}

clv_background_ends ends_of(const clv_setup *setup, const double *energy, size_t channels, double average)
{
    clv_background_ends ends = {.first = 0, .last = channels > 0 ? channels - 1 : 0};
    double low, high;

    if (clv_options_range(setup->options, "ends", &low, &high)) {
        ends.first = nearest_channel(energy, channels, low);
        ends.last = nearest_channel(energy, channels, high);
    }
    if (clv_options_given(setup->options, "average")) { average = clv_options_number(setup->options, "average"); }
    ends.average = average > 0 ? (size_t)average : 0;
    return ends;
}
