/* Reads the spectra of Nion Swift files (ndata, ndata1): a ZIP archive of one NumPy array and its calibration as JSON.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/json_find.h>
#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIMENSIONS 5
#define END_SIZE 22 /* of the record that ends an archive, without its comment */
#define MOST_COMMENT 65535

typedef struct ndata_file {
    clv_cursor *in;
    clv_error *err;
    char *json;
    size_t data, data_size; /* the bytes of the array, stored as they are */
    size_t rank, size[MOST_DIMENSIONS];
    char type[3], order;
    size_t numbers; /* where they begin */
    size_t energy;  /* which dimension */
    double to_ev;
    char calibrations[ROWS_LABEL]; /* path of their list */
} ndata_file;

/* ---- The archive */

static clv_status take(ndata_file *f, const char *type, size_t *number)
{
    double value = 0;

    *number = 0;
    CLV_TRY(clv_cursor_binary(f->in, '<', type, 1, &value, f->err));
    *number = (size_t)value;
    return CLV_OK;
}

/* The directory is told by a record near the end of the file. */
static clv_status find_directory(ndata_file *f, size_t *entries, size_t *at)
{
    static const uint8_t mark[4] = {'P', 'K', 5, 6};
    size_t size = clv_cursor_size(f->in), first, found;
    const uint8_t *bytes = NULL;

    if (size < END_SIZE) { return clv_cursor_fail(f->in, f->err, "an archive has at least %d bytes", END_SIZE); }
    first = size > END_SIZE + MOST_COMMENT ? size - END_SIZE - MOST_COMMENT : 0;
    CLV_TRY(clv_cursor_seek(f->in, first, f->err));
    CLV_TRY(clv_cursor_bytes(f->in, size - first, &bytes, f->err));
    for (found = size - first - END_SIZE; found > 0 && memcmp(bytes + found, mark, 4) != 0; found--) {}
    if (memcmp(bytes + found, mark, 4) != 0) {
        return clv_cursor_fail(f->in, f->err, "the archive has no directory: the file is cut off");
    }
    CLV_TRY(clv_cursor_seek(f->in, first + found + 10, f->err));
    CLV_TRY(take(f, "u2", entries));
    CLV_TRY(take(f, "u4", at)); /* its size, not needed */
    return take(f, "u4", at);
}

/* Where the bytes of a member stand: behind its own head, whose name may be another length than the directory's. */
static clv_status find_bytes(ndata_file *f, size_t head, size_t *begin)
{
    size_t name, extra;

    CLV_TRY(clv_cursor_seek(f->in, head, f->err));
    CLV_TRY(clv_cursor_seek(f->in, head + 26, f->err));
    CLV_TRY(take(f, "u2", &name));
    CLV_TRY(take(f, "u2", &extra));
    *begin = head + 30 + name + extra;
    return CLV_OK;
}

static clv_status keep_json(ndata_file *f, size_t size)
{
    const uint8_t *bytes;

    CLV_TRY(clv_cursor_bytes(f->in, size, &bytes, f->err));
    free(f->json);
    f->json = malloc(size + 1);
    CLV_CHECK(f->json, f->err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(f->in));
    for (size_t i = 0; i < size; i++) { f->json[i] = bytes[i] ? (char)bytes[i] : ' '; }
    f->json[size] = 0;
    return CLV_OK;
}

/* One entry of the directory; `at` moves to the next. */
static clv_status take_entry(ndata_file *f, size_t *at)
{
    size_t method, size, whole, name_size, extra, comment, head, begin;
    const uint8_t *name;

    CLV_TRY(clv_cursor_seek(f->in, *at, f->err));
    CLV_TRY(clv_cursor_seek(f->in, *at + 10, f->err));
    CLV_TRY(take(f, "u2", &method));
    CLV_TRY(clv_cursor_seek(f->in, *at + 20, f->err));
    CLV_TRY(take(f, "u4", &size));
    CLV_TRY(take(f, "u4", &whole));
    CLV_TRY(take(f, "u2", &name_size));
    CLV_TRY(take(f, "u2", &extra));
    CLV_TRY(take(f, "u2", &comment));
    CLV_TRY(clv_cursor_seek(f->in, *at + 42, f->err));
    CLV_TRY(take(f, "u4", &head));
    CLV_TRY(clv_cursor_bytes(f->in, name_size, &name, f->err));
    *at += 46 + name_size + extra + comment;
    if (name_size != 8 && name_size != 13) { return CLV_OK; }
    if (memcmp(name, "data.npy", 8) != 0 && (name_size != 13 || memcmp(name, "metadata.json", 13) != 0)) {
        return CLV_OK;
    }
    if (method != 0 || size != whole) {
        return clv_cursor_fail(f->in, f->err, "its member %.*s is compressed; Nion Swift stores it as it is",
                               (int)name_size, (const char *)name);
    }
    if (size == 0xFFFFFFFF) { return clv_cursor_fail(f->in, f->err, "archives of 4 GiB and more are not read"); }
    CLV_TRY(find_bytes(f, head, &begin));
    CLV_TRY(clv_cursor_seek(f->in, begin, f->err));
    if (size > clv_cursor_left(f->in)) {
        return clv_cursor_fail(f->in, f->err, "its member %.*s of %zu bytes is cut off", (int)name_size,
                               (const char *)name, size);
    }
    if (name_size == 13) { return keep_json(f, size); }
    f->data = begin;
    f->data_size = size;
    return CLV_OK;
}

