/* Readings: what a workflow may look up on an object as plain Lua values, such as `s.unit`, `c.values`,
   `fit.parameters`. SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <string.h>

/* One reading: pushes one Lua value. */
typedef struct reading {
    clv_kind kind;
    const char *name;
    void (*push)(lua_State *L, const void *object);
} reading;

static void push_numbers(lua_State *L, const double *numbers, size_t count)
{
    lua_createtable(L, count < 1u << 24 ? (int)count : 0, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushnumber(L, numbers[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_names(lua_State *L, const void *object, size_t count, const char *(*name)(const void *, size_t))
{
    lua_newtable(L);
    for (size_t i = 0; i < count; i++) {
        lua_pushstring(L, name(object, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_metadata(lua_State *L, const clv_metadata *metadata)
{
    lua_newtable(L);
    for (size_t i = 0; metadata && i < clv_metadata_count(metadata); i++) {
        const char *name = clv_metadata_name(metadata, i);
        const char *text = clv_metadata_text(metadata, name);
        if (text) {
            lua_pushstring(L, text);
        } else {
            lua_pushnumber(L, clv_metadata_number(metadata, name));
        }
        lua_setfield(L, -2, name);
    }
}

/* An axis as { name =, unit =, its values by place }. */
static void push_axis(lua_State *L, const clv_axis *axis)
{
    push_numbers(L, clv_axis_values(axis), clv_axis_size(axis));
    lua_pushstring(L, clv_axis_name(axis));
    lua_setfield(L, -2, "name");
    lua_pushstring(L, clv_axis_unit(axis));
    lua_setfield(L, -2, "unit");
}

static void spectra_name(lua_State *L, const void *s) { lua_pushstring(L, clv_spectra_name(s)); }
static void spectra_unit(lua_State *L, const void *s) { lua_pushstring(L, clv_spectra_unit(s)); }
static void spectra_metadata(lua_State *L, const void *s) { push_metadata(L, clv_spectra_metadata(s)); }
static void spectra_energy(lua_State *L, const void *s) { push_axis(L, clv_spectra_energy(s)); }

static void spectra_axes(lua_State *L, const void *s)
{
    lua_newtable(L);
    for (size_t i = 0; i < clv_spectra_axis_count(s); i++) {
        push_axis(L, clv_spectra_axis(s, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void spectra_shape(lua_State *L, const void *s)
{
    lua_newtable(L);
    for (size_t i = 0; i < clv_spectra_axis_count(s); i++) {
        lua_pushinteger(L, (lua_Integer)clv_axis_size(clv_spectra_axis(s, i)));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* All intensities, spectrum after spectrum, channels fastest. */
static void spectra_intensity(lua_State *L, const void *s)
{
    push_numbers(L, clv_spectra_intensity(s), clv_spectra_count(s) * clv_spectra_channels(s));
}

static void spectra_offset(lua_State *L, const void *s)
{
    const double *offset = clv_spectra_offset(s);

    if (offset) {
        push_numbers(L, offset, clv_spectra_count(s));
    } else {
        lua_pushnil(L);
    }
}

static const char *history_line(const void *s, size_t i) { return clv_spectra_history(s, i); }
static void spectra_history(lua_State *L, const void *s)
{
    push_names(L, s, clv_spectra_history_count(s), history_line);
}

static const char *record_line(const void *r, size_t i) { return clv_spectra_name(clv_record_at(r, i)); }
static void record_names(lua_State *L, const void *r) { push_names(L, r, clv_record_count(r), record_line); }
static void record_source(lua_State *L, const void *r) { lua_pushstring(L, clv_record_source(r)); }
static void record_format(lua_State *L, const void *r) { lua_pushstring(L, clv_record_format(r)); }
static void record_metadata(lua_State *L, const void *r) { push_metadata(L, clv_record_metadata(r)); }

static const char *columns_line(const void *c, size_t i) { return clv_columns_name(c, i); }
static const char *columns_note(const void *c, size_t i) { return clv_columns_note(c, i); }
static void columns_names(lua_State *L, const void *c) { push_names(L, c, clv_columns_count(c), columns_line); }
static void columns_notes(lua_State *L, const void *c) { push_names(L, c, clv_columns_note_count(c), columns_note); }
static void columns_name(lua_State *L, const void *c) { lua_pushstring(L, clv_columns_name(c, 0)); }
static void columns_unit(lua_State *L, const void *c) { lua_pushstring(L, clv_columns_unit(c, 0)); }

/* Of one column a list of numbers; of several a table of such lists by name. */
static void push_columns(lua_State *L, const clv_columns *columns,
                         double (*number)(const clv_columns *, size_t, size_t))
{
    size_t count = clv_columns_count(columns), points = clv_columns_points(columns);

    lua_newtable(L);
    for (size_t c = 0; c < count; c++) {
        if (count > 1) { lua_newtable(L); }
        for (size_t i = 0; i < points; i++) {
            lua_pushnumber(L, number(columns, c, i));
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        if (count > 1) { lua_setfield(L, -2, clv_columns_name(columns, c)); }
    }
}

static void columns_values(lua_State *L, const void *c) { push_columns(L, c, clv_columns_value); }
static void columns_errors(lua_State *L, const void *c) { push_columns(L, c, clv_columns_error); }

static void columns_axes(lua_State *L, const void *c)
{
    lua_newtable(L);
    for (size_t i = 0; i < clv_columns_axis_count(c); i++) {
        push_axis(L, clv_columns_axis(c, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void columns_status(lua_State *L, const void *c)
{
    lua_newtable(L);
    for (size_t i = 0; i < clv_columns_points(c); i++) {
        lua_pushinteger(L, clv_columns_flags(c, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static const char *fit_line(const void *f, size_t i) { return clv_fit_parameter_name(f, i); }
static const char *fit_note(const void *f, size_t i) { return clv_fit_note(f, i); }
static void fit_parameters(lua_State *L, const void *f) { push_names(L, f, clv_fit_parameter_count(f), fit_line); }
static void fit_notes(lua_State *L, const void *f) { push_names(L, f, clv_fit_note_count(f), fit_note); }
static void fit_statistics(lua_State *L, const void *f) { lua_pushstring(L, clv_fit_statistics(f)); }

static void push_owned(lua_State *L, clv_kind kind, void *object_take)
{
    clv_box *box = clv_box_push(L);

    box->value = clv_value_object(kind, object_take);
    if (!box->value) { luaL_error(L, "not enough memory"); }
    clv_box_dress(L);
}

static void fit_spectra(lua_State *L, const void *f)
{
    push_owned(L, CLV_SPECTRA, clv_spectra_ref(clv_fit_spectra(f)));
}
static void fit_model(lua_State *L, const void *f) { push_owned(L, CLV_MODEL, clv_model_ref(clv_fit_model(f))); }

static void push_per_spectrum(lua_State *L, const clv_fit *fit, double (*number)(const clv_fit *, size_t))
{
    size_t count = clv_spectra_count(clv_fit_spectra(fit));

    lua_newtable(L);
    for (size_t i = 0; i < count; i++) {
        lua_pushnumber(L, number(fit, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static double fit_flag(const clv_fit *fit, size_t spectrum) { return clv_fit_flags(fit, spectrum); }
static void fit_status(lua_State *L, const void *f) { push_per_spectrum(L, f, fit_flag); }
static void fit_chi2(lua_State *L, const void *f) { push_per_spectrum(L, f, clv_fit_chi2); }
static void fit_reduced(lua_State *L, const void *f) { push_per_spectrum(L, f, clv_fit_reduced); }

static const char *group_line(const void *g, size_t i) { return clv_group_name(g, i); }
static void group_names(lua_State *L, const void *g) { push_names(L, g, clv_group_count(g), group_line); }
static const char *model_line(const void *m, size_t i) { return clv_model_name(m, i); }
static void model_names(lua_State *L, const void *m) { push_names(L, m, clv_model_count(m), model_line); }

static const reading readings[] = {
    {CLV_SPECTRA, "name", spectra_name},
    {CLV_SPECTRA, "unit", spectra_unit},
    {CLV_SPECTRA, "energy", spectra_energy},
    {CLV_SPECTRA, "axes", spectra_axes},
    {CLV_SPECTRA, "shape", spectra_shape},
    {CLV_SPECTRA, "intensity", spectra_intensity},
    {CLV_SPECTRA, "energy_offset", spectra_offset},
    {CLV_SPECTRA, "metadata", spectra_metadata},
    {CLV_SPECTRA, "history", spectra_history},
    {CLV_RECORD, "names", record_names},
    {CLV_RECORD, "source", record_source},
    {CLV_RECORD, "format", record_format},
    {CLV_RECORD, "metadata", record_metadata},
    {CLV_COLUMNS, "name", columns_name},
    {CLV_COLUMNS, "unit", columns_unit},
    {CLV_COLUMNS, "names", columns_names},
    {CLV_COLUMNS, "axes", columns_axes},
    {CLV_COLUMNS, "values", columns_values},
    {CLV_COLUMNS, "errors", columns_errors},
    {CLV_COLUMNS, "status", columns_status},
    {CLV_COLUMNS, "notes", columns_notes},
    {CLV_FIT, "parameters", fit_parameters},
    {CLV_FIT, "statistics", fit_statistics},
    {CLV_FIT, "spectra", fit_spectra},
    {CLV_FIT, "model", fit_model},
    {CLV_FIT, "status", fit_status},
    {CLV_FIT, "chi2", fit_chi2},
    {CLV_FIT, "reduced_chi2", fit_reduced},
    {CLV_FIT, "notes", fit_notes},
    {CLV_GROUP, "names", group_names},
    {CLV_MODEL, "names", model_names},
};

int clv_reading_push(lua_State *L, const clv_value *value, const char *name)
{
    clv_kind kind = clv_value_kind(value);

    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        if (readings[i].kind == kind && strcmp(readings[i].name, name) == 0) {
            luaL_checkstack(L, 10, NULL);
            readings[i].push(L, clv_value_as_object(value, kind));
            return 1;
        }
    }
    return 0;
}
