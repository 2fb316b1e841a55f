/* The operation depth: etch times times a rate, with the times beside. Values by hand.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "simulated.h"

static const simulated_line one[] = {{285, 1.2, 4000}};

static clv_spectra *profile(size_t levels)
{
    simulated_region region = {.name = "C 1s",
                               .low = 280,
                               .step = 0.1,
                               .channels = 100,
                               .levels = levels,
                               .lines = 1,
                               .line = one,
                               .level = 100,
                               .same = 1};

    return simulated(&region);
}

static clv_value *depth(const clv_value *on, const char *options)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (clv_apply_text("depth", on, options, &made, &err)) { fail_msg("%s", err.text); }
    return made;
}

static void refuse(const clv_value *on, const char *options, const char *says)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (!clv_apply_text("depth", on, options, &made, &err)) { fail_msg("depth(%s) was taken", options); }
    if (!strstr(err.text, says)) { fail_msg("depth(%s)\n  says: %s\n  not: %s", options, err.text, says); }
}

static void rates_make_depths(void **state)
{
    static const double offset[] = {0.1, 0.2, 0.3};
    clv_value *on = clv_value_object(CLV_SPECTRA, profile(3)), *made;
    clv_spectra *s;

    (void)state;
    assert_int_equal(clv_spectra_set_offset(clv_value_as_object(on, CLV_SPECTRA), offset, NULL, NULL), CLV_OK);
    made = depth(on, "0.05");
    s = clv_value_as_object(made, CLV_SPECTRA);
    assert_string_equal(clv_axis_name(clv_spectra_axis(s, 0)), "depth");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(s, 0)), "nm SiO2 equiv.");
    assert_near(clv_axis_values(clv_spectra_axis(s, 0))[2], 10, 1e-12); /* 200 s at 0.05 nm/s */
    assert_string_equal(clv_axis_name(clv_spectra_beside(s, 0, 0)), "etch_time");
    assert_near(clv_axis_values(clv_spectra_beside(s, 0, 0))[2], 200, 0);
    assert_near(clv_spectra_offset(s)[1], 0.2, 0);
    assert_int_equal(clv_spectra_noise(s), CLV_NOISE_POISSON);
    assert_near(clv_spectra_intensity(s)[150], clv_spectra_intensity(clv_value_as_object(on, CLV_SPECTRA))[150], 0);
    assert_string_equal(clv_spectra_history(s, 0), "depth(0.05)");
    refuse(made, "0.05", "no etch time");
    clv_value_free(made);
    made = depth(on, "0.05, measured = true");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(clv_value_as_object(made, CLV_SPECTRA), 0)), "nm");
    clv_value_free(made);
    clv_value_free(on);
}

static void the_files_rate_is_the_preset(void **state)
{
    clv_spectra *s = profile(3);
    clv_value *on = clv_value_object(CLV_SPECTRA, s), *made;

    (void)state;
    refuse(on, "", "the file tells no sputter rate");
    refuse(on, "-1", "rate is -1");
    refuse(on, "0.05, mesured = true", "did you mean measured");
    clv_metadata_set_number(clv_spectra_metadata_fill(s), "sputter_rate", 0.1, "nm/s", NULL);
    made = depth(on, "");
    assert_near(clv_axis_values(clv_spectra_axis(clv_value_as_object(made, CLV_SPECTRA), 0))[1], 10, 1e-12);
    clv_value_free(made);
    clv_value_free(on);
}

/* What stands beside the times stays beside the depths. */
static void other_coordinates_stay(void **state)
{
    double temperature[3] = {300, 310, 320};
    clv_spectra *s = profile(3);
    clv_value *on = clv_value_object(CLV_SPECTRA, s), *made;
    clv_axis *axis = NULL;

    (void)state;
    assert_int_equal(clv_axis_new("temperature", "K", temperature, 3, &axis, NULL), CLV_OK);
    assert_int_equal(clv_spectra_add_beside(s, 0, axis, NULL), CLV_OK);
    clv_axis_free(axis);
    made = depth(on, "0.05");
    assert_int_equal(clv_spectra_beside_count(clv_value_as_object(made, CLV_SPECTRA), 0), 2);
    clv_value_free(made);
    clv_value_free(on);
}

static void records_keep_what_has_no_etch_time(void **state)
{
    clv_record *record = clv_record_new();
    clv_value *on = clv_value_object(CLV_RECORD, record), *made;
    const clv_record *done;

    (void)state;
    assert_int_equal(clv_record_add(record, profile(0), NULL), CLV_OK);
    refuse(on, "0.05", "no etch time");
    assert_int_equal(clv_record_add(record, profile(3), NULL), CLV_OK);
    assert_int_equal(clv_record_set_source(record, "a.vms", "vamas", "source_sha256", "00", NULL), CLV_OK);
    clv_metadata_set_text(clv_record_metadata_fill(record), "institute", "ours", NULL);
    made = depth(on, "0.05");
    done = clv_value_as_object(made, CLV_RECORD);
    assert_int_equal(clv_spectra_axis_count(clv_record_at(done, 0)), 1);
    assert_string_equal(clv_axis_name(clv_spectra_axis(clv_record_at(done, 1), 0)), "depth");
    assert_string_equal(clv_record_hash(done), "00");
    assert_string_equal(clv_metadata_text(clv_record_metadata(done), "institute"), "ours");
    clv_value_free(made);
    clv_value_free(on);
}

/* 200 s at 2 uA/cm^2 are 2 * 200 * 6.2415091e12 singly charged ions per cm^2 (the elementary charge is 1.602176634e-19
 * C). */
static void powders_have_doses(void **state)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, profile(3)), *made = NULL;
    clv_error err = {0};
    clv_axis *axis;

    (void)state;
    if (clv_apply_text("dose", on, "2", &made, &err)) { fail_msg("%s", err.text); }
    axis = clv_spectra_axis(clv_value_as_object(made, CLV_SPECTRA), 0);
    assert_string_equal(clv_axis_name(axis), "dose");
    assert_string_equal(clv_axis_unit(axis), "ions/cm^2");
    assert_near(clv_axis_values(axis)[2] / (400 * 6.2415090744607626e12), 1, 1e-12);
    assert_string_equal(clv_axis_name(clv_spectra_beside(clv_value_as_object(made, CLV_SPECTRA), 0, 0)), "etch_time");
    clv_value_free(made);
    assert_int_equal(clv_apply_text("dose", on, "", &made, &err), CLV_BAD_ARGUMENT);
    clv_value_free(on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_make_depths),
        cmocka_unit_test(powders_have_doses),
        cmocka_unit_test(the_files_rate_is_the_preset),
        cmocka_unit_test(other_coordinates_stay),
        cmocka_unit_test(records_keep_what_has_no_etch_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
