/* Reads EMSA/MAS spectral data files: lines of keywords, then one spectrum as intensities or as pairs.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct emsa_file {
    clv_cursor *in;
    clv_error *err;
    clv_metadata *metadata;
    rows numbers; /* of the data, one a row */
    int data;     /* the data have begun */
    double points, step, offset;
    char type[ROWS_LABEL], signal[ROWS_LABEL], x_unit[ROWS_LABEL], x_label[ROWS_LABEL], y_unit[ROWS_LABEL],
        y_label[ROWS_LABEL];
} emsa_file;

/* ---- Keywords. A keyword may carry its unit behind a minus ("THICKNESS-nm"); it is the one that the standard sets. */

static const rows_key keys[] = {
    {"TITLE", "title", NULL},
    {"DATE", "date", NULL},
    {"TIME", "time", NULL},
    {"OWNER", "owner", NULL},
    {"COMMENT", "comment", NULL},
    {"SIGNALTYPE", "signal_type", NULL},
    {"BEAMKV", "beam_energy", "keV"},
    {"EMISSION", "emission_current", "uA"},
    {"PROBECUR", "beam_current", "nA"},
    {"BEAMDIAM", "beam_diameter", "nm"},
    {"MAGCAM", "magnification", "1"},
    {"CONVANGLE", "convergence_angle", "mrad"},
    {"COLLANGLE", "collection_angle", "mrad"},
    {"OPERMODE", "operating_mode", NULL},
    {"THICKNESS", "thickness", "nm"},
    {"DWELLTIME", "dwell", "s"},
    {"INTEGTIME", "integration_time", "s"},
    {"ELSDET", "detector", NULL},
    {"EDSDET", "detector", NULL},
    {"LIVETIME", "live_time", "s"},
    {"REALTIME", "real_time", "s"},
    {"XTILTSTGE", "tilt_x", "deg"},
    {"YTILTSTGE", "tilt_y", "deg"},
    {"ELEVANGLE", "elevation_angle", "deg"},
    {"AZIMANGLE", "azimuth_angle", "deg"},
    {"SOLIDANGL", "solid_angle", "sr"},
    {NULL, NULL, NULL},
};

/* Keywords that the spectrum is made of, not its metadata. */
static clv_status take_number(const emsa_file *file, const char *key, const char *value, double *number)
{
    if (clv_text_number(value, strlen(value), number, NULL) || !isfinite(*number)) {
        return clv_cursor_fail(file->in, file->err, "#%s should be a number, not '%.30s'", key, value);
    }
    return CLV_OK;
}

static clv_status take_entry(emsa_file *file, const char *key, const char *value)
{
    static const char *const texts[] = {"DATATYPE", "XUNITS", "XLABEL", "YUNITS", "YLABEL"};
    char *const places[] = {file->type, file->x_unit, file->x_label, file->y_unit, file->y_label};
    char scaled[CLV_TEXT_NUMBER_SIZE];
    double number;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!clv_text_equal(key, texts[i])) { continue; }
        snprintf(places[i], ROWS_LABEL, "%s", value);
        return CLV_OK;
    }
    if (clv_text_equal(key, "NPOINTS")) { return take_number(file, key, value, &file->points); }
    if (clv_text_equal(key, "XPERCHAN")) { return take_number(file, key, value, &file->step); }
    if (clv_text_equal(key, "OFFSET")) { return take_number(file, key, value, &file->offset); }
    if (clv_text_equal(key, "SIGNALTYPE")) { snprintf(file->signal, ROWS_LABEL, "%s", value); }
    if (clv_text_equal(key, "DWELLTIME") || clv_text_equal(key, "INTEGTIME")) { /* milliseconds in the file */
        if (!*value) { return CLV_OK; }
        CLV_TRY(take_number(file, key, value, &number));
        clv_text_from_number(number / 1000, scaled);
        return rows_keep(file->metadata, keys, key, scaled, file->err);
    }
    return rows_keep(file->metadata, keys, key, value, file->err);
}

