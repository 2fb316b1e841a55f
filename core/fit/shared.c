/* Shared parameters: one global fit of a series whose local parameters are eliminated spectrum by spectrum.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/cholesky.h"
#include "fit/engine.h"
#include "fit/workspace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 12
#define DAMPING 1e-3

/* As in the iteration of one spectrum: a step that brings less than this of what it promised is too long. */
#define LEAST_GAIN 0.25
#define OVERSHOT 1.0

/* Local fits are more precise than the global one: what is left in them is noise in its deviance. */
#define LOCAL_TOLERANCE 0.1

/* A global fit under way. All arrays by spectrum are filled by whichever worker and read in order. */
typedef struct series {
    const clv_problem *problem;
    const clv_problem_data *data;
    size_t count, workers, p, m;
    clv_engine **engine; /* [workers] */
    clv_solution *out;
    clv_series_runner run;
    void *context;
    const double *trial;          /* [m] where the shared parameters stand in this pass */
    int cold;                     /* a pass from the model's own starts */
    double *kept, *kept_shift;    /* [count][p] local values of the last accepted pass, [count] */
    double *schur, *slope;        /* [count][m][m], [count][m] */
    double *deviance, *size;      /* [count], [count][m] */
    double *kept_deviance;        /* [count] */
    double *sensitivity;          /* [count][p][m], where the caller has no room */
    double *total, *gradient;     /* [m][m], [m] */
    double *here, *there, *delta; /* [m] */
    double *work;                 /* for factorisations */
    uint8_t *frozen;              /* [m] */
    uint8_t *left_out;            /* [count] cannot be fitted: it says nothing of what is shared */
    double sum;                   /* deviance of the last accepted pass */
    clv_status status;            /* of making it, or of the first spectrum that could not be taken in */
    size_t failed;                /* that spectrum */
    clv_status *statuses;         /* [count] */
} series;

/* What one spectrum says of the shared parameters once its own are eliminated. */
static void eliminate(series *s, const clv_engine *engine, size_t i)
{
    size_t n = engine->n_all, first = engine->n_linear + engine->n_local;
    double *column = engine->row, *x = column + n;

    for (size_t a = 0; a < s->m; a++) {
        for (size_t k = 0; k < n; k++) { column[k] = engine->gram[k * n + first + a]; }
        clv_cholesky_solve(engine->gram, n, engine->frozen, n, 0, column, x, engine->small);
        double slope = engine->slope[first + a];
        for (size_t k = 0; k < n; k++) { slope -= x[k] * engine->slope[k]; }
        s->slope[i * s->m + a] = slope;
        for (size_t b = 0; b < s->m; b++) {
            double sum = engine->gram[(first + b) * n + first + a];
            for (size_t k = 0; k < n; k++) { sum -= x[k] * engine->gram[k * n + first + b]; }
            s->schur[(i * s->m + b) * s->m + a] = sum;
        }
        s->size[i * s->m + a] = engine->own_size[engine->n_local + a];
    }
}

static void fit_one(void *payload, size_t i, size_t worker)
{
    series *s = payload;
    clv_engine *engine = s->engine[worker];
    clv_solution before = {.value = s->kept + i * s->p, .shift = s->kept_shift[i]}, *out = &s->out[i];
    clv_error err = {0};

    engine->held = s->trial;
    clv_status status = clv_engine_fit(engine, &s->data[i], s->cold ? NULL : &before, out, &err);
    memset(s->schur + i * s->m * s->m, 0, s->m * s->m * sizeof(double));
    memset(s->slope + i * s->m, 0, s->m * sizeof(double));
    for (size_t a = 0; a < s->m; a++) { s->size[i * s->m + a] = INFINITY; }
    s->statuses[i] = status;
    s->deviance[i] = s->left_out[i] ? 0 : INFINITY;
    if (status || s->left_out[i] || (out->flags & CLV_FIT_NOT_FINITE)) { return; }
    s->deviance[i] = out->deviance - (out->flags & CLV_FIT_NOT_CONVERGED ? 0 : engine->expected);
    eliminate(s, engine, i);
}

/* One ordered pass over the series at the shared values `at`; gives the whole deviance, infinite when a spectrum has
   none there, NaN when one could not be taken in. */
