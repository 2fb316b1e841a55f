/* Athena projects (.prj): groups of absorption spectra with the parameters of their reduction, as Perl data or as JSON;
   gzip is undone before. Nothing is evaluated: both forms are read as flat lists of words.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/cursor.h>
#include <corelevel/record.h>
#include <corelevel/text.h>

#include "athena.h"

enum { MOST_GROUPS = 20000 };

typedef struct numbers {
    double *value;
    size_t count, room;
} numbers;

enum { ARRAY_X, ARRAY_Y, ARRAY_I0, ARRAY_SIGNAL, ARRAY_STDDEV, ARRAYS };
static const char *const array_names[ARRAYS] = {"x", "y", "i0", "signal", "stddev"};

/* One group as it is read. */
typedef struct group {
    char key[ATHENA_WORD], label[ATHENA_WORD], type[ATHENA_WORD];
    clv_metadata *metadata;
    double shift;
    numbers array[ARRAYS];
} group;

/* ---- Groups */

static void clear(group *g)
{
    clv_metadata_free(g->metadata);
    for (int a = 0; a < ARRAYS; a++) { free(g->array[a].value); }
    *g = (group){0};
}

static clv_status begin(athena_scan *s, group *g, const char *key)
{
    clear(g);
    snprintf(g->key, sizeof g->key, "%s", key);
    g->metadata = clv_metadata_new();
    return g->metadata ? CLV_OK : clv_fail(s->err, CLV_NO_MEMORY, "%s: no memory to read it", s->file);
}

static int number_of(const char *word, double *number)
{
    return clv_text_number(word, strlen(word), number, NULL) == CLV_OK && isfinite(*number);
}

static clv_status read_numbers(athena_scan *s, numbers *list)
{
    char word[ATHENA_WORD];
    int more;

    list->count = 0;
    CLV_TRY(athena_open_list(s));
    for (;;) {
        double number;
        CLV_TRY(athena_next_word(s, word, &more));
        if (!more) { return CLV_OK; }
        if (!number_of(word, &number)) { return athena_wrong(s, "a number should stand before this place"); }
        if (list->count == list->room) {
            size_t room = list->room ? 2 * list->room : 512;
            double *grown = reallocarray(list->value, room, sizeof *grown);
            if (!grown) { return clv_fail(s->err, CLV_NO_MEMORY, "%s: no memory to read it", s->file); }
            list->value = grown;
            list->room = room;
        }
        list->value[list->count++] = number;
    }
}

static clv_status keep(athena_scan *s, group *g, const char *key, const char *value)
{
    double number;

    if (strcmp(key, "label") == 0) { snprintf(g->label, sizeof g->label, "%s", value); }
    if (strcmp(key, "recordtype") == 0) { snprintf(g->type, sizeof g->type, "%s", value); }
    if (strcmp(key, "is_chi") == 0 && strcmp(value, "1") == 0) { snprintf(g->type, sizeof g->type, "chi"); }
    if (strcmp(key, "bkg_eshift") == 0 && number_of(value, &number)) { g->shift = number; }
    for (size_t i = 0; athena_kept[i].athena; i++) {
        if (strcmp(athena_kept[i].athena, key) != 0 || !*value) { continue; }
        if (!athena_kept[i].unit) { return clv_metadata_set_text(g->metadata, athena_kept[i].name, value, s->err); }
        if (number_of(value, &number)) {
            return clv_metadata_set_number(g->metadata, athena_kept[i].name, number, athena_kept[i].unit, s->err);
        }
    }
    return CLV_OK;
}

static clv_status read_parameters(athena_scan *s, group *g)
{
    char key[ATHENA_WORD], value[ATHENA_WORD];
    int more;

    CLV_TRY(athena_open_list(s));
    for (;;) {
        CLV_TRY(athena_next_word(s, key, &more));
        if (!more) { return CLV_OK; }
        CLV_TRY(athena_next_word(s, value, &more));
        if (!more) { return athena_wrong(s, "the last parameter has no value"); }
        if (clv_text_is_utf8(key, strlen(key)) && clv_text_is_utf8(value, strlen(value))) {
            CLV_TRY(keep(s, g, key, value));
        }
    }
}

