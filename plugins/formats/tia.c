/* Reads the spectra of FEI TIA (Emispec) series files: single ones, line scans, maps.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"
#include "tia.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DIMENSIONS 4
#define SPECTRA_OF_1D 0x4120
#define TAGS_WITH_PLACE 0x4142
#define MOST_SERIES 1000

typedef struct tia_dimension {
    size_t size;
    double offset, scale;
    char unit[ROWS_LABEL];
} tia_dimension;

typedef struct tia_file {
    clv_cursor *in;
    clv_cursor *emi; /* NULL: it is looked for beside the series */
    clv_error *err;
    int is_eds;
    int wide; /* offsets of 8 bytes, from version 0x220 on */
    double kind, tags;
    size_t total, valid, table, rank;
    tia_dimension dimension[MOST_DIMENSIONS]; /* in the order of the header */
    size_t channels;
    double first, step;
} tia_file;

/* ---- Numbers of the header */

static clv_status take(tia_file *f, const char *type, double *number)
{
    return clv_cursor_binary(f->in, '<', type, 1, number, f->err);
}

/* A size or an offset: no more than the file has bytes. */
static clv_status take_size(tia_file *f, const char *type, const char *what, size_t *size)
{
    double number;

    CLV_TRY(take(f, type, &number));
    if (!(number >= 0 && number <= (double)clv_cursor_size(f->in))) {
        return clv_cursor_fail(f->in, f->err, "%s is %.0f in a file of %zu bytes", what, number,
                               clv_cursor_size(f->in));
    }
    *size = (size_t)number;
    return CLV_OK;
}

static clv_status take_text(tia_file *f, char text[ROWS_LABEL])
{
    const uint8_t *letters;
    size_t length;

    CLV_TRY(take_size(f, "u4", "the length of a text", &length));
    CLV_TRY(clv_cursor_bytes(f->in, length, &letters, f->err));
    rows_trim((const char *)letters, length < ROWS_LABEL ? length : ROWS_LABEL - 1, text, ROWS_LABEL);
    return CLV_OK;
}

static clv_status take_dimension(tia_file *f, tia_dimension *d)
{
    char label[ROWS_LABEL];
    double element;

    CLV_TRY(take_size(f, "u4", "the size of a dimension", &d->size));
    CLV_TRY(take(f, "f8", &d->offset));
    CLV_TRY(take(f, "f8", &d->scale));
    CLV_TRY(take(f, "i4", &element));
    CLV_TRY(take_text(f, label));
    CLV_TRY(take_text(f, d->unit));
    if (!isfinite(d->offset)) { d->offset = 0; }
    if (!isfinite(d->scale) || d->scale == 0) { d->scale = 1; }
    d->offset -= element * d->scale;
    if (clv_text_equal(d->unit, "meters")) {
        d->scale *= 1e9;
        d->offset *= 1e9;
        snprintf(d->unit, sizeof d->unit, "nm");
    }
    return CLV_OK;
}

static clv_status take_header(tia_file *f)
{
    double order, series, version;

    CLV_TRY(take(f, "u2", &order));
    CLV_TRY(take(f, "u2", &series));
    if (order != 0x4949 || series != 0x0197) {
        return clv_cursor_fail(f->in, f->err,
                               "a series of TIA begins with 0x4949 and 0x0197, this with 0x%04x and 0x%04x",
                               (unsigned)order, (unsigned)series);
    }
    CLV_TRY(take(f, "u2", &version));
    f->wide = version >= 0x220;
    CLV_TRY(take(f, "u4", &f->kind));
    CLV_TRY(take(f, "u4", &f->tags));
    CLV_TRY(take_size(f, "u4", "the number of elements", &f->total));
    CLV_TRY(take_size(f, "u4", "the number of valid elements", &f->valid));
    CLV_TRY(take_size(f, f->wide ? "u8" : "u4", "the place of the table of offsets", &f->table));
    CLV_TRY(take_size(f, "u4", "the number of dimensions", &f->rank));
    if (f->rank > MOST_DIMENSIONS) {
        return clv_cursor_fail(f->in, f->err, "it has %zu dimensions, at most %d are read", f->rank, MOST_DIMENSIONS);
    }
    for (size_t k = 0; k < f->rank; k++) { CLV_TRY(take_dimension(f, &f->dimension[k])); }
    return CLV_OK;
}

