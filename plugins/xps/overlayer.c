/* The operation `overlayer_thickness`: how thick a closed film is, from what it and its substrate give.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "xps.h"

#include <corelevel/imfp.h>
#include <corelevel/text.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THICKEST 20.0 /* attenuation lengths */

static const char *const keys[] = {"density", "valence_electrons", "molar_mass", "band_gap", "atoms"};
enum { DENSITY, VALENCE, MASS, GAP, ATOMS, KEYS };

/* A film on a substrate seen at an angle: lengths along the normal, nm. */
typedef struct film {
    double own, through; /* of film electrons in the film, of substrate electrons in the film */
    double thick;        /* ratio of an infinitely thick film to a bare substrate */
} film;

/* ---- Materials */

static clv_status check_names(const char *option, const clv_value *table, clv_error *err)
{
    for (size_t i = 0; i < clv_value_name_count(table); i++) {
        const char *name = clv_value_name_at(table, i), *near = clv_text_nearest(name, keys, KEYS);
        int known = 0;

        for (int k = 0; k < KEYS; k++) { known |= strcmp(name, keys[k]) == 0; }
        CLV_CHECK(known, err, CLV_BAD_ARGUMENT, "%s: there is no \"%s\"%s%s%s", option, name,
                  near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return CLV_OK;
}

static clv_status read_material(const clv_call *call, const char *option, double numbers[KEYS], clv_error *err)
{
    const clv_value *table = clv_options_get(call->options, option);

    CLV_CHECK(
        clv_value_kind(table) == CLV_TABLE, err, CLV_BAD_ARGUMENT,
        "%s: a table is needed, such as { density = 2.11, valence_electrons = 24, molar_mass = 73.89, band_gap = 7.5, "
        "atoms = 1 }",
        option);
    CLV_TRY(check_names(option, table, err));
    for (int k = 0; k < KEYS; k++) {
        const clv_value *value = clv_value_get(table, keys[k]);

        numbers[k] = value ? clv_value_as_number(value) : k == ATOMS ? 1 : k == GAP ? 0 : NAN;
        CLV_CHECK(k == GAP ? numbers[k] >= 0 : numbers[k] > 0, err, CLV_BAD_ARGUMENT,
                  "%s: %s must be given and be a number %s zero", option, keys[k], k == GAP ? "not below" : "above");
    }
    return CLV_OK;
}

static double path(const double numbers[KEYS], double energy)
{
    clv_material material = {.density = numbers[DENSITY],
                             .valence_electrons = numbers[VALENCE],
                             .molar_mass = numbers[MASS],
                             .band_gap = numbers[GAP]};

    return clv_imfp_tpp2m(energy, &material);
}

static clv_status read_film(const clv_call *call, film *f, clv_error *err)
{
    double over[KEYS], below[KEYS], angle = clv_options_number(call->options, "angle") * M_PI / 180;
    double own = clv_options_number(call->options, "film_energy"),
           other = clv_options_number(call->options, "substrate_energy");
    double under;

    CLV_TRY(read_material(call, "film", over, err));
    CLV_TRY(read_material(call, "substrate", below, err));
    f->own = path(over, own) * cos(angle);
    f->through = path(over, other) * cos(angle);
    under = path(below, other) * cos(angle);
    CLV_CHECK(
        f->own > 0 && f->through > 0 && under > 0, err, CLV_BAD_ARGUMENT,
        "no mean free path for these materials at kinetic energies of %g and %g eV; TPP-2M holds from %g to %g eV", own,
        other, CLV_IMFP_LEAST, CLV_IMFP_MOST);
    f->thick =
        over[ATOMS] * over[DENSITY] / over[MASS] * f->own / (below[ATOMS] * below[DENSITY] / below[MASS] * under);
    return CLV_OK;
}

/* ---- Thickness */

/* The ratio of film to substrate at a thickness, and its derivative. */
static double ratio_at(const film *f, double d, double *slope)
{
    double gone = exp(-d / f->own), rise = exp(d / f->through);

    *slope = f->thick * rise * (gone / f->own + (1 - gone) / f->through);
    return f->thick * (1 - gone) * rise;
}

/* The thickness of a ratio, which grows with it without end; NaN for ratios that no thickness has. */
static double thickness(const film *f, double ratio)
{
    double low = 0, high = THICKEST * fmax(f->own, f->through), slope;

    if (!(ratio >= 0) || ratio > ratio_at(f, high, &slope)) { return NAN; }
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        double middle = 0.5 * (low + high);

        *(ratio_at(f, middle, &slope) < ratio ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

/* What the mean free paths leave open moves all thicknesses together. */
static clv_status fill(const clv_call *call, const clv_columns *columns, const film *f, clv_columns *made,
                       clv_error *err)
{
    size_t n = clv_columns_points(columns);
    double *room = calloc(5 * n + 1, sizeof *room), *value = room, *local = room + n, *sensitivity = room + 2 * n,
           *gradient = room + 3 * n, scatter = clv_options_number(call->options, "imfp_error"),
           shared = scatter * scatter;
    clv_uncertainty *source = NULL;
    clv_status status;

    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < n; i++) {
        double slope = NAN, error = clv_columns_error(columns, 0, i);

        value[i] = thickness(f, clv_columns_value(columns, 0, i));
        ratio_at(f, value[i], &slope);
        local[i] = error * error;
        gradient[2 * i] = 1 / slope;
        gradient[2 * i + 1] = value[i];
    }
    status = clv_uncertainty_new(n, 1, local, 1, &shared, sensitivity, &source, err);
    if (!status) { status = clv_columns_fill(made, 0, "thickness", "nm", value, source, gradient, err); }
    clv_uncertainty_free(source);
    free(room);
    return status;
}

static clv_status add_remarks(const clv_call *call, const clv_columns *columns, const film *f, clv_columns *made,
                              clv_error *err)
{
    char note[400];

    for (size_t i = 0; i < clv_columns_axis_count(columns); i++) {
        for (size_t k = 0; k < clv_columns_beside_count(columns, i); k++) {
            CLV_TRY(clv_columns_add_beside(made, i, clv_columns_beside(columns, i, k), err));
        }
    }
    snprintf(
        note, sizeof note,
        "a closed film of even thickness, attenuation by TPP-2M without elastic scattering: %.2f nm for the film's "
        "electrons, %.2f nm for the substrate's (along the normal), known to %.0f %%; beyond some three of these the "
        "thickness is a guess",
        f->own, f->through, 100 * clv_options_number(call->options, "imfp_error"));
    return clv_columns_add_note(made, note, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_columns *columns = clv_value_as_object(call->on, CLV_COLUMNS);
    size_t rank = clv_columns_axis_count(columns);
    clv_axis *axes[16];
    clv_columns *made = NULL;
    film f;
    clv_status status;

    CLV_CHECK(clv_columns_count(columns) == 1 && rank <= 16, err, CLV_BAD_ARGUMENT,
              "one column is needed: the film's amount over the substrate's");
    CLV_TRY(read_film(call, &f, err));
    for (size_t i = 0; i < rank; i++) { axes[i] = clv_columns_axis(columns, i); }
    CLV_TRY(clv_columns_new(axes, rank, 1, &made, err));
    status = fill(call, columns, &f, made, err);
    if (!status) { status = add_remarks(call, columns, &f, made, err); }
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

#define MATERIAL \
    "{ density (g/cm3), valence_electrons, molar_mass (g/mol), band_gap (eV), atoms of the element in a formula }"

static const clv_parameter rows[] = {
    {.name = "film", .type = CLV_TYPE_ANY, .flags = CLV_REQUIRED, .doc = "the film's material: " MATERIAL},
    {.name = "substrate", .type = CLV_TYPE_ANY, .flags = CLV_REQUIRED, .doc = "the substrate's, with the same entries"},
    {.name = "film_energy",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = CLV_IMFP_LEAST,
     .high = CLV_IMFP_MOST,
     .flags = CLV_REQUIRED,
     .doc = "kinetic energy of the film's electrons"},
    {.name = "substrate_energy",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = CLV_IMFP_LEAST,
     .high = CLV_IMFP_MOST,
     .flags = CLV_REQUIRED,
     .doc = "kinetic energy of the substrate's electrons"},
    {.name = "angle",
     .type = CLV_TYPE_NUMBER,
     .unit = "degree",
     .preset = "0",
     .low = 0,
     .high = 80,
     .doc = "of emission, from the surface's normal"},
    {.name = "imfp_error",
     .type = CLV_TYPE_NUMBER,
     .unit = "1",
     .preset = "0.11",
     .low = 0,
     .high = 1,
     .doc = "how well the mean free paths are known, as a fraction; 0.11 is the scatter of TPP-2M"},
    {0},
};

const clv_operation xps_overlayer_thickness = {
    .size = sizeof(clv_operation),
    .name = "overlayer_thickness",
    .doc = "thickness of a closed film from the film's amount over the substrate's (areas over cross-sections, without "
           "attenuation)",
    .source = "P. J. Cumpson, Surf. Interface Anal. 29 (2000) 403, doi "
              "10.1002/1096-9918(200006)29:6<403::AID-SIA884>3.0.CO;2-8; "
              "S. Tanuma, C. J. Powell, D. R. Penn, Surf. Interface Anal. 21 (1994) 165, doi 10.1002/sia.740210302",
    .on = CLV_ON(CLV_COLUMNS),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
