/* Orders ties and derivations so that each has what it needs, and evaluates them with the chain rule.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/mapping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a step needs: each parameter that it reads has its value already. */
static int tie_ready(const clv_mapping *mapping, size_t i, const uint8_t *known)
{
    const clv_problem_parameter *parameter = &mapping->problem->parameters[i];
    size_t count;
    const size_t *used = clv_expression_names_used(parameter->tie, &count);

    for (size_t k = 0; k < count; k++) {
        if (!known[parameter->tie_from[used[k]]]) { return 0; }
    }
    return 1;
}

static int term_ready(const clv_mapping *mapping, const clv_term *term, const uint8_t *known)
{
    for (size_t i = term->first; i < term->first + term->thetas; i++) {
        if (mapping->kind[i] != CLV_MAPPING_DERIVED && !known[i]) { return 0; }
    }
    return 1;
}

static int term_derives(const clv_mapping *mapping, const clv_term *term)
{
    for (size_t i = term->first; i < term->first + term->thetas; i++) {
        if (mapping->kind[i] == CLV_MAPPING_DERIVED) { return 1; }
    }
    return 0;
}

static void depend(clv_mapping *mapping, size_t i, size_t on)
{
    for (size_t a = 0; a < mapping->free_count; a++) {
        mapping->depends[i * mapping->free_count + a] |= mapping->depends[on * mapping->free_count + a];
    }
}

static void take_tie(clv_mapping *mapping, size_t i, uint8_t *known)
{
    const clv_problem_parameter *parameter = &mapping->problem->parameters[i];
    size_t count;
    const size_t *used = clv_expression_names_used(parameter->tie, &count);

    for (size_t k = 0; k < count; k++) { depend(mapping, i, parameter->tie_from[used[k]]); }
    mapping->steps[mapping->step_count++] = (clv_mapping_step){.parameter = i, .term = SIZE_MAX};
    known[i] = 1;
}

static void take_term(clv_mapping *mapping, size_t t, uint8_t *known)
{
    const clv_term *term = &mapping->problem->terms[t];

    for (size_t i = term->first; i < term->first + term->thetas; i++) {
        if (mapping->kind[i] != CLV_MAPPING_DERIVED) { continue; }
        for (size_t j = term->first; j < term->first + term->thetas; j++) {
            if (mapping->kind[j] != CLV_MAPPING_DERIVED) { depend(mapping, i, j); }
        }
        known[i] = 1;
    }
    mapping->steps[mapping->step_count++] = (clv_mapping_step){.parameter = SIZE_MAX, .term = t};
}

/* One round: takes every step that has become possible; tells whether it took any. */
static int take_ready(clv_mapping *mapping, uint8_t *known, uint8_t *taken)
{
    int any = 0;

    for (size_t i = 0; i < mapping->count; i++) {
        if (mapping->kind[i] == CLV_MAPPING_TIED && !known[i] && tie_ready(mapping, i, known)) {
            take_tie(mapping, i, known);
            any = 1;
        }
    }
    for (size_t t = 0; t < mapping->problem->term_count; t++) {
        const clv_term *term = &mapping->problem->terms[t];
        if (!taken[t] && term_derives(mapping, term) && term_ready(mapping, term, known)) {
            take_term(mapping, t, known);
            taken[t] = 1;
            any = 1;
        }
    }
    return any;
}

static clv_status check_derivable(const clv_mapping *mapping, clv_error *err)
{
    for (size_t t = 0; t < mapping->problem->term_count; t++) {
        const clv_term *term = &mapping->problem->terms[t];
        CLV_CHECK(!term_derives(mapping, term) || (term->type && term->type->derive), err, CLV_BAD_ARGUMENT,
                  "term %zu has a derived parameter but its component derives none", t + 1);
    }
    return CLV_OK;
}

static void start_known(clv_mapping *mapping, uint8_t *known)
{
    size_t n = mapping->free_count;

    for (size_t i = 0; i < mapping->count; i++) {
        known[i] = mapping->kind[i] != CLV_MAPPING_TIED && mapping->kind[i] != CLV_MAPPING_DERIVED;
    }
    for (size_t a = 0; a < n; a++) {
        mapping->depends[mapping->free_parameter[a] * n + a] = 1;
        mapping->constant[mapping->free_parameter[a] * n + a] = 1;
    }
}

