/* The operation `fit`: a model fitted to every spectrum, each by itself or all together.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"
#include "apply/operations.h"
#include "data/spectra.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    clv_statistics statistics;
} statistics_names[] = {
    {"poisson", CLV_STATISTICS_POISSON},
    {"mean_weights", CLV_STATISTICS_MEAN_WEIGHTS},
    {"chi2", CLV_STATISTICS_CHI2},
    {"least_squares", CLV_STATISTICS_LEAST_SQUARES},
};

static int has_free_shapes(const clv_model *model)
{
    for (size_t i = 0; i < model->parameter_count; i++) {
        if (!model->parameters[i].coefficient && model->parameters[i].state == CLV_PARAMETER_FREE) { return 1; }
    }
    return 0;
}

static const char *preset_statistics(const clv_model *model, const clv_spectra *spectra)
{
    int map = clv_spectra_axis_count(spectra) > 2;

    switch (clv_spectra_noise(spectra)) {
    case CLV_NOISE_POISSON: return map && !has_free_shapes(model) ? "mean_weights" : "poisson";
    case CLV_NOISE_VARIANCE: return map && !has_free_shapes(model) ? "mean_weights" : "chi2";
    case CLV_NOISE_UNKNOWN: break;
    }
    return "least_squares";
}

static clv_status set_statistics(const clv_spectra *spectra, const char *name, fit_wish *wish, clv_error *err)
{
    for (size_t i = 0; i < sizeof statistics_names / sizeof *statistics_names; i++) {
        if (strcmp(name, statistics_names[i].name) == 0) {
            wish->statistics = statistics_names[i].statistics;
            wish->statistics_name = statistics_names[i].name;
        }
    }
    CLV_CHECK((wish->statistics != CLV_STATISTICS_CHI2 && wish->statistics != CLV_STATISTICS_MEAN_WEIGHTS) ||
                  clv_spectra_noise(spectra) != CLV_NOISE_UNKNOWN,
              err, CLV_BAD_ARGUMENT,
              "statistics = \"%s\" needs a variance, and the noise of these spectra is unknown; use \"least_squares\"",
              wish->statistics_name);
    CLV_CHECK(
        wish->statistics != CLV_STATISTICS_POISSON || clv_spectra_noise(spectra) == CLV_NOISE_POISSON, err,
        CLV_BAD_ARGUMENT,
        "statistics = \"poisson\" needs counts, and these spectra (%s) are none; use \"chi2\" or \"least_squares\"",
        clv_spectra_unit(spectra));
    return CLV_OK;
}

static clv_status read_along(const clv_spectra *spectra, const clv_options *options, fit_wish *wish, clv_error *err)
{
    const char *along = clv_options_text(options, "along");
    size_t leading = clv_spectra_axis_count(spectra) - 1;

    CLV_CHECK(leading <= 1 || !wish->share, err, CLV_BAD_ARGUMENT,
              "share: parameters are shared along one axis, and these spectra have %zu; take one of them first",
              leading);
    if (!along) { return CLV_OK; }
    CLV_CHECK(wish->share, err, CLV_BAD_ARGUMENT, "along: says along which axis `share` shares; there is no `share`");
    CLV_CHECK(leading == 1 && strcmp(along, clv_axis_name(clv_spectra_axis(spectra, 0))) == 0, err, CLV_BAD_ARGUMENT,
              "along: the spectra have no axis \"%s\"%s%s%s", along, leading ? "; theirs is \"" : "",
              leading ? clv_axis_name(clv_spectra_axis(spectra, 0)) : "", leading ? "\"" : "");
    return CLV_OK;
}

static clv_status read_uncertainty(const clv_options *options, fit_wish *wish, clv_error *err)
{
    const char *name = clv_options_text(options, "uncertainty");
    int bootstrap = strcmp(name, "bootstrap") == 0, covariance = strcmp(name, "covariance") == 0;

    wish->uncertainty = covariance ? "covariance" : bootstrap ? "bootstrap" : "profile";
    CLV_CHECK(covariance || !wish->share, err, CLV_BAD_ARGUMENT,
              "uncertainty = \"%s\" is found spectrum by spectrum; with `share` use \"covariance\"", name);
    CLV_CHECK(covariance || bootstrap || wish->statistics != CLV_STATISTICS_MEAN_WEIGHTS, err, CLV_BAD_ARGUMENT,
              "uncertainty = \"profile\" needs a likelihood, and statistics = \"mean_weights\" has none; use "
              "\"poisson\", or uncertainty = \"bootstrap\"");
    for (size_t i = 0; i < 2; i++) {
        const char *option = i ? "seed" : "replicas";
        CLV_CHECK(bootstrap || !clv_options_given(options, option), err, CLV_BAD_ARGUMENT,
                  "%s: belongs to uncertainty = \"bootstrap\"", option);
    }
    if (bootstrap) {
        wish->replicas = (size_t)clv_options_number(options, "replicas");
        wish->seed = (uint64_t)clv_options_number(options, "seed");
    }
    return CLV_OK;
}

/* Ranges to leave out: { { low, high }, … }, or one { low, high }. */
static clv_status read_excluded(const clv_value *given, fit_wish *wish, clv_error *err)
{
    size_t count = clv_value_count(given);
    int one = count == 2 && clv_value_kind(clv_value_at(given, 0)) == CLV_NUMBER;

    CLV_CHECK(clv_value_kind(given) == CLV_TABLE && clv_value_name_count(given) == 0, err, CLV_BAD_ARGUMENT,
              "exclude: a list of ranges, such as { { 784, 786 }, { 790, 791 } }");
    if (one) { count = 1; }
    CLV_CHECK(count <= FIT_MOST_EXCLUDED, err, CLV_LIMIT, "exclude: %zu ranges; at most %d can be left out", count,
              FIT_MOST_EXCLUDED);
    for (size_t i = 0; i < count; i++) {
        const clv_value *range = one ? given : clv_value_at(given, i);
        double low = clv_value_as_number(clv_value_at(range, 0)), high = clv_value_as_number(clv_value_at(range, 1));
        CLV_CHECK(clv_value_kind(range) == CLV_TABLE && clv_value_count(range) == 2 && low < high, err,
                  CLV_BAD_ARGUMENT, "exclude: range %zu is not { low, high } with low < high", i + 1);
        wish->exclude[2 * i] = low;
        wish->exclude[2 * i + 1] = high;
    }
    wish->exclude_count = count;
    return CLV_OK;
}

