/* The reader of Lispix RPL and RAW: what RosettaSciIO 0.15.0 reads of the real files, arrays of all types and orders
   made here, and damaged files. SPDX-License-Identifier: GPL-3.0-or-later */
#include "eels.h"

#include "base/cursor.h"

static void real_files_equal_their_dumps(void **state)
{
    static const char *const names[] = {"formats/ripple/test_ripple_sdim-1_ndim-0_int64_meta.rpl",
                                        "formats/ripple/test_ripple_sdim-1_ndim-1_float32_meta.rpl",
                                        "formats/ripple/test_ripple_sdim-1_ndim-1_uint16_meta.rpl",
                                        "formats/ripple/test_ripple_sdim-1_ndim-2_float32_meta.rpl",
                                        "formats/ripple/test_ripple_sdim-1_ndim-2_uint16_meta.rpl"};

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

/* The map of known fractions: its header says 32 x 24 spectra of 400 channels from 926 eV in steps of 0.1 eV, and its
   numbers are little-endian uint32, summed here as they stand in the file. */
static void a_map_is_read_whole(void **state)
{
    clv_record *record = eels_load("mlls/cu_valence2_dose300.rpl");
    const clv_spectra *map = clv_record_at(record, 0);
    size_t size;
    uint8_t *raw = vendor_bytes(eels_path("mlls/cu_valence2_dose300.raw"), &size);

    (void)state;
    assert_int_equal(clv_spectra_axis_count(map), 3);
    assert_int_equal(clv_axis_size(clv_spectra_axis(map, 0)), 24);
    assert_int_equal(clv_axis_size(clv_spectra_axis(map, 1)), 32);
    assert_string_equal(clv_axis_name(clv_spectra_energy(map)), "energy_loss");
    assert_true(fabs(clv_axis_values(clv_spectra_energy(map))[399] - 965.9) < 1e-12 * 965.9);
    assert_int_equal(clv_spectra_noise(map), CLV_NOISE_POISSON);
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(map), "companion"), "cu_valence2_dose300.raw");
    assert_non_null(clv_metadata_text(clv_spectra_metadata(map), "companion_sha256"));
    assert_int_equal(size, 24 * 32 * 400 * 4);
    for (size_t i = 0; i < size / 4; i++) {
        uint32_t count = raw[4 * i] | (uint32_t)raw[4 * i + 1] << 8 | (uint32_t)raw[4 * i + 2] << 16 |
                         (uint32_t)raw[4 * i + 3] << 24;

        if (clv_spectra_intensity(map)[i] != count) { fail_msg("count %zu differs", i); }
    }
    free(raw);
    clv_record_free(record);
}

/* ---- Made files */

typedef struct made_raw {
    const uint8_t *bytes;
    size_t count;
} made_raw;

static clv_status lend_raw(void *payload, const char *name, uint8_t **bytes, size_t *count, clv_error *err)
{
    const made_raw *raw = payload;

    assert_string_equal(name, "made.raw");
    CLV_CHECK(raw->bytes, err, CLV_NOT_FOUND, "%s: there is no such file", name);
    *bytes = malloc(raw->count + 1);
    assert_non_null(*bytes);
    memcpy(*bytes, raw->bytes, raw->count);
    *count = raw->count;
    return CLV_OK;
}

static clv_status read_made(const char *text, size_t length, made_raw *raw, clv_record **record, clv_error *err)
{
    const clv_format *format = NULL;
    clv_cursor *cursor = NULL;
    clv_status status = clv_registry_find_format("ripple", &format, err);

    *record = clv_record_new();
    if (!status) { status = clv_cursor_new("made.rpl", text, length, &cursor, err); }
    clv_cursor_set_open(cursor, lend_raw, raw);
    if (!status) { status = format->read(cursor, NULL, *record, err); }
    clv_cursor_free(cursor);
    if (!status) { return status; }
    clv_record_free(*record);
    *record = NULL;
    return status;
}

