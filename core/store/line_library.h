/* The line library as it is held in memory. Private to core/store.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_LINE_LIBRARY_H
#define CLV_STORE_LINE_LIBRARY_H

#include <corelevel/lines.h>

/* Starts as {0}; owns its texts. */
typedef struct clv_line_library {
    clv_line *lines;
    size_t line_count, line_room;
    clv_auger *augers;
    size_t auger_count, auger_room;
    struct clv_line_source {
        char *id, *citation;
    } * sources;
    size_t source_count, source_room;
    char **texts; /* all that lines and Auger lines point to, but the citations */
    size_t text_count, text_room;
} clv_line_library;

/* Reads a library from the XML of spectra/lines.xml into an empty one; `name` begins the sentences. A state has what
   its line has unless it says otherwise. Errors: CLV_BAD_FILE with the line, CLV_NO_MEMORY. */
clv_status clv_line_library_read(const char *name, const void *bytes, size_t count, clv_line_library *library,
                                 clv_error *err);

/* As clv_lines_find, in this library. */
clv_status clv_line_library_find(const clv_line_library *library, const char *name, const char *state,
                                 const clv_line **line, clv_error *err);

void clv_line_library_clear(clv_line_library *library);

#endif