static double pass(series *s, const double *at)
{
    double sum = 0;

    s->trial = at;
    if (s->run) {
        s->run(s->context, s->count, fit_one, s);
    } else {
        for (size_t i = 0; i < s->count; i++) { fit_one(s, i, 0); }
    }
    for (size_t i = 0; i < s->count; i++) {
        sum += s->deviance[i];
        if (s->statuses[i] && !s->status) {
            s->status = s->statuses[i];
            s->failed = i;
        }
    }
    return s->status ? NAN : sum;
}

/* Keeps what a pass found, and adds up what its spectra say, in their order. */
static void accept(series *s, double sum)
{
    size_t m = s->m;

    s->sum = sum;
    s->cold = 0;
    memset(s->total, 0, m * m * sizeof(double));
    memset(s->gradient, 0, m * sizeof(double));
    for (size_t i = 0; i < s->count; i++) {
        memcpy(s->kept + i * s->p, s->out[i].value, s->p * sizeof(double));
        s->kept_shift[i] = s->out[i].shift;
        for (size_t k = 0; k < m * m; k++) { s->total[k] += s->schur[i * m * m + k]; }
        for (size_t k = 0; k < m; k++) { s->gradient[k] += s->slope[i * m + k]; }
    }
}

static void bounds(const series *s, size_t a, double *low, double *high)
{
    clv_step_bounds(s->engine[0], s->engine[0]->n_local + a, low, high);
}

static void freeze(series *s)
{
    for (size_t a = 0; a < s->m; a++) {
        double low, high, own = s->total[a * s->m + a];
        bounds(s, a, &low, &high);
        s->frozen[a] = (s->here[a] <= low && s->gradient[a] <= 0) || (s->here[a] >= high && s->gradient[a] >= 0) ||
                       !(own > 0) || !isfinite(own);
    }
}

/* Where a step leads: no further than the natural size of each parameter, and within its bounds. */
static void step(series *s)
{
    for (size_t a = 0; a < s->m; a++) {
        double low, high, most = INFINITY;
        for (size_t i = 0; i < s->count; i++) { most = fmin(most, s->size[i * s->m + a]); }
        double delta = most < INFINITY ? fmin(fmax(s->delta[a], -most), most) : s->delta[a];
        bounds(s, a, &low, &high);
        s->there[a] = fmin(fmax(s->here[a] + delta, low), high);
    }
}

static double degrees(const series *s)
{
    double dof = -(double)s->m;

    for (size_t i = 0; i < s->count; i++) { dof += s->left_out[i] ? 0 : s->out[i].dof; }
    return dof;
}

/* What counts as 1 in the deviance. */
static double unit(const series *s)
{
    return s->problem->statistics == CLV_STATISTICS_LEAST_SQUARES ? s->sum / fmax(degrees(s), 1) : 1;
}

/* The damped step of the shared parameters; gives the decrease of the deviance that it promises. */
static double aim(series *s, double damping)
{
    double promised = 0;

    clv_cholesky_solve(s->total, s->m, s->frozen, 0, damping, s->gradient, s->delta, s->work);
    for (size_t a = 0; a < s->m; a++) { promised += s->delta[a] * s->gradient[a]; }
    return promised;
}

/* Steps with growing damping until the whole deviance does not rise. */
static int descend(series *s, double *damping)
{
    double before = s->sum, limit = before + 1e-10 * fabs(before) + 0.1 * s->problem->tolerance * unit(s);

    for (int tries = 0; tries < TRIES; tries++) {
        double promised = aim(s, *damping);
        step(s);
        double sum = pass(s, s->there);
        if (sum <= limit) {
            memcpy(s->here, s->there, s->m * sizeof(double));
            accept(s, sum);
            if (before - sum < LEAST_GAIN * promised) {
                *damping = fmax(4 * *damping, OVERSHOT);
            } else {
                *damping = *damping > 1e-6 ? 0.02 * *damping : 0;
            }
            return 1;
        }
        *damping = *damping > 0 ? 10 * *damping : DAMPING;
    }
    return 0;
}

/* The first pass; spectra without a finite fit in it are left out from then on. */
static void begin(series *s)
{
    pass(s, s->here);
    double sum = 0;
    for (size_t i = 0; i < s->count; i++) {
        s->left_out[i] = !isfinite(s->deviance[i]);
        sum += s->left_out[i] ? 0 : s->deviance[i];
    }
    accept(s, sum);
}

/* No step helps from here: perhaps some spectrum sits in a false minimum of its own. All are fitted again from their
   model's starts, and whatever is better is kept. Tells whether the whole got better by more than noise. */
