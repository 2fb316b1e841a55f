/* Builds the arrays of an engine once, and the lists that say which columns each parameter moves.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"
#include "num/box_squares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void *clv_workspace_take_bytes(clv_engine *engine, size_t n)
{
    if (engine->taken_count == engine->taken_room) {
        size_t room = 2 * engine->taken_room + 64;
        void **taken = realloc(engine->taken, room * sizeof *taken);
        if (!taken) { return NULL; }
        engine->taken = taken;
        engine->taken_room = room;
    }
    size_t bytes = (n + 64) / 64 * 64;
    void *made = bytes > n ? aligned_alloc(64, bytes) : NULL;
    if (!made) { return NULL; }
    memset(made, 0, bytes);
    engine->taken[engine->taken_count++] = made;
    return made;
}

double *clv_workspace_take(clv_engine *engine, size_t n)
{
    if (n > SIZE_MAX / 16) { return NULL; }
    return clv_workspace_take_bytes(engine, n * sizeof(double));
}

#define TAKE(where, n) ((where) = clv_workspace_take(engine, (n)))
#define TAKE_LIST(where, n) ((where) = clv_workspace_take_bytes(engine, ((n) + 1) * sizeof *(where)))

/* Whether any free parameter moves this one. */
static int moves(const clv_engine *engine, size_t i)
{
    const clv_mapping *mapping = engine->mapping;

    for (size_t a = 0; a < mapping->free_count; a++) {
        if (mapping->depends[i * mapping->free_count + a]) { return 1; }
    }
    return 0;
}

/* What a linear model keeps from spectrum to spectrum. */
static int take_projection(clv_engine *engine)
{
    if (!TAKE_LIST(engine->weighted, engine->n_linear)) { return 0; }
    if (!clv_engine_is_linear(engine)) { return 1; }
    for (size_t l = 0; l < engine->n_linear; l++) {
        if (!TAKE(engine->weighted[l], engine->room)) { return 0; }
    }
    return 1;
}

static int take_spectrum(clv_engine *engine)
{
    size_t n = engine->room;

    return TAKE(engine->axis, n) && TAKE(engine->energy, n) && TAKE(engine->y, n) && TAKE(engine->mask, n) &&
           TAKE(engine->fixed, n) && TAKE(engine->fixed_weight, n) && TAKE(engine->ones, n) &&
           TAKE(engine->fresh_energy, n) && TAKE(engine->seen_energy, n) && TAKE(engine->seen_variance, n) &&
           TAKE(engine->projected_weight, n) && take_projection(engine) && TAKE(engine->base, n) &&
           TAKE(engine->model, n) && TAKE(engine->residual, n) && TAKE(engine->weight, n) &&
           TAKE(engine->trial_weight, n) && TAKE(engine->temporary, n) && TAKE(engine->second, n) &&
           TAKE(engine->peak_sum, n);
}

static int take_algebra(clv_engine *engine)
{
    size_t n = engine->n_all, m = engine->n_linear, f = engine->n_free;

    return TAKE(engine->gram, n * n) && TAKE(engine->slope, n) && TAKE(engine->work, (n + 2) * engine->room) &&
           TAKE(engine->linear_gram, m * m) && TAKE(engine->linear_slope, m) && TAKE(engine->own_size, f) &&
           TAKE(engine->delta, n) && TAKE(engine->small, 6 * n * n + 16 * n + 64) && TAKE(engine->here.free, f) &&
           TAKE(engine->here.linear, m) && TAKE(engine->trial.free, f) && TAKE(engine->trial.linear, m) &&
           TAKE(engine->parameter, engine->p) && TAKE(engine->best.free, f) && TAKE(engine->best.linear, m) &&
           TAKE(engine->scale, f) && TAKE(engine->inverse, n * n) && TAKE(engine->row, 2 * n) &&
           TAKE(engine->chain, engine->p * n) && TAKE_LIST(engine->chain_places, engine->p * n) &&
           TAKE_LIST(engine->chain_count, engine->p) && TAKE_LIST(engine->has_error, engine->p) &&
           TAKE_LIST(engine->at_bound, m) && TAKE_LIST(engine->lost, n) && TAKE_LIST(engine->held_out, n) &&
           TAKE_LIST(engine->touches, f * m) && TAKE(engine->jacobian, engine->p * engine->mapping->free_count) &&
           TAKE_LIST(engine->frozen, n) && TAKE_LIST(engine->columns, n);
}

