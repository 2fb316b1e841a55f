/* Sorts parameters into held, free, linear, merged, tied and derived ones.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Before anything is known of ties: what a parameter is by its own state. */
static clv_layout_kind first_kind(const clv_problem_parameter *parameter)
{
    switch (parameter->state) {
    case CLV_PARAMETER_FREE:
        if (parameter->low >= parameter->high) { return CLV_LAYOUT_HELD; }
        return parameter->coefficient ? CLV_LAYOUT_LINEAR : CLV_LAYOUT_FREE;
    case CLV_PARAMETER_SHARED: return CLV_LAYOUT_FREE;
    case CLV_PARAMETER_TIED: return CLV_LAYOUT_TIED;
    case CLV_PARAMETER_DERIVED: return CLV_LAYOUT_DERIVED;
    default: return CLV_LAYOUT_HELD;
    }
}

static clv_status check_tie(clv_layout *layout, size_t i, clv_error *err)
{
    const clv_problem_parameter *parameter = &layout->problem->parameters[i];
    size_t count;
    const size_t *used;

    if (parameter->state != CLV_PARAMETER_TIED) { return CLV_OK; }
    CLV_CHECK(parameter->tie, err, CLV_BAD_ARGUMENT, "parameter %zu is tied but has no expression", i + 1);
    used = clv_expression_names_used(parameter->tie, &count);
    for (size_t k = 0; k < count; k++) {
        CLV_CHECK(parameter->tie_from[used[k]] < layout->count, err, CLV_BAD_ARGUMENT,
                  "the tie of parameter %zu uses parameter %zu of %zu", i + 1, parameter->tie_from[used[k]] + 1,
                  layout->count);
        if (used[k] + 1 > layout->most_names) { layout->most_names = used[k] + 1; }
    }
    return CLV_OK;
}

static clv_status check_term(clv_layout *layout, size_t t, clv_error *err)
{
    const clv_term *term = &layout->problem->terms[t];

    CLV_CHECK(term->first <= layout->count && term->thetas <= layout->count && term->coefficients <= layout->count &&
                  term->first + term->thetas + term->coefficients <= layout->count,
              err, CLV_BAD_ARGUMENT, "term %zu has parameters beyond the %zu there are", t + 1, layout->count);
    CLV_CHECK(term->type || (term->thetas == 0 && term->coefficients == 1), err, CLV_BAD_ARGUMENT,
              "term %zu has no type, so it must be a level with one coefficient", t + 1);
    if (term->thetas > layout->most_thetas) { layout->most_thetas = term->thetas; }
    return CLV_OK;
}

/* Fills the merge row of a tied coefficient; 0 when it is not a linear combination of linear ones. */
static int merge_row(clv_layout *layout, size_t i, bool *subset, double *factors)
{
    const clv_problem_parameter *parameter = &layout->problem->parameters[i];
    double *row = layout->merge + i * layout->count;
    size_t count;
    const size_t *used = clv_expression_names_used(parameter->tie, &count);

    for (size_t k = 0; k < count; k++) {
        clv_layout_kind kind = layout->kind[parameter->tie_from[used[k]]];
        subset[used[k]] = kind == CLV_LAYOUT_LINEAR || kind == CLV_LAYOUT_MERGED;
        if (!subset[used[k]]) { return 0; }
    }
    if (count == 0 || !clv_expression_linear(parameter->tie, subset, factors)) { return 0; }
    memset(row, 0, layout->count * sizeof *row);
    for (size_t k = 0; k < count; k++) {
        size_t from = parameter->tie_from[used[k]];
        if (layout->kind[from] == CLV_LAYOUT_LINEAR) {
            row[from] += factors[k];
            continue;
        }
        for (size_t j = 0; j < layout->count; j++) { row[j] += factors[k] * layout->merge[from * layout->count + j]; }
    }
    return 1;
}

/* Merges every tied coefficient that can be, until none is left that can. Columns of merge are parameters until
   `number` packs them. */
static void merge_all(clv_layout *layout, bool *subset, double *factors)
{
    for (int again = 1; again;) {
        again = 0;
        for (size_t i = 0; i < layout->count; i++) {
            if (layout->kind[i] == CLV_LAYOUT_TIED && layout->problem->parameters[i].coefficient &&
                merge_row(layout, i, subset, factors)) {
                layout->kind[i] = CLV_LAYOUT_MERGED;
                again = 1;
            }
        }
    }
}

/* Makes the linear coefficients that a tie uses other than linearly iterated ones; tells whether there were any. */
static int demote(clv_layout *layout)
{
    int any = 0;

    for (size_t i = 0; i < layout->count; i++) {
        const clv_problem_parameter *parameter = &layout->problem->parameters[i];
        size_t count = 0;
        if (layout->kind[i] != CLV_LAYOUT_TIED) { continue; }
        const size_t *used = clv_expression_names_used(parameter->tie, &count);
        for (size_t k = 0; k < count; k++) {
            clv_layout_kind *from = &layout->kind[parameter->tie_from[used[k]]];
            any |= *from == CLV_LAYOUT_LINEAR || *from == CLV_LAYOUT_MERGED;
            if (*from == CLV_LAYOUT_LINEAR) { *from = CLV_LAYOUT_FREE; }
            if (*from == CLV_LAYOUT_MERGED) { *from = CLV_LAYOUT_TIED; }
        }
    }
    return any;
}

