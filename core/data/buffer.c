/* Grows a text and remembers when memory was out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for `more` bytes and the ending zero. */
static int make_room(clv_buffer *buffer, size_t more)
{
    size_t room = buffer->room ? buffer->room : 64;
    char *text;

    if (buffer->failed) { return 0; }
    buffer->failed = more > SIZE_MAX / 4 || buffer->length > SIZE_MAX / 4;
    if (buffer->failed || buffer->length + more < buffer->room) { return !buffer->failed; }
    while (room <= buffer->length + more) { room *= 2; }
    text = realloc(buffer->text, room);
    buffer->failed = text == NULL;
    if (!text) { return 0; }
    buffer->text = text;
    buffer->room = room;
    return 1;
}

void clv_buffer_bytes(clv_buffer *buffer, const char *bytes, size_t count)
{
    if (!make_room(buffer, count)) { return; }
    memcpy(buffer->text + buffer->length, bytes, count);
    buffer->length += count;
    buffer->text[buffer->length] = 0;
}

void clv_buffer_add(clv_buffer *buffer, const char *text) { clv_buffer_bytes(buffer, text, strlen(text)); }

void clv_buffer_format(clv_buffer *buffer, const char *format, ...)
{
    va_list list, again;
    int length;

    va_start(list, format);
    va_copy(again, list);
    length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0) {
        buffer->failed = 1;
    } else if (make_room(buffer, (size_t)length)) {
        vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

clv_status clv_buffer_take(clv_buffer *buffer, char **text, clv_error *err)
{
    clv_buffer_bytes(buffer, "", 0);
    if (buffer->failed) {
        clv_buffer_clear(buffer);
        return clv_fail(err, CLV_NO_MEMORY, "no memory for a text");
    }
    *text = buffer->text;
    *buffer = (clv_buffer){0};
    return CLV_OK;
}

void clv_buffer_clear(clv_buffer *buffer)
{
    free(buffer->text);
    *buffer = (clv_buffer){0};
}
