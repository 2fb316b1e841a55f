/* Tables on a terminal: cells gathered, columns as wide as their widest cell.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct clv_table {
    size_t columns, count, room;
    char **cell; /* NULL where memory ran out */
};

clv_table *clv_table_new(size_t columns)
{
    clv_table *table = calloc(1, sizeof *table);

    if (table) { table->columns = columns; }
    return table;
}

void clv_table_add(clv_table *table, const char *format, ...)
{
    va_list list;

    if (!table) { return; }
    if (table->count == table->room) {
        char **grown = realloc(table->cell, (table->room + 64) * sizeof *grown);
        if (!grown) { return; }
        table->cell = grown;
        table->room += 64;
    }
    va_start(list, format);
    if (vasprintf(&table->cell[table->count], format, list) < 0) { table->cell[table->count] = NULL; }
    va_end(list);
    table->count++;
}

/* Characters, not bytes: what continues a UTF-8 character is not counted. */
static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; text && *text; text++) { width += ((unsigned char)*text & 0xC0) != 0x80; }
    return width;
}

static size_t column_width(const clv_table *table, size_t column)
{
    size_t widest = 0;

    for (size_t i = column; i < table->count; i += table->columns) {
        size_t width = width_of(table->cell[i]);
        if (width > widest) { widest = width; }
    }
    return widest;
}

void clv_table_print(const clv_table *table, FILE *out)
{
    if (!table) { return; }
    for (size_t i = 0; i < table->count; i++) {
        const char *text = table->cell[i] ? table->cell[i] : "";
        fputs(text, out);
        if ((i + 1) % table->columns == 0) {
            putc('\n', out);
        } else {
            fprintf(out, "%*s", (int)(column_width(table, i % table->columns) - width_of(text) + 2), "");
        }
    }
}

void clv_table_free(clv_table *table)
{
    if (!table) { return; }
    for (size_t i = 0; i < table->count; i++) { free(table->cell[i]); }
    free(table->cell);
    free(table);
}
