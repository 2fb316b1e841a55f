/* Undoes gzip with zlib, never into more memory than the size of the input allows.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define ALWAYS_ALLOWED ((size_t)8 << 20)
#define ALLOWED_TIMES 16
#define FIRST_ROOM ((size_t)64 << 10)

/* Where the plain bytes grow. */
typedef struct room {
    uint8_t *bytes;
    size_t count, size, limit;
} room;

int clv_gzip_starts(const uint8_t *bytes, size_t count)
{
    return count >= 3 && bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8;
}

static clv_status grow(room *out, const char *name, clv_error *err)
{
    size_t size = out->size ? out->size * 2 : FIRST_ROOM;
    uint8_t *bytes;

    CLV_CHECK(out->size < out->limit, err, CLV_LIMIT, "%s: undoing gzip gives more than %zu bytes, which is refused",
              name, out->limit);
    if (size > out->limit) { size = out->limit; }
    bytes = realloc(out->bytes, size);
    CLV_CHECK(bytes, err, CLV_NO_MEMORY, "%s: no memory for %zu bytes of undone gzip", name, size);
    out->bytes = bytes;
    out->size = size;
    return CLV_OK;
}

/* Lets zlib see the next piece of the input; its counters are only 32 bits wide. */
static void feed(z_stream *stream, const uint8_t *end)
{
    size_t left = (size_t)(end - stream->next_in);

    stream->avail_in = left > UINT_MAX / 2 ? UINT_MAX / 2 : (unsigned)left;
}

/* One member: until its end, or a failure. */
static clv_status undo_member(z_stream *stream, const uint8_t *end, room *out, const char *name, clv_error *err)
{
    int state = Z_OK;

    while (state != Z_STREAM_END) {
        size_t free_bytes;

        if (out->count == out->size) { CLV_TRY(grow(out, name, err)); }
        free_bytes = out->size - out->count;
        feed(stream, end);
        stream->next_out = out->bytes + out->count;
        stream->avail_out = free_bytes > UINT_MAX / 2 ? UINT_MAX / 2 : (unsigned)free_bytes;
        state = inflate(stream, Z_NO_FLUSH);
        out->count = (size_t)(stream->next_out - out->bytes);
        CLV_CHECK(state != Z_MEM_ERROR, err, CLV_NO_MEMORY, "%s: no memory to undo gzip", name);
        CLV_CHECK(state != Z_BUF_ERROR || stream->next_in < end, err, CLV_BAD_FILE, "%s: the gzip data end too early",
                  name);
        CLV_CHECK(state == Z_OK || state == Z_STREAM_END, err, CLV_BAD_FILE, "%s: the gzip data are damaged (%s)", name,
                  stream->msg ? stream->msg : "no reason given");
    }
    return CLV_OK;
}

clv_status clv_gzip_undo(const char *name, const uint8_t *bytes, size_t count, uint8_t **plain, size_t *plain_count,
                         clv_error *err)
{
    z_stream stream = {0};
    room out = {0};
    clv_status status = CLV_OK;

    out.limit = count > (SIZE_MAX - ALWAYS_ALLOWED) / ALLOWED_TIMES ? SIZE_MAX : ALWAYS_ALLOWED + count * ALLOWED_TIMES;
    CLV_CHECK(inflateInit2(&stream, 15 + 16) == Z_OK, err, CLV_NO_MEMORY, "%s: no memory to undo gzip", name);
    stream.next_in = (z_const Bytef *)bytes;
    do {
        status = undo_member(&stream, bytes + count, &out, name, err);
    } while (!status && clv_gzip_starts(stream.next_in, (size_t)(bytes + count - stream.next_in)) &&
             inflateReset(&stream) == Z_OK);
    inflateEnd(&stream);
    if (status) {
        free(out.bytes);
        return status;
    }
    *plain = out.bytes;
    *plain_count = out.count;
    return CLV_OK;
}
