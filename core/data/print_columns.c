/* Prints columns and groups of them. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/columns.h>
#include <corelevel/text.h>

#include "columns.h"
#include "print.h"
#include "table.h"

void clv_flags_print(uint8_t flags, clv_buffer *out)
{
    static const struct {
        unsigned flag;
        const char *words;
    } all[] = {{CLV_FIT_NOT_CONVERGED, "did not converge"},
               {CLV_FIT_NOT_FINITE, "no finite result"},
               {CLV_FIT_AT_BOUND, "at a bound"},
               {CLV_FIT_UNDETERMINED, "undetermined"},
               {CLV_FIT_POOR, "model does not describe the data"},
               {CLV_FIT_RESTARTED, "started anew"},
               {CLV_FIT_HELD, "energy offset held"},
               {CLV_FIT_OVERLAP, "another line in the range"}};
    int first = 1;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!(flags & all[i].flag)) { continue; }
        clv_buffer_format(out, "%s%s", first ? "" : ", ", all[i].words);
        first = 0;
    }
}

void clv_number_print(double number, clv_buffer *out)
{
    char text[CLV_TEXT_MEASURED_SIZE];

    clv_text_from_measured(number, NAN, text);
    clv_buffer_add(out, text);
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    if (isnan(x) || isnan(y)) { return (isnan(x) != 0) - (isnan(y) != 0); }
    return (x > y) - (x < y);
}

size_t clv_median_print(double *values, size_t count, double *median, double *low, double *high)
{
    size_t n = 0;

    qsort(values, count, sizeof *values, compare_numbers);
    while (n < count && !isnan(values[n])) { n++; }
    *median = n ? 0.5 * values[(n - 1) / 2] + 0.5 * values[n / 2] : NAN;
    *low = n ? values[0] : NAN;
    *high = n ? values[n - 1] : NAN;
    return n;
}

/* ---- Tables of all points ---- */

/* The axis values of a point, axis after axis with what stands beside. */
static void add_place(clv_table *table, const clv_frame *frame, size_t point)
{
    size_t stride = 1;

    for (size_t i = 1; i < frame->count; i++) { stride *= clv_axis_size(frame->axes[i]); }
    for (size_t i = 0; i < frame->count; i++) {
        size_t size = clv_axis_size(frame->axes[i]), place = point / stride % size;

        clv_table_add_number(table, clv_axis_values(frame->axes[i])[place]);
        for (size_t j = 0; j < frame->beside_count[i]; j++) {
            clv_table_add_number(table, clv_axis_values(frame->beside[i][j])[place]);
        }
        if (i + 1 < frame->count) { stride /= clv_axis_size(frame->axes[i + 1]); }
    }
}

/* Adds what a buffer holds as the next cell, and empties it. */
static void add_cell(clv_table *table, clv_buffer *cell)
{
    char *text = NULL;

    if (clv_buffer_take(cell, &text, NULL)) {
        table->failed = 1;
        return;
    }
    clv_table_add(table, text);
    free(text);
}

/* A limit with two digits, rounded up: a limit that is rounded down is none. */
static double limit_shown(double limit)
{
    double digit = pow(10, floor(log10(limit)) - 1);

    return limit > 0 ? ceil(limit / digit - 1e-9) * digit : limit;
}

/* A limit, a value with its error, or with its interval where that is not symmetric. */
static void add_value(clv_table *table, const clv_columns *columns, size_t c, size_t point)
{
    double value = clv_columns_value(columns, c, point);
    const double *interval = columns->interval[c];
    clv_buffer cell = {0};

    if (columns->limit[c] && isfinite(columns->limit[c][point])) {
        clv_buffer_add(&cell, "< ");
        clv_number_print(limit_shown(columns->limit[c][point]), &cell);
        add_cell(table, &cell);
        return;
    }
    if (!interval || !isfinite(interval[2 * point]) || !isfinite(interval[2 * point + 1])) {
        clv_table_add_measured(table, value, clv_columns_error(columns, c, point));
        return;
    }
    clv_number_print(value, &cell);
    clv_buffer_add(&cell, " (");
    clv_number_print(interval[2 * point], &cell);
    clv_buffer_add(&cell, " to ");
    clv_number_print(interval[2 * point + 1], &cell);
    clv_buffer_add(&cell, ")");
    add_cell(table, &cell);
}

static int has_flags(const clv_columns *columns)
{
    for (size_t i = 0; i < columns->points; i++) {
        if (clv_columns_flags(columns, i)) { return 1; }
    }
    return 0;
}

static void add_flags(clv_table *table, uint8_t flags)
{
    clv_buffer cell = {0};

    clv_flags_print(flags, &cell);
    add_cell(table, &cell);
}

static const char *text_or(const char *text, const char *other) { return text ? text : other; }

