/* The Voigt kernel, written once and compiled for each level. The method and its bounds are told in voigt.h.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_NUM_LANES_VOIGT_H
#define CLV_NUM_LANES_VOIGT_H

#include "num/kernels.h"
#include "num/lanes.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define WEIDEMAN_TERMS 26
#define WEIDEMAN_L 4.7

/* a_n = 1/(2M) sum_k (L^2 + t_k^2) exp(-t_k^2) cos(n theta_k), t = L tan(theta/2); computed with 40 digits. */
static const double weideman_even[WEIDEMAN_TERMS / 2] = {
    2.539001586783925912,    1.787389169701319872,     0.8674214113782835151,     0.2752833464517000921,
    0.05034119356940481454,  0.0033396567542672401,    -0.0002698240336629340955, -9.705125385981430651e-6,
    3.573661522813698385e-6, -4.469452897305532421e-7, 4.036713512187527404e-8,   -2.614404151053635278e-9,
    2.542385210203853282e-11};
static const double weideman_odd[WEIDEMAN_TERMS / 2] = {
    2.227546106244803938,    1.307442546030071249,      0.5180115842679578431,     0.1278645135785189897,
    0.01580110134713642891,  0.00008892278491749078265, -0.0001087570710920155613, 8.592408175716909297e-6,
    -5.72127249754628354e-8, -9.018431001712342588e-8,  1.913622074368579548e-8,   -3.066915849451348924e-9,
    4.604022220171020403e-10};

#define PADE_ORDER 5

/* The [4/5] Pade approximant of sum_k (2k-1)!!/2^k (2k+1)(2k+2) u^k, the asymptotic series of -i sqrt(pi) z^3 w''(z)
   with u = 1/z^2; exact fractions. */
static const double remote_p[PADE_ORDER] = {2.0, -5348.0 / 117, 17045.0 / 78, 14995.0 / 26, -124400.0 / 39};
static const double remote_q[PADE_ORDER + 1] = {1.0, -3025.0 / 117, 4565.0 / 26, 0.0, -521675.0 / 208, 830445.0 / 208};

/* The same for w itself: the asymptotic series of -i sqrt(pi) z w(z), as polynomials in z^2, lowest power first. */
static const double far_p[PADE_ORDER] = {180.9375, -330.0, 147.0, -22.0, 1.0};
static const double far_q[PADE_ORDER + 1] = {-29.53125, 295.3125, -393.75, 157.5, -22.5, 1.0};

/* Squares of |z|: below the first a lane needs the expansion; up to the second it may use it. Up to the third, if y is
   not over FAR_Y, the approximant of w serves; elsewhere the recurrence from w to w'' would lose too many digits. */
#define FAR_FROM 36.0
#define NEAR_UP_TO 64.0
#define FAR_UP_TO 1e8
#define FAR_Y 4.0

#define ONE_OVER_PI 0.31830988618379067154
#define ONE_OVER_SQRT_PI 0.56418958354775628695
#define FWHM_PER_SIGMA 2.35482004503094938202
#define LINES_AT_ONCE 8

/* What is the same for all energies of a line. */
typedef struct line_constants {
    double position, half_width;            /* of the Lorentzian */
    double far_from, near_up_to, far_up_to; /* limits of (E - position)^2 */
    double scale, y, s;                     /* 1/(sigma sqrt 2), Im z, 2 sigma^2 */
    double near_value, near_by_position, near_by_gaussian, near_by_lorentzian;
    double remote_value, remote_by_gaussian;
} line_constants;

/* Value and derivatives at the energies of one vector. */
typedef struct line_vec {
    vec value, by_position, by_gaussian, by_lorentzian;
} line_vec;

/* A width that squares without overflow. */
static double line_width(double width) { return !(width > 0) ? 0 : width < 1e100 ? width : 1e100; }

