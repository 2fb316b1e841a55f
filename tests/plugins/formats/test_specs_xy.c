/* The reader of SPECS xy files against dumps of real files, made files of the other kinds, and damaged ones.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

/* Reads a real file and compares its regions with the dump of xylib; `photon` where the file's energies are kinetic,
   `factor` from what is kept to what stands in the file. */
static clv_record *check_dump(const char *name, double photon, double factor)
{
    char path[600], dump[650];
    clv_record *record;
    json tree;
    const json *regions;

    snprintf(path, sizeof path, "%s", vendor_path(name));
    snprintf(dump, sizeof dump, "%s.expected.json", path);
    record = expected_read("specs_xy", path);
    tree = json_file(dump);
    regions = json_get(&tree, "regions");
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), regions->count);
    for (size_t i = 0; i < regions->count; i++) {
        assert_true(vendor_dumped(clv_record_at(record, i), &regions->items[i], photon, factor));
    }
    json_free(&tree);
    return record;
}

/* Expected: the dump, and the comments of the file. */
static void specslab2_rates(void **state)
{
    clv_record *record = check_dump("mm-specs.xy", 0, 1);
    const clv_spectra *s = clv_record_at(record, 0);
    const clv_metadata *m = clv_spectra_metadata(s);

    (void)state;
    assert_string_equal(clv_spectra_name(s), "P 2p");
    assert_string_equal(clv_spectra_unit(s), "counts/s");
    assert_string_equal(clv_axis_name(clv_spectra_energy(s)), "binding_energy");
    assert_int_equal(clv_spectra_noise(s), CLV_NOISE_UNKNOWN);
    assert_true(clv_metadata_number(m, "pass_energy") == 20 && clv_metadata_number(m, "scans") == 50);
    assert_true(clv_metadata_number(m, "dwell") == 0.1 && clv_metadata_number(m, "photon_energy") == 1486.61);
    assert_true(clv_metadata_number(m, "work_function") == 4.425);
    assert_string_equal(clv_metadata_text(m, "technique"), "XPS");
    assert_string_equal(clv_axis_name(clv_spectra_beside(s, 0, 0)), "transmission");
    assert_true(clv_axis_values(clv_spectra_beside(s, 0, 0))[400] == 2.441281); /* at 139.87 eV */
    clv_record_free(record);
}

/* Kinetic energies become binding energies, and rates x 0.1 s x 25 scans are whole: they are kept as counts. */
static void specslab2_counts_from_rates(void **state)
{
    clv_record *record = check_dump("specs_xps_sample.xy", 1253.6, 1 / 2.5);
    const clv_spectra *s = clv_record_at(record, 0);

    (void)state;
    assert_string_equal(clv_spectra_name(s), "CrO overview Mg anode");
    assert_string_equal(clv_spectra_unit(s), "counts");
    assert_int_equal(clv_spectra_noise(s), CLV_NOISE_POISSON);
    assert_true(clv_spectra_intensity(s)[2010] == 27938); /* 11175.2 / s x 2.5 s at 253.6 eV */
    assert_true(clv_axis_values(clv_spectra_energy(s))[2010] == 1000);
    clv_record_free(record);
}

static void prodigy(void **state)
{
    clv_record *record = check_dump("MgFe2O4_small.xy", 0, 1);
    const clv_metadata *m = clv_spectra_metadata(clv_record_at(record, 0));

    (void)state;
    assert_string_equal(clv_spectra_name(clv_record_at(record, 0)), "Survey");
    assert_string_equal(clv_metadata_text(m, "sample"), "1 as-loaded");
    assert_string_equal(clv_metadata_text(m, "started"), "2023-08-24T14:19:47Z");
    assert_true(clv_metadata_number(m, "pass_energy") == 100 && clv_metadata_number(m, "scans") == 1);
    clv_record_free(record);
}

