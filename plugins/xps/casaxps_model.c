/* The operation `casaxps_model`: the model that CasaXPS left in the comment of a spectrum.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "casaxps.h"
#include "xps.h"

#include <corelevel/fit.h>
#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNIQUE (CASAXPS_TEXT + 16)

typedef struct import {
    const clv_call *call;
    const clv_spectra *spectra;
    size_t spectrum;
    casaxps_fit fit;
    const casaxps_region *region;
    casaxps_shape *shapes; /* of all components */
    char (*names)[UNIQUE]; /* empty: of another region */
    double photon, shift;  /* energy = photon - kinetic + shift, or kinetic + shift where photon is NaN */
    double seconds;        /* area per count rate times eV */
    int fixed;
} import;

/* ---- Energies, areas */

static double energy(const import *in, double kinetic)
{
    return isnan(in->photon) ? kinetic + in->shift : in->photon - kinetic + in->shift;
}

static clv_status find_scale(import *in, clv_error *err)
{
    const clv_metadata *m = clv_spectra_metadata(in->spectra);
    const char *unit = clv_spectra_unit(in->spectra), *axis = clv_axis_name(clv_spectra_energy(in->spectra));
    const double *offset = clv_spectra_offset(in->spectra);
    int binding = strcmp(axis, "binding_energy") == 0;

    in->photon = binding ? clv_metadata_number(m, "photon_energy") : NAN;
    CLV_CHECK(!binding || in->photon > 0, err, CLV_BAD_ARGUMENT,
              "CasaXPS gives kinetic energies, and the photon energy of %s is not known",
              clv_spectra_name(in->spectra));
    in->shift = (binding ? -1 : 1) * in->fit.calibration + (offset ? offset[in->spectrum] : 0);
    in->seconds = strcmp(unit, "counts") == 0 ? clv_metadata_number(m, "dwell") * clv_metadata_number(m, "scans") : 1;
    CLV_CHECK(in->seconds > 0, err, CLV_BAD_ARGUMENT,
              "CasaXPS gives areas of counts per second, and dwell time and scans of %s are not known",
              clv_spectra_name(in->spectra));
    return CLV_OK;
}

/* ---- Region, names */

static int within(const casaxps_region *region, const casaxps_component *c)
{
    return c->position.value >= region->low && c->position.value <= region->high;
}

static clv_status choose_region(import *in, clv_error *err)
{
    const char *wanted = clv_options_text(in->call->options, "region");

    CLV_CHECK(in->fit.components > 0, err, CLV_NOT_FOUND, "CasaXPS left no component in this spectrum");
    for (size_t i = 0; i < in->fit.regions; i++) {
        const casaxps_region *r = &in->fit.region[i];

        if (wanted && strcmp(wanted, r->name) != 0) { continue; }
        CLV_CHECK(!in->region, err, CLV_BAD_ARGUMENT,
                  "there are several regions, such as \"%s\" and \"%s\"; choose one with `region`", in->region->name,
                  r->name);
        in->region = r;
    }
    CLV_CHECK(!wanted || in->region, err, CLV_NOT_FOUND, "there is no region \"%s\"; %s%s%s", wanted,
              in->fit.regions ? "the first is \"" : "there is none", in->fit.regions ? in->fit.region[0].name : "",
              in->fit.regions ? "\"" : "");
    return CLV_OK;
}

static int is_used(const import *in, size_t i)
{
    return in->fit.regions < 2 || within(in->region, &in->fit.component[i]);
}

/* A model's names are unique and have none of "[ ] / .". */
static void name_component(import *in, size_t i)
{
    char plain[CASAXPS_TEXT], *own = in->names[i];
    int number = 1, again = 1;

    snprintf(plain, sizeof plain, "%s", *in->fit.component[i].name ? in->fit.component[i].name : "peak");
    for (char *at = plain; *at; at++) {
        if (strchr("[]/.", *at)) { *at = '_'; }
    }
    snprintf(own, UNIQUE, "%s", plain);
    while (again) {
        again = 0;
        for (size_t k = 0; k < i && !again; k++) { again = strcmp(own, in->names[k]) == 0; }
        if (again) { snprintf(own, UNIQUE, "%s (%d)", plain, ++number); }
    }
}

