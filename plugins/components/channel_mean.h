/* The mean of a component's columns over each channel, for steps that are wide beside what they show.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_COMPONENTS_CHANNEL_MEAN_H
#define CLV_COMPONENTS_CHANNEL_MEAN_H

#include <corelevel/plugin.h>

/* Calls `columns` at the nodes of a Gauss-Legendre rule within each channel and writes the means of all that was asked
   for. A channel reaches half-way to its neighbours. Right to about (step/fwhm)^10/1e4 of the peak. */
clv_status channel_mean(const clv_columns_call *call,
                        clv_status (*columns)(const clv_columns_call *call, clv_error *err), clv_error *err);

#endif
