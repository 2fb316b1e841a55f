/* Curves of a solution for drawing: model, background, each term.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/engine.h"
#include "fit/workspace.h"

#include <math.h>
#include <string.h>

/* Writes an array of the window to one of all channels. */
static void spread(const clv_engine *engine, const double *from, double *to)
{
    for (size_t i = 0; i < engine->data->channels; i++) {
        int inside = i >= engine->first && i < engine->first + engine->used;
        to[i] = inside ? from[i - engine->first] : NAN;
    }
}

/* The columns of one term times its coefficients, to `work`. */
static void sum_term(clv_engine *engine, size_t t, double *sum)
{
    const clv_term *term = &engine->problem->terms[t];

    memset(sum, 0, engine->count * sizeof *sum);
    for (size_t c = 0; c < term->coefficients; c++) {
        size_t k = term->first + term->thetas + c;
        if (!engine->value[k]) { continue; }
        for (size_t i = 0; i < engine->used; i++) { sum[i] += engine->parameter[k] * engine->value[k][i]; }
    }
}

clv_status clv_engine_curves(clv_engine *engine, const clv_problem_data *data, const clv_solution *solution,
                             double *model, double *background, double *terms, clv_error *err)
{
    double *peaks = engine->peak_sum, *turned = engine->model, *rest = engine->residual, *sum = engine->work;

    CLV_TRY(clv_spectrum_take(engine, data, err));
    engine->columns_fresh = 0;
    engine->seen_channels = 0;
    for (size_t i = 0; i < engine->count; i++) {
        engine->energy[i] = engine->axis[i] + (engine->has_shift ? solution->shift : 0);
        engine->fixed[i] = i < engine->used && data->fixed ? data->fixed[engine->first + i] : 0;
    }
    memcpy(engine->parameter, solution->value, engine->p * sizeof(double));
    if (engine->count > 0) { CLV_TRY(clv_evaluate_terms(engine, 0, err)); }
    clv_evaluate_sum(engine, 1, peaks);
    clv_evaluate_transform(engine, engine->terms, peaks, turned);
    clv_evaluate_sum(engine, 0, rest);
    for (size_t i = 0; i < engine->used; i++) {
        rest[i] += engine->fixed[i];
        double added = turned[i] - peaks[i];
        turned[i] += rest[i];
        rest[i] += added;
    }
    if (model) { spread(engine, turned, model); }
    if (background) { spread(engine, rest, background); }
    for (size_t t = 0; terms && t < engine->terms; t++) {
        sum_term(engine, t, sum);
        spread(engine, sum, terms + t * data->channels);
    }
    return CLV_OK;
}
