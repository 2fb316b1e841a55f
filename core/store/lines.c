/* The line library: read once from the compiled-in file, or from the one that CORELEVEL_LINES names, and searched.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/lines.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "data/line_name.h"
#include "store/embedded.h"
#include "store/line_library.h"
#include "store/xml.h"

/* Written by the one reading, constant afterwards. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static clv_line_library library;
static clv_status ready;
static clv_error reason;

static clv_status read_file(const char *path, clv_error *err)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = malloc(CLV_XML_MAX_BYTES + 1);
    size_t count = file && bytes ? fread(bytes, 1, CLV_XML_MAX_BYTES + 1, file) : 0;
    clv_status status;

    if (!file || ferror(file)) {
        status = clv_fail(err, CLV_BAD_FILE, "the line library %s (CORELEVEL_LINES) cannot be read: %s", path,
                          strerrordesc_np(errno));
    } else if (!bytes) {
        status = clv_fail(err, CLV_NO_MEMORY, "out of memory for the line library");
    } else {
        status = clv_line_library_read(path, bytes, count, &library, err);
    }
    if (file) { fclose(file); }
    free(bytes);
    return status;
}

static void read_once(void)
{
    const char *path = getenv("CORELEVEL_LINES");

    ready = path && *path
                ? read_file(path, &reason)
                : clv_line_library_read("lines.xml", clv_embedded_lines, clv_embedded_lines_size, &library, &reason);
}

static const clv_line_library *the_library(void)
{
    pthread_once(&once, read_once);
    return &library;
}

clv_status clv_lines_ready(clv_error *err)
{
    the_library();
    return ready ? clv_fail(err, ready, "%s", reason.text) : CLV_OK;
}

size_t clv_lines_count(void) { return the_library()->line_count; }

const clv_line *clv_lines_at(size_t place) { return place < the_library()->line_count ? &library.lines[place] : NULL; }

size_t clv_lines_auger_count(void) { return the_library()->auger_count; }

const clv_auger *clv_lines_auger(size_t place)
{
    return place < the_library()->auger_count ? &library.augers[place] : NULL;
}

clv_status clv_lines_find(const char *name, const char *state, const clv_line **line, clv_error *err)
{
    CLV_TRY(clv_lines_ready(err));
    return clv_line_library_find(&library, name, state, line, err);
}