static line_constants line_prepare(const clv_num_line *line)
{
    double gaussian = line_width(line->gaussian), lorentzian = line_width(line->lorentzian);
    line_constants c = {.position = line->position};

    if (gaussian < 1e-30 && lorentzian < 1e-30) { lorentzian = 1e-30; }
    c.half_width = 0.5 * lorentzian;
    double sigma = gaussian / FWHM_PER_SIGMA;
    c.s = 2 * sigma * sigma;
    c.far_from = FAR_FROM * c.s - c.half_width * c.half_width;
    c.near_up_to = NEAR_UP_TO * c.s - c.half_width * c.half_width;
    c.remote_value = -ONE_OVER_PI * line->weight;
    c.remote_by_gaussian = c.remote_value * (sigma / FWHM_PER_SIGMA);
    c.far_up_to = -1;
    if (c.far_from <= 0) { return c; }
    c.scale = 1 / (sigma * M_SQRT2);
    c.y = c.half_width * c.scale;
    if (c.y <= FAR_Y) { c.far_up_to = FAR_UP_TO * c.s; }
    c.near_value = line->weight * c.scale * ONE_OVER_SQRT_PI;
    c.near_by_position = -2 * c.near_value * c.scale;
    c.near_by_lorentzian = -c.near_value * c.scale;
    c.near_by_gaussian = -2 * c.near_value * c.scale * (c.scale * sigma / FWHM_PER_SIGMA);
    return c;
}

/* A polynomial with real coefficients at complex z, given t = 2 Re z and m = |z|^2, by the two-term recurrence
   b_n = a_n + t b_(n+1) - m b_(n+2): two operations a term. Safe from cancellation because |z| <= 1 wherever it is
   used. */
LANES_INLINE void polynomial(const double *a, int count, vec zr, vec zi, vec t, vec m, vec *pr, vec *pi)
{
    vec b1 = vec_all(a[count - 1]), b2 = vec_all(0.0);

#pragma GCC unroll 32
    for (int n = count - 2; n >= 1; n--) {
        vec b = vec_fma(t, b1, vec_fnma(m, b2, vec_all(a[n])));
        b2 = b1;
        b1 = b;
    }
    *pr = vec_fma(zr, b1, vec_fnma(m, b2, vec_all(a[0])));
    *pi = zi * b1;
}

LANES_INLINE void faddeeva_near(vec x, double y, vec *wr, vec *wi)
{
    double a = WEIDEMAN_L + y, b = WEIDEMAN_L - y;
    vec xx = x * x, q = 1.0 / (xx + a * a), dr = a * q, di = x * q, pr, pi;

    vec zr = vec_fms(vec_all(b), dr, x * di), zi = vec_fma(vec_all(b), di, x * dr);
    vec t = zr + zr, m = (xx + b * b) * q, z2r = vec_fms(t, zr, m), z2i = t * zi, t2 = z2r + z2r, m2 = m * m, er, ei;
    polynomial(weideman_even, WEIDEMAN_TERMS / 2, z2r, z2i, t2, m2, &er, &ei);
    polynomial(weideman_odd, WEIDEMAN_TERMS / 2, z2r, z2i, t2, m2, &pr, &pi);
    er = vec_fma(zr, pr, vec_fnma(zi, pi, er));
    ei = vec_fma(zr, pi, vec_fma(zi, pr, ei));
    vec ur = vec_fma(er, dr, vec_fnma(ei, di, vec_all(0.5 * ONE_OVER_SQRT_PI)));
    vec ui = vec_fma(er, di, ei * dr);
    *wr = 2.0 * vec_fms(ur, dr, ui * di);
    *wi = 2.0 * vec_fma(ur, di, ui * dr);
}

