/* Checks one value against its parameter row, type by type, and gives it in its normal form.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugin/options.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CHOICES_LIMIT 32
#define CHOICE_LENGTH 64

/* What the functions below share: whose option it is, its row, and where the sentence goes. */
typedef struct check {
    const char *who;
    const clv_parameter *row;
    clv_error *err;
} check;

/* ---- Sentences */

/* Shows a value in a sentence: a short text in quotes, a number, or the word for its kind. */
static void show(const clv_value *value, char text[100])
{
    char number[CLV_TEXT_NUMBER_SIZE];
    clv_kind kind = clv_value_kind(value);

    if (kind == CLV_TEXT) {
        snprintf(text, 100, "\"%.80s\"", clv_value_as_text(value));
    } else if (kind == CLV_NUMBER || kind == CLV_FIXED) {
        clv_text_from_number(clv_value_as_number(value), number);
        snprintf(text, 100, kind == CLV_FIXED ? "fixed(%s)" : "%s", number);
    } else if (kind == CLV_BOOLEAN) {
        snprintf(text, 100, "%s", clv_value_as_boolean(value) ? "true" : "false");
    } else {
        snprintf(text, 100, "%s", clv_kind_phrase(kind));
    }
}

static clv_status refuse(const check *c, const clv_value *value, const char *right)
{
    char shown[100];

    show(value, shown);
    return clv_fail(c->err, CLV_BAD_ARGUMENT, "%s: %s is %s; it should be %s", c->who, c->row->name, shown, right);
}

static clv_status out_of_memory(const check *c)
{
    return clv_fail(c->err, CLV_NO_MEMORY, "%s: no memory for %s", c->who, c->row->name);
}

static clv_status give(const check *c, clv_value *value, clv_value **normal)
{
    if (!value) { return out_of_memory(c); }
    *normal = value;
    return CLV_OK;
}

/* ---- Numbers */

/* "a number from 0 to 1 (eV)" */
static clv_status refuse_number(const check *c, const clv_value *value, const char *noun)
{
    const clv_parameter *row = c->row;
    char right[200], low[CLV_TEXT_NUMBER_SIZE], high[CLV_TEXT_NUMBER_SIZE];
    const char *unit = row->unit && strcmp(row->unit, "1") != 0 ? row->unit : NULL;
    int length = snprintf(right, sizeof right, "%s", noun);

    clv_text_from_number(row->low, low);
    clv_text_from_number(row->high, high);
    if (isfinite(row->low) && isfinite(row->high) && (row->low != 0 || row->high != 0)) {
        length += snprintf(right + length, sizeof right - (size_t)length, " from %s to %s", low, high);
    } else if (isfinite(row->low) && row->high > 0) {
        length += snprintf(right + length, sizeof right - (size_t)length, " of at least %s", low);
    } else if (isfinite(row->high) && row->low < 0) {
        length += snprintf(right + length, sizeof right - (size_t)length, " of at most %s", high);
    }
    if (unit) { snprintf(right + length, sizeof right - (size_t)length, " (%.40s)", unit); }
    return refuse(c, value, right);
}

static int in_range(const clv_parameter *row, double number)
{
    if (row->low == 0 && row->high == 0) { return 1; }
    return number >= row->low && number <= row->high;
}

static int is_number(const clv_value *value)
{
    return clv_value_kind(value) == CLV_NUMBER && isfinite(clv_value_as_number(value));
}

static clv_status normal_number(const check *c, const clv_value *value, clv_value **normal)
{
    double number = clv_value_as_number(value);
    int whole = c->row->type == CLV_TYPE_INTEGER;

    if (!is_number(value) || !in_range(c->row, number) || (whole && number != floor(number))) {
        return refuse_number(c, value, whole ? "a whole number" : "a number");
    }
    return give(c, clv_value_ref(value), normal);
}

/* {lo, hi}; an end may be infinite. */
static clv_status normal_range(const check *c, const clv_value *value, clv_value **normal)
{
    double low = clv_value_as_number(clv_value_at(value, 0)), high = clv_value_as_number(clv_value_at(value, 1));
    char shown[160], from[CLV_TEXT_NUMBER_SIZE], to[CLV_TEXT_NUMBER_SIZE];

    if (clv_value_kind(value) != CLV_TABLE || clv_value_count(value) != 2 || clv_value_name_count(value) != 0 ||
        isnan(low) || isnan(high)) {
        return refuse(c, value, "a range of two numbers, { lower, upper }");
    }
    if (!(low < high) || !in_range(c->row, low) || !in_range(c->row, high)) {
        clv_text_from_number(low, from);
        clv_text_from_number(high, to);
        snprintf(shown, sizeof shown, "%s: %s is {%s, %s}", c->who, c->row->name, from, to);
        if (low < high) { return refuse_number(c, value, "a range of two numbers"); }
        return clv_fail(c->err, CLV_BAD_ARGUMENT, "%s; the first must be below the second", shown);
    }
    return give(c, clv_value_ref(value), normal);
}

