/* Reads what CasaXPS exports as text: tables of energies, intensities and fitted curves (txt, csv), and two columns
   under a title. SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_COLUMNS 256

/* One component of the fit that made the curves, as the lines above the table tell it. */
typedef struct component {
    char name[ROWS_LABEL], shape[ROWS_LABEL];
    double position, fwhm, area;
} component;

typedef struct casa_file {
    clv_cursor *in;
    clv_record *out;
    clv_error *err;
    char separator;  /* between fields: tab or comma */
    char title[400]; /* the last line that is nothing else */
    double cycle, photon, time;
    size_t tables;                        /* read so far */
    char label[MOST_COLUMNS][ROWS_LABEL]; /* of the columns that have one */
    size_t labels;
    component component[MOST_COLUMNS];
    size_t components;
    int is_counted; /* the signal of the group was turned into counts */
    rows table;
    char region[ROWS_LABEL], sample[ROWS_LABEL];
} casa_file;

/* ---- Fields */

/* The field at a place; NULL when there are fewer. */
static const char *find_field(const casa_file *file, const char *line, size_t place, char field[ROWS_LABEL])
{
    const char between[2] = {file->separator, 0};

    for (size_t i = 0; i < place; i++) {
        line += strcspn(line, between);
        if (!*line++) { return NULL; }
    }
    rows_trim(line, strcspn(line, between), field, ROWS_LABEL);
    return field;
}

static int is_energy(const char *label)
{
    return strcmp(label, "K.E.") == 0 || strcmp(label, "B.E.") == 0 || strncmp(label, "BE_", 3) == 0 ||
           strncmp(label, "KE_", 3) == 0;
}

static int is_binding(const char *label) { return label[0] == 'B'; }

/* ---- What stands above a table */

/* "Cycle 3:Ni:Survey": cycle, sample and region. */
static void take_cycle(casa_file *file, const char *line)
{
    const char *sample = strchr(line, ':'), *region = strrchr(line, ':');

    clv_text_number_at(line + strlen("Cycle "), line + strlen(line), &file->cycle);
    if (!sample) { return; }
    rows_trim(region + 1, strlen(region + 1), file->region, ROWS_LABEL);
    if (region > sample) { rows_trim(sample + 1, (size_t)(region - sample - 1), file->sample, ROWS_LABEL); }
}

/* Pairs of a name and a number: "Characteristic Energy eV", "Acquisition Time s". */
static void take_conditions(casa_file *file, const char *line)
{
    char name[ROWS_LABEL], value[ROWS_LABEL];

    file->photon = file->time = NAN;
    for (size_t i = 0; i < MOST_COLUMNS && find_field(file, line, i, name); i++) {
        double *into = strcmp(name, "Characteristic Energy eV") == 0 ? &file->photon
                       : strcmp(name, "Acquisition Time s") == 0     ? &file->time
                                                                     : NULL;

        if (into && find_field(file, line, i + 1, value)) { clv_text_number_at(value, value + strlen(value), into); }
    }
}

/* "Position", an empty field, and a value for each component. */
static int take_components(casa_file *file, const char *line)
{
    static const char *const words[] = {"Name", "Position", "FWHM", "Area", "Lineshape"};
    char field[ROWS_LABEL];
    int word = 0;

    find_field(file, line, 0, field);
    while (word < 5 && strcmp(field, words[word]) != 0) { word++; }
    if (word == 5) { return 0; }
    if (word == 0) { file->components = 0; }
    for (size_t i = 0; i < MOST_COLUMNS && find_field(file, line, i + 2, field) && *field; i++) {
        component *c = &file->component[i];
        double *numbers[] = {NULL, &c->position, &c->fwhm, &c->area, NULL};

        if (word == 0) {
            *c = (component){.position = NAN, .fwhm = NAN, .area = NAN};
            file->components = i + 1;
        }
        if (i >= file->components) { break; }
        if (numbers[word]) { clv_text_number_at(field, field + strlen(field), numbers[word]); }
        if (!numbers[word]) { memcpy(word == 0 ? c->name : c->shape, field, ROWS_LABEL); }
    }
    return 1;
}

/* The names of the columns; those without a name have no numbers. */
static int take_labels(casa_file *file, const char *line)
{
    char field[ROWS_LABEL];

    if (!find_field(file, line, 0, field) || !is_energy(field)) { return 0; }
    file->labels = 0;
    for (size_t i = 0; i < MOST_COLUMNS && find_field(file, line, i, field); i++) {
        if (*field) { memcpy(file->label[file->labels++], field, ROWS_LABEL); }
    }
    return 1;
}

/* "Co2p Co metal": region, then sample. */
static void split_title(casa_file *file)
{
    size_t length = strcspn(file->title, " ");

    rows_trim(file->title, length, file->region, ROWS_LABEL);
    rows_trim(file->title + length, strlen(file->title + length), file->sample, ROWS_LABEL);
}

/* ---- Spectra */

/* What a column is: the signal, or a curve that was fitted to it. */
typedef struct column {
    size_t energy, place; /* columns of the table */
    size_t curve;         /* 0: the signal; 1 … */
} column;

