/* The operation `align`: moves a scan's energies until its reference channel's edge is where its element's is.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "edge.h"
#include "xas.h"

#include <corelevel/elements.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Edges of elemental foils, eV, where they are known better than by tables of levels: the first maximum of the
   derivative, S. Kraft, J. Stuempel, P. Becker, U. Kuetgens, Rev. Sci. Instrum. 67 (1996) 681, doi 10.1063/1.1146657.
 */
static const struct {
    const char *element, *edge;
    double energy;
} foils[] = {{"Ti", "K", 4964.88}, {"V", "K", 5463.76},  {"Cr", "K", 5989.02}, {"Mn", "K", 6537.67},
             {"Fe", "K", 7110.75}, {"Co", "K", 7708.78}, {"Ni", "K", 8331.49}, {"Cu", "K", 8980.48},
             {"Zn", "K", 9660.76}, {"Mo", "K", 20000.36}};

static clv_status tabulated(const char *element, const char *edge, double *energy, const char **source, clv_error *err)
{
    int number;

    for (size_t i = 0; i < sizeof foils / sizeof *foils; i++) {
        if (strcmp(foils[i].element, element) != 0 || strcmp(foils[i].edge, edge) != 0) { continue; }
        *energy = foils[i].energy;
        *source = "Kraft et al. 1996";
        return CLV_OK;
    }
    *source = "xraylib's tables";
    CLV_TRY(clv_element_number(element, &number, err));
    return clv_element_edge(number, edge, energy, err);
}

/* Which element's edge the reference channel has: what is told, else what the file says of its reference, else the
   scan's own. */
static clv_status find_target(const clv_call *call, const clv_record *record, double *target, char note[200],
                              clv_error *err)
{
    const clv_metadata *m = clv_spectra_metadata(clv_record_at(record, 0));
    const char *element = clv_options_text(call->options, "element"), *edge = clv_options_text(call->options, "edge"),
               *source;

    if (clv_options_given(call->options, "at")) {
        *target = clv_options_number(call->options, "at");
        snprintf(note, 200, "-- aligned to %.2f eV as told", *target);
        return CLV_OK;
    }
    if (!element) { element = clv_metadata_text(m, "reference_element"); }
    if (!element) { element = clv_metadata_text(m, "element"); }
    if (!edge) { edge = clv_metadata_text(m, "edge"); }
    CLV_CHECK(
        element && edge, err, CLV_BAD_ARGUMENT,
        "the file does not say which element's edge the reference has; give element and edge, or at = energy in eV");
    CLV_TRY(tabulated(element, edge, target, &source, err));
    snprintf(note, 200, "-- the reference's edge is that of %s %s, %.2f eV (%s)", element, edge, *target, source);
    return CLV_OK;
}

/* The top of the derivative between the grid's points: a parabola through the three highest differences, each at the
   middle of its interval. */
static double refined(const double *energy, const double *mu, size_t n, size_t place)
{
    double x[4], d[4], best = energy[place];
    size_t first = place < 2 ? 0 : place - 2;

    if (first + 4 >= n) { return best; }
    for (size_t k = 0; k < 4; k++) {
        x[k] = 0.5 * (energy[first + k] + energy[first + k + 1]) - best;
        d[k] = (mu[first + k + 1] - mu[first + k]) / (energy[first + k + 1] - energy[first + k]);
    }
    double s[5] = {0}, m[3] = {0};
    for (int k = 0; k < 4; k++) {
        double power = 1;
        for (int j = 0; j < 5; j++, power *= x[k]) {
            s[j] += power;
            if (j < 3) { m[j] += power * d[k]; }
        }
    }
    double det =
        s[0] * (s[2] * s[4] - s[3] * s[3]) - s[1] * (s[1] * s[4] - s[2] * s[3]) + s[2] * (s[1] * s[3] - s[2] * s[2]);
    double b =
        s[0] * (m[1] * s[4] - s[3] * m[2]) - m[0] * (s[1] * s[4] - s[3] * s[2]) + s[2] * (s[1] * m[2] - m[1] * s[2]);
    double c =
        s[0] * (s[2] * m[2] - m[1] * s[3]) - s[1] * (s[1] * m[2] - m[1] * s[2]) + m[0] * (s[1] * s[3] - s[2] * s[2]);
    double move = det != 0 && c / det < 0 ? -b / (2 * c) : 0;
    double step = energy[first + 3] - energy[first + 2];
    return fabs(move) < 1.5 * step ? best + move : best;
}

