/* Rows of numbers in exported text, turned into spectra: energies ascending, rates undone, noise told.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <corelevel/text.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t,;";

void rows_clear(rows *table) { table->count = table->width = 0; }

void rows_free(rows *table)
{
    free(table->numbers);
    *table = (rows){0};
}

/* ---- Filling */

static clv_status make_room(rows *table, size_t used, clv_error *err)
{
    size_t room = table->room ? table->room + table->room / 2 : 1024;
    double *larger;

    if (used < table->room) { return CLV_OK; }
    larger = reallocarray(table->numbers, room, sizeof *larger);
    CLV_CHECK(larger, err, CLV_NO_MEMORY, "no memory for %zu numbers", room);
    table->numbers = larger;
    table->room = room;
    return CLV_OK;
}

int rows_is_number(const char *line)
{
    double number;

    line += strspn(line, blanks);
    return *line && clv_text_number_at(line, line + strlen(line), &number) != NULL;
}

clv_status rows_add_line(rows *table, const clv_cursor *in, const char *line, clv_error *err)
{
    const char *at = line + strspn(line, blanks), *end = line + strlen(line), *next;
    size_t used = table->count * table->width, found = 0;

    for (; *at; at = next + strspn(next, blanks), found++) {
        CLV_TRY(make_room(table, used + found, err));
        next = clv_text_number_at(at, end, &table->numbers[used + found]);
        if (!next || (*next && !strchr(blanks, *next)) || !isfinite(table->numbers[used + found])) {
            return clv_cursor_fail(in, err, "a number should stand where '%.30s' does", at);
        }
    }
    if (table->width == 0) { table->width = found; }
    if (found != table->width || found == 0) {
        return clv_cursor_fail(in, err, "%zu numbers should stand here as in the row before, not %zu", table->width,
                               found);
    }
    table->count++;
    return CLV_OK;
}

clv_status rows_add(rows *table, const double *numbers, clv_error *err)
{
    for (size_t i = 0; i < table->width; i++) {
        CLV_TRY(make_room(table, table->count * table->width + i, err));
        table->numbers[table->count * table->width + i] = numbers[i];
    }
    table->count++;
    return CLV_OK;
}

/* ---- Energies ascending */

typedef struct point {
    double energy;
    size_t place;
} point;

static int by_energy(const void *a, const void *b)
{
    const point *p = a, *q = b;

    if (p->energy != q->energy) { return p->energy < q->energy ? -1 : 1; }
    return p->place < q->place ? -1 : p->place > q->place;
}

/* Energies are decimal numbers: what is calculated from them is rounded to 1e-9 eV, so that 840.1 stays so. */
static double decimal(double energy) { return nearbyint(energy * 1e9) / 1e9 + 0.0; }

/* The rows by ascending energy; the caller frees. */
static clv_status sort_rows(const rows *table, const clv_cursor *in, const rows_signal *what, point **sorted,
                            clv_error *err)
{
    point *points;

    if (table->count == 0) { return clv_cursor_fail(in, err, "'%s' holds no numbers", what->name); }
    points = calloc(table->count, sizeof *points);
    CLV_CHECK(points, err, CLV_NO_MEMORY, "no memory for %zu energies", table->count);
    for (size_t i = 0; i < table->count; i++) {
        double energy = table->numbers[i * table->width + what->energy];

        if (!(fabs(energy) < 1e6)) {
            free(points);
            return clv_cursor_fail(in, err, "the energy of point %zu of '%s' is %g eV", i + 1, what->name, energy);
        }
        points[i] = (point){decimal(isnan(what->photon) ? energy : what->photon - energy), i};
    }
    qsort(points, table->count, sizeof *points, by_energy);
    *sorted = points;
    return CLV_OK;
}

/* How many different energies there are, and what they are. */
static size_t list_energies(const point *points, size_t count, double *energies)
{
    size_t different = 0;

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && points[i].energy == points[i - 1].energy) { continue; }
        energies[different++] = points[i].energy;
    }
    return different;
}

