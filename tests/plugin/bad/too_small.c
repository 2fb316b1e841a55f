/* A plugin whose component is a struct too small to hold what the host needs.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

static const clv_component small = {
    .size = offsetof(clv_component, columns), .name = "small", .role = CLV_ROLE_BACKGROUND, .has_level = 1};
static const clv_component *const components[] = {&small, NULL};

CLV_PLUGIN(too_small) = {
    .abi = CLV_PLUGIN_ABI, .size = sizeof(clv_plugin), .id = "bad.too_small", .components = components};
