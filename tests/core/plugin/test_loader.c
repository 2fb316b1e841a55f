/* The loader: a good plugin is taken, each kind of bad one is skipped with one sentence that says why.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plugin/loader.h"

static const char *message_on(const clv_catalogue *catalogue, const char *file)
{
    for (size_t i = 0; i < catalogue->messages.count; i++) {
        if (strstr(catalogue->messages.at[i], file)) { return catalogue->messages.at[i]; }
    }
    return "";
}

static void good_ones_are_taken_and_bad_ones_skipped(void **state)
{
    static const struct {
        const char *file, *why;
    } cases[] = {
        {"b_duplicate.so", "brings a format named test_good, which is there already"},
        {"c_small.so", "is of a smaller size than this version needs"},
        {"d_second_copy.so", "brings a second copy of libcorelevel"},
        {"e_no_entry.so", "it is no plugin, it has no clv_plugin_entry"},
        {"f_other_version.so", "made for another version of the plugin interface than 1"},
        {"g_text.so", "it cannot be loaded"},
        {"no/such/folder", "the folder cannot be read"},
    };
    clv_catalogue catalogue = {0};
    FILE *text = fopen("loadable/g_text.so", "w");

    (void)state;
    fputs("this is text\n", text);
    fclose(text);
    clv_catalogue_load(&catalogue, "loadable:no/such/folder");
    assert_int_equal(catalogue.formats.count, 2);
    assert_string_equal(((const clv_format *)catalogue.formats.at[0])->name, "test_good");
    assert_int_equal(catalogue.messages.count, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *message = message_on(&catalogue, cases[i].file);

        if (!strstr(message, cases[i].why)) { fail_msg("%s: '%s' without '%s'", cases[i].file, message, cases[i].why); }
    }
    for (size_t i = 0; i < catalogue.messages.count; i++) { free((void *)(uintptr_t)catalogue.messages.at[i]); }
    free(catalogue.messages.at);
    free(catalogue.formats.at);
}

static void everything_built_in_is_in_order(void **state)
{
    (void)state;
    unsetenv("CORELEVEL_PLUGIN_PATH");
    for (size_t i = 0; i < clv_registry_message_count(); i++) { fail_msg("%s", clv_registry_message(i)); }
    assert_true(clv_registry_format_count() >= 3);
    for (size_t i = 1; i < clv_registry_format_count(); i++) {
        assert_true(strcmp(clv_registry_format(i - 1)->name, clv_registry_format(i)->name) < 0);
    }
    assert_null(clv_registry_format(clv_registry_format_count()));
}

static void names_nearly_right_get_a_hint(void **state)
{
    const clv_format *format = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_registry_find_format("vamas", &format, &err), CLV_OK);
    assert_int_equal(clv_registry_find_format("vamsa", &format, &err), CLV_NOT_FOUND);
    assert_string_equal(err.text, "there is no format 'vamsa' (did you mean vamas?)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones_are_taken_and_bad_ones_skipped),
        cmocka_unit_test(everything_built_in_is_in_order),
        cmocka_unit_test(names_nearly_right_get_a_hint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
