/* A plugin that brings a second copy of the library. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

static clv_status write_nothing(const clv_record *record, const clv_options *options,
                                clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                                void *payload, clv_error *err)
{
    (void)record;
    (void)options;
    return put(payload, "nothing\n", 8, err);
}

static const clv_format second = {.size = sizeof(clv_format),
                                  .name = "test_second",
                                  .title = "Made for a test",
                                  .suffixes = "",
                                  .write = write_nothing};
static const clv_format *const formats[] = {&second, NULL};

CLV_PLUGIN(second) = {
    .abi = CLV_PLUGIN_ABI, .size = sizeof(clv_plugin), .id = "test.second", .version = "1", .formats = formats};

const char *clv_version(void) { return "0.0.0"; }
