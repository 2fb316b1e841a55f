/* Cholesky factors of small scaled matrices, and a Jacobi eigensolver for the singular ones.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "fit/cholesky.h"

#include <math.h>
#include <string.h>

/* Packs the variables that take part: place[k] is the k-th of them. Returns how many. */
static size_t pack(const double *a, size_t n, const uint8_t *skip, size_t *place, double *scale)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        double d = a[i * n + i];
        if ((skip && skip[i]) || !(d > 0) || !isfinite(d)) { continue; }
        scale[m] = 1 / sqrt(d);
        place[m++] = i;
    }
    return m;
}

/* Lower triangle of the scaled matrix. */
static void scale_matrix(const double *a, size_t n, const size_t *place, const double *scale, size_t m, double *s)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j <= i; j++) { s[i * m + j] = a[place[i] * n + place[j]] * scale[i] * scale[j]; }
    }
}

/* Factors s = L L^T in place; a pivot that is too small makes its variable stand apart (marked by a 0 diagonal). */
static double factor(double *s, size_t m)
{
    double least = 1;

    for (size_t j = 0; j < m; j++) {
        double *row = s + j * m, d = row[j];
        for (size_t k = 0; k < j; k++) { d -= row[k] * row[k]; }
        if (!(d >= least)) { least = d; }
        int lost = !(d > CLV_CHOLESKY_LEAST);
        row[j] = lost ? 0 : sqrt(d);
        for (size_t i = j + 1; i < m; i++) {
            double *other = s + i * m, t = other[j];
            for (size_t k = 0; k < j; k++) { t -= other[k] * row[k]; }
            other[j] = lost ? 0 : t / row[j];
        }
    }
    return least;
}

static void substitute(const double *s, size_t m, double *x)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t k = 0; k < i; k++) { x[i] -= s[i * m + k] * x[k]; }
        x[i] = s[i * m + i] > 0 ? x[i] / s[i * m + i] : 0;
    }
    for (size_t i = m; i-- > 0;) {
        for (size_t k = i + 1; k < m; k++) { x[i] -= s[k * m + i] * x[k]; }
        x[i] = s[i * m + i] > 0 ? x[i] / s[i * m + i] : 0;
    }
}

double clv_cholesky_solve(const double *a, size_t n, const uint8_t *skip, size_t first, double damping, const double *b,
                          double *x, double *work)
{
    double *s = work, *scale = work + n * n, *y = scale + n;
    size_t *place = (size_t *)(y + n);
    size_t m = pack(a, n, skip, place, scale);

    scale_matrix(a, n, place, scale, m, s);
    for (size_t i = 0; i < m; i++) {
        s[i * m + i] = place[i] >= first ? 1 + damping : 1;
        y[i] = b[place[i]] * scale[i];
    }
    double least = factor(s, m);
    substitute(s, m, y);
    memset(x, 0, n * sizeof *x);
    for (size_t i = 0; i < m; i++) { x[place[i]] = y[i] * scale[i]; }
    return least;
}

/* L^-1 in place of L (lower triangle). */
static void invert_factor(double *s, size_t m)
{
    for (size_t j = 0; j < m; j++) {
        s[j * m + j] = 1 / s[j * m + j];
        for (size_t i = j + 1; i < m; i++) {
            double sum = 0;
            for (size_t k = j; k < i; k++) { sum -= s[i * m + k] * s[k * m + j]; }
            s[i * m + j] = sum / s[i * m + i];
        }
    }
}

double clv_cholesky_inverse(const double *a, size_t n, const uint8_t *skip, double *inverse, double *work)
{
    double *s = work, *scale = work + n * n;
    size_t *place = (size_t *)(scale + n);
    size_t m = pack(a, n, skip, place, scale);

    scale_matrix(a, n, place, scale, m, s);
    memset(inverse, 0, n * n * sizeof *inverse);
    for (size_t i = 0; i < m; i++) { s[i * m + i] = 1; }
    double least = factor(s, m);
    if (!(least > CLV_CHOLESKY_LEAST)) { return least; }
    invert_factor(s, m);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = i; k < m; k++) { sum += s[k * m + i] * s[k * m + j]; }
            sum *= scale[i] * scale[j];
            inverse[place[i] * n + place[j]] = sum;
            inverse[place[j] * n + place[i]] = sum;
        }
    }
    return least;
}

/* One Jacobi rotation of rows and columns p, q of the symmetric s, and of the eigenvectors v. */
static void rotate(double *s, double *v, size_t m, size_t p, size_t q)
{
    double apq = s[p * m + q];

    if (apq == 0) { return; }
    double theta = (s[q * m + q] - s[p * m + p]) / (2 * apq);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), d = t * c;
    for (size_t k = 0; k < m; k++) {
        double kp = s[k * m + p], kq = s[k * m + q];
        s[k * m + p] = c * kp - d * kq;
        s[k * m + q] = d * kp + c * kq;
    }
    for (size_t k = 0; k < m; k++) {
        double pk = s[p * m + k], qk = s[q * m + k];
        s[p * m + k] = c * pk - d * qk;
        s[q * m + k] = d * pk + c * qk;
    }
    for (size_t k = 0; k < m; k++) {
        double kp = v[k * m + p], kq = v[k * m + q];
        v[k * m + p] = c * kp - d * kq;
        v[k * m + q] = d * kp + c * kq;
    }
}

static void eigen(double *s, double *v, size_t m)
{
    memset(v, 0, m * m * sizeof *v);
    for (size_t i = 0; i < m; i++) { v[i * m + i] = 1; }
    for (int sweep = 0; sweep < 30; sweep++) {
        double off = 0;
        for (size_t p = 0; p < m; p++) {
            for (size_t q = p + 1; q < m; q++) {
                off += fabs(s[p * m + q]);
                rotate(s, v, m, p, q);
            }
        }
        if (off < 1e-18) { return; }
    }
}

void clv_cholesky_pseudo(const double *a, size_t n, const uint8_t *skip, double *inverse, uint8_t *lost, double *work)
{
    double *s = work, *v = work + n * n, *scale = v + n * n;
    size_t *place = (size_t *)(scale + n);
    size_t m = pack(a, n, skip, place, scale);

    scale_matrix(a, n, place, scale, m, s);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = i + 1; j < m; j++) { s[i * m + j] = s[j * m + i]; }
    }
    eigen(s, v, m);
    memset(inverse, 0, n * n * sizeof *inverse);
    for (size_t e = 0; e < m; e++) {
        double value = s[e * m + e];
        int null = !(value > CLV_CHOLESKY_LEAST);
        for (size_t i = 0; i < m; i++) {
            if (null && fabs(v[i * m + e]) > 1e-4) { lost[place[i]] = 1; }
            for (size_t j = 0; !null && j < m; j++) {
                inverse[place[i] * n + place[j]] += scale[i] * scale[j] * v[i * m + e] * v[j * m + e] / value;
            }
        }
    }
}
