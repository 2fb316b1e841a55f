/* The region that a fit leaves in CasaXPS' words: its ends and its background.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "casaxps_export.h"

#include <corelevel/text.h>

#include <math.h>
#include <string.h>

/* ---- What the model says */

double casaxps_kinetic(const casaxps_export *e, double energy)
{
    return isnan(e->photon) ? energy : e->photon - energy;
}

const clv_value *casaxps_option(const casaxps_export *e, size_t component, const char *name)
{
    return clv_value_get(clv_value_component_options(clv_model_component(e->model, component)), name);
}

const char *casaxps_type(const casaxps_export *e, size_t component)
{
    return clv_value_component_type(clv_model_component(e->model, component));
}

int casaxps_is_doublet(const casaxps_export *e, size_t component)
{
    return strcmp(casaxps_type(e, component), "doublet") == 0;
}
int casaxps_is_peak(const casaxps_export *e, size_t component)
{
    return strcmp(casaxps_type(e, component), "peak") == 0 || casaxps_is_doublet(e, component);
}

void casaxps_put_numbers(const casaxps_export *e, const double *numbers, size_t count)
{
    char text[CLV_TEXT_NUMBER_SIZE];

    for (size_t i = 0; i < count; i++) {
        clv_text_from_number(numbers[i], text);
        fprintf(e->out, " %s", text);
    }
}

/* ---- The region */

static double number_or(const clv_value *value, double preset)
{
    if (clv_value_kind(value) == CLV_TABLE) { value = clv_value_at(value, 0); }
    return clv_value_kind(value) == CLV_NUMBER || clv_value_kind(value) == CLV_FIXED ? clv_value_as_number(value)
                                                                                     : preset;
}

static void find_ends(const casaxps_export *e, size_t background, double ends[2])
{
    const clv_value *given = background == SIZE_MAX ? NULL : casaxps_option(e, background, "ends");
    const double *energy = clv_axis_values(clv_spectra_energy(e->spectra)), *offset = clv_spectra_offset(e->spectra);
    double shift = offset ? offset[e->spectrum] : 0, low, high;
    size_t channels = clv_spectra_channels(e->spectra);

    clv_spectra_window(e->spectra, &low, &high);
    ends[0] = fmax(low, energy[0] + shift);
    ends[1] = fmin(high, energy[channels - 1] + shift);
    if (clv_value_count(given) == 2) {
        ends[0] = clv_value_as_number(clv_value_at(given, 0));
        ends[1] = clv_value_as_number(clv_value_at(given, 1));
    }
}

static const char *text_or(const clv_value *value, const char *preset)
{
    const char *text = clv_value_as_text(value);

    return text ? text : preset;
}

/* The name that CasaXPS has for a background, with the parameters of a Tougaard one. */
static clv_status find_background(const casaxps_export *e, size_t i, const char **name, double tougaard[4],
                                  clv_error *err)
{
    const char *type = casaxps_type(e, i), *variant = text_or(casaxps_option(e, i, "variant"), "");
    const clv_value *active = casaxps_option(e, i, "active");

    CLV_CHECK(
        clv_value_kind(active) == CLV_BOOLEAN && !clv_value_as_boolean(active), err, CLV_BAD_ARGUMENT,
        "CasaXPS draws backgrounds from the data and has none that is fitted with the peaks; fit with %s { active "
        "= false }",
        type);
    if (strcmp(type, "linear") == 0) { *name = "Linear"; }
    if (strcmp(type, "shirley") == 0) {
        CLV_CHECK(strcmp(variant, "casaxps") == 0, err, CLV_BAD_ARGUMENT,
                  "CasaXPS sums Shirley's background in its own way; fit with variant = \"casaxps\"");
        *name = "Shirley";
    }
    if (strcmp(type, "tougaard") == 0) {
        *name = strcmp(variant, "u4") == 0   ? "U 4 Tougaard"
                : strcmp(variant, "u3") == 0 ? "U 3 Tougaard"
                                             : "U 2 Tougaard";
        tougaard[0] = number_or(casaxps_option(e, i, "B"), NAN);
        tougaard[1] = number_or(casaxps_option(e, i, "C"), strcmp(*name, "U 2 Tougaard") == 0 ? -1643 : NAN);
        tougaard[2] = number_or(casaxps_option(e, i, "D"), strcmp(*name, "U 2 Tougaard") == 0 ? 0 : NAN);
        tougaard[3] = number_or(casaxps_option(e, i, "gap"), 0);
        CLV_CHECK(isfinite(tougaard[0] + tougaard[1] + tougaard[2]), err, CLV_BAD_ARGUMENT,
                  "CasaXPS wants a Tougaard background's B, C and D as numbers; give them");
    }
    CLV_CHECK(*name, err, CLV_BAD_ARGUMENT, "CasaXPS has no background %s", type);
    return CLV_OK;
}

clv_status casaxps_put_region(const casaxps_export *e, clv_error *err)
{
    size_t background = SIZE_MAX;
    const char *name = "None";
    double ends[2], average = 1, tougaard[4] = {0, 0, 0, 0};

    for (size_t i = 0; i < clv_model_count(e->model); i++) {
        if (casaxps_is_peak(e, i)) { continue; }
        CLV_CHECK(background == SIZE_MAX, err, CLV_BAD_ARGUMENT,
                  "CasaXPS has one background in a region; the model has %s and %s", casaxps_type(e, background),
                  casaxps_type(e, i));
        background = i;
    }
    if (background != SIZE_MAX) {
        name = NULL;
        CLV_TRY(find_background(e, background, &name, tougaard, err));
        average = 1 + number_or(casaxps_option(e, background, "average"), strcmp(name, "Shirley") == 0);
    }
    find_ends(e, background, ends);
    double low = fmin(casaxps_kinetic(e, ends[0]), casaxps_kinetic(e, ends[1])),
           high = fmax(casaxps_kinetic(e, ends[0]), casaxps_kinetic(e, ends[1]));
    double numbers[10] = {low, high, 1, average, 0, 0, tougaard[0], tougaard[1], tougaard[2], tougaard[3]};
    fprintf(e->out, "1\nCASA region (*%s*) (*%s*)", clv_spectra_name(e->spectra), name);
    casaxps_put_numbers(e, numbers, 10);
    fprintf(e->out, " (*NoTag*) 0 0 1\n");
    return CLV_OK;
}