static clv_status read_archive(ndata_file *f)
{
    size_t entries = 0, at = 0;

    CLV_TRY(find_directory(f, &entries, &at));
    for (size_t i = 0; i < entries; i++) { CLV_TRY(take_entry(f, &at)); }
    if (!f->json || !f->data) {
        return clv_cursor_fail(f->in, f->err, "the archive should hold data.npy and metadata.json, %s is missing",
                               f->json ? "the first" : "the second");
    }
    return CLV_OK;
}

/* ---- The array: "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" behind ten bytes or twelve */

static clv_status take_shape(ndata_file *f, const char *text)
{
    const char *at = strstr(text, "'shape':");
    size_t total = 1;

    at = at ? strchr(at, '(') : NULL;
    if (!at) { return clv_cursor_fail(f->in, f->err, "data.npy does not tell its shape"); }
    for (at++; at[strspn(at, " ,")] >= '0' && at[strspn(at, " ,")] <= '9';) {
        size_t size = 0;

        at += strspn(at, " ,");
        for (; *at >= '0' && *at <= '9' && size < f->data_size; at++) { size = 10 * size + (size_t)(*at - '0'); }
        if (f->rank == MOST_DIMENSIONS || size == 0 || size > f->data_size / total) {
            return clv_cursor_fail(f->in, f->err, "the shape of data.npy does not fit its %zu bytes", f->data_size);
        }
        f->size[f->rank++] = size;
        total *= size;
    }
    if (f->rank == 0 || total > (f->data + f->data_size - f->numbers) / (size_t)(f->type[1] - '0')) {
        return clv_cursor_fail(f->in, f->err, "the shape of data.npy does not fit its %zu bytes", f->data_size);
    }
    return CLV_OK;
}

static clv_status take_type(ndata_file *f, const char *text)
{
    static const char known[] = "i1 u1 i2 u2 i4 u4 i8 u8 f4 f8";
    const char *at = strstr(text, "'descr': '");

    at = at ? at + 10 : "";
    if (strlen(at) < 4 || at[3] != '\'' || !strchr("<>|", at[0])) {
        return clv_cursor_fail(f->in, f->err, "data.npy holds no plain numbers: its head tells no type of two letters");
    }
    snprintf(f->type, sizeof f->type, "%.2s", at + 1);
    f->order = at[0] == '>' ? '>' : '<';
    if (!strstr(known, f->type) || f->type[0] == ' ' || f->type[1] == ' ') {
        return clv_cursor_fail(f->in, f->err, "data.npy holds numbers of a type that is not read (read are %s)", known);
    }
    if (strstr(text, "'fortran_order': True")) {
        return clv_cursor_fail(f->in, f->err,
                               "data.npy has its first dimension fastest, which Nion Swift never writes");
    }
    return CLV_OK;
}

static clv_status read_array(ndata_file *f)
{
    static const uint8_t magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    const uint8_t *bytes;
    char text[1024];
    size_t length;

    CLV_TRY(clv_cursor_seek(f->in, f->data, f->err));
    CLV_TRY(clv_cursor_bytes(f->in, 8, &bytes, f->err));
    if (memcmp(bytes, magic, sizeof magic) != 0) {
        return clv_cursor_fail(f->in, f->err, "data.npy is no NumPy array");
    }
    CLV_TRY(take(f, bytes[6] == 1 ? "u2" : "u4", &length));
    CLV_TRY(clv_cursor_bytes(f->in, length, &bytes, f->err));
    f->numbers = clv_cursor_byte(f->in);
    if (f->numbers > f->data + f->data_size) {
        return clv_cursor_fail(f->in, f->err, "the head of data.npy is longer than its %zu bytes", f->data_size);
    }
    rows_trim((const char *)bytes, length < sizeof text ? length : sizeof text - 1, text, sizeof text);
    CLV_TRY(take_type(f, text));
    return take_shape(f, text);
}

