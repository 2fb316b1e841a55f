/* Sums of area-normalised Voigt lines with all their derivatives, and the algebra of the three widths of a Voigt line.
   SPDX-License-Identifier: GPL-3.0-or-later

   A Voigt line is the convolution of a Gaussian and a Lorentzian:
       V(E) = Re w(z) / (sigma sqrt(2 pi)),   z = (E - position + i lorentzian/2) / (sigma sqrt 2),
       sigma = gaussian / (2 sqrt(2 ln 2)),
   with w the Faddeeva function; `gaussian` and `lorentzian` are full widths at half maximum in eV, and the area is 1.
   The derivatives follow from w' = -2 z w + 2 i/sqrt(pi) and from dV/dsigma = sigma d2V/dE2.

   Method: for |z| < 6, the expansion of w in powers of (L + i z)/(L - i z) by J. A. C. Weideman, SIAM J. Numer. Anal.
   31 (1994) 1497, doi 10.1137/0731077, with 26 terms and L = 4.7 (the L that makes the error over |z| < 6 least, found
   by scanning); beyond, the [4/5] Pade approximant in 1/z^2 of the asymptotic series of w (DLMF 7.12.1). Where the
   Lorentzian part is over 4.8 times the Gaussian, or |z| > 10^4, the recurrence from w to w'' would lose digits: there
   the Pade approximant is that of w'', and w and w' follow by the same recurrence solved backwards, which loses none
   however far the wing or however small the Gaussian width.

   Stated bounds, tested against libcerf over all widths, positions and levels: the error of the value is at most 1e-11
   of the line's peak; those of the derivatives by position, Gaussian and Lorentzian width are at most 1e-9, 1e-8 and
   1e-9 of the largest magnitude of that derivative; in the wings beyond |z| = 6 the value has a relative error of 1e-9
   at most as long as the Lorentzian part prevails there. Levels (kernels.h) agree with each other within the same
   bounds. */
#ifndef CLV_NUM_VOIGT_H
#define CLV_NUM_VOIGT_H

#include <corelevel/error.h>

#include "num/kernels.h"

/* Sums `line_count` Voigt lines over `n` energies (eV, any order, finite) and writes value and derivatives to `out`
   (each optional). Derivatives are by a common shift of all positions, a common change of all Gaussian and of all
   Lorentzian widths: what a doublet with fixed split, ratio and extra width needs; call it line by line for anything
   else. `energy` and the columns are 64-byte aligned and `n` is a multiple of 8 (clv_num_padded). Widths: negative ones
   count as zero. Lorentzian 0 gives the pure Gaussian and the finite one-sided derivative by the Lorentzian width
   there; Gaussian 0 gives the pure Lorentzian (derivative by the Gaussian width: 0). If both are below 1e-30 eV the
   Lorentzian width is taken as 1e-30 eV. The value of a line of positive weight is never negative; finite parameters
   never give NaN or infinity. Any thread. */
void clv_num_voigt(const double *energy, size_t n, const clv_num_line *lines, size_t line_count,
                   const clv_num_line_columns *out);

/* Tells the full width at half maximum (eV) of the Voigt line of the given parts, to 1e-12 of itself; negative parts
   count as zero. `gradient`, if not NULL, receives its derivatives by `gaussian` and by `lorentzian`. Newton's
   iteration on Re w(x + iy) = Re w(iy)/2, y = sqrt(ln 2) lorentzian/gaussian, from the approximation of J. J. Olivero
   and R. L. Longbothum, J. Quant. Spectrosc. Radiat. Transfer 17 (1977) 233, doi 10.1016/0022-4073(77)90161-3;
   derivatives by the implicit function. Where gaussian < 1e-4 lorentzian, by the series of this equation in
   (gaussian/lorentzian)^2. Under 1 us. Any thread. */
double clv_num_voigt_fwhm(double gaussian, double lorentzian, double gradient[2]);

/* Finds the Gaussian part (eV) of a line of the given whole width and Lorentzian part, such that clv_num_voigt_fwhm
   gives back `fwhm` to 1e-12; `gradient`, if not NULL, receives the derivatives by `fwhm` and by `lorentzian`. As
   `gaussian` goes to 0 they grow beyond bounds; below gaussian = 1e-6 lorentzian those at that ratio are given.
   CLV_BAD_ARGUMENT unless 0 <= lorentzian <= fwhm, fwhm > 0, both finite. Under 1 us. Any thread. */
clv_status clv_num_voigt_gaussian(double fwhm, double lorentzian, double *gaussian, double gradient[2], clv_error *err);

/* Finds the Lorentzian part (eV) of a line of the given whole width and Gaussian part; the same in other respects, with
   `gradient` by `fwhm` and by `gaussian`, which stays finite. CLV_BAD_ARGUMENT unless 0 <= gaussian <= fwhm, fwhm > 0.
 */
clv_status clv_num_voigt_lorentzian(double fwhm, double gaussian, double *lorentzian, double gradient[2],
                                    clv_error *err);

#endif
