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
        clv_setup setup = {.size = sizeof setup,
                           .options = component->options,
                           .energy = energy,
                           .channels = clv_spectra_channels(spectra),
                           .given = component->given,
                           .axis = clv_axis_name(clv_spectra_energy(spectra))};
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
    int by_preset = parameter->row && parameter->row->flags & CLV_NONNEGATIVE && !parameter->bounded;

    *out = (clv_problem_parameter){.state = parameter->state,
                                   .coefficient = parameter->coefficient,
                                   .start = parameter->start,
                                   .low = parameter->low,
                                   .high = parameter->high,
                                   .tie = parameter->tie,
                                   .tie_from = parameter->tie ? model->places : NULL};
    if (!parameter->coefficient || (type->role != CLV_ROLE_PEAK && type->role != CLV_ROLE_REFERENCE)) { return; }
    if (wish->nonnegative == 1) { out->low = fmax(out->low, 0); }
    if (wish->nonnegative == 0 && by_preset) { out->low = -INFINITY; }
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
    CLV_CHECK(plan->parameters[place].state != CLV_PARAMETER_SHARED, err, CLV_BAD_ARGUMENT, "share: %s is named twice",
              name);
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

/* One spectrum shares with nobody: once its names are checked, what was to be shared is free. */
static void unshare(fit_plan *plan)
{
    for (size_t i = 0; i < plan->shared_count; i++) { plan->parameters[plan->shared[i]].state = CLV_PARAMETER_FREE; }
    plan->shared_count = 0;
}

/* Shared positions with uncertain offsets: each spectrum may still move rigidly by what its offset is uncertain by. */
static clv_status share(fit_plan *plan, const clv_model *model, const clv_spectra *spectra, const fit_wish *wish,
                        clv_error *err)
{
    size_t count = clv_value_count(wish->share);

    if (count == 0) { return CLV_OK; }
    plan->shared = calloc(count, sizeof *plan->shared);
    CLV_CHECK(plan->shared, err, CLV_NO_MEMORY, "fit: out of memory");
    for (size_t i = 0; i < count; i++) { CLV_TRY(share_one(plan, model, clv_value_at(wish->share, i), err)); }
    if (clv_spectra_count(spectra) < 2) { unshare(plan); }
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
    if (clv_spectra_noise(spectra) == CLV_NOISE_POISSON) {
        plan->problem.noise_scale = clv_spectra_noise_scale(spectra);
        plan->problem.noise_read = clv_spectra_noise_read(spectra);
    }
    plan->problem.tolerance = 1e-3;
    plan->problem.iterations = 60;
    memcpy(plan->exclude, wish->exclude, sizeof plan->exclude);
    plan->problem.exclude = plan->exclude;
    plan->problem.exclude_count = wish->exclude_count;
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

/* A channel on the edge of a window belongs to it although its energy was rounded (as in core/fit). */
#define EDGE 1e-6

/* First and one past the last of `count` energies in a window. */
static void find_channels(const double *energy, size_t count, double low, double high, size_t *first, size_t *end)
{
    double slack = count > 1 ? EDGE * (energy[1] - energy[0]) : 0;

    for (*first = 0; *first < count && energy[*first] < low - slack; ++*first) {}
    for (*end = count; *end > *first && energy[*end - 1] > high + slack; --*end) {}
}

/* One spectrum at its true energies and the window in which it is fitted. */
typedef struct scene {
    const clv_spectra *spectra;
    const double *energy, *intensity;
    size_t channels;
    double low, high;
} scene;

/* Adds the curve that one background makes of the channels in the window; NaN outside it and outside the background's
   own ends, where there is nothing to fit. Ends that were given may lie beyond the range of the fit. */
static clv_status add_curve(const model_component *component, const scene *at, double *one, double *curve,
                            clv_error *err)
{
    double low = at->low, high = at->high, ends[2];
    int given = clv_options_range(component->options, "ends", &ends[0], &ends[1]);
    clv_setup setup = {.size = sizeof setup,
                       .options = component->options,
                       .given = component->given,
                       .axis = clv_axis_name(clv_spectra_energy(at->spectra))};
    size_t first, end, inside, past;

    if (given) { clv_spectra_window(at->spectra, &low, &high); }
    find_channels(at->energy, at->channels, low, high, &first, &end);
    setup.energy = at->energy + first;
    setup.channels = end - first;
    if (first < end) {
        CLV_TRY(component->type->curve(&setup, setup.energy, at->intensity + first, end - first, one + first, err));
    }
    inside = first;
    past = end;
    if (given) { find_channels(at->energy, at->channels, fmax(low, ends[0]), fmin(high, ends[1]), &inside, &past); }
    for (size_t k = 0; k < at->channels; k++) { curve[k] += k >= inside && k < past ? one[k] : NAN; }
    return CLV_OK;
}

clv_status fit_plan_curve(const clv_model *model, const fit_window *window, size_t only, double *curve, clv_error *err)
{
    const clv_spectra *spectra = window->spectra;
    size_t channels = clv_spectra_channels(spectra);
    scene at = {spectra,  NULL,        clv_spectra_intensity(spectra) + window->spectrum * channels,
                channels, window->low, window->high};
    double *energy = NULL, *one = malloc(channels * sizeof *one);
    clv_status status = one ? true_energies(spectra, window->spectrum, &energy, err)
                            : clv_fail(err, CLV_NO_MEMORY, "fit: out of memory");

    at.energy = energy;
    memset(curve, 0, channels * sizeof *curve);
    for (size_t i = 0; i < model->count && !status; i++) {
        const model_component *component = &model->components[i];

        if (!model_is_inactive(component) || (only != SIZE_MAX && only != i)) { continue; }
        status = add_curve(component, &at, one, curve, err);
        if (status) { clv_error_at(err, "%s of spectrum %zu", component->name, window->spectrum + 1); }
    }
    free(energy);
    free(one);
    return status;
}
