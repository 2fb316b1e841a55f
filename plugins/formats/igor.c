/* Reads Igor binary waves (ibw), versions 1, 2, 3 and 5, as Scienta's SES and Igor Pro write them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "scienta.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIMENSIONS 4
#define NOTE_LIMIT ((size_t)1 << 24)

/* Bits of a wave's type (WaveMetrics technical note 3). */
enum { COMPLEX = 1, FLOAT32 = 2, FLOAT64 = 4, INT8 = 8, INT16 = 16, INT32 = 32, UNSIGNED = 64, INT64 = 128 };

/* One dimension: place i lies at start + i step. */
typedef struct dimension {
    size_t size;
    double start, step;
    char label[ROWS_LABEL]; /* its unit or what stands for it: "eV", "Kinetic Energy [eV]" */
} dimension;

typedef struct igor_wave {
    clv_cursor *in;
    clv_error *err;
    char order; /* of bytes: '<' or '>' */
    int version, type;
    size_t points, rank; /* rank: number of dimensions */
    dimension dimension[MOST_DIMENSIONS];
    char name[ROWS_LABEL];
    size_t data, note, note_size;               /* places in the file */
    size_t label_size[MOST_DIMENSIONS], labels; /* of the long units, and where they stand */
    const char *type_name;                      /* as the cursor calls it */
    clv_metadata *metadata;
} igor_wave;

/* ---- The headers */

static clv_status take_number(igor_wave *wave, size_t at, const char *type, double *number)
{
    CLV_TRY(clv_cursor_seek(wave->in, at, wave->err));
    return clv_cursor_binary(wave->in, wave->order, type, 1, number, wave->err);
}

/* A size or count: not below zero, not above what the file can hold. */
static clv_status take_count(igor_wave *wave, size_t at, const char *what, size_t *count)
{
    double number = 0;

    CLV_TRY(take_number(wave, at, "i4", &number));
    if (!(number >= 0 && number <= (double)clv_cursor_size(wave->in))) {
        CLV_TRY(clv_cursor_seek(wave->in, at, wave->err));
        return clv_cursor_fail(wave->in, wave->err, "%s is %.0f in a file of %zu bytes", what, number,
                               clv_cursor_size(wave->in));
    }
    *count = (size_t)number;
    return CLV_OK;
}

static clv_status take_text(igor_wave *wave, size_t at, size_t size, char text[ROWS_LABEL])
{
    const uint8_t *bytes = NULL;

    CLV_TRY(clv_cursor_seek(wave->in, at, wave->err));
    CLV_TRY(clv_cursor_bytes(wave->in, size, &bytes, wave->err));
    rows_trim((const char *)bytes, strnlen((const char *)bytes, size), text, ROWS_LABEL);
    return CLV_OK;
}

/* The words of 16 bits in both headers add up to 0 modulo 65,536. */
static clv_status check_sum(igor_wave *wave, size_t size)
{
    const uint8_t *bytes = NULL;
    unsigned sum = 0;
    int big = wave->order == '>';

    CLV_TRY(clv_cursor_seek(wave->in, 0, wave->err));
    CLV_TRY(clv_cursor_bytes(wave->in, size, &bytes, wave->err));
    for (size_t i = 0; i + 1 < size; i += 2) { sum += (unsigned)bytes[i + !big] << 8 | bytes[i + big]; }
    if ((sum & 0xFFFF) == 0) { return CLV_OK; }
    return clv_cursor_fail(wave->in, wave->err, "the checksum of the wave's header is wrong: the file is damaged");
}

