/* A plugin that brings an operation named like one that is there.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    (void)call;
    (void)result;
    return clv_fail(err, CLV_FAILED, "this must never run");
}

static const clv_operation smooth = {.size = sizeof(clv_operation),
                                     .name = "smooth",
                                     .doc = "made to clash",
                                     .on = CLV_ON(CLV_SPECTRA),
                                     .gives = CLV_SPECTRA,
                                     .way = CLV_WHOLE,
                                     .run = run};
static const clv_operation *const operations[] = {&smooth, NULL};

CLV_PLUGIN(duplicate) = {
    .abi = CLV_PLUGIN_ABI, .size = sizeof(clv_plugin), .id = "bad.duplicate", .operations = operations};
