/* Reads the xy files that SPECS programs export: SpecsLab2 and SpecsLab Prodigy.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PARAMETERS 8
#define MOST_VARIABLES (MOST_PARAMETERS + 4)

/* Something that the program set for one scan, such as a position. */
typedef struct parameter {
    char name[ROWS_LABEL], unit[ROWS_LABEL];
    double value;
} parameter;

/* Which curve it is: those that differ in the scan alone are added up. */
typedef struct place {
    size_t region;
    double cycle, curve, channel; /* NaN where not told */
    size_t parameters;
    parameter parameter[MOST_PARAMETERS];
} place;

/* One curve, or several scans of it added up. */
typedef struct curve {
    rows table;
    clv_metadata *metadata; /* NULL: there is none */
    place place;
    double scan;
    size_t scans;                            /* added up; 0 where the file does not tell them apart */
    size_t transmission;                     /* column, 0: none */
    char name[ROWS_LABEL], unit[ROWS_LABEL]; /* of the region and the signal */
    int is_binding;
} curve;

typedef struct xy_file {
    clv_cursor *in;
    clv_record *out;
    clv_error *err;
    int add_scans, cycles;   /* scans are added up; there are several cycles */
    int is_rate, is_binding; /* as the export settings say */
    char prefix[16];         /* of comments */
    char group[ROWS_LABEL];
    char external[ROWS_LABEL]; /* what the next numbers are, when no curve */
    clv_metadata *region;      /* of the region being read */
    curve now, pending;
} xy_file;

static const rows_key keys[] = {
    {"Acquisition Date", "started", NULL},
    {"Analysis Method", "technique", NULL},
    {"Analyzer", "analyser", NULL},
    {"Analyzer Lens", "lens_mode", NULL},
    {"Analyzer Slit", "slit", NULL},
    {"Scan Mode", "analyser_mode", NULL},
    {"Number of Scans", "scans", "1"},
    {"Curves/Scan", "curves", "1"},
    {"Values/Curve", "values", "1"},
    {"Dwell Time", "dwell", "s"},
    {"Excitation Energy", "photon_energy", "eV"},
    {"Pass Energy", "pass_energy", "eV"},
    {"Bias Voltage", "bias_voltage", "V"},
    {"Detector Voltage", "detector_voltage", "V"},
    {"Eff. Workfunction", "work_function", "eV"},
    {"Source", "x_ray_source", NULL},
    {"Comment", "comment", NULL},
    {"Spectrum ID", "spectrum_id", "1"},
    {NULL, NULL, NULL},
};

/* ---- Curves become spectra */

typedef struct variables {
    const char *names[MOST_VARIABLES], *units[MOST_VARIABLES];
    double values[MOST_VARIABLES];
    size_t count;
} variables;

static void append(variables *along, const char *name, const char *unit, double value)
{
    along->names[along->count] = name;
    along->units[along->count] = unit;
    along->values[along->count++] = value;
}

static void list_variables(const xy_file *file, const curve *c, variables *along)
{
    along->count = 0;
    if (file->cycles && !isnan(c->place.cycle)) { append(along, "level", "1", c->place.cycle); }
    for (size_t i = 0; i < c->place.parameters; i++) {
        const parameter *p = &c->place.parameter[i];
        append(along, p->name, p->unit, p->value);
    }
    if (clv_metadata_number(c->metadata, "curves") > 1 && !isnan(c->place.curve)) {
        append(along, "curve", "1", c->place.curve);
    }
    if (!isnan(c->place.channel)) { append(along, "channel", "1", c->place.channel); }
    if (!file->add_scans && !isnan(c->scan)) { append(along, "scan", "1", c->scan); }
}

/* Rates of several scans are averaged, counts stay added up; so the companions, which are no counts. */
static void average(curve *c)
{
    size_t from = strcmp(c->unit, "counts") == 0 ? 2 : 1;

    for (size_t i = 0; c->scans > 1 && i < c->table.count; i++) {
        for (size_t j = from; j < c->table.width; j++) { c->table.numbers[i * c->table.width + j] /= (double)c->scans; }
    }
}

static clv_status fill_metadata(const xy_file *file, const curve *c, clv_spectra *spectra)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    CLV_TRY(rows_copy_metadata(c->metadata, metadata, file->err));
    if (c->scans > 0) { CLV_TRY(clv_metadata_set_number(metadata, "scans", (double)c->scans, "1", file->err)); }
    return clv_metadata_set_text(metadata, "region", c->name, file->err);
}

