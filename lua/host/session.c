/* Sessions: a workflow's text and what its host set, run in a fresh Lua state each time.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_WORKFLOW = 1 << 24 };

static void *grow(void *block, size_t size, int *failed)
{
    void *made = realloc(block, size);

    *failed = made == NULL;
    return made ? made : block;
}

/* Reads a whole workflow; a file of more than 16 MiB is none. */
static clv_status read_file(const char *path, char **text, size_t *length, clv_error *err)
{
    FILE *file = fopen(path, "rb");
    size_t room = 1 << 16, count = 0;
    int failed = 0;

    *text = NULL;
    CLV_CHECK(file, err, errno == ENOENT ? CLV_NOT_FOUND : CLV_BAD_FILE, "%s: the workflow cannot be opened: %s", path,
              strerror(errno));
    do {
        *text = grow(*text, room *= 2, &failed);
        if (!failed) { count += fread(*text + count, 1, room - count, file); }
    } while (!failed && count == room && room < LARGEST_WORKFLOW);
    failed |= ferror(file) != 0 || count >= LARGEST_WORKFLOW;
    fclose(file);
    if (failed) {
        free(*text);
        *text = NULL;
        return clv_fail(err, CLV_BAD_FILE, "%s: the workflow cannot be read", path);
    }
    *length = count;
    return CLV_OK;
}

/* Copies a text of the setup that may be NULL. */
static int copy_text(const char *text, char **copy)
{
    *copy = text ? strdup(text) : NULL;
    return !text || *copy;
}

static clv_status fill(clv_session *session, const char *name, char *text_take, size_t length,
                       const clv_session_setup *setup, clv_error *err)
{
    size_t known = setup && setup->size < sizeof session->setup ? setup->size : sizeof session->setup;

    session->text = text_take;
    session->length = length;
    session->setup.max_failed = -1;
    if (setup) { memcpy(&session->setup, setup, known); }
    if (session->setup.max_failed < 0) { session->setup.max_failed = 0.05; }
    session->inputs = clv_value_table();
    session->options = clv_value_table();
    session->words = clv_value_table();
    CLV_CHECK(copy_text(name, &session->name) && copy_text(session->setup.out, &session->out) &&
                  copy_text(session->setup.command ? session->setup.command : name, &session->command) &&
                  session->inputs && session->options && session->words,
              err, CLV_NO_MEMORY, "not enough memory");
    clv_watch_open(session);
    return CLV_OK;
}

/* Makes the session; the text is taken even on failure. */
static clv_status make(const char *name, char *text_take, size_t length, const clv_session_setup *setup,
                       clv_session **session, clv_error *err)
{
    clv_session *made = calloc(1, sizeof *made);
    clv_status status;

    if (!made) {
        free(text_take);
        return clv_fail(err, CLV_NO_MEMORY, "not enough memory");
    }
    status = fill(made, name, text_take, length, setup, err);
    if (status) {
        clv_session_free(made);
        return status;
    }
    *session = made;
    return CLV_OK;
}

clv_status clv_session_open(const char *workflow, const clv_session_setup *setup, clv_session **session, clv_error *err)
{
    char *text = NULL;
    size_t length = 0;

    CLV_TRY(read_file(workflow, &text, &length, err));
    return make(workflow, text, length, setup, session, err);
}

clv_status clv_session_open_text(const char *name, const char *text, size_t length, const clv_session_setup *setup,
                                 clv_session **session, clv_error *err)
{
    char *copy = malloc(length + 1);

    CLV_CHECK(copy, err, CLV_NO_MEMORY, "not enough memory");
    memcpy(copy, text, length);
    return make(name, copy, length, setup, session, err);
}

