/* A plugin for the specs: an operation that writes a line where it is told to, and one that takes its time.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const clv_parameter note_rows[] = {
    {.name = "path", .type = CLV_TYPE_PATH, .place = 1, .flags = CLV_REQUIRED | CLV_WRITTEN, .doc = "where to write"},
    {.name = "text", .type = CLV_TYPE_TEXT, .preset = "'noted'", .doc = "what to write"},
    {.name = NULL},
};

static clv_status note(const clv_call *call, clv_value **result, clv_error *err)
{
    const char *path = clv_options_text(call->options, "path");
    FILE *file = fopen(path, "wb");
    int broken;

    CLV_CHECK(file, err, CLV_CANNOT_WRITE, "%s cannot be written: %s", path, strerror(errno));
    fputs(clv_options_text(call->options, "text"), file);
    broken = fclose(file);
    CLV_CHECK(!broken, err, CLV_CANNOT_WRITE, "%s cannot be written: %s", path, strerror(errno));
    *result = clv_value_nil();
    return CLV_OK;
}

static const clv_operation note_operation = {.size = sizeof note_operation,
                                             .name = "note",
                                             .doc = "writes a text",
                                             .on = CLV_ON(CLV_SPECTRA),
                                             .gives = CLV_NIL,
                                             .leaves = CLV_LEAVES_NONE,
                                             .way = CLV_WHOLE,
                                             .parameters = note_rows,
                                             .run = note};

static clv_status linger(const clv_call *call, clv_value **result, clv_error *err)
{
    struct timespec left = {.tv_sec = 60};

    (void)call;
    (void)err;
    while (nanosleep(&left, &left) != 0) {}
    *result = clv_value_nil();
    return CLV_OK;
}

static const clv_operation linger_operation = {.size = sizeof linger_operation,
                                               .name = "linger",
                                               .doc = "takes a minute, whatever it is told",
                                               .on = CLV_ON(CLV_SPECTRA),
                                               .gives = CLV_NIL,
                                               .leaves = CLV_LEAVES_NONE,
                                               .way = CLV_WHOLE,
                                               .run = linger};

static const clv_operation *const operations[] = {&note_operation, &linger_operation, NULL};

CLV_PLUGIN(slow_writer) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.tests.slow_writer",
    .version = "1.0",
    .licence = "GPL-3.0-or-later",
    .operations = operations,
};