/* The [4/5] Pade approximant of the asymptotic series of w. */
LANES_INLINE void faddeeva_far(vec x, double y, vec *wr, vec *wi)
{
    vec y1 = vec_all(y), zr = vec_fms(x, x, vec_all(y * y)), zi = (y + y) * x, t = zr + zr;
    vec m = vec_fma(zr, zr, zi * zi), pr, pi, qr, qi;

    polynomial(far_q, PADE_ORDER + 1, zr, zi, t, m, &qr, &qi);
    polynomial(far_p, PADE_ORDER, zr, zi, t, m, &pr, &pi);
    vec g = ONE_OVER_SQRT_PI / vec_fma(qr, qr, qi * qi);
    vec ar = vec_fms(pr, x, pi * y1), ai = vec_fma(pr, y1, pi * x);
    *wr = g * vec_fms(ar, qi, ai * qr);
    *wi = g * vec_fma(ar, qr, ai * qi);
}

/* Value and derivatives from w by w' = -2 z w + 2 i/sqrt(pi) and w'' = -2 w - 2 z w'. */
LANES_INLINE line_vec line_from_w(vec x, vec wr, vec wi, const line_constants *c)
{
    vec y = vec_all(c->y);
    vec pr = vec_fms(y, wi, x * wr); /* w'/2 */
    vec pi = vec_fnma(x, wi, vec_fnma(y, wr, vec_all(ONE_OVER_SQRT_PI)));
    vec half = vec_fms(x, pr, y * pi); /* Re w'' = -2 (Re w + 2 half) */

    wr = vec_max(wr, vec_all(0.0));
    return (line_vec){.value = c->near_value * wr,
                      .by_position = c->near_by_position * pr,
                      .by_gaussian = c->near_by_gaussian * (wr + (half + half)),
                      .by_lorentzian = c->near_by_lorentzian * pi};
}

LANES_INLINE line_vec line_near(vec offset, const line_constants *c)
{
    vec x = offset * c->scale, wr, wi;

    faddeeva_near(x, c->y, &wr, &wi);
    return line_from_w(x, wr, wi, c);
}

LANES_INLINE line_vec line_far(vec offset, const line_constants *c)
{
    vec x = offset * c->scale, wr, wi;

    faddeeva_far(x, c->y, &wr, &wi);
    return line_from_w(x, wr, wi, c);
}

/* Far from a wide Lorentzian, and remote from any line: in units of energy, so that no Gaussian width is too small:
   with v = 1/(E - position + i half width) and u = 2 sigma^2 v^2, V'' = Re (i/pi) v^3 P(u)/Q(u), V = Re (i/pi) v (1 +
   u^2 P/4Q)/(1 - u/2) and so on. P and Q are the Pade approximant of sum_k (2k-1)!!/2^k (2k+1)(2k+2) u^k. */
LANES_INLINE line_vec line_remote(vec offset, const line_constants *c)
{
    vec x = vec_max(vec_min(offset, vec_all(1e100)), vec_all(-1e100)), y = vec_all(c->half_width);
    vec r = 1.0 / vec_fma(x, x, y * y), vr = x * r, vi = -(y * r);
    vec ur = c->s * vec_fms(vr, vr, vi * vi), ui = (2 * c->s) * (vr * vi);
    vec t = ur + ur, m = vec_fma(ur, ur, ui * ui), qr, qi, pr, pi;

    polynomial(remote_q, PADE_ORDER + 1, ur, ui, t, m, &qr, &qi);
    polynomial(remote_p, PADE_ORDER, ur, ui, t, m, &pr, &pi);
    vec hr = 0.5 * ur, hi = 0.5 * ui; /* u/2 */
    vec tr = vec_fms(pr, hr, pi * hi), ti = vec_fma(pr, hi, pi * hr);
    vec ar = vec_fma(tr, hr, vec_fnma(ti, hi, qr)), ai = vec_fma(tr, hi, vec_fma(ti, hr, qi));
    vec dr = vec_fma(qi, hi, vec_fnma(qr, hr, qr)), di = vec_fnma(qr, hi, vec_fnma(qi, hr, qi)); /* Q (1 - u/2) */
    vec g = 1.0 / vec_fma(dr, dr, di * di);
    vec gr = g * vec_fma(vr, dr, vi * di), gi = g * vec_fms(vi, dr, vr * di); /* v/(Q (1 - u/2)) */
    vec fr = vec_fms(gr, vr, gi * vi), fi = vec_fma(gr, vi, gi * vr);
    vec er = vec_fms(fr, vr, fi * vi), ei = vec_fma(fr, vi, fi * vr);
    vec br = qr + tr, bi = qi + ti;
    double k = c->remote_value;

    return (line_vec){.value = k * vec_min(vec_fma(gr, ai, gi * ar), vec_all(0.0)),
                      .by_position = k * vec_fma(fr, bi, fi * br),
                      .by_gaussian = c->remote_by_gaussian * vec_fma(er, pi - ti, ei * (pr - tr)),
                      .by_lorentzian = (-0.5 * k) * vec_fms(fr, br, fi * bi)};
}

