/* Reads what CasaXPS leaves of a fit in a VAMAS comment: calibrations, regions, components.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "casaxps.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 1000 /* regions or components of one spectrum */

static const char begin[] = "Casa Info Follows";

/* ---- Where the lines stand */

static size_t count_pieces(const char *text)
{
    size_t count = 1;

    while ((text = strstr(text, "; "))) {
        text += 2;
        count++;
    }
    return count;
}

casaxps_piece casaxps_comment(const clv_spectra *spectra, size_t spectrum)
{
    const char *text = clv_metadata_text(clv_spectra_metadata(spectra), "comment"), *end;
    size_t count = clv_spectra_count(spectra);

    if (!text) { return (casaxps_piece){"", 0}; }
    if (count < 2 || count_pieces(text) != count) { return (casaxps_piece){text, strlen(text)}; }
    for (size_t i = 0; i < spectrum; i++) { text = strstr(text, "; ") + 2; }
    end = strstr(text, "; ");
    return (casaxps_piece){text, end ? (size_t)(end - text) : strlen(text)};
}

/* The next line of a text; the text goes on after it. */
static int next_line(casaxps_piece *text, casaxps_piece *line)
{
    const char *end;

    if (text->length == 0) { return 0; }
    end = memchr(text->text, '\n', text->length);
    *line = (casaxps_piece){text->text, end ? (size_t)(end - text->text) : text->length};
    size_t used = line->length + (end != NULL);
    text->text += used;
    text->length -= used;
    return 1;
}

static int starts(casaxps_piece line, const char *with)
{
    size_t length = strlen(with);

    return line.length >= length && memcmp(line.text, with, length) == 0;
}

/* A line that holds a count and nothing else. */
static int is_count(casaxps_piece line, size_t *count)
{
    double number = -1;
    const char *end = line.text + line.length, *after = clv_text_number_at(line.text, end, &number);

    while (after && after < end && (*after == '\r' || *after == ' ')) { after++; }
    if (!after || after != end || !(number >= 0 && number <= MOST) || number != floor(number)) { return 0; }
    *count = (size_t)number;
    return 1;
}

/* Passes a count and as many lines; annotations go on over lines that are not counted. */
static int pass_section(casaxps_piece *rest, int annotations)
{
    casaxps_piece line, ahead;
    size_t count;

    if (!next_line(rest, &line) || !is_count(line, &count)) { return 0; }
    for (size_t i = 0; i < count; i++) {
        if (!next_line(rest, &line)) { return 0; }
    }
    for (ahead = *rest; annotations && next_line(&ahead, &line) && !is_count(line, &count);) { *rest = ahead; }
    return 1;
}

/* Four sections, each a count and its lines: what was done to the data, annotations, regions, components. In the head
   of a file the same words are followed by something else. */
casaxps_piece casaxps_find(casaxps_piece comment)
{
    casaxps_piece rest = comment, line;

    while (next_line(&rest, &line)) {
        casaxps_piece ahead = rest;

        if (line.length < sizeof begin - 1 || line.length > sizeof begin || !starts(line, begin)) { continue; }
        if (pass_section(&ahead, 0) && pass_section(&ahead, 1) && pass_section(&ahead, 0) && pass_section(&ahead, 0)) {
            return (casaxps_piece){line.text, (size_t)(ahead.text - line.text)};
        }
    }
    return (casaxps_piece){comment.text, 0};
}

/* ---- Words of a line */

typedef struct words {
    const char *at, *end;
} words;

static void skip_blanks(words *w)
{
    while (w->at < w->end && (*w->at == ' ' || *w->at == '\t' || *w->at == '\r')) { w->at++; }
}

static int take_word(words *w, const char *word)
{
    size_t length = strlen(word);

    skip_blanks(w);
    if ((size_t)(w->end - w->at) < length || memcmp(w->at, word, length) != 0) { return 0; }
    w->at += length;
    return 1;
}

static int take_number(words *w, double *number)
{
    const char *after;

    skip_blanks(w);
    after = clv_text_number_at(w->at, w->end, number);
    if (!after || !isfinite(*number)) { return 0; }
    w->at = after;
    return 1;
}

static int take_numbers(words *w, double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!take_number(w, &numbers[i])) { return 0; }
    }
    return 1;
}

/* A text between `(*` and `*)`. */
static int take_text(words *w, char text[CASAXPS_TEXT])
{
    size_t length = 0;

    if (!take_word(w, "(*")) { return 0; }
    while (w->end - w->at >= 2 && memcmp(w->at, "*)", 2) != 0) {
        if (length + 1 >= CASAXPS_TEXT) { return 0; }
        text[length++] = *w->at++;
    }
    text[length] = 0;
    return take_word(w, "*)");
}

/* value low high link by */
static int take_parameter(words *w, const char *name, casaxps_parameter *to)
{
    double n[5];

    if (!take_word(w, name) || !take_numbers(w, n, 5)) { return 0; }
    if (!(n[3] >= -1 && n[3] < MOST) || n[3] != floor(n[3])) { return 0; }
    *to = (casaxps_parameter){n[0], fmin(n[1], n[2]), fmax(n[1], n[2]), n[4], (int)n[3]};
    return 1;
}

