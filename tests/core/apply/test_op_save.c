/* The operation `save`: a fitted depth profile as netCDF, its header against the contract as `ncdump -h` shows it, its
   numbers against the fit's own; tables of fits, columns, spectra and groups. The data are the sample licoo2_reduced.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <corelevel/fit.h>
#include <corelevel/registry.h>
#include <corelevel/text.h>

#include "base/sha256.h"

static clv_value *fit_value, *fractions_value, *record_value, *region_value;

static clv_value *apply(const char *name, const clv_value *on, const char *options)
{
    clv_value *made = NULL;
    clv_error err = {0};

    if (clv_apply_text(name, on, options, &made, &err)) { fail_msg("%s", err.text); }
    return made;
}

static void save(const clv_value *value, const char *options) { clv_value_free(apply("save", value, options)); }

static int make_fit(void **state)
{
    static const char text[] =
        "shirley { active = true }, doublet { 'Co3+', position = { 780.0, 779.4, 780.6 }, split = 15.0, ratio = 0.5,"
        "fwhm = { 1.8, 1.0, 3.0 }, lorentzian = 0.47 }, doublet { 'Co2+', position = { 782.0, 781.6, 782.4 },"
        "split = 15.1, ratio = 0.5, fwhm = 'Co3+.fwhm', lorentzian = 0.47 }";
    clv_record *record = NULL;
    clv_spectra *region = NULL;
    clv_model *model = NULL;
    clv_value *options = NULL, *cropped;
    clv_error err = {0};

    (void)state;
    if (clv_load(CLV_SOURCE_DIR "/spectra/samples/licoo2_reduced.vms", NULL, &record, &err)) {
        fail_msg("%s", err.text);
    }
    record_value = clv_value_object(CLV_RECORD, record);
    if (clv_record_find(record, "Co 2p", NAN, &region, &err)) { fail_msg("%s", err.text); }
    region_value = clv_value_object(CLV_SPECTRA, clv_spectra_ref(region));
    cropped = apply("crop", region_value, "773, 793");
    if (clv_model_parse(text, &model, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_value_parse("share = { 'Co3+.fwhm' }", &options, NULL), CLV_OK);
    assert_int_equal(clv_value_set(options, "model", clv_value_object(CLV_MODEL, model), NULL), CLV_OK);
    if (clv_apply("fit", cropped, options, &fit_value, &err)) { fail_msg("%s", err.text); }
    fractions_value = apply("fractions", fit_value, "'Co3+', 'Co2+'");
    clv_value_free(options);
    clv_value_free(cropped);
    return 0;
}

static int drop_fit(void **state)
{
    (void)state;
    clv_value_free(fit_value);
    clv_value_free(fractions_value);
    clv_value_free(record_value);
    clv_value_free(region_value);
    return 0;
}

/* What a program prints, or a file holds; NULL when there is nothing. */
static char *all_of(FILE *stream)
{
    size_t room = (size_t)4 << 20, count;
    char *text = calloc(1, room);

    assert_non_null(text);
    count = stream ? fread(text, 1, room - 1, stream) : 0;
    if (count == 0) {
        free(text);
        return NULL;
    }
    return text;
}

static char *output_of(const char *command)
{
    FILE *pipe = popen(command, "re");
    char *text = all_of(pipe);

    pclose(pipe);
    return text;
}

static char *file_of(const char *path)
{
    FILE *file = fopen(path, "rbe");
    char *text = all_of(file);

    if (file) { fclose(file); }
    assert_non_null(text);
    return text;
}

static int has_ncdump(void)
{
    char *path = output_of("command -v ncdump");

    if (!path) { print_message("SKIPPED: ncdump (netcdf-bin) is not installed\n"); }
    free(path);
    return path != NULL;
}

static void expect_lines(const char *text, const char *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!strstr(text, lines[i])) { fail_msg("no \"%s\" in\n%s", lines[i], text); }
    }
}

#define EXPECT(text, lines) expect_lines(text, lines, sizeof lines / sizeof *lines)

