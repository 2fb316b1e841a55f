/* A plugin that loads. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

static clv_status write_nothing(const clv_record *record, const clv_options *options,
                                clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                                void *payload, clv_error *err)
{
    (void)record;
    (void)options;
    return put(payload, "nothing\n", 8, err);
}

static const clv_format good = {.size = sizeof(clv_format),
                                .name = "test_good",
                                .title = "Made for a test",
                                .suffixes = "",
                                .write = write_nothing};
static const clv_format *const formats[] = {&good, NULL};

CLV_PLUGIN(good) = {
    .abi = CLV_PLUGIN_ABI, .size = sizeof(clv_plugin), .id = "test.good", .version = "1", .formats = formats};
