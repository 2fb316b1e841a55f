/* The reader of FEI TIA series: what RosettaSciIO 0.15.0 reads of the real files, series made here, damaged files.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "eels.h"

static void real_files_equal_their_dumps(void **state)
{
    static const char *const names[] = {"formats/tia/new/16x16-line_profile_horizontal_5x128x128_EDS_1.ser",
                                        "formats/tia/old/16x16-2_point-spectra-2x1024_1.ser",
                                        "formats/tia/old/16x16-line_profile_diagonal_10x1024_1.ser",
                                        "formats/tia/old/16x16-line_profile_horizontal_10x1024_1.ser",
                                        "formats/tia/old/16x16-point_spectrum-1x1024_1.ser",
                                        "formats/tia/old/more_ser_then_emi_metadata_1.ser",
                                        "formats/tia/old/more_ser_then_emi_metadata_2.ser",
                                        "formats/tia/old/no_AcquireDate_1.ser"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json dump = eels_dump(names[i]);
        clv_record *record = eels_load(names[i]);

        assert_int_equal(clv_record_count(record), 1);
        eels_same_signal(names[i], clv_record_at(record, 0), &json_get(&dump, "signals")->items[0]);
        json_free(&dump);
        clv_record_free(record);
    }
}

/* The EMI file beside it says <Label>High tension</Label><Value>300</Value>, <IntegrationTime>0.050000, camera length
   0.560 m. */
static void the_emi_file_tells_acquisition(void **state)
{
    clv_record *record = eels_load("formats/tia/old/16x16-point_spectrum-1x1024_1.ser");
    const clv_metadata *facts = clv_spectra_metadata(clv_record_at(record, 0));

    (void)state;
    assert_true(clv_metadata_number(facts, "beam_energy") == 300);
    assert_true(clv_metadata_number(facts, "dwell") == 0.05);
    assert_true(fabs(clv_metadata_number(facts, "camera_length") - 560) < 1e-9);
    assert_string_equal(clv_metadata_text(facts, "companion"), "16x16-point_spectrum-1x1024.emi");
    assert_string_equal(clv_metadata_text(facts, "technique"), "EELS");
    clv_record_free(record);
    record = eels_load("formats/tia/old/no_AcquireDate_1.ser"); /* "EDX Acquire" */
    assert_string_equal(clv_axis_name(clv_spectra_energy(clv_record_at(record, 0))), "photon_energy");
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(clv_record_at(record, 0)), "technique"), "EDS");
    clv_record_free(record);
}

/* An EMI file stands for the series beside it; those of images are left out. */
static void emi_files_lead_to_their_series(void **state)
{
    static const struct {
        const char *name;
        size_t count;
    } files[] = {{"formats/tia/old/more_ser_then_emi_metadata.emi", 2},
                 {"formats/tia/old/16x16-line_profile_diagonal_10x1024.emi", 1},
                 {"formats/tia/new/16x16-line_profile_horizontal_5x128x128_EDS.emi", 1}};

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        json dump = eels_dump(files[i].name);
        clv_record *record = eels_load(files[i].name);

        assert_int_equal(clv_record_count(record), files[i].count);
        for (size_t k = 0; k < files[i].count; k++) {
            eels_same_signal(files[i].name, clv_record_at(record, k), &json_get(&dump, "signals")->items[k]);
        }
        json_free(&dump);
        clv_record_free(record);
    }
}

/* ---- Made series */

typedef struct made {
    uint8_t bytes[1200];
    size_t count;
} made;

static void put(made *m, uint64_t number, size_t width)
{
    for (size_t i = 0; i < width; i++) { m->bytes[m->count++] = (uint8_t)(number >> (8 * i)); }
}

static void put_double(made *m, double number)
{
    uint64_t bits;

    memcpy(&bits, &number, 8);
    put(m, bits, 8);
}

static void put_dimension(made *m, size_t size, double scale)
{
    put(m, size, 4);
    put_double(m, 0);
    put_double(m, scale);
    put(m, 0, 4);
    put(m, 1, 4);
    put(m, 'P', 1);
    put(m, 6, 4);
    memcpy(m->bytes + m->count, "meters", 6);
    m->count += 6;
}

