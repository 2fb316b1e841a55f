/* A component: the hyperbolic secant, a line shape between the Gaussian and the Lorentzian; and the plugin's
   descriptor. SPDX-License-Identifier: GPL-3.0-or-later */
#include "example.h"

#include <math.h>

/* Places of the thetas: all rows that are not coefficients, in their order. */
enum { POSITION, FWHM, THETAS };

/* 2 acosh(2): the full width at half maximum over w. */
#define HALF_MAXIMUM 2.6339157938496336
#define PI 3.14159265358979323846

/* Unit area: f = sech(u) / (pi w), u = (E - position) / w; and its derivatives, each where it is wanted. */
static clv_status columns(const clv_columns_call *call, clv_error *err)
{
    double position = call->theta[POSITION], w = call->theta[FWHM] / HALF_MAXIMUM;
    double *value = call->value[0];
    double *by_position = call->by_theta ? call->by_theta[POSITION] : NULL;
    double *by_fwhm = call->by_theta ? call->by_theta[FWHM] : NULL;
    double *by_energy = call->by_energy ? call->by_energy[0] : NULL;

    CLV_CHECK(w > 0, err, CLV_BAD_ARGUMENT, "the fwhm of a sech line is %g eV; it must be positive", call->theta[FWHM]);
    for (size_t i = 0; i < call->count; i++) {
        double u = (call->energy[i] - position) / w, slope;

        value[i] = 1 / (PI * w * cosh(u));
        slope = -tanh(u) * value[i] / w;
        if (by_energy) { by_energy[i] = slope; }
        if (by_position) { by_position[i] = -slope; }
        if (by_fwhm) { by_fwhm[i] = (u * tanh(u) - 1) * value[i] / w / HALF_MAXIMUM; }
    }
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "name", .type = CLV_TYPE_TEXT, .place = 1, .flags = CLV_REQUIRED, .doc = "how the component is called"},
    {.name = "position",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV",
     .flags = CLV_REQUIRED,
     .doc = "energy of the maximum"},
    {.name = "fwhm",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV",
     .preset = "{ 1.5, 0.1, 20 }",
     .low = 0.001,
     .high = 100,
     .doc = "full width at half maximum"},
    {.name = "area",
     .type = CLV_TYPE_PARAMETER,
     .unit = "signal eV",
     .flags = CLV_COEFFICIENT | CLV_NONNEGATIVE,
     .doc = "area under the line"},
    {0}};

static const clv_component sech = {.size = sizeof(clv_component),
                                   .name = "sech",
                                   .doc = "a hyperbolic secant of unit area times its area",
                                   .source = "W. D. Baten, Bull. Amer. Math. Soc. 40 (1934) 284, doi "
                                             "10.1090/S0002-9904-1934-05852-X",
                                   .formula = "area * sech((E - position) / w) / (pi w), w = fwhm / (2 acosh 2)",
                                   .role = CLV_ROLE_PEAK,
                                   .parameters = rows,
                                   .columns = columns};

static const clv_format *const formats[] = {&example_strip, NULL};
static const clv_operation *const operations[] = {&example_dead_time, NULL};
static const clv_component *const components[] = {&sech, NULL};

CLV_PLUGIN(example) = {.abi = CLV_PLUGIN_ABI,
                       .size = sizeof(clv_plugin),
                       .id = "org.example.strip",
                       .version = "1.0",
                       .licence = "GPL-3.0-or-later",
                       .formats = formats,
                       .operations = operations,
                       .components = components};
