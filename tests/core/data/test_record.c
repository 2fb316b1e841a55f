/* Records: how blocks stack along their variables, and how regions are found. Expected shapes and values follow from
   the rules in record.h; the blocks are made here. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/record.h>

#define CHANNELS 5

/* Spectra of CHANNELS channels from `first` on in steps of 0.1 eV, all intensities `level`. */
static clv_spectra *block(const char *name, const char *sample, double first, double level)
{
    double energies[CHANNELS];
    clv_axis *axis = NULL;
    clv_spectra *spectra = NULL;

    for (int i = 0; i < CHANNELS; i++) { energies[i] = first + 0.1 * i; }
    assert_int_equal(clv_axis_new("binding_energy", "eV", energies, CHANNELS, &axis, NULL), CLV_OK);
    assert_int_equal(clv_spectra_new(name, "counts", &axis, 1, &spectra, NULL), CLV_OK);
    clv_axis_free(axis);
    for (int i = 0; i < CHANNELS; i++) { clv_spectra_fill(spectra)[i] = level; }
    clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1.0, 0.0);
    clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "sample", sample, NULL);
    clv_metadata_set_number(clv_spectra_metadata_fill(spectra), "dwell", 0.1, "s", NULL);
    return spectra;
}

/* Adds a block with one variable. */
static void add(clv_record *record, clv_spectra *spectra, const char *variable, const char *unit, double value)
{
    clv_error err = {0};

    assert_int_equal(clv_record_add_block(record, spectra, &variable, &unit, &value, variable ? 1 : 0, &err), CLV_OK);
}

static void add_two(clv_record *record, clv_spectra *spectra, const char *const names[2], const char *const units[2],
                    double a, double b)
{
    double values[2] = {a, b};

    assert_int_equal(clv_record_add_block(record, spectra, names, units, values, 2, NULL), CLV_OK);
}

