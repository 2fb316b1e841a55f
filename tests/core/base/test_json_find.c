/* Values are found in JSON by their path, and nothing but a value. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/json_find.h>

static const char text[] =
    "{ \"a\": {\"b\": [1, {\"c\": \"x}\\\"],\"}, [2]], \"b2\": 7},\n \"d\" : \"end\", \"e\":-3e5 }";

static void values_are_found(void **state)
{
    char copy[20];

    (void)state;
    assert_int_equal(*clv_json_find(text, "a.b.0"), '1');
    assert_int_equal(*clv_json_find(text, "a.b2"), '7');
    assert_int_equal(*clv_json_find(text, "a.b.2.0"), '2');
    assert_int_equal(strncmp(clv_json_find(text, "e"), "-3e5", 4), 0);
    assert_int_equal(clv_json_find_text(text, "d", copy, sizeof copy), 3);
    assert_string_equal(copy, "end");
    assert_int_equal(clv_json_find_text(text, "a.b.1.c", copy, sizeof copy), 6);
    assert_string_equal(copy, "x}\\\"],");
}

static void what_is_not_there_is_not_found(void **state)
{
    static const char *const paths[] = {"b", "a.c", "a.b.3", "a.b.x", "d.a", "a.b.2.1", "a.b.99999999999"};
    char copy[3] = "ab";

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) { assert_null(clv_json_find(text, paths[i])); }
    assert_null(clv_json_find(NULL, "a"));
    assert_null(clv_json_find("", "a"));
    assert_int_equal(clv_json_find_text(text, "d", copy, sizeof copy), 0);
    assert_string_equal(copy, "");
    assert_int_equal(clv_json_find_text(text, "a", copy, sizeof copy), 0);
}

/* Every beginning of the text, and texts with one sign changed: nothing is read beyond their end (run under
 * sanitizers).
 */
static void damaged_texts_end(void **state)
{
    static const char signs[] = "{}[]\",:\\ 0a";
    static const char *const paths[] = {"a.b.1.c", "a.b.2.0", "d", "e", "z"};

    (void)state;
    for (size_t cut = 0; cut <= sizeof text - 1; cut++) {
        for (size_t change = 0; change < sizeof signs; change++) {
            char *damaged = malloc(cut + 1);

            assert_non_null(damaged);
            memcpy(damaged, text, cut);
            damaged[cut] = 0;
            if (cut > 0 && signs[change]) { damaged[(change * 31 + cut) % cut] = signs[change]; }
            for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
                const char *found = clv_json_find(damaged, paths[i]);

                if (found) { assert_in_range(found - damaged, 0, cut); }
            }
            free(damaged);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_found),
                                       cmocka_unit_test(what_is_not_there_is_not_found),
                                       cmocka_unit_test(damaged_texts_end)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
