/* Errors and covariances at the minimum: the inverse of the joint information matrix, by the chain rule to all
   parameters. SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/cholesky.h"
#include "fit/workspace.h"
#include "num/columns.h"

#include <math.h>
#include <string.h>

/* Sandwich: the weights were not those of the data's true variance (H. White, Econometrica 48 (1980) 817, doi
   10.2307/1912934). inverse <- inverse B inverse with B = sum w^2 V x x'. */
static void sandwich(clv_engine *engine)
{
    double scale = engine->problem->noise_scale, read = engine->problem->noise_read;
    double *weight = engine->trial_weight, *middle = engine->small, *half = middle + engine->n_all * engine->n_all;
    size_t n = engine->n_all;

    for (size_t i = 0; i < engine->count; i++) {
        double mean = engine->model[i] > 0 ? engine->model[i] : 0, variance = scale * mean + read * read;
        weight[i] = engine->fixed_weight[i] * engine->fixed_weight[i] * variance;
    }
    clv_num_gram(engine->columns, n, weight, engine->residual, engine->count, middle, engine->row);
    for (size_t i = 0; i < n * n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) { sum += engine->inverse[i / n * n + k] * middle[k * n + i % n]; }
        half[i] = sum;
    }
    for (size_t i = 0; i < n * n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) { sum += half[i / n * n + k] * engine->inverse[k * n + i % n]; }
        middle[i] = sum;
    }
    memcpy(engine->inverse, middle, n * n * sizeof *middle);
}

/* A component this many standard errors from nothing may be noise: then its place and widths are those of the noise. */
#define SEEN 3.0

/* Whether any component that a free parameter moves is surely there. Components whose size is iterated count as such.
 */
static int moves_seen(const clv_engine *engine, size_t a)
{
    size_t n = engine->n_all, any = 0;

    for (size_t l = 0; l < engine->n_linear; l++) {
        int moved = a < engine->mapping->free_count ? engine->touches[a * engine->n_linear + l] : 1;
        if (!moved) { continue; }
        any = 1;
        double error = sqrt(engine->inverse[l * n + l]);
        if (!engine->frozen[l] && !(fabs(engine->here.linear[l]) <= SEEN * error)) { return 1; }
    }
    return !any;
}

/* Linear theory has nothing to say of a parameter whose one standard error changes its component by more than all of
   it, nor of one whose component is lost in the noise. */
static void mark_wide(clv_engine *engine)
{
    size_t n = engine->n_all;

    for (size_t a = 0; a < engine->n_free; a++) {
        size_t k = engine->n_linear + a;
        double error = sqrt(engine->inverse[k * n + k]);
        if (engine->frozen[k]) { continue; }
        if (!(error <= engine->own_size[a]) || !moves_seen(engine, a)) { engine->lost[k] = 1; }
    }
}

/* A shape that ended on its bound is not known to be there: it may lie anywhere between its bounds, and what it would
   do to the others belongs into their errors. It takes part in the covariance with the variance of a uniform
   distribution between the bounds; a bound that is infinite tells nothing. Returns how many there are. With them held,
   the pulls of fractions of weak components spread by 1.2 to 2. */
static size_t loosen(clv_engine *engine, double unit)
{
    size_t n = engine->n_all, count = 0;

    memcpy(engine->held_out, engine->frozen, n);
    for (size_t a = 0; a < engine->n_local; a++) {
        size_t k = engine->n_linear + a;
        double low, high;
        clv_step_bounds(engine, a, &low, &high);
        if (!engine->frozen[k] || !(engine->gram[k * n + k] > 0) || !isfinite(engine->gram[k * n + k])) { continue; }
        engine->held_out[k] = 0;
        engine->gram[k * n + k] += 12 * unit / ((high - low) * (high - low));
        count++;
    }
    return count;
}

/* Takes the bounds' widths out of the information matrix again. */
static void tighten(clv_engine *engine, double unit)
{
    size_t n = engine->n_all;

    for (size_t a = 0; a < engine->n_local; a++) {
        size_t k = engine->n_linear + a;
        double low, high;
        clv_step_bounds(engine, a, &low, &high);
        if (engine->frozen[k] && !engine->held_out[k]) {
            engine->gram[k * n + k] -= 12 * unit / ((high - low) * (high - low));
        }
    }
}

/* What counts as 1 in the deviance: the scatter where the noise is not known. */
static double unit_of(const clv_engine *engine)
{
    double dof = (double)engine->valid - (double)engine->active;

    if (engine->problem->statistics != CLV_STATISTICS_LEAST_SQUARES) { return 1; }
    return dof > 0 ? engine->here.deviance / dof : NAN;
}

