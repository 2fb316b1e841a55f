/* Line shapes with derivatives, widths of Voigt lines, and running integrals on columns: what components of models are
   made of. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PROFILE_H
#define CLV_PROFILE_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* Energies and widths are in eV, areas in the signal's unit times eV. Columns are arrays that the engine lends a
   component (clv_columns_call): aligned to 64 bytes, a multiple of 8 values long, so that each kernel runs at the
   processor's full vector width. Nothing here allocates or can fail other than by its arguments, every function may be
   called by any thread, and equal input gives equal bits on one level of instruction sets. */

/* Shapes of unit area. With t = (E - position)/fwhm and m the fraction of Lorentzian: gl_sum is (1 - m) exp(-4 ln2 t^2)
   + m/(1 + 4 t^2), gl_product is exp(-4 ln2 (1 - m) t^2)/(1 + 4 m t^2) (V. Jain, M. C. Biesinger, M. R. Linford, Appl.
   Surf. Sci. 447 (2018) 548, doi 10.1016/j.apsusc.2018.03.190), gl_power is exp(-4 ln2 t^2)^(1 - m)/(1 + 4 t^2)^m, the
   other definition of the product in circulation, each over its true area. The Voigt line is the
   convolution of a Gaussian and a Lorentzian, evaluated with w(z) (J. A. C. Weideman, SIAM J. Numer. Anal. 31 (1994)
   1497, doi 10.1137/0731077) to 1e-11 of its peak. */
typedef enum clv_profile_shape {
    CLV_PROFILE_VOIGT = 1,  /* gaussian, lorentzian */
    CLV_PROFILE_GAUSSIAN,   /* fwhm */
    CLV_PROFILE_LORENTZIAN, /* fwhm */
    CLV_PROFILE_GL_SUM,     /* fwhm, mixing */
    CLV_PROFILE_GL_PRODUCT, /* fwhm, mixing */
    CLV_PROFILE_GL_POWER    /* fwhm, mixing */
} clv_profile_shape;

/* One line. A Voigt line reads gaussian and lorentzian (full widths at half maximum of its parts, eV), the others read
   fwhm (eV), those called gl mixing (0 to 1) as well. */
typedef struct clv_profile_line {
    double position;             /* eV */
    double gaussian, lorentzian; /* eV; full widths of the two parts */
    double fwhm, mixing;         /* eV; fraction of Lorentzian */
    double weight;               /* area */
} clv_profile_line;

/* Where value (1/eV) and derivatives go: by a common shift of all positions, a common change of a width or of the
   mixing. Each is optional (NULL); what a shape does not read gets zeros. A doublet's lines move together, which is why
   one derivative serves all of them. */
typedef struct clv_profile_columns {
    double *value, *by_position, *by_gaussian, *by_lorentzian, *by_fwhm, *by_mixing;
} clv_profile_columns;

/* Sums at most 8 lines of one shape over `count` energies (eV, finite, any order). Columns and energies are 64-byte
   aligned and count is a multiple of 8, as in clv_columns_call. Finite parameters never give NaN. Any thread. */
CLV_API void clv_profile_sum(clv_profile_shape shape, const double *energy, size_t count, const clv_profile_line *lines,
                             size_t line_count, const clv_profile_columns *out);

/* Tells the full width at half maximum (eV) of a Voigt line of the given parts, to 1e-12 of itself; `gradient` (may be
   NULL) receives its derivatives by `gaussian` and by `lorentzian`. Any thread. */
CLV_API double clv_profile_fwhm(double gaussian, double lorentzian, double gradient[2]);

/* Finds the Gaussian part of a Voigt line of the given whole width and Lorentzian part; `gradient` (may be NULL)
   receives the derivatives by `fwhm` and by `lorentzian`. Errors: CLV_BAD_ARGUMENT unless 0 <= lorentzian <= fwhm. */
CLV_API clv_status clv_profile_gaussian(double fwhm, double lorentzian, double *gaussian, double gradient[2],
                                        clv_error *err);

/* Finds the Lorentzian part from the whole width and the Gaussian part; `gradient` by `fwhm` and by `gaussian`. */
CLV_API clv_status clv_profile_lorentzian(double fwhm, double gaussian, double *lorentzian, double gradient[2],
                                          clv_error *err);

/* Writes the running integral of a column from its first channel on by the trapezoid rule, out[0] = 0. `energy` (eV,
   ascending) or, when it is NULL, channels `step` eV apart. Alignment as above; out is not in. Any thread. */
CLV_API void clv_profile_integral(const double *energy, double step, const double *in, double *out, size_t count);

/* Writes in + k times its running integral: a peak on its active Shirley background, k in 1/eV (A. Herrera-Gomez et
   al., Surf. Interface Anal. 46 (2014) 897, doi 10.1002/sia.5453). */
CLV_API void clv_profile_with_integral(const double *energy, double step, const double *in, double k, double *out,
                                       size_t count);

CLV_END_DECLS

#endif
