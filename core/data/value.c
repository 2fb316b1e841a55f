/* Makes and reads values: numbers, texts, tables, and objects of which only their count is known here.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/value.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "object.h"
#include "texts.h"

typedef struct named {
    char *name;
    clv_value *value;
} named;

struct clv_value {
    clv_object base; /* its kind is the value's */
    double number;   /* a number, a fixed number, or a truth as 0 or 1 */
    char *text;      /* a text, or the name of a component's type */
    void *object;    /* an object, or the options of a component */
    clv_value **at;  /* a table's values by place */
    size_t count, room;
    named *names; /* a table's values by name, sorted */
    size_t name_count, name_room;
};

const char *clv_kind_name(clv_kind kind)
{
    static const char *const names[CLV_KINDS] = {"nil",     "boolean",   "number", "text", "table", "record", "spectra",
                                                 "columns", "component", "model",  "fit",  "group", "fixed"};

    return (unsigned)kind < CLV_KINDS ? names[kind] : "unknown";
}

const char *clv_kind_phrase(clv_kind kind)
{
    static const char *const phrases[CLV_KINDS] = {"nil",      "a boolean", "a number",      "a text",      "a table",
                                                   "a record", "spectra",   "columns",       "a component", "a model",
                                                   "a fit",    "a group",   "a fixed number"};

    return (unsigned)kind < CLV_KINDS ? phrases[kind] : "something unknown";
}

static void destroy_value(void *object)
{
    clv_value *value = object;

    for (size_t i = 0; i < value->count; i++) { clv_value_free(value->at[i]); }
    for (size_t i = 0; i < value->name_count; i++) {
        free(value->names[i].name);
        clv_value_free(value->names[i].value);
    }
    free(value->at);
    free(value->names);
    free(value->text);
    clv_object_free(value->object);
    free(value);
}

static clv_value *new_value(clv_kind kind) { return clv_object_new(sizeof(clv_value), kind, destroy_value); }

static clv_value *new_number(clv_kind kind, double number)
{
    clv_value *value = new_value(kind);

    if (value) { value->number = number; }
    return value;
}

clv_value *clv_value_nil(void) { return new_value(CLV_NIL); }
clv_value *clv_value_boolean(int truth) { return new_number(CLV_BOOLEAN, truth != 0); }
clv_value *clv_value_number(double number) { return new_number(CLV_NUMBER, number); }
clv_value *clv_value_fixed(double number) { return new_number(CLV_FIXED, number); }
clv_value *clv_value_table(void) { return new_value(CLV_TABLE); }

clv_value *clv_value_text(const char *text)
{
    clv_value *value = new_value(CLV_TEXT);

    if (value && !(value->text = clv_texts_copy(text))) {
        clv_value_free(value);
        return NULL;
    }
    return value;
}

clv_value *clv_value_component(const char *type, clv_value *options_take)
{
    clv_value *value = clv_value_object(CLV_COMPONENT, options_take);

    if (value && !(value->text = clv_texts_copy(type))) {
        clv_value_free(value);
        return NULL;
    }
    return value;
}

clv_value *clv_value_object(clv_kind kind, void *object_take)
{
    clv_value *value = object_take ? new_value(kind) : NULL;

    if (!value) {
        clv_object_free(object_take);
        return NULL;
    }
    value->object = object_take;
    return value;
}

clv_value *clv_value_ref(const clv_value *value) { return clv_object_ref(value); }
void clv_value_free(clv_value *value) { clv_object_free(value); }

static clv_status check_table(const clv_value *table, const clv_value *value, clv_error *err)
{
    CLV_CHECK(table && value, err, CLV_NO_MEMORY, "no memory for a value");
    CLV_CHECK(clv_value_kind(table) == CLV_TABLE && table != value, err, CLV_BAD_ARGUMENT,
              "%s cannot hold values; only a table can, and not itself", clv_kind_phrase(clv_value_kind(table)));
    return CLV_OK;
}