static void start_table(clv_table *table, const clv_columns *columns, int with_sample, int with_flags)
{
    table->width = (size_t)(with_sample != 0) + columns->count + (size_t)(with_flags != 0);
    if (with_sample) { clv_table_add(table, "sample"); }
    for (size_t i = 0; i < columns->frame.count; i++) {
        const clv_frame *frame = &columns->frame;

        table->width += 1 + frame->beside_count[i];
        clv_table_add_header(table, clv_axis_name(frame->axes[i]), clv_axis_unit(frame->axes[i]));
        for (size_t j = 0; j < frame->beside_count[i]; j++) {
            clv_table_add_header(table, clv_axis_name(frame->beside[i][j]), clv_axis_unit(frame->beside[i][j]));
        }
    }
    for (size_t c = 0; c < columns->count; c++) {
        clv_table_add_header(table, text_or(clv_columns_name(columns, c), "-"),
                             text_or(clv_columns_unit(columns, c), "1"));
    }
    if (with_flags) { clv_table_add(table, "status"); }
}

static void add_points(clv_table *table, const clv_columns *columns, const char *sample, int with_flags)
{
    for (size_t p = 0; p < columns->points; p++) {
        if (sample) { clv_table_add(table, sample); }
        add_place(table, &columns->frame, p);
        for (size_t c = 0; c < columns->count; c++) { add_value(table, columns, c, p); }
        if (with_flags) { add_flags(table, clv_columns_flags(columns, p)); }
    }
}

/* ---- Maps ---- */

static void write_shape(const clv_frame *frame, clv_buffer *out)
{
    for (size_t i = 0; i < frame->count; i++) {
        const clv_axis *axis = frame->axes[i];

        clv_buffer_format(out, "%s%s %zu", i ? " \xC3\x97 " : "", clv_axis_name(axis), clv_axis_size(axis));
    }
}

static void write_failures(const clv_columns *columns, clv_buffer *out)
{
    size_t failed = 0, marked = 0;

    for (size_t i = 0; i < columns->points; i++) {
        uint8_t flags = clv_columns_flags(columns, i);

        failed += (flags & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) != 0;
        marked += (flags & CLV_FIT_POOR) != 0;
    }
    clv_buffer_format(out, "%zu of %zu failed", failed, columns->points);
    if (marked) { clv_buffer_format(out, "; %zu: model does not describe the data", marked); }
    clv_buffer_add(out, "\n");
}

/* One row for a column of a map: median, typical error, lowest, highest, how many are no numbers. */
static void add_summary(clv_table *table, const clv_columns *columns, size_t c, const char *sample)
{
    double *values = reallocarray(NULL, columns->points, sizeof *values), median, low, high, error, a, b;
    size_t n;

    if (!values) {
        table->failed = 1;
        return;
    }
    for (size_t i = 0; i < columns->points; i++) { values[i] = clv_columns_error(columns, c, i); }
    clv_median_print(values, columns->points, &error, &a, &b);
    for (size_t i = 0; i < columns->points; i++) { values[i] = clv_columns_value(columns, c, i); }
    n = clv_median_print(values, columns->points, &median, &low, &high);
    free(values);
    if (sample) { clv_table_add(table, sample); }
    clv_table_add_header(table, text_or(clv_columns_name(columns, c), "-"), text_or(clv_columns_unit(columns, c), "1"));
    clv_table_add_measured(table, median, error);
    clv_table_add_number(table, low);
    clv_table_add_number(table, high);
    clv_table_add_number(table, (double)(columns->points - n));
}

static void start_summary(clv_table *table, int with_sample)
{
    static const char *const names[] = {"column", "median", "lowest", "highest", "missing"};

    table->width = with_sample ? 6 : 5;
    if (with_sample) { clv_table_add(table, "sample"); }
    for (size_t i = 0; i < 5; i++) { clv_table_add(table, names[i]); }
}

/* ---- Both ---- */

static void write_notes(const clv_columns *columns, const char *sample, clv_buffer *out)
{
    for (size_t i = 0; i < columns->notes.count; i++) {
        clv_buffer_format(out, "%s%s%s\n", sample ? sample : "", sample ? ": " : "", columns->notes.items[i]);
    }
}

/* Prints one member of a group, or columns alone when `sample` is NULL. */
static void print_member(const clv_columns *columns, const char *sample, clv_buffer *out)
{
    clv_table table = {0};

    if (columns->points <= CLV_TABLE_ROWS) {
        int with_flags = has_flags(columns);

        start_table(&table, columns, sample != NULL, with_flags);
        add_points(&table, columns, sample, with_flags);
    } else {
        write_shape(&columns->frame, out);
        clv_buffer_add(out, ": ");
        write_failures(columns, out);
        start_summary(&table, sample != NULL);
        for (size_t c = 0; c < columns->count && c < CLV_TABLE_ROWS; c++) { add_summary(&table, columns, c, sample); }
    }
    clv_table_write(&table, out);
    clv_table_clear(&table);
    if (columns->points > CLV_TABLE_ROWS && columns->count > CLV_TABLE_ROWS) {
        clv_buffer_format(out, "and %zu more columns\n", columns->count - CLV_TABLE_ROWS);
    }
}

