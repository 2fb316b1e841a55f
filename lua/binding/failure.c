/* Raising: the library's sentence behind the file and line of the workflow that asked.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The address of this is the key of the set of the comfort's sources in Lua's registry. */
static const char key;

static void push_comfort(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key) == LUA_TTABLE) { return; }
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
}

int clv_comfort_mark(lua_State *L)
{
    lua_Debug at;

    if (!lua_getstack(L, 1, &at)) { return 0; }
    lua_getinfo(L, "S", &at);
    push_comfort(L);
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, at.source);
    return 0;
}

/* Whether a chunk is part of the comfort, whose lines say nothing to the user; so is all that was compiled in. */
static int is_comfort(lua_State *L, const char *source)
{
    int ours;

    push_comfort(L);
    lua_getfield(L, -1, source);
    ours = lua_toboolean(L, -1) || strncmp(source, "=corelevel/", strlen("=corelevel/")) == 0;
    lua_pop(L, 2);
    return ours;
}

const char *clv_where_push(lua_State *L)
{
    lua_Debug at;

    for (int level = 1; lua_getstack(L, level, &at); level++) {
        lua_getinfo(L, "Sl", &at);
        if (at.currentline > 0 && !is_comfort(L, at.source)) {
            return lua_pushfstring(L, "%s:%d: ", at.short_src, at.currentline);
        }
    }
    lua_pushliteral(L, "");
    return "";
}

int clv_raise(lua_State *L, const clv_error *err, int reading)
{
    const clv_lua_host *host = clv_lua_host_of(L);

    if (host->failed) { host->failed(host->payload, err, reading); }
    clv_where_push(L);
    lua_pushstring(L, err->text[0] ? err->text : clv_status_name(err->status));
    lua_concat(L, 2);
    return lua_error(L);
}

int clv_raise_text(lua_State *L, const char *format, ...)
{
    clv_error err = {.status = CLV_BAD_ARGUMENT};
    va_list list;

    va_start(list, format);
    vsnprintf(err.text, sizeof err.text, format, list);
    va_end(list);
    return clv_raise(L, &err, 0);
}

void clv_enter(lua_State *L)
{
    const clv_lua_host *host = clv_lua_host_of(L);
    clv_error err = {0};

    if (host->enter && host->enter(host->payload, &err)) { clv_raise(L, &err, 0); }
}
