/* Printing: whole expected texts, written by hand from what the face promises.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/fit.h>

#include "data/print.h"
#include "data/table.h"

static void check_text(clv_buffer *out, const char *expected)
{
    char *text = NULL;

    assert_int_equal(clv_buffer_take(out, &text, NULL), CLV_OK);
    assert_string_equal(text, expected);
    free(text);
}

static clv_axis *axis_of(const char *name, const char *unit, double step, size_t size)
{
    double *values = malloc(size * sizeof *values);
    clv_axis *axis = NULL;

    for (size_t i = 0; i < size; i++) { values[i] = step * (double)i; }
    assert_int_equal(clv_axis_new(name, unit, values, size, &axis, NULL), CLV_OK);
    free(values);
    return axis;
}

/* Two columns over `size` levels; value i + 0.5 with error 0.05 and 100 i, exact. */
static clv_columns *columns_of(size_t size)
{
    clv_axis *axis = axis_of("depth", "nm", 1.5, size);
    double *values = malloc(size * sizeof *values), *variance = malloc(size * sizeof *variance);
    double *gradient = malloc(size * sizeof *gradient);
    clv_uncertainty *source = NULL;
    clv_columns *columns = NULL;

    for (size_t i = 0; i < size; i++) {
        values[i] = (double)i + 0.5;
        variance[i] = 0.0025;
        gradient[i] = 1;
    }
    assert_int_equal(clv_uncertainty_new(size, 1, variance, 0, NULL, NULL, &source, NULL), CLV_OK);
    assert_int_equal(clv_columns_new(&axis, 1, 2, &columns, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 0, "Co2+", "1", values, source, gradient, NULL), CLV_OK);
    for (size_t i = 0; i < size; i++) { values[i] = 100.0 * (double)i; }
    assert_int_equal(clv_columns_fill(columns, 1, "area", "counts eV", values, NULL, NULL, NULL), CLV_OK);
    free(values);
    free(variance);
    free(gradient);
    clv_uncertainty_free(source);
    clv_axis_free(axis);
    return columns;
}

static void test_print__columns_align_at_the_errors(void **state)
{
    static const uint8_t flags[3] = {0, CLV_FIT_AT_BOUND | CLV_FIT_POOR, 0};
    clv_columns *columns = columns_of(3);
    clv_buffer out = {0};

    (void)state;
    clv_columns_set_flags(columns, flags, NULL);
    clv_columns_add_note(columns, "satellite is in no group", NULL);
    clv_columns_print(columns, &out);
    check_text(&out,
               "depth [nm]           Co2+  area [counts eV]  status\n"
               "         0  0.500 \xC2\xB1 0.050                 0\n"
               "       1.5  1.500 \xC2\xB1 0.050               100  at a bound, model does not describe the data\n"
               "         3  2.500 \xC2\xB1 0.050               200\n"
               "satellite is in no group\n");
    clv_columns_free(columns);
}

static void test_print__intervals_stand_in_brackets(void **state)
{
    const double value = 0.5, interval[2] = {0.25, 1};
    clv_columns *columns = NULL;
    clv_buffer out = {0};

    (void)state;
    assert_int_equal(clv_columns_new(NULL, 0, 1, &columns, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 0, "x", "eV", &value, NULL, NULL, NULL), CLV_OK);
    clv_columns_set_interval(columns, 0, interval, NULL);
    clv_columns_print(columns, &out);
    check_text(&out, "         x [eV]\n"
                     "0.5 (0.25 to 1)\n" +
                         0);
    clv_columns_free(columns);
}

static void test_print__maps_are_summed_up(void **state)
{
    uint8_t flags[41] = {CLV_FIT_NOT_CONVERGED, CLV_FIT_POOR};
    clv_columns *columns = columns_of(41);
    clv_buffer out = {0};

    (void)state;
    clv_columns_set_flags(columns, flags, NULL);
    clv_columns_print(columns, &out);
    check_text(&out, "depth 41: 1 of 41 failed; 1: model does not describe the data\n"
                     "column                    median  lowest  highest  missing\n"
                     "Co2+              20.500 \xC2\xB1 0.050     0.5     40.5        0\n"
                     "area [counts eV]    2000               0     4000        0\n");
    clv_columns_free(columns);
}

static void test_print__group_of_columns_has_a_sample_column(void **state)
{
    clv_group *group = clv_group_new();
    clv_buffer out = {0};

    (void)state;
    clv_group_add(group, "P-LCO", clv_value_object(CLV_COLUMNS, columns_of(1)), NULL);
    clv_group_add(group, "SR", clv_value_object(CLV_COLUMNS, columns_of(2)), NULL);
    clv_group_print(group, NULL, &out);
    check_text(&out, "sample  depth [nm]           Co2+  area [counts eV]\n"
                     "P-LCO            0  0.500 \xC2\xB1 0.050                 0\n"
                     "SR               0  0.500 \xC2\xB1 0.050                 0\n"
                     "SR             1.5  1.500 \xC2\xB1 0.050               100\n");
    clv_group_free(group);
}