/* The contract, design.md section 3 "The netCDF layout", name by name. */
static void contract_of_a_fit(void **state)
{
    static const char *const lines[] = {
        ":Conventions = \"corelevel-1\" ;",
        ":technique = \"XPS\" ;",
        ":source = \"licoo2_reduced.vms\" ;",
        ":source_sha256 = \"",
        ":history = \"crop(773, 793)",
        "group: Co\\ 2p {",
        "long_name = \"Co 2p\"",
        "double intensity(depth, binding_energy) ;",
        "intensity:noise = \"poisson\" ;",
        "intensity:coordinates = \"etch_time transmission\" ;",
        "group: fit {",
        "double depth(depth) ;",
        "double etch_time(depth) ;",
        "double binding_energy(binding_energy) ;",
        "char parameter_name(parameter, name_length) ;",
        "char component_name(component, name_length) ;",
        "double parameter_value(depth, parameter) ;",
        "double parameter_error(depth, parameter) ;",
        "byte parameter_state(depth, parameter) ;",
        "parameter_state:flag_values = 0b, 1b, 2b, 3b, 4b, 5b ;",
        "parameter_state:flag_meanings = \"free fixed tied derived shared at_bound\" ;",
        "double covariance(depth, parameter, parameter) ;",
        "double shared_covariance(shared, shared) ;",
        "double sensitivity(depth, parameter, shared) ;",
        "double component(depth, component, binding_energy) ;",
        "double model(depth, binding_energy) ;",
        "double background(depth, binding_energy) ;",
        "double residual(depth, binding_energy) ;",
        "double chi2(depth) ;",
        "double deviance(depth) ;",
        "double reduced_chi2(depth) ;",
        "double dof(depth) ;",
        "byte status(depth) ;",
        ":statistics = \"poisson\" ;",
        ":uncertainty = \"covariance\" ;",
    };
    char *seen;

    (void)state;
    save(fit_value, "'test_op_save.tmp.nc'");
    if (!has_ncdump()) { return; }
    seen = output_of("ncdump -h test_op_save.tmp.nc");
    assert_non_null(seen);
    EXPECT(seen, lines);
    assert_null(strstr(seen, "string "));      /* no variable-length types */
    assert_null(strstr(seen, CLV_SOURCE_DIR)); /* no absolute path */
    free(seen);
    save(fit_value, "{ 'test_op_save.tmp.nc', curves = false }");
    seen = output_of("ncdump -h test_op_save.tmp.nc");
    assert_non_null(strstr(seen, "double covariance(depth, parameter, parameter) ;"));
    assert_null(strstr(seen, "component(depth"));
    assert_null(strstr(seen, "residual"));
    free(seen);
    save(fit_value, "'test_op_save.tmp.nc'");
}

/* Numbers behind `name = ` in the text of ncdump with all digits. */
static size_t dumped(const char *variable, double *values, size_t room)
{
    char command[300], *text, *at;
    size_t count = 0;

    snprintf(command, sizeof command, "ncdump -p 9,17 -v %s test_op_save.tmp.nc | sed -n '/group: fit/,$p'", variable);
    text = output_of(command);
    assert_non_null(text);
    at = strstr(text, "data:");
    assert_non_null(at);
    at = strstr(at, " =");
    for (at += 2; *at && *at != ';'; at++) {
        const char *end;

        if (strncmp(at, "NaN", 3) == 0) {
            values[count++] = NAN;
            at += 2;
            continue;
        }
        end = clv_text_number_at(at, at + strlen(at), &values[count]);
        if (!end) { continue; }
        at = text + (end - text) - 1;
        assert_true(++count < room);
    }
    free(text);
    return count;
}

static void same(double a, double b) { assert_true(a == b || (isnan(a) && isnan(b))); }

static void numbers_of_a_fit(void **state)
{
    const clv_fit *fit = clv_value_as_object(fit_value, CLV_FIT);
    const clv_spectra *spectra = clv_fit_spectra(fit);
    size_t p = clv_fit_parameter_count(fit), n = clv_spectra_count(spectra), channels = clv_spectra_channels(spectra);
    double *seen = calloc(100000, sizeof *seen), *model = calloc(channels, sizeof *model);

    (void)state;
    assert_non_null(seen);
    assert_non_null(model);
    if (has_ncdump()) {
        assert_int_equal(dumped("fit/parameter_value", seen, 100000), n * p);
        for (size_t i = 0; i < n * p; i++) { same(seen[i], clv_fit_value(fit, i / p, i % p)); }
        assert_int_equal(dumped("fit/covariance", seen, 100000), n * p * p);
        for (size_t i = 0; i < n * p * p; i++) { same(seen[i], clv_fit_covariance(fit, i / p / p, i / p % p, i % p)); }
        assert_int_equal(dumped("fit/status", seen, 100000), n);
        for (size_t i = 0; i < n; i++) { assert_int_equal((uint8_t)(int)seen[i], clv_fit_flags(fit, i)); }
        assert_int_equal(dumped("fit/model", seen, 100000), n * channels);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(clv_fit_curves(fit, i, model, NULL, NULL, NULL, NULL, NULL), CLV_OK);
            for (size_t k = 0; k < channels; k++) { same(seen[i * channels + k], model[k]); }
        }
    }
    free(seen);
    free(model);
}

