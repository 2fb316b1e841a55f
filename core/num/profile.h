/* Area-normalised line shapes of one width and one mixing fraction: Gaussian, Lorentzian, and the mixtures of both that
   XPS programs call GL. The Voigt line stands in voigt.h.
   SPDX-License-Identifier: GPL-3.0-or-later

   With t = (E - position)/fwhm and the fraction m of Lorentzian (0 to 1):
     gaussian    exp(-4 ln2 t^2)
     lorentzian  1/(1 + 4 t^2)
     gl_sum      (1 - m) gaussian + m lorentzian: CasaXPS' SGL(100 m), XPSPEAK from 4.0
     gl_product  exp(-4 ln2 (1 - m) t^2) / (1 + 4 m t^2): CasaXPS' GL(100 m); V. Jain, M. C. Biesinger and M. R.
   Linford, Appl. Surf. Sci. 447 (2018) 548, doi 10.1016/j.apsusc.2018.03.190 gl_power    gaussian^(1 - m) lorentzian^m:
   the other definition in circulation each divided by fwhm times the area of the shape over t. `fwhm` is the true full
   width at half maximum of all but gl_product, where the true width is up to 4 % less (0.961 fwhm at m = 0.3);
   clv_num_profile_width tells it. The area over t is (1 - m) sqrt(pi/(4 ln2)) + m pi/2 for gl_sum, (pi/(2 sqrt m))
   exp(q^2) erfc(q), q^2 = ln2 (1 - m)/m, for gl_product, and integrated numerically to 1e-14 for gl_power (trapezoid
   rule in u, t = sinh(u)/2, whose error falls exponentially). The tails of the last two change from Gaussian to
   Lorentzian at m = 1, so the derivative of the area by m grows beyond bounds there; above m = 1 - 1e-8 the derivative
   at that m is given. */
#ifndef CLV_NUM_PROFILE_H
#define CLV_NUM_PROFILE_H

#include "num/kernels.h"

/* One line of a group. */
typedef struct clv_num_profile_line {
    double position; /* eV */
    double fwhm;     /* eV; below 1e-30 it counts as 1e-30 */
    double mixing;   /* fraction of Lorentzian, 0 to 1 (values outside count as the nearer end); gl shapes only */
    double weight;   /* area in units of the group's, such as 1 and `ratio` of a doublet */
} clv_num_profile_line;

/* Sums `line_count` lines of one shape over `n` energies (eV, any order, finite), as clv_num_voigt does: aligned
   columns, `n` a multiple of 8, finite in, finite out. Values are right to 1e-14 of the peak, derivatives to 1e-12 of
   theirs. Any thread. */
void clv_num_profile(clv_num_shape shape, const double *energy, size_t n, const clv_num_profile_line *lines,
                     size_t line_count, const clv_num_profile_columns *out);

/* Tells the area of a shape of unit height over t, so that a line of unit area is 1/(fwhm area) high; `by_mixing`, if
   not NULL, receives its derivative. */
double clv_num_profile_area(clv_num_shape shape, double mixing, double *by_mixing);

/* Tells the true full width at half maximum in units of `fwhm`: 1 for all but gl_product. */
double clv_num_profile_width(clv_num_shape shape, double mixing);

#endif
