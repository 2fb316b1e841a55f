/* How a function says what went wrong: a status, and one sentence on the caller's stack.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ERROR_H
#define CLV_ERROR_H

#include <corelevel/base.h>

CLV_BEGIN_DECLS

/* What became of a call. Zero is success. A function whose status is not CLV_OK has written nothing to its outputs,
   unless its own comment says otherwise. */
typedef enum clv_status {
    CLV_OK = 0,
    CLV_NO_MEMORY = -1,     /* an allocation failed */
    CLV_BAD_ARGUMENT = -2,  /* an option, a name or a model is wrong */
    CLV_BAD_FILE = -3,      /* an input cannot be read or is malformed */
    CLV_NOT_FOUND = -4,     /* no such thing; often with a did-you-mean */
    CLV_CANNOT_WRITE = -5,  /* an output could not be written */
    CLV_NOT_CONVERGED = -6, /* an iteration ended without an answer */
    CLV_CANCELLED = -7,     /* the caller asked to stop */
    CLV_LIMIT = -8,         /* a limit of time or memory was hit */
    CLV_FAILED = -9         /* anything else */
} clv_status;

/* One failure: its status and one sentence that says what, where and what would be right. Lives on the caller's stack
   and owns nothing, so there is nothing to free. Start it as `clv_error err = {0};`. */
typedef struct clv_error {
    clv_status status; /* as returned by the call */
    char text[500];    /* UTF-8, ends with a zero, cut at a character's end when too long */
} clv_error;

/* Fills `err` (which may be NULL) with a status and a sentence and returns that status. Any thread. */
CLV_API clv_status clv_fail(clv_error *err, clv_status status, const char *format, ...) CLV_PRINTF(3, 4);

/* Puts "`format`: " before the sentence that `err` (may be NULL) already holds, cutting its end when there is no room;
   returns err->status, or CLV_FAILED for NULL. Used to add the file, the place or the operation on the way up. */
CLV_API clv_status clv_error_at(clv_error *err, const char *format, ...) CLV_PRINTF(2, 3);

/* Tells a status as a word, such as "bad argument". The text is constant. */
CLV_API const char *clv_status_name(clv_status status);

/* Passes a failure up. */
#define CLV_TRY(call)                      \
    do {                                   \
        clv_status clv_try_ = (call);      \
        if (clv_try_) { return clv_try_; } \
    } while (0)

/* Makes a failure unless `condition` holds. */
#define CLV_CHECK(condition, err, status, ...)                               \
    do {                                                                     \
        if (!(condition)) { return clv_fail((err), (status), __VA_ARGS__); } \
    } while (0)

CLV_END_DECLS

#endif
