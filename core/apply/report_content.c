/* Small steps in making the content of a report: texts, numbers, lists, axes, provenance.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply/plot.h"
#include "data/print.h"

clv_status report_text(clv_value *table, const char *name, const char *text, clv_error *err)
{
    return text ? clv_value_set(table, name, clv_value_text(text), err) : CLV_OK;
}

clv_status report_number(clv_value *table, const char *name, double number, clv_error *err)
{
    return clv_value_set(table, name, clv_value_number(number), err);
}

clv_status report_say(clv_value *list, clv_error *err, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    clv_status status;
    int length;

    va_start(arguments, format);
    length = vasprintf(&text, format, arguments);
    va_end(arguments);
    CLV_CHECK(length >= 0, err, CLV_NO_MEMORY, "no memory for a report");
    status = clv_value_append(list, clv_value_text(text), err);
    free(text);
    return status;
}

clv_status report_table(clv_value *table, const char *name, clv_value **made, clv_error *err)
{
    *made = clv_value_table();
    return clv_value_set(table, name, *made, err);
}

clv_status report_row(clv_value *list, clv_value **made, clv_error *err)
{
    *made = clv_value_table();
    return clv_value_append(list, *made, err);
}

clv_status report_flags(uint8_t flags, char **words, clv_error *err)
{
    clv_buffer text = {0};

    clv_buffer_add(&text, "");
    clv_flags_print(flags, &text);
    return clv_buffer_take(&text, words, err);
}

clv_status report_axis(const clv_axis *axis, clv_value **made, clv_error *err)
{
    char label[PLOT_LABEL_SIZE];
    clv_value *table = clv_value_table();
    clv_status status = report_text(table, "name", clv_axis_name(axis), err);

    plot_axis_label(axis, label);
    if (!status) { status = report_text(table, "unit", clv_axis_unit(axis), err); }
    if (!status) { status = report_text(table, "label", label, err); }
    if (status) {
        clv_value_free(table);
        return status;
    }
    *made = table;
    return CLV_OK;
}

static clv_status add_metadata(clv_value *from, const clv_metadata *metadata, clv_error *err)
{
    clv_value *list = NULL;

    CLV_TRY(report_table(from, "metadata", &list, err));
    for (size_t i = 0; i < clv_metadata_count(metadata); i++) {
        const char *name = clv_metadata_name(metadata, i), *text = clv_metadata_text(metadata, name);
        clv_value *entry = NULL;

        if (strncmp(name, "source", 6) == 0 && (name[6] == 0 || name[6] == '_') && text) { continue; }
        CLV_TRY(report_row(list, &entry, err));
        CLV_TRY(report_text(entry, "name", name, err));
        CLV_TRY(report_text(entry, "text", text, err));
        if (text) { continue; }
        CLV_TRY(report_number(entry, "number", clv_metadata_number(metadata, name), err));
        CLV_TRY(report_text(entry, "unit", clv_metadata_unit(metadata, name), err));
    }
    return CLV_OK;
}

clv_status report_add_provenance(clv_value *content, const clv_spectra *spectra, clv_error *err)
{
    static const char *const names[] = {"source", "source_sha256", "source_fingerprint"};
    const clv_metadata *metadata = clv_spectra_metadata(spectra);
    clv_value *from = NULL, *history = NULL;

    CLV_TRY(report_text(content, "sample", clv_metadata_text(metadata, "sample"), err));
    CLV_TRY(report_table(content, "provenance", &from, err));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        CLV_TRY(report_text(from, names[i], clv_metadata_text(metadata, names[i]), err));
    }
    CLV_TRY(report_table(from, "history", &history, err));
    for (size_t i = 0; i < clv_spectra_history_count(spectra); i++) {
        CLV_TRY(report_say(history, err, "%s", clv_spectra_history(spectra, i)));
    }
    return add_metadata(from, metadata, err);
}
