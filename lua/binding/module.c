/* The module `corelevel.core`: loading, making models and groups, components by name, what there is.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <stdlib.h>
#include <string.h>

/* Fills the box on top of the stack with an object and leaves it as the result. */
static int leave(lua_State *L, clv_box *box, clv_kind kind, void *object_take)
{
    box->value = clv_value_object(kind, object_take);
    if (!box->value) { return luaL_error(L, "not enough memory"); }
    clv_box_dress(L);
    return 1;
}

/* load(path, options): an object in place of a path is what has been loaded already, and stays as it is. */
static int load(lua_State *L)
{
    const clv_lua_host *host = clv_lua_host_of(L);
    clv_box *options, *made;
    clv_record *record = NULL;
    clv_error err = {0};
    clv_status status;
    char *resolved = NULL;

    if (clv_box_value(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }
    if (lua_type(L, 1) != LUA_TSTRING) {
        return clv_raise_text(L, "load: needs the path of a file, not a %s",
                              lua_isnone(L, 1) ? "nil" : luaL_typename(L, 1));
    }
    clv_enter(L);
    options = clv_box_push(L);
    clv_arguments_collect(L, options, 2, "load");
    made = clv_box_push(L);
    if (host->reading && host->reading(host->payload, lua_tostring(L, 1), &resolved, &err)) {
        return clv_raise(L, &err, 1);
    }
    status = clv_load(resolved ? resolved : lua_tostring(L, 1), options->value, &record, &err);
    free(resolved);
    if (status) { return clv_raise(L, &err, status == CLV_BAD_FILE || status == CLV_NOT_FOUND); }
    leave(L, made, CLV_RECORD, record);
    if (host->applied) {
        host->applied(host->payload, "load", NULL, made->value, NULL, clv_where_push(L));
        lua_pop(L, 1);
    }
    return 1;
}

static int model(lua_State *L)
{
    clv_box *components, *made;
    clv_model *object = NULL;
    clv_error err = {0};

    components = clv_box_push(L);
    clv_arguments_collect(L, components, 1, "model");
    made = clv_box_push(L);
    if (clv_model_new(components->value, &object, &err)) { return clv_raise(L, &err, 0); }
    return leave(L, made, CLV_MODEL, object);
}

/* component(type, …): checked at once, so that a mistake is told with the line that made it. */
static int component(lua_State *L)
{
    const char *type = luaL_checkstring(L, 1);
    const clv_component *descriptor = NULL;
    clv_options *checked = NULL;
    clv_box *options, *made;
    clv_value *given;
    clv_error err = {0};

    if (clv_registry_find_component(type, &descriptor, &err)) { return clv_raise(L, &err, 0); }
    options = clv_box_push(L);
    clv_arguments_collect(L, options, 2, type);
    made = clv_box_push(L);
    if (clv_options_check(type, descriptor->parameters, options->value, &checked, &err)) {
        return clv_raise(L, &err, 0);
    }
    clv_options_free(checked);
    given = options->value;
    options->value = NULL;
    made->value = clv_value_component(type, given);
    if (!made->value) { return luaL_error(L, "not enough memory"); }
    clv_box_dress(L);
    return 1;
}

static int fixed(lua_State *L)
{
    clv_box *box;

    if (lua_type(L, 1) != LUA_TNUMBER || lua_gettop(L) != 1) {
        return clv_raise_text(L, "fixed: needs one number, as in cl.fixed(15.0)");
    }
    box = clv_box_push(L);
    box->value = clv_value_fixed(lua_tonumber(L, 1));
    if (!box->value) { return luaL_error(L, "not enough memory"); }
    clv_box_dress(L);
    return 1;
}

static void add_member(lua_State *L, clv_group *group, const char *name, const char *who)
{
    clv_value *value = clv_box_value(L, -1);
    clv_error err = {0};

    if (!value) {
        clv_raise_text(L, "%s: %s%s%s is a %s, not an object of corelevel", who, name ? "\"" : "",
                       name ? name : "an item", name ? "\"" : "", luaL_typename(L, -1));
    }
    if (clv_group_add(group, name, clv_value_ref(value), &err)) {
        clv_error_at(&err, "%s", who);
        clv_raise(L, &err, 0);
    }
}

/* Makes an empty group in a box on top of the stack. */
static clv_group *group_push(lua_State *L)
{
    clv_box *box = clv_box_push(L);
    clv_group *group = clv_group_new();

    if (!group) { luaL_error(L, "not enough memory"); }
    leave(L, box, CLV_GROUP, group);
    return group;
}

static int list(lua_State *L)
{
    lua_Unsigned count;
    clv_group *group;

    if (!lua_istable(L, 1)) { return clv_raise_text(L, "list: needs a table, as in cl.list { a, b }"); }
    count = lua_rawlen(L, 1);
    group = group_push(L);
    for (lua_Unsigned i = 1; i <= count; i++) {
        lua_geti(L, 1, (lua_Integer)i);
        add_member(L, group, NULL, "list");
        lua_pop(L, 1);
    }
    return 1;
}

/* The names among the keys of the table at 1, sorted, as a list on top of the stack; returns how many. */
static size_t push_sorted_names(lua_State *L, const char *who)
{
    size_t count = 0;

    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        size_t at = count++;
        if (lua_type(L, -2) != LUA_TSTRING) {
            clv_raise_text(L, "%s: each member needs a name, as in cl.%s { P = a, SR = b }", who, who);
        }
        lua_pop(L, 1);
        for (; at > 0; at--) { /* insertion: the few members of a comparison */
            int before;
            lua_rawgeti(L, -2, (lua_Integer)at);
            before = strcmp(lua_tostring(L, -1), lua_tostring(L, -2)) > 0;
            if (!before) {
                lua_pop(L, 1);
                break;
            }
            lua_rawseti(L, -3, (lua_Integer)at + 1);
        }
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, (lua_Integer)at + 1);
    }
    return count;
}

