/* Reads the names of lines in any spelling. SPDX-License-Identifier: GPL-3.0-or-later */
#include "line_name.h"

#include <stdio.h>
#include <string.h>

#include <corelevel/text.h>

/* The symbols of the elements by atomic number, two characters each. */
static const char symbols[] =
    "H HeLiBeB C N O F NeNaMgAlSiP S ClArK CaScTiV CrMnFeCoNiCuZnGaGeAsSeBrKrRbSrY ZrNbMoTcRuRh"
    "PdAgCdInSnSbTeI XeCsBaLaCePrNdPmSmEuGdTbDyHoErTmYbLuHfTaW ReOsIrPtAuHgTlPbBiPoAtRnFrRaAc"
    "ThPaU NpPuAmCmBkCfEsFmMdNoLrRfDbSgBhHsMtDsRgCnNhFlMcLvTsOg";

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }
static bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool is_gap(char c) { return is_blank(c) || c == '_' || c == '-'; }

/* Finds the element whose symbol has `length` letters and stands at `text`, letter case ignored. */
static bool read_element(const char *text, size_t length, char element[3])
{
    for (size_t i = 0; i + 1 < sizeof symbols; i += 2) {
        size_t own = symbols[i + 1] == ' ' ? 1 : 2;

        if (own != length || lower(text[0]) != lower(symbols[i])) { continue; }
        if (own == 2 && lower(text[1]) != symbols[i + 1]) { continue; }
        memcpy(element, &symbols[i], length);
        element[length] = 0;
        return true;
    }
    return false;
}

/* Reads "3/2" or "3" behind a level with orbital momentum `l`, when that is one of its two members. Other digits count
   the regions of a file and are passed over. */
static const char *read_member(const char *text, int l, unsigned *mask)
{
    const char *digit = text;
    int twice;

    *mask = 0;
    if (is_gap(*digit) || *digit == '(') { digit++; }
    twice = is_digit(*digit) ? *digit - '0' : 0;
    if (twice > 0 && (twice == 2 * l + 1 || twice == 2 * l - 1)) {
        if (digit[1] == '/' && digit[2] == '2' && !is_digit(digit[3])) {
            *mask = 1u << twice;
            return digit + 3;
        }
        if (digit == text && !is_digit(digit[1])) {
            *mask = 1u << twice;
            return digit + 1;
        }
    }
    while (is_digit(*text)) { text++; }
    return text;
}

/* Reads a level such as 2p3/2; returns its end or NULL. */
static const char *read_level(const char *text, clv_line_name *line)
{
    static const char orbitals[] = "spdf";
    const char *orbital;

    if (*text < '1' || *text > '7' || !text[1]) { return NULL; }
    orbital = strchr(orbitals, lower(text[1]));
    if (!orbital || text[0] - '0' <= orbital - orbitals) { return NULL; }
    line->kind = CLV_LINE_PHOTO;
    line->shell[0] = text[0];
    line->shell[1] = *orbital;
    text = read_member(text + 2, (int)(orbital - orbitals), &line->parts[0]);
    return is_letter(*text) ? NULL : text;
}

/* Reads the subshells "2,3" or "23" of a shell into a mask. */
static const char *read_subshells(const char *text, unsigned *mask)
{
    *mask = 0;
    while ((*text >= '1' && *text <= '7') || (*text == ',' && *mask && text[1] >= '1' && text[1] <= '7')) {
        if (*text != ',') { *mask |= 1u << (*text - '0'); }
        text++;
    }
    return text;
}

static bool is_shell(char c) { return c && strchr("KLMNOV", c); }

/* Reads an edge (one shell) or an Auger line (three); returns its end or NULL. */
static const char *read_shells(const char *text, bool gap, clv_line_name *line)
{
    int count = 0;

    while (count < 3 && is_shell(*text)) {
        line->shell[count] = *text;
        text = read_subshells(text + 1, &line->parts[count]);
        count++;
    }
    if (is_letter(*text) || is_digit(*text) || count == 0 || count == 2) { return NULL; }
    line->kind = count == 3 ? CLV_LINE_AUGER : CLV_LINE_EDGE;
    if (count == 3) { return text; }
    if (line->shell[0] == 'V' || (line->shell[0] == 'O' && !line->parts[0])) { return NULL; }
    if (!gap && (!line->parts[0] || !strchr("LM", line->shell[0]))) { return NULL; } /* TiO2 is no edge, CoL3 is */
    return text;
}

