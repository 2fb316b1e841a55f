/* Tables of text with aligned columns, as people read them on a terminal.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_TABLE_H
#define CLV_DATA_TABLE_H

#include "buffer.h"
#include "texts.h"

/* The most rows that are ever printed; what has more is summed up. */
#define CLV_TABLE_ROWS 40

/* Cells row after row, the first row being the header. Once memory is out nothing more is added, and writing says so
   through its buffer. */
typedef struct clv_table {
    clv_texts cells;
    size_t width; /* columns */
    int failed;
} clv_table;

/* Adds the next cell: a text, a number with six significant digits, or a value with its error. */
void clv_table_add(clv_table *table, const char *cell);
void clv_table_add_number(clv_table *table, double number);
void clv_table_add_measured(clv_table *table, double value, double error);

/* Adds a header cell "name [unit]", without the bracket for unit "1". */
void clv_table_add_header(clv_table *table, const char *name, const char *unit);

/* How many rows stand below the header. */
size_t clv_table_rows(const clv_table *table);

/* Writes whole rows: numbers right-aligned, values with errors at their "±", texts left-aligned, two blanks between. */
void clv_table_write(const clv_table *table, clv_buffer *out);

/* Frees all cells. */
void clv_table_clear(clv_table *table);

#endif
