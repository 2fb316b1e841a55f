/* AUTOBK: a spline behind the edge that leaves least at low R. SPDX-License-Identifier: GPL-3.0-or-later */
#include "autobk.h"
#include "edge.h"
#include "transform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_KNOTS 128
#define CLAMPS 3 /* points at the end of chi that are held near zero */

/* The problem in the spline's coefficients c: residuals `fixed` - `by` c, the first `low` of them the transform below
   rbkg, the rest chi at the end. */
typedef struct problem {
    size_t splines, low, rows;
    double knots[MOST_KNOTS + 4];
    const double *k; /* [raw] of the data from the edge on */
    size_t raw, points;
    double *fixed, *by; /* [rows], [rows][splines] */
    double *window;     /* [points] times k^weight */
    double *scratch;
} problem;

/* ---- What is linear: data behind the edge to chi on the grid, to its transform */

/* chi on the grid of values at the data's k. */
static void to_grid(const problem *p, const double *y, double *second, double *chi)
{
    xas_spline(p->k, y, p->raw, second, p->scratch);
    for (size_t i = 0; i < p->points; i++) { chi[i] = xas_spline_at(p->k, y, second, p->raw, XAS_K_STEP * (double)i); }
}

/* One column of the problem out of chi on the grid; `weighted` is scratch. */
static void to_rows(const problem *p, const double *chi, double *weighted, double *real, double *imaginary, double *out,
                    size_t stride)
{
    for (size_t i = 0; i < p->points; i++) { weighted[i] = chi[i] * p->window[i]; }
    xas_transform(weighted, p->points, XAS_K_STEP, p->low / 2, real, imaginary);
    for (size_t r = 0; r < p->low / 2; r++) {
        out[2 * r * stride] = real[r];
        out[(2 * r + 1) * stride] = imaginary[r];
    }
    for (size_t i = 0; i < CLAMPS; i++) { out[(p->low + i) * stride] = chi[p->points - CLAMPS + i]; }
}

/* ---- Knots */

static void place_knots(problem *p, const xas_autobk *to, const double *k)
{
    double anchors[MOST_KNOTS];
    size_t n = p->splines;

    for (size_t i = 0; i < n; i++) {
        double q = to->kmin + (double)i * (to->kmax - to->kmin) / (double)(n - 1);
        anchors[i] = k[xas_index_near(k, p->raw, q)];
    }
    for (size_t i = 0; i < 4; i++) {
        p->knots[i] = anchors[0];
        p->knots[n + i] = anchors[n - 1];
    }
    for (size_t i = 4; i < n; i++) { p->knots[i] = anchors[i - 2]; }
}

/* ---- The fit */

/* Solves the symmetric system a x = b in place by Cholesky; 0 when it is not positive. */
static int solve(double *a, double *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];

            for (size_t k = 0; k < j; k++) { sum -= a[i * n + k] * a[j * n + k]; }
            if (i == j && !(sum > 0)) { return 0; }
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) { b[i] -= a[i * n + k] * b[k]; }
        b[i] /= a[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++) { b[i] -= a[k * n + i] * b[k]; }
        b[i] /= a[i * n + i];
    }
    return 1;
}

/* Residuals at coefficients, and the clamps' scale: 0.1 + 10 times the mean square of the transform. */
static double residuals(const problem *p, const double *c, double *out)
{
    double sum = 0;

    for (size_t r = 0; r < p->rows; r++) {
        out[r] = p->fixed[r];
        for (size_t s = 0; s < p->splines; s++) { out[r] -= p->by[r * p->splines + s] * c[s]; }
        if (r < p->low) { sum += out[r] * out[r]; }
    }
    return 0.1 + 10 * sum / (double)p->low;
}

static double cost(const problem *p, const double *c, double *out)
{
    double scale = residuals(p, c, out), sum = 0;

    for (size_t r = 0; r < p->rows; r++) { sum += pow(out[r] * (r < p->low ? 1 : scale), 2); }
    return sum;
}

/* One step of Gauss and Newton: rows of the clamps are scale times chi, and the scale itself follows the transform. */
static int step(const problem *p, const double *c, double *out, double *gram, double *move)
{
    size_t n = p->splines;
    double scale = residuals(p, c, out), follows[MOST_KNOTS] = {0};

    memset(gram, 0, n * n * sizeof *gram);
    memset(move, 0, n * sizeof *move);
    for (size_t r = 0; r < p->low; r++) {
        for (size_t s = 0; s < n; s++) { follows[s] -= 20 / (double)p->low * out[r] * p->by[r * n + s]; }
    }
    for (size_t r = 0; r < p->rows; r++) {
        double row[MOST_KNOTS], value = r < p->low ? out[r] : scale * out[r];

        for (size_t s = 0; s < n; s++) {
            row[s] = r < p->low ? -p->by[r * n + s] : -scale * p->by[r * n + s] + out[r] * follows[s];
        }
        for (size_t a = 0; a < n; a++) {
            move[a] -= row[a] * value;
            for (size_t b = 0; b <= a; b++) { gram[a * n + b] += row[a] * row[b]; }
        }
    }
    for (size_t a = 0; a < n; a++) { gram[a * n + a] *= 1 + 1e-12; }
    return solve(gram, move, n);
}

static clv_status fit(const problem *p, double *c, clv_error *err)
{
    size_t n = p->splines;
    double *room = calloc(p->rows + n * n + 2 * n + 1, sizeof *room), *out = room, *gram = room + p->rows;
    double *move = gram + n * n, *trial = move + n, now;

    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    now = cost(p, c, out);
    for (int i = 0; i < 60; i++) {
        double size = 1, then = INFINITY;

        if (!step(p, c, out, gram, move)) { break; }
        for (; size > 1e-6; size /= 2) {
            for (size_t s = 0; s < n; s++) { trial[s] = c[s] + size * move[s]; }
            then = cost(p, trial, out);
            if (then <= now) { break; }
        }
        if (!(then <= now)) { break; }
        memcpy(c, trial, n * sizeof *c);
        int done = now - then <= 1e-14 * now;
        now = then;
        if (done) { break; }
    }
    free(room);
    return CLV_OK;
}

