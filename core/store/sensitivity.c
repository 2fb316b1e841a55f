/* Reads sensitivity factors: <sensitivity name= source= includes= photon_energy=> with a <line name= factor=/> each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/sensitivity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/xml.h"

/* The words of `includes`. */
static clv_status read_includes(clv_xml *xml, clv_sensitivity *set, clv_error *err)
{
    const char *text, *at;

    CLV_TRY(clv_xml_text(xml, "includes", &text, err));
    for (at = text + strspn(text, " ,"); *at; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,");

        if (length == 12 && strncmp(at, "transmission", length) == 0) {
            set->has_transmission = 1;
        } else if (length == 4 && strncmp(at, "imfp", length) == 0) {
            set->has_imfp = 1;
        } else if (!(length == 7 && strncmp(at, "nothing", length) == 0)) {
            return clv_xml_fail(xml, err,
                                "includes: \"%.*s\" is none of transmission, imfp, nothing (what the factors contain)",
                                (int)length, at);
        }
        at += length;
    }
    return CLV_OK;
}

static clv_status read_root(clv_xml *xml, clv_sensitivity *set, clv_error *err)
{
    const char *text;

    if (strcmp(clv_xml_name(xml), "sensitivity") != 0) {
        return clv_xml_fail(xml, err, "the root is <%s>, of a set of sensitivity factors it is <sensitivity>",
                            clv_xml_name(xml));
    }
    CLV_TRY(clv_xml_text(xml, "name", &text, err));
    set->name = strdup(text);
    CLV_TRY(clv_xml_text(xml, "source", &text, err));
    set->source = strdup(text);
    CLV_CHECK(set->name && set->source, err, CLV_NO_MEMORY, "out of memory for sensitivity factors");
    CLV_TRY(clv_xml_number(xml, "photon_energy", &set->photon_energy, err));
    return read_includes(xml, set, err);
}

static clv_status read_line(clv_xml *xml, clv_sensitivity *set, clv_error *err)
{
    struct clv_sensitivity_row row = {0};
    char name[CLV_LINE_NAME_SIZE];
    const char *text;
    bool whole;

    if (strcmp(clv_xml_name(xml), "line") != 0) {
        return clv_xml_fail(xml, err, "<%s> is no part of a set of sensitivity factors", clv_xml_name(xml));
    }
    CLV_TRY(clv_xml_text(xml, "name", &text, err));
    if (!clv_line_name_read(text, &row.line, &whole) || !whole || row.line.kind != CLV_LINE_PHOTO) {
        return clv_xml_fail(xml, err, "\"%.40s\" is no line such as S 2p or Co 2p3/2", text);
    }
    CLV_TRY(clv_xml_number(xml, "factor", &row.factor, err));
    if (!(row.factor > 0 && row.factor < 1e6)) {
        clv_line_name_write(&row.line, name);
        return clv_xml_fail(xml, err, "the factor %g of %s is not above zero", row.factor, name);
    }
    if (set->count == set->room) {
        size_t room = 2 * set->room + 16;
        struct clv_sensitivity_row *rows = reallocarray(set->rows, room, sizeof *rows);

        CLV_CHECK(rows, err, CLV_NO_MEMORY, "out of memory for sensitivity factors");
        set->rows = rows;
        set->room = room;
    }
    set->rows[set->count++] = row;
    return CLV_OK;
}

static clv_status read_all(clv_xml *xml, clv_sensitivity *set, clv_error *err)
{
    clv_xml_event event;

    for (;;) {
        CLV_TRY(clv_xml_next(xml, &event, err));
        if (event == CLV_XML_END) { return CLV_OK; }
        if (event != CLV_XML_OPEN) { continue; }
        CLV_TRY(clv_xml_depth(xml) == 0 ? read_root(xml, set, err) : read_line(xml, set, err));
    }
}

static clv_status read_bytes(const char *path, const char *bytes, size_t count, clv_sensitivity *set, clv_error *err)
{
    clv_xml *xml = NULL;
    clv_status status;

    CLV_TRY(clv_xml_open(path, bytes, count, &xml, err));
    status = read_all(xml, set, err);
    clv_xml_free(xml);
    return status;
}

clv_status clv_sensitivity_read(const char *path, clv_sensitivity *set, clv_error *err)
{
    FILE *file = fopen(path, "rbe");
    char *bytes = file ? malloc(CLV_XML_MAX_BYTES + 1) : NULL;
    size_t count = bytes ? fread(bytes, 1, CLV_XML_MAX_BYTES + 1, file) : 0;
    clv_status status;

    if (!file) {
        status =
            clv_fail(err, CLV_NOT_FOUND, "the sensitivity factors %s cannot be read: %s", path, strerrordesc_np(errno));
    } else if (!bytes) {
        status = clv_fail(err, CLV_NO_MEMORY, "out of memory for sensitivity factors");
    } else if (ferror(file)) {
        status = clv_fail(err, CLV_BAD_FILE, "the sensitivity factors %s cannot be read", path);
    } else {
        status = read_bytes(path, bytes, count, set, err);
    }
    if (file) { fclose(file); }
    free(bytes);
    if (status) { clv_sensitivity_clear(set); }
    return status;
}

clv_status clv_sensitivity_factor(const clv_sensitivity *set, const clv_line_name *line, double *factor, clv_error *err)
{
    char text[CLV_LINE_NAME_SIZE];
    double sum = 0;
    int members = 0;

    for (size_t i = 0; i < set->count; i++) {
        if (clv_line_name_equal(&set->rows[i].line, line)) {
            *factor = set->rows[i].factor;
            return CLV_OK;
        }
        if (line->parts[0] == 0 && clv_line_name_match(&set->rows[i].line, line)) {
            sum += set->rows[i].factor;
            members++;
        }
    }
    *factor = sum;
    if (members == 2) { return CLV_OK; }
    clv_line_name_write(line, text);
    return clv_fail(err, CLV_NOT_FOUND, "the sensitivity factors \"%.80s\" have none for %s", set->name, text);
}

void clv_sensitivity_clear(clv_sensitivity *set)
{
    free(set->name);
    free(set->source);
    free(set->rows);
    *set = (clv_sensitivity){0};
}
