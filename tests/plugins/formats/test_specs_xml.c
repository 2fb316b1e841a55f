/* The reader of SPECS XML against the xy export of the same data by SPECS' own program, the dump of a file with five
   channeltrons, and files made to hurt. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

/* specs_xps_sample.xy was written by SpecsLab2 from the first region of the xml: rates, so counts / (0.1 s x 25). */
static void one_channeltron_equals_the_export(void **state)
{
    clv_record *xml = expected_read("specs_xml", vendor_path("specs_xps_sample.xml"));
    clv_record *xy = expected_read("specs_xy", vendor_path("specs_xps_sample.xy"));
    const clv_spectra *a, *b;
    const clv_metadata *m;

    (void)state;
    assert_non_null(xml);
    assert_non_null(xy);
    a = clv_record_at(xml, 0);
    b = clv_record_at(xy, 0);
    m = clv_spectra_metadata(a);
    assert_int_equal(clv_record_count(xml), 4); /* of six regions one has no scans, one no energies */
    assert_non_null(strstr(clv_metadata_text(clv_record_metadata(xml), "left_out"), "(no scans); "));
    assert_non_null(strstr(clv_metadata_text(clv_record_metadata(xml), "left_out"), "(FixedEnergies)"));
    assert_int_equal(clv_spectra_channels(a), 2011);
    assert_true(clv_axis_equal(clv_spectra_energy(a), clv_spectra_energy(b)));
    assert_memory_equal(clv_spectra_intensity(a), clv_spectra_intensity(b), 2011 * sizeof(double));
    assert_string_equal(clv_spectra_name(a), "CrO overview Mg anode");
    assert_string_equal(clv_spectra_unit(a), "counts");
    assert_int_equal(clv_spectra_noise(a), CLV_NOISE_POISSON);
    assert_string_equal(clv_metadata_text(m, "sample"), "Group1");
    assert_string_equal(clv_metadata_text(m, "anode"), "Mg");
    assert_string_equal(clv_metadata_text(m, "started"), "2014-12-09T11:10:17Z"); /* 1418123417 s by date(1) */
    assert_true(clv_metadata_number(m, "scans") == 25 && clv_metadata_number(m, "dwell") == 0.1);
    assert_true(clv_metadata_number(m, "pass_energy") == 50 && clv_metadata_number(m, "work_function") == 4.5);
    assert_true(clv_axis_values(clv_spectra_beside(a, 0, 0))[2010] == 5169.15000716316); /* at 253.6 eV */
    clv_record_free(xml);
    clv_record_free(xy);
}

/* How far 50 eV x shift / 0.5 eV moves each channeltron of the survey, rounded, as the file's numbers tell. */
static const int moves[5] = {7, 3, -1, -4, -8};

/* The dump holds the counts of each channeltron from mcd_head on, unshifted. Ours are their sum after each has been
   moved; the ends, for which the dump has no counts, are left out here. */
static void five_channeltrons_are_shifted_and_added(void **state)
{
    clv_record *record = expected_read("specs_xml", vendor_path("In-situ_PBTTT_XPS_SPECS.xml"));
    json tree = json_file("/dev/null");
    char dump[650];
    const json *raw;
    const clv_spectra *s;
    const double *ours;

    (void)state;
    snprintf(dump, sizeof dump, "%s.expected.json", vendor_path("In-situ_PBTTT_XPS_SPECS.xml"));
    tree = json_file(dump);
    raw = json_get(&json_get(&tree, "regions")->items[1], "raw_cycles_or_scans");
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), 2);
    s = clv_record_at(record, 0);
    ours = clv_spectra_intensity(s);
    assert_string_equal(clv_spectra_name(s), "Survey");
    assert_int_equal(clv_spectra_channels(s), 1403);
    assert_true(fabs(clv_axis_values(clv_spectra_energy(s))[1402] - 700) < 1e-9); /* 1253.6 - 553.6 */
    for (int i = 8; i < 1403 - 8; i++) {
        double sum = 0;

        for (int d = 0; d < 5; d++) { sum += raw->items[d].items[i + moves[d]].number; }
        assert_true(ours[1402 - i] == sum);
    }
    assert_int_equal(clv_spectra_channels(clv_record_at(record, 1)), 201);
    json_free(&tree);
    clv_record_free(record);
}

/* At their own energies the five see the same peak: the part of C 1s above 0.6 of its height is centred at 283.925 eV
   within 0.06 eV (numpy gives 283.92, 283.91, 283.91, 283.95, 283.93); with the shifts the other way it would lie from
   280.9 to 287.2 eV. */
