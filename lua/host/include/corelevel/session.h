/* Sessions: a workflow run by a host, which gives it inputs and options and takes its results and messages.
   SPDX-License-Identifier: GPL-3.0-or-later

   A run in four calls (errors left out):

       clv_session_setup setup = { .size = sizeof setup, .out = "results" };
       clv_session_open("depth_profile.lua", &setup, &session, &err);
       clv_session_set_input(session, "profile", clv_value_text("profile.vms"), &err);
       clv_session_run(session, &err);
*/
#ifndef CLV_SESSION_H
#define CLV_SESSION_H

#include <corelevel/value.h>

CLV_BEGIN_DECLS

/* One session is used by one thread at a time; sessions run in parallel. It never exits, prints, blocks signals, or
   changes locale, folder, signal handlers or floating-point state of its host. */
typedef struct clv_session clv_session;

/* What became of a run; the numbers are the exit codes of the command. Of several causes the first in the order
   interrupted, output, limit, workflow, input, failed is told. */
typedef enum clv_outcome {
    CLV_OUTCOME_DONE = 0,         /* all is well */
    CLV_OUTCOME_FAILED = 1,       /* some fits did not converge or have no finite result */
    CLV_OUTCOME_USAGE = 2,        /* inputs or options are not what the workflow declares */
    CLV_OUTCOME_INPUT = 3,        /* an input could not be read */
    CLV_OUTCOME_OUTPUT = 4,       /* an output could not be written */
    CLV_OUTCOME_WORKFLOW = 5,     /* the workflow itself is wrong */
    CLV_OUTCOME_LIMIT = 6,        /* a limit of time or memory was hit */
    CLV_OUTCOME_INTERRUPTED = 130 /* the host asked to stop */
} clv_outcome;

/* How a session is to run. All texts are copied. Every function may be NULL; they are called on the thread that runs
   the session, with `payload`. */
typedef struct clv_session_setup {
    uint32_t size;         /* sizeof(clv_session_setup) */
    const char *out;       /* folder that saves go below, made when needed; NULL: the current folder */
    const char *command;   /* how the workflow is run, for its help: "corelevel run depth_profile.lua" */
    int trust;             /* allow absolute paths and `..` for saves */
    double time_limit;     /* s of wall time for one run; 0: none */
    uint64_t memory_limit; /* bytes for the workflow's own values; 0: none */
    double max_failed;     /* share of a map's spectra whose fits may fail; negative: 0.05 */
    void *payload;
    void (*print)(void *payload, const char *text, size_t length); /* what the workflow prints, as it prints it */
    void (*message)(void *payload, const char *sentence);          /* warnings, such as fits that failed */
    void (*step)(void *payload, const char *operation, const char *line); /* an operation ended; line "file.lua:12: " */
    int (*stop)(void *payload);                                           /* asked often: non-zero interrupts the run */
} clv_session_setup;

/* Opens a session with a workflow file, or with its text under a name that messages use. Nothing runs yet. The session
   is the caller's. Errors: CLV_NOT_FOUND when there is no such file, CLV_BAD_FILE when it cannot be read. */
CLV_API clv_status clv_session_open(const char *workflow, const clv_session_setup *setup, clv_session **session,
                                    clv_error *err);
CLV_API clv_status clv_session_open_text(const char *name, const char *text, size_t length,
                                         const clv_session_setup *setup, clv_session **session, clv_error *err);
CLV_API void clv_session_free(clv_session *session);

/* Runs the workflow up to its declaration and lends what it declares: a table of `name`, `inputs`, `options`, `live`
   (nil when it declares nothing), and its help. Lent until the next call. */
CLV_API clv_status clv_session_describe(clv_session *session, const clv_value **declaration, const char **help,
                                        clv_error *err);

/* Set an input or an option by name (the value is taken even on failure): texts, numbers, booleans, or an object in
   place of an input's path; and words as on a command line, "--name value" or inputs by place, appended. Names are
   checked when the workflow declares them. */
CLV_API clv_status clv_session_set_input(clv_session *session, const char *name, clv_value *value_take, clv_error *err);
CLV_API clv_status clv_session_set_option(clv_session *session, const char *name, clv_value *value_take,
                                          clv_error *err);
CLV_API clv_status clv_session_add_word(clv_session *session, const char *word, clv_error *err);

/* Runs the workflow once, in a fresh state; what an earlier run left is forgotten. Errors: the sentence that stopped
   it, with file and line; `clv_session_outcome` tells which kind. Fits that failed stop nothing: then the status is
   CLV_OK and the outcome CLV_OUTCOME_FAILED. */
CLV_API clv_status clv_session_run(clv_session *session, clv_error *err);
CLV_API clv_outcome clv_session_outcome(const clv_session *session);

/* What the last run saved: how many, the path as the workflow says it, and the object that was saved. `find` takes the
   path's name without folder and suffix ("fractions") and gives the last of that name or NULL. Lent until the next
   run. */
CLV_API size_t clv_session_result_count(const clv_session *session);
CLV_API const char *clv_session_result_path(const clv_session *session, size_t place);
CLV_API const clv_value *clv_session_result(const clv_session *session, size_t place);
CLV_API const clv_value *clv_session_find(const clv_session *session, const char *name);

/* How many spectra the last run fitted, and for how many of them the fit failed. */
CLV_API size_t clv_session_fitted(const clv_session *session);
CLV_API size_t clv_session_failed(const clv_session *session);

/* ---- Live: the same workflow on the data so far, while a measurement runs.

   A workflow that declares `live = { take = "points" | "spectra" | "frames", every = s }` may be begun in place of run.
   What is pushed becomes a record in place of one of its inputs; the workflow runs again on the data so far, at most
   every `every` seconds. In these partial runs what it saves is published to the session and nothing is written; the
   run of `end` writes files and reports and equals a run on a file of the same numbers.

       clv_session_begin(session, NULL, &err);
       for each point: clv_session_push(session, &push, NULL, &err);
       clv_session_end(session, &err);
*/

