/* Lua programs that come with corelevel and are run in a Lua of their own, with files and without limits.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_HOST_SCRIPT_H
#define CLV_HOST_SCRIPT_H

#include <corelevel/corelevel.h>

/* Runs the program in `path` as `lua5.4 path word` would. For programs of the data folder only: nothing is kept from
   them. Errors: CLV_CANNOT_WRITE with the program's message, CLV_NO_MEMORY. */
clv_status clv_script_run(const char *path, const char *word, clv_error *err);

#endif
