/* Ranges and ticks of an axis. Private to core/plot.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLOT_AXIS_H
#define CLV_PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#define CLV_AXIS_TICKS 24
#define CLV_AXIS_MINOR 160

/* An axis from `min` to `max`; the numbers at its ticks are to be multiplied by 10^exponent. */
typedef struct clv_axis {
    double min, max;
    bool log, reversed;
    int exponent;
    size_t count, minor_count;
    double tick[CLV_AXIS_TICKS], minor[CLV_AXIS_MINOR];
    char text[CLV_AXIS_TICKS][40]; /* markup; empty for a tick without number */
} clv_axis;

/* Makes any pair of ends a range that can be drawn: finite, ascending, wide enough to have numbers. */
void clv_axis_range(clv_axis *axis, double min, double max);

/* Chooses ticks, at most about `most` numbers; from 10^`factor` on a common power of ten is taken out. */
void clv_axis_ticks(clv_axis *axis, double most, int factor);

/* Tells where a value lies: 0 at the first end on paper, 1 at the second; NaN where it cannot be drawn. */
double clv_axis_place(const clv_axis *axis, double value);

/* Writes a number with `decimals` digits after the point and a real minus sign. */
void clv_axis_number(double value, int decimals, char *out, size_t size);

/* Writes a number as short as it is exact to six digits, in any locale. */
void clv_axis_shortest(double value, char *out, size_t size);

#endif
