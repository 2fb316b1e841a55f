/* Looks at a finished netCDF file once more before it gets its name. Private to core/store.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_VERIFY_H
#define CLV_STORE_VERIFY_H

#include <corelevel/error.h>

/* What a file holds in all its groups (the root not counted). */
typedef struct verify_counts {
    size_t groups, variables;
} verify_counts;

/* Opens the file, counts its groups and variables, and reads the last place of every variable, which has the library
   check the sums. `named` begins the sentences. Errors: CLV_CANNOT_WRITE. */
clv_status clv_verify_file(const char *path, const char *named, const verify_counts *expected, clv_error *err);

#endif
