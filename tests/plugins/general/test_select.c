/* Tests the selection of spectra by sample, line and level on a record made here.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static clv_value *two_samples(void)
{
    const double energy[3] = {1, 2, 3};
    const char *samples[] = {"P", "SR"};
    clv_record *record = clv_record_new();
    clv_axis *axis = NULL;

    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, 3, &axis, NULL), CLV_OK);
    for (int i = 0; i < 2; i++) {
        clv_spectra *spectra = NULL;

        assert_int_equal(clv_spectra_new("Co 2p", "counts", &axis, 1, &spectra, NULL), CLV_OK);
        clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "sample", samples[i], NULL);
        assert_int_equal(clv_record_add(record, spectra, NULL), CLV_OK);
    }
    clv_axis_free(axis);
    return clv_value_object(CLV_RECORD, record);
}

static void test_select__takes_one_sample(void **state)
{
    clv_value *record = two_samples(), *made = NULL;
    const clv_record *selected;

    (void)state;
    assert_int_equal(clv_apply_text("select", record, "sample = 'SR', line = 'Co2p3/2'", &made, NULL), CLV_OK);
    selected = clv_value_as_object(made, CLV_RECORD);
    assert_int_equal(clv_record_count(selected), 1);
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(clv_record_at(selected, 0)), "sample"), "SR");
    clv_value_free(made);
    clv_value_free(record);
}

static void test_select__says_what_there_is_when_nothing_matches(void **state)
{
    clv_value *record = two_samples(), *made = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_apply_text("select", record, "sample = 'Q'", &made, &err), CLV_NOT_FOUND);
    assert_null(made);
    assert_non_null(strstr(err.text, "sample Q"));
    assert_non_null(strstr(err.text, "\"P\""));
    clv_value_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_select__takes_one_sample),
        cmocka_unit_test(test_select__says_what_there_is_when_nothing_matches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
