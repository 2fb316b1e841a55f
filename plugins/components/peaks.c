/* Peaks and doublets: one line or a spin-orbit pair, of five shapes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>
#include <corelevel/profile.h>

#include <stdlib.h>
#include <string.h>

/* Thetas in the order of the doublet's rows; a peak has all but those of the second line. */
typedef struct places {
    size_t position, split, ratio, broaden, lorentzian, fwhm, gaussian, mixing, count;
} places;

static const places peak_places = {0, SIZE_MAX, SIZE_MAX, SIZE_MAX, 1, 2, 3, 4, 5};
static const places doublet_places = {0, 1, 2, 3, 4, 5, 6, 7, 8};

typedef struct peak {
    const places *at;
    clv_profile_shape shape;
    size_t derived; /* theta that follows from the other widths (Voigt) */
} peak;

static clv_profile_shape shape_of(const clv_options *options)
{
    static const char *const names[] = {"voigt", "gaussian", "lorentzian", "gl_sum", "gl_product"};
    const char *shape = clv_options_text(options, "shape");

    for (int i = 0; shape && i < 5; i++) {
        if (strcmp(shape, names[i]) == 0) { return (clv_profile_shape)(i + 1); }
    }
    return CLV_PROFILE_VOIGT;
}

static int given(const clv_setup *setup, size_t theta) { return (setup->given >> theta & 1u) != 0; }

/* Of the three widths of a Voigt line two are given or preset; the third follows. */
static clv_status prepare(const places *at, const clv_setup *setup, void **prepared, clv_error *err)
{
    peak *made = calloc(1, sizeof *made);

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a peak");
    made->at = at;
    made->shape = shape_of(setup->options);
    made->derived = at->gaussian;
    if (given(setup, at->gaussian)) { made->derived = given(setup, at->fwhm) ? at->lorentzian : at->fwhm; }
    *prepared = made;
    return CLV_OK;
}

static clv_status prepare_peak(const clv_setup *setup, void **prepared, clv_error *err)
{
    return prepare(&peak_places, setup, prepared, err);
}

static clv_status prepare_doublet(const clv_setup *setup, void **prepared, clv_error *err)
{
    return prepare(&doublet_places, setup, prepared, err);
}

/* A width that would have to be below 0 is 0, and then follows nothing. */
static clv_status derive(const void *prepared, double *theta, double *jacobian, size_t thetas, clv_error *err)
{
    const peak *p = prepared;
    const places *at = p->at;
    size_t l = at->lorentzian, f = at->fwhm, g = at->gaussian;
    double gradient[2] = {0, 0};

    if (p->derived == f) {
        theta[f] = clv_profile_fwhm(theta[g], theta[l], gradient);
        jacobian[f * thetas + g] = gradient[0];
        jacobian[f * thetas + l] = gradient[1];
        return CLV_OK;
    }
    size_t from = p->derived == g ? l : g, to = p->derived;
    theta[to] = 0;
    if (theta[from] < theta[f]) {
        clv_status status = to == g ? clv_profile_gaussian(theta[f], theta[from], &theta[g], gradient, err)
                                    : clv_profile_lorentzian(theta[f], theta[from], &theta[l], gradient, err);
        if (status) { return status; }
    }
    jacobian[to * thetas + f] = gradient[0];
    jacobian[to * thetas + from] = gradient[1];
    return CLV_OK;
}

static clv_profile_line first_line(const peak *p, const double *theta)
{
    return (clv_profile_line){.position = theta[p->at->position],
                              .gaussian = theta[p->at->gaussian],
                              .lorentzian = theta[p->at->lorentzian],
                              .fwhm = theta[p->at->fwhm],
                              .mixing = theta[p->at->mixing],
                              .weight = 1};
}

/* The weaker line: extra width is lifetime broadening, so that of a Voigt line goes to its Lorentzian part. */
static clv_profile_line second_line(const peak *p, const double *theta)
{
    clv_profile_line line = first_line(p, theta);

    line.position += theta[p->at->split];
    line.lorentzian += theta[p->at->broaden];
    line.fwhm += theta[p->at->broaden];
    return line;
}

static void negate(const double *from, double *to, size_t count)
{
    for (size_t i = 0; i < count; i++) { to[i] = -from[i]; }
}

