/* The reader of CasaXPS exports against the dump of one, VAMAS twins of others, and the text of the csv files.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

/* The spectra of a sample and region. */
static const clv_spectra *find(const clv_record *record, const char *sample, const char *region)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        const clv_spectra *s = clv_record_at(record, i);
        const char *own = clv_metadata_text(clv_spectra_metadata(s), "sample");

        if (strcmp(clv_spectra_name(s), region) == 0 && own && strcmp(own, sample) == 0) { return s; }
    }
    fail_msg("no %s of %s", region, sample);
    return NULL;
}

/* Expected: the dump, whose regions are named sample__region. */
static void a_text_table_equals_the_dump(void **state)
{
    const char *path = vendor_path("vms_txt_export.txt");
    clv_record *record = expected_read("casa", path);
    char dump[650], sample[100], region[100];
    json tree;
    const json *regions;

    (void)state;
    snprintf(dump, sizeof dump, "%s.expected.json", path);
    tree = json_file(dump);
    regions = json_get(&tree, "regions");
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), regions->count);
    for (size_t i = 0; i < regions->count; i++) {
        const clv_spectra *s;
        char *gap;

        snprintf(sample, sizeof sample, "%s", json_get(&regions->items[i], "name")->text);
        gap = strstr(sample, "__");
        snprintf(region, sizeof region, "%s", gap + 2);
        *gap = 0;
        s = find(record, sample, region);
        assert_true(vendor_dumped(s, &regions->items[i], 0, 1));
        assert_string_equal(clv_spectra_unit(s), "counts/s");
        assert_true(clv_metadata_number(clv_spectra_metadata(s), "photon_energy") == 1486.61);
    }
    json_free(&tree);
    clv_record_free(record);
}

/* The twin is the VAMAS file from which it was exported: rates are its counts / (dwell x scans), in 7 digits. */
static void check_twin(const char *name, const char *vamas, size_t block, const char *region, const char *sample)
{
    clv_record *record = expected_read("casa", vendor_path(name)), *twin = expected_read("vamas", vendor_path(vamas));
    const clv_spectra *s = find(record, sample, region), *t = clv_record_at(twin, block);
    const clv_metadata *m = clv_spectra_metadata(t);
    double time = clv_metadata_number(m, "dwell") * clv_metadata_number(m, "scans");

    assert_int_equal(clv_spectra_channels(s), clv_spectra_channels(t));
    for (size_t i = 0; i < clv_spectra_channels(s); i++) {
        double energy = clv_axis_values(clv_spectra_energy(t))[i];

        assert_true(fabs(clv_axis_values(clv_spectra_energy(s))[i] - energy) < 6e-4);
        assert_true(expected_near(clv_spectra_intensity(s)[i], clv_spectra_intensity(t)[i] / time));
    }
    clv_record_free(record);
    clv_record_free(twin);
}

static void two_columns_equal_their_vamas_twins(void **state)
{
    (void)state;
    check_twin("Co2p_Co_metal.txt", "Co_references.vms", 0, "Co2p", "Co metal");
    check_twin("Co2p_CoO.txt", "Co_references.vms", 1, "Co2p", "CoO");
    check_twin("Co2p_Co3O4.txt", "Co_references.vms", 2, "Co2p", "Co3O4");
    check_twin("vms_export.txt", "vms_test.vms", 0, "Fe2p", "all_zero");
}

/* Expected: the first and last rows of the file, and its lines Position, FWHM, Area, Lineshape. */
static void fitted_curves_stand_as_spectra(void **state)
{
    clv_record *record = expected_read("casa", vendor_path("FeO_analyzed_lineshapes_cols.txt"));
    const clv_spectra *s, *c;
    const clv_metadata *m;

    (void)state;
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), 7);
    s = clv_record_at(record, 0);
    assert_string_equal(clv_spectra_name(s), "Fe2p");
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(s), "sample"), "FeO");
    assert_true(clv_spectra_intensity(s)[1120] == 6258.45 && clv_spectra_intensity(s)[0] == 1442.15);
    c = clv_record_at(record, 2);
    m = clv_spectra_metadata(c);
    assert_string_equal(clv_spectra_name(c), "component 1.2");
    assert_string_equal(clv_metadata_text(m, "curve"), "Fe 2p");
    assert_string_equal(clv_metadata_text(m, "shape"), "SGL(30)");
    assert_true(clv_metadata_number(m, "position") == 716 && clv_metadata_number(m, "fwhm") == 8);
    assert_true(clv_metadata_number(m, "area") == 35837.06);
    assert_true(clv_spectra_intensity(c)[1120] == 6273.519 && clv_spectra_intensity(c)[0] == 1477.472);
    assert_string_equal(clv_spectra_name(clv_record_at(record, 5)), "background 1");
    assert_string_equal(clv_spectra_name(clv_record_at(record, 6)), "envelope 1");
    assert_true(clv_spectra_intensity(clv_record_at(record, 6))[0] == 1484.025);
    clv_record_free(record);
}

/* The line of the region finds the data, not a curve. */
static void a_line_finds_the_data(void **state)
{
    clv_record *record = NULL;
    clv_spectra *found = NULL;
    clv_error err = {0};

    (void)state;
    if (clv_load(vendor_path("FeO_analyzed_lineshapes_cols.txt"), NULL, &record, &err)) { fail_msg("%s", err.text); }
    if (clv_record_find(record, "Fe 2p", 707, &found, &err)) { fail_msg("%s", err.text); }
    assert_string_equal(clv_spectra_name(found), "Fe2p");
    assert_string_equal(clv_record_format(record), "casa");
    clv_record_free(record);
}