static void stack(clv_record *record, size_t expected)
{
    clv_error err = {0};

    if (clv_record_stack(record, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_record_count(record), expected);
}

static void check_axis(const clv_axis *axis, const char *name, const char *unit, size_t size, const double *values)
{
    assert_non_null(axis);
    assert_string_equal(clv_axis_name(axis), name);
    assert_string_equal(clv_axis_unit(axis), unit);
    assert_int_equal(clv_axis_size(axis), size);
    for (size_t i = 0; i < size; i++) { assert_true(fabs(clv_axis_values(axis)[i] - values[i]) < 1e-12); }
}

static void test_record__one_block_alone_keeps_no_leading_axis(void **state)
{
    clv_record *record = clv_record_new();

    (void)state;
    add(record, block("Co 2p", "A", 780, 1), "etch_time", "min", 2);
    add(record, block("C 1s", "A", 284, 1), NULL, NULL, 0);
    stack(record, 2);
    assert_int_equal(clv_spectra_axis_count(clv_record_at(record, 0)), 1);
    assert_true(clv_metadata_number(clv_spectra_metadata(clv_record_at(record, 0)), "etch_time") == 120.0);
    assert_string_equal(clv_metadata_unit(clv_spectra_metadata(clv_record_at(record, 0)), "etch_time"), "s");
    assert_null(clv_record_at(record, 2));
    clv_record_free(record);
}

/* A VAMAS profile: each region at the same set of etch times, interleaved. */
static void test_record__profile_stacks_each_region_by_etch_time(void **state)
{
    static const double seconds[] = {0, 30, 90};
    clv_record *record = clv_record_new();
    const clv_spectra *co;

    (void)state;
    for (int t = 0; t < 3; t++) {
        add(record, block("Co 2p", "A", 780, 10 + t), "etch_time", "min", seconds[t] / 60);
        add(record, block("C 1s", "A", 284, 20 + t), "etch_time", "min", seconds[t] / 60);
    }
    stack(record, 2);
    co = clv_record_at(record, 0);
    assert_string_equal(clv_spectra_name(co), "Co 2p");
    assert_int_equal(clv_spectra_count(co), 3);
    check_axis(clv_spectra_axis(co, 0), "etch_time", "s", 3, seconds);
    for (int t = 0; t < 3; t++) {
        assert_true(clv_spectra_intensity(co)[t * CHANNELS] == 10 + t);
        assert_true(clv_spectra_intensity(clv_record_at(record, 1))[t * CHANNELS + 4] == 20 + t);
    }
    assert_int_equal(clv_spectra_noise(co), CLV_NOISE_POISSON);
    assert_null(clv_spectra_offset(co));
    assert_true(clv_metadata_number(clv_spectra_metadata(co), "dwell") == 0.1);
    clv_record_free(record);
}

static void test_record__shifted_axes_become_offsets(void **state)
{
    static const double shifts[] = {0, 0.13, -0.07};
    clv_record *record = clv_record_new();
    const clv_spectra *one;

    (void)state;
    for (int i = 0; i < 3; i++) { add(record, block("O 1s", "A", 530 + shifts[i], 1), "level", "1", i); }
    stack(record, 1);
    one = clv_record_at(record, 0);
    assert_non_null(clv_spectra_offset(one));
    for (int i = 0; i < 3; i++) {
        assert_true(fabs(clv_spectra_offset(one)[i] - shifts[i]) < 1e-9);
        assert_true(clv_spectra_offset_error(one)[i] == 0.0);
    }
    assert_true(clv_axis_values(clv_spectra_energy(one))[0] == 530.0);
    clv_record_free(record);
}

/* 0.4 eV is the whole range: 0.3 eV away less than half of it is common. */
static void test_record__other_ranges_stay_separate(void **state)
{
    clv_record *record = clv_record_new();

    (void)state;
    add(record, block("O 1s", "A", 530, 1), NULL, NULL, 0);
    add(record, block("O 1s", "A", 530.3, 1), NULL, NULL, 0);
    add(record, block("O 1s", "A", 530.1, 1), NULL, NULL, 0);
    stack(record, 2);
    assert_int_equal(clv_spectra_count(clv_record_at(record, 0)), 2);
    assert_int_equal(clv_spectra_count(clv_record_at(record, 1)), 1);
    clv_record_free(record);
}

static void test_record__repeats_stack_along_scan(void **state)
{
    static const double scans[] = {1, 2, 3};
    clv_record *record = clv_record_new();
    const clv_spectra *one;

    (void)state;
    for (int i = 0; i < 3; i++) {
        clv_spectra *repeat = block("C 1s", "A", 284, i);

        clv_metadata_set_number(clv_spectra_metadata_fill(repeat), "dwell", 0.1 * (i + 1), "s", NULL);
        if (i == 1) { clv_metadata_set_text(clv_spectra_metadata_fill(repeat), "comment", "bump", NULL); }
        add(record, repeat, "angle", "deg", 45);
    }
    stack(record, 1);
    one = clv_record_at(record, 0);
    check_axis(clv_spectra_axis(one, 0), "scan", "1", 3, scans);
    assert_true(clv_metadata_number(clv_spectra_metadata(one), "angle") == 45);
    assert_string_equal(clv_metadata_unit(clv_spectra_metadata(one), "angle"), "degree");
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(one), "dwell"), "0.1 s; 0.2 s; 0.30000000000000004 s");
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(one), "comment"), "-; bump; -");
    clv_record_free(record);
}

static void test_record__samples_and_conditions_do_not_mix(void **state)
{
    clv_record *record = clv_record_new();
    clv_spectra *other = block("C 1s", "A", 284, 3);

    (void)state;
    clv_metadata_set_number(clv_spectra_metadata_fill(other), "pass_energy", 20, "eV", NULL);
    add(record, block("C 1s", "A", 284, 1), NULL, NULL, 0);
    add(record, block("C 1s", "B", 284, 2), NULL, NULL, 0);
    add(record, other, NULL, NULL, 0);
    add(record, block("C 1s", "A", 284, 4), "etch_time", "s", 4);
    stack(record, 4);
    clv_record_free(record);
}

