/* Spectra, axes, metadata and groups: shapes, copies, offsets, noise. Expected values follow from the faces' words; the
   noise is drawn here. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/group.h>
#include <corelevel/spectra.h>

#include "data/spectra.h"

static clv_axis *axis_of(const char *name, const char *unit, double first, double step, size_t size)
{
    double *values = malloc(size * sizeof *values);
    clv_axis *axis = NULL;

    for (size_t i = 0; i < size; i++) { values[i] = first + step * (double)i; }
    assert_int_equal(clv_axis_new(name, unit, values, size, &axis, NULL), CLV_OK);
    free(values);
    return axis;
}

/* Spectra on level (2) x scan (3) x binding energy (4), intensity i at place i. */
static clv_spectra *cube(void)
{
    clv_axis *axes[3] = {axis_of("level", "1", 0, 1, 2), axis_of("scan", "1", 1, 1, 3),
                         axis_of("binding_energy", "eV", 280, 0.1, 4)};
    clv_axis *beside = axis_of("etch_time", "s", 0, 30, 2), *kinetic = axis_of("kinetic_energy", "eV", 1200, 0.1, 4);
    clv_spectra *spectra = NULL;

    assert_int_equal(clv_spectra_new("C 1s", "counts", axes, 3, &spectra, NULL), CLV_OK);
    for (size_t i = 0; i < 24; i++) { clv_spectra_fill(spectra)[i] = (double)i; }
    assert_int_equal(clv_spectra_add_beside(spectra, 0, beside, NULL), CLV_OK);
    assert_int_equal(clv_spectra_add_beside(spectra, 2, kinetic, NULL), CLV_OK);
    for (int i = 0; i < 3; i++) { clv_axis_free(axes[i]); }
    clv_axis_free(beside);
    clv_axis_free(kinetic);
    return spectra;
}

static void test_axis__refuses_what_is_no_axis(void **state)
{
    static const double falling[] = {2, 1}, broken[] = {1, NAN};
    clv_axis *axis = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_axis_new("binding_energy", "eV", falling, 2, &axis, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "value 2 (1)"));
    assert_int_equal(clv_axis_new("depth", "nm", broken, 2, &axis, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_axis_new("depth", "nm", broken, 0, &axis, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_axis_new("", "nm", broken, 1, &axis, &err), CLV_BAD_ARGUMENT);
    assert_null(axis);
    assert_int_equal(clv_axis_new("depth", "nm", falling, 2, &axis, &err), CLV_OK);
    clv_axis_free(axis);
}

static void test_axis__step_and_equality(void **state)
{
    static const double uneven[] = {0, 1, 2.1};
    clv_axis *a = axis_of("binding_energy", "eV", 280, 0.1, 451), *b = axis_of("binding_energy", "eV", 280, 0.1, 451);
    clv_axis *c = axis_of("kinetic_energy", "eV", 280, 0.1, 451), *d = NULL;

    (void)state;
    assert_true(fabs(clv_axis_step(a) - 0.1) < 1e-12);
    assert_true(clv_axis_equal(a, b) && clv_axis_equal(a, a) && !clv_axis_equal(a, c));
    assert_int_equal(clv_axis_new("level", "1", uneven, 3, &d, NULL), CLV_OK);
    assert_true(clv_axis_step(d) == 0.0);
    assert_true(clv_axis_is_energy("photon_energy") && !clv_axis_is_energy("depth"));
    clv_axis_free(a);
    clv_axis_free(b);
    clv_axis_free(c);
    clv_axis_free(d);
}

static void test_metadata__keeps_order_replaces_and_reads_latin1(void **state)
{
    clv_metadata *metadata = clv_metadata_new(), *copy;

    (void)state;
    clv_metadata_set_text(metadata, "sample", "LCO 5 \xB5m", NULL);
    clv_metadata_set_number(metadata, "dwell", 0.1, "s", NULL);
    clv_metadata_set_number(metadata, "sample", 3, "1", NULL);
    clv_metadata_set_text(metadata, "comment", "5 \xB5m", NULL);
    copy = clv_metadata_copy(metadata);
    clv_metadata_free(metadata);
    assert_int_equal(clv_metadata_count(copy), 3);
    assert_string_equal(clv_metadata_name(copy, 0), "sample");
    assert_null(clv_metadata_name(copy, 3));
    assert_null(clv_metadata_text(copy, "sample"));
    assert_true(clv_metadata_number(copy, "sample") == 3);
    assert_string_equal(clv_metadata_text(copy, "comment"), "5 \xC2\xB5m");
    assert_null(clv_metadata_unit(copy, "comment"));
    assert_true(isnan(clv_metadata_number(copy, "comment")));
    assert_string_equal(clv_metadata_unit(copy, "dwell"), "s");
    assert_true(isnan(clv_metadata_number(copy, "none")));
    clv_metadata_free(copy);
}

static void test_spectra__needs_an_energy_axis_last(void **state)
{
    clv_axis *level = axis_of("level", "1", 0, 1, 2);
    clv_spectra *spectra = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_spectra_new("x", "counts", &level, 1, &spectra, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "level"));
    assert_int_equal(clv_spectra_new("x", "counts", NULL, 0, &spectra, &err), CLV_BAD_ARGUMENT);
    clv_axis_free(level);
}

