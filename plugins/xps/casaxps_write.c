/* The operation `casaxps`: a fit's spectra with the fit in their comments as CasaXPS writes it, to be saved as VAMAS.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "casaxps_export.h"
#include "xps.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Scales */

static clv_status find_scale(casaxps_export *e, clv_error *err)
{
    const clv_metadata *m = clv_spectra_metadata(e->spectra);
    int binding = strcmp(clv_axis_name(clv_spectra_energy(e->spectra)), "binding_energy") == 0;
    int counts = strcmp(clv_spectra_unit(e->spectra), "counts") == 0;

    e->photon = binding ? clv_metadata_number(m, "photon_energy") : NAN;
    CLV_CHECK(!binding || e->photon > 0, err, CLV_BAD_ARGUMENT,
              "CasaXPS wants kinetic energies, and the photon energy of %s is not known", clv_spectra_name(e->spectra));
    e->seconds = counts ? clv_metadata_number(m, "dwell") * clv_metadata_number(m, "scans") : 1;
    CLV_CHECK(e->seconds > 0, err, CLV_BAD_ARGUMENT,
              "CasaXPS wants areas of counts per second, and dwell time and scans of %s are not known",
              clv_spectra_name(e->spectra));
    return CLV_OK;
}

/* ---- What a component says */

static size_t parameter_of(const casaxps_export *e, size_t component, const char *name)
{
    char whole[300];

    snprintf(whole, sizeof whole, "%s.%s", clv_model_name(e->model, component), name);
    return clv_fit_parameter_find(e->fit, whole);
}

static double fitted(const casaxps_export *e, size_t component, const char *name)
{
    size_t parameter = parameter_of(e, component, name);

    return parameter == SIZE_MAX ? NAN : clv_fit_value(e->fit, e->spectrum, parameter);
}

/* The line of CasaXPS that a component's first line is, counted from 0. */
static int line_of(const casaxps_export *e, size_t component)
{
    int line = 0;

    for (size_t i = 0; i < component; i++) { line += casaxps_is_peak(e, i) ? 1 + casaxps_is_doublet(e, i) : 0; }
    return line;
}

/* ---- Shapes */

typedef struct shape {
    char name[CASAXPS_TEXT];
    const char *width; /* the parameter that carries it */
    double part;       /* of the visible width */
} shape;

static clv_status gl_shape(const char *name, double mixing, shape *to, clv_error *err)
{
    char number[CLV_TEXT_NUMBER_SIZE];

    (void)err;
    clv_text_from_number(round(1e12 * mixing) / 1e10, number);
    snprintf(to->name, sizeof to->name, "%s(%s)", name, number);
    to->width = "fwhm";
    to->part = 1;
    return CLV_OK;
}

static int near(double a, double b) { return fabs(a - b) <= 1e-6 * fabs(b); }

/* An asymmetric line is CasaXPS' preset when its exponents and the ratio of its widths are. */
static clv_status preset_shape(const casaxps_export *e, size_t component, const char *name, shape *to, clv_error *err)
{
    double lorentzian = fitted(e, component, "lorentzian");

    for (const casaxps_preset *p = casaxps_presets; p->name; p++) {
        double width = lorentzian / p->lorentzian;

        if (strcmp(p->shape, name) != 0 || !near(fitted(e, component, "alpha"), p->alpha) ||
            !near(fitted(e, component, "beta"), p->beta) ||
            !near(fitted(e, component, "gaussian"), p->gaussian * width) ||
            (p->damping > 0 && !near(fitted(e, component, "damping"), p->damping * width))) {
            continue;
        }
        snprintf(to->name, sizeof to->name, "%s", p->name);
        to->width = "lorentzian";
        to->part = p->lorentzian;
        return CLV_OK;
    }
    return clv_fail(err, CLV_BAD_ARGUMENT,
                    "%s: which of CasaXPS' %s shapes has these exponents and widths is not known; of LA(1.53,243) "
                    "lorentzian is 0.498 and gaussian 0.835 of the visible width",
                    clv_model_name(e->model, component), name);
}