static void test_record__etch_time_and_depth_stand_beside_each_other(void **state)
{
    static const char *const names[] = {"etch_time", "depth"}, *const units[] = {"s", "nm"};
    static const double times[] = {0, 60, 120}, depths[] = {0, 1.5, 3};
    clv_record *record = clv_record_new();
    const clv_spectra *one;

    (void)state;
    for (int i = 0; i < 3; i++) { add_two(record, block("Co 2p", "A", 780, i), names, units, times[i], depths[i]); }
    stack(record, 1);
    one = clv_record_at(record, 0);
    assert_int_equal(clv_spectra_axis_count(one), 2);
    check_axis(clv_spectra_axis(one, 0), "etch_time", "s", 3, times);
    assert_int_equal(clv_spectra_beside_count(one, 0), 1);
    check_axis(clv_spectra_beside(one, 0, 0), "depth", "nm", 3, depths);
    clv_record_free(record);
}

/* What changes at some blocks only stands beside what changes at each. */
static void test_record__strictly_changing_variable_is_the_axis(void **state)
{
    static const char *const names[] = {"temperature", "etch_time"}, *const units[] = {"K", "s"};
    static const double kelvin[] = {300, 300, 310}, times[] = {0, 60, 120};
    clv_record *record = clv_record_new();

    (void)state;
    for (int i = 0; i < 3; i++) { add_two(record, block("Co 2p", "A", 780, i), names, units, kelvin[i], times[i]); }
    stack(record, 1);
    check_axis(clv_spectra_axis(clv_record_at(record, 0), 0), "etch_time", "s", 3, times);
    check_axis(clv_spectra_beside(clv_record_at(record, 0), 0, 0), "temperature", "K", 3, kelvin);
    clv_record_free(record);
}

static void test_record__grid_becomes_a_map(void **state)
{
    static const char *const names[] = {"y", "x"}, *const units[] = {"um", "um"};
    static const double x_nm[] = {0, 500, 1000}, y_nm[] = {0, 2000};
    clv_record *record = clv_record_new();
    const clv_spectra *map;

    (void)state;
    for (int y = 0; y < 2; y++) {
        for (int x = 0; x < 3; x++) {
            add_two(record, block("Co 2p", "A", 780, 10 * y + x), names, units, 2.0 * y, 0.5 * x);
        }
    }
    stack(record, 1);
    map = clv_record_at(record, 0);
    assert_int_equal(clv_spectra_axis_count(map), 3);
    check_axis(clv_spectra_axis(map, 0), "y", "nm", 2, y_nm);
    check_axis(clv_spectra_axis(map, 1), "x", "nm", 3, x_nm);
    assert_true(clv_spectra_intensity(map)[(1 * 3 + 2) * CHANNELS] == 12);
    clv_record_free(record);
}

/* Two scans at each of three times, each time's scans together (inner) or the whole series twice (outer). */
static void test_record__repeated_series_keep_the_order_of_the_file(void **state)
{
    static const double times[] = {0, 60, 120}, scans[] = {1, 2};

    (void)state;
    for (int outer = 0; outer < 2; outer++) {
        clv_record *record = clv_record_new();
        const clv_spectra *one;

        for (int i = 0; i < 6; i++) {
            add(record, block("Co 2p", "A", 780, i), "etch_time", "s", times[outer ? i % 3 : i / 2]);
        }
        stack(record, 1);
        one = clv_record_at(record, 0);
        assert_int_equal(clv_spectra_axis_count(one), 3);
        check_axis(clv_spectra_axis(one, outer ? 1 : 0), "etch_time", "s", 3, times);
        check_axis(clv_spectra_axis(one, outer ? 0 : 1), "scan", "1", 2, scans);
        for (int i = 0; i < 6; i++) { assert_true(clv_spectra_intensity(one)[i * CHANNELS] == i); }
        clv_record_free(record);
    }
}

static void test_record__irregular_repeats_are_a_list_of_scans(void **state)
{
    static const double times[] = {0, 0, 60}, scans[] = {1, 2, 3};
    clv_record *record = clv_record_new();

    (void)state;
    for (int i = 0; i < 3; i++) { add(record, block("Co 2p", "A", 780, i), "etch_time", "s", times[i]); }
    stack(record, 1);
    check_axis(clv_spectra_axis(clv_record_at(record, 0), 0), "scan", "1", 3, scans);
    check_axis(clv_spectra_beside(clv_record_at(record, 0), 0, 0), "etch_time", "s", 3, times);
    clv_record_free(record);
}