/* ---- All of it */

static clv_status size_problem(const double *energy, size_t n, size_t edge, const double *k, xas_autobk *to, problem *p,
                               size_t *last, clv_error *err)
{
    double r_step = xas_r_step(), span, reach = k[n - edge - 1];
    size_t end;

    if (isnan(to->kmax) || to->kmax > reach) { to->kmax = reach; }
    to->rbkg = fmax(to->rbkg, 2 * r_step);
    span = to->kmax - to->kmin;
    CLV_CHECK(span > 1, err, CLV_BAD_ARGUMENT, "the spectrum reaches k = %.2f 1/Angstrom, too little for a background",
              reach);
    end = 2 + xas_index_of(energy, n, to->e0 + to->kmax * to->kmax / XAS_K2_PER_EV);
    *last = (end < n ? end : n) - 1;
    p->raw = *last - edge + 1;
    p->points = (size_t)(1.01 + to->kmax / XAS_K_STEP);
    p->splines = 1 + (size_t)(2 * to->rbkg * span / M_PI);
    p->splines = p->splines < 5 ? 5 : p->splines > MOST_KNOTS ? MOST_KNOTS : p->splines;
    p->low = 2 * (size_t)(1 + (double)(p->splines - 1) * M_PI / (2 * r_step * span));
    p->rows = p->low + CLAMPS;
    CLV_CHECK(p->raw >= p->splines + 4 && p->points > 2 * CLAMPS, err, CLV_BAD_ARGUMENT,
              "%zu points behind the edge are too few for a background of %zu splines", p->raw, p->splines);
    return CLV_OK;
}

/* Fills window, fixed residuals and columns. `room` holds 3 arrays of raw and 4 of points + low. */
static void fill_problem(problem *p, const double *mu, const xas_autobk *to, double *room)
{
    double *second = room, *column = second + p->raw, *basis = column + p->raw, *chi = basis + MOST_KNOTS;
    double *weighted = chi + p->points, *real = weighted + p->points, *imaginary = real + p->low;

    xas_fill_window(XAS_HANNING, to->kmin, to->kmax, 0.1, XAS_K_STEP, p->points, p->window);
    for (size_t i = 0; i < p->points; i++) { p->window[i] *= pow(XAS_K_STEP * (double)i, to->kweight); }
    to_grid(p, mu, second, chi);
    to_rows(p, chi, weighted, real, imaginary, p->fixed, 1);
    for (size_t s = 0; s < p->splines; s++) {
        for (size_t i = 0; i < p->raw; i++) {
            xas_b_splines(p->knots, p->splines, p->k[i], basis);
            column[i] = basis[s];
        }
        to_grid(p, column, second, chi);
        to_rows(p, chi, weighted, real, imaginary, p->by + s, p->splines);
    }
}

/* chi on the grid and the background on the data. */
static void finish(const problem *p, const double *mu, size_t edge, const double *c, xas_autobk *to, double *room)
{
    double *second = room, *left = second + p->raw, *basis = left + p->raw;

    for (size_t i = 0; i < p->raw; i++) {
        double sum = 0;

        xas_b_splines(p->knots, p->splines, p->k[i], basis);
        for (size_t s = 0; s < p->splines; s++) { sum += basis[s] * c[s]; }
        to->background[edge + i] = sum;
        left[i] = mu[edge + i] - sum;
    }
    to_grid(p, left, second, to->chi);
    for (size_t i = 0; i < p->points; i++) { to->chi[i] /= to->step; }
}

static clv_status solve_problem(problem *p, const double *mu, size_t n, size_t edge, xas_autobk *to, clv_error *err)
{
    size_t big = 3 * p->raw + 2 * p->points + 2 * p->low + MOST_KNOTS;
    double *room = calloc(big + 4 * p->raw + p->points + p->rows * (p->splines + 1) + MOST_KNOTS, sizeof *room), *c;
    clv_status status;

    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    p->scratch = room + big;
    p->window = p->scratch + 4 * p->raw;
    p->fixed = p->window + p->points;
    p->by = p->fixed + p->rows;
    c = p->by + p->rows * p->splines;
    to->chi = calloc(p->points + 1, sizeof *to->chi);
    to->background = calloc(n + 1, sizeof *to->background);
    status = to->chi && to->background ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");
    if (!status) {
        memcpy(to->background, mu, n * sizeof *mu);
        fill_problem(p, mu + edge, to, room);
        status = fit(p, c, err);
    }
    if (!status) {
        to->points = p->points;
        finish(p, mu, edge, c, to, room);
    }
    free(room);
    return status;
}

clv_status xas_find_background(const double *energy, const double *mu, size_t n, xas_autobk *to, clv_error *err)
{
    size_t edge = xas_index_of(energy, n, to->e0), last = 0;
    double *k = calloc(n - edge + 1, sizeof *k);
    problem *p = calloc(1, sizeof *p);
    clv_status status = k && p ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    for (size_t i = edge; k && i < n; i++) { k[i - edge] = xas_wave_number(energy[i] - to->e0); }
    if (!status) { status = size_problem(energy, n, edge, k, to, p, &last, err); }
    if (!status) {
        p->k = k;
        place_knots(p, to, k);
        status = solve_problem(p, mu, n, edge, to, err);
    }
    free(k);
    free(p);
    return status;
}
