/* Resolves a model against spectra and options: terms prepared, parameters with states, bounds and ties.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/plan.h"

#include <corelevel/text.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void fit_plan_free(fit_plan *plan)
{
    if (!plan) { return; }
    for (size_t i = 0; plan->terms && i < plan->problem.term_count; i++) {
        if (plan->terms[i].type && plan->terms[i].type->release) {
            plan->terms[i].type->release((void *)plan->terms[i].prepared);
        }
    }
    free(plan->terms);
    free(plan->parameters);
    free(plan->shared);
    free(plan);
}

/* True energies of the first spectrum, which components may look at when they prepare. */
static clv_status true_energies(const clv_spectra *spectra, size_t spectrum, double **energy, clv_error *err)
{
    size_t channels = clv_spectra_channels(spectra);
    const double *axis = clv_axis_values(clv_spectra_energy(spectra));
    const double *offset = clv_spectra_offset(spectra);

    *energy = malloc(channels * sizeof **energy);
    CLV_CHECK(*energy, err, CLV_NO_MEMORY, "fit: out of memory");
    for (size_t i = 0; i < channels; i++) { (*energy)[i] = axis[i] + (offset ? offset[spectrum] : 0); }
    return CLV_OK;
}

static clv_status prepare_terms(fit_plan *plan, const clv_model *model, const clv_spectra *spectra, clv_error *err)
{
    double *energy = NULL;
    clv_status status = true_energies(spectra, 0, &energy, err);

    for (size_t i = 0; i < model->count && !status; i++) {
        const model_component *component = &model->components[i];
        clv_term *term = &plan->terms[plan->problem.term_count];
        clv_setup setup = {sizeof setup, component->options, energy, clv_spectra_channels(spectra), component->given};
        void *prepared = NULL;

        if (model_is_inactive(component)) {
            plan->has_curves = 1;
            continue;
        }
        if (!model_has_term(component)) { continue; }
        if (component->type->prepare) { status = component->type->prepare(&setup, &prepared, err); }
        if (status) { break; }
        *term = (clv_term){.type = component->type,
                           .prepared = prepared,
                           .first = component->first,
                           .thetas = component->thetas,
                           .coefficients = component->coefficients};
        plan->problem.term_count++;
    }
    free(energy);
    return status;
}

static void set_parameter(const clv_model *model, size_t place, const fit_wish *wish, clv_problem_parameter *out)
{
    const model_parameter *parameter = &model->parameters[place];
    const clv_component *type = model->components[parameter->component].type;
    int by_preset = parameter->row && parameter->row->flags & CLV_NONNEGATIVE;

    *out = (clv_problem_parameter){.state = parameter->state,
                                   .coefficient = parameter->coefficient,
                                   .start = parameter->start,
                                   .low = parameter->low,
                                   .high = parameter->high,
                                   .tie = parameter->tie,
                                   .tie_from = parameter->tie ? model->places : NULL};
    if (!parameter->coefficient || type->role == CLV_ROLE_BACKGROUND || type->role == CLV_ROLE_TRANSFORM) { return; }
    if (wish->nonnegative == 1) { out->low = fmax(out->low, 0); }
    if (wish->nonnegative == 0 && by_preset && out->low == 0) { out->low = -INFINITY; }
}

