/* Solves small bounded least squares by an active set over scaled Cholesky factors.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/box_squares.h"

#include <math.h>

/* Squared sine under which a column counts as a combination of those before it. */
#define COLLINEAR 1e-11
#define NONE ((size_t)-1)

/* One solve: the problem, and the factor of its free part. */
typedef struct solver {
    const double *gram, *right, *lower, *upper;
    double *c;
    unsigned char *state;
    size_t stride, n, m, solved;
    size_t index[CLV_BOX_SQUARES_LIMIT]; /* the m free coefficients */
    bool barred[CLV_BOX_SQUARES_LIMIT];  /* freed in vain: not to be freed again before something moves */
    double scale[CLV_BOX_SQUARES_LIMIT], aim[CLV_BOX_SQUARES_LIMIT], inverse[CLV_BOX_SQUARES_LIMIT];
    double factor[CLV_BOX_SQUARES_LIMIT * CLV_BOX_SQUARES_LIMIT];
} solver;

static double element(const solver *s, size_t i, size_t j)
{
    return i >= j ? s->gram[i * s->stride + j] : s->gram[j * s->stride + i];
}

static double lower_of(const solver *s, size_t i) { return s->lower ? s->lower[i] : -INFINITY; }

static double upper_of(const solver *s, size_t i) { return s->upper ? s->upper[i] : INFINITY; }

static bool is_free(const solver *s, size_t i)
{
    return s->state[i] == CLV_BOX_SQUARES_FREE || s->state[i] == CLV_BOX_SQUARES_SHARED;
}

static double clamp(const solver *s, size_t i, double value)
{
    return fmin(fmax(value, lower_of(s, i)), upper_of(s, i));
}

/* Takes the warm start over: states that the bounds allow, values inside. */
static void begin(solver *s)
{
    for (size_t i = 0; i < s->n; i++) {
        double diagonal = s->gram[i * s->stride + i];
        s->barred[i] = false;
        s->scale[i] = diagonal > 0 ? 1 / sqrt(diagonal) : 0;
        if (s->state[i] == CLV_BOX_SQUARES_AT_LOWER && isfinite(lower_of(s, i))) {
            s->c[i] = lower_of(s, i);
        } else if (s->state[i] == CLV_BOX_SQUARES_AT_UPPER && isfinite(upper_of(s, i))) {
            s->c[i] = upper_of(s, i);
        } else {
            s->state[i] = CLV_BOX_SQUARES_FREE;
            s->c[i] = isfinite(s->c[i]) ? clamp(s, i, s->c[i]) : clamp(s, i, 0);
        }
    }
}

/* Marks the free coefficients that column k (by place among the free) is made of: those of its null vector. */
static void mark_shared(solver *s, size_t k)
{
    double x[CLV_BOX_SQUARES_LIMIT];
    const double *row = s->factor + k * s->m;

    for (size_t j = k; j-- > 0;) {
        double sum = row[j];
        for (size_t l = j + 1; l < k; l++) { sum -= s->factor[l * s->m + j] * x[l]; }
        x[j] = sum * s->inverse[j];
        if (fabs(x[j]) > 1e-4) { s->state[s->index[j]] = CLV_BOX_SQUARES_SHARED; }
    }
    s->state[s->index[k]] = CLV_BOX_SQUARES_HELD;
    s->c[s->index[k]] = clamp(s, s->index[k], 0);
}

/* Factors the free part, scaled to a diagonal of one. Returns the place of the first collinear column, or NONE. */
static size_t factorise(solver *s)
{
    for (size_t i = 0; i < s->m; i++) {
        double *row = s->factor + i * s->m, rest = s->scale[s->index[i]] > 0 ? 1 : 0;
        for (size_t j = 0; j < i; j++) {
            const double *other = s->factor + j * s->m;
            double sum = element(s, s->index[i], s->index[j]) * s->scale[s->index[i]] * s->scale[s->index[j]];
            for (size_t l = 0; l < j; l++) { sum -= row[l] * other[l]; }
            row[j] = sum * s->inverse[j];
            rest -= row[j] * row[j];
        }
        if (!(rest > COLLINEAR)) { return i; }
        row[i] = sqrt(rest);
        s->inverse[i] = 1 / row[i];
    }
    return NONE;
}

