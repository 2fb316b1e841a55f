/* How a fit was made, in sentences: what ISO 19830 asks of a report on peak fitting, from the model and its options.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <corelevel/text.h>

#include "apply/fit_object.h"

/* ---- Components */

/* Whether a word stands among choices, "voigt|gaussian". */
static int is_choice(const char *choices, const char *word, size_t length)
{
    for (const char *at = choices; at && *at; at += strcspn(at, "|"), at += *at == '|') {
        if (strcspn(at, "|") == length && memcmp(at, word, length) == 0) { return 1; }
    }
    return 0;
}

static const char *choices_of(const model_component *component)
{
    for (const clv_parameter *row = component->type->parameters; row && row->name; row++) {
        if (strcmp(row->name, "shape") == 0) { return row->choices; }
    }
    return NULL;
}

/* The formula of a component's type without the clauses on shapes that it does not have: a clause that begins with the
   name of a shape, and what follows it, is on that shape. */
static void write_formula(const model_component *component, char *out, size_t size)
{
    const char *shape = clv_options_text(component->options, "shape"), *choices = choices_of(component);
    size_t used = 0;
    int kept = 1;

    out[0] = 0;
    for (const char *at = component->type->formula; at && *at;) {
        size_t length = strcspn(at, ";"), word = strcspn(at, " ;");

        if (is_choice(choices, at, word)) { kept = shape && strlen(shape) == word && memcmp(shape, at, word) == 0; }
        if (kept && used + 1 < size) {
            used += (size_t)snprintf(out + used, size - used, "%s%.*s", used ? "; " : "", (int)length, at);
        }
        at += length;
        at += strspn(at, "; ");
    }
}

/* "a to b eV" of a drawn background's ends, and the averaging at them. */
static void write_ends(const model_component *component, char *out, size_t size)
{
    double low, high, average = clv_options_number(component->options, "average");
    const char *variant = clv_options_text(component->options, "variant");
    char a[CLV_TEXT_NUMBER_SIZE], b[CLV_TEXT_NUMBER_SIZE];
    int casaxps = variant && strcmp(variant, "casaxps") == 0;

    if (clv_options_range(component->options, "ends", &low, &high)) {
        clv_text_from_number(low, a);
        clv_text_from_number(high, b);
    } else {
        snprintf(a, sizeof a, "the first channel");
        snprintf(b, sizeof b, "the last");
    }
    snprintf(out, size,
             "drawn from the data before the fit between %s and %s, averaging %.0f channels each side of an end%s%s", a,
             b,
             isfinite(average) ? average
             : casaxps         ? 1.0
                               : 0.0,
             variant ? ", variant " : "", variant ? variant : "");
}

static void describe(const model_component *component, char *out, size_t size)
{
    const char *shape = clv_options_text(component->options, "shape");
    char ends[300] = "fitted together with the peaks over the whole range";

    if (component->type->role == CLV_ROLE_BACKGROUND || component->type->role == CLV_ROLE_TRANSFORM) {
        if (model_is_inactive(component)) { write_ends(component, ends, sizeof ends); }
        snprintf(out, size, "Background, %s, %s.", component->type->name, ends);
        return;
    }
    snprintf(out, size, "%s%s%s%s%s%s.", component->type->role == CLV_ROLE_REFERENCE ? "Measured reference" : "",
             component->type->role == CLV_ROLE_REFERENCE ? "" : component->type->name, shape ? ", shape " : "",
             shape ? shape : "", component->line ? "; presets of the line library for " : "",
             component->line ? component->line->name : "");
    if (out[0] >= 'a' && out[0] <= 'z') { out[0] = (char)(out[0] - 'a' + 'A'); }
}

static const char *role_word(clv_role role)
{
    return role == CLV_ROLE_PEAK ? "peak" : role == CLV_ROLE_REFERENCE ? "reference" : "background";
}

static clv_status add_components(clv_value *content, const clv_model *model, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "components", &list, err));
    for (size_t i = 0; i < model->written; i++) {
        const model_component *component = &model->components[i];
        char text[900], formula[1200];
        clv_value *made = NULL;

        describe(component, text, sizeof text);
        CLV_TRY(report_row(list, &made, err));
        CLV_TRY(report_text(made, "name", component->name, err));
        CLV_TRY(report_text(made, "type", component->type->name, err));
        CLV_TRY(report_text(made, "role", role_word(component->type->role), err));
        CLV_TRY(report_text(made, "description", text, err));
        write_formula(component, formula, sizeof formula);
        CLV_TRY(report_text(made, "formula", *formula ? formula : NULL, err));
    }
    return CLV_OK;
}

/* ---- Sentences */

static void ends_of_fit(const clv_fit *fit, double *low, double *high, size_t *channels)
{
    const clv_axis *axis = clv_spectra_energy(fit->spectra);
    const double *energy = clv_axis_values(axis), *offset = clv_spectra_offset(fit->spectra);
    double shift = offset ? offset[0] : 0, window[2];

    clv_spectra_window(fit->spectra, &window[0], &window[1]);
    *low = NAN;
    *channels = 0;
    for (size_t i = 0; i < clv_axis_size(axis); i++) {
        double at = energy[i] + shift;

        if (at < fmax(fit->low, window[0]) || at > fmin(fit->high, window[1])) { continue; }
        if (!*channels) { *low = at; }
        *high = at;
        ++*channels;
    }
}

