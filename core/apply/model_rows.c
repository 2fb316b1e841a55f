/* Turns what a user wrote for a component's parameters (a number, bounds, fixed, a formula, nothing) into states and
   starts. SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static clv_status grow(clv_model *model, model_parameter **parameter, clv_error *err)
{
    model_parameter *more = realloc(model->parameters, (model->parameter_count + 1) * sizeof *more);

    CLV_CHECK(more, err, CLV_NO_MEMORY, "model: out of memory");
    model->parameters = more;
    *parameter = &more[model->parameter_count++];
    **parameter = (model_parameter){.used = 1, .low = -INFINITY, .high = INFINITY, .start = NAN};
    return CLV_OK;
}

static clv_status name_parameter(model_parameter *parameter, const model_component *component, const char *name,
                                 clv_error *err)
{
    size_t size = strlen(component->name) + strlen(name) + 2;

    parameter->name = malloc(size);
    CLV_CHECK(parameter->name, err, CLV_NO_MEMORY, "model: out of memory");
    snprintf(parameter->name, size, "%s.%s", component->name, name);
    return CLV_OK;
}

static clv_status set_bounds(model_parameter *parameter, const clv_value *given, clv_error *err)
{
    double start = clv_value_as_number(clv_value_at(given, 0));
    double low = clv_value_as_number(clv_value_at(given, 1));
    double high = clv_value_as_number(clv_value_at(given, 2));

    CLV_CHECK(clv_value_count(given) == 3 && clv_value_name_count(given) == 0 && isfinite(start) && low < high, err,
              CLV_BAD_ARGUMENT, "%s: bounds are written { start, min, max } with min < max", parameter->name);
    CLV_CHECK(start >= low && start <= high, err, CLV_BAD_ARGUMENT, "%s: the start %g lies outside its bounds %g to %g",
              parameter->name, start, low, high);
    parameter->state = CLV_PARAMETER_FREE;
    parameter->start = start;
    parameter->low = fmax(low, parameter->low);
    parameter->high = fmin(high, parameter->high);
    parameter->bounded = 1;
    return CLV_OK;
}

static clv_status check_range(const model_parameter *parameter, const clv_parameter *row, clv_error *err)
{
    if (row->low == 0 && row->high == 0) { return CLV_OK; }
    CLV_CHECK(isnan(parameter->start) || (parameter->start >= row->low && parameter->start <= row->high), err,
              CLV_BAD_ARGUMENT, "%s is %g; it lies between %g and %g %s", parameter->name, parameter->start, row->low,
              row->high, row->unit ? row->unit : "");
    return CLV_OK;
}

static clv_status set_number(model_parameter *parameter, const clv_parameter *row, const clv_value *given, int fixed,
                             clv_error *err)
{
    parameter->state = fixed ? CLV_PARAMETER_FIXED : CLV_PARAMETER_FREE;
    parameter->start = clv_value_as_number(given);
    return check_range(parameter, row, err);
}

static clv_status set_given(model_parameter *parameter, const clv_parameter *row, const clv_value *given,
                            clv_error *err)
{
    switch (clv_value_kind(given)) {
    case CLV_NUMBER: return set_number(parameter, row, given, (row->flags & CLV_FIXED_BY_NUMBER) != 0, err);
    case CLV_FIXED: return set_number(parameter, row, given, 1, err);
    case CLV_TABLE: CLV_TRY(set_bounds(parameter, given, err)); return check_range(parameter, row, err);
    case CLV_TEXT:
        parameter->state = CLV_PARAMETER_TIED;
        parameter->text = strdup(clv_value_as_text(given));
        CLV_CHECK(parameter->text, err, CLV_NO_MEMORY, "model: out of memory");
        return CLV_OK;
    default:
        return clv_fail(err, CLV_BAD_ARGUMENT,
                        "%s is %s; it should be a number, { start, min, max }, cl.fixed(v) or a formula",
                        parameter->name, clv_kind_phrase(clv_value_kind(given)));
    }
}

static double from_line(const clv_line *line, const char *name)
{
    if (!line) { return NAN; }
    if (strcmp(name, "position") == 0) { return line->energy; }
    if (strcmp(name, "split") == 0) { return line->split; }
    if (strcmp(name, "ratio") == 0) { return line->ratio; }
    if (strcmp(name, "lorentzian") == 0) { return line->lorentzian; }
    if (strcmp(name, "broaden") == 0) { return line->broaden; }
    return NAN;
}

/* A preset is a literal as a user would write it; one bare value parses as a table of one. */
static clv_status set_literal(model_parameter *parameter, const clv_parameter *row, clv_error *err)
{
    clv_value *preset = NULL;
    const clv_value *given;
    clv_status status;

    CLV_TRY(clv_value_parse(row->preset, &preset, err));
    given = preset;
    if (clv_value_kind(preset) == CLV_TABLE && clv_value_count(preset) == 1) { given = clv_value_at(preset, 0); }
    status = set_given(parameter, row, given, err);
    clv_value_free(preset);
    return status;
}