/* "#KEY [-unit] : value"; of a user's own keyword ("##KEY") the whole name is kept. */
static clv_status take_keyword(emsa_file *file, const char *line)
{
    char key[ROWS_LABEL], value[ROWS_LABEL];
    int own = line[1] == '#';
    const char *start = line + 1 + own, *colon = strchr(start, ':');
    size_t length = colon ? (size_t)(colon - start) : strlen(start), unit = own ? length : strcspn(start, "-:");

    rows_trim(start, unit < length ? unit : length, key, sizeof key);
    if (clv_text_equal(key, "SPECTRUM")) {
        file->data = 1;
        return CLV_OK;
    }
    if (!colon) { return clv_cursor_fail(file->in, file->err, "a ':' should follow the keyword #%.30s", key); }
    rows_trim(colon + 1, strlen(colon + 1), value, sizeof value);
    if (clv_text_equal(key, "FORMAT") || clv_text_equal(key, "VERSION") || clv_text_equal(key, "NCOLUMNS")) {
        return CLV_OK;
    }
    return take_entry(file, key, value);
}

/* ---- Numbers */

static clv_status take_numbers(emsa_file *file, const char *line)
{
    const char *end = line + strlen(line);

    for (;;) {
        double number;
        const char *next;

        line += strspn(line, " \t,;");
        if (line == end) { return CLV_OK; }
        next = clv_text_number_at(line, end, &number);
        if (!next || !strchr(" \t,;", *next)) {
            return clv_cursor_fail(file->in, file->err, "a number should stand where '%.30s' does", line);
        }
        CLV_TRY(rows_add(&file->numbers, &number, file->err));
        line = next;
    }
}

static clv_status take_lines(emsa_file *file)
{
    const char *line;
    clv_status status;

    file->numbers.width = 1;
    while (!(status = clv_cursor_text(file->in, &line, file->err))) {
        if (file->data && strncmp(line, "#ENDOFDATA", 10) == 0) { return CLV_OK; }
        if (*line == '#') {
            CLV_TRY(take_keyword(file, line));
        } else if (file->data) {
            CLV_TRY(take_numbers(file, line));
        } else if (line[strspn(line, " \t")] != 0) {
            return clv_cursor_fail(file->in, file->err, "a line '#SPECTRUM' should come before the data");
        }
    }
    return status == CLV_NOT_FOUND ? CLV_OK : status;
}

/* ---- The spectrum */

static int holds(const char *text, const char *lower)
{
    size_t length = strlen(lower);
    char piece[ROWS_LABEL];

    for (; strlen(text) >= length; text++) {
        snprintf(piece, sizeof piece, "%.*s", (int)length, text);
        if (clv_text_equal(piece, lower)) { return 1; }
    }
    return 0;
}

/* What kind of energy the signal lies on, and what the technique is called. */
static const char *axis_of(const emsa_file *file, const char **technique)
{
    static const struct {
        const char *signal, *axis, *technique;
    } kinds[] = {
        {"ELS", "energy_loss", "EELS"},  {"EDS", "photon_energy", "EDS"},   {"WDS", "photon_energy", "WDS"},
        {"XRF", "photon_energy", "XRF"}, {"AES", "kinetic_energy", "AES"},  {"PES", "kinetic_energy", "XPS"},
        {"CLS", "photon_energy", "CL"},  {"GAM", "photon_energy", "gamma"},
    };

    *technique = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!clv_text_equal(file->signal, kinds[i].signal)) { continue; }
        *technique = kinds[i].technique;
        return holds(file->x_label, "binding") || holds(file->x_unit, "binding") ? "binding_energy" : kinds[i].axis;
    }
    return "energy_loss";
}

static clv_status check_header(emsa_file *file)
{
    int pairs = clv_text_equal(file->type, "XY");
    size_t count = file->numbers.count / (pairs ? 2 : 1);

    if (*file->type && !pairs && !clv_text_equal(file->type, "Y")) {
        return clv_cursor_fail(file->in, file->err, "#DATATYPE should be Y or XY, not '%.30s'", file->type);
    }
    if (file->numbers.count == 0) { return clv_cursor_fail(file->in, file->err, "the file holds no spectrum"); }
    if (pairs && file->numbers.count % 2) {
        return clv_cursor_fail(file->in, file->err, "pairs should be an even count of numbers, not %zu",
                               file->numbers.count);
    }
    if (file->points > (double)count) {
        return clv_cursor_fail(file->in, file->err, "the file says %.0f points, %zu follow", file->points, count);
    }
    if (!pairs && !(file->step != 0)) {
        return clv_cursor_fail(file->in, file->err, "#XPERCHAN should tell the energy from channel to channel");
    }
    return CLV_OK;
}

/* Pairs of energy and intensity in `table` (width 2), in eV. The energies of pairs are printed to few digits, so the
   calibration of the header goes before them where there is one; the largest difference is told. */