/* Lines and their common derivatives. */
static void sum_lines(const clv_columns_call *call, const clv_profile_line *lines, size_t count)
{
    const peak *p = call->prepared;
    double *const *by = call->by_theta;
    clv_profile_columns out = {.value = call->value[0]};
    double *by_energy = call->by_energy ? call->by_energy[0] : NULL;

    if (by) {
        out.by_position = by[p->at->position];
        out.by_gaussian = by[p->at->gaussian];
        out.by_lorentzian = by[p->at->lorentzian];
        out.by_fwhm = by[p->at->fwhm];
        out.by_mixing = by[p->at->mixing];
    }
    if (!out.by_position) { out.by_position = by_energy; }
    clv_profile_sum(p->shape, call->energy, call->count, lines, count, &out);
    if (by_energy) { negate(out.by_position, by_energy, call->count); }
}

static clv_status peak_columns(const clv_columns_call *call, clv_error *err)
{
    clv_profile_line line = first_line(call->prepared, call->theta);

    (void)err;
    sum_lines(call, &line, 1);
    return CLV_OK;
}

/* What belongs to the weaker line alone. by_ratio: the value is (s + ratio w)/(1 + ratio) of the two unit lines. */
static void second_derivatives(const clv_columns_call *call, clv_profile_line line)
{
    const peak *p = call->prepared;
    double *by_split = call->by_theta[p->at->split], *by_ratio = call->by_theta[p->at->ratio];
    double *by_broaden = call->by_theta[p->at->broaden], ratio = call->theta[p->at->ratio];
    clv_profile_columns out = {.by_position = by_split};

    if (by_broaden) { *(p->shape == CLV_PROFILE_VOIGT ? &out.by_lorentzian : &out.by_fwhm) = by_broaden; }
    if (by_split || by_broaden) { clv_profile_sum(p->shape, call->energy, call->count, &line, 1, &out); }
    if (!by_ratio) { return; }
    line.weight = 1 / (1 + ratio);
    clv_profile_sum(p->shape, call->energy, call->count, &line, 1, &(clv_profile_columns){.value = by_ratio});
    for (size_t i = 0; i < call->count; i++) { by_ratio[i] -= call->value[0][i] / (1 + ratio); }
}

static clv_status doublet_columns(const clv_columns_call *call, clv_error *err)
{
    const peak *p = call->prepared;
    double ratio = call->theta[p->at->ratio];
    clv_profile_line lines[2] = {first_line(p, call->theta), second_line(p, call->theta)};

    CLV_CHECK(ratio > -1, err, CLV_BAD_ARGUMENT, "the ratio of a doublet is %g; it must be 0 or more", ratio);
    lines[0].weight = 1 / (1 + ratio);
    lines[1].weight = ratio / (1 + ratio);
    sum_lines(call, lines, 2);
    if (call->by_theta) { second_derivatives(call, lines[1]); }
    return CLV_OK;
}

/* A Voigt line has two widths and their sum, a GL one a width and a mixing, the others a width. */
static int uses(const clv_options *options, const char *parameter)
{
    clv_profile_shape shape = shape_of(options);

    if (strcmp(parameter, "gaussian") == 0 || strcmp(parameter, "lorentzian") == 0) {
        return shape == CLV_PROFILE_VOIGT;
    }
    if (strcmp(parameter, "mixing") == 0) { return shape == CLV_PROFILE_GL_SUM || shape == CLV_PROFILE_GL_PRODUCT; }
    return 1;
}

#define NAME_ROWS                                                                                                     \
    {.name = "name", .type = CLV_TYPE_TEXT, .place = 1, .flags = CLV_REQUIRED, .doc = "how the component is called"}, \
        {.name = "line",                                                                                              \
         .type = CLV_TYPE_TEXT,                                                                                       \
         .doc = "line of the library that gives position, split, ratio, widths"},                                     \
        {.name = "shape",                                                                                             \
         .type = CLV_TYPE_CHOICE,                                                                                     \
         .preset = "\"voigt\"",                                                                                       \
         .choices = "voigt|gaussian|lorentzian|gl_product|gl_sum",                                                    \
         .doc = "line shape"},                                                                                        \
    {                                                                                                                 \
        .name = "position", .type = CLV_TYPE_PARAMETER, .unit = "eV", .flags = CLV_FROM_LINE,                         \
        .doc = "energy of the (stronger) line"                                                                        \
    }