static clv_status add_range(clv_value *content, double low, double high, size_t channels, clv_error *err)
{
    clv_value *range = NULL;

    CLV_TRY(report_table(content, "range", &range, err));
    CLV_TRY(report_number(range, "low", low, err));
    CLV_TRY(report_number(range, "high", high, err));
    return report_number(range, "channels", (double)channels, err);
}

/* A sentence that also stands under a name, where a check finds it. */
static clv_status fact(clv_value *content, clv_value *list, const char *name, const char *sentence, clv_error *err)
{
    CLV_TRY(report_text(content, name, sentence, err));
    return report_say(list, err, "%s", sentence);
}

static clv_status say_range(clv_value *content, clv_value *list, const clv_fit *fit, clv_error *err)
{
    size_t count = clv_spectra_count(fit->spectra), channels;
    double low, high = NAN;
    const char *name = clv_axis_name(clv_spectra_energy(fit->spectra));

    ends_of_fit(fit, &low, &high, &channels);
    CLV_TRY(add_range(content, low, high, channels, err));
    CLV_TRY(report_say(list, err,
                       "%zu %s of %s (%s) were fitted with corelevel %s between %.2f and %.2f eV %.*s energy, "
                       "%zu channels%s.",
                       count, count == 1 ? "spectrum" : "spectra", clv_spectra_name(fit->spectra),
                       clv_spectra_unit(fit->spectra), clv_version(), low, high, (int)strcspn(name, "_"), name,
                       channels, count > 1 && clv_spectra_offset(fit->spectra) ? " (of the first spectrum)" : ""));
    if (count > 1 && fit->plan->shared_count == 0) {
        return fact(content, list, "series", "Each spectrum of the series was fitted by itself; nothing links them.",
                    err);
    }
    return CLV_OK;
}

static clv_status say_shared(clv_value *content, clv_value *list, const clv_fit *fit, clv_error *err)
{
    char names[600] = "", sentence[800];
    size_t used = 0;

    for (size_t i = 0; i < fit->plan->shared_count && used + 2 < sizeof names; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                                 clv_fit_parameter_name(fit, clv_fit_shared(fit, i)));
    }
    if (!used) { return CLV_OK; }
    snprintf(sentence, sizeof sentence, "One value for all spectra of the series, fitted at once with the others: %s.",
             names);
    return fact(content, list, "series", sentence, err);
}

static clv_status say_statistics(clv_value *list, const clv_fit *fit, clv_error *err)
{
    static const struct {
        const char *name, *sentence;
    } all[] = {
        {"poisson", "The Poisson likelihood of the counts was maximised, without smoothing or binning."},
        {"mean_weights", "Least squares were weighted by the mean spectrum; errors are Poisson sandwich errors."},
        {"chi2", "Least squares were weighted by the variances of the data."},
        {"least_squares", "Least squares were not weighted; errors follow from the scatter of the residuals."},
    };
    char scale[CLV_TEXT_NUMBER_SIZE], read[CLV_TEXT_NUMBER_SIZE];

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(fit->statistics, all[i].name) == 0) { CLV_TRY(report_say(list, err, "%s", all[i].sentence)); }
    }
    if (clv_spectra_noise(fit->spectra) == CLV_NOISE_POISSON) {
        clv_text_from_number(clv_spectra_noise_scale(fit->spectra), scale);
        clv_text_from_number(clv_spectra_noise_read(fit->spectra), read);
        CLV_TRY(report_say(list, err, "The variance of the data is %s times the mean, with a read noise of %s counts.",
                           scale, read));
    }
    return report_say(
        list, err,
        "Standard uncertainties come from the %s, backgrounds that were fitted included; they hold if the "
        "model is right. A fit is marked when the runs test of its residuals gives p < 0.001 or its reduced "
        "chi-squared is over 3.",
        strcmp(fit->uncertainty, "covariance") == 0 ? "covariance of the fitted parameters" : fit->uncertainty);
}

/* The last line of the history that begins with a word; NULL when there is none. */
static const char *done(const clv_spectra *spectra, const char *word)
{
    const char *found = NULL;

    for (size_t i = 0; i < clv_spectra_history_count(spectra); i++) {
        const char *line = clv_spectra_history(spectra, i);

        if (strncmp(line, word, strlen(word)) == 0) { found = line; }
    }
    return found;
}

static clv_status say_satellites(clv_value *content, clv_value *list, const clv_fit *fit, clv_error *err)
{
    const char *satellites = done(fit->spectra, "subtract_satellites");
    char sentence[600] = "Satellites of the X-ray source were not removed.";

    if (strcmp(clv_axis_name(clv_spectra_energy(fit->spectra)), "binding_energy") != 0) {
        return report_text(content, "satellites", "No binding energies: there are none.", err);
    }
    if (satellites) { snprintf(sentence, sizeof sentence, "Satellites of the X-ray source: %s.", satellites); }
    return fact(content, list, "satellites", sentence, err);
}

