/* Reads parameters, covariances and goodness out of a fit, and makes columns of them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"

#include <corelevel/text.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const model_parameter *shown(const clv_fit *fit, size_t parameter)
{
    return parameter < fit->shown_count ? &fit->model->parameters[fit->shown[parameter]] : NULL;
}

size_t clv_fit_parameter_count(const clv_fit *fit) { return fit->shown_count; }

const char *clv_fit_parameter_name(const clv_fit *fit, size_t parameter)
{
    const model_parameter *found = shown(fit, parameter);

    return found ? found->name : NULL;
}

/* Units that hang on the signal's are spelled out with it. */
static const struct {
    const char *unit, *signal, *written;
} spelled[] = {
    {"signal eV", "counts", "counts eV"},
    {"signal/eV", "counts", "counts/eV"},
    {"signal eV", "counts/s", "counts eV/s"},
    {"signal/eV", "counts/s", "counts/(s eV)"},
    {"signal eV", "1", "eV"},
    {"signal/eV", "1", "1/eV"},
};

const char *clv_fit_parameter_unit(const clv_fit *fit, size_t parameter)
{
    const model_parameter *found = shown(fit, parameter);
    const char *signal = clv_spectra_unit(fit->spectra);
    const char *unit = found && found->unit ? found->unit : "1";

    if (strncmp(unit, "signal", 6) != 0) { return unit; }
    for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
        if (strcmp(unit, spelled[i].unit) == 0 && strcmp(signal, spelled[i].signal) == 0) { return spelled[i].written; }
    }
    return unit[6] ? unit + 7 : signal;
}

size_t clv_fit_parameter_find(const clv_fit *fit, const char *name)
{
    for (size_t i = 0; i < fit->shown_count; i++) {
        if (strcmp(shown(fit, i)->name, name) == 0) { return i; }
    }
    return SIZE_MAX;
}

double clv_fit_value(const clv_fit *fit, size_t spectrum, size_t parameter)
{
    return fit->value[spectrum * fit->all + fit->shown[parameter]];
}

double clv_fit_error(const clv_fit *fit, size_t spectrum, size_t parameter)
{
    return fit->error[spectrum * fit->all + fit->shown[parameter]];
}

clv_parameter_state clv_fit_state(const clv_fit *fit, size_t spectrum, size_t parameter)
{
    return (clv_parameter_state)fit->state[spectrum * fit->all + fit->shown[parameter]];
}

double clv_fit_covariance(const clv_fit *fit, size_t spectrum, size_t a, size_t b)
{
    size_t p = fit->all, m = fit->plan->shared_count, i = fit->shown[a], j = fit->shown[b];
    double sum = fit->local[(spectrum * p + i) * p + j];

    for (size_t k = 0; k < m; k++) {
        for (size_t l = 0; l < m; l++) {
            sum += fit->sensitivity[(spectrum * p + i) * m + k] * fit->shared[k * m + l] *
                   fit->sensitivity[(spectrum * p + j) * m + l];
        }
    }
    return sum;
}

size_t clv_fit_shared_count(const clv_fit *fit) { return fit->plan->shared_count; }

size_t clv_fit_shared(const clv_fit *fit, size_t place)
{
    for (size_t i = 0; i < fit->shown_count; i++) {
        if (fit->shown[i] == fit->plan->shared[place]) { return i; }
    }
    return SIZE_MAX;
}

double clv_fit_shared_covariance(const clv_fit *fit, size_t a, size_t b)
{
    return fit->shared[a * fit->plan->shared_count + b];
}

double clv_fit_sensitivity(const clv_fit *fit, size_t spectrum, size_t parameter, size_t shared)
{
    return fit->sensitivity[(spectrum * fit->all + fit->shown[parameter]) * fit->plan->shared_count + shared];
}

const clv_uncertainty *clv_fit_source(const clv_fit *fit) { return fit->source; }

double clv_fit_chi2(const clv_fit *fit, size_t spectrum) { return fit->chi2[spectrum]; }

double clv_fit_deviance(const clv_fit *fit, size_t spectrum) { return fit->deviance[spectrum]; }

double clv_fit_dof(const clv_fit *fit, size_t spectrum) { return fit->dof[spectrum]; }

double clv_fit_reduced(const clv_fit *fit, size_t spectrum)
{
    return fit->dof[spectrum] > 0 ? fit->chi2[spectrum] / fit->dof[spectrum] : NAN;
}

