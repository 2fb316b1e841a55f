/* The operation `plot`: labels, every kind of object in every kind of file, the same bytes again, and mistakes. What
   the figures look like was looked at; here they must be whole and differ where what they say differs.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apply/plot.h"
#include "base/sha256.h"
#include "fitted.h"

/* Draws, checks that the file is whole, and gives its hash. */
static void draw(const clv_value *on, const char *path, const char *more, char hash[CLV_SHA256_TEXT])
{
    static unsigned char bytes[4 << 20];
    char options[200];
    FILE *file;
    size_t count;

    snprintf(options, sizeof options, "{ '%s'%s%s }", path, more ? ", " : "", more ? more : "");
    clv_value_free(fitted_apply("plot", on, options));
    file = fopen(path, "rbe");
    assert_non_null(file);
    count = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(count > 2000 && count < sizeof bytes);
    if (strstr(path, ".svg")) { assert_non_null(memmem(bytes, count, "</svg>", 6)); }
    if (strstr(path, ".pdf")) { assert_non_null(memmem(bytes, count, "%%EOF", 5)); }
    if (strstr(path, ".png")) { assert_non_null(memmem(bytes, count, "IEND", 4)); }
    if (hash) { clv_sha256_text(bytes, count, hash); }
}

static void label(const char *name, const char *unit, const char *expected)
{
    char seen[PLOT_LABEL_SIZE];
    clv_axis *axis = NULL;

    assert_int_equal(clv_axis_new(name, unit, (const double[]){1}, 1, &axis, NULL), CLV_OK);
    plot_axis_label(axis, seen);
    clv_axis_free(axis);
    assert_string_equal(seen, expected);
}

static void labels(void **state)
{
    char seen[PLOT_LABEL_SIZE];
    clv_axis *axis = NULL;

    (void)state;
    label("binding_energy", "eV", "Binding energy (eV)");
    label("depth", "nm SiO2 equiv.", "Depth (nm SiO_{2} equiv.)");
    label("etch_time", "s", "Etch time (s)");
    label("level", "1", "Level");
    label("x", "nm", "x (nm)");
    label("k", "1/angstrom", "k (Å^{−1})");
    label("r", "angstrom", "R (Å)");
    plot_column_label("Co3+.area", seen);
    assert_string_equal(seen, "Co^{3+} area");
    plot_column_label("Co2+ satellite", seen);
    assert_string_equal(seen, "Co^{2+} satellite");
    plot_signal_label("Intensity", "counts", seen);
    assert_string_equal(seen, "Intensity (counts)");
    assert_int_equal(clv_axis_new("depth", "nm SiO2 equiv.", (const double[]){15}, 1, &axis, NULL), CLV_OK);
    plot_place_label(axis, 0, seen);
    assert_string_equal(seen, "15 nm");
    clv_axis_free(axis);
    assert_int_equal(clv_axis_new("level", "1", (const double[]){3}, 1, &axis, NULL), CLV_OK);
    plot_place_label(axis, 0, seen);
    assert_string_equal(seen, "Level 3");
    clv_axis_free(axis);
}

/* One spectrum, a grid, a waterfall; twice the same is the same file. */
static void fits(void **state)
{
    static const size_t levels[] = {1, 3, 20};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        clv_value *spectra = fitted_spectra(levels[i], 0), *fit = fitted_fit(spectra);
        char first[CLV_SHA256_TEXT], second[CLV_SHA256_TEXT];

        draw(fit, "test_op_plot.tmp.svg", NULL, first);
        draw(fit, "test_op_plot.tmp.svg", NULL, second);
        assert_string_equal(first, second);
        draw(fit, "test_op_plot.tmp.pdf", NULL, NULL);
        draw(fit, "test_op_plot.tmp.png", NULL, NULL);
        clv_value_free(spectra);
        clv_value_free(fit);
    }
}

/* A fit whose model lacks a peak is marked: the figure is drawn in either case, and the flag that marks it is set. */
static void poor_fit(void **state)
{
    clv_value *spectra = fitted_spectra(1, 0.5), *fit = fitted_fit(spectra);

    (void)state;
    assert_true(clv_fit_flags(clv_value_as_object(fit, CLV_FIT), 0) & CLV_FIT_POOR);
    draw(fit, "test_op_plot_poor.tmp.png", NULL, NULL);
    clv_value_free(spectra);
    clv_value_free(fit);
}

static void spectra_in_many_ways(void **state)
{
    static const char *const options[] = {NULL, "range = {775, 785}", "normalise = 'area'", "normalise = 'max'",
                                          "stack = true"};
    static const size_t levels[] = {1, 4, 30};
    char hashes[5][CLV_SHA256_TEXT];

    (void)state;
    for (size_t k = 0; k < 3; k++) {
        clv_value *spectra = fitted_spectra(levels[k], 0);

        for (size_t i = 0; i < 5; i++) {
            draw(spectra, "test_op_plot.tmp.svg", options[i], hashes[i]);
            for (size_t j = 0; j < i && levels[k] == 4; j++) { assert_string_not_equal(hashes[i], hashes[j]); }
        }
        clv_value_free(spectra);
    }
}