/* ---- Spectra */

typedef struct point {
    double energy;
    size_t place;
} point;

static int compare(const void *a, const void *b)
{
    const point *x = a, *y = b;

    if (x->energy != y->energy) { return x->energy < y->energy ? -1 : 1; }
    return (x->place > y->place) - (x->place < y->place);
}

/* The places of the channels by ascending energy, of equal ones the first; how many there are. */
static size_t order(const numbers *x, point *points)
{
    size_t count = 0;

    for (size_t i = 0; i < x->count; i++) { points[i] = (point){x->value[i], i}; }
    qsort(points, x->count, sizeof *points, compare);
    for (size_t i = 0; i < x->count; i++) {
        if (count == 0 || points[i].energy > points[count - 1].energy) { points[count++] = points[i]; }
    }
    return count;
}

static clv_status fill(const athena_scan *s, const group *g, int array, const point *points, size_t count,
                       clv_spectra *spectra)
{
    double *intensity = clv_spectra_fill(spectra), *variance;
    const numbers *error = &g->array[ARRAY_STDDEV];
    int known = array == ARRAY_Y && error->count == g->array[ARRAY_X].count;

    for (size_t i = 0; i < count; i++) {
        intensity[i] = g->array[array].value[points[i].place];
        known = known && error->value[points[i].place] > 0;
    }
    if (!known) { return CLV_OK; }
    CLV_TRY(clv_spectra_make_variance(spectra, &variance, s->err));
    for (size_t i = 0; i < count; i++) { variance[i] = pow(error->value[points[i].place], 2); }
    return CLV_OK;
}

static clv_status copy_metadata(const clv_metadata *from, clv_metadata *to, clv_error *err)
{
    for (size_t i = 0; i < clv_metadata_count(from); i++) {
        const char *name = clv_metadata_name(from, i), *text = clv_metadata_text(from, name);
        CLV_TRY(text ? clv_metadata_set_text(to, name, text, err)
                     : clv_metadata_set_number(to, name, clv_metadata_number(from, name), clv_metadata_unit(from, name),
                                               err));
    }
    return CLV_OK;
}

static clv_status describe(const athena_scan *s, const group *g, const char *name, size_t dropped, clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);
    char line[160];

    CLV_TRY(copy_metadata(g->metadata, metadata, s->err));
    CLV_TRY(clv_metadata_set_text(metadata, "technique", "XAS", s->err));
    CLV_TRY(clv_metadata_set_text(metadata, "sample", g->label, s->err));
    CLV_TRY(clv_metadata_set_text(metadata, "region", name, s->err));
    CLV_TRY(clv_metadata_set_text(metadata, "athena_group", g->key, s->err));
    if (g->shift != 0) {
        CLV_TRY(clv_spectra_set_offset(spectra, &g->shift, NULL, s->err));
        CLV_TRY(clv_metadata_set_number(metadata, "athena_energy_shift", g->shift, "eV", s->err));
    }
    if (!dropped) { return CLV_OK; }
    snprintf(line, sizeof line, "-- %zu channels at energies that were there before were left out", dropped);
    return clv_spectra_add_history(spectra, line, s->err);
}

