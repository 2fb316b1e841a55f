/* Reads PHI MultiPak spectra (.spe) and profiles (.pro): a text header, then little-endian binary data.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "phi.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 24        /* of a data header, four bytes each */
#define ROWS_LIMIT 8192 /* spectra in one file */

/* What a data header says, by the place of its word. Names are of four characters, such as `pnt`, `cyc`, `sar`, `reg`,
   `c/s`, `f4`. The layout is that of the files themselves: sizes, offsets and the sums of their parts agree. */
enum {
    REGION = 3,
    FIRST_SIZE = 5,
    SECOND_SIZE = 6,
    THIRD_SIZE = 7,
    FIRST_NAME = 8,
    SECOND_NAME = 10,
    UNIT = 14,
    TYPE = 18,
    BYTES = 19,
    OFFSET = 20
};

typedef struct data_header {
    double word[WORDS];
    char bytes[4 * WORDS + 1];
} data_header;

/* Whether a four-character name stands at a word. */
static int is_named(const data_header *header, int word, const char *name)
{
    return strncmp(header->bytes + 4 * word, name, strlen(name)) == 0;
}

static clv_status read_data_header(phi_file *file, data_header *header)
{
    const uint8_t *bytes;

    CLV_TRY(clv_cursor_binary(file->in, '<', "u4", WORDS, header->word, file->err));
    CLV_TRY(clv_cursor_seek(file->in, clv_cursor_byte(file->in) - sizeof header->bytes + 1, file->err));
    CLV_TRY(clv_cursor_bytes(file->in, sizeof header->bytes - 1, &bytes, file->err));
    memcpy(header->bytes, bytes, sizeof header->bytes - 1);
    header->bytes[sizeof header->bytes - 1] = 0;
    return CLV_OK;
}

/* Reads the numbers that a header describes; the caller frees. All headers together may not ask for more bytes than the
   file has. */
static clv_status read_data(phi_file *file, const data_header *header, double **numbers)
{
    const char *type = is_named(header, TYPE, "f8") ? "f8" : "f4";
    double size = type[1] - '0', count = header->word[FIRST_SIZE] * header->word[SECOND_SIZE];

    if (!is_named(header, TYPE, type) || header->word[THIRD_SIZE] > 1 || count < 1 ||
        count * size != header->word[BYTES]) {
        return clv_fail(file->err, CLV_BAD_FILE,
                        "%s: a data header says %.0f x %.0f numbers of type '%.4s' in %.0f bytes",
                        clv_cursor_name(file->in), header->word[FIRST_SIZE], header->word[SECOND_SIZE],
                        header->bytes + 4 * TYPE, header->word[BYTES]);
    }
    file->asked += header->word[BYTES];
    CLV_TRY(clv_cursor_seek(file->in, file->data + (size_t)header->word[OFFSET], file->err));
    if (file->asked > (double)clv_cursor_size(file->in) || header->word[BYTES] > (double)clv_cursor_left(file->in)) {
        return clv_fail(file->err, CLV_BAD_FILE,
                        "%s: byte %zu: %.0f bytes of data should follow, the file has only %zu "
                        "more",
                        clv_cursor_name(file->in), clv_cursor_byte(file->in), header->word[BYTES],
                        clv_cursor_left(file->in));
    }
    *numbers = malloc((size_t)count * sizeof **numbers);
    CLV_CHECK(*numbers, file->err, CLV_NO_MEMORY, "no memory for %.0f numbers", count);
    return clv_cursor_binary(file->in, '<', type, (size_t)count, *numbers, file->err);
}

/* ---- Spectra */

/* The analyser's transmission a KE^-b from the header's two coefficients, unless the data are corrected already. */
static clv_status add_transmission(const phi_file *file, clv_spectra *spectra)
{
    size_t n = clv_spectra_channels(spectra);
    const double *energy = clv_axis_values(clv_spectra_energy(spectra));
    double *values;
    clv_axis *axis = NULL;
    clv_status status;

    if (file->corrected || !(file->coefficient > 0) || !(file->photon_energy > energy[n - 1])) { return CLV_OK; }
    values = malloc(n * sizeof *values);
    CLV_CHECK(values, file->err, CLV_NO_MEMORY, "no memory for the transmission");
    for (size_t i = 0; i < n; i++) {
        values[i] = file->coefficient * pow(file->photon_energy - energy[i], -file->exponent);
    }
    status = clv_axis_new("transmission", "1", values, n, &axis, file->err);
    if (!status) { status = clv_spectra_add_beside(spectra, 0, axis, file->err); }
    clv_axis_free(axis);
    free(values);
    return status;
}

