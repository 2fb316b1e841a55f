/* Prints spectra and records. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "print.h"
#include "record.h"
#include "spectra.h"
#include "table.h"

static void write_range(double low, double high, const char *unit, clv_buffer *out)
{
    clv_number_print(low, out);
    if (high != low) {
        clv_buffer_add(out, " to ");
        clv_number_print(high, out);
    }
    if (strcmp(unit, "1") != 0) { clv_buffer_format(out, " %s", unit); }
}

static void write_axis(const clv_axis *axis, const char *beside, clv_buffer *out)
{
    const double *values = clv_axis_values(axis);
    size_t size = clv_axis_size(axis);
    double step = clv_axis_step(axis);

    clv_buffer_format(out, "  %s%s ", clv_axis_name(axis), beside);
    write_range(values[0], values[size - 1], clv_axis_unit(axis), out);
    clv_buffer_format(out, ", %zu %s", size, size == 1 ? "value" : "values");
    if (step != 0.0) {
        clv_buffer_add(out, ", step ");
        clv_number_print(step, out);
    }
    clv_buffer_add(out, "\n");
}

static void write_axes(const clv_spectra *spectra, clv_buffer *out)
{
    const clv_frame *frame = &spectra->frame;

    for (size_t i = 0; i < frame->count; i++) {
        write_axis(frame->axes[i], "", out);
        for (size_t j = 0; j < frame->beside_count[i]; j++) { write_axis(frame->beside[i][j], " (beside)", out); }
    }
}

static void write_noise(const clv_spectra *spectra, clv_buffer *out)
{
    static const char *const words[] = {"unknown", "poisson", "variance given"};

    clv_buffer_format(out, "  noise %s", words[spectra->noise]);
    if (spectra->noise == CLV_NOISE_POISSON && spectra->scale != 1.0) {
        clv_buffer_add(out, ", variance over mean ");
        clv_number_print(spectra->scale, out);
    }
    if (spectra->noise == CLV_NOISE_POISSON && spectra->read != 0.0) {
        clv_buffer_add(out, ", read noise ");
        clv_number_print(spectra->read, out);
    }
    clv_buffer_add(out, "\n");
}

static void write_alignment(const clv_spectra *spectra, clv_buffer *out)
{
    double low = INFINITY, high = -INFINITY;

    for (size_t i = 0; spectra->offset && i < spectra->count; i++) {
        low = fmin(low, spectra->offset[i]);
        high = fmax(high, spectra->offset[i]);
    }
    if (spectra->offset) {
        clv_buffer_add(out, "  energy offset ");
        write_range(low, high, "eV", out);
        clv_buffer_add(out, "\n");
    }
    if (isfinite(spectra->low) || isfinite(spectra->high)) {
        clv_buffer_add(out, "  window ");
        write_range(spectra->low, spectra->high, "eV", out);
        clv_buffer_add(out, "\n");
    }
}

/* The first line of a text, cut after 60 bytes at a character's end. */
static void write_start(const char *text, clv_buffer *out)
{
    size_t length = strcspn(text, "\r\n"), shown = length < 60 ? length : 60;

    while (shown < length && shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80) { shown--; }
    clv_buffer_bytes(out, text, shown);
    if (text[shown]) { clv_buffer_add(out, " …"); }
}

static void write_entry(const clv_metadata *metadata, const char *name, clv_buffer *out)
{
    const char *text = clv_metadata_text(metadata, name);

    clv_buffer_format(out, "  %s ", name);
    if (text) {
        write_start(text, out);
    } else {
        double number = clv_metadata_number(metadata, name);

        write_range(number, number, clv_metadata_unit(metadata, name), out);
    }
    clv_buffer_add(out, "\n");
}

/* What people look for first; the rest is counted, and told whole by `corelevel info --json`. */
static void write_metadata(const clv_metadata *metadata, clv_buffer *out)
{
    static const char *const first[] = {"sample",         "photon_energy", "anode",      "pass_energy",
                                        "dwell",          "scans",         "instrument", "sputter_ion",
                                        "sputter_energy", "sputter_rate",  "comment"};
    size_t written = 0, count = clv_metadata_count(metadata);

    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        if (!clv_metadata_text(metadata, first[i]) && isnan(clv_metadata_number(metadata, first[i]))) { continue; }
        write_entry(metadata, first[i], out);
        written++;
    }
    if (written < count) { clv_buffer_format(out, "  and %zu more entries\n", count - written); }
}

/* Finds the highest channel of spectrum `i`, NaN passed over. */
static size_t find_highest(const clv_spectra *spectra, size_t i)
{
    const double *y = spectra->intensity + i * spectra->channels;
    size_t highest = 0;

    for (size_t j = 1; j < spectra->channels; j++) {
        if (y[j] > y[highest] || isnan(y[highest])) { highest = j; }
    }
    return highest;
}

