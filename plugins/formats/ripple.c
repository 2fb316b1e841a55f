/* Reads the spectra of Lispix files: a table of keys (RPL) beside bare numbers (RAW).
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH, HEIGHT, DEPTH, DIMENSIONS };

static const char *const dimension_names[DIMENSIONS] = {"width", "height", "depth"};

/* One dimension: its size and, where the file tells, its scale; NaN elsewhere. */
typedef struct ripple_dimension {
    double size, origin, scale;
    char unit[ROWS_LABEL];
} ripple_dimension;

typedef struct ripple_file {
    clv_cursor *in;
    clv_error *err;
    clv_metadata *metadata;
    ripple_dimension dimension[DIMENSIONS];
    double offset, length, per_channel;
    char type[ROWS_LABEL], order[ROWS_LABEL], record[ROWS_LABEL], signal[ROWS_LABEL];
} ripple_file;

/* ---- Keys */

static const rows_key keys[] = {
    {"title", "title", NULL},
    {"date", "date", NULL},
    {"time", "time", NULL},
    {"signal", "signal_type", NULL},
    {"beam-energy", "beam_energy", "keV"},
    {"convergence-angle", "convergence_angle", "mrad"},
    {"collection-angle", "collection_angle", "mrad"},
    {"dwell-time", "dwell", "s"},
    {"exposure", "dwell", "s"},
    {"live-time", "live_time", "s"},
    {"real-time", "real_time", "s"},
    {"tilt-stage", "tilt_x", "deg"},
    {"elevation-angle", "elevation_angle", "deg"},
    {"azimuth-angle", "azimuth_angle", "deg"},
    {"detector-peak-width-ev", "detector_peak_width", "eV"},
    {NULL, NULL, NULL},
};

static clv_status take_number(const ripple_file *f, const char *key, const char *value, double *number)
{
    if (clv_text_number(value, strlen(value), number, NULL) || !isfinite(*number)) {
        return clv_cursor_fail(f->in, f->err, "%s should be a number, not '%.30s'", key, value);
    }
    return CLV_OK;
}

/* "width", "width-scale", "width-origin", "width-units", "width-name"; sets `taken` when the key is one of these. */
static clv_status take_dimension(ripple_file *f, const char *key, const char *value, int *taken)
{
    for (size_t k = 0; k < DIMENSIONS; k++) {
        ripple_dimension *d = &f->dimension[k];
        size_t length = strlen(dimension_names[k]);
        char head[ROWS_LABEL];
        const char *rest;

        snprintf(head, sizeof head, "%.*s", (int)length, key);
        if (!clv_text_equal(head, dimension_names[k])) { continue; }
        rest = key + strlen(head);
        *taken = 1;
        if (!*rest) { return take_number(f, key, value, &d->size); }
        if (clv_text_equal(rest, "-scale")) { return take_number(f, key, value, &d->scale); }
        if (clv_text_equal(rest, "-origin")) { return take_number(f, key, value, &d->origin); }
        if (clv_text_equal(rest, "-units")) { snprintf(d->unit, sizeof d->unit, "%s", value); }
        if (clv_text_equal(rest, "-units") || clv_text_equal(rest, "-name")) { return CLV_OK; }
        *taken = 0;
    }
    return CLV_OK;
}

static clv_status take_entry(ripple_file *f, const char *key, const char *value)
{
    static const char *const texts[] = {"data-type", "byte-order", "record-by"};
    char *const places[] = {f->type, f->order, f->record};
    int taken = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!clv_text_equal(key, texts[i])) { continue; }
        snprintf(places[i], ROWS_LABEL, "%s", value);
        return CLV_OK;
    }
    if (clv_text_equal(key, "offset")) { return take_number(f, key, value, &f->offset); }
    if (clv_text_equal(key, "data-length")) { return take_number(f, key, value, &f->length); }
    if (clv_text_equal(key, "ev-per-chan")) { return take_number(f, key, value, &f->per_channel); }
    if (clv_text_equal(key, "signal")) { snprintf(f->signal, ROWS_LABEL, "%s", value); }
    CLV_TRY(take_dimension(f, key, value, &taken));
    return taken ? CLV_OK : rows_keep(f->metadata, keys, key, value, f->err);
}

