/* The operation `interface_width`: where a profile crosses an interface and how wide that is between 16 and 84 %.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "xps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOW, HIGH, PLACE, SPREAD, PARAMETERS };

#define STEPS 200

typedef double matrix[PARAMETERS][PARAMETERS];

typedef struct profile {
    const double *x;
    double *y, *weight; /* [count]; weights are 1/error^2, or 1 where errors are not known */
    size_t count;
    int weighted;
} profile;

/* low + (high - low) Phi((x - place)/spread), with its derivatives. 16 and 84 % lie one spread from the place (Phi(1) =
   0.8413). */
static double step_at(const double p[PARAMETERS], double x, double by[PARAMETERS])
{
    double t = (x - p[PLACE]) / p[SPREAD], part = 0.5 * erfc(-t / sqrt(2));
    double slope = (p[HIGH] - p[LOW]) * exp(-0.5 * t * t) / (p[SPREAD] * sqrt(2 * M_PI));

    by[LOW] = 1 - part;
    by[HIGH] = part;
    by[PLACE] = -slope;
    by[SPREAD] = -slope * t;
    return p[LOW] + (p[HIGH] - p[LOW]) * part;
}

static double misfit(const profile *d, const double p[PARAMETERS], matrix gram, double slope[PARAMETERS])
{
    double sum = 0, by[PARAMETERS];

    memset(gram, 0, sizeof(matrix));
    memset(slope, 0, PARAMETERS * sizeof *slope);
    for (size_t i = 0; i < d->count; i++) {
        double off = d->y[i] - step_at(p, d->x[i], by);

        sum += d->weight[i] * off * off;
        for (int a = 0; a < PARAMETERS; a++) {
            slope[a] += d->weight[i] * by[a] * off;
            for (int b = 0; b < PARAMETERS; b++) { gram[a][b] += d->weight[i] * by[a] * by[b]; }
        }
    }
    return sum;
}

/* Solves a symmetric system in place by elimination with pivots on the diagonal scaled to one; 0 when it is singular.
 */
static int invert(matrix m, matrix inverse)
{
    double work[PARAMETERS][2 * PARAMETERS], scale[PARAMETERS];

    for (int a = 0; a < PARAMETERS; a++) {
        scale[a] = m[a][a] > 0 ? 1 / sqrt(m[a][a]) : 0;
        if (scale[a] == 0) { return 0; }
    }
    for (int a = 0; a < PARAMETERS; a++) {
        for (int b = 0; b < PARAMETERS; b++) {
            work[a][b] = m[a][b] * scale[a] * scale[b];
            work[a][PARAMETERS + b] = a == b;
        }
    }
    for (int a = 0; a < PARAMETERS; a++) {
        double pivot = work[a][a];

        if (!(pivot > 1e-12)) { return 0; }
        for (int c = 0; c < 2 * PARAMETERS; c++) { work[a][c] /= pivot; }
        for (int r = 0; r < PARAMETERS; r++) {
            double by = work[r][a];
            for (int c = 0; r != a && c < 2 * PARAMETERS; c++) { work[r][c] -= by * work[a][c]; }
        }
    }
    for (int a = 0; a < PARAMETERS; a++) {
        for (int b = 0; b < PARAMETERS; b++) { inverse[a][b] = work[a][PARAMETERS + b] * scale[a] * scale[b]; }
    }
    return 1;
}

/* Levenberg and Marquardt from a start; the covariance where it settled. Gives the misfit, infinite where it did not.
 */
static double settle(const profile *d, double p[PARAMETERS], matrix covariance)
{
    double slope[PARAMETERS], unused[PARAMETERS], damping = 1e-3;
    matrix gram, damped, inverse, other;
    double now = misfit(d, p, gram, slope);

    for (int s = 0; s < STEPS && damping < 1e12; s++) {
        double trial[PARAMETERS], then;

        memcpy(damped, gram, sizeof damped);
        for (int a = 0; a < PARAMETERS; a++) { damped[a][a] *= 1 + damping; }
        if (!invert(damped, inverse)) { return INFINITY; }
        for (int a = 0; a < PARAMETERS; a++) {
            trial[a] = p[a];
            for (int b = 0; b < PARAMETERS; b++) { trial[a] += inverse[a][b] * slope[b]; }
        }
        then = trial[SPREAD] > 0 ? misfit(d, trial, other, unused) : INFINITY;
        if (!(then <= now)) {
            damping *= 10;
            continue;
        }
        int done = now - then <= 1e-12 * now;
        memcpy(p, trial, sizeof trial);
        now = misfit(d, p, gram, slope);
        damping = fmax(damping / 10, 1e-12);
        if (done) { break; }
    }
    return invert(gram, covariance) ? now : INFINITY;
}