/* The number tells version and order of bytes: a small one in the first byte means that the smallest comes first. */
static clv_status take_version(igor_wave *wave)
{
    const uint8_t *bytes = NULL;

    CLV_TRY(clv_cursor_seek(wave->in, 0, wave->err));
    CLV_TRY(clv_cursor_bytes(wave->in, 2, &bytes, wave->err));
    wave->order = bytes[0] ? '<' : '>';
    wave->version = bytes[0] + bytes[1];
    if (bytes[0] && bytes[1]) { wave->version = 0; }
    if (wave->version == 1 || wave->version == 2 || wave->version == 3 || wave->version == 5) { return CLV_OK; }
    return clv_cursor_fail(wave->in, wave->err, "the file should begin with an Igor binary version of 1, 2, 3 or 5");
}

/* Versions 1 to 3: one dimension, its header 110 bytes long after one of 8, 16 or 20. */
static clv_status take_old_header(igor_wave *wave)
{
    size_t at = wave->version == 1 ? 8 : wave->version == 2 ? 16 : 20, size = 0;
    double type = 0;
    dimension *d = &wave->dimension[0];

    CLV_TRY(check_sum(wave, at + 110));
    CLV_TRY(take_count(wave, 2, "the size of the wave", &size));
    if (wave->version > 1) { CLV_TRY(take_count(wave, 6, "the size of the note", &wave->note_size)); }
    CLV_TRY(take_number(wave, at, "i2", &type));
    CLV_TRY(take_text(wave, at + 6, 20, wave->name));
    CLV_TRY(take_text(wave, at + 38, 4, d->label));
    CLV_TRY(take_count(wave, at + 42, "the number of points", &wave->points));
    CLV_TRY(take_number(wave, at + 48, "f8", &d->step));
    CLV_TRY(take_number(wave, at + 56, "f8", &d->start));
    wave->type = (int)type;
    wave->rank = 1;
    d->size = wave->points;
    wave->data = at + 110;
    wave->note = at + size;
    return CLV_OK;
}

static clv_status take_dimensions(igor_wave *wave)
{
    size_t product = 1;

    for (wave->rank = 0; wave->rank < MOST_DIMENSIONS; wave->rank++) {
        dimension *d = &wave->dimension[wave->rank];
        size_t i = wave->rank;

        CLV_TRY(take_count(wave, 64 + 68 + 4 * i, "the size of a dimension", &d->size));
        if (d->size == 0) { break; }
        if (product > wave->points / d->size) {
            return clv_cursor_fail(wave->in, wave->err, "the dimensions hold more than the wave's %zu points",
                                   wave->points);
        }
        product *= d->size;
        CLV_TRY(take_number(wave, 64 + 84 + 8 * i, "f8", &d->step));
        CLV_TRY(take_number(wave, 64 + 116 + 8 * i, "f8", &d->start));
        CLV_TRY(take_text(wave, 64 + 152 + 4 * i, 4, d->label));
        CLV_TRY(take_count(wave, 24 + 4 * i, "the size of a unit", &wave->label_size[i]));
    }
    if (product == wave->points && wave->rank > 0) { return CLV_OK; }
    return clv_cursor_fail(wave->in, wave->err, "the dimensions hold %zu points, the wave %zu", product, wave->points);
}

/* Version 5: up to four dimensions, headers of 64 and 320 bytes; after the data a formula, the note, long units. */
static clv_status take_new_header(igor_wave *wave)
{
    size_t size = 0, formula = 0, unit = 0;
    double type = 0;

    CLV_TRY(check_sum(wave, 384));
    CLV_TRY(take_count(wave, 4, "the size of the wave", &size));
    CLV_TRY(take_count(wave, 8, "the size of the formula", &formula));
    CLV_TRY(take_count(wave, 12, "the size of the note", &wave->note_size));
    CLV_TRY(take_count(wave, 16, "the size of the data's unit", &unit));
    CLV_TRY(take_count(wave, 64 + 12, "the number of points", &wave->points));
    CLV_TRY(take_number(wave, 64 + 16, "i2", &type));
    CLV_TRY(take_text(wave, 64 + 28, 32, wave->name));
    CLV_TRY(take_dimensions(wave));
    wave->type = (int)type;
    wave->data = 384;
    wave->note = 64 + size + formula;
    wave->labels = wave->note + wave->note_size + unit;
    return CLV_OK;
}