/* "key TAB value"; a ';' begins a remark, the first line is the heading "key TAB value". */
static clv_status take_line(ripple_file *f, const char *line)
{
    const char *start = line + strspn(line, " \t");
    size_t length = strcspn(start, " \t:=");
    char key[ROWS_LABEL], value[ROWS_LABEL];

    if (!*start || *start == ';') { return CLV_OK; }
    rows_trim(start, length, key, sizeof key);
    start += length;
    start += strspn(start, " \t:=");
    length = strcspn(start, ";");
    rows_trim(start, length, value, sizeof value);
    if (clv_text_equal(key, "key") && clv_text_equal(value, "value")) { return CLV_OK; }
    if (!*value) { return CLV_OK; }
    return take_entry(f, key, value);
}

static clv_status take_lines(ripple_file *f)
{
    const char *line;
    clv_status status;

    while (!(status = clv_cursor_text(f->in, &line, f->err))) { CLV_TRY(take_line(f, line)); }
    return status == CLV_NOT_FOUND ? CLV_OK : status;
}

/* ---- What the keys say */

static clv_status check_word(const ripple_file *f, const char *key, const char *word, const char *allowed)
{
    for (const char *a = allowed; *a;) {
        size_t length = strcspn(a, " ");
        char one[ROWS_LABEL];

        snprintf(one, sizeof one, "%.*s", (int)length, a);
        if (clv_text_equal(one, word)) { return CLV_OK; }
        a += length;
        a += strspn(a, " ");
    }
    return clv_cursor_fail(f->in, f->err, *word ? "%s should be one of %s, not '%.30s'" : "%s is missing: one of %s%s",
                           key, allowed, word);
}

static clv_status check_keys(const ripple_file *f)
{
    for (size_t k = 0; k < DIMENSIONS; k++) {
        double size = f->dimension[k].size;

        if (!(size >= 1 && size <= 1e9 && size == floor(size))) {
            return clv_cursor_fail(f->in, f->err, isnan(size) ? "%s is missing" : "%s should be a size, not %g",
                                   dimension_names[k], size);
        }
    }
    CLV_TRY(check_word(f, "data-type", f->type, "signed unsigned float"));
    CLV_TRY(check_word(f, "record-by", f->record, "vector image dont-care"));
    if (f->length != 1 && f->length != 2 && f->length != 4 && f->length != 8) {
        return clv_cursor_fail(f->in, f->err, "data-length should be 1, 2, 4 or 8 bytes, not %g", f->length);
    }
    if (clv_text_equal(f->type, "float") && f->length < 4) {
        return clv_cursor_fail(f->in, f->err, "data-length of float should be 4 or 8 bytes, not %g", f->length);
    }
    if (f->length > 1 || *f->order) {
        CLV_TRY(check_word(f, "byte-order", f->order, "little-endian big-endian dont-care"));
    }
    if (!(f->offset >= 0 && f->offset == floor(f->offset) && f->offset < 1e15)) {
        return clv_cursor_fail(f->in, f->err, "offset should be a number of bytes, not %g", f->offset);
    }
    return CLV_OK;
}

static double electronvolts(const char *unit)
{
    return clv_text_equal(unit, "keV") ? 1000 : clv_text_equal(unit, "meV") ? 0.001 : 1;
}

/* Whether depth is an energy: it is said to be, or spectra follow each other. A pile of images in another unit, and a
   single image, are none. */
static clv_status check_spectra(const ripple_file *f)
{
    const ripple_dimension *depth = &f->dimension[DEPTH];
    int named =
        clv_text_equal(depth->unit, "eV") || clv_text_equal(depth->unit, "keV") || clv_text_equal(depth->unit, "meV");
    int other = *depth->unit && !named;

    if (named || isfinite(f->per_channel)) { return CLV_OK; }
    if (depth->size > 1 && !other && !clv_text_equal(f->record, "image")) { return CLV_OK; }
    return clv_cursor_fail(f->in, f->err,
                           depth->size > 1 ? "it holds images, no spectra: depth is not in eV"
                                           : "it holds an image, no spectra");
}

/* ---- Numbers */

/* The type as the cursor calls it. */
static void name_type(const ripple_file *f, char type[3])
{
    type[0] = clv_text_equal(f->type, "float") ? 'f' : clv_text_equal(f->type, "signed") ? 'i' : 'u';
    type[1] = (char)('0' + (int)f->length);
    type[2] = 0;
}

/* "map.raw" for "map.rpl". */
static void name_raw(const ripple_file *f, char name[300])
{
    const char *own = clv_cursor_name(f->in), *point = strrchr(own, '.');
    size_t stem = point ? (size_t)(point - own) : strlen(own);

    snprintf(name, 300, "%.*s.raw", (int)(stem < 280 ? stem : 280), own);
}

