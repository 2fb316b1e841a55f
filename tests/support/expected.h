/* Compares what a reader gives, block by block, with what an independent reader dumped as NAME.expected.json.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TESTS_EXPECTED_H
#define CLV_TESTS_EXPECTED_H

#include <math.h>

#include <corelevel/corelevel.h>

#include "json.h"

static inline int expected_near(double a, double b) { return fabs(a - b) <= 1e-6 * fmax(1.0, fmax(fabs(a), fabs(b))); }

/* A number of the metadata, when the dump knows it (1E37 means that the file does not). */
static inline int expected_number(const clv_spectra *spectra, const char *name, const json *region, const char *key)
{
    const json *value = json_get(region, key);

    if (!value || value->kind != 'n' || fabs(value->number) >= 1e37) { return 1; }
    return expected_near(clv_metadata_number(clv_spectra_metadata(spectra), name), value->number);
}

/* Whether energies equal the dump's abscissa, as it is or as photon energy minus it. Ours ascend. */
static inline int expected_energies(const clv_spectra *spectra, const json *region)
{
    const double *energy = clv_axis_values(clv_spectra_energy(spectra));
    double photon = clv_metadata_number(clv_spectra_metadata(spectra), "photon_energy");
    const json *x = json_get(region, "x"), *start = json_get(region, "x_start"), *step = json_get(region, "x_step");
    size_t n = clv_spectra_channels(spectra), plain = 0, inverted = 0;

    if (!x && !start) { return 1; }
    for (size_t i = 0; i < n; i++) {
        double value = x ? x->items[i].number : start->number + (double)i * step->number;

        plain += expected_near(energy[i], value) || expected_near(energy[n - 1 - i], value);
        inverted += expected_near(energy[i], photon - value) || expected_near(energy[n - 1 - i], photon - value);
    }
    return plain == n || inverted == n;
}

/* Whether a column equals the dump's, in its order or reversed; `wrong` points may differ (known faults of dumps). */
static inline int expected_values(const double *values, size_t n, const json *column, size_t wrong)
{
    const json *y = json_get(column, "y");
    size_t forward = 0, backward = 0;

    if (!y || y->count != n) { return 0; }
    for (size_t i = 0; i < n; i++) {
        forward += expected_near(values[i], y->items[i].number);
        backward += expected_near(values[n - 1 - i], y->items[i].number);
    }
    return forward + wrong >= n || backward + wrong >= n;
}

/* Prints what differs and returns how many things do. */
static inline int expected_block(const char *file, size_t place, const clv_spectra *spectra, const json *region,
                                 size_t wrong)
{
    const json *columns = json_get(region, "variables"), *sample = json_get(region, "sample");
    const char *ours = clv_metadata_text(clv_spectra_metadata(spectra), "sample");
    clv_axis *transmission = clv_spectra_beside(spectra, 0, 0);
    size_t n = clv_spectra_channels(spectra);
    int faults = 0;

    if ((double)n != json_get(region, "n")->number) {
        fprintf(stderr, "%s block %zu: %zu points, not %g\n", file, place, n, json_get(region, "n")->number);
        return 1;
    }
    faults += !expected_energies(spectra, region);
    faults += !expected_values(clv_spectra_intensity(spectra), n, &columns->items[0], wrong);
    if (transmission && columns->count > 1) {
        faults += !expected_values(clv_axis_values(transmission), n, &columns->items[1], 0);
    }
    faults += !expected_number(spectra, "dwell", region, "dwell_s");
    faults += !expected_number(spectra, "scans", region, "scans");
    faults += !expected_number(spectra, "pass_energy", region, "pass_eV");
    faults += !expected_number(spectra, "photon_energy", region, "source_eV");
    faults += !expected_number(spectra, "work_function", region, "workfunction");
    if (sample && sample->kind == 's' && *sample->text && strcmp(sample->text, "Not Specified") != 0) {
        faults += !ours || strcmp(ours, sample->text) != 0;
    }
    if (faults) { fprintf(stderr, "%s block %zu: %d things differ\n", file, place, faults); }
    return faults;
}

/* Lets a format read a file into a record that is not stacked. NULL with a message when it cannot. */
static inline clv_record *expected_read(const char *format_name, const char *path)
{
    const clv_format *format = NULL;
    clv_options *options = NULL;
    clv_cursor *cursor = NULL;
    clv_record *record = clv_record_new();
    clv_error err = {0};
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t size = 0;
    clv_status status;

    if (file) {
        fseek(file, 0, SEEK_END);
        size = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(size + 1);
        size = fread(bytes, 1, size, file);
        fclose(file);
    }
    status = clv_registry_find_format(format_name, &format, &err);
    if (!status) { status = clv_options_check("load", format->parameters, NULL, &options, &err); }
    if (!status) { status = clv_cursor_new(strrchr(path, '/') + 1, bytes, size, &cursor, &err); }
    if (!status) { status = format->read(cursor, options, record, &err); }
    clv_options_free(options);
    clv_cursor_free(cursor);
    free(bytes);
    if (!status) { return record; }
    fprintf(stderr, "%s\n", err.text);
    clv_record_free(record);
    return NULL;
}

#endif
