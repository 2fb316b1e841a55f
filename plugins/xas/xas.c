/* The plugin "corelevel.xas": operations of x-ray absorption spectroscopy.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "xas.h"

static const clv_operation *const operations[] = {&xas_mu, &xas_align, &xas_normalize, &xas_edge_shift, NULL};

CLV_PLUGIN(xas) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.xas",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .operations = operations,
};
