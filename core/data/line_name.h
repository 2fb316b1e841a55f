/* Names of lines in any spelling: "Co 2p", "Co2p3/2", "co 2p/5", "Cu LMM", "Co L2,3", also inside the names that
   instruments give to regions. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_LINE_NAME_H
#define CLV_DATA_LINE_NAME_H

#include <stdbool.h>

/* Room for any line that clv_line_name_write writes, with the ending zero. */
#define CLV_LINE_NAME_SIZE 32

typedef enum clv_line_kind {
    CLV_LINE_PHOTO = 1, /* a photoelectron line: Co 2p */
    CLV_LINE_EDGE = 2,  /* an absorption edge: Co K, Co L2,3 */
    CLV_LINE_AUGER = 3  /* an Auger line: Cu LMM */
} clv_line_kind;

/* A line that was read. A mask of 0 stands for all members. */
typedef struct clv_line_name {
    clv_line_kind kind;
    char element[3];   /* as in the periodic table: "Co" */
    char shell[3];     /* photo: '2', 'p'; edge: 'L'; Auger: 'L', 'M', 'M' */
    unsigned parts[3]; /* photo: bit 2j in the first; edge and Auger: the bits of the subshells of each shell */
} clv_line_name;

/* Reads the first line that stands anywhere in `text`; `whole` (may be NULL) tells whether there is nothing else but
   blanks. False when there is none. */
bool clv_line_name_read(const char *text, clv_line_name *line, bool *whole);

/* Whether two lines are the same, with the same members; whether they share members ("Co 2p" and "Co 2p3/2"). */
bool clv_line_name_equal(const clv_line_name *a, const clv_line_name *b);
bool clv_line_name_match(const clv_line_name *a, const clv_line_name *b);

/* Whether any line in `text` is equal to or matches `line`. */
bool clv_line_name_in(const char *text, const clv_line_name *line, bool equal);

/* Whether `text` is the name of a survey ("Survey", "wide", PHI's "Su1s"), which belongs to no line. */
bool clv_line_name_is_survey(const char *text);

/* Writes a line in the usual spelling: "Co 2p3/2", "Co L2,3", "Cu L3M4,5M4,5". */
void clv_line_name_write(const clv_line_name *line, char text[CLV_LINE_NAME_SIZE]);

#endif
