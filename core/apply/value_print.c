/* Prints any value: scalars as they are written, objects as the tables that their rooms make of them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/print.h"
#include "data/print.h"

#include <stdlib.h>

static clv_status print_group(const clv_group *group, clv_buffer *text, clv_error *err);

static clv_status print_literal(const clv_value *value, clv_buffer *text, clv_error *err)
{
    char *literal = NULL;

    CLV_TRY(clv_value_write(value, &literal, err));
    clv_buffer_format(text, "%s\n", literal);
    clv_text_free(literal);
    return CLV_OK;
}

static clv_status print_any(const clv_value *value, clv_buffer *text, clv_error *err)
{
    switch (clv_value_kind(value)) {
    case CLV_RECORD: clv_record_print(clv_value_as_object(value, CLV_RECORD), text); return CLV_OK;
    case CLV_SPECTRA: clv_spectra_print(clv_value_as_object(value, CLV_SPECTRA), text); return CLV_OK;
    case CLV_COLUMNS: clv_columns_print(clv_value_as_object(value, CLV_COLUMNS), text); return CLV_OK;
    case CLV_MODEL: model_print(clv_value_as_object(value, CLV_MODEL), text); return CLV_OK;
    case CLV_FIT: return fit_print(clv_value_as_object(value, CLV_FIT), text, err);
    case CLV_GROUP: return print_group(clv_value_as_object(value, CLV_GROUP), text, err);
    case CLV_TEXT: clv_buffer_format(text, "%s\n", clv_value_as_text(value)); return CLV_OK;
    default: return print_literal(value, text, err);
    }
}

/* Groups of columns are one table; of anything else, one block a member under its name. */
static clv_status print_group(const clv_group *group, clv_buffer *text, clv_error *err)
{
    if (clv_group_kind(group) == CLV_COLUMNS) {
        clv_group_print(group, NULL, text);
        return CLV_OK;
    }
    for (size_t i = 0; i < clv_group_count(group); i++) {
        const char *name = clv_group_name(group, i);

        if (name) {
            clv_buffer_format(text, "%s: ", name);
        } else {
            clv_buffer_format(text, "%zu: ", i + 1);
        }
        CLV_TRY(print_any(clv_group_at(group, i), text, err));
    }
    return CLV_OK;
}

clv_status clv_value_print(const clv_value *value, char **text, clv_error *err)
{
    clv_buffer buffer = {0};
    clv_status status = print_any(value, &buffer, err);

    if (!status) { return clv_buffer_take(&buffer, text, err); }
    clv_buffer_clear(&buffer);
    return status;
}
