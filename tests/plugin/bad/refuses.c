/* A plugin that says itself that it is not made for this host.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

CLV_API const clv_plugin *clv_plugin_entry(uint32_t abi_major);
const clv_plugin *clv_plugin_entry(uint32_t abi_major)
{
    (void)abi_major;
    return NULL;
}
