/* The PHI reader against real files as independent readers dumped them, and against damaged copies of a made file.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "expected.h"

/* Opens a real file and its dump; false, with a message, when there are none. */
static int open_both(const char *name, clv_record **record, json *tree)
{
    const char *root = getenv("CORELEVEL_TESTDATA");
    char path[600], dump[640];

    if (!root) {
        print_message("SKIPPED: %s: CORELEVEL_TESTDATA is not set\n", name);
        return 0;
    }
    snprintf(path, sizeof path, "%s/xps/%s", root, name);
    snprintf(dump, sizeof dump, "%s.expected.json", path);
    *record = expected_read("phi", path);
    *tree = json_file(dump);
    assert_non_null(*record);
    return 1;
}

/* Dumped by spe-xps-reader 1.0.0: energies, raw intensities, transmission. */
static void a_single_spectrum(void **state)
{
    clv_record *record = NULL;
    json tree;
    const json *region;
    const clv_spectra *spectra;

    (void)state;
    if (!open_both("SnO2_10nm.spe", &record, &tree)) { skip(); }
    region = &json_get(json_get(&tree, "regions"), "regions_data")->items[0];
    assert_int_equal(clv_record_count(record), 1);
    spectra = clv_record_at(record, 0);
    assert_int_equal(clv_spectra_channels(spectra), 1751);
    for (size_t i = 0; i < 1751; i++) {
        size_t from = 1750 - i;

        assert_true(expected_near(clv_axis_values(clv_spectra_energy(spectra))[i],
                                  json_get(region, "be_values")->items[from].number));
        assert_true(clv_spectra_intensity(spectra)[i] == json_get(region, "raw_intensities")->items[from].number);
        assert_true(expected_near(clv_axis_values(clv_spectra_beside(spectra, 0, 0))[i],
                                  json_get(region, "transmission_values")->items[from].number));
    }
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(spectra), "instrument"), "VersaProbe 4");
    assert_true(clv_metadata_number(clv_spectra_metadata(spectra), "work_function") == 4.506);
    assert_true(clv_metadata_number(clv_spectra_metadata(spectra), "photon_energy") == 1486.6);
    clv_record_free(record);
    json_free(&tree);
}

/* Dumped by pynxtools-xps: 21 cycles of each of four regions, in another order than the file's. */
static void a_depth_profile(void **state)
{
    static const char *const names[4] = {"C 1s", "Si 2p", "Sn 3d5", "Survey"};
    clv_record *record = NULL;
    json tree;
    const json *regions;

    (void)state;
    if (!open_both("SnO2_10nm_1.pro", &record, &tree)) { skip(); }
    regions = json_get(&tree, "regions");
    assert_int_equal(clv_record_count(record), 4 * 21);
    assert_int_equal(clv_record_stack(record, NULL), CLV_OK);
    assert_int_equal(clv_record_count(record), 4);
    for (size_t r = 0; r < 4; r++) {
        const json *region = &regions->items[r], *cycles = json_get(region, "raw_cycles_or_scans");
        clv_spectra *spectra = NULL;
        size_t n;

        assert_int_equal(clv_record_find(record, names[r], NAN, &spectra, NULL), CLV_OK);
        n = clv_spectra_channels(spectra);
        assert_int_equal(clv_spectra_count(spectra), cycles->count);
        for (size_t i = 0; i < cycles->count * n; i++) {
            assert_true(clv_spectra_intensity(spectra)[i] == cycles->items[i / n].items[n - 1 - i % n].number);
        }
        for (size_t i = 0; i < n; i++) {
            assert_true(expected_near(clv_axis_values(clv_spectra_energy(spectra))[i],
                                      json_get(region, "x")->items[n - 1 - i].number));
        }
        /* the file's own list of sputter times, by the hexadecimal dump: 0, 30 … 600 s; level 1 is the unsputtered one
         */
        assert_string_equal(clv_axis_name(clv_spectra_axis(spectra, 0)), "etch_time");
        assert_true(clv_axis_values(clv_spectra_axis(spectra, 0))[20] == 600);
        assert_string_equal(clv_metadata_text(clv_spectra_metadata(spectra), "sputter_ion"), "Ar+");
        assert_true(isnan(clv_metadata_number(clv_spectra_metadata(spectra), "sputter_rate")));
    }
    clv_record_free(record);
    json_free(&tree);
}

