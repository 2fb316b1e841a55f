/* Normalises absorption: a line before the edge, a polynomial behind it, the step between them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "edge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ORDER 5

/* Rounds to the nearest even number where it is half way, as Python does. */
static double to_multiple(double value, double of) { return of * nearbyint(value / of); }

static void swap_if(double range[2])
{
    if (range[0] > range[1]) {
        double t = range[0];
        range[0] = range[1];
        range[1] = t;
    }
}

/* ---- Ranges by Larch's rules */

static void find_pre(const double *energy, size_t n, xas_normalisation *to)
{
    size_t edge = xas_index_near(energy, n, to->e0);

    if (isnan(to->pre[0])) {
        to->pre[0] = to_multiple(energy[1] - to->e0, edge > 20 ? 5 : 2);
        to->pre[0] = fmax(to->pre[0], energy[0] - to->e0);
    }
    if (isnan(to->pre[1])) { to->pre[1] = 0.5 * to->pre[0]; }
    swap_if(to->pre);
}

static void find_post(const double *energy, size_t n, xas_normalisation *to)
{
    double end = energy[n - 1] - to->e0;

    if (isnan(to->post[1])) { to->post[1] = to_multiple(end, 5); }
    if (to->post[1] < 0) { to->post[1] = end - to->post[1]; }
    to->post[1] = fmin(to->post[1], end);
    if (isnan(to->post[0])) { to->post[0] = fmin(25, 5 * nearbyint(to->post[1] / 15)); }
    swap_if(to->post);
    to->post[0] = fmin(to->post[0], to->post[1] - 2);
    if (to->order < 0) {
        double range = to->post[1] - to->post[0];
        to->order = range < 30 ? 0 : range < 300 ? 1 : 2;
    }
    if (to->order > MOST_ORDER) { to->order = MOST_ORDER; }
}

/* ---- Least squares with powers */

/* Solves the normal equations of powers of t, well scaled as |t| is at most about one; by elimination with pivots. */
static int solve(double m[MOST_ORDER + 1][MOST_ORDER + 2], int size)
{
    for (int c = 0; c < size; c++) {
        int best = c;

        for (int r = c; r < size; r++) {
            if (fabs(m[r][c]) > fabs(m[best][c])) { best = r; }
        }
        if (!(fabs(m[best][c]) > 0)) { return 0; }
        for (int k = 0; k <= size; k++) {
            double t = m[c][k];
            m[c][k] = m[best][k];
            m[best][k] = t;
        }
        for (int r = 0; r < size; r++) {
            double by = m[r][c] / m[c][c];
            for (int k = c; r != c && k <= size; k++) { m[r][k] -= by * m[c][k]; }
        }
    }
    return 1;
}

/* Fits a polynomial of (E - middle)/half to mu less a line at places from .. until - 1. */
static int fit_powers(const double *energy, const double *mu, size_t from, size_t until, const xas_normalisation *less,
                      double middle, double half, int order, double *coefficient)
{
    double m[MOST_ORDER + 1][MOST_ORDER + 2] = {{0}};

    for (size_t i = from; i < until; i++) {
        double t = (energy[i] - middle) / half, power[2 * MOST_ORDER + 1] = {1};
        double y = mu[i] - (less ? xas_pre_at(less, energy[i]) : 0);

        for (int k = 1; k <= 2 * order; k++) { power[k] = power[k - 1] * t; }
        for (int a = 0; a <= order; a++) {
            for (int b = 0; b <= order; b++) { m[a][b] += power[a + b]; }
            m[a][order + 1] += power[a] * y;
        }
    }
    if (!solve(m, order + 1)) { return 0; }
    for (int a = 0; a <= order; a++) { coefficient[a] = m[a][order + 1] / m[a][a]; }
    return 1;
}

double xas_pre_at(const xas_normalisation *of, double energy) { return of->pre_line[0] + of->pre_line[1] * energy; }

double xas_post_at(const xas_normalisation *of, double energy)
{
    double t = (energy - of->middle) / of->half, value = 0;

    for (int k = MOST_ORDER; k >= 0; k--) { value = value * t + of->post_curve[k]; }
    return value;
}

/* Fewer than three points before the edge give their mean. */
static clv_status fit_pre(const double *energy, const double *mu, size_t n, xas_normalisation *to, clv_error *err)
{
    size_t from = xas_index_of(energy, n, to->pre[0] + to->e0), until = xas_index_near(energy, n, to->pre[1] + to->e0);
    double middle, half, found[2] = {0, 0};

    if (until <= from && from < n) { until = from + 1; }
    CLV_CHECK(until > from, err, CLV_BAD_ARGUMENT, "pre: there are no points from %g to %g eV about the edge at %g eV",
              to->pre[0], to->pre[1], to->e0);
    middle = 0.5 * (energy[from] + energy[until - 1]);
    half = fmax(0.5 * (energy[until - 1] - energy[from]), 1e-6);
    if (!fit_powers(energy, mu, from, until, NULL, middle, half, until < from + 3 ? 0 : 1, found)) {
        return clv_fail(err, CLV_BAD_ARGUMENT, "pre: the points from %g to %g eV about the edge determine no line",
                        to->pre[0], to->pre[1]);
    }
    to->pre_line[1] = found[1] / half;
    to->pre_line[0] = found[0] - to->pre_line[1] * middle;
    return CLV_OK;
}

static clv_status fit_post(const double *energy, const double *mu, size_t n, xas_normalisation *to, clv_error *err)
{
    size_t from = xas_index_of(energy, n, to->post[0] + to->e0),
           until = xas_index_near(energy, n, to->post[1] + to->e0);
    int order = to->order;

    if (until < from + 2) {
        from = until > 2 ? until - 2 : 0;
        order = 0;
    }
    CLV_CHECK(until > from, err, CLV_BAD_ARGUMENT, "post: there are no points from %g to %g eV about the edge at %g eV",
              to->post[0], to->post[1], to->e0);
    if (until < from + 5 && order > 1) { order = 1; }
    to->middle = 0.5 * (energy[from] + energy[until - 1]);
    to->half = fmax(0.5 * (energy[until - 1] - energy[from]), 1e-6);
    memset(to->post_curve, 0, sizeof to->post_curve);
    if (!fit_powers(energy, mu, from, until, to, to->middle, to->half, order, to->post_curve)) {
        return clv_fail(err, CLV_BAD_ARGUMENT, "post: the points from %g to %g eV about the edge determine no curve",
                        to->post[0], to->post[1]);
    }
    return CLV_OK;
}

clv_status xas_normalise(const double *energy, const double *mu, size_t n, xas_normalisation *to, clv_error *err)
{
    find_pre(energy, n, to);
    find_post(energy, n, to);
    CLV_TRY(fit_pre(energy, mu, n, to, err));
    CLV_TRY(fit_post(energy, mu, n, to, err));
    to->step = fmax(fabs(xas_post_at(to, energy[xas_index_near(energy, n, to->e0)])), 1e-12);
    return CLV_OK;
}