clv_status clv_mapping_order(clv_mapping *mapping, clv_error *err)
{
    uint8_t *known = calloc(mapping->count + 1, 1);
    uint8_t *taken = calloc(mapping->problem->term_count + 1, 1);
    clv_status status = known && taken ? check_derivable(mapping, err)
                                       : clv_fail(err, CLV_NO_MEMORY, "no memory to order %zu ties", mapping->count);

    if (status) { goto done; }
    start_known(mapping, known);
    while (take_ready(mapping, known, taken)) {}
    for (size_t i = 0; i < mapping->count; i++) {
        if (!known[i]) {
            status = clv_fail(err, CLV_BAD_ARGUMENT, "the tie of parameter %zu leads back to itself", i + 1);
            goto done;
        }
    }
done:
    free(taken);
    free(known);
    return status;
}

clv_status clv_mapping_scratch_new(const clv_mapping *mapping, clv_mapping_scratch *scratch, clv_error *err)
{
    scratch->names = calloc(mapping->most_names + 1, sizeof(double));
    scratch->gradient = calloc(mapping->most_names + 1, sizeof(double));
    scratch->jacobian = calloc(mapping->most_thetas * mapping->most_thetas + 1, sizeof(double));
    if (scratch->names && scratch->gradient && scratch->jacobian) { return CLV_OK; }
    clv_mapping_scratch_free(scratch);
    return clv_fail(err, CLV_NO_MEMORY, "no memory for the ties of %zu parameters", mapping->count);
}

void clv_mapping_scratch_free(clv_mapping_scratch *scratch)
{
    free(scratch->names);
    free(scratch->gradient);
    free(scratch->jacobian);
    *scratch = (clv_mapping_scratch){0};
}

static void apply_tie(const clv_mapping *mapping, const clv_mapping_scratch *scratch, size_t i, double *parameter,
                      double *jacobian)
{
    const clv_problem_parameter *tied = &mapping->problem->parameters[i];
    size_t count, n = mapping->free_count;
    const size_t *used = clv_expression_names_used(tied->tie, &count);

    for (size_t k = 0; k < count; k++) { scratch->names[used[k]] = parameter[tied->tie_from[used[k]]]; }
    parameter[i] = clv_expression_value(tied->tie, scratch->names, scratch->gradient);
    for (size_t k = 0; k < count; k++) {
        const double *from = jacobian + tied->tie_from[used[k]] * n;
        for (size_t a = 0; a < n; a++) { jacobian[i * n + a] += scratch->gradient[k] * from[a]; }
    }
}

static clv_status apply_derive(const clv_mapping *mapping, const clv_mapping_scratch *scratch, const clv_term *term,
                               double *parameter, double *jacobian, clv_error *err)
{
    size_t m = term->thetas, n = mapping->free_count;

    memset(scratch->jacobian, 0, m * m * sizeof *scratch->jacobian);
    CLV_TRY(term->type->derive(term->prepared, parameter + term->first, scratch->jacobian, m, err));
    for (size_t i = 0; i < m; i++) {
        if (mapping->kind[term->first + i] != CLV_MAPPING_DERIVED) { continue; }
        for (size_t j = 0; j < m; j++) {
            double factor = scratch->jacobian[i * m + j];
            if (factor == 0 || mapping->kind[term->first + j] == CLV_MAPPING_DERIVED) { continue; }
            for (size_t a = 0; a < n; a++) {
                jacobian[(term->first + i) * n + a] += factor * jacobian[(term->first + j) * n + a];
            }
        }
    }
    return CLV_OK;
}

clv_status clv_mapping_thetas(const clv_mapping *mapping, const clv_mapping_scratch *scratch, const double *free,
                              double *parameter, double *jacobian, clv_error *err)
{
    memcpy(jacobian, mapping->constant, mapping->count * mapping->free_count * sizeof *jacobian);
    for (size_t i = 0; i < mapping->count; i++) {
        parameter[i] = mapping->kind[i] == CLV_MAPPING_HELD ? mapping->problem->parameters[i].start : 0;
    }
    for (size_t a = 0; a < mapping->free_count; a++) { parameter[mapping->free_parameter[a]] = free[a]; }
    for (size_t s = 0; s < mapping->step_count; s++) {
        const clv_mapping_step *step = &mapping->steps[s];
        if (step->term == SIZE_MAX) {
            apply_tie(mapping, scratch, step->parameter, parameter, jacobian);
        } else {
            CLV_TRY(apply_derive(mapping, scratch, &mapping->problem->terms[step->term], parameter, jacobian, err));
        }
    }
    return CLV_OK;
}

void clv_mapping_coefficients(const clv_mapping *mapping, const double *linear, double *parameter)
{
    size_t m = mapping->linear_count;

    for (size_t i = 0; i < mapping->count; i++) {
        if (mapping->kind[i] != CLV_MAPPING_LINEAR && mapping->kind[i] != CLV_MAPPING_MERGED) { continue; }
        parameter[i] = 0;
        for (size_t l = 0; l < m; l++) { parameter[i] += mapping->merge[i * m + l] * linear[l]; }
    }
}
