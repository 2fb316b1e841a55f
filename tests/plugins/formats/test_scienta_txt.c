/* The reader of Scienta's text files against the files' own text, made files and damaged ones.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

/* The pairs of numbers after the line "[Data 1]", by another way than the reader's. */
static size_t data_of(const char *path, double *x, double *y, size_t most)
{
    FILE *file = fopen(path, "r");
    char line[65536];
    size_t n = 0;
    int data = 0;

    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (data && n < most && sscanf(line, "%lf %lf", &x[n], &y[n]) == 2) { n++; }
        if (strncmp(line, "[Data 1]", 8) == 0) { data = 1; }
    }
    fclose(file);
    return n;
}

static void binding_energies(void **state)
{
    double x[700], y[700];
    const char *path = vendor_path("Ag_0001.txt");
    size_t n = data_of(path, x, y, 700);
    clv_record *record = expected_read("scienta_txt", path);
    const clv_spectra *s;
    const clv_metadata *m;

    (void)state;
    assert_non_null(record);
    s = clv_record_at(record, 0);
    m = clv_spectra_metadata(s);
    assert_int_equal(n, 361);
    assert_true(vendor_equal(s, x, y, n, 1));
    assert_string_equal(clv_spectra_name(s), "Ag3d");
    assert_string_equal(clv_spectra_unit(s), "a.u.");
    assert_int_equal(clv_spectra_noise(s), CLV_NOISE_UNKNOWN);
    assert_string_equal(clv_axis_name(clv_spectra_energy(s)), "binding_energy");
    assert_string_equal(clv_metadata_text(m, "sample"), "Ag");
    assert_string_equal(clv_metadata_text(m, "started"), "2023-03-08T15:24:35");
    assert_true(clv_metadata_number(m, "pass_energy") == 50 && clv_metadata_number(m, "photon_energy") == 520);
    assert_true(clv_metadata_number(m, "scans") == 2 && clv_metadata_number(m, "dwell") == 45.066 / 2);
    clv_record_free(record);
}

/* Kinetic energies become binding energies: 650 eV minus them. */
static void kinetic_energies(void **state)
{
    double x[700], y[700];
    const char *path = vendor_path("Ru02_0063.txt");
    size_t n = data_of(path, x, y, 700);
    clv_record *record = expected_read("scienta_txt", path);
    const clv_spectra *s;

    (void)state;
    assert_non_null(record);
    s = clv_record_at(record, 0);
    for (size_t i = 0; i < n; i++) { x[i] = 650 - x[i]; }
    assert_int_equal(n, 601);
    assert_true(vendor_equal(s, x, y, n, 1));
    assert_string_equal(clv_axis_name(clv_spectra_energy(s)), "binding_energy");
    assert_string_equal(clv_spectra_name(s), "Cu3pRu4s");
    assert_string_equal(clv_spectra_unit(s), "counts");
    clv_record_free(record);
}

#define TOP "[Info]\nNumber of Regions=1\nVersion=1.3.1\n\n[Region 1]\nRegion Name=VB\n"
#define ENERGIES "Dimension 1 name=Kinetic Energy [eV]\nDimension 1 size=3\nDimension 1 scale=10 11 12\n"
#define ANGLES "Dimension 2 name=Y-Scale [deg]\nDimension 2 size=2\nDimension 2 scale=-0.5 0.5\n"
#define INFO "\n[Info 1]\nRegion Name=VB\nPass Energy=5\n"

/* Without a photon energy kinetic energies stay. */
static void angles(void **state)
{
    static const char text[] = TOP ENERGIES ANGLES INFO "\n[Data 1]\n 10 1 2\n 11 3 4\n 12 5 6\n\n";
    clv_record *record = NULL;
    clv_error err = {0};
    const clv_spectra *s;

    (void)state;
    if (clv_load_bytes("map.txt", text, strlen(text), NULL, &record, &err)) { fail_msg("%s", err.text); }
    assert_string_equal(clv_record_format(record), "scienta_txt");
    s = clv_record_at(record, 0);
    assert_int_equal(clv_spectra_count(s), 2);
    assert_string_equal(clv_axis_name(clv_spectra_axis(s, 0)), "angle");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(s, 0)), "degree");
    assert_true(clv_axis_values(clv_spectra_axis(s, 0))[0] == -0.5);
    assert_string_equal(clv_axis_name(clv_spectra_energy(s)), "kinetic_energy");
    assert_true(clv_spectra_intensity(s)[2] == 5 && clv_spectra_intensity(s)[3] == 2);
    assert_int_equal(clv_spectra_noise(s), CLV_NOISE_POISSON);
    clv_record_free(record);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_refused("scienta_txt", TOP, "made.file:6: the file says 1 regions, it holds the data of 0");
    vendor_refused("scienta_txt", TOP ENERGIES INFO "[Data 1]\n10 1\n11 2\n",
                   "made.file:16: the region says 3 energies, 2 follow");
    vendor_refused("scienta_txt", TOP ENERGIES ANGLES INFO "[Data 1]\n10 1\n11 2\n12 3\n",
                   "made.file:20: the rows should hold an energy and 2 intensities, not 2 numbers");
    vendor_refused("scienta_txt", TOP "Dimension 1 name=Time [s]\n[Data 1]\n10 1\n",
                   "made.file:9: the region runs along 'Time [s]'; only energies can be read");
    vendor_refused("scienta_txt", "[Info]\n[Data 1]\n1 2\n",
                   "made.file:2: a section [Region] should stand before the data");
    vendor_refused("scienta_txt", TOP ENERGIES INFO "[Data 1]\n10 1\n11 -\n",
                   "made.file:16: a number should stand where '-' does");
    vendor_hurt("scienta_txt", vendor_path("Ag_0001.txt"), 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binding_energies),
        cmocka_unit_test(kinetic_energies),
        cmocka_unit_test(angles),
        cmocka_unit_test(damaged_files_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
