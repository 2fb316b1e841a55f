/* Calls the components and makes of their columns those that the linear solve sees.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/workspace.h"
#include "num/columns.h"

#include <math.h>
#include <string.h>

static void clear_padding(const clv_engine *engine, double *array)
{
    for (size_t i = engine->used; array && i < engine->count; i++) { array[i] = 0; }
}

static clv_columns_call call_of(clv_engine *engine, size_t t)
{
    const clv_term *term = &engine->problem->terms[t];

    return (clv_columns_call){.size = sizeof(clv_columns_call),
                              .prepared = term->prepared,
                              .energy = engine->energy,
                              .count = engine->count,
                              .channels = engine->used,
                              .step = engine->step,
                              .theta = engine->parameter + term->first,
                              .thetas = term->thetas,
                              .coefficients = term->coefficients};
}

/* Step of a central difference: the cube root of the precision, on the scale of the number. */
static double difference_step(double at) { return 6e-6 * fmax(fabs(at), 0.05); }

/* (up - down) / (2 h) to `up`. */
static void divide_difference(const clv_engine *engine, double *up, const double *down, double h)
{
    for (size_t i = 0; i < engine->used; i++) { up[i] = (up[i] - down[i]) / (2 * h); }
    clear_padding(engine, up);
}

/* Derivatives by theta k of a component that gives none: out[c * thetas + k] for its coefficients c. */
static clv_status difference_theta(clv_engine *engine, size_t t, size_t k, clv_error *err)
{
    const clv_term *term = &engine->problem->terms[t];
    const clv_component *type = term->type;
    double *theta = engine->parameter + term->first + k, at = *theta, h = difference_step(at);
    double **by_theta = engine->by_theta + engine->by_theta_first[t];
    clv_columns_call call = call_of(engine, t);

    call.value = engine->spare;
    *theta = at + h;
    clv_status status = type->columns(&call, err);
    for (size_t c = 0; !status && c < term->coefficients; c++) {
        memcpy(by_theta[c * term->thetas + k], engine->spare[c], engine->count * sizeof(double));
    }
    *theta = at - h;
    if (!status) { status = type->columns(&call, err); }
    *theta = at;
    for (size_t c = 0; !status && c < term->coefficients; c++) {
        divide_difference(engine, by_theta[c * term->thetas + k], engine->spare[c], h);
    }
    return status;
}

/* The same by energy. */
static clv_status difference_energy(clv_engine *engine, size_t t, clv_error *err)
{
    const clv_term *term = &engine->problem->terms[t];
    double **by_energy = engine->by_energy + term->first + term->thetas, *moved = engine->spare[term->coefficients];
    double h = 1e-3 * (engine->step > 0 ? engine->step : 0.1);
    clv_columns_call call = call_of(engine, t);

    call.energy = moved;
    call.value = by_energy;
    for (size_t i = 0; i < engine->count; i++) { moved[i] = engine->energy[i] + h; }
    CLV_TRY(term->type->columns(&call, err));
    for (size_t i = 0; i < engine->count; i++) { moved[i] = engine->energy[i] - h; }
    call.value = engine->spare;
    CLV_TRY(term->type->columns(&call, err));
    for (size_t c = 0; c < term->coefficients; c++) { divide_difference(engine, by_energy[c], engine->spare[c], h); }
    return CLV_OK;
}

static clv_status differentiate(clv_engine *engine, size_t t, clv_error *err)
{
    const clv_term *term = &engine->problem->terms[t];
    double **by_theta = engine->by_theta + engine->by_theta_first[t];

    for (size_t k = 0; k < term->thetas && term->coefficients > 0; k++) {
        if (by_theta[k]) { CLV_TRY(difference_theta(engine, t, k, err)); }
    }
    return engine->has_shift ? difference_energy(engine, t, err) : CLV_OK;
}

static clv_status evaluate_term(clv_engine *engine, size_t t, int derivatives, clv_error *err)
{
    const clv_term *term = &engine->problem->terms[t];
    size_t first = term->first + term->thetas;
    double **by_theta = engine->by_theta + engine->by_theta_first[t];
    clv_columns_call call = call_of(engine, t);

    if (!term->type) {
        memcpy(engine->value[first], engine->ones, engine->count * sizeof(double));
        return CLV_OK;
    }
    if (term->type->role == CLV_ROLE_TRANSFORM || term->type->role == CLV_ROLE_STEPS || term->coefficients == 0) {
        return CLV_OK;
    }
    call.value = engine->value + first;
    if (derivatives && !term->type->numeric) {
        call.by_theta = by_theta;
        call.by_energy = engine->has_shift ? engine->by_energy + first : NULL;
    }
    CLV_TRY(term->type->columns(&call, err));
    for (size_t c = 0; c < term->coefficients; c++) {
        clear_padding(engine, engine->value[first + c]);
        for (size_t k = 0; derivatives && k < term->thetas; k++) {
            clear_padding(engine, by_theta[c * term->thetas + k]);
        }
        if (derivatives && engine->has_shift) { clear_padding(engine, engine->by_energy[first + c]); }
    }
    return derivatives && term->type->numeric ? differentiate(engine, t, err) : CLV_OK;
}

clv_status clv_evaluate_terms(clv_engine *engine, int derivatives, clv_error *err)
{
    for (size_t t = 0; t < engine->terms; t++) { CLV_TRY(evaluate_term(engine, t, derivatives, err)); }
    if (engine->step_count > 0) { clv_steps_evaluate(engine, derivatives); }
    return CLV_OK;
}

