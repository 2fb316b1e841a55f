/* Deviances, eight channels at a time in a fixed order, so that the bits do not depend on how the compiler vectorises.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/arrays.h"

#include <stdint.h>

/* The compiler lowers eight lanes to what the target has; nothing of this type crosses a true call. */
#pragma GCC diagnostic ignored "-Wpsabi"
typedef double lanes __attribute__((vector_size(64)));
typedef int64_t lane_bits __attribute__((vector_size(64)));

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define EACH_LEVEL __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EACH_LEVEL
#endif

#define INLINE static inline __attribute__((always_inline))
#define LOAD(p, i) (*(const lanes *)((p) + (i)))
#define STORE(p, i) (*(lanes *)((p) + (i)))
#define LANES_SUM(a) ((((a)[0] + (a)[4]) + ((a)[1] + (a)[5])) + (((a)[2] + (a)[6]) + ((a)[3] + (a)[7])))

INLINE lanes choose(lane_bits mask, lanes a, lanes b)
{
    return (lanes)((mask & (lane_bits)a) | (~mask & (lane_bits)b));
}

/* All ones where x is a finite number. */
INLINE lane_bits finite(lanes x) { return (lane_bits)(x - x == 0.0); }

EACH_LEVEL double clv_arrays_mask(double *y, double *fixed, double *weight, int by_variance, double *mask, size_t count,
                                  double *square)
{
    lanes valid = {0}, sum = {0}, zero = {0};

    for (size_t i = 0; i < count; i += 8) {
        lanes yi = LOAD(y, i), fi = LOAD(fixed, i), w = LOAD(weight, i);
        if (by_variance) { w = choose((lane_bits)(w > zero) & finite(w), 1.0 / w, zero); }
        lane_bits on = finite(yi) & finite(fi) & (lane_bits)(w > zero) & finite(w);
        yi = choose(on, yi, zero);
        w = choose(on, w, zero);
        STORE(y, i) = yi;
        STORE(fixed, i) = choose(on, fi, zero);
        STORE(weight, i) = w;
        STORE(mask, i) = choose(on, zero + 1.0, zero);
        valid += LOAD(mask, i);
        sum += w * yi * yi;
    }
    *square = LANES_SUM(sum);
    return LANES_SUM(valid);
}

EACH_LEVEL double clv_arrays_square(const double *y, const double *m, const double *w, size_t count, double *residual)
{
    lanes sum = {0};

    for (size_t i = 0; i < count; i += 8) {
        lanes r = LOAD(y, i) - LOAD(m, i);
        STORE(residual, i) = r;
        sum += LOAD(w, i) * r * r;
    }
    return LANES_SUM(sum);
}

EACH_LEVEL int clv_arrays_clean(const double *y, const double *weight, size_t count, double *square)
{
    lanes sum = {0}, nothing = {0};

    for (size_t i = 0; i < count; i += 8) {
        lanes yi = LOAD(y, i);
        nothing += yi - yi; /* NaN unless finite */
        sum += LOAD(weight, i) * yi * yi;
    }
    *square = LANES_SUM(sum);
    return LANES_SUM(nothing) == 0;
}

EACH_LEVEL void clv_arrays_dots(const double *const *x, size_t n, const double *y, size_t count, double *out)
{
    for (size_t k = 0; k < n; k++) {
        lanes even = {0}, odd = {0};
        size_t i = 0;
        for (; i + 16 <= count; i += 16) {
            even += LOAD(x[k], i) * LOAD(y, i);
            odd += LOAD(x[k], i + 8) * LOAD(y, i + 8);
        }
        if (i < count) { even += LOAD(x[k], i) * LOAD(y, i); }
        even += odd;
        out[k] = LANES_SUM(even);
    }
}

/* Natural logarithm of positive normal numbers to 1e-15: x = 2^e f with f in [sqrt(1/2), sqrt 2), log f = 2 atanh s by
   its series in s = (f - 1)/(f + 1). */
INLINE lanes lanes_log(lanes x)
{
    lane_bits bits = (lane_bits)x, offset = bits - 0x3FE6A09E667F3BCD;
    lane_bits exponent = offset >> 52;
    lanes f = (lanes)(bits - (exponent << 52));
    lanes s = (f - 1.0) / (f + 1.0), t = s * s;
    lanes e = __builtin_convertvector(exponent, lanes);
    lanes p = 1.0 / 19 + t * (1.0 / 21);

    p = 1.0 / 17 + t * p;
    p = 1.0 / 15 + t * p;
    p = 1.0 / 13 + t * p;
    p = 1.0 / 11 + t * p;
    p = 1.0 / 9 + t * p;
    p = 1.0 / 7 + t * p;
    p = 1.0 / 5 + t * p;
    p = 1.0 / 3 + t * p;
    return e * 0.69314718055994530942 + 2.0 * (s + s * t * p);
}

EACH_LEVEL double clv_arrays_poisson(const double *y, const double *m, const double *mask, size_t count, double scale,
                                     double read, double least, double *residual, double *weight)
{
    double per = 1 / scale, add = read * read * per * per, variance = per * per;
    lanes zero = {0}, sum = {0};

    for (size_t i = 0; i < count; i += 8) {
        lanes yi = LOAD(y, i), mi = LOAD(m, i), on = LOAD(mask, i);
        lanes a = yi * per + add, b = mi * per + add;
        lanes floor = b - b + least; /* stays NaN where the model is */
        lanes c = choose(b > floor, b, floor), d = a - c;
        lanes positive = choose(a > zero, a, zero + 1e-300);
        lanes log_part = choose(a > zero, a * lanes_log(positive / c), zero);
        lanes below = a - b; /* where b < floor: + [(a - b)^2 - (a - floor)^2] / (2 floor) */
        lanes extra = choose(b > floor, zero, 0.5 * (below * below - d * d) / c);
        sum += on * (log_part - d + extra);
        STORE(residual, i) = yi - mi;
        STORE(weight, i) = on * variance / c;
    }
    return 2 * LANES_SUM(sum);
}
