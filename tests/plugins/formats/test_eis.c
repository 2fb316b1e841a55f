/* The reader of Omicron EIS text against the file's own numbers and damaged files.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

/* Expected: the rows of the file as sscanf finds them, and its tables of settings. */
static void every_region_equals_its_rows(void **state)
{
    static const char *const names[13] = {"waiting survey", "Survey", "O1sGaLMM", "Ga2p", "C1s",
                                          "fermi edge",     "Mo3d",   "O1sGaLMM", "Ga2p", "C1s",
                                          "fermi edge",     "Mo3d",   "O1sGaLMM"};
    const char *path = vendor_path("2020-02-20_Ga2O3_new_check-oxidation.txt");
    clv_record *record = expected_read("eis", path);
    FILE *file = fopen(path, "r");
    char line[1000];
    double x[3000], y[3000];
    size_t n = 0, region = 0;
    const clv_metadata *m;

    (void)state;
    assert_non_null(record);
    while (file) {
        char *got = fgets(line, sizeof line, file);

        if (got && sscanf(line, "%lf %lf", &x[n], &y[n]) == 2 && !strstr(line, "rue")) { n++; }
        if (n > 0 && (!got || strncmp(line, "Region", 6) == 0)) {
            const clv_spectra *s = clv_record_at(record, region);

            assert_string_equal(clv_spectra_name(s), names[region++]);
            assert_string_equal(clv_axis_name(clv_spectra_energy(s)), "binding_energy");
            assert_string_equal(clv_spectra_unit(s), "counts");
            assert_int_equal(clv_spectra_noise(s), CLV_NOISE_POISSON);
            assert_true(vendor_equal(s, x, y, n, 1));
            n = 0;
        }
        if (!got) { break; }
    }
    fclose(file);
    assert_int_equal(region, 13);
    assert_int_equal(clv_record_count(record), 13);
    m = clv_spectra_metadata(clv_record_at(record, 2));
    assert_true(clv_metadata_number(m, "pass_energy") == 30 && clv_metadata_number(m, "scans") == 10);
    assert_true(clv_metadata_number(m, "dwell") == 0.5);
    clv_record_free(record);
}

#define REGION "Region\tEnabled\tStart\tEnd\tStep\tSweeps\tDwell\tMode\tCAE/CRR\tNotes\n"
#define VALUES "1\ttrue\t10\t8\t-1\t2\t0.5\tCRR\t4\tCo 2p\n"

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_refused("eis", "", "made.file: byte 0: the file holds no region");
    vendor_refused("eis", "1 2\n", "made.file:1: a line 'Region Enabled");
    vendor_refused("eis", REGION VALUES, "made.file:2: the last region has no numbers");
    vendor_refused("eis", REGION VALUES "Energy\tCounts\n10\t4\n", "made.file:4: the region says 3 energies, 1 follow");
    vendor_refused("eis", REGION VALUES "Energy\tCounts\n10\t4\n9\t-\n8\t3\n",
                   "made.file:5: a number should stand where '-' does");
    vendor_refused("eis", REGION VALUES "Energy\tCounts\n10\t4\nabc\n8\t3\n",
                   "made.file:5: a number should stand where 'abc' does");
    vendor_hurt("eis", vendor_path("2020-02-20_Ga2O3_new_check-oxidation.txt"), 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_region_equals_its_rows),
        cmocka_unit_test(damaged_files_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
