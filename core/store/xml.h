/* XML read as a stream from bytes, with nothing in it that could reach outside or grow: no document type, no entities
   of its own, bounded depth and texts. Private to core. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_XML_H
#define CLV_STORE_XML_H

#include <corelevel/error.h>

/* The largest file, the deepest nesting and the longest attribute (bytes) that are read. */
#define CLV_XML_MAX_BYTES ((size_t)16 << 20)
#define CLV_XML_MAX_DEPTH 32
#define CLV_XML_MAX_TEXT 4096

/* A document that is being read. One thread at a time. */
typedef struct clv_xml clv_xml;

/* What clv_xml_next met. */
typedef enum clv_xml_event {
    CLV_XML_END = 0,  /* the end of the document */
    CLV_XML_OPEN = 1, /* an element begins */
    CLV_XML_CLOSE = 2 /* an element ends; also sent for elements written as <a/> */
} clv_xml_event;

/* Opens UTF-8 bytes, which must outlive the reader; `name` (lent) begins the sentences. Errors: CLV_BAD_FILE when they
   are too many, not UTF-8 or declare a document type or entities; CLV_NO_MEMORY. */
clv_status clv_xml_open(const char *name, const void *bytes, size_t count, clv_xml **xml, clv_error *err);
void clv_xml_free(clv_xml *xml);

/* Moves to the next beginning or end of an element. Errors: CLV_BAD_FILE for what is malformed, too deep or not
   allowed. */
clv_status clv_xml_next(clv_xml *xml, clv_xml_event *event, clv_error *err);

/* The element it stands at, its depth (0 for the root) and its line. Lent until the next move. */
const char *clv_xml_name(const clv_xml *xml);
int clv_xml_depth(const clv_xml *xml);

/* Reads an attribute of the element that begins here: the text (NULL where there is none), lent until the next
   attribute is read or the reader moves. Errors: CLV_BAD_FILE when it is longer than CLV_XML_MAX_TEXT. */
clv_status clv_xml_attribute(clv_xml *xml, const char *name, const char **text, clv_error *err);

/* The same for one that must be there, and for one that must be a number. */
clv_status clv_xml_text(clv_xml *xml, const char *name, const char **text, clv_error *err);
clv_status clv_xml_number(clv_xml *xml, const char *name, double *number, clv_error *err);

/* Fails with CLV_BAD_FILE and "name:line: " before the sentence. */
clv_status clv_xml_fail(const clv_xml *xml, clv_error *err, const char *format, ...) CLV_PRINTF(3, 4);

#endif
