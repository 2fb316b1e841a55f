/* What a model is made of once its names are resolved: components with checked options, parameters with ties.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_MODEL_H
#define CLV_APPLY_MODEL_H

#include <corelevel/expression.h>
#include <corelevel/fit.h>
#include <corelevel/lines.h>
#include <corelevel/registry.h>

#include "data/object.h"

/* One parameter as the model asks for it. */
typedef struct model_parameter {
    char *name;               /* "Co3+.position" */
    const clv_parameter *row; /* NULL for columns whose number depends on the options */
    const char *unit;
    size_t component;
    clv_parameter_state state; /* FREE, FIXED, TIED or DERIVED */
    int coefficient;
    int used;    /* 0: stands in theta as 0 and appears nowhere */
    int given;   /* the user wrote something for it */
    int bounded; /* the user wrote bounds: they hold whatever `nonnegative` presets */
    double start, low, high;
    char *text; /* TIED: the formula as written */
    clv_expression *tie;
} model_parameter;

/* One component. */
typedef struct model_component {
    char *name; /* "Co3+"; the type's name for components without one; "background" for the level */
    clv_value *value;
    const clv_component *type;
    clv_options *options;
    const clv_line *line; /* from the line library, NULL without `line` */
    size_t first, thetas, coefficients;
    uint32_t given; /* which thetas were given, bit by bit */
} model_component;

struct clv_model {
    clv_object object;
    model_component *components;
    size_t count;   /* the level, when there is one, is the last */
    size_t written; /* as the user wrote: without the level */
    model_parameter *parameters;
    size_t parameter_count;
    const char **names; /* of all parameters, for expressions */
    size_t *places;     /* 0, 1, 2 …: parameter place of each name */
};

/* The constant level that backgrounds share, as a component of its own. */
extern const clv_component model_level_component;

/* Fills the parameters of one component from its options (model_rows.c); finds the ties (model_ties.c). */
clv_status model_add_parameters(clv_model *model, size_t component, clv_error *err);
clv_status model_resolve_ties(clv_model *model, clv_error *err);

/* Whether a background is made from the data before the fit (`active = false`) instead of fitted with the peaks. */
int model_is_inactive(const model_component *component);

/* Whether a component is a term of the fit: neither inactive nor one that only brings the common level. */
int model_has_term(const model_component *component);

/* Place of a parameter by its full name, SIZE_MAX when there is none. */
size_t model_find_parameter(const clv_model *model, const char *name);

#endif
