/* Makes models: a list of component values becomes named components with checked options and parameters.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/model.h"

#include <corelevel/text.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static clv_status level_columns(const clv_columns_call *call, clv_error *err)
{
    (void)err;
    for (size_t i = 0; i < call->count; i++) { call->value[0][i] = 1; }
    if (call->by_energy && call->by_energy[0]) { memset(call->by_energy[0], 0, call->count * sizeof(double)); }
    return CLV_OK;
}

static const clv_parameter level_rows[] = {
    {.name = "level",
     .type = CLV_TYPE_PARAMETER,
     .unit = "signal",
     .flags = CLV_COEFFICIENT,
     .doc = "the constant that all backgrounds of a model share"},
    {0},
};

const clv_component model_level_component = {
    .size = sizeof(clv_component),
    .name = "background",
    .doc = "the one constant level that constant, linear, polynomial and shirley share",
    .formula = "level",
    .role = CLV_ROLE_BACKGROUND,
    .parameters = level_rows,
    .columns = level_columns,
};

static void component_clear(model_component *component)
{
    free(component->name);
    clv_value_free(component->value);
    clv_options_free(component->options);
}

static void model_destroy(void *object)
{
    clv_model *model = object;

    for (size_t i = 0; i < model->count; i++) { component_clear(&model->components[i]); }
    for (size_t i = 0; i < model->parameter_count; i++) {
        free(model->parameters[i].name);
        free(model->parameters[i].text);
        clv_expression_free(model->parameters[i].tie);
    }
    free(model->components);
    free(model->parameters);
    free(model->names);
    free(model->places);
    free(model);
}

static const char *name_of(const clv_value *options)
{
    const clv_value *name = clv_value_get(options, "name");

    if (clv_value_kind(name) == CLV_TEXT) { return clv_value_as_text(name); }
    name = clv_value_at(options, 0);
    return clv_value_kind(name) == CLV_TEXT ? clv_value_as_text(name) : NULL;
}

static int has_name_row(const clv_component *type)
{
    for (const clv_parameter *row = type->parameters; row && row->name; row++) {
        if (strcmp(row->name, "name") == 0) { return 1; }
    }
    return 0;
}

int model_is_inactive(const model_component *component)
{
    return clv_options_given(component->options, "active") && !clv_options_boolean(component->options, "active");
}

int model_has_term(const model_component *component)
{
    return !model_is_inactive(component) && component->thetas + component->coefficients > 0;
}

static clv_status check_name(const clv_model *model, const char *name, clv_error *err)
{
    CLV_CHECK(*name && !strpbrk(name, "[]/."), err, CLV_BAD_ARGUMENT,
              "component \"%s\": a name holds none of [ ] / . and is not empty", name);
    CLV_CHECK(strcmp(name, "background") != 0, err, CLV_BAD_ARGUMENT,
              "component \"background\": this name is taken by the level that backgrounds share; choose another");
    for (size_t i = 0; i < model->count; i++) {
        CLV_CHECK(strcmp(model->components[i].name, name) != 0, err, CLV_BAD_ARGUMENT,
                  "component \"%s\" stands twice in the model; names are unique", name);
    }
    return CLV_OK;
}

static clv_status find_line(model_component *component, clv_error *err)
{
    const char *line = clv_options_text(component->options, "line");

    if (!line) { return CLV_OK; }
    if (clv_lines_find(line, component->name, &component->line, err)) {
        return clv_error_at(err, "component \"%s\": line", component->name);
    }
    return CLV_OK;
}

static clv_status check_options(model_component *component, clv_error *err)
{
    clv_status status = clv_options_check(component->type->name, component->type->parameters,
                                          clv_value_component_options(component->value), &component->options, err);

    if (status && has_name_row(component->type)) { clv_error_at(err, "component \"%s\"", component->name); }
    return status;
}

static clv_status add_component(clv_model *model, const clv_value *value, clv_error *err)
{
    model_component *component = &model->components[model->count];
    const char *name;

    CLV_CHECK(clv_value_kind(value) == CLV_COMPONENT, err, CLV_BAD_ARGUMENT,
              "model: a model is a list of components such as cl.peak or cl.shirley; item %zu is %s", model->count + 1,
              clv_kind_phrase(clv_value_kind(value)));
    CLV_TRY(clv_registry_find_component(clv_value_component_type(value), &component->type, err));
    name = component->type->name;
    if (has_name_row(component->type)) { name = name_of(clv_value_component_options(value)); }
    CLV_CHECK(name, err, CLV_BAD_ARGUMENT, "%s: a %s has a name as its first option, such as cl.%s { \"Co2+\", … }",
              component->type->name, component->type->name, component->type->name);
    CLV_TRY(check_name(model, name, err));
    component->name = strdup(name);
    CLV_CHECK(component->name, err, CLV_NO_MEMORY, "model: no memory for component \"%s\"", name);
    component->value = clv_value_ref(value);
    model->count++;
    CLV_TRY(check_options(component, err));
    if (component->type->size >= offsetof(clv_component, instead) + sizeof component->type->instead &&
        component->type->instead) {
        component->type = component->type->instead(component->options);
    }
    return find_line(component, err);
}

/* What was said of the level, by whichever of the backgrounds that bring it along; NULL when none says anything. */
static clv_status find_level(const clv_model *model, int *wanted, const clv_value **given, clv_error *err)
{
    const char *giver = NULL;

    for (size_t i = 0; i < model->count; i++) {
        const model_component *component = &model->components[i];

        if (!component->type->has_level || model_is_inactive(component)) { continue; }
        *wanted = 1;
        if (!clv_options_given(component->options, "level")) { continue; }
        CLV_CHECK(!giver, err, CLV_BAD_ARGUMENT,
                  "%s: level is given already by %s; the backgrounds of a model share one level", component->name,
                  giver);
        giver = component->name;
        *given = clv_options_get(component->options, "level");
    }
    return CLV_OK;
}