static void test_spectra__sizes_that_overflow_are_refused(void **state)
{
    clv_axis *axes[6];
    clv_spectra *spectra = NULL;
    clv_error err = {0};

    (void)state;
    for (int i = 0; i < 6; i++) { axes[i] = axis_of(i < 5 ? "level" : "energy_loss", "1", 0, 1, 5000); }
    assert_int_equal(clv_spectra_new("x", "counts", axes, 6, &spectra, &err), CLV_NO_MEMORY);
    for (int i = 0; i < 6; i++) { clv_axis_free(axes[i]); }
}

static void test_spectra__copy_is_deep(void **state)
{
    clv_spectra *spectra = cube(), *copy = NULL;
    double *variance;
    double offsets[6] = {1, 2, 3, 4, 5, 6};

    (void)state;
    assert_int_equal(clv_spectra_make_variance(spectra, &variance, NULL), CLV_OK);
    variance[23] = 7;
    clv_spectra_set_offset(spectra, offsets, NULL, NULL);
    clv_spectra_set_window(spectra, 280.05, 281);
    clv_spectra_add_history(spectra, "crop { 280.05, 281 }", NULL);
    clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "sample", "A", NULL);
    assert_int_equal(clv_spectra_copy(spectra, &copy, NULL), CLV_OK);
    clv_spectra_fill(spectra)[23] = -1;
    variance[23] = -1;
    clv_spectra_free(spectra);
    assert_true(clv_spectra_intensity(copy)[23] == 23);
    assert_true(clv_spectra_variance(copy)[23] == 7);
    assert_true(clv_spectra_offset(copy)[5] == 6 && clv_spectra_offset_error(copy)[5] == 0);
    assert_string_equal(clv_spectra_history(copy, 0), "crop { 280.05, 281 }");
    assert_null(clv_spectra_history(copy, 1));
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(copy), "sample"), "A");
    assert_string_equal(clv_axis_name(clv_spectra_beside(copy, 0, 0)), "etch_time");
    assert_string_equal(clv_axis_name(clv_spectra_beside(copy, 2, 0)), "kinetic_energy");
    clv_spectra_set_offset(copy, NULL, NULL, NULL);
    assert_null(clv_spectra_offset(copy));
    clv_spectra_set_noise(copy, CLV_NOISE_POISSON, 1, 0);
    assert_null(clv_spectra_variance(copy));
    clv_spectra_free(copy);
}

