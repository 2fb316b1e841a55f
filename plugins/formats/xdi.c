/* Reads XDI files, the XAS data interchange format: headers, comments, columns along the energy.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/text.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_COLUMNS 512
#define COMMENT_SIZE 8192

/* h c in eV Angstrom, 12398.419843 (exact since 2019, SI Brochure, 9th edition). */
#define HC 12398.419843320025

typedef struct xdi_file {
    clv_cursor *in;
    clv_error *err;
    clv_metadata *metadata;
    rows table;
    char label[MOST_COLUMNS][ROWS_LABEL], unit[MOST_COLUMNS][ROWS_LABEL];
    size_t labels;
    char comment[COMMENT_SIZE];
    enum { HEADER, COMMENTS, LABELS, DATA } part;
    size_t ignored; /* lines of a comment character that is not "#" */
} xdi_file;

static const rows_key keys[] = {
    {"Element.symbol", "element", NULL},
    {"Element.edge", "edge", NULL},
    {"Element.reference", "reference_element", NULL},
    {"Mono.d_spacing", "d_spacing", "Angstrom"},
    {"Sample.name", "sample", NULL},
    {"Scan.start_time", "started", NULL},
    {"Facility.name", "facility", NULL},
    {"Beamline.name", "instrument", NULL},
    {"Scan.edge_energy", "edge_energy", "eV"},
    {NULL, NULL, NULL},
};

/* ---- Headers */

static const char *skip_blanks(const char *at) { return at + strspn(at, " \t"); }

/* "Column.3: itrans counts || PV" names the third column. */
static clv_status take_column(xdi_file *f, const char *key, const char *value)
{
    double place;
    const char *after = clv_text_number_at(key, key + strlen(key), &place), *bar = strstr(value, "||");
    size_t length = bar ? (size_t)(bar - value) : strlen(value), word = strcspn(value, " \t");

    if (!after || *after || !(place >= 1 && place <= MOST_COLUMNS) || place != floor(place)) { return CLV_OK; }
    size_t i = (size_t)place - 1;
    if (word > length) { word = length; }
    rows_trim(value, word, f->label[i], ROWS_LABEL);
    rows_trim(value + word, length - word, f->unit[i], ROWS_LABEL);
    if (i >= f->labels) { f->labels = i + 1; }
    return CLV_OK;
}

/* The name is lower case, with its family before it unless it is a known one. */
static clv_status keep(xdi_file *f, const char *family, const char *key, const char *value)
{
    char whole[3 * ROWS_LABEL], name[3 * ROWS_LABEL];

    snprintf(whole, sizeof whole, "%s.%s", family, key);
    for (const rows_key *k = keys; k->key; k++) {
        double number;

        if (!clv_text_equal(k->key, whole)) { continue; }
        if (!k->unit) { return clv_metadata_set_text(f->metadata, k->name, value, f->err); }
        if (!clv_text_number_at(value, value + strlen(value), &number)) { break; }
        return clv_metadata_set_number(f->metadata, k->name, number, k->unit, f->err);
    }
    snprintf(name, sizeof name, "%s_%s", family, key);
    for (char *c = name; *c; c++) { *c = (char)tolower((unsigned char)*c); }
    return clv_metadata_set_text(f->metadata, name, value, f->err);
}

static size_t word_length(const char *at)
{
    size_t n = 0;

    while (isalnum((unsigned char)at[n]) || at[n] == '_') { n++; }
    return n;
}

/* "Family.Key: Value" */
static clv_status take_header(xdi_file *f, const char *line)
{
    size_t family = word_length(line), key;
    char name[2][ROWS_LABEL], value[1024];

    if (family == 0 || family >= ROWS_LABEL || isdigit((unsigned char)*line) || line[family] != '.') {
        return clv_cursor_fail(f->in, f->err, "a header should read 'Family.Key: Value', not '%.40s'", line);
    }
    key = word_length(line + family + 1);
    if (key == 0 || key >= ROWS_LABEL || line[family + 1 + key] != ':') {
        return clv_cursor_fail(f->in, f->err, "a header should read 'Family.Key: Value', not '%.40s'", line);
    }
    snprintf(name[0], ROWS_LABEL, "%.*s", (int)family, line);
    snprintf(name[1], ROWS_LABEL, "%.*s", (int)key, line + family + 1);
    rows_trim(line + family + key + 2, strlen(line + family + key + 2), value, sizeof value);
    if (clv_text_equal(name[0], "Column")) { return take_column(f, name[1], value); }
    if (!*value) { return clv_cursor_fail(f->in, f->err, "the header %s.%s has no value", name[0], name[1]); }
    return keep(f, name[0], name[1], value);
}

