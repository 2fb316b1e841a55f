/* Warm, cold and other starts of a fit.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/starts.h"

#include <math.h>
#include <string.h>

static double within(const clv_engine *engine, size_t a, double value)
{
    double low, high;

    clv_step_bounds(engine, a, &low, &high);
    return fmin(fmax(value, low), high);
}

/* Shared parameters stand where the series holds them. */
static void hold_shared(clv_engine *engine)
{
    for (size_t s = 0; engine->held && s < engine->mapping->shared_count; s++) {
        engine->here.free[engine->n_local + s] = engine->held[s];
    }
}

/* A first value for an iterated coefficient without a start: its column's projection on the data. */
static double project(clv_engine *engine, size_t coefficient)
{
    const double *column = engine->value[coefficient];
    double by_data = 0, by_itself = 0;

    for (size_t i = 0; i < engine->used; i++) {
        by_data += engine->mask[i] * column[i] * engine->y[i];
        by_itself += engine->mask[i] * column[i] * column[i];
    }
    return by_itself > 0 && isfinite(by_data / by_itself) ? by_data / by_itself : 0;
}

static void start_coefficients(clv_engine *engine)
{
    clv_error ignored = {0};
    size_t missing = 0;

    for (size_t a = 0; a < engine->mapping->free_count; a++) { missing += isnan(engine->here.free[a]) != 0; }
    if (missing == 0) { return; }
    for (size_t a = 0; a < engine->mapping->free_count; a++) {
        engine->trial.free[a] = isnan(engine->here.free[a]) ? 1 : engine->here.free[a];
    }
    if (engine->has_shift) { engine->trial.free[engine->n_free - 1] = 0; }
    int known = !clv_evaluate_columns(engine, engine->trial.free, &ignored);
    for (size_t a = 0; a < engine->mapping->free_count; a++) {
        if (!isnan(engine->here.free[a])) { continue; }
        size_t i = engine->mapping->free_parameter[a];
        int has_column = known && engine->problem->parameters[i].coefficient;
        double value = has_column ? project(engine, i) / (double)missing : 1;
        engine->here.free[a] = within(engine, a, value);
    }
}

void clv_starts_cold(clv_engine *engine)
{
    for (size_t a = 0; a < engine->mapping->free_count; a++) {
        double start = engine->problem->parameters[engine->mapping->free_parameter[a]].start;
        engine->here.free[a] = isnan(start) ? start : within(engine, a, start);
    }
    if (engine->has_shift) { engine->here.free[engine->n_free - 1] = 0; }
    hold_shared(engine);
    start_coefficients(engine);
    memcpy(engine->scale, engine->own_size, engine->n_free * sizeof(double));
}

int clv_starts_warm(clv_engine *engine, const clv_solution *warm)
{
    clv_error ignored = {0};

    for (size_t a = 0; a < engine->mapping->free_count; a++) {
        double value = warm->value[engine->mapping->free_parameter[a]];
        if (!isfinite(value)) { return 0; }
        engine->here.free[a] = within(engine, a, value);
    }
    for (size_t l = 0; l < engine->n_linear; l++) {
        engine->here.linear[l] = warm->value[engine->mapping->linear_parameter[l]];
        if (!isfinite(engine->here.linear[l])) { return 0; }
    }
    if (engine->has_shift) { engine->here.free[engine->n_free - 1] = engine->shift_sigma > 0 ? warm->shift : 0; }
    hold_shared(engine);
    if (clv_evaluate_columns(engine, engine->here.free, &ignored)) { return 0; }
    clv_evaluate_model(engine, engine->here.linear);
    return isfinite(clv_likelihood_deviance(engine, engine->weight));
}

/* Point `number` of the radical-inverse sequence to a base (J. H. Halton, Numer. Math. 2 (1960) 84, doi
   10.1007/BF01386213). */
static double halton(unsigned number, unsigned base)
{
    double result = 0, digit = 1.0 / base;

    for (; number > 0; number /= base, digit /= base) { result += digit * (number % base); }
    return result;
}

static double other_value(const clv_engine *engine, size_t a, double u)
{
    double low, high, start = engine->here.free[a], size = engine->scale[a];

    clv_step_bounds(engine, a, &low, &high);
    if (isfinite(low) && isfinite(high)) { return low + (0.05 + 0.9 * u) * (high - low); }
    if (low >= 0 && start > 0) { return start * exp(1.8 * (u - 0.5)); }
    if (!isfinite(size) || !(size > 0)) { size = 0.25 * fmax(fabs(start), 1); }
    return within(engine, a, start + 4 * (u - 0.5) * size);
}

void clv_starts_other(clv_engine *engine, unsigned number)
{
    static const unsigned bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};
    size_t count = sizeof bases / sizeof *bases;

    for (size_t a = 0; a < engine->mapping->free_count; a++) {
        double start = engine->problem->parameters[engine->mapping->free_parameter[a]].start;
        engine->here.free[a] = isnan(start) ? start : within(engine, a, start);
    }
    if (engine->has_shift) { engine->here.free[engine->n_free - 1] = 0; }
    start_coefficients(engine);
    for (size_t a = 0; a < engine->n_local; a++) {
        if (engine->problem->parameters[engine->mapping->free_parameter[a]].coefficient) { continue; }
        engine->here.free[a] = other_value(engine, a, halton(number + (unsigned)(a / count), bases[a % count]));
    }
    hold_shared(engine);
}