LANES_INLINE line_vec line_select(vec_bits mask, line_vec a, line_vec b)
{
    return (line_vec){.value = vec_select(mask, a.value, b.value),
                      .by_position = vec_select(mask, a.by_position, b.by_position),
                      .by_gaussian = vec_select(mask, a.by_gaussian, b.by_gaussian),
                      .by_lorentzian = vec_select(mask, a.by_lorentzian, b.by_lorentzian)};
}

/* One line at the energies of one vector; both forms where the vector is wider than the zone in which both hold. */
LANES_INLINE line_vec line_at(vec energy, const line_constants *c)
{
    vec offset = energy - c->position, square = offset * offset, far_from = vec_all(c->far_from);

    if (!vec_any_below(square, far_from)) {
        return vec_any_below(vec_all(c->far_up_to), square) ? line_remote(offset, c) : line_far(offset, c);
    }
    if (!vec_any_below(vec_all(c->near_up_to), square)) { return line_near(offset, c); }
    return line_select(square < far_from, line_near(offset, c), line_remote(offset, c));
}

LANES_INLINE void column_put(double *column, size_t i, vec a, bool add)
{
    if (column) { vec_store(column + i, add ? a + vec_load(column + i) : a); }
}

static void voigt_some(const double *energy, size_t n, const line_constants *lines, size_t line_count, bool add,
                       const clv_num_line_columns *out)
{
    for (size_t i = 0; i < n; i += LANES) {
        vec e = vec_load(energy + i);
        line_vec sum = line_at(e, &lines[0]);

        for (size_t k = 1; k < line_count; k++) {
            line_vec a = line_at(e, &lines[k]);
            sum.value += a.value;
            sum.by_position += a.by_position;
            sum.by_gaussian += a.by_gaussian;
            sum.by_lorentzian += a.by_lorentzian;
        }
        column_put(out->value, i, sum.value, add);
        column_put(out->by_position, i, sum.by_position, add);
        column_put(out->by_gaussian, i, sum.by_gaussian, add);
        column_put(out->by_lorentzian, i, sum.by_lorentzian, add);
    }
}

static void column_clear(double *column, size_t n)
{
    if (column) { memset(column, 0, n * sizeof *column); }
}

static void voigt(const double *energy, size_t n, const clv_num_line *lines, size_t line_count,
                  const clv_num_line_columns *out)
{
    line_constants some[LINES_AT_ONCE];

    for (size_t done = 0; done < line_count; done += LINES_AT_ONCE) {
        size_t count = line_count - done < LINES_AT_ONCE ? line_count - done : LINES_AT_ONCE;
        for (size_t k = 0; k < count; k++) { some[k] = line_prepare(&lines[done + k]); }
        voigt_some(energy, n, some, count, done > 0, out);
    }
    if (line_count == 0) {
        column_clear(out->value, n);
        column_clear(out->by_position, n);
        column_clear(out->by_gaussian, n);
        column_clear(out->by_lorentzian, n);
    }
}

#endif
