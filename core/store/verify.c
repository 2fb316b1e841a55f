/* Looks at a finished netCDF file once more. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/verify.h"

#include <netcdf.h>
#include <stdlib.h>

#include "store/library.h"

/* Reads the last value of a variable. */
static int read_last(int group, int variable)
{
    int dimensions[NC_MAX_VAR_DIMS], count = 0, code;
    size_t *last;
    double value;
    char letter;
    nc_type type;

    code = nc_inq_var(group, variable, NULL, &type, &count, dimensions, NULL);
    last = calloc((size_t)count + 1, sizeof *last);
    if (!last) { return NC_ENOMEM; }
    for (int i = 0; i < count && !code; i++) {
        code = nc_inq_dimlen(group, dimensions[i], &last[i]);
        if (!code && last[i]-- == 0) { code = NC_EEDGE; }
    }
    if (!code) {
        code = type == NC_CHAR ? nc_get_var1_text(group, variable, last, &letter)
                               : nc_get_var1_double(group, variable, last, &value);
    }
    free(last);
    return code;
}

static int look_at(int group, int depth, verify_counts *found)
{
    int groups = 0, variables = 0, code = nc_inq_nvars(group, &variables);
    int *inside;

    for (int i = 0; i < variables && !code; i++) { code = read_last(group, i); }
    found->variables += (size_t)variables;
    if (!code) { code = nc_inq_grps(group, &groups, NULL); }
    if (code || groups == 0 || depth > 8) { return code; }
    inside = calloc((size_t)groups, sizeof *inside);
    if (!inside) { return NC_ENOMEM; }
    code = nc_inq_grps(group, &groups, inside);
    for (int i = 0; i < groups && !code; i++) { code = look_at(inside[i], depth + 1, found); }
    found->groups += (size_t)groups;
    free(inside);
    return code;
}

clv_status clv_verify_file(const char *path, const char *named, const verify_counts *expected, clv_error *err)
{
    verify_counts found = {0};
    int file, code, closed;

    clv_library_lock();
    code = nc_open(path, NC_NOWRITE, &file);
    if (!code) {
        code = look_at(file, 0, &found);
        closed = nc_close(file);
        code = code ? code : closed;
    }
    clv_library_unlock();
    CLV_CHECK(!code, err, CLV_CANNOT_WRITE, "%s: what was written cannot be read back: %s", named, nc_strerror(code));
    CLV_CHECK(found.groups == expected->groups && found.variables == expected->variables, err, CLV_CANNOT_WRITE,
              "%s: what was written is not whole: %zu of %zu groups, %zu of %zu variables", named, found.groups,
              expected->groups, found.variables, expected->variables);
    return CLV_OK;
}
