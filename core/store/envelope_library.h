/* The envelope library as it is held in memory. Private to core/store.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_ENVELOPE_LIBRARY_H
#define CLV_STORE_ENVELOPE_LIBRARY_H

#include <corelevel/envelopes.h>

/* Starts as {0}; owns its texts and parts. */
typedef struct clv_envelope_library {
    clv_envelope *envelopes;
    size_t count, room;
    struct clv_envelope_source {
        char *id, *citation;
    } * sources;
    size_t source_count, source_room;
} clv_envelope_library;

/* Reads a library from the XML of spectra/envelopes.xml into an empty one; `name` begins the sentences. Errors:
   CLV_BAD_FILE with the line, CLV_NO_MEMORY. */
clv_status clv_envelope_library_read(const char *name, const void *bytes, size_t count, clv_envelope_library *library,
                                     clv_error *err);

/* As clv_envelopes_find, in this library. */
clv_status clv_envelope_library_find(const clv_envelope_library *library, const char *state, const char *line,
                                     const clv_envelope **envelope, clv_error *err);

void clv_envelope_library_clear(clv_envelope_library *library);

#endif