static clv_status make(const athena_scan *s, const group *g, int array, const char *name, clv_spectra **made)
{
    const numbers *x = &g->array[ARRAY_X];
    int chi = strstr(g->type, "chi") != NULL;
    point *points = calloc(x->count + 1, sizeof *points);
    double *energies = calloc(x->count + 1, sizeof *energies);
    clv_axis *axis = NULL;
    clv_status status =
        points && energies ? CLV_OK : clv_fail(s->err, CLV_NO_MEMORY, "%s: no memory to read it", s->file);
    size_t count = status ? 0 : order(x, points);

    for (size_t i = 0; i < count; i++) { energies[i] = points[i].energy; }
    if (!status) {
        status = clv_axis_new(chi ? "k" : "photon_energy", chi ? "1/Angstrom" : "eV", energies, count, &axis, s->err);
    }
    if (!status) { status = clv_spectra_new(name, "1", &axis, 1, made, s->err); }
    if (!status) { status = fill(s, g, array, points, count, *made); }
    if (!status) { status = describe(s, g, name, x->count - count, *made); }
    clv_axis_free(axis);
    free(energies);
    free(points);
    return status;
}

static clv_status add(const athena_scan *s, const group *g, int array, const char *name, clv_record *out)
{
    clv_spectra *spectra = NULL;
    clv_status status = make(s, g, array, name, &spectra);

    if (!status) { return clv_record_add_block(out, spectra, NULL, NULL, NULL, 0, s->err); }
    clv_spectra_free(spectra);
    return status;
}

/* A label that stands in the project already is counted, so that groups stay apart. */
static void name_apart(const clv_record *out, const char *label, char name[ATHENA_WORD + 20])
{
    size_t same = 1;

    snprintf(name, ATHENA_WORD + 20, "%s", label);
    for (size_t i = 0; i < clv_record_count(out); i++) {
        if (strcmp(clv_spectra_name(clv_record_at(out, i)), name) != 0) { continue; }
        snprintf(name, ATHENA_WORD + 20, "%s (%zu)", label, ++same);
        i = (size_t)-1;
    }
}

/* Puts the group's spectra into the record: mu, and I0 where it was kept. */
static clv_status finish(athena_scan *s, group *g, clv_record *out)
{
    size_t count = g->array[ARRAY_X].count;
    char name[ATHENA_WORD + 20], beside[ATHENA_WORD + 40];

    if (count == 0 || g->array[ARRAY_Y].count == 0) { return CLV_OK; } /* a group that is all parameters */
    if (g->array[ARRAY_Y].count != count) {
        return clv_fail(s->err, CLV_BAD_FILE, "%s: the group %s has %zu energies, but %zu values", s->file, g->key,
                        count, g->array[ARRAY_Y].count);
    }
    if (clv_record_count(out) > MOST_GROUPS) {
        return athena_wrong(s, "there are more groups than a project may have");
    }
    if (!*g->label) { snprintf(g->label, sizeof g->label, "%s", *g->key ? g->key : "group"); }
    name_apart(out, g->label, name);
    CLV_TRY(add(s, g, ARRAY_Y, name, out));
    if (g->array[ARRAY_I0].count != count) { return CLV_OK; }
    snprintf(beside, sizeof beside, "%s: i0", name);
    return add(s, g, ARRAY_I0, beside, out);
}

/* ---- The two forms */

static int array_of(const char *name)
{
    for (int a = 0; a < ARRAYS; a++) {
        if (strcmp(name, array_names[a]) == 0) { return a; }
    }
    return -1;
}

/* One assignment to a list, whose name has been read. */
static clv_status read_list(athena_scan *s, group *g, const char *name)
{
    int array = array_of(name);

    if (array >= 0) { return read_numbers(s, &g->array[array]); }
    if (strcmp(name, "args") == 0) { return read_parameters(s, g); }
    athena_skip_between(s);
    if (s->at < s->end && strchr("([{", *s->at)) { return athena_skip_nested(s); }
    return CLV_OK;
}

static void skip_line(athena_scan *s)
{
    while (s->at < s->end && *s->at != '\n') { s->at++; }
}

/* The name behind a sigil, and the = behind it. */
static void take_name(athena_scan *s, char name[ATHENA_WORD])
{
    size_t length = 0;

    while (s->at < s->end && *s->at && strchr("abcdefghijklmnopqrstuvwxyz_0123456789", *s->at)) {
        if (length + 1 < ATHENA_WORD) { name[length++] = *s->at; }
        s->at++;
    }
    name[length] = 0;
    while (s->at < s->end && (*s->at == ' ' || *s->at == '=')) { s->at++; }
}