static void add_comment(xdi_file *f, const char *line)
{
    size_t used = strlen(f->comment);

    snprintf(f->comment + used, COMMENT_SIZE - used, "%s%s", used ? "\n" : "", line);
}

/* The labels before the data stand in for columns that no header names. */
static void take_labels(xdi_file *f, const char *line)
{
    for (size_t i = 0; *line && i < MOST_COLUMNS; i++) {
        size_t length = strcspn(line, " \t,");

        if (!*f->label[i]) {
            rows_trim(line, length, f->label[i], ROWS_LABEL);
            if (i >= f->labels) { f->labels = i + 1; }
        }
        line += length;
        line += strspn(line, " \t,");
    }
}

static int is_ruler(const char *line, char c)
{
    size_t n = strspn(line, (char[]){c, 0});

    return n >= 3 && line[n + strspn(line + n, " \t")] == 0;
}

static clv_status take_hash(xdi_file *f, const char *line)
{
    line = skip_blanks(line);
    if (is_ruler(line, '-')) {
        f->part = LABELS;
        return CLV_OK;
    }
    if (f->part == HEADER && is_ruler(line, '/')) {
        f->part = COMMENTS;
        return CLV_OK;
    }
    if (f->part == COMMENTS) {
        add_comment(f, line);
    } else if (f->part == LABELS) {
        take_labels(f, line);
    } else if (f->part == HEADER && *line) {
        return strchr(line, '.') || strchr(line, ':') ? take_header(f, line) : (take_labels(f, line), CLV_OK);
    }
    return CLV_OK;
}

static clv_status take_line(xdi_file *f, const char *line)
{
    line = skip_blanks(line);
    if (*line == '#') { return take_hash(f, line + 1); }
    if (!*line) { return CLV_OK; }
    if (f->part != DATA && !rows_is_number(line) && !isalpha((unsigned char)*line)) {
        f->ignored++;
        return CLV_OK;
    }
    f->part = DATA;
    return rows_add_line(&f->table, f->in, line, f->err);
}

static clv_status take_lines(xdi_file *f)
{
    const char *line;
    clv_status status = clv_cursor_text(f->in, &line, f->err);

    if (status == CLV_NOT_FOUND) { return clv_cursor_fail(f->in, f->err, "the file is empty"); }
    CLV_TRY(status);
    if (strncmp(skip_blanks(line + (*line == '#')), "XDI/", 4) != 0) {
        return clv_cursor_fail(f->in, f->err, "the first line should begin with '# XDI/1.0', not '%.30s'", line);
    }
    while (!(status = clv_cursor_text(f->in, &line, f->err))) { CLV_TRY(take_line(f, line)); }
    if (status != CLV_NOT_FOUND) { return status; }
    if (f->table.count == 0) { return clv_cursor_fail(f->in, f->err, "the file holds no data"); }
    return CLV_OK;
}

/* ---- Energies */

/* The column called energy or angle; the first one where none is. */
static size_t find_energy(const xdi_file *f)
{
    for (size_t i = 0; i < f->labels && i < f->table.width; i++) {
        if (clv_text_equal(f->label[i], "energy")) { return i; }
    }
    for (size_t i = 0; i < f->labels && i < f->table.width; i++) {
        if (clv_text_equal(f->label[i], "angle")) { return i; }
    }
    return 0;
}

