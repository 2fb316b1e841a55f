/* Reads column text (xy, csv, txt, dat): an energy column and one or more intensities under any kind of heading.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "column_text.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_ROWS 3
#define SPECTRA_LIMIT 4096

/* A file as it is being read. */
typedef struct columns_file {
    clv_cursor *in;
    clv_record *out;
    const clv_options *options;
    clv_error *err;
    columns_style style;
    columns_table table;
    double photon_energy, time; /* as the heading tells them; NaN before */
    const char *axis;           /* as the heading tells it; NULL before */
} columns_file;

static int has(const char *text, const char *word) { return strcasestr(text, word) != NULL; }

/* ---- What headings say */

/* The energy axis that a column's name means, NULL when it means none. */
static const char *axis_of(const char *name)
{
    if (has(name, "binding") || clv_text_equal(name, "be") || has(name, "b.e.") || strncmp(name, "BE_", 3) == 0) {
        return "binding_energy";
    }
    if (has(name, "kinetic") || clv_text_equal(name, "ke") || has(name, "k.e.") || strncmp(name, "KE_", 3) == 0) {
        return "kinetic_energy";
    }
    if (has(name, "photon")) { return "photon_energy"; }
    return has(name, "loss") ? "energy_loss" : NULL;
}

/* The number that follows a word in a heading, or NaN. */
static double number_after(const char *line, const char *word)
{
    const char *found = strcasestr(line, word);
    double number;

    if (!found) { return NAN; }
    found += strlen(word);
    found += strspn(found, " \t,;:=");
    return clv_text_number_at(found, found + strlen(found), &number) ? number : NAN;
}

/* Takes from a line above the numbers what it tells: names of columns, region, axis, photon energy, time. */
static void take_heading(columns_file *file, const char *line)
{
    double photon = number_after(line, "characteristic energy eV"), time = number_after(line, "acquisition time s");
    const char *region = strcasestr(line, "region:"), *name = strcasestr(line, "region name=");
    const char *plain = line + strspn(line, "#%!; \t,");

    if (!*plain) { return; }
    if (strncasecmp(plain, "columnlabels:", 13) == 0) { line = plain + 13; }
    if (photon > 0) { file->photon_energy = photon; }
    if (time > 0) { file->time = time; }
    if (region || name) {
        region = region ? region + strlen("region:") : name + strlen("region name=");
        snprintf(file->table.region, COLUMNS_NAME, "%.90s", region + strspn(region, " \t\""));
        return;
    }
    if (has(line, "kinetic energy axis")) {
        file->axis = has(line, "yes") ? "kinetic_energy" : "binding_energy";
    } else if (has(line, "energy axis:") || has(line, "dimension 1 name=")) {
        file->axis = axis_of(line);
    }
    columns_take_names(line, file->style, &file->table);
    if (!file->table.name[1][0] && plain == line && *line != '[' && !strchr(line, '=') && !file->table.region[0]) {
        snprintf(file->table.region, COLUMNS_NAME, "%.90s", line);
    }
}

/* ---- Choosing columns */