static clv_status append(clv_value *table, clv_value *value, clv_error *err)
{
    CLV_TRY(check_table(table, value, err));
    if (table->count == table->room) {
        size_t room = table->room ? 2 * table->room : 4;
        clv_value **at = reallocarray(table->at, room, sizeof(clv_value *));

        CLV_CHECK(at, err, CLV_NO_MEMORY, "no memory for a table of %zu values", room);
        table->at = at;
        table->room = room;
    }
    table->at[table->count++] = value;
    return CLV_OK;
}

clv_status clv_value_append(clv_value *table, clv_value *value_take, clv_error *err)
{
    clv_status status = append(table, value_take, err);

    if (status) { clv_value_free(value_take); }
    return status;
}

/* Finds where `name` stands, or where it would stand. */
static size_t seek_name(const clv_value *table, const char *name, int *found)
{
    size_t low = 0, high = table->name_count;

    *found = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, table->names[middle].name);

        if (order == 0) {
            *found = 1;
            return middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static clv_status insert_name(clv_value *table, size_t place, const char *name, clv_value *value, clv_error *err)
{
    char *copy;

    CLV_CHECK(table->name_count < CLV_VALUE_MAX_NAMES, err, CLV_BAD_ARGUMENT, "a table has more than %d names",
              CLV_VALUE_MAX_NAMES);
    if (table->name_count == table->name_room) {
        size_t room = table->name_room ? 2 * table->name_room : 4;
        named *names = reallocarray(table->names, room, sizeof *names);

        CLV_CHECK(names, err, CLV_NO_MEMORY, "no memory for a table of %zu names", room);
        table->names = names;
        table->name_room = room;
    }
    copy = strdup(name); /* as it is, so that the order holds */
    CLV_CHECK(copy, err, CLV_NO_MEMORY, "no memory for a name");
    memmove(&table->names[place + 1], &table->names[place], (table->name_count - place) * sizeof *table->names);
    table->names[place] = (named){copy, value};
    table->name_count++;
    return CLV_OK;
}

static clv_status set(clv_value *table, const char *name, clv_value *value, clv_error *err)
{
    int found;
    size_t place;

    CLV_TRY(check_table(table, value, err));
    place = seek_name(table, name, &found);
    if (!found) { return insert_name(table, place, name, value, err); }
    clv_value_free(table->names[place].value);
    table->names[place].value = value;
    return CLV_OK;
}

clv_status clv_value_set(clv_value *table, const char *name, clv_value *value_take, clv_error *err)
{
    clv_status status = set(table, name, value_take, err);

    if (status) { clv_value_free(value_take); }
    return status;
}

clv_kind clv_value_kind(const clv_value *value) { return value ? value->base.kind : CLV_NIL; }

int clv_value_as_boolean(const clv_value *value)
{
    return clv_value_kind(value) == CLV_BOOLEAN && value->number != 0.0;
}

double clv_value_as_number(const clv_value *value)
{
    clv_kind kind = clv_value_kind(value);

    return kind == CLV_NUMBER || kind == CLV_FIXED ? value->number : NAN;
}

const char *clv_value_as_text(const clv_value *value) { return clv_value_kind(value) == CLV_TEXT ? value->text : NULL; }

void *clv_value_as_object(const clv_value *value, clv_kind kind)
{
    return value && value->base.kind == kind && kind != CLV_COMPONENT ? value->object : NULL;
}

const char *clv_value_component_type(const clv_value *value)
{
    return clv_value_kind(value) == CLV_COMPONENT ? value->text : NULL;
}

const clv_value *clv_value_component_options(const clv_value *value)
{
    return clv_value_kind(value) == CLV_COMPONENT ? value->object : NULL;
}

size_t clv_value_count(const clv_value *table) { return table ? table->count : 0; }

const clv_value *clv_value_at(const clv_value *table, size_t place)
{
    return table && place < table->count ? table->at[place] : NULL;
}

const clv_value *clv_value_get(const clv_value *table, const char *name)
{
    int found;
    size_t place;

    if (!table || !name) { return NULL; }
    place = seek_name(table, name, &found);
    return found ? table->names[place].value : NULL;
}

size_t clv_value_name_count(const clv_value *table) { return table ? table->name_count : 0; }

const char *clv_value_name_at(const clv_value *table, size_t place)
{
    return table && place < table->name_count ? table->names[place].name : NULL;
}

void clv_text_free(char *text) { free(text); }