static clv_status find_shape(const casaxps_export *e, size_t component, shape *to, clv_error *err)
{
    const char *name = clv_value_as_text(casaxps_option(e, component, "shape"));

    if (!name) { name = "voigt"; }
    if (strcmp(name, "gaussian") == 0) { return gl_shape("GL", 0, to, err); }
    if (strcmp(name, "lorentzian") == 0) { return gl_shape("GL", 1, to, err); }
    if (strcmp(name, "gl_product") == 0) { return gl_shape("GL", fitted(e, component, "mixing"), to, err); }
    if (strcmp(name, "gl_sum") == 0) { return gl_shape("SGL", fitted(e, component, "mixing"), to, err); }
    if (strcmp(name, "la") == 0 || strcmp(name, "lf") == 0) { return preset_shape(e, component, name, to, err); }
    return clv_fail(
        err, CLV_BAD_ARGUMENT,
        "%s: CasaXPS has no shape that is known to be a %s; fit with gaussian, lorentzian, gl_product, gl_sum "
        "or its LA and LF presets",
        clv_model_name(e->model, component), name);
}

/* ---- Links */

/* The other component's place of a tie "[other].parameter", "other.parameter * r" or "other.parameter + d"; SIZE_MAX
   for anything else, which is then written as it was found. */
static size_t tied_to(const casaxps_export *e, const clv_value *given, const char *parameter, double *factor,
                      double *more)
{
    const char *text = clv_value_as_text(given), *end = text ? text + strlen(text) : NULL;

    for (size_t i = 0; text && i < clv_model_count(e->model); i++) {
        char whole[2][320];
        const char *name = clv_model_name(e->model, i);

        snprintf(whole[0], sizeof whole[0], "[%s].%s", name, parameter);
        snprintf(whole[1], sizeof whole[1], "%s.%s", name, parameter);
        for (int k = 0; k < 2; k++) {
            const char *at = text + strlen(whole[k]), *after = NULL;
            double number = 1;

            if (strncmp(text, whole[k], strlen(whole[k])) != 0 || !casaxps_is_peak(e, i)) { continue; }
            *factor = 1;
            *more = 0;
            if (at == end) { return i; }
            if (strncmp(at, " * ", 3) == 0 || strncmp(at, " + ", 3) == 0 || strncmp(at, " - ", 3) == 0) {
                after = clv_text_number_at(at + 3, end, &number);
            }
            if (!after || after != end) { continue; }
            *(at[1] == '*' ? factor : more) = at[1] == '-' ? -number : number;
            return i;
        }
    }
    return SIZE_MAX;
}

/* The ends of { start, low, high }; the value itself where it is fixed or tied in words that CasaXPS does not have. */
static void find_bounds(const casaxps_export *e, size_t component, const char *name, double value, double wide,
                        casaxps_parameter *to)
{
    const clv_value *given = casaxps_option(e, component, name);
    size_t parameter = parameter_of(e, component, name);
    clv_parameter_state state =
        parameter == SIZE_MAX ? CLV_PARAMETER_FIXED : clv_fit_state(e->fit, e->spectrum, parameter);

    *to = (casaxps_parameter){.value = value, .low = value, .high = value, .by = 1, .link = -1};
    if (state == CLV_PARAMETER_FIXED || state == CLV_PARAMETER_TIED || state == CLV_PARAMETER_DERIVED) { return; }
    to->low = value - wide;
    to->high = value + wide;
    if (clv_value_kind(given) == CLV_TABLE && clv_value_count(given) == 3) {
        to->low = clv_value_as_number(clv_value_at(given, 1));
        to->high = clv_value_as_number(clv_value_at(given, 2));
    }
}

/* ---- Lines */

static void put_parameter(const casaxps_export *e, const char *name, const casaxps_parameter *p)
{
    double numbers[5] = {p->value, p->low, p->high, p->link, p->by};

    fprintf(e->out, " %s", name);
    casaxps_put_numbers(e, numbers, 5);
}

static void put_component(const casaxps_export *e, const char *name, const casaxps_component *c)
{
    fprintf(e->out, "CASA comp (*%s*) (*%s*)", name, c->shape);
    put_parameter(e, "Area", &c->area);
    put_parameter(e, "MFWHM", &c->width);
    put_parameter(e, "Position", &c->position);
    fprintf(e->out, " RSF 1 MASS 0 INDEX -1 (*NoTag*) CONST (**) UNCORRECTEDRSF 1\n");
}