/* ---- Lists */

/* Whether an item of a list has its right kind. A group's item may be a list of texts. */
static int fits(clv_type type, const clv_value *item)
{
    clv_kind kind = clv_value_kind(item);

    if (type == CLV_TYPE_NUMBERS) { return is_number(item); }
    if (type == CLV_TYPE_COMPONENTS) { return kind == CLV_COMPONENT; }
    if (kind == CLV_TEXT || type == CLV_TYPE_NAMES) { return kind == CLV_TEXT; }
    if (kind != CLV_TABLE || clv_value_count(item) == 0 || clv_value_name_count(item) > 0) { return 0; }
    for (size_t i = 0; i < clv_value_count(item); i++) {
        if (clv_value_kind(clv_value_at(item, i)) != CLV_TEXT) { return 0; }
    }
    return 1;
}

static const char *list_words(clv_type type)
{
    switch (type) {
    case CLV_TYPE_NUMBERS: return "a list of numbers, or one";
    case CLV_TYPE_NAMES: return "a list of texts, or one";
    case CLV_TYPE_GROUPS: return "a list whose items are texts or lists of texts";
    default: return "a list of components";
    }
}

/* A list stays as it is; a single value becomes a list of one. */
static clv_status normal_list(const check *c, const clv_value *value, clv_value **normal)
{
    clv_value *list;

    if (clv_value_kind(value) != CLV_TABLE) {
        if (!fits(c->row->type, value)) { return refuse(c, value, list_words(c->row->type)); }
        list = clv_value_table();
        if (!list) { return out_of_memory(c); }
        if (clv_value_append(list, clv_value_ref(value), c->err)) {
            clv_value_free(list);
            return c->err ? c->err->status : CLV_NO_MEMORY;
        }
        return give(c, list, normal);
    }
    if (clv_value_name_count(value) > 0) { return refuse(c, value, list_words(c->row->type)); }
    for (size_t i = 0; i < clv_value_count(value); i++) {
        const clv_value *item = clv_value_at(value, i);
        int right = fits(c->row->type, item);

        if (right && c->row->type == CLV_TYPE_NUMBERS && !in_range(c->row, clv_value_as_number(item))) {
            return refuse_number(c, item, "numbers");
        }
        if (!right) { return refuse(c, item, list_words(c->row->type)); }
    }
    return give(c, clv_value_ref(value), normal);
}

/* ---- Choices */

/* The words of a choice, and what any other text would be ("…line" at the end: a line; NULL when there is none). */
typedef struct choices {
    char words[CHOICES_LIMIT][CHOICE_LENGTH];
    const char *names[CHOICES_LIMIT];
    size_t count;
    const char *other;
} choices;

static void split_choices(const char *text, choices *split)
{
    static const char dots[] = "…";

    split->count = 0;
    split->other = NULL;
    while (text && *text && split->count < CHOICES_LIMIT) {
        size_t length = strcspn(text, "|");

        if (strncmp(text, dots, sizeof dots - 1) == 0) {
            split->other = text + sizeof dots - 1;
            return;
        }
        snprintf(split->words[split->count], CHOICE_LENGTH, "%.*s", (int)length, text);
        split->names[split->count] = split->words[split->count];
        split->count++;
        text += length + (text[length] == '|');
    }
}

/* one of hold, fail or a line (did you mean "hold"?) */
static clv_status refuse_choice(const check *c, const clv_value *value, const choices *split, const char *near)
{
    char right[300] = "one of ";
    size_t length = strlen(right);

    for (size_t i = 0; i < split->count && length < sizeof right; i++) {
        const char *between = i == 0 ? "" : i + 1 < split->count || split->other ? ", " : " or ";
        length += (size_t)snprintf(right + length, sizeof right - length, "%s%s", between, split->words[i]);
    }
    if (split->other && length < sizeof right) {
        length += (size_t)snprintf(right + length, sizeof right - length, " or a %s",
                                   *split->other ? split->other : "text of your own");
    }
    if (near && length < sizeof right) {
        snprintf(right + length, sizeof right - length, " (did you mean \"%s\"?)", near);
    }
    return refuse(c, value, right);
}

static clv_status normal_choice(const check *c, const clv_value *value, clv_value **normal)
{
    choices split;
    const char *near = NULL, *text = clv_value_as_text(value);

    split_choices(c->row->choices, &split);
    for (size_t i = 0; text && i < split.count; i++) {
        if (strcmp(text, split.words[i]) == 0) { return give(c, clv_value_ref(value), normal); }
    }
    if (text) { near = clv_text_nearest(text, split.names, split.count); }
    if (text && *text && split.other && !near) { return give(c, clv_value_ref(value), normal); }
    return refuse_choice(c, value, &split, near);
}