void clv_columns_print(const clv_columns *columns, clv_buffer *out)
{
    print_member(columns, NULL, out);
    write_notes(columns, NULL, out);
}

/* ---- Groups ---- */

static const clv_columns *member_at(const clv_group *group, size_t place)
{
    return clv_value_as_object(clv_group_at(group, place), CLV_COLUMNS);
}

/* The name of a member, or its place in a list, written to `room`. */
static const char *sample_at(const clv_group *group, size_t place, char room[CLV_TEXT_NUMBER_SIZE])
{
    const char *name = clv_group_name(group, place);

    if (name) { return name; }
    clv_text_from_number((double)(place + 1), room);
    return room;
}

static int same_names(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

/* Whether all members can stand in one table: the same axes by name, the same columns, and few points. */
static int fits_one_table(const clv_group *group)
{
    const clv_columns *first = member_at(group, 0);
    size_t points = 0;

    for (size_t i = 0; i < clv_group_count(group); i++) {
        const clv_columns *one = member_at(group, i);

        points += one->points;
        if (one->count != first->count || one->frame.count != first->frame.count) { return 0; }
        for (size_t c = 0; c < one->count; c++) {
            if (!same_names(clv_columns_name(one, c), clv_columns_name(first, c)) ||
                !same_names(clv_columns_unit(one, c), clv_columns_unit(first, c))) {
                return 0;
            }
        }
        for (size_t a = 0; a < one->frame.count; a++) {
            if (!same_names(clv_axis_name(one->frame.axes[a]), clv_axis_name(first->frame.axes[a])) ||
                !same_names(clv_axis_unit(one->frame.axes[a]), clv_axis_unit(first->frame.axes[a])) ||
                one->frame.beside_count[a] != first->frame.beside_count[a]) {
                return 0;
            }
        }
    }
    return points <= CLV_TABLE_ROWS;
}

static void print_one_table(const clv_group *group, clv_buffer *out)
{
    char room[CLV_TEXT_NUMBER_SIZE];
    clv_table table = {0};
    int with_flags = 0;

    for (size_t i = 0; i < clv_group_count(group); i++) { with_flags |= has_flags(member_at(group, i)); }
    start_table(&table, member_at(group, 0), 1, with_flags);
    for (size_t i = 0; i < clv_group_count(group); i++) {
        add_points(&table, member_at(group, i), sample_at(group, i, room), with_flags);
    }
    clv_table_write(&table, out);
    clv_table_clear(&table);
}

static void print_columns_group(const clv_group *group, clv_buffer *out)
{
    char room[CLV_TEXT_NUMBER_SIZE];

    if (fits_one_table(group)) {
        print_one_table(group, out);
    } else {
        for (size_t i = 0; i < clv_group_count(group); i++) {
            print_member(member_at(group, i), sample_at(group, i, room), out);
        }
    }
    for (size_t i = 0; i < clv_group_count(group); i++) {
        write_notes(member_at(group, i), sample_at(group, i, room), out);
    }
}

static void print_value(const clv_value *value, void (*other)(const clv_value *, clv_buffer *), clv_buffer *out)
{
    switch (clv_value_kind(value)) {
    case CLV_RECORD: clv_record_print(clv_value_as_object(value, CLV_RECORD), out); break;
    case CLV_SPECTRA: clv_spectra_print(clv_value_as_object(value, CLV_SPECTRA), out); break;
    case CLV_GROUP: clv_group_print(clv_value_as_object(value, CLV_GROUP), other, out); break;
    default:
        if (other) {
            other(value, out);
        } else {
            clv_buffer_format(out, "%s\n", clv_kind_name(clv_value_kind(value)));
        }
        break;
    }
}

void clv_group_print(const clv_group *group, void (*other)(const clv_value *value, clv_buffer *out), clv_buffer *out)
{
    char room[CLV_TEXT_NUMBER_SIZE];

    if (clv_group_count(group) == 0) {
        clv_buffer_add(out, "empty\n");
    } else if (clv_group_kind(group) == CLV_COLUMNS) {
        print_columns_group(group, out);
    } else {
        for (size_t i = 0; i < clv_group_count(group); i++) {
            clv_buffer_format(out, "%s%s:\n", i ? "\n" : "", sample_at(group, i, room));
            print_value(clv_group_at(group, i), other, out);
        }
    }
}
