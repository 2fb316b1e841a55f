/* Checks options against parameter rows: places, names, what is required, presets; and reads checked ones.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/options.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTED 64

size_t clv_options_rows(const clv_parameter *rows)
{
    size_t count = 0;

    while (rows && rows[count].name) { count++; }
    return count;
}

/* ---- Finding the row that a place or a name means */

static size_t row_named(const clv_options *options, const char *name)
{
    for (size_t r = 0; r < options->count; r++) {
        if (strcmp(options->rows[r].name, name) == 0) { return r; }
    }
    return SIZE_MAX;
}

static size_t row_at(const clv_options *options, size_t place)
{
    for (size_t r = 0; r < options->count; r++) {
        if (options->rows[r].place == place) { return r; }
    }
    return SIZE_MAX;
}

static size_t last_place(const clv_options *options)
{
    size_t last = 0;

    for (size_t r = 0; r < options->count; r++) {
        if (options->rows[r].place > last) { last = options->rows[r].place; }
    }
    return last;
}

static int is_list(clv_type type)
{
    return type == CLV_TYPE_NUMBERS || type == CLV_TYPE_NAMES || type == CLV_TYPE_GROUPS || type == CLV_TYPE_COMPONENTS;
}

/* ---- Sentences */

/* "it has a, b and c" */
static void list_names(const clv_options *options, char *text, size_t size)
{
    size_t length = 0;

    text[0] = 0;
    for (size_t r = 0; r < options->count && length < size; r++) {
        const char *between = r == 0 ? "" : r + 1 < options->count ? ", " : " and ";
        length += (size_t)snprintf(text + length, size - length, "%s%s", between, options->rows[r].name);
    }
}

static clv_status refuse_name(const char *who, const clv_options *options, const char *name, clv_error *err)
{
    const char *names[LISTED] = {NULL}, *near;
    char list[300];
    size_t count = options->count < LISTED ? options->count : LISTED;

    for (size_t r = 0; r < count; r++) { names[r] = options->rows[r].name; }
    near = clv_text_nearest(name, names, count);
    if (near) {
        return clv_fail(err, CLV_BAD_ARGUMENT, "%s: there is no option '%s' (did you mean %s?)", who, name, near);
    }
    if (count == 0) { return clv_fail(err, CLV_BAD_ARGUMENT, "%s: it takes no options, '%s' is given", who, name); }
    list_names(options, list, sizeof list);
    return clv_fail(err, CLV_BAD_ARGUMENT, "%s: there is no option '%s'; it has %s", who, name, list);
}

static clv_status refuse_missing(const char *who, const clv_parameter *row, clv_error *err)
{
    const char *unit = row->unit && strcmp(row->unit, "1") != 0 ? row->unit : "";
    const char *doc = row->doc ? row->doc : "";

    return clv_fail(err, CLV_BAD_ARGUMENT, "%s: %s is missing%s%s%s%s%s", who, row->name, *doc ? ": " : "", doc,
                    *unit ? " (" : "", unit, *unit ? ")" : "");
}

/* ---- Taking values */

static clv_status take(const char *who, clv_options *options, size_t r, const clv_value *value, clv_error *err)
{
    CLV_CHECK(!options->given[r], err, CLV_BAD_ARGUMENT, "%s: %s is given twice, by place and by name", who,
              options->rows[r].name);
    if (clv_value_kind(value) == CLV_NIL) { return CLV_OK; }
    CLV_TRY(clv_options_normal(who, &options->rows[r], value, &options->values[r], err));
    options->given[r] = 1;
    return CLV_OK;
}

/* Gathers all values from `place` on into one list for the last row. */
static clv_status take_rest(const char *who, clv_options *options, size_t r, const clv_value *given, size_t place,
                            clv_error *err)
{
    clv_value *list = clv_value_table();
    clv_status status = list ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "%s: no memory for its options", who);

    for (size_t i = place; i < clv_value_count(given) && !status; i++) {
        status = clv_value_append(list, clv_value_ref(clv_value_at(given, i)), err);
    }
    if (!status) { status = take(who, options, r, list, err); }
    clv_value_free(list);
    return status;
}

static clv_status take_places(const char *who, clv_options *options, const clv_value *given, clv_error *err)
{
    size_t count = clv_value_count(given), last = last_place(options);

    for (size_t place = 0; place < count; place++) {
        size_t r = row_at(options, place + 1);
        int rest = place + 1 == last && r != SIZE_MAX && is_list(options->rows[r].type);

        CLV_CHECK(place < last && r != SIZE_MAX, err, CLV_BAD_ARGUMENT,
                  "%s: it takes at most %zu value%s without a name, %zu are given", who, last, last == 1 ? "" : "s",
                  count);
        if (rest && (count > place + 1 || clv_value_kind(clv_value_at(given, place)) != CLV_TABLE)) {
            return take_rest(who, options, r, given, place, err);
        }
        CLV_TRY(take(who, options, r, clv_value_at(given, place), err));
    }
    return CLV_OK;
}

