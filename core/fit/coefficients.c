/* The inner problem: bounded weighted linear least squares for the coefficients, on its normal equations.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/arrays.h"
#include "fit/cholesky.h"
#include "fit/workspace.h"

#include <math.h>
#include <string.h>

/* Active-set search after P. B. Stark, R. L. Parker, Comput. Stat. 10 (1995) 129. `fixed` says which stand on a
   bound. */
typedef struct box {
    const double *gram, *slope; /* [n][n], [n] */
    size_t n;
    double *low, *high, *x, *target, *right; /* [n] each */
    uint8_t *fixed;
    double size; /* of the slopes, over the columns' norms */
    double *work;
} box;

/* Solves for those that are not on a bound, the others standing where they are. */
static void solve_inside(box *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->right[i] = b->slope[i];
        for (size_t j = 0; j < b->n; j++) {
            if (b->fixed[j]) { b->right[i] -= b->gram[i * b->n + j] * b->x[j]; }
        }
    }
    clv_cholesky_solve(b->gram, b->n, b->fixed, b->n, 0, b->right, b->target, b->work);
}

/* Goes towards the target as far as the box allows; fixes what hits first. Tells whether the target was reached. */
static int go(box *b)
{
    double share = 1;
    size_t hit = SIZE_MAX;

    for (size_t i = 0; i < b->n; i++) {
        if (b->fixed[i] || (b->target[i] >= b->low[i] && b->target[i] <= b->high[i])) { continue; }
        double bound = b->target[i] < b->low[i] ? b->low[i] : b->high[i];
        double at = (bound - b->x[i]) / (b->target[i] - b->x[i]);
        if (at < share || hit == SIZE_MAX) {
            share = at;
            hit = i;
        }
    }
    for (size_t i = 0; i < b->n; i++) {
        if (!b->fixed[i]) { b->x[i] += share * (b->target[i] - b->x[i]); }
    }
    if (hit == SIZE_MAX) { return 1; }
    b->x[hit] = b->target[hit] < b->low[hit] ? b->low[hit] : b->high[hit];
    b->fixed[hit] = 1;
    return 0;
}

/* Frees the one on a bound that wants inside most; tells whether there was any. */
static int release(box *b)
{
    double most = 0;
    size_t which = SIZE_MAX;

    for (size_t i = 0; i < b->n; i++) {
        double pull = b->slope[i], size = sqrt(b->gram[i * b->n + i]);
        if (!b->fixed[i] || !(size > 0)) { continue; }
        for (size_t j = 0; j < b->n; j++) { pull -= b->gram[i * b->n + j] * b->x[j]; }
        pull /= size;
        if (b->x[i] >= b->high[i]) { pull = -pull; }
        if (pull > most && b->low[i] < b->high[i]) {
            most = pull;
            which = i;
        }
    }
    if (which == SIZE_MAX || most <= 1e-10 * b->size) { return 0; }
    b->fixed[which] = 0;
    return 1;
}

/* The clear case: the free solution lies in the box. */
static int lies_inside(const box *b)
{
    for (size_t i = 0; i < b->n; i++) {
        if (!(b->target[i] >= b->low[i] && b->target[i] <= b->high[i])) { return 0; }
    }
    return 1;
}

static void search(box *b)
{
    b->size = 0;
    for (size_t i = 0; i < b->n; i++) {
        double d = b->gram[i * b->n + i];
        if (d > 0) { b->size = fmax(b->size, fabs(b->slope[i]) / sqrt(d)); }
        b->x[i] = fmin(fmax(b->target[i], b->low[i]), b->high[i]);
        b->fixed[i] = b->x[i] != b->target[i];
    }
    for (size_t pass = 0; pass < 10 * b->n + 10; pass++) {
        solve_inside(b);
        if (!go(b)) { continue; }
        if (!release(b)) { return; }
    }
}

static void set_bounds(const clv_engine *engine, box *b)
{
    for (size_t l = 0; l < engine->n_linear; l++) {
        const clv_problem_parameter *parameter = &engine->problem->parameters[engine->layout->linear_parameter[l]];
        b->low[l] = parameter->low;
        b->high[l] = parameter->high;
    }
}

void clv_coefficients_solve(clv_engine *engine, double *linear)
{
    size_t n = engine->n_linear;
    double *room = engine->small;
    box b = {.gram = engine->linear_gram, .slope = engine->linear_slope, .n = n, .fixed = engine->at_bound};

    if (n == 0) { return; }
    for (size_t l = 0; l < n; l++) { engine->columns[l] = engine->linear[l].used; }
    for (size_t i = 0; i < engine->count; i++) { engine->temporary[i] = engine->y[i] - engine->base[i]; }
    clv_arrays_gram(engine->columns, n, engine->weight, engine->temporary, engine->count, engine->linear_gram, n,
                    engine->linear_slope, engine->work);
    b.low = room, b.high = room + n, b.target = room + 2 * n, b.right = room + 3 * n, b.work = room + 4 * n;
    b.x = linear;
    set_bounds(engine, &b);
    memset(b.fixed, 0, n);
    solve_inside(&b);
    if (lies_inside(&b)) {
        memcpy(linear, b.target, n * sizeof *linear);
        return;
    }
    search(&b);
}
