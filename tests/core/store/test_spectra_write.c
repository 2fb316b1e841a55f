/* The netCDF layout of spectra: the header that `ncdump -h` (an independent program) shows, group names, full disks.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/sha256.h"
#include "store/spectra_file.h"

#define FILE_NAME "test_spectra_write.tmp.nc"

/* Runs a program and gives what it prints; NULL when it is not there. */
static char *output_of(const char *command)
{
    FILE *pipe = popen(command, "re");
    char *text = calloc(1, 65536);
    size_t count;

    assert_non_null(pipe);
    assert_non_null(text);
    count = fread(text, 1, 65535, pipe);
    if (pclose(pipe) != 0 || count == 0) {
        free(text);
        return NULL;
    }
    return text;
}

static int has_ncdump(void)
{
    static int told;
    char *text = output_of("ncdump -h /dev/null 2>&1 | grep -c 'not found'");
    int has = !text || text[0] == '0';

    free(text);
    if (!has && !told++) { print_message("SKIPPED: ncdump (netcdf-bin) is not installed\n"); }
    return has;
}

static clv_axis *axis(const char *name, const char *unit, size_t size, double first, double step)
{
    double values[64];
    clv_axis *made = NULL;

    for (size_t i = 0; i < size; i++) { values[i] = first + step * (double)i; }
    assert_int_equal(clv_axis_new(name, unit, values, size, &made, NULL), CLV_OK);
    return made;
}

/* A depth profile of 3 levels and 5 channels with all that spectra may carry. */
static clv_spectra *profile(const char *name)
{
    clv_axis *axes[] = {axis("depth", "nm SiO2 equiv.", 3, 0, 7.5), axis("binding_energy", "eV", 5, 773, 0.1)};
    clv_axis *time = axis("etch_time", "s", 3, 0, 30);
    clv_spectra *made = NULL;
    double *intensity, offset[] = {0.1, 0.2, 0.3}, error[] = {0.01, 0.02, -0.03};

    assert_int_equal(clv_spectra_new(name, "counts", axes, 2, &made, NULL), CLV_OK);
    intensity = clv_spectra_fill(made);
    for (size_t i = 0; i < 15; i++) { intensity[i] = 100 + (double)(i * i); }
    assert_int_equal(clv_spectra_add_beside(made, 0, time, NULL), CLV_OK);
    assert_int_equal(clv_spectra_set_offset(made, offset, error, NULL), CLV_OK);
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 0.9, 0);
    clv_spectra_set_window(made, 773.05, 773.35);
    clv_metadata_set_text(clv_spectra_metadata_fill(made), "technique", "XPS", NULL);
    clv_metadata_set_number(clv_spectra_metadata_fill(made), "photon_energy", 1486.6, "eV", NULL);
    clv_metadata_set_number(clv_spectra_metadata_fill(made), "scans", 4, "1", NULL);
    clv_spectra_add_history(made, "load \"x.vms\"", NULL);
    clv_spectra_add_history(made, "crop(773, 811)", NULL);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    clv_axis_free(time);
    return made;
}

/* A record of spectra of the given names. */
static clv_record *record_of(const char *const *names, size_t count)
{
    clv_record *record = clv_record_new();

    assert_non_null(record);
    for (size_t i = 0; i < count; i++) { assert_int_equal(clv_record_add(record, profile(names[i]), NULL), CLV_OK); }
    assert_int_equal(clv_record_set_source(record, "x.vms", "vamas", "source_sha256", "0123", NULL), CLV_OK);
    return record;
}

static clv_status write_record(const clv_record *record, const char *path, clv_error *err)
{
    clv_dataset *dataset = NULL;
    clv_status status = clv_dataset_new(path, 1000, &dataset, err);

    if (status) { return status; }
    status = clv_record_put(dataset, record, err);
    if (!status) { return clv_dataset_finish(dataset, err); }
    clv_dataset_free(dataset);
    return status;
}

static void write_ok(const clv_record *record, const char *path)
{
    clv_error err = {0};

    if (write_record(record, path, &err)) { fail_msg("%s", err.text); }
}

