/* Parametric bootstrap: data drawn about the fitted model are fitted again, and again.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/intervals.h"
#include "fit/workspace.h"
#include "num/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Places of one standard deviation below and above the median of a normal distribution. */
#define LOWER 0.15865525393145707
#define UPPER 0.84134474606854293

/* Arrays of one run. */
typedef struct replicas {
    size_t p, channels, count;                /* count: replicas that were fitted */
    double *values;                           /* [p][replicas] */
    double *mean, *drawn, *fixed;             /* [channels] */
    double *start, *value, *middle, *product; /* [p], [p], [p], [p][p] */
    size_t room;
} replicas;

static double draw(const clv_engine *engine, const clv_problem_data *data, double residual, size_t c, double mean,
                   clv_random *random)
{
    const clv_problem *problem = engine->problem;
    double scale = problem->noise_scale, read = problem->noise_read;
    int known = data->variance && data->variance[c] > 0;

    if (problem->statistics == CLV_STATISTICS_LEAST_SQUARES) {
        return mean + sqrt(residual) * clv_random_normal(random);
    }
    if (problem->statistics == CLV_STATISTICS_CHI2 || (scale <= 0 && read <= 0)) {
        return mean + (known ? sqrt(data->variance[c]) : 0) * clv_random_normal(random);
    }
    double counts = scale > 0 ? scale * clv_random_poisson(random, mean / scale) : mean;
    return read > 0 ? counts + read * clv_random_normal(random) : counts;
}

/* Data of one replica: about the model inside the window, about the data outside. */
static void draw_all(const clv_engine *engine, const clv_bootstrap *how, const clv_problem_data *data, size_t replica,
                     double residual, replicas *r)
{
    for (size_t c = 0; c < r->channels; c++) {
        clv_random random = clv_random_stream(how->seed, how->spectrum, replica, c);
        double mean = isfinite(r->mean[c]) ? r->mean[c] : data->intensity[c];

        r->drawn[c] = isfinite(data->intensity[c]) ? draw(engine, data, residual, c, mean, &random) : NAN;
    }
}

static clv_status refit(clv_engine *engine, const clv_bootstrap *how, const clv_problem_data *data,
                        const clv_solution *found, replicas *r, clv_error *err)
{
    clv_problem_data drawn = *data;
    clv_error unused = {0};
    clv_solution before = {.value = r->start, .deviance = found->deviance, .dof = found->dof};
    clv_solution out = {.value = r->value};
    double residual = found->dof > 0 ? found->deviance / found->dof : 0;

    drawn.intensity = r->drawn;
    for (size_t k = 0; k < how->replicas; k++) {
        draw_all(engine, how, data, k, residual, r);
        if (how->curve && data->fixed) {
            clv_status status = how->curve(how->context, r->drawn, r->fixed, &unused);
            if (status == CLV_NO_MEMORY) { return clv_fail(err, status, "no memory for a replica"); }
            if (status) { continue; }
            drawn.fixed = r->fixed;
        }
        CLV_TRY(clv_engine_fit(engine, &drawn, &before, &out, err));
        if (out.flags & (CLV_FIT_NOT_FINITE | CLV_FIT_NOT_CONVERGED)) { continue; }
        for (size_t i = 0; i < r->p; i++) { r->values[i * how->replicas + r->count] = r->value[i]; }
        r->count++;
    }
    return CLV_OK;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* A quantile of sorted numbers, the expected place of which is q (n + 1) (R. J. Hyndman, Y. Fan, Am. Stat. 50 (1996)
   361, definition 6). */
static double quantile(const double *sorted, size_t n, double q)
{
    double place = fmin(fmax(q * (double)(n + 1) - 1, 0), (double)(n - 1)), whole = floor(place);
    size_t k = (size_t)whole;

    return k + 1 < n ? sorted[k] + (place - whole) * (sorted[k + 1] - sorted[k]) : sorted[n - 1];
}

/* Covariance of the replicas, in the order they were drawn. */
static void scatter(const replicas *r)
{
    for (size_t i = 0; i < r->p; i++) {
        double sum = 0;
        for (size_t k = 0; k < r->count; k++) { sum += r->values[i * r->room + k]; }
        r->middle[i] = sum / (double)r->count;
    }
    for (size_t i = 0; i < r->p; i++) {
        const double *a = r->values + i * r->room;
        for (size_t j = 0; j <= i; j++) {
            const double *b = r->values + j * r->room;
            double sum = 0;
            for (size_t k = 0; k < r->count; k++) { sum += (a[k] - r->middle[i]) * (b[k] - r->middle[j]); }
            r->product[i * r->p + j] = r->product[j * r->p + i] = sum / (double)(r->count - 1);
        }
    }
}

/* Puts the replicas' covariance wherever linear theory had a finite one. */
static void replace(const replicas *r, clv_solution *found)
{
    for (size_t i = 0; i < r->p; i++) {
        if (found->error && isfinite(found->error[i]) && found->error[i] > 0) {
            found->error[i] = sqrt(r->product[i * r->p + i]);
        }
        for (size_t j = 0; found->covariance && j < r->p; j++) {
            double *at = &found->covariance[i * r->p + j];
            if (isfinite(*at)) { *at = r->product[i * r->p + j]; }
        }
    }
}

static clv_status make_room(replicas *r, size_t p, size_t channels, size_t count, clv_error *err)
{
    size_t all = p * count + 3 * channels + 3 * p + p * p + 1;

    r->values = calloc(all, sizeof *r->values);
    CLV_CHECK(r->values, err, CLV_NO_MEMORY, "no memory for %zu replicas", count);
    r->p = p;
    r->channels = channels;
    r->room = count;
    r->mean = r->values + p * count;
    r->drawn = r->mean + channels;
    r->fixed = r->drawn + channels;
    r->start = r->fixed + channels;
    r->value = r->start + p;
    r->middle = r->value + p;
    r->product = r->middle + p;
    return CLV_OK;
}

static void conclude(const replicas *r, const clv_bootstrap *how, clv_solution *found, double *interval)
{
    if (r->count < 2 || 3 * r->count < 2 * how->replicas) {
        found->flags |= CLV_FIT_UNDETERMINED;
        return;
    }
    scatter(r);
    replace(r, found);
    for (size_t i = 0; i < r->p; i++) {
        double *values = r->values + i * r->room;
        qsort(values, r->count, sizeof *values, compare);
        interval[2 * i] = quantile(values, r->count, LOWER);
        interval[2 * i + 1] = quantile(values, r->count, UPPER);
    }
}

clv_status clv_bootstrap_run(clv_engine *engine, const clv_bootstrap *how, const clv_problem_data *data,
                             clv_solution *found, double *interval, clv_error *err)
{
    size_t p = engine->p;
    int steady = engine->steady;
    replicas r = {0};

    for (size_t i = 0; i < 2 * p; i++) { interval[i] = NAN; }
    if (found->flags & (CLV_FIT_NOT_FINITE | CLV_FIT_NOT_CONVERGED)) { return CLV_OK; }
    CLV_TRY(make_room(&r, p, data->channels, how->replicas, err));
    memcpy(r.start, found->value, p * sizeof *r.start);
    clv_status status = clv_engine_curves(engine, data, found, r.mean, NULL, NULL, err);
    engine->steady = 1; /* the start is the truth of the replicas */
    if (!status) { status = refit(engine, how, data, found, &r, err); }
    engine->steady = steady;
    if (!status) { conclude(&r, how, found, interval); }
    free(r.values);
    return status;
}