static void scale(casaxps_parameter *p, double by)
{
    p->value *= by;
    p->low *= by;
    p->high *= by;
}

static void find_area(const casaxps_export *e, size_t i, casaxps_parameter *to)
{
    double first = casaxps_is_doublet(e, i) ? 1 / (1 + fitted(e, i, "ratio")) : 1, value = fitted(e, i, "area"), factor,
           more;
    size_t other = tied_to(e, casaxps_option(e, i, "area"), "area", &factor, &more);

    find_bounds(e, i, "area", value, 0, to);
    if (to->low == to->high && clv_fit_state(e->fit, e->spectrum, parameter_of(e, i, "area")) == CLV_PARAMETER_FREE) {
        to->low = 0;
        to->high = fmax(100 * fabs(value), 1);
    }
    scale(to, first / e->seconds);
    if (other != SIZE_MAX && more == 0) {
        to->link = line_of(e, other);
        to->by = factor * first * (casaxps_is_doublet(e, other) ? 1 + fitted(e, other, "ratio") : 1);
    }
}

static clv_status find_width(const casaxps_export *e, size_t i, const shape *s, casaxps_parameter *to, clv_error *err)
{
    double factor, more, value = fitted(e, i, s->width);
    size_t other = tied_to(e, casaxps_option(e, i, s->width), s->width, &factor, &more);

    find_bounds(e, i, s->width, value, 0.9 * value, to);
    scale(to, 1 / s->part);
    if (other != SIZE_MAX && more == 0) {
        shape theirs;

        CLV_TRY(find_shape(e, other, &theirs, err));
        if (strcmp(theirs.width, s->width) == 0) {
            to->link = line_of(e, other);
            to->by = factor * theirs.part / s->part;
        }
    }
    return CLV_OK;
}

static void find_position(const casaxps_export *e, size_t i, casaxps_parameter *to)
{
    double factor, more;
    size_t other = tied_to(e, casaxps_option(e, i, "position"), "position", &factor, &more);
    casaxps_parameter p;

    find_bounds(e, i, "position", fitted(e, i, "position"), 2, &p);
    to->value = casaxps_kinetic(e, p.value);
    to->low = fmin(casaxps_kinetic(e, p.low), casaxps_kinetic(e, p.high));
    to->high = fmax(casaxps_kinetic(e, p.low), casaxps_kinetic(e, p.high));
    to->link = -1;
    to->by = 0;
    if (other != SIZE_MAX && factor == 1) {
        to->link = line_of(e, other);
        to->by = isnan(e->photon) ? more : -more;
    }
}

/* Links the weaker line of a doublet to the stronger one. */
static void put_weaker(const casaxps_export *e, size_t i, casaxps_component c)
{
    double ratio = fitted(e, i, "ratio"), split = fitted(e, i, "split"), broaden = fitted(e, i, "broaden");
    int stronger = line_of(e, i);

    c.area = (casaxps_parameter){ratio * c.area.value, ratio * c.area.low, ratio * c.area.high, ratio, stronger};
    c.position.value -= split;
    c.position.low -= split;
    c.position.high -= split;
    c.position.link = stronger;
    c.position.by = -split;
    if (broaden == 0) {
        c.width.link = stronger;
        c.width.by = 1;
    } else {
        double wide = c.width.value + broaden;
        c.width = (casaxps_parameter){wide, wide, wide, 1, -1};
    }
    put_component(e, clv_model_name(e->model, i), &c);
}

/* " (2)" that made a name unique is taken away again. */
static void plain_name(const char *name, char to[CASAXPS_TEXT])
{
    size_t length = strlen(name), digits = 0;

    snprintf(to, CASAXPS_TEXT, "%s", name);
    if (length >= CASAXPS_TEXT || length < 5 || name[length - 1] != ')') { return; }
    while (digits + 4 < length && name[length - 2 - digits] >= '0' && name[length - 2 - digits] <= '9') { digits++; }
    if (digits > 0 && strncmp(name + length - 3 - digits, " (", 2) == 0) { to[length - 3 - digits] = 0; }
}

