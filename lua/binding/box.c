/* Boxes: values in Lua's hands, with one metatable for each kind, freed by the collector or at the end of a scope.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <string.h>

/* Addresses in this array are the keys of the metatables in Lua's registry: one for each kind, CLV_NIL for an empty
   box. */
static const char metatable_of[CLV_KINDS];

/* The address of this is the key under which every one of those metatables says that it is one. */
static const char is_box;

clv_box *clv_box_push(lua_State *L)
{
    clv_box *box = lua_newuserdatauv(L, sizeof *box, 0);

    box->value = NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_of[CLV_NIL]);
    lua_setmetatable(L, -2);
    return box;
}

void clv_box_dress(lua_State *L)
{
    const clv_box *box = lua_touserdata(L, -1);

    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_of[clv_value_kind(box->value)]);
    lua_setmetatable(L, -2);
}

clv_value *clv_box_value(lua_State *L, int index)
{
    int ours = 0;

    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) { return NULL; }
    ours = lua_rawgetp(L, -1, &is_box) == LUA_TBOOLEAN;
    lua_pop(L, 2);
    return ours ? ((clv_box *)lua_touserdata(L, index))->value : NULL;
}

static int box_free(lua_State *L)
{
    if (clv_box_value(L, 1)) {
        clv_box *box = lua_touserdata(L, 1);
        clv_value *value = box->value;
        box->value = NULL;
        clv_value_free(value);
    }
    return 0;
}

/* Texts of objects end without a line feed: `print` adds its own. */
static int box_text(lua_State *L)
{
    const clv_value *value = clv_box_value(L, 1);
    clv_error err = {0};
    char *text = NULL;
    size_t length;

    if (!value) {
        lua_pushliteral(L, "corelevel value that was freed");
        return 1;
    }
    if (clv_value_print(value, &text, &err)) { return clv_raise(L, &err, 0); }
    length = strlen(text);
    while (length > 0 && text[length - 1] == '\n') { length--; }
    lua_pushlstring(L, text, length);
    clv_text_free(text);
    return 1;
}

static int box_concatenate(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    luaL_tolstring(L, 2, NULL);
    lua_concat(L, 2);
    return 1;
}

static int box_length(lua_State *L)
{
    const clv_value *value = clv_box_value(L, 1);
    clv_kind kind = clv_value_kind(value);

    switch (kind) {
    case CLV_RECORD: lua_pushinteger(L, (lua_Integer)clv_record_count(clv_value_as_object(value, kind))); break;
    case CLV_SPECTRA: lua_pushinteger(L, (lua_Integer)clv_spectra_count(clv_value_as_object(value, kind))); break;
    case CLV_COLUMNS: lua_pushinteger(L, (lua_Integer)clv_columns_points(clv_value_as_object(value, kind))); break;
    case CLV_GROUP: lua_pushinteger(L, (lua_Integer)clv_group_count(clv_value_as_object(value, kind))); break;
    case CLV_MODEL: lua_pushinteger(L, (lua_Integer)clv_model_count(clv_value_as_object(value, kind))); break;
    default: return clv_raise_text(L, "%s has no length", clv_kind_phrase(kind));
    }
    return 1;
}

/* `record[1]`, `list[2]`: the only place that counts from 1. */
static int index_place(lua_State *L, const clv_value *value)
{
    clv_kind kind = clv_value_kind(value);
    lua_Integer place = lua_tointeger(L, 2);
    const clv_value *member = NULL;
    size_t count = 0;

    if (kind == CLV_RECORD) { count = clv_record_count(clv_value_as_object(value, kind)); }
    if (kind == CLV_GROUP) { count = clv_group_count(clv_value_as_object(value, kind)); }
    if (count == 0 && kind != CLV_RECORD && kind != CLV_GROUP) {
        return clv_raise_text(L, "%s has nothing at place %d", clv_kind_phrase(kind), (int)place);
    }
    if (place < 1 || (size_t)place > count) {
        lua_pushnil(L);
        return 1;
    }
    if (kind == CLV_GROUP) {
        member = clv_group_at(clv_value_as_object(value, kind), (size_t)place - 1);
        clv_lua_push(L, member);
    } else {
        clv_box *box = clv_box_push(L);
        clv_spectra *spectra = clv_record_at(clv_value_as_object(value, kind), (size_t)place - 1);
        box->value = clv_value_object(CLV_SPECTRA, clv_spectra_ref(spectra));
        if (!box->value) { return luaL_error(L, "not enough memory"); }
        clv_box_dress(L);
    }
    return 1;
}