/* Copies a column by ascending energy, the mean where several rows have one energy. */
static void copy_column(const rows *table, const point *points, size_t column, double *to)
{
    for (size_t i = 0, n; i < table->count; i += n) {
        double sum = 0;

        for (n = 0; i + n < table->count && points[i + n].energy == points[i].energy; n++) {
            sum += table->numbers[points[i + n].place * table->width + column];
        }
        *to++ = sum / (double)n;
    }
}

/* ---- Spectra */

static void set_noise(clv_spectra *spectra)
{
    const double *values = clv_spectra_intensity(spectra);
    size_t count = clv_spectra_count(spectra) * clv_spectra_channels(spectra), whole = 0;

    if (strcmp(clv_spectra_unit(spectra), "counts") != 0) { return; }
    while (whole < count && values[whole] >= 0 && values[whole] == floor(values[whole])) { whole++; }
    clv_spectra_set_noise(spectra, whole == count ? CLV_NOISE_POISSON : CLV_NOISE_UNKNOWN, 1, 0);
}

static clv_status fill_spectra(const rows *table, const point *points, const rows_signal *what, clv_axis *energy,
                               clv_spectra **made, clv_error *err)
{
    clv_axis *axes[2] = {what->along, energy};
    size_t channels = clv_axis_size(energy);
    char line[100];

    CLV_TRY(clv_spectra_new(what->name, what->unit, what->along ? axes : axes + 1, what->along ? 2 : 1, made, err));
    for (size_t s = 0; s < what->count; s++) {
        copy_column(table, points, what->first + s, clv_spectra_fill(*made) + s * channels);
    }
    set_noise(*made);
    if (channels == table->count) { return CLV_OK; }
    snprintf(line, sizeof line, "-- %zu points stand at an energy of another: their mean", table->count - channels);
    return clv_spectra_add_history(*made, line, err);
}

clv_status rows_spectra(const rows *table, const clv_cursor *in, const rows_signal *what, clv_spectra **made,
                        clv_error *err)
{
    point *points = NULL;
    double *energies;
    clv_axis *axis = NULL;
    clv_spectra *fresh = NULL;
    clv_status status;

    CLV_TRY(sort_rows(table, in, what, &points, err));
    energies = calloc(table->count, sizeof *energies);
    status = energies ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory for %zu energies", table->count);
    if (!status) {
        status = clv_axis_new(what->axis, "eV", energies, list_energies(points, table->count, energies), &axis, err);
    }
    if (!status) { status = fill_spectra(table, points, what, axis, &fresh, err); }
    clv_axis_free(axis);
    free(energies);
    free(points);
    if (status) {
        clv_spectra_free(fresh);
        return status;
    }
    *made = fresh;
    return CLV_OK;
}

clv_status rows_add_block(clv_record *record, const clv_cursor *in, clv_spectra *spectra_take, const char *const *names,
                          const char *const *units, const double *values, size_t count, clv_error *err)
{
    size_t most = 32768 + clv_cursor_size(in) / 512;

    if (clv_record_count(record) < most) {
        return clv_record_add_block(record, spectra_take, names, units, values, count, err);
    }
    clv_spectra_free(spectra_take);
    return clv_fail(err, CLV_LIMIT, "%s:%zu: more than %zu spectra in %zu bytes", clv_cursor_name(in),
                    clv_cursor_line(in), most, clv_cursor_size(in));
}

clv_status rows_add_beside(const rows *table, const clv_cursor *in, const rows_signal *what, const char *name,
                           clv_spectra *spectra, clv_error *err)
{
    size_t channels = clv_spectra_channels(spectra), finite = 0;
    point *points = NULL;
    double *values;
    clv_axis *axis = NULL;
    clv_status status;

    CLV_TRY(sort_rows(table, in, what, &points, err));
    values = calloc(channels, sizeof *values);
    status = values ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory for the %s", name);
    if (!status) { copy_column(table, points, what->first, values); }
    while (!status && finite < channels && isfinite(values[finite])) { finite++; }
    if (!status && finite == channels) { status = clv_axis_new(name, "1", values, channels, &axis, err); }
    if (axis) { status = clv_spectra_add_beside(spectra, clv_spectra_axis_count(spectra) - 1, axis, err); }
    clv_axis_free(axis);
    free(values);
    free(points);
    return status;
}

