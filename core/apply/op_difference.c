/* The operation `difference`: one member of a comparison minus another, column by column.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/operations.h"
#include "apply/sputtering.h"

#include <corelevel/text.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/columns.h"

static clv_status no_member(const clv_group *group, const char *name, clv_error *err)
{
    const char *names[64], *near;
    size_t count = 0;

    for (size_t i = 0; i < clv_group_count(group) && count < 64; i++) {
        if (clv_group_name(group, i)) { names[count++] = clv_group_name(group, i); }
    }
    CLV_CHECK(count > 0, err, CLV_BAD_ARGUMENT,
              "the members have no names; use cl.compare { %s = … } in place of a list", name);
    near = clv_text_nearest(name, names, count);
    return clv_fail(err, CLV_BAD_ARGUMENT, "there is no member \"%s\"%s%s%s", name, near ? "; did you mean \"" : "",
                    near ? near : "", near ? "\"?" : "");
}

static clv_status find_member(const clv_group *group, const char *name, const clv_columns **found, clv_error *err)
{
    for (size_t i = 0; i < clv_group_count(group); i++) {
        if (!clv_group_name(group, i) || strcmp(clv_group_name(group, i), name) != 0) { continue; }
        *found = clv_value_as_object(clv_group_at(group, i), CLV_COLUMNS);
        return CLV_OK;
    }
    return no_member(group, name, err);
}

static clv_status check_axes(const clv_columns *a, const clv_columns *b, const char *const names[2], clv_error *err)
{
    CLV_CHECK(clv_columns_axis_count(a) == clv_columns_axis_count(b), err, CLV_BAD_ARGUMENT,
              "\"%s\" stands on %zu axes, \"%s\" on %zu: they have no points in common", names[0],
              clv_columns_axis_count(a), names[1], clv_columns_axis_count(b));
    for (size_t i = 0; i < clv_columns_axis_count(a); i++) {
        const clv_axis *one = clv_columns_axis(a, i), *other = clv_columns_axis(b, i);

        CLV_CHECK(strcmp(clv_axis_name(one), clv_axis_name(other)) == 0, err, CLV_BAD_ARGUMENT,
                  "\"%s\" stands on %s, \"%s\" on %s", names[0], clv_axis_name(one), names[1], clv_axis_name(other));
        CLV_CHECK(clv_axis_size(one) == clv_axis_size(other), err, CLV_BAD_ARGUMENT,
                  "\"%s\" has %zu values of %s, \"%s\" has %zu; drop those that the other has not", names[0],
                  clv_axis_size(one), clv_axis_name(one), names[1], clv_axis_size(other));
        for (size_t k = 0; k < clv_axis_size(one); k++) {
            double x = clv_axis_values(one)[k], y = clv_axis_values(other)[k];

            CLV_CHECK(x == y, err, CLV_BAD_ARGUMENT,
                      "%s %zu is %g %s in \"%s\" and %g in \"%s\": a difference is taken at equal places only",
                      clv_axis_name(one), k + 1, x, clv_axis_unit(one), names[0], y, names[1]);
        }
    }
    return CLV_OK;
}

static clv_status check_columns(const clv_columns *a, const clv_columns *b, const char *const names[2], clv_error *err)
{
    CLV_TRY(check_axes(a, b, names, err));
    for (int turn = 0; turn < 2; turn++) {
        const clv_columns *one = turn ? b : a, *other = turn ? a : b;

        for (size_t c = 0; c < clv_columns_count(one); c++) {
            size_t at = clv_columns_find(other, clv_columns_name(one, c));

            CLV_CHECK(at != SIZE_MAX, err, CLV_BAD_ARGUMENT, "\"%s\" has a column \"%s\", \"%s\" has none", names[turn],
                      clv_columns_name(one, c), names[1 - turn]);
            CLV_CHECK(strcmp(clv_columns_unit(one, c), clv_columns_unit(other, at)) == 0, err, CLV_BAD_ARGUMENT,
                      "\"%s\" is in %s in \"%s\" and in %s in \"%s\"", clv_columns_name(one, c),
                      clv_columns_unit(one, c), names[turn], clv_columns_unit(other, at), names[1 - turn]);
        }
    }
    return CLV_OK;
}

/* Column c of `a` minus the one of that name in `b`, put at the same place of `made`. */
static clv_status subtract(const clv_columns *a, const clv_columns *b, size_t c, clv_columns *made, clv_error *err)
{
    static const char *const names[] = {"a", "b"};
    const char *name = clv_columns_name(a, c);
    clv_columns *parts[2] = {NULL, NULL}, *one = NULL;
    clv_status status = clv_columns_pick(a, c, &parts[0], err);

    if (!status) { status = clv_columns_pick(b, clv_columns_find(b, name), &parts[1], err); }
    if (!status) {
        status = clv_columns_calculate("a - b", names, (const clv_columns *const *)parts, 2, name,
                                       clv_columns_unit(a, c), &one, err);
    }
    if (!status) { clv_columns_put(made, c, one->columns[0]); }
    clv_columns_free(parts[0]);
    clv_columns_free(parts[1]);
    clv_columns_free(one);
    return status;
}

