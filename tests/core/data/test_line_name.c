/* Line names in the spellings that instruments and people use. The region names are those of public VAMAS, SPECS XY,
   PHI and CSV files (CasaXPS, Kratos, SPECS, PHI MultiPak, Scienta exports).
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "data/line_name.h"

static void check(const char *text, const char *expected)
{
    clv_line_name line;
    char written[CLV_LINE_NAME_SIZE];

    if (!clv_line_name_read(text, &line, NULL)) { fail_msg("no line found in '%s'", text); }
    clv_line_name_write(&line, written);
    if (strcmp(written, expected) != 0) { fail_msg("'%s' reads as '%s', not '%s'", text, written, expected); }
}

static void test_line_name__reads_spellings(void **state)
{
    static const char *const cobalt[] = {"Co 2p",    "Co2p",     "co 2p",      "CO2P",         "Co 2p scan", "Co2p_A",
                                         "Co 2p/5",  "Co2p/5",   "1: Co 2p",   "X__Co2p",      "Co2p2",      "a_Co_2p",
                                         " Co  2p ", "Co-2p-ox", "Co3O4_Co2p", "LiCoO2 Co 2p", "Co2p PE20",  "(Co 2p)"};

    (void)state;
    for (size_t i = 0; i < sizeof cobalt / sizeof *cobalt; i++) { check(cobalt[i], "Co 2p"); }
    check("co 2p3/2", "Co 2p3/2");
    check("Co 2p3", "Co 2p3/2");
    check("Co 2p 3/2", "Co 2p3/2");
    check("Co 2p(1/2)", "Co 2p1/2");
    check("Co 2p3/2/7", "Co 2p3/2");
    check("Sn3d5", "Sn 3d5/2");
    check("W 4f7/2", "W 4f7/2");
    check("C 1s1/2", "C 1s1/2");
}

static void test_line_name__reads_region_names_of_files(void **state)
{
    (void)state;
    check("PBTTT_1_2_V__C1s", "C 1s");
    check("1: S 2p", "S 2p");
    check("2: Ta 4f", "Ta 4f");
    check("O 1s/6", "O 1s");
    check("Au 4f/10", "Au 4f");
    check("Pt4f PE20", "Pt 4f");
    check("NiO__Ni2p", "Ni 2p");
    check("Cu LMM", "Cu LMM");
    check("20240220_Au_MPPipTFSI4AMSIol3_C_1s", "C 1s");
    check("20240621_Au_Nadep_from_MPPipTFSI_Ag_3d", "Ag 3d");
    check("Mo 3d", "Mo 3d");
    check("Br 3d", "Br 3d");
    check("Nb 3d", "Nb 3d");
    check("Al 2p", "Al 2p");
    check("Si2p", "Si 2p");
}

static void test_line_name__reads_edges_and_auger_lines(void **state)
{
    (void)state;
    check("Co L2,3", "Co L2,3");
    check("Co L23", "Co L2,3");
    check("CoL3", "Co L3");
    check("Co K", "Co K");
    check("Co_K edge", "Co K");
    check("Ce M4,5", "Ce M4,5");
    check("Co L3M45M45", "Co L3M4,5M4,5");
    check("OKLL", "O KLL");
    check("C KVV", "C KVV");
}

static void test_line_name__finds_none_where_there_is_none(void **state)
{
    static const char *const none[] = {
        "",        "Survey",     "wide",    "Wide/2", "Su1s",      "None",  "Counts per Second",
        "Ag__001", "Block No.1", "Valence", "C",      "Co",        "Xx 2p", "C 1p",
        "Co 3f",   "C 1sx",      "in L",    "TiO2",   "sampleC1s", "C 8s",  "V 2 p"};
    clv_line_name line;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (clv_line_name_read(none[i], &line, NULL)) { fail_msg("a line was found in '%s'", none[i]); }
    }
}

static int same(const char *a, const char *b)
{
    clv_line_name line;

    return clv_line_name_read(b, &line, NULL) && clv_line_name_in(a, &line, false);
}

static void test_line_name__matches_elements_and_members(void **state)
{
    clv_line_name line;
    bool whole;

    (void)state;
    assert_false(same("Cl 1s", "C 1s"));
    assert_false(same("Co 1s", "C 1s"));
    assert_false(same("Cl 2p", "C 2p"));
    assert_false(same("Si 2p", "S 2p"));
    assert_false(same("Co 2p1/2", "Co 2p3/2"));
    assert_false(same("Co 2s", "Co 2p"));
    assert_true(same("Co 2p1/2", "Co 2p"));
    assert_true(same("O 1s + V 2p", "V 2p"));
    assert_true(same("O 1s + V 2p", "O 1s"));
    assert_true(same("Co L2,3", "Co L3"));
    assert_false(same("Co L2", "Co L3"));
    assert_true(same("Cu L3M4,5M4,5", "Cu LMM"));
    assert_false(same("Cu LMM", "Cu L"));
    assert_true(clv_line_name_read(" Co 2p ", &line, &whole) && whole);
    assert_true(clv_line_name_read("Co 2p/5", &line, &whole) && !whole);
}

static void test_line_name__knows_surveys(void **state)
{
    (void)state;
    assert_true(clv_line_name_is_survey("Survey"));
    assert_true(clv_line_name_is_survey("PBTTT_1_2_V__Survey"));
    assert_true(clv_line_name_is_survey("Wide/2"));
    assert_true(clv_line_name_is_survey("Su1s"));
    assert_false(clv_line_name_is_survey("C 1s"));
    assert_false(clv_line_name_is_survey("Valence"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_name__reads_spellings),
        cmocka_unit_test(test_line_name__reads_region_names_of_files),
        cmocka_unit_test(test_line_name__reads_edges_and_auger_lines),
        cmocka_unit_test(test_line_name__finds_none_where_there_is_none),
        cmocka_unit_test(test_line_name__matches_elements_and_members),
        cmocka_unit_test(test_line_name__knows_surveys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