static void test_spectra__like_drops_what_no_longer_fits(void **state)
{
    clv_spectra *spectra = cube(), *made = NULL;
    double *variance, offsets[6] = {0}, low, high;
    clv_axis *axes[3];

    (void)state;
    assert_int_equal(clv_spectra_make_variance(spectra, &variance, NULL), CLV_OK);
    clv_spectra_set_offset(spectra, offsets, NULL, NULL);
    axes[0] = clv_spectra_axis(spectra, 0);
    axes[1] = clv_spectra_axis(spectra, 1);
    axes[2] = axis_of("binding_energy", "eV", 280, 0.2, 2);
    assert_int_equal(clv_spectra_like(spectra, axes, 3, &made, NULL), CLV_OK);
    assert_non_null(clv_spectra_offset(made));
    assert_null(clv_spectra_variance(made));
    assert_int_equal(clv_spectra_noise(made), CLV_NOISE_UNKNOWN);
    assert_int_equal(clv_spectra_beside_count(made, 0), 1);
    assert_int_equal(clv_spectra_beside_count(made, 2), 0);
    clv_spectra_window(made, &low, &high);
    assert_true(low == -INFINITY && high == INFINITY);
    clv_spectra_free(made);
    assert_int_equal(clv_spectra_like(spectra, &axes[2], 1, &made, NULL), CLV_OK);
    assert_null(clv_spectra_offset(made));
    clv_spectra_free(made);
    clv_axis_free(axes[2]);
    clv_spectra_free(spectra);
}

/* Place (level 1, scan i) begins at channel (1 * 3 + i) * 4; place (level i, scan 2) at (i * 3 + 1) * 4. */
static void test_spectra__slice_takes_one_place(void **state)
{
    clv_spectra *spectra = cube(), *slice = NULL;
    double offsets[6] = {0, 1, 2, 3, 4, 5};

    (void)state;
    clv_spectra_set_offset(spectra, offsets, NULL, NULL);
    assert_int_equal(clv_spectra_slice(spectra, 0, 1, &slice, NULL), CLV_OK);
    assert_int_equal(clv_spectra_count(slice), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(clv_spectra_intensity(slice)[i * 4] == (double)((3 + i) * 4));
        assert_true(clv_spectra_offset(slice)[i] == 3.0 + (double)i);
    }
    assert_true(clv_metadata_number(clv_spectra_metadata(slice), "etch_time") == 30);
    clv_spectra_free(slice);
    assert_int_equal(clv_spectra_slice(spectra, 1, 1, &slice, NULL), CLV_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_true(clv_spectra_intensity(slice)[i * 4] == (double)((i * 3 + 1) * 4));
        assert_true(clv_spectra_offset(slice)[i] == (double)(i * 3 + 1));
    }
    assert_int_equal(clv_spectra_beside_count(slice, 0), 1);
    clv_spectra_free(slice);
    assert_int_equal(clv_spectra_slice(spectra, 2, 0, &slice, NULL), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_spectra_slice(spectra, 1, 3, &slice, NULL), CLV_BAD_ARGUMENT);
    clv_spectra_free(spectra);
}

/* Counts around a smooth curve of about 1000 with variance `scale` times the mean: the sum of 12 uniform numbers less 6
   is near enough to normal. */
static clv_spectra *noisy(double scale, size_t count, const char *unit)
{
    clv_axis *axes[2] = {axis_of("scan", "1", 1, 1, count), axis_of("binding_energy", "eV", 280, 0.1, 401)};
    clv_spectra *spectra = NULL;
    uint32_t seed = 12345;

    assert_int_equal(clv_spectra_new("C 1s", unit, axes, 2, &spectra, NULL), CLV_OK);
    for (size_t i = 0; i < count * 401; i++) {
        double mean = 1000 + 400 * exp(-pow(((double)(i % 401) - 200) / 30, 2)), z = -6;

        for (int j = 0; j < 12; j++) {
            seed = seed * 1664525u + 1013904223u;
            z += (seed >> 8) * 0x1p-24;
        }
        clv_spectra_fill(spectra)[i] = mean + sqrt(scale * mean) * z;
    }
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return spectra;
}

