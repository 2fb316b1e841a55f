/* The reader of Athena projects: made ones in both forms, each way to be wrong, and real projects against the energies
   and values that Larch reads from them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

#include <dirent.h>
#include <math.h>

static const char made_perl[] = "# Athena project file -- Demeter version 0.9.20\n\n"
                                "$old_group = 'abcd';\n"
                                "@args = ('label','Fe \\'foil\\'','bkg_eshift','0.5','bkg_z','Fe','fft_edge','k',"
                                "'xdi_scan',{'a' => ['x',{}]},'bkg_pre1',-150,'recordtype','mu(E)');\n"
                                "@x = ('7100','7101',7103,'7102','7102');\n@y = ('1','2','4e0','3','9');\n"
                                "@i0 = (10,11,13,12,99);\n@stddev = ('0.1','0.1','0.1','0.2','0.3');\n[record]\n"
                                "$old_group = 'efgh';\n@args = ('label','Fe \\'foil\\'');\n"
                                "@x = (1,2,3);\n@y = (4,5,6);\n[record]\n@journal = ('a (b','c');\n1;\n";

static const char made_json[] =
    "{\"_____emacs_mode\": \"x\",\n\"abcd\": {\n \"args\": {\"label\":\"Fe 'foil'\",\"bkg_eshift\":0.5,"
    "\"bkg_z\":\"Fe\",\"fft_edge\":\"k\",\"xdi_scan\":{\"a\":[\"x\",{}]},\"bkg_pre1\":-150},\n"
    "\"x\": [\"7100\",7101,7103,7102,7102], \"y\": [1,2,4,3,9], \"i0\":[10,11,13,12,99],"
    "\"stddev\":[0.1,0.1,0.1,0.2,0.3]},\n\"_____order\": [\"abcd\"]}\n";

static clv_record *read_text(const char *text)
{
    clv_record *record = NULL;
    clv_error err = {0};

    if (vendor_read("athena", (const uint8_t *)text, strlen(text), NULL, &record, &err)) { fail_msg("%s", err.text); }
    return record;
}

/* Channels are put in order; of two at one energy the first stays. */
static void check_made(const clv_record *record)
{
    const clv_spectra *mu = clv_record_at(record, 0), *i0 = clv_record_at(record, 1);
    const clv_metadata *m = clv_spectra_metadata(mu);

    assert_string_equal(clv_spectra_name(mu), "Fe 'foil'");
    assert_string_equal(clv_spectra_name(i0), "Fe 'foil': i0");
    assert_string_equal(clv_axis_name(clv_spectra_energy(mu)), "photon_energy");
    assert_int_equal(clv_spectra_channels(mu), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(clv_axis_values(clv_spectra_energy(mu))[i] == 7100 + (double)i);
        assert_true(clv_spectra_intensity(mu)[i] == 1 + (double)i);
        assert_true(clv_spectra_intensity(i0)[i] == 10 + (double)i);
    }
    assert_true(fabs(clv_spectra_variance(mu)[2] - 0.04) < 1e-15);
    assert_true(clv_spectra_offset(mu)[0] == 0.5);
    assert_true(clv_metadata_number(m, "athena_pre_low") == -150);
    assert_string_equal(clv_metadata_text(m, "element"), "Fe");
    assert_true(strstr(clv_spectra_history(mu, 0), "1 channels at energies that were there") != NULL);
}

static void check_written(const clv_record *first, const clv_record *again)
{
    assert_int_equal(clv_record_count(first), clv_record_count(again));
    for (size_t i = 0; i < clv_record_count(first); i++) {
        const clv_spectra *a = clv_record_at(first, i), *b = clv_record_at(again, i);
        assert_string_equal(clv_spectra_name(a), clv_spectra_name(b));
        assert_int_equal(clv_spectra_channels(a), clv_spectra_channels(b));
        assert_true((clv_spectra_offset(a) ? clv_spectra_offset(a)[0] : 0) ==
                    (clv_spectra_offset(b) ? clv_spectra_offset(b)[0] : 0));
        for (size_t k = 0; k < clv_spectra_channels(a); k++) {
            assert_true(clv_spectra_intensity(a)[k] == clv_spectra_intensity(b)[k]);
            assert_true(clv_axis_values(clv_spectra_energy(a))[k] == clv_axis_values(clv_spectra_energy(b))[k]);
            if (!clv_spectra_variance(a)) { continue; }
            assert_true(fabs(clv_spectra_variance(a)[k] - clv_spectra_variance(b)[k]) < 1e-15);
        }
    }
    assert_string_equal(clv_metadata_text(clv_spectra_metadata(clv_record_at(again, 0)), "edge"), "k");
    assert_true(clv_metadata_number(clv_spectra_metadata(clv_record_at(again, 0)), "athena_pre_low") == -150);
}

static void both_forms_are_read(void **state)
{
    clv_record *perl = read_text(made_perl), *other = read_text(made_json);

    (void)state;
    check_made(perl);
    check_made(other);
    assert_int_equal(clv_record_count(perl), 3);
    assert_int_equal(clv_record_count(other), 2);
    assert_string_equal(clv_spectra_name(clv_record_at(perl, 2)), "Fe 'foil' (2)");
    clv_record_free(perl);
    clv_record_free(other);
}