static void test_record__variance_and_region_names_survive(void **state)
{
    clv_record *record = clv_record_new();
    const clv_spectra *one;
    static const char *const names[] = {"Co 2p/1", "Co 2p/2"};

    (void)state;
    for (int i = 0; i < 2; i++) {
        clv_spectra *spectra = block(names[i], "A", 780, i);
        double *variance;

        assert_int_equal(clv_spectra_make_variance(spectra, &variance, NULL), CLV_OK);
        for (int j = 0; j < CHANNELS; j++) { variance[j] = 100 * i + j; }
        clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "region", "Co 2p", NULL);
        add(record, spectra, NULL, NULL, 0);
    }
    stack(record, 1);
    one = clv_record_at(record, 0);
    assert_string_equal(clv_spectra_name(one), "Co 2p");
    assert_true(clv_spectra_variance(one)[CHANNELS + 3] == 103);
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(one), "region"), "Co 2p");
    clv_record_free(record);
}

static void test_record__empty_record_and_odd_variables_are_harmless(void **state)
{
    static const char *const names[] = {"binding_energy", "t"}, *const units[] = {"eV", "s"};
    clv_record *record = clv_record_new();

    (void)state;
    stack(record, 0);
    for (int i = 0; i < 2; i++) { add_two(record, block("Co 2p", "A", 780, i), names, units, -i, i ? NAN : 1.0); }
    stack(record, 1);
    assert_string_equal(clv_axis_name(clv_spectra_axis(clv_record_at(record, 0), 0)), "scan");
    assert_int_equal(clv_spectra_beside_count(clv_record_at(record, 0), 0), 0);
    clv_record_free(record);
}

/* ---- Finding ---- */

static clv_record *regions(void)
{
    clv_record *record = clv_record_new();

    add(record, block("Wide/2", "A", 0, 1), NULL, NULL, 0);
    add(record, block("1: S 2p", "A", 160, 1), NULL, NULL, 0);
    add(record, block("Co2p3", "A", 780, 1), NULL, NULL, 0);
    add(record, block("C 1s/8", "A", 284, 1), NULL, NULL, 0);
    add(record, block("C 1s/9", "B", 284, 1), NULL, NULL, 0);
    add(record, block("X", "A", 529.9, 1), NULL, NULL, 0);
    add(record, block("Cl 2p", "A", 198, 1), NULL, NULL, 0);
    return record;
}

static void check_found(const clv_record *record, const char *line, double energy, size_t place)
{
    clv_error err = {0};
    clv_spectra *found = NULL;

    if (clv_record_find(record, line, energy, &found, &err)) { fail_msg("%s: %s", line, err.text); }
    assert_ptr_equal(found, clv_record_at(record, place));
}

static void test_record__finds_by_any_spelling(void **state)
{
    clv_record *record = regions();

    (void)state;
    check_found(record, "S 2p", NAN, 1);
    check_found(record, "s2p", NAN, 1);
    check_found(record, "Co 2p", NAN, 2);
    check_found(record, "Co 2p3/2", NAN, 2);
    check_found(record, "c 1s/9", NAN, 4);
    check_found(record, "Cl2p", NAN, 6);
    check_found(record, "survey", NAN, 0);
    check_found(record, "wide/2", NAN, 0);
    check_found(record, "O 1s", 530.0, 5);
    check_found(record, "Li 1s", 0.2, 0);
    clv_record_free(record);
}

static void test_record__says_what_there_is(void **state)
{
    clv_record *record = regions();
    clv_error err = {0};
    clv_spectra *found = NULL;

    (void)state;
    assert_int_equal(clv_record_find(record, "Fe 2p", 707, &found, &err), CLV_NOT_FOUND);
    assert_non_null(strstr(err.text, "\"1: S 2p\""));
    assert_int_equal(clv_record_find(record, "Co 2p1/2", NAN, &found, &err), CLV_NOT_FOUND);
    assert_int_equal(clv_record_find(record, "C 1s", NAN, &found, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "[4] \"C 1s/8\" of sample \"A\", [5] \"C 1s/9\" of sample \"B\""));
    assert_null(found);
    clv_record_free(record);
}

