/* Writes one block of a VAMAS file: what is known of a spectrum, then its numbers.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vamas_out.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A block as it is being written. */
typedef struct block_out {
    vamas_out *out;
    const clv_spectra *spectra;
    size_t spectrum;
    vamas_abscissa abscissa;
} block_out;

/* Entries that have a place of their own in the file, or that a reader finds from others. */
static const char elsewhere[] = "|sample|comment|technique|region|block|started|source|source_sha256|"
                                "source_fingerprint|sputter_ion|sputter_rate|sputter_rate_material|detected_charge|"
                                "institution|instrument|operator|experiment|";

static vamas_piece text_of(const block_out *b, const char *name)
{
    return vamas_text_of(b->spectra, b->spectrum, name);
}

static double number_of(const block_out *b, const char *name) { return vamas_number_of(b->spectra, b->spectrum, name); }

/* ---- What names the block */

/* How a name stands in the file: as species and transition of a line; as species where the block's own identifier says
   nothing; else as the identifier. */
static void name_block(const block_out *b, vamas_piece *identifier, char species[VAMAS_LABEL],
                       char transition[VAMAS_LABEL])
{
    const char *name = clv_spectra_name(b->spectra);
    char own[VAMAS_LABEL];
    int used = 0;

    *identifier = text_of(b, "block");
    if (sscanf(name, "%100s %100s%n", species, transition, &used) == 2 && name[used] == 0 &&
        vamas_is_line(species, transition)) {
        if (identifier->length == 0) { *identifier = (vamas_piece){name, strlen(name)}; }
        return;
    }
    snprintf(own, sizeof own, "%.*s", (int)(identifier->length < 200 ? identifier->length : 200),
             identifier->text ? identifier->text : "");
    snprintf(species, VAMAS_LABEL, "%s", *own && vamas_says_nothing(own) ? name : "Not Specified");
    snprintf(transition, VAMAS_LABEL, "Not Specified");
    if (!*own || !vamas_says_nothing(own)) { *identifier = (vamas_piece){name, strlen(name)}; }
}

/* Year to hours in advance of GMT out of 2021-04-27T18:28:06+02:00; -1 for what is not known. */
static void put_date(const block_out *b)
{
    vamas_piece started = text_of(b, "started");
    int part[7] = {-1, -1, -1, -1, -1, -1, 0}, found = 0;
    char text[VAMAS_LABEL];

    snprintf(text, sizeof text, "%.*s", (int)(started.length < 60 ? started.length : 60),
             started.text ? started.text : "");
    found = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%3d", &part[0], &part[1], &part[2], &part[3], &part[4], &part[5],
                   &part[6]);
    for (int i = 0; i < 7; i++) { vamas_put_number(b->out, i == 6 ? part[6] : found > i ? part[i] : -1); }
}

/* ---- Comment: the block's own, and texts that have no place in the file */

static int has_place(const block_out *b, const char *name)
{
    for (const vamas_parameter *p = vamas_parameters; p->name; p++) {
        if (strcmp(p->name, name) == 0 && vamas_holds(p, b->out->mode, vamas_technique(b->spectra))) { return 1; }
    }
    return vamas_among(name, elsewhere);
}

/* The rate of etching in the words that the reader knows, unless a comment tells it. */
static int write_rate(const block_out *b, char *text, size_t size)
{
    double rate = clv_metadata_number(clv_spectra_metadata(b->spectra), "sputter_rate");
    const char *material = clv_metadata_text(clv_spectra_metadata(b->spectra), "sputter_rate_material");
    const char *said = clv_metadata_text(clv_record_metadata(b->out->record), "comment");
    const char *own = clv_metadata_text(clv_spectra_metadata(b->spectra), "comment");
    const clv_axis *first = clv_spectra_axis(b->spectra, 0);
    char number[CLV_TEXT_NUMBER_SIZE];
    int measured = strcmp(clv_axis_name(first), "depth") == 0 && strcmp(clv_axis_unit(first), "nm") == 0;

    *text = 0;
    if (!(rate > 0) || (said && strcasestr(said, "etch rate")) || (own && strcasestr(own, "etch rate"))) { return 0; }
    clv_text_from_number(rate, number);
    snprintf(text, size, "Etch rate = %s nm/s (%.80s%s)", number, material ? material : "SiO2",
             measured ? "" : " equivalent");
    return 1;
}

