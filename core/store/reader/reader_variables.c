/* Sends every variable of a netCDF file, group by group, for the comparison of two files.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader.h"

#include <netcdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8
#define PATH_MAX_LENGTH 1200

/* How many values a variable has; refuses what a file of its size cannot hold. */
static uint64_t count_of(int group, int variable)
{
    int count, dimensions[NC_MAX_VAR_DIMS];
    uint64_t values = 1;

    if (nc_inq_var(group, variable, NULL, NULL, &count, dimensions, NULL)) { reader_refuse("a variable is damaged"); }
    for (int i = 0; i < count; i++) {
        size_t size;
        if (nc_inq_dimlen(group, dimensions[i], &size)) { reader_refuse("a dimension is damaged"); }
        if (size > 0 && values > reader_left / size) {
            reader_refuse("it asks for more numbers than a file of its size may hold");
        }
        values *= size;
    }
    return values;
}

static void send_values(int group, int variable, const char *path, int text)
{
    uint64_t count = count_of(group, variable);
    size_t size = text ? 1 : sizeof(double);
    void *values = reader_room(count, size);
    int code = text ? nc_get_var_text(group, variable, values) : nc_get_var_double(group, variable, values);

    if (code && code != NC_ERANGE) { reader_refuse("%s cannot be read: %s", path, nc_strerror(code)); }
    reader_send(text ? CLV_STREAM_TEXT : CLV_STREAM_VALUES, values, count * size);
    free(values);
}

static void send_variable(int group, int variable, const char *above)
{
    char name[NC_MAX_NAME + 1], path[PATH_MAX_LENGTH + NC_MAX_NAME + 2];
    nc_type type;

    if (nc_inq_var(group, variable, name, &type, NULL, NULL, NULL)) { reader_refuse("a variable is damaged"); }
    snprintf(path, sizeof path, "%s%s", above, name);
    if (type >= NC_STRING) { return; }
    reader_send_text(CLV_STREAM_VARIABLE, path);
    send_values(group, variable, path, type == NC_CHAR);
}

static void send_group(int group, const char *above, int depth)
{
    int count = 0, *inside;

    if (nc_inq_nvars(group, &count)) { count = 0; }
    for (int i = 0; i < count; i++) { send_variable(group, i, above); }
    if (depth == DEPTH_MAX || nc_inq_grps(group, &count, NULL) || count < 1) { return; }
    inside = reader_room((uint64_t)count, sizeof *inside);
    if (nc_inq_grps(group, &count, inside)) { count = 0; }
    for (int i = 0; i < count; i++) {
        char name[NC_MAX_NAME + 1], path[PATH_MAX_LENGTH];
        if (nc_inq_grpname(inside[i], name)) { continue; }
        snprintf(path, sizeof path, "%s%s/", above, name);
        send_group(inside[i], path, depth + 1);
    }
    free(inside);
}

void reader_variables(int file) { send_group(file, "", 0); }
