/* The operation `detected`: gives what is not above its noise as an upper limit.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/operations.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/columns.h"
#include "num/distribution.h"

/* A value this many errors below zero is not the noise of something that cannot be negative. */
#define SURELY_NEGATIVE 3.0

/* What is known of how far the values of one column scatter. */
static double scatter_of(const clv_columns *columns, size_t c, size_t point)
{
    const double *held = clv_columns_held_error(columns, c);
    double error = clv_columns_error(columns, c, point);

    if (!held || !isfinite(held[point])) { return error; }
    return isfinite(error) ? hypot(error, held[point]) : held[point];
}

/* Writes the limits of one column; counts values that are not below their detection limit by being negative. */
static void find_limits(const clv_columns *columns, size_t c, double level, double *limit, size_t *negative)
{
    double threshold = clv_distribution_normal_quantile(1 - level);

    for (size_t i = 0; i < clv_columns_points(columns); i++) {
        double value = clv_columns_value(columns, c, i), error = scatter_of(columns, c, i);

        limit[i] = NAN;
        if (!(error > 0) || !isfinite(value) || value > threshold * error) { continue; }
        if (value < -SURELY_NEGATIVE * error) {
            ++*negative;
            continue;
        }
        limit[i] = clv_distribution_upper_limit(value, error, level);
    }
}

static clv_status set_limits(clv_columns *made, double level, clv_error *err)
{
    size_t points = clv_columns_points(made), negative = 0;
    double *limit = calloc(points + 1, sizeof *limit);
    clv_status status = limit ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");
    char note[160];

    for (size_t c = 0; c < clv_columns_count(made) && !status; c++) {
        find_limits(made, c, level, limit, &negative);
        status = clv_columns_set_limit(made, c, limit, err);
    }
    free(limit);
    CLV_TRY(status);
    snprintf(note, sizeof note, "< x: not detected; the quantity lies below x with %g %% confidence (one-sided)",
             100 * level);
    CLV_TRY(clv_columns_add_note(made, note, err));
    if (negative == 0) { return CLV_OK; }
    snprintf(note, sizeof note, "%zu value%s lie%s more than %g errors below zero: no limit is given for %s", negative,
             negative == 1 ? "" : "s", negative == 1 ? "s" : "", SURELY_NEGATIVE, negative == 1 ? "it" : "them");
    return clv_columns_add_note(made, note, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_columns *columns = clv_value_as_object(call->on, CLV_COLUMNS);
    clv_columns *made = NULL;
    clv_status status = clv_columns_copy(columns, &made, err);

    if (!status) { status = set_limits(made, clv_options_number(call->options, "level"), err); }
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "level",
     .type = CLV_TYPE_NUMBER,
     .unit = "1",
     .preset = "0.95",
     .low = 0.5,
     .high = 0.999999,
     .place = 1,
     .doc = "confidence with which something is there, or below its limit; one-sided"},
    {0},
};

const clv_operation apply_detected = {
    .size = sizeof(clv_operation),
    .name = "detected",
    .doc =
        "gives what does not stand above its noise as an upper limit, \"< x\"; for quantities that cannot be negative",
    .source = "L. A. Currie, Anal. Chem. 40 (1968) 586, doi 10.1021/ac60259a007 (when something is detected); "
              "O. Helene, Nucl. Instrum. Methods 212 (1983) 319, doi 10.1016/0167-5087(83)90709-3 (its limit)",
    .on = CLV_ON(CLV_COLUMNS),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
