/* Derivatives of the model by every free parameter, with the coefficients that were solved for.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"
#include "num/columns.h"

#include <string.h>

/* Lists the columns that parameter a moves with what multiplies them; leaves out what is multiplied by 0. */
static size_t list_movers(clv_engine *engine, const clv_mover *movers, size_t count, size_t a)
{
    size_t n = 0, stride = engine->mapping->free_count;

    for (size_t k = 0; k < count; k++) {
        const clv_mover *mover = &movers[k];
        double factor = engine->jacobian[mover->parameter * stride + a];
        if (mover->coefficient != SIZE_MAX) { factor *= engine->parameter[mover->coefficient]; }
        if (factor == 0) { continue; }
        engine->some[n] = mover->column;
        engine->factor[n++] = factor;
    }
    return n;
}

/* What parameter a changes through the thetas of transforms: later transforms act on the change. `peaks` is the sum of
   the peaks' columns. */
static void add_transforms(clv_engine *engine, size_t a, const double *peaks, double *to)
{
    size_t stride = engine->mapping->free_count;

    for (size_t t = 0; t < engine->terms; t++) {
        const clv_term *term = &engine->problem->terms[t];
        if (!term->type || term->type->role != CLV_ROLE_TRANSFORM) { continue; }
        clv_columns_call call = {.size = sizeof call,
                                 .prepared = term->prepared,
                                 .energy = engine->energy,
                                 .count = engine->count,
                                 .channels = engine->used,
                                 .step = engine->step,
                                 .theta = engine->parameter + term->first,
                                 .thetas = term->thetas};
        for (size_t k = 0; k < term->thetas; k++) {
            double factor = engine->jacobian[(term->first + k) * stride + a];
            if (factor == 0) { continue; }
            double *before = engine->work, *change = engine->work + engine->count;
            clv_evaluate_transform(engine, t, peaks, before);
            term->type->transform_by(&call, k, before, change);
            for (size_t i = engine->used; i < engine->count; i++) { change[i] = 0; }
            clv_evaluate_after(engine, t + 1, change, before);
            clv_num_add_scaled(to, factor, before, engine->count);
        }
    }
}

static void by_free(clv_engine *engine, size_t a, const double *peaks)
{
    const clv_moved *moved = &engine->moved[a];
    double *out = engine->derivative[a];
    size_t n = list_movers(engine, moved->peaks, moved->peak_count, a);

    if (n > 0 && engine->has_transform) {
        clv_num_combine(engine->some, n, engine->factor, engine->count, engine->temporary);
        clv_evaluate_transform(engine, engine->terms, engine->temporary, out);
    } else {
        clv_num_combine(engine->some, n, engine->factor, engine->count, out);
    }
    if (moved->background_count > 0) {
        n = list_movers(engine, moved->backgrounds, moved->background_count, a);
        clv_num_combine(engine->some, n, engine->factor, engine->count, engine->temporary);
        clv_num_add_scaled(out, 1, engine->temporary, engine->count);
    }
    if (moved->transform != SIZE_MAX) { add_transforms(engine, a, peaks, out); }
}

/* The rigid shift moves every column along the energies. */
static void by_shift(clv_engine *engine)
{
    double *out = engine->derivative[engine->n_free - 1];

    for (int peaks = 1; peaks >= 0; peaks--) {
        size_t n = 0;
        for (size_t i = 0; i < engine->p; i++) {
            if (!engine->by_energy[i] || engine->is_peak[i] != peaks) { continue; }
            engine->some[n] = engine->by_energy[i];
            engine->factor[n++] = engine->parameter[i];
        }
        clv_num_combine(engine->some, n, engine->factor, engine->count, engine->temporary);
        if (peaks) {
            clv_evaluate_transform(engine, engine->terms, engine->temporary, out);
        } else {
            clv_num_add_scaled(out, 1, engine->temporary, engine->count);
        }
    }
}

void clv_evaluate_derivatives(clv_engine *engine)
{
    double *peaks = engine->peak_sum;

    if (engine->has_transform) { clv_evaluate_sum(engine, 1, peaks); }
    for (size_t a = 0; a < engine->mapping->free_count; a++) { by_free(engine, a, peaks); }
    if (engine->has_shift) { by_shift(engine); }
}
