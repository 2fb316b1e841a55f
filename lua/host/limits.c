/* The limits of a run: an allocator with a cap, a hook with a deadline, and the host's wish to stop.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <time.h>

enum { STEPS = 10000, STEPS_AFTER = 100 };

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void *clv_limits_allocate(void *payload, void *block, size_t old_size, size_t size)
{
    clv_limits *limits = &((clv_session *)payload)->limits;
    uint64_t before = block ? old_size : 0;
    void *made;

    if (size == 0) {
        limits->used -= before;
        free(block);
        return NULL;
    }
    if (limits->most && size > before && limits->used - before + size > limits->most) {
        limits->out_of_memory = 1;
        return NULL;
    }
    made = realloc(block, size);
    if (made) { limits->used += size - before; }
    return made;
}

clv_status clv_limits_check(clv_session *session, clv_error *err)
{
    clv_limits *limits = &session->limits;

    if (!limits->interrupted && session->setup.stop) {
        limits->interrupted = session->setup.stop(session->setup.payload);
    }
    if (atomic_load(&session->cancelled)) { limits->interrupted = 1; }
    CLV_CHECK(!limits->interrupted, err, CLV_CANCELLED, "interrupted");
    if (!limits->expired && limits->deadline > 0) { limits->expired = now() > limits->deadline; }
    CLV_CHECK(!limits->expired, err, CLV_LIMIT, "the time limit of %g s was hit", session->setup.time_limit);
    return CLV_OK;
}

/* Raises where the workflow stands; from then on it is asked so often that no loop of its own goes on. */
static void hook(lua_State *L, lua_Debug *at)
{
    clv_session *session = *(clv_session **)lua_getextraspace(L);
    clv_error err = {0};

    (void)at;
    if (clv_limits_check(session, &err)) {
        lua_sethook(L, hook, LUA_MASKCOUNT, STEPS_AFTER);
        luaL_error(L, "%s", err.text);
    }
}

void clv_limits_start(clv_session *session, lua_State *L)
{
    clv_limits *limits = &session->limits;

    limits->expired = limits->interrupted = limits->out_of_memory = 0;
    limits->most = session->setup.memory_limit;
    limits->deadline = session->setup.time_limit > 0 ? now() + session->setup.time_limit : 0;
    lua_sethook(L, hook, LUA_MASKCOUNT, STEPS);
}
