/* The operation `interface_width`: where a profile crosses an interface and how wide that is between 16 and 84 %.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "xps.h"

#include <corelevel/step.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Place and width with their covariance. */
static clv_status fill(const clv_columns *columns, size_t c, const clv_step *step, clv_columns *made, clv_error *err)
{
    static const double gradients[2][2] = {{1, 0}, {0, 2}};
    static const char *const words[] = {"position", "width"};
    double local[4] = {step->covariance[2][2], step->covariance[2][3], step->covariance[3][2], step->covariance[3][3]};
    double value[2] = {step->place, 2 * step->spread};
    clv_uncertainty *source = NULL;
    clv_status status;

    CLV_TRY(clv_uncertainty_new(1, 2, local, 0, NULL, NULL, &source, err));
    status = CLV_OK;
    for (size_t k = 0; k < 2 && !status; k++) {
        char name[300];

        snprintf(name, sizeof name, "%s.%s", clv_columns_name(columns, c), words[k]);
        status = clv_columns_fill(made, 2 * c + k, clv_columns_count(columns) == 1 ? words[k] : name,
                                  clv_axis_unit(clv_columns_axis(columns, 0)), &value[k], source, gradients[k], err);
    }
    clv_uncertainty_free(source);
    return status;
}

/* The finite values of a column along its axis. */
static size_t take_points(const clv_columns *columns, size_t c, double *x, double *y, double *error)
{
    const clv_axis *axis = clv_columns_axis(columns, 0);
    size_t count = 0;

    for (size_t i = 0; i < clv_columns_points(columns); i++) {
        double value = clv_columns_value(columns, c, i);

        if (!isfinite(value)) { continue; }
        x[count] = clv_axis_values(axis)[i];
        y[count] = value;
        error[count++] = clv_columns_error(columns, c, i);
    }
    return count;
}

static clv_status one_column(const clv_columns *columns, size_t c, clv_columns *made, clv_error *err)
{
    size_t n = clv_columns_points(columns);
    double *x = calloc(3 * n + 1, sizeof *x);
    clv_step step;
    clv_status status;

    CLV_CHECK(x, err, CLV_NO_MEMORY, "out of memory");
    status = clv_step_fit(x, x + n, x + 2 * n, take_points(columns, c, x, x + n, x + 2 * n), &step, err);
    if (!status) { status = fill(columns, c, &step, made, err); }
    if (status) { clv_error_at(err, "%s", clv_columns_name(columns, c)); }
    free(x);
    return status;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_columns *columns = clv_value_as_object(call->on, CLV_COLUMNS);
    size_t count = clv_columns_count(columns);
    clv_columns *made = NULL;
    clv_status status;

    CLV_CHECK(clv_columns_axis_count(columns) == 1, err, CLV_BAD_ARGUMENT,
              "an interface is sought along one axis, and these values stand on %zu", clv_columns_axis_count(columns));
    CLV_TRY(clv_columns_new(NULL, 0, 2 * count, &made, err));
    status = CLV_OK;
    for (size_t c = 0; c < count && !status; c++) { status = one_column(columns, c, made, err); }
    if (!status) {
        status = clv_columns_add_note(made,
                                      "width from 16 to 84 % of an error function between two plateaus; it holds what "
                                      "sputtering, roughness and the depth of escape add to the interface",
                                      err);
    }
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

const clv_operation xps_interface_width = {
    .size = sizeof(clv_operation),
    .name = "interface_width",
    .doc = "fits an error function to a profile: where the interface lies and its width from 16 to 84 %",
    .source =
        "ISO 18115-1:2023 (interface width, depth resolution); S. Hofmann, Surf. Interface Anal. 27 (1999) 825, doi "
        "10.1002/(SICI)1096-9918(199909)27:9<825::AID-SIA639>3.0.CO;2-D",
    .on = CLV_ON(CLV_COLUMNS),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .run = run,
};
