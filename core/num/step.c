/* Fits a smooth step between two plateaus to points. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/step.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOW, HIGH, PLACE, SPREAD, PARAMETERS };

#define STEPS 200

typedef double matrix[PARAMETERS][PARAMETERS];

typedef struct profile {
    const double *x, *y;
    double *weight; /* [count]; 1/error^2, or 1 where errors are not known */
    size_t count;
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

static clv_status fit_profile(const profile *d, double best[PARAMETERS], matrix covariance, double *least,
                              clv_error *err)
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
              "the points determine no step: they must hold both plateaus and points between them");
    return CLV_OK;
}

/* Points whose error is not known make all points count alike. */
static void weigh(const double *error, size_t count, double *weight, int *weighted)
{
    *weighted = error != NULL;
    for (size_t i = 0; i < count && *weighted; i++) {
        *weighted = error[i] > 0 && isfinite(error[i]);
        weight[i] = 1 / (error[i] * error[i]);
    }
    for (size_t i = 0; i < count && !*weighted; i++) { weight[i] = 1; }
}

clv_status clv_step_fit(const double *x, const double *y, const double *error, size_t count, clv_step *step,
                        clv_error *err)
{
    double p[PARAMETERS] = {0}, least = 0, scatter;
    matrix covariance = {{0}};
    profile d = {.x = x, .y = y, .count = count};
    int weighted;
    clv_status status;

    CLV_CHECK(count > PARAMETERS, err, CLV_BAD_ARGUMENT, "%zu points; a step between two plateaus needs at least %d",
              count, PARAMETERS + 1);
    d.weight = calloc(count, sizeof *d.weight);
    CLV_CHECK(d.weight, err, CLV_NO_MEMORY, "out of memory");
    weigh(error, count, d.weight, &weighted);
    status = fit_profile(&d, p, covariance, &least, err);
    free(d.weight);
    CLV_TRY(status);
    scatter = least / (double)(count - PARAMETERS);
    *step = (clv_step){.low = p[LOW], .high = p[HIGH], .place = p[PLACE], .spread = p[SPREAD], .reduced = scatter};
    for (int a = 0; a < PARAMETERS; a++) {
        for (int b = 0; b < PARAMETERS; b++) {
            step->covariance[a][b] = covariance[a][b] * (weighted ? fmax(1, scatter) : scatter);
        }
    }
    return CLV_OK;
}
