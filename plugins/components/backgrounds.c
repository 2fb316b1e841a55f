/* Backgrounds: the constant, straight lines, polynomials, power laws and Shirley's.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "background_ends.h"

#include <corelevel/profile.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_POWERS 32

/* ---- Powers drawn through the ends */

static clv_status draw_polynomial(const clv_setup *setup, const double *energy, const double *intensity,
                                  size_t channels, unsigned order, double *curve, clv_error *err)
{
    clv_background_ends ends = ends_of(setup, energy, channels, 0);

    if (order == 1) { return clv_background_line(energy, intensity, channels, &ends, curve, err); }
    return clv_background_polynomial(energy, intensity, channels, &ends, order, curve, err);
}

/* ---- Powers of the energy: constant, linear, polynomial */

/* Powers are about the middle of the data's energies, so that they stay small numbers and the level means the middle.
 */
static clv_status prepare_middle(const clv_setup *setup, void **prepared, clv_error *err)
{
    double *middle = malloc(sizeof *middle);

    CLV_CHECK(middle, err, CLV_NO_MEMORY, "no memory for a background");
    *middle = setup->channels > 0 ? 0.5 * (setup->energy[0] + setup->energy[setup->channels - 1]) : 0;
    *prepared = middle;
    return CLV_OK;
}

static clv_status power_columns(const clv_columns_call *call, clv_error *err)
{
    double middle = *(const double *)call->prepared;

    (void)err;
    for (size_t i = 0; i < call->count; i++) {
        double x = call->energy[i] - middle, power = 1;
        for (size_t c = 0; c < call->coefficients; c++) {
            if (call->by_energy && call->by_energy[c]) { call->by_energy[c][i] = (double)(c + 1) * power; }
            power *= x;
            call->value[c][i] = power;
        }
    }
    return CLV_OK;
}

static size_t polynomial_count(const clv_options *options) { return (size_t)clv_options_number(options, "order"); }

static void polynomial_name(const clv_options *options, size_t i, char *name, size_t size)
{
    (void)options;
    snprintf(name, size, "c%zu", i + 1);
}

static clv_status constant_curve(const clv_setup *setup, const double *energy, const double *intensity, size_t channels,
                                 double *curve, clv_error *err)
{
    return draw_polynomial(setup, energy, intensity, channels, 0, curve, err);
}

static clv_status linear_curve(const clv_setup *setup, const double *energy, const double *intensity, size_t channels,
                               double *curve, clv_error *err)
{
    return draw_polynomial(setup, energy, intensity, channels, 1, curve, err);
}

static clv_status polynomial_curve(const clv_setup *setup, const double *energy, const double *intensity,
                                   size_t channels, double *curve, clv_error *err)
{
    unsigned order = (unsigned)clv_options_number(setup->options, "order");

    return draw_polynomial(setup, energy, intensity, channels, order, curve, err);
}

static const clv_parameter constant_rows[] = {ENDS_ROWS, LEVEL_ROW, {0}};

static const clv_parameter linear_rows[] = {ENDS_ROWS,
                                            LEVEL_ROW,
                                            {.name = "slope",
                                             .type = CLV_TYPE_PARAMETER,
                                             .unit = "signal/eV",
                                             .flags = CLV_COEFFICIENT,
                                             .doc = "slope; the level is that in the middle of the data's energies"},
                                            {0}};

static const clv_parameter polynomial_rows[] = {ENDS_ROWS,
                                                LEVEL_ROW,
                                                {.name = "order",
                                                 .type = CLV_TYPE_INTEGER,
                                                 .preset = "2",
                                                 .low = 1,
                                                 .high = 8,
                                                 .place = 1,
                                                 .doc = "highest power of E less the middle of the data's energies"},
                                                {0}};

static const clv_component constant_component = {.size = sizeof(clv_component),
                                                 .name = "constant",
                                                 .doc = "the constant level",
                                                 .formula = "level",
                                                 .role = CLV_ROLE_BACKGROUND,
                                                 .has_level = 1,
                                                 .parameters = constant_rows,
                                                 .curve = constant_curve};

static const clv_component linear_component = {.size = sizeof(clv_component),
                                               .name = "linear",
                                               .doc = "a straight line",
                                               .formula = "level + slope * (E - middle)",
                                               .role = CLV_ROLE_BACKGROUND,
                                               .has_level = 1,
                                               .parameters = linear_rows,
                                               .prepare = prepare_middle,
                                               .release = free,
                                               .columns = power_columns,
                                               .curve = linear_curve};

