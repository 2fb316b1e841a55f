/* What a host of workflows may put under the Lua module: where paths lead, what was applied, what failed, when to stop.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BINDING_HOST_H
#define CLV_BINDING_HOST_H

#include <lua.h>

#include <corelevel/value.h>

/* Every function may be NULL. Without a host (stock lua5.4) paths are taken as they stand. Texts that a function gives
   away are freed with free(). */
typedef struct clv_lua_host {
    void *payload;
    /* Called before anything is read or applied; a failure is raised (a stop, a limit, or a workflow that is only asked
       for its declaration). */
    clv_status (*enter)(void *payload, clv_error *err);
    /* Resolves a path for reading and for writing; for writing, makes the folders that it needs. */
    clv_status (*reading)(void *payload, const char *path, char **resolved, clv_error *err);
    clv_status (*writing)(void *payload, const char *path, char **resolved, clv_error *err);
    /* Non-zero while nothing is to be written: what would be is checked, told, and left. */
    int (*withholds)(void *payload);
    /* Told after an operation that succeeded, with the path it wrote (as the workflow says it) or NULL, and the line of
       the workflow. */
    void (*applied)(void *payload, const char *operation, const clv_value *on, const clv_value *result,
                    const char *written, const char *line);
    /* Told of every failure of the library before it is raised; `reading` when an input was being read. */
    void (*failed)(void *payload, const clv_error *err, int reading);
} clv_lua_host;

/* Puts a host (which must outlive the state) under the module, before `require "corelevel.core"`; NULL takes it away.
 */
void clv_lua_set_host(lua_State *L, const clv_lua_host *host);

/* The host of a state; never NULL: without one, all its functions are NULL. */
const clv_lua_host *clv_lua_host_of(lua_State *L);

/* Whether the host of a state wants nothing written now. */
int clv_lua_withholds(lua_State *L);

/* Opens the module `corelevel.core`. */
int luaopen_corelevel_core(lua_State *L);

/* Pushes a value as Lua sees it: nil, booleans, numbers, texts, tables; objects as userdata. The value is shared. Reads
   the Lua value at `index` into a value, the caller's; sentences begin with `who`. Never raises. */
void clv_lua_push(lua_State *L, const clv_value *value);
clv_status clv_lua_read(lua_State *L, int index, const char *who, clv_value **value, clv_error *err);

#endif
