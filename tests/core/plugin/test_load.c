/* Loading and converting: finding the format, sentences for what is no file, hashes, what stands after a failure.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#include "plugin/options.h"

static const char text[] = "BE,Counts\n285.3,1\n285.2,2\n285.1,3\n";

static void what_is_no_file_is_refused(void **state)
{
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_load("no/such.vms", NULL, &record, &err), CLV_NOT_FOUND);
    assert_string_equal(err.text, "no/such.vms: there is no such file");
    assert_int_equal(clv_load("/tmp", NULL, &record, &err), CLV_BAD_FILE);
    assert_string_equal(err.text, "/tmp: this is a folder, not a file");
    assert_int_equal(clv_load("/dev/zero", NULL, &record, &err), CLV_BAD_FILE);
    assert_int_equal(clv_load_bytes("a.bin", "\1\2\3", 3, NULL, &record, &err), CLV_NOT_FOUND);
    assert_non_null(strstr(err.text, "a.bin: no format knows this file; there are: "));
}

static void a_tie_is_named(void **state)
{
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_load_bytes("t", "TIE!", 4, NULL, &record, &err), CLV_BAD_FILE);
    assert_string_equal(err.text, "t: this could be test_good or test_tie alike: say which, format = \"test_good\"");
}

/* The hash is that of `printf 'BE,Counts\n285.3,1\n285.2,2\n285.1,3\n' | sha256sum`. */
static void a_record_knows_its_source(void **state)
{
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_load_bytes("folder/a.csv", text, sizeof text - 1, NULL, &record, &err), CLV_OK);
    assert_string_equal(clv_record_source(record), "a.csv");
    assert_string_equal(clv_record_format(record), "columns");
    assert_string_equal(clv_record_hash_name(record), "source_sha256");
    assert_string_equal(clv_record_hash(record), "52a6a4ea9befc15b6ac5644bf03f22701c4dcf951abcbe7f68cc45439a1f6b87");
    assert_true(clv_spectra_noise(clv_record_at(record, 0)) == CLV_NOISE_POISSON);
    clv_record_free(record);
}

/* The expected fingerprint of the same bytes comes from Python's hashlib: SHA-256 over the size (8 bytes,
   little-endian) and the 64 pieces of 1 MiB at floor((size - 1 MiB) i / 63). */
static void large_files_carry_a_fingerprint(void **state)
{
    size_t size = ((size_t)64 << 20) + 4097;
    uint8_t *bytes = malloc(size);
    char hash[65];

    (void)state;
    for (size_t i = 0; i < size; i++) { bytes[i] = (uint8_t)(i / 4096); }
    assert_string_equal(clv_load_hash(bytes, size, hash), "source_fingerprint");
    assert_string_equal(hash, "78ad8aa037efbad652222b90f1061cb5cece65c65b46b34712024dc9e8fe42f3");
    free(bytes);
}

static void converting_writes_whole_files_only(void **state)
{
    clv_record *record = NULL;
    struct stat about;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_load_bytes("a.csv", text, sizeof text - 1, NULL, &record, &err), CLV_OK);
    assert_int_equal(clv_convert(record, "converted.txt", "test_good", &err), CLV_OK);
    assert_int_equal(stat("converted.txt", &about), 0);
    assert_int_equal(about.st_size, 8);
    unlink("converted.txt");
    assert_int_equal(clv_convert(record, "no/folder/x", "test_good", &err), CLV_CANNOT_WRITE);
    assert_int_equal(clv_convert(record, "x", "phi", &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "convert: phi can only be read; writable: "));
    clv_record_free(record);
}

static int use_loadable(void **state)
{
    (void)state;
    return setenv("CORELEVEL_PLUGIN_PATH", "loadable", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_file_is_refused),         cmocka_unit_test(a_tie_is_named),
        cmocka_unit_test(a_record_knows_its_source),          cmocka_unit_test(large_files_carry_a_fingerprint),
        cmocka_unit_test(converting_writes_whole_files_only),
    };

    return cmocka_run_group_tests(tests, use_loadable, NULL);
}
