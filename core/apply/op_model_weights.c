/* The operation `model_weights`: how much the data speak for each of several models that were fitted to them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"
#include "apply/operations.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_MODELS 64

typedef enum criterion { BIC, AIC, AICC } criterion;

typedef struct models {
    const clv_fit *fit[MOST_MODELS];
    const char *name[MOST_MODELS];
    size_t count;
    criterion by;
} models;

static int same_numbers(const clv_spectra *a, const clv_spectra *b)
{
    size_t count = clv_spectra_count(a) * clv_spectra_channels(a);

    return a == b ||
           (clv_spectra_count(a) == clv_spectra_count(b) && clv_spectra_channels(a) == clv_spectra_channels(b) &&
            memcmp(clv_spectra_intensity(a), clv_spectra_intensity(b), count * sizeof(double)) == 0);
}

static clv_status check_pair(const models *m, size_t i, clv_error *err)
{
    const clv_fit *first = m->fit[0], *other = m->fit[i];

    CLV_CHECK(same_numbers(first->spectra, other->spectra), err, CLV_BAD_ARGUMENT,
              "\"%s\" and \"%s\" were fitted to different data, which no criterion compares", m->name[0], m->name[i]);
    CLV_CHECK(strcmp(first->statistics, other->statistics) == 0, err, CLV_BAD_ARGUMENT,
              "\"%s\" was fitted with statistics = \"%s\", \"%s\" with \"%s\"; fit both alike", m->name[0],
              first->statistics, m->name[i], other->statistics);
    for (size_t k = 0; k < first->count; k++) {
        double one = first->dof[k] + first->fitted[k], two = other->dof[k] + other->fitted[k];

        CLV_CHECK(one == two, err, CLV_BAD_ARGUMENT,
                  "\"%s\" was fitted to %g channels of spectrum %zu, \"%s\" to %g; give both the same range",
                  m->name[0], one, k + 1, m->name[i], two);
    }
    return CLV_OK;
}

static clv_status find_models(const clv_call *call, models *m, clv_error *err)
{
    const clv_group *group = clv_value_as_object(call->on, CLV_GROUP);
    const char *by = clv_options_text(call->options, "criterion");

    m->by = strcmp(by, "aic") == 0 ? AIC : strcmp(by, "aicc") == 0 ? AICC : BIC;
    m->count = clv_group_count(group);
    CLV_CHECK(m->count >= 2 && m->count <= MOST_MODELS, err, CLV_BAD_ARGUMENT,
              "compares 2 to %d fits, as in cl.compare { one = fit, two = fit }", MOST_MODELS);
    for (size_t i = 0; i < m->count; i++) {
        m->fit[i] = clv_value_as_object(clv_group_at(group, i), CLV_FIT);
        m->name[i] = clv_group_name(group, i);
        CLV_CHECK(m->fit[i] && m->name[i], err, CLV_BAD_ARGUMENT,
                  "compares fits with names, as in cl.compare { one = fit, two = fit }");
        CLV_CHECK(m->fit[i]->plan->shared_count == 0, err, CLV_BAD_ARGUMENT,
                  "\"%s\" shares parameters over its series, which the criteria of single spectra do not count",
                  m->name[i]);
        if (i > 0) { CLV_TRY(check_pair(m, i, err)); }
    }
    return CLV_OK;
}

/* Counts that scatter with more or less than their mean: deviances over the measured scale (quasi-likelihood). */
static double noise_scale(const clv_fit *fit)
{
    int counts = strcmp(fit->statistics, "least_squares") != 0 && clv_spectra_noise(fit->spectra) == CLV_NOISE_POISSON;
    double scale = counts ? clv_spectra_noise_scale(fit->spectra) : 1;

    return scale > 0 ? scale : 1;
}

/* Parameters that a model could move. Those that ended on a bound count: a line that came out with no area has not made
   its model the simpler one. */
static double parameters_of(const clv_fit *fit, size_t spectrum)
{
    double count = strcmp(fit->statistics, "least_squares") == 0; /* the variance of the residuals */

    for (size_t p = 0; p < clv_fit_parameter_count(fit); p++) {
        clv_parameter_state state = clv_fit_state(fit, spectrum, p);

        count += state == CLV_PARAMETER_FREE || state == CLV_PARAMETER_AT_BOUND;
    }
    return count;
}