/* Texts without a place, "name = text" each; counted first. */
static size_t put_texts(const block_out *b, int write)
{
    const clv_metadata *metadata = clv_spectra_metadata(b->spectra);
    size_t count = 0;

    for (size_t i = 0; i < clv_metadata_count(metadata); i++) {
        const char *name = clv_metadata_name(metadata, i);
        vamas_piece text = text_of(b, name);
        char *line;

        if (text.length == 0 || has_place(b, name) || !isnan(number_of(b, name))) { continue; }
        count++;
        if (!write) { continue; }
        if (asprintf(&line, "%s = %.*s", name, (int)(text.length < 100000 ? text.length : 100000), text.text) < 0) {
            b->out->status = clv_fail(b->out->err, CLV_NO_MEMORY, "no memory to write a comment");
            return count;
        }
        vamas_put_text(b->out, line);
        free(line);
    }
    return count;
}

static void put_comment(const block_out *b)
{
    char rate[300];
    int has_rate = write_rate(b, rate, sizeof rate);

    vamas_put_comment(b->out, text_of(b, "comment"), (size_t)has_rate + put_texts(b, 0));
    if (has_rate) { vamas_put_text(b->out, rate); }
    put_texts(b, 1);
}

/* ---- Parameters */

static void put_parameters(const block_out *b, int low, int high)
{
    for (const vamas_parameter *p = vamas_parameters; p->name; p++) {
        if (p->number < low || p->number > high || !vamas_holds(p, b->out->mode, vamas_technique(b->spectra))) {
            continue;
        }
        if (p->unit) {
            vamas_put_number(b->out, number_of(b, p->name));
        } else {
            vamas_put_label(b->out, text_of(b, p->name));
        }
    }
}

/* Numbers that have no place of their own, each with its label and unit; counted first. */
static size_t put_additions(const block_out *b, int write)
{
    const clv_metadata *metadata = clv_spectra_metadata(b->spectra);
    size_t count = 0;

    for (size_t i = 0; i < clv_metadata_count(metadata); i++) {
        const char *name = clv_metadata_name(metadata, i);
        vamas_piece unit = vamas_unit_of(b->spectra, b->spectrum, name);
        double number = number_of(b, name);

        if (isnan(number) || has_place(b, name)) { continue; }
        count++;
        if (!write) { continue; }
        vamas_put_text(b->out, name);
        vamas_put_label(b->out, unit.length == 1 && *unit.text == '1' ? (vamas_piece){"d", 1} : unit);
        vamas_put_number(b->out, number);
    }
    return count;
}

/* ---- Columns: the abscissa where it is irregular, the signal, what stands beside it, its variance */

static size_t energy_place(const clv_spectra *spectra) { return clv_spectra_axis_count(spectra) - 1; }

/* Label and unit of the signal, such that a reader gives it the unit that it has. */
static void put_signal(const block_out *b)
{
    const char *unit = clv_spectra_unit(b->spectra);
    char mode[VAMAS_LABEL] = "";
    vamas_piece said = text_of(b, "signal_mode");
    int counts = strcmp(unit, "counts") == 0;

    if (said.text) { snprintf(mode, sizeof mode, "%.*s", (int)(said.length < 100 ? said.length : 100), said.text); }
    vamas_put_text(b->out, strcmp(unit, "1") == 0 ? "signal" : "Intensity");
    if (counts && (!*mode || strcasestr(mode, "pulse"))) {
        vamas_put_text(b->out, "d");
    } else if (strcmp(unit, "counts/s") == 0) {
        vamas_put_text(b->out, "c/s");
    } else {
        vamas_put_text(b->out, strcmp(unit, "1") == 0 ? "d" : unit);
    }
}

