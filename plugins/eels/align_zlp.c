/* The operation `align_zlp`: moves the energies of every spectrum so that its zero-loss line stands at 0 eV.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "eels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_PART 0.05 /* of the highest channel: what the zero loss has at least, however thick the specimen */
#define SIGNIFICANT 6.0 /* standard deviations above nothing */
#define DOWN_TO 0.1     /* part of its height down to which the line's shape is fitted */
#define HELD_ERROR 0.2  /* eV: how far a neighbour's place may be wrong */

/* Where the zero loss stands in each spectrum; NaN where none was found. */
typedef struct places {
    size_t count, missing;
    double *at, *error;
} places;

/* ---- One spectrum */

/* The mean of three channels, so that single ones do not pass for a line. */
static double smooth_at(const double *y, size_t n, size_t i)
{
    return (y[i > 0 ? i - 1 : 0] + y[i] + y[i + 1 < n ? i + 1 : n - 1]) / 3;
}

/* The zero loss is the first line from below that stands out: a plasmon of a thick specimen may be higher, but lies
   above it. SIZE_MAX when nothing stands out. */
static size_t find_top(const double *y, size_t n)
{
    double highest = 0, needed;

    for (size_t i = 0; i < n; i++) { highest = fmax(highest, smooth_at(y, n, i)); }
    needed = fmax(LEAST_PART * highest, SIGNIFICANT * SIGNIFICANT / 3);
    for (size_t i = 1; i + 1 < n; i++) {
        double here = smooth_at(y, n, i);
        size_t reach = i;

        if (here < needed) { continue; }
        /* climb to the top of this line: channels that are higher within its own half width */
        for (size_t k = i; k < n && smooth_at(y, n, k) > 0.5 * smooth_at(y, n, reach); k++) {
            if (smooth_at(y, n, k) > smooth_at(y, n, reach)) { reach = k; }
        }
        return reach;
    }
    return SIZE_MAX;
}

/* Sums of weights times powers of the distance, for a parabola. */
static void add_powers(double t, double weight, double value, double power[5], double moment[3])
{
    double w = weight;

    for (int k = 0; k < 5; k++, w *= t) {
        power[k] += w;
        if (k < 3) { moment[k] += w * value; }
    }
}

/* Solves the parabola's three equations by Cramer's rule: value, slope, curvature, and their inverse matrix's parts
   that the place of the top needs. 0 when they are singular. */
static int solve_parabola(const double s[5], const double m[3], double c[3], double inverse[3][3])
{
    double a[3][3] = {{s[0], s[1], s[2]}, {s[1], s[2], s[3]}, {s[2], s[3], s[4]}}, det = 0;

    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 3; k++) {
            int r0 = (k + 1) % 3, r1 = (k + 2) % 3, c0 = (i + 1) % 3, c1 = (i + 2) % 3;

            inverse[i][k] = a[r0][c0] * a[r1][c1] - a[r0][c1] * a[r1][c0];
        }
    }
    for (int k = 0; k < 3; k++) { det += a[0][k] * inverse[k][0]; }
    if (!(fabs(det) > 1e-30)) { return 0; }
    for (int i = 0; i < 3; i++) {
        c[i] = 0;
        for (int k = 0; k < 3; k++) {
            inverse[i][k] /= det;
            c[i] += inverse[i][k] * m[k];
        }
    }
    return 1;
}

/* The top of a Gaussian through the line's upper part: a parabola in the logarithm of the counts, each weighted with
   its counts, as the variance of their logarithm is one over them; then once more with the counts that the first
   parabola expects, which takes out the bias of low ones. */
static int fit_top(const double *energy, const double *y, size_t from, size_t until, double scale, double *at,
                   double *error)
{
    double c[3] = {0}, inverse[3][3], middle = energy[(from + until) / 2];

    for (int round = 0; round < 3; round++) {
        double s[5] = {0}, m[3] = {0};

        for (size_t i = from; i <= until; i++) {
            double t = energy[i] - middle, expected = round ? exp(c[0] + c[1] * t + c[2] * t * t) : y[i];

            if (!(expected > 0)) { continue; }
            add_powers(t, expected, round ? log(expected) + y[i] / expected - 1 : log(expected), s, m);
        }
        if (!solve_parabola(s, m, c, inverse) || !(c[2] < 0)) { return 0; }
    }
    double by1 = -1 / (2 * c[2]), by2 = c[1] / (2 * c[2] * c[2]);
    *at = middle - c[1] / (2 * c[2]);
    *error = sqrt(scale * (by1 * by1 * inverse[1][1] + 2 * by1 * by2 * inverse[1][2] + by2 * by2 * inverse[2][2]));
    return *at > energy[from] && *at < energy[until];
}

/* Where few channels carry the line, its centre of mass. */
static void centroid(const double *energy, const double *y, size_t from, size_t until, double scale, double *at,
                     double *error)
{
    double sum = 0, first = 0, second = 0;

    for (size_t i = from; i <= until; i++) {
        sum += fmax(y[i], 0);
        first += fmax(y[i], 0) * energy[i];
    }
    *at = first / sum;
    for (size_t i = from; i <= until; i++) { second += fmax(y[i], 0) * pow(energy[i] - *at, 2); }
    *error =
        sqrt(scale * second) / sum + (until > from ? (energy[until] - energy[from]) / (double)(until - from) / 10 : 0);
}

