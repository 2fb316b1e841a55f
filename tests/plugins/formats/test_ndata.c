/* The reader of Nion Swift files: archives as Python's zipfile writes them (made files kept for the fuzzer; each test
   says what is in them), wrong and damaged ones. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#define CORPUS CLV_SOURCE_DIR "/tests/fuzz/corpus/ndata/"

static clv_record *load(const char *name)
{
    char path[600];
    clv_record *record = NULL;
    clv_error err = {0};

    snprintf(path, sizeof path, CORPUS "%s", name);
    if (clv_load(path, NULL, &record, &err)) { fail_msg("%s", err.text); }
    assert_string_equal(clv_record_format(record), "ndata");
    return record;
}

/* float32 [2][3] = 1 ... 6; y from 10 nm in steps of 2 nm, energies from -1.5 eV in steps of 0.5 eV; 100 kV, 20
   ms, 37.5 counts per electron. */
static void exported_files_are_read(void **state)
{
    static const double numbers[6] = {1, 2, 3, 4, 5, 6}, energies[3] = {-1.5, -1, -0.5};
    clv_record *record = load("line.ndata1");
    const clv_spectra *line = clv_record_at(record, 0);
    const clv_metadata *facts = clv_spectra_metadata(line);

    (void)state;
    assert_string_equal(clv_spectra_name(line), "made");
    assert_int_equal(clv_spectra_axis_count(line), 2);
    assert_string_equal(clv_axis_name(clv_spectra_axis(line, 0)), "x");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(line, 0)), "nm");
    assert_true(clv_axis_values(clv_spectra_axis(line, 0))[1] == 12);
    assert_memory_equal(clv_spectra_intensity(line), numbers, sizeof numbers);
    assert_memory_equal(clv_axis_values(clv_spectra_energy(line)), energies, sizeof energies);
    assert_true(clv_metadata_number(facts, "beam_energy") == 100);
    assert_true(clv_metadata_number(facts, "dwell") == 0.02);
    assert_true(clv_metadata_number(facts, "gain") == 37.5);
    clv_record_free(record);
}

/* Big-endian uint16 [energy 2][1][3] = 1 ... 6, energies from 0.5 keV in steps of -1 eV: turned and put last. */
static void library_files_are_read(void **state)
{
    static const double numbers[6] = {4, 1, 5, 2, 6, 3};
    clv_record *record = load("image.ndata");
    const clv_spectra *map = clv_record_at(record, 0);

    (void)state;
    assert_int_equal(clv_spectra_axis_count(map), 3);
    assert_string_equal(clv_axis_name(clv_spectra_axis(map, 0)), "y");
    assert_true(clv_axis_values(clv_spectra_axis(map, 1))[2] == 5);
    assert_true(fabs(clv_axis_values(clv_spectra_energy(map))[0] - 499) < 1e-9);
    assert_true(clv_axis_values(clv_spectra_energy(map))[1] == 500);
    assert_memory_equal(clv_spectra_intensity(map), numbers, sizeof numbers);
    clv_record_free(record);
}

/* Changes the first place where a text stands to another of the same length. */
static void refuses_changed(const char *text, const char *instead, const char *sentence)
{
    size_t size;
    uint8_t *bytes = vendor_bytes(CORPUS "line.ndata1", &size), *found = memmem(bytes, size, text, strlen(text));
    clv_record *record = NULL;
    clv_error err = {0};

    assert_non_null(found);
    memcpy(found, instead, strlen(instead));
    assert_int_equal(vendor_read("ndata", bytes, size, NULL, &record, &err), CLV_BAD_FILE);
    if (!strstr(err.text, sentence)) { fail_msg("'%s' instead of '%s'", err.text, sentence); }
    free(bytes);
}

static void wrong_files_are_refused(void **state)
{
    (void)state;
    refuses_changed("eV", "nm", "none of its 2 dimensions is in eV");
    refuses_changed("(2, 3)", "(2, 9)", "the shape of data.npy does not fit its 152 bytes");
    refuses_changed("'<f4'", "'<c8'", "data.npy holds numbers of a type that is not read (read are i1 u1");
    refuses_changed("False", "True,", "first dimension fastest");
    refuses_changed("NUMPY", "NUMPI", "data.npy is no NumPy array");
    refuses_changed("PK\x05\x06", "PK\x05\x07", "the file is cut off");
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_hurt("ndata", CORPUS "line.ndata1", 10000);
    vendor_hurt("ndata", CORPUS "image.ndata", 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exported_files_are_read), cmocka_unit_test(library_files_are_read),
        cmocka_unit_test(wrong_files_are_refused), cmocka_unit_test(damaged_files_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
