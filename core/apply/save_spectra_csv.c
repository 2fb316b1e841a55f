/* Writes spectra as a table: one row a channel; several regions under one another with their names first.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/save.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "apply/save_rows.h"

/* The distinct coordinates of several spectra, in the order in which they are first met; energies come last. */
typedef struct layout {
    size_t count;
    clv_axis *axes[64];
    int has_variance;
} layout;

static int same_column(const clv_axis *a, const clv_axis *b)
{
    return strcmp(clv_axis_name(a), clv_axis_name(b)) == 0 && strcmp(clv_axis_unit(a), clv_axis_unit(b)) == 0;
}

static clv_status add(layout *all, clv_axis *axis, clv_error *err)
{
    for (size_t i = 0; i < all->count; i++) {
        if (same_column(all->axes[i], axis)) { return CLV_OK; }
    }
    CLV_CHECK(all->count < sizeof all->axes / sizeof *all->axes, err, CLV_CANNOT_WRITE,
              "these spectra stand on too many different axes for one table; save them as .nc");
    all->axes[all->count++] = axis;
    return CLV_OK;
}

static clv_status plan(clv_spectra *const *spectra, size_t count, layout *all, clv_error *err)
{
    save_axes axes;

    *all = (layout){0};
    for (size_t i = 0; i < count; i++) {
        CLV_TRY(save_axes_of_spectra(spectra[i], &axes, err));
        for (size_t k = 0; k < axes.count; k++) { CLV_TRY(add(all, axes.axes[k], err)); }
        all->has_variance |= clv_spectra_variance(spectra[i]) != NULL;
    }
    for (size_t i = 0; i < count; i++) { CLV_TRY(add(all, clv_spectra_energy(spectra[i]), err)); }
    return CLV_OK;
}

/* The value of one coordinate at a channel of a spectrum, NaN where the spectra have no such coordinate. */
static double coordinate(const clv_spectra *spectra, const save_axes *axes, const clv_axis *wanted, size_t spectrum,
                         size_t channel)
{
    for (size_t k = 0; k < axes->count; k++) {
        if (!same_column(axes->axes[k], wanted)) { continue; }
        return clv_axis_values(axes->axes[k])[spectrum / axes->stride[k] % clv_axis_size(axes->axes[k])];
    }
    return same_column(clv_spectra_energy(spectra), wanted) ? save_energy(spectra, spectrum, channel) : NAN;
}

static clv_status put_region(clv_csv *csv, const clv_spectra *spectra, const layout *all, int named, clv_error *err)
{
    size_t channels = clv_spectra_channels(spectra);
    const double *variance = clv_spectra_variance(spectra);
    save_axes axes;

    CLV_TRY(save_axes_of_spectra(spectra, &axes, err));
    for (size_t i = 0; i < clv_spectra_count(spectra) * channels; i++) {
        if (named) { clv_csv_text(csv, clv_spectra_name(spectra)); }
        for (size_t k = 0; k < all->count; k++) {
            clv_csv_number(csv, coordinate(spectra, &axes, all->axes[k], i / channels, i % channels));
        }
        clv_csv_number(csv, clv_spectra_intensity(spectra)[i]);
        if (all->has_variance) { clv_csv_number(csv, variance ? sqrt(variance[i]) : NAN); }
        if (named) { clv_csv_text(csv, clv_spectra_unit(spectra)); }
        clv_csv_end(csv);
    }
    return CLV_OK;
}

clv_status save_spectra_csv(clv_spectra *const *spectra, size_t count, const char *path, clv_error *err)
{
    int named = count > 1;
    layout all;
    clv_csv *csv = NULL;
    clv_status status = CLV_OK;

    CLV_CHECK(count > 0, err, CLV_BAD_ARGUMENT, "there are no spectra to save");
    CLV_TRY(plan(spectra, count, &all, err));
    CLV_TRY(clv_csv_open(path, &csv, err));
    if (named) { clv_csv_text(csv, "region"); }
    for (size_t k = 0; k < all.count; k++) {
        clv_csv_header(csv, clv_axis_name(all.axes[k]), clv_axis_unit(all.axes[k]));
    }
    clv_csv_header(csv, "intensity", named ? NULL : clv_spectra_unit(spectra[0]));
    if (all.has_variance) { clv_csv_text(csv, "intensity_error"); }
    if (named) { clv_csv_text(csv, "unit"); }
    clv_csv_end(csv);
    for (size_t i = 0; i < count && !status; i++) { status = put_region(csv, spectra[i], &all, named, err); }
    if (!status) { return clv_csv_finish(csv, err); }
    clv_csv_free(csv);
    return status;
}
