/* Writes VAMAS, ISO 14976: the head of the file, then a block for each spectrum.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vamas_out.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- What the record holds */

/* A sputter depth profile where any block tells of the ion gun: only then have blocks a place for it. */
static const char *find_mode(const clv_record *record)
{
    for (size_t s = 0; s < clv_record_count(record); s++) {
        for (const vamas_parameter *p = vamas_parameters; p->name; p++) {
            if (p->condition != VAMAS_SPUTTERED && p->condition != VAMAS_SPUTTERING_MODE) { continue; }
            if (vamas_text_of(clv_record_at(record, s), 0, p->name).text ||
                !isnan(vamas_number_of(clv_record_at(record, s), 0, p->name))) {
                return "SDP";
            }
        }
    }
    return "NORM";
}

static clv_status check_spectra(const clv_spectra *spectra, clv_error *err)
{
    const double *value = clv_spectra_intensity(spectra);
    size_t count = clv_spectra_count(spectra) * clv_spectra_channels(spectra), besides = 0;

    for (size_t i = 0; i < count; i++) {
        CLV_CHECK(!isinf(value[i]) && !(fabs(value[i]) >= VAMAS_UNKNOWN), err, CLV_BAD_ARGUMENT,
                  "%s holds %g, which a VAMAS file cannot hold", clv_spectra_name(spectra), value[i]);
    }
    besides = clv_spectra_beside_count(spectra, clv_spectra_axis_count(spectra) - 1);
    CLV_CHECK(besides + 3 <= VAMAS_COLUMNS, err, CLV_LIMIT, "%s has %zu columns beside its energies; %d can be written",
              clv_spectra_name(spectra), besides, VAMAS_COLUMNS - 3);
    return CLV_OK;
}

static int is_irregular(const clv_record *record)
{
    for (size_t s = 0; s < clv_record_count(record); s++) {
        const clv_spectra *spectra = clv_record_at(record, s);

        for (size_t i = 0; i < clv_spectra_count(spectra); i++) {
            if (vamas_find_abscissa(spectra, i).step == 0) { return 1; }
        }
    }
    return 0;
}

/* ---- The file */

static void put_experiment(vamas_out *out)
{
    static const char *const names[4] = {"institution", "instrument", "operator", "experiment"};
    const clv_metadata *metadata = clv_record_metadata(out->record);
    const char *comment = clv_metadata_text(metadata, "comment");

    vamas_put_text(out, vamas_identifier);
    for (int i = 0; i < 4; i++) {
        const char *text = clv_metadata_text(metadata, names[i]);

        vamas_put_label(out, (vamas_piece){text, text ? strlen(text) : 0});
    }
    vamas_put_comment(out, (vamas_piece){comment, comment ? strlen(comment) : 0}, 0);
    vamas_put_text(out, out->mode);
    vamas_put_text(out, out->irregular ? "IRREGULAR" : "REGULAR");
    vamas_put_number(out, (double)clv_record_count(out->record)); /* regions */
}

/* Labels of experimental variables: "Etch Time" is how other programs know the time; the rest as the axes are called.
 */
static void put_variables(vamas_out *out)
{
    vamas_put_number(out, (double)out->variables);
    for (size_t v = 0; v < out->variables; v++) {
        const char *name = out->variable[v].name, *unit = out->variable[v].unit;

        vamas_put_text(out, strcmp(name, "etch_time") == 0 ? "Etch Time" : name);
        vamas_put_text(out, strcmp(unit, "1") == 0 ? "d" : unit);
    }
}

static void put_file(vamas_out *out)
{
    double blocks = 0;

    put_experiment(out);
    put_variables(out);
    for (int i = 0; i < 4; i++) { vamas_put_number(out, 0); } /* exclusions, manual items, future entries of both */
    for (size_t s = 0; s < clv_record_count(out->record); s++) {
        blocks += (double)clv_spectra_count(clv_record_at(out->record, s));
    }
    vamas_put_number(out, blocks);
    for (size_t s = 0; s < clv_record_count(out->record); s++) {
        const clv_spectra *spectra = clv_record_at(out->record, s);

        for (size_t i = 0; i < clv_spectra_count(spectra) && !out->status; i++) { vamas_put_block(out, spectra, i); }
    }
    vamas_put_text(out, "end of experiment");
}

clv_status vamas_write(const clv_record *record, const clv_options *options,
                       clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err), void *payload,
                       clv_error *err)
{
    vamas_out *out;
    clv_status status;

    (void)options;
    for (size_t s = 0; s < clv_record_count(record); s++) { CLV_TRY(check_spectra(clv_record_at(record, s), err)); }
    out = calloc(1, sizeof *out);
    CLV_CHECK(out, err, CLV_NO_MEMORY, "no memory to write a VAMAS file");
    out->put = put;
    out->payload = payload;
    out->err = err;
    out->record = record;
    out->mode = find_mode(record);
    out->irregular = is_irregular(record);
    vamas_find_variables(out);
    put_file(out);
    if (!out->status && out->used > 0) { out->status = put(payload, out->bytes, out->used, err); }
    status = out->status;
    free(out);
    return status;
}
