/* Reads the formulas that tie parameters to one another and refuses circles.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/model.h"

#include <stdlib.h>

static clv_status list_names(clv_model *model, clv_error *err)
{
    model->names = calloc(model->parameter_count + 1, sizeof *model->names);
    model->places = calloc(model->parameter_count + 1, sizeof *model->places);
    CLV_CHECK(model->names && model->places, err, CLV_NO_MEMORY, "model: out of memory");
    for (size_t i = 0; i < model->parameter_count; i++) {
        model->names[i] = model->parameters[i].name;
        model->places[i] = i;
    }
    return CLV_OK;
}

/* Depth-first walk along the ties: `mark` is 1 while a parameter is being followed, 2 when it is known to be free of
 * circles. */
static clv_status follow(const clv_model *model, size_t place, char *mark, clv_error *err)
{
    const model_parameter *parameter = &model->parameters[place];
    const size_t *used;
    size_t count = 0;

    CLV_CHECK(mark[place] != 1, err, CLV_BAD_ARGUMENT,
              "%s is tied to itself through \"%s\"; ties must not make a circle", parameter->name,
              parameter->text ? parameter->text : "");
    if (mark[place] == 2 || !parameter->tie) { return CLV_OK; }
    mark[place] = 1;
    used = clv_expression_names_used(parameter->tie, &count);
    for (size_t i = 0; i < count; i++) { CLV_TRY(follow(model, used[i], mark, err)); }
    mark[place] = 2;
    return CLV_OK;
}

static clv_status refuse_circles(const clv_model *model, clv_error *err)
{
    char *mark = calloc(model->parameter_count + 1, 1);
    clv_status status = CLV_OK;

    CLV_CHECK(mark, err, CLV_NO_MEMORY, "model: out of memory");
    for (size_t i = 0; i < model->parameter_count && !status; i++) { status = follow(model, i, mark, err); }
    free(mark);
    return status;
}

clv_status model_resolve_ties(clv_model *model, clv_error *err)
{
    CLV_TRY(list_names(model, err));
    for (size_t i = 0; i < model->parameter_count; i++) {
        model_parameter *parameter = &model->parameters[i];

        if (!parameter->text) { continue; }
        if (clv_expression_new(parameter->text, model->names, model->parameter_count, &parameter->tie, err)) {
            return clv_error_at(err, "%s = \"%s\"", parameter->name, parameter->text);
        }
    }
    return refuse_circles(model, err);
}
