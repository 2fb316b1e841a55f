/* Methods: an operation of the registry called on an object, found by name and by what the object is.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <string.h>

static const clv_operation *find(const char *name, clv_kind kind, clv_kind *on, clv_error *err)
{
    const clv_operation *operation = NULL;

    if (clv_registry_find_operation(name, kind, &operation, err)) { return NULL; }
    if (on) { *on = kind; }
    return operation;
}

/* For a record, when no operation of that name stands on records: the spectra's. */
static const clv_operation *find_for(const char *name, clv_kind kind, clv_kind *on, clv_error *err)
{
    const clv_operation *operation = find(name, kind, on, err);

    return operation || kind != CLV_RECORD ? operation : find(name, CLV_SPECTRA, on, NULL);
}

const clv_operation *clv_method_find(const clv_value *value, const char *name, clv_kind *on, clv_error *err)
{
    const clv_group *group = clv_value_as_object(value, CLV_GROUP);
    const clv_operation *operation;

    if (!group) { return find_for(name, clv_value_kind(value), on, err); }
    operation = find(name, CLV_GROUP, on, err);
    return operation || clv_group_count(group) == 0 ? operation : find_for(name, clv_group_kind(group), on, err);
}

/* The one spectra of a record where spectra are expected; a record of several is asked to be told which. */
static clv_value *only_spectra(const char *name, const clv_record *record, clv_error *err)
{
    clv_value *value;
    char names[300] = "";
    size_t used = 0, count = clv_record_count(record);

    if (count == 1) {
        value = clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(record, 0)));
        if (!value) { clv_fail(err, CLV_NO_MEMORY, "not enough memory"); }
        return value;
    }
    for (size_t i = 0; i < count && used + 8 < sizeof names; i++) {
        const char *one = clv_spectra_name(clv_record_at(record, i));
        if (used + strlen(one) + 8 >= sizeof names) {
            snprintf(names + used, sizeof names - used, ", …");
            break;
        }
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", one);
    }
    clv_fail(err, CLV_BAD_ARGUMENT,
             "%s: stands on spectra, and this record holds %zu (%s): choose one, as in record[\"%s\"]", name, count,
             names, count ? clv_spectra_name(clv_record_at(record, 0)) : "name");
    return NULL;
}

static clv_value *each_only_spectra(const char *name, const clv_group *group, clv_error *err)
{
    clv_group *made = clv_group_new();
    clv_value *value = made ? clv_value_object(CLV_GROUP, made) : NULL;

    if (!value) {
        clv_fail(err, CLV_NO_MEMORY, "not enough memory");
        return NULL;
    }
    for (size_t i = 0; i < clv_group_count(group); i++) {
        clv_value *one = only_spectra(name, clv_value_as_object(clv_group_at(group, i), CLV_RECORD), err);
        if (!one || clv_group_add(made, clv_group_name(group, i), one, err)) {
            clv_value_free(value);
            return NULL;
        }
    }
    return value;
}

/* What the operation is applied to: the object itself, or the spectra in the record or records that it is. */
static clv_value *narrow(const char *name, const clv_value *value, clv_kind on, clv_error *err)
{
    const clv_group *group = clv_value_as_object(value, CLV_GROUP);

    if (on != CLV_SPECTRA) { return clv_value_ref(value); }
    if (clv_value_kind(value) == CLV_RECORD) { return only_spectra(name, clv_value_as_object(value, CLV_RECORD), err); }
    if (group && clv_group_kind(group) == CLV_RECORD) { return each_only_spectra(name, group, err); }
    return clv_value_ref(value);
}

/* In place of an operation whose file is withheld: its options are checked all the same, it gives nothing. */
static clv_status withhold(const clv_operation *operation, const clv_value *options, clv_error *err)
{
    clv_options *checked = NULL;

    CLV_TRY(clv_options_check(operation->name, operation->parameters, options, &checked, err));
    clv_options_free(checked);
    return CLV_OK;
}

/* Applies with what the boxes hold; the result goes into `made`. */
static clv_status apply(lua_State *L, const clv_operation *operation, const clv_value *on, const clv_value *options,
                        clv_box *resolved, clv_box *made, const char **written, clv_error *err)
{
    CLV_TRY(clv_arguments_resolve(L, operation->parameters, options, &resolved->value, written, err));
    if (*written && clv_lua_withholds(L)) { return withhold(operation, resolved->value, err); }
    return clv_apply(operation->name, on, resolved->value, &made->value, err);
}

/* Tells the host, then leaves the result: the object itself where an operation gives nothing, so that it chains. */
static int leave_result(lua_State *L, const char *name, int object, const clv_value *on, clv_box *made,
                        const char *written)
{
    const clv_lua_host *host = clv_lua_host_of(L);

    if (host->applied) {
        host->applied(host->payload, name, on, made->value, written, clv_where_push(L));
        lua_pop(L, 1);
    }
    if (clv_value_kind(made->value) == CLV_NIL) {
        lua_pushvalue(L, object);
    } else {
        clv_lua_push(L, made->value);
    }
    return 1;
}

/* The stack holds the object at `object` and the arguments behind it. */
static int call(lua_State *L, const char *name, int object)
{
    const clv_value *value = clv_box_value(L, object);
    const clv_operation *operation;
    clv_box *options, *resolved, *on, *made;
    clv_kind kind = CLV_NIL;
    clv_error err = {0};
    const char *written = NULL;

    if (!value) { return clv_raise_text(L, "%s: call it on an object with a colon, as in spectra:%s(…)", name, name); }
    operation = clv_method_find(value, name, &kind, &err);
    if (!operation) { return clv_raise(L, &err, 0); }
    clv_enter(L);
    options = clv_box_push(L);
    clv_arguments_collect(L, options, object + 1, name);
    resolved = clv_box_push(L);
    on = clv_box_push(L);
    made = clv_box_push(L);
    on->value = narrow(name, value, kind, &err);
    if (!on->value || apply(L, operation, on->value, options->value, resolved, made, &written, &err)) {
        return clv_raise(L, &err, 0);
    }
    return leave_result(L, name, object, on->value, made, written);
}

static int method_call(lua_State *L) { return call(L, lua_tostring(L, lua_upvalueindex(1)), 1); }

void clv_method_push(lua_State *L, const char *name)
{
    lua_pushstring(L, name);
    lua_pushcclosure(L, method_call, 1);
}

int clv_method_apply(lua_State *L) { return call(L, luaL_checkstring(L, 1), 2); }
