/* The plugin "corelevel.xps": operations of photoelectron spectroscopy.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "xps.h"

static const clv_operation *const operations[] = {
    &xps_casaxps,     &xps_casaxps_model,   &xps_charge_correct,      &xps_depth, &xps_depth_record, &xps_dose,
    &xps_dose_record, &xps_interface_width, &xps_overlayer_thickness, NULL};

CLV_PLUGIN(xps) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.xps",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .operations = operations,
};
