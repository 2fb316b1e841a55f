/* Vectors of doubles at the native width of the instruction set that the including file is compiled for.
   SPDX-License-Identifier: GPL-3.0-or-later

   Included only by the kernels_<level>.c files; everything is static, so that each level keeps its own copy. Plain
   operators on `vec` are lane-wise and never contracted; a fused multiply-add is written vec_fma and is fused exactly
   on the levels that have it (avx2, avx512), so that the bits of a level do not depend on the compiler. */
#ifndef CLV_NUM_LANES_H
#define CLV_NUM_LANES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__AVX512F__)
#include <immintrin.h>
#define LANES 8
#elif defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#define LANES 4
#else
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#define LANES 2
#endif

typedef double vec __attribute__((vector_size(8 * LANES)));
typedef int64_t vec_bits __attribute__((vector_size(8 * LANES)));

#define LANES_INLINE static inline __attribute__((always_inline))

LANES_INLINE vec vec_load(const double *p) { return *(const vec *)p; }

LANES_INLINE void vec_store(double *p, vec a) { *(vec *)p = a; }

LANES_INLINE vec vec_all(double a) { return a - (vec){0}; }

#if LANES == 8
LANES_INLINE vec vec_fma(vec a, vec b, vec c) { return (vec)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c); }

/* c - a b */
LANES_INLINE vec vec_fnma(vec a, vec b, vec c) { return (vec)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c); }

/* a b - c */
LANES_INLINE vec vec_fms(vec a, vec b, vec c) { return (vec)_mm512_fmsub_pd((__m512d)a, (__m512d)b, (__m512d)c); }

LANES_INLINE vec vec_min(vec a, vec b) { return (vec)_mm512_min_pd((__m512d)a, (__m512d)b); }

LANES_INLINE vec vec_max(vec a, vec b) { return (vec)_mm512_max_pd((__m512d)a, (__m512d)b); }

LANES_INLINE int vec_any_below(vec a, vec b) { return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LT_OQ) != 0; }
#elif LANES == 4
LANES_INLINE vec vec_fma(vec a, vec b, vec c) { return (vec)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c); }

/* c - a b */
LANES_INLINE vec vec_fnma(vec a, vec b, vec c) { return (vec)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c); }

/* a b - c */
LANES_INLINE vec vec_fms(vec a, vec b, vec c) { return (vec)_mm256_fmsub_pd((__m256d)a, (__m256d)b, (__m256d)c); }

LANES_INLINE vec vec_min(vec a, vec b) { return (vec)_mm256_min_pd((__m256d)a, (__m256d)b); }

LANES_INLINE vec vec_max(vec a, vec b) { return (vec)_mm256_max_pd((__m256d)a, (__m256d)b); }

LANES_INLINE int vec_any_below(vec a, vec b)
{
    return _mm256_movemask_pd(_mm256_cmp_pd((__m256d)a, (__m256d)b, _CMP_LT_OQ)) != 0;
}
#else
LANES_INLINE vec vec_fma(vec a, vec b, vec c) { return a * b + c; }

/* c - a b */
LANES_INLINE vec vec_fnma(vec a, vec b, vec c) { return c - a * b; }

/* a b - c */
LANES_INLINE vec vec_fms(vec a, vec b, vec c) { return a * b - c; }

#if defined(__SSE2__)
LANES_INLINE vec vec_min(vec a, vec b) { return (vec)_mm_min_pd((__m128d)a, (__m128d)b); }

LANES_INLINE vec vec_max(vec a, vec b) { return (vec)_mm_max_pd((__m128d)a, (__m128d)b); }

LANES_INLINE int vec_any_below(vec a, vec b) { return _mm_movemask_pd(_mm_cmplt_pd((__m128d)a, (__m128d)b)) != 0; }
#else
LANES_INLINE vec vec_min(vec a, vec b) { return (vec){a[0] < b[0] ? a[0] : b[0], a[1] < b[1] ? a[1] : b[1]}; }

LANES_INLINE vec vec_max(vec a, vec b) { return (vec){a[0] > b[0] ? a[0] : b[0], a[1] > b[1] ? a[1] : b[1]}; }

LANES_INLINE int vec_any_below(vec a, vec b) { return a[0] < b[0] || a[1] < b[1]; }
#endif
#endif

typedef double vec_any __attribute__((vector_size(8 * LANES), aligned(8)));

/* Loads from any double. */
LANES_INLINE vec vec_load_any(const double *p) { return (vec) * (const vec_any *)p; }

/* All lanes one place up, `first` into lane 0. */
LANES_INLINE vec vec_shift_in(vec a, double first)
{
#if LANES == 8
    return (vec)_mm512_castsi512_pd(
        _mm512_alignr_epi64(_mm512_castpd_si512((__m512d)a), _mm512_castpd_si512(_mm512_set1_pd(first)), 7));
#elif LANES == 4
    return (vec)_mm256_blend_pd(_mm256_permute4x64_pd((__m256d)a, 0x90), _mm256_set1_pd(first), 1);
#else
    return (vec){first, a[0]};
#endif
}

/* The sum of each lane and all below it. */
LANES_INLINE vec vec_prefix(vec a)
{
#if LANES == 8
    __m512i zero = _mm512_setzero_si512();
    a += (vec)_mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512((__m512d)a), zero, 7));
    a += (vec)_mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512((__m512d)a), zero, 6));
    return a + (vec)_mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512((__m512d)a), zero, 4));
#elif LANES == 4
    a += vec_shift_in(a, 0.0);
    return a + (vec)_mm256_permute2f128_pd((__m256d)a, (__m256d)a, 0x08);
#else
    return a + (vec){0.0, a[0]};
#endif
}

/* The last lane in all lanes. */
LANES_INLINE vec vec_last(vec a) { return vec_all(a[LANES - 1]); }

/* b where the mask (all ones or all zeros in a lane) is set, else c. */
LANES_INLINE vec vec_select(vec_bits mask, vec b, vec c) { return (vec)((mask & (vec_bits)b) | (~mask & (vec_bits)c)); }

/* The sum of all lanes, by halves: a fixed order for each width. */
LANES_INLINE double vec_sum(vec a)
{
#if LANES == 8
    return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
#elif LANES == 4
    return (a[0] + a[2]) + (a[1] + a[3]);
#else
    return a[0] + a[1];
#endif
}

#endif