/* Reads a line whose element's symbol has `length` letters and begins at `text`; returns its end or NULL. */
static const char *read_from(const char *text, size_t length, clv_line_name *line)
{
    const char *at = text + length, *end;
    bool gap;

    *line = (clv_line_name){0};
    if (!read_element(text, length, line->element)) { return NULL; }
    while (is_gap(*at) && at - text < 6) { at++; }
    gap = at > text + length;
    end = read_level(at, line);
    if (end) { return end; }
    if (strncmp(text, line->element, length) != 0) { return NULL; } /* "in L" is no indium */
    return read_shells(at, gap, line);
}

/* Finds the next line at or after `text`; returns its end or NULL, and where it begins. */
static const char *next_line(const char *start, const char *text, clv_line_name *line, const char **begin)
{
    for (; *text; text++) {
        const char *end = NULL;

        if (!is_letter(*text) || (text > start && (is_letter(text[-1]) || is_digit(text[-1])))) { continue; }
        if (is_letter(text[1])) { end = read_from(text, 2, line); }
        if (!end) { end = read_from(text, 1, line); }
        if (end) {
            *begin = text;
            return end;
        }
    }
    return NULL;
}

bool clv_line_name_read(const char *text, clv_line_name *line, bool *whole)
{
    const char *begin, *end = next_line(text, text, line, &begin);

    if (!end) { return false; }
    while (begin > text && is_blank(begin[-1])) { begin--; }
    while (is_blank(*end)) { end++; }
    if (whole) { *whole = begin == text && *end == 0; }
    return true;
}

static bool same_shells(const clv_line_name *a, const clv_line_name *b)
{
    return a->kind == b->kind && strcmp(a->element, b->element) == 0 && memcmp(a->shell, b->shell, 3) == 0;
}

bool clv_line_name_equal(const clv_line_name *a, const clv_line_name *b)
{
    return same_shells(a, b) && memcmp(a->parts, b->parts, sizeof a->parts) == 0;
}

bool clv_line_name_match(const clv_line_name *a, const clv_line_name *b)
{
    if (!same_shells(a, b)) { return false; }
    for (int i = 0; i < 3; i++) {
        if (a->parts[i] && b->parts[i] && !(a->parts[i] & b->parts[i])) { return false; }
    }
    return true;
}

bool clv_line_name_in(const char *text, const clv_line_name *line, bool equal)
{
    const char *at = text, *begin;
    clv_line_name found;

    while ((at = next_line(text, at, &found, &begin))) {
        if (equal ? clv_line_name_equal(&found, line) : clv_line_name_match(&found, line)) { return true; }
    }
    return false;
}

bool clv_line_name_is_survey(const char *text)
{
    static const char *const words[] = {"survey", "wide", "su1s"};

    for (const char *p = text; *p; p++) {
        if (p > text && is_letter(p[-1])) { continue; }
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            size_t n = 0;

            while (words[i][n] && lower(p[n]) == words[i][n]) { n++; }
            if (!words[i][n]) { return true; }
        }
    }
    return false;
}

/* Appends the subshells of a mask, as in "2,3". */
static size_t write_subshells(unsigned mask, char *text)
{
    size_t length = 0;

    for (int i = 1; i <= 7; i++) {
        if (!(mask & (1u << i))) { continue; }
        if (length) { text[length++] = ','; }
        text[length++] = (char)('0' + i);
    }
    text[length] = 0;
    return length;
}

void clv_line_name_write(const clv_line_name *line, char text[CLV_LINE_NAME_SIZE])
{
    size_t length = (size_t)snprintf(text, CLV_LINE_NAME_SIZE, "%s %c", line->element, line->shell[0]);

    if (line->kind == CLV_LINE_PHOTO) {
        text[length++] = line->shell[1];
        text[length] = 0;
        for (int j = 1; j <= 7; j += 2) {
            if (line->parts[0] & (1u << j)) { snprintf(text + length, CLV_LINE_NAME_SIZE - length, "%d/2", j); }
        }
        return;
    }
    length += write_subshells(line->parts[0], text + length);
    for (int i = 1; i < 3 && line->shell[i] && length + 9 < CLV_LINE_NAME_SIZE; i++) {
        text[length++] = line->shell[i];
        length += write_subshells(line->parts[i], text + length);
    }
}
