/* Sums over channels in a fixed order of eight lanes, so that the bits do not depend on how the compiler vectorises.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/arrays.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Eight channels at a time: the compiler lowers it to what the target has. */
typedef double lanes __attribute__((vector_size(64)));
typedef int64_t lane_bits __attribute__((vector_size(64)));

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define FAST __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3")))
#else
#define FAST
#endif

#define INLINE static inline __attribute__((always_inline))
#define LOAD(p, i) (*(const lanes *)((p) + (i)))
#define STORE(p, i) (*(lanes *)((p) + (i)))

#define LANES_SUM(a) ((((a)[0] + (a)[4]) + ((a)[1] + (a)[5])) + (((a)[2] + (a)[6]) + ((a)[3] + (a)[7])))

FAST static void combine_one(const double *a, double p, size_t count, double *out)
{
    for (size_t i = 0; i < count; i += 8) { STORE(out, i) = p * LOAD(a, i); }
}

FAST static void combine_two(const double *a, double p, const double *b, double q, size_t count, double *out)
{
    for (size_t i = 0; i < count; i += 8) { STORE(out, i) = p * LOAD(a, i) + q * LOAD(b, i); }
}

FAST static void add_one(const double *a, double p, size_t count, double *out)
{
    for (size_t i = 0; i < count; i += 8) { STORE(out, i) += p * LOAD(a, i); }
}

FAST static void add_two(const double *a, double p, const double *b, double q, size_t count, double *out)
{
    for (size_t i = 0; i < count; i += 8) { STORE(out, i) += p * LOAD(a, i) + q * LOAD(b, i); }
}

void clv_arrays_combine(const double *const *in, const double *factor, size_t n, size_t count, double *out)
{
    size_t k = 2;

    if (n == 0) {
        memset(out, 0, count * sizeof *out);
        return;
    }
    if (n == 1) {
        combine_one(in[0], factor[0], count, out);
        return;
    }
    combine_two(in[0], factor[0], in[1], factor[1], count, out);
    for (; k + 2 <= n; k += 2) { add_two(in[k], factor[k], in[k + 1], factor[k + 1], count, out); }
    if (k < n) { add_one(in[k], factor[k], count, out); }
}

FAST static void multiply(const double *x, const double *w, size_t count, double *out)
{
    for (size_t i = 0; i < count; i += 8) { STORE(out, i) = LOAD(w, i) * LOAD(x, i); }
}

/* Products of two weighted with two plain columns, or a part of them. */
FAST static void dot_four(const double *u0, const double *u1, const double *v0, const double *v1, size_t count,
                          double *out)
{
    lanes a = {0}, b = {0}, c = {0}, d = {0};

    for (size_t i = 0; i < count; i += 8) {
        lanes p = LOAD(u0, i), q = LOAD(u1, i), r = LOAD(v0, i), s = LOAD(v1, i);
        a += p * r;
        b += p * s;
        c += q * r;
        d += q * s;
    }
    out[0] = LANES_SUM(a);
    out[1] = LANES_SUM(b);
    out[2] = LANES_SUM(c);
    out[3] = LANES_SUM(d);
}

static void put_four(double *gram, size_t stride, size_t a, size_t b, size_t n, const double *four)
{
    for (size_t k = 0; k < 4; k++) {
        size_t row = a + k / 2, column = b + k % 2;
        if (row >= n || column >= n || column > row) { continue; }
        gram[row * stride + column] = four[k];
        gram[column * stride + row] = four[k];
    }
}

void clv_arrays_gram(const double *const *x, size_t n, const double *w, const double *r, size_t count, double *gram,
                     size_t stride, double *dot, double *work)
{
    double four[4];

    for (size_t a = 0; a < n; a++) { multiply(x[a], w, count, work + a * count); }
    for (size_t a = 0; a < n; a += 2) {
        const double *u0 = work + a * count, *u1 = a + 1 < n ? u0 + count : u0;
        for (size_t b = 0; b <= a; b += 2) {
            dot_four(u0, u1, x[b], b + 1 < n ? x[b + 1] : x[b], count, four);
            put_four(gram, stride, a, b, n, four);
        }
        dot_four(u0, u1, r, r, count, four);
        dot[a] = four[0];
        if (a + 1 < n) { dot[a + 1] = four[2]; }
    }
}

FAST double clv_arrays_square(const double *y, const double *m, const double *w, size_t count, double *residual)
{
    lanes sum = {0};

    for (size_t i = 0; i < count; i += 8) {
        lanes r = LOAD(y, i) - LOAD(m, i);
        STORE(residual, i) = r;
        sum += LOAD(w, i) * r * r;
    }
    return LANES_SUM(sum);
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

INLINE lanes choose(lane_bits mask, lanes a, lanes b)
{
    return (lanes)((mask & (lane_bits)a) | (~mask & (lane_bits)b));
}

FAST double clv_arrays_poisson(const double *y, const double *m, const double *mask, size_t count, double scale,
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