static clv_status put_peak(const casaxps_export *e, size_t i, clv_error *err)
{
    casaxps_component c = {.name = ""};
    shape s;

    CLV_TRY(find_shape(e, i, &s, err));
    snprintf(c.shape, sizeof c.shape, "%s", s.name);
    find_area(e, i, &c.area);
    CLV_TRY(find_width(e, i, &s, &c.width, err));
    find_position(e, i, &c.position);
    plain_name(clv_model_name(e->model, i), c.name);
    put_component(e, c.name, &c);
    if (casaxps_is_doublet(e, i)) {
        CLV_CHECK(fitted(e, i, "broaden") == 0 || s.part == 1, err, CLV_BAD_ARGUMENT,
                  "%s: CasaXPS broadens an asymmetric line as a whole; give broaden = 0", clv_model_name(e->model, i));
        put_weaker(e, i, c);
    }
    return CLV_OK;
}

/* ---- The fit */

static clv_status put_fit(const casaxps_export *e, clv_error *err)
{
    int lines = line_of(e, clv_model_count(e->model));

    CLV_CHECK(lines > 0, err, CLV_BAD_ARGUMENT, "the model has no peak");
    fprintf(e->out, "Casa Info Follows\n0\n0\n");
    CLV_TRY(casaxps_put_region(e, err));
    fprintf(e->out, "%d\n", lines);
    for (size_t i = 0; i < clv_model_count(e->model); i++) {
        if (casaxps_is_peak(e, i)) { CLV_TRY(put_peak(e, i, err)); }
    }
    return CLV_OK;
}

/* ---- Comments */

/* The host parts the comments of stacked spectra by "; ", which inside one becomes ", ". */
static void put_rest(const casaxps_export *e, const char *text, size_t length)
{
    int stacked = clv_spectra_count(e->spectra) > 1;

    for (size_t i = 0; i < length; i++) {
        fputc(stacked && text[i] == ';' && i + 1 < length && text[i + 1] == ' ' ? ',' : text[i], e->out);
    }
}

/* A comment with the fit in the place of one that was there, else before everything. */
static clv_status put_comment(casaxps_export *e, clv_error *err)
{
    casaxps_piece comment = casaxps_comment(e->spectra, e->spectrum), old = casaxps_find(comment);
    const char *end = comment.text + comment.length, *after = old.text + old.length;

    if (e->spectrum > 0) { fprintf(e->out, "; "); }
    put_rest(e, comment.text, (size_t)(old.text - comment.text));
    CLV_TRY(put_fit(e, err));
    put_rest(e, after, (size_t)(end - after));
    return CLV_OK;
}

static clv_status put_all(casaxps_export *e, clv_error *err)
{
    CLV_TRY(find_scale(e, err));
    for (e->spectrum = 0; e->spectrum < clv_spectra_count(e->spectra); e->spectrum++) { CLV_TRY(put_comment(e, err)); }
    return CLV_OK;
}

static clv_status make_comment(casaxps_export *e, char **text, clv_error *err)
{
    size_t length;
    clv_status status;
    int failed;

    e->out = open_memstream(text, &length);
    CLV_CHECK(e->out, err, CLV_NO_MEMORY, "out of memory");
    status = put_all(e, err);
    failed = ferror(e->out);
    failed = fclose(e->out) || failed;
    if (!status && failed) { status = clv_fail(err, CLV_NO_MEMORY, "out of memory"); }
    return status;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_fit *fit = clv_value_as_object(call->on, CLV_FIT);
    casaxps_export e = {.fit = fit, .model = clv_fit_model(fit), .spectra = clv_fit_spectra(fit)};
    clv_spectra *made = NULL;
    char *text = NULL;
    clv_status status = make_comment(&e, &text, err);

    if (!status) { status = clv_spectra_copy(e.spectra, &made, err); }
    if (!status) { status = clv_metadata_set_text(clv_spectra_metadata_fill(made), "comment", text, err); }
    if (!status) { status = clv_spectra_add_history(made, call->line, err); }
    free(text);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

const clv_operation xps_casaxps = {
    .size = sizeof(clv_operation),
    .name = "casaxps",
    .doc = "gives the fitted spectra with the fit in their comments as CasaXPS writes it; save them as .vms",
    .source = "the comments that CasaXPS writes into VAMAS files (www.casaxps.com)",
    .on = CLV_ON(CLV_FIT),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .run = run,
};
