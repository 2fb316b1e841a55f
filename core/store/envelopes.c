/* The envelope library: read once from the compiled-in file, or from the one that CORELEVEL_ENVELOPES names.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/envelopes.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/embedded.h"
#include "store/envelope_library.h"
#include "store/xml.h"

/* Written by the one reading, constant afterwards. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static clv_envelope_library library;
static clv_status ready;
static clv_error reason;

static clv_status read_file(const char *path, clv_error *err)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = malloc(CLV_XML_MAX_BYTES + 1);
    size_t count = file && bytes ? fread(bytes, 1, CLV_XML_MAX_BYTES + 1, file) : 0;
    clv_status status;

    if (!file || ferror(file)) {
        status = clv_fail(err, CLV_BAD_FILE, "the envelope library %s (CORELEVEL_ENVELOPES) cannot be read: %s", path,
                          strerrordesc_np(errno));
    } else if (!bytes) {
        status = clv_fail(err, CLV_NO_MEMORY, "out of memory for the envelopes");
    } else {
        status = clv_envelope_library_read(path, bytes, count, &library, err);
    }
    if (file) { fclose(file); }
    free(bytes);
    return status;
}

static void read_once(void)
{
    const char *path = getenv("CORELEVEL_ENVELOPES");

    ready = path && *path ? read_file(path, &reason)
                          : clv_envelope_library_read("envelopes.xml", clv_embedded_envelopes,
                                                      clv_embedded_envelopes_size, &library, &reason);
}

static const clv_envelope_library *the_library(void)
{
    pthread_once(&once, read_once);
    return &library;
}

clv_status clv_envelopes_ready(clv_error *err)
{
    the_library();
    return ready ? clv_fail(err, ready, "%s", reason.text) : CLV_OK;
}

size_t clv_envelopes_count(void) { return the_library()->count; }

const clv_envelope *clv_envelopes_at(size_t place)
{
    return place < the_library()->count ? &library.envelopes[place] : NULL;
}

clv_status clv_envelopes_find(const char *state, const char *line, const clv_envelope **envelope, clv_error *err)
{
    CLV_TRY(clv_envelopes_ready(err));
    return clv_envelope_library_find(&library, state, line, envelope, err);
}