/* The inverse with shapes on their bounds loosened where that is not singular, else with them held. */
static void invert_information(clv_engine *engine, double unit)
{
    size_t n = engine->n_all, loose = isfinite(unit) ? loosen(engine, unit) : 0;
    double pivot = 0;

    if (loose > 0) {
        pivot = clv_cholesky_inverse(engine->gram, n, engine->held_out, engine->inverse, engine->small);
        tighten(engine, unit);
    }
    if (pivot > CLV_CHOLESKY_LEAST) { return; }
    memcpy(engine->held_out, engine->frozen, n);
    if (!(clv_cholesky_inverse(engine->gram, n, engine->frozen, engine->inverse, engine->small) > CLV_CHOLESKY_LEAST)) {
        clv_cholesky_pseudo(engine->gram, n, engine->frozen, engine->inverse, engine->lost, engine->small);
    }
}

static void invert(clv_engine *engine)
{
    size_t n = engine->n_all;
    double unit = unit_of(engine);

    memset(engine->lost, 0, n);
    invert_information(engine, unit);
    for (size_t k = 0; k < n; k++) {
        int bound = k < engine->n_linear;
        if (!bound && engine->frozen[k]) {
            double own = engine->gram[k * n + k];
            int away = k - engine->n_linear >= engine->n_local;
            engine->lost[k] |= !away && !(own > 0);
        }
        if (!engine->frozen[k] && !(engine->gram[k * n + k] > 0)) { engine->lost[k] = 1; }
    }
    if (engine->problem->statistics == CLV_STATISTICS_MEAN_WEIGHTS &&
        (engine->problem->noise_scale > 0 || engine->problem->noise_read > 0)) {
        sandwich(engine);
    }
    for (size_t i = 0; i < n * n && unit != 1; i++) { engine->inverse[i] *= unit; }
    mark_wide(engine);
}

/* How parameter i follows what was solved for: its row of the chain rule. Returns how many entries differ from 0 and
   lists their places after the row. */
static size_t chain_row(const clv_engine *engine, size_t i, double *row, size_t *places)
{
    const clv_mapping *mapping = engine->mapping;
    size_t count = 0;

    for (size_t l = 0; l < engine->n_linear; l++) {
        row[l] = mapping->merge[i * engine->n_linear + l];
        if (row[l] != 0) { places[count++] = l; }
    }
    for (size_t a = 0; a < mapping->free_count; a++) {
        double d = mapping->depends[i * mapping->free_count + a] ? engine->jacobian[i * mapping->free_count + a] : 0;
        row[engine->n_linear + a] = d;
        if (d != 0) { places[count++] = engine->n_linear + a; }
    }
    return count;
}

/* The state that a solution tells, and whether the parameter has an error. */
static uint8_t state_of(const clv_engine *engine, size_t i, const size_t *places, size_t count, int *has_error)
{
    clv_mapping_kind kind = engine->mapping->kind[i];
    size_t still = 0;

    *has_error = 1;
    if (kind == CLV_MAPPING_HELD) { return CLV_PARAMETER_FIXED; }
    for (size_t k = 0; k < count; k++) {
        size_t at = places[k], a = at - engine->n_linear;
        int shared = at >= engine->n_linear && a >= engine->n_local && a < engine->mapping->free_count;
        if (engine->lost[at]) { *has_error = 0; }
        still += engine->frozen[at] && !shared;
    }
    if (still > 0 && still == count) { *has_error = 0; }
    if (kind == CLV_MAPPING_MERGED || kind == CLV_MAPPING_TIED) { return CLV_PARAMETER_TIED; }
    if (kind == CLV_MAPPING_DERIVED) { return CLV_PARAMETER_DERIVED; }
    if (engine->problem->parameters[i].state == CLV_PARAMETER_SHARED) { return CLV_PARAMETER_SHARED; }
    return still > 0 && !engine->lost[places[0]] ? CLV_PARAMETER_AT_BOUND : CLV_PARAMETER_FREE;
}

/* Row i of the covariance of all parameters, for the columns up to i. */
static void covariance_row(clv_engine *engine, size_t i, const double *through, clv_solution *out)
{
    size_t p = engine->p, n = engine->n_all;

    for (size_t j = 0; j <= i; j++) {
        double sum = 0;
        for (size_t k = 0; k < engine->chain_count[j]; k++) {
            size_t at = engine->chain_places[j * n + k];
            sum += engine->chain[j * n + at] * through[at];
        }
        if (!engine->has_error[i] || !engine->has_error[j]) { sum = NAN; }
        if (engine->mapping->kind[i] == CLV_MAPPING_HELD || engine->mapping->kind[j] == CLV_MAPPING_HELD) { sum = 0; }
        out->covariance[i * p + j] = sum;
        out->covariance[j * p + i] = sum;
    }
}

