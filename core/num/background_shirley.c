/* Draws the iterated Shirley background, eight segments of the region at a time.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/background.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The region is cut into LANES segments that are summed side by side: element t of all segments is one vector. The
   number is fixed, so that every processor adds in the same order. */
#define LANES 8
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef long long lane_bits __attribute__((vector_size(LANES * sizeof(double))));

/* One region laid out for the iteration. With s = y - B, the sum at channel i is (weights * s of all channels below) +
   own[i] * s[i]. */
typedef struct region {
    size_t count, length; /* channels; length of a segment */
    lanes *y, *weight, *own, *sum, *curve;
} region;

static clv_status region_new(size_t count, region *r, clv_error *err)
{
    size_t length = (count + LANES - 1) / LANES, bytes = 5 * length * sizeof(lanes);
    lanes *block = aligned_alloc(sizeof(lanes), bytes);

    CLV_CHECK(block, err, CLV_NO_MEMORY, "no memory for a Shirley background of %zu channels", count);
    memset(block, 0, bytes);
    *r = (region){count, length, block, block + length, block + 2 * length, block + 3 * length, block + 4 * length};
    return CLV_OK;
}

static double *slot(lanes *array, const region *r, size_t i)
{
    return (double *)array + (i % r->length) * LANES + i / r->length;
}

/* Lays the data out with the weights of the chosen sum. The last channel's weight would only count above it: it is
 * zero. */
static void region_fill(region *r, const double *x, const double *y, clv_shirley_sum sum, double low)
{
    double *values = (double *)r->y, *weights = (double *)r->weight, *own = (double *)r->own;
    size_t n = r->count, i = 0;

    for (size_t lane = 0; lane < LANES; lane++) {
        for (size_t t = lane; t < r->length * LANES && i < n; t += LANES, i++) {
            double below = i > 0 ? x[i] - x[i - 1] : 0, above = i + 1 < n ? x[i + 1] - x[i] : 0;
            double width = sum == CLV_SHIRLEY_CASAXPS && i == 0 ? above : 0.5 * (below + above);
            values[t] = y[i];
            weights[t] = i + 1 < n ? width : 0;
            own[t] = sum == CLV_SHIRLEY_TRAPEZOID ? 0.5 * below : 0;
        }
    }
    for (size_t t = 0; t < r->length; t++) { r->curve[t] = (lanes){0} + low; }
}

/* Lays the curve back in the order of the channels. */
static void region_curve(const region *r, double *curve)
{
    const double *values = (const double *)r->curve;
    size_t i = 0;

    for (size_t lane = 0; lane < LANES; lane++) {
        for (size_t t = lane; t < r->length * LANES && i < r->count; t += LANES) { curve[i++] = values[t]; }
    }
}

/* Every processor level computes the same bits, because the lanes are the same; only their speed differs. */
#if defined(__x86_64__)
#define AT_NATIVE_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define AT_NATIVE_WIDTH
#endif

/* One iteration: the curve from the last sums (curve = low + strength * (sum + offset of its segment)), and the new
   sums within each segment. Returns the largest change of the curve; `totals` are those of the segments. */
AT_NATIVE_WIDTH static double iterate(const region *r, double low, double strength, const lanes *offset, lanes *totals)
{
    lanes running = {0}, largest = {0};

    for (size_t t = 0; t < r->length; t++) {
        lanes curve = low + strength * (r->sum[t] + *offset);
        lanes change = curve - r->curve[t], s = r->y[t] - curve;
        lane_bits more;

        change = (lanes)((lane_bits)change & 0x7FFFFFFFFFFFFFFFLL);
        more = change > largest;
        largest = (lanes)(((lane_bits)change & more) | ((lane_bits)largest & ~more));
        r->curve[t] = curve;
        r->sum[t] = running + s * r->own[t];
        running += s * r->weight[t];
    }
    *totals = running;
    for (int lane = 1; lane < LANES; lane++) { largest[0] = fmax(largest[0], largest[lane]); }
    return largest[0];
}

/* Turns the segments' totals into what lies below each, and returns the sum at the last channel. */
static double add_up(const region *r, const lanes *totals, lanes *offset)
{
    double below = 0;
    size_t last = r->count - 1;

    for (int lane = 0; lane < LANES; lane++) {
        (*offset)[lane] = below;
        below += (*totals)[lane];
    }
    return *slot(r->sum, r, last) + (*offset)[last / r->length];
}

/* Repeats until the curve stands still, the peak vanishes or the iterations are used up. */
static clv_status settle(const region *r, const clv_shirley_options *options, clv_shirley_result *result,
                         clv_error *err)
{
    double tolerance = options->tolerance > 0 ? options->tolerance : 1e-9;
    size_t limit = options->max_iterations > 0 ? options->max_iterations : 200;
    double level = fmax(fabs(result->low), fabs(result->high));
    lanes offset = {0}, totals;

    /* the first pass only sums the data above the low level */
    iterate(r, result->low, 0, &offset, &totals);
    for (result->iterations = 1; result->iterations <= limit; result->iterations++) {
        double area = add_up(r, &totals, &offset);
        CLV_CHECK(area > 0, err, CLV_NOT_CONVERGED,
                  "no Shirley background meets both ends: after %zu iterations no area is left above it; choose ends "
                  "beside a "
                  "peak, or average more channels at them",
                  result->iterations - 1);
        result->strength = (result->high - result->low) / area;
        result->change = iterate(r, result->low, result->strength, &offset, &totals);
        result->change /= level > 0 ? level : 1;
        if (result->change <= tolerance) { return CLV_OK; }
    }
    result->iterations = limit;
    return clv_fail(
        err, CLV_NOT_CONVERGED,
        "the Shirley background does not settle: after %zu iterations it still changes by %.2g of the end level; "
        "an end may lie above the data beside it, so choose other ends or average more channels at them",
        limit, result->change);
}

clv_status clv_background_shirley(const double *x, const double *y, size_t n, const clv_shirley_options *options,
                                  double *background, clv_shirley_result *result, clv_error *err)
{
    const clv_background_ends *ends = &options->ends;
    clv_shirley_result own = {0};
    region r;
    clv_status status;

    CLV_TRY(clv_background_check(x, y, n, ends, err));
    own.low = clv_background_level(y, n, ends->first, ends->average);
    own.high = clv_background_level(y, n, ends->last, ends->average);
    CLV_TRY(region_new(ends->last - ends->first + 1, &r, err));
    region_fill(&r, x + ends->first, y + ends->first, options->sum, own.low);
    status = settle(&r, options, &own, err);
    if (!status) {
        memmove(background, y, n * sizeof *y);
        region_curve(&r, background + ends->first);
        background[ends->last] = own.high;
    }
    if (result) { *result = own; }
    free(r.y);
    return status;
}