static clv_status add_level(clv_model *model, clv_error *err)
{
    int wanted = 0;
    const clv_value *given = NULL;
    model_component *level = &model->components[model->count];
    clv_value *options;

    CLV_TRY(find_level(model, &wanted, &given, err));
    if (!wanted) { return CLV_OK; }
    options = clv_value_table();
    if (given && clv_value_set(options, "level", clv_value_ref(given), err)) {
        clv_value_free(options);
        return CLV_NO_MEMORY;
    }
    level->type = &model_level_component;
    level->name = strdup("background");
    level->value = clv_value_component("background", options);
    model->count++;
    CLV_CHECK(level->name && level->value, err, CLV_NO_MEMORY, "model: out of memory");
    return check_options(level, err);
}

static clv_status fill(clv_model *model, const clv_value *components, clv_error *err)
{
    size_t count = clv_value_count(components);

    model->components = calloc(count + 1, sizeof *model->components);
    CLV_CHECK(model->components, err, CLV_NO_MEMORY, "model: out of memory");
    for (size_t i = 0; i < count; i++) { CLV_TRY(add_component(model, clv_value_at(components, i), err)); }
    model->written = model->count;
    CLV_TRY(add_level(model, err));
    for (size_t i = 0; i < model->count; i++) { CLV_TRY(model_add_parameters(model, i, err)); }
    return model_resolve_ties(model, err);
}

clv_status clv_model_new(const clv_value *components, clv_model **made, clv_error *err)
{
    clv_model *model;
    clv_status status;

    CLV_CHECK(clv_value_kind(components) == CLV_TABLE && clv_value_count(components) > 0, err, CLV_BAD_ARGUMENT,
              "model: a model is a list of at least one component, such as cl.model { cl.shirley {}, cl.peak { … } }");
    CLV_CHECK(clv_value_name_count(components) == 0, err, CLV_BAD_ARGUMENT,
              "model: \"%s\" is not an option of a model; a model is a list of components",
              clv_value_name_at(components, 0));
    model = clv_object_new(sizeof *model, CLV_MODEL, model_destroy);
    CLV_CHECK(model, err, CLV_NO_MEMORY, "model: out of memory");
    status = fill(model, components, err);
    if (status) {
        clv_model_free(model);
        return status;
    }
    *made = model;
    return CLV_OK;
}

/* One component alone is read as itself, not as a list of one. */
static clv_status wrap(clv_value **component, clv_error *err)
{
    clv_value *list = clv_value_table(), *alone = *component;

    *component = list;
    if (list) { return clv_value_append(list, alone, err); }
    clv_value_free(alone);
    return clv_fail(err, CLV_NO_MEMORY, "model: out of memory");
}

clv_status clv_model_parse(const char *text, clv_model **model, clv_error *err)
{
    clv_value *components = NULL;
    clv_status status = clv_value_parse(text, &components, err);

    if (!status && clv_value_kind(components) == CLV_COMPONENT) { status = wrap(&components, err); }
    if (!status) { status = clv_model_new(components, model, err); }
    clv_value_free(components);
    return status;
}

clv_model *clv_model_ref(const clv_model *model) { return clv_object_ref(model); }

void clv_model_free(clv_model *model) { clv_object_free(model); }

size_t clv_model_count(const clv_model *model) { return model->written; }

const char *clv_model_name(const clv_model *model, size_t place)
{
    return place < model->written ? model->components[place].name : NULL;
}

const clv_value *clv_model_component(const clv_model *model, size_t place)
{
    return place < model->written ? model->components[place].value : NULL;
}

size_t model_find_parameter(const clv_model *model, const char *name)
{
    for (size_t i = 0; i < model->parameter_count; i++) {
        if (model->parameters[i].used && strcmp(model->parameters[i].name, name) == 0) { return i; }
    }
    return SIZE_MAX;
}
