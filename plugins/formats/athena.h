/* How an Athena project is taken apart: as words and lists, in Perl and in JSON alike.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ATHENA_H
#define CLV_ATHENA_H

#include <corelevel/plugin.h>
#include <corelevel/record.h>

#include <stddef.h>

#define ATHENA_WORD 400

/* The text with a place in it; nothing beyond `end` is looked at. */
typedef struct athena_scan {
    const char *file, *start, *at, *end;
    clv_error *err;
} athena_scan;

/* Fails with the byte that has been come to. */
clv_status athena_wrong(const athena_scan *s, const char *what);

/* Leaves out blanks, commas, colons and arrows. */
void athena_skip_between(athena_scan *s);

/* Takes a text in quotes; what does not fit is cut. */
clv_status athena_take_quoted(athena_scan *s, char word[ATHENA_WORD]);

/* Leaves out a list, whatever it holds. */
clv_status athena_skip_nested(athena_scan *s);

/* Takes the bracket that opens a list. */
clv_status athena_open_list(athena_scan *s);

/* Takes the next word of a list: `*more` is 0 at its end, which is taken too. Lists within it are empty words. */
clv_status athena_next_word(athena_scan *s, char word[ATHENA_WORD], int *more);

/* A parameter that is kept: Athena's name, that among the metadata, its unit (NULL: a text). The last has no name. */
typedef struct athena_parameter {
    const char *athena, *name, *unit;
} athena_parameter;
extern const athena_parameter athena_kept[];

/* Writes every spectrum over photon energies as a group of a project, not compressed (athena_write.c). */
clv_status athena_write(const clv_record *record, const clv_options *options,
                        clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                        void *payload, clv_error *err);

#endif
