/* The JSON reader: values, escapes, and hostile texts that are read or refused with their byte. Expected values by hand
   after RFC 8259. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/json_read.h"

static clv_value *good(const char *text)
{
    clv_value *value = NULL;
    clv_error err = {0};

    if (clv_json_read(text, strlen(text), &value, &err)) { fail_msg("%s: %s", text, err.text); }
    return value;
}

static void values_are_read(void **state)
{
    clv_value *v = good(" { \"a\" : [1, -2.5e3, true, false, null, \"x\"], \"b\": {} } ");
    const clv_value *a = clv_value_get(v, "a");

    (void)state;
    assert_int_equal(clv_value_count(a), 6);
    assert_true(clv_value_as_number(clv_value_at(a, 1)) == -2500);
    assert_true(clv_value_as_boolean(clv_value_at(a, 2)) && !clv_value_as_boolean(clv_value_at(a, 3)));
    assert_int_equal(clv_value_kind(clv_value_at(a, 4)), CLV_NIL);
    assert_string_equal(clv_value_as_text(clv_value_at(a, 5)), "x");
    assert_int_equal(clv_value_kind(clv_value_get(v, "b")), CLV_TABLE);
    clv_value_free(v);
}

static void escapes_are_read(void **state)
{
    clv_value *v = good("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20ac\\ud83d\\ude00\"");

    (void)state;
    assert_string_equal(clv_value_as_text(v), "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    clv_value_free(v);
}

static void damage_is_named(void **state)
{
    static const char *const cases[][2] = {{"", "byte 1: a value"},
                                           {"[1,]", "byte 4: a value"},
                                           {"[1 2]", "byte 4: a comma or ]"},
                                           {"{\"a\" 1}", "byte 6: a colon"},
                                           {"{a:1}", "byte 2: a name in quotes"},
                                           {"\"abc", "byte 5: the end of a text"},
                                           {"\"\\x\"", "byte 3: an escape"},
                                           {"\"\\u12\"", "byte 4: four hexadecimal digits"},
                                           {"\"\\u0000\"", "a character that a text may hold"},
                                           {"\"\\ud800x\"", "the second half of a character"},
                                           {"1 2", "byte 3: the end"},
                                           {"\"\xff\"", "UTF-8"},
                                           {"tru", "byte 1: a value"},
                                           {"+1", "byte 1: a value"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_value *value = NULL;
        clv_error err = {0};

        assert_int_equal(clv_json_read(cases[i][0], strlen(cases[i][0]), &value, &err), CLV_BAD_FILE);
        if (!strstr(err.text, cases[i][1])) { fail_msg("%s says \"%s\"", cases[i][0], err.text); }
    }
}

/* Every cut and every changed byte, in a block of exactly its size so that reading beyond it is seen. */
static void no_byte_hurts(void **state)
{
    static const char text[] = "{\"a\":[1.5e2,\"x\\u20ac\\n\",{\"b\":null}],\"c\":true}";
    size_t length = sizeof text - 1;

    (void)state;
    for (size_t i = 0; i < length; i++) {
        for (int k = 0; k < 7; k++) {
            size_t count = k == 0 ? i : length;
            char *bytes = malloc(count + !count);
            clv_value *value = NULL;
            clv_error err = {0};

            memcpy(bytes, text, count);
            if (k > 0) { bytes[i] = "\"[{\\u\xff"[k - 1]; }
            if (clv_json_read(bytes, count, &value, &err)) {
                assert_true(strlen(err.text) > 10);
            } else {
                clv_value_free(value);
            }
            free(bytes);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_read), cmocka_unit_test(escapes_are_read),
                                       cmocka_unit_test(damage_is_named), cmocka_unit_test(no_byte_hurts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
