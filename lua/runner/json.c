/* Numbers and texts as JSON, and numbers for people, with the fewest digits that give the same number back.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <math.h>

#include <corelevel/text.h>

void clv_print_number(FILE *out, double number)
{
    char text[CLV_TEXT_NUMBER_SIZE];

    clv_text_from_number(number, text);
    fputs(text, out);
}

void clv_json_number(FILE *out, double number)
{
    if (isfinite(number)) {
        clv_print_number(out, number);
    } else {
        fputs("null", out);
    }
}

void clv_json_text(FILE *out, const char *text)
{
    if (!text) {
        fputs("null", out);
        return;
    }
    putc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(out, "\\%c", *c);
        } else if (*c == '\n') {
            fputs("\\n", out);
        } else if (*c < 0x20) {
            fprintf(out, "\\u%04x", *c);
        } else {
            putc(*c, out);
        }
    }
    putc('"', out);
}
