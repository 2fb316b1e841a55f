/* Values: tables keep order and names, objects are counted. Expected values follow from the face's own words.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/value.h>

#include "data/object.h"

static void test_value__reads_its_own_kind_only(void **state)
{
    clv_value *number = clv_value_number(2.5), *fixed = clv_value_fixed(1.5), *text = clv_value_text("C 1s");
    clv_value *truth = clv_value_boolean(7);

    (void)state;
    assert_true(clv_value_as_number(number) == 2.5);
    assert_true(clv_value_as_number(fixed) == 1.5);
    assert_int_equal(clv_value_kind(fixed), CLV_FIXED);
    assert_true(isnan(clv_value_as_number(text)));
    assert_null(clv_value_as_text(number));
    assert_string_equal(clv_value_as_text(text), "C 1s");
    assert_int_equal(clv_value_as_boolean(truth), 1);
    assert_int_equal(clv_value_as_boolean(number), 0);
    assert_int_equal(clv_value_kind(NULL), CLV_NIL);
    assert_string_equal(clv_kind_name(CLV_FIT), "fit");
    assert_string_equal(clv_kind_name(CLV_FIXED), "fixed");
    assert_string_equal(clv_kind_name(CLV_KINDS), "unknown");
    clv_value_free(number);
    clv_value_free(fixed);
    clv_value_free(text);
    clv_value_free(truth);
}

static void test_value__table_sorts_names_and_replaces(void **state)
{
    clv_value *table = clv_value_table();
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_value_set(table, "range", clv_value_number(1), &err), CLV_OK);
    assert_int_equal(clv_value_set(table, "at", clv_value_number(2), &err), CLV_OK);
    assert_int_equal(clv_value_set(table, "line", clv_value_number(3), &err), CLV_OK);
    assert_int_equal(clv_value_set(table, "at", clv_value_number(4), &err), CLV_OK);
    assert_int_equal(clv_value_append(table, clv_value_number(5), &err), CLV_OK);
    assert_int_equal(clv_value_name_count(table), 3);
    assert_string_equal(clv_value_name_at(table, 0), "at");
    assert_string_equal(clv_value_name_at(table, 2), "range");
    assert_null(clv_value_name_at(table, 3));
    assert_true(clv_value_as_number(clv_value_get(table, "at")) == 4);
    assert_true(clv_value_as_number(clv_value_at(table, 0)) == 5);
    assert_null(clv_value_get(table, "no"));
    assert_null(clv_value_at(table, 1));
    clv_value_free(table);
}

static void test_value__append_refuses_what_is_no_table(void **state)
{
    clv_value *number = clv_value_number(1), *table = clv_value_table();
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_value_append(number, clv_value_number(2), &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_value_append(table, NULL, &err), CLV_NO_MEMORY);
    assert_int_equal(clv_value_set(table, "x", NULL, &err), CLV_NO_MEMORY);
    assert_int_equal(clv_value_append(table, clv_value_ref(table), &err), CLV_BAD_ARGUMENT);
    clv_value_free(number);
    clv_value_free(table);
}

static void test_value__names_are_bounded(void **state)
{
    clv_value *table = clv_value_table();
    clv_error err = {0};
    char name[32];

    (void)state;
    for (int i = 0; i < CLV_VALUE_MAX_NAMES; i++) {
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(clv_value_set(table, name, clv_value_nil(), &err), CLV_OK);
    }
    assert_int_equal(clv_value_set(table, "one more", clv_value_nil(), &err), CLV_BAD_ARGUMENT);
    clv_value_free(table);
}

typedef struct thing {
    clv_object base;
    int *freed;
} thing;

static void destroy_thing(void *object)
{
    (*((thing *)object)->freed)++;
    free(object);
}

static void test_value__frees_any_object_with_its_last_holder(void **state)
{
    int freed = 0;
    thing *object = clv_object_new(sizeof *object, CLV_FIT, destroy_thing);
    clv_value *value, *again;

    (void)state;
    object->freed = &freed;
    value = clv_value_object(CLV_FIT, clv_object_ref(object));
    again = clv_value_ref(value);
    assert_ptr_equal(clv_value_as_object(value, CLV_FIT), object);
    assert_null(clv_value_as_object(value, CLV_MODEL));
    clv_value_free(value);
    clv_object_free(object);
    assert_int_equal(freed, 0);
    clv_value_free(again);
    assert_int_equal(freed, 1);
    assert_null(clv_value_object(CLV_FIT, NULL));
}

static void test_value__component_holds_type_and_options(void **state)
{
    clv_value *options = clv_value_table();
    clv_value *component;

    (void)state;
    assert_int_equal(clv_value_append(options, clv_value_text("Co3+"), NULL), CLV_OK);
    component = clv_value_component("doublet", options);
    assert_string_equal(clv_value_component_type(component), "doublet");
    assert_string_equal(clv_value_as_text(clv_value_at(clv_value_component_options(component), 0)), "Co3+");
    assert_null(clv_value_component_options(options));
    assert_null(clv_value_component("peak", NULL));
    clv_value_free(component);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value__reads_its_own_kind_only),
        cmocka_unit_test(test_value__table_sorts_names_and_replaces),
        cmocka_unit_test(test_value__append_refuses_what_is_no_table),
        cmocka_unit_test(test_value__names_are_bounded),
        cmocka_unit_test(test_value__frees_any_object_with_its_last_holder),
        cmocka_unit_test(test_value__component_holds_type_and_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
