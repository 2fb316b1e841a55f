/* Makes and frees fits, and lends what they hold.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fit_destroy(void *object)
{
    clv_fit *fit = object;
    void *arrays[] = {fit->value,  fit->error,      fit->state,         fit->local, fit->sensitivity, fit->shared,
                      fit->chi2,   fit->deviance,   fit->dof,           fit->runs,  fit->shift,       fit->shift_error,
                      fit->flags,  fit->iterations, fit->mean_variance, fit->shown, fit->drawn,       fit->held_error,
                      fit->fitted, fit->interval,   fit->correlation};

    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) { free(arrays[i]); }
    for (size_t i = 0; i < fit->note_count; i++) { free(fit->notes[i]); }
    free(fit->notes);
    fit_plan_free(fit->plan);
    clv_uncertainty_free(fit->source);
    clv_spectra_free(fit->spectra);
    clv_model_free(fit->model);
    free(fit);
}

static clv_status reserve(void *array, size_t count, size_t each, size_t size, clv_error *err)
{
    void **place = array;
    size_t total;

    if (__builtin_mul_overflow(count, each, &total) || __builtin_mul_overflow(total, size, &total)) {
        total = SIZE_MAX;
    }
    *place = total == SIZE_MAX ? NULL : calloc(1, total + 1);
    CLV_CHECK(*place, err, CLV_NO_MEMORY, "fit: no memory for the results of %zu spectra", count);
    return CLV_OK;
}

static clv_status reserve_all(clv_fit *fit, clv_error *err)
{
    size_t n = fit->count, p = fit->all, m = fit->plan->shared_count;

    CLV_TRY(reserve(&fit->value, n, p, sizeof(double), err));
    CLV_TRY(reserve(&fit->error, n, p, sizeof(double), err));
    CLV_TRY(reserve(&fit->held_error, n, p, sizeof(double), err));
    CLV_TRY(reserve(&fit->state, n, p, 1, err));
    CLV_TRY(reserve(&fit->local, n, p * p, sizeof(double), err));
    if (m) { CLV_TRY(reserve(&fit->sensitivity, n, p * m, sizeof(double), err)); }
    if (m) { CLV_TRY(reserve(&fit->shared, m, m, sizeof(double), err)); }
    CLV_TRY(reserve(&fit->chi2, n, 1, sizeof(double), err));
    CLV_TRY(reserve(&fit->deviance, n, 1, sizeof(double), err));
    CLV_TRY(reserve(&fit->dof, n, 1, sizeof(double), err));
    CLV_TRY(reserve(&fit->runs, n, 1, sizeof(double), err));
    CLV_TRY(reserve(&fit->fitted, n, 1, sizeof(double), err));
    CLV_TRY(reserve(&fit->correlation, n, 1, sizeof(double), err));
    if (strcmp(fit->uncertainty, "covariance") != 0) {
        CLV_TRY(reserve(&fit->interval, n, 2 * p, sizeof(double), err));
    }
    CLV_TRY(reserve(&fit->shift, n, 1, sizeof(double), err));
    CLV_TRY(reserve(&fit->shift_error, n, 1, sizeof(double), err));
    CLV_TRY(reserve(&fit->flags, n, 1, 1, err));
    CLV_TRY(reserve(&fit->iterations, n, 1, sizeof(int), err));
    CLV_TRY(reserve(&fit->shown, p, 1, sizeof(size_t), err));
    return reserve(&fit->drawn, fit->model->count, 1, sizeof(size_t), err);
}

static int is_peak(const model_component *component)
{
    return component->type->role == CLV_ROLE_PEAK || component->type->role == CLV_ROLE_REFERENCE;
}

static void list_shown(clv_fit *fit)
{
    const clv_model *model = fit->model;

    for (size_t i = 0; i < model->parameter_count; i++) {
        if (model->parameters[i].used) { fit->shown[fit->shown_count++] = i; }
    }
    for (int peaks = 1; peaks >= 0; peaks--) {
        for (size_t i = 0; i < model->count; i++) {
            const model_component *component = &model->components[i];
            int curve = model_has_term(component) || model_is_inactive(component);

            if (curve && is_peak(component) == peaks) { fit->drawn[fit->drawn_count++] = i; }
        }
    }
}

clv_status fit_object_new(const clv_spectra *spectra, const clv_model *model, const fit_wish *wish, fit_plan *plan_take,
                          clv_fit **made, clv_error *err)
{
    clv_fit *fit = clv_object_new(sizeof *fit, CLV_FIT, fit_destroy);
    clv_status status;

    if (!fit) {
        fit_plan_free(plan_take);
        return clv_fail(err, CLV_NO_MEMORY, "fit: out of memory");
    }
    fit->plan = plan_take;
    fit->spectra = clv_spectra_ref(spectra);
    fit->model = clv_model_ref(model);
    fit->statistics = wish->statistics_name;
    fit->uncertainty = wish->uncertainty ? wish->uncertainty : "covariance";
    fit->replicas = wish->replicas;
    fit->seed = wish->seed;
    fit->count = clv_spectra_count(spectra);
    fit->all = model->parameter_count;
    fit->low = wish->low;
    fit->high = wish->high;
    status = reserve_all(fit, err);
    if (status) {
        clv_fit_free(fit);
        return status;
    }
    list_shown(fit);
    *made = fit;
    return CLV_OK;
}

clv_status fit_note(clv_fit *fit, clv_error *err, const char *format, ...)
{
    char text[1000];
    char **more = realloc(fit->notes, (fit->note_count + 1) * sizeof *more);
    va_list list;

    CLV_CHECK(more, err, CLV_NO_MEMORY, "fit: out of memory");
    fit->notes = more;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    fit->notes[fit->note_count] = strdup(text);
    CLV_CHECK(fit->notes[fit->note_count], err, CLV_NO_MEMORY, "fit: out of memory");
    fit->note_count++;
    return CLV_OK;
}

int fit_failed(const clv_fit *fit, size_t spectrum)
{
    return (fit->flags[spectrum] & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) != 0;
}

clv_fit *clv_fit_ref(const clv_fit *fit) { return clv_object_ref(fit); }

void clv_fit_free(clv_fit *fit) { clv_object_free(fit); }

const clv_spectra *clv_fit_spectra(const clv_fit *fit) { return fit->spectra; }

const clv_model *clv_fit_model(const clv_fit *fit) { return fit->model; }

const char *clv_fit_statistics(const clv_fit *fit) { return fit->statistics; }

const char *clv_fit_uncertainty(const clv_fit *fit) { return fit->uncertainty; }

size_t clv_fit_note_count(const clv_fit *fit) { return fit->note_count; }

const char *clv_fit_note(const clv_fit *fit, size_t place)
{
    return place < fit->note_count ? fit->notes[place] : NULL;
}
