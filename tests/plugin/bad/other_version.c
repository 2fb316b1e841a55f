/* A plugin whose descriptor is made for another major version of the interface.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

CLV_PLUGIN(other_version) = {.abi = CLV_PLUGIN_ABI + 1, .size = sizeof(clv_plugin), .id = "bad.other_version"};
