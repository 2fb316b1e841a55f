/* Applies an operation on spectra to every spectra of a record.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

/* The options of a call as a table again, without those that were not given. */
static clv_status given_options(const clv_call *call, clv_value **table, clv_error *err)
{
    *table = clv_value_table();
    CLV_CHECK(*table, err, CLV_NO_MEMORY, "out of memory");
    for (const clv_parameter *row = call->operation->parameters; row && row->name; row++) {
        if (!clv_options_given(call->options, row->name)) { continue; }
        CLV_TRY(clv_value_set(*table, row->name, clv_value_ref(clv_options_get(call->options, row->name)), err));
    }
    return CLV_OK;
}

static clv_status add_result(clv_record *record, const char *name, const clv_value *options, clv_spectra *spectra,
                             clv_error *err)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, clv_spectra_ref(spectra));
    clv_value *made = NULL;
    clv_status status = on ? clv_apply(name, on, options, &made, err) : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    clv_value_free(on);
    if (status) { return clv_error_at(err, "%s", clv_spectra_name(spectra)); }
    status = clv_record_add(record, clv_spectra_ref(clv_value_as_object(made, CLV_SPECTRA)), err);
    clv_value_free(made);
    return status;
}

clv_status general_each(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    clv_value *options = NULL;
    clv_record *made = clv_record_new();
    clv_status status;

    CLV_CHECK(made, err, CLV_NO_MEMORY, "out of memory");
    status = given_options(call, &options, err);
    for (size_t i = 0; i < clv_record_count(record) && !status; i++) {
        status = add_result(made, call->operation->name, options, clv_record_at(record, i), err);
    }
    if (!status) { status = clv_record_copy_source(made, record, err); }
    clv_value_free(options);
    if (status) {
        clv_record_free(made);
        return status;
    }
    *result = clv_value_object(CLV_RECORD, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}