/* Applies the transforms among terms from .. until - 1. */
static void turn(clv_engine *engine, size_t begin, size_t until, const double *in, double *out)
{
    const double *from = in;
    double *to = out;

    for (size_t t = begin; t < until; t++) {
        const clv_term *term = &engine->problem->terms[t];
        if (!term->type || term->type->role != CLV_ROLE_TRANSFORM) { continue; }
        if (from != in) {
            memcpy(engine->second, from, engine->count * sizeof(double));
            from = engine->second;
        }
        clv_columns_call call = call_of(engine, t);
        term->type->transform(&call, from, to);
        from = out;
    }
    if (from == in) { memcpy(out, in, engine->count * sizeof(double)); }
    clear_padding(engine, out);
}

void clv_evaluate_transform(clv_engine *engine, size_t until, const double *in, double *out)
{
    turn(engine, 0, until, in, out);
}

void clv_evaluate_after(clv_engine *engine, size_t begin, const double *in, double *out)
{
    turn(engine, begin, engine->terms, in, out);
}

/* Sum of a linear column's parts whose terms are peaks (or are not); of all where no transform parts them. */
static void combine_parts(clv_engine *engine, size_t l, int peaks, double *out)
{
    int all = engine->linear[l].peak == 0;
    size_t n = 0;

    for (size_t i = 0; i < engine->p; i++) {
        double factor = engine->mapping->merge[i * engine->n_linear + l];
        if (factor == 0 || (!all && engine->is_peak[i] != peaks)) { continue; }
        engine->some[n] = engine->value[i];
        engine->factor[n++] = factor;
    }
    clv_num_combine(engine->some, n, engine->factor, engine->count, out);
}

static void make_linear(clv_engine *engine, size_t l)
{
    const clv_linear_column *linear = &engine->linear[l];

    if (!linear->array) { return; }
    if (linear->peak == 0) {
        combine_parts(engine, l, 0, linear->array);
        return;
    }
    const double *in = linear->single != SIZE_MAX ? engine->value[linear->single] : engine->temporary;
    if (in == engine->temporary) { combine_parts(engine, l, 1, engine->temporary); }
    clv_evaluate_transform(engine, engine->terms, in, linear->array);
    if (linear->peak == 2) {
        combine_parts(engine, l, 0, engine->temporary);
        clv_num_add_scaled(linear->array, 1, engine->temporary, engine->count);
    }
}

/* Sum of the coefficients' columns times their present values, of peaks or of the others. */
static size_t list_values(clv_engine *engine, int peaks)
{
    size_t n = 0;

    for (size_t i = 0; i < engine->p; i++) {
        if (!engine->value[i] || engine->is_peak[i] != peaks || engine->parameter[i] == 0) { continue; }
        engine->some[n] = engine->value[i];
        engine->factor[n++] = engine->parameter[i];
    }
    return n;
}

void clv_evaluate_sum(clv_engine *engine, int peaks, double *out)
{
    size_t n = list_values(engine, peaks);

    clv_num_combine(engine->some, n, engine->factor, engine->count, out);
}

/* What the model has besides its linear columns: coefficients that are held, iterated or tied to such, and the fixed
   curve. */
static void make_base(clv_engine *engine)
{
    size_t n = list_values(engine, 1);

    if (n > 0) {
        clv_num_combine(engine->some, n, engine->factor, engine->count, engine->temporary);
        clv_evaluate_transform(engine, engine->terms, engine->temporary, engine->base);
    }
    size_t m = list_values(engine, 0);
    if (n > 0) {
        memcpy(engine->work, engine->base, engine->count * sizeof(double));
        engine->some[m] = engine->work;
        engine->factor[m++] = 1;
    }
    engine->some[m] = engine->fixed;
    engine->factor[m++] = 1;
    clv_num_combine(engine->some, m, engine->factor, engine->count, engine->base);
}

clv_status clv_evaluate_columns(clv_engine *engine, const double *free, clv_error *err)
{
    double shift = engine->has_shift ? free[engine->n_free - 1] : 0;

    CLV_TRY(clv_mapping_thetas(engine->mapping, &engine->scratch, free, engine->parameter, engine->jacobian, err));
    if (engine->columns_fresh) {
        make_base(engine);
        return CLV_OK;
    }
    if (engine->has_shift) {
        for (size_t i = 0; i < engine->count; i++) { engine->energy[i] = engine->axis[i] + shift; }
    }
    CLV_TRY(clv_evaluate_terms(engine, engine->n_free > 0, err));
    for (size_t l = 0; l < engine->n_linear; l++) { make_linear(engine, l); }
    make_base(engine);
    engine->columns_fresh = engine->n_free == 0;
    return CLV_OK;
}

void clv_evaluate_model(clv_engine *engine, const double *linear)
{
    size_t n = 0;

    engine->some[n] = engine->base;
    engine->factor[n++] = 1;
    for (size_t l = 0; l < engine->n_linear; l++) {
        if (linear[l] == 0) { continue; }
        engine->some[n] = engine->linear[l].used;
        engine->factor[n++] = linear[l];
    }
    clv_num_combine(engine->some, n, engine->factor, engine->count, engine->model);
    clv_mapping_coefficients(engine->mapping, linear, engine->parameter);
}