/* Forgets what the last run left. */
static void forget(clv_session *session)
{
    for (size_t i = 0; i < session->saved_count; i++) {
        free(session->saved[i].path);
        clv_value_free(session->saved[i].value);
    }
    session->saved_count = session->fitted = session->failed = 0;
    session->fits_failed = session->declared = session->usage = session->last_reading = 0;
    session->last = (clv_error){0};
    session->outcome = CLV_OUTCOME_DONE;
    clv_value_free(session->declaration);
    session->declaration = NULL;
    free(session->help);
    session->help = NULL;
}

void clv_session_free(clv_session *session)
{
    if (!session) { return; }
    forget(session);
    clv_live_free(session->live);
    free(session->saved);
    clv_value_free(session->inputs);
    clv_value_free(session->options);
    clv_value_free(session->words);
    free(session->out);
    free(session->command);
    free(session->name);
    free(session->text);
    free(session);
}

clv_status clv_session_set_input(clv_session *session, const char *name, clv_value *value_take, clv_error *err)
{
    return clv_value_set(session->inputs, name, value_take, err);
}

clv_status clv_session_set_option(clv_session *session, const char *name, clv_value *value_take, clv_error *err)
{
    return clv_value_set(session->options, name, value_take, err);
}

clv_status clv_session_add_word(clv_session *session, const char *word, clv_error *err)
{
    return clv_value_append(session->words, clv_value_text(word), err);
}

/* Of a failure that came from the library. */
static clv_outcome outcome_of(const clv_error *last, int reading)
{
    switch (last->status) {
    case CLV_CANNOT_WRITE: return CLV_OUTCOME_OUTPUT;
    case CLV_CANCELLED: return CLV_OUTCOME_INTERRUPTED;
    case CLV_LIMIT:
    case CLV_NO_MEMORY: return CLV_OUTCOME_LIMIT;
    case CLV_NOT_CONVERGED:
    case CLV_FAILED: return CLV_OUTCOME_FAILED;
    case CLV_BAD_FILE: return CLV_OUTCOME_INPUT;
    default: return reading ? CLV_OUTCOME_INPUT : CLV_OUTCOME_WORKFLOW;
    }
}

static int ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return tail > 0 && length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Of a run that ended with a sentence; the last failure of the library caused it when it stands at its end. */
static clv_outcome judge(const clv_session *session, int code, const char *sentence)
{
    if (session->limits.interrupted) { return CLV_OUTCOME_INTERRUPTED; }
    if (session->limits.expired || code == LUA_ERRMEM) { return CLV_OUTCOME_LIMIT; }
    if (session->usage) { return CLV_OUTCOME_USAGE; }
    if (ends_with(sentence, session->last.text)) { return outcome_of(&session->last, session->last_reading); }
    return CLV_OUTCOME_WORKFLOW;
}

static clv_status status_of(clv_outcome outcome, const clv_error *last)
{
    switch (outcome) {
    case CLV_OUTCOME_DONE: return CLV_OK;
    case CLV_OUTCOME_INPUT: return last->status == CLV_NOT_FOUND ? CLV_NOT_FOUND : CLV_BAD_FILE;
    case CLV_OUTCOME_OUTPUT: return CLV_CANNOT_WRITE;
    case CLV_OUTCOME_LIMIT: return CLV_LIMIT;
    case CLV_OUTCOME_INTERRUPTED: return CLV_CANCELLED;
    case CLV_OUTCOME_FAILED: return last->status ? last->status : CLV_FAILED;
    default: return CLV_BAD_ARGUMENT;
    }
}

static int as_text(lua_State *L)
{
    if (!lua_isstring(L, 1) && luaL_getmetafield(L, 1, "__tostring") == LUA_TNIL) { return 0; }
    luaL_tolstring(L, 1, NULL);
    return 1;
}

/* What was raised as text, lent by the stack or by `room`. A value's own __tostring may do anything, and memory may be
   out: the conversion is protected, and nothing is made here. */
static const char *raised_text(lua_State *L, char room[80])
{
    snprintf(room, 80, "the workflow raised a %s that is no sentence", luaL_typename(L, -1));
    lua_pushcfunction(L, as_text);
    lua_insert(L, -2);
    return lua_pcall(L, 1, 1, 0) || lua_type(L, -1) != LUA_TSTRING ? room : lua_tostring(L, -1);
}

