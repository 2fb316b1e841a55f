/* Writes columns, and groups of columns, as tables of comma-separated values.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/save_rows.h"

static clv_status put_header(clv_csv *csv, const clv_columns *columns, const save_axes *axes, clv_error *err)
{
    save_axes_header(csv, axes);
    for (size_t c = 0; c < clv_columns_count(columns); c++) {
        const char *name = clv_columns_name(columns, c);

        clv_csv_header(csv, name, clv_columns_unit(columns, c));
        CLV_TRY(save_name(csv, name, "_error", err));
        if (clv_columns_interval(columns, c)) {
            CLV_TRY(save_name(csv, name, "_low", err));
            CLV_TRY(save_name(csv, name, "_high", err));
        }
        if (clv_columns_limit(columns, c)) { CLV_TRY(save_name(csv, name, "_limit", err)); }
    }
    clv_csv_text(csv, "status");
    clv_csv_end(csv);
    return CLV_OK;
}

static void put_rows(clv_csv *csv, const char *sample, const clv_columns *columns, const save_axes *axes)
{
    char room[SAVE_BEFORE_SIZE];
    const char *before = save_before_columns(columns, room);

    for (size_t i = 0; i < clv_columns_points(columns); i++) {
        if (sample) { clv_csv_text(csv, sample); }
        save_axes_row(csv, axes, i);
        for (size_t c = 0; c < clv_columns_count(columns); c++) {
            clv_csv_number(csv, clv_columns_value(columns, c, i));
            clv_csv_number(csv, clv_columns_error(columns, c, i));
            if (clv_columns_interval(columns, c)) {
                clv_csv_number(csv, clv_columns_interval(columns, c)[2 * i]);
                clv_csv_number(csv, clv_columns_interval(columns, c)[2 * i + 1]);
            }
            if (clv_columns_limit(columns, c)) { clv_csv_number(csv, clv_columns_limit(columns, c)[i]); }
        }
        save_flags(csv, clv_columns_flags(columns, i), before);
        clv_csv_end(csv);
    }
}

clv_status save_columns_csv(const clv_columns *columns, const char *path, clv_error *err)
{
    save_axes axes;
    clv_csv *csv = NULL;
    clv_status status;

    CLV_TRY(save_axes_of_columns(columns, &axes, err));
    CLV_TRY(clv_csv_open(path, &csv, err));
    status = put_header(csv, columns, &axes, err);
    if (status) {
        clv_csv_free(csv);
        return status;
    }
    put_rows(csv, NULL, columns, &axes);
    return clv_csv_finish(csv, err);
}

/* Whether two members have the same columns along the same axes, so that one header serves both. */
static clv_status check_alike(const clv_columns *first, const clv_columns *other, clv_error *err)
{
    save_axes a, b;
    int alike = clv_columns_count(first) == clv_columns_count(other);

    CLV_TRY(save_axes_of_columns(first, &a, err));
    CLV_TRY(save_axes_of_columns(other, &b, err));
    alike = alike && a.count == b.count;
    for (size_t i = 0; alike && i < a.count; i++) {
        alike = strcmp(clv_axis_name(a.axes[i]), clv_axis_name(b.axes[i])) == 0 &&
                strcmp(clv_axis_unit(a.axes[i]), clv_axis_unit(b.axes[i])) == 0;
    }
    for (size_t c = 0; alike && c < clv_columns_count(first); c++) {
        alike = strcmp(clv_columns_name(first, c), clv_columns_name(other, c)) == 0 &&
                strcmp(clv_columns_unit(first, c), clv_columns_unit(other, c)) == 0 &&
                !clv_columns_interval(first, c) == !clv_columns_interval(other, c) &&
                !clv_columns_limit(first, c) == !clv_columns_limit(other, c);
    }
    CLV_CHECK(alike, err, CLV_BAD_ARGUMENT,
              "the members do not have the same columns along the same axes; save each under a path of its own");
    return CLV_OK;
}

static const clv_columns *member(const clv_group *group, size_t place)
{
    return clv_value_as_object(clv_group_at(group, place), CLV_COLUMNS);
}

clv_status save_group_csv(const clv_group *group, const char *path, clv_error *err)
{
    save_axes axes;
    clv_csv *csv = NULL;
    clv_status status;

    CLV_CHECK(clv_group_count(group) > 0, err, CLV_BAD_ARGUMENT, "the list is empty");
    for (size_t i = 0; i < clv_group_count(group); i++) {
        CLV_TRY(check_alike(member(group, 0), member(group, i), err));
    }
    CLV_TRY(save_axes_of_columns(member(group, 0), &axes, err));
    CLV_TRY(clv_csv_open(path, &csv, err));
    clv_csv_text(csv, "sample");
    status = put_header(csv, member(group, 0), &axes, err);
    for (size_t i = 0; i < clv_group_count(group) && !status; i++) {
        char number[24];
        const char *name = clv_group_name(group, i);

        snprintf(number, sizeof number, "%zu", i + 1);
        status = save_axes_of_columns(member(group, i), &axes, err);
        put_rows(csv, name ? name : number, member(group, i), &axes);
    }
    if (!status) { return clv_csv_finish(csv, err); }
    clv_csv_free(csv);
    return status;
}