/* ---- Model parameters and objects */

/* {start, min, max} */
static int is_bounded(const clv_value *value)
{
    double n[3];

    if (clv_value_kind(value) != CLV_TABLE || clv_value_count(value) != 3 || clv_value_name_count(value) != 0) {
        return 0;
    }
    for (size_t i = 0; i < 3; i++) { n[i] = clv_value_as_number(clv_value_at(value, i)); }
    return isfinite(n[0]) && n[1] <= n[0] && n[0] <= n[2];
}

static clv_status normal_parameter(const check *c, const clv_value *value, clv_value **normal)
{
    static const char right[] =
        "a number, { start, lowest, highest } with the start between the others, fixed(number) or an expression";
    clv_kind kind = clv_value_kind(value);
    double number = clv_value_as_number(value);

    if (kind == CLV_NUMBER || kind == CLV_FIXED) {
        if (!isfinite(number) || !in_range(c->row, number)) { return refuse_number(c, value, "a number"); }
    } else if (kind == CLV_TABLE) {
        if (!is_bounded(value)) { return refuse(c, value, right); }
        if (!in_range(c->row, clv_value_as_number(clv_value_at(value, 0)))) {
            return refuse_number(c, clv_value_at(value, 0), "a start");
        }
    } else if (kind != CLV_TEXT || !*clv_value_as_text(value)) {
        return refuse(c, value, right);
    }
    return give(c, clv_value_ref(value), normal);
}

/* Where spectra are wanted, a record that holds only one serves. */
static clv_status normal_object(const check *c, const clv_value *value, clv_value **normal)
{
    clv_kind kind = clv_value_kind(value);
    const clv_record *record = clv_value_as_object(value, CLV_RECORD);
    char right[200] = "";
    size_t length = 0;

    if (kind >= CLV_RECORD && (c->row->kinds & CLV_ON(kind))) { return give(c, clv_value_ref(value), normal); }
    if (record && (c->row->kinds & CLV_ON(CLV_SPECTRA)) && clv_record_count(record) == 1) {
        return give(c, clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(record, 0))), normal);
    }
    for (int k = CLV_RECORD; k < CLV_KINDS && length < sizeof right; k++) {
        if (!(c->row->kinds & CLV_ON(k))) { continue; }
        length += (size_t)snprintf(right + length, sizeof right - length, "%s%s", length ? " or " : "",
                                   clv_kind_phrase((clv_kind)k));
    }
    return refuse(c, value, right);
}

/* A value of one kind and no other condition. */
static clv_status normal_kind(const check *c, const clv_value *value, clv_kind kind, const char *right,
                              clv_value **normal)
{
    if (clv_value_kind(value) != kind) { return refuse(c, value, right); }
    return give(c, clv_value_ref(value), normal);
}

static clv_status normal_path(const check *c, const clv_value *value, clv_value **normal)
{
    const char *text = clv_value_as_text(value);

    if (!text || !*text) { return refuse(c, value, "a path"); }
    return give(c, clv_value_ref(value), normal);
}

clv_status clv_options_normal(const char *who, const clv_parameter *row, const clv_value *value, clv_value **normal,
                              clv_error *err)
{
    check c = {who, row, err};

    switch (row->type) {
    case CLV_TYPE_NUMBER:
    case CLV_TYPE_INTEGER: return normal_number(&c, value, normal);
    case CLV_TYPE_BOOLEAN: return normal_kind(&c, value, CLV_BOOLEAN, "true or false", normal);
    case CLV_TYPE_TEXT: return normal_kind(&c, value, CLV_TEXT, "a text", normal);
    case CLV_TYPE_CHOICE: return normal_choice(&c, value, normal);
    case CLV_TYPE_RANGE: return normal_range(&c, value, normal);
    case CLV_TYPE_NUMBERS:
    case CLV_TYPE_NAMES:
    case CLV_TYPE_GROUPS:
    case CLV_TYPE_COMPONENTS: return normal_list(&c, value, normal);
    case CLV_TYPE_PARAMETER: return normal_parameter(&c, value, normal);
    case CLV_TYPE_COMPONENT: return normal_kind(&c, value, CLV_COMPONENT, "a component", normal);
    case CLV_TYPE_OBJECT: return normal_object(&c, value, normal);
    case CLV_TYPE_PATH: return normal_path(&c, value, normal);
    case CLV_TYPE_ANY: return give(&c, clv_value_ref(value), normal);
    }
    return clv_fail(err, CLV_FAILED, "%s: %s has a type that this version does not know", who, row->name);
}
