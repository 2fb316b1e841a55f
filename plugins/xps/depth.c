/* The operation `depth`: turns etch times into depths by a sputter rate.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "etch_axis.h"
#include "xps.h"

#include <math.h>

static clv_status find_rate(const clv_call *call, const clv_spectra *spectra, double *rate, clv_error *err)
{
    *rate = clv_options_given(call->options, "rate")
                ? clv_options_number(call->options, "rate")
                : clv_metadata_number(clv_spectra_metadata(spectra), "sputter_rate");
    CLV_CHECK(isfinite(*rate) && *rate > 0, err, CLV_BAD_ARGUMENT,
              "`rate` is missing: the file tells no sputter rate; give it in nm/s");
    return CLV_OK;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    etch_scale scale = {.name = "depth",
                        .unit = clv_options_boolean(call->options, "measured") ? "nm" : "nm SiO2 equiv."};

    CLV_TRY(find_rate(call, spectra, &scale.factor, err));
    return etch_axis_set(call, spectra, &scale, result, err);
}

static clv_status run_record(const clv_call *call, clv_value **result, clv_error *err)
{
    return etch_axis_set_record(call, run, result, err);
}

static const clv_parameter rows[] = {
    {.name = "rate",
     .type = CLV_TYPE_NUMBER,
     .unit = "nm/s",
     .low = 1e-9,
     .high = 1e6,
     .place = 1,
     .doc = "sputter rate; preset: what the file tells"},
    {.name = "measured",
     .type = CLV_TYPE_BOOLEAN,
     .preset = "false",
     .doc = "whether the rate was measured for this material; otherwise depths are in nm SiO2 equiv."},
    {0},
};

const clv_operation xps_depth = {
    .size = sizeof(clv_operation),
    .name = "depth",
    .doc = "turns etch times into depths by a sputter rate",
    .source = "ISO/TR 15969:2021",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};

const clv_operation xps_depth_record = {
    .size = sizeof(clv_operation),
    .name = "depth",
    .doc = "turns etch times into depths by a sputter rate, in every spectra that has them",
    .source = "ISO/TR 15969:2021",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run_record,
};
