/* The VAMAS reader against real files as independent readers dumped them, against made ones that use what those do not,
   and against malformed ones, each refused with its line. SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "expected.h"

/* The dump of FeO_analyzed.vms gives 0 for the first point, where the file's text says 12516.9. */
static size_t known_faults(const char *name) { return strcmp(name, "FeO_analyzed.vms") == 0; }

/* Compares one file; counts what differs. */
static int check_file(const char *folder, const char *name)
{
    char path[600], dump[640];
    json tree;
    const json *regions;
    clv_record *record, *whole = NULL;
    clv_error err = {0};
    size_t spectra = 0;
    int faults = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(dump, sizeof dump, "%s.expected.json", path);
    record = expected_read("vamas", path);
    tree = json_file(dump);
    regions = json_get(&tree, "regions");
    if (!record) { return 1; }
    if (regions && regions->count != clv_record_count(record)) { faults++; }
    for (size_t i = 0; regions && !faults && i < regions->count; i++) {
        faults += expected_block(name, i + 1, clv_record_at(record, i), &regions->items[i], known_faults(name));
    }
    if (clv_load(path, NULL, &whole, &err)) { fprintf(stderr, "%s\n", err.text), faults++; }
    for (size_t i = 0; whole && i < clv_record_count(whole); i++) {
        spectra += clv_spectra_count(clv_record_at(whole, i));
    }
    faults += spectra != clv_record_count(record);
    clv_record_free(whole);
    clv_record_free(record);
    json_free(&tree);
    return faults;
}

static void real_files_equal_independent_dumps(void **state)
{
    const char *root = getenv("CORELEVEL_TESTDATA");
    char folder[500];
    DIR *open;
    int files = 0;

    (void)state;
    snprintf(folder, sizeof folder, "%s/xps", root ? root : "");
    open = root ? opendir(folder) : NULL;
    if (!open) {
        print_message("SKIPPED: real files: CORELEVEL_TESTDATA is not set or has no folder xps\n");
        skip();
    }
    for (struct dirent *entry = readdir(open); entry; entry = readdir(open)) {
        size_t length = strlen(entry->d_name);

        if (length < 5 ||
            (strcmp(entry->d_name + length - 4, ".vms") != 0 && strcmp(entry->d_name + length - 4, ".npl") != 0)) {
            continue;
        }
        assert_int_equal(check_file(folder, entry->d_name), 0);
        files++;
    }
    closedir(open);
    assert_true(files >= 10);
}

/* Ti_references_irregular.vms has no dump. Expected values are from the text of the file itself (line 100 on): 802
   points, 11 of them at an energy of another, (986.61, 1380.79), (986.71, 1379.61) … and twice 1015.61. */
static void an_irregular_file_with_overlapping_energies(void **state)
{
    const char *root = getenv("CORELEVEL_TESTDATA");
    char path[600];
    clv_record *record;
    const clv_spectra *first;

    (void)state;
    snprintf(path, sizeof path, "%s/xps/Ti_references_irregular.vms", root ? root : "");
    if (!root) {
        print_message("SKIPPED: Ti_references_irregular.vms: CORELEVEL_TESTDATA is not set\n");
        skip();
    }
    record = expected_read("vamas", path);
    assert_non_null(record);
    assert_int_equal(clv_record_count(record), 12);
    first = clv_record_at(record, 0);
    assert_int_equal(clv_spectra_channels(first), 791);
    assert_true(fabs(clv_axis_values(clv_spectra_energy(first))[790] - 500.0) < 1e-9); /* 1486.61 - 986.61 */
    assert_true(clv_spectra_intensity(first)[790] == 1380.79);
    assert_true(clv_spectra_intensity(first)[789] == 1379.61);
    assert_int_equal(clv_spectra_history_count(first), 1);
    clv_record_free(record);
}

/* ---- Made files */

/* The beginning of a file: mode, variables, exclusions, future-upgrade entries, number of blocks. */
#define HEAD(mode, scan, extra, lists, blocks)                                                              \
    "VAMAS Surface Chemical Analysis Standard Data Transfer Format 1988 May 4\ninst\nmodel\nop\nexp\n1\na " \
    "comment\n" mode "\n" scan "\n" extra lists blocks

static const char sputter_profile[] =
    HEAD("SDP", "REGULAR", "1\n1\nSputter Time\nmin\n", "-7\n1\n2\n3\n4\n5\n6\n7\n0\n1\n2\nfuture experiment\n",
         "2\n") "Si2p\nwafer\n2024\n1\n31\n12\n30\n5\n1\n1\nEtch rate = 6 "
                "nm/min (silicon)\nXPS\n0\nAl\n18\n2000\n1\n1486.6\n150\n100\n200\n"
                "54.7\n0\nFAT\n20\n1E37\n4.5\n0\n1E37\n1E37\n0\n0\nSi\n2p\n-1\nKinetic "
                "Energy\neV\n1380\n0.5\n1\nIntensity\nd\n"
                "pulse counting\n0.1\n5\n0\n5000\n10\n2000\n2000\n45\n0\ncontinuous\n0\n0\n0\n1\nGas\nmbar\n1e-7\n"
                "upgrade 1\nupgrade 2\n3\n7\n9\n7\n8\n9\n"
                "Si2p\nwafer\n0\nXPS\n2\nAl\n18\n2000\n1\n1486.6\n150\n100\n200\n"
                "54.7\n0\nFAT\n20\n1E37\n4.5\n0\n1E37\n1E37\n0\n0\nSi\n2p\n-1\nKinetic "
                "Energy\neV\n1380\n0.5\n1\nIntensity\nd\n"
                "pulse counting\n0.1\n5\n0\n5000\n10\n2000\n2000\n45\n0\ncontinuous\n0\n0\n0\n0\n"
                "upgrade 1\nupgrade 2\n3\n7\n9\n17\n18\n19\nend of experiment\n";

