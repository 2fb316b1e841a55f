/* A fit in a report: parameters with their states, goodness, correlations, figure and notes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/fit_object.h"
#include "apply/plot.h"

#define CORRELATIONS_MAX 40 /* listed at most */

static const char *state_word(clv_parameter_state state)
{
    static const char *const words[] = {"free", "fixed", "tied", "derived", "shared", "at a bound"};

    return (unsigned)state < sizeof words / sizeof *words ? words[state] : "";
}

/* ---- Parameters */

/* The ends of 68 % intervals, where the fit was asked for them. */
static clv_status add_intervals(clv_value *made, const clv_fit *fit, size_t p, clv_error *err)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit));
    clv_value *ends[2] = {NULL, NULL};
    double interval[2];

    if (!clv_fit_interval(fit, 0, p, interval) || count > REPORT_POINTS_MAX) { return CLV_OK; }
    CLV_TRY(report_table(made, "interval_low", &ends[0], err));
    CLV_TRY(report_table(made, "interval_high", &ends[1], err));
    for (size_t i = 0; i < count; i++) {
        clv_fit_interval(fit, i, p, interval);
        CLV_TRY(clv_value_append(ends[0], clv_value_number(interval[0]), err));
        CLV_TRY(clv_value_append(ends[1], clv_value_number(interval[1]), err));
    }
    return CLV_OK;
}

/* The values of one parameter: all of them, and how far they spread. A bound that is met anywhere is told. */
static clv_status add_values(clv_value *made, const clv_fit *fit, size_t p, clv_error *err)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit)), listed = count <= REPORT_POINTS_MAX ? count : 0;
    double low = INFINITY, high = -INFINITY;
    clv_parameter_state state = clv_fit_state(fit, 0, p);
    clv_value *values = NULL, *errors = NULL, *states = NULL;

    CLV_TRY(report_table(made, "states", &states, err));
    CLV_TRY(report_table(made, "values", &values, err));
    CLV_TRY(report_table(made, "errors", &errors, err));
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, clv_fit_value(fit, i, p));
        high = fmax(high, clv_fit_value(fit, i, p));
        if (clv_fit_state(fit, i, p) == CLV_PARAMETER_AT_BOUND) { state = CLV_PARAMETER_AT_BOUND; }
    }
    for (size_t i = 0; i < listed; i++) {
        CLV_TRY(clv_value_append(values, clv_value_number(clv_fit_value(fit, i, p)), err));
        CLV_TRY(clv_value_append(errors, clv_value_number(clv_fit_error(fit, i, p)), err));
        CLV_TRY(clv_value_append(states, clv_value_text(state_word(clv_fit_state(fit, i, p))), err));
    }
    CLV_TRY(add_intervals(made, fit, p, err));
    CLV_TRY(report_number(made, "lowest", low, err));
    CLV_TRY(report_number(made, "highest", high, err));
    return report_text(made, "state", state_word(state), err);
}

/* What a coefficient may be is not written in the model where `nonnegative` presets it; the problem knows. */
static clv_status add_asked(clv_value *made, const clv_fit *fit, size_t p, clv_error *err)
{
    size_t place = fit->shown[p];
    const model_parameter *asked = &fit->model->parameters[place];
    clv_parameter_state state = fit->plan->parameters[place].state;

    CLV_TRY(report_text(made, "asked", state_word(state), err));
    if (asked->state == CLV_PARAMETER_TIED) { return report_text(made, "expression", asked->text, err); }
    if (asked->state == CLV_PARAMETER_DERIVED) { return CLV_OK; }
    if (asked->state == CLV_PARAMETER_FIXED) { return CLV_OK; }
    if (isfinite(asked->start)) { CLV_TRY(report_number(made, "start", asked->start, err)); }
    if (isfinite(fit->plan->parameters[place].low)) {
        CLV_TRY(report_number(made, "low", fit->plan->parameters[place].low, err));
    }
    if (isfinite(fit->plan->parameters[place].high)) {
        CLV_TRY(report_number(made, "high", fit->plan->parameters[place].high, err));
    }
    return CLV_OK;
}

/* A parameter that nobody wrote, fixed at 0 by its preset, says nothing. */
static int is_silent(const clv_fit *fit, size_t p)
{
    const model_parameter *asked = &fit->model->parameters[fit->shown[p]];

    return asked->state == CLV_PARAMETER_FIXED && !asked->given && asked->start == 0;
}

