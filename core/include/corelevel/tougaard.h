/* Tougaard's background of inelastically scattered electrons: the universal and the class cross-sections, drawn under
   data or as a running convolution of columns. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TOUGAARD_H
#define CLV_TOUGAARD_H

#include <corelevel/background.h>

CLV_BEGIN_DECLS

/* A loss function K(T) for the loss T > 0 (eV), of unit B:
   two parameters (U2):   K = T/(C + T^2)^2,              universal: B = 2866 eV^2, C = 1643 eV^2
   three parameters (U3): K = T/((C - T^2)^2 + D T^2)     mind the sign: C is positive here
   with a band gap (U4):  K of U3 above `gap`, 0 below.
   CasaXPS writes U2 in the form of U3 with C negative and D = 0; so may you, with `three` set. The background is B
   times the integral of K(T) times the signal T eV below on an axis of binding energy (S. Tougaard, Surf. Interface
   Anal. 11 (1988) 453, doi 10.1002/sia.740110902; 25 (1997) 137, doi
   10.1002/(SICI)1096-9918(199703)25:3<137::AID-SIA230>3.0.CO;2-L). */
typedef struct clv_tougaard_loss {
    int three;        /* 1: U3 or U4; 0: U2 */
    double c, d, gap; /* eV^2, eV^2, eV; d and gap are 0 where there are none */
} clv_tougaard_loss;

/* Which loss function a convolution uses: K itself or its derivative. */
typedef enum clv_tougaard_part { CLV_TOUGAARD_LOSS = 1, CLV_TOUGAARD_BY_C, CLV_TOUGAARD_BY_D } clv_tougaard_part;

/* Writes out_i = integral of K(E_i - E) in(E) dE over the lower energies of the window, by the trapezoid rule. `energy`
   (eV, ascending) or, when it is NULL, channels `step` eV apart. Only the signal within the window loses energy: with
   `extend` above 0 it is taken to go on below the window for so many eV with its value at the first channel. The cost
   is count^2 multiplications (0.1 ms for 1,000 channels) on a uniform grid. out is not in. Any thread; equal input
   gives equal bits on every processor. */
CLV_API void clv_tougaard_convolve(const clv_tougaard_loss *loss, clv_tougaard_part part, const double *energy,
                                   double step, double extend, const double *in, double *out, size_t count);

/* Draws the background under data: level at the low-energy end plus B times the convolution of the data above that
   level; data measured below the region lose energy into it like those within. `b` (eV^2): given, or NAN: such that the
   background meets the level at the high-energy end; receives what was used. Arrays, ends, errors as for
   clv_background_shirley; CLV_BAD_ARGUMENT also when no B meets the end. */
CLV_API clv_status clv_background_tougaard(const double *x, const double *y, size_t n, const clv_background_ends *ends,
                                           const clv_tougaard_loss *loss, double extend, double *b, double *background,
                                           clv_error *err);

CLV_END_DECLS

#endif
