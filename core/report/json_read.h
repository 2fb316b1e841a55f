/* JSON read into values: objects as tables with names, arrays as tables by place, null as nil.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REPORT_JSON_READ_H
#define CLV_REPORT_JSON_READ_H

#include <corelevel/value.h>

/* The largest text (bytes) and the deepest nesting that are read. */
#define CLV_JSON_MAX_BYTES ((size_t)256 << 20)
#define CLV_JSON_MAX_DEPTH 64

/* Reads one document (RFC 8259) of UTF-8 bytes; the value is the caller's. Errors: CLV_BAD_FILE with the byte, counted
   from 1; CLV_NO_MEMORY. */
clv_status clv_json_read(const char *bytes, size_t count, clv_value **value, clv_error *err);

#endif
