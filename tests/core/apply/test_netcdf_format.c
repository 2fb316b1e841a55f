/* Reading netCDF: what was written comes back to the bit, files of others with an energy axis are understood, damaged
   files end in one sentence, and the process that reads them may die without harm.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <corelevel/registry.h>

#include "apply/netcdf_format.h"

#define FILE_NAME "test_netcdf_format.tmp.nc"

static clv_axis *axis(const char *name, const char *unit, size_t size, double first, double step)
{
    double values[300];
    clv_axis *made = NULL;

    for (size_t i = 0; i < size; i++) { values[i] = first + step * (double)i; }
    assert_int_equal(clv_axis_new(name, unit, values, size, &made, NULL), CLV_OK);
    return made;
}

/* A map of 3 x 2 spectra of 200 channels with everything that spectra may carry. */
static clv_spectra *map(void)
{
    clv_axis *axes[] = {axis("depth", "nm SiO2 equiv.", 3, 0, 7.5), axis("x", "nm", 2, -1, 2),
                        axis("binding_energy", "eV", 200, 773, 0.1)};
    clv_axis *time = axis("etch_time", "s", 3, 0, 30), *transmission = axis("transmission", "1", 200, 1.7, -0.003);
    clv_spectra *made = NULL;
    double *intensity, *variance, offset[] = {0.1, 0.2, 0.3, 0.4, 0.5, 1e-3 / 3},
                                  error[] = {0.01, 0.02, -0.03, 0, 1, 2};

    assert_int_equal(clv_spectra_new("Co 2p/5: \xc3\xa9", "counts/s", axes, 3, &made, NULL), CLV_OK);
    intensity = clv_spectra_fill(made);
    assert_int_equal(clv_spectra_make_variance(made, &variance, NULL), CLV_OK);
    for (size_t i = 0; i < 1200; i++) {
        intensity[i] = 100 + (double)(i % 200) / 7;
        variance[i] = 1 + 1 / (double)(i + 1);
    }
    intensity[17] = NAN;
    assert_int_equal(clv_spectra_add_beside(made, 0, time, NULL), CLV_OK);
    assert_int_equal(clv_spectra_add_beside(made, 2, transmission, NULL), CLV_OK);
    assert_int_equal(clv_spectra_set_offset(made, offset, error, NULL), CLV_OK);
    clv_spectra_set_window(made, 773.05, INFINITY);
    clv_metadata_set_text(clv_spectra_metadata_fill(made), "technique", "XPS", NULL);
    clv_metadata_set_text(clv_spectra_metadata_fill(made), "comment", "two\nlines, \"quoted\" \xc2\xb5m", NULL);
    clv_metadata_set_number(clv_spectra_metadata_fill(made), "photon_energy", 1486.6, "eV", NULL);
    clv_metadata_set_number(clv_spectra_metadata_fill(made), "scans", 4, "1", NULL);
    clv_metadata_set_text(clv_spectra_metadata_fill(made), "history", "of the instrument", NULL);
    clv_spectra_add_history(made, "crop(773, 811)", NULL);
    clv_spectra_add_history(made, "drop { level = 4 }", NULL);
    for (size_t i = 0; i < 3; i++) { clv_axis_free(axes[i]); }
    clv_axis_free(time);
    clv_axis_free(transmission);
    return made;
}

/* One spectrum of counts without anything. */
static clv_spectra *plain(void)
{
    clv_axis *energy = axis("kinetic_energy", "eV", 50, 100, 0.5);
    clv_spectra *made = NULL;

    assert_int_equal(clv_spectra_new("O 1s", "counts", &energy, 1, &made, NULL), CLV_OK);
    for (size_t i = 0; i < 50; i++) { clv_spectra_fill(made)[i] = (double)(1000 + i * 7919 % 63); }
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 2.5);
    clv_axis_free(energy);
    return made;
}

static void same_numbers(const double *a, const double *b, size_t count)
{
    assert_true((a == NULL) == (b == NULL));
    if (a) { assert_memory_equal(a, b, count * sizeof *a); }
}

static void same_axis(clv_axis *a, clv_axis *b) { assert_true(clv_axis_equal(a, b)); }