static clv_status take_long_labels(igor_wave *wave)
{
    size_t at = wave->labels;

    for (size_t i = 0; i < wave->rank; i++) {
        if (wave->label_size[i] > 0) { CLV_TRY(take_text(wave, at, wave->label_size[i], wave->dimension[i].label)); }
        at += wave->label_size[i];
    }
    return CLV_OK;
}

/* ---- Numbers and note */

static clv_status check_values(igor_wave *wave)
{
    static const struct {
        int type;
        const char *name;
    } types[] = {{FLOAT32, "f4"},
                 {FLOAT64, "f8"},
                 {INT8, "i1"},
                 {INT16, "i2"},
                 {INT32, "i4"},
                 {INT64, "i8"},
                 {INT8 | UNSIGNED, "u1"},
                 {INT16 | UNSIGNED, "u2"},
                 {INT32 | UNSIGNED, "u4"},
                 {INT64 | UNSIGNED, "u8"}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (wave->type == types[i].type) { wave->type_name = types[i].name; }
    }
    CLV_TRY(clv_cursor_seek(wave->in, wave->data, wave->err));
    if (!wave->type_name) {
        return clv_cursor_fail(wave->in, wave->err, "the wave holds %s; only real numbers can be read",
                               wave->type == 0        ? "texts"
                               : wave->type & COMPLEX ? "complex numbers"
                                                      : "numbers of an unknown type");
    }
    if (wave->points == 0 || wave->points > clv_cursor_left(wave->in) / (size_t)(wave->type_name[1] - '0')) {
        return clv_cursor_fail(wave->in, wave->err, "%zu numbers should follow, the file has only %zu bytes more",
                               wave->points, clv_cursor_left(wave->in));
    }
    return CLV_OK;
}

/* Lines "key=value" of SES, up to what it says of the run. */
static clv_status take_entries(igor_wave *wave, const char *note)
{
    char line[500];

    while (*note) {
        size_t length = strcspn(note, "\r\n");

        rows_trim(note, length, line, sizeof line);
        if (strncmp(line, "[Run Mode", 9) == 0) { break; }
        if (*line && *line != '[') { CLV_TRY(scienta_keep(wave->metadata, line, wave->err)); }
        note += length;
        note += strspn(note, "\r\n");
    }
    return scienta_finish(wave->metadata, wave->err);
}

static clv_status take_note(igor_wave *wave)
{
    const uint8_t *bytes = NULL;
    char *note;
    clv_status status;

    if (wave->note_size == 0) { return CLV_OK; }
    CLV_TRY(clv_cursor_seek(wave->in, wave->note, wave->err));
    CLV_TRY(clv_cursor_bytes(wave->in, wave->note_size, &bytes, wave->err));
    note = strndup((const char *)bytes, wave->note_size < NOTE_LIMIT ? wave->note_size : NOTE_LIMIT);
    CLV_CHECK(note, wave->err, CLV_NO_MEMORY, "no memory for the note");
    status = strstr(note, "[SES]") ? take_entries(wave, note)
                                   : clv_metadata_set_text(wave->metadata, "comment", note, wave->err);
    free(note);
    return status;
}

/* ---- Spectra */

/* The dimension of the energies: one whose label says so, else the first. */
static size_t find_energy(const igor_wave *wave, rows_signal *what, int *guessed)
{
    const char *scale = clv_metadata_text(wave->metadata, "energy_scale");

    *guessed = 0;
    for (size_t i = 0; i < wave->rank; i++) {
        if (scienta_is_energy(wave->dimension[i].label, wave->metadata, what)) { return i; }
    }
    *guessed = scale == NULL;
    rows_name_axis(!scale || strcasestr(scale, "binding"), clv_metadata_number(wave->metadata, "photon_energy"), what);
    return 0;
}