/* ---- The table of offsets: elements, then tags */

static clv_status find_element(tia_file *f, size_t place)
{
    size_t width = f->wide ? 8 : 4, at;

    CLV_TRY(clv_cursor_seek(f->in, f->table, f->err));
    if (place > clv_cursor_left(f->in) / width) {
        return clv_cursor_fail(f->in, f->err, "its table has no offset %zu", place + 1);
    }
    CLV_TRY(clv_cursor_seek(f->in, f->table + place * width, f->err));
    CLV_TRY(take_size(f, f->wide ? "u8" : "u4", "the offset of an element", &at));
    return clv_cursor_seek(f->in, at, f->err);
}

/* Where two neighbours lie at one height the rows of a map run along x, which then is its first dimension. */
static clv_status rows_along_x(tia_file *f, int *along)
{
    double y[2] = {0, 1};

    *along = 0;
    if (f->tags != TAGS_WITH_PLACE || f->valid < 2) { return CLV_OK; }
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *skipped;

        CLV_TRY(find_element(f, f->total + i));
        CLV_TRY(clv_cursor_bytes(f->in, 16, &skipped, f->err)); /* its kind, the time, x */
        CLV_TRY(take(f, "f8", &y[i]));
    }
    *along = y[0] == y[1];
    return CLV_OK;
}

/* ---- Elements */

static const char *type_of(double number)
{
    static const char *const types[] = {"u1", "u2", "u4", "i1", "i2", "i4", "f4", "f8"};

    return number >= 1 && number <= 8 ? types[(size_t)number - 1] : NULL;
}

/* The head of a spectrum: the energy of one channel, the step, which channel, the type and the number of channels. */
static clv_status take_head(tia_file *f, double *first, double *step, const char **type, size_t *channels)
{
    double element, number;

    CLV_TRY(take(f, "f8", first));
    CLV_TRY(take(f, "f8", step));
    CLV_TRY(take(f, "i4", &element));
    CLV_TRY(take(f, "i2", &number));
    CLV_TRY(take_size(f, "u4", "the number of channels", channels));
    *first -= element * *step;
    *type = type_of(number);
    if (!*type) { return clv_cursor_fail(f->in, f->err, "numbers of the type %.0f are not read", number); }
    if (!isfinite(*first) || !isfinite(*step) || *step == 0 || *channels == 0) {
        return clv_cursor_fail(f->in, f->err, "a spectrum of %zu channels in steps of %g eV has no energies", *channels,
                               *step);
    }
    return CLV_OK;
}

static clv_status take_first(tia_file *f)
{
    const char *type;

    if (f->kind != SPECTRA_OF_1D) { return clv_cursor_fail(f->in, f->err, "it holds images, no spectra"); }
    if (f->valid == 0 || f->valid > f->total) {
        return clv_cursor_fail(f->in, f->err, "%zu of its %zu spectra are valid", f->valid, f->total);
    }
    CLV_TRY(find_element(f, 0));
    return take_head(f, &f->first, &f->step, &type, &f->channels);
}

/* Spectra that were never measured stay NaN: the series was stopped before its end. */
static clv_status fill_numbers(tia_file *f, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++) {
        double *row = to + i * f->channels, first, step;
        size_t channels;
        const char *type;

        if (i >= f->valid) {
            for (size_t c = 0; c < f->channels; c++) { row[c] = NAN; }
            continue;
        }
        CLV_TRY(find_element(f, i));
        CLV_TRY(take_head(f, &first, &step, &type, &channels));
        if (channels != f->channels) {
            return clv_cursor_fail(f->in, f->err, "spectrum %zu has %zu channels, the first one %zu", i + 1, channels,
                                   f->channels);
        }
        CLV_TRY(clv_cursor_binary(f->in, '<', type, channels, row, f->err));
        for (size_t a = 0, b = channels - 1; f->step < 0 && a < b; a++, b--) {
            double kept = row[a];

            row[a] = row[b];
            row[b] = kept;
        }
    }
    return CLV_OK;
}

/* ---- Axes */