static clv_status set_preset(model_parameter *parameter, const model_component *component, const clv_parameter *row,
                             clv_error *err)
{
    double line = row->flags & CLV_FROM_LINE ? from_line(component->line, row->name) : NAN;

    if (isfinite(line)) {
        parameter->state = strcmp(row->name, "position") == 0 ? CLV_PARAMETER_FREE : CLV_PARAMETER_FIXED;
        parameter->start = line;
        return CLV_OK;
    }
    if (row->preset) { return set_literal(parameter, row, err); }
    CLV_CHECK(row->flags & CLV_COEFFICIENT, err, CLV_BAD_ARGUMENT, "%s is missing; give it%s", parameter->name,
              row->flags & CLV_FROM_LINE ? ", or a `line` of the line library that knows it" : "");
    parameter->state = CLV_PARAMETER_FREE;
    return CLV_OK;
}

static int derivable(const model_component *component, const clv_parameter *row)
{
    const clv_component *type = component->type;

    return (row->flags & CLV_DERIVABLE) && (!type->uses || type->uses(component->options, row->name));
}

/* Of the parameters that follow from one another exactly one is left to be derived: those not given take their presets,
   in the order of the rows, until one remains. */
static clv_status find_derived(const model_component *component, const clv_parameter **left, clv_error *err)
{
    size_t open = 0, all = 0;

    *left = NULL;
    for (const clv_parameter *row = component->type->parameters; row->name; row++) {
        if (!derivable(component, row)) { continue; }
        all++;
        open += !clv_options_given(component->options, row->name);
    }
    CLV_CHECK(all < 2 || open > 0, err, CLV_BAD_ARGUMENT,
              "component \"%s\": fwhm, gaussian and lorentzian follow from one another; give at most two of them",
              component->name);
    for (const clv_parameter *row = component->type->parameters; row->name && all > 1; row++) {
        if (!derivable(component, row) || clv_options_given(component->options, row->name)) { continue; }
        if (open == 1 || !(row->preset || row->flags & CLV_FROM_LINE)) {
            *left = row;
            return CLV_OK;
        }
        open--;
    }
    return CLV_OK;
}

/* A word that the component knows ("scofield") is a number that fixes; 1 in *known. */
static clv_status set_word(model_parameter *parameter, const model_component *component, const clv_parameter *row,
                           const char *word, int *known, clv_error *err)
{
    double value = NAN;

    *known = 0;
    if (!word || !component->type->word) { return CLV_OK; }
    CLV_TRY(component->type->word(component->options, row->name, word, &value, err));
    if (isnan(value)) { return CLV_OK; }
    *known = 1;
    parameter->state = CLV_PARAMETER_FIXED;
    parameter->start = value;
    return check_range(parameter, row, err);
}

static clv_status set_row(model_parameter *parameter, const model_component *component, const clv_parameter *row,
                          const clv_parameter *derived, clv_error *err)
{
    int given = clv_options_given(component->options, row->name);

    if (component->type->uses && !component->type->uses(component->options, row->name)) {
        CLV_CHECK(!given, err, CLV_BAD_ARGUMENT, "component \"%s\": %s means nothing with these options",
                  component->name, row->name);
        parameter->used = 0;
        parameter->state = CLV_PARAMETER_FIXED;
        parameter->start = 0;
        return CLV_OK;
    }
    if (row == derived) {
        parameter->state = CLV_PARAMETER_DERIVED;
        return CLV_OK;
    }
    parameter->given = given;
    if (given) {
        const clv_value *value = clv_options_get(component->options, row->name);
        int known;

        CLV_TRY(set_word(parameter, component, row, clv_value_as_text(value), &known, err));
        return known ? CLV_OK : set_given(parameter, row, value, err);
    }
    return set_preset(parameter, component, row, err);
}

