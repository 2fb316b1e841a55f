/* JSON, written onto the end of a buffer. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REPORT_JSON_WRITE_H
#define CLV_REPORT_JSON_WRITE_H

#include <corelevel/value.h>

#include "data/buffer.h"

/* A number with the fewest digits that give it back; null when it is not finite. */
void clv_json_add_number(clv_buffer *out, double number);

/* A text in quotes; what could end a <script> element that it stands in is escaped. Bytes that are not UTF-8 become
   U+FFFD. */
void clv_json_add_text(clv_buffer *out, const char *text);

/* Any value: tables with names as objects, other tables as arrays, objects of the library as null. */
void clv_json_add_value(clv_buffer *out, const clv_value *value);

#endif
