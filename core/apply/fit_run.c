/* Fits all spectra: tile by tile on all cores, or as one global fit where parameters are shared.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"
#include "fit/engine.h"
#include "map/tiles.h"

#include <corelevel/threads.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Spectra to a tile. Warm starts never cross a tile, so this number is part of what makes results reproducible. */
#define TILE 64

clv_solution fit_solution(const clv_fit *fit, size_t spectrum)
{
    size_t p = fit->all, m = fit->plan->shared_count;

    return (clv_solution){.value = fit->value + spectrum * p,
                          .error = fit->error + spectrum * p,
                          .held_error = fit->held_error + spectrum * p,
                          .state = fit->state + spectrum * p,
                          .covariance = fit->local + spectrum * p * p,
                          .sensitivity = m ? fit->sensitivity + spectrum * p * m : NULL};
}

static void keep(clv_fit *fit, size_t spectrum, const clv_solution *solution)
{
    fit->chi2[spectrum] = solution->chi2;
    fit->deviance[spectrum] = solution->deviance;
    fit->dof[spectrum] = solution->dof;
    fit->runs[spectrum] = solution->runs_p;
    fit->fitted[spectrum] = (double)solution->fitted;
    fit->correlation[spectrum] = solution->correlation;
    fit->flags[spectrum] = solution->flags;
    fit->iterations[spectrum] = solution->iterations;
    fit->shift[spectrum] = solution->shift;
    fit->shift_error[spectrum] = solution->shift_error;
}

clv_status fit_data(const clv_fit *fit, size_t spectrum, double *curve, clv_problem_data *data, clv_error *err)
{
    size_t channels = clv_spectra_channels(fit->spectra);
    const double *offset = clv_spectra_offset(fit->spectra);
    const double *error = clv_spectra_offset_error(fit->spectra);
    const double *variance = clv_spectra_variance(fit->spectra);

    *data = (clv_problem_data){.energy = clv_axis_values(clv_spectra_energy(fit->spectra)),
                               .channels = channels,
                               .offset = offset ? offset[spectrum] : 0,
                               .offset_error = error ? fabs(error[spectrum]) : 0,
                               .intensity = clv_spectra_intensity(fit->spectra) + spectrum * channels,
                               .variance = variance ? variance + spectrum * channels : NULL,
                               .low = fit->low,
                               .high = fit->high};
    if (fit->mean_variance) { data->variance = fit->mean_variance; }
    if (!fit->plan->has_curves) { return CLV_OK; }
    data->fixed = curve;
    return fit_plan_curve(fit->model, &(fit_window){fit->spectra, spectrum, fit->low, fit->high}, SIZE_MAX, curve, err);
}

/* What the threads of a run have in common. */
typedef struct run {
    clv_fit *fit;
    clv_engine **engines; /* one a thread, made when it is first needed */
    clv_profiler **profilers;
    double *curves; /* one spectrum a thread */
} run;

static clv_status fit_tile(void *payload, size_t tile, size_t thread, clv_error *err)
{
    run *work = payload;
    clv_fit *fit = work->fit;
    size_t channels = clv_spectra_channels(fit->spectra);
    size_t first = tile * TILE, last = first + TILE < fit->count ? first + TILE : fit->count;
    clv_solution solution = {0}, before = {0};

    if (!work->engines[thread]) { CLV_TRY(clv_engine_new(&fit->plan->problem, channels, &work->engines[thread], err)); }
    for (size_t i = first; i < last; i++) {
        clv_problem_data data;

        CLV_TRY(fit_data(fit, i, work->curves + thread * channels, &data, err));
        solution = fit_solution(fit, i);
        CLV_TRY(clv_engine_fit(work->engines[thread], &data, i > first ? &before : NULL, &solution, err));
        CLV_TRY(fit_intervals(fit, work->engines[thread], &work->profilers[thread], i, &data, &solution, err));
        keep(fit, i, &solution);
        before = solution;
    }
    return CLV_OK;
}

