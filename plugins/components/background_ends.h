/* Where a drawn background begins and ends: the rows that all backgrounds have, and what they say.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_COMPONENTS_BACKGROUND_ENDS_H
#define CLV_COMPONENTS_BACKGROUND_ENDS_H

#include <corelevel/background.h>
#include <corelevel/plugin.h>

#define ENDS_ROWS                                                                                \
    {.name = "active",                                                                           \
     .type = CLV_TYPE_BOOLEAN,                                                                   \
     .preset = "true",                                                                           \
     .doc = "in a model: fitted with the peaks; false: drawn from the data first"},              \
        {.name = "ends",                                                                         \
         .type = CLV_TYPE_RANGE,                                                                 \
         .unit = "eV",                                                                           \
         .flags = CLV_DRAWN,                                                                     \
         .doc = "where a drawn background begins and ends (preset: first and last channel)"},    \
    {                                                                                            \
        .name = "average", .type = CLV_TYPE_INTEGER, .low = 0, .high = 1000, .flags = CLV_DRAWN, \
        .doc = "channels on each side of an end that a drawn background averages"                \
    }

/* The level that the backgrounds of a model share, for those that bring it along. */
#define LEVEL_ROW                                                                                        \
    {                                                                                                    \
        .name = "level", .type = CLV_TYPE_PARAMETER, .unit = "signal", .flags = CLV_COEFFICIENT,         \
        .doc = "of a fitted background: the constant level, background.level, that all of a model share" \
    }

/* The region that the options ask for; `average` is what stands where they do not say how many channels are averaged
   (1 for CasaXPS' variant of Shirley's, none otherwise). */
clv_background_ends ends_of(const clv_setup *setup, const double *energy, size_t channels, double average);

#endif
