/* A plugin that loads: two formats that know the same files, one of which writes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

#include <string.h>

static int probe_tie(const clv_head *head) { return head->count >= 3 && memcmp(head->bytes, "TIE", 3) == 0 ? 50 : 0; }

static clv_status read_nothing(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    (void)in;
    (void)options;
    (void)out;
    (void)err;
    return CLV_OK;
}

static clv_status write_nothing(const clv_record *record, const clv_options *options,
                                clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                                void *payload, clv_error *err)
{
    (void)record;
    (void)options;
    return put(payload, "nothing\n", 8, err);
}

static const clv_format good = {.size = sizeof good,
                                .name = "test_good",
                                .title = "Made for a test",
                                .suffixes = "",
                                .probe = probe_tie,
                                .read = read_nothing,
                                .write = write_nothing};
static const clv_format tie = {.size = sizeof tie,
                               .name = "test_tie",
                               .title = "Made for a test",
                               .suffixes = "",
                               .probe = probe_tie,
                               .read = read_nothing};
static const clv_format *const formats[] = {&good, &tie, NULL};

CLV_PLUGIN(good) = {
    .abi = CLV_PLUGIN_ABI, .size = sizeof(clv_plugin), .id = "test.good", .version = "1", .formats = formats};