static size_t put_labels(const block_out *b, int write)
{
    size_t place = energy_place(b->spectra), beside = clv_spectra_beside_count(b->spectra, place);
    int variance = clv_spectra_variance(b->spectra) != NULL;

    if (!write) { return (size_t)(b->out->irregular != 0) + 1 + beside + (size_t)variance; }
    if (b->out->irregular) {
        vamas_put_text(b->out, b->abscissa.label);
        vamas_put_text(b->out, "eV");
    }
    put_signal(b);
    for (size_t i = 0; i < beside; i++) {
        const clv_axis *axis = clv_spectra_beside(b->spectra, place, i);

        vamas_put_text(b->out, strcmp(clv_axis_name(axis), "transmission") == 0 ? "Transmission" : clv_axis_name(axis));
        vamas_put_text(b->out, strcmp(clv_axis_unit(axis), "1") == 0 ? "d" : clv_axis_unit(axis));
    }
    if (variance) {
        vamas_put_text(b->out, VAMAS_VARIANCE);
        vamas_put_text(b->out, "d");
    }
    return 0;
}

/* The value of a column at a point of the block. */
static double value_at(const block_out *b, size_t column, size_t i)
{
    size_t channels = clv_spectra_channels(b->spectra), place = energy_place(b->spectra);
    size_t channel = vamas_channel(b->spectra, &b->abscissa, i), at = b->spectrum * channels + channel;

    if (b->out->irregular && column-- == 0) { return vamas_energy(b->spectra, b->spectrum, &b->abscissa, i); }
    if (column-- == 0) { return clv_spectra_intensity(b->spectra)[at]; }
    if (column < clv_spectra_beside_count(b->spectra, place)) {
        return clv_axis_values(clv_spectra_beside(b->spectra, place, column))[channel];
    }
    return clv_spectra_variance(b->spectra)[at];
}

static void put_ordinates(const block_out *b)
{
    size_t columns = put_labels(b, 0), points = clv_spectra_channels(b->spectra);

    vamas_put_number(b->out, (double)(columns * points));
    for (size_t c = 0; c < columns; c++) {
        double low = NAN, high = NAN;

        for (size_t i = 0; i < points; i++) {
            low = fmin(low, value_at(b, c, i));
            high = fmax(high, value_at(b, c, i));
        }
        vamas_put_number(b->out, low);
        vamas_put_number(b->out, high);
    }
    for (size_t i = 0; i < points; i++) {
        for (size_t c = 0; c < columns; c++) { vamas_put_number(b->out, value_at(b, c, i)); }
    }
}

/* ---- The block */

void vamas_put_block(vamas_out *out, const clv_spectra *spectra, size_t spectrum)
{
    block_out b = {out, spectra, spectrum, vamas_find_abscissa(spectra, spectrum)};
    char species[VAMAS_LABEL], transition[VAMAS_LABEL];
    vamas_piece identifier;

    name_block(&b, &identifier, species, transition);
    vamas_put_label(out, identifier);
    vamas_put_label(out, text_of(&b, "sample"));
    put_date(&b);
    put_comment(&b);
    vamas_put_text(out, vamas_technique(spectra));
    for (size_t v = 0; v < out->variables; v++) {
        vamas_put_number(out, vamas_variable_at(spectra, spectrum, out->variable[v].name, out->variable[v].unit));
    }
    put_parameters(&b, 12, 28);
    vamas_put_text(out, species);
    vamas_put_text(out, transition);
    vamas_put_number(out, number_of(&b, "detected_charge"));
    if (!out->irregular) {
        vamas_put_text(out, b.abscissa.label);
        vamas_put_text(out, "eV");
        vamas_put_number(out, b.abscissa.start);
        vamas_put_number(out, b.abscissa.step);
    }
    vamas_put_number(out, (double)put_labels(&b, 0));
    put_labels(&b, 1);
    put_parameters(&b, 33, 39);
    vamas_put_number(out, (double)put_additions(&b, 0));
    put_additions(&b, 1);
    put_ordinates(&b);
}
