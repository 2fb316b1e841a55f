/* What the two halves of the column-text reader share: how rows are split, and a table of numbers.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_COLUMN_TEXT_H
#define CLV_COLUMN_TEXT_H

#include <corelevel/plugin.h>

#define COLUMNS_LIMIT 256
#define COLUMNS_NAME 96

/* How the numbers of a row stand: what is between them (' ' for blanks of any number) and the decimal mark. */
typedef struct columns_style {
    char between, decimal;
} columns_style;

/* A run of rows with what stood above it. */
typedef struct columns_table {
    size_t columns, rows, room;
    double *numbers; /* [rows][columns] */
    char name[COLUMNS_LIMIT][COLUMNS_NAME], unit[COLUMNS_LIMIT][COLUMNS_NAME];
    char region[COLUMNS_NAME]; /* "" when nothing tells it */
} columns_table;

/* Splits a row into numbers; a missing one is NaN. Returns how many, 0 when the line is not a row of two or more
 * numbers. */
size_t columns_split(const char *line, columns_style style, double numbers[COLUMNS_LIMIT]);

/* The style in which most of the first lines are rows; how many there are is given back, the cursor is put back to its
   start. */
clv_status columns_style_find(clv_cursor *in, columns_style *style, size_t *rows, clv_error *err);

/* Takes names and units from a line of words above the numbers: "BE/eV", "Counts [counts]", "Energy (eV)". */
void columns_take_names(const char *line, columns_style style, columns_table *table);

#endif