static void test_spectra__measures_the_noise_it_was_given(void **state)
{
    static const double scales[] = {1.0, 0.4, 2.0};

    (void)state;
    for (int i = 0; i < 3; i++) {
        clv_spectra *spectra = noisy(scales[i], 20, "counts");

        clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1, 0);
        assert_true(isnan(clv_spectra_noise_measured(spectra)));
        assert_int_equal(clv_spectra_measure_noise(spectra, NULL), CLV_OK);
        /* 20 spectra of 401 channels: 3.2 % standard error */
        assert_true(fabs(clv_spectra_noise_measured(spectra) / scales[i] - 1) < 0.1);
        assert_true(fabs(clv_spectra_noise_correlation(spectra)) < 0.15);
        assert_int_equal(clv_spectra_history_count(spectra), i == 0 ? 0 : 1);
        if (i == 0) { assert_true(clv_spectra_noise_scale(spectra) == 1.0); }
        if (i > 0) {
            assert_true(fabs(clv_spectra_noise_scale(spectra) / scales[i] - 1) < 0.1);
            assert_non_null(strstr(clv_spectra_history(spectra, 0), "is used"));
        }
        clv_spectra_free(spectra);
    }
}

static void test_spectra__only_records_the_noise_of_what_are_no_counts(void **state)
{
    clv_spectra *spectra = noisy(0.4, 20, "counts/s");

    (void)state;
    assert_int_equal(clv_spectra_measure_noise(spectra, NULL), CLV_OK);
    assert_true(fabs(clv_spectra_noise_measured(spectra) / 0.4 - 1) < 0.1);
    assert_int_equal(clv_spectra_noise(spectra), CLV_NOISE_UNKNOWN);
    assert_int_equal(clv_spectra_history_count(spectra), 0);
    clv_spectra_free(spectra);
}

static void test_group__holds_one_kind_with_or_without_names(void **state)
{
    clv_group *group = clv_group_new(), *list = clv_group_new();
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_group_kind(group), CLV_NIL);
    assert_int_equal(clv_group_add(group, "P", clv_value_object(CLV_SPECTRA, cube()), &err), CLV_OK);
    assert_int_equal(clv_group_add(group, "P", clv_value_object(CLV_SPECTRA, cube()), &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_group_add(group, NULL, clv_value_object(CLV_SPECTRA, cube()), &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_group_add(group, "x", clv_value_number(1), &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_group_add(group, "x", NULL, &err), CLV_NO_MEMORY);
    assert_int_equal(clv_group_add(group, "x", clv_value_object(CLV_GROUP, clv_group_new()), &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_group_add(group, "S", clv_value_object(CLV_SPECTRA, cube()), &err), CLV_OK);
    assert_int_equal(clv_group_count(group), 2);
    assert_int_equal(clv_group_kind(group), CLV_SPECTRA);
    assert_string_equal(clv_group_name(group, 1), "S");
    assert_int_equal(clv_value_kind(clv_group_at(group, 0)), CLV_SPECTRA);
    assert_null(clv_group_at(group, 2));
    assert_int_equal(clv_group_add(list, NULL, clv_value_object(CLV_GROUP, group), &err), CLV_OK);
    assert_null(clv_group_name(list, 0));
    clv_group_free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_axis__refuses_what_is_no_axis),
        cmocka_unit_test(test_axis__step_and_equality),
        cmocka_unit_test(test_metadata__keeps_order_replaces_and_reads_latin1),
        cmocka_unit_test(test_spectra__needs_an_energy_axis_last),
        cmocka_unit_test(test_spectra__sizes_that_overflow_are_refused),
        cmocka_unit_test(test_spectra__copy_is_deep),
        cmocka_unit_test(test_spectra__like_drops_what_no_longer_fits),
        cmocka_unit_test(test_spectra__slice_takes_one_place),
        cmocka_unit_test(test_spectra__measures_the_noise_it_was_given),
        cmocka_unit_test(test_spectra__only_records_the_noise_of_what_are_no_counts),
        cmocka_unit_test(test_group__holds_one_kind_with_or_without_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
