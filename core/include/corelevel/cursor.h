/* The bounded cursor: the only way a reader sees a file's bytes. It never reads past the end and knows its line.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_CURSOR_H
#define CLV_CURSOR_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* The first bytes of a file (up to 65,536), its size and its base name: what a probe looks at. gzip has been undone.
 * Lent. */
typedef struct clv_head {
    uint32_t size;        /* sizeof(clv_head) of the host */
    const uint8_t *bytes; /* the first `count` bytes */
    size_t count;
    uint64_t file_size; /* whole, after gzip has been undone where that is cheap to know, else the file's own */
    const char *name;   /* base name with suffix */
} clv_head;

/* Whether the head begins with a text; where a text first stands in it (SIZE_MAX: nowhere); whether the name ends in
   one of the space-separated suffixes, case ignored. */
CLV_API int clv_head_starts(const clv_head *head, const char *text);
CLV_API size_t clv_head_find(const clv_head *head, const char *text);
CLV_API int clv_head_suffix(const clv_head *head, const char *suffixes);

/* A position in a file's bytes, and the only way in which a reader sees them: nothing can be read beyond the end.
 * Opaque; one thread at a time; lent to a reader for the length of its call. */
typedef struct clv_cursor clv_cursor;

/* Makes a cursor over `count` bytes that must outlive it; `name` (copied) is used in sentences. For hosts and tests; a
   reader is handed one. The caller's, freed by clv_cursor_free. Errors: CLV_NO_MEMORY. */
CLV_API clv_status clv_cursor_new(const char *name, const void *bytes, size_t count, clv_cursor **cursor,
                                  clv_error *err);
/* Frees a cursor, not its bytes; NULL is allowed. */
CLV_API void clv_cursor_free(clv_cursor *cursor);

/* Where it stands. */
CLV_API const char *clv_cursor_name(const clv_cursor *cursor); /* base name; lent */
CLV_API size_t clv_cursor_byte(const clv_cursor *cursor);      /* from 0 */
CLV_API size_t clv_cursor_line(const clv_cursor *cursor);      /* from 1, of text read by lines */
CLV_API size_t clv_cursor_left(const clv_cursor *cursor);      /* bytes; 0 at the end */
CLV_API size_t clv_cursor_size(const clv_cursor *cursor);      /* bytes in all */

/* Moves to a byte from the start; CLV_BAD_FILE when it lies past the end. */
CLV_API clv_status clv_cursor_seek(clv_cursor *cursor, size_t byte, clv_error *err);

/* Lends the next `count` bytes and moves past them; CLV_BAD_FILE when fewer are left. */
CLV_API clv_status clv_cursor_bytes(clv_cursor *cursor, size_t count, const uint8_t **bytes, clv_error *err);

/* Reads the next line without its end (LF, CRLF; CR where the file has no LF) into a text lent until the next call on
   this cursor; lines that are not UTF-8 are taken as ISO 8859-1, NUL bytes and single CR become spaces. CLV_NOT_FOUND
   (no sentence) at the end of the file; CLV_BAD_FILE for a line over 1 MiB. */
CLV_API clv_status clv_cursor_text(clv_cursor *cursor, const char **line, clv_error *err);

/* Reads the next line as one number, spaces around it allowed; CLV_BAD_FILE saying line and what stands there instead.
   `what` names the thing in the sentence. The integer form also checks the range. */
CLV_API clv_status clv_cursor_number(clv_cursor *cursor, const char *what, double *number, clv_error *err);
CLV_API clv_status clv_cursor_integer(clv_cursor *cursor, const char *what, long low, long high, long *number,
                                      clv_error *err);

/* Fails with CLV_BAD_FILE and "name:line: " before the sentence (or "name: byte n: " when no line has been read). */
CLV_API clv_status clv_cursor_fail(const clv_cursor *cursor, clv_error *err, const char *format, ...) CLV_PRINTF(3, 4);

/* Binary numbers of the given byte order ('<' little, '>' big): `type` is one of i1 u1 i2 u2 i4 u4 i8 u8 f4 f8;
   converts `count` of them to doubles. Errors: CLV_BAD_FILE when too few bytes are left. */
CLV_API clv_status clv_cursor_binary(clv_cursor *cursor, char order, const char *type, size_t count, double *numbers,
                                     clv_error *err);

/* Opens a file of the same folder by its base name, for formats whose header and numbers are two files. It is the
   cursor's, lent until its end or the next such call. Errors: CLV_NOT_FOUND where there is no such file; CLV_BAD_FILE
   where bytes are read that stand in no folder. */
CLV_API clv_status clv_cursor_beside(clv_cursor *cursor, const char *name, clv_cursor **beside, clv_error *err);

CLV_END_DECLS

#endif
