/* The reader of Igor binary waves against the dump of igor2, the text twin of the same measurement, made waves of every
   version and byte order, and damaged ones. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

static void a_wave_of_scienta(void **state)
{
    clv_record *record = expected_read("igor", vendor_path("Ag_0001Ag__001.ibw")), *twin;
    const clv_spectra *s;
    const clv_metadata *m;
    char dump[650];
    json tree;
    const json *region, *y;

    (void)state;
    snprintf(dump, sizeof dump, "%s.expected.json", vendor_path("Ag_0001Ag__001.ibw"));
    tree = json_file(dump);
    region = &json_get(&tree, "regions")->items[0];
    y = json_get(&json_get(region, "variables")->items[0], "y");
    assert_non_null(record);
    s = clv_record_at(record, 0);
    m = clv_spectra_metadata(s);
    assert_int_equal(clv_spectra_channels(s), y->count);
    for (size_t i = 0; i < y->count; i++) {
        double x = json_get(region, "x_start")->number + (double)i * json_get(region, "x_step")->number;

        assert_true(clv_spectra_intensity(s)[y->count - 1 - i] == y->items[i].number);
        assert_true(fabs(clv_axis_values(clv_spectra_energy(s))[y->count - 1 - i] - x) < 1e-6);
    }
    twin = expected_read("scienta_txt", vendor_path("Ag_0001.txt"));
    assert_true(clv_axis_equal(clv_spectra_energy(s), clv_spectra_energy(clv_record_at(twin, 0))));
    assert_string_equal(clv_spectra_name(s), "Ag3d");
    assert_string_equal(clv_axis_name(clv_spectra_energy(s)), "binding_energy");
    assert_true(clv_metadata_number(m, "pass_energy") == 50 && clv_metadata_number(m, "scans") == 2);
    assert_string_equal(clv_metadata_text(m, "started"), "2023-03-08T15:24:35");
    clv_record_free(twin);
    clv_record_free(record);
    json_free(&tree);
}

/* ---- Made waves, after WaveMetrics' technical note 3 */

static int big; /* order of bytes of what is made */

static void put(uint8_t *at, uint64_t bits, size_t size)
{
    for (size_t i = 0; i < size; i++) { at[big ? size - 1 - i : i] = (uint8_t)(bits >> (8 * i)); }
}

static void put_double(uint8_t *at, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put(at, bits, 8);
}

/* Sets the checksum so that the words of `size` bytes add up to 0. */
static void put_sum(uint8_t *wave, size_t at, size_t size)
{
    unsigned sum = 0;

    put(wave + at, 0, 2);
    for (size_t i = 0; i < size; i += 2) { sum += (unsigned)wave[i + !big] << 8 | wave[i + big]; }
    put(wave + at, (0x10000 - (sum & 0xFFFF)) & 0xFFFF, 2);
}

/* A version 2 wave of three floats 1 2 4 at 100, 99.5, 99 eV, with a note. Returns its size. */
static size_t make_old(uint8_t wave[400])
{
    static const char note[] = "made by hand";
    const float values[3] = {1, 2, 4};

    memset(wave, 0, 400);
    put(wave, 2, 2);
    put(wave + 2, 110 + 12 + 16, 4);
    put(wave + 6, strlen(note), 4);
    put(wave + 16, 2, 2);
    memcpy(wave + 16 + 6, "C1s", 3);
    memcpy(wave + 16 + 38, "eV", 2);
    put(wave + 16 + 42, 3, 4);
    put_double(wave + 16 + 48, -0.5);
    put_double(wave + 16 + 56, 100);
    put_sum(wave, 14, 126);
    for (int i = 0; i < 3; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], 4);
        put(wave + 126 + 4 * i, bits, 4);
    }
    memcpy(wave + 126 + 12 + 16, note, strlen(note));
    return 126 + 12 + 16 + strlen(note);
}

static void old_waves_of_both_byte_orders(void **state)
{
    uint8_t wave[400];

    (void)state;
    for (big = 0; big < 2; big++) {
        clv_record *record = NULL;
        clv_error err = {0};
        size_t size = make_old(wave);
        const clv_spectra *s;

        if (clv_load_bytes("made.ibw", wave, size, NULL, &record, &err)) { fail_msg("%s", err.text); }
        s = clv_record_at(record, 0);
        assert_string_equal(clv_spectra_name(s), "C1s");
        assert_string_equal(clv_metadata_text(clv_spectra_metadata(s), "comment"), "made by hand");
        assert_true(clv_axis_values(clv_spectra_energy(s))[0] == 99 && clv_spectra_intensity(s)[0] == 4);
        assert_int_equal(clv_spectra_noise(s), CLV_NOISE_POISSON);
        clv_record_free(record);
    }
}