static clv_status make_pairs(const emsa_file *file, rows *table, double *apart)
{
    int pairs = clv_text_equal(file->type, "XY"), header = file->step != 0 && !isnan(file->offset);
    double factor = holds(file->x_unit, "kev") ? 1000 : 1;
    size_t count = file->numbers.count / (pairs ? 2 : 1);

    *apart = 0;
    table->width = 2;
    for (size_t i = 0; i < count; i++) {
        const double *number = file->numbers.numbers + (pairs ? 2 : 1) * i;
        double x = (header ? file->offset : 0) + (double)i * file->step;

        if (pairs && header) { *apart = fmax(*apart, fabs(x - *number) * factor); }
        if (pairs && !header) { x = *number; }
        CLV_TRY(rows_add(table, (const double[]){factor * x, number[pairs]}, file->err));
    }
    return CLV_OK;
}

static clv_status add_notes(const emsa_file *file, double apart, size_t count, clv_spectra *spectra)
{
    char line[200];

    if (apart > 0.01 * fabs(file->step)) {
        snprintf(line, sizeof line,
                 "-- energies are those of #OFFSET and #XPERCHAN; the ones in the pairs differ by up to %.3g eV",
                 apart);
        CLV_TRY(clv_spectra_add_history(spectra, line, file->err));
    }
    if (file->points < (double)count) {
        snprintf(line, sizeof line, "-- the file says %.0f points and holds %zu, all are read", file->points, count);
        CLV_TRY(clv_spectra_add_history(spectra, line, file->err));
    }
    return CLV_OK;
}

static clv_status fill(const emsa_file *file, double apart, const char *technique, clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    CLV_TRY(rows_copy_metadata(file->metadata, metadata, file->err));
    if (technique) { CLV_TRY(clv_metadata_set_text(metadata, "technique", technique, file->err)); }
    return add_notes(file, apart, clv_spectra_channels(spectra), spectra);
}

static clv_status make_spectra(emsa_file *file, const rows *table, double apart, clv_record *out)
{
    const char *technique, *axis = axis_of(file, &technique), *title = clv_metadata_text(file->metadata, "title");
    int counts = holds(file->y_unit, "count") || holds(file->y_label, "count");
    rows_signal what = {.name = title ? title : "spectrum",
                        .unit = counts          ? "counts"
                                : *file->y_unit ? file->y_unit
                                                : "1",
                        .axis = axis,
                        .photon = NAN,
                        .first = 1,
                        .count = 1};
    clv_spectra *spectra = NULL;
    clv_status status;

    CLV_TRY(rows_spectra(table, file->in, &what, &spectra, file->err));
    status = fill(file, apart, technique, spectra);
    if (!status) { return rows_add_block(out, file->in, spectra, NULL, NULL, NULL, 0, file->err); }
    clv_spectra_free(spectra);
    return status;
}

static clv_status read_all(emsa_file *file, clv_record *out)
{
    rows table = {0};
    double apart = 0;
    clv_status status;

    CLV_TRY(take_lines(file));
    CLV_TRY(check_header(file));
    status = make_pairs(file, &table, &apart);
    if (!status) { status = make_spectra(file, &table, apart, out); }
    rows_free(&table);
    return status;
}

static clv_status read_emsa(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    emsa_file file = {.in = in, .err = err, .metadata = clv_metadata_new(), .points = NAN, .offset = NAN};
    clv_status status;

    (void)options;
    CLV_CHECK(file.metadata, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));
    status = read_all(&file, out);
    clv_metadata_free(file.metadata);
    rows_free(&file.numbers);
    return status;
}

static int probe_emsa(const clv_head *head)
{
    return clv_head_find(head, "#FORMAT") < 100 && clv_head_find(head, "EMSA/MAS") < 200 ? 100 : 0;
}

static const clv_format emsa = {
    .size = sizeof emsa,
    .name = "emsa",
    .title = "EMSA/MAS spectral data, ISO 22029",
    .suffixes = "msa emsa",
    .source =
        "R. F. Egerton, C. E. Fiori, J. A. Hunt, M. S. Isaacson, E. J. Kirkland, N. J. Zaluzec, EMSA/MAS standard "
        "file format for spectral-data exchange, 1991; ISO 22029",
    .probe = probe_emsa,
    .read = read_emsa,
};

static const clv_format *const formats[] = {&emsa, NULL};

CLV_PLUGIN(emsa) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.emsa",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