static clv_spectra *spectra_of(size_t count)
{
    clv_axis *axes[2] = {axis_of("etch_time", "s", 30, count), axis_of("binding_energy", "eV", 0.5, 5)};
    clv_spectra *spectra = NULL;

    assert_int_equal(clv_spectra_new("C 1s", "counts", axes, 2, &spectra, NULL), CLV_OK);
    for (size_t i = 0; i < count; i++) { clv_spectra_fill(spectra)[i * 5 + 2] = 10.0 * (double)(i + 1); }
    clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 0.8, 0);
    clv_metadata_set_number(clv_spectra_metadata_fill(spectra), "pass_energy", 20, "eV", NULL);
    clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "sample", "A", NULL);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return spectra;
}

static void test_print__spectra_show_axes_metadata_and_heights(void **state)
{
    const double offset[2] = {0.1, 0.25};
    clv_spectra *spectra = spectra_of(2);
    clv_buffer out = {0};

    (void)state;
    clv_spectra_set_offset(spectra, offset, NULL, NULL);
    clv_spectra_add_history(spectra, "charge_correct { line = \"C 1s\" }", NULL);
    clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "block", "C1s/3", NULL);
    clv_spectra_print(spectra, &out);
    check_text(&out, "C 1s [counts]\n"
                     "  etch_time 0 to 30 s, 2 values, step 30\n"
                     "  binding_energy 0 to 2 eV, 5 values, step 0.5\n"
                     "  noise poisson, variance over mean 0.8\n"
                     "  energy offset 0.1 to 0.25 eV\n"
                     "  sample A\n"
                     "  pass_energy 20 eV\n"
                     "  and 1 more entries\n"
                     "etch_time [s]  mean [counts]  highest [counts]  at [eV]\n"
                     "            0              2                10      1.1\n"
                     "           30              4                20     1.25\n"
                     "charge_correct { line = \"C 1s\" }\n");
    clv_spectra_free(spectra);
}

static void test_print__record_lists_its_spectra(void **state)
{
    clv_record *record = clv_record_new();
    clv_buffer out = {0};

    (void)state;
    clv_record_set_source(record, "a.vms", "vamas", NULL, NULL, NULL);
    clv_record_add(record, spectra_of(2), NULL);
    clv_record_add(record, spectra_of(50), NULL);
    clv_record_print(record, &out);
    check_text(&out, "a.vms, vamas: 2 spectra\n"
                     "place  name  sample  along         energy                    channels  unit\n"
                     "    1  C 1s  A       etch_time 2   binding_energy 0 to 2 eV         5  counts\n"
                     "    2  C 1s  A       etch_time 50  binding_energy 0 to 2 eV         5  counts\n" +
                         0);
    clv_record_free(record);
}

static void test_print__map_of_spectra_shows_median_and_range(void **state)
{
    clv_spectra *spectra = spectra_of(41);
    clv_buffer out = {0};
    char *text = NULL;

    (void)state;
    clv_spectra_print(spectra, &out);
    assert_int_equal(clv_buffer_take(&out, &text, NULL), CLV_OK);
    assert_non_null(strstr(text, "mean of 41 spectra: median 42, range 2 to 82 counts\n"));
    free(text);
    clv_spectra_free(spectra);
}

/* 41 spectra more than fit: 40 rows and one line. */
static void test_print__record_shows_forty_rows(void **state)
{
    clv_record *record = clv_record_new();
    clv_buffer out = {0};
    size_t lines = 0;
    char *text = NULL;

    (void)state;
    for (int i = 0; i < 81; i++) { clv_record_add(record, spectra_of(1), NULL); }
    clv_record_print(record, &out);
    assert_int_equal(clv_buffer_take(&out, &text, NULL), CLV_OK);
    for (const char *p = text; *p; p++) { lines += *p == '\n'; }
    assert_int_equal(lines, 1 + 1 + 40 + 1);
    assert_non_null(strstr(text, "and 41 more\n"));
    free(text);
    clv_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print__columns_align_at_the_errors),
        cmocka_unit_test(test_print__intervals_stand_in_brackets),
        cmocka_unit_test(test_print__maps_are_summed_up),
        cmocka_unit_test(test_print__group_of_columns_has_a_sample_column),
        cmocka_unit_test(test_print__spectra_show_axes_metadata_and_heights),
        cmocka_unit_test(test_print__record_lists_its_spectra),
        cmocka_unit_test(test_print__map_of_spectra_shows_median_and_range),
        cmocka_unit_test(test_print__record_shows_forty_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