static clv_status open_raw(const ripple_file *f, size_t *count, clv_cursor **raw)
{
    double total = f->dimension[WIDTH].size * f->dimension[HEIGHT].size * f->dimension[DEPTH].size;
    double needed = f->offset + total * f->length;
    char name[300];

    name_raw(f, name);
    CLV_TRY(clv_cursor_beside(f->in, name, raw, f->err));
    if (needed > (double)clv_cursor_size(*raw)) {
        return clv_cursor_fail(*raw, f->err, "%g x %g x %g numbers of %g bytes from byte %g on do not fit in %zu bytes",
                               f->dimension[WIDTH].size, f->dimension[HEIGHT].size, f->dimension[DEPTH].size, f->length,
                               f->offset, clv_cursor_size(*raw));
    }
    *count = (size_t)total;
    return clv_cursor_seek(*raw, (size_t)f->offset, f->err);
}

/* Images one after the other become spectra one after the other, a row of the picture at a time so that no second copy
   of the whole is needed. */
static clv_status fill_from_images(const ripple_file *f, clv_cursor *raw, const char *type, char order, double *to)
{
    size_t channels = (size_t)f->dimension[DEPTH].size, width = (size_t)f->dimension[WIDTH].size,
           height = (size_t)f->dimension[HEIGHT].size;
    double *row = calloc(width + 1, sizeof *row);
    clv_status status = CLV_OK;

    CLV_CHECK(row, f->err, CLV_NO_MEMORY, "%s: no memory for a row", clv_cursor_name(f->in));
    for (size_t c = 0; c < channels && !status; c++) {
        for (size_t y = 0; y < height && !status; y++) {
            status = clv_cursor_binary(raw, order, type, width, row, f->err);
            for (size_t x = 0; x < width && !status; x++) { to[(y * width + x) * channels + c] = row[x]; }
        }
    }
    free(row);
    return status;
}

static clv_status fill_numbers(const ripple_file *f, clv_cursor *raw, size_t count, double *to)
{
    char order = clv_text_equal(f->order, "big-endian") ? '>' : '<', type[3];
    size_t channels = (size_t)f->dimension[DEPTH].size;

    name_type(f, type);
    if (clv_text_equal(f->record, "image")) {
        CLV_TRY(fill_from_images(f, raw, type, order, to));
    } else {
        CLV_TRY(clv_cursor_binary(raw, order, type, count, to, f->err));
    }
    if (!(f->dimension[DEPTH].scale < 0)) { return CLV_OK; }
    for (size_t i = 0; i < count; i += channels) {
        for (size_t a = i, b = i + channels - 1; a < b; a++, b--) {
            double kept = to[a];

            to[a] = to[b];
            to[b] = kept;
        }
    }
    return CLV_OK;
}

/* Counts are whole numbers from 0 up, in whatever type. */
static int are_counts(const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!(numbers[i] >= 0 && numbers[i] == floor(numbers[i]))) { return 0; }
    }
    return 1;
}

/* ---- Spectra */

/* The unit as the project writes it: that of energies is always eV. */
static clv_status make_axis(const ripple_file *f, int k, const char *name, clv_axis **axis)
{
    const ripple_dimension *d = &f->dimension[k];
    size_t size = (size_t)d->size;
    double factor = k == DEPTH ? electronvolts(d->unit) : 1, scale = isfinite(d->scale) ? d->scale : 1;
    double origin = isfinite(d->origin) ? d->origin : 0, *values = calloc(size + 1, sizeof *values);
    clv_status status;

    CLV_CHECK(values, f->err, CLV_NO_MEMORY, "%s: no memory for an axis", clv_cursor_name(f->in));
    for (size_t i = 0; i < size; i++) {
        values[i] = (origin + scale * (double)(k == DEPTH && scale < 0 ? size - 1 - i : i)) * factor;
    }
    status = clv_axis_new(name, k == DEPTH ? "eV" : *d->unit ? d->unit : "1", values, size, axis, f->err);
    free(values);
    if (!status) { return CLV_OK; }
    return status == CLV_BAD_ARGUMENT ? clv_cursor_fail(f->in, f->err, "%s-scale makes no axis", dimension_names[k])
                                      : status;
}

