/* Peaks and doublets: one line or a spin-orbit pair, of nine shapes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_mean.h"
#include "peak_shape.h"

#include <corelevel/elements.h>
#include <corelevel/lines.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Thetas in the order of the rows: those of a line follow the position (and split, ratio, broaden of a doublet). */
typedef struct places {
    size_t line[LINE_PARAMETERS];
    size_t split, ratio, broaden;
} places;

static const places peak_places = {{0, 1, 2, 3, 4, 5, 6, 7}, SIZE_MAX, SIZE_MAX, SIZE_MAX};
static const places doublet_places = {{0, 4, 5, 6, 7, 8, 9, 10}, 1, 2, 3};

typedef struct peak {
    const places *at;
    peak_shape shape;
    int derived;   /* LINE_LORENTZIAN, LINE_FWHM or LINE_GAUSSIAN: follows from the other widths */
    int integrate; /* mean over each channel */
    double within;
    double toward; /* which way the weaker line and tails lie: 1 up in binding energy, -1 down in kinetic energy */
} peak;

static int given(const clv_setup *setup, size_t theta) { return (setup->given >> theta & 1u) != 0; }

/* Of three widths two are given or preset; the third follows. */
static clv_status prepare(const places *at, const clv_setup *setup, void **prepared, clv_error *err)
{
    peak *made = calloc(1, sizeof *made);

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a peak");
    made->at = at;
    made->shape = peak_shape_of(setup->options);
    made->integrate = clv_options_boolean(setup->options, "integrate");
    made->within = clv_options_number(setup->options, "area_within");
    made->toward = setup->axis && strcmp(setup->axis, "kinetic_energy") == 0 ? -1 : 1;
    made->derived = LINE_GAUSSIAN;
    if (given(setup, at->line[LINE_GAUSSIAN])) {
        made->derived = given(setup, at->line[LINE_FWHM]) ? LINE_LORENTZIAN : LINE_FWHM;
    }
    if (peak_shape_reads(made->shape, LINE_ALPHA) && made->derived != LINE_LORENTZIAN &&
        !given(setup, at->line[LINE_LORENTZIAN]) && !clv_options_given(setup->options, "line")) {
        free(made);
        return clv_fail(err, CLV_BAD_ARGUMENT,
                        "a %s line needs its Lorentzian width: give lorentzian, such as { 0.5, 0.1, 3 }",
                        clv_options_text(setup->options, "shape"));
    }
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

static peak_line first_line(const peak *p, const double *theta)
{
    peak_line line = {.weight = 1};

    for (int i = 0; i < LINE_PARAMETERS; i++) { line.parameter[i] = theta[p->at->line[i]]; }
    return line;
}

/* The weaker line: extra width is lifetime broadening, so that it goes to the Lorentzian part where there is one. */
static peak_line second_line(const peak *p, const double *theta)
{
    peak_line line = first_line(p, theta);

    line.parameter[LINE_POSITION] += p->toward * theta[p->at->split];
    line.parameter[LINE_LORENTZIAN] += theta[p->at->broaden];
    line.parameter[LINE_FWHM] += theta[p->at->broaden];
    return line;
}

static clv_status derive(const void *prepared, double *theta, double *jacobian, size_t thetas, clv_error *err)
{
    const peak *p = prepared;
    peak_line line = first_line(p, theta);
    size_t to = p->at->line[p->derived];
    double gradient[LINE_PARAMETERS];

    CLV_TRY(peak_shape_derive(p->shape, p->within, p->derived, &line, gradient, err));
    theta[to] = line.parameter[p->derived];
    for (int i = 0; i < LINE_PARAMETERS; i++) { jacobian[to * thetas + p->at->line[i]] = gradient[i]; }
    return CLV_OK;
}

static void negate(const double *from, double *to, size_t count)
{
    for (size_t i = 0; i < count; i++) { to[i] = -from[i]; }
}

/* Lines and their common derivatives. */
static clv_status sum_lines(const clv_columns_call *call, const peak_line *lines, size_t count, clv_error *err)
{
    const peak *p = call->prepared;
    peak_columns out = {.value = call->value[0]};
    double *by_energy = call->by_energy ? call->by_energy[0] : NULL;

    for (int i = 0; call->by_theta && i < LINE_PARAMETERS; i++) { out.by[i] = call->by_theta[p->at->line[i]]; }
    if (!out.by[LINE_POSITION]) { out.by[LINE_POSITION] = by_energy; }
    CLV_TRY(peak_shape_sum(p->shape, p->within, p->toward < 0, call->energy, call->count, lines, count, &out, err));
    if (by_energy) { negate(out.by[LINE_POSITION], by_energy, call->count); }
    return CLV_OK;
}

static clv_status one_line(const clv_columns_call *call, clv_error *err)
{
    peak_line line = first_line(call->prepared, call->theta);

    return sum_lines(call, &line, 1, err);
}

/* What belongs to the weaker line alone. by_ratio: the value is (s + ratio w)/(1 + ratio) of the two unit lines. */
static clv_status second_derivatives(const clv_columns_call *call, peak_line line, clv_error *err)
{
    const peak *p = call->prepared;
    double *by_split = call->by_theta[p->at->split], *by_ratio = call->by_theta[p->at->ratio];
    double *by_broaden = call->by_theta[p->at->broaden], ratio = call->theta[p->at->ratio];
    peak_columns out = {.by = {[LINE_POSITION] = by_split}};

    out.by[peak_shape_reads(p->shape, LINE_LORENTZIAN) ? LINE_LORENTZIAN : LINE_FWHM] = by_broaden;
    if (by_split || by_broaden) {
        CLV_TRY(peak_shape_sum(p->shape, p->within, p->toward < 0, call->energy, call->count, &line, 1, &out, err));
    }
    if (by_split && p->toward < 0) { negate(by_split, by_split, call->count); }
    if (!by_ratio) { return CLV_OK; }
    line.weight = 1 / (1 + ratio);
    CLV_TRY(peak_shape_sum(p->shape, p->within, p->toward < 0, call->energy, call->count, &line, 1,
                           &(peak_columns){.value = by_ratio}, err));
    for (size_t i = 0; i < call->count; i++) { by_ratio[i] -= call->value[0][i] / (1 + ratio); }
    return CLV_OK;
}

static clv_status two_lines(const clv_columns_call *call, clv_error *err)
{
    const peak *p = call->prepared;
    double ratio = call->theta[p->at->ratio];
    peak_line lines[2] = {first_line(p, call->theta), second_line(p, call->theta)};

    CLV_CHECK(ratio > -1, err, CLV_BAD_ARGUMENT, "the ratio of a doublet is %g; it must be 0 or more", ratio);
    lines[0].weight = 1 / (1 + ratio);
    lines[1].weight = ratio / (1 + ratio);
    CLV_TRY(sum_lines(call, lines, 2, err));
    return call->by_theta ? second_derivatives(call, lines[1], err) : CLV_OK;
}

static clv_status peak_columns_of(const clv_columns_call *call, clv_error *err)
{
    const peak *p = call->prepared;

    return p->integrate ? channel_mean(call, one_line, err) : one_line(call, err);
}

static clv_status doublet_columns(const clv_columns_call *call, clv_error *err)
{
    const peak *p = call->prepared;

    return p->integrate ? channel_mean(call, two_lines, err) : two_lines(call, err);
}

/* A shape has the rows that its formula reads. */
static int uses(const clv_options *options, const char *parameter)
{
    static const char *const names[LINE_PARAMETERS] = {"position", "lorentzian", "fwhm", "gaussian",
                                                       "mixing",   "alpha",      "beta", "damping"};
    peak_shape shape = peak_shape_of(options);

    for (int i = 0; i < LINE_PARAMETERS; i++) {
        if (strcmp(parameter, names[i]) == 0) { return peak_shape_reads(shape, i); }
    }
    return 1;
}

/* ---- The ratio of a doublet in words */

/* Degeneracies 2j + 1 of the members of a level, whose l its name tells. */
static double statistical(char shell)
{
    const char *shells = "spdf", *at = strchr(shells, shell);
    double l = at ? (double)(at - shells) : 0;

    return l > 0 ? l / (l + 1) : NAN;
}

static clv_status scofield(const clv_line *line, const char *level, double photon, double *ratio, clv_error *err)
{
    int number, top = level[1] == 'p' ? 3 : level[1] == 'd' ? 5 : 7;
    char member[16];
    double strong, weak;

    CLV_TRY(clv_element_number(line->element, &number, err));
    snprintf(member, sizeof member, "%.2s%d/2", level, top);
    CLV_TRY(clv_element_cross_section(number, member, photon, &strong, err));
    snprintf(member, sizeof member, "%.2s%d/2", level, top - 2);
    CLV_TRY(clv_element_cross_section(number, member, photon, &weak, err));
    *ratio = weak / strong;
    return CLV_OK;
}

/* ratio = "statistical" or "scofield", of the line that `line` names. */
static clv_status ratio_word(const clv_options *options, const char *parameter, const char *word, double *value,
                             clv_error *err)
{
    int by_theory = strcmp(word, "scofield") == 0;
    const char *line = clv_options_text(options, "line");
    const clv_line *found = NULL;
    const char *level;

    *value = NAN;
    if (strcmp(parameter, "ratio") != 0 || (!by_theory && strcmp(word, "statistical") != 0)) { return CLV_OK; }
    CLV_CHECK(line, err, CLV_BAD_ARGUMENT, "ratio = \"%s\" needs to know the line: give line, such as \"Co 2p\"", word);
    CLV_TRY(clv_lines_find(line, NULL, &found, err));
    level = strchr(found->name, ' ');
    CLV_CHECK(level && strlen(level) >= 3 && !isnan(statistical(level[2])), err, CLV_BAD_ARGUMENT,
              "ratio = \"%s\": %s is no doublet", word, found->name);
    if (by_theory) { return scofield(found, level + 1, clv_options_number(options, "photon_energy"), value, err); }
    *value = statistical(level[2]);
    return CLV_OK;
}

#define NAME_ROWS                                                                                                      \
    {.name = "name", .type = CLV_TYPE_TEXT, .place = 1, .flags = CLV_REQUIRED, .doc = "how the component is called"},  \
        {.name = "line",                                                                                               \
         .type = CLV_TYPE_TEXT,                                                                                        \
         .doc = "line of the library that gives position, split, ratio, widths"},                                      \
        {.name = "shape",                                                                                              \
         .type = CLV_TYPE_CHOICE,                                                                                      \
         .preset = "\"voigt\"",                                                                                        \
         .choices = "voigt|gaussian|lorentzian|gl_product|gl_power|gl_sum|doniach_sunjic|la|lf",                       \
         .doc = "line shape; see the component's formula"},                                                            \
        {.name = "integrate",                                                                                          \
         .type = CLV_TYPE_BOOLEAN,                                                                                     \
         .preset = "false",                                                                                            \
         .doc =                                                                                                        \
             "mean of the shape over each channel, not its value in the middle: for steps over a fifth of the width"}, \
        {.name = "area_within",                                                                                        \
         .type = CLV_TYPE_NUMBER,                                                                                      \
         .unit = "eV",                                                                                                 \
         .preset = "20",                                                                                               \
         .low = 0.01,                                                                                                  \
         .high = 1e4,                                                                                                  \
         .doc = "doniach_sunjic: the area counts from position - area_within to position + area_within"},              \
    {                                                                                                                  \
        .name = "position", .type = CLV_TYPE_PARAMETER, .unit = "eV", .flags = CLV_FROM_LINE,                          \
        .doc = "energy of the (stronger) line"                                                                         \
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
         .doc = "full width of the Gaussian part"},                                                                  \
        {.name = "mixing",                                                                                           \
         .type = CLV_TYPE_PARAMETER,                                                                                 \
         .unit = "1",                                                                                                \
         .preset = "0.3",                                                                                            \
         .low = 0,                                                                                                   \
         .high = 1,                                                                                                  \
         .flags = CLV_FIXED_BY_NUMBER,                                                                               \
         .doc = "fraction of Lorentzian in a GL shape"},                                                             \
        {.name = "alpha",                                                                                            \
         .type = CLV_TYPE_PARAMETER,                                                                                 \
         .unit = "1",                                                                                                \
         .low = 0,                                                                                                   \
         .high = 50,                                                                                                 \
         .flags = CLV_FIXED_BY_NUMBER,                                                                               \
         .doc = "doniach_sunjic: asymmetry, 0 to 0.5; la, lf: exponent of the side of higher binding energy"},       \
        {.name = "beta",                                                                                             \
         .type = CLV_TYPE_PARAMETER,                                                                                 \
         .unit = "1",                                                                                                \
         .low = 0,                                                                                                   \
         .high = 50,                                                                                                 \
         .flags = CLV_FIXED_BY_NUMBER,                                                                               \
         .doc = "la, lf: exponent of the side of lower binding energy"},                                             \
        {.name = "damping",                                                                                          \
         .type = CLV_TYPE_PARAMETER,                                                                                 \
         .unit = "eV",                                                                                               \
         .low = 0,                                                                                                   \
         .high = 1e4,                                                                                                \
         .flags = CLV_FIXED_BY_NUMBER,                                                                               \
         .doc = "lf: full width of the Gaussian that ends the tails"},                                               \
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
     .doc = "area of the weaker line over that of the stronger; \"statistical\": of the degeneracies of `line`; "
            "\"scofield\": of its cross-sections"},
    {.name = "photon_energy",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .preset = "1486.6",
     .low = 1,
     .high = 1e6,
     .doc = "at which ratio = \"scofield\" takes the cross-sections"},
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