static clv_status add_row(clv_model *model, size_t place, const clv_parameter *row, const clv_parameter *derived,
                          clv_error *err)
{
    const model_component *component = &model->components[place];
    model_parameter *parameter;

    CLV_TRY(grow(model, &parameter, err));
    parameter->row = row;
    parameter->unit = row->unit;
    parameter->component = place;
    parameter->coefficient = (row->flags & CLV_COEFFICIENT) != 0;
    CLV_TRY(name_parameter(parameter, component, row->name, err));
    if (row->low != 0 || row->high != 0) {
        parameter->low = row->low;
        parameter->high = row->high;
    }
    CLV_TRY(set_row(parameter, component, row, derived, err));
    if (row->flags & CLV_NONNEGATIVE && !parameter->bounded) { parameter->low = fmax(parameter->low, 0); }
    return CLV_OK;
}

/* Columns whose number follows from the options, such as the powers of a polynomial. */
static clv_status add_counted(clv_model *model, size_t place, clv_error *err)
{
    const model_component *component = &model->components[place];
    size_t count = component->type->coefficient_count(component->options);
    char name[64];

    CLV_CHECK(count <= 32, err, CLV_BAD_ARGUMENT, "component \"%s\" has %zu columns; at most 32 are allowed",
              component->name, count);
    for (size_t i = 0; i < count; i++) {
        model_parameter *parameter;

        CLV_TRY(grow(model, &parameter, err));
        component->type->coefficient_name(component->options, i, name, sizeof name);
        CLV_TRY(name_parameter(parameter, component, name, err));
        parameter->unit = "signal";
        parameter->component = place;
        parameter->coefficient = 1;
        parameter->state = CLV_PARAMETER_FREE;
    }
    model->components[place].coefficients = count;
    return CLV_OK;
}

static int own_row(const model_component *component, const clv_parameter *row, int coefficients)
{
    if (row->type != CLV_TYPE_PARAMETER) { return 0; }
    if (component->type->has_level && strcmp(row->name, "level") == 0) { return 0; }
    return ((row->flags & CLV_COEFFICIENT) != 0) == coefficients;
}

static clv_status add_rows(clv_model *model, size_t place, int coefficients, const clv_parameter *derived,
                           clv_error *err)
{
    for (const clv_parameter *row = model->components[place].type->parameters; row->name; row++) {
        model_component *component = &model->components[place];

        if (!own_row(component, row, coefficients)) { continue; }
        if (!coefficients && row != derived && clv_options_given(component->options, row->name)) {
            component->given |= 1u << component->thetas;
        }
        CLV_TRY(add_row(model, place, row, derived, err));
        *(coefficients ? &component->coefficients : &component->thetas) += 1;
    }
    return CLV_OK;
}

/* How many columns a peak or a reference has, before its parameters stand; 0 for anything else. */
static size_t peak_columns(const model_component *component)
{
    const clv_component *type = component->type;
    size_t count = 0;

    if (type->role != CLV_ROLE_PEAK && type->role != CLV_ROLE_REFERENCE) { return 0; }
    if (type->coefficient_count) { return type->coefficient_count(component->options); }
    for (const clv_parameter *row = type->parameters; row && row->name; row++) {
        count += row->type == CLV_TYPE_PARAMETER && (row->flags & CLV_COEFFICIENT) != 0;
    }
    return count;
}

/* One step for each column of the peaks and references, in their order, called like the peak. */
static clv_status add_steps(clv_model *model, size_t place, clv_error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < model->count; i++) {
        for (size_t k = 0; k < peak_columns(&model->components[i]); k++, count++) {
            model_parameter *parameter;

            CLV_TRY(grow(model, &parameter, err));
            CLV_TRY(name_parameter(parameter, &model->components[place], model->components[i].name, err));
            parameter->unit = "signal";
            parameter->component = place;
            parameter->coefficient = 1;
            parameter->state = CLV_PARAMETER_FREE;
        }
    }
    CLV_CHECK(count > 0, err, CLV_BAD_ARGUMENT, "%s: per_peak needs a peak or a reference in the model",
              model->components[place].name);
    model->components[place].coefficients = count;
    return CLV_OK;
}

clv_status model_add_parameters(clv_model *model, size_t place, clv_error *err)
{
    model_component *component = &model->components[place];
    const clv_parameter *derived = NULL;

    component->first = model->parameter_count;
    if (model_is_inactive(component)) { return CLV_OK; }
    if (component->type->parameters) {
        CLV_TRY(find_derived(component, &derived, err));
        CLV_TRY(add_rows(model, place, 0, derived, err));
    }
    if (component->type->role == CLV_ROLE_STEPS) { return add_steps(model, place, err); }
    if (component->type->coefficient_count) { return add_counted(model, place, err); }
    return component->type->parameters ? add_rows(model, place, 1, derived, err) : CLV_OK;
}