static clv_status make_values(const igor_wave *wave, const dimension *d, double factor, double photon, double **made)
{
    double *values = calloc(d->size, sizeof *values);

    CLV_CHECK(values, wave->err, CLV_NO_MEMORY, "no memory for %zu places", d->size);
    for (size_t i = 0; i < d->size; i++) {
        double value = d->start + (double)i * d->step;

        values[i] = isnan(photon) ? factor * value : photon - value;
    }
    *made = values;
    return CLV_OK;
}

/* Energies ascend and are decimal numbers: rounded to 1e-9 eV. */
static clv_status make_energy(const igor_wave *wave, const dimension *d, const rows_signal *what, clv_axis **axis)
{
    double *values = NULL, swap;
    size_t n = d->size;
    int reversed;
    clv_status status;

    if (!(fabs(d->start) < 1e6 && fabs(d->step) < 1e6) || (n > 1 && fabs(d->step) < 1e-9)) {
        return clv_cursor_fail(wave->in, wave->err, "energies from %g eV in steps of %g eV cannot be", d->start,
                               d->step);
    }
    CLV_TRY(make_values(wave, d, 1, what->photon, &values));
    for (size_t i = 0; i < n; i++) { values[i] = nearbyint(values[i] * 1e9) / 1e9 + 0.0; }
    reversed = values[0] > values[n - 1];
    for (size_t i = 0; reversed && i < n / 2; i++) {
        swap = values[i];
        values[i] = values[n - 1 - i];
        values[n - 1 - i] = swap;
    }
    status = clv_axis_new(what->axis, "eV", values, n, axis, wave->err);
    free(values);
    return status;
}

static clv_status make_other(const igor_wave *wave, const dimension *d, clv_axis **axis)
{
    char name[ROWS_LABEL], unit[ROWS_LABEL];
    double factor = 1, *values = NULL;
    clv_status status;

    scienta_name_axis(d->label, name, unit, &factor);
    CLV_TRY(make_values(wave, d, factor, NAN, &values));
    status = clv_axis_new(name, unit, values, d->size, axis, wave->err);
    free(values);
    return status;
}

/* Reads the numbers, a run of the first dimension at a time: in the file it is the fastest, here the energies are. */
static clv_status read_values(const igor_wave *wave, size_t energy, int reversed, double *to)
{
    size_t run = wave->dimension[0].size, n = wave->dimension[energy].size, below = 1;
    double *numbers = calloc(run, sizeof *numbers);
    clv_status status;

    CLV_CHECK(numbers, wave->err, CLV_NO_MEMORY, "no memory for %zu numbers", run);
    status = clv_cursor_seek(wave->in, wave->data, wave->err);
    for (size_t i = 0; i < energy; i++) { below *= wave->dimension[i].size; }
    for (size_t start = 0; start < wave->points && !status; start += run) {
        status = clv_cursor_binary(wave->in, wave->order, wave->type_name, run, numbers, wave->err);
        for (size_t k = start; k < start + run && !status; k++) {
            size_t spectrum = k / (below * n) * below + k % below, channel = k / below % n;

            to[spectrum * n + (reversed ? n - 1 - channel : channel)] = numbers[k - start];
        }
    }
    free(numbers);
    return status;
}

/* Whole numbers from 0 up are counts. */
static clv_status set_unit(const igor_wave *wave, clv_spectra *spectra)
{
    const rows table = {.numbers = clv_spectra_fill(spectra), .width = 1, .count = wave->points};

    if (!rows_are_whole(&table, 0, 1)) { return CLV_OK; }
    clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1, 0);
    return clv_spectra_set_unit(spectra, "counts", wave->err);
}