/* Merges what can be; what then still has to be iterated may undo merges, so this repeats until nothing changes. */
static void sort_kinds(clv_layout *layout, bool *subset, double *factors)
{
    for (size_t i = 0; i < layout->count; i++) { layout->kind[i] = first_kind(&layout->problem->parameters[i]); }
    do {
        for (size_t i = 0; i < layout->count; i++) {
            if (layout->kind[i] == CLV_LAYOUT_MERGED) { layout->kind[i] = CLV_LAYOUT_TIED; }
        }
        merge_all(layout, subset, factors);
    } while (demote(layout));
}

/* Numbers the free (local before shared) and the linear parameters, and packs the merge matrix to them. */
static void number(clv_layout *layout)
{
    size_t n = layout->count, linear = 0;

    for (int shared = 0; shared < 2; shared++) {
        for (size_t i = 0; i < n; i++) {
            int is_shared = layout->problem->parameters[i].state == CLV_PARAMETER_SHARED;
            if (layout->kind[i] == CLV_LAYOUT_FREE && is_shared == shared) {
                layout->free_parameter[layout->free_count++] = i;
                layout->shared_count += (size_t)shared;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (layout->kind[i] == CLV_LAYOUT_LINEAR) { layout->linear_parameter[linear++] = i; }
    }
    layout->linear_count = linear;
    for (size_t i = 0; i < n; i++) {
        for (size_t l = 0; l < linear; l++) {
            double factor = layout->kind[i] == CLV_LAYOUT_MERGED ? layout->merge[i * n + layout->linear_parameter[l]]
                                                                 : layout->linear_parameter[l] == i;
            layout->merge[i * linear + l] = factor;
        }
    }
}

static clv_status sort(clv_layout *layout, clv_error *err)
{
    bool *subset = calloc(layout->most_names + 1, sizeof *subset);
    double *factors = calloc(layout->most_names + 1, sizeof *factors);
    clv_status status = CLV_OK;

    if (!subset || !factors) {
        status = clv_fail(err, CLV_NO_MEMORY, "no memory for the layout of %zu parameters", layout->count);
        goto done;
    }
    sort_kinds(layout, subset, factors);
    number(layout);
done:
    free(factors);
    free(subset);
    return status;
}

static clv_status allocate(clv_layout *layout, clv_error *err)
{
    size_t n = layout->count + 1, square = n * n;

    CLV_CHECK(layout->count < 4096, err, CLV_LIMIT, "a model of %zu parameters is beyond the limit of 4095",
              layout->count);
    layout->kind = calloc(n, sizeof *layout->kind);
    layout->free_parameter = calloc(n, sizeof *layout->free_parameter);
    layout->linear_parameter = calloc(n, sizeof *layout->linear_parameter);
    layout->merge = calloc(square, sizeof *layout->merge);
    layout->constant = calloc(square, sizeof *layout->constant);
    layout->depends = calloc(square, sizeof *layout->depends);
    layout->steps = calloc(n + layout->problem->term_count, sizeof *layout->steps);
    CLV_CHECK(layout->kind && layout->free_parameter && layout->linear_parameter && layout->merge && layout->constant &&
                  layout->depends && layout->steps,
              err, CLV_NO_MEMORY, "no memory for the layout of %zu parameters", layout->count);
    return CLV_OK;
}

static clv_status fill(clv_layout *layout, clv_error *err)
{
    CLV_TRY(allocate(layout, err));
    for (size_t t = 0; t < layout->problem->term_count; t++) { CLV_TRY(check_term(layout, t, err)); }
    for (size_t i = 0; i < layout->count; i++) { CLV_TRY(check_tie(layout, i, err)); }
    CLV_TRY(sort(layout, err));
    return clv_layout_order(layout, err);
}

clv_status clv_layout_new(const clv_problem *problem, clv_layout **layout, clv_error *err)
{
    clv_layout *made = calloc(1, sizeof *made);

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for the layout of %zu parameters", problem->parameter_count);
    made->problem = problem;
    made->count = problem->parameter_count;
    clv_status status = fill(made, err);
    if (status) {
        clv_layout_free(made);
        return status;
    }
    *layout = made;
    return CLV_OK;
}

void clv_layout_free(clv_layout *layout)
{
    if (!layout) { return; }
    free(layout->kind);
    free(layout->free_parameter);
    free(layout->linear_parameter);
    free(layout->merge);
    free(layout->constant);
    free(layout->depends);
    free(layout->steps);
    free(layout);
}
