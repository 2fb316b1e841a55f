/* Reads XML with libxml2's streaming reader, no network and no declarations.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/xml.h"

#include <libxml/xmlreader.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

struct clv_xml {
    const char *name;
    xmlTextReader *reader;
    xmlChar *attribute; /* the last one lent */
    int at_empty;       /* stands at the beginning of <a/>, whose end is still to be told */
    char message[300];  /* what libxml2 said first */
};

/* Takes libxml2's words, which would go to stderr otherwise. Only the first ones say what is wrong. */
static void keep_message(void *payload, xmlErrorPtr error)
{
    clv_xml *xml = payload;

    if (xml->message[0] || !error || !error->message) { return; }
    snprintf(xml->message, sizeof xml->message, "%s", error->message);
    xml->message[strcspn(xml->message, "\n")] = 0;
}

clv_status clv_xml_fail(const clv_xml *xml, clv_error *err, const char *format, ...)
{
    char text[400];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return clv_fail(err, CLV_BAD_FILE, "%s:%d: %s", xml->name, xmlTextReaderGetParserLineNumber(xml->reader), text);
}

/* Declarations are looked for in the bytes themselves, before the parser can act on them. That sees all of them because
   the bytes are known to be UTF-8 and are parsed as nothing else. */
static clv_status check_bytes(const char *name, const void *bytes, size_t count, clv_error *err)
{
    CLV_CHECK(count > 0, err, CLV_BAD_FILE, "%s: the file is empty", name);
    CLV_CHECK(count <= CLV_XML_MAX_BYTES, err, CLV_BAD_FILE, "%s: %zu bytes; XML libraries have at most %zu", name,
              count, CLV_XML_MAX_BYTES);
    CLV_CHECK(clv_text_is_utf8(bytes, count) && !memchr(bytes, 0, count), err, CLV_BAD_FILE,
              "%s: not UTF-8 text, so no XML library", name);
    CLV_CHECK(!memmem(bytes, count, "<!ENTITY", 8), err, CLV_BAD_FILE,
              "%s: declares entities (<!ENTITY), which are refused because they can reach or grow without bound", name);
    CLV_CHECK(!memmem(bytes, count, "<!DOCTYPE", 9), err, CLV_BAD_FILE,
              "%s: declares a document type (<!DOCTYPE), which XML libraries do not need and may not have", name);
    return CLV_OK;
}

clv_status clv_xml_open(const char *name, const void *bytes, size_t count, clv_xml **xml, clv_error *err)
{
    clv_xml *made;

    CLV_TRY(check_bytes(name, bytes, count, err));
    made = calloc(1, sizeof *made);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: out of memory", name);
    made->name = name;
    made->reader = xmlReaderForMemory(bytes, (int)count, NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    if (!made->reader) {
        free(made);
        return clv_fail(err, CLV_NO_MEMORY, "%s: out of memory", name);
    }
    xmlTextReaderSetStructuredErrorHandler(made->reader, keep_message, made);
    *xml = made;
    return CLV_OK;
}

void clv_xml_free(clv_xml *xml)
{
    if (!xml) { return; }
    xmlFree(xml->attribute);
    xmlFreeTextReader(xml->reader);
    free(xml);
}

static clv_status open_element(clv_xml *xml, clv_error *err)
{
    if (xmlTextReaderDepth(xml->reader) >= CLV_XML_MAX_DEPTH) {
        return clv_xml_fail(xml, err, "elements are nested deeper than %d", CLV_XML_MAX_DEPTH);
    }
    xml->at_empty = xmlTextReaderIsEmptyElement(xml->reader) == 1;
    return CLV_OK;
}

clv_status clv_xml_next(clv_xml *xml, clv_xml_event *event, clv_error *err)
{
    int got;

    if (xml->at_empty) {
        xml->at_empty = 0;
        *event = CLV_XML_CLOSE;
        return CLV_OK;
    }
    while ((got = xmlTextReaderRead(xml->reader)) == 1) {
        switch (xmlTextReaderNodeType(xml->reader)) {
        case XML_READER_TYPE_ELEMENT: *event = CLV_XML_OPEN; return open_element(xml, err);
        case XML_READER_TYPE_END_ELEMENT: *event = CLV_XML_CLOSE; return CLV_OK;
        case XML_READER_TYPE_DOCUMENT_TYPE:
        case XML_READER_TYPE_ENTITY_REFERENCE:
            return clv_xml_fail(xml, err, "document types and entities of one's own are refused");
        default: break;
        }
    }
    if (got < 0) { return clv_xml_fail(xml, err, "%s", xml->message[0] ? xml->message : "malformed XML"); }
    *event = CLV_XML_END;
    return CLV_OK;
}

const char *clv_xml_name(const clv_xml *xml) { return (const char *)xmlTextReaderConstLocalName(xml->reader); }

int clv_xml_depth(const clv_xml *xml) { return xmlTextReaderDepth(xml->reader); }

clv_status clv_xml_attribute(clv_xml *xml, const char *name, const char **text, clv_error *err)
{
    xmlFree(xml->attribute);
    xml->attribute = xmlTextReaderGetAttribute(xml->reader, (const xmlChar *)name);
    if (xml->attribute && strlen((const char *)xml->attribute) > CLV_XML_MAX_TEXT) {
        return clv_xml_fail(xml, err, "the attribute %s is longer than %d bytes", name, CLV_XML_MAX_TEXT);
    }
    *text = (const char *)xml->attribute;
    return CLV_OK;
}

clv_status clv_xml_text(clv_xml *xml, const char *name, const char **text, clv_error *err)
{
    CLV_TRY(clv_xml_attribute(xml, name, text, err));
    return *text ? CLV_OK : clv_xml_fail(xml, err, "<%s> has no attribute %s", clv_xml_name(xml), name);
}

clv_status clv_xml_number(clv_xml *xml, const char *name, double *number, clv_error *err)
{
    const char *text;

    CLV_TRY(clv_xml_text(xml, name, &text, err));
    if (clv_text_number(text, strlen(text), number, NULL)) {
        return clv_xml_fail(xml, err, "%s of <%s> should be a number and is \"%.40s\"", name, clv_xml_name(xml), text);
    }
    return CLV_OK;
}