/* A version 5 wave of 2 angles by 3 energies, 16-bit, the energies in the second dimension. */
static size_t make_new(uint8_t wave[600])
{
    static const char unit[] = "Kinetic Energy [eV]";
    static const int values[6] = {1, 2, 3, 4, 5, 6};

    memset(wave, 0, 600);
    put(wave, 5, 2);
    put(wave + 4, 320 + 12, 4);
    put(wave + 28, strlen(unit), 4); /* the long unit of the second dimension */
    put(wave + 64 + 12, 6, 4);
    put(wave + 64 + 16, 0x10, 2);
    memcpy(wave + 64 + 28, "map", 3);
    put(wave + 64 + 68, 2, 4);
    put(wave + 64 + 72, 3, 4);
    put_double(wave + 64 + 84, 0.5);
    put_double(wave + 64 + 92, 0.1);
    put_double(wave + 64 + 116, -1);
    put_double(wave + 64 + 124, 20);
    memcpy(wave + 64 + 152, "deg", 3);
    put_sum(wave, 2, 384);
    for (int i = 0; i < 6; i++) { put(wave + 384 + 2 * i, (uint64_t)values[i], 2); }
    memcpy(wave + 396, unit, strlen(unit));
    return 396 + strlen(unit);
}

static void a_map_with_energies_in_the_second_dimension(void **state)
{
    uint8_t wave[600];
    clv_record *record = NULL;
    clv_error err = {0};
    static const double expected[6] = {1, 3, 5, 2, 4, 6};
    const clv_spectra *s;

    (void)state;
    big = 0;
    if (clv_load_bytes("made", wave, make_new(wave), NULL, &record, &err)) { fail_msg("%s", err.text); }
    s = clv_record_at(record, 0);
    assert_int_equal(clv_spectra_count(s), 2);
    assert_string_equal(clv_axis_name(clv_spectra_axis(s, 0)), "angle");
    assert_string_equal(clv_axis_name(clv_spectra_energy(s)), "kinetic_energy");
    assert_true(clv_axis_values(clv_spectra_energy(s))[2] == 20.2);
    assert_memory_equal(clv_spectra_intensity(s), expected, sizeof expected);
    clv_record_free(record);
}

static void refused(const uint8_t *wave, size_t size, const char *sentence)
{
    clv_error err = {0};
    clv_record *record = NULL;

    assert_int_equal(vendor_read("igor", wave, size, NULL, &record, &err), CLV_BAD_FILE);
    if (!strstr(err.text, sentence)) { fail_msg("'%s' instead of '%s'", err.text, sentence); }
}

static void damaged_waves_are_refused(void **state)
{
    uint8_t wave[600];
    size_t size;

    (void)state;
    big = 0;
    size = make_new(wave);
    wave[100] ^= 1;
    refused(wave, size, "the checksum of the wave's header is wrong");
    size = make_new(wave);
    put(wave + 64 + 68, (uint64_t)-2, 4);
    put_sum(wave, 2, 384);
    refused(wave, size, "made.file: byte 132: the size of a dimension is -2 in a file of");
    size = make_new(wave);
    put(wave + 64 + 12, 0x7FFFFFFF, 4);
    put_sum(wave, 2, 384);
    refused(wave, size, "the number of points is 2147483647 in a file of");
    size = make_new(wave);
    put(wave + 64 + 16, 3, 2);
    put_sum(wave, 2, 384);
    refused(wave, size, "the wave holds complex numbers; only real numbers can be read");
    size = make_new(wave);
    put_double(wave + 64 + 92, NAN);
    put_sum(wave, 2, 384);
    refused(wave, size, "energies from 20 eV in steps of nan eV cannot be");
    for (size_t cut = 0; cut < make_new(wave); cut++) { refused(wave, cut, "made.file: byte"); }
    vendor_hurt("igor", vendor_path("Ag_0001Ag__001.ibw"), 500);
}

/* Headers of random damage with a right checksum, so that what comes after the checksum is met. */
static void damage_behind_the_checksum_is_survived(void **state)
{
    uint8_t wave[600];
    uint64_t seed = 7;

    (void)state;
    big = 0;
    for (int round = 0; round < 20000; round++) {
        size_t size = round % 2 ? make_new(wave) : make_old(wave);

        for (int change = 0; change < 1 + round % 5; change++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            wave[2 + (seed >> 33) % (round % 2 ? 382 : 124)] =
                seed & 1 ? (uint8_t)(seed >> 20) : 0xFF * (seed >> 1 & 1);
        }
        put_sum(wave, round % 2 ? 2 : 14, round % 2 ? 384 : 126);
        vendor_survives("igor", wave, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wave_of_scienta),
        cmocka_unit_test(old_waves_of_both_byte_orders),
        cmocka_unit_test(a_map_with_energies_in_the_second_dimension),
        cmocka_unit_test(damaged_waves_are_refused),
        cmocka_unit_test(damage_behind_the_checksum_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
