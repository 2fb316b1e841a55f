/* What tests of the readers of EELS files share: real files against the dumps beside them (hash of the array as
   float64, axes, acquisition). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TESTS_EELS_H
#define CLV_TESTS_EELS_H

#include "base/sha256.h"
#include "vendor.h"

static inline const char *eels_path(const char *name)
{
    char inside[300];

    snprintf(inside, sizeof inside, "../eels/%s", name);
    return vendor_path(inside);
}

/* Loads a real file by its path, as users do. */
static inline clv_record *eels_load(const char *name)
{
    clv_record *record = NULL;
    clv_error err = {0};

    if (clv_load(eels_path(name), NULL, &record, &err)) { fail_msg("%s: %s", name, err.text); }
    return record;
}

static inline json eels_dump(const char *name)
{
    char beside[700];

    snprintf(beside, sizeof beside, "%s.expected.json", eels_path(name));
    return json_file(beside);
}

/* An axis as offset and scale; `factor` turns the file's unit into ours. */
static inline void eels_same_axis(const char *name, const clv_axis *axis, const json *expected, double factor)
{
    double offset = json_get(expected, "offset")->number, scale = json_get(expected, "scale")->number;

    assert_true((double)clv_axis_size(axis) == json_get(expected, "size")->number);
    for (size_t i = 0; i < clv_axis_size(axis); i++) {
        double value = (offset + (double)i * scale) * factor;

        if (!(fabs(clv_axis_values(axis)[i] - value) <= 1e-12 * fmax(1, fabs(value)))) {
            fail_msg("%s: %s %zu is %.17g, not %.17g", name, clv_axis_name(axis), i, clv_axis_values(axis)[i], value);
        }
    }
}

static inline void eels_same_numbers(const char *name, const clv_spectra *spectra, const char *expected)
{
    char hash[CLV_SHA256_TEXT];

    clv_sha256_text(clv_spectra_intensity(spectra),
                    clv_spectra_count(spectra) * clv_spectra_channels(spectra) * sizeof(double), hash);
    if (strcmp(hash, expected) != 0) { fail_msg("%s: other numbers", name); }
}

/* A number of the metadata, where the dump has one. */
static inline void eels_same_number(const char *name, const clv_spectra *spectra, const char *ours, const json *theirs)
{
    double number = clv_metadata_number(clv_spectra_metadata(spectra), ours);

    if (!theirs || theirs->kind != 'n') { return; }
    if (!(fabs(number - theirs->number) <= 1e-12 * fmax(1, fabs(theirs->number)))) {
        fail_msg("%s: %s is %.17g, not %.17g", name, ours, number, theirs->number);
    }
}

/* The whole of one signal of a dump: numbers, axes (of which the last is the energy), acquisition. */
static inline void eels_same_signal(const char *name, const clv_spectra *spectra, const json *signal)
{
    const json *axes = json_get(signal, "axes"), *acquisition = json_get(signal, "acquisition");

    assert_int_equal(axes->count, clv_spectra_axis_count(spectra));
    for (size_t i = 0; i < axes->count; i++) {
        const json *unit = json_get(&axes->items[i], "units");
        int kilo = unit && unit->kind == 's' && strcmp(unit->text, "keV") == 0;

        eels_same_axis(name, clv_spectra_axis(spectra, i), &axes->items[i], kilo ? 1000 : 1);
    }
    eels_same_numbers(name, spectra, json_get(signal, "sha256_f8le")->text);
    if (!acquisition || acquisition->kind != 'o') { return; }
    eels_same_number(name, spectra, "beam_energy", json_get(acquisition, "beam_energy_keV"));
    eels_same_number(name, spectra, "convergence_angle", json_get(acquisition, "convergence_mrad"));
    eels_same_number(name, spectra, "collection_angle", json_get(acquisition, "collection_mrad"));
    eels_same_number(name, spectra, "dwell", json_get(acquisition, "dwell_time_s"));
}

#endif
