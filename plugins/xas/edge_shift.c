/* The operation `edge_shift`: how far one edge lies from another, by named definitions.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "edge.h"
#include "xas.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPLICAS 100
#define LOW_LEVEL 0.15 /* of the integral definition */
#define AROUND 30.0    /* eV about the edge that centroid and correlation see */

enum { MAX_DERIVATIVE, HALF_STEP, INTEGRAL, CENTROID, CORRELATION, WAYS };
static const char *const ways[WAYS] = {"max_derivative", "half_step", "integral", "centroid", "correlation"};

/* A normalised spectrum on true energies. */
typedef struct edge {
    double *energy, *norm, *clean, *derivative; /* [n] */
    size_t n;
    double e0, sigma; /* of the noise of one point */
} edge;

static void edge_clear(edge *e) { free(e->energy); }

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The noise of one point from fourth differences: their variance is 70 times its; the median is deaf to the edge. */
static double noise_of(const double *y, size_t n, double *scratch)
{
    if (n < 9) { return 0; }
    for (size_t i = 2; i + 2 < n; i++) {
        scratch[i - 2] = fabs(y[i - 2] - 4 * y[i - 1] + 6 * y[i] - 4 * y[i + 1] + y[i + 2]);
    }
    qsort(scratch, n - 4, sizeof *scratch, by_size);
    return 1.4826 * scratch[(n - 4) / 2] / sqrt(70);
}

static clv_status take_edge(const clv_spectra *spectra, edge *e, clv_error *err)
{
    xas_normalisation n;
    const double *offset = clv_spectra_offset(spectra), *axis = clv_axis_values(clv_spectra_energy(spectra));

    CLV_TRY(xas_read_normalisation(spectra, &n, err));
    CLV_CHECK(clv_spectra_count(spectra) == 1, err, CLV_BAD_ARGUMENT, "%s holds several spectra",
              clv_spectra_name(spectra));
    e->n = clv_spectra_channels(spectra);
    e->energy = calloc(4 * e->n + 1, sizeof *e->energy);
    CLV_CHECK(e->energy, err, CLV_NO_MEMORY, "out of memory");
    e->norm = e->energy + e->n;
    e->clean = e->norm + e->n;
    e->derivative = e->clean + e->n;
    e->e0 = n.e0;
    for (size_t i = 0; i < e->n; i++) { e->energy[i] = axis[i] + (offset ? offset[0] : 0); }
    memcpy(e->clean, clv_spectra_intensity(spectra), e->n * sizeof *e->clean);
    memcpy(e->norm, e->clean, e->n * sizeof *e->norm);
    e->sigma = noise_of(e->clean, e->n, e->derivative);
    return CLV_OK;
}

/* ---- Definitions of one edge's energy */

/* Where the normalised absorption first rises through a level near the edge. */
static double crossing(const edge *e, double level)
{
    size_t from = xas_index_of(e->energy, e->n, e->e0 - AROUND);

    for (size_t i = from + 1; i < e->n; i++) {
        double a = e->norm[i - 1], b = e->norm[i];

        if (a < level && b >= level) {
            return e->energy[i - 1] + (level - a) / (b - a) * (e->energy[i] - e->energy[i - 1]);
        }
    }
    return NAN;
}

/* The mean energy over levels from 0.15 to 1, each where it is first reached: a thousand levels by the midpoint rule.
 */
static double integral_energy(const edge *e)
{
    double sum = 0;

    for (int k = 0; k < 1000; k++) { sum += crossing(e, LOW_LEVEL + (1 - LOW_LEVEL) * (k + 0.5) / 1000) / 1000; }
    return sum;
}

/* The centre of mass of the derivative: by parts, the energies of the steps up less those down. */
static double centroid_energy(const edge *e)
{
    double sum = 0, moment = 0;

    for (size_t i = 1; i < e->n; i++) {
        double middle = 0.5 * (e->energy[i] + e->energy[i - 1]), rise = e->norm[i] - e->norm[i - 1];

        if (fabs(middle - e->e0) > AROUND) { continue; }
        sum += rise;
        moment += rise * middle;
    }
    return moment / sum;
}

