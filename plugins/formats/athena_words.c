/* Words of an Athena project: texts in quotes, bare words and numbers, lists in brackets, whichever form they are in.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "athena.h"

#include <string.h>

enum { DEEPEST = 32 };

clv_status athena_wrong(const athena_scan *s, const char *what)
{
    return clv_fail(s->err, CLV_BAD_FILE, "%s: byte %zu: %s", s->file, (size_t)(s->at - s->start), what);
}

void athena_skip_between(athena_scan *s)
{
    while (s->at < s->end && strchr(" \t\r\n,:", *s->at) && *s->at) { s->at++; }
    if (s->end - s->at >= 2 && s->at[0] == '=' && s->at[1] == '>') {
        s->at += 2;
        athena_skip_between(s);
    }
}

clv_status athena_take_quoted(athena_scan *s, char word[ATHENA_WORD])
{
    char quote = *s->at++;
    size_t length = 0;

    while (s->at < s->end && *s->at != quote) {
        if (*s->at == '\\' && s->at + 1 < s->end) { s->at++; }
        if (length + 1 < ATHENA_WORD) { word[length++] = *s->at; }
        s->at++;
    }
    word[length] = 0;
    if (s->at == s->end) { return athena_wrong(s, "a text in quotes has no end"); }
    s->at++;
    return CLV_OK;
}

clv_status athena_skip_nested(athena_scan *s)
{
    char word[ATHENA_WORD];
    int depth = 0;

    do {
        char c = *s->at;
        if (c == '\'' || c == '"') {
            CLV_TRY(athena_take_quoted(s, word));
            continue;
        }
        depth += c == '(' || c == '[' || c == '{';
        depth -= c == ')' || c == ']' || c == '}';
        if (depth > DEEPEST) { return athena_wrong(s, "lists stand in one another too deeply"); }
        s->at++;
    } while (depth > 0 && s->at < s->end);
    return depth > 0 ? athena_wrong(s, "a list has no end") : CLV_OK;
}

/* Takes the next word of a list: `*more` is 0 at its end, which is taken too. Lists within it are empty words. */
clv_status athena_next_word(athena_scan *s, char word[ATHENA_WORD], int *more)
{
    size_t length = 0;

    athena_skip_between(s);
    *word = 0;
    *more = 1;
    if (s->at == s->end) { return athena_wrong(s, "a list has no end"); }
    if (strchr(")]}", *s->at)) {
        s->at++;
        *more = 0;
        return CLV_OK;
    }
    if (*s->at == '\'' || *s->at == '"') { return athena_take_quoted(s, word); }
    if (strchr("([{", *s->at)) { return athena_skip_nested(s); }
    while (s->at < s->end && *s->at && !strchr(" \t\r\n,:()[]{}'\"=;", *s->at)) {
        if (length + 1 < ATHENA_WORD) { word[length++] = *s->at; }
        s->at++;
    }
    word[length] = 0;
    return length ? CLV_OK : athena_wrong(s, "a word or a number should stand here");
}

clv_status athena_open_list(athena_scan *s)
{
    athena_skip_between(s);
    if (s->at == s->end || !strchr("([{", *s->at)) { return athena_wrong(s, "a list should begin here"); }
    s->at++;
    return CLV_OK;
}
