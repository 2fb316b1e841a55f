/* Calls an operation by name: on one object, or on each member of a group.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The call as it would be written in a workflow */

static int is_quiet(const clv_value *options)
{
    return clv_value_count(options) == 0 && clv_value_name_count(options) == 0;
}

/* Adds an option that was given, by place when all places before it are there, else by name. */
static clv_status put(const clv_options *options, size_t r, clv_value *table, clv_error *err)
{
    clv_value *value = clv_value_ref(options->values[r]);

    if (options->rows[r].place == clv_value_count(table) + 1) { return clv_value_append(table, value, err); }
    return clv_value_set(table, options->rows[r].name, value, err);
}

/* The options as they were given, but in one form: a call by place and the same call by name are one line of history.
 */
static clv_status canonical(const clv_options *options, clv_value **given, clv_error *err)
{
    clv_value *table = clv_value_table();
    size_t rows = options->count;
    clv_status status = table ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory for a line of history");

    for (size_t place = 1; place <= rows && !status; place++) {
        for (size_t r = 0; r < rows && !status; r++) {
            if (options->given[r] && options->rows[r].place == place) { status = put(options, r, table, err); }
        }
    }
    for (size_t r = 0; r < rows && !status; r++) {
        if (options->given[r] && options->rows[r].place == 0) { status = put(options, r, table, err); }
    }
    if (status) {
        clv_value_free(table);
        return status;
    }
    *given = table;
    return CLV_OK;
}

/* name(773, 811) for values by place, name { at = 284.8 } otherwise. The text is the caller's. */
static clv_status write_line(const char *name, const clv_value *options, char **line, clv_error *err)
{
    char *literal = NULL;
    int made;

    if (is_quiet(options)) {
        made = asprintf(line, "%s()", name);
    } else {
        size_t length;

        CLV_TRY(clv_value_write(options, &literal, err));
        length = strlen(literal);
        if (clv_value_name_count(options) == 0 && length > 1 && literal[0] == '{') {
            const char *inside = literal + 1 + strspn(literal + 1, " ");
            size_t inner = (size_t)(literal + length - 1 - inside);

            while (inner > 0 && inside[inner - 1] == ' ') { inner--; }
            made = asprintf(line, "%s(%.*s)", name, (int)inner, inside);
        } else {
            made = asprintf(line, "%s %s", name, literal);
        }
        clv_text_free(literal);
    }
    if (made < 0) {
        *line = NULL;
        return clv_fail(err, CLV_NO_MEMORY, "%s: no memory", name);
    }
    return CLV_OK;
}

/* ---- One object */

static clv_status run_one(const clv_operation *operation, const clv_value *on, const clv_value *options,
                          clv_value **result, clv_error *err)
{
    clv_options *checked = NULL;
    char *line = NULL;
    clv_value *made = NULL, *given = NULL;
    clv_status status;

    CLV_TRY(clv_options_check(operation->name, operation->parameters, options, &checked, err));
    status = canonical(checked, &given, err);
    if (!status) { status = write_line(operation->name, given, &line, err); }
    if (!status) {
        clv_call call = {sizeof call, on, checked, line, operation};
        status = operation->way == CLV_PER_SPECTRUM ? clv_apply_spectra(&call, operation, &made, err)
                                                    : operation->run(&call, &made, err);
        if (status) { clv_error_at(err, "%s", operation->name); }
    }
    clv_options_free(checked);
    clv_value_free(given);
    free(line);
    if (status) { return status; }
    CLV_CHECK(made, err, CLV_NO_MEMORY, "%s: no memory for the result", operation->name);
    *result = made;
    return CLV_OK;
}

/* ---- Groups */

static clv_status apply_member(const char *name, const clv_group *group, size_t place, const clv_value *options,
                               clv_value **made, clv_error *err)
{
    const char *label = clv_group_name(group, place);
    clv_status status = clv_apply(name, clv_group_at(group, place), options, made, err);

    if (!status) { return CLV_OK; }
    if (label) {
        clv_error_at(err, "%s", label);
    } else {
        clv_error_at(err, "item %zu", place + 1);
    }
    return status;
}

/* Objects make a group again; plain values make a table, by place or by name like the group. */
static clv_status keep_member(clv_group *made, clv_value *table, const char *label, clv_value *value_take,
                              clv_error *err)
{
    clv_kind kind = clv_value_kind(value_take);
    int object = (kind >= CLV_RECORD && kind <= CLV_GROUP && kind != CLV_COMPONENT);

    if (object) { return clv_group_add(made, label, value_take, err); }
    return label ? clv_value_set(table, label, value_take, err) : clv_value_append(table, value_take, err);
}

static clv_status apply_group(const char *name, const clv_group *group, const clv_value *options, clv_value **result,
                              clv_error *err)
{
    clv_group *made = clv_group_new();
    clv_value *table = clv_value_table();
    clv_status status = made && table ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "%s: no memory", name);

    for (size_t i = 0; i < clv_group_count(group) && !status; i++) {
        clv_value *value = NULL;

        status = apply_member(name, group, i, options, &value, err);
        if (!status) { status = keep_member(made, table, clv_group_name(group, i), value, err); }
    }
    if (!status && is_quiet(table)) {
        *result = clv_value_object(CLV_GROUP, clv_group_ref(made));
        status = *result ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "%s: no memory", name);
    } else if (!status) {
        *result = clv_value_ref(table);
    }
    clv_group_free(made);
    clv_value_free(table);
    return status;
}

/* ---- The face */

/* Where an operation is for spectra, a record that holds only one serves. The value is the caller's, or NULL. */
static clv_value *only_spectra(const clv_value *on)
{
    const clv_record *record = clv_value_as_object(on, CLV_RECORD);

    if (!record || clv_record_count(record) != 1) { return NULL; }
    return clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(record, 0)));
}

clv_status clv_apply(const char *name, const clv_value *on, const clv_value *options, clv_value **result,
                     clv_error *err)
{
    const clv_operation *operation;
    clv_kind kind = clv_value_kind(on);
    clv_value *single;
    clv_status status;

    if (!clv_registry_find_operation(name, kind, &operation, NULL)) {
        return run_one(operation, on, options, result, err);
    }
    if (kind == CLV_GROUP) { return apply_group(name, clv_value_as_object(on, CLV_GROUP), options, result, err); }
    if (!clv_registry_find_operation(name, CLV_SPECTRA, &operation, NULL) && (single = only_spectra(on))) {
        status = run_one(operation, single, options, result, err);
        clv_value_free(single);
        return status;
    }
    return clv_registry_find_operation(name, kind, &operation, err);
}

/* One value alone stands at the first place. Takes the value, even on failure. */
static clv_status as_options(clv_value *value, clv_value **table, clv_error *err)
{
    clv_value *made;

    if (clv_value_kind(value) == CLV_TABLE || clv_value_kind(value) == CLV_NIL) {
        *table = value;
        return CLV_OK;
    }
    made = clv_value_table();
    *table = made;
    if (!made) {
        clv_value_free(value);
        return clv_fail(err, CLV_NO_MEMORY, "no memory for options");
    }
    return clv_value_append(made, value, err);
}

clv_status clv_apply_text(const char *name, const clv_value *on, const char *options, clv_value **result,
                          clv_error *err)
{
    clv_value *table = NULL;
    clv_status status;

    if (options && clv_value_parse(options, &table, err)) { return clv_error_at(err, "%s", name); }
    status = as_options(table, &table, err);
    if (!status) { status = clv_apply(name, on, table, result, err); }
    clv_value_free(table);
    return status;
}
