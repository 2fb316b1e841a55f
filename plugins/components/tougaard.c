/* Tougaard's background, in a model behind the peaks or drawn from the data.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "background_ends.h"

#include <corelevel/tougaard.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Thetas in the order of the rows. */
enum { THETA_B, THETA_C, THETA_D };

#define UNIVERSAL_C 1643

typedef struct tougaard {
    clv_tougaard_loss loss;
    int c_given, d_given; /* then they are thetas */
    double extend;
} tougaard;

static const struct {
    const char *name;
    double c, d;
} classes[] = {{"polymers", 551, 436},
               {"silicon dioxide", 542, 275},
               {"silicon", 325, 96},
               {"germanium", 260, 62},
               {"aluminium", 230, 4.5}};

static int variant_is(const clv_options *options, const char *name)
{
    const char *variant = clv_options_text(options, "variant");

    return variant && strcmp(variant, name) == 0;
}

/* Without `variant` a class or D asks for three parameters, else the universal two are meant. */
static int has_three(const clv_options *options)
{
    return variant_is(options, "u3") || variant_is(options, "u4") ||
           (!clv_options_text(options, "variant") &&
            (clv_options_text(options, "class") || clv_options_given(options, "D")));
}

static clv_status check(const clv_options *options, clv_error *err)
{
    const char *class = clv_options_text(options, "class");
    double gap = clv_options_number(options, "gap");
    int three = has_three(options);

    CLV_CHECK(!class || three, err, CLV_BAD_ARGUMENT,
              "tougaard: the class \"%s\" is one of three parameters; use variant = \"u3\" or none", class);
    CLV_CHECK(!three || class || (clv_options_given(options, "C") && clv_options_given(options, "D")), err,
              CLV_BAD_ARGUMENT, "tougaard: three parameters need a class, such as \"polymers\", or both C and D");
    CLV_CHECK(three || !clv_options_given(options, "D"), err, CLV_BAD_ARGUMENT,
              "tougaard: D belongs to variant \"u3\" or \"u4\"");
    CLV_CHECK(variant_is(options, "u4") ? gap > 0 : !clv_options_given(options, "gap"), err, CLV_BAD_ARGUMENT,
              "tougaard: variant \"u4\" is the one with a gap (eV, above 0), and needs it");
    return CLV_OK;
}

/* A parameter's value as far as it needs no fit: a number, fixed(v) or the start of { start, min, max }. */
static double plain_number(const clv_options *options, const char *name)
{
    const clv_value *value = clv_options_get(options, name);

    if (clv_value_kind(value) == CLV_TABLE) { value = clv_value_at(value, 0); }
    return clv_value_kind(value) == CLV_NUMBER || clv_value_kind(value) == CLV_FIXED ? clv_value_as_number(value) : NAN;
}

static clv_status read_options(const clv_options *options, tougaard *made, clv_error *err)
{
    const char *class = clv_options_text(options, "class");

    CLV_TRY(check(options, err));
    made->loss = (clv_tougaard_loss){.three = has_three(options), .c = UNIVERSAL_C};
    for (size_t i = 0; class && i < sizeof classes / sizeof *classes; i++) {
        if (strcmp(class, classes[i].name) == 0) {
            made->loss.c = classes[i].c;
            made->loss.d = classes[i].d;
        }
    }
    made->c_given = clv_options_given(options, "C");
    made->d_given = clv_options_given(options, "D");
    if (made->c_given) { made->loss.c = plain_number(options, "C"); }
    if (made->d_given) { made->loss.d = plain_number(options, "D"); }
    if (variant_is(options, "u4")) { made->loss.gap = clv_options_number(options, "gap"); }
    made->extend = clv_options_number(options, "extend");
    return CLV_OK;
}

static clv_status prepare(const clv_setup *setup, void **prepared, clv_error *err)
{
    tougaard *made = calloc(1, sizeof *made);
    clv_status status;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a Tougaard background");
    status = read_options(setup->options, made, err);
    if (status) {
        free(made);
        return status;
    }
    *prepared = made;
    return CLV_OK;
}

static void convolve(const clv_columns_call *call, clv_tougaard_part part, const double *in, double *out)
{
    const tougaard *t = call->prepared;
    clv_tougaard_loss loss = t->loss;

    if (t->c_given) { loss.c = call->theta[THETA_C]; }
    if (t->d_given) { loss.d = call->theta[THETA_D]; }
    clv_tougaard_convolve(&loss, part, call->step > 0 ? NULL : call->energy, call->step, t->extend, in, out,
                          call->channels);
}

