/* The operations crop, background, subtract, drop, sum and smooth on spectra, records and columns, with what they leave
   of offsets, variance, coordinates, metadata and history. Expected values are worked out by hand from the small arrays
   given here. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "near.h"
#include "simulated.h"

enum { CHANNELS = 11, LEVELS = 3 };

/* Three spectra of eleven channels, 100 to 110 eV: intensity 1000 level + channel; etch_time with depth and
   transmission beside. */
static clv_value *series(void)
{
    double energy[CHANNELS], pass[CHANNELS], time[LEVELS] = {0, 100, 200}, depth[LEVELS] = {0, 5, 10};
    clv_axis *axes[2], *beside, *transmission;
    clv_spectra *s;

    for (int k = 0; k < CHANNELS; k++) {
        energy[k] = 100 + k;
        pass[k] = 1 + 0.1 * k;
    }
    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, CHANNELS, &axes[1], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("etch_time", "s", time, LEVELS, &axes[0], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("depth", "nm", depth, LEVELS, &beside, NULL), CLV_OK);
    assert_int_equal(clv_axis_new("transmission", "1", pass, CHANNELS, &transmission, NULL), CLV_OK);
    assert_int_equal(clv_spectra_new("C 1s", "counts", axes, 2, &s, NULL), CLV_OK);
    assert_int_equal(clv_spectra_add_beside(s, 0, beside, NULL), CLV_OK);
    assert_int_equal(clv_spectra_add_beside(s, 1, transmission, NULL), CLV_OK);
    for (int i = 0; i < LEVELS; i++) {
        for (int k = 0; k < CHANNELS; k++) { clv_spectra_fill(s)[i * CHANNELS + k] = 1000 * (i + 1) + k; }
    }
    clv_spectra_set_noise(s, CLV_NOISE_POISSON, 1, 3);
    clv_metadata_set_text(clv_spectra_metadata_fill(s), "sample", "A", NULL);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    clv_axis_free(beside);
    clv_axis_free(transmission);
    return clv_value_object(CLV_SPECTRA, s);
}

static clv_spectra *of(const clv_value *value) { return clv_value_as_object(value, CLV_SPECTRA); }

static clv_value *apply(const char *name, const clv_value *on, const char *options)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (clv_apply_text(name, on, options, &made, &err)) { fail_msg("%s", err.text); }
    return made;
}

static void refuse(const char *name, const clv_value *on, const char *options, const char *says)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (!clv_apply_text(name, on, options, &made, &err)) { fail_msg("%s(%s) was taken", name, options); }
    if (!strstr(err.text, says)) { fail_msg("%s(%s)\n  says: %s\n  not: %s", name, options, err.text, says); }
}

/* ---- crop */

static void crop_keeps_what_one_spectrum_needs(void **state)
{
    static const double offset[] = {0, 0.6, -1.2};
    clv_value *on = series(), *cropped;
    double low, high;

    (void)state;
    assert_int_equal(clv_spectra_set_offset(of(on), offset, NULL, NULL), CLV_OK);
    cropped = apply("crop", on, "103, 106");
    /* true energies 103 to 106 are 102.4 to 105.4 for the second on its axis and 104.2 to 107.2 for the third */
    assert_int_equal(clv_spectra_channels(of(cropped)), 5);
    assert_near(clv_axis_values(clv_spectra_energy(of(cropped)))[0], 103, 0);
    assert_near(clv_spectra_intensity(of(cropped))[5], 2003, 0);
    clv_spectra_window(of(cropped), &low, &high);
    assert_near(low, 103, 0);
    assert_near(high, 106, 0);
    assert_near(clv_spectra_offset(of(cropped))[2], -1.2, 0);
    assert_int_equal(clv_spectra_beside_count(of(cropped), 0), 1);
    assert_int_equal(clv_spectra_beside_count(of(cropped), 1), 1);
    assert_near(clv_axis_values(clv_spectra_beside(of(cropped), 1, 0))[0], 1.3, 1e-15);
    assert_string_equal(clv_spectra_history(of(cropped), 0), "crop(103, 106)");
    assert_int_equal(clv_spectra_noise(of(cropped)), CLV_NOISE_POISSON);
    clv_value_free(cropped);
    clv_value_free(on);
}