/* A csv file again by sscanf: `columns` numbers a row after the fourth line. */
static void check_csv(const char *name, size_t columns, double seconds)
{
    const char *path = vendor_path(name);
    clv_record *record = expected_read("casa", path);
    FILE *file = fopen(path, "r");
    char line[1000];
    double *x = calloc(4000, sizeof *x), *y = calloc(4000 * 8, sizeof *y);
    size_t n = 0;

    for (int i = 0; fgets(line, sizeof line, file); i++) {
        char *at = line;

        if (i < 4) { continue; }
        x[n] = strtod(at, &at);
        for (size_t c = 0; c < columns - 1; c++) { y[4000 * c + n] = strtod(at + 1, &at); }
        n++;
    }
    fclose(file);
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), columns - 1);
    for (size_t c = 0; c < columns - 1; c++) {
        const clv_spectra *s = clv_record_at(record, c);
        int counts = seconds > 0;

        assert_string_equal(clv_spectra_unit(s), counts ? "counts" : "counts/s");
        assert_int_equal(clv_spectra_noise(s), counts && c == 0 ? CLV_NOISE_POISSON : CLV_NOISE_UNKNOWN);
        if (c > 0 || !counts) { assert_true(vendor_equal(s, x, y + 4000 * c, n, counts ? 1 / seconds : 1)); }
        for (size_t i = 0; i < n && c == 0 && counts; i++) { /* whole counts / time, rounded to 6 digits */
            double value = clv_spectra_intensity(s)[n - 1 - i];

            assert_true(value == floor(value) && fabs(value / seconds - y[i]) <= 5.1e-6 * y[i]);
        }
    }
    clv_record_free(record);
    free(x);
    free(y);
}

static void csv_tables_equal_their_rows(void **state)
{
    (void)state;
    check_csv("20240220_Au_MPPipTFSI4AMSIol3_S_2p.csv", 6, 5.25);
    check_csv("20240220_Au_MPPipTFSI4AMSIol3_N_1s.csv", 6, 5.25); /* the times stand in the third lines */
    check_csv("20240220_Au_MPPipTFSI4AMSIol3_F_1s.csv", 5, 1.75);
    check_csv("20240220_Au_MPPipTFSI4AMSIol3_C_1s.csv", 7, 2.8);
    check_csv("20240228_Au_MPPipTFSIIol3_O_1s.csv", 5, 2.5);
    check_csv("20240228_Au_MPPipTFSIIol3_Au_4f.csv", 6, 2.5);
    check_csv("20240228_Au_MPPipTFSIIol3_S_2p.csv", 8, 5);
    check_csv("20240621_Au_Nadep_from_MPPipTFSI_Ag_3d.csv", 6, 3);
    check_csv("20240621_Au_Nadep_from_MPPipTFSI_Au_4f.csv", 6, 1.5);
    check_csv("20240228_Au_Folie.csv", 2, 0); /* no time: rates */
}

/* Rates that are not whole numbers of counts stay rates. */
static void rates_that_are_no_counts_stay(void **state)
{
    static const char csv[] =
        ",,\n,,\nCharacteristic Energy eV,1486.6,Acquisition Time s,2\nBE_C 1s 1,CPS_C 1s 1,Background_C 1s "
        "1\n3,100.13,1\n2,101.77,1\n1,99.38,1\n";
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    if (vendor_read("casa", csv, strlen(csv), NULL, &record, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_record_count(record), 2);
    assert_string_equal(clv_spectra_name(clv_record_at(record, 0)), "C 1s 1");
    assert_string_equal(clv_spectra_unit(clv_record_at(record, 0)), "counts/s");
    clv_record_free(record);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_refused("casa", "", "made.file: byte 0: the file holds no numbers");
    vendor_refused("casa", "Cycle 0:a:b\nK.E.\tCounts\t\tB.E.\tCPS\n",
                   "made.file:2: the file ends where numbers should stand");
    vendor_refused("casa", "Cycle 0:a:b\nK.E.\tCounts\t\tB.E.\tCPS\n1\t2\t\t3\n",
                   "made.file:3: 4 columns are named, the rows above hold 3 numbers");
    vendor_refused("casa", "Cycle 0:a:b\nB.E.\n1\n", "made.file:3: no intensities stand beside the energies 'B.E.'");
    vendor_refused("casa", "C1s x\n1e0\t2e0\n2e0\t1e400\n", "made.file:3: a number should stand where '1e400' does");
    vendor_hurt("casa", vendor_path("FeO_analyzed_lineshapes_cols.txt"), 100);
    vendor_hurt("casa", vendor_path("20240220_Au_MPPipTFSI4AMSIol3_S_2p.csv"), 300);
    vendor_hurt("casa", vendor_path("Co2p_CoO.txt"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_table_equals_the_dump),   cmocka_unit_test(two_columns_equal_their_vamas_twins),
        cmocka_unit_test(fitted_curves_stand_as_spectra), cmocka_unit_test(a_line_finds_the_data),
        cmocka_unit_test(csv_tables_equal_their_rows),    cmocka_unit_test(rates_that_are_no_counts_stay),
        cmocka_unit_test(damaged_files_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
