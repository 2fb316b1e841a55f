/* The operation `peaks`: where the magnitude of chi(R) has its maxima. SPDX-License-Identifier: GPL-3.0-or-later */
#include "transform.h"
#include "xas.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 20
#define LEAST_PART 0.1 /* of the highest maximum */

typedef struct peak {
    double at, height, at_error;
} peak;

static const clv_spectra *magnitude_of(const clv_record *record)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        const clv_spectra *s = clv_record_at(record, i);

        if (strcmp(clv_spectra_name(s), "magnitude") == 0 && strcmp(clv_axis_name(clv_spectra_energy(s)), "r") == 0) {
            return s;
        }
    }
    return NULL;
}

/* A parabola through the highest point and its neighbours. The transform's slope is as noisy as its values times twice
   the spread of k, and the top moves by slope over curvature. */
static peak refine(const double *r, const double *y, size_t i, double noise, double spread)
{
    double step = r[1] - r[0], slope = 0.5 * (y[i + 1] - y[i - 1]), curvature = y[i + 1] - 2 * y[i] + y[i - 1];
    double move = curvature < 0 ? -slope / curvature : 0;

    return (peak){.at = r[i] + step * move,
                  .height = y[i] + 0.5 * slope * move,
                  .at_error = noise * 2 * spread / fmax(fabs(curvature) / (step * step), 1e-30)};
}

/* Maxima within the range, in the order of r; those under a tenth of the highest are ripples. */
static size_t find_peaks(const clv_spectra *s, double low, double high, peak peaks[MOST])
{
    const double *r = clv_axis_values(clv_spectra_energy(s)), *y = clv_spectra_intensity(s);
    double noise = clv_metadata_number(clv_spectra_metadata(s), "noise_r"),
           spread = clv_metadata_number(clv_spectra_metadata(s), "spread_k"), highest = 0;
    size_t n = clv_spectra_channels(s), count = 0;

    for (size_t i = 1; i + 1 < n; i++) {
        if (r[i] >= low && r[i] <= high) { highest = fmax(highest, y[i]); }
    }
    for (size_t i = 1; i + 1 < n && count < MOST; i++) {
        int top = y[i] > y[i - 1] && y[i] >= y[i + 1] && r[i] >= low && r[i] <= high;

        if (top && y[i] > LEAST_PART * highest) { peaks[count++] = refine(r, y, i, noise, spread); }
    }
    return count;
}

static clv_status fill(const peak *peaks, size_t count, double noise, clv_columns *made, clv_error *err)
{
    for (size_t i = 0; i < count; i++) {
        double gradient = 1, variance[2] = {peaks[i].at_error * peaks[i].at_error, noise * noise};

        for (int k = 0; k < 2; k++) {
            clv_uncertainty *source = NULL;
            char name[40];
            clv_status status;

            snprintf(name, sizeof name, "%s %zu", k ? "height" : "peak", i + 1);
            CLV_TRY(clv_uncertainty_new(1, 1, &variance[k], 0, NULL, NULL, &source, err));
            status = clv_columns_fill(made, 2 * i + (size_t)k, name, k ? "1" : "Angstrom",
                                      k ? &peaks[i].height : &peaks[i].at, source, &gradient, err);
            clv_uncertainty_free(source);
            CLV_TRY(status);
        }
    }
    return clv_columns_add_note(
        made,
        "distances as they stand in chi(R), not corrected for phases (some 0.3 to 0.5 Angstrom short); "
        "errors from the noise between 15 and 30 Angstrom",
        err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *s = magnitude_of(clv_value_as_object(call->on, CLV_RECORD));
    double low, high;
    peak peaks[MOST];
    clv_columns *made = NULL;
    size_t count;
    clv_status status;

    CLV_CHECK(s, err, CLV_BAD_ARGUMENT, "peaks are those of chi(R); call fourier first");
    clv_options_range(call->options, "between", &low, &high);
    count = find_peaks(s, low, high, peaks);
    CLV_CHECK(count > 0, err, CLV_NOT_FOUND, "there is no maximum between %g and %g Angstrom", low, high);
    CLV_TRY(clv_columns_new(NULL, 0, 2 * count, &made, err));
    status = fill(peaks, count, clv_metadata_number(clv_spectra_metadata(s), "noise_r"), made, err);
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "between",
     .type = CLV_TYPE_RANGE,
     .unit = "Angstrom",
     .preset = "{ 1, 6 }",
     .doc = "where maxima are sought"},
    {0},
};

const clv_operation xas_peaks = {
    .size = sizeof(clv_operation),
    .name = "peaks",
    .doc = "places and heights of the maxima of |chi(R)|",
    .source = "B. Ravel, M. Newville, J. Synchrotron Rad. 12 (2005) 537, doi 10.1107/S0909049505012719",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