/* Where the `n`-th line of a text begins, from 0. */
static const char *line_at(const char *text, size_t n)
{
    for (; n > 0; n--) {
        text = strstr(text, "\r\n");
        assert_non_null(text);
        text += 2;
    }
    return text;
}

static size_t line_count(const char *text)
{
    size_t count = 0;

    for (; *text; text++) { count += *text == '\n'; }
    return count;
}

/* Contract: axis columns slowest first, then name [unit] and name_error, last status; values to the bit. */
static void table_of_columns(void **state)
{
    const clv_columns *columns = clv_value_as_object(fractions_value, CLV_COLUMNS);
    char *text;
    const char *row;
    double value;

    (void)state;
    save(fractions_value, "'test_op_save.tmp.csv'");
    text = file_of("test_op_save.tmp.csv");
    assert_int_equal(line_count(text), 1 + clv_columns_points(columns));
    row = "depth [nm SiO2 equiv.],etch_time [s],Co3+,Co3+_error,Co2+,Co2+_error,status\r\n";
    assert_memory_equal(text, row, strlen(row));
    for (size_t i = 0; i < clv_columns_points(columns); i++) {
        row = line_at(text, i + 1);
        for (size_t c = 0; c < 6; c++) {
            double expected = c == 0   ? clv_axis_values(clv_columns_axis(columns, 0))[i]
                              : c == 1 ? clv_axis_values(clv_columns_beside(columns, 0, 0))[i]
                              : c % 2  ? clv_columns_error(columns, c / 2 - 1, i)
                                       : clv_columns_value(columns, c / 2 - 1, i);

            row = clv_text_number_at(row, row + strlen(row), &value);
            assert_non_null(row);
            same(value, expected);
            assert_int_equal(*row++, ',');
        }
    }
    free(text);
}

/* Flags as words, NaN as nothing, quotes doubled, exact numbers with an error of 0, no axes at all. */
static void odd_columns(void **state)
{
    const double values[] = {1.5, NAN, 1e-300};
    const uint8_t flags[] = {0, CLV_FIT_NOT_FINITE, CLV_FIT_AT_BOUND | CLV_FIT_POOR};
    clv_columns *columns = NULL;
    clv_axis *axis = NULL;
    clv_value *value;
    char *text;

    (void)state;
    assert_int_equal(clv_axis_new("level", "1", (const double[]){1, 2, 3}, 3, &axis, NULL), CLV_OK);
    assert_int_equal(clv_columns_new(&axis, 1, 1, &columns, NULL), CLV_OK);
    assert_int_equal(clv_columns_fill(columns, 0, "a \"b\", c", "counts eV", values, NULL, NULL, NULL), CLV_OK);
    assert_int_equal(clv_columns_set_flags(columns, flags, NULL), CLV_OK);
    value = clv_value_object(CLV_COLUMNS, columns);
    save(value, "'test_op_save.tmp.csv'");
    text = file_of("test_op_save.tmp.csv");
    assert_string_equal(text, "level,\"a \"\"b\"\", c [counts eV]\",\"a \"\"b\"\", c_error\",status\r\n"
                              "1,1.5,0,ok\r\n"
                              "2,,,no finite result\r\n"
                              "3,1e-300,0,at a bound; model does not describe the data\r\n");
    free(text);
    save(value, "'test_op_save.tmp.nc'");
    clv_value_free(value);
    clv_axis_free(axis);
}

static void tables_of_a_fit(void **state)
{
    const clv_spectra *spectra = clv_fit_spectra(clv_value_as_object(fit_value, CLV_FIT));
    size_t rows = clv_spectra_count(spectra) * clv_spectra_channels(spectra);
    const char *header = "depth [nm SiO2 equiv.],etch_time [s],binding_energy [eV],data [counts],background [counts],"
                         "Co3+ [counts],Co2+ [counts],envelope [counts],residual [counts]\r\n";
    char *text;

    (void)state;
    save(fit_value, "'test_op_save.tmp.csv'");
    text = file_of("test_op_save.tmp.csv");
    assert_memory_equal(text, header, strlen(header));
    assert_int_equal(line_count(text), rows + 1);
    free(text);
    text = file_of("test_op_save.tmp_parameters.csv");
    assert_int_equal(line_count(text), clv_spectra_count(spectra) + 1);
    assert_non_null(strstr(text, ",Co3+.position [eV],Co3+.position_error,"));
    assert_non_null(strstr(text, ",Co3+.area [counts eV],Co3+.area_error,"));
    assert_non_null(strstr(text, ",reduced_chi2,status\r\n"));
    free(text);
}

