/* Reads attributes and sends those of groups as metadata. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader.h"

#include <netcdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/names.h"

#define TEXT_MAX ((size_t)1 << 20)
#define ATTRIBUTES_MAX 1000

/* Texts of variable length are read here only, where nothing else can be hurt. */
static char *read_string(int group, int variable, const char *name, size_t length)
{
    char **texts = length == 1 ? reader_room(length, sizeof *texts) : NULL;
    char *text = NULL;

    if (!texts) { return NULL; }
    if (nc_get_att_string(group, variable, name, texts) == NC_NOERR && texts[0]) {
        text = strnlen(texts[0], TEXT_MAX) < TEXT_MAX ? strdup(texts[0]) : NULL;
        nc_free_string(1, texts);
    }
    free(texts);
    return text;
}

char *reader_text(int group, int variable, const char *name)
{
    nc_type type;
    size_t length;
    char *text;

    if (nc_inq_att(group, variable, name, &type, &length)) { return NULL; }
    if (type == NC_STRING) { return read_string(group, variable, name, length); }
    if (type != NC_CHAR || length > TEXT_MAX) { return NULL; }
    text = reader_room(length + 1, 1);
    if (nc_get_att_text(group, variable, name, text)) {
        free(text);
        return NULL;
    }
    text[length] = 0;
    return text;
}

size_t reader_numbers(int group, int variable, const char *name, double *numbers, size_t count)
{
    nc_type type;
    size_t length;
    double *all;

    if (nc_inq_att(group, variable, name, &type, &length)) { return 0; }
    if (type == NC_CHAR || type == NC_STRING || type > NC_STRING || length == 0 || length > 1000) { return 0; }
    all = reader_room(length, sizeof *all);
    if (nc_get_att_double(group, variable, name, all)) { length = 0; }
    memcpy(numbers, all, (length < count ? length : count) * sizeof *numbers);
    free(all);
    return length;
}

/* Whether an attribute is the unit of another. */
static int is_unit(int group, const char *name)
{
    size_t length = strlen(name), suffix = strlen(CLV_NAME_UNITS);
    char base[NC_MAX_NAME + 1];
    double number;

    if (length <= suffix || strcmp(name + length - suffix, CLV_NAME_UNITS) != 0) { return 0; }
    snprintf(base, sizeof base, "%.*s", (int)(length - suffix), name);
    return reader_numbers(group, NC_GLOBAL, base, &number, 1) == 1;
}

static void send_number(int group, const char *name, const char *shown, double number)
{
    char unit_name[NC_MAX_NAME + sizeof CLV_NAME_UNITS];
    char *unit;

    snprintf(unit_name, sizeof unit_name, "%s%s", name, CLV_NAME_UNITS);
    unit = reader_text(group, NC_GLOBAL, unit_name);
    reader_send_text(CLV_STREAM_METADATA, shown);
    reader_send(CLV_STREAM_NUMBER, &number, sizeof number);
    if (unit) { reader_send_text(CLV_STREAM_UNIT, unit); }
    free(unit);
}

static void send_attribute(int group, const char *name, int own)
{
    static const char *const layout[] = {"long_name", "history", "Conventions", "_NCProperties"};
    size_t prefix = strlen(CLV_NAME_METADATA);
    const char *shown = own && strncmp(name, CLV_NAME_METADATA, prefix) == 0 ? name + prefix : name;
    double number;
    char *text;

    for (size_t i = 0; i < sizeof layout / sizeof *layout; i++) {
        if (strcmp(name, layout[i]) == 0) { return; }
    }
    if (is_unit(group, name)) { return; }
    text = reader_text(group, NC_GLOBAL, name);
    if (text) {
        reader_send_text(CLV_STREAM_METADATA, shown);
        reader_send_text(CLV_STREAM_TEXT, text);
        free(text);
    } else if (reader_numbers(group, NC_GLOBAL, name, &number, 1) == 1) {
        send_number(group, name, shown, number);
    }
}

static void send_history(int group)
{
    char *text = reader_text(group, NC_GLOBAL, "history"), *rest = text;

    for (char *line; rest && (line = strsep(&rest, "\n"));) {
        if (*line) { reader_send_text(CLV_STREAM_HISTORY, line); }
    }
    free(text);
}

void reader_metadata(int group, int own)
{
    int count = 0;

    if (nc_inq_natts(group, &count)) { count = 0; }
    for (int i = 0; i < count && i < ATTRIBUTES_MAX; i++) {
        char name[NC_MAX_NAME + 1];

        if (nc_inq_attname(group, NC_GLOBAL, i, name) == NC_NOERR) { send_attribute(group, name, own); }
    }
    send_history(group);
}