static const clv_component polynomial_component = {.size = sizeof(clv_component),
                                                   .name = "polynomial",
                                                   .doc = "a polynomial about the middle of the data's energies",
                                                   .formula = "level + c1 * (E - middle) + c2 * (E - middle)^2 + ...",
                                                   .role = CLV_ROLE_BACKGROUND,
                                                   .has_level = 1,
                                                   .parameters = polynomial_rows,
                                                   .prepare = prepare_middle,
                                                   .release = free,
                                                   .columns = power_columns,
                                                   .curve = polynomial_curve,
                                                   .coefficient_count = polynomial_count,
                                                   .coefficient_name = polynomial_name};

/* ---- Power laws */

typedef struct powers {
    double reference;             /* eV; coefficients are the signal there */
    double exponent[MOST_POWERS]; /* unused when r is free */
    size_t count;                 /* 0: one power with r as theta */
} powers;

static size_t read_exponents(const clv_options *options, double *exponent)
{
    const clv_value *list = clv_options_get(options, "exponents");
    size_t count = clv_value_kind(list) == CLV_TABLE ? clv_value_count(list) : clv_value_kind(list) == CLV_NUMBER;

    for (size_t i = 0; i < count && i < MOST_POWERS; i++) {
        exponent[i] = clv_value_as_number(clv_value_kind(list) == CLV_TABLE ? clv_value_at(list, i) : list);
    }
    return count < MOST_POWERS ? count : MOST_POWERS;
}

static clv_status prepare_powers(const clv_setup *setup, void **prepared, clv_error *err)
{
    powers *made = calloc(1, sizeof *made);

    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a power law");
    made->count = read_exponents(setup->options, made->exponent);
    size_t n = setup->channels;
    made->reference = n > 0 ? 0.5 * (fmax(setup->energy[0], 0) + setup->energy[n - 1]) : 1;
    if (!(made->reference > 0)) {
        free(made);
        return clv_fail(err, CLV_BAD_ARGUMENT, "powerlaw: energies must be above 0 eV");
    }
    *prepared = made;
    return CLV_OK;
}

static clv_status powerlaw_columns(const clv_columns_call *call, clv_error *err)
{
    const powers *p = call->prepared;

    CLV_CHECK(call->energy[0] > 0, err, CLV_BAD_ARGUMENT, "powerlaw: the fitted energies begin at %g eV, not above 0",
              call->energy[0]);
    for (size_t c = 0; c < call->coefficients; c++) {
        double r = p->count > 0 ? p->exponent[c] : call->theta[0];
        double *by_r = call->by_theta ? call->by_theta[c * call->thetas] : NULL;
        double *by_energy = call->by_energy ? call->by_energy[c] : NULL;
        for (size_t i = 0; i < call->count; i++) {
            double log_ratio = log(call->energy[i] / p->reference), value = exp(-r * log_ratio);
            call->value[c][i] = value;
            if (by_r) { by_r[i] = p->count > 0 ? 0 : -log_ratio * value; }
            if (by_energy) { by_energy[i] = -r * value / call->energy[i]; }
        }
    }
    return CLV_OK;
}

static size_t powerlaw_count(const clv_options *options)
{
    double exponent[MOST_POWERS];
    size_t count = read_exponents(options, exponent);

    return count > 0 ? count : 1;
}

static void powerlaw_name(const clv_options *options, size_t i, char *name, size_t size)
{
    double exponent[MOST_POWERS];

    if (read_exponents(options, exponent) == 0) {
        snprintf(name, size, "A");
    } else {
        snprintf(name, size, "A%g", exponent[i < MOST_POWERS ? i : 0]);
    }
}

static int powerlaw_uses(const clv_options *options, const char *parameter)
{
    return strcmp(parameter, "r") != 0 || clv_value_kind(clv_options_get(options, "exponents")) == CLV_NIL;
}

static const clv_parameter powerlaw_rows[] = {
    {.name = "exponents",
     .type = CLV_TYPE_NUMBERS,
     .doc = "fixed exponents, one coefficient each (A2, A3 …); without them one power with free r"},
    {.name = "r",
     .type = CLV_TYPE_PARAMETER,
     .unit = "1",
     .preset = "{ 3, 0.5, 8 }",
     .low = -10,
     .high = 20,
     .doc = "exponent, when `exponents` is not given"},
    {0}};

