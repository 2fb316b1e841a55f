/* Takes one spectrum in: its window on its own true energies, its mask, its fixed or first weights.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/arrays.h"
#include "fit/workspace.h"

#include <math.h>
#include <string.h>

/* A channel on the edge of a window belongs to it although its energy was rounded. */
#define EDGE 1e-6

/* Channels on each side that smooth the counts for the first weights. */
#define SMOOTH 4

/* Whether the grid is cut out of the same energies in the same way as that of the spectrum before. */
static int same_grid(clv_engine *engine, const clv_problem_data *data)
{
    size_t bytes = data->channels * sizeof(double);
    int same = engine->seen_channels == data->channels && engine->seen_offset == data->offset &&
               engine->seen_low == data->low && engine->seen_high == data->high &&
               memcmp(engine->seen_energy, data->energy, bytes) == 0;

    engine->seen_channels = data->channels;
    engine->seen_offset = data->offset;
    engine->seen_low = data->low;
    engine->seen_high = data->high;
    memcpy(engine->seen_energy, data->energy, bytes);
    return same;
}

static void find_window(clv_engine *engine, const clv_problem_data *data)
{
    size_t n = data->channels, first = 0, last = n;
    double slack = n > 1 ? EDGE * fabs(data->energy[1] - data->energy[0]) : 0;

    while (first < n && data->energy[first] + data->offset < data->low - slack) { first++; }
    while (last > first && data->energy[last - 1] + data->offset > data->high + slack) { last--; }
    engine->first = first;
    engine->used = last - first;
    engine->count = (engine->used + 7) / 8 * 8;
}

static void take_energies(clv_engine *engine, const clv_problem_data *data)
{
    size_t n = engine->used;
    double *axis = engine->axis;

    for (size_t i = 0; i < n; i++) { axis[i] = data->energy[engine->first + i] + data->offset; }
    double step = n > 1 ? (axis[n - 1] - axis[0]) / (double)(n - 1) : 1;
    engine->step = step;
    for (size_t i = 1; i < n; i++) {
        if (!(fabs(axis[i] - axis[i - 1] - step) < 1e-6 * step)) { engine->step = 0; }
    }
    for (size_t i = n; i < engine->count; i++) { axis[i] = axis[n - 1] + step * (double)(i - n + 1); }
    memcpy(engine->energy, axis, engine->count * sizeof *axis);
}

/* Makes the channels of excluded ranges such as have no number. */
static void exclude(clv_engine *engine)
{
    const clv_problem *problem = engine->problem;
    double slack = engine->used > 1 ? EDGE * fabs(engine->axis[1] - engine->axis[0]) : 0;

    for (size_t k = 0; k < problem->exclude_count; k++) {
        double low = problem->exclude[2 * k] - slack, high = problem->exclude[2 * k + 1] + slack;
        for (size_t i = 0; i < engine->used; i++) {
            if (engine->axis[i] >= low && engine->axis[i] <= high) { engine->y[i] = NAN; }
        }
    }
}

/* Copies the window of an array; what stands for a channel where there is none, 0 in the padding. */
static void take_window(const clv_engine *engine, const double *from, double otherwise, double *to)
{
    if (from) { memcpy(to, from + engine->first, engine->used * sizeof *to); }
    for (size_t i = from ? engine->used : 0; i < engine->count; i++) { to[i] = i < engine->used ? otherwise : 0; }
}

/* The common case: the same weights as before on the same grid, and no channel that is not a number. */
static int take_clean(clv_engine *engine, const clv_problem_data *data, const double *variance)
{
    size_t bytes = engine->used * sizeof(double);

    if (!engine->clean || data->fixed || engine->seen_variance_set != (variance != NULL)) { return 0; }
    if (variance && memcmp(engine->seen_variance, variance + engine->first, bytes) != 0) { return 0; }
    memcpy(engine->y, data->intensity + engine->first, bytes);
    return clv_arrays_clean(engine->y, engine->fixed_weight, engine->count, &engine->sum_square);
}

static void take_values(clv_engine *engine, const clv_problem_data *data, int same)
{
    clv_statistics statistics = engine->problem->statistics;
    int weighted = statistics == CLV_STATISTICS_CHI2 || statistics == CLV_STATISTICS_MEAN_WEIGHTS;
    const double *variance = weighted ? data->variance : NULL;

    if (same && take_clean(engine, data, variance)) { return; }
    take_window(engine, data->intensity, 0, engine->y);
    exclude(engine);
    take_window(engine, data->fixed, 0, engine->fixed);
    take_window(engine, variance, 1, engine->fixed_weight);
    take_window(engine, variance, 0, engine->seen_variance);
    engine->valid = (size_t)clv_arrays_mask(engine->y, engine->fixed, engine->fixed_weight, variance != NULL,
                                            engine->mask, engine->count, &engine->sum_square);
    engine->seen_variance_set = variance != NULL;
    engine->clean = engine->valid == engine->used && !data->fixed;
}

/* Columns that hang on nothing but the energies need not be made again on the same grid. */
static void see_whether_fresh(clv_engine *engine)
{
    size_t bytes = engine->count * sizeof(double);

    if (engine->n_free > 0) { return; }
    engine->columns_fresh = engine->columns_fresh && engine->fresh_used == engine->used &&
                            memcmp(engine->fresh_energy, engine->energy, bytes) == 0;
    engine->fresh_used = engine->used;
    memcpy(engine->fresh_energy, engine->energy, bytes);
}

clv_status clv_spectrum_take(clv_engine *engine, const clv_problem_data *data, clv_error *err)
{
    CLV_CHECK(data->channels <= engine->channels, err, CLV_BAD_ARGUMENT,
              "the spectrum has %zu channels, the engine was made for %zu", data->channels, engine->channels);
    CLV_CHECK(isfinite(data->offset), err, CLV_BAD_ARGUMENT, "the energy offset is not a finite number");
    engine->data = data;
    int same = same_grid(engine, data);
    if (!same) {
        find_window(engine, data);
        if (engine->used > 0) { take_energies(engine, data); }
        see_whether_fresh(engine);
    } else if (engine->has_shift) {
        memcpy(engine->energy, engine->axis, engine->count * sizeof(double));
    }
    take_values(engine, data, same);
    engine->shift_sigma =
        engine->has_shift && data->offset_error > 0 && isfinite(data->offset_error) ? data->offset_error : 0;
    return CLV_OK;
}

void clv_spectrum_first_weights(clv_engine *engine)
{
    double scale = engine->problem->noise_scale, read = engine->problem->noise_read, sum = 0, count = 0;
    size_t n = engine->used;

    if (engine->problem->statistics != CLV_STATISTICS_POISSON) {
        memcpy(engine->weight, engine->fixed_weight, engine->count * sizeof(double));
        return;
    }
    for (size_t i = 0; i < n && i < SMOOTH; i++) {
        sum += engine->y[i];
        count += engine->mask[i];
    }
    for (size_t i = 0; i < engine->count; i++) {
        if (i + SMOOTH < n) {
            sum += engine->y[i + SMOOTH];
            count += engine->mask[i + SMOOTH];
        }
        if (i > SMOOTH && i < n) {
            sum -= engine->y[i - SMOOTH - 1];
            count -= engine->mask[i - SMOOTH - 1];
        }
        double mean = count > 0 && sum > 0 ? sum / count : 0;
        engine->weight[i] = engine->mask[i] / (scale * fmax(mean, 0.3 * scale) + read * read);
    }
}
