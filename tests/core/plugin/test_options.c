/* Option checking: every type, places and names, presets, and the sentences that mistakes give.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/registry.h>

static const clv_parameter rows[] = {
    {.name = "line", .type = CLV_TYPE_TEXT, .flags = CLV_REQUIRED, .place = 1, .doc = "line of the reference"},
    {.name = "at", .type = CLV_TYPE_NUMBER, .unit = "eV", .preset = "284.8", .low = 0, .high = 2000},
    {.name = "missing", .type = CLV_TYPE_CHOICE, .preset = "\"hold\"", .choices = "hold|fail|…line"},
    {.name = "shape", .type = CLV_TYPE_CHOICE, .choices = "voigt|gaussian"},
    {.name = "count", .type = CLV_TYPE_INTEGER, .low = 1, .high = INFINITY},
    {.name = "active", .type = CLV_TYPE_BOOLEAN, .preset = "true"},
    {.name = "range", .type = CLV_TYPE_RANGE, .unit = "eV", .preset = "{281, 295}"},
    {.name = "position", .type = CLV_TYPE_PARAMETER, .unit = "eV", .low = 0, .high = 3000},
    {.name = "levels", .type = CLV_TYPE_NUMBERS},
    {.name = "groups", .type = CLV_TYPE_GROUPS, .place = 2},
    {.name = "reference", .type = CLV_TYPE_OBJECT, .kinds = CLV_ON(CLV_SPECTRA) | CLV_ON(CLV_RECORD)},
    {.name = "to", .type = CLV_TYPE_PATH},
    {0},
};

/* Checks a literal; the options, or NULL with the sentence in err. */
static clv_options *check(const char *literal, clv_error *err)
{
    clv_value *given = NULL;
    clv_options *options = NULL;

    assert_int_equal(clv_value_parse(literal, &given, err), CLV_OK);
    if (clv_options_check("op", rows, given, &options, err)) { options = NULL; }
    clv_value_free(given);
    return options;
}

static void right_options_are_read(void **state)
{
    clv_error err = {0};
    clv_options *options =
        check("\"C 1s\", \"a\", {\"b\", \"c\"}, at = 285, count = 3, levels = 2, position = {1, 0, 2}, "
              "shape = \"voigt\", missing = \"Au 4f\"",
              &err);
    double low, high;

    (void)state;
    assert_non_null(options);
    assert_string_equal(clv_options_text(options, "line"), "C 1s");
    assert_true(clv_options_number(options, "at") == 285 && clv_options_given(options, "at"));
    assert_string_equal(clv_options_text(options, "missing"), "Au 4f");
    assert_true(clv_options_boolean(options, "active") && !clv_options_given(options, "active"));
    assert_true(clv_options_range(options, "range", &low, &high) && low == 281 && high == 295);
    assert_int_equal(clv_value_count(clv_options_get(options, "levels")), 1);
    assert_int_equal(clv_value_count(clv_options_get(options, "groups")), 2);
    assert_true(isnan(clv_options_number(options, "nothing")));
    assert_null(clv_options_get(options, "to"));
    clv_options_free(options);
}

static void mistakes_say_what_would_be_right(void **state)
{
    static const struct {
        const char *literal, *sentence;
    } cases[] = {
        {"at = 285", "op: line is missing: line of the reference"},
        {"'C 1s', missing = 'hodl'",
         "op: missing is \"hodl\"; it should be one of hold, fail or a line (did you mean \"hold\"?)"},
        {"'C 1s', missing = 3", "op: missing is 3; it should be one of hold, fail or a line"},
        {"'C 1s', shape = 'voight'",
         "op: shape is \"voight\"; it should be one of voigt or gaussian (did you mean \"voigt\"?)"},
        {"'C 1s', mising = 'hold'", "op: there is no option 'mising' (did you mean missing?)"},
        {"'C 1s', at = 'high'", "op: at is \"high\"; it should be a number from 0 to 2000 (eV)"},
        {"'C 1s', at = -3", "op: at is -3; it should be a number from 0 to 2000 (eV)"},
        {"'C 1s', count = 1.5", "op: count is 1.5; it should be a whole number of at least 1"},
        {"'C 1s', active = 1", "op: active is 1; it should be true or false"},
        {"'C 1s', range = {295, 281}", "op: range is {295, 281}; the first must be below the second"},
        {"'C 1s', range = 5", "op: range is 5; it should be a range of two numbers, { lower, upper }"},
        {"'C 1s', position = {5, 6, 7}",
         "op: position is a table; it should be a number, { start, lowest, highest } with"},
        {"'C 1s', levels = {1, 'x'}", "op: levels is \"x\"; it should be a list of numbers, or one"},
        {"'C 1s', 7", "op: groups is 7; it should be a list whose items are texts or lists of texts"},
        {"'C 1s', line = 'O 1s'", "op: line is given twice, by place and by name"},
        {"'C 1s', reference = 1", "op: reference is 1; it should be a record or spectra"},
        {"'C 1s', to = ''", "op: to is \"\"; it should be a path"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_error err = {0};

        assert_null(check(cases[i].literal, &err));
        assert_int_equal(err.status, CLV_BAD_ARGUMENT);
        if (strncmp(err.text, cases[i].sentence, strlen(cases[i].sentence)) != 0) {
            fail_msg("'%s' instead of '%s'", err.text, cases[i].sentence);
        }
    }
}

static void values_without_place_or_rows_are_refused(void **state)
{
    static const clv_parameter one[] = {{.name = "low", .type = CLV_TYPE_NUMBER, .place = 1}, {0}};
    clv_value *given = NULL;
    clv_options *options = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_value_parse("1, 2", &given, &err), CLV_OK);
    assert_int_equal(clv_options_check("crop", one, given, &options, &err), CLV_BAD_ARGUMENT);
    assert_string_equal(err.text, "crop: it takes at most 1 value without a name, 2 are given");
    clv_value_free(given);
    assert_int_equal(clv_value_parse("x = 1", &given, &err), CLV_OK);
    assert_int_equal(clv_options_check("crop", NULL, given, &options, &err), CLV_BAD_ARGUMENT);
    assert_string_equal(err.text, "crop: it takes no options, 'x' is given");
    clv_value_free(given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_options_are_read),
        cmocka_unit_test(mistakes_say_what_would_be_right),
        cmocka_unit_test(values_without_place_or_rows_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