#define SOURCE                                                                                                       \
    "Voigt: J. A. C. Weideman, SIAM J. Numer. Anal. 31 (1994) 1497, doi 10.1137/0731077; GL: V. Jain, M. C. "        \
    "Biesinger, "                                                                                                    \
    "M. R. Linford, Appl. Surf. Sci. 447 (2018) 548, doi 10.1016/j.apsusc.2018.03.190; doniach_sunjic: S. Doniach, " \
    "M. Sunjic, J. Phys. C 3 (1970) 285, doi 10.1088/0022-3719/3/2/010; la, lf: the shapes of CasaXPS "              \
    "(www.casaxps.com), as its exported curves show them"

#define SHAPES                                                                                                         \
    "; t = (E - position)/fwhm, m = mixing, x = E - position, (*) G: convolved with a Gaussian of full width "         \
    "`gaussian`, "                                                                                                     \
    "l = 1/(1 + 4 (x/lorentzian)^2); voigt l (*) G; gaussian exp(-4 ln2 t^2); lorentzian 1/(1 + 4 t^2); "              \
    "gl_sum (1 - m) exp(-4 ln2 t^2) + m/(1 + 4 t^2), CasaXPS' SGL; "                                                   \
    "gl_product exp(-4 ln2 (1 - m) t^2)/(1 + 4 m t^2), CasaXPS' GL, its true width up to 4 % below fwhm; "             \
    "gl_power exp(-4 ln2 t^2)^(1 - m)/(1 + 4 t^2)^m, of true width fwhm; "                                             \
    "doniach_sunjic cos(pi alpha/2 + (1 - alpha) atan y)/(1 + y^2)^((1 - alpha)/2) (*) G, y = -2 x/lorentzian, whose " \
    "area grows without end and is that within `area_within`; "                                                        \
    "la (l^alpha for x > 0, l^beta for x < 0) (*) G, alpha and beta over 0.5; CasaXPS' LA(1.53,243) has "              \
    "lorentzian = 0.498 F, gaussian = 0.835 F for a visible width F; "                                                 \
    "lf (l^alpha or l^beta, times exp(-4 ln2 (x/damping)^2)) (*) G; on kinetic energies x = position - E, so that "    \
    "tails go to higher binding energy; in the "                                                                       \
    "last three `position` is that of the shape before the Gaussian, not of the maximum, and `fwhm` the true whole "   \
    "width"

