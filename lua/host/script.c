/* A Lua program run in a state of its own, with all standard libraries.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "script.h"

#include <lauxlib.h>
#include <lualib.h>

/* Runs protected: sets `arg`, then the program. */
static int run(lua_State *L)
{
    const char *path = lua_touserdata(L, 1);
    const char *word = lua_touserdata(L, 2);

    luaL_openlibs(L);
    lua_createtable(L, 1, 1);
    lua_pushstring(L, path);
    lua_rawseti(L, -2, 0);
    lua_pushstring(L, word);
    lua_rawseti(L, -2, 1);
    lua_setglobal(L, "arg");
    if (luaL_loadfilex(L, path, "t")) { return lua_error(L); }
    lua_call(L, 0, 0);
    return 0;
}

clv_status clv_script_run(const char *path, const char *word, clv_error *err)
{
    lua_State *L = luaL_newstate();
    clv_status status = CLV_OK;

    CLV_CHECK(L, err, CLV_NO_MEMORY, "not enough memory");
    lua_pushcfunction(L, run);
    lua_pushlightuserdata(L, (void *)path);
    lua_pushlightuserdata(L, (void *)word);
    if (lua_pcall(L, 2, 0, 0)) { status = clv_fail(err, CLV_CANNOT_WRITE, "%s", luaL_tolstring(L, -1, NULL)); }
    lua_close(L);
    return status;
}