int rows_are_whole(const rows *table, size_t first, size_t count)
{
    for (size_t i = 0; i < table->count; i++) {
        const double *row = table->numbers + i * table->width + first;

        for (size_t j = 0; j < count; j++) {
            if (!(row[j] >= 0) || row[j] != floor(row[j])) { return 0; }
        }
    }
    return 1;
}

/* ---- Counts from rates */

/* Digits beyond which a printed number is taken as exact. */
#define MOST_DIGITS 10

/* The power of ten of the last digit that a decimal number needs. */
static int last_digit(double value)
{
    int lead = (int)floor(log10(value));

    for (int digits = 1; digits < MOST_DIGITS; digits++) {
        double scaled = value * pow(10, digits - 1 - lead);

        if (fabs(scaled - nearbyint(scaled)) < 1e-3) { return lead + 1 - digits; }
    }
    return lead + 1 - MOST_DIGITS;
}

/* What the numbers were printed with: significant digits, and the power of ten of the finest last digit. */
static void measure_digits(const double *values, size_t count, int *digits, int *finest)
{
    *digits = 1;
    *finest = 0;
    for (size_t i = 0; i < count; i++) {
        int last, needed;

        if (!(values[i] > 0)) { continue; }
        last = last_digit(values[i]);
        needed = (int)floor(log10(values[i])) + 1 - last;
        if (needed > *digits) { *digits = needed; }
        if (last < *finest) { *finest = last; }
    }
}

/* Whether values times `seconds` are whole numbers. Each value may be off by half a unit of its last digit, whichever
   way of printing leaves more. What part of the room between whole numbers that is, is the chance that any number
   passes; the evidence is minus the sum of the chances' logarithms, and must exclude chance to 1 in 5e8. Values printed
   too coarsely to tell follow the others. */
static int are_counts(const double *values, size_t count, double seconds)
{
    double evidence = 0;
    int digits, finest;

    measure_digits(values, count, &digits, &finest);
    for (size_t i = 0; i < count; i++) {
        double counts = values[i] * seconds, tolerance;

        if (!(values[i] >= 0)) { return 0; }
        if (values[i] == 0) { continue; }
        tolerance = pow(10, fmax(finest, floor(log10(values[i])) + 1 - digits));
        tolerance = 0.5 * tolerance * seconds + 1e-12 * counts;
        if (tolerance >= 0.5) { continue; }
        if (fabs(counts - nearbyint(counts)) > 1.001 * tolerance) { return 0; }
        evidence -= log(2 * tolerance);
    }
    return evidence > 20 || (seconds == 1 && finest == 0);
}

clv_status rows_undo_rates(clv_spectra *spectra, double seconds, clv_error *err)
{
    double *values = clv_spectra_fill(spectra);
    size_t count = clv_spectra_count(spectra) * clv_spectra_channels(spectra);
    char line[100], number[CLV_TEXT_NUMBER_SIZE];

    if (!(seconds > 0) || !isfinite(seconds) || strcmp(clv_spectra_unit(spectra), "counts/s") != 0) { return CLV_OK; }
    if (!are_counts(values, count, seconds)) { return CLV_OK; }
    for (size_t i = 0; i < count; i++) { values[i] = nearbyint(values[i] * seconds); }
    CLV_TRY(clv_spectra_set_unit(spectra, "counts", err));
    clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1, 0);
    clv_text_from_number(seconds, number);
    snprintf(line, sizeof line, "-- rates times %s s are whole numbers: kept as counts", number);
    return clv_spectra_add_history(spectra, line, err);
}

