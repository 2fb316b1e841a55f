/* Publication of files: written beside their final name, flushed, checked and renamed, so that readers only ever see
   whole files. Private to core.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BASE_PUBLICATION_H
#define CLV_BASE_PUBLICATION_H

#include <corelevel/error.h>

/* A file that is being written and has no name yet. One thread at a time. */
typedef struct clv_publication clv_publication;

/* Begins a file that will stand at `path` (copied): makes an empty one beside it. Errors: CLV_CANNOT_WRITE in one
   sentence: no such folder, folder not writable, disk full. */
clv_status clv_publication_open(const char *path, clv_publication **publication, clv_error *err);

/* Where the unfinished file is, for libraries that write to a path of their own. Lent. */
const char *clv_publication_path(const clv_publication *publication);

/* Appends bytes; has the shape of a format's `put`, the payload being the publication. Once it has failed it fails
   again. */
clv_status clv_publication_put(void *publication, const void *bytes, size_t count, clv_error *err);

/* Flushes to the disk, lets `check` (may be NULL) look at the unfinished file by its path, and renames it to its final
   name; then flushes the folder. Frees the publication whatever happens; on failure nothing new stands under the final
   name and the unfinished file is gone. */
clv_status clv_publication_finish(clv_publication *publication,
                                  clv_status (*check)(const char *path, void *payload, clv_error *err), void *payload,
                                  clv_error *err);

/* Gives the file up: removes it and frees. NULL is allowed. */
void clv_publication_free(clv_publication *publication);

#endif
