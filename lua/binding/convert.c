/* Lua values to the library's and back: texts, numbers, tables by place and by name, objects in their boxes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <string.h>

enum { DEEPEST = 32 };

/* What is being read, for sentences; `path` grows by the key of each table that is entered. */
typedef struct reading {
    const char *who;
    int depth;
    clv_error *err;
} reading;

static clv_status read_value(lua_State *L, int index, reading *at, clv_value **value);

static clv_status made(clv_value *value, clv_value **out, clv_error *err)
{
    CLV_CHECK(value, err, CLV_NO_MEMORY, "not enough memory");
    *out = value;
    return CLV_OK;
}

static clv_status read_text(lua_State *L, int index, reading *at, clv_value **value)
{
    size_t length;
    const char *text = lua_tolstring(L, index, &length);

    CLV_CHECK(strlen(text) == length, at->err, CLV_BAD_ARGUMENT, "%s: a text with a zero byte cannot be given",
              at->who);
    return made(clv_value_text(text), value, at->err);
}

/* The values at places 1 … n; a hole before the last is a mistake of the workflow's. */
static clv_status read_places(lua_State *L, int index, reading *at, clv_value *table)
{
    lua_Unsigned count = lua_rawlen(L, index);

    for (lua_Unsigned i = 1; i <= count; i++) {
        clv_value *item = NULL;
        clv_status status;
        lua_rawgeti(L, index, (lua_Integer)i);
        status = read_value(L, lua_gettop(L), at, &item);
        lua_pop(L, 1);
        CLV_TRY(status);
        CLV_TRY(clv_value_append(table, item, at->err));
    }
    return CLV_OK;
}

static clv_status read_named(lua_State *L, reading *at, clv_value *table)
{
    size_t length;
    const char *name = lua_tolstring(L, -2, &length);
    clv_value *item = NULL;
    clv_status status;

    CLV_CHECK(strlen(name) == length, at->err, CLV_BAD_ARGUMENT, "%s: a name with a zero byte cannot be given",
              at->who);
    status = read_value(L, lua_gettop(L), at, &item);
    if (status == CLV_BAD_ARGUMENT && at->err) {
        clv_error inner = *at->err;
        size_t skip = strncmp(inner.text, at->who, strlen(at->who)) == 0 ? strlen(at->who) + 2 : 0;
        return clv_fail(at->err, status, "%s: %s: %s", at->who, name, inner.text + skip);
    }
    CLV_TRY(status);
    return clv_value_set(table, name, item, at->err);
}

/* The values under names; keys that are neither names nor places 1 … n are mistakes. */
static clv_status read_names(lua_State *L, int index, reading *at, clv_value *table)
{
    lua_Unsigned count = lua_rawlen(L, index);
    clv_status status = CLV_OK;

    lua_pushnil(L);
    while (status == CLV_OK && lua_next(L, index)) {
        if (lua_type(L, -2) == LUA_TSTRING) {
            status = read_named(L, at, table);
        } else if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) < 1 || (lua_Unsigned)lua_tointeger(L, -2) > count) {
            status = clv_fail(at->err, CLV_BAD_ARGUMENT,
                              lua_isinteger(L, -2) ? "%s: a list has a hole before a place it fills"
                                                   : "%s: a table's keys are names, or places from 1 on",
                              at->who);
        }
        lua_pop(L, status ? 2 : 1);
    }
    return status;
}

static clv_status read_table(lua_State *L, int index, reading *at, clv_value **value)
{
    clv_status status;
    clv_value *table;

    CLV_CHECK(at->depth < DEEPEST && lua_checkstack(L, 8), at->err, CLV_BAD_ARGUMENT,
              "%s: tables are nested more than %d deep, or one holds itself", at->who, DEEPEST);
    table = clv_value_table();
    CLV_CHECK(table, at->err, CLV_NO_MEMORY, "not enough memory");
    at->depth++;
    status = read_places(L, index, at, table);
    if (status == CLV_OK) { status = read_names(L, index, at, table); }
    at->depth--;
    if (status) {
        clv_value_free(table);
        return status;
    }
    *value = table;
    return CLV_OK;
}

static clv_status read_value(lua_State *L, int index, reading *at, clv_value **value)
{
    switch (lua_type(L, index)) {
    case LUA_TNIL: return made(clv_value_nil(), value, at->err);
    case LUA_TBOOLEAN: return made(clv_value_boolean(lua_toboolean(L, index)), value, at->err);
    case LUA_TNUMBER: return made(clv_value_number(lua_tonumber(L, index)), value, at->err);
    case LUA_TSTRING: return read_text(L, index, at, value);
    case LUA_TTABLE: return read_table(L, index, at, value);
    default: break;
    }
    CLV_CHECK(clv_box_value(L, index), at->err, CLV_BAD_ARGUMENT, "%s: a %s cannot be given", at->who,
              lua_typename(L, lua_type(L, index)));
    return made(clv_value_ref(clv_box_value(L, index)), value, at->err);
}

clv_status clv_lua_read(lua_State *L, int index, const char *who, clv_value **value, clv_error *err)
{
    reading at = {.who = who, .err = err};

    CLV_CHECK(lua_checkstack(L, 8), err, CLV_NO_MEMORY, "not enough memory");
    return read_value(L, lua_absindex(L, index), &at, value);
}

static void push_table(lua_State *L, const clv_value *table)
{
    luaL_checkstack(L, 8, NULL);
    lua_newtable(L);
    for (size_t i = 0; i < clv_value_count(table); i++) {
        clv_lua_push(L, clv_value_at(table, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    for (size_t i = 0; i < clv_value_name_count(table); i++) {
        const char *name = clv_value_name_at(table, i);
        clv_lua_push(L, clv_value_get(table, name));
        lua_setfield(L, -2, name);
    }
}

void clv_lua_push(lua_State *L, const clv_value *value)
{
    clv_box *box;

    switch (clv_value_kind(value)) {
    case CLV_NIL: lua_pushnil(L); return;
    case CLV_BOOLEAN: lua_pushboolean(L, clv_value_as_boolean(value)); return;
    case CLV_NUMBER: lua_pushnumber(L, clv_value_as_number(value)); return;
    case CLV_TEXT: lua_pushstring(L, clv_value_as_text(value)); return;
    case CLV_TABLE: push_table(L, value); return;
    default: break;
    }
    box = clv_box_push(L);
    box->value = clv_value_ref(value);
    clv_box_dress(L);
}
