/* The operation `select`: the spectra of a record that belong to a sample, a line or a level.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "general.h"

#include <math.h>

/* What was asked for and is not there, named with what there is. */
static clv_status nothing(const clv_call *call, const clv_record *record, clv_error *err)
{
    const char *sample = clv_options_text(call->options, "sample"), *line = clv_options_text(call->options, "line");
    const clv_spectra *first = clv_record_count(record) ? clv_record_at(record, 0) : NULL;
    const char *there = first ? clv_metadata_text(clv_spectra_metadata(first), "sample") : NULL;

    return clv_fail(err, CLV_NOT_FOUND,
                    "no spectra of the record are of%s%s%s%s%s; it holds %zu, the first \"%s\" of sample \"%s\"",
                    sample ? " sample " : "", sample ? sample : "", line ? " line " : "", line ? line : "",
                    clv_options_given(call->options, "level") ? " that level" : "", clv_record_count(record),
                    first ? clv_spectra_name(first) : "", there ? there : "");
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    double level = clv_options_given(call->options, "level") ? clv_options_number(call->options, "level") : NAN;
    clv_record *selected = NULL;

    CLV_TRY(clv_record_select(record, clv_options_text(call->options, "sample"),
                              clv_options_text(call->options, "line"), level, &selected, err));
    if (clv_record_count(selected) == 0) {
        clv_record_free(selected);
        return nothing(call, record, err);
    }
    *result = clv_value_object(CLV_RECORD, selected);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "sample", .type = CLV_TYPE_TEXT, .doc = "name of the sample, as the file gives it"},
    {.name = "line", .type = CLV_TYPE_TEXT, .doc = "any spelling of the line, such as Co 2p"},
    {.name = "level", .type = CLV_TYPE_NUMBER, .doc = "level of a depth profile"},
    {0},
};

const clv_operation general_select = {
    .size = sizeof(clv_operation),
    .name = "select",
    .doc = "the spectra of a record that belong to a sample, a line or a level",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
