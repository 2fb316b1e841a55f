/* The operation `fourier`: chi(k) to chi(R). SPDX-License-Identifier: GPL-3.0-or-later */
#include "transform.h"
#include "xas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define R_MOST 10.0     /* Angstrom that are kept */
#define NOISE_FROM 15.0 /* to 30 Angstrom there is nothing but noise */
#define NOISE_UNTIL 30.0

static const char *const windows[] = {"hanning", "parzen", "welch", "sine", "kaiser"};

/* chi k^weight window on the grid, by interpolation where the data's own is another. */
typedef struct weighted {
    double *values, *window;
    size_t n;
    double spread; /* of k under the weight, 1/Angstrom */
} weighted;

static double interpolate(const double *x, const double *y, size_t n, double at)
{
    size_t low = 0, high = n - 1;

    if (at >= x[n - 1]) { return y[n - 1]; }
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(x[middle] <= at ? &low : &high) = middle;
    }
    return y[low] + (y[high] - y[low]) * (at - x[low]) / (x[high] - x[low]);
}

static clv_status weigh(const clv_call *call, const clv_spectra *chi, weighted *w, clv_error *err)
{
    const double *k = clv_axis_values(clv_spectra_energy(chi)), *y = clv_spectra_intensity(chi);
    const char *name = clv_options_text(call->options, "window");
    double low, high, dk = clv_options_number(call->options, "dk"),
                      power = clv_options_number(call->options, "kweight");
    double sum = 0, first = 0, second = 0;
    size_t n = clv_spectra_channels(chi);
    int window = 0;

    clv_options_range(call->options, "k", &low, &high);
    for (int i = 0; i < 5; i++) { window = strcmp(name, windows[i]) == 0 ? i : window; }
    CLV_CHECK(low < k[n - 1] && high > low, err, CLV_BAD_ARGUMENT, "k: the data end at %.2f 1/Angstrom", k[n - 1]);
    w->n = (size_t)(1.01 + fmax(k[n - 1], high + dk) / XAS_K_STEP);
    w->values = calloc(2 * w->n + 1, sizeof *w->values);
    CLV_CHECK(w->values, err, CLV_NO_MEMORY, "out of memory");
    w->window = w->values + w->n;
    xas_fill_window((xas_window)window, low, high, dk, XAS_K_STEP, w->n, w->window);
    w->n = (size_t)(1.01 + k[n - 1] / XAS_K_STEP) < w->n ? (size_t)(1.01 + k[n - 1] / XAS_K_STEP) : w->n;
    for (size_t i = 0; i < w->n; i++) {
        double at = XAS_K_STEP * (double)i, weight = w->window[i] * pow(at, power);

        w->values[i] = weight * interpolate(k, y, n, at);
        sum += weight * weight;
        first += weight * weight * at;
        second += weight * weight * at * at;
    }
    w->spread = sqrt(fmax(0, second / sum - first * first / (sum * sum)));
    return CLV_OK;
}

static clv_status add_part(const clv_call *call, const clv_spectra *chi, const char *name, clv_axis *r,
                           const double *values, const double facts[2], clv_record *out, clv_error *err)
{
    clv_spectra *made = NULL;
    clv_status status = clv_spectra_new(name, "1", &r, 1, &made, err);

    CLV_TRY(status);
    memcpy(clv_spectra_fill(made), values, clv_axis_size(r) * sizeof *values);
    status = xas_take_over(call, chi, made, err);
    if (!status) { status = clv_metadata_set_number(clv_spectra_metadata_fill(made), "noise_r", facts[0], "1", err); }
    if (!status) {
        status = clv_metadata_set_number(clv_spectra_metadata_fill(made), "spread_k", facts[1], "1/Angstrom", err);
    }
    if (!status) { return clv_record_add(out, made, err); }
    clv_spectra_free(made);
    return status;
}

/* The root mean square of real and imaginary parts where no atom is. */
static double noise_of(const double *real, const double *imaginary, double r_step)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = (size_t)(NOISE_FROM / r_step); (double)i * r_step < NOISE_UNTIL; i++, count += 2) {
        sum += real[i] * real[i] + imaginary[i] * imaginary[i];
    }
    return sqrt(sum / (double)count);
}

static clv_status make_record(const clv_call *call, const clv_spectra *chi, const weighted *w, clv_record *out,
                              clv_error *err)
{
    double r_step = xas_r_step();
    size_t all = (size_t)(NOISE_UNTIL / r_step) + 2, kept = (size_t)(R_MOST / r_step) + 1;
    double *room = calloc(2 * all + 2 * kept, sizeof *room), *real = room, *imaginary = room + all, *r = room + 2 * all;
    double *magnitude = r + kept, facts[2];
    clv_axis *axis = NULL;
    clv_status status;

    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    xas_transform(w->values, w->n, XAS_K_STEP, all, real, imaginary);
    for (size_t i = 0; i < kept; i++) {
        r[i] = r_step * (double)i;
        magnitude[i] = hypot(real[i], imaginary[i]);
    }
    facts[0] = noise_of(real, imaginary, r_step);
    facts[1] = w->spread;
    status = clv_axis_new("r", "Angstrom", r, kept, &axis, err);
    if (!status) { status = add_part(call, chi, "magnitude", axis, magnitude, facts, out, err); }
    if (!status) { status = add_part(call, chi, "real", axis, real, facts, out, err); }
    if (!status) { status = add_part(call, chi, "imaginary", axis, imaginary, facts, out, err); }
    clv_axis_free(axis);
    free(room);
    return status;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *chi = clv_value_as_object(call->on, CLV_SPECTRA);
    weighted w = {NULL};
    clv_record *made = NULL;
    clv_status status;

    CLV_CHECK(strcmp(clv_axis_name(clv_spectra_energy(chi)), "k") == 0 && clv_spectra_count(chi) == 1, err,
              CLV_BAD_ARGUMENT, "fourier takes chi over k, as autobk gives it");
    made = clv_record_new();
    CLV_CHECK(made, err, CLV_NO_MEMORY, "out of memory");
    status = weigh(call, chi, &w, err);
    if (!status) { status = make_record(call, chi, &w, made, err); }
    free(w.values);
    if (status) {
        clv_record_free(made);
        return status;
    }
    *result = clv_value_object(CLV_RECORD, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "k", .type = CLV_TYPE_RANGE, .unit = "1/Angstrom", .flags = CLV_REQUIRED, .doc = "range of the window"},
    {.name = "dk",
     .type = CLV_TYPE_NUMBER,
     .unit = "1/Angstrom",
     .preset = "1",
     .low = 0,
     .high = 20,
     .doc = "width of the window's slopes, half of each outside the range (kaiser: its parameter)"},
    {.name = "window",
     .type = CLV_TYPE_CHOICE,
     .choices = "hanning|parzen|welch|sine|kaiser",
     .preset = "\"hanning\"",
     .doc = "shape of the window"},
    {.name = "kweight",
     .type = CLV_TYPE_NUMBER,
     .preset = "2",
     .low = 0,
     .high = 5,
     .unit = "1",
     .doc = "power of k before it"},
    {0},
};

const clv_operation xas_fourier = {
    .size = sizeof(clv_operation),
    .name = "fourier",
    .doc = "transforms chi(k) to chi(R), not corrected for phases: magnitude, real and imaginary part over r",
    .source = "B. Ravel, M. Newville, J. Synchrotron Rad. 12 (2005) 537, doi 10.1107/S0909049505012719; normalised as "
              "Larch does",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
