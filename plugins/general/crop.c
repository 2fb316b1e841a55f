/* The operation `crop`: keeps the channels of a window in true energies.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

#include <math.h>
#include <string.h>

/* First and one past the last channel that lies in the window for at least one spectrum. */
static void find_channels(const clv_spectra *spectra, double low, double high, size_t *first, size_t *end)
{
    const double *energy = clv_axis_values(clv_spectra_energy(spectra));
    const double *offset = clv_spectra_offset(spectra);
    size_t channels = clv_spectra_channels(spectra);
    double least = 0, most = 0, slack = channels > 1 ? GENERAL_EDGE * (energy[1] - energy[0]) : 0;

    for (size_t i = 0; offset && i < clv_spectra_count(spectra); i++) {
        least = i == 0 || offset[i] < least ? offset[i] : least;
        most = i == 0 || offset[i] > most ? offset[i] : most;
    }
    for (*first = 0; *first < channels && energy[*first] + most < low - slack; ++*first) {}
    for (*end = channels; *end > *first && energy[*end - 1] + least > high + slack; --*end) {}
}

static void copy_channels(const double *from, double *to, size_t count, size_t channels, size_t first, size_t end)
{
    for (size_t i = 0; i < count; i++) {
        memcpy(to + i * (end - first), from + i * channels + first, (end - first) * sizeof *to);
    }
}

static clv_status fill(const clv_spectra *spectra, size_t first, size_t end, clv_spectra *made, clv_error *err)
{
    size_t count = clv_spectra_count(spectra), channels = clv_spectra_channels(spectra);

    copy_channels(clv_spectra_intensity(spectra), clv_spectra_fill(made), count, channels, first, end);
    if (clv_spectra_variance(spectra)) {
        double *variance = NULL;

        CLV_TRY(clv_spectra_make_variance(made, &variance, err));
        copy_channels(clv_spectra_variance(spectra), variance, count, channels, first, end);
    }
    return CLV_OK;
}

/* What stands beside the energies, such as the analyser's transmission, is cut like them. */
static clv_status cut_beside(const clv_spectra *spectra, size_t first, size_t end, clv_spectra *cropped, clv_error *err)
{
    size_t place = clv_spectra_axis_count(spectra) - 1;

    if (clv_spectra_beside_count(cropped, place)) { return CLV_OK; }
    for (size_t i = 0; i < clv_spectra_beside_count(spectra, place); i++) {
        clv_axis *whole = clv_spectra_beside(spectra, place, i), *part = NULL;
        clv_status status;

        CLV_TRY(clv_axis_new(clv_axis_name(whole), clv_axis_unit(whole), clv_axis_values(whole) + first, end - first,
                             &part, err));
        status = clv_spectra_add_beside(cropped, place, part, err);
        clv_axis_free(part);
        CLV_TRY(status);
    }
    return CLV_OK;
}

static clv_status cut(const clv_spectra *spectra, double low, double high, size_t first, size_t end,
                      clv_spectra **cropped, clv_error *err)
{
    clv_axis *axes[CLV_SPECTRA_MAX_AXES], *old = clv_spectra_energy(spectra), *energy = NULL;
    size_t rank = clv_spectra_axis_count(spectra);
    double before_low, before_high;
    clv_status status;

    CLV_TRY(
        clv_axis_new(clv_axis_name(old), clv_axis_unit(old), clv_axis_values(old) + first, end - first, &energy, err));
    for (size_t i = 0; i < rank; i++) { axes[i] = i + 1 < rank ? clv_spectra_axis(spectra, i) : energy; }
    status = clv_spectra_like(spectra, axes, rank, cropped, err);
    clv_axis_free(energy);
    CLV_TRY(status);
    clv_spectra_window(spectra, &before_low, &before_high);
    clv_spectra_set_window(*cropped, fmax(low, before_low), fmin(high, before_high));
    CLV_TRY(cut_beside(spectra, first, end, *cropped, err));
    return fill(spectra, first, end, *cropped, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    clv_axis *energy = clv_spectra_energy(spectra);
    double low = clv_options_number(call->options, "low"), high = clv_options_number(call->options, "high");
    const double *offset = clv_spectra_offset(spectra);
    clv_spectra *made = NULL;
    size_t first, end;
    clv_status status;

    CLV_CHECK(low < high, err, CLV_BAD_ARGUMENT, "the window %g to %g is empty; give its lower end first", low, high);
    find_channels(spectra, low, high, &first, &end);
    CLV_CHECK(first < end, err, CLV_BAD_ARGUMENT, "no channel of %s lies between %g and %g eV; it covers %g to %g eV",
              clv_spectra_name(spectra), low, high, clv_axis_values(energy)[0] + (offset ? offset[0] : 0),
              clv_axis_values(energy)[clv_axis_size(energy) - 1] + (offset ? offset[0] : 0));
    status = cut(spectra, low, high, first, end, &made, err);
    if (!status) { status = clv_spectra_add_history(made, call->line, err); }
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "low",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "lower end of the window"},
    {.name = "high",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .place = 2,
     .flags = CLV_REQUIRED,
     .doc = "upper end of the window"},
    {0},
};

const clv_operation general_crop = {
    .size = sizeof(clv_operation),
    .name = "crop",
    .doc = "keeps the channels of a window in true energies; each spectrum is masked at its own",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation general_crop_record = {
    .size = sizeof(clv_operation),
    .name = "crop",
    .doc = "keeps the channels of a window in true energies, in every spectra of the record",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = general_each,
};
