/* Writes numbers, texts and values as JSON. SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_write.h"

#include <math.h>
#include <string.h>

#include <corelevel/text.h>

#include "report/html.h"

void clv_json_add_number(clv_buffer *out, double number)
{
    char text[CLV_TEXT_NUMBER_SIZE];

    if (!isfinite(number)) {
        clv_buffer_add(out, "null");
        return;
    }
    clv_text_from_number(number, text);
    clv_buffer_add(out, text);
}

/* "<" is escaped so that no text ends the <script> element the JSON may stand in; U+2028 and U+2029 come as they are,
   which JSON allows. */
void clv_json_add_text(clv_buffer *out, const char *text)
{
    clv_buffer_add(out, "\"");
    while (*text) {
        size_t length = clv_html_character(text);
        unsigned char c = (unsigned char)*text;

        if (length == 0) {
            clv_buffer_add(out, "\xEF\xBF\xBD");
            length = 1;
        } else if (c == '"' || c == '\\') {
            clv_buffer_format(out, "\\%c", c);
        } else if (c == '\n') {
            clv_buffer_add(out, "\\n");
        } else if (c < 0x20 || c == 0x7F || c == '<' || c == '>' || c == '&') {
            clv_buffer_format(out, "\\u%04x", (unsigned)c);
        } else {
            clv_buffer_bytes(out, text, length);
        }
        text += length;
    }
    clv_buffer_add(out, "\"");
}

static void add_table(clv_buffer *out, const clv_value *table)
{
    size_t names = clv_value_name_count(table), count = clv_value_count(table);

    clv_buffer_add(out, names ? "{" : "[");
    for (size_t i = 0; i < names; i++) {
        const char *name = clv_value_name_at(table, i);

        clv_buffer_add(out, i ? "," : "");
        clv_json_add_text(out, name);
        clv_buffer_add(out, ":");
        clv_json_add_value(out, clv_value_get(table, name));
    }
    for (size_t i = 0; i < count && !names; i++) {
        clv_buffer_add(out, i ? "," : "");
        clv_json_add_value(out, clv_value_at(table, i));
    }
    clv_buffer_add(out, names ? "}" : "]");
}

void clv_json_add_value(clv_buffer *out, const clv_value *value)
{
    switch (clv_value_kind(value)) {
    case CLV_BOOLEAN: clv_buffer_add(out, clv_value_as_boolean(value) ? "true" : "false"); return;
    case CLV_NUMBER:
    case CLV_FIXED: clv_json_add_number(out, clv_value_as_number(value)); return;
    case CLV_TEXT: clv_json_add_text(out, clv_value_as_text(value)); return;
    case CLV_TABLE: add_table(out, value); return;
    default: clv_buffer_add(out, "null"); return;
    }
}
