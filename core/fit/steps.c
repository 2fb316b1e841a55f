/* Columns that follow the peaks': one step for each, as in a Shirley background with a height of its own per peak.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"

static int is_source(const clv_term *term)
{
    return term->type && (term->type->role == CLV_ROLE_PEAK || term->type->role == CLV_ROLE_REFERENCE);
}

static int is_steps(const clv_term *term) { return term->type && term->type->role == CLV_ROLE_STEPS; }

/* The coefficients of a term of role STEPS belong to those of the peaks and references in their order; what has no peak
   stays a column of zeros. */
static int take_term(clv_engine *engine, size_t t)
{
    const clv_term *term = &engine->problem->terms[t];
    size_t c = 0;

    for (size_t s = 0; s < engine->terms; s++) {
        const clv_term *source = &engine->problem->terms[s];
        for (size_t k = 0; is_source(source) && k < source->coefficients && c < term->coefficients; k++, c++) {
            clv_step_column *step = &engine->steps[engine->step_count++];
            *step = (clv_step_column){.term = t,
                                      .coefficient = term->first + term->thetas + c,
                                      .source = source->first + source->thetas + k,
                                      .source_term = s,
                                      .first = engine->by_theta_first[s] + k * source->thetas};
            step->by_theta = clv_workspace_take_bytes(engine, (source->thetas + 1) * sizeof *step->by_theta);
            if (!step->by_theta) { return 0; }
            for (size_t i = 0; i < source->thetas; i++) {
                if (!engine->by_theta[step->first + i]) { continue; }
                step->by_theta[i] = clv_workspace_take(engine, engine->room);
                if (!step->by_theta[i]) { return 0; }
            }
        }
    }
    return 1;
}

int clv_steps_take(clv_engine *engine)
{
    size_t count = 0;

    for (size_t t = 0; t < engine->terms; t++) {
        if (is_steps(&engine->problem->terms[t])) { count += engine->problem->terms[t].coefficients; }
    }
    if (count == 0) { return 1; }
    engine->steps = clv_workspace_take_bytes(engine, count * sizeof *engine->steps);
    if (!engine->steps) { return 0; }
    for (size_t t = 0; t < engine->terms; t++) {
        if (is_steps(&engine->problem->terms[t]) && !take_term(engine, t)) { return 0; }
    }
    return 1;
}

static void follow(clv_engine *engine, const clv_term *term, const double *in, double *out)
{
    clv_columns_call call = {.size = sizeof call,
                             .prepared = term->prepared,
                             .energy = engine->energy,
                             .count = engine->count,
                             .channels = engine->used,
                             .step = engine->step,
                             .theta = engine->parameter + term->first,
                             .thetas = term->thetas,
                             .coefficients = term->coefficients};

    term->type->transform(&call, in, out);
    for (size_t i = engine->used; i < engine->count; i++) { out[i] = 0; }
}

void clv_steps_evaluate(clv_engine *engine, int derivatives)
{
    for (size_t i = 0; i < engine->step_count; i++) {
        const clv_step_column *step = &engine->steps[i];
        const clv_term *term = &engine->problem->terms[step->term];
        size_t thetas = engine->problem->terms[step->source_term].thetas;

        follow(engine, term, engine->value[step->source], engine->value[step->coefficient]);
        for (size_t k = 0; derivatives && k < thetas; k++) {
            if (step->by_theta[k]) { follow(engine, term, engine->by_theta[step->first + k], step->by_theta[k]); }
        }
        if (derivatives && engine->has_shift) {
            follow(engine, term, engine->by_energy[step->source], engine->by_energy[step->coefficient]);
        }
    }
}