/* keV become eV; angles become energies by Bragg's law. */
static clv_status convert_energies(xdi_file *f, size_t column)
{
    double d = clv_metadata_number(f->metadata, "d_spacing");
    int angle = clv_text_equal(f->label[column], "angle"), radians = strncmp(f->unit[column], "rad", 3) == 0;
    double factor = strcmp(f->unit[column], "keV") == 0 ? 1000 : 1;

    if (angle && !(d > 0)) {
        return clv_cursor_fail(f->in, f->err,
                               "the column %zu holds angles, and no header Mono.d_spacing tells the lattice "
                               "spacing that makes energies of them",
                               column + 1);
    }
    for (size_t i = 0; i < f->table.count; i++) {
        double *at = &f->table.numbers[i * f->table.width + column];

        *at = angle ? HC / (2 * d * sin(radians ? *at : *at * M_PI / 180)) : *at * factor;
    }
    return CLV_OK;
}

/* ---- Spectra */

static clv_status add_signal(xdi_file *f, size_t energy, size_t column, clv_record *out)
{
    char name[ROWS_LABEL];
    rows_signal what = {.unit = *f->unit[column] ? f->unit[column] : "1",
                        .axis = "photon_energy",
                        .photon = NAN,
                        .energy = energy,
                        .first = column,
                        .count = 1};
    clv_spectra *spectra = NULL;
    clv_status status;

    if (*f->label[column]) {
        snprintf(name, sizeof name, "%s", f->label[column]);
    } else {
        snprintf(name, sizeof name, "col%zu", column + 1);
    }
    what.name = name;
    CLV_TRY(rows_spectra(&f->table, f->in, &what, &spectra, f->err));
    status = rows_copy_metadata(f->metadata, clv_spectra_metadata_fill(spectra), f->err);
    if (!status) { status = clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "region", name, f->err); }
    if (!status && f->ignored) {
        char line[120];
        snprintf(line, sizeof line, "-- %zu lines that begin with neither # nor a number were left out", f->ignored);
        status = clv_spectra_add_history(spectra, line, f->err);
    }
    if (!status) { return rows_add_block(out, f->in, spectra, NULL, NULL, NULL, 0, f->err); }
    clv_spectra_free(spectra);
    return status;
}

static clv_status read_all(xdi_file *f, clv_record *out)
{
    size_t energy;

    CLV_TRY(take_lines(f));
    if (f->table.width < 2) {
        return clv_cursor_fail(f->in, f->err, "energies and a signal are needed, there is one column");
    }
    energy = find_energy(f);
    CLV_TRY(convert_energies(f, energy));
    CLV_TRY(clv_metadata_set_text(f->metadata, "technique", "XAS", f->err));
    if (*f->comment) { CLV_TRY(clv_metadata_set_text(f->metadata, "comment", f->comment, f->err)); }
    for (size_t i = 0; i < f->table.width && i < MOST_COLUMNS; i++) {
        if (i != energy) { CLV_TRY(add_signal(f, energy, i, out)); }
    }
    return CLV_OK;
}

static clv_status read_xdi(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    xdi_file *file = calloc(1, sizeof *file);
    clv_status status;

    (void)options;
    CLV_CHECK(file, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));
    *file = (xdi_file){.in = in, .err = err, .metadata = clv_metadata_new()};
    status = file->metadata ? read_all(file, out) : clv_fail(err, CLV_NO_MEMORY, "%s: no memory", clv_cursor_name(in));
    clv_metadata_free(file->metadata);
    rows_free(&file->table);
    free(file);
    return status;
}

static int probe_xdi(const clv_head *head)
{
    return clv_head_starts(head, "# XDI/") || clv_head_starts(head, "#XDI/") || clv_head_starts(head, "XDI/") ? 100
           : clv_head_suffix(head, "xdi")                                                                     ? 40
                                                                                                              : 0;
}

static const clv_format xdi = {
    .size = sizeof xdi,
    .name = "xdi",
    .title = "XAS data interchange, XDI 1.0",
    .suffixes = "xdi",
    .source =
        "B. Ravel et al., J. Synchrotron Rad. 19 (2012) 869, doi 10.1107/S0909049512036886; the XDI 1.0 specification",
    .probe = probe_xdi,
    .read = read_xdi,
};

static const clv_format *const formats[] = {&xdi, NULL};

CLV_PLUGIN(xdi) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.xdi",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
