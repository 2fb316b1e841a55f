/* The plugin "corelevel.general": operations for spectra of any technique.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

static const clv_operation *const operations[] = {
    &general_crop,
    &general_crop_record,
    &general_background,
    &general_subtract,
    &general_drop,
    &general_drop_record,
    &general_drop_columns,
    &general_sum,
    &general_smooth,
    &general_select,
    NULL,
};

CLV_PLUGIN(general) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.general",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .operations = operations,
};