static clv_status add_metadata(const phi_file *file, const phi_region *region, clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    for (size_t i = 0; i < clv_metadata_count(file->common); i++) {
        const char *name = clv_metadata_name(file->common, i), *text = clv_metadata_text(file->common, name);

        CLV_TRY(text ? clv_metadata_set_text(metadata, name, text, file->err)
                     : clv_metadata_set_number(metadata, name, clv_metadata_number(file->common, name),
                                               clv_metadata_unit(file->common, name), file->err));
    }
    CLV_TRY(clv_metadata_set_text(metadata, "region", region->name, file->err));
    CLV_TRY(clv_metadata_set_number(metadata, "pass_energy", region->pass_energy, "eV", file->err));
    CLV_TRY(clv_metadata_set_number(metadata, "dwell", region->dwell, "s", file->err));
    return isnan(region->sweeps) ? CLV_OK : clv_metadata_set_number(metadata, "scans", region->sweeps, "1", file->err);
}

/* Adds row `row` of a region; a cycle has its level and, where known, its time and depth of sputtering. */
static clv_status add_row(phi_file *file, const phi_region *region, clv_axis *axis, const double *numbers, size_t row,
                          const char *along, const char *unit)
{
    const char *names[3] = {"depth", "etch_time", along}, *units[3] = {"nm SiO2 equiv.", "s", "1"};
    double values[3] = {NAN, NAN, (double)row + 1};
    size_t n = region->points, first = 2;
    clv_spectra *spectra = NULL;
    clv_status status;

    CLV_TRY(clv_spectra_new(region->name, unit, &axis, 1, &spectra, file->err));
    for (size_t i = 0; i < n; i++) {
        size_t from = region->step < 0 ? n - 1 - i : i;
        clv_spectra_fill(spectra)[i] = numbers[row * n + from];
    }
    status = add_metadata(file, region, spectra);
    if (!status) { status = add_transmission(file, spectra); }
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    if (strcmp(along, "level") == 0 && row < file->times) {
        values[1] = file->time[row];
        values[0] = values[1] * file->rate;
        first = file->rate > 0 ? 0 : 1;
    }
    return clv_record_add_block(file->out, spectra, names + first, units + first, values + first,
                                *along ? 3 - first : 0, file->err);
}

static clv_status make_axis(const phi_file *file, const phi_region *region, clv_axis **axis)
{
    size_t n = region->points;
    double *energy = malloc(n * sizeof *energy);
    clv_status status;

    CLV_CHECK(energy, file->err, CLV_NO_MEMORY, "no memory for the energies");
    for (size_t i = 0; i < n; i++) {
        size_t from = region->step < 0 ? n - 1 - i : i;
        energy[i] = nearbyint((region->start + (double)from * region->step) * 1e9) / 1e9 + 0.0;
    }
    status = clv_axis_new("binding_energy", "eV", energy, n, axis, file->err);
    free(energy);
    return status ? clv_error_at(file->err, "%s: region %s", clv_cursor_name(file->in), region->name) : CLV_OK;
}

/* What the second size counts: cycles of a profile, areas on the sample, or nothing when there is only one. */
static const char *second_axis(const data_header *header)
{
    if (is_named(header, SECOND_NAME, "cyc")) { return "level"; }
    return header->word[SECOND_SIZE] > 1 ? "area" : "";
}