static void fill_parameter(clv_engine *engine, size_t i, clv_solution *out)
{
    size_t n = engine->n_all, count = engine->chain_count[i];
    const size_t *places = engine->chain_places + i * n;
    const double *row = engine->chain + i * n;
    double *through = engine->row, variance = 0;

    memset(through, 0, n * sizeof *through);
    for (size_t k = 0; k < count; k++) {
        const double *from = engine->inverse + places[k] * n;
        for (size_t j = 0; j < n; j++) { through[j] += row[places[k]] * from[j]; }
    }
    for (size_t k = 0; k < count; k++) { variance += row[places[k]] * through[places[k]]; }
    if (out->error) { out->error[i] = engine->has_error[i] ? sqrt(variance) : NAN; }
    if (engine->has_error[i] && !(variance >= 0)) { out->flags |= CLV_FIT_UNDETERMINED; }
    if (out->covariance) { covariance_row(engine, i, through, out); }
}

/* d parameter / d shared, the local parameters following their optimum: -inverse_ll gram_ls through the chain rule. */
static void fill_sensitivity(clv_engine *engine, clv_solution *out)
{
    size_t n = engine->n_all, shared = engine->mapping->shared_count;

    for (size_t s = 0; s < shared; s++) {
        size_t at = engine->n_linear + engine->n_local + s;
        for (size_t k = 0; k < n; k++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++) { sum -= engine->inverse[k * n + j] * engine->gram[j * n + at]; }
            engine->row[k] = sum;
        }
        engine->row[at] = 1;
        for (size_t i = 0; i < engine->p; i++) {
            double sum = 0;
            for (size_t k = 0; k < engine->chain_count[i]; k++) {
                size_t place = engine->chain_places[i * n + k];
                sum += engine->chain[i * n + place] * engine->row[place];
            }
            out->sensitivity[i * shared + s] = sum;
        }
    }
}

static void count_active(clv_engine *engine)
{
    engine->active = 0;
    for (size_t k = 0; k < engine->n_all; k++) { engine->active += !engine->frozen[k]; }
}

/* The variance of a linear coefficient that stands on its bound, were it free: with the others that are determined, at
   the shapes as they ended. */
static double variance_if_free(clv_engine *engine, size_t l)
{
    size_t n = engine->n_all;
    double *unit = engine->row, *solved = engine->row + n, pivot;

    for (size_t k = 0; k < n; k++) { engine->held_out[k] = engine->frozen[k] || engine->lost[k]; }
    engine->held_out[l] = 0;
    memset(unit, 0, n * sizeof *unit);
    unit[l] = 1;
    pivot = clv_cholesky_solve(engine->gram, n, engine->held_out, n, 0, unit, solved, engine->small);
    return pivot > CLV_CHOLESKY_LEAST && solved[l] > 0 ? solved[l] * unit_of(engine) : NAN;
}

static void fill_held(clv_engine *engine, clv_solution *out)
{
    size_t n = engine->n_all;

    for (size_t i = 0; i < engine->p; i++) {
        size_t at = engine->chain_count[i] == 1 ? engine->chain_places[i * n] : n;

        out->held_error[i] = NAN;
        if (at >= engine->n_linear || !engine->frozen[at]) { continue; }
        out->held_error[i] = fabs(engine->chain[i * n + at]) * sqrt(variance_if_free(engine, at));
    }
}

void clv_covariance_fill(clv_engine *engine, clv_solution *out)
{
    size_t n = engine->n_all;

    count_active(engine);
    invert(engine);
    for (size_t i = 0; i < engine->p; i++) {
        int has_error;
        engine->chain_count[i] = chain_row(engine, i, engine->chain + i * n, engine->chain_places + i * n);
        uint8_t state = state_of(engine, i, engine->chain_places + i * n, engine->chain_count[i], &has_error);
        engine->has_error[i] = (uint8_t)has_error;
        if (state == CLV_PARAMETER_AT_BOUND) { out->flags |= CLV_FIT_AT_BOUND; }
        if (out->state) { out->state[i] = state; }
    }
    for (size_t k = 0; k < n; k++) {
        if (engine->lost[k]) { out->flags |= CLV_FIT_UNDETERMINED; }
    }
    for (size_t i = 0; i < engine->p; i++) { fill_parameter(engine, i, out); }
    if (out->sensitivity) { fill_sensitivity(engine, out); }
    if (out->held_error) { fill_held(engine, out); }
    if (engine->has_shift) { out->shift_error = sqrt(engine->inverse[n * n - 1]); }
}