/* ---- Calibration */

static double json_number(const ndata_file *f, const char *path)
{
    const char *at = clv_json_find(f->json, path);
    double number;

    return at && clv_text_number_at(at, at + strlen(at), &number) ? number : NAN;
}

static double electronvolts(const char *unit)
{
    return strcmp(unit, "eV") == 0 ? 1 : strcmp(unit, "keV") == 0 ? 1000 : strcmp(unit, "meV") == 0 ? 0.001 : NAN;
}

static void find_unit(const ndata_file *f, size_t k, char unit[ROWS_LABEL])
{
    char path[2 * ROWS_LABEL];

    snprintf(path, sizeof path, "%s.%zu.units", f->calibrations, k);
    clv_json_find_text(f->json, path, unit, ROWS_LABEL);
}

/* Exported and library files keep the list under different names. */
static clv_status find_energy(ndata_file *f)
{
    static const char *const lists[] = {"spatial_calibrations", "dimensional_calibrations",
                                        "data_sources.0.dimensional_calibrations",
                                        "data_sources.0.spatial_calibrations"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists && !*f->calibrations; i++) {
        if (clv_json_find(f->json, lists[i])) { snprintf(f->calibrations, ROWS_LABEL, "%s", lists[i]); }
    }
    for (size_t k = f->rank; k-- > 0;) {
        char unit[ROWS_LABEL];

        find_unit(f, k, unit);
        f->to_ev = electronvolts(unit);
        f->energy = k;
        if (!isnan(f->to_ev)) { return CLV_OK; }
    }
    return clv_cursor_fail(f->in, f->err, "it holds an image, no spectra: none of its %zu dimensions is in eV",
                           f->rank);
}

/* Offset and step of a dimension, that of energies in eV. */
static void find_calibration(const ndata_file *f, size_t k, double *offset, double *scale)
{
    char path[2 * ROWS_LABEL];
    double factor = k == f->energy ? f->to_ev : 1;

    snprintf(path, sizeof path, "%s.%zu.offset", f->calibrations, k);
    *offset = json_number(f, path);
    snprintf(path, sizeof path, "%s.%zu.scale", f->calibrations, k);
    *scale = json_number(f, path);
    *offset = isfinite(*offset) ? *offset * factor : 0;
    *scale = isfinite(*scale) && *scale != 0 ? *scale * factor : factor;
}

static clv_status make_axis(ndata_file *f, size_t k, const char *name, clv_axis **axis)
{
    double offset, scale, *values = calloc(f->size[k] + 1, sizeof *values);
    char unit[ROWS_LABEL];
    clv_status status;

    CLV_CHECK(values, f->err, CLV_NO_MEMORY, "%s: no memory for an axis", clv_cursor_name(f->in));
    find_unit(f, k, unit);
    find_calibration(f, k, &offset, &scale);
    for (size_t i = 0; i < f->size[k]; i++) {
        values[i] = offset + scale * (double)(k == f->energy && scale < 0 ? f->size[k] - 1 - i : i);
    }
    status = clv_axis_new(name, k == f->energy ? "eV" : *unit ? unit : "1", values, f->size[k], axis, f->err);
    free(values);
    if (status != CLV_BAD_ARGUMENT) { return status; }
    return clv_cursor_fail(f->in, f->err, "the calibration of dimension %zu makes no axis", k + 1);
}

static clv_status make_axes(ndata_file *f, clv_axis *axes[MOST_DIMENSIONS], size_t *count)
{
    static const char *const names[] = {"x", "y", "z", "w"};

    for (size_t k = 0; k < f->rank; k++) {
        if (k == f->energy) { continue; }
        CLV_TRY(make_axis(f, k, names[f->rank - 2 - *count], &axes[*count]));
        ++*count;
    }
    return make_axis(f, f->energy, "energy_loss", &axes[(*count)++]);
}

/* ---- Spectra */