/* The ends of the profile are the plateaus to begin with, and the interface lies where it crosses their middle. */
static void begin_at(const profile *d, double width, double p[PARAMETERS])
{
    size_t n = d->count, some = n / 8 + 1;
    double middle;

    p[LOW] = p[HIGH] = 0;
    for (size_t i = 0; i < some; i++) {
        p[LOW] += d->y[i] / (double)some;
        p[HIGH] += d->y[n - 1 - i] / (double)some;
    }
    middle = 0.5 * (p[LOW] + p[HIGH]);
    p[PLACE] = 0.5 * (d->x[0] + d->x[n - 1]);
    for (size_t i = 1; i < n; i++) {
        if ((d->y[i - 1] - middle) * (d->y[i] - middle) <= 0 && d->y[i] != d->y[i - 1]) {
            p[PLACE] = d->x[i - 1] + (middle - d->y[i - 1]) / (d->y[i] - d->y[i - 1]) * (d->x[i] - d->x[i - 1]);
            break;
        }
    }
    p[SPREAD] = width;
}

static clv_status fit_step(const profile *d, double best[PARAMETERS], matrix covariance, double *least, clv_error *err)
{
    double span = d->x[d->count - 1] - d->x[0];

    *least = INFINITY;
    for (int k = 0; k < 4; k++) {
        double p[PARAMETERS], found;
        matrix own;

        begin_at(d, span / (double)(3 << (2 * k)), p);
        found = settle(d, p, own);
        if (!(found < *least)) { continue; }
        *least = found;
        memcpy(best, p, sizeof p);
        memcpy(covariance, own, sizeof own);
    }
    CLV_CHECK(isfinite(*least), err, CLV_NOT_CONVERGED,
              "the profile determines no interface: it must hold both plateaus and points between them");
    return CLV_OK;
}

/* ---- Columns */

static clv_status read_profile(const clv_columns *columns, size_t c, profile *d, clv_error *err)
{
    const clv_axis *axis = clv_columns_axis(columns, 0);
    size_t n = clv_columns_points(columns);
    double *x;

    x = calloc(3 * n + 1, sizeof *x);
    CLV_CHECK(x, err, CLV_NO_MEMORY, "out of memory");
    *d = (profile){.x = x, .y = x + n, .weight = x + 2 * n, .weighted = 1};
    for (size_t i = 0; i < n; i++) {
        double value = clv_columns_value(columns, c, i), error = clv_columns_error(columns, c, i);

        if (!isfinite(value)) { continue; }
        x[d->count] = clv_axis_values(axis)[i];
        d->y[d->count] = value;
        d->weight[d->count++] = 1 / (error * error);
        d->weighted &= error > 0 && isfinite(error);
    }
    for (size_t i = 0; !d->weighted && i < d->count; i++) { d->weight[i] = 1; }
    CLV_CHECK(d->count >= PARAMETERS + 1, err, CLV_BAD_ARGUMENT,
              "%s has %zu values along %s; an interface needs at least %d", clv_columns_name(columns, c), d->count,
              clv_axis_name(axis), PARAMETERS + 1);
    return CLV_OK;
}

/* Place and width with their covariance, widened where the points scatter more than their errors say. */
static clv_status fill(const clv_columns *columns, size_t c, const double p[PARAMETERS], matrix covariance,
                       double factor, clv_columns *made, clv_error *err)
{
    static const double gradients[2][2] = {{1, 0}, {0, 2}};
    static const char *const words[] = {"position", "width"};
    double local[4] = {factor * covariance[PLACE][PLACE], factor * covariance[PLACE][SPREAD],
                       factor * covariance[PLACE][SPREAD], factor * covariance[SPREAD][SPREAD]};
    double value[2] = {p[PLACE], 2 * p[SPREAD]};
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

static clv_status one_column(const clv_columns *columns, size_t c, clv_columns *made, clv_error *err)
{
    double p[PARAMETERS] = {0}, least = 0, scatter;
    matrix covariance = {{0}};
    profile d = {NULL};
    clv_status status = read_profile(columns, c, &d, err);

    if (!status) { status = fit_step(&d, p, covariance, &least, err); }
    if (!status) {
        scatter = least / (double)(d.count - PARAMETERS);
        status = fill(columns, c, p, covariance, d.weighted ? fmax(1, scatter) : scatter, made, err);
    }
    if (status) { clv_error_at(err, "%s", clv_columns_name(columns, c)); }
    free((double *)(uintptr_t)d.x);
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
