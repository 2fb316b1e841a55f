/* The operations `normalize_pair` and `excess`: two yields of one scan on one scale, and what one shows more than the
   other. SPDX-License-Identifier: GPL-3.0-or-later */
#include "edge.h"
#include "xas.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- normalize_pair */

static const double *true_energies(const clv_spectra *s, double *room)
{
    const double *axis = clv_axis_values(clv_spectra_energy(s)), *offset = clv_spectra_offset(s);

    for (size_t i = 0; i < clv_spectra_channels(s); i++) { room[i] = axis[i] + (offset ? offset[0] : 0); }
    return room;
}

/* The edge that both share: that of the first. */
static clv_status shared_edge(const clv_call *call, const clv_spectra *first, const double *energy, double *e0,
                              clv_error *err)
{
    size_t place = 0;

    *e0 = clv_options_number(call->options, "e0");
    if (clv_options_given(call->options, "e0")) { return CLV_OK; }
    CLV_CHECK(clv_spectra_channels(first) >= 12, err, CLV_BAD_ARGUMENT, "%s has only %zu points",
              clv_spectra_name(first), clv_spectra_channels(first));
    CLV_TRY(xas_find_edge(energy, clv_spectra_intensity(first), clv_spectra_channels(first), &place, err));
    *e0 = energy[place];
    return CLV_OK;
}

/* Line, level and step of one channel with the ranges and the edge of both. */
static clv_status normalise_channel(const clv_call *call, clv_spectra *channel, const double *energy, double e0,
                                    clv_error *err)
{
    xas_normalisation n = {.e0 = e0, .order = (int)clv_options_number(call->options, "order")};
    double *mu = clv_spectra_fill(channel);
    clv_metadata *m = clv_spectra_metadata_fill(channel);

    clv_options_range(call->options, "pre", &n.pre[0], &n.pre[1]);
    clv_options_range(call->options, "post", &n.post[0], &n.post[1]);
    for (int k = 0; k < 2; k++) {
        n.pre[k] -= e0;
        n.post[k] -= e0;
    }
    CLV_TRY(xas_normalise(energy, mu, clv_spectra_channels(channel), &n, err));
    for (size_t i = 0; i < clv_spectra_channels(channel); i++) { mu[i] = (mu[i] - xas_pre_at(&n, energy[i])) / n.step; }
    CLV_TRY(clv_metadata_set_number(m, "e0", e0, "eV", err));
    CLV_TRY(clv_metadata_set_number(m, "edge_step", n.step, "1", err));
    CLV_TRY(clv_metadata_set_number(m, "pair_pre_low", n.pre[0] + e0, "eV", err));
    CLV_TRY(clv_metadata_set_number(m, "pair_pre_high", n.pre[1] + e0, "eV", err));
    CLV_TRY(clv_metadata_set_number(m, "pair_post_low", n.post[0] + e0, "eV", err));
    CLV_TRY(clv_metadata_set_number(m, "pair_post_high", n.post[1] + e0, "eV", err));
    CLV_TRY(clv_spectra_set_unit(channel, "1", err));
    clv_spectra_set_noise(channel, CLV_NOISE_UNKNOWN, 1, 0);
    return clv_spectra_add_history(channel, call->line, err);
}

static clv_status add_channels(const clv_call *call, clv_spectra *const channel[2], clv_record *out, clv_error *err)
{
    double *energy = calloc(clv_spectra_channels(channel[0]) + 1, sizeof *energy), e0 = 0;
    clv_status status = CLV_OK;

    CLV_CHECK(energy, err, CLV_NO_MEMORY, "out of memory");
    true_energies(channel[0], energy);
    status = shared_edge(call, channel[0], energy, &e0, err);
    for (int k = 0; k < 2 && !status; k++) { status = normalise_channel(call, channel[k], energy, e0, err); }
    for (int k = 0; k < 2 && !status; k++) { status = clv_record_add(out, clv_spectra_ref(channel[k]), err); }
    free(energy);
    return status;
}