static const clv_component peak_component = {.size = sizeof(clv_component),
                                             .name = "peak",
                                             .doc = "one line of unit shape times its area",
                                             .source = SOURCE,
                                             .formula = "area * shape(E - position)" SHAPES,
                                             .role = CLV_ROLE_PEAK,
                                             .parameters = peak_rows,
                                             .prepare = prepare_peak,
                                             .release = free,
                                             .columns = peak_columns_of,
                                             .derive = derive,
                                             .uses = uses};

static const clv_component doublet_component = {.size = sizeof(clv_component),
                                                .name = "doublet",
                                                .doc = "a spin-orbit pair of lines with one area",
                                                .source = SOURCE,
                                                .formula = "area * (shape(E - position) + ratio * shape(E - position - "
                                                           "split)) / (1 + ratio), + split on kinetic energies" SHAPES,
                                                .role = CLV_ROLE_PEAK,
                                                .parameters = doublet_rows,
                                                .prepare = prepare_doublet,
                                                .release = free,
                                                .columns = doublet_columns,
                                                .derive = derive,
                                                .uses = uses,
                                                .word = ratio_word};

static const clv_component *const components[] = {&peak_component, &doublet_component, NULL};

CLV_PLUGIN(components_peaks) = {.abi = CLV_PLUGIN_ABI,
                                .size = sizeof(clv_plugin),
                                .id = "corelevel.components.peaks",
                                .version = CLV_VERSION_STRING,
                                .licence = "GPL-3.0-or-later",
                                .components = components};