static clv_status fit_each(clv_fit *fit, clv_error *err)
{
    size_t threads = clv_threads();
    size_t channels = clv_spectra_channels(fit->spectra);
    run work = {fit, calloc(threads, sizeof *work.engines), calloc(threads, sizeof *work.profilers),
                calloc(threads * channels, sizeof(double))};
    clv_status status = CLV_NO_MEMORY;

    if (work.engines && work.profilers && work.curves) {
        status = clv_tiles_run((fit->count + TILE - 1) / TILE, threads, fit_tile, &work, err);
    } else {
        clv_fail(err, CLV_NO_MEMORY, "fit: out of memory");
    }
    for (size_t i = 0; work.engines && i < threads; i++) { clv_engine_free(work.engines[i]); }
    for (size_t i = 0; work.profilers && i < threads; i++) { clv_profiler_free(work.profilers[i]); }
    free(work.engines);
    free(work.profilers);
    free(work.curves);
    return status;
}

/* One spectrum of a series, as tiles of one. */
typedef struct series_work {
    void (*work)(void *payload, size_t item, size_t worker);
    void *payload;
} series_work;

static clv_status run_item(void *payload, size_t tile, size_t thread, clv_error *err)
{
    const series_work *item = payload;

    (void)err;
    item->work(item->payload, tile, thread);
    return CLV_OK;
}

static void run_series(void *context, size_t count, void (*work)(void *payload, size_t item, size_t worker),
                       void *payload)
{
    series_work item = {work, payload};
    clv_error err = {0};

    /* Without memory for threads the work is done by this one. */
    if (clv_tiles_run(count, *(const size_t *)context, run_item, &item, &err)) {
        for (size_t i = 0; i < count; i++) { work(payload, i, 0); }
    }
}

/* All spectra at once, with the shared parameters. */
static clv_status fit_series(clv_fit *fit, clv_error *err)
{
    size_t channels = clv_spectra_channels(fit->spectra), threads = clv_threads();
    clv_problem_data *data = calloc(fit->count, sizeof *data);
    clv_solution *solutions = calloc(fit->count, sizeof *solutions);
    double *curves = calloc(fit->count * channels + 1, sizeof *curves);
    clv_status status = data && solutions && curves ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "fit: out of memory");

    for (size_t i = 0; i < fit->count && !status; i++) {
        status = fit_data(fit, i, curves + i * channels, &data[i], err);
        solutions[i] = fit_solution(fit, i);
    }
    if (!status) {
        status = clv_series_fit(&fit->plan->problem, data, fit->count, run_series, &threads, threads, solutions,
                                fit->shared, err);
    }
    for (size_t i = 0; i < fit->count && !status; i++) { keep(fit, i, &solutions[i]); }
    free(data);
    free(solutions);
    free(curves);
    return status;
}

/* Weights of all spectra from the mean one: its variance, the same for every spectrum. */
static clv_status average_variance(clv_fit *fit, clv_error *err)
{
    size_t channels = clv_spectra_channels(fit->spectra);
    const double *intensity = clv_spectra_intensity(fit->spectra);
    const double *variance = clv_spectra_variance(fit->spectra);
    double scale = clv_spectra_noise_scale(fit->spectra), read = clv_spectra_noise_read(fit->spectra);

    fit->mean_variance = calloc(channels + 1, sizeof(double));
    CLV_CHECK(fit->mean_variance, err, CLV_NO_MEMORY, "fit: out of memory");
    for (size_t k = 0; k < channels; k++) {
        double sum = 0, count = 0, mean;

        for (size_t i = 0; i < fit->count; i++) {
            double y = variance ? variance[i * channels + k] : intensity[i * channels + k];

            if (!isfinite(y)) { continue; }
            sum += y;
            count++;
        }
        mean = sum / fmax(count, 1);
        fit->mean_variance[k] = variance ? mean : fmax(scale * mean + read * read, 1e-3 * scale);
    }
    return CLV_OK;
}

clv_status fit_run(clv_fit *fit, clv_error *err)
{
    const double *error = clv_spectra_offset_error(fit->spectra);

    if (fit->plan->problem.statistics == CLV_STATISTICS_MEAN_WEIGHTS) { CLV_TRY(average_variance(fit, err)); }
    CLV_TRY(fit->plan->shared_count ? fit_series(fit, err) : fit_each(fit, err));
    for (size_t i = 0; error && i < fit->count; i++) {
        if (error[i] < 0) { fit->flags[i] |= CLV_FIT_HELD; }
    }
    return clv_uncertainty_new(fit->count, fit->all, fit->local, fit->plan->shared_count, fit->shared, fit->sensitivity,
                               &fit->source, err);
}
