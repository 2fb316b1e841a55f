/* Undoing gzip within bounds. Private to core.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_BASE_GZIP_H
#define CLV_BASE_GZIP_H

#include <corelevel/error.h>

/* Whether bytes begin like a gzip member (RFC 1952: 1F 8B 08). */
int clv_gzip_starts(const uint8_t *bytes, size_t count);

/* Undoes gzip, all members, into bytes that the caller frees. What comes out may be at most 8 MiB and sixteen times
   what goes in, so that a small file cannot ask for much memory. Errors: CLV_BAD_FILE (damaged, cut short), CLV_LIMIT,
   CLV_NO_MEMORY; the sentences begin with `name`. */
clv_status clv_gzip_undo(const char *name, const uint8_t *bytes, size_t count, uint8_t **plain, size_t *plain_count,
                         clv_error *err);

#endif