static void same_metadata(const clv_metadata *a, const clv_metadata *b)
{
    for (size_t i = 0; i < clv_metadata_count(a); i++) {
        const char *name = clv_metadata_name(a, i), *text = clv_metadata_text(a, name);

        if (text) {
            assert_non_null(clv_metadata_text(b, name));
            assert_string_equal(text, clv_metadata_text(b, name));
        } else {
            assert_true(clv_metadata_number(a, name) == clv_metadata_number(b, name));
            assert_string_equal(clv_metadata_unit(a, name), clv_metadata_unit(b, name));
        }
    }
}

static void same_spectra(const clv_spectra *a, const clv_spectra *b)
{
    double window[4];
    size_t all = clv_spectra_count(a) * clv_spectra_channels(a);

    assert_string_equal(clv_spectra_name(a), clv_spectra_name(b));
    assert_string_equal(clv_spectra_unit(a), clv_spectra_unit(b));
    assert_int_equal(clv_spectra_axis_count(a), clv_spectra_axis_count(b));
    for (size_t i = 0; i < clv_spectra_axis_count(a); i++) {
        same_axis(clv_spectra_axis(a, i), clv_spectra_axis(b, i));
        assert_int_equal(clv_spectra_beside_count(a, i), clv_spectra_beside_count(b, i));
        for (size_t k = 0; k < clv_spectra_beside_count(a, i); k++) {
            same_axis(clv_spectra_beside(a, i, k), clv_spectra_beside(b, i, k));
        }
    }
    same_numbers(clv_spectra_intensity(a), clv_spectra_intensity(b), all);
    same_numbers(clv_spectra_variance(a), clv_spectra_variance(b), all);
    same_numbers(clv_spectra_offset(a), clv_spectra_offset(b), clv_spectra_count(a));
    same_numbers(clv_spectra_offset_error(a), clv_spectra_offset_error(b), clv_spectra_count(a));
    assert_int_equal(clv_spectra_noise(a), clv_spectra_noise(b));
    assert_true(clv_spectra_noise_read(a) == clv_spectra_noise_read(b));
    clv_spectra_window(a, &window[0], &window[1]);
    clv_spectra_window(b, &window[2], &window[3]);
    assert_true(window[0] == window[2] && window[1] == window[3]);
    same_metadata(clv_spectra_metadata(a), clv_spectra_metadata(b));
    for (size_t i = 0; i < clv_spectra_history_count(a); i++) {
        assert_string_equal(clv_spectra_history(a, i), clv_spectra_history(b, i));
    }
}

static clv_record *load(const char *path)
{
    clv_record *record = NULL;
    clv_error err = {0};

    if (clv_load(path, NULL, &record, &err)) { fail_msg("%s", err.text); }
    assert_string_equal(clv_record_format(record), "netcdf");
    return record;
}

static clv_record *made_record(void)
{
    clv_record *record = clv_record_new();

    assert_int_equal(clv_record_add(record, map(), NULL), CLV_OK);
    assert_int_equal(clv_record_add(record, plain(), NULL), CLV_OK);
    return record;
}

static void round_trip(void **state)
{
    clv_record *record = made_record(), *back;
    clv_error err = {0};

    (void)state;
    if (clv_convert(record, FILE_NAME, "netcdf", &err)) { fail_msg("%s", err.text); }
    back = load(FILE_NAME);
    assert_int_equal(clv_record_count(back), 2);
    for (size_t i = 0; i < 2; i++) { same_spectra(clv_record_at(record, i), clv_record_at(back, i)); }
    clv_record_free(back);
    clv_record_free(record);
}

/* ---- Files of others, made by ncgen from CDL */

static int make(const char *cdl, const char *kind)
{
    char command[100];
    FILE *pipe;

    if (system("command -v ncgen >/dev/null") != 0) {
        print_message("SKIPPED: ncgen (netcdf-bin) is not installed\n");
        return 0;
    }
    snprintf(command, sizeof command, "ncgen -k %s -o %s", kind, FILE_NAME);
    pipe = popen(command, "we");
    assert_non_null(pipe);
    fputs(cdl, pipe);
    assert_int_equal(pclose(pipe), 0);
    return 1;
}

