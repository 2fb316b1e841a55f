/* The VAMAS writer: what is read, written and read again is the same, in every real file and sample, and for what other
   programs' files do not hold. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#include <corelevel/plugin.h>
#include <dirent.h>
#include <unistd.h>

static clv_record *load(const char *path)
{
    clv_record *record = NULL;
    clv_error err = {0};

    return clv_load(path, NULL, &record, &err) ? NULL : record;
}

static clv_record *written(const clv_record *record)
{
    clv_record *again;
    clv_error err = {0};

    if (clv_convert(record, "test_vamas_write.tmp.vms", "vamas", &err)) { fail_msg("%s", err.text); }
    again = load("test_vamas_write.tmp.vms");
    assert_non_null(again);
    unlink("test_vamas_write.tmp.vms");
    return again;
}

static void same_axis(const clv_axis *a, const clv_axis *b)
{
    assert_string_equal(clv_axis_name(a), clv_axis_name(b));
    assert_string_equal(clv_axis_unit(a), clv_axis_unit(b));
    assert_int_equal(clv_axis_size(a), clv_axis_size(b));
    assert_memory_equal(clv_axis_values(a), clv_axis_values(b), clv_axis_size(a) * sizeof(double));
}

static void same_metadata(const clv_metadata *a, const clv_metadata *b)
{
    assert_int_equal(clv_metadata_count(a), clv_metadata_count(b));
    for (size_t i = 0; i < clv_metadata_count(a); i++) {
        const char *name = clv_metadata_name(a, i), *text = clv_metadata_text(a, name);

        if (strcmp(name, "source") == 0 || strcmp(name, "source_sha256") == 0) { continue; } /* of another file */
        if (text) {
            assert_non_null(clv_metadata_text(b, name));
            assert_string_equal(text, clv_metadata_text(b, name));
        } else {
            assert_true(clv_metadata_number(a, name) == clv_metadata_number(b, name));
            assert_string_equal(clv_metadata_unit(a, name), clv_metadata_unit(b, name));
        }
    }
}

static void same_numbers(const double *a, const double *b, size_t count)
{
    assert_int_equal(a != NULL, b != NULL);
    for (size_t i = 0; a && i < count; i++) { assert_true(a[i] == b[i] || (isnan(a[i]) && isnan(b[i]))); }
}

static void same_spectra(const clv_spectra *a, const clv_spectra *b)
{
    size_t all = clv_spectra_count(a) * clv_spectra_channels(a);

    assert_string_equal(clv_spectra_name(a), clv_spectra_name(b));
    assert_string_equal(clv_spectra_unit(a), clv_spectra_unit(b));
    assert_int_equal(clv_spectra_axis_count(a), clv_spectra_axis_count(b));
    assert_int_equal(clv_spectra_noise(a), clv_spectra_noise(b));
    for (size_t p = 0; p < clv_spectra_axis_count(a); p++) {
        same_axis(clv_spectra_axis(a, p), clv_spectra_axis(b, p));
        assert_int_equal(clv_spectra_beside_count(a, p), clv_spectra_beside_count(b, p));
        for (size_t i = 0; i < clv_spectra_beside_count(a, p); i++) {
            same_axis(clv_spectra_beside(a, p, i), clv_spectra_beside(b, p, i));
        }
    }
    same_numbers(clv_spectra_intensity(a), clv_spectra_intensity(b), all);
    same_numbers(clv_spectra_variance(a), clv_spectra_variance(b), all);
    same_numbers(clv_spectra_offset(a), clv_spectra_offset(b), clv_spectra_count(a));
    same_metadata(clv_spectra_metadata(a), clv_spectra_metadata(b));
}

static void same_records(const clv_record *a, const clv_record *b)
{
    assert_int_equal(clv_record_count(a), clv_record_count(b));
    for (size_t i = 0; i < clv_record_count(a); i++) { same_spectra(clv_record_at(a, i), clv_record_at(b, i)); }
    same_metadata(clv_record_metadata(a), clv_record_metadata(b));
}

/* Every file of a folder that the reader takes; how many. */
static int same_folder(const char *folder)
{
    DIR *open = opendir(folder);
    int files = 0;

    for (struct dirent *entry = open ? readdir(open) : NULL; entry; entry = readdir(open)) {
        size_t length = strlen(entry->d_name);
        char path[800];
        clv_record *record, *again;

        if (length < 5 ||
            (strcmp(entry->d_name + length - 4, ".vms") != 0 && strcmp(entry->d_name + length - 4, ".npl") != 0)) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        record = load(path);
        if (!record) { continue; } /* refused: test_vamas says which */
        again = written(record);
        same_records(record, again);
        clv_record_free(record);
        clv_record_free(again);
        files++;
    }
    if (open) { closedir(open); }
    return files;
}

static void real_files_come_back_whole(void **state)
{
    const char *root = getenv("CORELEVEL_TESTDATA");
    char folder[500];

    (void)state;
    snprintf(folder, sizeof folder, "%s/xps", root ? root : "");
    if (!root) {
        print_message("SKIPPED: real files: CORELEVEL_TESTDATA is not set\n");
        skip();
    }
    assert_true(same_folder(folder) >= 10);
}

