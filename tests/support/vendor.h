/* What tests of readers share: files of the real data, spectra against lists of numbers, and what files made to hurt
   may do: be read, or be refused with a sentence. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TESTS_VENDOR_H
#define CLV_TESTS_VENDOR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "expected.h"

/* The path of a real file, or the test is skipped with a line that says which. */
static inline const char *vendor_path(const char *name)
{
    static char path[600];
    const char *root = getenv("CORELEVEL_TESTDATA");
    FILE *file;

    snprintf(path, sizeof path, "%s/xps/%s", root ? root : "", name);
    file = root ? fopen(path, "rb") : NULL;
    if (!file) {
        print_message("SKIPPED: %s: CORELEVEL_TESTDATA is not set or has no such file\n", name);
        skip();
    }
    fclose(file);
    return path;
}

static inline uint8_t *vendor_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*size + 1);
    assert_true(fread(bytes, 1, *size, file) == *size);
    fclose(file);
    return bytes;
}

/* Whether energies (ascending) and intensities times `factor` equal two lists in the order of the file. */
static inline int vendor_equal(const clv_spectra *spectra, const double *x, const double *y, size_t n, double factor)
{
    const double *energy = clv_axis_values(clv_spectra_energy(spectra)), *values = clv_spectra_intensity(spectra);
    size_t equal = 0;

    if (clv_spectra_channels(spectra) != n) {
        fprintf(stderr, "%zu channels instead of %zu\n", clv_spectra_channels(spectra), n);
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        size_t j = n > 1 && x[0] > x[1] ? n - 1 - i : i;

        equal += expected_near(energy[j], x[i]) && expected_near(values[j] * factor, y[i]);
    }
    if (equal < n) { fprintf(stderr, "%zu of %zu points differ\n", n - equal, n); }
    return equal == n;
}

/* The same for a region of a dump, whose energies are `photon` minus its own when that is not 0. */
static inline int vendor_dumped(const clv_spectra *spectra, const json *region, double photon, double factor)
{
    const json *x = json_get(region, "x"), *y = json_get(&json_get(region, "variables")->items[0], "y");
    double *list = malloc(2 * y->count * sizeof *list);
    int equal;

    for (size_t i = 0; i < y->count; i++) {
        list[i] = photon != 0 ? photon - x->items[i].number : x->items[i].number;
        list[y->count + i] = y->items[i].number;
    }
    equal = vendor_equal(spectra, list, list + y->count, y->count, factor);
    free(list);
    return equal;
}

/* Lets a format read bytes: whatever they are, it says CLV_OK or one sentence with the file's name. */
static inline clv_status vendor_read(const char *format_name, const void *bytes, size_t size, const clv_value *given,
                                     clv_record **record, clv_error *err)
{
    const clv_format *format = NULL;
    clv_options *options = NULL;
    clv_cursor *cursor = NULL;
    clv_status status = clv_registry_find_format(format_name, &format, err);

    *record = clv_record_new();
    if (!status) { status = clv_options_check("load", format->parameters, given, &options, err); }
    if (!status) { status = clv_cursor_new("made.file", bytes, size, &cursor, err); }
    if (!status) { status = format->read(cursor, options, *record, err); }
    clv_options_free(options);
    clv_cursor_free(cursor);
    if (status) {
        clv_record_free(*record);
        *record = NULL;
    }
    return status;
}

static inline void vendor_survives(const char *format, const void *bytes, size_t size)
{
    clv_error err = {0};
    clv_record *record = NULL;
    void *exact = malloc(size ? size : 1); /* so that one byte too far is seen */
    clv_status status;

    memcpy(exact, bytes, size);
    status = vendor_read(format, exact, size, NULL, &record, &err);
    free(exact);
    clv_record_free(record);
    if (!status) { return; }
    if (!err.text[0] || strchr(err.text, '\n')) { fail_msg("status %d with the sentence '%s'", status, err.text); }
}

/* A good file cut at many lengths, and with bytes changed, doubled and left out by a generator of fixed seed (Knuth's
   MMIX constants). */
static inline void vendor_hurt(const char *format, const char *path, int rounds)
{
    size_t size;
    uint8_t *bytes = vendor_bytes(path, &size), *copy = malloc(size + 4096);
    uint64_t seed = 42;

    for (int i = 0; i < rounds; i++) {
        size_t cut = (size_t)((double)size * i / rounds), at, length;

        vendor_survives(format, bytes, cut);
        memcpy(copy, bytes, size);
        for (int change = 0; change < 1 + i % 8; change++) {
            static const uint8_t odd[] = "-9eE.,:;#[]<>\t\n\r \0\xff\x80\x7fNnaI\"=";

            seed = seed * 6364136223846793005u + 1442695040888963407u;
            at = (seed >> 33) % (i % 2 || size < 3000 ? size : 3000);
            copy[at] = seed & 1 ? (uint8_t)(seed >> 20) : odd[(seed >> 20) % (sizeof odd - 1)];
        }
        vendor_survives(format, copy, size);
        at = (seed >> 33) % size;
        length = (seed >> 13) % 2000;
        if (length > size - at) { length = size - at; }
        memcpy(copy + at, bytes + at + length, size - at - length);
        vendor_survives(format, copy, size - length);
    }
    free(copy);
    free(bytes);
}

/* Refused, with a sentence that begins so. */
static inline void vendor_refused(const char *format, const char *text, const char *sentence)
{
    clv_error err = {0};
    clv_record *record = NULL;

    assert_int_equal(vendor_read(format, text, strlen(text), NULL, &record, &err), CLV_BAD_FILE);
    if (strncmp(err.text, sentence, strlen(sentence)) != 0) { fail_msg("'%s' instead of '%s'", err.text, sentence); }
}

#endif
