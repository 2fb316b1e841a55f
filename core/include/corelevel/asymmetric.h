/* Asymmetric line shapes convolved with a Gaussian, with every derivative: Doniach and Sunjic's, LA, and LF with damped
   tails. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ASYMMETRIC_H
#define CLV_ASYMMETRIC_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* The kernels k(x), x = E - position, each of height 1 at or near x = 0, before the convolution with the Gaussian. The
   high-energy side is x > 0: on an axis of binding energy or of energy loss, where such tails lie.

   doniach_sunjic: cos(pi alpha/2 + (1 - alpha) atan y) / (1 + y^2)^((1 - alpha)/2), y = -2 x/lorentzian, alpha 0 to
   0.5 (S. Doniach, M. Sunjic, J. Phys. C 3 (1970) 285, doi 10.1088/0022-3719/3/2/010). At alpha = 0 a Lorentzian of
   full width `lorentzian`. The tail falls as x^(alpha - 1), its area grows without end: the area told is that of the
   kernel from position - within to position + within. The maximum lies above `position`.

   la: l^alpha for x > 0 and l^beta for x < 0, l = 1/(1 + 4 (x/lorentzian)^2), exponents above 0.5 up to 50; the area is
   that of the whole line. CasaXPS' LA(alpha, beta, n) with its widths said openly: its exported curves of one preset
   are reproduced with lorentzian = 0.498 F and gaussian = 0.835 F, F the visible width; `position` is that of the
   kernel, not of the maximum, as in CasaXPS.

   lf: la times exp(-4 ln2 (x/damping)^2), exponents 0.1 to 50: the tails end within about `damping` (full width, eV) of
   the position, and the area is finite for every exponent. */
typedef enum clv_asymmetric_shape {
    CLV_ASYMMETRIC_DONIACH_SUNJIC = 1, /* lorentzian, gaussian, alpha, within */
    CLV_ASYMMETRIC_LA,                 /* lorentzian, gaussian, alpha, beta */
    CLV_ASYMMETRIC_LF                  /* lorentzian, gaussian, alpha, beta, damping */
} clv_asymmetric_shape;

/* One line. A shape reads of these what its formula names; `lorentzian` is at least 0.001 eV and at least a hundredth
   of `gaussian`, which may be 0. */
typedef struct clv_asymmetric_line {
    double position;             /* of the kernel, eV */
    double lorentzian, gaussian; /* full widths at half maximum of the kernel's Lorentzian and of the Gaussian, eV */
    double alpha, beta;          /* asymmetry, or exponents of the high- and the low-energy side */
    double damping;              /* lf: eV */
    double within;               /* doniach_sunjic: half the range that the area is taken over, eV, above 0 */
    double weight;               /* area */
} clv_asymmetric_line;

/* Where value (1/eV) and derivatives go: by a common shift of the lines, and by a common change of each of the others.
   Each is optional; what a shape does not read gets zeros. */
typedef struct clv_asymmetric_columns {
    double *value, *by_position, *by_lorentzian, *by_gaussian, *by_alpha, *by_beta, *by_damping;
} clv_asymmetric_columns;

/* What a line shows: widths and places, eV, with derivatives by lorentzian, gaussian, alpha, beta, damping. */
typedef struct clv_asymmetric_width {
    double fwhm; /* whole width at half maximum, convolved */
    double top;  /* place of the maximum less `position` */
    double gradient[5];
} clv_asymmetric_width;

/* Sums lines of one shape over `count` finite energies (eV, any order). The convolution is a trapezoid sum over nodes
   that lie on the kernel's own centre, which converges exponentially (L. N. Trefethen, J. A. C. Weideman, SIAM Rev. 56
   (2014) 385, doi 10.1137/130932132); the kernel is tabulated once a line, so that a channel costs one short dot
   product. Values are right to 2e-8 of the peak and derivatives to 1e-6 of their largest. Errors: CLV_BAD_ARGUMENT for
   a parameter outside its range (which and what would be right), CLV_LIMIT for a line too narrow for so wide a window,
   CLV_NO_MEMORY. Any thread; equal input gives equal bits on every processor. */
CLV_API clv_status clv_asymmetric_sum(clv_asymmetric_shape shape, const double *energy, size_t count,
                                      const clv_asymmetric_line *lines, size_t line_count,
                                      const clv_asymmetric_columns *out, clv_error *err);

/* Tells width and top of one line, to 1e-7 of the width. Errors as for clv_asymmetric_sum. */
CLV_API clv_status clv_asymmetric_width_get(clv_asymmetric_shape shape, const clv_asymmetric_line *line,
                                            clv_asymmetric_width *width, clv_error *err);

/* Finds the Gaussian (`which` 1) or Lorentzian (`which` 0) part that makes the whole width `fwhm`, the other parts of
   `line` as they stand, and writes it there; `width` is that of the line found. Errors: CLV_BAD_ARGUMENT when no such
   part does. */
CLV_API clv_status clv_asymmetric_part_find(clv_asymmetric_shape shape, double fwhm, int which,
                                            clv_asymmetric_line *line, clv_asymmetric_width *width, clv_error *err);

CLV_END_DECLS

#endif
