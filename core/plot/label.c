/* Cleans texts and splits their markup into runs.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/label.h"

#include <stdbool.h>
#include <string.h>

/* Tells the bytes of the well-formed UTF-8 character at `s`, 0 for a bad one (RFC 3629: no surrogates, no overlong). */
static size_t character(const unsigned char *s)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] >= 0xC2 && s[0] < 0xE0 ? 2 : s[0] >= 0xE0 && s[0] < 0xF0 ? 3 : 4;

    if (s[0] >= 0x80 && (s[0] < 0xC2 || s[0] > 0xF4)) { return 0; }
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) { return 0; }
    }
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F)) { return 0; }
    if (s[0] == 0xEF && s[1] == 0xBF && s[2] >= 0xBE) { return 0; } /* no characters in XML either */
    if ((s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F)) { return 0; }
    return length;
}

void clv_label_clean(const char *text, char *out, size_t size)
{
    static const char unknown[] = "\xEF\xBF\xBD", more[] = "\xE2\x80\xA6";
    const unsigned char *s = (const unsigned char *)text;
    size_t used = 0;

    while (*s) {
        size_t length = character(s);
        const char *from = length ? (const char *)s : unknown;
        size_t bytes = length ? length : 3;
        bool control = length == 1 && (*s < 0x20 || *s == 0x7F);
        if (used + bytes + 4 > size) {
            memcpy(out + used, more, 3);
            used += 3;
            break;
        }
        memcpy(out + used, control ? " " : from, bytes);
        used += bytes;
        s += length ? length : 1;
    }
    out[used] = 0;
}

static void run_begin(clv_label *label, size_t *used, int level)
{
    bool empty = label->count > 0 && label->run[label->count - 1].at == *used;

    if (empty) { label->count--; }
    if (label->count == CLV_LABEL_RUNS) { return; }
    if (label->count > 0 && !empty) { label->text[(*used)++] = 0; }
    label->run[label->count].at = *used;
    label->run[label->count++].level = level;
}

void clv_label_parse(const char *markup, clv_label *out)
{
    size_t used = 0, length = strnlen(markup, CLV_LABEL_BYTES - CLV_LABEL_RUNS - 2);
    int level = 0;

    out->count = 0;
    run_begin(out, &used, 0);
    for (size_t i = 0; i < length; i++) {
        char c = markup[i], next = i + 1 < length ? markup[i + 1] : 0;
        if (c == '\\' && (next == '^' || next == '_' || next == '\\')) {
            out->text[used++] = next;
            i++;
        } else if ((c == '^' || c == '_') && next == '{' && level == 0) {
            level = c == '^' ? 1 : -1;
            run_begin(out, &used, level);
            i++;
        } else if (c == '}' && level != 0) {
            level = 0;
            run_begin(out, &used, 0);
        } else {
            out->text[used++] = c;
        }
    }
    out->text[used] = 0;
}
