/* Reports: cl.report(path, { … }) writes below the output folder, titled with the workflow's name.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <stdlib.h>

#include <corelevel/report.h>

/* The stack holds the path, the items, the title (or nil) and the box of the items. */
static clv_status write(lua_State *L, const clv_box *items, clv_error *err)
{
    const clv_lua_host *host = clv_lua_host_of(L);
    const char *path = lua_tostring(L, 1);
    char *resolved = NULL;
    clv_status status = CLV_OK;

    if (host->writing) { status = host->writing(host->payload, path, &resolved, err); }
    if (!status && !clv_lua_withholds(L)) {
        status = clv_report_write(resolved ? resolved : path, lua_tostring(L, 3), items->value, err);
    }
    free(resolved);
    return status;
}

int clv_report_call(lua_State *L)
{
    const clv_lua_host *host = clv_lua_host_of(L);
    clv_error err = {0};
    clv_box *items;

    if (lua_type(L, 1) != LUA_TSTRING || !lua_istable(L, 2)) {
        return clv_raise_text(L,
                              "report: needs a path and a table, as in cl.report(\"report.html\", { fit, fractions })");
    }
    lua_settop(L, 3);
    clv_enter(L);
    items = clv_box_push(L);
    if (clv_lua_read(L, 2, "report", &items->value, &err) || write(L, items, &err)) { return clv_raise(L, &err, 0); }
    if (host->applied) {
        host->applied(host->payload, "report", NULL, items->value, lua_tostring(L, 1), clv_where_push(L));
    }
    return 0;
}
