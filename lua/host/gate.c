/* The gate between a session and its workflow's Lua: printing, declaring, modules beside the workflow, limits.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_MODULE = 1 << 20 };

static clv_session *session_of(lua_State *L) { return *(clv_session **)lua_getextraspace(L); }

static int print(lua_State *L)
{
    clv_session *session = session_of(L);
    int count = lua_gettop(L);
    luaL_Buffer line;
    size_t length;
    const char *text;

    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        if (i > 1) { luaL_addchar(&line, '\t'); }
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&line);
    }
    luaL_addchar(&line, '\n');
    luaL_pushresult(&line);
    text = lua_tolstring(L, -1, &length);
    if (session->setup.print && !session->describing) { session->setup.print(session->setup.payload, text, length); }
    return 0;
}

/* check(): raises when the run is to end; behind every pcall, so that none of them holds it up. */
static int check(lua_State *L)
{
    clv_error err = {0};

    return clv_limits_check(session_of(L), &err) ? luaL_error(L, "%s", err.text) : 0;
}

/* declare(declaration, help): notes them, and ends a run that was only to describe. */
static int declare(lua_State *L)
{
    clv_session *session = session_of(L);
    clv_error err = {0};
    char *help = strdup(luaL_checkstring(L, 2));

    free(session->help);
    session->help = help;
    clv_value_free(session->declaration);
    session->declaration = NULL;
    if (clv_lua_read(L, 1, "workflow", &session->declaration, &err)) { return luaL_error(L, "%s", err.text); }
    session->declared = session->describing;
    return session->describing ? luaL_error(L, "described") : 0;
}

/* usage(text): the inputs and options are not what the workflow declares. */
static int usage(lua_State *L)
{
    session_of(L)->usage = 1;
    lua_settop(L, 1);
    return lua_error(L);
}

/* The path of a module beside the workflow, pushed; names are words with dots between, so that none leads elsewhere. */
static const char *module_path(lua_State *L, const clv_session *session, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";
    const char *slash = strrchr(session->name, '/');

    if (!*name || strspn(name, letters) != strlen(name) || strstr(name, "..") || name[0] == '.') { return NULL; }
    lua_pushlstring(L, session->name, slash ? (size_t)(slash - session->name) + 1 : 0);
    luaL_gsub(L, name, ".", "/");
    return lua_pushfstring(L, "%s%s.lua", lua_tostring(L, -2), lua_tostring(L, -1));
}

/* read_module(name): the text of a Lua file beside the workflow and its path, or nil. */
static int read_module(lua_State *L)
{
    const char *path = module_path(L, session_of(L), luaL_checkstring(L, 1));
    FILE *file = path ? fopen(path, "rb") : NULL;
    luaL_Buffer text;
    size_t count;

    if (!file) { return 0; }
    luaL_buffinit(L, &text);
    count = fread(luaL_prepbuffsize(&text, LARGEST_MODULE), 1, LARGEST_MODULE, file);
    fclose(file);
    luaL_addsize(&text, count);
    luaL_pushresult(&text);
    lua_pushstring(L, path);
    return 2;
}

/* FNV-1a over the workflow: what math.random begins with. */
static lua_Integer seed_of(const clv_session *session)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < session->length; i++) { hash = (hash ^ (unsigned char)session->text[i]) * 1099511628211u; }
    return (lua_Integer)(hash >> 1);
}

static void push_set(lua_State *L, const clv_value *table)
{
    clv_lua_push(L, table);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_newtable(L);
    }
}

static void push_modules(lua_State *L)
{
    lua_newtable(L);
    for (const clv_embedded *file = clv_embedded_files; file->name; file++) {
        lua_pushlstring(L, (const char *)file->text, file->size);
        lua_setfield(L, -2, file->name);
    }
}

void clv_gate_push(clv_session *session, lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"print", print}, {"check", check}, {"declare", declare}, {"usage", usage}, {"read_module", read_module},
        {NULL, NULL}};

    luaL_newlib(L, functions);
    lua_pushcfunction(L, luaopen_corelevel_core); /* first: it makes the metatables of the objects among the inputs */
    lua_call(L, 0, 1);
    lua_setfield(L, -2, "core");
    lua_pushinteger(L, seed_of(session));
    lua_setfield(L, -2, "seed");
    lua_pushstring(L, session->command);
    lua_setfield(L, -2, "command");
    push_set(L, session->inputs);
    lua_setfield(L, -2, "inputs");
    push_set(L, session->options);
    lua_setfield(L, -2, "options");
    push_set(L, session->words);
    lua_setfield(L, -2, "arguments");
    push_modules(L);
    lua_setfield(L, -2, "modules");
}