static clv_status name_all(import *in, clv_error *err)
{
    const char *said = clv_options_text(in->call->options, "unknown");
    casaxps_unknown unknown = strcmp(said, "free") != 0 ? CASAXPS_REFUSE
                              : in->fixed               ? CASAXPS_FIX
                                                        : CASAXPS_FREE_WIDTHS;

    in->names = calloc(in->fit.components, sizeof *in->names);
    in->shapes = calloc(in->fit.components, sizeof *in->shapes);
    CLV_CHECK(in->names && in->shapes, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < in->fit.components; i++) {
        if (!is_used(in, i)) { continue; }
        name_component(in, i);
        CLV_TRY(casaxps_find_shape(&in->fit.component[i], unknown, &in->shapes[i], err));
    }
    return CLV_OK;
}

/* ---- Parameters */

static clv_status put_number(clv_value *to, const char *name, double value, clv_error *err)
{
    return clv_value_set(to, name, clv_value_number(value), err);
}

/* { value, low, high }, or fixed where nothing may move. */
static clv_status put_bounded(const import *in, clv_value *to, const char *name, double value, double low, double high,
                              clv_error *err)
{
    clv_value *table;

    if (in->fixed || !(low < high)) { return clv_value_set(to, name, clv_value_fixed(value), err); }
    table = clv_value_table();
    CLV_CHECK(table, err, CLV_NO_MEMORY, "out of memory");
    clv_value_append(table, clv_value_number(value), err);
    clv_value_append(table, clv_value_number(fmin(low, value)), err);
    clv_value_append(table, clv_value_number(fmax(high, value)), err);
    return clv_value_set(to, name, table, err);
}

/* "[other].parameter * factor + more" */
static clv_status put_link(clv_value *to, const char *name, const char *other, const char *parameter, double factor,
                           double more, clv_error *err)
{
    char text[UNIQUE + 120], number[CLV_TEXT_NUMBER_SIZE], sum[CLV_TEXT_NUMBER_SIZE];

    clv_text_from_number(factor, number);
    clv_text_from_number(fabs(more), sum);
    snprintf(text, sizeof text, "[%s].%s%s%s%s%s", other, parameter, factor == 1 ? "" : " * ",
             factor == 1 ? "" : number,
             more == 0  ? ""
             : more > 0 ? " + "
                        : " - ",
             more == 0 ? "" : sum);
    return clv_value_set(to, name, clv_value_text(text), err);
}

/* The component that a parameter follows; NULL in *other where it follows none. */
static clv_status linked(const import *in, size_t i, const casaxps_parameter *p, const char **other, clv_error *err)
{
    *other = NULL;
    if (in->fixed || p->link < 0) { return CLV_OK; }
    *other = in->names[p->link];
    CLV_CHECK(**other, err, CLV_BAD_ARGUMENT, "component \"%s\" is linked to \"%s\" of another region", in->names[i],
              in->fit.component[p->link].name);
    return CLV_OK;
}

static clv_status put_position(const import *in, size_t i, clv_value *to, clv_error *err)
{
    const casaxps_parameter *p = &in->fit.component[i].position;
    double a = energy(in, p->low), b = energy(in, p->high);
    const char *other;

    CLV_TRY(linked(in, i, p, &other, err));
    if (other) { return put_link(to, "position", other, "position", 1, isnan(in->photon) ? p->by : -p->by, err); }
    return put_bounded(in, to, "position", energy(in, p->value), fmin(a, b), fmax(a, b), err);
}

static clv_status put_area(const import *in, size_t i, clv_value *to, clv_error *err)
{
    const casaxps_parameter *p = &in->fit.component[i].area;
    const char *other;

    CLV_TRY(linked(in, i, p, &other, err));
    if (other) { return put_link(to, "area", other, "area", p->by, 0, err); }
    return put_bounded(in, to, "area", p->value * in->seconds, fmax(p->low, 0) * in->seconds, p->high * in->seconds,
                       err);
}

/* The parameter that carries a component's width, and how much of the visible width it is. */
static const char *width_name(const casaxps_shape *s) { return s->kind == CASAXPS_GL ? "fwhm" : "lorentzian"; }
static double width_part(const casaxps_shape *s) { return s->kind == CASAXPS_GL ? 1 : s->preset.lorentzian; }

static clv_status put_free_widths(const import *in, size_t i, clv_value *to, clv_error *err)
{
    const casaxps_parameter *p = &in->fit.component[i].width;
    const casaxps_shape *s = &in->shapes[i];
    const char *other;

    CLV_TRY(linked(in, i, p, &other, err));
    if (other) {
        CLV_CHECK(strcmp(in->fit.component[i].shape, in->fit.component[p->link].shape) == 0, err, CLV_BAD_ARGUMENT,
                  "the width of \"%s\" is linked to \"%s\" of another shape, and how the two compare is not known",
                  in->names[i], other);
        CLV_TRY(put_link(to, "lorentzian", other, "lorentzian", p->by, 0, err));
        return put_link(to, "gaussian", other, "gaussian", p->by, 0, err);
    }
    CLV_TRY(put_bounded(in, to, "lorentzian", s->preset.lorentzian * p->value, 0.02 * p->value, 2 * p->value, err));
    return put_bounded(in, to, "gaussian", s->preset.gaussian * p->value, 0.02 * p->value, 2 * p->value, err);
}