/* The column that a text names: its name or its number from 1. */
static clv_status find_column(const columns_file *file, const char *text, size_t *column)
{
    const columns_table *table = &file->table;
    const char *names[COLUMNS_LIMIT], *near;
    double number;

    for (size_t c = 0; c < table->columns; c++) {
        names[c] = table->name[c];
        if (strcmp(text, table->name[c]) == 0) {
            *column = c;
            return CLV_OK;
        }
    }
    if (!clv_text_number(text, strlen(text), &number, NULL) && number == floor(number) && number >= 1 &&
        number <= (double)table->columns) {
        *column = (size_t)number - 1;
        return CLV_OK;
    }
    near = clv_text_nearest(text, names, table->columns);
    return clv_fail(file->err, CLV_BAD_ARGUMENT, "load: %s has no column '%s'%s%s%s", clv_cursor_name(file->in), text,
                    near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

/* The energy column and its axis: as the options say, else the first whose name means binding energies, else one whose
   name means another energy, else the first column. */
static clv_status choose_energy(const columns_file *file, size_t *column, const char **axis)
{
    const char *named = clv_options_text(file->options, "energy"), *told = clv_options_text(file->options, "axis");

    *column = SIZE_MAX;
    for (size_t c = file->table.columns; c-- > 0;) {
        const char *means = axis_of(file->table.name[c]);

        if (means && (*column == SIZE_MAX || strcmp(means, "binding_energy") == 0 ||
                      strcmp(axis_of(file->table.name[*column]), "binding_energy") != 0)) {
            *column = c;
        }
    }
    if (*column == SIZE_MAX) { *column = 0; }
    if (named) { CLV_TRY(find_column(file, named, column)); }
    *axis = told ? told : axis_of(file->table.name[*column]);
    if (!*axis) { *axis = file->axis; }
    return CLV_OK;
}

/* ---- Spectra */

typedef struct pair {
    double energy, value;
} pair;

static int by_energy(const void *a, const void *b)
{
    const pair *p = a, *q = b;

    return (p->energy > q->energy) - (p->energy < q->energy);
}

/* Pairs of known numbers by ascending energy, the mean where energies repeat. Returns how many. */
static size_t sort_pairs(const columns_table *table, size_t energy, size_t column, pair *pairs)
{
    size_t n = 0, kept = 0;

    for (size_t r = 0; r < table->rows; r++) {
        const double *row = table->numbers + r * table->columns;
        if (!isnan(row[energy]) && !isnan(row[column])) { pairs[n++] = (pair){row[energy], row[column]}; }
    }
    qsort(pairs, n, sizeof *pairs, by_energy);
    for (size_t i = 0, same; i < n; i += same) {
        double sum = 0;

        for (same = 0; i + same < n && pairs[i + same].energy == pairs[i].energy; same++) {
            sum += pairs[i + same].value;
        }
        pairs[kept++] = (pair){pairs[i].energy, sum / (double)same};
    }
    return kept;
}

/* The unit of a column: as its name says; whole numbers that nothing is said of are counts. */
static const char *unit_of(const columns_table *table, size_t column, const pair *pairs, size_t n)
{
    const char *name = table->name[column], *unit = table->unit[column];

    if (*unit && !clv_text_equal(unit, "cps")) { return unit; }
    if (has(unit, "cps") || has(name, "cps") || has(name, "counts/s") || has(name, "per second")) { return "counts/s"; }
    if (has(name, "count")) { return "counts"; }
    for (size_t i = 0; i < n; i++) {
        if (pairs[i].value < 0 || pairs[i].value != floor(pairs[i].value)) { return "1"; }
    }
    return "counts";
}

static clv_status add_metadata(const columns_file *file, clv_spectra *spectra, int guessed)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    CLV_TRY(clv_metadata_set_text(metadata, "region", clv_spectra_name(spectra), file->err));
    if (file->photon_energy > 0) {
        CLV_TRY(clv_metadata_set_number(metadata, "photon_energy", file->photon_energy, "eV", file->err));
    }
    if (file->time > 0) { CLV_TRY(clv_metadata_set_number(metadata, "acquisition_time", file->time, "s", file->err)); }
    if (!guessed) { return CLV_OK; }
    return clv_spectra_add_history(spectra, "-- the file does not say which energy: taken as binding_energy",
                                   file->err);
}

static clv_status make_spectra(const columns_file *file, const char *name, const char *unit, const char *axis_name,
                               const pair *pairs, size_t n)
{
    double *energy = malloc((n + 1) * sizeof *energy);
    clv_axis *axis = NULL;
    clv_spectra *spectra = NULL;
    clv_status status;

    CLV_CHECK(energy, file->err, CLV_NO_MEMORY, "no memory for %zu energies", n);
    for (size_t i = 0; i < n; i++) { energy[i] = pairs[i].energy; }
    status = clv_axis_new(axis_name ? axis_name : "binding_energy", "eV", energy, n, &axis, file->err);
    free(energy);
    if (!status) { status = clv_spectra_new(name, unit, &axis, 1, &spectra, file->err); }
    clv_axis_free(axis);
    if (status) { return status; }
    for (size_t i = 0; i < n; i++) { clv_spectra_fill(spectra)[i] = pairs[i].value; }
    if (strcmp(unit, "counts") == 0) { clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1, 0); }
    status = add_metadata(file, spectra, !axis_name);
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    return clv_record_add(file->out, spectra, file->err);
}