/* The file's order with the energy put last and rising: `inner` numbers stand between neighbouring channels. */
static clv_status fill_numbers(ndata_file *f, double *to)
{
    size_t inner = 1, outer = 1, channels = f->size[f->energy];
    double offset, scale, *row;
    clv_status status = CLV_OK;

    for (size_t k = 0; k < f->energy; k++) { outer *= f->size[k]; }
    for (size_t k = f->energy + 1; k < f->rank; k++) { inner *= f->size[k]; }
    find_calibration(f, f->energy, &offset, &scale);
    row = calloc(inner + 1, sizeof *row);
    CLV_CHECK(row, f->err, CLV_NO_MEMORY, "%s: no memory for a row", clv_cursor_name(f->in));
    status = clv_cursor_seek(f->in, f->numbers, f->err);
    for (size_t o = 0; o < outer && !status; o++) {
        for (size_t c = 0; c < channels && !status; c++) {
            size_t at = scale < 0 ? channels - 1 - c : c;

            status = clv_cursor_binary(f->in, f->order, f->type, inner, row, f->err);
            for (size_t i = 0; i < inner && !status; i++) { to[(o * inner + i) * channels + at] = row[i]; }
        }
    }
    free(row);
    return status;
}

static clv_status add_facts(ndata_file *f, clv_metadata *to)
{
    static const struct {
        const char *path, *name, *unit;
        double factor;
    } facts[] = {
        {"instrument.high_tension", "beam_energy", "keV", 1e-3},
        {"instrument.high_tension_v", "beam_energy", "keV", 1e-3},
        {"hardware_source.autostem.high_tension_v", "beam_energy", "keV", 1e-3},
        {"hardware_source.extra_high_tension", "beam_energy", "keV", 1e-3},
        {"instrument.convergence_angle_rad", "convergence_angle", "mrad", 1e3},
        {"instrument.collection_angle_rad", "collection_angle", "mrad", 1e3},
        {"hardware_source.exposure", "dwell", "s", 1},
        {"hardware_source.counts_per_electron", "gain", "counts per electron", 1},
        {"hardware_source.integration_count", "scans", "1", 1},
    };
    static const char *const places[] = {"metadata", "data_sources.0.metadata", "properties"};

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            char path[ROWS_LABEL];
            double number;

            snprintf(path, sizeof path, "%s.%s", places[p], facts[i].path);
            number = json_number(f, path);
            if (!isfinite(number) || clv_metadata_unit(to, facts[i].name)) { continue; }
            CLV_TRY(clv_metadata_set_number(to, facts[i].name, number * facts[i].factor, facts[i].unit, f->err));
        }
    }
    return clv_metadata_set_text(to, "technique", "EELS", f->err);
}

static clv_status make_spectra(ndata_file *f, clv_record *out)
{
    clv_axis *axes[MOST_DIMENSIONS] = {NULL};
    clv_spectra *made = NULL;
    char title[ROWS_LABEL];
    size_t count = 0;
    clv_status status = make_axes(f, axes, &count);

    clv_json_find_text(f->json, "title", title, sizeof title);
    if (!status) { status = clv_spectra_new(*title ? title : "spectrum", "counts", axes, count, &made, f->err); }
    for (size_t i = 0; i < MOST_DIMENSIONS; i++) { clv_axis_free(axes[i]); }
    if (!status) { status = fill_numbers(f, clv_spectra_fill(made)); }
    if (!status) { status = add_facts(f, clv_spectra_metadata_fill(made)); }
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0);
    return clv_record_add(out, made, f->err);
}

static clv_status read_ndata(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    ndata_file f = {.in = in, .err = err};
    clv_status status = read_archive(&f);

    (void)options;
    if (!status) { status = read_array(&f); }
    if (!status) { status = find_energy(&f); }
    if (!status) { status = make_spectra(&f, out); }
    free(f.json);
    return status;
}

/* An archive whose first member is one of the two. */
static int probe_ndata(const clv_head *head)
{
    if (!clv_head_starts(head, "PK\x03\x04")) { return 0; }
    if (clv_head_suffix(head, "ndata ndata1")) { return 100; }
    return clv_head_find(head, "data.npy") == 30 || clv_head_find(head, "metadata.json") == 30 ? 60 : 0;
}

static const clv_format ndata = {
    .size = sizeof ndata,
    .name = "ndata",
    .title = "Nion Swift, ndata",
    .suffixes = "ndata ndata1",
    .source = "Nion Swift, nionswift.readthedocs.io (Nion Co.); PKWARE APPNOTE 6.3; the NPY format of NumPy (NEP 1)",
    .probe = probe_ndata,
    .read = read_ndata,
};

static const clv_format *const formats[] = {&ndata, NULL};

CLV_PLUGIN(ndata) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.ndata",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