static int renew(series *s)
{
    double before = s->sum;

    for (size_t i = 0; i < s->count; i++) { s->kept_deviance[i] = s->deviance[i]; }
    s->cold = 1;
    pass(s, s->here);
    s->cold = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->deviance[i] < s->kept_deviance[i]) {
            memcpy(s->kept + i * s->p, s->out[i].value, s->p * sizeof(double));
            s->kept_shift[i] = s->out[i].shift;
        }
    }
    accept(s, pass(s, s->here));
    return s->sum < before - s->problem->tolerance * unit(s);
}

/* Spectra whose own fits do not settle would keep the whole from settling: the others go on without them. They are
   still fitted at the shared values, and keep their flags. Tells whether there were any. */
static int leave_out(series *s)
{
    size_t found = 0, left = 0;

    for (size_t i = 0; i < s->count; i++) {
        int unsettled = (s->out[i].flags & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) != 0;
        found += unsettled && !s->left_out[i];
        left += !unsettled && !s->left_out[i];
    }
    if (found == 0 || left == 0) { return 0; }
    for (size_t i = 0; i < s->count; i++) {
        s->left_out[i] |= (s->out[i].flags & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) != 0;
    }
    accept(s, pass(s, s->here));
    return 1;
}

/* Iterates the shared parameters; gives 0 or the flag of what went wrong. */
static int iterate(series *s)
{
    double damping = DAMPING, tolerance = s->problem->tolerance;
    int renewed = 0;

    begin(s);
    for (int k = 0; k < s->problem->iterations && !s->status; k++) {
        freeze(s);
        double decrease = aim(s, 0);
        if (decrease < tolerance * unit(s)) { return 0; }
        if (descend(s, &damping)) { continue; }
        accept(s, pass(s, s->here)); /* the solutions belong to the accepted point again */
        if (decrease < 30 * tolerance * unit(s)) { return 0; }
        if ((renewed++ || !renew(s)) && !leave_out(s)) { return CLV_FIT_NOT_CONVERGED; }
        damping = DAMPING;
    }
    return CLV_FIT_NOT_CONVERGED;
}

/* Total error of a local parameter: its own, and what it owes to the shared ones. */
static void add_errors(const series *s, const double *covariance, size_t i)
{
    const clv_solution *out = &s->out[i];

    for (size_t k = 0; k < s->p && out->error; k++) {
        const double *follow = out->sensitivity + k * s->m;
        double variance = out->error[k] * out->error[k];
        for (size_t a = 0; a < s->m; a++) {
            for (size_t b = 0; b < s->m; b++) {
                if (follow[a] != 0 && follow[b] != 0) { variance += follow[a] * covariance[a * s->m + b] * follow[b]; }
            }
        }
        out->error[k] = sqrt(variance);
    }
}

static void tell_shared(series *s, double *covariance)
{
    size_t m = s->m;
    uint8_t lost[256] = {0};

    freeze(s);
    if (!(clv_cholesky_inverse(s->total, m, s->frozen, covariance, s->work) > CLV_CHOLESKY_LEAST)) {
        clv_cholesky_pseudo(s->total, m, s->frozen, covariance, lost, s->work);
    }
    for (size_t a = 0; a < m; a++) {
        for (size_t b = 0; b < m; b++) {
            double *at = &covariance[a * m + b];
            if (s->frozen[a] || s->frozen[b] || lost[a] || lost[b]) { *at = a == b ? NAN : 0; }
            if (s->problem->statistics == CLV_STATISTICS_LEAST_SQUARES) { *at *= unit(s); }
        }
    }
    for (size_t i = 0; i < s->count; i++) {
        if (s->out[i].flags & CLV_FIT_NOT_FINITE) { continue; }
        for (size_t a = 0; a < m; a++) {
            size_t place = clv_engine_shared(s->engine[0], a);
            int dead = !(s->total[a * m + a] > 0) || lost[a];
            if (!s->frozen[a] && !lost[a]) { continue; }
            s->out[i].flags |= dead ? CLV_FIT_UNDETERMINED : CLV_FIT_AT_BOUND;
            if (s->out[i].state && !dead) { s->out[i].state[place] = CLV_PARAMETER_AT_BOUND; }
        }
        add_errors(s, covariance, i);
    }
}

static int make_engines(series *s, clv_error *err)
{
    size_t channels = 1;

    for (size_t i = 0; i < s->count; i++) {
        if (s->data[i].channels > channels) { channels = s->data[i].channels; }
    }
    for (size_t w = 0; w < s->workers; w++) {
        s->status = clv_engine_new(s->problem, channels, &s->engine[w], err);
        if (s->status) { return 0; }
        s->engine[w]->steady = 1;
        s->engine[w]->tolerance = LOCAL_TOLERANCE * s->problem->tolerance;
    }
    s->m = clv_engine_shared_count(s->engine[0]);
    return 1;
}