/* Two cycles of two scans at two positions, with an external channel; the values below stand in the text. */
static const char series[] = "# Created by: SpecsLab Prodigy, Version 4.100\n# XY-Serializer Export Settings:\n"
                             "#   Energy Axis: Kinetic Energy\n#   Count Rate: Counts per Second\n"
                             "# Group: foil\n# Region: Au 4f\n# Analysis Method: XPS\n# Values/Curve: 2\n"
                             "# Dwell Time: 0.5\n# Excitation Energy: 1486.6\n"
                             "# Cycle: 0\n# Number of Scans: 2\n"
                             "# Cycle: 0, Curve: 0, Scan: 0\n# Parameter: \"Y [mm]\" = 2.5\n"
                             "# ColumnLabels: energy counts/s\n1400 10\n1401 20\n"
                             "# External Channel Data Cycle: 0, Sample temperature [K] (Laser heater)\n"
                             "# ColumnLabels: energy Sample temperature [K] (Laser heater)\n1400 300\n1401 302\n"
                             "# Cycle: 0, Curve: 0, Scan: 1\n# Parameter: \"Y [mm]\" = 2.5\n"
                             "# ColumnLabels: energy counts/s\n1400 14\n1401 30\n"
                             "# Cycle: 1\n"
                             "# Cycle: 1, Curve: 0, Scan: 0\n# Parameter: \"Y [mm]\" = 3.5\n"
                             "# ColumnLabels: energy counts/s\n1400 12\n1401 22\n"
                             "# Cycle: 1, Curve: 0, Scan: 1\n# Parameter: \"Y [mm]\" = 3.5\n"
                             "# ColumnLabels: energy counts/s\n1400 12\n1401 24\n";

static void scans_are_added_and_cycles_stacked(void **state)
{
    clv_record *record = NULL;
    clv_error err = {0};
    const clv_spectra *s;

    (void)state;
    if (clv_load_bytes("series.xy", series, strlen(series), NULL, &record, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_record_count(record), 1);
    s = clv_record_at(record, 0);
    assert_string_equal(clv_axis_name(clv_spectra_axis(s, 0)), "level");
    assert_string_equal(clv_axis_name(clv_spectra_beside(s, 0, 0)), "y");
    assert_string_equal(clv_axis_unit(clv_spectra_beside(s, 0, 0)), "nm");
    assert_true(clv_axis_values(clv_spectra_beside(s, 0, 0))[1] == 3.5e6);
    assert_true(clv_axis_values(clv_spectra_energy(s))[0] == 85.6);
    assert_true(clv_spectra_intensity(s)[1] == 12 && clv_spectra_intensity(s)[0] == 25); /* means of two scans */
    assert_true(clv_spectra_intensity(s)[3] == 12 && clv_spectra_intensity(s)[2] == 23);
    assert_non_null(strstr(clv_metadata_text(clv_spectra_metadata(s), "sample_temperature"), "301 K"));
    clv_record_free(record);
}

static void scans_may_stay_apart(void **state)
{
    clv_value *options = clv_value_table();
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    assert_false(clv_value_set(options, "scans", clv_value_text("separate"), &err));
    if (vendor_read("specs_xy", series, strlen(series), options, &record, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_record_count(record), 4);
    assert_true(clv_spectra_intensity(clv_record_at(record, 1))[1] == 14);
    clv_record_free(record);
    clv_value_free(options);
}

#define TOP "# Created by: SpecsLab2\n# XY-Serializer Export Settings\n"

static void damaged_files_are_refused_with_their_line(void **state)
{
    (void)state;
    vendor_refused("specs_xy", TOP, "made.file:2: the file ends before any numbers");
    vendor_refused("specs_xy", TOP "1 2\n", "made.file:3: a comment 'Region:' should stand before numbers");
    vendor_refused("specs_xy", TOP "# Region: a\n1 2\n2 x\n", "made.file:5: a number should stand where 'x' does");
    vendor_refused("specs_xy", TOP "# Region: a\n1 2\n2 nan\n", "made.file:5: a number should stand where 'nan' does");
    vendor_refused("specs_xy", TOP "# Region: a\n1 2\n2\n", "made.file:5: 2 numbers should stand here as in the row");
    vendor_refused("specs_xy", TOP "# Region: a\n1 1e999\n", "made.file:4: a number should stand where '1e999' does");
    vendor_refused("specs_xy", TOP "# Region: a\n1e7 1\n", "made.file:4: the energy of point 1 of 'a' is 1e+07 eV");
    vendor_refused("specs_xy", TOP "# Region: a\n# Values/Curve: 3\n1 2\n2 3\n",
                   "made.file:6: 'a' says 3 values, 2 follow");
    vendor_hurt("specs_xy", vendor_path("MgFe2O4_small.xy"), 200);
    vendor_hurt("specs_xy", vendor_path("mm-specs.xy"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specslab2_rates),
        cmocka_unit_test(specslab2_counts_from_rates),
        cmocka_unit_test(prodigy),
        cmocka_unit_test(scans_are_added_and_cycles_stacked),
        cmocka_unit_test(scans_may_stay_apart),
        cmocka_unit_test(damaged_files_are_refused_with_their_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