static clv_status read_perl(athena_scan *s, group *g, clv_record *out)
{
    char name[ATHENA_WORD], key[ATHENA_WORD];

    while (s->at < s->end) {
        char c = *s->at++;
        if (c == '$') {
            take_name(s, name);
            if (strcmp(name, "old_group") == 0 && s->at < s->end && (*s->at == '\'' || *s->at == '"')) {
                CLV_TRY(athena_take_quoted(s, key));
                CLV_TRY(begin(s, g, key));
            }
        } else if (c == '@') {
            take_name(s, name);
            if (!g->metadata) { CLV_TRY(begin(s, g, "")); }
            CLV_TRY(read_list(s, g, name));
        } else if (c == '[') { /* [record] */
            CLV_TRY(finish(s, g, out));
            CLV_TRY(begin(s, g, ""));
            skip_line(s);
        } else if (c == '#') {
            skip_line(s);
        }
    }
    return CLV_OK;
}

static clv_status read_json_group(athena_scan *s, group *g, const char *key, clv_record *out)
{
    char name[ATHENA_WORD];
    int more;

    CLV_TRY(begin(s, g, key));
    CLV_TRY(athena_open_list(s));
    for (;;) {
        CLV_TRY(athena_next_word(s, name, &more));
        if (!more) { return finish(s, g, out); }
        athena_skip_between(s);
        if (s->at < s->end && strchr("([{", *s->at)) {
            CLV_TRY(read_list(s, g, name));
        } else {
            CLV_TRY(athena_next_word(s, name, &more));
        }
    }
}

static clv_status read_json(athena_scan *s, group *g, clv_record *out)
{
    char key[ATHENA_WORD];
    int more;

    CLV_TRY(athena_open_list(s));
    for (;;) {
        CLV_TRY(athena_next_word(s, key, &more));
        if (!more) { return CLV_OK; }
        athena_skip_between(s);
        if (s->at < s->end && *s->at == '{') {
            CLV_TRY(read_json_group(s, g, key, out));
        } else {
            CLV_TRY(athena_next_word(s, key, &more));
        }
    }
}

static clv_status read_athena(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    const uint8_t *bytes = NULL;
    size_t count = clv_cursor_left(in);
    group *g = calloc(1, sizeof *g);
    athena_scan s = {.file = clv_cursor_name(in), .err = err};
    clv_status status = g ? clv_cursor_bytes(in, count, &bytes, err)
                          : clv_fail(err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));

    (void)options;
    if (!status) {
        s.start = s.at = (const char *)bytes;
        s.end = s.start + count;
        status = count > 0 && *s.at == '{' ? read_json(&s, g, out) : read_perl(&s, g, out);
    }
    if (!status && clv_record_count(out) == 0) {
        status = clv_fail(err, CLV_BAD_FILE, "%s: the project holds no group with energies and values", s.file);
    }
    if (g) { clear(g); }
    free(g);
    return status;
}

static int probe_athena(const clv_head *head)
{
    if (clv_head_starts(head, "# Athena project file")) { return 100; }
    return clv_head_starts(head, "{\"_____emacs_mode\"") ? 95 : 0;
}

static const clv_format athena = {
    .size = sizeof athena,
    .name = "athena",
    .title = "Athena project",
    .suffixes = "prj",
    .source =
        "projects written by Athena 0.8 and Demeter 0.9; B. Ravel, M. Newville, J. Synchrotron Rad. 12 (2005) 537, "
        "doi 10.1107/S0909049505012719",
    .probe = probe_athena,
    .read = read_athena,
    .write = athena_write,
};

static const clv_format *const formats[] = {&athena, NULL};

CLV_PLUGIN(athena) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.athena",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