/* At the root, integer counts, energies falling, a dimension without coordinate; in every kind of file. */
static void of_others(void **state)
{
    static const char *const kinds[] = {"classic", "64-bit offset", "64-bit data", "netCDF-4"};
    static const char cdl[] = "netcdf x { dimensions: frame = 2; channel = 3; variables: double photon_energy(channel);"
                              "photon_energy:units = \"eV\"; int yield(frame, channel); yield:units = \"counts\";"
                              "yield:long_name = \"Total electron yield\"; double other(frame); :beamline = \"B7\";"
                              ":ring_current = 300.5; data: photon_energy = 782, 781, 780; yield = 1, 2, 3, 4, 5, 6;"
                              "other = 1, 2; }";
    static const double expected[] = {3, 2, 1, 6, 5, 4};

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        char quoted[40];
        clv_record *record;
        const clv_spectra *spectra;

        snprintf(quoted, sizeof quoted, "'%s'", kinds[k]);
        if (!make(cdl, quoted)) { return; }
        record = load(FILE_NAME);
        assert_int_equal(clv_record_count(record), 1);
        spectra = clv_record_at(record, 0);
        assert_string_equal(clv_spectra_name(spectra), "Total electron yield");
        assert_string_equal(clv_axis_name(clv_spectra_energy(spectra)), "photon_energy");
        assert_true(clv_axis_values(clv_spectra_energy(spectra))[0] == 780);
        assert_string_equal(clv_axis_name(clv_spectra_axis(spectra, 0)), "frame");
        assert_true(clv_axis_values(clv_spectra_axis(spectra, 0))[1] == 2);
        same_numbers(clv_spectra_intensity(spectra), expected, 6);
        assert_int_equal(clv_spectra_noise(spectra), CLV_NOISE_POISSON);
        assert_string_equal(clv_metadata_text(clv_spectra_metadata(spectra), "beamline"), "B7");
        assert_true(clv_metadata_number(clv_spectra_metadata(spectra), "ring_current") == 300.5);
        clv_record_free(record);
    }
}

/* CF packing: value = packed * 0.5 + 10, and a fill value is a gap. */
static void packed(void **state)
{
    static const double expected[] = {10.5, 11, NAN};
    const double *seen;
    clv_record *record;

    (void)state;
    if (!make("netcdf x { dimensions: energy_loss = 3; variables: float energy_loss(energy_loss); short s(energy_loss);"
              "s:scale_factor = 0.5; s:add_offset = 10.; s:_FillValue = -1s;"
              "data: energy_loss = 1, 2, 3; s = 1, 2, -1; }",
              "netCDF-4")) {
        return;
    }
    record = load(FILE_NAME);
    seen = clv_spectra_intensity(clv_record_at(record, 0));
    assert_true(seen[0] == expected[0] && seen[1] == expected[1] && isnan(seen[2]));
    clv_record_free(record);
}

static void refuse(const char *path, const char *says)
{
    clv_record *record = NULL;
    clv_error err = {0};

    assert_int_equal(clv_load(path, NULL, &record, &err), CLV_BAD_FILE);
    assert_non_null(strstr(err.text, FILE_NAME));
    if (!strstr(err.text, says)) { fail_msg("\"%s\" does not say \"%s\"", err.text, says); }
}

static void without_spectra(void **state)
{
    (void)state;
    if (!make("netcdf x { dimensions: time = 3; variables: float t(time); data: t = 1, 2, 3; }", "classic")) { return; }
    refuse(FILE_NAME, "no variable has a last dimension with energies");
    if (!make("netcdf x { dimensions: energy_loss = 3; variables: float energy_loss(energy_loss); float s(energy_loss);"
              "data: energy_loss = 1, 3, 2; s = 1, 2, 3; }",
              "netCDF-4")) {
        return;
    }
    refuse(FILE_NAME, "energy_loss");
}

/* A file of a few hundred bytes that claims 9.6 GB. */
static void claims_too_much(void **state)
{
    (void)state;
    if (!make(
            "netcdf x { dimensions: n = 400000000; energy_loss = 3; variables: double energy_loss(energy_loss);"
            "double s(n, energy_loss); s:_ChunkSizes = 100000, 3; s:_DeflateLevel = 1; data: energy_loss = 1, 2, 3; }",
            "netCDF-4")) {
        return;
    }
    refuse(FILE_NAME, "a file of its size");
}

