/* Reads untrusted files in a process of its own. Private to core/store.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_WORKER_H
#define CLV_STORE_WORKER_H

#include <corelevel/error.h>

/* Takes one item of the reading process: its bytes are lent. Anything but CLV_OK ends the reading with that. */
typedef clv_status (*clv_worker_take)(void *payload, uint32_t tag, const void *bytes, size_t count, clv_error *err);

/* Hands a file's bytes to corelevel-reader and its items to `take`. The process has hard limits of time and memory and
   is ended when it keeps silent for long. Errors: CLV_BAD_FILE when the file cannot be read or killed its reader,
   CLV_FAILED when the reader is not where CORELEVEL_READER or the library's own place says. */
clv_status clv_worker_read(const char *name, const void *bytes, size_t count, clv_worker_take take, void *payload,
                           clv_error *err);

/* The same, but all variables of a netCDF file are sent as they are: VARIABLE, then VALUES or TEXT. */
clv_status clv_worker_read_variables(const char *name, const void *bytes, size_t count, clv_worker_take take,
                                     void *payload, clv_error *err);

#endif