static clv_status read_wish(const clv_spectra *spectra, const clv_model *model, const clv_options *options,
                            fit_wish *wish, clv_error *err)
{
    const char *name = clv_options_text(options, "statistics");
    double low = -INFINITY, high = INFINITY;

    *wish = (fit_wish){.nonnegative = -1};
    clv_spectra_window(spectra, &wish->low, &wish->high);
    if (clv_options_range(options, "range", &low, &high)) {
        wish->low = fmax(wish->low, low);
        wish->high = fmin(wish->high, high);
    }
    if (clv_options_given(options, "exclude")) {
        CLV_TRY(read_excluded(clv_options_get(options, "exclude"), wish, err));
    }
    if (clv_options_given(options, "nonnegative")) { wish->nonnegative = clv_options_boolean(options, "nonnegative"); }
    if (clv_options_given(options, "share")) { wish->share = clv_options_get(options, "share"); }
    CLV_TRY(read_along(spectra, options, wish, err));
    CLV_TRY(set_statistics(spectra, name ? name : preset_statistics(model, spectra), wish, err));
    return read_uncertainty(options, wish, err);
}

static clv_status make_fit(const clv_spectra *spectra, const clv_model *model, const clv_options *options,
                           clv_fit **made, clv_error *err)
{
    fit_wish wish;
    fit_plan *plan = NULL;
    clv_fit *fit = NULL;
    clv_status status;

    CLV_TRY(read_wish(spectra, model, options, &wish, err));
    CLV_TRY(fit_plan_new(model, spectra, &wish, &plan, err));
    CLV_TRY(fit_object_new(spectra, model, &wish, plan, &fit, err));
    status = fit_run(fit, err);
    if (!status) { status = fit_describe(fit, err); }
    if (status) {
        clv_fit_free(fit);
        return status;
    }
    *made = fit;
    return CLV_OK;
}

