/* Sorts parameters into held, free, linear, merged, tied and derived ones.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/mapping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Before anything is known of ties: what a parameter is by its own state. */
static clv_mapping_kind first_kind(const clv_problem_parameter *parameter)
{
    switch (parameter->state) {
    case CLV_PARAMETER_FREE:
        if (parameter->low >= parameter->high) { return CLV_MAPPING_HELD; }
        return parameter->coefficient ? CLV_MAPPING_LINEAR : CLV_MAPPING_FREE;
    case CLV_PARAMETER_SHARED: return CLV_MAPPING_FREE;
    case CLV_PARAMETER_TIED: return CLV_MAPPING_TIED;
    case CLV_PARAMETER_DERIVED: return CLV_MAPPING_DERIVED;
    default: return CLV_MAPPING_HELD;
    }
}

static clv_status check_tie(clv_mapping *mapping, size_t i, clv_error *err)
{
    const clv_problem_parameter *parameter = &mapping->problem->parameters[i];
    size_t count;
    const size_t *used;

    if (parameter->state != CLV_PARAMETER_TIED) { return CLV_OK; }
    CLV_CHECK(parameter->tie, err, CLV_BAD_ARGUMENT, "parameter %zu is tied but has no expression", i + 1);
    used = clv_expression_names_used(parameter->tie, &count);
    for (size_t k = 0; k < count; k++) {
        CLV_CHECK(parameter->tie_from[used[k]] < mapping->count, err, CLV_BAD_ARGUMENT,
                  "the tie of parameter %zu uses parameter %zu of %zu", i + 1, parameter->tie_from[used[k]] + 1,
                  mapping->count);
        if (used[k] + 1 > mapping->most_names) { mapping->most_names = used[k] + 1; }
    }
    return CLV_OK;
}

static clv_status check_term(clv_mapping *mapping, size_t t, clv_error *err)
{
    const clv_term *term = &mapping->problem->terms[t];

    CLV_CHECK(term->first <= mapping->count && term->thetas <= mapping->count && term->coefficients <= mapping->count &&
                  term->first + term->thetas + term->coefficients <= mapping->count,
              err, CLV_BAD_ARGUMENT, "term %zu has parameters beyond the %zu there are", t + 1, mapping->count);
    CLV_CHECK(term->type || (term->thetas == 0 && term->coefficients == 1), err, CLV_BAD_ARGUMENT,
              "term %zu has no type, so it must be a level with one coefficient", t + 1);
    if (term->thetas > mapping->most_thetas) { mapping->most_thetas = term->thetas; }
    return CLV_OK;
}

/* Fills the merge row of a tied coefficient; 0 when it is not a linear combination of linear ones. */
static int merge_row(clv_mapping *mapping, size_t i, bool *subset, double *factors)
{
    const clv_problem_parameter *parameter = &mapping->problem->parameters[i];
    double *row = mapping->merge + i * mapping->count;
    size_t count;
    const size_t *used = clv_expression_names_used(parameter->tie, &count);

    for (size_t k = 0; k < count; k++) {
        clv_mapping_kind kind = mapping->kind[parameter->tie_from[used[k]]];
        subset[used[k]] = kind == CLV_MAPPING_LINEAR || kind == CLV_MAPPING_MERGED;
        if (!subset[used[k]]) { return 0; }
    }
    if (count == 0 || !clv_expression_linear(parameter->tie, subset, factors)) { return 0; }
    memset(row, 0, mapping->count * sizeof *row);
    for (size_t k = 0; k < count; k++) {
        size_t from = parameter->tie_from[used[k]];
        if (mapping->kind[from] == CLV_MAPPING_LINEAR) {
            row[from] += factors[k];
            continue;
        }
        for (size_t j = 0; j < mapping->count; j++) {
            row[j] += factors[k] * mapping->merge[from * mapping->count + j];
        }
    }
    return 1;
}

/* Merges every tied coefficient that can be, until none is left that can. Columns of merge are parameters until
   `number` packs them. */
static void merge_all(clv_mapping *mapping, bool *subset, double *factors)
{
    for (int again = 1; again;) {
        again = 0;
        for (size_t i = 0; i < mapping->count; i++) {
            if (mapping->kind[i] == CLV_MAPPING_TIED && mapping->problem->parameters[i].coefficient &&
                merge_row(mapping, i, subset, factors)) {
                mapping->kind[i] = CLV_MAPPING_MERGED;
                again = 1;
            }
        }
    }
}

/* Makes the linear coefficients that a tie uses other than linearly iterated ones; tells whether there were any. */
static int demote(clv_mapping *mapping)
{
    int any = 0;

    for (size_t i = 0; i < mapping->count; i++) {
        const clv_problem_parameter *parameter = &mapping->problem->parameters[i];
        size_t count = 0;
        if (mapping->kind[i] != CLV_MAPPING_TIED) { continue; }
        const size_t *used = clv_expression_names_used(parameter->tie, &count);
        for (size_t k = 0; k < count; k++) {
            clv_mapping_kind *from = &mapping->kind[parameter->tie_from[used[k]]];
            any |= *from == CLV_MAPPING_LINEAR || *from == CLV_MAPPING_MERGED;
            if (*from == CLV_MAPPING_LINEAR) { *from = CLV_MAPPING_FREE; }
            if (*from == CLV_MAPPING_MERGED) { *from = CLV_MAPPING_TIED; }
        }
    }
    return any;
}

