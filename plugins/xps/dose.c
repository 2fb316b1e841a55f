/* The operation `dose`: turns etch times into ion doses, which is what a powder has in place of a depth.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "etch_axis.h"
#include "xps.h"

/* Ions per cm^2 and second of singly charged ions at one microampere per cm^2: 1e-6 A over the elementary charge (exact
   since 2019, SI Brochure, 9th edition). */
#define IONS_PER_MICROAMPERE (1e-6 / 1.602176634e-19)

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    etch_scale scale = {.name = "dose", .unit = "ions/cm^2"};

    scale.factor = clv_options_number(call->options, "current_density") * IONS_PER_MICROAMPERE /
                   clv_options_number(call->options, "charge");
    return etch_axis_set(call, spectra, &scale, result, err);
}

static clv_status run_record(const clv_call *call, clv_value **result, clv_error *err)
{
    return etch_axis_set_record(call, run, result, err);
}

static const clv_parameter rows[] = {
    {.name = "current_density",
     .type = CLV_TYPE_NUMBER,
     .unit = "uA/cm^2",
     .low = 1e-9,
     .high = 1e9,
     .place = 1,
     .flags = CLV_REQUIRED,
     .doc = "ion current over the area that the beam is scanned over"},
    {.name = "charge",
     .type = CLV_TYPE_NUMBER,
     .unit = "1",
     .preset = "1",
     .low = 1,
     .high = 100,
     .doc = "elementary charges of one ion"},
    {0},
};

#define DOC \
    "turns etch times into ion doses: of powders and rough samples, where ions come at every angle, no depth is known"

const clv_operation xps_dose = {
    .size = sizeof(clv_operation),
    .name = "dose",
    .doc = DOC,
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation xps_dose_record = {
    .size = sizeof(clv_operation),
    .name = "dose",
    .doc = DOC,
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run_record,
};
