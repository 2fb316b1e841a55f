/* The plugin "corelevel.eels": operations of electron energy-loss spectroscopy.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "eels.h"

static const clv_operation *const operations[] = {&eels_align_zlp, &eels_shell_thickness, NULL};

CLV_PLUGIN(eels) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.eels",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .operations = operations,
};