/* Merges what can be; what then still has to be iterated may undo merges, so this repeats until nothing changes. */
static void sort_kinds(clv_mapping *mapping, bool *subset, double *factors)
{
    for (size_t i = 0; i < mapping->count; i++) { mapping->kind[i] = first_kind(&mapping->problem->parameters[i]); }
    do {
        for (size_t i = 0; i < mapping->count; i++) {
            if (mapping->kind[i] == CLV_MAPPING_MERGED) { mapping->kind[i] = CLV_MAPPING_TIED; }
        }
        merge_all(mapping, subset, factors);
    } while (demote(mapping));
}

/* Numbers the free (local before shared) and the linear parameters, and packs the merge matrix to them. */
static void number(clv_mapping *mapping)
{
    size_t n = mapping->count, linear = 0;

    for (int shared = 0; shared < 2; shared++) {
        for (size_t i = 0; i < n; i++) {
            int is_shared = mapping->problem->parameters[i].state == CLV_PARAMETER_SHARED;
            if (mapping->kind[i] == CLV_MAPPING_FREE && is_shared == shared) {
                mapping->free_parameter[mapping->free_count++] = i;
                mapping->shared_count += (size_t)shared;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (mapping->kind[i] == CLV_MAPPING_LINEAR) { mapping->linear_parameter[linear++] = i; }
    }
    mapping->linear_count = linear;
    for (size_t i = 0; i < n; i++) {
        for (size_t l = 0; l < linear; l++) {
            double factor = mapping->kind[i] == CLV_MAPPING_MERGED
                                ? mapping->merge[i * n + mapping->linear_parameter[l]]
                                : mapping->linear_parameter[l] == i;
            mapping->merge[i * linear + l] = factor;
        }
    }
}

static clv_status sort(clv_mapping *mapping, clv_error *err)
{
    bool *subset = calloc(mapping->most_names + 1, sizeof *subset);
    double *factors = calloc(mapping->most_names + 1, sizeof *factors);
    clv_status status = CLV_OK;

    if (!subset || !factors) {
        status = clv_fail(err, CLV_NO_MEMORY, "no memory for the mapping of %zu parameters", mapping->count);
        goto done;
    }
    sort_kinds(mapping, subset, factors);
    number(mapping);
done:
    free(factors);
    free(subset);
    return status;
}

static clv_status allocate(clv_mapping *mapping, clv_error *err)
{
    size_t n = mapping->count + 1, square = n * n;

    CLV_CHECK(mapping->count < 4096, err, CLV_LIMIT, "a model of %zu parameters is beyond the limit of 4095",
              mapping->count);
    mapping->kind = calloc(n, sizeof *mapping->kind);
    mapping->free_parameter = calloc(n, sizeof *mapping->free_parameter);
    mapping->linear_parameter = calloc(n, sizeof *mapping->linear_parameter);
    mapping->merge = calloc(square, sizeof *mapping->merge);
    mapping->constant = calloc(square, sizeof *mapping->constant);
    mapping->depends = calloc(square, sizeof *mapping->depends);
    mapping->steps = calloc(n + mapping->problem->term_count, sizeof *mapping->steps);
    CLV_CHECK(mapping->kind && mapping->free_parameter && mapping->linear_parameter && mapping->merge &&
                  mapping->constant && mapping->depends && mapping->steps,
              err, CLV_NO_MEMORY, "no memory for the mapping of %zu parameters", mapping->count);
    return CLV_OK;
}

static clv_status fill(clv_mapping *mapping, clv_error *err)
{
    CLV_TRY(allocate(mapping, err));
    for (size_t t = 0; t < mapping->problem->term_count; t++) { CLV_TRY(check_term(mapping, t, err)); }
    for (size_t i = 0; i < mapping->count; i++) { CLV_TRY(check_tie(mapping, i, err)); }
    CLV_TRY(sort(mapping, err));
    return clv_mapping_order(mapping, err);
}

clv_status clv_mapping_new(const clv_problem *problem, clv_mapping **mapping, clv_error *err)
{
    clv_mapping *made = calloc(1, sizeof *made);

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for the mapping of %zu parameters", problem->parameter_count);
    made->problem = problem;
    made->count = problem->parameter_count;
    clv_status status = fill(made, err);
    if (status) {
        clv_mapping_free(made);
        return status;
    }
    *mapping = made;
    return CLV_OK;
}

void clv_mapping_free(clv_mapping *mapping)
{
    if (!mapping) { return; }
    free(mapping->kind);
    free(mapping->free_parameter);
    free(mapping->linear_parameter);
    free(mapping->merge);
    free(mapping->constant);
    free(mapping->depends);
    free(mapping->steps);
    free(mapping);
}
