/* The tags of a DigitalMicrograph file: a tree of named values, kept as a flat list of paths.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_FORMATS_DM_TAGS_H
#define CLV_FORMATS_DM_TAGS_H

#include <corelevel/cursor.h>

/* What a tag holds: a number, or an array of numbers that stays in the file (texts are arrays of 16-bit units). */
typedef struct dm_tag {
    char *path;           /* "ImageList[1].ImageData.Data": unnamed tags by their place from 0 */
    double number;        /* NaN for arrays and for structures */
    const char *elements; /* of an array "f4", "u2" … as clv_cursor_binary takes them; NULL for a number */
    size_t byte, count;   /* where an array begins, and how many elements it has */
} dm_tag;

/* The tags of one file. Begin with {0}; free what it holds even after a failure. */
typedef struct dm_tags {
    int version; /* 3 or 4 */
    char order;  /* of the values: '<' or '>' */
    dm_tag *list;
    size_t count, room;
} dm_tags;

/* Reads the whole tree. Errors: CLV_BAD_FILE with the byte. */
clv_status dm_tags_read(clv_cursor *in, dm_tags *tags, clv_error *err);
void dm_tags_clear(dm_tags *tags);

/* Finds a tag by its path, printed from a format; NULL where there is none. Lent. */
const dm_tag *dm_tags_find(const dm_tags *tags, const char *format, ...) CLV_PRINTF(2, 3);

/* The number at a path; NaN where there is none. */
double dm_tags_number(const dm_tags *tags, const char *format, ...) CLV_PRINTF(2, 3);

/* Writes the text of an array of 16-bit units as UTF-8, cut to `size` with its ending zero; empty for NULL or anything
   else. */
clv_status dm_tags_text(clv_cursor *in, const dm_tags *tags, const dm_tag *tag, char *text, size_t size,
                        clv_error *err);

#endif