/* design.md section 3, "The netCDF layout", written out by hand. */
static const char expected_header[] = "netcdf test_spectra_write.tmp {\n"
                                      "\n"
                                      "// global attributes:\n"
                                      "\t\t:Conventions = \"corelevel-1\" ;\n"
                                      "\t\t:technique = \"XPS\" ;\n"
                                      "\t\t:source = \"x.vms\" ;\n"
                                      "\t\t:source_sha256 = \"0123\" ;\n"
                                      "\t\t:history = \"load \\\"x.vms\\\"\\ncrop(773, 811)\" ;\n"
                                      "\n"
                                      "group: Co\\ 2p {\n"
                                      "  dimensions:\n"
                                      "  \tdepth = 3 ;\n"
                                      "  \tbinding_energy = 5 ;\n"
                                      "  variables:\n"
                                      "  \tdouble depth(depth) ;\n"
                                      "  \t\tdepth:units = \"nm SiO2 equiv.\" ;\n"
                                      "  \tdouble etch_time(depth) ;\n"
                                      "  \t\tetch_time:units = \"s\" ;\n"
                                      "  \tdouble binding_energy(binding_energy) ;\n"
                                      "  \t\tbinding_energy:units = \"eV\" ;\n"
                                      "  \tdouble intensity(depth, binding_energy) ;\n"
                                      "  \t\tintensity:units = \"counts\" ;\n"
                                      "  \t\tintensity:noise = \"poisson\" ;\n"
                                      "  \t\tintensity:noise_scale = 0.9 ;\n"
                                      "  \t\tintensity:coordinates = \"etch_time\" ;\n"
                                      "  \t\tintensity:window = 773.05, 773.35 ;\n"
                                      "  \tdouble energy_offset(depth) ;\n"
                                      "  \t\tenergy_offset:units = \"eV\" ;\n"
                                      "  \tdouble energy_offset_error(depth) ;\n"
                                      "  \t\tenergy_offset_error:units = \"eV\" ;\n"
                                      "\n"
                                      "  // group attributes:\n"
                                      "  \t\t:long_name = \"Co 2p\" ;\n"
                                      "  \t\t:technique = \"XPS\" ;\n"
                                      "  \t\t:photon_energy = 1486.6 ;\n"
                                      "  \t\t:photon_energy_units = \"eV\" ;\n"
                                      "  \t\t:scans = 4. ;\n"
                                      "  \t\t:history = \"load \\\"x.vms\\\"\\ncrop(773, 811)\" ;\n"
                                      "  } // group Co\\ 2p\n"
                                      "}\n";

/* ncdump breaks a text at its line feeds; both forms become one here. */
static char *unbroken(char *text)
{
    for (char *at; (at = strstr(text, "\\n\",\n"));) {
        char *next = strchr(at + 5, '"');

        memmove(at + 2, next + 1, strlen(next + 1) + 1);
    }
    return text;
}

static void header(void **state)
{
    const char *names[] = {"Co 2p"};
    clv_record *record = record_of(names, 1);
    char *seen;

    (void)state;
    write_ok(record, FILE_NAME);
    clv_record_free(record);
    if (!has_ncdump()) { return; }
    seen = output_of("ncdump -h " FILE_NAME);
    assert_non_null(seen);
    assert_string_equal(unbroken(seen), expected_header);
    free(seen);
}

/* Numbers as ncdump prints them: intensities 100 + i^2. */
static void numbers(void **state)
{
    char *seen;

    (void)state;
    if (!has_ncdump()) { return; }
    seen = output_of("ncdump -p 9,17 " FILE_NAME " | tr -d ' \\n'");
    assert_non_null(seen);
    assert_non_null(strstr(seen, "intensity=100,101,104,109,116,125,136,149,164,181,200,221,244,269,296;"));
    assert_non_null(strstr(seen, "energy_offset_error=0.01,0.02,-0.029999999999999999;"));
    assert_non_null(strstr(seen, "etch_time=0,30,60;"));
    free(seen);
}