static clv_status take_names(const char *who, clv_options *options, const clv_value *given, clv_error *err)
{
    for (size_t n = 0; n < clv_value_name_count(given); n++) {
        const char *name = clv_value_name_at(given, n);
        size_t r = row_named(options, name);

        if (r == SIZE_MAX) { return refuse_name(who, options, name, err); }
        CLV_TRY(take(who, options, r, clv_value_get(given, name), err));
    }
    return CLV_OK;
}

/* A preset is a literal: `284.8`, `"hold"`, `{281, 295}`. The parser gives a table; without braces it holds one. */
static clv_status take_preset(const char *who, clv_options *options, size_t r, clv_error *err)
{
    const clv_parameter *row = &options->rows[r];
    clv_value *parsed = NULL;
    const clv_value *preset;
    clv_status status;

    if (clv_value_parse(row->preset, &parsed, err)) { return clv_error_at(err, "%s: preset of %s", who, row->name); }
    preset = parsed;
    if (row->preset[0] != '{' && clv_value_kind(parsed) == CLV_TABLE) { preset = clv_value_at(parsed, 0); }
    status = CLV_OK;
    if (clv_value_kind(preset) != CLV_NIL) { status = clv_options_normal(who, row, preset, &options->values[r], err); }
    clv_value_free(parsed);
    return status;
}

static clv_status take_presets(const char *who, clv_options *options, clv_error *err)
{
    for (size_t r = 0; r < options->count; r++) {
        if (options->given[r]) { continue; }
        if (options->rows[r].flags & CLV_REQUIRED) { return refuse_missing(who, &options->rows[r], err); }
        if (options->rows[r].preset) { CLV_TRY(take_preset(who, options, r, err)); }
    }
    return CLV_OK;
}

clv_status clv_options_check(const char *who, const clv_parameter *rows, const clv_value *given, clv_options **options,
                             clv_error *err)
{
    size_t count = clv_options_rows(rows);
    clv_options *made = calloc(1, sizeof *made);
    clv_status status = CLV_OK;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: no memory for its options", who);
    made->rows = rows;
    made->count = count;
    made->values = calloc(count + 1, sizeof *made->values);
    made->given = calloc(count + 1, 1);
    if (!made->values || !made->given) {
        status = clv_fail(err, CLV_NO_MEMORY, "%s: no memory for its options", who);
    } else if (given && clv_value_kind(given) != CLV_TABLE && clv_value_kind(given) != CLV_NIL) {
        status = clv_fail(err, CLV_BAD_ARGUMENT, "%s: options are a table, a %s is given", who,
                          clv_kind_name(clv_value_kind(given)));
    }
    if (!status) { status = take_places(who, made, given, err); }
    if (!status) { status = take_names(who, made, given, err); }
    if (!status) { status = take_presets(who, made, err); }
    if (status) {
        clv_options_free(made);
        return status;
    }
    *options = made;
    return CLV_OK;
}

void clv_options_free(clv_options *options)
{
    if (!options) { return; }
    for (size_t r = 0; options->values && r < options->count; r++) { clv_value_free(options->values[r]); }
    free(options->values);
    free(options->given);
    free(options);
}

/* ---- Reading */

const clv_value *clv_options_get(const clv_options *options, const char *name)
{
    size_t r = options ? row_named(options, name) : SIZE_MAX;

    return r == SIZE_MAX ? NULL : options->values[r];
}

int clv_options_given(const clv_options *options, const char *name)
{
    size_t r = options ? row_named(options, name) : SIZE_MAX;

    return r == SIZE_MAX ? 0 : options->given[r];
}

double clv_options_number(const clv_options *options, const char *name)
{
    const clv_value *value = clv_options_get(options, name);

    return value ? clv_value_as_number(value) : NAN;
}

int clv_options_boolean(const clv_options *options, const char *name)
{
    const clv_value *value = clv_options_get(options, name);

    return value ? clv_value_as_boolean(value) : 0;
}

const char *clv_options_text(const clv_options *options, const char *name)
{
    const clv_value *value = clv_options_get(options, name);

    return value ? clv_value_as_text(value) : NULL;
}

int clv_options_range(const clv_options *options, const char *name, double *low, double *high)
{
    const clv_value *value = clv_options_get(options, name);

    if (clv_value_kind(value) != CLV_TABLE || clv_value_count(value) != 2) { return 0; }
    *low = clv_value_as_number(clv_value_at(value, 0));
    *high = clv_value_as_number(clv_value_at(value, 1));
    return 1;
}
