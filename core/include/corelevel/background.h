/* Backgrounds drawn under measured peaks before any fit: Shirley, straight line, polynomial.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BACKGROUND_H
#define CLV_BACKGROUND_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* Where a background begins and ends. Its level at an end is the mean of the 2 `average` + 1 channels centred there;
   these may lie outside the region, and those that lie outside the data are left out on both sides alike. Outside the
   region every background here equals the data, so that a subtraction leaves zero there. */
typedef struct clv_background_ends {
    size_t first, last; /* channels of the region's ends, both included; first < last */
    size_t average;     /* channels on each side of an end that are averaged with it; 0 takes the end alone */
} clv_background_ends;

/* How the iterated Shirley background adds up the peak. */
typedef enum clv_shirley_sum {
    CLV_SHIRLEY_CASAXPS,  /* channels below, without the channel itself: what CasaXPS' exported curves show */
    CLV_SHIRLEY_TRAPEZOID /* the textbook's integral by trapezoids */
} clv_shirley_sum;

/* How an iterated Shirley background is made. `(clv_shirley_options){.ends = {first, last, 1}}` is what CasaXPS does.
 */
typedef struct clv_shirley_options {
    clv_background_ends ends;
    clv_shirley_sum sum;
    double tolerance;      /* largest change of the last iteration, of the larger end level; 0 means 1e-9 */
    size_t max_iterations; /* 0 means 200 */
} clv_shirley_options;

/* What an iterated Shirley background tells beside its curve. */
typedef struct clv_shirley_result {
    double low, high;  /* the levels at the end of low and of high binding energy, in the data's unit */
    double strength;   /* k of B(E) = low + k * (sum of the peak below E), 1/eV */
    double change;     /* largest change of the last iteration, of the larger end level */
    size_t iterations; /* how many were made */
} clv_shirley_result;

/* Draws the iterated (static) Shirley background. `x` ascends in binding energy (eV), `y` holds counts or rates, both
   `n` long; the step need not be uniform. `background` (n) receives the curve; `result` may be NULL.

   The background at an energy rises by the peak's area at lower binding energies: B = low + (high - low) A(E) / A(end)
   with A the running sum of y - B, repeated until it stands still. A falling background (high < low) is legal.

   Source: D. A. Shirley, Phys. Rev. B 5 (1972) 4709, doi 10.1103/PhysRevB.5.4709; A. Proctor, P. M. A. Sherwood, Anal.
   Chem. 54 (1982) 13, doi 10.1021/ac00238a008; the sum and end averages of CASAXPS from its exported curves.

   Errors: CLV_BAD_ARGUMENT for ends that are no region of the data, energies that do not ascend, or data in use that
   are not finite; CLV_NOT_CONVERGED when no background meets both end levels (no area above it, or the change does not
   die out): the sentence tells the change that remained. Then `background` is left alone, but `*result` tells how far
   it came. CLV_NO_MEMORY. Any thread; equal input gives equal bits on every processor. */
CLV_API clv_status clv_background_shirley(const double *x, const double *y, size_t n,
                                          const clv_shirley_options *options, double *background,
                                          clv_shirley_result *result, clv_error *err);

/* Draws the straight line between the levels at the two ends. Arrays and errors as for clv_background_shirley. */
CLV_API clv_status clv_background_line(const double *x, const double *y, size_t n, const clv_background_ends *ends,
                                       double *background, clv_error *err);

/* Draws the polynomial of `order` (0 to 8) that fits the channels of both end windows best (least squares, equal
   weights), by polynomials orthogonal on these channels (G. E. Forsythe, J. SIAM 5 (1957) 74, doi 10.1137/0105007). The
   windows must hold more than `order` channels. Arrays and errors as for clv_background_shirley. */
CLV_API clv_status clv_background_polynomial(const double *x, const double *y, size_t n,
                                             const clv_background_ends *ends, unsigned order, double *background,
                                             clv_error *err);

/* How many energies a spline may go through. */
#define CLV_BACKGROUND_SPLINE_LIMIT 32

/* Writes the natural cubic spline (second derivative 0 at both ends, straight beyond them) that is 1 at the energy
   `knots[which]` and 0 at the others; `slope`, if not NULL, its derivative by energy. Any spline through these energies
   is a sum of such columns times its values there. Errors: CLV_BAD_ARGUMENT unless there are 2 to
   CLV_BACKGROUND_SPLINE_LIMIT knots that ascend. Any thread. */
CLV_API clv_status clv_background_spline(const double *knots, size_t knot_count, size_t which, const double *x,
                                         size_t n, double *column, double *slope, clv_error *err);

CLV_END_DECLS

#endif