/* Expected values: the text above. */
static void exclusions_futures_and_sputtering(void **state)
{
    clv_record *record = NULL;
    clv_error err = {0};
    const clv_metadata *metadata;
    clv_spectra *spectra;

    (void)state;
    if (clv_load_bytes("made.vms", sputter_profile, sizeof sputter_profile - 1, NULL, &record, &err)) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(clv_record_count(record), 1);
    spectra = clv_record_at(record, 0);
    metadata = clv_spectra_metadata(spectra);
    assert_int_equal(clv_spectra_axis_count(spectra), 2);
    assert_string_equal(clv_axis_name(clv_spectra_axis(spectra, 0)), "depth");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(spectra, 0)), "nm");
    assert_true(fabs(clv_axis_values(clv_spectra_axis(spectra, 0))[1] - 12) < 1e-12);
    assert_string_equal(clv_axis_name(clv_spectra_beside(spectra, 0, 0)), "etch_time");
    assert_true(clv_axis_values(clv_spectra_beside(spectra, 0, 0))[1] == 120);
    assert_string_equal(clv_metadata_text(metadata, "sputter_ion"), "Ar2000+");
    assert_true(clv_metadata_number(metadata, "sputter_energy") == 5000);
    assert_string_equal(clv_metadata_text(metadata, "started"), "2024-01-31T12:30:05+01:00");
    assert_string_equal(clv_metadata_text(metadata, "technique"), "XPS");
    assert_true(clv_spectra_intensity(spectra)[0] == 9 && clv_spectra_intensity(spectra)[5] == 17);
    assert_true(clv_axis_values(clv_spectra_energy(spectra))[0] == 105.6);
    clv_record_free(record);
}

static const char regular_tail[] =
    "XPS\n0\nAl\n1486.6\n150\n1E37\n1E37\n54.7\n0\nFAT\n20\n1E37\n4.5\n0\n1E37\n1E37\n0\n0\nC\n1s\n-1\nBinding "
    "Energy\neV\n290\n-0.5\n1\nIntensity\nd\npulse counting\n0.1\n5\n0\n0\n0\n0\n0\n";

/* Puts a NORM file of one block together with one part replaced. The caller frees. */
static char *made(const char *mode, const char *scan, const char *dates, const char *tail, const char *numbers)
{
    size_t room = 4000;
    char *text = malloc(room);

    snprintf(text, room, HEAD("%s", "%s", "1\n1\nlevel\nd\n", "0\n0\n0\n0\n", "1\n") "C1s\nfoil\n%s0\n%s%s", mode, scan,
             dates, tail, numbers);
    return text;
}

static void malformed_files_are_refused_with_their_line(void **state)
{
    static const char dates[] = "2024\n1\n31\n12\n30\n5\n1\n";
    static const struct {
        const char *mode, *scan, *dates, *numbers, *sentence;
    } cases[] = {
        {"NORM", "REGULAR", dates, "3\n1\n3\n1\n2\n", "m.vms:69: block 1 says 3 ordinates, 2 follow"},
        {"NORM", "REGULAR", dates, "3\n1\n3\n1\n2\nend of experiment\n",
         "m.vms:70: block 1 says 3 ordinates, 2 follow"},
        {"NORM", "REGULAR", dates, "3\n1\n3\n1\n2\n3\n4\nend\n",
         "m.vms:71: block 1, the last, holds more ordinates than it says"},
        {"NORM", "REGULAR", dates, "-3\n1\n3\n1\n2\n", "m.vms:65: the number of ordinates should be from 1 to"},
        {"NORM", "REGULAR", dates, "999999999\n1\n3\n1\n2\n",
         "m.vms:65: the number of ordinates is 999999999, but only"},
        {"NROM", "REGULAR", dates, "3\n",
         "m.vms:8: 'NROM' is no experiment mode; NORM, MAP, SDP or the like should stand here"},
        {"NORM", "MAPPING", dates, "3\n",
         "m.vms:9: the scan mode is 'MAPPING': images without energies; REGULAR or IRREGULAR should stand here"},
        {"NORM", "REGULAR", "2024\nJan\n", "3\n", "m.vms:22: month should be a number, 'Jan' stands there"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = made(cases[i].mode, cases[i].scan, cases[i].dates, regular_tail, cases[i].numbers);
        clv_record *record = NULL;
        clv_error err = {0};

        assert_int_equal(clv_load_bytes("m.vms", text, strlen(text), NULL, &record, &err), CLV_BAD_FILE);
        if (strncmp(err.text, cases[i].sentence, strlen(cases[i].sentence)) != 0) {
            fail_msg("'%s' instead of '%s'", err.text, cases[i].sentence);
        }
        free(text);
    }
}

static void a_good_file_cut_anywhere_is_refused(void **state)
{
    clv_record *record = NULL;

    (void)state;
    for (size_t cut = 76; cut + 25 < sizeof sputter_profile; cut++) {
        clv_error err = {0};

        if (clv_load_bytes("cut.vms", sputter_profile, cut, NULL, &record, &err) != CLV_BAD_FILE) {
            fail_msg("cut at byte %zu it is read", cut);
        }
        assert_non_null(strstr(err.text, "cut.vms:"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_equal_independent_dumps),
        cmocka_unit_test(an_irregular_file_with_overlapping_energies),
        cmocka_unit_test(exclusions_futures_and_sputtering),
        cmocka_unit_test(malformed_files_are_refused_with_their_line),
        cmocka_unit_test(a_good_file_cut_anywhere_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
