/* A spline through given energies as a background, fitted with the peaks or drawn through the data.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "background_ends.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct spline {
    double knots[CLV_BACKGROUND_SPLINE_LIMIT];
    size_t count;
} spline;

static size_t count_of(const clv_options *options) { return clv_value_count(clv_options_get(options, "energies")); }

static clv_status read_knots(const clv_options *options, spline *s, clv_error *err)
{
    const clv_value *list = clv_options_get(options, "energies");

    s->count = clv_value_count(list);
    CLV_CHECK(s->count >= 2 && s->count <= CLV_BACKGROUND_SPLINE_LIMIT, err, CLV_BAD_ARGUMENT,
              "spline: energies has %zu values; a spline goes through 2 to %d", s->count, CLV_BACKGROUND_SPLINE_LIMIT);
    for (size_t k = 0; k < s->count; k++) { s->knots[k] = clv_value_as_number(clv_value_at(list, k)); }
    return CLV_OK;
}

static clv_status prepare(const clv_setup *setup, void **prepared, clv_error *err)
{
    spline *made = calloc(1, sizeof *made);
    clv_status status;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a spline");
    status = read_knots(setup->options, made, err);
    if (status) {
        free(made);
        return status;
    }
    *prepared = made;
    return CLV_OK;
}

static clv_status columns(const clv_columns_call *call, clv_error *err)
{
    const spline *s = call->prepared;

    for (size_t c = 0; c < call->coefficients; c++) {
        double *slope = call->by_energy ? call->by_energy[c] : NULL;
        CLV_TRY(clv_background_spline(s->knots, s->count, c, call->energy, call->count, call->value[c], slope, err));
    }
    return CLV_OK;
}

/* Mean of the data around the channel nearest to an energy. */
static double level_at(const double *energy, const double *intensity, size_t channels, double at, size_t average)
{
    size_t nearest = 0, count = 0;
    double sum = 0;

    for (size_t i = 1; i < channels; i++) {
        if (fabs(energy[i] - at) < fabs(energy[nearest] - at)) { nearest = i; }
    }
    for (size_t i = nearest > average ? nearest - average : 0; i <= nearest + average && i < channels; i++, count++) {
        sum += intensity[i];
    }
    return sum / (double)count;
}

static clv_status curve(const clv_setup *setup, const double *energy, const double *intensity, size_t channels,
                        double *out, clv_error *err)
{
    size_t average =
        clv_options_given(setup->options, "average") ? (size_t)clv_options_number(setup->options, "average") : 0;
    double *column = malloc((channels + 1) * sizeof *column);
    clv_status status = CLV_OK;
    spline s;

    CLV_CHECK(column, err, CLV_NO_MEMORY, "no memory for a spline");
    status = read_knots(setup->options, &s, err);
    memset(out, 0, channels * sizeof *out);
    for (size_t k = 0; !status && k < s.count; k++) {
        double level = level_at(energy, intensity, channels, s.knots[k], average);
        status = clv_background_spline(s.knots, s.count, k, energy, channels, column, NULL, err);
        for (size_t i = 0; !status && i < channels; i++) { out[i] += level * column[i]; }
    }
    for (size_t i = 0; !status && i < channels; i++) {
        if (energy[i] < s.knots[0] || energy[i] > s.knots[s.count - 1]) { out[i] = intensity[i]; }
    }
    free(column);
    return status;
}

static void name_of(const clv_options *options, size_t i, char *name, size_t size)
{
    snprintf(name, size, "at %g", clv_value_as_number(clv_value_at(clv_options_get(options, "energies"), i)));
}

static const clv_parameter rows[] = {
    {.name = "energies",
     .type = CLV_TYPE_NUMBERS,
     .unit = "eV",
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "ascending energies that the spline goes through, such as { 160, 166, 175 }"},
    {.name = "active",
     .type = CLV_TYPE_BOOLEAN,
     .preset = "true",
     .doc = "in a model: its values there are fitted with the peaks; false: drawn through the data first"},
    {.name = "average",
     .type = CLV_TYPE_INTEGER,
     .low = 0,
     .high = 1000,
     .doc = "channels on each side of an energy that a drawn spline averages"},
    {0}};

static const clv_component spline_component = {
    .size = sizeof(clv_component),
    .name = "spline",
    .doc = "a natural cubic spline through given energies; a coefficient is its value there",
    .source = "C. de Boor, A Practical Guide to Splines (1978), doi 10.1007/978-1-4612-6333-3",
    .formula =
        "sum of value(energy) * cubic spline that is 1 at this energy and 0 at the others; straight beyond the ends",
    .role = CLV_ROLE_BACKGROUND,
    .parameters = rows,
    .prepare = prepare,
    .release = free,
    .columns = columns,
    .curve = curve,
    .coefficient_count = count_of,
    .coefficient_name = name_of};

static const clv_component *const components[] = {&spline_component, NULL};

CLV_PLUGIN(components_spline) = {.abi = CLV_PLUGIN_ABI,
                                 .size = sizeof(clv_plugin),
                                 .id = "corelevel.components.spline",
                                 .version = CLV_VERSION_STRING,
                                 .licence = "GPL-3.0-or-later",
                                 .components = components};
