/* A host of somebody else: runs a workflow given as text in a session and takes what it prints.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/session.h>

#include <stdio.h>
#include <string.h>

static const char workflow[] = "local cl = require 'corelevel'\n"
                               "cl.workflow { inputs = { { 'file', 'an XPS file' } } }\n"
                               "print(cl.load(cl.inputs.file)['Co 2p'].unit)\n";

static void print(void *payload, const char *text, size_t length)
{
    (void)payload;
    fwrite(text, 1, length, stdout);
}

int main(int count, char **arguments)
{
    clv_session_setup setup = {.size = sizeof setup, .max_failed = -1, .print = print};
    clv_session *session = NULL;
    clv_error err = {0};
    clv_status status;

    if (count != 2) { return 2; }
    status = clv_session_open_text("unit.lua", workflow, strlen(workflow), &setup, &session, &err);
    if (!status) { status = clv_session_add_word(session, arguments[1], &err); }
    if (!status) { status = clv_session_run(session, &err); }
    clv_session_free(session);
    if (status) { fprintf(stderr, "%s\n", err.text); }
    return status ? 1 : 0;
}