static clv_status find_shift(const clv_call *call, const clv_record *record, double target, double *shift,
                             clv_error *err)
{
    clv_spectra *reference = NULL;
    const double *energy;
    size_t n, place = 0;
    clv_status status;

    CLV_TRY(xas_channel(record, clv_options_text(call->options, "channel"), &reference, err));
    energy = clv_axis_values(clv_spectra_energy(reference));
    n = clv_spectra_channels(reference);
    status = n >= 12 ? xas_find_edge(energy, clv_spectra_intensity(reference), n, &place, err)
                     : clv_fail(err, CLV_BAD_ARGUMENT, "the reference has only %zu points", n);
    if (!status) { *shift = target - refined(energy, clv_spectra_intensity(reference), n, place); }
    clv_spectra_free(reference);
    CLV_TRY(status);
    CLV_CHECK(fabs(*shift) < 200, err, CLV_BAD_ARGUMENT,
              "the reference's edge lies at %.1f eV, %.1f eV from where it belongs: another element?", target - *shift,
              *shift);
    return CLV_OK;
}

/* How well the place of the largest derivative is known between the points: a sixth of the step there. */
static double error_of(const clv_record *record, double at)
{
    const clv_axis *axis = clv_spectra_energy(clv_record_at(record, 0));
    const double *e = clv_axis_values(axis);
    size_t i = xas_index_near(e, clv_axis_size(axis), at);

    return (i + 1 < clv_axis_size(axis) ? e[i + 1] - e[i] : e[i] - e[i - 1]) / 6;
}

static clv_status move_all(const clv_call *call, const clv_record *record, double shift, double error, const char *note,
                           clv_record *made, clv_error *err)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        clv_spectra *moved = NULL;
        const double offset[1] = {shift}, doubt[1] = {error};

        CLV_CHECK(clv_spectra_count(clv_record_at(record, i)) == 1, err, CLV_BAD_ARGUMENT,
                  "%s holds several spectra; a scan has one of each channel",
                  clv_spectra_name(clv_record_at(record, i)));
        CLV_TRY(clv_spectra_copy(clv_record_at(record, i), &moved, err));
        clv_status status = clv_spectra_set_offset(moved, offset, doubt, err);
        if (!status) { status = clv_spectra_add_history(moved, call->line, err); }
        if (!status) { status = clv_spectra_add_history(moved, note, err); }
        if (status) {
            clv_spectra_free(moved);
            return status;
        }
        CLV_TRY(clv_record_add(made, moved, err));
    }
    return clv_record_copy_source(made, record, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    clv_record *made = NULL;
    double target, shift = 0;
    char note[200];
    clv_status status;

    CLV_CHECK(clv_record_count(record) > 0, err, CLV_BAD_ARGUMENT, "the record holds nothing");
    CLV_TRY(find_target(call, record, &target, note, err));
    CLV_TRY(find_shift(call, record, target, &shift, err));
    made = clv_record_new();
    CLV_CHECK(made, err, CLV_NO_MEMORY, "out of memory");
    status = move_all(call, record, shift, error_of(record, target - shift), note, made, err);
    if (status) {
        clv_record_free(made);
        return status;
    }
    *result = clv_value_object(CLV_RECORD, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "channel",
     .type = CLV_TYPE_TEXT,
     .preset = "\"reference\"",
     .place = 1,
     .doc = "the channel whose edge is known, in the words of mu"},
    {.name = "element", .type = CLV_TYPE_TEXT, .doc = "whose edge it has; preset: what the file says"},
    {.name = "edge", .type = CLV_TYPE_TEXT, .doc = "which edge, such as \"K\"; preset: what the file says"},
    {.name = "at",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = 1,
     .high = 1e6,
     .doc = "where the edge belongs, as told"},
    {0},
};

const clv_operation xas_align = {
    .size = sizeof(clv_operation),
    .name = "align",
    .doc = "moves a scan's energies until its reference channel's edge (largest derivative) is the element's",
    .source = "S. Kraft et al., Rev. Sci. Instrum. 67 (1996) 681, doi 10.1063/1.1146657 (foils); xraylib, doi "
              "10.1016/j.sab.2004.03.014 (others)",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