static double derivative_energy(const edge *e)
{
    size_t place = 0;

    return xas_find_edge(e->energy, e->norm, e->n, &place, NULL) ? NAN : e->energy[place];
}

/* ---- Shifts */

static double value_at(const edge *e, const double *y, double at)
{
    size_t i;

    if (!(at > e->energy[0]) || !(at < e->energy[e->n - 1])) { return 0; }
    i = xas_index_of(e->energy, e->n, at);
    return y[i] + (y[i + 1] - y[i]) * (at - e->energy[i]) / (e->energy[i + 1] - e->energy[i]);
}

/* The squares between the derivative of a, moved by a shift, and that of b. */
static double mismatch(const edge *a, const edge *b, double shift)
{
    double sum = 0;

    for (int k = -300; k <= 300; k++) {
        double at = b->e0 + AROUND * k / 300;
        sum += pow(value_at(a, a->derivative, at + shift) - value_at(b, b->derivative, at), 2);
    }
    return sum;
}

static double correlation_shift(edge *a, edge *b)
{
    double best = 0, least = INFINITY, low, high;

    xas_derivative(a->energy, a->norm, a->n, a->derivative);
    xas_derivative(b->energy, b->norm, b->n, b->derivative);
    for (int k = -200; k <= 200; k++) {
        double shift = 0.1 * k, found = mismatch(a, b, shift);
        if (found < least) {
            least = found;
            best = shift;
        }
    }
    low = best - 0.1;
    high = best + 0.1;
    for (int i = 0; i < 40; i++) {
        double one = low + 0.381966 * (high - low), two = low + 0.618034 * (high - low);
        if (mismatch(a, b, one) < mismatch(a, b, two)) {
            high = two;
        } else {
            low = one;
        }
    }
    return 0.5 * (low + high);
}

static double shift_by(int way, edge *a, edge *b)
{
    switch (way) {
    case MAX_DERIVATIVE: return derivative_energy(a) - derivative_energy(b);
    case HALF_STEP: return crossing(a, 0.5) - crossing(b, 0.5);
    case INTEGRAL: return integral_energy(a) - integral_energy(b);
    case CENTROID: return centroid_energy(a) - centroid_energy(b);
    default: return correlation_shift(a, b);
    }
}

/* A normal number by Box and Muller from Knuth's MMIX generator. */
static double normal(uint64_t *seed)
{
    double u[2];

    for (int k = 0; k < 2; k++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        u[k] = ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
    }
    return sqrt(-2 * log(u[0])) * cos(2 * M_PI * u[1]);
}

static void disturb(edge *e, uint64_t *seed)
{
    for (size_t i = 0; i < e->n; i++) { e->norm[i] = e->clean[i] + e->sigma * normal(seed); }
}

/* The spread of the shift over replicas with the noise once more, the seed being fixed; a third of the grid's step is
   the least that the place of a maximum is known to. */
static double shift_error(int way, edge *a, edge *b)
{
    uint64_t seed = 20260101;
    double sum = 0, square = 0, grid = 0;

    for (int r = 0; r < REPLICAS; r++) {
        double shift;

        disturb(a, &seed);
        disturb(b, &seed);
        shift = shift_by(way, a, b);
        sum += shift / REPLICAS;
        square += shift * shift / REPLICAS;
    }
    memcpy(a->norm, a->clean, a->n * sizeof *a->norm);
    memcpy(b->norm, b->clean, b->n * sizeof *b->norm);
    if (way == MAX_DERIVATIVE) {
        size_t i = xas_index_near(a->energy, a->n, a->e0);
        grid = i + 1 < a->n ? (a->energy[i + 1] - a->energy[i]) / 3 * sqrt(2) : 0;
    }
    return hypot(sqrt(fmax(0, square - sum * sum)), grid);
}

