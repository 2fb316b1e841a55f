/* The operation `preview`: a model as it stands before anything is fitted, only its areas found.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/fit_object.h"
#include "apply/operations.h"

/* Shapes and positions stay at their starts; ties follow them. Areas have no start: they are solved for. */
static void hold_shapes(fit_plan *plan, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!plan->parameters[i].coefficient && plan->parameters[i].state == CLV_PARAMETER_FREE) {
            plan->parameters[i].state = CLV_PARAMETER_FIXED;
        }
    }
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_model *model = clv_value_as_object(call->on, CLV_MODEL);
    const clv_spectra *spectra = clv_value_as_object(clv_options_get(call->options, "spectra"), CLV_SPECTRA);
    fit_wish wish = {.statistics = CLV_STATISTICS_LEAST_SQUARES,
                     .statistics_name = "least_squares",
                     .uncertainty = "covariance",
                     .nonnegative = -1};
    fit_plan *plan = NULL;
    clv_fit *fit = NULL;
    clv_status status;

    clv_spectra_window(spectra, &wish.low, &wish.high);
    CLV_TRY(fit_plan_new(model, spectra, &wish, &plan, err));
    hold_shapes(plan, model->parameter_count);
    CLV_TRY(fit_object_new(spectra, model, &wish, plan, &fit, err));
    status = fit_run(fit, err);
    if (!status) {
        status =
            fit_note(fit, err, "a preview: shapes and positions stand where they start, only areas were solved for");
    }
    if (status) {
        clv_fit_free(fit);
        return status;
    }
    *result = clv_value_object(CLV_FIT, fit);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "spectra",
     .type = CLV_TYPE_OBJECT,
     .kinds = CLV_ON(CLV_SPECTRA),
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "what the model is laid over"},
    {0},
};

const clv_operation apply_preview = {
    .size = sizeof(clv_operation),
    .name = "preview",
    .doc = "lays the model over spectra as it starts, nothing fitted but areas: print it or plot it before a fit",
    .on = CLV_ON(CLV_MODEL),
    .gives = CLV_FIT,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