/* ---- Lines */

/* The calibration `Calib M = measured A = actual BE ADD`. */
static clv_status take_calibration(words w, casaxps_fit *fit, clv_error *err)
{
    double measured, actual;
    int good = take_word(&w, "Calib") && take_word(&w, "M") && take_word(&w, "=") && take_number(&w, &measured);

    CLV_CHECK(!good || !take_word(&w, ","), err, CLV_BAD_FILE,
              "a calibration by a range of energies is not understood; calibrate in CasaXPS by one energy");
    good = good && take_word(&w, "A") && take_word(&w, "=") && take_number(&w, &actual) && take_word(&w, "BE") &&
           take_word(&w, "ADD");
    CLV_CHECK(good, err, CLV_BAD_FILE, "a calibration reads `Calib M = measured A = actual BE ADD`");
    fit->calibration += actual - measured;
    return CLV_OK;
}

static void *grow(void *list, size_t count, size_t size) { return realloc(list, (count + 1) * size); }

static clv_status take_region(words w, casaxps_fit *fit, clv_error *err)
{
    casaxps_region r = {.low = 0}, *grown;
    double n[10] = {0};
    int good = take_text(&w, r.name) && take_text(&w, r.background) && take_numbers(&w, n, 10);

    CLV_CHECK(
        good, err, CLV_BAD_FILE,
        "a region has (*name*) (*background*) and ten numbers: ends, sensitivity, averaging, offsets, B, C, D, gap");
    CLV_CHECK(fit->regions < MOST, err, CLV_BAD_FILE, "more than %d regions", MOST);
    grown = grow(fit->region, fit->regions, sizeof r);
    CLV_CHECK(grown, err, CLV_NO_MEMORY, "out of memory");
    r.low = fmin(n[0], n[1]);
    r.high = fmax(n[0], n[1]);
    r.average = n[3];
    memcpy(r.offset, n + 4, sizeof r.offset);
    memcpy(r.tougaard, n + 6, sizeof r.tougaard);
    fit->region = grown;
    fit->region[fit->regions++] = r;
    return CLV_OK;
}

static clv_status take_component(words w, casaxps_fit *fit, clv_error *err)
{
    casaxps_component c = {.name = ""}, *grown;
    int good = take_text(&w, c.name) && take_text(&w, c.shape) && take_parameter(&w, "Area", &c.area) &&
               take_parameter(&w, "MFWHM", &c.width) && take_parameter(&w, "Position", &c.position);

    CLV_CHECK(
        good, err, CLV_BAD_FILE,
        "a component has (*name*) (*shape*), then Area, MFWHM and Position with value, two bounds, link and ratio");
    CLV_CHECK(fit->components < MOST, err, CLV_BAD_FILE, "more than %d components", MOST);
    grown = grow(fit->component, fit->components, sizeof c);
    CLV_CHECK(grown, err, CLV_NO_MEMORY, "out of memory");
    fit->component = grown;
    fit->component[fit->components++] = c;
    return CLV_OK;
}

static clv_status take_line(casaxps_piece line, casaxps_fit *fit, clv_error *err)
{
    words w = {line.text, line.text + line.length};

    if (starts(line, "Calib ")) { return take_calibration(w, fit, err); }
    if (take_word(&w, "CASA region")) { return take_region(w, fit, err); }
    if (take_word(&w, "CASA comp")) { return take_component(w, fit, err); }
    return CLV_OK;
}

static clv_status check_links(const casaxps_fit *fit, clv_error *err)
{
    for (size_t i = 0; i < fit->components; i++) {
        const casaxps_component *c = &fit->component[i];
        int links[3] = {c->area.link, c->width.link, c->position.link};

        for (int k = 0; k < 3; k++) {
            CLV_CHECK(links[k] < (int)fit->components && links[k] != (int)i, err, CLV_BAD_FILE,
                      "component %zu is linked to component %d of %zu", i, links[k], fit->components);
        }
    }
    return CLV_OK;
}

clv_status casaxps_read(casaxps_piece comment, casaxps_fit *fit, clv_error *err)
{
    casaxps_piece rest = casaxps_find(comment), line;
    size_t number = 1;

    memset(fit, 0, sizeof *fit);
    CLV_CHECK(rest.length > 0, err, CLV_NOT_FOUND, "the comment holds no fit of CasaXPS (no `%s`)", begin);
    for (const char *at = comment.text; at < rest.text; at++) { number += *at == '\n'; }
    for (; next_line(&rest, &line); number++) {
        clv_status status = take_line(line, fit, err);

        if (status) { clv_error_at(err, "line %zu of the comment", number); }
        CLV_TRY(status);
    }
    return check_links(fit, err);
}

void casaxps_clear(casaxps_fit *fit)
{
    free(fit->region);
    free(fit->component);
}