static int compare(lua_State *L)
{
    clv_group *group;
    size_t count;
    int names;

    if (!lua_istable(L, 1)) { return clv_raise_text(L, "compare: needs a table, as in cl.compare { P = a, SR = b }"); }
    lua_settop(L, 1);
    count = push_sorted_names(L, "compare");
    names = lua_gettop(L);
    group = group_push(L);
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, names, (lua_Integer)i);
        lua_pushvalue(L, -1);
        lua_gettable(L, 1);
        add_member(L, group, lua_tostring(L, -2), "compare");
        lua_pop(L, 2);
    }
    return 1;
}

/* components(): the names of all components, which the comfort offers as cl.NAME. */
static int components(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < clv_registry_component_count(); i++) {
        lua_pushstring(L, clv_registry_component(i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static const char *listed_name(const void *payload, size_t place)
{
    lua_State *L = (lua_State *)payload;
    const char *name;

    lua_rawgeti(L, 2, (lua_Integer)place + 1);
    name = lua_tostring(L, -1);
    lua_pop(L, 1);
    return name ? name : "";
}

/* nearest(wrong, names): the name that may have been meant, or nil. */
static int nearest(lua_State *L)
{
    const char *wrong = luaL_checkstring(L, 1);

    luaL_checktype(L, 2, LUA_TTABLE);
    lua_pushstring(L, clv_nearest(wrong, lua_rawlen(L, 2), listed_name, L));
    return 1;
}

/* stands_on_group(name): whether an operation of that name stands on groups themselves. */
static int stands_on_group(lua_State *L)
{
    const clv_operation *operation = NULL;
    clv_status status = clv_registry_find_operation(luaL_checkstring(L, 1), CLV_GROUP, &operation, NULL);

    lua_pushboolean(L, status == CLV_OK && (operation->on & CLV_ON(CLV_GROUP)) != 0);
    return 1;
}

/* fail(text): raises with the line of the workflow, for the comfort. */
static int fail(lua_State *L) { return clv_raise_text(L, "%s", luaL_checkstring(L, 1)); }

const luaL_Reg clv_module_functions[] = {
    {"load", load},
    {"model", model},
    {"component", component},
    {"fixed", fixed},
    {"list", list},
    {"compare", compare},
    {"components", components},
    {"nearest", nearest},
    {"apply", clv_method_apply},
    {"report", clv_report_call},
    {"fail", fail},
    {"stands_on_group", stands_on_group},
    {"set_out", clv_stock_set_out},
    {"comfort", clv_comfort_mark},
    {NULL, NULL},
};

__attribute__((visibility("default"))) int luaopen_corelevel_core(lua_State *L)
{
    clv_boxes_open(L);
    clv_results_open(L);
    if (!clv_lua_host_of(L)->reading) {
        lua_pushcfunction(L, clv_stock_set_out);
        lua_call(L, 0, 0);
    }
    lua_newtable(L);
    luaL_setfuncs(L, clv_module_functions, 0);
    lua_pushstring(L, clv_version());
    lua_setfield(L, -2, "version");
    return 1;
}