/* Writes 24 small whole numbers in a type and byte order. */
static void encode(char kind, size_t length, int big, int negative, uint8_t *bytes)
{
    for (size_t i = 0; i < 24; i++) {
        int64_t whole = negative ? 5 - (int64_t)i : (int64_t)i;
        double wide = (double)whole;
        float narrow = (float)whole;
        uint64_t bits = (uint64_t)whole;
        uint32_t short_bits;

        if (kind == 'f' && length == 8) { memcpy(&bits, &wide, 8); }
        if (kind == 'f' && length == 4) {
            memcpy(&short_bits, &narrow, 4);
            bits = short_bits;
        }
        for (size_t b = 0; b < length; b++) {
            bytes[3 + length * i + (big ? length - 1 - b : b)] = (uint8_t)(bits >> (8 * b));
        }
    }
}

static void check_type(const char *type, size_t length, int big, int image)
{
    uint8_t bytes[3 + 24 * 8] = {0};
    char text[400];
    made_raw raw = {bytes, 3 + 24 * length};
    clv_record *record = NULL;
    clv_error err = {0};
    int negative = *type != 'u';
    int n = snprintf(text, sizeof text,
                     "; made\r\nkey\tvalue\r\nwidth\t3\r\nheight\t2\r\ndepth\t4\r\noffset\t3\r\ndata-type\t%s\r\n"
                     "data-length\t%zu\r\nbyte-order\t%s\r\nrecord-by\t%s\r\nev-per-chan\t0.5\r\n",
                     type, length, big ? "big-endian" : "little-endian", image ? "image" : "vector");

    encode(*type, length, big, negative, bytes);
    if (read_made(text, (size_t)n, &raw, &record, &err)) { fail_msg("%s %zu: %s", type, length, err.text); }
    for (size_t y = 0; y < 2; y++) {
        for (size_t x = 0; x < 3; x++) {
            for (size_t c = 0; c < 4; c++) {
                size_t place = image ? (c * 2 + y) * 3 + x : (y * 3 + x) * 4 + c;
                double expected = negative ? 5 - (double)place : (double)place;

                assert_true(clv_spectra_intensity(clv_record_at(record, 0))[(y * 3 + x) * 4 + c] == expected);
            }
        }
    }
    assert_true(clv_axis_values(clv_spectra_energy(clv_record_at(record, 0)))[3] == 1.5);
    assert_int_equal(clv_spectra_noise(clv_record_at(record, 0)), negative ? CLV_NOISE_UNKNOWN : CLV_NOISE_POISSON);
    clv_record_free(record);
}

static void all_types_and_orders_are_read(void **state)
{
    static const struct {
        const char *type;
        size_t length;
    } types[] = {{"signed", 1},   {"signed", 2},   {"signed", 4},   {"signed", 8}, {"unsigned", 1},
                 {"unsigned", 2}, {"unsigned", 4}, {"unsigned", 8}, {"float", 4},  {"float", 8}};

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        for (int how = 0; how < 4; how++) { check_type(types[i].type, types[i].length, how & 1, how & 2); }
    }
}

#define GOOD                                                                                                 \
    "width\t2\nheight\t1\ndepth\t3\noffset\t0\ndata-type\tunsigned\ndata-length\t2\nbyte-order\tdont-care\n" \
    "record-by\tvector\ndepth-units\tkeV\ndepth-scale\t-0.001\ndepth-origin\t0.5\nsignal\tEDS_TEM\nbeam-energy\t200\n"

static void falling_energies_are_turned(void **state)
{
    static const uint8_t bytes[12] = {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0};
    static const double numbers[6] = {3, 2, 1, 6, 5, 4}, energies[3] = {498, 499, 500};
    made_raw raw = {bytes, sizeof bytes};
    clv_record *record = NULL;
    clv_error err = {0};
    const clv_spectra *spectra;

    (void)state;
    if (read_made(GOOD, sizeof GOOD - 1, &raw, &record, &err)) { fail_msg("%s", err.text); }
    spectra = clv_record_at(record, 0);
    assert_memory_equal(clv_spectra_intensity(spectra), numbers, sizeof numbers);
    for (size_t i = 0; i < 3; i++) {
        assert_true(fabs(clv_axis_values(clv_spectra_energy(spectra))[i] - energies[i]) < 1e-9);
    }
    assert_string_equal(clv_axis_name(clv_spectra_energy(spectra)), "photon_energy");
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(spectra), "technique"), "EDS");
    assert_true(clv_metadata_number(clv_spectra_metadata(spectra), "beam_energy") == 200);
    clv_record_free(record);
}

