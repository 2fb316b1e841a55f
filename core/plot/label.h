/* Texts of a figure: cleaned UTF-8 and the runs its markup asks for. Private to core/plot.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PLOT_LABEL_H
#define CLV_PLOT_LABEL_H

#include <stddef.h>

#define CLV_LABEL_BYTES 512
#define CLV_LABEL_RUNS 48

/* A text as runs on the line (level 0), raised (1) or lowered (-1). Each run ends with a zero in `text`. */
typedef struct clv_label {
    char text[CLV_LABEL_BYTES];
    size_t count;
    struct {
        size_t at;
        int level;
    } run[CLV_LABEL_RUNS];
} clv_label;

/* Copies at most `size` - 1 bytes of `text` as valid UTF-8 without control characters; a longer text ends with an
 * ellipsis. */
void clv_label_clean(const char *text, char *out, size_t size);

/* Splits a cleaned text at its markup. */
void clv_label_parse(const char *markup, clv_label *out);

#endif
