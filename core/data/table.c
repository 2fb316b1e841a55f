/* Aligns the columns of a table. SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

static const char plus_minus[] = " \xC2\xB1 ";

void clv_table_add(clv_table *table, const char *cell)
{
    if (!table->failed && clv_texts_add(&table->cells, cell, NULL)) { table->failed = 1; }
}

void clv_table_add_number(clv_table *table, double number) { clv_table_add_measured(table, number, NAN); }

void clv_table_add_measured(clv_table *table, double value, double error)
{
    char text[CLV_TEXT_MEASURED_SIZE];

    clv_text_from_measured(value, error, text);
    clv_table_add(table, text);
}

void clv_table_add_header(clv_table *table, const char *name, const char *unit)
{
    clv_buffer cell = {0};
    char *text = NULL;

    clv_buffer_add(&cell, name);
    if (strcmp(unit, "1") != 0) { clv_buffer_format(&cell, " [%s]", unit); }
    if (clv_buffer_take(&cell, &text, NULL)) {
        table->failed = 1;
        return;
    }
    clv_table_add(table, text);
    free(text);
}

size_t clv_table_rows(const clv_table *table)
{
    size_t rows = table->width ? table->cells.count / table->width : 0;

    return rows ? rows - 1 : 0;
}

/* How many characters of UTF-8 stand in `length` bytes. */
static size_t count_characters(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++) { count += ((unsigned char)text[i] & 0xC0) != 0x80; }
    return count;
}

/* A cell in two parts: up to its "±" and from there on. */
typedef struct parts {
    size_t left_bytes, left, right; /* the others in characters */
} parts;

static parts split(const char *cell)
{
    const char *at = strstr(cell, plus_minus);
    size_t length = strlen(cell), left = at ? (size_t)(at - cell) : length;

    return (parts){left, count_characters(cell, left), count_characters(cell + left, length - left)};
}

/* How wide a column is, and whether it holds numbers. */
typedef struct shape {
    size_t left, right, header;
    int numbers;
} shape;

static int looks_like_number(const char *cell)
{
    return *cell == 0 || strchr("-+(<0123456789", *cell) || strcmp(cell, "nan") == 0 || strcmp(cell, "inf") == 0;
}

static shape measure(const clv_table *table, size_t column)
{
    size_t rows = clv_table_rows(table);
    shape s = {0, 0, split(table->cells.items[column]).left, rows > 0};

    for (size_t r = 1; r <= rows; r++) {
        const char *cell = table->cells.items[r * table->width + column];
        parts p = split(cell);

        s.left = p.left > s.left ? p.left : s.left;
        s.right = p.right > s.right ? p.right : s.right;
        s.numbers = s.numbers && looks_like_number(cell);
    }
    return s;
}

static void write_blanks(clv_buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++) { clv_buffer_bytes(out, " ", 1); }
}

static void write_cell(const char *cell, const shape *s, int is_header, clv_buffer *out)
{
    size_t width = s->left + s->right > s->header ? s->left + s->right : s->header;
    parts p = split(cell);

    if (!s->numbers) {
        clv_buffer_add(out, cell);
        write_blanks(out, width - p.left - p.right);
    } else if (is_header) {
        write_blanks(out, width - p.left - p.right);
        clv_buffer_add(out, cell);
    } else {
        write_blanks(out, width - s->right - p.left);
        clv_buffer_add(out, cell);
        write_blanks(out, s->right - p.right);
    }
}

static void trim_blanks(clv_buffer *out)
{
    while (!out->failed && out->length > 0 && out->text[out->length - 1] == ' ') { out->length--; }
}

void clv_table_write(const clv_table *table, clv_buffer *out)
{
    shape *shapes = calloc(table->width + 1, sizeof *shapes);

    if (!shapes || table->failed) {
        out->failed = 1;
        free(shapes);
        return;
    }
    for (size_t c = 0; c < table->width; c++) { shapes[c] = measure(table, c); }
    for (size_t r = 0; r <= clv_table_rows(table); r++) {
        for (size_t c = 0; c < table->width; c++) {
            if (c) { clv_buffer_add(out, "  "); }
            write_cell(table->cells.items[r * table->width + c], &shapes[c], r == 0, out);
        }
        trim_blanks(out);
        clv_buffer_add(out, "\n");
    }
    free(shapes);
}

void clv_table_clear(clv_table *table)
{
    clv_texts_clear(&table->cells);
    *table = (clv_table){0};
}