static clv_status say_energies(clv_value *content, clv_value *list, const clv_fit *fit, clv_error *err)
{
    const char *reference = done(fit->spectra, "charge_correct"), *aligned = done(fit->spectra, "align");
    char sentence[600] = "Energies stand as the file gives them: no charge or energy reference was applied.";

    if (reference || aligned) {
        snprintf(sentence, sizeof sentence, "Energy reference: %s.", reference ? reference : aligned);
    }
    CLV_TRY(fact(content, list, "energy_reference", sentence, err));
    return say_satellites(content, list, fit, err);
}

static clv_status say_background(clv_value *content, clv_value *list, const clv_fit *fit, clv_error *err)
{
    for (size_t i = 0; i < fit->model->written; i++) {
        clv_role role = fit->model->components[i].type->role;

        if (role != CLV_ROLE_PEAK && role != CLV_ROLE_REFERENCE) { return CLV_OK; }
    }
    return fact(content, list, "background", "The model has no background.", err);
}

/* ---- Sources */

/* Whether a shape's name begins with a word, the case of letters ignored: "GL" of gl_sum. */
static int begins(const char *shape, const char *word, size_t length)
{
    return shape && strncasecmp(shape, word, length) == 0;
}

/* Whether the clause "la, lf: …" of a source is on shapes, and on none that the component has. */
static int is_of_others(const model_component *component, const char *clause)
{
    size_t head = strcspn(clause, ":;");
    const char *shape = component ? clv_options_text(component->options, "shape") : NULL;
    int others = 0;

    if (!shape || clause[head] != ':') { return 0; }
    for (const char *at = clause; at < clause + head;) {
        size_t length = strcspn(at, ",:");

        if (begins(shape, at, length)) { return 0; }
        for (const char *choice = choices_of(component); choice && *choice; choice += strcspn(choice, "|")) {
            choice += *choice == '|';
            others |= begins(choice, at, length);
        }
        at += length;
        at += strspn(at, ", ");
    }
    return others;
}

/* Adds the clauses of a source that are not there yet; `component` may be NULL. */
static clv_status add_source(clv_value *list, const char *source, const model_component *component, clv_error *err)
{
    for (const char *at = source; at && *at;) {
        size_t length = strcspn(at, ";");
        char one[500];
        int known = is_of_others(component, at);

        snprintf(one, sizeof one, "%.*s", (int)length, at);
        for (size_t i = 0; i < clv_value_count(list); i++) {
            known |= strcmp(clv_value_as_text(clv_value_at(list, i)), one) == 0;
        }
        if (!known) { CLV_TRY(report_say(list, err, "%s", one)); }
        at += length;
        at += strspn(at, "; ");
    }
    return CLV_OK;
}

static clv_status source_of(clv_value *list, const char *operation, clv_kind on, clv_error *err)
{
    const clv_operation *found = NULL;

    return clv_registry_find_operation(operation, on, &found, NULL) ? CLV_OK
                                                                    : add_source(list, found->source, NULL, err);
}

static clv_status add_sources(clv_value *content, const clv_fit *fit, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "sources", &list, err));
    for (size_t i = 0; i < fit->model->written; i++) {
        const model_component *component = &fit->model->components[i];

        CLV_TRY(add_source(list, component->type->source, component, err));
        if (!component->line) { continue; }
        CLV_TRY(add_source(list, component->line->split_source, NULL, err));
        CLV_TRY(add_source(list, component->line->ratio_source, NULL, err));
        CLV_TRY(add_source(list, component->line->lorentzian_source, NULL, err));
    }
    CLV_TRY(source_of(list, "fit", CLV_SPECTRA, err));
    for (size_t i = 0; i < clv_spectra_history_count(fit->spectra); i++) {
        const char *line = clv_spectra_history(fit->spectra, i);
        char name[64];

        snprintf(name, sizeof name, "%.*s", (int)strcspn(line, " {("), line);
        CLV_TRY(source_of(list, name, CLV_SPECTRA, err));
        CLV_TRY(source_of(list, name, CLV_RECORD, err));
    }
    return CLV_OK;
}

clv_status report_add_methods(clv_value *content, const clv_fit *fit, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(content, "methods", &list, err));
    CLV_TRY(say_range(content, list, fit, err));
    CLV_TRY(say_shared(content, list, fit, err));
    CLV_TRY(say_background(content, list, fit, err));
    CLV_TRY(say_statistics(list, fit, err));
    CLV_TRY(say_energies(content, list, fit, err));
    CLV_TRY(report_text(content, "statistics", fit->statistics, err));
    CLV_TRY(report_text(content, "uncertainty", fit->uncertainty, err));
    CLV_TRY(add_components(content, fit->model, err));
    return add_sources(content, fit, err);
}
