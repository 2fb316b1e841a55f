/* Arithmetic of columns: + - * / ^ and minus, with the covariances of all that is combined.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "binding.h"

#include <corelevel/text.h>

#include <math.h>
#include <string.h>

/* One side of an operator: a column or a number. */
typedef struct operand {
    const clv_columns *columns;
    double number;
    const char *name, *unit;
    char text[CLV_TEXT_NUMBER_SIZE]; /* a number as it is written */
} operand;

static int operand_read(lua_State *L, int index, operand *side)
{
    side->columns = clv_value_as_object(clv_box_value(L, index), CLV_COLUMNS);
    if (side->columns) {
        side->name = clv_columns_name(side->columns, 0);
        side->unit = clv_columns_unit(side->columns, 0);
        return 1;
    }
    if (lua_type(L, index) != LUA_TNUMBER) { return 0; }
    side->number = lua_tonumber(L, index);
    side->unit = "1";
    side->name = side->text;
    clv_text_from_number(side->number, side->text);
    return isfinite(side->number);
}

/* A name that is itself a formula stands in brackets. */
static void push_term(lua_State *L, const char *name)
{
    int formula = strstr(name, " + ") || strstr(name, " - ") || strstr(name, " * ") || strstr(name, " / ") ||
                  strstr(name, " ^ ") || name[0] == '-';

    lua_pushfstring(L, formula ? "(%s)" : "%s", name);
}

static const char *product_unit(lua_State *L, const operand *a, const operand *b)
{
    if (strcmp(b->unit, "1") == 0) { return a->unit; }
    if (strcmp(a->unit, "1") == 0) { return b->unit; }
    return lua_pushfstring(L, "%s %s", a->unit, b->unit);
}

static const char *ratio_unit(lua_State *L, const operand *a, const operand *b)
{
    if (strcmp(b->unit, "1") == 0) { return a->unit; }
    return strcmp(a->unit, b->unit) == 0 ? "1" : lua_pushfstring(L, "%s/(%s)", a->unit, b->unit);
}

static const char *result_unit(lua_State *L, char sign, const operand *a, const operand *b)
{
    switch (sign) {
    case '*': return product_unit(L, a, b);
    case '/': return ratio_unit(L, a, b);
    case '^': return strcmp(a->unit, "1") == 0 ? "1" : lua_pushfstring(L, "(%s)^%s", a->unit, b->name);
    default: break;
    }
    if (a->columns && b->columns && strcmp(a->unit, b->unit) != 0) {
        clv_raise_text(L, "\"%s\" is in %s and \"%s\" in %s: they cannot be %s", a->name, a->unit, b->name, b->unit,
                       sign == '+' ? "added" : "subtracted");
    }
    return a->columns ? a->unit : b->unit;
}

/* Calculates with column `c` of each side that is columns; the value goes into a fresh box, on top. */
static clv_columns *calculate(lua_State *L, const char *formula, const operand *a, const operand *b, size_t c,
                              const char *name, const char *unit)
{
    const operand *sides[2] = {a, b};
    const char *names[2];
    const clv_columns *columns[2];
    clv_columns *made = NULL;
    clv_error err = {0};
    size_t count = 0;

    for (int i = 0; i < 2; i++) {
        clv_box *box;
        clv_columns *one = NULL;
        if (!sides[i] || !sides[i]->columns) { continue; }
        box = clv_box_push(L);
        if (clv_columns_pick(sides[i]->columns, c, &one, &err)) { clv_raise(L, &err, 0); }
        box->value = clv_value_object(CLV_COLUMNS, one);
        if (!box->value) { luaL_error(L, "not enough memory"); }
        names[count] = i ? "b" : "a";
        columns[count++] = one;
    }
    lua_pop(L, (int)count); /* the collector does not run in the next call, which does not touch Lua */
    if (clv_columns_calculate(formula, names, columns, count, name, unit, &made, &err)) { clv_raise(L, &err, 0); }
    return made;
}