/* Fills the spectra of a curve; the record takes them. */
static clv_status finish_spectra(const xy_file *file, const curve *c, const rows_signal *what, clv_spectra *spectra)
{
    double dwell = clv_metadata_number(c->metadata, "dwell");
    rows_signal companion = *what;

    CLV_TRY(fill_metadata(file, c, spectra));
    CLV_TRY(rows_undo_rates(spectra, dwell * clv_metadata_number(clv_spectra_metadata(spectra), "scans"), file->err));
    if (c->transmission == 0) { return CLV_OK; }
    companion.first = c->transmission;
    return rows_add_beside(&c->table, file->in, &companion, "transmission", spectra, file->err);
}

static clv_status emit(xy_file *file, curve *c)
{
    const char *technique = clv_metadata_text(c->metadata, "technique");
    int electrons = technique && (strcmp(technique, "XPS") == 0 || strcmp(technique, "UPS") == 0);
    rows_signal what = {.name = c->name, .unit = c->unit, .energy = 0, .first = 1, .count = 1};
    clv_spectra *spectra = NULL;
    variables along;
    clv_status status;

    if (c->table.width < 2) { return clv_cursor_fail(file->in, file->err, "'%s' has energies only", c->name); }
    average(c);
    rows_name_axis(c->is_binding, electrons ? clv_metadata_number(c->metadata, "photon_energy") : NAN, &what);
    CLV_TRY(rows_spectra(&c->table, file->in, &what, &spectra, file->err));
    status = finish_spectra(file, c, &what, spectra);
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    list_variables(file, c, &along);
    return rows_add_block(file->out, file->in, spectra, along.names, along.units, along.values, along.count, file->err);
}

static void forget(curve *c)
{
    clv_metadata_free(c->metadata);
    c->metadata = NULL;
    rows_clear(&c->table);
}

static clv_status flush(xy_file *file)
{
    clv_status status = file->pending.metadata ? emit(file, &file->pending) : CLV_OK;

    forget(&file->pending);
    return status;
}

/* ---- Scans are added up */

static int same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static int same_place(const place *a, const place *b)
{
    if (a->region != b->region || !same_number(a->cycle, b->cycle) || !same_number(a->curve, b->curve) ||
        !same_number(a->channel, b->channel) || a->parameters != b->parameters) {
        return 0;
    }
    for (size_t i = 0; i < a->parameters; i++) {
        if (strcmp(a->parameter[i].name, b->parameter[i].name) != 0) { return 0; }
        if (!same_number(a->parameter[i].value, b->parameter[i].value)) { return 0; }
    }
    return 1;
}

static int same_energies(const rows *a, const rows *b)
{
    if (a->count != b->count || a->width != b->width) { return 0; }
    for (size_t i = 0; i < a->count; i++) {
        if (a->numbers[i * a->width] != b->numbers[i * a->width]) { return 0; }
    }
    return 1;
}

static void add_scan(curve *sum, const curve *scan)
{
    size_t width = sum->table.width;

    for (size_t i = 0; i < sum->table.count; i++) {
        for (size_t j = 1; j < width; j++) { sum->table.numbers[i * width + j] += scan->table.numbers[i * width + j]; }
    }
    sum->scans++;
}

/* A curve with fewer values than it says is one that was stopped, except at the end of the file, which was cut. */
static clv_status check_length(const xy_file *file, const curve *c, int at_end)
{
    double said = clv_metadata_number(c->metadata, "values");

    if (!(said > 0) || (double)c->table.count == said || (!at_end && (double)c->table.count < said)) { return CLV_OK; }
    return clv_cursor_fail(file->in, file->err, "'%s' says %.0f values, %zu follow", c->name, said, c->table.count);
}

/* What has been read since the last comment: the numbers of an external channel belong to the curve before. */
static clv_status end_external(xy_file *file)
{
    const rows *table = &file->now.table;
    char name[ROWS_LABEL], unit[ROWS_LABEL];
    double sum = 0;
    clv_metadata *metadata = file->pending.metadata;

    for (size_t i = 0; i < table->count; i++) { sum += table->numbers[(i + 1) * table->width - 1]; }
    rows_split_label(file->external, name, unit);
    sum /= (double)table->count;
    rows_clear(&file->now.table);
    file->external[0] = 0;
    return metadata && *name ? clv_metadata_set_number(metadata, name, sum, unit, file->err) : CLV_OK;
}

static clv_status end_curve(xy_file *file, int at_end)
{
    curve *c = &file->now, swap;

    if (c->table.count == 0) { return CLV_OK; }
    if (*file->external) { return end_external(file); }
    c->metadata = clv_metadata_copy(file->region);
    CLV_CHECK(c->metadata, file->err, CLV_NO_MEMORY, "no memory for a region");
    CLV_TRY(check_length(file, c, at_end));
    c->scans = isnan(c->scan) ? 0 : 1;
    if (file->add_scans && file->pending.metadata && c->scans && file->pending.scans &&
        same_place(&c->place, &file->pending.place) && same_energies(&c->table, &file->pending.table)) {
        add_scan(&file->pending, c);
    } else {
        CLV_TRY(flush(file));
        swap = file->pending;
        file->pending = *c;
        c->table = swap.table;
        c->metadata = NULL;
    }
    forget(c);
    c->place.parameters = 0;
    return CLV_OK;
}