static void transform(const clv_columns_call *call, const double *in, double *out)
{
    convolve(call, CLV_TOUGAARD_LOSS, in, out);
    for (size_t i = 0; i < call->channels; i++) { out[i] = in[i] + call->theta[THETA_B] * out[i]; }
}

static void transform_by(const clv_columns_call *call, size_t theta, const double *in, double *out)
{
    static const clv_tougaard_part parts[] = {CLV_TOUGAARD_LOSS, CLV_TOUGAARD_BY_C, CLV_TOUGAARD_BY_D};

    convolve(call, parts[theta], in, out);
    for (size_t i = 0; theta != THETA_B && i < call->channels; i++) { out[i] *= call->theta[THETA_B]; }
}

static clv_status curve(const clv_setup *setup, const double *energy, const double *intensity, size_t channels,
                        double *out, clv_error *err)
{
    clv_background_ends ends = ends_of(setup, energy, channels, 0);
    double b = clv_options_given(setup->options, "B") ? plain_number(setup->options, "B") : NAN;
    tougaard made = {0};

    CLV_TRY(read_options(setup->options, &made, err));
    CLV_CHECK(isfinite(made.loss.c) && isfinite(made.loss.d), err, CLV_BAD_ARGUMENT,
              "tougaard: a drawn background needs C and D as numbers");
    return clv_background_tougaard(energy, intensity, channels, &ends, &made.loss, made.extend, &b, out, err);
}

/* C and D stand among the parameters when they are given; else the variant or the class says them. */
static int uses(const clv_options *options, const char *parameter)
{
    return strcmp(parameter, "B") == 0 || clv_options_given(options, parameter);
}

static const clv_parameter rows[] = {
    ENDS_ROWS,
    LEVEL_ROW,
    {.name = "variant",
     .type = CLV_TYPE_CHOICE,
     .choices = "u2|u3|u4",
     .doc = "parameters of the loss function: B, C; with D; with a gap (preset: u2, with a class u3)"},
    {.name = "class",
     .type = CLV_TYPE_CHOICE,
     .choices = "polymers|silicon dioxide|silicon|germanium|aluminium",
     .doc = "material whose C and D are taken: 551, 436; 542, 275; 325, 96; 260, 62; 230, 4.5 eV^2"},
    {.name = "gap",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = 0,
     .high = 100,
     .doc = "u4: there are no losses up to this energy"},
    {.name = "extend",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .preset = "0",
     .low = 0,
     .high = 1000,
     .doc =
         "how far the signal is taken to go on below the window with its first value; 0: only the window loses energy"},
    {.name = "B",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV^2",
     .preset = "{ 500, 0, 1000000 }",
     .low = 0,
     .high = 1e6,
     .doc =
         "strength; universal 2866 for all losses; drawn and not given: such that the background meets the upper end"},
    {.name = "C",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV^2",
     .low = -1e5,
     .high = 1e5,
     .flags = CLV_FIXED_BY_NUMBER,
     .doc = "preset 1643 for u2; CasaXPS writes u2 as u3 with C negative and D = 0, which serves here too"},
    {.name = "D",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV^2",
     .low = 0,
     .high = 1e5,
     .flags = CLV_FIXED_BY_NUMBER,
     .doc = "width of the loss function's maximum, for u3 and u4"},
    {0}};

static const clv_component tougaard_component = {
    .size = sizeof(clv_component),
    .name = "tougaard",
    .doc = "background of inelastically scattered electrons, fitted with the peaks unless active is false",
    .source = "S. Tougaard, Surf. Interface Anal. 11 (1988) 453, doi 10.1002/sia.740110902; classes: Surf. Interface "
              "Anal. 25 (1997) 137; in practice: J. Vac. Sci. Technol. A 39 (2021) 011201, doi 10.1116/6.0000661",
    .formula =
        "level + B * integral of K(E - E') * peaks(E') dE' over E' < E; T = E - E'; u2: K = T/(C + T^2)^2; u3: K = "
        "T/((C - T^2)^2 + D T^2); u4: K of u3 for T > gap, else 0. Electrons of peaks outside the window count "
        "only by `extend`",
    .role = CLV_ROLE_TRANSFORM,
    .has_level = 1,
    .parameters = rows,
    .prepare = prepare,
    .release = free,
    .transform = transform,
    .transform_by = transform_by,
    .curve = curve,
    .uses = uses};

static const clv_component *const components[] = {&tougaard_component, NULL};

CLV_PLUGIN(components_tougaard) = {.abi = CLV_PLUGIN_ABI,
                                   .size = sizeof(clv_plugin),
                                   .id = "corelevel.components.tougaard",
                                   .version = CLV_VERSION_STRING,
                                   .licence = "GPL-3.0-or-later",
                                   .components = components};