/* The criterion of one fit of a spectrum; NaN where it failed. */
static double criterion_of(const models *m, size_t model, size_t spectrum)
{
    const clv_fit *fit = m->fit[model];
    double n = fit->dof[spectrum] + fit->fitted[spectrum], k = parameters_of(fit, spectrum);
    double fitted = fit->fitted[spectrum] + (strcmp(fit->statistics, "least_squares") == 0);
    double misfit = (clv_fit_aic(fit, spectrum) - 2 * fitted) / noise_scale(fit);

    if (fit_failed(fit, spectrum)) { return NAN; }
    if (m->by == BIC) { return misfit + k * log(n); }
    return misfit + 2 * k + (m->by == AICC ? 2 * k * (k + 1) / fmax(n - k - 1, 1) : 0);
}

/* Weights of all models in one spectrum; NaN for all where one failed. */
static void weigh(const models *m, size_t spectrum, double *weight)
{
    double least = INFINITY, sum = 0;

    for (size_t i = 0; i < m->count; i++) {
        weight[i] = criterion_of(m, i, spectrum);
        least = isnan(weight[i]) ? NAN : fmin(least, weight[i]);
        if (isnan(least)) { break; }
    }
    for (size_t i = 0; i < m->count; i++) { weight[i] = isnan(least) ? NAN : exp(-0.5 * (weight[i] - least)); }
    for (size_t i = 0; i < m->count; i++) { sum += weight[i]; }
    for (size_t i = 0; i < m->count; i++) { weight[i] /= sum; }
}

static clv_status fill(const models *m, clv_columns *made, clv_error *err)
{
    size_t count = m->fit[0]->count;
    double *values = calloc(count * m->count + 1, sizeof *values), weight[MOST_MODELS];
    clv_status status = values ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    for (size_t i = 0; i < count && !status; i++) {
        weigh(m, i, weight);
        for (size_t k = 0; k < m->count; k++) { values[k * count + i] = weight[k]; }
    }
    for (size_t k = 0; k < m->count && !status; k++) {
        status = clv_columns_fill(made, k, m->name[k], "1", values + k * count, NULL, NULL, err);
    }
    free(values);
    return status;
}

/* Columns on the axes of the fits, with their flags but without notes of either fit. */
static clv_status make_columns(const models *m, clv_columns **made, clv_error *err)
{
    const clv_spectra *spectra = m->fit[0]->spectra;
    size_t leading = clv_spectra_axis_count(spectra) - 1;
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];

    for (size_t i = 0; i < leading; i++) { axes[i] = clv_spectra_axis(spectra, i); }
    CLV_TRY(clv_columns_new(axes, leading, m->count, made, err));
    for (size_t i = 0; i < leading; i++) {
        for (size_t k = 0; k < clv_spectra_beside_count(spectra, i); k++) {
            CLV_TRY(clv_columns_add_beside(*made, i, clv_spectra_beside(spectra, i, k), err));
        }
    }
    return CLV_OK;
}

static clv_status add_notes(const models *m, clv_columns *made, clv_error *err)
{
    static const char *const names[] = {"BIC", "AIC", "AICc"};
    double scale = noise_scale(m->fit[0]);
    char note[200];

    snprintf(note, sizeof note,
             "weights of the models by %s: how much the data speak for each, if one of them is right; they sum to one",
             names[m->by]);
    CLV_TRY(clv_columns_add_note(made, note, err));
    if (scale == 1) { return CLV_OK; }
    snprintf(note, sizeof note,
             "the counts scatter with %.2f of the variance of counting statistics, by which the "
             "deviances were divided",
             scale);
    return clv_columns_add_note(made, note, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    models m = {.count = 0};
    clv_columns *made = NULL;
    clv_status status;

    CLV_TRY(find_models(call, &m, err));
    status = make_columns(&m, &made, err);
    if (!status) { status = fill(&m, made, err); }
    if (!status) { status = add_notes(&m, made, err); }
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "criterion",
     .type = CLV_TYPE_CHOICE,
     .choices = "bic|aic|aicc",
     .preset = "\"bic\"",
     .place = 1,
     .doc =
         "Schwarz's criterion, which asks more of every further parameter the more channels there are; Akaike's; his "
         "for few channels"},
    {0},
};

const clv_operation apply_model_weights = {
    .size = sizeof(clv_operation),
    .name = "model_weights",
    .doc = "tells how much the data speak for each of several models fitted to them: is a second doublet needed?",
    .source =
        "G. Schwarz, Ann. Stat. 6 (1978) 461, doi 10.1214/aos/1176344136; H. Akaike, IEEE Trans. Autom. Control 19 "
        "(1974) 716, doi 10.1109/TAC.1974.1100705; weights and quasi-likelihood: K. P. Burnham, D. R. Anderson, "
        "Model Selection and Multimodel Inference (2002), doi 10.1007/b97636",
    .on = CLV_ON(CLV_GROUP),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