/* The spectra's name: the region for the only column, else the column's own. */
static void name_spectra(const columns_file *file, size_t column, int only, char name[2 * COLUMNS_NAME])
{
    const columns_table *table = &file->table;
    const char *base = clv_cursor_name(file->in), *dot = strrchr(base, '.');
    int same = 0;

    if (!only && table->name[column][0]) {
        snprintf(name, 2 * COLUMNS_NAME, "%s", table->name[column]);
    } else if (table->region[0]) {
        snprintf(name, 2 * COLUMNS_NAME, "%s", table->region);
    } else {
        snprintf(name, 2 * COLUMNS_NAME, "%.*s", (int)(dot && dot - base < 150 ? dot - base : 150), base);
    }
    for (size_t c = 0; c < column && !only; c++) {
        if (strcmp(table->name[c], table->name[column]) == 0) { same = 1; }
    }
    if (!only && (same || !table->name[column][0])) {
        snprintf(name + strlen(name), 2 * COLUMNS_NAME - strlen(name), " column %zu", column + 1);
    }
}

static clv_status add_column(columns_file *file, size_t energy, size_t column, const char *axis, int only)
{
    pair *pairs = malloc(file->table.rows * sizeof *pairs);
    char name[2 * COLUMNS_NAME];
    clv_status status = CLV_OK;
    size_t n;

    CLV_CHECK(pairs, file->err, CLV_NO_MEMORY, "no memory for %zu rows", file->table.rows);
    n = sort_pairs(&file->table, energy, column, pairs);
    if (n >= LEAST_ROWS) {
        CLV_CHECK(clv_record_count(file->out) < SPECTRA_LIMIT, file->err, CLV_LIMIT, "%s: more than %d spectra",
                  clv_cursor_name(file->in), SPECTRA_LIMIT);
        name_spectra(file, column, only, name);
        status = make_spectra(file, name, unit_of(&file->table, column, pairs, n), axis, pairs, n);
    }
    free(pairs);
    return status;
}

/* Makes spectra of the rows gathered so far and begins anew. */
static clv_status end_table(columns_file *file)
{
    columns_table *table = &file->table;
    const clv_value *wanted = clv_options_get(file->options, "intensity");
    size_t energy = 0, column = 0, many = clv_value_count(wanted);
    const char *axis = NULL;
    clv_status status = CLV_OK;

    if (table->rows >= LEAST_ROWS) {
        status = choose_energy(file, &energy, &axis);
        for (size_t i = 0; i < many && !status; i++) {
            status = find_column(file, clv_value_as_text(clv_value_at(wanted, i)), &column);
            if (!status) { status = add_column(file, energy, column, axis, many == 1); }
        }
        for (size_t c = 0; c < table->columns && many == 0 && !status; c++) {
            if (c != energy && !axis_of(table->name[c])) {
                status = add_column(file, energy, c, axis, table->columns == 2);
            }
        }
    }
    table->rows = table->columns = 0;
    return status;
}

/* ---- Rows */