static void what_is_wrong_is_said(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"# Athena project file\n", "holds no group"},
        {"# Athena project file\n@x = (1,2", "a list has no end"},
        {"# Athena project file\n@x = ('1,2);\n", "no end"},
        {"# Athena project file\n@x = (1,two);\n", "a number should stand"},
        {"# Athena project file\n@x = (1,nan);\n", "a number should stand"},
        {"# Athena project file\n@x = 1;\n", "a list should begin"},
        {"# Athena project file\n$old_group = 'a';\n@x = (1,2);\n@y = (1);\n[record]\n",
         "group a has 2 energies, but 1"},
        {"# Athena project file\n@args = ('label');\n", "last parameter has no value"},
        {"# Athena project file\n@args = ('a',{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{", "too deeply"},
        {"{\"_____emacs_mode\": \"x\", \"a\": {\"x\": [1, 2", "a list has no end"},
        {"{\"_____emacs_mode\": \"x\"", "a list has no end"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_record *record = NULL;
        clv_error err = {0};
        if (vendor_read("athena", (const uint8_t *)cases[i].text, strlen(cases[i].text), NULL, &record, &err) ==
            CLV_OK) {
            fail_msg("\"%s\" was read", cases[i].text);
        }
        if (!strstr(err.text, cases[i].says)) { fail_msg("\"%s\" does not say \"%s\"", err.text, cases[i].says); }
    }
}

/* Cut anywhere, a project is read up to there or refused, nothing else. */
static void a_cut_project_hurts_nothing(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof made_perl - 1; length++) {
        uint8_t *copy = malloc(length + 1);
        clv_record *record = NULL;
        clv_error err = {0};
        memcpy(copy, made_perl, length);
        if (vendor_read("athena", copy, length, NULL, &record, &err)) { assert_true(strlen(err.text) > 10); }
        clv_record_free(record);
        free(copy);
    }
}

/* What is written is read again with the same numbers, shifts, labels and parameters. */
static void a_written_project_is_the_same(void **state)
{
    clv_record *first = read_text(made_perl), *again = NULL;
    clv_error err = {0};

    (void)state;
    if (clv_convert(first, "written.prj", "athena", &err)) { fail_msg("%s", err.text); }
    if (clv_load("written.prj", NULL, &again, &err)) { fail_msg("%s", err.text); }
    check_written(first, again);
    clv_record_free(first);
    clv_record_free(again);
    remove("written.prj");
}

static void only_what_fits_is_written(void **state)
{
    double energy[] = {1, 2, 3};
    clv_axis *axis = NULL;
    clv_spectra *spectra = NULL;
    clv_record *record = clv_record_new();
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_axis_new("binding_energy", "eV", energy, 3, &axis, NULL), CLV_OK);
    assert_int_equal(clv_spectra_new("Co 2p", "counts", &axis, 1, &spectra, NULL), CLV_OK);
    assert_int_equal(clv_record_add(record, spectra, NULL), CLV_OK);
    assert_int_equal(clv_convert(record, "written.prj", "athena", &err), CLV_BAD_ARGUMENT);
    assert_true(strstr(err.text, "stands over binding_energy") != NULL);
    clv_axis_free(axis);
    clv_record_free(record);
}

static char *xas_file(const char *folder, const char *name)
{
    char inside[900];

    snprintf(inside, sizeof inside, "../xas/%s/%s", folder, name);
    return strdup(vendor_path(inside));
}

/* Whether one of the spectra is that of a file of Larch's, value by value: energy,mu,… to its ten digits. */
static int has_same(const clv_record *record, FILE *file)
{
    char line[2000];
    double energy, mu;
    size_t rows = 0, best = 0;

    for (size_t i = 0; i < clv_record_count(record); i++) {
        const clv_spectra *s = clv_record_at(record, i);
        const double *x = clv_axis_values(clv_spectra_energy(s)), *y = clv_spectra_intensity(s);
        size_t same = 0;
        rewind(file);
        for (rows = 0; fgets(line, sizeof line, file);) {
            if (sscanf(line, "%lf,%lf", &energy, &mu) != 2) { continue; }
            if (rows < clv_spectra_channels(s)) {
                same += fabs(x[rows] - energy) < 6e-6 && fabs(y[rows] - mu) <= 2e-9 * fmax(1, fabs(mu));
            }
            rows++;
        }
        if (same > best) { best = same; }
    }
    return rows > 0 && best == rows;
}

static void real_projects_hold_what_larch_finds_there(void **state)
{
    char *folder = xas_file("ref", "prj");
    DIR *open = opendir(folder);
    const struct dirent *entry;
    size_t compared = 0, equal = 0;

    (void)state;
    while (open && (entry = readdir(open))) {
        const char *ends = strstr(entry->d_name, ".E.csv"), *project = strstr(entry->d_name, ".prj.");
        char name[300], path[1400], *source;
        clv_record *record = NULL;
        clv_error err = {0};
        uint8_t *bytes;
        size_t size;
        FILE *file;

        if (!ends || !project) { continue; }
        snprintf(name, sizeof name, "%.*s", (int)(project - entry->d_name) + 4, entry->d_name);
        source = xas_file("prj", name);
        bytes = vendor_bytes(source, &size);
        if (vendor_read("athena", bytes, size, NULL, &record, &err)) { fail_msg("%s", err.text); }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        file = fopen(path, "re");
        compared++;
        equal += (size_t)has_same(record, file);
        fclose(file);
        clv_record_free(record);
        free(bytes);
        free(source);
    }
    if (open) { closedir(open); }
    free(folder);
    print_message("%zu of %zu groups equal Larch's\n", equal, compared);
    assert_true(compared > 20 && equal == compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_are_read),         cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(a_cut_project_hurts_nothing), cmocka_unit_test(a_written_project_is_the_same),
        cmocka_unit_test(only_what_fits_is_written),   cmocka_unit_test(real_projects_hold_what_larch_finds_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
