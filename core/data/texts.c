/* Keeps lists of texts, always as UTF-8. SPDX-License-Identifier: GPL-3.0-or-later */
#include "texts.h"

#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

char *clv_texts_copy(const char *text)
{
    size_t length = strlen(text);
    char *copy;

    if (clv_text_is_utf8(text, length)) { return strdup(text); }
    if (length > SIZE_MAX / 2 - 1) { return NULL; }
    copy = malloc(2 * length + 1);
    if (copy) { clv_text_from_latin1(text, length, copy); }
    return copy;
}

clv_status clv_texts_replace(char **place, const char *text, clv_error *err)
{
    char *copy = clv_texts_copy(text);

    CLV_CHECK(copy, err, CLV_NO_MEMORY, "no memory for a text");
    free(*place);
    *place = copy;
    return CLV_OK;
}

clv_status clv_texts_add(clv_texts *texts, const char *text, clv_error *err)
{
    size_t count = texts->count;

    if ((count & (count - 1)) == 0) { /* the room doubles at 0, 1, 2, 4, 8 … */
        char **items = reallocarray(texts->items, count ? 2 * count : 1, sizeof *items);

        CLV_CHECK(items, err, CLV_NO_MEMORY, "no memory for a text");
        texts->items = items;
    }
    texts->items[count] = NULL;
    CLV_TRY(clv_texts_replace(&texts->items[count], text, err));
    texts->count++;
    return CLV_OK;
}

clv_status clv_texts_join(clv_texts *texts, const clv_texts *more, clv_error *err)
{
    for (size_t i = 0; i < more->count; i++) { CLV_TRY(clv_texts_add(texts, more->items[i], err)); }
    return CLV_OK;
}

const char *clv_texts_at(const clv_texts *texts, size_t place)
{
    return place < texts->count ? texts->items[place] : NULL;
}

void clv_texts_clear(clv_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) { free(texts->items[i]); }
    free(texts->items);
    *texts = (clv_texts){0};
}