static void crop_windows_only_shrink(void **state)
{
    clv_value *on = series(), *first = apply("crop", on, "102, 108"), *again = apply("crop", first, "90, 105");
    double low, high;

    (void)state;
    clv_spectra_window(of(again), &low, &high);
    assert_near(low, 102, 0);
    assert_near(high, 105, 0);
    refuse("crop", on, "105, 103", "lower end first");
    refuse("crop", on, "200, 300", "it covers 100 to 110 eV");
    refuse("crop", on, "103", "high is missing");
    refuse("crop", on, "low = 103, hihg = 105", "did you mean high");
    clv_value_free(again);
    clv_value_free(first);
    clv_value_free(on);
}

/* A channel whose energy was rounded still lies on the edge of the window. */
static void crop_forgives_rounding(void **state)
{
    static const double offset[] = {-1e-9, -1e-9, -1e-9};
    clv_value *on = series(), *cropped;

    (void)state;
    assert_int_equal(clv_spectra_set_offset(of(on), offset, NULL, NULL), CLV_OK);
    cropped = apply("crop", on, "103, 106");
    assert_int_equal(clv_spectra_channels(of(cropped)), 4);
    clv_value_free(cropped);
    clv_value_free(on);
}

static void crop_cuts_variances_too(void **state)
{
    clv_value *on = series(), *cropped;
    double *variance = NULL;

    (void)state;
    assert_int_equal(clv_spectra_make_variance(of(on), &variance, NULL), CLV_OK);
    for (int i = 0; i < LEVELS * CHANNELS; i++) { variance[i] = i; }
    cropped = apply("crop", on, "103, 106");
    assert_int_equal(clv_spectra_noise(of(cropped)), CLV_NOISE_VARIANCE);
    assert_near(clv_spectra_variance(of(cropped))[4], CHANNELS + 3, 0);
    clv_value_free(cropped);
    clv_value_free(on);
}

/* ---- records */

static void records_are_done_spectra_by_spectra(void **state)
{
    clv_record *record = clv_record_new();
    clv_value *one = series(), *other = series(), *on = clv_value_object(CLV_RECORD, record), *cropped;
    const clv_record *made;

    (void)state;
    assert_int_equal(clv_spectra_set_name(of(other), "O 1s", NULL), CLV_OK);
    assert_int_equal(clv_record_add(record, clv_spectra_ref(of(one)), NULL), CLV_OK);
    assert_int_equal(clv_record_add(record, clv_spectra_ref(of(other)), NULL), CLV_OK);
    assert_int_equal(clv_record_set_source(record, "a.vms", "vamas", "source_sha256", "00", NULL), CLV_OK);
    clv_metadata_set_text(clv_record_metadata_fill(record), "institute", "ours", NULL);
    cropped = apply("crop", on, "103, 106");
    made = clv_value_as_object(cropped, CLV_RECORD);
    assert_int_equal(clv_record_count(made), 2);
    assert_string_equal(clv_record_source(made), "a.vms");
    assert_string_equal(clv_metadata_text(clv_record_metadata(made), "institute"), "ours");
    assert_string_equal(clv_spectra_history(clv_record_at(made, 1), 0), "crop(103, 106)");
    clv_value_free(cropped);
    /* The same call by name is the same line. */
    cropped = apply("crop", on, "low = 103, high = 106");
    made = clv_value_as_object(cropped, CLV_RECORD);
    assert_string_equal(clv_spectra_history(clv_record_at(made, 1), 0), "crop(103, 106)");
    clv_value_free(cropped);
    cropped = apply("drop", on, "level = 2");
    assert_int_equal(clv_spectra_count(clv_record_at(clv_value_as_object(cropped, CLV_RECORD), 1)), 2);
    clv_value_free(cropped);
    refuse("crop", on, "203, 206", "C 1s: ");
    refuse("drop", on, "level = 9", "there is no level 9");
    clv_value_free(on);
    clv_value_free(one);
    clv_value_free(other);
}

/* ---- drop */