static clv_status fill_spectra(const igor_wave *wave, const char *name, int guessed, clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    CLV_TRY(set_unit(wave, spectra));
    CLV_TRY(rows_copy_metadata(wave->metadata, metadata, wave->err));
    CLV_TRY(clv_metadata_set_text(metadata, "region", name, wave->err));
    CLV_TRY(clv_metadata_set_text(metadata, "wave", wave->name, wave->err));
    if (!guessed) { return CLV_OK; }
    return clv_spectra_add_history(spectra, "-- the file does not say which energy: taken as binding_energy",
                                   wave->err);
}

static clv_status add_spectra(const igor_wave *wave, clv_record *out)
{
    const char *region = clv_metadata_text(wave->metadata, "region"), *name = region ? region : wave->name;
    rows_signal what = {.name = *name ? name : "wave"};
    clv_axis *axes[MOST_DIMENSIONS] = {NULL};
    clv_spectra *spectra = NULL;
    int guessed = 0;
    size_t energy = find_energy(wave, &what, &guessed), place = 0;
    const dimension *d = &wave->dimension[energy];
    clv_status status = CLV_OK;

    for (size_t i = wave->rank; i-- > 0 && !status;) {
        if (i != energy) { status = make_other(wave, &wave->dimension[i], &axes[place++]); }
    }
    if (!status) { status = make_energy(wave, d, &what, &axes[place++]); }
    if (!status) { status = clv_spectra_new(what.name, "a.u.", axes, place, &spectra, wave->err); }
    for (size_t i = 0; i < MOST_DIMENSIONS; i++) { clv_axis_free(axes[i]); }
    if (status) { return status; }
    status = read_values(wave, energy, (d->step < 0) == isnan(what.photon), clv_spectra_fill(spectra));
    if (!status) { status = fill_spectra(wave, what.name, guessed, spectra); }
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    return clv_record_add(out, spectra, wave->err);
}

/* ---- The file */

static clv_status take_file(igor_wave *wave, clv_record *out)
{
    wave->metadata = clv_metadata_new();
    CLV_CHECK(wave->metadata, wave->err, CLV_NO_MEMORY, "no memory for a wave");
    CLV_TRY(take_version(wave));
    CLV_TRY(wave->version == 5 ? take_new_header(wave) : take_old_header(wave));
    CLV_TRY(check_values(wave));
    if (wave->version > 1) { CLV_TRY(take_note(wave)); }
    if (wave->version == 5) { CLV_TRY(take_long_labels(wave)); }
    return add_spectra(wave, out);
}

static clv_status read_igor(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    igor_wave wave = {.in = in, .err = err};
    clv_status status = take_file(&wave, out);

    (void)options;
    clv_metadata_free(wave.metadata);
    return status;
}

static int probe_igor(const clv_head *head)
{
    int version = head->count > 118 ? head->bytes[0] + head->bytes[1] : 0;
    clv_cursor *cursor = NULL;
    igor_wave wave = {.order = '<', .version = version};
    size_t size = version == 5 ? 384 : version == 1 ? 118 : version == 2 ? 126 : 130;
    clv_status status;

    if (version < 1 || version > 5 || version == 4 || (head->bytes[0] && head->bytes[1])) { return 0; }
    if (clv_cursor_new(head->name, head->bytes, head->count, &cursor, NULL)) { return 0; }
    wave.in = cursor;
    wave.order = head->bytes[0] ? '<' : '>';
    status = check_sum(&wave, size);
    clv_cursor_free(cursor);
    if (!status) { return 95; }
    return clv_head_suffix(head, "ibw") ? 50 : 0;
}

static const clv_format igor = {
    .size = sizeof igor,
    .name = "igor",
    .title = "Igor binary wave, also of Scienta SES",
    .suffixes = "ibw",
    .source = "WaveMetrics, Igor Pro technical note 3 (Igor binary format)",
    .probe = probe_igor,
    .read = read_igor,
};

static const clv_format *const formats[] = {&igor, NULL};

CLV_PLUGIN(igor) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.igor",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
