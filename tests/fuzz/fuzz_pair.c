/* Fuzzes a reader whose header and numbers are two files (CLV_FUZZ_FORMAT): the input is the header up to the first NUL
   byte, and behind it the other file. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>

#include "base/cursor.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct rest {
    const uint8_t *bytes;
    size_t count;
} rest;

static clv_status lend(void *payload, const char *name, uint8_t **bytes, size_t *count, clv_error *err)
{
    const rest *other = payload;

    *bytes = malloc(other->count + 1);
    CLV_CHECK(*bytes, err, CLV_NO_MEMORY, "%s: no memory", name);
    memcpy(*bytes, other->bytes, other->count);
    *count = other->count;
    return CLV_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t head = end ? (size_t)(end - data) : size;
    rest other = {end ? end + 1 : data, end ? size - head - 1 : 0};
    const clv_format *format = NULL;
    clv_cursor *cursor = NULL;
    clv_record *record = clv_record_new();
    clv_error err = {0};

    if (!clv_registry_find_format(CLV_FUZZ_FORMAT, &format, &err) &&
        !clv_cursor_new("fuzz.pair", data, head, &cursor, &err)) {
        clv_cursor_set_open(cursor, lend, &other);
        if (format->read(cursor, NULL, record, &err) && !err.text[0]) { abort(); }
    }
    clv_cursor_free(cursor);
    clv_record_free(record);
    return 0;
}