#define WIDTH_ROWS                                                                                                   \
    {.name = "lorentzian",                                                                                           \
     .type = CLV_TYPE_PARAMETER,                                                                                     \
     .unit = "eV",                                                                                                   \
     .preset = "0",                                                                                                  \
     .low = 0,                                                                                                       \
     .high = 50,                                                                                                     \
     .flags = CLV_FIXED_BY_NUMBER | CLV_FROM_LINE | CLV_DERIVABLE,                                                   \
     .doc = "full width of a Voigt line's Lorentzian part (preset: the line's natural width, else 0)"},              \
        {.name = "fwhm",                                                                                             \
         .type = CLV_TYPE_PARAMETER,                                                                                 \
         .unit = "eV",                                                                                               \
         .preset = "{ 1.5, 0.1, 20 }",                                                                               \
         .low = 1e-3,                                                                                                \
         .high = 100,                                                                                                \
         .flags = CLV_DERIVABLE,                                                                                     \
         .doc = "whole width at half maximum (of the stronger line)"},                                               \
        {.name = "gaussian",                                                                                         \
         .type = CLV_TYPE_PARAMETER,                                                                                 \
         .unit = "eV",                                                                                               \
         .low = 0,                                                                                                   \
         .high = 100,                                                                                                \
         .flags = CLV_DERIVABLE,                                                                                     \
         .doc = "full width of a Voigt line's Gaussian part"},                                                       \
        {.name = "mixing",                                                                                           \
         .type = CLV_TYPE_PARAMETER,                                                                                 \
         .unit = "1",                                                                                                \
         .preset = "0.3",                                                                                            \
         .low = 0,                                                                                                   \
         .high = 1,                                                                                                  \
         .flags = CLV_FIXED_BY_NUMBER,                                                                               \
         .doc = "fraction of Lorentzian in a GL shape"},                                                             \
    {                                                                                                                \
        .name = "area", .type = CLV_TYPE_PARAMETER, .unit = "signal eV", .flags = CLV_COEFFICIENT | CLV_NONNEGATIVE, \
        .doc = "area under the whole component"                                                                      \
    }

static const clv_parameter peak_rows[] = {NAME_ROWS, WIDTH_ROWS, {0}};

static const clv_parameter doublet_rows[] = {
    NAME_ROWS,
    {.name = "split",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV",
     .flags = CLV_FIXED_BY_NUMBER | CLV_FROM_LINE,
     .doc = "energy of the weaker line less that of the stronger"},
    {.name = "ratio",
     .type = CLV_TYPE_PARAMETER,
     .unit = "1",
     .low = 0,
     .high = 10,
     .flags = CLV_FIXED_BY_NUMBER | CLV_FROM_LINE,
     .doc = "area of the weaker line over that of the stronger"},
    {.name = "broaden",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV",
     .preset = "0",
     .low = 0,
     .high = 20,
     .flags = CLV_FIXED_BY_NUMBER | CLV_FROM_LINE,
     .doc = "extra full width of the weaker line (Lorentzian in a Voigt line)"},
    WIDTH_ROWS,
    {0}};

#define SOURCE                                                                                                      \
    "J. A. C. Weideman, SIAM J. Numer. Anal. 31 (1994) 1497, doi 10.1137/0731077; V. Jain, M. C. Biesinger, M. R. " \
    "Linford, Appl. Surf. Sci. 447 (2018) 548, doi 10.1016/j.apsusc.2018.03.190"

static const clv_component peak_component = {.size = sizeof(clv_component),
                                             .name = "peak",
                                             .doc = "one line of unit shape times its area",
                                             .source = SOURCE,
                                             .formula = "area * shape(E - position)",
                                             .role = CLV_ROLE_PEAK,
                                             .parameters = peak_rows,
                                             .prepare = prepare_peak,
                                             .release = free,
                                             .columns = peak_columns,
                                             .derive = derive,
                                             .uses = uses};

static const clv_component doublet_component = {
    .size = sizeof(clv_component),
    .name = "doublet",
    .doc = "a spin-orbit pair of lines with one area",
    .source = SOURCE,
    .formula = "area * (shape(E - position) + ratio * shape(E - position - split)) / (1 + ratio)",
    .role = CLV_ROLE_PEAK,
    .parameters = doublet_rows,
    .prepare = prepare_doublet,
    .release = free,
    .columns = doublet_columns,
    .derive = derive,
    .uses = uses};

static const clv_component *const components[] = {&peak_component, &doublet_component, NULL};

CLV_PLUGIN(components_peaks) = {.abi = CLV_PLUGIN_ABI,
                                .size = sizeof(clv_plugin),
                                .id = "corelevel.components.peaks",
                                .version = CLV_VERSION_STRING,
                                .licence = "GPL-3.0-or-later",
                                .components = components};
