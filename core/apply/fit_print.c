/* Prints a fit: one spectrum as a table of parameters, a series as a table of what is free against its axis.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/print.h"
#include "data/print.h"

#include <corelevel/text.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *state_word(clv_parameter_state state)
{
    switch (state) {
    case CLV_PARAMETER_FREE: return "free";
    case CLV_PARAMETER_FIXED: return "fixed";
    case CLV_PARAMETER_TIED: return "tied";
    case CLV_PARAMETER_DERIVED: return "derived";
    case CLV_PARAMETER_SHARED: return "shared";
    case CLV_PARAMETER_AT_BOUND: return "at a bound";
    }
    return "";
}

/* Characters, not bytes: the "±" of a measured value counts once. */
static int pad(const char *text, int width)
{
    int count = 0;

    for (; *text; text++) { count += ((unsigned char)*text & 0xC0) != 0x80; }
    return count < width ? width - count : 0;
}

/* A parameter that nobody wrote, fixed at 0 by its preset, says nothing; files keep it. */
static int is_silent(const clv_fit *fit, size_t parameter)
{
    const model_parameter *found = &fit->model->parameters[fit->shown[parameter]];

    return found->state == CLV_PARAMETER_FIXED && !found->given && found->start == 0;
}

static void print_parameter(const clv_fit *fit, size_t spectrum, size_t parameter, clv_buffer *text)
{
    const char *name = clv_fit_parameter_name(fit, parameter);
    double value = clv_fit_value(fit, spectrum, parameter), error = clv_fit_error(fit, spectrum, parameter);
    char measured[CLV_TEXT_MEASURED_SIZE];

    clv_text_from_measured(value, error, measured);
    clv_buffer_format(text, "  %s%*s  %s%*s  %s%*s  %s\n", name, pad(name, 26), "", measured, pad(measured, 24), "",
                      clv_fit_parameter_unit(fit, parameter), pad(clv_fit_parameter_unit(fit, parameter), 10), "",
                      state_word(clv_fit_state(fit, spectrum, parameter)));
}

static void print_quality(const clv_fit *fit, size_t spectrum, clv_buffer *text)
{
    char chi2[CLV_TEXT_MEASURED_SIZE], p[CLV_TEXT_MEASURED_SIZE];

    clv_text_from_measured(clv_fit_reduced(fit, spectrum), NAN, chi2);
    clv_text_from_measured(clv_fit_runs(fit, spectrum), NAN, p);
    clv_buffer_format(text, "  reduced chi-squared %s with %.0f degrees of freedom, runs test p = %s\n", chi2,
                      clv_fit_dof(fit, spectrum), p);
    clv_buffer_format(text, "  AIC %.1f, BIC %.1f\n", clv_fit_aic(fit, spectrum), clv_fit_bic(fit, spectrum));
}

static void print_notes(const clv_fit *fit, clv_buffer *text)
{
    uint8_t flags = 0;

    for (size_t i = 0; i < fit->count; i++) { flags |= fit->flags[i]; }
    if (fit->count == 1 && flags) {
        clv_buffer_add(text, "  status: ");
        clv_flags_print(flags, text);
        clv_buffer_add(text, "\n");
    }
    for (size_t i = 0; i < fit->note_count; i++) { clv_buffer_format(text, "  note: %s\n", fit->notes[i]); }
}

static int is_listed(const clv_fit *fit, size_t parameter)
{
    clv_parameter_state state = fit->plan->parameters[fit->shown[parameter]].state;

    return state == CLV_PARAMETER_FREE;
}

clv_status fit_free_columns(const clv_fit *fit, clv_columns **made, clv_error *err)
{
    clv_columns *columns = NULL;
    size_t count = 0, c = 0;
    clv_status status;

    for (size_t i = 0; i < fit->shown_count; i++) { count += is_listed(fit, i) != 0; }
    CLV_TRY(fit_columns_new(fit, count, &columns, err));
    status = CLV_OK;
    for (size_t i = 0; i < fit->shown_count && !status; i++) {
        if (is_listed(fit, i)) { status = fit_columns_fill(fit, i, columns, c++, clv_fit_parameter_name(fit, i), err); }
    }
    if (status) {
        clv_columns_free(columns);
        return status;
    }
    *made = columns;
    return CLV_OK;
}

static clv_status print_series(const clv_fit *fit, clv_buffer *text, clv_error *err)
{
    clv_columns *columns = NULL;

    CLV_TRY(fit_free_columns(fit, &columns, err));
    clv_columns_print(columns, text);
    clv_columns_free(columns);
    if (fit->plan->shared_count) { clv_buffer_add(text, "  shared by all:\n"); }
    for (size_t i = 0; i < fit->plan->shared_count; i++) { print_parameter(fit, 0, clv_fit_shared(fit, i), text); }
    return CLV_OK;
}

clv_status fit_print(const clv_fit *fit, clv_buffer *text, clv_error *err)
{
    clv_buffer_format(text, "fit of %s, %zu %s, %s\n", clv_spectra_name(fit->spectra), fit->count,
                      fit->count == 1 ? "spectrum" : "spectra", fit->statistics);
    if (fit->count != 1) { return print_series(fit, text, err); }
    for (size_t i = 0; i < fit->shown_count; i++) {
        if (!is_silent(fit, i)) { print_parameter(fit, 0, i, text); }
    }
    print_quality(fit, 0, text);
    print_notes(fit, text);
    return CLV_OK;
}

static void print_asked(const model_parameter *parameter, clv_buffer *text)
{
    char start[CLV_TEXT_NUMBER_SIZE], low[CLV_TEXT_NUMBER_SIZE], high[CLV_TEXT_NUMBER_SIZE];

    clv_text_from_number(parameter->start, start);
    clv_text_from_number(parameter->low, low);
    clv_text_from_number(parameter->high, high);
    clv_buffer_format(text, "  %s%*s  ", parameter->name, pad(parameter->name, 26), "");
    if (parameter->state == CLV_PARAMETER_TIED) {
        clv_buffer_format(text, "= %s", parameter->text);
    } else if (parameter->state == CLV_PARAMETER_DERIVED) {
        clv_buffer_add(text, "follows from the others");
    } else if (isnan(parameter->start)) {
        clv_buffer_add(text, "solved for");
    } else {
        clv_buffer_add(text, start);
    }
    if (isfinite(parameter->low) || isfinite(parameter->high)) {
        clv_buffer_format(text, " within %s and %s", low, high);
    }
    clv_buffer_format(text, " %s%s\n", parameter->unit ? parameter->unit : "",
                      parameter->state == CLV_PARAMETER_FIXED ? ", fixed" : "");
}

void model_print(const clv_model *model, clv_buffer *text)
{
    clv_buffer_format(text, "model of %zu components\n", model->written);
    for (size_t i = 0; i < model->count; i++) {
        const model_component *component = &model->components[i];

        clv_buffer_format(text, "%s (%s)%s\n", component->name, component->type->name,
                          model_is_inactive(component) ? ", made from the data before the fit" : "");
        for (size_t k = 0; k < component->thetas + component->coefficients; k++) {
            if (model->parameters[component->first + k].used) {
                print_asked(&model->parameters[component->first + k], text);
            }
        }
    }
}