static clv_status add_parameters(clv_value *content, const clv_fit *fit, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "parameters", &list, err));
    for (size_t p = 0; p < clv_fit_parameter_count(fit); p++) {
        char label[PLOT_LABEL_SIZE];
        clv_value *made = NULL;

        if (is_silent(fit, p)) { continue; }
        plot_column_label(clv_fit_parameter_name(fit, p), label);
        CLV_TRY(report_row(list, &made, err));
        CLV_TRY(report_text(made, "name", clv_fit_parameter_name(fit, p), err));
        CLV_TRY(report_text(made, "label", label, err));
        CLV_TRY(report_text(made, "unit", clv_fit_parameter_unit(fit, p), err));
        CLV_TRY(add_asked(made, fit, p, err));
        CLV_TRY(add_values(made, fit, p, err));
    }
    return CLV_OK;
}

/* ---- Goodness */

static clv_status add_measure(clv_value *goodness, const char *name, const clv_fit *fit,
                              double (*measure)(const clv_fit *fit, size_t spectrum), clv_error *err)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit));
    clv_value *list = NULL;

    CLV_TRY(report_table(goodness, name, &list, err));
    for (size_t i = 0; i < count && count <= REPORT_POINTS_MAX; i++) {
        CLV_TRY(clv_value_append(list, clv_value_number(measure(fit, i)), err));
    }
    return CLV_OK;
}

static clv_status add_goodness(clv_value *content, const clv_fit *fit, clv_error *err)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit));
    clv_value *goodness = NULL, *status = NULL;

    CLV_TRY(report_table(content, "goodness", &goodness, err));
    CLV_TRY(add_measure(goodness, "reduced_chi2", fit, clv_fit_reduced, err));
    CLV_TRY(add_measure(goodness, "chi2", fit, clv_fit_chi2, err));
    CLV_TRY(add_measure(goodness, "deviance", fit, clv_fit_deviance, err));
    CLV_TRY(add_measure(goodness, "dof", fit, clv_fit_dof, err));
    CLV_TRY(add_measure(goodness, "runs_p", fit, clv_fit_runs, err));
    CLV_TRY(add_measure(goodness, "aic", fit, clv_fit_aic, err));
    CLV_TRY(add_measure(goodness, "bic", fit, clv_fit_bic, err));
    CLV_TRY(report_table(goodness, "status", &status, err));
    for (size_t i = 0; i < count && count <= REPORT_POINTS_MAX; i++) {
        char *words = NULL;

        CLV_TRY(report_flags(clv_fit_flags(fit, i), &words, err));
        clv_value *text = clv_value_text(words);
        clv_text_free(words);
        CLV_TRY(clv_value_append(status, text, err));
    }
    return CLV_OK;
}

/* "at a bound: 3 of 12" for each flag that any spectrum has; bare for a single spectrum. */
static clv_status add_marks(clv_value *content, const clv_fit *fit, clv_error *err)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit));
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "marks", &list, err));
    for (unsigned bit = 0; bit < 8; bit++) {
        size_t found = 0;
        char *words = NULL;
        clv_status status;

        for (size_t i = 0; i < count; i++) { found += (clv_fit_flags(fit, i) >> bit & 1u) != 0; }
        if (!found) { continue; }
        CLV_TRY(report_flags((uint8_t)(1u << bit), &words, err));
        status = count == 1 ? report_say(list, err, "%s", words)
                            : report_say(list, err, "%s: %zu of %zu", words, found, count);
        clv_text_free(words);
        CLV_TRY(status);
    }
    return CLV_OK;
}

/* ---- Correlations */

/* The strongest correlation of two parameters over the spectra; 0 where they have none. */
static double strongest(const clv_fit *fit, size_t a, size_t b)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit)), step = count / REPORT_CURVES_MAX + 1;
    double most = 0;

    for (size_t i = 0; i < count; i += step) {
        double c = clv_fit_covariance(fit, i, a, b) / (clv_fit_error(fit, i, a) * clv_fit_error(fit, i, b));

        if (fabs(c) > fabs(most)) { most = fmax(-1, fmin(1, c)); }
    }
    return most;
}

static int is_fitted(const clv_fit *fit, size_t p)
{
    clv_parameter_state state = fit->plan->parameters[fit->shown[p]].state;

    return state == CLV_PARAMETER_FREE || state == CLV_PARAMETER_SHARED;
}

static clv_status add_correlations(clv_value *content, const clv_fit *fit, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "correlations", &list, err));
    for (size_t a = 0; a < clv_fit_parameter_count(fit); a++) {
        for (size_t b = 0; b < a && is_fitted(fit, a) && clv_value_count(list) < CORRELATIONS_MAX; b++) {
            double c = is_fitted(fit, b) ? strongest(fit, a, b) : 0;
            clv_value *pair = NULL;
            char label[PLOT_LABEL_SIZE];

            if (!(fabs(c) > 0.95)) { continue; }
            CLV_TRY(report_row(list, &pair, err));
            plot_column_label(clv_fit_parameter_name(fit, b), label);
            CLV_TRY(report_text(pair, "a", label, err));
            plot_column_label(clv_fit_parameter_name(fit, a), label);
            CLV_TRY(report_text(pair, "b", label, err));
            CLV_TRY(report_number(pair, "correlation", round(c * 1000) / 1000, err));
        }
    }
    return CLV_OK;
}