void rows_name_axis(int is_binding, double photon_energy, rows_signal *what)
{
    int known = photon_energy > 0 && photon_energy < 1e6;

    what->axis = is_binding || known ? "binding_energy" : "kinetic_energy";
    what->photon = !is_binding && known ? photon_energy : NAN;
}

/* ---- Metadata */

/* Entries with names that are not listed are kept up to so many: no export has as many, a file made to hurt may. */
#define MOST_ENTRIES 80

void rows_trim(const char *text, size_t length, char *out, size_t size)
{
    while (length > 0 && strchr(" \t\r", *text)) { text++, length--; }
    while (length > 0 && strchr(" \t\r", text[length - 1])) { length--; }
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) { length--; }
    }
    memmove(out, text, length);
    out[length] = 0;
}

void rows_split_label(const char *label, char name[ROWS_LABEL], char unit[ROWS_LABEL])
{
    const char *bracket = strchr(label, '[');
    size_t length = 0, end = bracket ? (size_t)(bracket - label) : strlen(label);

    snprintf(unit, ROWS_LABEL, "1");
    if (bracket) { rows_trim(bracket + 1, strcspn(bracket + 1, "]"), unit, ROWS_LABEL); }
    rows_trim(label, end, name, ROWS_LABEL);
    for (const char *c = name; *c; c++) {
        int word = isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80;

        if (!word && (length == 0 || name[length - 1] == '_')) { continue; }
        name[length++] = word ? (char)tolower((unsigned char)*c) : '_';
    }
    while (length > 0 && name[length - 1] == '_') { length--; }
    name[length] = 0;
}

/* "08/24/23 14:19:47 UTC" (month, day, year) as 2023-08-24T14:19:47Z; other texts stay. */
static void write_date(const char *value, char *date, size_t size)
{
    unsigned month, day, year, hour, minute, second;
    char zone[8] = "";

    snprintf(date, size, "%s", value);
    if (sscanf(value, "%2u/%2u/%2u %2u:%2u:%2u %7s", &month, &day, &year, &hour, &minute, &second, zone) < 6) {
        return;
    }
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) { return; }
    snprintf(date, size, "20%02u-%02u-%02uT%02u:%02u:%02u%s", year, month, day, hour, minute, second,
             strcmp(zone, "UTC") == 0 ? "Z" : "");
}

clv_status rows_keep(clv_metadata *metadata, const rows_key *keys, const char *key, const char *value, clv_error *err)
{
    char name[ROWS_LABEL], unit[ROWS_LABEL], date[ROWS_LABEL];
    double number;
    int numeric = !clv_text_number(value, strlen(value), &number, NULL);

    if (!*value) { return CLV_OK; }
    for (; keys->key; keys++) {
        if (!clv_text_equal(keys->key, key)) { continue; }
        if (keys->unit && numeric) { return clv_metadata_set_number(metadata, keys->name, number, keys->unit, err); }
        if (strcmp(keys->name, "started") != 0) { return clv_metadata_set_text(metadata, keys->name, value, err); }
        write_date(value, date, sizeof date);
        return clv_metadata_set_text(metadata, keys->name, date, err);
    }
    rows_split_label(key, name, unit);
    if (!*name || clv_metadata_count(metadata) >= MOST_ENTRIES) { return CLV_OK; }
    if (numeric) { return clv_metadata_set_number(metadata, name, number, unit, err); }
    return clv_metadata_set_text(metadata, name, value, err);
}

clv_status rows_copy_metadata(const clv_metadata *from, clv_metadata *to, clv_error *err)
{
    for (size_t i = 0; i < clv_metadata_count(from); i++) {
        const char *name = clv_metadata_name(from, i), *text = clv_metadata_text(from, name);

        if (text) {
            CLV_TRY(clv_metadata_set_text(to, name, text, err));
        } else {
            CLV_TRY(
                clv_metadata_set_number(to, name, clv_metadata_number(from, name), clv_metadata_unit(from, name), err));
        }
    }
    return CLV_OK;
}