static clv_status put_width(const import *in, size_t i, clv_value *to, clv_error *err)
{
    const casaxps_parameter *p = &in->fit.component[i].width;
    const casaxps_shape *s = &in->shapes[i];
    double part = width_part(s);
    const char *other;

    if (s->kind == CASAXPS_FREE) { return put_free_widths(in, i, to, err); }
    CLV_TRY(linked(in, i, p, &other, err));
    if (!other) {
        CLV_TRY(put_bounded(in, to, width_name(s), part * p->value, part * p->low, part * p->high, err));
    } else {
        const casaxps_shape *from = &in->shapes[p->link];

        CLV_CHECK(from->kind != CASAXPS_FREE, err, CLV_BAD_ARGUMENT,
                  "the width of \"%s\" is linked to \"%s\", whose visible width is not known", in->names[i], other);
        CLV_TRY(put_link(to, width_name(s), other, width_name(from), p->by * part / width_part(from), 0, err));
    }
    if (s->kind == CASAXPS_GL) { return put_number(to, "mixing", s->mixing, err); }
    if (in->fixed) { return clv_value_set(to, "gaussian", clv_value_fixed(s->preset.gaussian * p->value), err); }
    return put_link(to, "gaussian", in->names[i], "lorentzian", s->preset.gaussian / s->preset.lorentzian, 0, err);
}

static clv_status put_tails(const import *in, size_t i, clv_value *to, clv_error *err)
{
    const casaxps_preset *p = &in->shapes[i].preset;

    if (in->shapes[i].kind == CASAXPS_GL) { return CLV_OK; }
    CLV_TRY(put_number(to, "alpha", p->alpha, err));
    CLV_TRY(put_number(to, "beta", p->beta, err));
    if (p->damping == 0) { return CLV_OK; }
    if (in->shapes[i].kind == CASAXPS_PRESET && !in->fixed) {
        return put_link(to, "damping", in->names[i], "lorentzian", p->damping / p->lorentzian, 0, err);
    }
    return put_number(to, "damping", p->damping * in->fit.component[i].width.value, err);
}

static clv_status add_component(const import *in, size_t i, clv_value *components, clv_error *err)
{
    clv_value *to = clv_value_table(), *made;
    clv_status status = clv_value_append(to, clv_value_text(in->names[i]), err);

    if (!status) { status = clv_value_set(to, "shape", clv_value_text(in->shapes[i].name), err); }
    if (!status) { status = put_position(in, i, to, err); }
    if (!status) { status = put_width(in, i, to, err); }
    if (!status) { status = put_tails(in, i, to, err); }
    if (!status) { status = put_area(in, i, to, err); }
    if (status) {
        clv_value_free(to);
        return status;
    }
    made = clv_value_component("peak", to);
    return clv_value_append(components, made, err);
}

/* ---- The background */

static clv_status put_range(const import *in, clv_value *to, clv_error *err)
{
    double a = energy(in, in->region->low), b = energy(in, in->region->high);
    clv_value *ends = clv_value_table();

    CLV_CHECK(ends, err, CLV_NO_MEMORY, "out of memory");
    clv_value_append(ends, clv_value_number(fmin(a, b)), err);
    clv_value_append(ends, clv_value_number(fmax(a, b)), err);
    CLV_TRY(clv_value_set(to, "ends", ends, err));
    CLV_TRY(clv_value_set(to, "active", clv_value_boolean(0), err));
    return put_number(to, "average", fmax(0, floor(in->region->average) - 1), err);
}

/* CasaXPS writes the universal loss function as the one of three parameters with C below 0. */
static clv_status put_tougaard(const casaxps_region *r, clv_value *to, clv_error *err)
{
    int gap = strcmp(r->background, "U 4 Tougaard") == 0 && r->tougaard[3] > 0;

    CLV_TRY(clv_value_set(to, "variant", clv_value_text(gap ? "u4" : "u3"), err));
    if (gap) { CLV_TRY(put_number(to, "gap", r->tougaard[3], err)); }
    if (r->tougaard[0] > 0) { CLV_TRY(put_number(to, "B", r->tougaard[0], err)); }
    CLV_TRY(put_number(to, "C", r->tougaard[1], err));
    return put_number(to, "D", r->tougaard[2], err);
}

