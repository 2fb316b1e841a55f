/* Where a workflow's paths lead: saves stay below the output folder, library items come from the data folder.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BINDING_PATHS_H
#define CLV_BINDING_PATHS_H

#include <corelevel/error.h>

/* Resolves a path that is written below `out` (NULL: the current folder) and makes the folders it needs. Absolute paths
   and `..` are refused unless `trust`. The text is the caller's (free). Errors: CLV_BAD_ARGUMENT, CLV_CANNOT_WRITE. */
clv_status clv_path_written(const char *out, const char *path, int trust, char **resolved, clv_error *err);

/* Checks such a path and makes nothing. */
clv_status clv_path_check(const char *path, int trust, clv_error *err);

/* Resolves a path that is read: "library:area/name" to its file in the data folder, everything else as it stands. */
clv_status clv_path_read(const char *path, char **resolved, clv_error *err);

/* The folder of shipped data (line library, samples, workflows): CORELEVEL_DATA_DIR, or beside the installed library,
   or where it was configured to be; and a file in it. The text is the caller's (free). Errors: CLV_NOT_FOUND. */
clv_status clv_path_data(const char *name, char **path, clv_error *err);

/* Makes a folder and those above it. Errors: CLV_CANNOT_WRITE. */
clv_status clv_folder_make(const char *folder, clv_error *err);

#endif