/* The line of history with the model as it was written, so that it tells how to fit again. */
static clv_status tell_model(const char *line, const clv_model *model, char **told, clv_error *err)
{
    static const char unnamed[] = "<model>";
    const char *at = strstr(line, unnamed);
    clv_value *components = clv_value_table();
    char *text = NULL;
    clv_status status = components ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    for (size_t i = 0; i < clv_model_count(model) && !status; i++) {
        status = clv_value_append(components, clv_value_ref(clv_model_component(model, i)), err);
    }
    if (!status) { status = clv_value_write(components, &text, err); }
    if (!status && (!at || asprintf(told, "%.*smodel %s%s", (int)(at - line), line, text, at + strlen(unnamed)) < 0)) {
        status = clv_fail(err, CLV_NO_MEMORY, "out of memory");
    }
    clv_text_free(text);
    clv_value_free(components);
    return status;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    const clv_model *model = clv_value_as_object(clv_options_get(call->options, "model"), CLV_MODEL);
    clv_spectra *noted = NULL;
    clv_fit *fit = NULL;
    char *line = NULL;
    clv_status status;

    CLV_TRY(tell_model(call->line, model, &line, err));
    status = clv_spectra_note(spectra, line, &noted, err);
    free(line);
    CLV_TRY(status);
    status = make_fit(noted, model, call->options, &fit, err);
    clv_spectra_free(noted);
    CLV_TRY(status);
    *result = clv_value_object(CLV_FIT, fit);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "fit: out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "model",
     .type = CLV_TYPE_OBJECT,
     .kinds = CLV_ON(CLV_MODEL),
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "what is fitted"},
    {.name = "statistics",
     .type = CLV_TYPE_CHOICE,
     .choices = "poisson|mean_weights|chi2|least_squares",
     .doc = "likelihood; preset: what the noise of the spectra asks for"},
    {.name = "range", .type = CLV_TYPE_RANGE, .unit = "eV", .doc = "true energies that are fitted; preset: all"},
    {.name = "exclude",
     .type = CLV_TYPE_ANY,
     .unit = "eV",
     .doc = "ranges of true energies that are left out, such as { { 784, 786 }, { 790, 791 } }"},
    {.name = "nonnegative",
     .type = CLV_TYPE_BOOLEAN,
     .doc = "whether areas and coefficients may not be negative; preset: peaks may not, references may"},
    {.name = "share",
     .type = CLV_TYPE_NAMES,
     .doc = "parameters with one value for the whole series, found in one global fit"},
    {.name = "uncertainty",
     .type = CLV_TYPE_CHOICE,
     .choices = "covariance|profile|bootstrap",
     .preset = "\"covariance\"",
     .doc = "errors from the covariance alone; or 68 % intervals too, where the deviance rises by 1 (profile) or from "
            "fits of simulated data, background included (bootstrap), whose scatter then is the error"},
    {.name = "replicas",
     .type = CLV_TYPE_INTEGER,
     .preset = "200",
     .low = 20,
     .high = 100000,
     .doc = "simulated spectra that the bootstrap fits for each spectrum"},
    {.name = "seed",
     .type = CLV_TYPE_INTEGER,
     .preset = "1",
     .low = 0,
     .high = 1e9,
     .doc = "of the bootstrap's random numbers: the same seed gives the same intervals"},
    {.name = "along", .type = CLV_TYPE_TEXT, .doc = "axis along which they are shared; preset: the first"},
    {0},
};

const clv_operation apply_fit = {
    .size = sizeof(clv_operation),
    .name = "fit",
    .doc = "fits a model to every spectrum by variable projection and says how good the model is",
    .source = "G. H. Golub, V. Pereyra, SIAM J. Numer. Anal. 10 (1973) 413, doi 10.1137/0710036; "
              "L. Kaufman, BIT 15 (1975) 49, doi 10.1007/BF01932995",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_FIT,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
