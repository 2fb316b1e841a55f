/* Wave numbers, windows and Fourier transforms of EXAFS on plain arrays. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XAS_TRANSFORM_H
#define CLV_XAS_TRANSFORM_H

#include <stddef.h>

/* k^2 in 1/Angstrom^2 for one eV: 2 m_e/hbar^2 (CODATA 2018). */
#define XAS_K2_PER_EV 0.2624682917

#define XAS_K_STEP 0.05
#define XAS_POINTS 2048 /* of the transform: r steps of pi/(0.05 * 2048) Angstrom */

double xas_wave_number(double energy_above_edge);
double xas_r_step(void);

typedef enum xas_window { XAS_HANNING, XAS_PARZEN, XAS_WELCH, XAS_SINE, XAS_KAISER } xas_window;

/* Fills the window over k = 0, step, 2 step … between low and high with slopes of width dk, ends snapped to the grid as
   Larch does. */
void xas_fill_window(xas_window window, double low, double high, double dk, double step, size_t n, double *out);

/* The transform of n values of k at r = i pi/(step * XAS_POINTS): real and imaginary parts for i below `count`. */
void xas_transform(const double *values, size_t n, double step, size_t count, double *real, double *imaginary);

/* A cubic spline through points that ascend, not-a-knot at both ends; `second` has room for n values and receives what
   xas_spline_at needs, `scratch` 4 n. n is at least 4. */
void xas_spline(const double *x, const double *y, size_t n, double *second, double *scratch);
double xas_spline_at(const double *x, const double *y, const double *second, size_t n, double at);

/* The values of all `count` cubic B-splines over a knot vector of count + 4 at a place (the recursion of de Boor). */
void xas_b_splines(const double *knots, size_t count, double at, double *values);

#endif
