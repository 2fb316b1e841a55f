/* A growing list of texts, such as a history or notes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_TEXTS_H
#define CLV_DATA_TEXTS_H

#include <corelevel/error.h>

/* Starts as {0}; owns its texts. */
typedef struct clv_texts {
    char **items;
    size_t count;
} clv_texts;

/* Copies a text; one that is not UTF-8 is taken as ISO 8859-1. NULL when memory is out. Free with free. */
char *clv_texts_copy(const char *text);

/* Replaces `*place` by a copy of `text`; on failure the old one stays. Errors: CLV_NO_MEMORY. */
clv_status clv_texts_replace(char **place, const char *text, clv_error *err);

/* Appends a copy of one text, or of all texts of another list. Errors: CLV_NO_MEMORY. */
clv_status clv_texts_add(clv_texts *texts, const char *text, clv_error *err);
clv_status clv_texts_join(clv_texts *texts, const clv_texts *more, clv_error *err);

/* The text at a place, NULL beyond the end. */
const char *clv_texts_at(const clv_texts *texts, size_t place);

/* Frees all texts and leaves an empty list. */
void clv_texts_clear(clv_texts *texts);

#endif
