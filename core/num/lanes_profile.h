/* The line shapes of profile.h, written once and compiled for each level.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_NUM_LANES_PROFILE_H
#define CLV_NUM_LANES_PROFILE_H

#include "num/lanes.h"
#include "num/lanes_math.h"
#include "num/kernels.h"

#include <stdbool.h>

#define LN2 0.69314718055994530942

/* A shape over t with its derivatives by t and by the mixing fraction. */
typedef struct shape_vec {
    vec value, by_t, by_mixing;
} shape_vec;

/* Also the Gaussian (b = 0) and the Lorentzian (a = 0). */
LANES_INLINE shape_vec shape_product(vec t, const clv_num_profile_constants *c)
{
    vec a = vec_all(c->gaussian), b = vec_all(c->lorentzian), square = t * t;
    vec l = 1.0 / vec_fma(b, square, vec_all(1.0)), s = vec_exp_negative(-(a * square)) * l;

    return (shape_vec){.value = s, .by_t = -2.0 * t * s * vec_fma(b, l, a), .by_mixing = 4.0 * square * s * (LN2 - l)};
}

LANES_INLINE shape_vec shape_sum(vec t, const clv_num_profile_constants *c)
{
    vec a = vec_all(c->gaussian), b = vec_all(c->lorentzian), square = t * t;
    vec l = 1.0 / vec_fma(b, square, vec_all(1.0)), e = vec_exp_negative(-(a * square));
    vec e_part = (1 - c->mixing) * e, l_part = c->mixing * l;

    return (shape_vec){
        .value = e_part + l_part, .by_t = -2.0 * t * vec_fma(a, e_part, b * (l_part * l)), .by_mixing = l - e};
}

LANES_INLINE shape_vec shape_power(vec t, const clv_num_profile_constants *c)
{
    vec square = t * t, under = vec_fma(vec_all(4.0), square, vec_all(1.0)), log_under = vec_log(under);
    vec a = vec_all(c->gaussian), m = vec_all(c->mixing);
    vec s = vec_exp_negative(-vec_fma(a, square, m * log_under));

    return (shape_vec){.value = s,
                       .by_t = -2.0 * t * s * (a + 4.0 * m / under),
                       .by_mixing = s * vec_fms(vec_all(4 * LN2), square, log_under)};
}

LANES_INLINE shape_vec shape_at(clv_num_shape shape, vec t, const clv_num_profile_constants *c)
{
    switch (shape) {
    case CLV_NUM_GL_SUM: return shape_sum(t, c);
    case CLV_NUM_GL_POWER: return shape_power(t, c);
    default: return shape_product(t, c);
    }
}

LANES_INLINE void profile_put(double *column, size_t i, vec a, bool add)
{
    if (column) { vec_store(column + i, add ? a + vec_load(column + i) : a); }
}

/* One line: V = height S(t), so dV/dposition = -height S'/fwhm and dV/dfwhm = -height (S + t S')/fwhm. */
LANES_INLINE void profile_line(clv_num_shape shape, const double *energy, size_t n, const clv_num_profile_constants *c,
                               bool add, const clv_num_profile_columns *out)
{
    double slope = -c->height * c->per_fwhm;

    for (size_t i = 0; i < n; i += LANES) {
        vec t = (vec_load(energy + i) - c->position) * c->per_fwhm;
        t = vec_max(vec_min(t, vec_all(1e70)), vec_all(-1e70));
        shape_vec s = shape_at(shape, t, c);
        profile_put(out->value, i, c->height * s.value, add);
        profile_put(out->by_position, i, slope * s.by_t, add);
        profile_put(out->by_fwhm, i, slope * vec_fma(t, s.by_t, s.value), add);
        profile_put(out->by_mixing, i, c->height * vec_fnma(vec_all(c->area_by_mixing), s.value, s.by_mixing), add);
    }
}

static void profile(clv_num_shape shape, const double *energy, size_t n, const clv_num_profile_constants *line,
                    bool add, const clv_num_profile_columns *out)
{
    switch (shape) {
    case CLV_NUM_GL_SUM: profile_line(CLV_NUM_GL_SUM, energy, n, line, add, out); break;
    case CLV_NUM_GL_POWER: profile_line(CLV_NUM_GL_POWER, energy, n, line, add, out); break;
    default: profile_line(CLV_NUM_GL_PRODUCT, energy, n, line, add, out); break;
    }
}

#endif