/* A map of 2 x 3 places (x, y), two channels of 16 bits in each, x faster or slower, `valid` of them measured. */
static void make_map(made *m, int x_is_fast, size_t valid)
{
    size_t table, elements, tags;

    *m = (made){.count = 0};
    put(m, 0x4949, 2);
    put(m, 0x0197, 2);
    put(m, 0x0210, 2);
    put(m, 0x4120, 4);
    put(m, 0x4142, 4);
    put(m, 6, 4);
    put(m, valid, 4);
    table = m->count + 8 + 2 * (24 + 4 + 1 + 4 + 6);
    put(m, table, 4);
    put(m, 2, 4);
    put_dimension(m, 2, 1e-9);
    put_dimension(m, 3, 2e-9);
    assert_int_equal(m->count, table);
    elements = table + 12 * 4;
    tags = elements + 6 * (26 + 4);
    for (size_t i = 0; i < 6; i++) { put(m, elements + 30 * i, 4); }
    for (size_t i = 0; i < 6; i++) { put(m, tags + 24 * i, 4); }
    for (size_t i = 0; i < 6; i++) {
        put_double(m, 100);
        put_double(m, 0.5);
        put(m, 1, 4); /* 100 eV is the second channel's */
        put(m, 2, 2);
        put(m, 2, 4);
        put(m, 10 * i, 2);
        put(m, 10 * i + 1, 2);
    }
    for (size_t i = 0; i < 6; i++) {
        put(m, 0x4142, 4);
        put(m, 0, 4);
        put_double(m, (double)(x_is_fast ? i % 2 : i / 3));
        put_double(m, (double)(x_is_fast ? i / 2 : i % 3));
    }
}

static void maps_are_ordered_by_their_places(void **state)
{
    (void)state;
    for (int fast = 0; fast < 2; fast++) {
        made m;
        clv_record *record = NULL;
        clv_error err = {0};
        const clv_spectra *map;

        make_map(&m, fast, fast ? 6 : 4);
        if (vendor_read("tia", m.bytes, m.count, NULL, &record, &err)) { fail_msg("%s", err.text); }
        map = clv_record_at(record, 0);
        assert_int_equal(clv_spectra_axis_count(map), 3);
        assert_int_equal(clv_axis_size(clv_spectra_axis(map, 0)), fast ? 3 : 2);
        assert_int_equal(clv_axis_size(clv_spectra_axis(map, 1)), fast ? 2 : 3);
        assert_true(fabs(clv_axis_values(clv_spectra_axis(map, 1))[1] - (fast ? 1 : 2)) < 1e-12);
        assert_true(clv_axis_values(clv_spectra_energy(map))[0] == 99.5);
        assert_true(clv_spectra_intensity(map)[7] == 31);
        assert_true(fast ? clv_spectra_intensity(map)[11] == 51 : isnan(clv_spectra_intensity(map)[11]));
        clv_record_free(record);
    }
}

static void wrong_files_are_refused(void **state)
{
    made m;
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    make_map(&m, 1, 6);
    m.bytes[6] = 0x22;
    assert_int_equal(vendor_read("tia", m.bytes, m.count, NULL, &record, &err), CLV_BAD_FILE);
    assert_non_null(strstr(err.text, "it holds images, no spectra"));
    make_map(&m, 1, 7);
    assert_int_equal(vendor_read("tia", m.bytes, m.count, NULL, &record, &err), CLV_BAD_FILE);
    assert_non_null(strstr(err.text, "7 of its 6 spectra are valid"));
    make_map(&m, 1, 6);
    assert_int_equal(vendor_read("tia", m.bytes, 300, NULL, &record, &err), CLV_BAD_FILE);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_hurt("tia", eels_path("formats/tia/old/16x16-point_spectrum-1x1024_1.ser"), 3000);
    vendor_hurt("tia", eels_path("formats/tia/old/16x16-2_point-spectra-2x1024_1.ser"), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_equal_their_dumps),   cmocka_unit_test(the_emi_file_tells_acquisition),
        cmocka_unit_test(emi_files_lead_to_their_series), cmocka_unit_test(maps_are_ordered_by_their_places),
        cmocka_unit_test(wrong_files_are_refused),        cmocka_unit_test(damaged_files_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
