/* The Lua state of one run: the safe libraries, the sandbox, the module, and the workflow compiled from its text.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

static const clv_embedded *find_embedded(const char *name)
{
    const clv_embedded *file = clv_embedded_files;

    while (file->name && strcmp(file->name, name) != 0) { file++; }
    return file->name ? file : NULL;
}

/* Runs protected: opens libraries, shuts what workflows are not given, compiles the workflow. */
static int prepare(lua_State *L)
{
    static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
                                         {LUA_COLIBNAME, luaopen_coroutine},
                                         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_STRLIBNAME, luaopen_string},
                                         {LUA_MATHLIBNAME, luaopen_math},
                                         {LUA_UTF8LIBNAME, luaopen_utf8},
                                         {NULL, NULL}};
    clv_session *session = lua_touserdata(L, 1);
    const clv_embedded *sandbox = find_embedded("sandbox.lua");

    for (const luaL_Reg *library = libraries; library->func; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    clv_lua_set_host(L, &session->host);
    if (luaL_loadbufferx(L, (const char *)sandbox->text, sandbox->size, "=corelevel/sandbox.lua", "t")) {
        return lua_error(L);
    }
    clv_gate_push(session, L);
    lua_call(L, 1, 0);
    lua_pushfstring(L, "@%s", session->name);
    if (luaL_loadbufferx(L, session->text, session->length, lua_tostring(L, -1), "t")) { return lua_error(L); }
    return 1;
}

clv_status clv_state_new(clv_session *session, lua_State **state, clv_error *err)
{
    lua_State *L;
    clv_status status = CLV_OK;

    memset(&session->limits, 0, sizeof session->limits);
    L = lua_newstate(clv_limits_allocate, session);
    CLV_CHECK(L, err, CLV_NO_MEMORY, "not enough memory");
    *(clv_session **)lua_getextraspace(L) = session;
    clv_limits_start(session, L);
    lua_pushcfunction(L, prepare);
    lua_pushlightuserdata(L, session);
    if (lua_pcall(L, 1, 1, 0)) {
        status = clv_fail(err, session->limits.out_of_memory ? CLV_LIMIT : CLV_BAD_ARGUMENT, "%s", lua_tostring(L, -1));
        lua_close(L);
        return status;
    }
    *state = L;
    return CLV_OK;
}
