/* The reader of XDI files: the conformance set of the XDI project with the answers of its list, real files, damaged
   ones. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#include <dirent.h>

static const char *xas_path(const char *name)
{
    char inside[300];

    snprintf(inside, sizeof inside, "../xas/%s", name);
    return vendor_path(inside);
}

static clv_status read_file(const char *path, clv_record **record, clv_error *err)
{
    size_t size;
    uint8_t *bytes = vendor_bytes(path, &size);
    clv_status status = vendor_read("xdi", bytes, size, NULL, record, err);

    free(bytes);
    return status;
}

/* BadFiles.txt: "file read" or "error msg"; an angle without the lattice spacing (12) cannot become an energy, which
   the list lets pass with a warning and we refuse. */
static void the_conformance_set_is_answered(void **state)
{
    static const struct {
        int number, read;
        const char *says;
    } cases[] = {{0, 1, ""},
                 {1, 0, ":1: the first line"},
                 {2, 1, ""},
                 {5, 1, ""},
                 {6, 1, ""},
                 {7, 1, ""},
                 {10, 1, ""},
                 {11, 1, ""},
                 {12, 0, "no header Mono.d_spacing"},
                 {15, 0, ":29: a number should stand"},
                 {16, 0, ":30: a number should stand"},
                 {17, 0, ":29: a number should stand"},
                 {20, 0, ":8: a header should read"},
                 {21, 0, ":8: a header should read"},
                 {22, 0, ":8: a header should read"},
                 {25, 1, ""},
                 {26, 1, ""},
                 {27, 1, ""},
                 {30, 1, ""},
                 {31, 1, ""},
                 {32, 1, ""},
                 {35, 1, ""}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_record *record = NULL;
        clv_error err = {0};
        char name[60];

        snprintf(name, sizeof name, "xdi_spec_bad/bad_%02d.xdi", cases[i].number);
        if ((read_file(xas_path(name), &record, &err) == CLV_OK) != cases[i].read) {
            fail_msg("%s: %s", name, err.text);
        }
        if (!strstr(err.text, cases[i].says)) {
            fail_msg("%s: \"%s\" does not say \"%s\"", name, err.text, cases[i].says);
        }
        clv_record_free(record);
    }
}

/* Numbers of CoO at NIST's beamline as they stand in the file. */
static void columns_and_headers_are_read(void **state)
{
    clv_record *record = NULL;
    clv_error err = {0};
    const clv_spectra *mu;
    const clv_metadata *m;

    (void)state;
    if (read_file(xas_path("xdi_bmm/Co-K-CoO.xdi"), &record, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_record_count(record), 6);
    mu = clv_record_at(record, 2);
    m = clv_spectra_metadata(mu);
    assert_string_equal(clv_spectra_name(mu), "xmu");
    assert_string_equal(clv_axis_name(clv_spectra_energy(mu)), "photon_energy");
    assert_int_equal(clv_spectra_channels(mu), 393);
    assert_true(clv_axis_values(clv_spectra_energy(mu))[0] == 7508.911 && clv_spectra_intensity(mu)[0] == 1.412910);
    assert_string_equal(clv_spectra_unit(clv_record_at(record, 3)), "nA");
    assert_string_equal(clv_metadata_text(m, "element"), "Co");
    assert_string_equal(clv_metadata_text(m, "edge"), "K");
    assert_string_equal(clv_metadata_text(m, "sample"), "CoO");
    assert_true(clv_metadata_number(m, "d_spacing") == 3.1351860);
    assert_string_equal(clv_metadata_text(m, "comment"), "BMM standards collection");
    clv_record_free(record);
}

static void every_file_of_the_libraries_is_read(void **state)
{
    static const char *const folders[] = {"xdi_bmm", "xdi_xasdb", "xdi_spec_good"};
    size_t count = 0;

    (void)state;
    xas_path("xdi_bmm/Co-K-CoO.xdi");
    for (size_t f = 0; f < 3; f++) {
        char path[600];
        DIR *folder;
        const struct dirent *entry;

        snprintf(path, sizeof path, "%s/xas/%s", getenv("CORELEVEL_TESTDATA"), folders[f]);
        folder = opendir(path);
        while (folder && (entry = readdir(folder))) {
            char file[1000];
            clv_record *record = NULL;
            clv_error err = {0};

            if (entry->d_name[0] == '.') { continue; }
            snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
            if (read_file(file, &record, &err)) { fail_msg("%s", err.text); }
            clv_record_free(record);
            count++;
        }
        if (folder) { closedir(folder); }
    }
    print_message("%zu files read\n", count);
    assert_true(count > 60);
}

/* 12398.4198 eV A over 2 d sin(theta). */
static void angles_and_kev_become_energies(void **state)
{
    static const char by_angle[] =
        "# XDI/1.0\n# Column.1: angle degrees\n# Column.2: i0\n# Mono.d_spacing: 3.1\n#---\n20 1\n19 2\n";
    static const char by_kev[] = "# XDI/1.0\n# Column.1: energy keV\n# Column.2: i0\n#---\n7.1 1\n7.2 2\n";
    clv_record *record = NULL;
    clv_error err = {0};
    const double *energy;

    (void)state;
    assert_int_equal(vendor_read("xdi", by_angle, sizeof by_angle - 1, NULL, &record, &err), CLV_OK);
    energy = clv_axis_values(clv_spectra_energy(clv_record_at(record, 0)));
    assert_true(fabs(energy[0] - 12398.419843320025 / (6.2 * sin(20 * M_PI / 180))) < 1e-9);
    clv_record_free(record);
    assert_int_equal(vendor_read("xdi", by_kev, sizeof by_kev - 1, NULL, &record, &err), CLV_OK);
    energy = clv_axis_values(clv_spectra_energy(clv_record_at(record, 0)));
    assert_true(fabs(energy[1] - 7200) < 1e-9);
    clv_record_free(record);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_refused("xdi", "# XDI/1.0\n# Element.symbol:\n#---\n1 2\n",
                   "made.file:2: the header Element.symbol has no value");
    vendor_refused("xdi", "# XDI/1.0\n#---\n", "made.file:2: the file holds no data");
    vendor_refused("xdi", "# XDI/1.0\n#---\n1\n2\n", "made.file:4: energies and a signal are needed");
    vendor_hurt("xdi", xas_path("xdi_spec_bad/bad_00.xdi"), 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_conformance_set_is_answered),     cmocka_unit_test(columns_and_headers_are_read),
        cmocka_unit_test(every_file_of_the_libraries_is_read), cmocka_unit_test(angles_and_kev_become_energies),
        cmocka_unit_test(damaged_files_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
