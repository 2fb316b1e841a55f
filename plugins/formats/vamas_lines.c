/* The lines of a VAMAS file: texts, counts, labels with units, comments.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vamas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next line without spaces around it; lent until the next one. */
clv_status vamas_next_text(vamas_file *file, const char *what, const char **text)
{
    const char *line = "";
    clv_status status = clv_cursor_text(file->in, &line, file->err);
    size_t length;

    if (status == CLV_NOT_FOUND) {
        return clv_cursor_fail(file->in, file->err, "the file ends where %s should stand", what);
    }
    CLV_TRY(status);
    line += strspn(line, " \t");
    length = strlen(line);
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t')) { length--; }
    if (length >= file->line_room) {
        char *larger = realloc(file->line, 2 * length + 80);

        CLV_CHECK(larger, file->err, CLV_NO_MEMORY, "no memory for a line");
        file->line = larger;
        file->line_room = 2 * length + 80;
    }
    memcpy(file->line, line, length);
    file->line[length] = 0;
    *text = file->line;
    return CLV_OK;
}

/* The same into a place of fixed size, cut at the end of a character. */
clv_status vamas_take_text(vamas_file *file, const char *what, char text[VAMAS_LABEL])
{
    const char *line = "";
    size_t length;

    CLV_TRY(vamas_next_text(file, what, &line));
    length = strlen(line);
    if (length >= VAMAS_LABEL) {
        length = VAMAS_LABEL - 1;
        while (length > 0 && ((unsigned char)line[length] & 0xC0) == 0x80) { length--; }
    }
    memcpy(text, line, length);
    text[length] = 0;
    return CLV_OK;
}

/* Counts of lines to come cannot be larger than the bytes left. */
clv_status vamas_take_count(vamas_file *file, const char *what, long least, long *count)
{
    size_t left;

    CLV_TRY(clv_cursor_integer(file->in, what, least, 1000000000, count, file->err));
    left = clv_cursor_left(file->in);
    if ((size_t)*count > left) {
        return clv_cursor_fail(file->in, file->err, "%s is %ld, but only %zu bytes follow: the file is cut short", what,
                               *count, left);
    }
    return CLV_OK;
}

clv_status vamas_take_variable(vamas_file *file, const char *what, vamas_variable *variable)
{
    CLV_TRY(vamas_take_text(file, what, variable->label));
    return vamas_take_text(file, what, variable->unit);
}

/* A comment's lines, kept as one text; nothing is set when all are empty. */
clv_status vamas_take_comment(vamas_file *file, clv_metadata *metadata)
{
    long lines = 0;
    size_t length = 0, room = 0;
    char *comment = NULL;
    clv_status status = CLV_OK;

    CLV_TRY(vamas_take_count(file, "the number of comment lines", 0, &lines));
    for (long i = 0; i < lines && !status; i++) {
        const char *line = "";
        size_t more;

        status = vamas_next_text(file, "a line of the comment", &line);
        more = strlen(line) + 2;
        if (!status && length + more > room) {
            char *larger = realloc(comment, room = 2 * (length + more));
            if (!larger) { status = clv_fail(file->err, CLV_NO_MEMORY, "no memory for a comment"); }
            comment = larger ? larger : comment;
        }
        if (!status && (length > 0 || *line)) {
            length += (size_t)snprintf(comment + length, room - length, "%s%s", length > 0 ? "\n" : "", line);
        }
    }
    if (!status && (length > 0 || clv_metadata_text(metadata, "comment"))) {
        status = clv_metadata_set_text(metadata, "comment", length > 0 ? comment : "", file->err);
    }
    free(comment);
    return status;
}