static int find_place(const double *energy, const double *y, size_t n, double scale, double *at, double *error)
{
    size_t top = find_top(y, n), from = top, until = top;

    if (top == SIZE_MAX || n < 3) { return 0; }
    while (from > 0 && smooth_at(y, n, from - 1) > DOWN_TO * smooth_at(y, n, top)) { from--; }
    while (until + 1 < n && smooth_at(y, n, until + 1) > DOWN_TO * smooth_at(y, n, top)) { until++; }
    if (until - from >= 4 && fit_top(energy, y, from, until, scale, at, error)) { return 1; }
    if (from > 0) { from--; }
    if (until + 1 < n) { until++; }
    centroid(energy, y, from, until, scale, at, error);
    return 1;
}

/* ---- All of them */

static clv_status find_places(const clv_spectra *low, places *p, clv_error *err)
{
    size_t n = clv_spectra_channels(low);
    const double *energy = clv_axis_values(clv_spectra_energy(low)), *y = clv_spectra_intensity(low);
    double scale = clv_spectra_noise(low) == CLV_NOISE_POISSON ? clv_spectra_noise_scale(low) : 1;

    p->count = clv_spectra_count(low);
    p->at = calloc(2 * p->count + 1, sizeof *p->at);
    CLV_CHECK(p->at, err, CLV_NO_MEMORY, "out of memory");
    p->error = p->at + p->count;
    for (size_t i = 0; i < p->count; i++) {
        if (find_place(energy, y + i * n, n, scale, &p->at[i], &p->error[i])) { continue; }
        p->at[i] = p->error[i] = NAN;
        p->missing++;
    }
    CLV_CHECK(p->missing < p->count, err, CLV_BAD_ARGUMENT,
              "no spectrum of %s has a zero-loss line; give the map of the low "
              "loss with lowloss = …",
              clv_spectra_name(low));
    return CLV_OK;
}

/* The nearest spectrum in their order where the line was found stands in for one where it was not. */
static void hold(places *p)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!isnan(p->error[i])) { continue; }
        for (size_t far = 1; far < p->count; far++) {
            size_t near = i >= far && p->error[i - far] > 0             ? i - far
                          : i + far < p->count && p->error[i + far] > 0 ? i + far
                                                                        : SIZE_MAX;
            if (near == SIZE_MAX) { continue; }
            p->at[i] = p->at[near];
            p->error[i] = -hypot(p->error[near], HELD_ERROR);
            break;
        }
    }
}

static clv_status move(const clv_call *call, const clv_spectra *spectra, const places *p, clv_spectra **made,
                       clv_error *err)
{
    double *offset = calloc(p->count + 1, sizeof *offset);
    char note[200];
    clv_status status;

    CLV_CHECK(offset, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < p->count; i++) { offset[i] = -p->at[i]; }
    status = clv_spectra_copy(spectra, made, err);
    if (!status) { status = clv_spectra_set_offset(*made, offset, p->error, err); }
    if (!status) { status = clv_spectra_add_history(*made, call->line, err); }
    if (!status && p->missing) {
        snprintf(note, sizeof note, "-- %zu of %zu spectra have no zero-loss line: the nearest one's place is held",
                 p->missing, p->count);
        status = clv_spectra_add_history(*made, note, err);
    }
    free(offset);
    return status;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    const clv_spectra *low = clv_value_as_object(clv_options_get(call->options, "lowloss"), CLV_SPECTRA);
    places p = {0};
    clv_spectra *made = NULL;
    clv_status status;

    if (!low) { low = spectra; }
    CLV_CHECK(strcmp(clv_axis_name(clv_spectra_energy(low)), "energy_loss") == 0, err, CLV_BAD_ARGUMENT,
              "%s has no energy losses but a %s", clv_spectra_name(low), clv_axis_name(clv_spectra_energy(low)));
    CLV_CHECK(clv_spectra_count(low) == clv_spectra_count(spectra), err, CLV_BAD_ARGUMENT,
              "lowloss: it has %zu spectra, %s has %zu: they are not of the same pixels", clv_spectra_count(low),
              clv_spectra_name(spectra), clv_spectra_count(spectra));
    status = find_places(low, &p, err);
    if (!status) {
        hold(&p);
        status = move(call, spectra, &p, &made, err);
    }
    free(p.at);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "lowloss",
     .type = CLV_TYPE_OBJECT,
     .kinds = CLV_ON(CLV_SPECTRA),
     .doc = "low-loss spectra of the same pixels, in which the line is sought; preset: the spectra themselves"},
    {0},
};

const clv_operation eels_align_zlp = {
    .size = sizeof(clv_operation),
    .name = "align_zlp",
    .doc = "moves the energies of every spectrum so that its zero-loss line stands at 0 eV; nothing is resampled",
    .source = "R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), doi "
              "10.1007/978-1-4419-9583-4",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
