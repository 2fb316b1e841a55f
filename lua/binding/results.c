/* `fit["Co2+"]`: the parameters of one component of a fit, each of them a column: `.area`, `.position`, `.fwhm`.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <string.h>

/* Its address is the key of the metatable in Lua's registry. The userdata holds nothing; its user value 1 is the fit,
   2 the component's name. */
static const char key;

static const clv_fit *fit_of(lua_State *L, int index)
{
    lua_getiuservalue(L, index, 1);
    return clv_value_as_object(clv_box_value(L, -1), CLV_FIT);
}

static const char *name_of(lua_State *L, int index)
{
    lua_getiuservalue(L, index, 2);
    return lua_tostring(L, -1);
}

/* The part of a parameter's name behind "component.", NULL for another component's. */
static const char *own_part(const char *parameter, const char *component)
{
    size_t length = strlen(component);

    return strncmp(parameter, component, length) == 0 && parameter[length] == '.' ? parameter + length + 1 : NULL;
}

/* The parameters of one component, seen as a list of names. */
typedef struct own_list {
    const clv_fit *fit;
    const char *component;
} own_list;

static size_t own_count(const own_list *list)
{
    size_t count = 0;

    for (size_t i = 0; i < clv_fit_parameter_count(list->fit); i++) {
        count += own_part(clv_fit_parameter_name(list->fit, i), list->component) != NULL;
    }
    return count;
}

static const char *own_name(const void *payload, size_t place)
{
    const own_list *list = payload;

    for (size_t i = 0; i < clv_fit_parameter_count(list->fit); i++) {
        const char *name = own_part(clv_fit_parameter_name(list->fit, i), list->component);
        if (name && place-- == 0) { return name; }
    }
    return "";
}

static int results_index(lua_State *L)
{
    own_list list = {fit_of(L, 1), name_of(L, 1)};
    const char *name = luaL_checkstring(L, 2);
    const char *full = lua_pushfstring(L, "%s.%s", list.component, name);
    clv_box *box = clv_box_push(L);
    clv_columns *column = NULL;
    clv_error err = {0};

    if (clv_fit_parameter_find(list.fit, full) == SIZE_MAX) {
        const char *near = clv_nearest(name, own_count(&list), own_name, &list);
        return clv_raise_text(L, "the fit's \"%s\" has no parameter %s%s%s%s", list.component, name,
                              near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    if (clv_fit_column(list.fit, full, &column, &err)) { return clv_raise(L, &err, 0); }
    box->value = clv_value_object(CLV_COLUMNS, column);
    if (!box->value) { return luaL_error(L, "not enough memory"); }
    clv_box_dress(L);
    return 1;
}

static int results_text(lua_State *L)
{
    own_list list = {fit_of(L, 1), name_of(L, 1)};
    luaL_Buffer text;

    luaL_buffinit(L, &text);
    luaL_addstring(&text, list.component);
    luaL_addstring(&text, ":");
    for (size_t i = 0; i < own_count(&list); i++) {
        luaL_addstring(&text, i ? ", " : " ");
        luaL_addstring(&text, own_name(&list, i));
    }
    luaL_pushresult(&text);
    return 1;
}

static int results_newindex(lua_State *L) { return clv_raise_text(L, "the results of a fit are not changed"); }

void clv_results_open(lua_State *L)
{
    static const luaL_Reg metamethods[] = {
        {"__index", results_index}, {"__newindex", results_newindex}, {"__tostring", results_text}, {NULL, NULL}};

    luaL_newlib(L, metamethods);
    lua_pushliteral(L, "corelevel fit component");
    lua_setfield(L, -2, "__name");
    lua_pushliteral(L, "corelevel");
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
}

/* The component's name that a parameter begins with, cut into `name`; the last dot separates. */
static void component_of(const char *parameter, char *name, size_t size)
{
    const char *dot = strrchr(parameter, '.');
    size_t length = dot ? (size_t)(dot - parameter) : strlen(parameter);

    if (length >= size) { length = size - 1; }
    memcpy(name, parameter, length);
    name[length] = 0;
}

static const char *component_name(const void *fit, size_t place) { return clv_fit_component_name(fit, place); }

int clv_results_push(lua_State *L, int fit_index, const char *component, clv_error *err)
{
    const clv_fit *fit = clv_value_as_object(clv_box_value(L, fit_index), CLV_FIT);
    const char *near;
    char name[256];

    for (size_t i = 0; i < clv_fit_parameter_count(fit); i++) {
        component_of(clv_fit_parameter_name(fit, i), name, sizeof name);
        if (strcmp(name, component) == 0) {
            lua_newuserdatauv(L, 0, 2);
            lua_pushvalue(L, fit_index);
            lua_setiuservalue(L, -2, 1);
            lua_pushstring(L, component);
            lua_setiuservalue(L, -2, 2);
            lua_rawgetp(L, LUA_REGISTRYINDEX, &key);
            lua_setmetatable(L, -2);
            return 1;
        }
    }
    near = clv_nearest(component, clv_fit_component_count(fit), component_name, fit);
    clv_fail(err, CLV_NOT_FOUND, "the fit has no component \"%s\"%s%s%s", component, near ? "; did you mean \"" : "",
             near ? near : "", near ? "\"?" : "");
    return 0;
}
