/* A text that grows as it is written. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_BUFFER_H
#define CLV_DATA_BUFFER_H

#include <corelevel/error.h>

/* Starts as {0}. Once memory is out nothing more is written, and clv_buffer_take says so. */
typedef struct clv_buffer {
    char *text; /* ends with a zero; NULL while nothing has been written */
    size_t length, room;
    int failed;
} clv_buffer;

/* Append bytes, a text, or formatted text (numbers only through clv_text_from_number: no locale). */
void clv_buffer_bytes(clv_buffer *buffer, const char *bytes, size_t count);
void clv_buffer_add(clv_buffer *buffer, const char *text);
void clv_buffer_format(clv_buffer *buffer, const char *format, ...) CLV_PRINTF(2, 3);

/* Hands the text over to the caller (free with clv_text_free) and leaves the buffer empty. Errors: CLV_NO_MEMORY. */
clv_status clv_buffer_take(clv_buffer *buffer, char **text, clv_error *err);

/* Frees what was written and leaves the buffer empty. */
void clv_buffer_clear(clv_buffer *buffer);

#endif
