/* Finds a line by any spelling and a chemical state by its words.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/line_library.h"

#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "data/line_name.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static int is_gap(char c) { return c == 0 || c == ' ' || c == ',' || c == ';'; }

/* Whether `word` stands in `text` between blanks, the case of letters ignored. */
static int has_word(const char *text, const char *word)
{
    for (const char *at = text; *at && *word; at++) {
        size_t n = 0;

        if (at > text && !is_gap(at[-1])) { continue; }
        while (word[n] && lower(at[n]) == lower(word[n])) { n++; }
        if (!word[n] && is_gap(at[n])) { return 1; }
    }
    return 0;
}

/* How well an entry answers: 3 the state itself, 2 a state that holds it as a word, 1 the element's own, 0 not. */
static int answers(const clv_line *line, const clv_line_name *wanted, const char *state)
{
    clv_line_name own;

    if (!clv_line_name_read(line->name, &own, NULL) || !clv_line_name_match(&own, wanted)) { return 0; }
    if (!line->state) { return 1; }
    if (!state) { return 0; }
    if (clv_text_equal(line->state, state)) { return 3; }
    return has_word(line->state, state) ? 2 : 0;
}

static clv_status unknown(const clv_line_library *library, const char *name, clv_error *err)
{
    const char **names = calloc(library->line_count + 1, sizeof *names);
    const char *near;

    CLV_CHECK(names, err, CLV_NO_MEMORY, "out of memory for the lines");
    for (size_t i = 0; i < library->line_count; i++) { names[i] = library->lines[i].name; }
    near = clv_text_nearest(name, names, library->line_count);
    free(names);
    return clv_fail(err, CLV_NOT_FOUND, "the line library has no line \"%.60s\"%s%s%s", name,
                    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

clv_status clv_line_library_find(const clv_line_library *library, const char *name, const char *state,
                                 const clv_line **line, clv_error *err)
{
    clv_line_name wanted;
    bool whole = false;
    const clv_line *found = NULL;
    int best = 0;

    if (!name || !clv_line_name_read(name, &wanted, &whole) || !whole) {
        return unknown(library, name ? name : "", err);
    }
    for (size_t i = 0; i < library->line_count; i++) {
        int how = answers(&library->lines[i], &wanted, state);

        if (how > best) {
            best = how;
            found = &library->lines[i];
        }
    }
    if (!found) { return unknown(library, name, err); }
    *line = found;
    return CLV_OK;
}
