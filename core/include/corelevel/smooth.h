/* Smoothing and derivatives by local polynomials, and what they leave of the noise.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_SMOOTH_H
#define CLV_SMOOTH_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* The longest window in channels, and the highest order of the polynomial. */
#define CLV_SMOOTH_WINDOW 1001
#define CLV_SMOOTH_ORDER 8

/* A local polynomial: in each window of channels the polynomial that fits best (least squares, equal weights) is
   evaluated, or differentiated, at the middle; at the two ends the first and last whole window serves for all its
   channels. */
typedef struct clv_smooth_window {
    unsigned channels;   /* odd, 3 to CLV_SMOOTH_WINDOW */
    unsigned order;      /* of the polynomial: below `channels`, at most CLV_SMOOTH_ORDER */
    unsigned derivative; /* 0 smooths, 1 and 2 differentiate */
} clv_smooth_window;

/* What is left of white noise of variance one in the middle of the data. */
typedef struct clv_smooth_noise {
    double variance;    /* of one channel, below 1 for a smoothing */
    double correlation; /* of neighbouring channels: the noise is no longer white */
} clv_smooth_noise;

/* Smooths or differentiates `n` channels of step `step` (eV; it only enters derivatives) from `y` to `out` (n; not
   overlapping `y`). A value that is not finite spoils the channels whose window holds it, and no others.

   Source: A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627, doi 10.1021/ac60214a047; ends: P. A. Gorry, Anal.
   Chem. 62 (1990) 570, doi 10.1021/ac00205a007.

   Errors: CLV_BAD_ARGUMENT for a window that is no such, has more channels than the data, or a step that is zero or not
   finite. Nothing is allocated. Any thread. */
CLV_API clv_status clv_smooth(const double *y, size_t n, double step, const clv_smooth_window *window, double *out,
                              clv_error *err);

/* Tells what clv_smooth with the same window and step leaves of white noise. Errors as there. */
CLV_API clv_status clv_smooth_noise_left(double step, const clv_smooth_window *window, clv_smooth_noise *noise,
                                         clv_error *err);

CLV_END_DECLS

#endif
