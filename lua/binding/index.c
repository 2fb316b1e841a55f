/* What stands behind a name on an object: an operation, what it holds under that name, or a reading of it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <math.h>
#include <string.h>

/* Whether a name looks like one of an operation rather than a line or a sample. */
static int is_word(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_");

    return length > 2 && name[length] == 0;
}

static int push_object(lua_State *L, clv_box *box, clv_kind kind, void *object_take)
{
    box->value = clv_value_object(kind, object_take);
    if (!box->value) { return luaL_error(L, "not enough memory"); }
    clv_box_dress(L);
    return 1;
}

static int index_record(lua_State *L, const clv_record *record, const char *name, clv_error *err)
{
    clv_box *box = clv_box_push(L);
    clv_spectra *found = NULL;
    const clv_line *line = NULL;
    double energy = clv_lines_find(name, NULL, &line, NULL) == CLV_OK ? line->energy : NAN;

    if (clv_record_find(record, name, energy, &found, err)) { return 0; }
    return push_object(L, box, CLV_SPECTRA, clv_spectra_ref(found));
}

static const char *columns_name(const void *columns, size_t place) { return clv_columns_name(columns, place); }

static int index_columns(lua_State *L, const clv_columns *columns, const char *name, clv_error *err)
{
    clv_box *box = clv_box_push(L);
    clv_columns *one = NULL;
    size_t place = clv_columns_find(columns, name);
    const char *near = clv_nearest(name, clv_columns_count(columns), columns_name, columns);

    if (place == SIZE_MAX) {
        clv_fail(err, CLV_NOT_FOUND, "there is no column \"%s\"%s%s%s", name, near ? "; did you mean \"" : "",
                 near ? near : "", near ? "\"?" : "");
        return 0;
    }
    if (clv_columns_pick(columns, place, &one, err)) { return 0; }
    return push_object(L, box, CLV_COLUMNS, one);
}

static const char *group_name(const void *group, size_t place)
{
    const char *name = clv_group_name(group, place);

    return name ? name : "";
}

static int index_member(lua_State *L, const clv_group *group, const char *name, clv_error *err)
{
    size_t count = clv_group_count(group);
    const char *near = clv_nearest(name, count, group_name, group);

    for (size_t i = 0; i < count; i++) {
        if (clv_group_name(group, i) && strcmp(clv_group_name(group, i), name) == 0) {
            clv_lua_push(L, clv_group_at(group, i));
            return 1;
        }
    }
    clv_fail(err, CLV_NOT_FOUND, "there is no member \"%s\"%s%s%s", name, near && *near ? "; did you mean \"" : "",
             near && *near ? near : "", near && *near ? "\"?" : "");
    return 0;
}

/* A name is looked up on each member, which keep their own names: `cl.list{ a, b }["Co 2p"]`. */
static int index_each(lua_State *L, const clv_group *group, const char *name, clv_error *err)
{
    clv_box *box = clv_box_push(L);
    clv_group *made = clv_group_new();
    size_t count = clv_group_count(group);

    if (!made) { return luaL_error(L, "not enough memory"); }
    push_object(L, box, CLV_GROUP, made);
    for (size_t i = 0; i < count; i++) {
        clv_lua_push(L, clv_group_at(group, i));
        lua_getfield(L, -1, name);
        if (!clv_box_value(L, -1)) {
            clv_fail(err, CLV_BAD_ARGUMENT, "\"%s\" of a group's members is not an object", name);
            return 0;
        }
        if (clv_group_add(made, clv_group_name(group, i), clv_value_ref(clv_box_value(L, -1)), err)) { return 0; }
        lua_pop(L, 2);
    }
    return 1;
}

/* A comparison's own member; else, of records and columns, what each of them has under that name. */
static int index_group(lua_State *L, const clv_group *group, const char *name, clv_error *err)
{
    clv_kind kind = clv_group_kind(group);
    int named = clv_group_count(group) == 0 || clv_group_name(group, 0) != NULL;

    if (named && index_member(L, group, name, err)) { return 1; }
    return !named || kind == CLV_RECORD || kind == CLV_COLUMNS ? index_each(L, group, name, err) : 0;
}

static int index_contents(lua_State *L, const clv_value *value, const char *name, clv_error *err)
{
    clv_kind kind = clv_value_kind(value);
    void *object = clv_value_as_object(value, kind);

    switch (kind) {
    case CLV_RECORD: return index_record(L, object, name, err);
    case CLV_COLUMNS: return index_columns(L, object, name, err);
    case CLV_FIT: return clv_results_push(L, 1, name, err);
    case CLV_GROUP: return index_group(L, object, name, err);
    default: clv_fail(err, CLV_NOT_FOUND, "%s has no \"%s\"", clv_kind_phrase(kind), name); return 0;
    }
}

int clv_index_name(lua_State *L, const clv_value *value, const char *name)
{
    clv_error no_operation = {0}, no_contents = {0};
    int word = is_word(name);

    if (clv_method_find(value, name, NULL, &no_operation)) {
        clv_method_push(L, name);
        return 1;
    }
    if (clv_reading_push(L, value, name)) { return 1; }
    if (index_contents(L, value, name, &no_contents)) { return 1; }
    word = word && (clv_value_kind(value) != CLV_GROUP || strstr(no_operation.text, "did you mean"));
    return clv_raise(L, word || no_contents.status == CLV_OK ? &no_operation : &no_contents, 0);
}