static clv_status make_axis(tia_file *f, const char *name, const char *unit, double offset, double scale, size_t size,
                            clv_axis **axis)
{
    double *values = calloc(size + 1, sizeof *values);
    clv_status status;

    CLV_CHECK(values, f->err, CLV_NO_MEMORY, "%s: no memory for an axis", clv_cursor_name(f->in));
    for (size_t i = 0; i < size; i++) { values[i] = offset + (double)i * scale; }
    status = clv_axis_new(name, unit, values, size, axis, f->err);
    free(values);
    if (status != CLV_BAD_ARGUMENT) { return status; }
    return clv_cursor_fail(f->in, f->err, "its dimension %s is none: from %g in steps of %g", name, offset, scale);
}

/* A series that was stopped keeps what was measured of one dimension; of several all places stay. One number of a
   repeated measurement is no dimension. */
static clv_status set_sizes(tia_file *f, size_t *spectra)
{
    double count = 1;

    if (f->rank == 0 && f->valid > 1) {
        f->rank = 1;
        f->dimension[0] = (tia_dimension){.scale = 1};
    }
    if (f->rank == 1) {
        f->dimension[0].size = f->valid;
        if (f->valid == 1 && f->total > 1) { f->rank = 0; }
    }
    for (size_t k = 0; k < f->rank; k++) { count *= (double)f->dimension[k].size; }
    if (count != (double)(f->rank > 1 ? f->total : f->valid)) {
        return clv_cursor_fail(f->in, f->err, "its dimensions make %.0f spectra, it has %zu", count, f->total);
    }
    *spectra = (size_t)count;
    return CLV_OK;
}

/* Slowest first. In the header x comes first, whichever is faster. */
static clv_status make_axes(tia_file *f, clv_axis *axes[MOST_DIMENSIONS + 1], size_t *count)
{
    static const char *const names[] = {"x", "y", "z", "w"};
    int reversed;

    CLV_TRY(rows_along_x(f, &reversed));
    for (size_t k = 0; k < f->rank; k++) {
        const tia_dimension *d = &f->dimension[reversed ? f->rank - 1 - k : k];

        CLV_TRY(make_axis(f, names[f->rank - 1 - k], *d->unit ? d->unit : "1", d->offset, d->scale, d->size, &axes[k]));
        ++*count;
    }
    if (f->step < 0) { f->first += (double)(f->channels - 1) * f->step; }
    CLV_TRY(make_axis(f, f->is_eds ? "photon_energy" : "energy_loss", "eV", f->first, fabs(f->step), f->channels,
                      &axes[*count]));
    ++*count;
    return CLV_OK;
}

/* ---- The EMI file beside it */

/* "scan.emi" beside "scan_1.ser"; a series without it is read all the same. Only there stands what was measured. */
static clv_status find_emi(tia_file *f)
{
    const char *own = clv_cursor_name(f->in), *last = strrchr(own, '_');
    clv_error unheeded = {0};
    char name[300];
    clv_status status = CLV_OK;

    if (!f->emi && last && last - own <= 280) {
        snprintf(name, sizeof name, "%.*s.emi", (int)(last - own), own);
        status = clv_cursor_beside(f->in, name, &f->emi, &unheeded);
    }
    if (status == CLV_NO_MEMORY) { return clv_fail(f->err, status, "%s: no memory to read it", name); }
    if (status) { f->emi = NULL; }
    f->is_eds = f->emi && tia_emi_mentions(f->emi, "EDX") && !tia_emi_mentions(f->emi, "PEELS");
    return CLV_OK;
}

/* ---- Spectra */

static clv_status fill_spectra(tia_file *f, size_t count, clv_spectra *made)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(made);

    CLV_TRY(fill_numbers(f, count, clv_spectra_fill(made)));
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0);
    CLV_TRY(clv_metadata_set_text(metadata, "technique", f->is_eds ? "EDS" : "EELS", f->err));
    if (f->emi) {
        CLV_TRY(tia_emi_facts(f->emi, metadata, f->err));
    } else {
        CLV_TRY(clv_spectra_add_history(
            made, "-- without its EMI file a series does not say what was measured: energies are taken as losses",
            f->err));
    }
    if (f->valid >= count) { return CLV_OK; }
    return clv_spectra_add_history(made, "-- the series was stopped before its end: what was not measured is NaN",
                                   f->err);
}

