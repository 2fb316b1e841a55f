/* Draws the curves of one spectrum's fit: envelope, background, components, residuals.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"
#include "fit/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t clv_fit_component_count(const clv_fit *fit) { return fit->drawn_count; }

static const model_component *drawn(const clv_fit *fit, size_t component)
{
    return component < fit->drawn_count ? &fit->model->components[fit->drawn[component]] : NULL;
}

const char *clv_fit_component_name(const clv_fit *fit, size_t component)
{
    const model_component *found = drawn(fit, component);

    return found ? found->name : NULL;
}

int clv_fit_component_is_background(const clv_fit *fit, size_t component)
{
    const model_component *found = drawn(fit, component);

    return found && found->type->role != CLV_ROLE_PEAK && found->type->role != CLV_ROLE_REFERENCE;
}

/* Variance of a channel as the statistics see it, for normalised residuals. */
static double channel_variance(const clv_fit *fit, const clv_problem_data *data, double model, size_t i, double scatter)
{
    const clv_problem *problem = &fit->plan->problem;

    switch (problem->statistics) {
    case CLV_STATISTICS_POISSON:
        return problem->noise_scale * fmax(model, 0) + problem->noise_read * problem->noise_read;
    case CLV_STATISTICS_CHI2:
        return data->variance
                   ? data->variance[i]
                   : problem->noise_scale * fmax(data->intensity[i], 1) + problem->noise_read * problem->noise_read;
    case CLV_STATISTICS_MEAN_WEIGHTS: return data->variance[i];
    case CLV_STATISTICS_LEAST_SQUARES: break;
    }
    return scatter;
}

/* Mean square of the residual, which stands for the variance when nothing is known of the noise. */
static double scatter_of(const clv_problem_data *data, const double *model)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < data->channels; i++) {
        double r = data->intensity[i] - model[i];

        if (isfinite(r)) {
            sum += r * r;
            count++;
        }
    }
    return count ? sum / (double)count : NAN;
}

static void fill_residuals(const clv_fit *fit, const clv_problem_data *data, const double *model, double *residual,
                           double *normalised)
{
    double scatter = scatter_of(data, model);

    for (size_t i = 0; i < data->channels; i++) {
        double r = data->intensity[i] - model[i];

        if (residual) { residual[i] = r; }
        if (normalised) { normalised[i] = r / sqrt(channel_variance(fit, data, model[i], i, scatter)); }
    }
}

/* Terms come in the order of the model, for those components that are one; components in that of drawing. */
static clv_status order_components(const clv_fit *fit, size_t spectrum, const double *terms, double *components,
                                   clv_error *err)
{
    size_t channels = clv_spectra_channels(fit->spectra);
    fit_window window = {fit->spectra, spectrum, fit->low, fit->high};

    for (size_t c = 0; components && c < fit->drawn_count; c++) {
        size_t term = 0, place = fit->drawn[c];

        if (model_is_inactive(&fit->model->components[place])) {
            CLV_TRY(fit_plan_curve(fit->model, &window, place, components + c * channels, err));
            continue;
        }
        for (size_t i = 0; i < place; i++) { term += model_has_term(&fit->model->components[i]) != 0; }
        memcpy(components + c * channels, terms + term * channels, channels * sizeof *components);
    }
    return CLV_OK;
}

/* Room for one spectrum's curves. */
typedef struct curves {
    double *model, *fixed, *terms;
} curves;

static clv_status draw(const clv_fit *fit, size_t spectrum, curves *room, clv_problem_data *data, double *background,
                       clv_error *err)
{
    clv_solution solution = fit_solution(fit, spectrum);
    clv_engine *engine = NULL;
    clv_status status;

    solution.shift = fit->shift[spectrum];
    CLV_TRY(fit_data(fit, spectrum, room->fixed, data, err));
    CLV_TRY(clv_engine_new(&fit->plan->problem, data->channels, &engine, err));
    status = clv_engine_curves(engine, data, &solution, room->model, background, room->terms, err);
    clv_engine_free(engine);
    return status;
}

clv_status clv_fit_curves(const clv_fit *fit, size_t spectrum, double *model, double *background, double *components,
                          double *residual, double *normalised, clv_error *err)
{
    size_t channels = clv_spectra_channels(fit->spectra);
    curves room;
    clv_problem_data data;
    clv_status status = CLV_NO_MEMORY;

    CLV_CHECK(spectrum < fit->count, err, CLV_BAD_ARGUMENT, "the fit has %zu spectra", fit->count);
    room = (curves){calloc(channels, sizeof(double)), calloc(channels, sizeof(double)),
                    calloc(channels * (fit->plan->problem.term_count + 1), sizeof(double))};
    if (room.model && room.fixed && room.terms) {
        status = draw(fit, spectrum, &room, &data, background, err);
    } else {
        clv_fail(err, CLV_NO_MEMORY, "fit: out of memory");
    }
    if (!status) { status = order_components(fit, spectrum, room.terms, components, err); }
    if (!status) {
        if (model) { memcpy(model, room.model, channels * sizeof *model); }
        fill_residuals(fit, &data, room.model, residual, normalised);
    }
    free(room.model);
    free(room.fixed);
    free(room.terms);
    return status;
}
