/* The column-text reader: separators, decimal marks, headings, axes, choosing columns. Expected values: the texts here,
   and the first and last lines of real files. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

/* Loads a text with literal options; NULL with the sentence in err. */
static clv_record *load(const char *text, const char *literal, clv_error *err)
{
    clv_value *options = NULL;
    clv_record *record = NULL;

    if (literal) { assert_int_equal(clv_value_parse(literal, &options, err), CLV_OK); }
    if (clv_load_bytes("C1s sample.csv", text, strlen(text), options, &record, err)) { record = NULL; }
    clv_value_free(options);
    return record;
}

static void separators_and_decimal_marks(void **state)
{
    static const char *const texts[] = {
        "285.3,1200.5\n285.2,1300.5\n285.1,1400.5\n",       "285.3\t1200.5\t\t\n285.2\t1300.5\t\t\n285.1\t1400.5\t\t\n",
        "285.3;1200.5\r\n285.2;1300.5\r\n285.1;1400.5\r\n", "  285.3   1200.5\n  285.2   1300.5\n  285.1   1400.5\n",
        "285,3;1200,5\n285,2;1300,5\n285,1;1400,5\n",       "285,3\t1200,5\n285,2\t1300,5\n285,1\t1400,5\n",
        "285,3 1200,5\n285,2 1300,5\n285,1 1400,5\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        clv_error err = {0};
        clv_record *record = load(texts[i], NULL, &err);
        clv_spectra *spectra;

        if (!record) { fail_msg("%s", err.text); }
        spectra = clv_record_at(record, 0);
        assert_int_equal(clv_record_count(record), 1);
        assert_string_equal(clv_spectra_name(spectra), "C1s sample");
        assert_true(clv_axis_values(clv_spectra_energy(spectra))[0] == 285.1);
        assert_true(clv_spectra_intensity(spectra)[0] == 1400.5 && clv_spectra_intensity(spectra)[2] == 1200.5);
        clv_record_free(record);
    }
}

static void headings_name_columns_units_and_axes(void **state)
{
    static const char text[] =
        ",,\nCharacteristic Energy eV,1486.6,Acquisition Time s,2.8\nK.E.,B.E. (eV),Counts,CPS,Background "
        "[counts/s]\n1000,486.6,5,50,1\n1001,485.6,6,60,1\n1002,484.6,7,70,1\n";
    clv_error err = {0};
    clv_record *record = load(text, "format = 'columns'", &err);
    clv_spectra *spectra = NULL;

    (void)state;
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), 3);
    spectra = clv_record_at(record, 0);
    assert_string_equal(clv_spectra_name(spectra), "Counts");
    assert_string_equal(clv_spectra_unit(spectra), "counts");
    assert_string_equal(clv_axis_name(clv_spectra_energy(spectra)), "binding_energy");
    assert_true(clv_axis_values(clv_spectra_energy(spectra))[0] == 484.6);
    assert_true(clv_metadata_number(clv_spectra_metadata(spectra), "photon_energy") == 1486.6);
    assert_string_equal(clv_spectra_unit(clv_record_at(record, 1)), "counts/s");
    assert_string_equal(clv_spectra_unit(clv_record_at(record, 2)), "counts/s");
    clv_record_free(record);
    record = load(text, "format = 'columns', energy = 'K.E.', intensity = {'CPS'}", &err);
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), 1);
    assert_string_equal(clv_axis_name(clv_spectra_energy(clv_record_at(record, 0))), "kinetic_energy");
    assert_true(clv_spectra_intensity(clv_record_at(record, 0))[0] == 50);
    clv_record_free(record);
}

static void several_regions_stand_one_after_the_other(void **state)
{
    static const char text[] =
        "# Kinetic Energy Axis: yes\n# Region: Fe2p\n1 5\n2 6\n3 7\n\n# Region: O1s\n1 8\n2 9\n3 10\n4 11\n";
    clv_error err = {0};
    clv_record *record = load(text, NULL, &err);

    (void)state;
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), 2);
    assert_string_equal(clv_spectra_name(clv_record_at(record, 0)), "Fe2p");
    assert_string_equal(clv_spectra_name(clv_record_at(record, 1)), "O1s");
    assert_string_equal(clv_axis_name(clv_spectra_energy(clv_record_at(record, 1))), "kinetic_energy");
    clv_record_free(record);
}

static void mistakes_are_refused(void **state)
{
    clv_error err = {0};

    (void)state;
    assert_null(load("1 2\n3 4\n5 6\n", "intensity = 'x'", &err));
    assert_string_equal(err.text, "load: C1s sample.csv has no column 'x'");
    assert_null(load("BE,Counts\n1,2\n3,4\n5,6\n", "intensity = 'Count'", &err));
    assert_string_equal(err.text, "load: C1s sample.csv has no column 'Count' (did you mean Counts?)");
    assert_null(load("1 2\n3 4\n", NULL, &err));
    assert_int_equal(err.status, CLV_NOT_FOUND);
    assert_null(load("1 2\n3 4\n5 6\n", "axis = 'binding'", &err));
    assert_int_equal(err.status, CLV_BAD_ARGUMENT);
    assert_null(load("1 2\n3 4\n5 6\n", "format = 'vamsa'", &err));
    assert_string_equal(err.text, "load: there is no format 'vamsa' (did you mean vamas?)");
    assert_null(load("", NULL, &err));
    assert_string_equal(err.text, "C1s sample.csv: the file is empty");
}

static void real_files(void **state)
{
    static const struct {
        const char *name;
        size_t channels;
        double energy, value; /* of the lowest energy */
    } cases[] = {{"C1s_sample.csv", 351, 266.5, 393},          {"Highres_Au4f_hv_180_testfile.csv", 269, 85.0, 1590},
                 {"0-150W_NiWNi2p_Ni2p.txt", 601, 840, 102},   {"Co2p_CoO.txt", 701, 770, 8573.833},
                 {"20240228_Au_Folie.csv", 3501, -1, 1076.47}, {"Al-NE-FeCr-S02p6-Fe2p-3.xy", 701, 680, 7691}};
    const char *root = getenv("CORELEVEL_TESTDATA");
    char path[600];

    (void)state;
    if (!root) {
        print_message("SKIPPED: real files: CORELEVEL_TESTDATA is not set\n");
        skip();
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_record *record = NULL;
        clv_spectra *spectra;
        clv_error err = {0};

        snprintf(path, sizeof path, "%s/xps/%s", root, cases[i].name);
        if (clv_load(path, NULL, &record, &err)) { fail_msg("%s", err.text); }
        assert_int_equal(clv_record_count(record), 1);
        spectra = clv_record_at(record, 0);
        assert_int_equal(clv_spectra_channels(spectra), cases[i].channels);
        assert_true(clv_axis_values(clv_spectra_energy(spectra))[0] == cases[i].energy);
        assert_true(clv_spectra_intensity(spectra)[0] == cases[i].value);
        clv_record_free(record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators_and_decimal_marks),
        cmocka_unit_test(headings_name_columns_units_and_axes),
        cmocka_unit_test(several_regions_stand_one_after_the_other),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(real_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