/* One block for all numbers of a series. */
static double *make_room(series *s)
{
    size_t n = s->count, m = s->m, p = s->p;
    size_t sizes[] = {n * p, n, n * m * m, n * m, n, n * m, n, n * p * m, m * m, m, m, m, m, 3 * m * m + 8 * m};
    double **fields[] = {&s->kept, &s->kept_shift,    &s->schur,       &s->slope, &s->deviance,
                         &s->size, &s->kept_deviance, &s->sensitivity, &s->total, &s->gradient,
                         &s->here, &s->there,         &s->delta,       &s->work};
    size_t all = 1;

    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) { all += sizes[k]; }
    double *block = calloc(all, sizeof *block), *at = block;
    for (size_t k = 0; block && k < sizeof sizes / sizeof *sizes; k++) {
        *fields[k] = at;
        at += sizes[k];
    }
    return block;
}

static void start(series *s)
{
    for (size_t a = 0; a < s->m; a++) {
        double low, high, begin = s->problem->parameters[clv_engine_shared(s->engine[0], a)].start;
        bounds(s, a, &low, &high);
        s->here[a] = fmin(fmax(begin, low), high);
    }
    s->cold = 1;
}

static clv_status solve(series *s, double *shared_covariance, clv_error *err)
{
    double *block = NULL, *covariance = NULL;
    uint8_t *frozen = NULL, *had = NULL, *left_out = NULL;
    clv_status *statuses = NULL;

    if (!make_engines(s, err)) { return s->status; }
    if (s->m > 256) { return clv_fail(err, CLV_LIMIT, "%zu shared parameters are beyond the limit of 256", s->m); }
    block = make_room(s);
    covariance = calloc(s->m * s->m + 1, sizeof *covariance);
    frozen = calloc(s->m + 1, 1);
    had = calloc(s->count + 1, 1);
    left_out = calloc(s->count + 1, 1);
    statuses = calloc(s->count + 1, sizeof *statuses);
    if (!block || !covariance || !frozen || !had || !left_out || !statuses) {
        s->status = clv_fail(err, CLV_NO_MEMORY, "no memory for a series of %zu spectra", s->count);
        goto done;
    }
    s->frozen = frozen;
    s->left_out = left_out;
    s->statuses = statuses;
    for (size_t i = 0; i < s->count; i++) {
        had[i] = s->out[i].sensitivity != NULL;
        if (!had[i]) { s->out[i].sensitivity = s->sensitivity + i * s->p * s->m; }
    }
    start(s);
    int flags = iterate(s);
    if (!s->status) { tell_shared(s, covariance); }
    for (size_t i = 0; i < s->count; i++) {
        s->out[i].flags |= (uint8_t)flags;
        if (!had[i]) { s->out[i].sensitivity = NULL; }
    }
    if (shared_covariance) { memcpy(shared_covariance, covariance, s->m * s->m * sizeof *covariance); }
    if (s->status) {
        clv_fail(err, s->status, "spectrum %zu of the series has wrong channels or offset", s->failed + 1);
    }
done:
    free(statuses);
    free(left_out);
    free(had);
    free(frozen);
    free(covariance);
    free(block);
    return s->status;
}

clv_status clv_series_fit(const clv_problem *problem, const clv_problem_data *data, size_t count, clv_series_runner run,
                          void *context, size_t workers, clv_solution *solutions, double *shared_covariance,
                          clv_error *err)
{
    series s = {.problem = problem,
                .data = data,
                .count = count,
                .workers = run && workers > 0 ? workers : 1,
                .p = problem->parameter_count,
                .out = solutions,
                .run = workers > 0 ? run : NULL,
                .context = context};

    for (size_t i = 0; i < count; i++) {
        CLV_CHECK(solutions[i].value, err, CLV_BAD_ARGUMENT, "solution %zu of a series has no room for values", i + 1);
    }
    s.engine = calloc(s.workers, sizeof *s.engine);
    CLV_CHECK(s.engine, err, CLV_NO_MEMORY, "no memory for %zu engines", s.workers);
    clv_status status = solve(&s, shared_covariance, err);
    for (size_t w = 0; w < s.workers; w++) { clv_engine_free(s.engine[w]); }
    free(s.engine);
    return status;
}
