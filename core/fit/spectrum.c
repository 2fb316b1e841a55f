/* Takes one spectrum in: its window on its own true energies, its mask, its fixed or first weights.
   SPDX-License-Identifier: GPL-3.0-or-later */
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

/* The weight that a channel has before the model is known; 0 leaves it out. */
static double channel_weight(const clv_engine *engine, const clv_problem_data *data, size_t channel)
{
    if (!isfinite(data->intensity[channel])) { return 0; }
    if (data->fixed && !isfinite(data->fixed[channel])) { return 0; }
    if (engine->problem->statistics == CLV_STATISTICS_POISSON ||
        engine->problem->statistics == CLV_STATISTICS_LEAST_SQUARES || !data->variance) {
        return 1;
    }
    double variance = data->variance[channel];
    return variance > 0 && isfinite(variance) && isfinite(1 / variance) ? 1 / variance : 0;
}

static void take_values(clv_engine *engine, const clv_problem_data *data)
{
    engine->valid = 0;
    engine->sum_square = 0;
    for (size_t i = 0; i < engine->count; i++) {
        size_t channel = engine->first + i;
        double weight = i < engine->used ? channel_weight(engine, data, channel) : 0;
        engine->fixed_weight[i] = weight;
        engine->mask[i] = weight > 0;
        engine->y[i] = weight > 0 ? data->intensity[channel] : 0;
        engine->fixed[i] = weight > 0 && data->fixed ? data->fixed[channel] : 0;
        engine->valid += weight > 0;
        engine->sum_square += weight * engine->y[i] * engine->y[i];
    }
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
    if (!same_grid(engine, data)) {
        find_window(engine, data);
        if (engine->used > 0) { take_energies(engine, data); }
        see_whether_fresh(engine);
    } else if (engine->has_shift) {
        memcpy(engine->energy, engine->axis, engine->count * sizeof(double));
    }
    take_values(engine, data);
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
