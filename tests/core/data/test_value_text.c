/* Literals: what is written reads back as an equal value; what is wrong is refused with its column. Expected texts
   follow from the grammar in value.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/group.h>
#include <corelevel/value.h>

/* Reads `text`, writes it and compares; reads that again and compares once more. */
static void check_written(const char *text, const char *expected)
{
    clv_error err = {0};
    clv_value *value = NULL;
    char *written = NULL;

    for (int pass = 0; pass < 2; pass++) {
        const char *from = pass ? expected : text;

        if (clv_value_parse(from, &value, &err)) { fail_msg("%s: %s", from, err.text); }
        assert_int_equal(clv_value_write(value, &written, &err), CLV_OK);
        assert_string_equal(written, expected);
        clv_text_free(written);
        clv_value_free(value);
    }
}

static void test_value_text__round_trips(void **state)
{
    (void)state;
    check_written("line = \"C 1s\", at = 284.8, range = {281, 295}, active = false",
                  "{ active = false, at = 284.8, line = \"C 1s\", range = { 281, 295 } }");
    check_written("{ 'a', \"b\" ; x = nil, }", "{ \"a\", \"b\", x = nil }");
    check_written("5", "5");
    check_written(" -0.1e-7 ", "-1e-8");
    check_written("5,", "{ 5 }");
    check_written("773, 811", "{ 773, 811 }");
    check_written("", "{}");
    check_written("{}", "{}");
    check_written("{281, 295}", "{ 281, 295 }");
    check_written("{1}, {2}", "{ { 1 }, { 2 } }");
    check_written("true", "true");
    check_written("nil", "nil");
    check_written("{ inf, -inf, nan, fixed(1.2), cl.fixed( -inf ) }", "{ inf, -inf, nan, fixed(1.2), fixed(-inf) }");
    check_written("'say \"s\"'", "\"say \\\"s\\\"\"");
    check_written("\"a\\\"b\\\\c\\n\\x41\\066\\x01\"", "\"a\\\"b\\\\c\\nAB\\x01\"");
    check_written("[\"Co2+\"] = 1, ['x y'] = 2", "{ [\"Co2+\"] = 1, [\"x y\"] = 2 }");
}

static void test_value_text__reads_components(void **state)
{
    (void)state;
    check_written("shirley {}, cl.doublet { 'Co3+', position = {780, 779.4, 780.6}, split = fixed(15) }",
                  "{ shirley {}, doublet { \"Co3+\", position = { 780, 779.4, 780.6 }, split = fixed(15) } }");
    check_written("shirley { active = true }", "shirley { active = true }");
    check_written("background = shirley{}", "{ background = shirley {} }");
}

static void check_refused(const char *text, const char *part)
{
    clv_error err = {0};
    clv_value *value = NULL;

    assert_int_equal(clv_value_parse(text, &value, &err), CLV_BAD_ARGUMENT);
    assert_null(value);
    if (!strstr(err.text, part)) { fail_msg("%s: '%s' does not hold '%s'", text, err.text, part); }
}

static void test_value_text__names_the_column(void **state)
{
    (void)state;
    check_refused("at = ", "column 6");
    check_refused("at = C1s", "column 6");
    check_refused("at = C1s", "quotes");
    check_refused("{ 1, 2", "column 7");
    check_refused("1 2", "column 3");
    check_refused("\"abc", "closing quote");
    check_refused("'a\\q'", "escape");
    check_refused("'a\\x00'", "escape");
    check_refused("'\xFF'", "UTF-8");
    check_refused("1e999", "double");
    check_refused("fixed 1", "'('");
    check_refused("fixed(1", "')'");
    check_refused("[1] = 2", "quotes");
    check_refused("['a' = 2", "']");
    check_refused("+", "a value");
    check_refused("cl.", "a value");
    check_refused("}", "a value");
    check_refused("a = 1,, b = 2", "column 7");
}

static void test_value_text__depth_and_length_are_bounded(void **state)
{
    char deep[80];
    char *text = malloc((1u << 20) + 2);
    clv_value *value = NULL;

    (void)state;
    memset(deep, '{', 33);
    memset(deep + 33, '}', 33);
    deep[66] = 0;
    check_refused(deep, "deeper than 32");
    deep[65] = 0;
    assert_int_equal(clv_value_parse(deep + 1, &value, NULL), CLV_OK);
    clv_value_free(value);
    memset(text, ' ', (1u << 20) + 1);
    text[(1u << 20) + 1] = 0;
    check_refused(text, "1 MiB");
    free(text);
}

static void test_value_text__objects_are_named(void **state)
{
    clv_group *group = clv_group_new();
    clv_value *value = clv_value_object(CLV_GROUP, group);
    char *text;

    (void)state;
    assert_int_equal(clv_value_write(value, &text, NULL), CLV_OK);
    assert_string_equal(text, "<group>");
    clv_text_free(text);
    assert_int_equal(clv_value_write(NULL, &text, NULL), CLV_OK);
    assert_string_equal(text, "nil");
    clv_text_free(text);
    clv_value_free(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_text__round_trips),
        cmocka_unit_test(test_value_text__reads_components),
        cmocka_unit_test(test_value_text__names_the_column),
        cmocka_unit_test(test_value_text__depth_and_length_are_bounded),
        cmocka_unit_test(test_value_text__objects_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