/* Appends a column to what is in the box. */
static void join(lua_State *L, clv_box *box, clv_columns *more_take)
{
    const clv_columns *before = clv_value_as_object(box->value, CLV_COLUMNS);
    clv_columns *joined = NULL;
    clv_error err = {0};
    clv_status status;

    if (!before) {
        box->value = clv_value_object(CLV_COLUMNS, more_take);
        if (!box->value) { luaL_error(L, "not enough memory"); }
        return;
    }
    status = clv_columns_join(before, more_take, &joined, &err);
    clv_columns_free(more_take);
    if (status) { clv_raise(L, &err, 0); }
    clv_value_free(box->value);
    box->value = clv_value_object(CLV_COLUMNS, joined);
    if (!box->value) { luaL_error(L, "not enough memory"); }
}

/* Name of column `c` after the operator, left on the stack. */
static const char *result_name(lua_State *L, char sign, const operand *a, const operand *b, size_t c)
{
    push_term(L, a->columns ? clv_columns_name(a->columns, c) : a->name);
    push_term(L, b->columns ? clv_columns_name(b->columns, c) : b->name);
    return lua_pushfstring(L, "%s %c %s", lua_tostring(L, -2), sign, lua_tostring(L, -1));
}

static int combine(lua_State *L, char sign)
{
    operand a = {0}, b = {0};
    size_t count;
    const char *formula, *unit;
    clv_box *box;

    luaL_checkstack(L, 32, NULL);
    if (!operand_read(L, 1, &a) || !operand_read(L, 2, &b)) {
        return clv_raise_text(L, "columns are combined with columns and finite numbers, not with a %s",
                              luaL_typename(L, clv_value_as_object(clv_box_value(L, 1), CLV_COLUMNS) ? 2 : 1));
    }
    count = a.columns ? clv_columns_count(a.columns) : clv_columns_count(b.columns);
    if (a.columns && b.columns && clv_columns_count(b.columns) != count) {
        return clv_raise_text(L, "%d columns cannot be combined with %d: pick one, as in columns[\"%s\"]", (int)count,
                              (int)clv_columns_count(b.columns), a.name);
    }
    unit = result_unit(L, sign, &a, &b);
    formula = lua_pushfstring(L, a.number < 0 && !a.columns ? "(%s) %c %s" : "%s %c %s", a.columns ? "a" : a.text, sign,
                              b.columns ? "b" : lua_pushfstring(L, "(%s)", b.text));
    box = clv_box_push(L);
    for (size_t c = 0; c < count; c++) {
        int top = lua_gettop(L);
        join(L, box, calculate(L, formula, &a, &b, c, result_name(L, sign, &a, &b, c), unit));
        lua_settop(L, top);
    }
    clv_box_dress(L);
    return 1;
}

static int add(lua_State *L) { return combine(L, '+'); }
static int subtract(lua_State *L) { return combine(L, '-'); }
static int multiply(lua_State *L) { return combine(L, '*'); }
static int divide(lua_State *L) { return combine(L, '/'); }
static int power(lua_State *L) { return combine(L, '^'); }

static int minus(lua_State *L)
{
    operand a = {0};
    clv_box *box;

    if (!operand_read(L, 1, &a)) { return clv_raise_text(L, "only columns have a minus"); }
    box = clv_box_push(L);
    for (size_t c = 0; c < clv_columns_count(a.columns); c++) {
        const char *name;
        push_term(L, clv_columns_name(a.columns, c));
        name = lua_pushfstring(L, "-%s", lua_tostring(L, -1));
        join(L, box, calculate(L, "-a", &a, NULL, c, name, clv_columns_unit(a.columns, c)));
        lua_pop(L, 2);
    }
    clv_box_dress(L);
    return 1;
}

const luaL_Reg clv_arithmetic[] = {{"__add", add},   {"__sub", subtract}, {"__mul", multiply}, {"__div", divide},
                                   {"__pow", power}, {"__unm", minus},    {NULL, NULL}};
