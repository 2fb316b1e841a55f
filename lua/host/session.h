/* What the files of the workflow library share: the session's inside.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_HOST_SESSION_H
#define CLV_HOST_SESSION_H

#include <lua.h>
#include <stdatomic.h>

#include <corelevel/corelevel.h>
#include <corelevel/session.h>

#include "host.h"

/* One thing that a run saved. */
typedef struct clv_saved {
    char *path;
    clv_value *value;
} clv_saved;

/* Limits of one run. */
typedef struct clv_limits {
    uint64_t used;     /* bytes that Lua holds */
    uint64_t most;     /* bytes it may hold; 0: any */
    double deadline;   /* s of the monotonic clock; 0: none */
    int expired;       /* the deadline has passed */
    int interrupted;   /* the host asked to stop */
    int out_of_memory; /* an allocation was refused for the limit's sake */
} clv_limits;

struct clv_session {
    clv_session_setup setup;
    char *out, *command; /* the setup's texts */
    char *name;          /* of the workflow, as it was given */
    char *text;
    size_t length;
    clv_value *inputs, *options, *words; /* set by the host */
    clv_value *declaration;              /* of the last run or describe; NULL before */
    char *help;
    int describing; /* stop at the declaration */
    int declared;   /* the stop was that of a description */
    int usage;      /* the stop was for inputs and options */
    clv_error last; /* the last failure of the library, and whether an input was being read */
    int last_reading;
    clv_outcome outcome;
    clv_limits limits;
    clv_lua_host host;
    clv_saved *saved;
    size_t saved_count, fitted, failed;
    int fits_failed;       /* beyond what is allowed */
    struct clv_live *live; /* NULL before the first begin */
    int partial;           /* a run on the data so far, which writes nothing */
    atomic_int cancelled;
};

/* Runs the workflow once. */
clv_status clv_session_run_once(clv_session *session, clv_error *err);

/* Whether the session is between begin and end, and what that needs, freed. */
int clv_live_is_open(const clv_session *session);
void clv_live_free(struct clv_live *live);

/* Makes the state of one run: allocator, limits, sandbox, module; the workflow's function is left on its stack. The
   state is the caller's (lua_close). Errors: CLV_BAD_ARGUMENT for a workflow that does not compile. */
clv_status clv_state_new(clv_session *session, lua_State **state, clv_error *err);

/* The allocator and the hook that hold a run within its limits. */
void *clv_limits_allocate(void *session, void *block, size_t old_size, size_t size);
void clv_limits_start(clv_session *session, lua_State *L);

/* Whether the run is to end, with the sentence that says why. */
clv_status clv_limits_check(clv_session *session, clv_error *err);

/* The functions that the sandbox and the comfort are given. */
void clv_gate_push(clv_session *session, lua_State *L);

/* Fills in the module's host: paths, results, failed fits. */
void clv_watch_open(clv_session *session);

/* A Lua file that was compiled in: its name ("init.lua"), bytes and size; ends with a NULL name. */
typedef struct clv_embedded {
    const char *name;
    const unsigned char *text;
    size_t size;
} clv_embedded;

extern const clv_embedded clv_embedded_files[];

#endif