static clv_status unknown_shared(const clv_model *model, const char *name, clv_error *err)
{
    const char *near = clv_text_nearest(name, model->names, model->parameter_count);

    return clv_fail(err, CLV_BAD_ARGUMENT, "share: the model has no parameter \"%s\"%s%s%s", name,
                    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static clv_status share_one(fit_plan *plan, const clv_model *model, const clv_value *item, clv_error *err)
{
    const char *name = clv_value_as_text(item);
    size_t place = name ? model_find_parameter(model, name) : SIZE_MAX;

    CLV_CHECK(name, err, CLV_BAD_ARGUMENT, "share: a list of parameter names, such as { \"Co3+.fwhm\" }");
    if (place == SIZE_MAX) { return unknown_shared(model, name, err); }
    CLV_CHECK(!plan->parameters[place].coefficient, err, CLV_BAD_ARGUMENT,
              "share: %s is a linear coefficient; shapes (positions, widths, shifts, k) can be shared", name);
    CLV_CHECK(plan->parameters[place].state == CLV_PARAMETER_FREE, err, CLV_BAD_ARGUMENT,
              "share: %s is not free (it is fixed, tied or derived); share a free parameter", name);
    plan->parameters[place].state = CLV_PARAMETER_SHARED;
    plan->shared[plan->shared_count++] = place;
    return CLV_OK;
}

static int moves_position(const clv_model *model, size_t place)
{
    const clv_parameter *row = model->parameters[place].row;

    return row && (strcmp(row->name, "position") == 0 || strcmp(row->name, "shift") == 0);
}

static int offsets_uncertain(const clv_spectra *spectra)
{
    const double *error = clv_spectra_offset_error(spectra);

    for (size_t i = 0; error && i < clv_spectra_count(spectra); i++) {
        if (error[i] != 0 && isfinite(error[i])) { return 1; }
    }
    return 0;
}

/* Shared positions with uncertain offsets: each spectrum may still move rigidly by what its offset is uncertain by. */
static clv_status share(fit_plan *plan, const clv_model *model, const clv_spectra *spectra, const fit_wish *wish,
                        clv_error *err)
{
    size_t count = clv_value_count(wish->share);

    if (count == 0 || clv_spectra_count(spectra) < 2) { return CLV_OK; }
    plan->shared = calloc(count, sizeof *plan->shared);
    CLV_CHECK(plan->shared, err, CLV_NO_MEMORY, "fit: out of memory");
    for (size_t i = 0; i < count; i++) { CLV_TRY(share_one(plan, model, clv_value_at(wish->share, i), err)); }
    for (size_t i = 0; i < plan->shared_count; i++) {
        if (moves_position(model, plan->shared[i]) && offsets_uncertain(spectra)) { plan->problem.shift_prior = 1; }
    }
    return CLV_OK;
}

static clv_status fill_plan(fit_plan *plan, const clv_model *model, const clv_spectra *spectra, const fit_wish *wish,
                            clv_error *err)
{
    plan->terms = calloc(model->count, sizeof *plan->terms);
    plan->parameters = calloc(model->parameter_count + 1, sizeof *plan->parameters);
    CLV_CHECK(plan->terms && plan->parameters, err, CLV_NO_MEMORY, "fit: out of memory");
    CLV_TRY(prepare_terms(plan, model, spectra, err));
    for (size_t i = 0; i < model->parameter_count; i++) { set_parameter(model, i, wish, &plan->parameters[i]); }
    plan->problem.terms = plan->terms;
    plan->problem.parameters = plan->parameters;
    plan->problem.parameter_count = model->parameter_count;
    plan->problem.statistics = wish->statistics;
    plan->problem.noise_scale = clv_spectra_noise_scale(spectra);
    plan->problem.noise_read = clv_spectra_noise_read(spectra);
    plan->problem.tolerance = 1e-3;
    plan->problem.iterations = 60;
    return share(plan, model, spectra, wish, err);
}

clv_status fit_plan_new(const clv_model *model, const clv_spectra *spectra, const fit_wish *wish, fit_plan **made,
                        clv_error *err)
{
    fit_plan *plan = calloc(1, sizeof *plan);
    clv_status status;

    CLV_CHECK(plan, err, CLV_NO_MEMORY, "fit: out of memory");
    status = fill_plan(plan, model, spectra, wish, err);
    if (status) {
        fit_plan_free(plan);
        return status;
    }
    *made = plan;
    return CLV_OK;
}

clv_status fit_plan_curve(const clv_model *model, const clv_spectra *spectra, size_t spectrum, double *curve,
                          clv_error *err)
{
    size_t channels = clv_spectra_channels(spectra);
    const double *intensity = clv_spectra_intensity(spectra) + spectrum * channels;
    double *energy = NULL, *one = malloc(channels * sizeof *one);
    clv_status status =
        one ? true_energies(spectra, spectrum, &energy, err) : clv_fail(err, CLV_NO_MEMORY, "fit: out of memory");

    memset(curve, 0, channels * sizeof *curve);
    for (size_t i = 0; i < model->count && !status; i++) {
        const model_component *component = &model->components[i];
        clv_setup setup = {sizeof setup, component->options, energy, channels, component->given};

        if (!model_is_inactive(component)) { continue; }
        status = component->type->curve(&setup, energy, intensity, channels, one, err);
        for (size_t k = 0; k < channels && !status; k++) { curve[k] += one[k]; }
    }
    free(energy);
    free(one);
    return status;
}