/* data = background + components + residual in every channel that was fitted. */
static void curves_add_up(void **state)
{
    char *text = file_of("test_op_save.tmp.csv");
    size_t count = line_count(text), fitted = 0;

    (void)state;
    for (size_t i = 1; i < count; i++) {
        const char *row = line_at(text, i), *end = strstr(row, "\r\n");
        double v[9];
        size_t n = 0;

        for (; n < 9; n++) {
            const char *next = clv_text_number_at(row, end, &v[n]);

            if (!next) { break; }
            row = next + 1;
        }
        if (n < 9) { continue; }
        fitted++;
        assert_true(fabs(v[3] - v[4] - v[5] - v[6] - v[8]) < 1e-6 * v[3]);
        assert_true(fabs(v[3] - v[7] - v[8]) < 1e-9 * v[3]);
    }
    assert_true(fitted > 500);
    free(text);
}

static void spectra_and_records(void **state)
{
    char *text;

    (void)state;
    save(region_value, "'test_op_save.tmp.csv'");
    text = file_of("test_op_save.tmp.csv");
    assert_memory_equal(text, "depth [nm SiO2 equiv.],etch_time [s],binding_energy [eV],intensity [counts]\r\n", 76);
    free(text);
    save(record_value, "'test_op_save.tmp.csv'");
    text = file_of("test_op_save.tmp.csv");
    assert_memory_equal(text, "region,depth [nm SiO2 equiv.],etch_time [s],binding_energy [eV],intensity,unit\r\n", 79);
    assert_non_null(strstr(text, "\r\nCo 2p,0,0,"));
    assert_non_null(strstr(text, "\r\nC 1s,0,0,"));
    free(text);
    save(record_value, "'test_op_save.tmp.NC'");
    save(region_value, "'test_op_save.tmp.nc'");
}

static void groups(void **state)
{
    clv_group *group = clv_group_new();
    clv_value *value;
    char *text;

    (void)state;
    assert_int_equal(clv_group_add(group, "P", clv_value_ref(fractions_value), NULL), CLV_OK);
    assert_int_equal(clv_group_add(group, "R", clv_value_ref(fractions_value), NULL), CLV_OK);
    value = clv_value_object(CLV_GROUP, group);
    save(value, "'test_op_save.tmp.csv'");
    text = file_of("test_op_save.tmp.csv");
    assert_memory_equal(text, "sample,depth [nm SiO2 equiv.],etch_time [s],Co3+,", 49);
    assert_memory_equal(line_at(text, 1), "P,0,0,", 6);
    assert_memory_equal(line_at(text, 4), "R,0,0,", 6);
    free(text);
    save(value, "'test_op_save.tmp.nc'");
    clv_value_free(value);
}

static void refuse(const clv_value *on, const char *options, clv_status status, const char *says)
{
    clv_value *made = NULL;
    clv_error err = {0};

    assert_int_equal(clv_apply_text("save", on, options, &made, &err), status);
    if (!strstr(err.text, says)) { fail_msg("\"%s\" does not say \"%s\"", err.text, says); }
}

static void mistakes(void **state)
{
    clv_group *group = clv_group_new();
    clv_value *value;

    (void)state;
    refuse(fit_value, "'fit.xlsx'", CLV_BAD_ARGUMENT, "should end in .nc (netCDF) or .csv (a table)");
    refuse(fit_value, "'dots.csv/fit'", CLV_BAD_ARGUMENT, "should end in");
    refuse(fit_value, NULL, CLV_BAD_ARGUMENT, "path");
    refuse(fit_value, "{ 'x.nc', curvs = true }", CLV_BAD_ARGUMENT, "curves");
    refuse(fit_value, "'no/such/folder.tmp/x.nc'", CLV_CANNOT_WRITE, "no such folder");
    refuse(fractions_value, "'no/such/folder.tmp/x.csv'", CLV_CANNOT_WRITE, "no such folder");
    assert_int_equal(clv_group_add(group, NULL, clv_value_ref(fit_value), NULL), CLV_OK);
    value = clv_value_object(CLV_GROUP, group);
    refuse(value, "'x.nc'", CLV_BAD_ARGUMENT, "save each under a path of its own");
    clv_value_free(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contract_of_a_fit),   cmocka_unit_test(numbers_of_a_fit), cmocka_unit_test(table_of_columns),
        cmocka_unit_test(odd_columns),         cmocka_unit_test(tables_of_a_fit),  cmocka_unit_test(curves_add_up),
        cmocka_unit_test(spectra_and_records), cmocka_unit_test(groups),           cmocka_unit_test(mistakes),
    };

    return cmocka_run_group_tests(tests, make_fit, drop_fit);
}