static const clv_component powerlaw_component = {
    .size = sizeof(clv_component),
    .name = "powerlaw",
    .doc = "power laws of the energy; a coefficient is the signal in the middle of the data's energies",
    .source = "R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), doi "
              "10.1007/978-1-4419-9583-4",
    .formula = "A2 * (E / middle)^-2 + A3 * (E / middle)^-3 + ...",
    .role = CLV_ROLE_BACKGROUND,
    .parameters = powerlaw_rows,
    .prepare = prepare_powers,
    .release = free,
    .columns = powerlaw_columns,
    .coefficient_count = powerlaw_count,
    .coefficient_name = powerlaw_name,
    .uses = powerlaw_uses};

/* ---- Shirley */

enum { SHIRLEY_K, SHIRLEY_SLOPE };

/* Electrons that lost energy stand at higher binding energies, but at lower kinetic ones: there the integrals run from
   the high end down. `prepared` is set on such an axis. */
static clv_status prepare_shirley(const clv_setup *setup, void **prepared, clv_error *err)
{
    *prepared = NULL;
    if (!setup->axis || strcmp(setup->axis, "kinetic_energy") != 0) { return CLV_OK; }
    *prepared = calloc(1, 1);
    CLV_CHECK(*prepared, err, CLV_NO_MEMORY, "shirley: out of memory");
    return CLV_OK;
}

static void integrate(const clv_columns_call *call, const double *in, double *out)
{
    double whole;

    clv_profile_integral(call->step > 0 ? NULL : call->energy, call->step, in, out, call->count);
    if (!call->prepared || call->channels == 0) { return; }
    whole = out[call->channels - 1];
    for (size_t i = 0; i < call->count; i++) { out[i] = whole - out[i]; }
}

/* out = (k + slope * integral) of in's integral, which stands in `out` already: the trapezoid rule in place. */
static void add_slope(const clv_columns_call *call, double k, double slope, double *out)
{
    size_t n = call->channels, first = call->prepared && n > 0 ? n - 1 : 0, before = first;
    double sum = 0, last = out[first];

    for (size_t c = 0; c < n; c++) {
        size_t i = call->prepared ? n - 1 - c : c;
        double now = out[i];
        sum += 0.5 * (now + last) * fabs(call->energy[i] - call->energy[before]);
        out[i] = k * now + slope * sum;
        last = now;
        before = i;
    }
}

static void shirley_transform(const clv_columns_call *call, const double *in, double *out)
{
    const double *energy = call->step > 0 ? NULL : call->energy;

    if (call->theta[SHIRLEY_SLOPE] == 0 && !call->prepared) {
        clv_profile_with_integral(energy, call->step, in, call->theta[SHIRLEY_K], out, call->count);
        return;
    }
    integrate(call, in, out);
    add_slope(call, call->theta[SHIRLEY_K], call->theta[SHIRLEY_SLOPE], out);
    for (size_t i = 0; i < call->count; i++) { out[i] += in[i]; }
}

static void shirley_by_theta(const clv_columns_call *call, size_t t, const double *in, double *out)
{
    integrate(call, in, out);
    if (t == SHIRLEY_SLOPE) { add_slope(call, 0, 1, out); }
}

static int shirley_uses(const clv_options *options, const char *parameter)
{
    return strcmp(parameter, "slope") != 0 || clv_options_given(options, "slope");
}

/* One step per peak: a column of its own for each, so that neither k nor a slope means anything. */
static void step_of_peak(const clv_columns_call *call, const double *in, double *out) { integrate(call, in, out); }

static int steps_use(const clv_options *options, const char *parameter)
{
    (void)options;
    return strcmp(parameter, "k") != 0 && strcmp(parameter, "slope") != 0;
}

static clv_status shirley_curve(const clv_setup *setup, const double *energy, const double *intensity, size_t channels,
                                double *curve, clv_error *err)
{
    const char *variant = clv_options_text(setup->options, "variant");
    int casaxps = variant && strcmp(variant, "casaxps") == 0;
    clv_shirley_options options = {.ends = ends_of(setup, energy, channels, casaxps ? 1 : 0),
                                   .sum = casaxps ? CLV_SHIRLEY_CASAXPS : CLV_SHIRLEY_TRAPEZOID};

    return clv_background_shirley(energy, intensity, channels, &options, curve, NULL, err);
}

