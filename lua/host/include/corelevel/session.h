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

CLV_END_DECLS

#endif