/* The series' own name, so that several of one EMI file stay apart. */
static void name_series(const tia_file *f, char name[ROWS_LABEL])
{
    const char *own = clv_cursor_name(f->in), *point = strrchr(own, '.');

    rows_trim(own, point ? (size_t)(point - own) : strlen(own), name, ROWS_LABEL);
}

static clv_status read_series(clv_cursor *in, clv_cursor *emi, clv_record *out, clv_error *err)
{
    tia_file f = {.in = in, .emi = emi, .err = err};
    clv_axis *axes[MOST_DIMENSIONS + 1] = {NULL};
    clv_spectra *made = NULL;
    size_t count = 0, rank = 0;
    char name[ROWS_LABEL];
    clv_status status;

    CLV_TRY(clv_cursor_seek(in, 0, err));
    CLV_TRY(take_header(&f));
    CLV_TRY(take_first(&f));
    CLV_TRY(find_emi(&f));
    CLV_TRY(set_sizes(&f, &count));
    if (f.channels > clv_cursor_size(in) / count) {
        return clv_cursor_fail(in, err, "%zu spectra of %zu channels do not fit in %zu bytes", count, f.channels,
                               clv_cursor_size(in));
    }
    name_series(&f, name);
    status = make_axes(&f, axes, &rank);
    if (!status) { status = clv_spectra_new(name, "counts", axes, rank, &made, err); }
    for (size_t i = 0; i <= MOST_DIMENSIONS; i++) { clv_axis_free(axes[i]); }
    if (!status) { status = fill_spectra(&f, count, made); }
    if (!status) { return clv_record_add(out, made, err); }
    clv_spectra_free(made);
    return status;
}

/* ---- From the EMI file: the series beside it, "scan_1.ser", "scan_2.ser" … */

static int is_images(clv_cursor *series)
{
    double kind = 0;

    return !clv_cursor_seek(series, 6, NULL) && !clv_cursor_binary(series, '<', "u4", 1, &kind, NULL) &&
           kind != SPECTRA_OF_1D;
}

static clv_status read_all_series(clv_cursor *emi, clv_record *out, clv_error *err)
{
    const char *own = clv_cursor_name(emi), *point = strrchr(own, '.');
    size_t stem = point ? (size_t)(point - own) : strlen(own);
    clv_error missing = {0};
    int images = 0;

    for (int i = 1; i <= MOST_SERIES; i++) {
        char name[300];
        clv_cursor *series = NULL;
        clv_status status;

        snprintf(name, sizeof name, "%.*s_%d.ser", (int)(stem < 280 ? stem : 280), own, i);
        status = clv_cursor_beside(emi, name, &series, &missing);
        if (status == CLV_NOT_FOUND && i > 1) { break; }
        if (status) { return clv_fail(err, status, "%s", missing.text); }
        if (is_images(series)) {
            images++;
            continue;
        }
        CLV_TRY(read_series(series, emi, out, err));
    }
    if (clv_record_count(out) > 0) { return CLV_OK; }
    return clv_cursor_fail(emi, err, "its %d series are images, no spectra", images);
}

static int is_series(const uint8_t *bytes, size_t count)
{
    static const uint8_t start[4] = {0x49, 0x49, 0x97, 0x01};

    return count >= 26 && memcmp(bytes, start, sizeof start) == 0;
}

static clv_status read_tia(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    const char *point = strrchr(clv_cursor_name(in), '.');

    (void)options;
    if (point && clv_text_equal(point, ".emi")) { return read_all_series(in, out, err); }
    return read_series(in, NULL, out, err);
}

static int probe_tia(const clv_head *head)
{
    if (is_series(head->bytes, head->count)) { return 100; }
    return clv_head_suffix(head, "emi") && clv_head_starts(head, "JK") ? 90 : 0;
}

static const clv_format tia = {
    .size = sizeof tia,
    .name = "tia",
    .title = "FEI TIA series of spectra, SER with EMI beside it",
    .suffixes = "ser emi",
    .source = "the layout as C. Boothroyd found it (www.er-c.org/cbb/info/TIAformat), checked on files",
    .probe = probe_tia,
    .read = read_tia,
};

static const clv_format *const formats[] = {&tia, NULL};

CLV_PLUGIN(tia) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.tia",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
