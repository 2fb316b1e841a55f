/* Chemical names become markup, and any bytes become a text that can be drawn.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plot/label.h"

#include <corelevel/figure.h>

#include <string.h>

/* Expected values: written by hand after IUPAC's typography of formulas and ions. */
static void test_chemical(void **state)
{
    static const char *const pairs[][2] = {
        {"Co2+ satellite", "Co^{2+} satellite"},
        {"Co2+", "Co^{2+}"},
        {"Co3+", "Co^{3+}"},
        {"Li+", "Li^{+}"},
        {"Co0", "Co^{0}"},
        {"S2-", "S^{2−}"},
        {"S22-", "S_{2}^{2−}"},
        {"PS4 3-", "PS_{4}^{3−}"},
        {"PS43-", "PS_{4}^{3−}"},
        {"SO4 2-", "SO_{4}^{2−}"},
        {"SO42- and SO32-", "SO_{4}^{2−} and SO_{3}^{2−}"},
        {"NH4+", "NH_{4}^{+}"},
        {"NO3-", "NO_{3}^{−}"},
        {"OH-", "OH^{−}"},
        {"Co 2+", "Co^{2+}"},
        {"Li2CO3", "Li_{2}CO_{3}"},
        {"Co3O4", "Co_{3}O_{4}"},
        {"Co(OH)2", "Co(OH)_{2}"},
        {"CoOOH", "CoOOH"},
        {"nm SiO2 equiv.", "nm SiO_{2} equiv."},
        {"C-O", "C–O"},
        {"C-C / C-H", "C–C / C–H"},
        {"O-C=O", "O–C=O"},
        {"Co2+/Co3+", "Co^{2+}/Co^{3+}"},
        {"Co 2p3/2", "Co 2p_{3/2}"},
        {"Co 2p", "Co 2p"},
        {"S 2p1/2", "S 2p_{1/2}"},
        {"Co L2,3", "Co L_{2,3}"},
        {"V L3", "V L_{3}"},
        {"adventitious carbon", "adventitious carbon"},
        {"P-LCO", "P-LCO"},
        {"a_b^c\\", "a\\_b\\^c\\\\"},
        {"Li1-xCoO2", "Li1-xCoO2"},
        {"Satellite 2", "Satellite 2"},
        {"Ångström Co2+", "Ångström Co^{2+}"},
        {"", ""},
        {"  ", "  "},
        {"-", "-"},
        {"(", "("},
        {"2+", "2+"},
    };
    char out[128];

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_string_equal(clv_label_chemical(pairs[i][0], out, sizeof out), pairs[i][1]);
    }
}

static void test_chemical_is_cut(void **state)
{
    char out[8];

    (void)state;
    assert_string_equal(clv_label_chemical("Li2CO3", out, 3), "Li");
    assert_string_equal(clv_label_chemical("ÅÅÅÅÅÅ", out, sizeof out), "ÅÅÅ");
    assert_ptr_equal(clv_label_chemical("C", out, 0), out);
}

/* RFC 3629: overlong forms, surrogates, lone and missing continuation bytes are not UTF-8. */
static void test_clean(void **state)
{
    static const char *const pairs[][2] = {
        {"plain", "plain"},
        {"tab\tline\nend\x7F", "tab line end "},
        {"\xC0\x80", "��"},
        {"\xED\xA0\x80", "���"},
        {"\xF4\x90\x80\x80", "����"},
        {"a\xE2\x82", "a��"},
        {"\xFF", "�"},
        {"\xEF\xBF\xBF", "���"},
        {"σ 😀 €", "σ 😀 €"},
    };
    char out[64];

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        clv_label_clean(pairs[i][0], out, sizeof out);
        assert_string_equal(out, pairs[i][1]);
    }
    clv_label_clean("0123456789", out, 9);
    assert_string_equal(out, "01234…");
}

static void test_parse(void **state)
{
    clv_label label;

    (void)state;
    clv_label_parse("SO_{4}^{2−} x", &label);
    assert_int_equal(label.count, 4);
    assert_string_equal(label.text + label.run[0].at, "SO");
    assert_string_equal(label.text + label.run[1].at, "4");
    assert_int_equal(label.run[1].level, -1);
    assert_string_equal(label.text + label.run[2].at, "2−");
    assert_int_equal(label.run[2].level, 1);
    assert_string_equal(label.text + label.run[3].at, " x");
    assert_int_equal(label.run[3].level, 0);
    clv_label_parse("a\\^{b} ^c }", &label);
    assert_int_equal(label.count, 1);
    assert_string_equal(label.text, "a^{b} ^c }");
    clv_label_parse("^{", &label);
    assert_string_equal(label.text + label.run[label.count - 1].at, "");
}

/* More runs than there is room for, and an endless text, stay within the label. */
static void test_parse_is_bounded(void **state)
{
    char markup[4096];
    clv_label label;

    (void)state;
    for (size_t i = 0; i + 5 < sizeof markup; i += 5) { memcpy(markup + i, "^{a}b", 6); }
    clv_label_parse(markup, &label);
    assert_true(label.count <= CLV_LABEL_RUNS);
    for (size_t k = 0; k < label.count; k++) {
        assert_true(label.run[k].at + strlen(label.text + label.run[k].at) < CLV_LABEL_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chemical), cmocka_unit_test(test_chemical_is_cut),  cmocka_unit_test(test_clean),
        cmocka_unit_test(test_parse),    cmocka_unit_test(test_parse_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