/* ---- All of it */

static clv_status describe(clv_value *content, const char *name, const clv_fit *fit, clv_error *err)
{
    const clv_spectra *spectra = clv_fit_spectra(fit);
    size_t count = clv_spectra_count(spectra);
    char caption[600], what[PLOT_LABEL_SIZE];
    clv_value *axis = NULL, *values = NULL;

    clv_label_chemical(clv_spectra_name(spectra), what, sizeof what);
    snprintf(
        caption, sizeof caption,
        "%s%s: data (points), envelope (line), components and background, with residuals in standard deviations.%s",
        what, count == 1 ? "" : " spectrum by spectrum",
        count > REPORT_CURVES_MAX ? " The curves are drawn for some of the spectra, evenly taken." : "");
    CLV_TRY(report_text(content, "kind", "fit", err));
    CLV_TRY(report_text(content, "name", name, err));
    CLV_TRY(report_text(content, "what", clv_spectra_name(spectra), err));
    CLV_TRY(report_text(content, "unit", clv_spectra_unit(spectra), err));
    CLV_TRY(report_text(content, "caption", caption, err));
    CLV_TRY(report_number(content, "count", (double)count, err));
    if (clv_spectra_axis_count(spectra) != 2) { return CLV_OK; }
    CLV_TRY(report_axis(clv_spectra_axis(spectra, 0), &axis, err));
    CLV_TRY(clv_value_set(content, "axis", axis, err));
    CLV_TRY(report_table(axis, "values", &values, err));
    for (size_t i = 0; i < count && count <= REPORT_POINTS_MAX; i++) {
        double value = clv_axis_values(clv_spectra_axis(spectra, 0))[i];

        CLV_TRY(clv_value_append(values, clv_value_number(value), err));
    }
    return CLV_OK;
}

static clv_status add_notes(clv_value *content, const clv_fit *fit, clv_error *err)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit)), poor = 0, failed = 0;
    clv_value *notes = NULL, *warnings = NULL;

    CLV_TRY(report_table(content, "notes", &notes, err));
    for (size_t i = 0; i < clv_fit_note_count(fit); i++) {
        CLV_TRY(report_say(notes, err, "%s", clv_fit_note(fit, i)));
    }
    CLV_TRY(report_table(content, "warnings", &warnings, err));
    for (size_t i = 0; i < count; i++) {
        poor += (clv_fit_flags(fit, i) & CLV_FIT_POOR) != 0;
        failed += fit_failed(fit, i) != 0;
    }
    if (failed) { CLV_TRY(report_say(warnings, err, "The fit failed for %zu of %zu spectra.", failed, count)); }
    if (!poor) { return CLV_OK; }
    if (count == 1) {
        return report_say(warnings, err,
                          "The model does not describe the data: these numbers are only as good as the model.");
    }
    return report_say(warnings, err,
                      "The model does not describe the data of %zu of %zu spectra: their numbers are only as good as "
                      "the model.",
                      poor, count);
}

/* A waterfall of envelopes for what would be too many panels: few enough curves that the page stays small. */
static clv_status draw(const clv_fit *fit, clv_figure **figure, clv_error *err)
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit));

    return count <= CLV_FIGURE_STACK_MAX ? plot_fit(fit, figure, err) : report_draw_waterfall(fit, figure, err);
}

static clv_status fill(clv_report_item *item, const char *name, const clv_fit *fit, clv_error *err)
{
    CLV_TRY(describe(item->content, name, fit, err));
    CLV_TRY(add_parameters(item->content, fit, err));
    CLV_TRY(add_goodness(item->content, fit, err));
    CLV_TRY(add_marks(item->content, fit, err));
    CLV_TRY(add_correlations(item->content, fit, err));
    CLV_TRY(add_notes(item->content, fit, err));
    CLV_TRY(report_add_methods(item->content, fit, err));
    CLV_TRY(report_add_provenance(item->content, clv_fit_spectra(fit), err));
    return report_fit_curves(fit, &item->curves, err);
}

clv_status report_add_fit(clv_report *report, const char *name, const clv_fit *fit, clv_error *err)
{
    clv_report_item *item = NULL;
    clv_figure *figure = NULL;
    clv_status status;

    CLV_TRY(clv_report_add(report, &item, err));
    CLV_TRY(fill(item, name, fit, err));
    status = draw(fit, &figure, err);
    if (!status) { status = clv_report_draw(item, figure, report->count, err); }
    clv_figure_free(figure);
    return status;
}