static clv_status add_region(phi_file *file, const data_header *header)
{
    const phi_region *region = NULL;
    const char *unit = is_named(header, UNIT, "c/s") ? "counts/s" : "counts";
    double *numbers = NULL;
    clv_axis *axis = NULL;
    clv_status status;

    for (size_t i = 0; i < file->regions; i++) {
        if (file->region[i].number == header->word[REGION]) { region = &file->region[i]; }
    }
    if (!region || (double)region->points != header->word[FIRST_SIZE]) {
        return clv_fail(file->err, CLV_BAD_FILE, "%s: data of %.0f points for region %.0f, which the text header %s",
                        clv_cursor_name(file->in), header->word[FIRST_SIZE], header->word[REGION],
                        region ? "gives another number" : "does not know");
    }
    file->rows += header->word[SECOND_SIZE];
    CLV_CHECK(file->rows <= ROWS_LIMIT, file->err, CLV_LIMIT, "%s: more than %d spectra", clv_cursor_name(file->in),
              ROWS_LIMIT);
    status = read_data(file, header, &numbers);
    if (!status) { status = make_axis(file, region, &axis); }
    for (size_t row = 0; !status && row < (size_t)header->word[SECOND_SIZE]; row++) {
        status = add_row(file, region, axis, numbers, row, second_axis(header), unit);
    }
    clv_axis_free(axis);
    free(numbers);
    return status;
}

/* ---- The data of a file */

/* Sputter times in seconds: cycles by regions, the same for each region. */
static clv_status take_times(phi_file *file, const data_header *header)
{
    double *numbers = NULL;
    clv_status status = read_data(file, header, &numbers);

    if (status) {
        free(numbers);
        return status;
    }
    free(file->time);
    file->time = numbers;
    file->times = (size_t)header->word[FIRST_SIZE];
    for (size_t i = 0; i < file->times; i++) { file->time[i] = isfinite(numbers[i]) ? numbers[i] + 0.0 : 0.0; }
    return CLV_OK;
}

/* Goes through all data headers: once for the times, once for the spectra. */
static clv_status take_all(phi_file *file, size_t count, int times)
{
    data_header header;

    for (size_t i = 0; i < count; i++) {
        int is_times;

        CLV_TRY(clv_cursor_seek(file->in, file->data + 16 + i * 4 * WORDS, file->err));
        CLV_TRY(read_data_header(file, &header));
        is_times = is_named(&header, FIRST_NAME, "cyc") && strcmp(header.bytes + 4 * UNIT, "s") == 0;
        if (times && is_times) { CLV_TRY(take_times(file, &header)); }
        if (!times && is_named(&header, FIRST_NAME, "pnt")) { CLV_TRY(add_region(file, &header)); }
    }
    return CLV_OK;
}

static clv_status take_data(phi_file *file)
{
    double word[4];

    file->data = clv_cursor_byte(file->in);
    CLV_TRY(clv_cursor_binary(file->in, '<', "u4", 4, word, file->err));
    if (word[3] != 16 || word[2] != 4 * WORDS * word[1] || word[2] > (double)clv_cursor_left(file->in)) {
        return clv_fail(file->err, CLV_BAD_FILE,
                        "%s: byte %zu: this is no list of data headers that is known (%.0f of "
                        "them in %.0f bytes)",
                        clv_cursor_name(file->in), file->data, word[1], word[2]);
    }
    CLV_TRY(take_all(file, (size_t)word[1], 1));
    return take_all(file, (size_t)word[1], 0);
}

static clv_status read_phi(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    phi_file file = {.in = in, .out = out, .err = err, .photon_energy = NAN};
    clv_status status = CLV_OK;

    (void)options;
    file.common = clv_metadata_new();
    if (!file.common) { status = clv_fail(err, CLV_NO_MEMORY, "no memory for metadata"); }
    if (!status) { status = phi_take_header(&file); }
    if (!status) { status = take_data(&file); }
    clv_metadata_free(file.common);
    free(file.time);
    return status;
}

static int probe_phi(const clv_head *head)
{
    if (!clv_head_starts(head, "SOFH")) { return 0; }
    return clv_head_find(head, "SpectralRegDef:") != SIZE_MAX ? 100 : 60;
}

static const clv_format phi = {
    .size = sizeof phi,
    .name = "phi",
    .title = "PHI MultiPak .spe and .pro",
    .suffixes = "spe pro",
    .source = "no public document; J. J. Weimer's Igor loader and the files themselves",
    .probe = probe_phi,
    .read = read_phi,
};

static const clv_format *const formats[] = {&phi, NULL};

CLV_PLUGIN(phi) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.phi",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
