/* The arguments of a call as one table of options: values by place, then at most one table of named ones.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <stdlib.h>
#include <string.h>

/* Whether the table at `index` has a name among its keys. */
static int has_names(lua_State *L, int index)
{
    int found = 0;

    lua_pushnil(L);
    while (!found && lua_next(L, index)) {
        found = lua_type(L, -2) == LUA_TSTRING;
        lua_pop(L, found ? 2 : 1);
    }
    return found;
}

/* Appends the places of `more` to `table` and sets its names there. */
static clv_status merge(clv_value *table, const clv_value *more, clv_error *err)
{
    for (size_t i = 0; i < clv_value_count(more); i++) {
        CLV_TRY(clv_value_append(table, clv_value_ref(clv_value_at(more, i)), err));
    }
    for (size_t i = 0; i < clv_value_name_count(more); i++) {
        const char *name = clv_value_name_at(more, i);
        CLV_TRY(clv_value_set(table, name, clv_value_ref(clv_value_get(more, name)), err));
    }
    return CLV_OK;
}

static clv_status collect_one(lua_State *L, clv_value *table, int index, int spread, const char *who, clv_error *err)
{
    clv_value *item = NULL;
    clv_status status = clv_lua_read(L, index, who, &item, err);

    if (status == CLV_OK && !spread) { return clv_value_append(table, item, err); }
    if (status == CLV_OK) { status = merge(table, item, err); }
    clv_value_free(item);
    return status;
}

void clv_arguments_collect(lua_State *L, clv_box *box, int first, const char *who)
{
    int last = lua_absindex(L, -2); /* the box itself is on top */
    clv_error err = {0};

    while (last >= first && lua_isnil(L, last)) { last--; }
    luaL_checkstack(L, 8, NULL);
    box->value = clv_value_table();
    if (!box->value) { luaL_error(L, "not enough memory"); }
    for (int i = first; i <= last; i++) {
        int spread = i == last && lua_istable(L, i) && (i == first || has_names(L, i));
        if (collect_one(L, box->value, i, spread, who, &err)) { clv_raise(L, &err, 0); }
    }
}

static clv_status resolve_one(const clv_lua_host *host, int written, const clv_value *path, clv_value **made,
                              clv_error *err)
{
    clv_status (*resolve)(void *, const char *, char **, clv_error *) = written ? host->writing : host->reading;
    char *resolved = NULL;

    if (!resolve || clv_value_kind(path) != CLV_TEXT) {
        *made = clv_value_ref(path);
        return CLV_OK;
    }
    CLV_TRY(resolve(host->payload, clv_value_as_text(path), &resolved, err));
    *made = clv_value_text(resolved);
    free(resolved);
    return CLV_OK;
}

/* The path row for a place (from 1) or a name, NULL when what stands there is no path. */
static const clv_parameter *path_row(const clv_parameter *rows, size_t place, const char *name)
{
    for (const clv_parameter *row = rows; row && row->name; row++) {
        if (row->type == CLV_TYPE_PATH && (name ? strcmp(row->name, name) == 0 : row->place == place)) { return row; }
    }
    return NULL;
}

static clv_status resolve_item(const clv_lua_host *host, const clv_parameter *row, const clv_value *item,
                               clv_value **made, const char **written, clv_error *err)
{
    if (!row) {
        *made = clv_value_ref(item);
        return CLV_OK;
    }
    if ((row->flags & CLV_WRITTEN) && written) { *written = clv_value_as_text(item); }
    return resolve_one(host, (row->flags & CLV_WRITTEN) != 0, item, made, err);
}

static clv_status resolve_all(const clv_lua_host *host, const clv_parameter *rows, const clv_value *options,
                              clv_value *table, const char **written, clv_error *err)
{
    clv_value *made = NULL;

    for (size_t i = 0; i < clv_value_count(options); i++) {
        CLV_TRY(resolve_item(host, path_row(rows, i + 1, NULL), clv_value_at(options, i), &made, written, err));
        CLV_TRY(clv_value_append(table, made, err));
    }
    for (size_t i = 0; i < clv_value_name_count(options); i++) {
        const char *name = clv_value_name_at(options, i);
        CLV_TRY(resolve_item(host, path_row(rows, 0, name), clv_value_get(options, name), &made, written, err));
        CLV_TRY(clv_value_set(table, name, made, err));
    }
    return CLV_OK;
}

clv_status clv_arguments_resolve(lua_State *L, const clv_parameter *rows, const clv_value *options,
                                 clv_value **resolved, const char **written, clv_error *err)
{
    clv_value *table = clv_value_table();
    clv_status status;

    CLV_CHECK(table, err, CLV_NO_MEMORY, "not enough memory");
    if (written) { *written = NULL; }
    status = resolve_all(clv_lua_host_of(L), rows, options, table, written, err);
    if (status) {
        clv_value_free(table);
        return status;
    }
    *resolved = table;
    return CLV_OK;
}