static void drop_goes_by_level_or_by_value(void **state)
{
    static const double offset[] = {0.1, 0.2, 0.3}, error[] = {0.01, -0.02, 0.03};
    static const char *const same[] = {"level = 2", "etch_time = 100", "depth = 5", "level = { 2 }"};
    clv_value *on = series();

    (void)state;
    assert_int_equal(clv_spectra_set_offset(of(on), offset, error, NULL), CLV_OK);
    for (int i = 0; i < 4; i++) {
        clv_value *rest = apply("drop", on, same[i]);

        assert_int_equal(clv_spectra_count(of(rest)), 2);
        assert_near(clv_spectra_intensity(of(rest))[CHANNELS], 3000, 0);
        assert_near(clv_spectra_offset(of(rest))[1], 0.3, 0);
        assert_near(clv_spectra_offset_error(of(rest))[1], 0.03, 0);
        assert_near(clv_axis_values(clv_spectra_axis(of(rest), 0))[1], 200, 0);
        assert_int_equal(clv_spectra_beside_count(of(rest), 0), 1);
        assert_near(clv_axis_values(clv_spectra_beside(of(rest), 0, 0))[1], 10, 0);
        assert_int_equal(clv_spectra_beside_count(of(rest), 1), 1);
        clv_value_free(rest);
    }
    refuse("drop", on, "level = 4", "there is no level 4");
    refuse("drop", on, "depth = 7", "there is no depth 7");
    refuse("drop", on, "x = 3", "there is no axis \"x\"; the first axis is \"etch_time\"");
    refuse("drop", on, "level = { 1, 2, 3 }", "nothing would be left");
    refuse("drop", on, "level = 1, depth = 5", "give one of");
    refuse("drop", on, "", "say what");
    refuse("drop", on, "levl = 1", "did you mean level");
    clv_value_free(on);
}

static void drop_works_on_columns(void **state)
{
    double time[LEVELS] = {0, 100, 200}, values[LEVELS] = {1, 2, 3};
    clv_axis *axis;
    clv_columns *columns;
    clv_value *on, *rest;

    (void)state;
    assert_int_equal(clv_axis_new("etch_time", "s", time, LEVELS, &axis, NULL), CLV_OK);
    assert_int_equal(clv_columns_new(&axis, 1, 1, &columns, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 0, "a", "1", values, NULL, NULL, NULL), CLV_OK);
    on = clv_value_object(CLV_COLUMNS, columns);
    rest = apply("drop", on, "level = { 1, 3 }");
    assert_int_equal(clv_columns_points(clv_value_as_object(rest, CLV_COLUMNS)), 1);
    assert_near(clv_columns_value(clv_value_as_object(rest, CLV_COLUMNS), 0, 0), 2, 0);
    clv_value_free(rest);
    refuse("drop", on, "level = 7", "there is no level 7");
    clv_value_free(on);
    clv_axis_free(axis);
}