/* ---- Damage */

static uint8_t *file_bytes(size_t *count)
{
    FILE *file = fopen(FILE_NAME, "rbe");
    uint8_t *bytes = malloc(1 << 20);

    assert_non_null(file);
    assert_non_null(bytes);
    *count = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* Whatever is done to the file: read, or refused in one sentence; and no process is left behind. */
static void damaged(void **state)
{
    clv_record *record = made_record();
    uint64_t seed = 5;
    size_t count, refused = 0;
    uint8_t *bytes, *mutant;

    (void)state;
    assert_int_equal(clv_convert(record, FILE_NAME, "netcdf", NULL), CLV_OK);
    clv_record_free(record);
    bytes = file_bytes(&count);
    mutant = malloc(count);
    assert_non_null(mutant);
    for (int trial = 0; trial < 120; trial++) {
        clv_error err = {0};
        size_t kept = trial % 10 == 9 ? count / 2 + (size_t)trial : count;

        memcpy(mutant, bytes, count);
        for (int k = 0; k < 1 + trial % 30; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            mutant[8 + (seed >> 33) % (kept - 8)] = (uint8_t)(seed >> 25);
        }
        record = NULL;
        if (clv_load_bytes(FILE_NAME, mutant, kept, NULL, &record, &err)) {
            refused++;
            assert_int_equal(err.status, CLV_BAD_FILE);
            assert_null(strchr(err.text, '\n'));
        }
        clv_record_free(record);
    }
    assert_true(refused > 10);
    assert_true(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
    free(bytes);
    free(mutant);
}

/* A reader that dies, one that tells nonsense, one that is not there. */
static void bad_readers(void **state)
{
    static const struct {
        const char *script, *says;
    } cases[] = {
        {"#!/bin/sh\nkill -SEGV $$\n", "it killed its reader (signal 11)"},
        {"#!/bin/sh\nexit 3\n", "it ended its reader"},
        {"#!/bin/sh\nprintf 'nonsense nonsense nonsense'\n", "a file of its size"},
        {"#!/bin/sh\nprintf '\\006\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000'\n",
         "makes no sense"},
    };
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    setenv("CORELEVEL_READER", "./test_netcdf_format.tmp.sh", 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        FILE *file = fopen("test_netcdf_format.tmp.sh", "we");

        assert_non_null(file);
        fputs(cases[i].script, file);
        fclose(file);
        assert_int_equal(chmod("test_netcdf_format.tmp.sh", 0700), 0);
        refuse(FILE_NAME, cases[i].says);
    }
    setenv("CORELEVEL_READER", "/no/such/reader", 1);
    assert_int_equal(clv_load(FILE_NAME, NULL, &record, &err), CLV_FAILED);
    assert_non_null(strstr(err.text, "/no/such/reader"));
    unsetenv("CORELEVEL_READER");
}

static void probes(void **state)
{
    static const struct {
        const char *bytes, *name;
        size_t count;
        int known;
    } cases[] = {{"\x89HDF\r\n\x1a\n", "x.nc", 8, 1},
                 {"CDF\1", "x.nc", 4, 1},
                 {"CDF\2", "x", 4, 1},
                 {"CDF\5", "x", 4, 1},
                 {"CDF\3", "x.nc", 4, 0},
                 {"CDF", "x.nc", 3, 0},
                 {"", "x.nc", 0, 0},
                 {"VAMAS", "x.nc", 5, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_head head = {.size = sizeof head,
                         .bytes = (const uint8_t *)cases[i].bytes,
                         .count = cases[i].count,
                         .file_size = cases[i].count,
                         .name = cases[i].name};

        assert_int_equal(clv_format_netcdf.probe(&head) > 0, cases[i].known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(probes),  cmocka_unit_test(round_trip),      cmocka_unit_test(of_others),
        cmocka_unit_test(packed),  cmocka_unit_test(without_spectra), cmocka_unit_test(claims_too_much),
        cmocka_unit_test(damaged), cmocka_unit_test(bad_readers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