/* Curves are named apart from the line, so that the region's name finds the data alone: "component 1.2" is the second
   of the first table. */
static void name_column(const casa_file *file, const column *c, const char *label, char name[2 * ROWS_LABEL])
{
    if (c->curve == 0) {
        snprintf(name, 2 * ROWS_LABEL, "%s", *file->region ? file->region : "region");
    } else if (strncmp(label, "Background", 10) == 0) {
        snprintf(name, 2 * ROWS_LABEL, "background %zu", file->tables);
    } else if (strncmp(label, "Envelope", 8) == 0) {
        snprintf(name, 2 * ROWS_LABEL, "envelope %zu", file->tables);
    } else {
        snprintf(name, 2 * ROWS_LABEL, "component %zu.%zu", file->tables, c->curve);
    }
}

static clv_status set_number(const casa_file *file, clv_metadata *metadata, const char *name, double number,
                             const char *unit)
{
    return isnan(number) ? CLV_OK : clv_metadata_set_number(metadata, name, number, unit, file->err);
}

/* A curve tells what it was fitted to, and its component. */
static clv_status fill_curve(const casa_file *file, const column *c, const char *label, clv_metadata *metadata)
{
    const component *k = &file->component[c->curve - 1];
    char name[ROWS_LABEL];
    size_t length = strlen(label), tail = strlen(file->region);

    CLV_TRY(clv_metadata_set_text(metadata, "fitted_to", file->region, file->err));
    if (length > tail + 1 && label[length - tail - 1] == '_' && strcmp(label + length - tail, file->region) == 0) {
        length -= tail + 1;
    }
    rows_trim(label, length, name, sizeof name);
    CLV_TRY(clv_metadata_set_text(metadata, "curve", name, file->err));
    if (c->curve > file->components || strncmp(label, "Background", 10) == 0 || strncmp(label, "Envelope", 8) == 0) {
        return CLV_OK;
    }
    CLV_TRY(set_number(file, metadata, "position", k->position, "eV"));
    CLV_TRY(set_number(file, metadata, "fwhm", k->fwhm, "eV"));
    CLV_TRY(set_number(file, metadata, "area", k->area, "1"));
    return *k->shape ? clv_metadata_set_text(metadata, "shape", k->shape, file->err) : CLV_OK;
}

/* Curves are told in the unit of the signal that they were fitted to. */
static clv_status scale_curve(const casa_file *file, clv_spectra *spectra)
{
    double *values = clv_spectra_fill(spectra);
    char line[100], number[CLV_TEXT_NUMBER_SIZE];

    for (size_t i = 0; i < clv_spectra_channels(spectra); i++) { values[i] *= file->time; }
    clv_text_from_number(file->time, number);
    snprintf(line, sizeof line, "-- rates times %s s, as the signal's", number);
    CLV_TRY(clv_spectra_set_unit(spectra, "counts", file->err));
    return clv_spectra_add_history(spectra, line, file->err);
}

static clv_status fill_spectra(casa_file *file, const column *c, const char *label, const char *unit,
                               clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    CLV_TRY(clv_metadata_set_text(metadata, "region", clv_spectra_name(spectra), file->err));
    if (*file->sample) { CLV_TRY(clv_metadata_set_text(metadata, "sample", file->sample, file->err)); }
    CLV_TRY(set_number(file, metadata, "photon_energy", file->photon, "eV"));
    CLV_TRY(set_number(file, metadata, "acquisition_time", file->time, "s"));
    if (c->curve > 0) {
        if (file->is_counted) { CLV_TRY(scale_curve(file, spectra)); }
        clv_spectra_set_noise(spectra, CLV_NOISE_UNKNOWN, 1, 0);
        return fill_curve(file, c, label, metadata);
    }
    CLV_TRY(rows_undo_rates(spectra, file->time, file->err));
    file->is_counted = strcmp(unit, clv_spectra_unit(spectra)) != 0;
    return CLV_OK;
}

static clv_status add_column(casa_file *file, const column *c, const char *energy, const char *label)
{
    static const char *const level[] = {"level"}, *const one[] = {"1"};
    char name[2 * ROWS_LABEL];
    rows_signal what = {.name = name, .energy = c->energy, .first = c->place, .count = 1};
    clv_spectra *spectra = NULL;
    clv_status status;

    name_column(file, c, label, name);
    what.unit = is_binding(energy) ? "counts/s" : "counts";
    rows_name_axis(is_binding(energy), file->photon, &what);
    CLV_TRY(rows_spectra(&file->table, file->in, &what, &spectra, file->err));
    status = fill_spectra(file, c, label, what.unit, spectra);
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    return rows_add_block(file->out, file->in, spectra, level, one, &file->cycle, !isnan(file->cycle), file->err);
}