/* Two leading axes: what stands beside the one that is not shortened stays, once. */
static clv_value *map(void)
{
    double energy[2] = {100, 101}, y[2] = {0, 1}, x[3] = {0, 1, 2}, t[2] = {7, 8};
    clv_axis *axes[3], *beside;
    clv_spectra *s;

    assert_int_equal(clv_axis_new("y", "nm", y, 2, &axes[0], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("x", "nm", x, 3, &axes[1], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, 2, &axes[2], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("temperature", "K", t, 2, &beside, NULL), CLV_OK);
    assert_int_equal(clv_spectra_new("M", "counts", axes, 3, &s, NULL), CLV_OK);
    assert_int_equal(clv_spectra_add_beside(s, 0, beside, NULL), CLV_OK);
    for (int i = 0; i < 12; i++) { clv_spectra_fill(s)[i] = i; }
    for (int i = 0; i < 3; i++) { clv_axis_free(axes[i]); }
    clv_axis_free(beside);
    clv_spectra_set_noise(s, CLV_NOISE_POISSON, 1, 3);
    return clv_value_object(CLV_SPECTRA, s);
}

static void drop_keeps_the_other_axis_as_it_is(void **state)
{
    clv_value *on = map(), *rest = apply("drop", on, "x = 1");

    (void)state;
    assert_int_equal(clv_spectra_count(of(rest)), 4);
    assert_int_equal(clv_spectra_beside_count(of(rest), 0), 1);
    assert_near(clv_spectra_intensity(of(rest))[2], 4, 0);
    assert_near(clv_spectra_intensity(of(rest))[4], 6, 0);
    clv_value_free(rest);
    clv_value_free(on);
}

/* ---- sum */

static void sum_adds_counts_and_what_goes_with_them(void **state)
{
    static const double offset[] = {0.1, 0.2, 0.3}, error[] = {0.03, -0.04, 0};
    clv_value *on = series(), *sum;

    (void)state;
    assert_int_equal(clv_spectra_set_offset(of(on), offset, error, NULL), CLV_OK);
    sum = apply("sum", on, "");
    assert_int_equal(clv_spectra_axis_count(of(sum)), 1);
    assert_near(clv_spectra_intensity(of(sum))[4], 6012, 0);
    assert_near(clv_spectra_noise_read(of(sum)), 3 * sqrt(3), 1e-12);
    assert_near(clv_spectra_offset(of(sum))[0], 0.2, 1e-12);
    assert_near(clv_spectra_offset_error(of(sum))[0], -0.05 / 3, 1e-12); /* one of them was held */
    assert_int_equal(clv_spectra_beside_count(of(sum), 0), 1);
    clv_value_free(sum);
    refuse("sum", on, "'x'", "there is no axis \"x\"; the first axis is \"etch_time\"");
    clv_value_free(on);
}

static void sum_keeps_the_other_axis(void **state)
{
    static const double offset[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5};
    clv_value *on = map(), *sum;

    (void)state;
    assert_int_equal(clv_spectra_set_offset(of(on), offset, NULL, NULL), CLV_OK);
    sum = apply("sum", on, "'x'");
    assert_int_equal(clv_spectra_count(of(sum)), 2);
    assert_near(clv_spectra_intensity(of(sum))[0], 0 + 2 + 4, 0);
    assert_near(clv_spectra_offset(of(sum))[1], 0.4, 1e-12);
    assert_int_equal(clv_spectra_beside_count(of(sum), 0), 1);
    clv_value_free(sum);
    sum = apply("sum", on, "along = 'y'");
    assert_near(clv_spectra_intensity(of(sum))[5], 5 + 11, 0);
    assert_near(clv_spectra_offset(of(sum))[2], 0.35, 1e-12);
    clv_value_free(sum);
    clv_value_free(on);
}

static void sum_refuses_what_does_not_add_up(void **state)
{
    static const double offset[] = {0, 0, 0.6};
    clv_value *on = series();

    (void)state;
    assert_int_equal(clv_spectra_set_offset(of(on), offset, NULL, NULL), CLV_OK);
    refuse("sum", on, "", "shifted against each other by up to 0.6 eV");
    clv_value_free(on);
}

/* A sum of one is that one: its variance is not counted twice. */
static void sum_of_one_is_itself(void **state)
{
    clv_value *all = series(), *on = apply("drop", all, "level = { 1, 2 }"), *sum;
    double *variance = NULL;

    (void)state;
    assert_int_equal(clv_spectra_make_variance(of(on), &variance, NULL), CLV_OK);
    for (int k = 0; k < CHANNELS; k++) { variance[k] = 5; }
    sum = apply("sum", on, "");
    assert_near(clv_spectra_variance(of(sum))[3], 5, 0);
    assert_near(clv_spectra_intensity(of(sum))[3], 3003, 0);
    clv_value_free(sum);
    clv_value_free(on);
    clv_value_free(all);
}

/* ---- background, subtract */

static const simulated_line peak[] = {{285, 1.2, 4000}};
static const simulated_region region = {
    .name = "C 1s", .low = 278, .step = 0.1, .channels = 140, .lines = 1, .line = peak, .level = 100, .same = 1};

static void subtract_leaves_nothing_outside_the_ends(void **state)
{
    static const char shirley[] = "shirley { active = false, ends = { 281, 289 } }";
    clv_value *on = clv_value_object(CLV_SPECTRA, simulated(&region)), *bare = apply("subtract", on, shirley),
              *curve = apply("background", on, shirley);
    double low, high;

    (void)state;
    clv_spectra_window(of(bare), &low, &high);
    assert_near(low, 281, 0);
    assert_near(high, 289, 0);
    for (size_t k = 0; k < region.channels; k++) {
        double energy = 278 + 0.1 * (double)k, y = clv_spectra_intensity(of(on))[k];

        assert_near(clv_spectra_intensity(of(bare))[k] + clv_spectra_intensity(of(curve))[k], y, 1e-9 * y);
        if (energy < 280.99 || energy > 289.01) {
            assert_near(clv_spectra_intensity(of(bare))[k], 0, 0);
            assert_near(clv_spectra_intensity(of(curve))[k], y, 0);
        }
    }
    assert_int_equal(clv_spectra_noise(of(bare)), CLV_NOISE_VARIANCE);
    assert_near(clv_spectra_variance(of(bare))[5], 100, 1e-6); /* the level's counts */
    assert_int_equal(clv_spectra_noise(of(curve)), CLV_NOISE_UNKNOWN);
    refuse("subtract", on, "peak { 'A', position = 3 }", "no background");
    refuse("subtract", on, "", "background is missing");
    refuse("subtract", on, "shirley { active = false, variant = 'casaxp' }", "did you mean");
    clv_value_free(curve);
    clv_value_free(bare);
    clv_value_free(on);
}

/* What a window masks has no part in a background: with two offsets each spectrum has ends of its own. */
static void backgrounds_keep_to_the_window(void **state)
{
    static const double shift[] = {0, 1}, offset[] = {0, -1};
    simulated_region two = region;
    clv_value *on, *cropped, *bare;
    size_t n;

    (void)state;
    two.levels = 2;
    two.shift = shift;
    on = clv_value_object(CLV_SPECTRA, simulated(&two));
    assert_int_equal(clv_spectra_set_offset(of(on), offset, NULL, NULL), CLV_OK);
    cropped = apply("crop", on, "282, 288");
    bare = apply("subtract", cropped, "linear { active = false }");
    n = clv_spectra_channels(of(bare));
    assert_int_equal(n, 71);
    for (size_t k = 0; k + 10 < n; k++) { /* the same spectrum, ten channels on */
        assert_near(clv_spectra_intensity(of(bare))[k], clv_spectra_intensity(of(bare))[n + k + 10], 1e-6);
    }
    for (size_t k = 0; k < 10; k++) { assert_near(clv_spectra_intensity(of(bare))[n + k], 0, 0); }
    clv_value_free(bare);
    clv_value_free(cropped);
    clv_value_free(on);
}

/* ---- smooth */

static void smooth_says_what_it_leaves_of_the_noise(void **state)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, simulated(&region)), *smooth = apply("smooth", on, "5");

    (void)state;
    /* Savitzky-Golay of 5 channels and order 2: (-3 12 17 12 -3) / 35, the variance of the middle is 17 / 35 */
    assert_int_equal(clv_spectra_noise(of(smooth)), CLV_NOISE_VARIANCE);
    assert_near(clv_spectra_variance(of(smooth))[10], 100 * 17.0 / 35, 1e-6);
    assert_near(clv_spectra_intensity(of(smooth))[10], 100, 1e-9);
    refuse("smooth", on, "4", "odd");
    refuse("smooth", on, "channels = 1", "from 3");
    clv_value_free(smooth);
    clv_value_free(on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crop_keeps_what_one_spectrum_needs),
        cmocka_unit_test(crop_windows_only_shrink),
        cmocka_unit_test(crop_forgives_rounding),
        cmocka_unit_test(crop_cuts_variances_too),
        cmocka_unit_test(records_are_done_spectra_by_spectra),
        cmocka_unit_test(drop_goes_by_level_or_by_value),
        cmocka_unit_test(drop_works_on_columns),
        cmocka_unit_test(drop_keeps_the_other_axis_as_it_is),
        cmocka_unit_test(sum_adds_counts_and_what_goes_with_them),
        cmocka_unit_test(sum_keeps_the_other_axis),
        cmocka_unit_test(sum_refuses_what_does_not_add_up),
        cmocka_unit_test(sum_of_one_is_itself),
        cmocka_unit_test(subtract_leaves_nothing_outside_the_ends),
        cmocka_unit_test(backgrounds_keep_to_the_window),
        cmocka_unit_test(smooth_says_what_it_leaves_of_the_noise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