/* 1486.6 eV - 1205.6 eV = 281 eV … 281.4 eV kinetic; the energies are this test's own. */
static void test_record__finds_kinetic_ranges_by_photon_energy(void **state)
{
    double kinetic[] = {1205.2, 1205.4, 1205.6};
    clv_axis *axis = NULL;
    clv_spectra *spectra = NULL, *found = NULL;
    clv_record *record = clv_record_new();

    (void)state;
    assert_int_equal(clv_axis_new("kinetic_energy", "eV", kinetic, 3, &axis, NULL), CLV_OK);
    assert_int_equal(clv_spectra_new("scan 7", "counts", &axis, 1, &spectra, NULL), CLV_OK);
    clv_axis_free(axis);
    assert_int_equal(clv_record_add(record, spectra, NULL), CLV_OK);
    assert_int_equal(clv_record_find(record, "C 1s", 281.2, &found, NULL), CLV_NOT_FOUND);
    clv_metadata_set_number(clv_spectra_metadata_fill(spectra), "photon_energy", 1486.6, "eV", NULL);
    assert_int_equal(clv_record_find(record, "C 1s", 281.2, &found, NULL), CLV_OK);
    clv_record_free(record);
}

static void test_record__selects_sample_line_and_level(void **state)
{
    clv_record *record = clv_record_new(), *some = NULL;

    (void)state;
    for (int i = 0; i < 6; i++) {
        add(record, block(i % 2 ? "C 1s" : "Co 2p", "A", i % 2 ? 284 : 780, i), "level", "1", i / 2);
    }
    add(record, block("C 1s", "B", 284, 9), NULL, NULL, 0);
    clv_record_set_source(record, "file.vms", "vamas", "source_sha256", "00", NULL);
    stack(record, 3);
    assert_int_equal(clv_record_select(record, "a", "C1s", 2, &some, NULL), CLV_OK);
    assert_int_equal(clv_record_count(some), 1);
    assert_int_equal(clv_spectra_axis_count(clv_record_at(some, 0)), 1);
    assert_true(clv_spectra_intensity(clv_record_at(some, 0))[0] == 5);
    assert_true(clv_metadata_number(clv_spectra_metadata(clv_record_at(some, 0)), "level") == 2);
    assert_string_equal(clv_record_source(some), "file.vms");
    clv_record_free(some);
    assert_int_equal(clv_record_select(record, NULL, "C 1s", NAN, &some, NULL), CLV_OK);
    assert_int_equal(clv_record_count(some), 2);
    assert_ptr_equal(clv_record_at(some, 1), clv_record_at(record, 2));
    clv_record_free(some);
    assert_int_equal(clv_record_select(record, "C", NULL, NAN, &some, NULL), CLV_OK);
    assert_int_equal(clv_record_count(some), 0);
    clv_record_free(some);
    clv_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record__one_block_alone_keeps_no_leading_axis),
        cmocka_unit_test(test_record__profile_stacks_each_region_by_etch_time),
        cmocka_unit_test(test_record__shifted_axes_become_offsets),
        cmocka_unit_test(test_record__other_ranges_stay_separate),
        cmocka_unit_test(test_record__repeats_stack_along_scan),
        cmocka_unit_test(test_record__samples_and_conditions_do_not_mix),
        cmocka_unit_test(test_record__etch_time_and_depth_stand_beside_each_other),
        cmocka_unit_test(test_record__strictly_changing_variable_is_the_axis),
        cmocka_unit_test(test_record__grid_becomes_a_map),
        cmocka_unit_test(test_record__repeated_series_keep_the_order_of_the_file),
        cmocka_unit_test(test_record__irregular_repeats_are_a_list_of_scans),
        cmocka_unit_test(test_record__variance_and_region_names_survive),
        cmocka_unit_test(test_record__empty_record_and_odd_variables_are_harmless),
        cmocka_unit_test(test_record__finds_by_any_spelling),
        cmocka_unit_test(test_record__says_what_there_is),
        cmocka_unit_test(test_record__finds_kinetic_ranges_by_photon_energy),
        cmocka_unit_test(test_record__selects_sample_line_and_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