/* The columns that belong to the energies at a place, up to the next energies. */
static clv_status add_group(casa_file *file, size_t energy)
{
    const char *label = file->label[energy];
    column c = {.energy = energy};

    file->tables++;
    if (strchr(label, '_')) { snprintf(file->region, ROWS_LABEL, "%s", strchr(label, '_') + 1); }
    for (size_t i = energy + 1; i < file->labels && !is_energy(file->label[i]); i++) {
        c.place = i;
        CLV_TRY(add_column(file, &c, label, file->label[i]));
        c.curve++;
    }
    if (c.curve > 0) { return CLV_OK; }
    return clv_cursor_fail(file->in, file->err, "no intensities stand beside the energies '%s'", label);
}

/* Counts by kinetic energy and rates by binding energy stand side by side and are the same: only these are taken. */
static clv_status add_groups(casa_file *file)
{
    int binding = 0;

    for (size_t i = 0; i < file->labels; i++) { binding |= is_energy(file->label[i]) && is_binding(file->label[i]); }
    for (size_t i = 0; i < file->labels; i++) {
        if (!is_energy(file->label[i]) || (binding && !is_binding(file->label[i]))) { continue; }
        CLV_TRY(add_group(file, i));
    }
    return CLV_OK;
}

static clv_status end_table(casa_file *file)
{
    clv_status status;

    if (file->table.count == 0) { return CLV_OK; }
    if (file->labels == 0) {
        split_title(file);
        file->labels = 2;
        snprintf(file->label[0], ROWS_LABEL, "B.E.");
        snprintf(file->label[1], ROWS_LABEL, "CPS");
    }
    if (file->labels != file->table.width) {
        return clv_cursor_fail(file->in, file->err, "%zu columns are named, the rows above hold %zu numbers",
                               file->labels, file->table.width);
    }
    status = add_groups(file);
    rows_clear(&file->table);
    file->labels = file->components = 0;
    file->cycle = file->photon = file->time = NAN;
    file->region[0] = file->sample[0] = 0;
    return status;
}

/* ---- The file */

static clv_status take_line(casa_file *file, const char *line)
{
    if (rows_is_number(line)) { return rows_add_line(&file->table, file->in, line, file->err); }
    if (!line[strspn(line, " \t,")]) { return CLV_OK; }
    CLV_TRY(end_table(file));
    if (strncmp(line, "Cycle ", 6) == 0) {
        take_cycle(file, line);
    } else if (strstr(line, "Characteristic Energy eV")) {
        take_conditions(file, line);
    } else if (!take_components(file, line) && !take_labels(file, line)) {
        rows_trim(line, strlen(line), file->title, sizeof file->title);
    }
    return CLV_OK;
}

static clv_status take_file(casa_file *file)
{
    const char *line = "";
    clv_status status;

    file->cycle = file->photon = file->time = NAN;
    while (!(status = clv_cursor_text(file->in, &line, file->err))) {
        if (!file->separator && line[strcspn(line, "\t,")]) { file->separator = line[strcspn(line, "\t,")]; }
        CLV_TRY(take_line(file, line));
    }
    if (status != CLV_NOT_FOUND) { return status; }
    if (file->labels > 0 && file->table.count == 0) {
        return clv_cursor_fail(file->in, file->err, "the file ends where numbers should stand");
    }
    CLV_TRY(end_table(file));
    if (clv_record_count(file->out) > 0) { return CLV_OK; }
    return clv_cursor_fail(file->in, file->err, "the file holds no numbers");
}

static clv_status read_casa(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    casa_file *file = calloc(1, sizeof *file);
    clv_status status;

    (void)options;
    CLV_CHECK(file, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));
    file->in = in;
    file->out = out;
    file->err = err;
    status = take_file(file);
    rows_free(&file->table);
    free(file);
    return status;
}

/* Whether the second line is "8.400000e+002<tab>1.931163e+004": digits and exponents as CasaXPS prints them. */
static int has_printed_numbers(const clv_head *head)
{
    const char *text = (const char *)head->bytes, *end = memchr(text, '\n', head->count);
    static const char pattern[] = "0.000000e+000\t0.000000e+000";
    size_t left, i = 0;

    if (!end) { return 0; }
    left = head->count - (size_t)(end + 1 - text);
    for (end++; pattern[i] && i < left; i++) {
        int fits = pattern[i] == '0' ? end[i] >= '0' && end[i] <= '9'
                                     : end[i] == pattern[i] || (pattern[i] == '+' && end[i] == '-');

        if (!fits) { return 0; }
    }
    return !pattern[i];
}

static int probe_casa(const clv_head *head)
{
    size_t conditions = clv_head_find(head, "Characteristic Energy eV");

    if (conditions < 400 && (clv_head_starts(head, "Cycle ") || clv_head_find(head, "BE_") < 1000 ||
                             clv_head_find(head, "KE_") < 1000 || clv_head_find(head, "B.E.") < 65000)) {
        return 90;
    }
    return head->count > 0 && has_printed_numbers(head) ? 70 : 0;
}

static const clv_format casa = {
    .size = sizeof casa,
    .name = "casa",
    .title = "CasaXPS text and csv exports",
    .suffixes = "txt csv",
    .source = "the headings of the files themselves",
    .probe = probe_casa,
    .read = read_casa,
};

static const clv_format *const formats[] = {&casa, NULL};

CLV_PLUGIN(casa) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.casa",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