/* What numbers are made of; they are read as they lie in memory and become doubles. */
typedef enum clv_number_type {
    CLV_FLOAT64 = 1,
    CLV_FLOAT32 = 2,
    CLV_INT8 = 3,
    CLV_UINT8 = 4,
    CLV_INT16 = 5,
    CLV_UINT16 = 6,
    CLV_INT32 = 7,
    CLV_UINT32 = 8,
    CLV_INT64 = 9, /* beyond 2^53 rounded */
    CLV_UINT64 = 10
} clv_number_type;

/* One named signal of a push: `count` numbers without gaps, borrowed for the length of the call. */
typedef struct clv_signal {
    uint32_t size;    /* sizeof(clv_signal) */
    const char *name; /* such as "tey" or "Co 2p" */
    const char *unit; /* NULL: "1" */
    clv_number_type type;
    const void *values;
    size_t count;
} clv_signal;

/* One push. Points: each signal holds one number for each point, one of them the energies. Spectra: the energies and
   signals of as many channels, one spectrum for each name. Frames: the energies and signals of [rows][channels]. After
   the first spectrum or frame the energies may be left out, when they stay. */
typedef struct clv_push {
    uint32_t size;             /* sizeof(clv_push) */
    const clv_signal *signals; /* lent */
    size_t count;              /* of signals */
    uint64_t sequence;         /* the source's own count, to tell what it lost on the way; 0: it has none */
    double position;           /* along the setup's `along`, for spectra and frames */
} clv_push;

/* How to go live. Texts and metadata are copied. */
typedef struct clv_live_setup {
    uint32_t size;             /* sizeof(clv_live_setup) */
    const char *input;         /* the input that takes the data; NULL: the first that has not been set */
    const char *energy;        /* the signal that holds the energies, in eV; NULL: "energy" */
    const char *axis;          /* what they are; NULL: "photon_energy" */
    const char *along;         /* what position means, an axis such as "etch_time"; NULL: nothing, pushes are scans */
    const char *along_unit;    /* NULL: "1" */
    const char *source;        /* where the data come from, as a file's name; NULL: "live" */
    const clv_value *metadata; /* a table of numbers and texts for each spectrum, such as element, edge; or NULL */
    size_t queue;              /* pushes that wait at most; 0: 1024 */
    uint64_t most;             /* bytes of data that are kept at most; 0: 1 GiB */
    size_t keep;               /* the newest so many pushes are the data, older ones are let go; 0: all */
} clv_live_setup;

/* What has happened since `begin`. received + dropped is what was posted. */
typedef struct clv_live_counters {
    uint32_t size;         /* sizeof(clv_live_counters), set by the caller */
    uint64_t received;     /* pushes that were taken */
    uint64_t dropped;      /* pushes that found the queue full */
    uint64_t waiting;      /* pushes in the queue */
    uint64_t gaps;         /* places where the sequence jumped ahead */
    uint64_t missing;      /* numbers that the sequence left out there */
    uint64_t out_of_order; /* pushes whose number is not above the one before; they are taken all the same */
    uint64_t runs;         /* of the workflow, partial ones and the last */
    uint64_t failed_runs;  /* partial runs that ended with a sentence */
    double seconds;        /* what the last run took, s */
    double all_seconds;    /* what all runs took, s */
} clv_live_counters;

/* Goes live, forgetting what an earlier live time left; `setup` may be NULL. Errors: CLV_BAD_ARGUMENT when the workflow
   declares no `live` or is wrong, the session is live already, or there is no such input. */
CLV_API clv_status clv_session_begin(clv_session *session, const clv_live_setup *setup, clv_error *err);

/* Puts a push into the queue, which copies its numbers. The one call that any thread may make while another one uses
   the session. A push that finds the queue full is counted and let go, which is no error. Errors: CLV_BAD_ARGUMENT
   before `begin`, after `end`, for no signals, a wrong type, sizes that do not fit each other, energies and signals
   that are not finite; nothing is taken then. */
CLV_API clv_status clv_session_post(clv_session *session, const clv_push *push, clv_error *err);

/* Takes what waits in the queue and runs the workflow when there is anything new and it is time; `ran` (may be NULL)
   tells whether it did. A partial run that fails, as normalising does before there is an edge, is no error here:
   `clv_session_problem` has its sentence. Errors: CLV_CANCELLED; CLV_LIMIT when more than `most` bytes came;
   CLV_BAD_ARGUMENT when inputs or options are not those that the workflow declares. */
CLV_API clv_status clv_session_advance(clv_session *session, int *ran, clv_error *err);

/* Posts and advances. */
CLV_API clv_status clv_session_push(clv_session *session, const clv_push *push, int *ran, clv_error *err);

/* Takes what waits, runs the workflow once more with files and reports, and is live no more. Errors: as run;
   CLV_BAD_ARGUMENT when nothing was pushed. */
CLV_API clv_status clv_session_end(clv_session *session, clv_error *err);

/* Stops the run that is under way as soon as it asks, and a live session with it: all calls up to the next `begin` or
   `run` fail with CLV_CANCELLED. Any thread. */
CLV_API void clv_session_cancel(clv_session *session);

/* Tells the counters, as many as `counters->size` holds. Any thread. */
CLV_API void clv_session_counters(clv_session *session, clv_live_counters *counters);

/* The sentence with which the last partial run ended, NULL when it came to its end. Lent until the next call. */
CLV_API const char *clv_session_problem(const clv_session *session);

CLV_END_DECLS

#endif