/* ---- Comments */

static void start_region(xy_file *file, const char *name)
{
    curve *c = &file->now;

    snprintf(c->name, sizeof c->name, "%s", name);
    c->place.region++;
    c->place.parameters = 0;
    c->place.cycle = c->place.curve = c->place.channel = c->scan = NAN;
    c->transmission = 0;
    snprintf(c->unit, sizeof c->unit, "%s", file->is_rate ? "counts/s" : "counts");
}

static clv_status begin_region(xy_file *file, const char *name)
{
    start_region(file, *name ? name : "region");
    clv_metadata_free(file->region);
    file->region = clv_metadata_new();
    CLV_CHECK(file->region, file->err, CLV_NO_MEMORY, "no memory for a region");
    return *file->group ? clv_metadata_set_text(file->region, "sample", file->group, file->err) : CLV_OK;
}

/* "Cycle: 0, Curve: 0, Scan: 0, Channel: 0", each part but the first optional. */
static void take_place(xy_file *file, const char *text)
{
    static const char *const words[4] = {"Cycle:", "Curve:", "Scan:", "Channel:"};
    place *p = &file->now.place;
    double *parts[4] = {&p->cycle, &p->curve, &file->now.scan, &p->channel};

    for (int i = 0; i < 4; i++) {
        const char *found = strstr(text, words[i]);
        double number = NAN;

        if (found) {
            found += strlen(words[i]);
            found += strspn(found, " \t");
            clv_text_number_at(found, found + strlen(found), &number);
        }
        *parts[i] = number;
    }
}

/* `Parameter: "Y [mm]" = 2.0` */
static void take_parameter(xy_file *file, const char *text)
{
    place *p = &file->now.place;
    const char *name = strchr(text, '"'), *end = name ? strchr(name + 1, '"') : NULL, *value;
    char label[ROWS_LABEL];
    parameter *into = &p->parameter[p->parameters];

    if (!end || p->parameters == MOST_PARAMETERS) { return; }
    value = end + 1 + strspn(end + 1, " \t=");
    if (!clv_text_number_at(value, value + strlen(value), &into->value)) { return; }
    rows_trim(name + 1, (size_t)(end - name - 1), label, sizeof label);
    rows_split_label(label, into->name, into->unit);
    if (*into->name) { p->parameters++; }
}

/* "energy counts/s transmission": one word a column. */
static void take_labels(xy_file *file, const char *text)
{
    curve *c = &file->now;

    c->transmission = 0;
    for (size_t column = 0; *text; column++) {
        size_t length = strcspn(text, " \t");

        if (column == 1 && strncmp(text, "counts", 6) == 0) {
            snprintf(c->unit, sizeof c->unit, "%s", length > 6 ? "counts/s" : "counts");
        } else if (length == 12 && strncmp(text, "transmission", 12) == 0) {
            c->transmission = column;
        }
        text += length;
        text += strspn(text, " \t");
    }
}

/* What the export was set to, before the first region. */
static clv_status take_setting(xy_file *file, const char *key, const char *value)
{
    if (strcmp(key, "Created by") == 0) {
        return clv_metadata_set_text(clv_record_metadata_fill(file->out), "software", value, file->err);
    }
    if (strcmp(key, "Counts Per Second") == 0) { file->is_rate = strcmp(value, "yes") == 0; }
    if (strcmp(key, "Count Rate") == 0) { file->is_rate = strcasestr(value, "per second") != NULL; }
    if (strcmp(key, "Kinetic Energy Axis") == 0) { file->is_binding = strcmp(value, "no") == 0; }
    if (strcmp(key, "Energy Axis") == 0) { file->is_binding = strcasestr(value, "binding") != NULL; }
    if (strcmp(key, "Group") == 0) { snprintf(file->group, sizeof file->group, "%s", value); }
    return CLV_OK;
}

static clv_status take_entry(xy_file *file, const char *key, const char *value)
{
    if (strcmp(key, "Region") == 0) { return begin_region(file, value); }
    if (!file->region || strcmp(key, "Group") == 0) { return take_setting(file, key, value); }
    if (strcmp(key, "ColumnLabels") == 0) {
        if (!*file->external) { take_labels(file, value); }
        return CLV_OK;
    }
    if (strcmp(key, "Kinetic Energy") == 0 || strcmp(key, "Binding Energy") == 0) { return CLV_OK; }
    return rows_keep(file->region, keys, key, value, file->err);
}

