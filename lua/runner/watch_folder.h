/* A folder that an instrument writes into: which of its files are whole, in the order in which they became so.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_RUNNER_WATCH_FOLDER_H
#define CLV_RUNNER_WATCH_FOLDER_H

#include <corelevel/error.h>

/* One file below the folder. */
typedef struct clv_watched {
    char *path;
    long long size, second, nanosecond; /* of its last change */
    double since;                       /* when it was first seen like this, s of the monotonic clock */
    int whole;                          /* it has not changed for long enough */
    int listed;                         /* it stands among the inputs */
} clv_watched;

typedef struct clv_watched_folder {
    const char *path, *pattern, *out; /* `pattern` of file names, as a shell has it; `out` is not looked into */
    double settle;                    /* s that a file must stay as it is before it counts as whole */
    clv_watched *files;               /* sorted by path */
    size_t count;
    char **inputs; /* every file that was whole once, in that order */
    size_t input_count;
} clv_watched_folder;

/* Looks at the folder; `news` tells how many files became whole, or whole again after a change. Hidden files and
   folders are left out, links to folders not followed. Errors: CLV_NOT_FOUND when the folder cannot be read,
   CLV_NO_MEMORY. */
clv_status clv_watched_look(clv_watched_folder *self, double now, size_t *news, clv_error *err);

/* Adds an input that is known from before; its name is below the folder. Errors: CLV_NO_MEMORY. */
clv_status clv_watched_add_known(clv_watched_folder *self, const char *name, clv_error *err);

void clv_watched_free(clv_watched_folder *self);

#endif
