/* Where the host of a Lua state is kept, so that the module finds it in a workflow and misses nothing without one.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"

/* Its address is the key in Lua's registry. */
static const char key;

void clv_lua_set_host(lua_State *L, const clv_lua_host *host)
{
    lua_pushlightuserdata(L, (void *)host);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
}

const clv_lua_host *clv_lua_host_of(lua_State *L)
{
    static const clv_lua_host none;
    const clv_lua_host *host = NULL;

    lua_rawgetp(L, LUA_REGISTRYINDEX, &key);
    host = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return host ? host : &none;
}

int clv_lua_withholds(lua_State *L)
{
    const clv_lua_host *host = clv_lua_host_of(L);

    return host->withholds && host->withholds(host->payload);
}