static clv_status take_comment(xy_file *file, const char *text)
{
    static const char external[] = "External Channel Data Cycle:";
    char key[ROWS_LABEL], value[400];
    const char *colon = strchr(text, ':'), *comma;

    text += strspn(text, " \t");
    if (strncmp(text, "values in ", 10) == 0) { file->is_binding = strstr(text, "binding") != NULL; }
    if (strncmp(text, external, strlen(external)) == 0) {
        comma = strchr(text, ',');
        rows_trim(comma ? comma + 1 : "external", strlen(comma ? comma + 1 : "external"), file->external, ROWS_LABEL);
        return CLV_OK;
    }
    if (!colon) { return CLV_OK; }
    rows_trim(text, (size_t)(colon - text), key, sizeof key);
    rows_trim(colon + 1, strlen(colon + 1), value, sizeof value);
    if (strcmp(key, "Cycle") == 0) {
        take_place(file, text);
    } else if (strcmp(key, "Parameter") == 0) {
        take_parameter(file, text);
    } else {
        return take_entry(file, key, value);
    }
    return CLV_OK;
}

/* ---- The file */

static clv_status take_line(xy_file *file, const char *line)
{
    size_t length = strlen(file->prefix);

    line += strspn(line, " \t");
    if (strncmp(line, file->prefix, length) == 0) {
        CLV_TRY(end_curve(file, 0));
        return take_comment(file, line + length);
    }
    if (!*line) { return CLV_OK; }
    if (!file->region) {
        return clv_cursor_fail(file->in, file->err, "a comment 'Region:' should stand before numbers");
    }
    file->now.is_binding = file->is_binding;
    return rows_add_line(&file->now.table, file->in, line, file->err);
}

/* The first line tells the prefix of comments: what stands before "Created by". */
static clv_status take_first(xy_file *file, const char *line)
{
    const char *created = strstr(line, "Created by:");

    rows_trim(line, created ? (size_t)(created - line) : 0, file->prefix, sizeof file->prefix);
    if (!*file->prefix) {
        return clv_cursor_fail(file->in, file->err, "the first line should be a comment 'Created by: SpecsLab …'");
    }
    return take_line(file, line);
}

static clv_status take_file(xy_file *file)
{
    const char *line = "";
    const uint8_t *bytes = NULL;
    size_t size = clv_cursor_left(file->in);
    clv_status status;

    CLV_TRY(clv_cursor_bytes(file->in, size, &bytes, file->err));
    file->cycles = memmem(bytes, size, "Cycle: 1", 8) != NULL;
    CLV_TRY(clv_cursor_seek(file->in, 0, file->err));
    while (!(status = clv_cursor_text(file->in, &line, file->err))) {
        CLV_TRY(*file->prefix ? take_line(file, line) : take_first(file, line));
    }
    if (status != CLV_NOT_FOUND) { return status; }
    CLV_TRY(end_curve(file, 1));
    CLV_TRY(flush(file));
    if (clv_record_count(file->out) > 0) { return CLV_OK; }
    return clv_cursor_fail(file->in, file->err, "the file ends before any numbers");
}

static clv_status read_specs_xy(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    const char *scans = clv_options_text(options, "scans");
    xy_file file = {.in = in, .out = out, .err = err, .add_scans = !scans || strcmp(scans, "sum") == 0};
    clv_status status;

    start_region(&file, "");
    status = take_file(&file);
    clv_metadata_free(file.region);
    clv_metadata_free(file.now.metadata);
    clv_metadata_free(file.pending.metadata);
    rows_free(&file.now.table);
    rows_free(&file.pending.table);
    return status;
}

static int probe_specs_xy(const clv_head *head)
{
    size_t created = clv_head_find(head, "Created by:"), specs = clv_head_find(head, "SpecsLab");

    return created < 16 && specs < 200 && clv_head_find(head, "XY-Serializer") != SIZE_MAX ? 100 : 0;
}

static const clv_parameter parameters[] = {
    {.name = "scans",
     .type = CLV_TYPE_CHOICE,
     .unit = "1",
     .preset = "\"sum\"",
     .choices = "sum|separate",
     .doc = "whether scans that were exported one by one are added up or stand along an axis scan"},
    {.name = NULL},
};

static const clv_format specs_xy = {
    .size = sizeof specs_xy,
    .name = "specs_xy",
    .title = "SPECS xy text, from SpecsLab2 or Prodigy",
    .suffixes = "xy",
    .source = "the comments of the files themselves",
    .parameters = parameters,
    .probe = probe_specs_xy,
    .read = read_specs_xy,
};

static const clv_format *const formats[] = {&specs_xy, NULL};

CLV_PLUGIN(specs_xy) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.specs_xy",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