/* The columns of one term: values of its coefficients, and derivatives that some free parameter needs. */
static int take_term(clv_engine *engine, size_t t, size_t first)
{
    const clv_term *term = &engine->problem->terms[t];

    engine->by_theta_first[t] = first;
    if (term->type && term->type->role == CLV_ROLE_TRANSFORM) { return 1; }
    for (size_t c = 0; c < term->coefficients; c++) {
        size_t i = term->first + term->thetas + c;
        if (!TAKE(engine->value[i], engine->room)) { return 0; }
        if (engine->has_shift && !TAKE(engine->by_energy[i], engine->room)) { return 0; }
        for (size_t k = 0; k < term->thetas; k++) {
            if (moves(engine, term->first + k) && !TAKE(engine->by_theta[first + c * term->thetas + k], engine->room)) {
                return 0;
            }
        }
    }
    return 1;
}

/* The role of the term that a coefficient belongs to. */
static int is_peak(const clv_engine *engine, size_t coefficient)
{
    for (size_t t = 0; t < engine->terms; t++) {
        const clv_term *term = &engine->problem->terms[t];
        if (coefficient >= term->first && coefficient < term->first + term->thetas + term->coefficients) {
            return term->type && (term->type->role == CLV_ROLE_PEAK || term->type->role == CLV_ROLE_REFERENCE);
        }
    }
    return 0;
}

/* Room for differences of the largest component that gives no derivatives. */
static int take_spare(clv_engine *engine)
{
    size_t most = 0;

    for (size_t t = 0; t < engine->terms; t++) {
        const clv_term *term = &engine->problem->terms[t];
        if (term->type && term->type->numeric && term->coefficients + 1 > most) { most = term->coefficients + 1; }
    }
    if (!TAKE_LIST(engine->spare, most)) { return 0; }
    for (size_t c = 0; c < most; c++) {
        if (!TAKE(engine->spare[c], engine->room)) { return 0; }
    }
    return 1;
}

static int take_columns(clv_engine *engine)
{
    size_t first = 0, all = 0;

    for (size_t t = 0; t < engine->terms; t++) {
        all += engine->problem->terms[t].thetas * engine->problem->terms[t].coefficients;
    }
    size_t lists = 2 * all + 2 * engine->p + 2; /* each derivative, and its step's */
    if (!TAKE_LIST(engine->value, engine->p) || !TAKE_LIST(engine->is_peak, engine->p) ||
        !TAKE_LIST(engine->by_energy, engine->p) || !TAKE_LIST(engine->by_theta, all) || !take_spare(engine) ||
        !TAKE_LIST(engine->by_theta_first, engine->terms) || !TAKE_LIST(engine->some, lists) ||
        !TAKE(engine->factor, lists) || !TAKE_LIST(engine->derivative, engine->n_free)) {
        return 0;
    }
    for (size_t i = 0; i < engine->p; i++) { engine->is_peak[i] = (uint8_t)is_peak(engine, i); }
    for (size_t t = 0; t < engine->terms; t++) {
        if (!take_term(engine, t, first)) { return 0; }
        first += engine->problem->terms[t].thetas * engine->problem->terms[t].coefficients;
    }
    for (size_t a = 0; a < engine->n_free; a++) {
        if (!TAKE(engine->derivative[a], engine->room)) { return 0; }
    }
    return clv_steps_take(engine);
}

static int has_transform(const clv_engine *engine)
{
    for (size_t t = 0; t < engine->terms; t++) {
        const clv_term *term = &engine->problem->terms[t];
        if (term->type && term->type->role == CLV_ROLE_TRANSFORM) { return 1; }
    }
    return 0;
}

static int take_linear(clv_engine *engine)
{
    const clv_mapping *mapping = engine->mapping;
    if (!TAKE_LIST(engine->linear, engine->n_linear) || !TAKE(engine->low, engine->n_linear) ||
        !TAKE(engine->high, engine->n_linear)) {
        return 0;
    }
    for (size_t l = 0; l < engine->n_linear; l++) {
        clv_linear_column *linear = &engine->linear[l];
        size_t parts = 0, peaks = 0;
        linear->single = mapping->linear_parameter[l];
        engine->low[l] = engine->problem->parameters[linear->single].low;
        engine->high[l] = engine->problem->parameters[linear->single].high;
        for (size_t i = 0; i < engine->p; i++) {
            if (mapping->merge[i * engine->n_linear + l] == 0) { continue; }
            parts++;
            peaks += engine->has_transform && engine->is_peak[i];
        }
        if (parts != 1) { linear->single = SIZE_MAX; }
        linear->peak = peaks == 0 ? 0 : peaks == parts ? 1 : 2;
        if ((linear->peak || parts != 1) && !TAKE(linear->array, engine->room)) { return 0; }
        linear->used = linear->array ? linear->array : engine->value[linear->single];
    }
    return 1;
}

static void add_mover(clv_moved *moved, int peak, const double *column, size_t coefficient, size_t parameter)
{
    clv_mover *to = peak ? &moved->peaks[moved->peak_count++] : &moved->backgrounds[moved->background_count++];

    *to = (clv_mover){.column = column, .coefficient = coefficient, .parameter = parameter};
}