static void samples_come_back_whole(void **state)
{
    (void)state;
    assert_true(same_folder(CLV_SOURCE_DIR "/spectra/samples") >= 4);
}

/* An irregular axis, a variance, true energies of two levels, a value that is missing; each as it was made. */
static clv_record *make_odd(void)
{
    static const double energy[4] = {280, 280.1, 280.3, 280.6}, level[2] = {1, 2}, offset[2] = {0, 0.25};
    clv_axis *axes[2] = {NULL, NULL};
    clv_spectra *spectra = NULL;
    clv_record *record = clv_record_new();
    double *variance = NULL;
    clv_error err = {0};

    assert_int_equal(clv_axis_new("level", "1", level, 2, &axes[0], &err), CLV_OK);
    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, 4, &axes[1], &err), CLV_OK);
    assert_int_equal(clv_spectra_new("C 1s", "counts/s", axes, 2, &spectra, &err), CLV_OK);
    assert_int_equal(clv_spectra_make_variance(spectra, &variance, &err), CLV_OK);
    for (int i = 0; i < 8; i++) {
        clv_spectra_fill(spectra)[i] = i == 5 ? NAN : 10.1 + i;
        variance[i] = 0.3 * i + 1;
    }
    assert_int_equal(clv_spectra_set_offset(spectra, offset, NULL, &err), CLV_OK);
    clv_metadata_set_number(clv_spectra_metadata_fill(spectra), "photon_energy", 1486.6, "eV", NULL);
    clv_metadata_set_number(clv_spectra_metadata_fill(spectra), "slit_width", 0.2, "mm", NULL);
    clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "lens_mode", "Wide", NULL);
    assert_int_equal(clv_record_add(record, spectra, &err), CLV_OK);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return record;
}

static void what_other_files_lack_comes_back(void **state)
{
    clv_record *record = make_odd(), *again = written(record);
    const clv_spectra *before = clv_record_at(record, 0), *after = clv_record_at(again, 0);
    const clv_metadata *metadata = clv_spectra_metadata(after);

    (void)state;
    assert_int_equal(clv_record_count(again), 1);
    same_axis(clv_spectra_axis(before, 0), clv_spectra_axis(after, 0));
    same_axis(clv_spectra_energy(before), clv_spectra_energy(after));
    same_numbers(clv_spectra_intensity(before), clv_spectra_intensity(after), 8);
    same_numbers(clv_spectra_variance(before), clv_spectra_variance(after), 8);
    assert_non_null(clv_spectra_offset(after));
    assert_true(fabs(clv_spectra_offset(after)[1] - clv_spectra_offset(after)[0] - 0.25) < 1e-9);
    assert_true(clv_metadata_number(metadata, "slit_width") == 0.2);
    assert_string_equal(clv_metadata_unit(metadata, "slit_width"), "mm");
    assert_string_equal(clv_metadata_text(metadata, "comment"), "lens_mode = Wide");
    clv_record_free(record);
    clv_record_free(again);
}

static void numbers_without_a_place_are_refused(void **state)
{
    clv_record *record = make_odd();
    clv_error err = {0};

    (void)state;
    clv_spectra_fill(clv_record_at(record, 0))[2] = INFINITY;
    assert_int_equal(clv_convert(record, "test_vamas_write.tmp.vms", "vamas", &err), CLV_BAD_ARGUMENT);
    assert_string_equal(err.text, "C 1s holds inf, which a VAMAS file cannot hold");
    assert_int_equal(access("test_vamas_write.tmp.vms", F_OK), -1);
    clv_record_free(record);
}

static void save_takes_the_suffix(void **state)
{
    clv_record *record = load(CLV_SOURCE_DIR "/spectra/samples/standard_co2.vms"), *again;
    clv_value *on = clv_value_object(CLV_RECORD, clv_record_ref(record)), *one, *made = NULL;
    clv_error err = {0};

    (void)state;
    if (clv_apply_text("save", on, "'test_vamas_write.tmp.vms'", &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(made);
    again = load("test_vamas_write.tmp.vms");
    assert_non_null(again);
    same_records(record, again);
    clv_record_free(again);
    one = clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(record, 0)));
    if (clv_apply_text("save", one, "'test_vamas_write.tmp.vms'", &made, &err)) { fail_msg("%s", err.text); }
    clv_value_free(made);
    again = load("test_vamas_write.tmp.vms");
    assert_non_null(again);
    assert_int_equal(clv_record_count(again), 1);
    same_spectra(clv_record_at(record, 0), clv_record_at(again, 0));
    clv_record_free(again);
    assert_int_equal(clv_apply_text("save", one, "'x.pro'", &made, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, ".nc (netCDF), .csv (a table) or that of a format that is written ("));
    assert_non_null(strstr(err.text, "vms"));
    unlink("test_vamas_write.tmp.vms");
    clv_value_free(one);
    clv_value_free(on);
    clv_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_come_back_whole),
        cmocka_unit_test(samples_come_back_whole),
        cmocka_unit_test(what_other_files_lack_comes_back),
        cmocka_unit_test(numbers_without_a_place_are_refused),
        cmocka_unit_test(save_takes_the_suffix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