/* ---- The operation */

/* What the monochromator leaves open: the errors of both alignments, or the preset where one was not aligned. */
static double energy_error(const clv_call *call, const clv_spectra *a, const clv_spectra *b, int *aligned)
{
    const double *one = clv_spectra_offset_error(a), *two = clv_spectra_offset_error(b);

    *aligned = one && two;
    return *aligned ? hypot(one[0], two[0]) : clv_options_number(call->options, "monochromator");
}

static clv_status fill(const clv_call *call, edge *a, edge *b, double common, clv_columns *made, clv_error *err)
{
    const char *by = clv_options_text(call->options, "by");
    size_t place = 0;

    for (int w = 0; w < WAYS; w++) {
        double value, local[2], gradient[1] = {1};
        clv_uncertainty *source = NULL;

        if (by && strcmp(by, ways[w]) != 0) { continue; }
        value = shift_by(w, a, b);
        CLV_CHECK(isfinite(value), err, CLV_BAD_ARGUMENT, "by = \"%s\": one of the spectra does not reach that level",
                  ways[w]);
        local[0] = pow(shift_error(w, a, b), 2) + common * common;
        CLV_TRY(clv_uncertainty_new(1, 1, local, 0, NULL, NULL, &source, err));
        clv_status status = clv_columns_fill(made, place++, ways[w], "eV", &value, source, gradient, err);
        clv_uncertainty_free(source);
        CLV_TRY(status);
    }
    return CLV_OK;
}

static clv_status compare(const clv_call *call, const clv_spectra *a, const clv_spectra *b, clv_columns **made,
                          clv_error *err)
{
    edge one = {NULL}, two = {NULL};
    int aligned;
    double common = energy_error(call, a, b, &aligned);
    char note[240];
    clv_status status = take_edge(a, &one, err);

    if (!status) { status = take_edge(b, &two, err); }
    if (!status) { status = clv_columns_new(NULL, 0, clv_options_text(call->options, "by") ? 1 : WAYS, made, err); }
    if (!status) { status = fill(call, &one, &two, common, *made, err); }
    snprintf(note, sizeof note,
             aligned ? "the energies of both scans were aligned, which adds %.2f eV to each error"
                     : "the scans were not aligned by a reference: the monochromator adds %.2f eV to each error",
             common);
    if (!status) { status = clv_columns_add_note(*made, note, err); }
    edge_clear(&one);
    edge_clear(&two);
    return status;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *a = clv_value_as_object(call->on, CLV_SPECTRA);
    const clv_spectra *b = clv_value_as_object(clv_options_get(call->options, "from"), CLV_SPECTRA);
    clv_columns *made = NULL;
    clv_status status = compare(call, a, b, &made, err);

    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "from",
     .type = CLV_TYPE_OBJECT,
     .kinds = CLV_ON(CLV_SPECTRA),
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "the normalised spectrum whose edge is taken away"},
    {.name = "by",
     .type = CLV_TYPE_CHOICE,
     .choices = "max_derivative|half_step|integral|centroid|correlation",
     .doc = "definition: place of the largest derivative, of half the step, mean over the levels 0.15 to 1, centre of "
            "mass of "
            "the derivative, shift of one derivative onto the other; preset: all of them"},
    {.name = "monochromator",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .preset = "0.3",
     .low = 0,
     .high = 100,
     .doc = "how well energies of scans that no reference aligned compare"},
    {0},
};

const clv_operation xas_edge_shift = {
    .size = sizeof(clv_operation),
    .name = "edge_shift",
    .doc = "energy of this edge less that of another, by one definition or by all; the definitions may differ by eV",
    .source = "A. H. de Vries, L. Hozoi, R. Broer, Int. J. Quantum Chem. 91 (2003) 57, doi 10.1002/qua.10337 (levels); "
              "the noise "
              "by a parametric bootstrap of 100 replicas",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