/* ---- A made file: one region of three points, two cycles */

static size_t put_word(uint8_t *at, uint32_t word)
{
    for (int i = 0; i < 4; i++) { at[i] = (uint8_t)(word >> (8 * i)); }
    return 4;
}

/* Writes it; the caller gives 1000 bytes. Returns its size. */
static size_t make_file(uint8_t *bytes, uint32_t points, uint32_t cycles, uint32_t offset, uint32_t count)
{
    static const char header[] = "SOFH\r\nTechnique: XPS\r\nFileDesc: (1, made)\r\nXraySource: Al 1486.6 mono\r\n"
                                 "SpectralRegDef: 1 1 C1s 6 3 -0.5 290.0 289.0 290.0 289.0 0.2 55.0 AREA\r\nEOFH\r\n";
    static const char names[][5] = {"pnt", "", "cyc", "", "", "", "c/s"};
    size_t n = sizeof header - 1, data;

    memcpy(bytes, header, n);
    for (uint32_t w = 0; w < 4; w++) { n += put_word(bytes + n, (uint32_t[]){1, count, 96 * count, 16}[w]); }
    data = n;
    for (uint32_t w = 0; w < 24; w++) {
        uint32_t words[24] = {
            1, 1, 1, 1, 1, points, cycles, 1, [18] = 0x3466, [19] = points * cycles * 4, [20] = offset};
        if (w >= 8 && w < 15) {
            memcpy(bytes + n, names[w - 8], 4);
            n += 4;
        } else {
            n += put_word(bytes + n, words[w]);
        }
    }
    for (uint32_t i = 0; i < 6; i++) {
        float value = (float)i;
        memcpy(bytes + n, &value, 4);
        n += 4;
    }
    assert_int_equal(n - data, 96 + 24);
    return n;
}

static void a_made_file_and_its_damaged_copies(void **state)
{
    static const struct {
        uint32_t points, cycles, offset, count;
        const char *sentence;
    } cases[] = {
        {4, 2, 112, 1, "gives another number"},
        {3, 3, 112, 1, "36 bytes of data should follow"},
        {3, 2, 113, 1, "24 bytes of data should follow"},
        {3, 2, 0xFFFFFFFF, 1, "has only"},
        {3, 0xFFFFFFFF, 112, 1, "spectra"},
        {3, 2, 112, 0x10000, "no list of data headers"},
    };
    uint8_t bytes[1000];
    size_t size = make_file(bytes, 3, 2, 112, 1);
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_load_bytes("made.pro", bytes, size, NULL, &record, &err), CLV_OK);
    assert_int_equal(clv_record_count(record), 1);
    assert_string_equal(clv_axis_name(clv_spectra_axis(clv_record_at(record, 0), 0)), "level");
    assert_true(clv_spectra_intensity(clv_record_at(record, 0))[0] == 2); /* lowest energy stands last in the file */
    clv_record_free(record);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size = make_file(bytes, cases[i].points, cases[i].cycles, cases[i].offset, cases[i].count);
        assert_true(clv_load_bytes("made.pro", bytes, size, NULL, &record, &err) != CLV_OK);
        if (!strstr(err.text, cases[i].sentence)) { fail_msg("'%s' without '%s'", err.text, cases[i].sentence); }
    }
    size = make_file(bytes, 3, 2, 112, 1);
    for (size_t cut = 0; cut < size; cut++) {
        if (clv_load_bytes("made.pro", bytes, cut, NULL, &record, &err) == CLV_OK) {
            fail_msg("cut at %zu it is read", cut);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_spectrum),
        cmocka_unit_test(a_depth_profile),
        cmocka_unit_test(a_made_file_and_its_damaged_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