static void refuses(const char *text, const uint8_t *bytes, size_t count, const char *sentence)
{
    made_raw raw = {bytes, count};
    clv_record *record = NULL;
    clv_error err = {0};
    clv_status status = read_made(text, strlen(text), &raw, &record, &err);

    assert_true(status == CLV_BAD_FILE || status == CLV_NOT_FOUND);
    if (!strstr(err.text, sentence)) { fail_msg("'%s' instead of '%s'", err.text, sentence); }
}

static void wrong_files_are_refused_by_name(void **state)
{
    static const uint8_t bytes[12] = {0};
    static const char good[] = GOOD;
    clv_error err = {0};
    clv_record *record = NULL;

    (void)state;
    refuses(GOOD, NULL, 0, "made.rpl: it goes with made.raw: made.raw: there is no such file");
    refuses(GOOD, bytes, 11, "made.raw: byte 0: 2 x 1 x 3 numbers of 2 bytes from byte 0 on do not fit in 11 bytes");
    refuses(GOOD "offset\t1\n", bytes, 12, "do not fit in 12 bytes");
    refuses(GOOD "width\t0\n", bytes, 12, "width should be a size, not 0");
    refuses(GOOD "depth\t1e300\n", bytes, 12, "depth should be a size, not 1e+300");
    refuses(GOOD "height\ttwo\n", bytes, 12, "height should be a number, not 'two'");
    refuses(GOOD "data-length\t3\n", bytes, 12, "data-length should be 1, 2, 4 or 8 bytes, not 3");
    refuses(GOOD "data-type\tfloat\n", bytes, 12, "data-length of float should be 4 or 8 bytes, not 2");
    refuses(GOOD "data-type\tcomplex\n", bytes, 12, "data-type should be one of signed unsigned float, not 'complex'");
    refuses(GOOD "offset\t-1\n", bytes, 12, "offset should be a number of bytes, not -1");
    refuses(GOOD "depth-scale\t0\n", bytes, 12, "depth-scale makes no axis");
    refuses(GOOD "depth-units\tnm\n", bytes, 12, "it holds images, no spectra: depth is not in eV");
    refuses("width\t1\n", bytes, 12, "height is missing");
    assert_int_equal(clv_load_bytes("made.rpl", good, sizeof good - 1, NULL, &record, &err), CLV_BAD_FILE);
    assert_non_null(strstr(err.text, "made.raw, which is found only beside a file of a folder"));
}

static void damaged_files_are_refused(void **state)
{
    static const uint8_t bytes[12] = {0};
    static const char odd[] = "\t-9e.;:\n\r \0\xff"
                              "0123ns";
    char text[] = GOOD;
    uint64_t seed = 7;

    (void)state;
    for (size_t cut = 0; cut < 20000; cut++) {
        made_raw raw = {bytes, cut % 13};
        clv_record *record = NULL;
        clv_error err = {0};

        memcpy(text, GOOD, sizeof text);
        for (size_t change = 0; change < cut % 5; change++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[(seed >> 33) % (sizeof text - 1)] = odd[(seed >> 20) % (sizeof odd - 1)];
        }
        if (read_made(text, cut < sizeof text ? cut : sizeof text - 1, &raw, &record, &err)) {
            assert_true(err.text[0] && !strchr(err.text, '\n'));
        }
        clv_record_free(record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_equal_their_dumps),    cmocka_unit_test(a_map_is_read_whole),
        cmocka_unit_test(all_types_and_orders_are_read),   cmocka_unit_test(falling_energies_are_turned),
        cmocka_unit_test(wrong_files_are_refused_by_name), cmocka_unit_test(damaged_files_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