static const clv_parameter shirley_rows[] = {
    ENDS_ROWS,
    LEVEL_ROW,
    {.name = "variant",
     .type = CLV_TYPE_CHOICE,
     .preset = "\"trapezoid\"",
     .choices = "trapezoid|casaxps",
     .flags = CLV_DRAWN,
     .doc = "how a drawn Shirley background adds up the peak; casaxps: channels below without the channel itself"},
    {.name = "per_peak",
     .type = CLV_TYPE_BOOLEAN,
     .preset = "false",
     .doc = "in a model: a step of its own behind each peak (SVSC), its height a parameter called like the peak"},
    {.name = "k",
     .type = CLV_TYPE_PARAMETER,
     .unit = "1/eV",
     .preset = "{ 0.02, 0, 1 }",
     .low = 0,
     .high = 10,
     .doc = "rise of the background per eV and unit of the peaks below"},
    {.name = "slope",
     .type = CLV_TYPE_PARAMETER,
     .unit = "1/eV^2",
     .preset = "0",
     .low = -1,
     .high = 1,
     .flags = CLV_FIXED_BY_NUMBER,
     .doc = "change of the background's slope per eV and unit of the peaks below; free when given as { 0, min, max }"},
    {0}};

#define SHIRLEY_SOURCE                                                                                               \
    "D. A. Shirley, Phys. Rev. B 5 (1972) 4709, doi 10.1103/PhysRevB.5.4709; drawn: A. Proctor, P. M. A. Sherwood, " \
    "Anal. Chem. 54 (1982) 13, doi 10.1021/ac00238a008 (the same fixed point); fitted: A. Herrera-Gomez et al., "    \
    "Surf. "                                                                                                         \
    "Interface Anal. 46 (2014) 897, doi 10.1002/sia.5453; slope: J. Electron Spectrosc. 189 (2013) 76, doi "         \
    "10.1016/j.elspec.2013.07.006"

#define SHIRLEY_DOC                                                                                                   \
    "background that rises by the peaks at lower binding (higher kinetic) energy, fitted with them unless active is " \
    "false"

static const clv_component shirley_steps_component = {.size = sizeof(clv_component),
                                                      .name = "shirley",
                                                      .doc = SHIRLEY_DOC,
                                                      .source = SHIRLEY_SOURCE,
                                                      .formula = "level + sum over peaks of height * integral of the "
                                                                 "peak of unit area from the low end to E",
                                                      .role = CLV_ROLE_STEPS,
                                                      .has_level = 1,
                                                      .parameters = shirley_rows,
                                                      .prepare = prepare_shirley,
                                                      .release = free,
                                                      .transform = step_of_peak,
                                                      .curve = shirley_curve,
                                                      .uses = steps_use};

static const clv_component *shirley_instead(const clv_options *options);

static const clv_component shirley_component = {
    .size = sizeof(clv_component),
    .name = "shirley",
    .doc = SHIRLEY_DOC,
    .source = SHIRLEY_SOURCE,
    .formula =
        "level + k * integral of the peaks from the low end to E + slope * integral of that integral; per_peak: "
        "level + sum over peaks of height * integral of the peak of unit area from the low end to E; drawn: low + "
        "(high - low) * A(E)/A(end), A the sum of data less background below E, repeated until it stands still",
    .role = CLV_ROLE_TRANSFORM,
    .has_level = 1,
    .parameters = shirley_rows,
    .prepare = prepare_shirley,
    .release = free,
    .transform = shirley_transform,
    .transform_by = shirley_by_theta,
    .curve = shirley_curve,
    .uses = shirley_uses,
    .instead = shirley_instead};

static const clv_component *shirley_instead(const clv_options *options)
{
    return clv_options_boolean(options, "per_peak") ? &shirley_steps_component : &shirley_component;
}

static const clv_component *const components[] = {&constant_component, &linear_component,  &polynomial_component,
                                                  &powerlaw_component, &shirley_component, NULL};

CLV_PLUGIN(components_backgrounds) = {.abi = CLV_PLUGIN_ABI,
                                      .size = sizeof(clv_plugin),
                                      .id = "corelevel.components.backgrounds",
                                      .version = CLV_VERSION_STRING,
                                      .licence = "GPL-3.0-or-later",
                                      .components = components};