static clv_status append_row(columns_file *file, const double *numbers, size_t count)
{
    columns_table *table = &file->table;
    size_t needed;

    if (table->rows == 0) { table->columns = count; }
    needed = (table->rows + 1) * table->columns;
    if (needed > table->room) {
        double *larger = realloc(table->numbers, 2 * needed * sizeof *larger);

        CLV_CHECK(larger, file->err, CLV_NO_MEMORY, "no memory for %zu rows", table->rows);
        table->numbers = larger;
        table->room = 2 * needed;
    }
    for (size_t c = 0; c < table->columns; c++) {
        table->numbers[table->rows * table->columns + c] = c < count ? numbers[c] : NAN;
    }
    table->rows++;
    return CLV_OK;
}

/* A row of another number of columns ends a table, unless only the last ones are missing; so does a heading. */
static clv_status take_line(columns_file *file, const char *line)
{
    double numbers[COLUMNS_LIMIT];
    size_t count = columns_split(line, file->style, numbers);

    if (count == 0) {
        if (!line[strspn(line, " \t,;#")]) { return CLV_OK; }
        if (file->table.rows > 0) {
            CLV_TRY(end_table(file));
            file->table.name[0][0] = file->table.name[1][0] = 0;
        }
        take_heading(file, line);
        return CLV_OK;
    }
    if (file->table.rows > 0 && count > file->table.columns) { CLV_TRY(end_table(file)); }
    return append_row(file, numbers, count);
}

static clv_status take_lines(columns_file *file)
{
    const char *line = "";
    clv_status status;

    while (!(status = clv_cursor_text(file->in, &line, file->err))) { CLV_TRY(take_line(file, line)); }
    return status == CLV_NOT_FOUND ? end_table(file) : status;
}

static clv_status read_columns(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    columns_file *file = calloc(1, sizeof *file);
    size_t rows = 0, start = clv_cursor_byte(in);
    clv_status status;

    CLV_CHECK(file, err, CLV_NO_MEMORY, "%s: no memory to read it", clv_cursor_name(in));
    file->in = in;
    file->out = out;
    file->options = options;
    file->err = err;
    file->photon_energy = file->time = NAN;
    status = columns_style_find(in, &file->style, &rows, err);
    if (!status && rows < LEAST_ROWS) {
        status = clv_fail(err, CLV_BAD_FILE, "%s: fewer than %d rows of two or more numbers", clv_cursor_name(in),
                          LEAST_ROWS);
    }
    if (!status) { status = clv_cursor_seek(in, start, err); }
    if (!status) { status = take_lines(file); }
    free(file->table.numbers);
    free(file);
    return status;
}

/* Text with rows of numbers can be read; any format that knows its file better comes before. */
static int probe_columns(const clv_head *head)
{
    clv_cursor *cursor = NULL;
    columns_style style;
    size_t rows = 0;

    if (head->count == 0 || memchr(head->bytes, 0, head->count)) { return 0; }
    if (clv_cursor_new(head->name, head->bytes, head->count, &cursor, NULL)) { return 0; }
    if (columns_style_find(cursor, &style, &rows, NULL)) { rows = 0; }
    clv_cursor_free(cursor);
    if (rows < LEAST_ROWS) { return 0; }
    return clv_head_suffix(head, "xy csv txt dat asc") ? 20 : 10;
}

static const clv_parameter parameters[] = {
    {.name = "energy", .type = CLV_TYPE_TEXT, .doc = "name or number of the energy column"},
    {.name = "intensity", .type = CLV_TYPE_NAMES, .doc = "names or numbers of the intensity columns; all unless told"},
    {.name = "axis",
     .type = CLV_TYPE_CHOICE,
     .choices = "binding_energy|kinetic_energy|photon_energy|energy_loss",
     .doc = "what the energies are; as the heading says, else binding energies"},
    {0},
};

static const clv_format columns = {
    .size = sizeof columns,
    .name = "columns",
    .title = "Column text",
    .suffixes = "xy csv txt dat asc",
    .source = "RFC 4180 and common use",
    .parameters = parameters,
    .probe = probe_columns,
    .read = read_columns,
};

static const clv_format *const formats[] = {&columns, NULL};

CLV_PLUGIN(columns) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.columns",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