static int box_index(lua_State *L)
{
    const clv_value *value = clv_box_value(L, 1);

    if (!value) { return clv_raise_text(L, "this value was freed"); }
    if (lua_isinteger(L, 2)) { return index_place(L, value); }
    if (lua_type(L, 2) != LUA_TSTRING) {
        return clv_raise_text(L, "a %s is indexed by names and places, not by a %s",
                              clv_kind_name(clv_value_kind(value)), luaL_typename(L, 2));
    }
    return clv_index_name(L, value, lua_tostring(L, 2));
}

static int box_newindex(lua_State *L)
{
    return clv_raise_text(L, "values are not changed: an operation on a %s gives a new one",
                          clv_kind_name(clv_value_kind(clv_box_value(L, 1))));
}

static int box_equal(lua_State *L)
{
    const clv_value *a = clv_box_value(L, 1), *b = clv_box_value(L, 2);
    clv_kind kind = clv_value_kind(a);

    lua_pushboolean(L, a && b &&
                           (a == b || (kind == clv_value_kind(b) && clv_value_as_object(a, kind) &&
                                       clv_value_as_object(a, kind) == clv_value_as_object(b, kind))));
    return 1;
}

/* `for place, spectra in ipairs(record)` works by itself; `pairs` gives names (or places) and members. */
static int next_member(lua_State *L)
{
    const clv_value *value = clv_box_value(L, lua_upvalueindex(1));
    size_t place = (size_t)lua_tointeger(L, lua_upvalueindex(2));
    const clv_group *group = clv_value_as_object(value, CLV_GROUP);
    size_t count = group ? clv_group_count(group) : clv_record_count(clv_value_as_object(value, CLV_RECORD));

    if (place >= count) { return 0; }
    lua_pushinteger(L, (lua_Integer)place + 1);
    lua_copy(L, -1, lua_upvalueindex(2));
    if (group && clv_group_name(group, place)) {
        lua_pop(L, 1);
        lua_pushstring(L, clv_group_name(group, place));
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_geti(L, -1, (lua_Integer)place + 1);
    lua_remove(L, -2);
    return 2;
}

static int box_pairs(lua_State *L)
{
    clv_kind kind = clv_value_kind(clv_box_value(L, 1));

    if (kind != CLV_GROUP && kind != CLV_RECORD) {
        return clv_raise_text(L, "%s holds no members to go through", clv_kind_phrase(kind));
    }
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_member, 2);
    return 1;
}

static const luaL_Reg metamethods[] = {
    {"__gc", box_free},           {"__close", box_free},  {"__tostring", box_text}, {"__concat", box_concatenate},
    {"__len", box_length},        {"__index", box_index}, {"__eq", box_equal},      {"__pairs", box_pairs},
    {"__newindex", box_newindex}, {NULL, NULL},
};

void clv_boxes_open(lua_State *L)
{
    for (int kind = CLV_NIL; kind < CLV_KINDS; kind++) {
        lua_newtable(L);
        luaL_setfuncs(L, metamethods, 0);
        luaL_setfuncs(L, clv_arithmetic, 0);
        lua_pushfstring(L, "corelevel %s", clv_kind_name((clv_kind)kind));
        lua_setfield(L, -2, "__name");
        lua_pushliteral(L, "corelevel");
        lua_setfield(L, -2, "__metatable");
        lua_pushboolean(L, 1);
        lua_rawsetp(L, -2, &is_box);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_of[kind]);
    }
}