double clv_fit_runs(const clv_fit *fit, size_t spectrum) { return fit->runs[spectrum]; }

uint8_t clv_fit_flags(const clv_fit *fit, size_t spectrum) { return fit->flags[spectrum]; }

int clv_fit_iterations(const clv_fit *fit, size_t spectrum) { return fit->iterations[spectrum]; }

/* Axes and coordinates of the fitted spectra without the energy, with the flags of the fit. */
clv_status fit_columns_new(const clv_fit *fit, size_t count, clv_columns **made, clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t leading = clv_spectra_axis_count(fit->spectra) - 1;
    clv_columns *columns = NULL;
    clv_status status;

    for (size_t i = 0; i < leading; i++) { axes[i] = clv_spectra_axis(fit->spectra, i); }
    CLV_TRY(clv_columns_new(axes, leading, count, &columns, err));
    status = clv_columns_set_flags(columns, fit->flags, err);
    for (size_t i = 0; i < leading && !status; i++) {
        for (size_t k = 0; k < clv_spectra_beside_count(fit->spectra, i) && !status; k++) {
            status = clv_columns_add_beside(columns, i, clv_spectra_beside(fit->spectra, i, k), err);
        }
    }
    for (size_t i = 0; i < fit->note_count && !status; i++) {
        status = clv_columns_add_note(columns, fit->notes[i], err);
    }
    if (status) {
        clv_columns_free(columns);
        return status;
    }
    *made = columns;
    return CLV_OK;
}

static clv_status fill_interval(const clv_fit *fit, size_t parameter, clv_columns *columns, size_t c, clv_error *err)
{
    double *ends = calloc(2 * fit->count + 1, sizeof *ends);
    clv_status status;

    CLV_CHECK(ends, err, CLV_NO_MEMORY, "fit: out of memory");
    for (size_t i = 0; i < fit->count; i++) { clv_fit_interval(fit, i, parameter, ends + 2 * i); }
    status = clv_columns_set_interval(columns, c, ends, err);
    free(ends);
    return status;
}

/* One parameter as a column: its value depends on itself alone, among the local quantities. */
clv_status fit_columns_fill(const clv_fit *fit, size_t parameter, clv_columns *columns, size_t c, const char *name,
                            clv_error *err)
{
    size_t width = fit->all + fit->plan->shared_count;
    double *gradient = calloc(fit->count * width + 1, sizeof *gradient);
    double *values = calloc(fit->count + 1, sizeof *values);
    size_t place = fit->shown[parameter];
    clv_status status = CLV_NO_MEMORY;

    if (gradient && values) {
        for (size_t i = 0; i < fit->count; i++) {
            values[i] = clv_fit_value(fit, i, parameter);
            gradient[i * width + place] = 1;
        }
        status = clv_columns_fill(columns, c, name, clv_fit_parameter_unit(fit, parameter), values, fit->source,
                                  gradient, err);
        for (size_t i = 0; i < fit->count; i++) { values[i] = fit->held_error[i * fit->all + place]; }
        if (!status) { status = clv_columns_set_held_error(columns, c, values, err); }
    } else {
        clv_fail(err, CLV_NO_MEMORY, "fit: out of memory");
    }
    if (!status && fit->interval) { status = fill_interval(fit, parameter, columns, c, err); }
    free(gradient);
    free(values);
    return status;
}

static clv_status no_parameter(const clv_fit *fit, const char *name, clv_error *err)
{
    const char *near = clv_text_nearest(name, fit->model->names, fit->model->parameter_count);

    return clv_fail(err, CLV_NOT_FOUND, "the fit has no parameter \"%s\"%s%s%s", name, near ? "; did you mean \"" : "",
                    near ? near : "", near ? "\"?" : "");
}

clv_status clv_fit_column(const clv_fit *fit, const char *parameter, clv_columns **column, clv_error *err)
{
    size_t place = clv_fit_parameter_find(fit, parameter);
    clv_columns *made = NULL;
    clv_status status;

    if (place == SIZE_MAX) { return no_parameter(fit, parameter, err); }
    CLV_TRY(fit_columns_new(fit, 1, &made, err));
    status = fit_columns_fill(fit, place, made, 0, parameter, err);
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *column = made;
    return CLV_OK;
}
