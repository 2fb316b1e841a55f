/* Profile and bootstrap intervals of a fit, spectrum by spectrum, and the criteria that compare models.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What makes the inactive backgrounds of simulated data. */
typedef struct redraw {
    const clv_fit *fit;
    clv_spectra *spectra; /* one spectrum, rewritten for each replica */
} redraw;

static clv_status redraw_curve(void *context, const double *intensity, double *fixed, clv_error *err)
{
    const redraw *at = context;
    const fit_window window = {at->spectra, 0, at->fit->low, at->fit->high};

    memcpy(clv_spectra_fill(at->spectra), intensity, clv_spectra_channels(at->spectra) * sizeof *intensity);
    return fit_plan_curve(at->fit->model, &window, SIZE_MAX, fixed, err);
}

/* One spectrum on the energies of the fitted ones, at the offset of that one. */
static clv_status redraw_new(const clv_fit *fit, const clv_problem_data *data, redraw *made, clv_error *err)
{
    clv_axis *energy = clv_spectra_energy(fit->spectra);

    made->fit = fit;
    CLV_TRY(clv_spectra_new(clv_spectra_name(fit->spectra), clv_spectra_unit(fit->spectra), &energy, 1, &made->spectra,
                            err));
    clv_spectra_set_window(made->spectra, fit->low, fit->high);
    return clv_spectra_set_offset(made->spectra, &data->offset, NULL, err);
}

static clv_status run_bootstrap(const clv_fit *fit, clv_engine *engine, size_t spectrum, const clv_problem_data *data,
                                clv_solution *solution, clv_error *err)
{
    redraw again = {0};
    clv_bootstrap how = {.replicas = fit->replicas, .seed = fit->seed, .spectrum = spectrum, .context = &again};
    clv_status status = CLV_OK;

    if (data->fixed) {
        how.curve = redraw_curve;
        status = redraw_new(fit, data, &again, err);
    }
    if (!status) {
        status = clv_bootstrap_run(engine, &how, data, solution, fit->interval + spectrum * 2 * fit->all, err);
    }
    clv_spectra_free(again.spectra);
    return status;
}

clv_status fit_intervals(const clv_fit *fit, clv_engine *engine, clv_profiler **profiler, size_t spectrum,
                         const clv_problem_data *data, clv_solution *solution, clv_error *err)
{
    if (!fit->interval) { return CLV_OK; }
    if (fit->replicas > 0) { return run_bootstrap(fit, engine, spectrum, data, solution, err); }
    if (!*profiler) {
        CLV_TRY(clv_profiler_new(&fit->plan->problem, clv_spectra_channels(fit->spectra), profiler, err));
    }
    return clv_profiler_run(*profiler, data, solution, fit->interval + spectrum * 2 * fit->all, err);
}

int clv_fit_interval(const clv_fit *fit, size_t spectrum, size_t parameter, double interval[2])
{
    interval[0] = interval[1] = NAN;
    if (!fit->interval) { return 0; }
    memcpy(interval, fit->interval + 2 * (spectrum * fit->all + fit->shown[parameter]), 2 * sizeof *interval);
    return 1;
}

/* Twice the negative logarithm of the likelihood but for what all models of the same data have in common, and how many
   parameters were fitted. */
static double misfit(const clv_fit *fit, size_t spectrum, double *parameters)
{
    double channels = fit->dof[spectrum] + fit->fitted[spectrum];

    *parameters = fit->fitted[spectrum];
    if (fit->plan->problem.statistics != CLV_STATISTICS_LEAST_SQUARES) { return fit->deviance[spectrum]; }
    *parameters += 1; /* the variance of the residuals */
    return channels * log(fit->deviance[spectrum] / channels);
}

double clv_fit_aic(const clv_fit *fit, size_t spectrum)
{
    double parameters, value = misfit(fit, spectrum, &parameters);

    return value + 2 * parameters;
}

double clv_fit_bic(const clv_fit *fit, size_t spectrum)
{
    double parameters, value = misfit(fit, spectrum, &parameters);

    return value + parameters * log(fit->dof[spectrum] + fit->fitted[spectrum]);
}