/* Finds where the free coefficients would go with the others as they are: s->aim, by place among the free. */
static void find_aim(solver *s)
{
    double *x = s->aim;

    for (size_t i = 0; i < s->m; i++) {
        size_t at = s->index[i];
        double sum = s->right[at];
        for (size_t j = 0; s->m < s->n && j < s->n; j++) {
            if (!is_free(s, j) && s->c[j] != 0) { sum -= element(s, at, j) * s->c[j]; }
        }
        sum *= s->scale[at];
        for (size_t j = 0; j < i; j++) { sum -= s->factor[i * s->m + j] * x[j]; }
        x[i] = sum * s->inverse[i];
    }
    for (size_t i = s->m; i-- > 0;) {
        double sum = x[i];
        for (size_t j = i + 1; j < s->m; j++) { sum -= s->factor[j * s->m + i] * x[j]; }
        x[i] = sum * s->inverse[i];
    }
    for (size_t i = 0; i < s->m; i++) { x[i] *= s->scale[s->index[i]]; }
}

/* Solves for the free coefficients; collinear ones are set aside on the way. */
static bool solve_free(solver *s)
{
    size_t collinear;

    do {
        s->m = 0;
        for (size_t i = 0; i < s->n; i++) {
            if (is_free(s, i)) { s->index[s->m++] = i; }
        }
        s->solved++;
        collinear = factorise(s);
        if (collinear != NONE) { mark_shared(s, collinear); }
    } while (collinear != NONE);
    find_aim(s);
    for (size_t i = 0; i < s->m; i++) {
        if (!isfinite(s->aim[i])) { return false; }
    }
    return true;
}

/* Moves the free coefficients to their aim, or as far as the first bound; returns whether all arrived. A coefficient
   that was just freed and would leave its bound the wrong way (rounding) goes back at once. */
static bool move(solver *s)
{
    double part = 1;

    for (size_t i = 0; i < s->m; i++) {
        size_t at = s->index[i];
        double way = s->aim[i] - s->c[at], bound = way < 0 ? lower_of(s, at) : upper_of(s, at);
        if ((way < 0 && s->aim[i] < bound) || (way > 0 && s->aim[i] > bound)) {
            part = fmin(part, (bound - s->c[at]) / way);
        }
    }
    for (size_t i = 0; i < s->m; i++) {
        size_t at = s->index[i];
        double way = s->aim[i] - s->c[at], bound = way < 0 ? lower_of(s, at) : upper_of(s, at);
        bool out = (way < 0 && s->aim[i] < bound) || (way > 0 && s->aim[i] > bound);
        if (out && (bound - s->c[at]) / way <= part) {
            s->c[at] = bound;
            s->state[at] = way < 0 ? CLV_BOX_SQUARES_AT_LOWER : CLV_BOX_SQUARES_AT_UPPER;
            s->barred[at] = part == 0;
        } else {
            s->c[at] = part == 1 ? s->aim[i] : s->c[at] + part * way;
        }
    }
    if (part > 0) {
        for (size_t i = 0; i < s->n; i++) { s->barred[i] = false; }
    }
    return part == 1;
}

/* Frees the coefficient at a bound that would lower the sum most by leaving it. Returns false when none would. */
static bool free_one(solver *s)
{
    double best = 0, size = 0;
    size_t found = NONE;

    for (size_t i = 0; i < s->n; i++) { size = fmax(size, fabs(s->right[i]) * s->scale[i]); }
    for (size_t i = 0; i < s->n; i++) {
        double pull = s->right[i];
        bool at_lower = s->state[i] == CLV_BOX_SQUARES_AT_LOWER, at_upper = s->state[i] == CLV_BOX_SQUARES_AT_UPPER;
        if ((!at_lower && !at_upper) || s->barred[i] || lower_of(s, i) == upper_of(s, i)) { continue; }
        for (size_t j = 0; j < s->n; j++) { pull -= element(s, i, j) * s->c[j]; }
        pull *= at_lower ? s->scale[i] : -s->scale[i];
        if (pull > 1e-11 * size && pull > best) {
            best = pull;
            found = i;
        }
    }
    if (found == NONE) { return false; }
    s->state[found] = CLV_BOX_SQUARES_FREE;
    return true;
}

size_t clv_box_squares_solve(const double *gram, size_t stride, const double *right, size_t n, const double *lower,
                             const double *upper, double *c, unsigned char *state)
{
    solver s;

    if (n > CLV_BOX_SQUARES_LIMIT) { return 0; }
    s.gram = gram, s.right = right, s.lower = lower, s.upper = upper;
    s.c = c, s.state = state, s.stride = stride, s.n = n, s.solved = 0;
    begin(&s);
    for (size_t round = 0; round < 20 * (n + 1); round++) {
        if (!solve_free(&s)) { return 0; }
        if (move(&s) && !free_one(&s)) { return s.solved; }
    }
    return 0;
}
