/* The operation `fractions`: areas of components or groups over their sum, with the covariances of the fit.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"
#include "apply/operations.h"
#include "apply/sputtering.h"

#include <corelevel/text.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which components are added up, and into which group. */
typedef struct shares {
    size_t groups, members;
    size_t *group;     /* [members] group of each member */
    size_t *parameter; /* [members] place of its area or coefficient among all parameters */
    double *scale;     /* [members] */
    const char **name; /* [groups] its first member */
} shares;

static void shares_clear(shares *s)
{
    free(s->group);
    free(s->parameter);
    free(s->scale);
    free(s->name);
}

static clv_status unknown(const clv_fit *fit, const char *name, clv_error *err)
{
    const char *names[64];
    const char *near;
    size_t count = 0;

    for (size_t i = 0; i < fit->model->count && count < 64; i++) { names[count++] = fit->model->components[i].name; }
    near = clv_text_nearest(name, names, count);
    return clv_fail(err, CLV_BAD_ARGUMENT, "the model has no component \"%s\"%s%s%s", name,
                    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static clv_status find_area(const clv_fit *fit, const char *name, size_t *parameter, double *scale, clv_error *err)
{
    for (size_t i = 0; i < fit->model->count; i++) {
        const model_component *component = &fit->model->components[i];
        clv_role role = component->type->role;

        if (strcmp(component->name, name) != 0) { continue; }
        CLV_CHECK((role == CLV_ROLE_PEAK || role == CLV_ROLE_REFERENCE) && component->coefficients == 1, err,
                  CLV_BAD_ARGUMENT, "\"%s\" is a background; fractions are made of peaks, envelopes and references",
                  name);
        *parameter = component->first + component->thetas;
        *scale = 1;
        for (size_t t = 0; t < fit->plan->problem.term_count && component->type->scale; t++) {
            if (fit->plan->terms[t].first == component->first && fit->plan->terms[t].type == component->type) {
                *scale = component->type->scale(fit->plan->terms[t].prepared);
            }
        }
        return CLV_OK;
    }
    return unknown(fit, name, err);
}

static clv_status add_member(const clv_fit *fit, const clv_value *item, shares *s, clv_error *err)
{
    const char *name = clv_value_as_text(item);
    size_t parameter = 0;
    double scale = 1;

    CLV_CHECK(name, err, CLV_BAD_ARGUMENT,
              "a group is a list of component names, such as { \"Co2+\", \"Co2+ satellite\" }");
    CLV_TRY(find_area(fit, name, &parameter, &scale, err));
    for (size_t i = 0; i < s->members; i++) {
        CLV_CHECK(s->parameter[i] != parameter, err, CLV_BAD_ARGUMENT, "\"%s\" stands in two groups", name);
    }
    CLV_CHECK(s->members < fit->model->count, err, CLV_BAD_ARGUMENT, "more members than the model has components");
    s->group[s->members] = s->groups;
    s->parameter[s->members] = parameter;
    s->scale[s->members++] = scale;
    if (!s->name[s->groups]) { s->name[s->groups] = name; }
    return CLV_OK;
}

static clv_status add_group(const clv_fit *fit, const clv_value *item, shares *s, clv_error *err)
{
    CLV_CHECK(s->groups < fit->model->count, err, CLV_BAD_ARGUMENT, "more groups than the model has components");
    if (clv_value_kind(item) == CLV_TABLE) {
        CLV_CHECK(clv_value_count(item) > 0, err, CLV_BAD_ARGUMENT, "an empty group");
        for (size_t i = 0; i < clv_value_count(item); i++) { CLV_TRY(add_member(fit, clv_value_at(item, i), s, err)); }
    } else {
        CLV_TRY(add_member(fit, item, s, err));
    }
    s->groups++;
    return CLV_OK;
}

static clv_status find_shares(const clv_fit *fit, const clv_value *groups, shares *s, clv_error *err)
{
    size_t room = fit->model->count + 1;

    s->group = calloc(room, sizeof *s->group);
    s->parameter = calloc(room, sizeof *s->parameter);
    s->scale = calloc(room, sizeof *s->scale);
    s->name = calloc(room, sizeof *s->name);
    CLV_CHECK(s->group && s->parameter && s->scale && s->name, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < clv_value_count(groups); i++) { CLV_TRY(add_group(fit, clv_value_at(groups, i), s, err)); }
    CLV_CHECK(s->groups > 1, err, CLV_BAD_ARGUMENT, "fractions of one thing alone are 1; name two or more components");
    return CLV_OK;
}

/* Whether an area stands on a bound, or is tied to something that may. */
static int on_bound(const clv_fit *fit, size_t spectrum, size_t parameter)
{
    uint8_t state = fit->state[spectrum * fit->all + parameter];

    return state == CLV_PARAMETER_AT_BOUND || state == CLV_PARAMETER_TIED;
}

/* One spectrum: the sum of all members and its variance by the total covariance of the fit. What stands on a bound is
   taken as known; any other member without an error makes the variance NaN. */
static double sum_of(const clv_fit *fit, size_t spectrum, const shares *s, double *variance)
{
    size_t p = fit->all, m = fit->plan->shared_count;
    double sum = 0;

    *variance = 0;
    for (size_t a = 0; a < s->members; a++) {
        sum += s->scale[a] * fit->value[spectrum * p + s->parameter[a]];
        for (size_t b = 0; b < s->members; b++) {
            const double *local = fit->local + spectrum * p * p;
            double c = local[s->parameter[a] * p + s->parameter[b]];

            for (size_t k = 0; k < m * m; k++) {
                c += fit->sensitivity[(spectrum * p + s->parameter[a]) * m + k / m] * fit->shared[k] *
                     fit->sensitivity[(spectrum * p + s->parameter[b]) * m + k % m];
            }
            if (isnan(c) && (on_bound(fit, spectrum, s->parameter[a]) || on_bound(fit, spectrum, s->parameter[b]))) {
                continue;
            }
            *variance += s->scale[a] * s->scale[b] * c;
        }
    }
    return sum;
}

/* Values and gradients of one group over all spectra, and the errors of what its bounds hold, were it free. Where the
 * sum is within two errors of zero there is no fraction.
 */
static void work_out(const clv_fit *fit, const shares *s, size_t group, double *values, double *gradient, double *held,
                     uint8_t *flags)
{
    size_t p = fit->all, width = p + fit->plan->shared_count;

    memset(gradient, 0, fit->count * width * sizeof *gradient);
    for (size_t i = 0; i < fit->count; i++) {
        double variance, part = 0, sum = sum_of(fit, i, s, &variance);
        double error = variance < 0 ? 0 : sqrt(variance);

        values[i] = held[i] = NAN;
        if (!(fabs(sum) > 2 * error) || fit_failed(fit, i)) {
            flags[i] |= fit_failed(fit, i) ? 0 : CLV_FIT_UNDETERMINED;
            continue;
        }
        for (size_t a = 0; a < s->members; a++) {
            if (s->group[a] == group) { part += s->scale[a] * fit->value[i * p + s->parameter[a]]; }
        }
        values[i] = part / sum;
        for (size_t a = 0; a < s->members; a++) {
            double area = s->scale[a] * fit->held_error[i * p + s->parameter[a]];

            if (isfinite(area)) { /* stands on its bound: it adds to no symmetric error, but to its own limit */
                if (s->group[a] == group) {
                    held[i] = hypot(isfinite(held[i]) ? held[i] : 0, area / fabs(sum));
                    gradient[i * width + s->parameter[a]] = part == 0; /* alone it has no error */
                }
                continue;
            }
            gradient[i * width + s->parameter[a]] = s->scale[a] * ((s->group[a] == group) - values[i]) / sum;
        }
    }
}

static clv_status fill_groups(const clv_fit *fit, const shares *s, clv_columns *columns, clv_error *err)
{
    size_t width = fit->all + fit->plan->shared_count;
    double *values = calloc(2 * fit->count + 1, sizeof *values);
    double *gradient = calloc(fit->count * width + 1, sizeof *gradient);
    uint8_t *flags = calloc(fit->count + 1, 1);
    clv_status status = values && gradient && flags ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    if (!status) { memcpy(flags, fit->flags, fit->count); }
    for (size_t g = 0; g < s->groups && !status; g++) {
        work_out(fit, s, g, values, gradient, values + fit->count, flags);
        status = clv_columns_fill(columns, g, s->name[g], "1", values, fit->source, gradient, err);
        if (!status) { status = clv_columns_set_held_error(columns, g, values + fit->count, err); }
    }
    if (!status) { status = clv_columns_set_flags(columns, flags, err); }
    free(values);
    free(gradient);
    free(flags);
    return status;
}

static int is_member(const shares *s, size_t parameter)
{
    for (size_t i = 0; i < s->members; i++) {
        if (s->parameter[i] == parameter) { return 1; }
    }
    return 0;
}

static clv_status say_left_out(const clv_fit *fit, const shares *s, clv_columns *columns, clv_error *err)
{
    char text[400] = "";
    size_t used = 0;

    for (size_t i = 0; i < fit->drawn_count; i++) {
        const model_component *component = &fit->model->components[fit->drawn[i]];
        int peak = component->type->role == CLV_ROLE_PEAK || component->type->role == CLV_ROLE_REFERENCE;

        if (!peak || is_member(s, component->first + component->thetas) || used + 2 >= sizeof text) { continue; }
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s",
                                 used ? ", " : "left out of the sum: ", component->name);
        if (used > sizeof text) { used = sizeof text; }
    }
    return used ? clv_columns_add_note(columns, text, err) : CLV_OK;
}

/* The scale of the reference whose coefficient that is: 'a' by area, 's' by edge step, 'n' none; 0 of what is no
   reference. */
static char scale_kind(const clv_fit *fit, const shares *s, size_t member, const char **name)
{
    for (size_t i = 0; i < fit->model->count; i++) {
        const model_component *component = &fit->model->components[i];
        const char *wanted = clv_options_text(component->options, "scale");

        if (s->parameter[member] != component->first + component->thetas) { continue; }
        *name = component->name;
        if (component->type->role != CLV_ROLE_REFERENCE || !wanted) { return 0; }
        if (strcmp(wanted, "auto") != 0) { return wanted[0]; }
        return fit_reference_by_area(component, s->scale[member]) ? 'a' : 's';
    }
    return 0;
}

/* Says on which scale references are compared; areas and steps are never added up. */
static clv_status say_scale(const clv_fit *fit, const shares *s, clv_columns *columns, clv_error *err)
{
    const char *first = NULL, *name = NULL;
    char kind = 0;

    for (size_t i = 0; i < s->members; i++) {
        char own = scale_kind(fit, s, i, &name);

        if (own == 0) { continue; }
        if (kind == 0) { first = name; }
        CLV_CHECK(
            kind == 0 || own == kind, err, CLV_BAD_ARGUMENT,
            "the references \"%s\" and \"%s\" are not on one scale (one ends on a step, the other does not); give "
            "both scale = \"area\", \"step\" or \"none\"",
            first, name);
        kind = own;
    }
    if (kind == 0) { return CLV_OK; }
    return clv_columns_add_note(columns,
                                kind == 'a'   ? "references are compared by their areas"
                                : kind == 's' ? "references are compared by their edge steps"
                                              : "references are compared by their coefficients",
                                err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_fit *fit = clv_value_as_object(call->on, CLV_FIT);
    clv_columns *columns = NULL;
    shares s = {0};
    clv_status status = find_shares(fit, clv_options_get(call->options, "groups"), &s, err);

    if (!status) { status = fit_columns_new(fit, s.groups, &columns, err); }
    if (!status) { status = fill_groups(fit, &s, columns, err); }
    if (!status) { status = say_left_out(fit, &s, columns, err); }
    if (!status) { status = say_scale(fit, &s, columns, err); }
    if (!status) { status = sputtering_add_note(fit->spectra, columns, err); }
    shares_clear(&s);
    if (status) {
        clv_columns_free(columns);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, columns);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "groups",
     .type = CLV_TYPE_GROUPS,
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "components, or lists of components that are added up and named after the first"},
    {0},
};

const clv_operation apply_fractions = {
    .size = sizeof(clv_operation),
    .name = "fractions",
    .doc = "areas of components or groups over their sum, with the covariances of the fit",
    .on = CLV_ON(CLV_FIT),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
