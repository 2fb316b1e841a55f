/* Elements and levels against Scofield's published relative sensitivities and tabulated edges and widths.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <corelevel/elements.h>

#include <math.h>
#include <string.h>

/* Expected values: the sensitivities relative to C 1s at Al K alpha that J. H. Scofield, J. Electron Spectrosc. 8
   (1976) 129 gives (three digits), and edges (eV) as printed in the X-ray Data Booklet; NaN where not compared. */
static const struct row {
    const char *symbol, *level;
    double sensitivity, edge;
} rows[] = {{"C", "1s", 1.00, NAN},       {"O", "1s", 2.93, 532.0},    {"F", "K", 4.43, 685.4},
            {"Li", "1s", 0.0568, 54.8},   {"S", "2p3/2", 1.11, 164.2}, {"S", "2p1/2", 0.567, 165.4},
            {"P", "2p3/2", 0.789, 135.3}, {"P", "L2", 0.403, 136.2},   {"Co", "2p3/2", 12.62, 778.6},
            {"Co", "2p1/2", 6.54, 793.6}, {"Co", "2p", 19.16, 778.6},  {"Au", "4f7/2", 9.58, 84.1}};

static void test_elements__equal_published_sensitivities(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int number;
        double value;

        assert_int_equal(clv_element_number(rows[i].symbol, &number, NULL), CLV_OK);
        assert_int_equal(clv_element_sensitivity(number, rows[i].level, 1486.6, &value, NULL), CLV_OK);
        assert_true(fabs(value / rows[i].sensitivity - 1) < 2.5e-3);
        if (isnan(rows[i].edge)) { continue; }
        assert_int_equal(clv_element_edge(number, rows[i].level, &value, NULL), CLV_OK);
        assert_true(fabs(value - rows[i].edge) < 0.11);
    }
}

/* Per electron the cross-section of C 1s is 6818.5 barn; two electrons. Widths: Campbell and Papp (2001). */
static void test_elements__cross_sections_and_widths(void **state)
{
    double value;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_element_cross_section(6, "1s", 1486.6, &value, NULL), CLV_OK);
    assert_true(fabs(value / 13637 - 1) < 1e-4);
    assert_int_equal(clv_element_width(27, "L3", &value, NULL), CLV_OK);
    assert_true(fabs(value - 0.47) < 0.005);
    assert_int_equal(clv_element_width(27, "2p1/2", &value, NULL), CLV_OK);
    assert_true(fabs(value - 1.13) < 0.005);
    assert_int_equal(clv_element_width(79, "4f", &value, NULL), CLV_OK);
    assert_true(fabs(value - 0.33) < 0.005);
    assert_int_equal(clv_element_width(6, "1s", &value, &err), CLV_NOT_FOUND);
    assert_string_equal(err.text, "the tables have no natural width for C 1s");
}

static void test_elements__names(void **state)
{
    static const char *const wrong[] = {"",   "2", "2d5/2", "1p",  "2p5/2",   "3f", "L4",
                                        "K1", "L", "8s",    "2p3", "2p3/2 x", "O8", "p"};
    int number;
    double a, b;

    (void)state;
    assert_int_equal(clv_element_number("co", &number, NULL), CLV_OK);
    assert_int_equal(number, 27);
    assert_string_equal(clv_element_symbol(92), "U");
    assert_null(clv_element_symbol(0));
    assert_int_equal(clv_element_number("Xx", &number, NULL), CLV_NOT_FOUND);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        clv_error err = {0};
        assert_int_equal(clv_element_edge(27, wrong[i], &a, &err), CLV_BAD_ARGUMENT);
        assert_non_null(strstr(err.text, "is no level"));
    }
    assert_int_equal(clv_element_edge(79, " 4F 7/2", &a, NULL), CLV_OK);
    assert_int_equal(clv_element_edge(79, "n7", &b, NULL), CLV_OK);
    assert_true(a == b);
    assert_int_equal(clv_element_edge(0, "1s", &a, NULL), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_element_edge(1000, "1s", &a, NULL), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_element_cross_section(27, "2p", -5, &a, NULL), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_element_cross_section(27, "1s", 1486.6, &a, NULL), CLV_NOT_FOUND);
    assert_int_equal(clv_element_edge(3, "5f", &a, NULL), CLV_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements__equal_published_sensitivities),
        cmocka_unit_test(test_elements__cross_sections_and_widths),
        cmocka_unit_test(test_elements__names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
