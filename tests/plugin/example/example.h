/* The descriptors that the files of this plugin share; only `clv_plugin_entry` is seen from outside.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <corelevel/plugin.h>
#include <corelevel/text.h>

#define HIDDEN __attribute__((visibility("hidden")))

extern HIDDEN const clv_format example_strip;
extern HIDDEN const clv_operation example_dead_time;

#endif
