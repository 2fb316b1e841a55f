/* Workflows in a stock lua5.4: a host of a folder only, so that --out means there what it means to the command.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"
#include "paths.h"

/* The host and its folder in one userdata, which Lua's registry keeps alive. */
typedef struct stock {
    clv_lua_host host;
    const char *out;
} stock;

static clv_status reading(void *payload, const char *path, char **resolved, clv_error *err)
{
    (void)payload;
    return clv_path_read(path, resolved, err);
}

static clv_status writing(void *payload, const char *path, char **resolved, clv_error *err)
{
    const stock *self = payload;

    return clv_path_written(self->out, path, self->out == NULL, resolved, err);
}

/* The folder's text is kept as the userdata's user value. */
int clv_stock_set_out(lua_State *L)
{
    static const char key;
    stock *self;

    if (clv_lua_host_of(L)->enter) { return clv_raise_text(L, "a workflow that is run writes below its own --out"); }
    lua_settop(L, 1);
    self = lua_newuserdatauv(L, sizeof *self, 1);
    *self =
        (stock){.host = {.payload = self, .reading = reading, .writing = writing}, .out = luaL_optstring(L, 1, NULL)};
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
    clv_lua_set_host(L, &self->host);
    return 0;
}