static void columns(void **state)
{
    clv_value *spectra = fitted_spectra(5, 0), *fit = fitted_fit(spectra), *value;
    clv_columns *column = NULL, *map = NULL;
    clv_axis *axes[2] = {NULL, NULL};
    double values[12];

    (void)state;
    assert_int_equal(clv_fit_column(clv_value_as_object(fit, CLV_FIT), "Co3+.area", &column, NULL), CLV_OK);
    value = clv_value_object(CLV_COLUMNS, column);
    draw(value, "test_op_plot.tmp.svg", NULL, NULL);
    clv_value_free(value);
    for (size_t i = 0; i < 12; i++) { values[i] = i == 5 ? NAN : (double)i; }
    assert_int_equal(clv_axis_new("y", "nm", values, 3, &axes[0], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("x", "nm", values, 4, &axes[1], NULL), CLV_OK);
    assert_int_equal(clv_columns_new(axes, 2, 2, &map, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(map, 0, "V", "1", values, NULL, NULL, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(map, 1, "Co3+.shift", "eV", values, NULL, NULL, NULL), CLV_OK);
    value = clv_value_object(CLV_COLUMNS, map);
    draw(value, "test_op_plot_map.tmp.png", NULL, NULL);
    clv_value_free(value);
    assert_int_equal(clv_columns_new(NULL, 0, 1, &map, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(map, 0, "thickness", "nm", values + 1, NULL, NULL, NULL), CLV_OK);
    value = clv_value_object(CLV_COLUMNS, map);
    draw(value, "test_op_plot.tmp.svg", NULL, NULL);
    clv_value_free(value);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    clv_value_free(spectra);
    clv_value_free(fit);
}

static clv_value *pair(const clv_value *a, const clv_value *b)
{
    clv_group *group = clv_group_new();

    assert_int_equal(clv_group_add(group, "treated", clv_value_ref(a), NULL), CLV_OK);
    assert_int_equal(clv_group_add(group, "control", clv_value_ref(b), NULL), CLV_OK);
    return clv_value_object(CLV_GROUP, group);
}

static void groups_and_records(void **state)
{
    clv_value *spectra = fitted_spectra(3, 0), *other = fitted_spectra(4, 0), *fit = fitted_fit(spectra);
    clv_value *second = fitted_fit(other), *group = pair(fit, second), *lines = pair(spectra, other), *value;
    clv_record *record = clv_record_new();

    (void)state;
    draw(group, "test_op_plot_group.tmp.png", NULL, NULL);
    draw(lines, "test_op_plot.tmp.svg", "normalise = 'max'", NULL);
    value = fitted_apply("plot", group, "'test_op_plot.tmp.svg'");
    assert_int_equal(clv_value_kind(value), CLV_GROUP);
    clv_value_free(value);
    assert_int_equal(clv_record_add(record, clv_spectra_ref(clv_value_as_object(spectra, CLV_SPECTRA)), NULL), CLV_OK);
    assert_int_equal(clv_record_add(record, clv_spectra_ref(clv_value_as_object(other, CLV_SPECTRA)), NULL), CLV_OK);
    value = clv_value_object(CLV_RECORD, record);
    draw(value, "test_op_plot.tmp.svg", NULL, NULL);
    clv_value_free(value);
    clv_value_free(group);
    clv_value_free(lines);
    clv_value_free(fit);
    clv_value_free(second);
    clv_value_free(spectra);
    clv_value_free(other);
}

static void mistakes(void **state)
{
    static const struct {
        const char *options, *says;
        clv_status status;
    } cases[] = {
        {"'x.gif'", ".svg", CLV_BAD_ARGUMENT},
        {"", "path", CLV_BAD_ARGUMENT},
        {"{ 'x.svg', normalise = 'aera' }", "area", CLV_BAD_ARGUMENT},
        {"{ 'x.svg', rnage = {1, 2} }", "range", CLV_BAD_ARGUMENT},
        {"'no/such/folder.tmp/x.svg'", "x.svg", CLV_CANNOT_WRITE},
    };
    clv_value *spectra = fitted_spectra(1, 0);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_value *made = NULL;
        clv_error err = {0};

        assert_int_equal(clv_apply_text("plot", spectra, cases[i].options, &made, &err), cases[i].status);
        if (!strstr(err.text, cases[i].says)) { fail_msg("%s: %s", cases[i].options, err.text); }
    }
    clv_value_free(spectra);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels),   cmocka_unit_test(fits),
        cmocka_unit_test(poor_fit), cmocka_unit_test(spectra_in_many_ways),
        cmocka_unit_test(columns),  cmocka_unit_test(groups_and_records),
        cmocka_unit_test(mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