/* One row for each spectrum: where it stands, its highest channel and its mean. */
static void write_heights(const clv_spectra *spectra, clv_buffer *out)
{
    const clv_frame *frame = &spectra->frame;
    const clv_axis *energy = clv_spectra_energy(spectra);
    clv_table table = {.width = frame->count + 2};
    size_t stride;

    for (size_t i = 0; i + 1 < frame->count; i++) {
        clv_table_add_header(&table, clv_axis_name(frame->axes[i]), clv_axis_unit(frame->axes[i]));
    }
    clv_table_add_header(&table, "mean", spectra->unit);
    clv_table_add_header(&table, "highest", spectra->unit);
    clv_table_add_header(&table, "at", clv_axis_unit(energy));
    for (size_t i = 0; i < spectra->count; i++) {
        size_t highest = find_highest(spectra, i);
        double sum = 0.0;

        stride = spectra->count;
        for (size_t a = 0; a + 1 < frame->count; a++) {
            stride /= clv_axis_size(frame->axes[a]);
            clv_table_add_number(&table, clv_axis_values(frame->axes[a])[i / stride % clv_axis_size(frame->axes[a])]);
        }
        for (size_t j = 0; j < spectra->channels; j++) { sum += spectra->intensity[i * spectra->channels + j]; }
        clv_table_add_number(&table, sum / (double)spectra->channels);
        clv_table_add_number(&table, spectra->intensity[i * spectra->channels + highest]);
        clv_table_add_number(&table, clv_axis_values(energy)[highest] + (spectra->offset ? spectra->offset[i] : 0.0));
    }
    clv_table_write(&table, out);
    clv_table_clear(&table);
}

/* For a map: the median and the range of the spectra's means. */
static void write_map(const clv_spectra *spectra, clv_buffer *out)
{
    double *means = reallocarray(NULL, spectra->count, sizeof *means), median, low, high;
    size_t n;

    if (!means) {
        out->failed = 1;
        return;
    }
    for (size_t i = 0; i < spectra->count; i++) {
        double sum = 0.0;

        for (size_t j = 0; j < spectra->channels; j++) { sum += spectra->intensity[i * spectra->channels + j]; }
        means[i] = sum / (double)spectra->channels;
    }
    n = clv_median_print(means, spectra->count, &median, &low, &high);
    free(means);
    clv_buffer_format(out, "mean of %zu spectra: median ", spectra->count);
    clv_number_print(median, out);
    clv_buffer_add(out, ", range ");
    write_range(low, high, spectra->unit, out);
    if (n < spectra->count) { clv_buffer_format(out, "; %zu hold NaN", spectra->count - n); }
    clv_buffer_add(out, "\n");
}

void clv_spectra_print(const clv_spectra *spectra, clv_buffer *out)
{
    clv_buffer_format(out, "%s", spectra->name);
    if (strcmp(spectra->unit, "1") != 0) { clv_buffer_format(out, " [%s]", spectra->unit); }
    clv_buffer_add(out, "\n");
    write_axes(spectra, out);
    write_noise(spectra, out);
    write_alignment(spectra, out);
    write_metadata(spectra->metadata, out);
    if (spectra->count <= CLV_TABLE_ROWS) {
        write_heights(spectra, out);
    } else {
        write_map(spectra, out);
    }
    for (size_t i = 0; i < spectra->history.count; i++) { clv_buffer_format(out, "%s\n", spectra->history.items[i]); }
}

/* ---- Records ---- */

/* Adds the text that was written to `cell` to the table. */
static void add_buffer(clv_table *table, clv_buffer *cell)
{
    char *text = NULL;

    if (clv_buffer_take(cell, &text, NULL)) {
        table->failed = 1;
        return;
    }
    clv_table_add(table, text);
    free(text);
}

static void add_spectra(clv_table *table, const clv_spectra *spectra, size_t place)
{
    const clv_axis *energy = clv_spectra_energy(spectra);
    const double *values = clv_axis_values(energy);
    const char *sample = clv_metadata_text(spectra->metadata, "sample");
    clv_buffer cell = {0};

    clv_table_add_number(table, (double)(place + 1));
    clv_table_add(table, spectra->name);
    write_start(sample ? sample : "", &cell);
    add_buffer(table, &cell);
    for (size_t i = 0; i + 1 < spectra->frame.count; i++) {
        clv_buffer_format(&cell, "%s%s %zu", i ? " \xC3\x97 " : "", clv_axis_name(spectra->frame.axes[i]),
                          clv_axis_size(spectra->frame.axes[i]));
    }
    add_buffer(table, &cell);
    clv_buffer_format(&cell, "%s ", clv_axis_name(energy));
    write_range(values[0], values[spectra->channels - 1], clv_axis_unit(energy), &cell);
    add_buffer(table, &cell);
    clv_table_add_number(table, (double)spectra->channels);
    clv_table_add(table, spectra->unit);
}

void clv_record_print(const clv_record *record, clv_buffer *out)
{
    static const char *const names[] = {"place", "name", "sample", "along", "energy", "channels", "unit"};
    clv_table table = {.width = sizeof names / sizeof *names};

    if (record->source) { clv_buffer_format(out, "%s", record->source); }
    if (record->format) { clv_buffer_format(out, "%s%s", record->source ? ", " : "", record->format); }
    clv_buffer_format(out, "%s%zu spectra\n", record->source || record->format ? ": " : "", record->count);
    for (size_t i = 0; i < table.width; i++) { clv_table_add(&table, names[i]); }
    for (size_t i = 0; i < record->count && i < CLV_TABLE_ROWS; i++) {
        add_spectra(&table, record->blocks[i].spectra, i);
    }
    if (record->count) { clv_table_write(&table, out); }
    clv_table_clear(&table);
    if (record->count > CLV_TABLE_ROWS) { clv_buffer_format(out, "and %zu more\n", record->count - CLV_TABLE_ROWS); }
}