/* Notes of both, but those that a control answers; flags of both. */
static clv_status add_remarks(const clv_columns *of, clv_columns *made, int *answered, clv_error *err)
{
    clv_columns *bare = NULL;
    clv_status status = clv_columns_copy(of, &bare, err);

    CLV_TRY(status);
    for (size_t i = 0; i < clv_columns_note_count(of); i++) {
        *answered |= sputtering_is_note(clv_columns_note(of, i));
    }
    clv_texts_clear(&bare->notes);
    for (size_t i = 0; i < clv_columns_note_count(of) && !status; i++) {
        const char *note = clv_columns_note(of, i);

        if (!sputtering_is_note(note)) { status = clv_columns_add_note(bare, note, err); }
    }
    if (!status) { status = clv_columns_add_remarks(made, bare, err); }
    clv_columns_free(bare);
    return status;
}

static clv_status fill(const clv_columns *a, const clv_columns *b, const char *const names[2], clv_columns *made,
                       clv_error *err)
{
    char note[400];
    int answered = 0;

    for (size_t c = 0; c < clv_columns_count(a); c++) { CLV_TRY(subtract(a, b, c, made, err)); }
    CLV_TRY(clv_columns_share_beside(made, a, err));
    snprintf(note, sizeof note, "%s minus %s", names[0], names[1]);
    CLV_TRY(clv_columns_add_note(made, note, err));
    CLV_TRY(add_remarks(a, made, &answered, err));
    CLV_TRY(add_remarks(b, made, &answered, err));
    if (!answered) { return CLV_OK; }
    snprintf(note, sizeof note,
             "what the ion beam did is taken out with %s, as far as both were sputtered alike and it does the same to "
             "both",
             names[1]);
    return clv_columns_add_note(made, note, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_group *group = clv_value_as_object(call->on, CLV_GROUP);
    const char *names[2] = {clv_options_text(call->options, "a"), clv_options_text(call->options, "b")};
    const clv_columns *a = NULL, *b = NULL;
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    clv_columns *made = NULL;
    clv_status status;

    CLV_CHECK(clv_group_kind(group) == CLV_COLUMNS, err, CLV_BAD_ARGUMENT,
              "a difference is taken of columns, such as fractions or areas, and the members are of kind %s",
              clv_kind_name(clv_group_kind(group)));
    CLV_TRY(find_member(group, names[0], &a, err));
    CLV_TRY(find_member(group, names[1], &b, err));
    CLV_TRY(check_columns(a, b, names, err));
    for (size_t i = 0; i < clv_columns_axis_count(a); i++) { axes[i] = clv_columns_axis(a, i); }
    CLV_TRY(clv_columns_new(axes, clv_columns_axis_count(a), clv_columns_count(a), &made, err));
    status = fill(a, b, names, made, err);
    if (status) {
        clv_columns_free(made);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "a", .type = CLV_TYPE_TEXT, .place = 1, .flags = CLV_REQUIRED, .doc = "name of the member"},
    {.name = "b",
     .type = CLV_TYPE_TEXT,
     .place = 2,
     .flags = CLV_REQUIRED,
     .doc = "name of the member that is taken away from it, such as a control"},
    {0},
};

const clv_operation apply_difference = {
    .size = sizeof(clv_operation),
    .name = "difference",
    .doc = "one member minus another at every place of their common axes, with all covariances",
    .source = "JCGM 100:2008, 5.2",
    .on = CLV_ON(CLV_GROUP),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
