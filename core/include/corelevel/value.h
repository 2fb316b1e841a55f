/* Values: what options, presets and results are made of before anybody knows their meaning: numbers, texts, tables,
   objects. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_VALUE_H
#define CLV_VALUE_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* What a value is. The object kinds are bits too (1u << kind), so that an operation can say on which kinds it stands.
 */
typedef enum clv_kind {
    CLV_NIL = 0,       /* nothing: an option that was not given */
    CLV_BOOLEAN = 1,   /* true or false */
    CLV_NUMBER = 2,    /* a double */
    CLV_TEXT = 3,      /* UTF-8 */
    CLV_TABLE = 4,     /* values by place (from 0 in C) and by name, like a Lua table */
    CLV_RECORD = 5,    /* what a file holds: clv_record */
    CLV_SPECTRA = 6,   /* one signal on named axes: clv_spectra */
    CLV_COLUMNS = 7,   /* values with uncertainties along axes: clv_columns */
    CLV_COMPONENT = 8, /* a model's component as the user wrote it: its type's name and its options, a table */
    CLV_MODEL = 9,     /* clv_model */
    CLV_FIT = 10,      /* clv_fit */
    CLV_GROUP = 11,    /* several objects of one kind, by place or by name: clv_group */
    CLV_FIXED = 12,    /* a number marked as fixed: `cl.fixed(v)` */
    CLV_KINDS          /* the number of kinds */
} clv_kind;

#define CLV_ON(kind) (1u << (kind))

/* The most names one table holds. */
#define CLV_VALUE_MAX_NAMES 16384

/* An immutable, counted value. A freshly made table may be filled by its maker until it is first shared. Any thread may
   read and count. */
typedef struct clv_value clv_value;

/* Tells a kind as a word, such as "number" or "fit". The text is constant. */
CLV_API const char *clv_kind_name(clv_kind kind);

/* Tells a kind as it stands in a sentence: "a fit", "spectra". The text is constant. */
CLV_API const char *clv_kind_phrase(clv_kind kind);

/* Each makes a value that the caller owns; NULL when memory is out. `clv_value_text` copies. */
CLV_API clv_value *clv_value_nil(void);
CLV_API clv_value *clv_value_boolean(int truth);
CLV_API clv_value *clv_value_number(double number);
CLV_API clv_value *clv_value_fixed(double number);
CLV_API clv_value *clv_value_text(const char *text);
CLV_API clv_value *clv_value_table(void);

/* Makes a component's value: the name of its type and its options (a table, taken even on failure). */
CLV_API clv_value *clv_value_component(const char *type, clv_value *options_take);

/* Wraps one reference to an object (clv_record, clv_spectra, clv_columns, clv_model, clv_fit, clv_group by `kind`); the
   reference is taken even on failure. NULL when memory is out. */
CLV_API clv_value *clv_value_object(clv_kind kind, void *object_take);

/* Shares: returns the same value, counted once more. NULL stays NULL. */
CLV_API clv_value *clv_value_ref(const clv_value *value);

/* Gives up one reference. NULL is allowed. */
CLV_API void clv_value_free(clv_value *value);

/* Appends a value to a table, or sets it under a name (replacing what was there); the value is taken even on failure. A
   NULL value counts as no memory, so that makers can be nested. Errors: CLV_NO_MEMORY, CLV_BAD_ARGUMENT when not a
   table or beyond CLV_VALUE_MAX_NAMES names. */
CLV_API clv_status clv_value_append(clv_value *table, clv_value *value_take, clv_error *err);
CLV_API clv_status clv_value_set(clv_value *table, const char *name, clv_value *value_take, clv_error *err);

/* Tells what a value is (NULL is CLV_NIL). */
CLV_API clv_kind clv_value_kind(const clv_value *value);

/* Read a value of the right kind; of another kind they give 0, NaN, NULL, NULL. What they lend lives as long as the
   value. A fixed number reads as a number too. `clv_value_component_type` and `_options` read a component. */
CLV_API int clv_value_as_boolean(const clv_value *value);
CLV_API double clv_value_as_number(const clv_value *value);
CLV_API const char *clv_value_as_text(const clv_value *value);
CLV_API void *clv_value_as_object(const clv_value *value, clv_kind kind);
CLV_API const char *clv_value_component_type(const clv_value *value);
CLV_API const clv_value *clv_value_component_options(const clv_value *value);

/* Look into a table: how many values by place, the one at `place` (from 0), the one named `name`, how many names, the
   name at `place` in sorted order. Lent; NULL or 0 where there is nothing. */
CLV_API size_t clv_value_count(const clv_value *table);
CLV_API const clv_value *clv_value_at(const clv_value *table, size_t place);
CLV_API const clv_value *clv_value_get(const clv_value *table, const char *name);
CLV_API size_t clv_value_name_count(const clv_value *table);
CLV_API const char *clv_value_name_at(const clv_value *table, size_t place);

/* Reads a literal as one would write it in Lua: `line = "C 1s", at = 284.8, range = {281, 295}, active = false` with or
   without outer braces; strings in single or double quotes (escapes as in Lua: \n \t \r \\ \" \' \x4A \074), nested
   tables, `["any text"] = value`, true, false, nil, numbers with inf and nan, `fixed(1.2)`, components such as
   `doublet { … }`; `cl.` before a component or fixed is allowed. One value alone, without a name and a comma, is that
   value (`5` is a number, `5,` a table of one); an empty text is an empty table. Depth is bounded by 32, length by 1
   MiB. Errors: CLV_BAD_ARGUMENT that names the column (in bytes, from 1), CLV_NO_MEMORY. The value is the caller's. */
CLV_API clv_status clv_value_parse(const char *text, clv_value **value, clv_error *err);

/* Writes a value as such a literal: names sorted, shortest round-trip numbers, components as `doublet { … }`, objects
   as
   `<kind>`; what `clv_value_parse` reads gives an equal value. The text is the caller's (free with clv_text_free). */
CLV_API clv_status clv_value_write(const clv_value *value, char **text, clv_error *err);

/* Writes any value as people want to see it on a terminal: a table of at most 40 rows with values and errors and what
   is to be said of them; for maps shape, median, range and failures. The text is the caller's and ends with a line
   feed. */
CLV_API clv_status clv_value_print(const clv_value *value, char **text, clv_error *err);

/* Frees a text that the library gave away. NULL is allowed. */
CLV_API void clv_text_free(char *text);

CLV_END_DECLS

#endif