/* Refused characters, doubled names, names taken by nothing else, an NFD spelling that NFC makes the same. */
static void group_names(void **state)
{
    static const char *const names[] = {"Co 2p",  "Co 2p",     "C 1s/K 2p", "C 1s_K 2p", "",
                                        "(wide)", "e\xcc\x81", "\xc3\xa9",  "x "};
    static const char *const groups[] = {
        "group: Co\\ 2p {", "group: Co\\ 2p\\ \\(2\\) {", "group: C\\ 1s_K\\ 2p {", "group: C\\ 1s_K\\ 2p\\ \\(2\\) {",
        "group: spectra {", "group: _wide\\) {",          "group: \xc3\xa9 {",      "group: \xc3\xa9\\ \\(2\\) {",
        "group: x_ {",      "long_name = \"C 1s/K 2p\"",  "long_name = \"(wide)\""};
    clv_record *record = record_of(names, sizeof names / sizeof *names);
    char *seen;

    (void)state;
    write_ok(record, FILE_NAME);
    clv_record_free(record);
    if (!has_ncdump()) { return; }
    seen = output_of("ncdump -h " FILE_NAME);
    assert_non_null(seen);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (!strstr(seen, groups[i])) { fail_msg("no %s in\n%s", groups[i], seen); }
    }
    free(seen);
}

static void hash_file(const char *path, char text[CLV_SHA256_TEXT])
{
    FILE *file = fopen(path, "rbe");
    static unsigned char bytes[1 << 20];
    size_t count;

    assert_non_null(file);
    count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    clv_sha256_text(bytes, count, text);
}

static void same_bytes_again(void **state)
{
    const char *names[] = {"Co 2p", "C 1s"};
    clv_record *record = record_of(names, 2);
    char first[CLV_SHA256_TEXT], second[CLV_SHA256_TEXT];

    (void)state;
    write_ok(record, FILE_NAME);
    hash_file(FILE_NAME, first);
    sleep(1); /* a file that held a time would change */
    write_ok(record, FILE_NAME);
    hash_file(FILE_NAME, second);
    assert_string_equal(first, second);
    clv_record_free(record);
}

static void cannot_write(void **state)
{
    const char *names[] = {"Co 2p"};
    clv_record *record = record_of(names, 1);
    clv_error err = {0};
    struct stat seen;

    (void)state;
    assert_int_equal(write_record(record, "no/such/folder.tmp/x.nc", &err), CLV_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "no such folder"));
    assert_int_equal(write_record(record, "/dev/full/x.nc", &err), CLV_CANNOT_WRITE);
    assert_int_equal(write_record(record, "/proc/x.nc", &err), CLV_CANNOT_WRITE);
    assert_int_equal(mkdir("readonly.tmp", 0500), 0);
    if (geteuid() != 0) {
        assert_int_equal(write_record(record, "readonly.tmp/x.nc", &err), CLV_CANNOT_WRITE);
        assert_non_null(strstr(err.text, "may not be written to"));
    } else {
        print_message("SKIPPED: a folder without permission stops nobody who is root\n");
    }
    assert_int_equal(rmdir("readonly.tmp"), 0);
    assert_int_not_equal(stat("no", &seen), 0);
    clv_record_free(record);
}

/* More room than any disk has is asked for before anything is written. */
static void disk_too_small(void **state)
{
    clv_dataset *dataset = NULL;
    clv_error err = {0};
    struct stat seen;
    clv_status status = clv_dataset_new("test_spectra_write_full.tmp.nc", (size_t)1 << 46, &dataset, &err);

    (void)state;
    assert_int_equal(status, CLV_CANNOT_WRITE);
    assert_non_null(strstr(err.text, "the disk is too full"));
    assert_int_not_equal(stat("test_spectra_write_full.tmp.nc", &seen), 0);
}

/* The way of large files, over the disk, gives the same content as the one through memory. */
static void on_disk(void **state)
{
    const char *names[] = {"Co 2p"};
    clv_record *record = record_of(names, 1);
    clv_dataset *dataset = NULL;
    clv_error err = {0};
    char *seen;

    (void)state;
    if (clv_dataset_new(FILE_NAME, CLV_DATASET_IN_MEMORY + 1, &dataset, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_record_put(dataset, record, &err), CLV_OK);
    if (clv_dataset_finish(dataset, &err)) { fail_msg("%s", err.text); }
    clv_record_free(record);
    if (!has_ncdump()) { return; }
    seen = output_of("ncdump -h " FILE_NAME);
    assert_non_null(seen);
    assert_string_equal(unbroken(seen), expected_header);
    free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header),           cmocka_unit_test(numbers),      cmocka_unit_test(group_names),
        cmocka_unit_test(same_bytes_again), cmocka_unit_test(cannot_write), cmocka_unit_test(disk_too_small),
        cmocka_unit_test(on_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