static void channeltrons_apart_agree_on_energies(void **state)
{
    size_t size;
    uint8_t *bytes = vendor_bytes(vendor_path("In-situ_PBTTT_XPS_SPECS.xml"), &size);
    clv_value *options = clv_value_table();
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    assert_false(clv_value_set(options, "channels", clv_value_text("separate"), &err));
    if (vendor_read("specs_xml", bytes, size, options, &record, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_record_count(record), 10);
    for (size_t d = 5; d < 10; d++) {
        const clv_spectra *s = clv_record_at(record, d);
        const double *e = clv_axis_values(clv_spectra_energy(s)), *y = clv_spectra_intensity(s);
        double weight = 0, centre = 0, highest = 0;

        for (size_t i = 0; i < clv_spectra_channels(s); i++) { highest = fmax(highest, y[i]); }
        for (size_t i = 0; i < clv_spectra_channels(s); i++) {
            double above = fmax(0, y[i] - 0.6 * highest);
            weight += above;
            centre += above * e[i];
        }
        if (fabs(centre / weight - 283.925) > 0.06) { fail_msg("C 1s at %.3f eV", centre / weight); }
    }
    clv_record_free(record);
    clv_value_free(options);
    free(bytes);
}

#define TOP "<?xml version=\"1.0\"?>\n<any><sequence length=\"1\" type_name=\"RegionGroupSeq\">\n"

#define TEXT(name, value) "<string name=\"" name "\">" value "</string>"
#define NUMBER(name, value) "<double name=\"" name "\">" value "</double>"
#define DETECTOR(shift) "<struct type_name=\"Detector\">" NUMBER("shift", shift) "</struct>"

/* Two channeltrons, one channel (10 eV x 0.05 / 0.5 eV) below and above: the sums are 3 + 10, 4 + 20, 5 + 30 counts.
   The time cannot be, so it is not told. */
static const char two_channeltrons[] = TOP
    "<struct type_name=\"RegionGroup\">" TEXT("name", "foil") "<sequence><struct type_name=\"RegionData\">" TEXT("name", "Co 2p") "<struct type_name=\"RegionDef\">" TEXT(
        "analysis_method",
        "XPS") "<struct type_name=\"ScanMode\">" TEXT("name",
                                                      "FixedAnalyzerTransmission") "</struct>" NUMBER("values_per_"
                                                                                                      "curve",
                                                                                                      "3")
        NUMBER("curves_per_scan", "1") NUMBER("scan_delta", "0.5") NUMBER("excitation_energy", "100")
            NUMBER("kinetic_energy", "50") NUMBER("pass_energy", "10") "</struct>" NUMBER("mcd_head", "1") NUMBER(
                "mcd_tail", "1") "<struct type_name=\"AnalyzerInfo\"><sequence name=\"detectors\">" DETECTOR("-0.05")
                DETECTOR("0.05") "</sequence></struct><sequence name=\"cycles\"><struct type_name=\"Cycle\">" NUMBER(
                    "time", "1e300") "<struct type_name=\"ScanData\"><sequence name=\"counts\" length=\"10\"><ulong>"
                                     "1 10 2 20 3 30 4 40 5 50</ulong></sequence></struct><struct "
                                     "type_name=\"ScanData\"><sequence name=\"counts\" "
                                     "length=\"2\"><ulong>1 "
                                     "10</ulong></sequence></struct></struct></sequence></struct></sequence></struct>"
                                     "</sequence></any>";

static void a_made_file(void **state)
{
    static const double energies[3] = {49, 49.5, 50}, counts[3] = {35, 24, 13};
    clv_record *record = NULL;
    clv_error err = {0};
    const clv_spectra *s;

    (void)state;
    if (vendor_read("specs_xml", two_channeltrons, strlen(two_channeltrons), NULL, &record, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(clv_record_count(record), 1);
    s = clv_record_at(record, 0);
    assert_true(vendor_equal(s, energies, counts, 3, 1));
    assert_null(clv_metadata_text(clv_spectra_metadata(s), "started"));
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(s), "sample"), "foil");
    assert_int_equal(clv_spectra_history_count(s), 2); /* two channeltrons added up, one scan not whole */
    clv_record_free(record);
}

static void damaged_files_are_refused(void **state)
{
    char *deep = malloc(100000);

    (void)state;
    vendor_refused("specs_xml", "", "made.file: 0 bytes cannot be read as XML");
    vendor_refused("specs_xml", TOP, "made.file:2: ");
    vendor_refused("specs_xml", "<any/>", "made.file:1: the file holds no region with scans along energies");
    vendor_refused("specs_xml",
                   "<?xml version=\"1.0\"?><!DOCTYPE any [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><any>&c;</any>",
                   "made.file: declares entities (<!ENTITY), which are refused");
    vendor_refused("specs_xml",
                   TOP "<struct type_name=\"RegionData\"><struct type_name=\"ScanData\"><sequence name=\"counts\" "
                       "length=\"3\"><ulong>1 2</ulong></sequence></struct></struct></sequence></any>",
                   "made.file:3: the sequence 'counts' says 3 values, which the text cannot hold");
    vendor_refused("specs_xml",
                   TOP "<struct type_name=\"RegionData\"><struct type_name=\"ScanData\"><sequence name=\"counts\" "
                       "length=\"2\"><ulong>10000 x</ulong></sequence></struct></struct></sequence></any>",
                   "made.file:3: a number should stand where 'x' does in the sequence 'counts'");
    for (int i = 0; i < 5000; i++) { memcpy(deep + 5 * i, "<any>", 5); }
    deep[25000] = 0;
    vendor_refused("specs_xml", deep, "made.file:1: elements are nested deeper than 40");
    free(deep);
}

static void hurt_files_are_survived(void **state)
{
    (void)state;
    vendor_hurt("specs_xml", vendor_path("In-situ_PBTTT_XPS_SPECS.xml"), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_channeltron_equals_the_export),
        cmocka_unit_test(five_channeltrons_are_shifted_and_added),
        cmocka_unit_test(channeltrons_apart_agree_on_energies),
        cmocka_unit_test(a_made_file),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(hurt_files_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
