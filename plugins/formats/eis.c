/* Reads the text files that Omicron's EIS exports: regions of counts, each under a table of its settings.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FIELDS 64

typedef struct eis_file {
    clv_cursor *in;
    clv_record *out;
    clv_error *err;
    char head[4096], line[4096]; /* the names of a table's columns; the line being read */
    int expect;                  /* what the next line is: 'R' a region's settings, 'L' a layer's, 0 anything else */
    clv_metadata *metadata;      /* of the region; NULL before the first */
    char labels[400];            /* of the columns of numbers */
    rows table;
} eis_file;

static const rows_key region_keys[] = {
    {"Notes", "region", NULL},
    {"Sweeps", "sweeps", "1"},
    {"Sweeps-Acquired", "scans", "1"},
    {"Dwell", "dwell", "s"},
    {"Start", "first_energy", "eV"},
    {"End", "last_energy", "eV"},
    {"Step", "energy_step", "eV"},
    {"Mode", "analyser_mode", NULL},
    {"Mag", "lens_mode", NULL},
    {"DataFlag", "data_flag", NULL},
    {"Divide by Ten", "divided_by_ten", NULL},
    {"Function", "detector", NULL},
    {"Region", "place", "1"},
    {NULL, NULL, NULL},
};

static const rows_key layer_keys[] = {
    {"Formula", "formula", NULL},
    {"Notes", "layer_notes", NULL},
    {NULL, NULL, NULL},
};

/* ---- Tables of settings: a line of names, a line of values, between tabs */

/* The field at a place, without blanks; empty when there are fewer. */
static void take_field(const char *line, size_t place, char field[ROWS_LABEL])
{
    for (size_t i = 0; i < place; i++) {
        line += strcspn(line, "\t");
        line += *line == '\t';
    }
    rows_trim(line, strcspn(line, "\t"), field, ROWS_LABEL);
}

static clv_status take_settings(eis_file *file, const rows_key *keys, const char *line)
{
    char key[ROWS_LABEL], value[ROWS_LABEL];

    for (size_t i = 0; i < MOST_FIELDS; i++) {
        take_field(file->head, i, key);
        take_field(line, i, value);
        for (const rows_key *known = keys; known->key; known++) {
            if (strcmp(known->key, key) != 0) { continue; }
            CLV_TRY(rows_keep(file->metadata, keys, key, value, file->err));
        }
        if (keys != region_keys || strcmp(key, "CAE/CRR") != 0) { continue; }
        CLV_TRY(rows_keep(file->metadata, (const rows_key[]){{"CAE/CRR", "cae_crr", "1"}, {NULL, NULL, NULL}}, key,
                          value, file->err));
    }
    return CLV_OK;
}

/* At constant analyser energy the number is the pass energy, else the retarding ratio. */
static clv_status finish_settings(eis_file *file)
{
    const char *mode = clv_metadata_text(file->metadata, "analyser_mode");
    double number = clv_metadata_number(file->metadata, "cae_crr");

    if (isnan(clv_metadata_number(file->metadata, "scans"))) {
        double sweeps = clv_metadata_number(file->metadata, "sweeps");

        if (sweeps > 0) { CLV_TRY(clv_metadata_set_number(file->metadata, "scans", sweeps, "1", file->err)); }
    }
    if (!mode || isnan(number)) { return CLV_OK; }
    if (strcmp(mode, "CAE") == 0) {
        return clv_metadata_set_number(file->metadata, "pass_energy", number, "eV", file->err);
    }
    return clv_metadata_set_number(file->metadata, "retarding_ratio", number, "1", file->err);
}

/* ---- Spectra */

/* A region with fewer values than it says was stopped, except at the end of the file, which was cut. */
static clv_status check_length(const eis_file *file, int at_end)
{
    double first = clv_metadata_number(file->metadata, "first_energy");
    double last = clv_metadata_number(file->metadata, "last_energy");
    double said = nearbyint((last - first) / clv_metadata_number(file->metadata, "energy_step")) + 1;

    if (!at_end || !(said > 0 && said < 1e9) || (double)file->table.count + 1 >= said) { return CLV_OK; }
    return clv_cursor_fail(file->in, file->err, "the region says %.0f energies, %zu follow", said, file->table.count);
}

static clv_status fill_spectra(const eis_file *file, const char *name, clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);
    const char *flag = clv_metadata_text(file->metadata, "data_flag");
    double dwell = clv_metadata_number(file->metadata, "dwell"), scans = clv_metadata_number(file->metadata, "scans");

    CLV_TRY(rows_copy_metadata(file->metadata, metadata, file->err));
    CLV_TRY(clv_metadata_set_text(metadata, "region", name, file->err));
    CLV_TRY(rows_undo_rates(spectra, dwell * scans, file->err));
    if (flag && strcmp(flag, "Original") != 0) { clv_spectra_set_noise(spectra, CLV_NOISE_UNKNOWN, 1, 0); }
    return clv_spectra_add_history(spectra,
                                   "-- the file does not say which energy: falling ones are taken as binding_energy, "
                                   "rising ones as kinetic_energy",
                                   file->err);
}

