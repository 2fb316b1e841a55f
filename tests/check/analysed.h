/* Read before each file that clang-tidy analyses: says that a failure is never CLV_OK, which the analyzer cannot see.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/error.h>

#define clv_fail(err, status, ...) (clv_fail((err), (status), __VA_ARGS__), (status))
