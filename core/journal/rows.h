/* Comma-separated values as rows of texts. Private to core/journal.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_JOURNAL_ROWS_H
#define CLV_JOURNAL_ROWS_H

#include <stddef.h>

#include <corelevel/error.h>

/* Rows that all have as many fields as the first, the header. The fields lie in `text`. */
typedef struct clv_rows {
    size_t count, columns; /* rows with the header; fields in each */
    char **field;          /* [count * columns] */
    char *text;
} clv_rows;

/* Reads `length` bytes (copied) by RFC 4180; lines may end in LF alone, a byte order mark and empty lines at the end
   are skipped. Sentences begin with `who`. Errors: CLV_BAD_FILE with the row, CLV_NO_MEMORY. */
clv_status clv_rows_read(const char *who, const char *text, size_t length, clv_rows *rows, clv_error *err);
void clv_rows_free(clv_rows *rows);

#endif