/* One column of intensities; a region with several layers has one each. */
static clv_status add_layer(eis_file *file, size_t column)
{
    const double *numbers = file->table.numbers;
    const char *region = clv_metadata_text(file->metadata, "region");
    char name[2 * ROWS_LABEL], label[ROWS_LABEL];
    rows_signal what = {.name = name, .first = column, .count = 1};
    clv_spectra *spectra = NULL;
    clv_status status;

    take_field(file->labels, column, label);
    snprintf(name, sizeof name, "%.100s", region && *region ? region : "region");
    if (column > 1) { snprintf(name + strlen(name), 30, " layer %zu", column); }
    what.unit =
        strcasestr(label, "/s") || strcasestr(label, "per s") || strcasestr(label, "cps") ? "counts/s" : "counts";
    rows_name_axis(file->table.count > 1 && numbers[file->table.width] < numbers[0], NAN, &what);
    CLV_TRY(rows_spectra(&file->table, file->in, &what, &spectra, file->err));
    status = fill_spectra(file, name, spectra);
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    return rows_add_block(file->out, file->in, spectra, NULL, NULL, NULL, 0, file->err);
}

static clv_status end_region(eis_file *file, int at_end)
{
    if (!file->metadata) { return CLV_OK; }
    if (file->table.count == 0) {
        return at_end ? clv_cursor_fail(file->in, file->err, "the last region has no numbers") : CLV_OK;
    }
    CLV_TRY(finish_settings(file));
    CLV_TRY(check_length(file, at_end));
    if (file->table.width < 2) { return clv_cursor_fail(file->in, file->err, "the region has energies but no counts"); }
    for (size_t column = 1; column < file->table.width; column++) { CLV_TRY(add_layer(file, column)); }
    rows_clear(&file->table);
    return CLV_OK;
}

/* ---- The file */

static clv_status begin_region(eis_file *file)
{
    CLV_TRY(end_region(file, 0));
    clv_metadata_free(file->metadata);
    file->metadata = clv_metadata_new();
    CLV_CHECK(file->metadata, file->err, CLV_NO_MEMORY, "no memory for a region");
    return CLV_OK;
}

static clv_status take_line(eis_file *file, const char *line)
{
    int expected = file->expect;

    file->expect = 0;
    if (strncmp(line, "Region\t", 7) == 0 || strncmp(line, "Layer\t", 6) == 0) {
        snprintf(file->head, sizeof file->head, "%s", line);
        file->expect = (unsigned char)line[0];
        return file->expect == 'R' ? begin_region(file) : CLV_OK;
    }
    if (!line[strspn(line, " \t")]) { return CLV_OK; }
    if (!file->metadata) {
        return clv_cursor_fail(file->in, file->err, "a line 'Region Enabled …' should stand before anything else");
    }
    if (expected) { return take_settings(file, expected == 'R' ? region_keys : layer_keys, line); }
    if (rows_is_number(line) && *file->labels) { return rows_add_line(&file->table, file->in, line, file->err); }
    if (strncmp(line, "Energy\t", 7) == 0) { snprintf(file->labels, sizeof file->labels, "%s", line); }
    if (rows_is_number(line) || *file->labels == 0 || file->table.count == 0) { return CLV_OK; }
    return clv_cursor_fail(file->in, file->err, "a number should stand where '%.30s' does", line);
}

static clv_status take_file(eis_file *file)
{
    const char *line = "";
    clv_status status;

    while (!(status = clv_cursor_text(file->in, &line, file->err))) {
        snprintf(file->line, sizeof file->line, "%s", line);
        CLV_TRY(take_line(file, file->line));
    }
    if (status != CLV_NOT_FOUND) { return status; }
    if (file->metadata) { return end_region(file, 1); }
    return clv_cursor_fail(file->in, file->err, "the file holds no region");
}

static clv_status read_eis(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    eis_file *file = calloc(1, sizeof *file);
    clv_status status;

    (void)options;
    CLV_CHECK(file, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));
    file->in = in;
    file->out = out;
    file->err = err;
    status = take_file(file);
    clv_metadata_free(file->metadata);
    rows_free(&file->table);
    free(file);
    return status;
}

static int probe_eis(const clv_head *head)
{
    size_t region = clv_head_find(head, "Region\tEnabled\t");

    return region < 4 && clv_head_find(head, "CAE/CRR") < 400 ? 100 : 0;
}

static const clv_format eis = {
    .size = sizeof eis,
    .name = "eis",
    .title = "Omicron EIS text",
    .suffixes = "txt",
    .source = "the tables of the files themselves",
    .probe = probe_eis,
    .read = read_eis,
};

static const clv_format *const formats[] = {&eis, NULL};

CLV_PLUGIN(eis) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.eis",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
