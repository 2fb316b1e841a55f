/* Splits lines of column text into numbers and names, whatever stands between them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "column_text.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINES_LOOKED_AT 400
#define FIELD 64

/* The next field of a line without blanks and quotes around it, cut to its room. NULL at the end of the line. */
static const char *next_field(const char *at, char between, char *field, size_t size)
{
    size_t length, skip;

    if (between == ' ') {
        at += strspn(at, " \t");
        if (!*at) { return NULL; }
        length = strcspn(at, " \t");
    } else {
        length = strcspn(at, (char[]){between, 0});
    }
    skip = strspn(at, " \t\"");
    if (skip > length) { skip = length; }
    snprintf(field, size, "%.*s", (int)(length - skip < size ? length - skip : size - 1), at + skip);
    for (size_t end = strlen(field); end > 0 && strchr(" \t\"", field[end - 1]); end--) { field[end - 1] = 0; }
    return at + length;
}

/* One field as a number with the decimal mark of the style. */
static int read_field(char *field, char decimal, double *number)
{
    *number = NAN;
    if (!*field || clv_text_equal(field, "nan")) { return 1; }
    if (decimal != '.') {
        if (strchr(field, '.')) { return 0; }
        for (char *c = field; *c; c++) { *c = *c == decimal ? '.' : *c; }
    }
    return clv_text_number(field, strlen(field), number, NULL) == CLV_OK;
}

size_t columns_split(const char *line, columns_style style, double numbers[COLUMNS_LIMIT])
{
    char field[FIELD];
    size_t count = 0, known = 0;
    const char *at = line;

    while ((at = next_field(at, style.between, field, sizeof field))) {
        if (count == COLUMNS_LIMIT || !read_field(field, style.decimal, &numbers[count])) { return 0; }
        known += !isnan(numbers[count]);
        count++;
        if (!*at) { break; }
        at++;
    }
    while (count > 0 && isnan(numbers[count - 1])) { count--; } /* separators at the end of the line */
    return known >= 2 ? count : 0;
}

clv_status columns_style_find(clv_cursor *in, columns_style *style, size_t *rows, clv_error *err)
{
    static const columns_style styles[] = {{'\t', '.'}, {';', '.'}, {',', '.'}, {' ', '.'},
                                           {'\t', ','}, {';', ','}, {' ', ','}};
    size_t count[sizeof styles / sizeof *styles] = {0}, best = 0;
    double numbers[COLUMNS_LIMIT];
    const char *line = "";

    for (size_t i = 0; i < LINES_LOOKED_AT; i++) {
        clv_status status = clv_cursor_text(in, &line, err);

        if (status == CLV_NOT_FOUND) { break; }
        CLV_TRY(status);
        for (size_t s = 0; s < sizeof styles / sizeof *styles; s++) {
            count[s] += columns_split(line, styles[s], numbers) >= 2;
        }
    }
    for (size_t s = 1; s < sizeof styles / sizeof *styles; s++) { best = count[s] > count[best] ? s : best; }
    *style = styles[best];
    *rows = count[best];
    return CLV_OK;
}

/* "BE/eV", "Counts [counts]", "Energy (eV)": the unit apart from the name. */
static void split_unit(char *name, char unit[COLUMNS_NAME])
{
    size_t length = strlen(name);
    char *open = length > 0 && name[length - 1] == ']' ? strrchr(name, '[') : NULL;

    unit[0] = 0;
    if (length > 0 && name[length - 1] == ')') { open = strrchr(name, '('); }
    if (open && open > name) {
        snprintf(unit, COLUMNS_NAME, "%.*s", (int)(name + length - 1 - open - 1), open + 1);
    } else if ((open = strrchr(name, '/')) && clv_text_equal(open + 1, "eV")) {
        snprintf(unit, COLUMNS_NAME, "eV");
    } else {
        return;
    }
    while (open > name && open[-1] == ' ') { open--; }
    *open = 0;
}

void columns_take_names(const char *line, columns_style style, columns_table *table)
{
    size_t count = 0;
    const char *at = line + strspn(line, "#%!; \t") * (style.between != '\t');

    while (count < COLUMNS_LIMIT && (at = next_field(at, style.between, table->name[count], COLUMNS_NAME))) {
        split_unit(table->name[count], table->unit[count]);
        count++;
        if (!*at) { break; }
        at++;
    }
    for (; count < COLUMNS_LIMIT; count++) { table->name[count][0] = table->unit[count][0] = 0; }
}
