/* What the files of the Lua module share: boxes that hold values, raising failures, calling operations.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BINDING_BINDING_H
#define CLV_BINDING_BINDING_H

#include <lauxlib.h>
#include <lua.h>

#include <corelevel/corelevel.h>
#include <corelevel/lines.h>
#include <corelevel/text.h>

#include "host.h"

/* A value in Lua's hands: a userdata with the metatable of its kind. An empty box (NULL) waits to be filled, so that
   nothing is lost when Lua runs out of memory. */
typedef struct clv_box {
    clv_value *value;
} clv_box;

/* Pushes an empty box that frees what is put into it. */
clv_box *clv_box_push(lua_State *L);

/* Gives the box on top of the stack the metatable of its value's kind. */
void clv_box_dress(lua_State *L);

/* The value in the userdata at `index`, NULL when there is something else. Never raises. */
clv_value *clv_box_value(lua_State *L, int index);

/* Makes the metatables of all kinds. */
void clv_boxes_open(lua_State *L);

/* Raises a failure with the line of the workflow; `reading` when an input was being read. Does not return. */
int clv_raise(lua_State *L, const clv_error *err, int reading);

/* Raises a sentence of the binding's own, as CLV_BAD_ARGUMENT. */
int clv_raise_text(lua_State *L, const char *format, ...) CLV_PRINTF(2, 3);

/* Pushes "file.lua:12: " of the innermost function that is neither C nor the comfort, or "". */
const char *clv_where_push(lua_State *L);

/* Lua function: comfort(): the file that calls it is part of the comfort, never told as the place of a mistake. */
int clv_comfort_mark(lua_State *L);

/* Raises when the host wants no more. */
void clv_enter(lua_State *L);

/* What a name on an object means: pushes an operation, what the object holds under the name, or a reading of it. */
int clv_index_name(lua_State *L, const clv_value *value, const char *name);

/* The operation `name` for an object: on its kind, on spectra for a record that holds only one, for a group on itself
   or on its members; NULL with `err` when there is none. `*on` (may be NULL) is the kind it was found for. */
const clv_operation *clv_method_find(const clv_value *value, const char *name, clv_kind *on, clv_error *err);

/* Pushes the function that calls an operation by name as a method. */
void clv_method_push(lua_State *L, const char *name);

/* Lua function: apply(name, object, ...). */
int clv_method_apply(lua_State *L);

/* Collects the arguments from stack place `first` on into one table of options in the box at `box`. */
void clv_arguments_collect(lua_State *L, clv_box *box, int first, const char *who);

/* Replaces the paths among options by what the host makes of them. `*written` (may be NULL) is the path that is written
   as the workflow says it, lent by the old options, or NULL. The new table is the caller's. */
clv_status clv_arguments_resolve(lua_State *L, const clv_parameter *rows, const clv_value *options,
                                 clv_value **resolved, const char **written, clv_error *err);

/* Metamethods of column arithmetic. */
extern const luaL_Reg clv_arithmetic[];

/* Pushes the reading `name` of a value (`s.name`, `c.values`), or nothing and 0. */
int clv_reading_push(lua_State *L, const clv_value *value, const char *name);

/* Pushes the parameters of one component of the fit at `fit`: `fit["Co2+"]`, with its columns as fields; or nothing and
   0, with `err`. */
int clv_results_push(lua_State *L, int fit, const char *component, clv_error *err);
void clv_results_open(lua_State *L);

/* Lua function: set_out(folder): without a host, what is written goes below a folder. */
int clv_stock_set_out(lua_State *L);

/* Lua function: report(path, items, title): writes a report below the output folder. */
int clv_report_call(lua_State *L);

/* The functions of the module that load, make and list. */
extern const luaL_Reg clv_module_functions[];

/* The name among `count` (by `name_at`) nearest to a wrong one, or NULL when none is near. */
const char *clv_nearest(const char *wrong, size_t count, const char *(*name_at)(const void *list, size_t place),
                        const void *list);

#endif