/* The sentence of what was raised, and what would be right where a workflow reaches for what it is not given. */
static clv_status tell(lua_State *L, int code, clv_outcome *outcome, const clv_session *session, clv_error *err)
{
    char room[80];
    const char *sentence = code == LUA_ERRMEM ? "the memory limit was hit" : raised_text(L, room);
    const char *hint = "";

    *outcome = judge(session, code, sentence);
    if (strstr(sentence, "global 'io'") || strstr(sentence, "global 'debug'") || strstr(sentence, "field 'execute'")) {
        hint = " (a workflow reads with cl.load and writes with :save; it has no io, os.execute or debug)";
    }
    return clv_fail(err, status_of(*outcome, &session->last), "%s%s", sentence, hint);
}

clv_status clv_session_run_once(clv_session *session, clv_error *err)
{
    lua_State *L = NULL;
    clv_status status;
    int code;

    forget(session);
    status = clv_state_new(session, &L, err);
    if (status) {
        session->outcome = status == CLV_BAD_ARGUMENT ? CLV_OUTCOME_WORKFLOW : CLV_OUTCOME_LIMIT;
        return status;
    }
    code = lua_pcall(L, 0, 0, 0);
    if (code) {
        status = tell(L, code, &session->outcome, session, err);
    } else if (clv_limits_check(session, err)) {
        status = err ? err->status : CLV_LIMIT;
        session->outcome = session->limits.interrupted ? CLV_OUTCOME_INTERRUPTED : CLV_OUTCOME_LIMIT;
    } else if (session->fits_failed) {
        session->outcome = CLV_OUTCOME_FAILED;
    }
    lua_close(L);
    return status;
}

clv_status clv_session_run(clv_session *session, clv_error *err)
{
    CLV_CHECK(!clv_live_is_open(session), err, CLV_BAD_ARGUMENT, "run: the session is live: end it first");
    atomic_store(&session->cancelled, 0);
    return clv_session_run_once(session, err);
}

clv_status clv_session_describe(clv_session *session, const clv_value **declaration, const char **help, clv_error *err)
{
    clv_error inner = {0};
    clv_status status;

    CLV_CHECK(!clv_live_is_open(session), err, CLV_BAD_ARGUMENT, "describe: the session is live: end it first");
    session->describing = 1;
    status = clv_session_run_once(session, &inner);
    session->describing = 0;
    if (status && !session->declared &&
        !(session->last.status == CLV_CANCELLED && ends_with(inner.text, "described"))) {
        return clv_fail(err, inner.status, "%s", inner.text);
    }
    session->outcome = CLV_OUTCOME_DONE;
    *declaration = session->declaration;
    *help = session->help;
    return CLV_OK;
}

clv_outcome clv_session_outcome(const clv_session *session) { return session->outcome; }

size_t clv_session_result_count(const clv_session *session) { return session->saved_count; }

const char *clv_session_result_path(const clv_session *session, size_t place)
{
    return place < session->saved_count ? session->saved[place].path : NULL;
}

const clv_value *clv_session_result(const clv_session *session, size_t place)
{
    return place < session->saved_count ? session->saved[place].value : NULL;
}

const clv_value *clv_session_find(const clv_session *session, const char *name)
{
    for (size_t i = session->saved_count; i > 0; i--) {
        const char *path = session->saved[i - 1].path, *slash = strrchr(path, '/');
        const char *file = slash ? slash + 1 : path, *dot = strrchr(file, '.');
        size_t length = dot ? (size_t)(dot - file) : strlen(file);
        if (strlen(name) == length && memcmp(file, name, length) == 0) { return session->saved[i - 1].value; }
    }
    return NULL;
}

size_t clv_session_fitted(const clv_session *session) { return session->fitted; }

size_t clv_session_failed(const clv_session *session) { return session->failed; }