static clv_status run_pair(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    clv_spectra *channel[2] = {NULL, NULL};
    clv_record *made = clv_record_new();
    clv_status status = made ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    if (!status) { status = xas_channel(record, clv_options_text(call->options, "first"), &channel[0], err); }
    if (!status) { status = xas_channel(record, clv_options_text(call->options, "second"), &channel[1], err); }
    if (!status && !clv_axis_equal(clv_spectra_energy(channel[0]), clv_spectra_energy(channel[1]))) {
        status = clv_fail(err, CLV_BAD_ARGUMENT, "the two channels have different energies: they are not of one scan");
    }
    if (!status) { status = add_channels(call, channel, made, err); }
    if (!status) { status = clv_record_copy_source(made, record, err); }
    clv_spectra_free(channel[0]);
    clv_spectra_free(channel[1]);
    if (status) {
        clv_record_free(made);
        return status;
    }
    *result = clv_value_object(CLV_RECORD, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter pair_rows[] = {
    {.name = "first", .type = CLV_TYPE_TEXT, .place = 1, .flags = CLV_REQUIRED, .doc = "a channel, in the words of mu"},
    {.name = "second", .type = CLV_TYPE_TEXT, .place = 2, .flags = CLV_REQUIRED, .doc = "the other"},
    {.name = "pre",
     .type = CLV_TYPE_RANGE,
     .unit = "eV",
     .flags = CLV_REQUIRED,
     .doc = "where the pre-edge line is fitted, energies"},
    {.name = "post",
     .type = CLV_TYPE_RANGE,
     .unit = "eV",
     .flags = CLV_REQUIRED,
     .doc = "where both stand at one edge step, energies"},
    {.name = "e0",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = 1,
     .high = 1e6,
     .doc = "edge of both; preset: the first's"},
    {.name = "order",
     .type = CLV_TYPE_INTEGER,
     .preset = "0",
     .low = 0,
     .high = 3,
     .doc = "of the post-edge polynomial; 0: both have the same mean over `post`"},
    {0},
};

const clv_operation xas_normalize_pair = {
    .size = sizeof(clv_operation),
    .name = "normalize_pair",
    .doc = "normalises two yields of one scan with one edge and one model, so that their difference means something",
    .source = "J. Stoehr, NEXAFS Spectroscopy (1992), doi 10.1007/978-3-662-02853-7",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = pair_rows,
    .run = run_pair,
};

/* ---- excess */

typedef struct pair {
    double *energy, *first, *second, *scratch; /* [n] */
    size_t n;
    double window[2], post[2], pre;
    double sigma[2];
} pair;

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The noise of one point from fourth differences, whose variance is 70 times its. */
static double noise_of(const double *y, size_t n, double *scratch)
{
    if (n < 9) { return 0; }
    for (size_t i = 2; i + 2 < n; i++) {
        scratch[i - 2] = fabs(y[i - 2] - 4 * y[i - 1] + 6 * y[i] - 4 * y[i + 1] + y[i + 2]);
    }
    qsort(scratch, n - 4, sizeof *scratch, by_size);
    return 1.4826 * scratch[(n - 4) / 2] / sqrt(70);
}

static clv_status take_pair(const clv_call *call, pair *p, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    const clv_spectra *a = clv_record_at(record, 0), *b = clv_record_at(record, 1);
    double around = clv_options_number(call->options, "around"), width = clv_options_number(call->options, "width");
    const clv_metadata *m;

    CLV_CHECK(clv_record_count(record) == 2 && isfinite(clv_metadata_number(clv_spectra_metadata(a), "pair_post_high")),
              err, CLV_BAD_ARGUMENT, "excess is that of a pair; call normalize_pair first");
    m = clv_spectra_metadata(a);
    p->pre = clv_metadata_number(m, "pair_pre_high");
    p->post[0] = clv_metadata_number(m, "pair_post_low");
    p->post[1] = clv_metadata_number(m, "pair_post_high");
    p->window[0] = around - width / 2;
    p->window[1] = around + width / 2;
    p->n = clv_spectra_channels(a);
    p->energy = calloc(4 * p->n + 1, sizeof *p->energy);
    CLV_CHECK(p->energy, err, CLV_NO_MEMORY, "out of memory");
    p->first = p->energy + p->n;
    p->second = p->first + p->n;
    p->scratch = p->second + p->n;
    true_energies(a, p->energy);
    memcpy(p->first, clv_spectra_intensity(a), p->n * sizeof *p->first);
    memcpy(p->second, clv_spectra_intensity(b), p->n * sizeof *p->second);
    p->sigma[0] = noise_of(p->first, p->n, p->scratch);
    p->sigma[1] = noise_of(p->second, p->n, p->scratch);
    CLV_CHECK(p->window[0] > p->energy[0] && p->window[1] < p->energy[p->n - 1], err, CLV_BAD_ARGUMENT,
              "the window %g to %g eV is not within the scan", p->window[0], p->window[1]);
    return CLV_OK;
}

/* What a channel is worth in an integral by the trapezoid rule over the window: half of the steps beside it that lie
   within, cut at the window's ends. */
static double share_of(const pair *p, size_t i)
{
    double low = i > 0 ? 0.5 * (p->energy[i - 1] + p->energy[i]) : p->energy[0];
    double high = i + 1 < p->n ? 0.5 * (p->energy[i] + p->energy[i + 1]) : p->energy[i];

    return fmax(0, fmin(high, p->window[1]) - fmax(low, p->window[0]));
}

/* Fluorescence of a thick sample is mu/(mu + b), over that at the edge step: undone, with b in edge steps. */
static double corrected(double yield, double b) { return b * yield / (1 + b - yield); }

/* The squares between both channels behind the pre-edge, but for a width about the window. */
static double mismatch(const pair *p, double b)
{
    double sum = 0, around = p->window[1] - p->window[0];

    for (size_t i = 0; i < p->n; i++) {
        double e = p->energy[i];

        if (e < p->pre || e > p->post[1] || (e > p->window[0] - around && e < p->window[1] + around)) { continue; }
        sum += p->second[i] < 1 + b ? pow(p->first[i] - corrected(p->second[i], b), 2) : 1e6;
    }
    return sum;
}

/* The b that brings the second channel to the first, in the logarithm from 0.1 to 10,000 edge steps. */
static double find_depth(const pair *p)
{
    double best = 0, least = INFINITY, low, high;

    for (int k = 0; k <= 200; k++) {
        double at = log(0.1) + (log(1e4) - log(0.1)) * k / 200, found = mismatch(p, exp(at));
        if (found < least) {
            least = found;
            best = at;
        }
    }
    low = best - 0.06;
    high = best + 0.06;
    for (int i = 0; i < 40; i++) {
        double one = low + 0.381966 * (high - low), two = low + 0.618034 * (high - low);
        if (mismatch(p, exp(one)) < mismatch(p, exp(two))) {
            high = two;
        } else {
            low = one;
        }
    }
    return exp(0.5 * (low + high));
}

/* How far both channels still differ where they should not: the root mean square outside the window. */
static double disagreement(const pair *p, double b)
{
    double sum = 0, around = p->window[1] - p->window[0];
    size_t count = 0;

    for (size_t i = 0; i < p->n; i++) {
        double e = p->energy[i], y = p->second[i];

        if (e < p->pre || e > p->post[1] || (e > p->window[0] - around && e < p->window[1] + around)) { continue; }
        sum += pow(p->first[i] - (isfinite(b) ? corrected(y, b) : y), 2);
        count++;
    }
    return count ? sqrt(sum / (double)count) : 0;
}

/* First minus second over the window, and its error: the points' own noise, that of both edge steps, which are means
   over `post`, and the disagreement elsewhere as far as it may stand in the window too. b is not finite: as they are.
 */
static void find_excess(const pair *p, double b, double *value, double *error)
{
    double variance = 0, area[2] = {0, 0}, points = 0;

    for (size_t i = 0; i < p->n; i++) {
        double share = share_of(p, i), y = p->second[i], slope = 1;

        points += p->energy[i] >= p->post[0] && p->energy[i] <= p->post[1];
        if (share == 0) { continue; }
        if (isfinite(b)) {
            slope = b * (1 + b) / pow(1 + b - y, 2);
            y = corrected(y, b);
        }
        area[0] += share * p->first[i];
        area[1] += share * y;
        variance += share * share * (p->sigma[0] * p->sigma[0] + slope * slope * p->sigma[1] * p->sigma[1]);
    }
    for (int k = 0; k < 2; k++) { variance += pow(area[k] * p->sigma[k], 2) / fmax(points, 1); }
    *value = area[0] - area[1];
    *error = hypot(sqrt(variance), disagreement(p, b) * (p->window[1] - p->window[0]));
}

static clv_status fill(const pair *p, double b, clv_columns *made, clv_error *err)
{
    static const char *const names[] = {"excess", "excess corrected"};
    char note[300];

    for (int k = 0; k < 2; k++) {
        double value, error, variance, gradient = 1;
        clv_uncertainty *source = NULL;
        clv_status status;

        find_excess(p, k ? b : INFINITY, &value, &error);
        variance = error * error;
        CLV_TRY(clv_uncertainty_new(1, 1, &variance, 0, NULL, NULL, &source, err));
        status = clv_columns_fill(made, (size_t)k, names[k], "eV", &value, source, &gradient, err);
        clv_uncertainty_free(source);
        CLV_TRY(status);
    }
    snprintf(note, sizeof note,
             "first minus second from %g to %g eV, in eV times the edge step; corrected: over-absorption of the second "
             "undone so "
             "that both agree elsewhere (thick sample, other absorption %.2g edge steps); errors hold what both still "
             "differ "
             "elsewhere",
             p->window[0], p->window[1], b);
    return clv_columns_add_note(made, note, err);
}

static clv_status run_excess(const clv_call *call, clv_value **result, clv_error *err)
{
    pair p = {NULL};
    clv_columns *made = NULL;
    clv_status status = take_pair(call, &p, err);

    if (!status) { status = clv_columns_new(NULL, 0, 2, &made, err); }
    if (!status) { status = fill(&p, find_depth(&p), made, err); }
    free(p.energy);
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter excess_rows[] = {
    {.name = "around",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = 1,
     .high = 1e6,
     .flags = CLV_REQUIRED,
     .doc = "middle of the window"},
    {.name = "width",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = 0.001,
     .high = 1e4,
     .flags = CLV_REQUIRED,
     .doc = "its whole width"},
    {0},
};

const clv_operation xas_excess = {
    .size = sizeof(clv_operation),
    .name = "excess",
    .doc = "what the first of a pair (the surface) shows more than the second (the bulk) in a window, as it is and "
           "with the "
           "second's over-absorption undone",
    .source = "over-absorption: L. Troeger et al., Phys. Rev. B 46 (1992) 3283, doi 10.1103/PhysRevB.46.3283, its "
              "strength taken "
              "from the pair",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = excess_rows,
    .run = run_excess,
};