static clv_status fill_background(const import *in, const char *type, clv_value *to, clv_error *err)
{
    CLV_TRY(put_range(in, to, err));
    if (strcmp(type, "shirley") == 0) { return clv_value_set(to, "variant", clv_value_text("casaxps"), err); }
    return strcmp(type, "tougaard") == 0 ? put_tougaard(in->region, to, err) : CLV_OK;
}

static const char *background_type(const char *name)
{
    static const char *const types[][2] = {{"Shirley", "shirley"},       {"Linear", "linear"},
                                           {"U 2 Tougaard", "tougaard"}, {"U 3 Tougaard", "tougaard"},
                                           {"U 4 Tougaard", "tougaard"}, {"None", ""}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i][0], name) == 0) { return types[i][1]; }
    }
    return NULL;
}

static clv_status add_background(const import *in, clv_value *components, clv_error *err)
{
    const casaxps_region *r = in->region;
    const char *type = r ? background_type(r->background) : "";
    clv_value *to;
    clv_status status;

    CLV_CHECK(
        type, err, CLV_BAD_ARGUMENT,
        "the background \"%s\" of region \"%s\" is not known; known are Shirley, Linear, U 2, U 3 and U 4 Tougaard "
        "and None",
        r->background, r->name);
    if (!*type) { return CLV_OK; }
    CLV_CHECK(r->offset[0] == 0 && r->offset[1] == 0, err, CLV_BAD_ARGUMENT,
              "region \"%s\" moves the ends of its background by %g and %g %%, which no background here does", r->name,
              r->offset[0], r->offset[1]);
    to = clv_value_table();
    CLV_CHECK(to, err, CLV_NO_MEMORY, "out of memory");
    status = fill_background(in, type, to, err);
    if (status) {
        clv_value_free(to);
        return status;
    }
    return clv_value_append(components, clv_value_component(type, to), err);
}

/* ---- The operation */

static clv_status make_model(const import *in, clv_model **model, clv_error *err)
{
    clv_value *components = clv_value_table();
    clv_status status =
        components ? add_background(in, components, err) : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    for (size_t i = 0; i < in->fit.components && !status; i++) {
        if (is_used(in, i)) { status = add_component(in, i, components, err); }
    }
    if (!status) { status = clv_model_new(components, model, err); }
    clv_value_free(components);
    return status;
}

static clv_status import_model(import *in, clv_model **model, clv_error *err)
{
    CLV_TRY(casaxps_read(casaxps_comment(in->spectra, in->spectrum), &in->fit, err));
    CLV_TRY(choose_region(in, err));
    CLV_TRY(find_scale(in, err));
    CLV_TRY(name_all(in, err));
    return make_model(in, model, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    double place = clv_options_number(call->options, "spectrum");
import in = {.call = call, .spectra = spectra, .fixed = clv_options_boolean(call->options, "fixed") };
    clv_model *model = NULL;
    clv_status status;

    CLV_CHECK(place <= (double)clv_spectra_count(spectra), err, CLV_BAD_ARGUMENT, "spectrum %g is beyond the last, %zu",
              place, clv_spectra_count(spectra));
    in.spectrum = (size_t)place - 1;
    status = import_model(&in, &model, err);
    casaxps_clear(&in.fit);
    free(in.names);
    free(in.shapes);
    CLV_TRY(status);
    *result = clv_value_object(CLV_MODEL, model);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "spectrum",
     .type = CLV_TYPE_INTEGER,
     .preset = "1",
     .low = 1,
     .high = 1e9,
     .place = 1,
     .doc = "which spectrum of a series"},
    {.name = "region",
     .type = CLV_TYPE_TEXT,
     .doc = "which of CasaXPS' regions, by name, where there are several; the components that lie in it are taken"},
    {.name = "fixed",
     .type = CLV_TYPE_BOOLEAN,
     .preset = "false",
     .doc = "every parameter stays as CasaXPS left it, so that a fit draws its curves again"},
    {.name = "unknown",
     .type = CLV_TYPE_CHOICE,
     .choices = "fail|free",
     .preset = "\"fail\"",
     .doc = "LA and LF shapes whose widths no published rule gives: fail, or fit the widths of both their parts"},
    {0},
};

const clv_operation xps_casaxps_model = {
    .size = sizeof(clv_operation),
    .name = "casaxps_model",
    .doc = "makes the model that CasaXPS left in the file: background, shapes, values, bounds and links",
    .source = "the comments that CasaXPS writes into VAMAS files (www.casaxps.com)",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_MODEL,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