static void list_term(clv_engine *engine, size_t t, size_t a, clv_moved *moved)
{
    const clv_term *term = &engine->problem->terms[t];
    size_t n = engine->mapping->free_count;
    const uint8_t *depends = engine->mapping->depends;

    if (term->type && term->type->role == CLV_ROLE_TRANSFORM) {
        for (size_t k = 0; k < term->thetas; k++) {
            if (depends[(term->first + k) * n + a]) { moved->transform = t; }
        }
        return;
    }
    for (size_t c = 0; c < term->coefficients; c++) {
        size_t i = term->first + term->thetas + c;
        int peak = engine->is_peak[i];
        if (depends[i * n + a]) { add_mover(moved, peak, engine->value[i], SIZE_MAX, i); }
        for (size_t k = 0; k < term->thetas; k++) {
            const double *column = engine->by_theta[engine->by_theta_first[t] + c * term->thetas + k];
            if (depends[(term->first + k) * n + a]) { add_mover(moved, peak, column, i, term->first + k); }
        }
    }
}

/* A step moves with the peak that it follows. */
static void list_step(clv_engine *engine, const clv_step_column *step, size_t a, clv_moved *moved)
{
    const clv_term *source = &engine->problem->terms[step->source_term];
    const uint8_t *depends = engine->mapping->depends;
    size_t n = engine->mapping->free_count;

    for (size_t k = 0; k < source->thetas; k++) {
        if (!step->by_theta[k] || !depends[(source->first + k) * n + a]) { continue; }
        add_mover(moved, 0, step->by_theta[k], step->coefficient, source->first + k);
    }
}

/* Whether free parameter a moves what linear column l is made of. */
static int touches(const clv_engine *engine, size_t a, size_t l)
{
    const clv_moved *moved = &engine->moved[a];
    const double *merge = engine->mapping->merge;

    if (moved->transform != SIZE_MAX && engine->linear[l].peak) { return 1; }
    for (size_t k = 0; k < moved->peak_count; k++) {
        size_t i = moved->peaks[k].coefficient;
        if (i != SIZE_MAX && merge[i * engine->n_linear + l] != 0) { return 1; }
    }
    for (size_t k = 0; k < moved->background_count; k++) {
        size_t i = moved->backgrounds[k].coefficient;
        if (i != SIZE_MAX && merge[i * engine->n_linear + l] != 0) { return 1; }
    }
    return 0;
}

static int list_moved(clv_engine *engine)
{
    size_t all = 0;

    if (!TAKE_LIST(engine->moved, engine->n_free)) { return 0; }
    for (size_t t = 0; t < engine->terms; t++) {
        all += (engine->problem->terms[t].thetas + 1) * engine->problem->terms[t].coefficients;
    }
    for (size_t i = 0; i < engine->step_count; i++) {
        all += engine->problem->terms[engine->steps[i].source_term].thetas;
    }
    for (size_t a = 0; a < engine->mapping->free_count; a++) {
        clv_moved *moved = &engine->moved[a];
        moved->transform = SIZE_MAX;
        if (!TAKE_LIST(moved->peaks, all) || !TAKE_LIST(moved->backgrounds, all)) { return 0; }
        for (size_t t = 0; t < engine->terms; t++) { list_term(engine, t, a, moved); }
        for (size_t i = 0; i < engine->step_count; i++) { list_step(engine, &engine->steps[i], a, moved); }
        for (size_t l = 0; l < engine->n_linear; l++) {
            engine->touches[a * engine->n_linear + l] = (uint8_t)touches(engine, a, l);
        }
    }
    return 1;
}

clv_status clv_workspace_fill(clv_engine *engine, clv_error *err)
{
    engine->terms = engine->problem->term_count;
    engine->p = engine->mapping->count;
    engine->n_linear = engine->mapping->linear_count;
    engine->has_shift = engine->problem->shift_prior != 0;
    engine->has_transform = has_transform(engine);
    engine->n_free = engine->mapping->free_count + (size_t)engine->has_shift;
    engine->n_local = engine->mapping->free_count - engine->mapping->shared_count;
    engine->n_all = engine->n_linear + engine->n_free;
    engine->room = (engine->channels + 7) / 8 * 8;
    CLV_CHECK(engine->n_linear <= CLV_BOX_SQUARES_LIMIT, err, CLV_LIMIT,
              "the model has %zu coefficients to solve for; the limit is %d", engine->n_linear, CLV_BOX_SQUARES_LIMIT);
    CLV_CHECK(take_spectrum(engine) && take_algebra(engine) && take_columns(engine) && take_linear(engine) &&
                  list_moved(engine),
              err, CLV_NO_MEMORY, "no memory to fit %zu parameters to %zu channels", engine->p, engine->channels);
    for (size_t i = 0; i < engine->room; i++) { engine->ones[i] = 1; }
    return CLV_OK;
}