/* Slowest first; pictures of one row or column have no such axis. */
static clv_status make_axes(const ripple_file *f, clv_axis *axes[DIMENSIONS], size_t *count)
{
    int is_eds = strncmp(f->signal, "EDS", 3) == 0;

    if (f->dimension[HEIGHT].size > 1) {
        int line = f->dimension[WIDTH].size == 1; /* a line scan runs along x, as elsewhere */

        CLV_TRY(make_axis(f, HEIGHT, line ? "x" : "y", &axes[(*count)++]));
    }
    if (f->dimension[WIDTH].size > 1) { CLV_TRY(make_axis(f, WIDTH, "x", &axes[(*count)++])); }
    return make_axis(f, DEPTH, is_eds ? "photon_energy" : "energy_loss", &axes[(*count)++]);
}

static clv_status fill_metadata(const ripple_file *f, clv_spectra *made)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(made);
    const char *unit = f->dimension[DEPTH].unit;

    CLV_TRY(rows_copy_metadata(f->metadata, metadata, f->err));
    if (strncmp(f->signal, "EDS", 3) == 0) { return clv_metadata_set_text(metadata, "technique", "EDS", f->err); }
    if (!*unit && !isfinite(f->per_channel)) {
        CLV_TRY(clv_spectra_add_history(made, "-- the energies have no unit in the file and are taken as eV", f->err));
    }
    return clv_metadata_set_text(metadata, "technique", "EELS", f->err);
}

static clv_status fill_spectra(const ripple_file *f, clv_cursor *raw, size_t count, clv_spectra *made)
{
    CLV_TRY(fill_numbers(f, raw, count, clv_spectra_fill(made)));
    if (are_counts(clv_spectra_intensity(made), count)) { clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0); }
    return fill_metadata(f, made);
}

static clv_status make_spectra(ripple_file *f, clv_record *out)
{
    clv_axis *axes[DIMENSIONS] = {NULL};
    const char *title = clv_metadata_text(f->metadata, "title");
    clv_spectra *made = NULL;
    clv_cursor *raw = NULL;
    size_t count = 0, rank = 0;
    clv_status status = open_raw(f, &count, &raw);

    if (!status) { status = make_axes(f, axes, &rank); }
    if (!status) { status = clv_spectra_new(title ? title : "spectrum", "counts", axes, rank, &made, f->err); }
    for (size_t i = 0; i < DIMENSIONS; i++) { clv_axis_free(axes[i]); }
    if (!status) { status = fill_spectra(f, raw, count, made); }
    if (!status) { return clv_record_add(out, made, f->err); }
    clv_spectra_free(made);
    return status;
}

static clv_status read_all(ripple_file *f, clv_record *out)
{
    ripple_dimension *depth = &f->dimension[DEPTH];

    CLV_TRY(take_lines(f));
    CLV_TRY(check_keys(f));
    CLV_TRY(check_spectra(f));
    if (!isfinite(depth->scale) && isfinite(f->per_channel)) {
        depth->scale = f->per_channel;
        depth->unit[0] = 0;
    }
    return make_spectra(f, out);
}

static clv_status read_ripple(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    ripple_file f = {.in = in, .err = err, .metadata = clv_metadata_new(), .length = NAN, .per_channel = NAN};
    clv_status status;

    (void)options;
    CLV_CHECK(f.metadata, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));
    for (size_t k = 0; k < DIMENSIONS; k++) {
        f.dimension[k] = (ripple_dimension){.size = NAN, .origin = NAN, .scale = NAN};
    }
    status = read_all(&f, out);
    clv_metadata_free(f.metadata);
    return status;
}

/* Keys that no other table of keys has. */
static int probe_ripple(const clv_head *head)
{
    int keyed = clv_head_find(head, "data-length") != SIZE_MAX && clv_head_find(head, "record-by") != SIZE_MAX;

    if (!keyed) { return clv_head_suffix(head, "rpl") ? 60 : 0; }
    return clv_head_suffix(head, "rpl") ? 100 : 85;
}

static const clv_format ripple = {
    .size = sizeof ripple,
    .name = "ripple",
    .title = "Lispix, RPL with RAW beside it",
    .suffixes = "rpl",
    .source = "D. S. Bright, Lispix: raw files, NIST, www.nist.gov/lispix; the keys of scale as HyperSpy adds them",
    .probe = probe_ripple,
    .read = read_ripple,
};

static const clv_format *const formats[] = {&ripple, NULL};

CLV_PLUGIN(ripple) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.ripple",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
