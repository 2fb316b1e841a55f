/* Writes text as HTML, and reads what the content of a report holds.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html.h"

#include <math.h>
#include <string.h>

#include <corelevel/figure.h>
#include <corelevel/text.h>

size_t clv_html_character(const char *text)
{
    size_t left = strnlen(text, 4);

    for (size_t length = 1; length <= left; length++) {
        if (clv_text_is_utf8(text, length)) { return length; }
    }
    return 0;
}

static void add_character(clv_buffer *out, const char *text, size_t length)
{
    switch (*text) {
    case '&': clv_buffer_add(out, "&amp;"); return;
    case '<': clv_buffer_add(out, "&lt;"); return;
    case '>': clv_buffer_add(out, "&gt;"); return;
    case '"': clv_buffer_add(out, "&quot;"); return;
    case '\'': clv_buffer_add(out, "&#39;"); return;
    default: break;
    }
    if ((unsigned char)*text < 0x20 && *text != '\n' && *text != '\t') { length = 0; }
    if (length == 0) {
        clv_buffer_add(out, "\xEF\xBF\xBD");
    } else {
        clv_buffer_bytes(out, text, length);
    }
}

void clv_html_add(clv_buffer *out, const char *text)
{
    while (text && *text) {
        size_t length = clv_html_character(text);

        add_character(out, text, length);
        text += length ? length : 1;
    }
}

void clv_html_add_markup(clv_buffer *out, const char *text)
{
    const char *open = NULL;

    while (text && *text) {
        size_t length = clv_html_character(text);

        if (!open && (*text == '^' || *text == '_') && text[1] == '{') {
            open = *text == '^' ? "sup" : "sub";
            clv_buffer_format(out, "<%s>", open);
            text += 2;
            continue;
        }
        if (open && *text == '}') {
            clv_buffer_format(out, "</%s>", open);
            open = NULL;
            text++;
            continue;
        }
        if (*text == '\\' && text[1]) {
            text++;
            length = clv_html_character(text);
        }
        add_character(out, text, length);
        text += length ? length : 1;
    }
    if (open) { clv_buffer_format(out, "</%s>", open); }
}

void clv_html_add_name(clv_buffer *out, const char *name)
{
    char marked[400];

    clv_html_add_markup(out, clv_label_chemical(name ? name : "", marked, sizeof marked));
}

void clv_html_add_measured(clv_buffer *out, double value, double error)
{
    char text[CLV_TEXT_MEASURED_SIZE];
    const char *power;

    if (!isfinite(value)) {
        clv_buffer_add(out, "–");
        return;
    }
    clv_text_from_measured(value, error, text);
    power = strchr(text, 'e');
    for (const char *c = text; *c && c != power; c++) {
        if (*c == '-') {
            clv_buffer_add(out, "−");
        } else {
            clv_buffer_bytes(out, c, 1);
        }
    }
    if (power) {
        clv_buffer_format(out, " × 10<sup>%s%s</sup>", power[1] == '-' ? "−" : "",
                          power + 1 + (power[1] == '-' || power[1] == '+'));
    }
}

void clv_html_add_brief(clv_buffer *out, double value)
{
    double step = value != 0 && isfinite(value) ? pow(10, floor(log10(fabs(value))) - 3) : 0;

    if (step > 0 && step < 1) {
        double inverse = round(1 / step);

        value = isfinite(inverse) ? round(value * inverse) / inverse : value;
    }
    clv_html_add_measured(out, value, NAN);
}

void clv_html_add_unit(clv_buffer *out, const char *unit)
{
    if (!unit || strcmp(unit, "1") == 0 || !*unit) { return; }
    clv_buffer_add(out, " <span class=\"unit\">(");
    clv_html_add_name(out, unit);
    clv_buffer_add(out, ")</span>");
}

const char *clv_html_text(const clv_value *table, const char *name)
{
    return clv_value_as_text(clv_value_get(table, name));
}

double clv_html_number(const clv_value *table, const char *name)
{
    const clv_value *value = clv_value_get(table, name);

    return value ? clv_value_as_number(value) : NAN;
}

double clv_html_number_at(const clv_value *table, const char *name, size_t place)
{
    const clv_value *value = clv_value_at(clv_value_get(table, name), place);

    return value ? clv_value_as_number(value) : NAN;
}

const char *clv_html_text_at(const clv_value *table, const char *name, size_t place)
{
    return clv_value_as_text(clv_value_at(clv_value_get(table, name), place));
}

void clv_html_add_list(clv_buffer *out, const clv_value *list, const char *class_name)
{
    if (clv_value_count(list) == 0) { return; }
    clv_buffer_format(out, "<ul class=\"%s\">\n", class_name);
    for (size_t i = 0; i < clv_value_count(list); i++) {
        clv_buffer_add(out, "<li>");
        clv_html_add(out, clv_value_as_text(clv_value_at(list, i)));
        clv_buffer_add(out, "</li>\n");
    }
    clv_buffer_add(out, "</ul>\n");
}
