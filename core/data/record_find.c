/* Finds the spectra of a record that any spelling of a line means, and selects by sample, line and level.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "buffer.h"
#include "line_name.h"
#include "record.h"

/* What is looked for. */
typedef struct wanted {
    const char *text;
    clv_line_name line;
    bool is_line;  /* a line stands in the text */
    bool is_plain; /* and nothing else */
    double energy; /* of the line, NaN where unknown */
} wanted;

/* How well spectra meet what is looked for; only the best rank that any spectra reach counts. */
typedef enum rank {
    RANK_NONE,
    RANK_RANGE,  /* the line's energy lies in the range of a survey */
    RANK_REGION, /* … of another region */
    RANK_LINE,   /* the line, with other members: Co 2p3/2 for Co 2p */
    RANK_SAME,   /* the line itself */
    RANK_NAME    /* its own name, where that is more than the line */
} rank;

static wanted make_wanted(const char *text, double energy)
{
    wanted w = {.text = text, .energy = energy};

    w.is_line = clv_line_name_read(text, &w.line, &w.is_plain);
    w.is_plain = w.is_plain && w.is_line;
    return w;
}

static int is_named(const clv_spectra *spectra, const char *name)
{
    const char *region = clv_metadata_text(spectra->metadata, "region");

    return clv_text_equal(spectra->name, name) || (region && clv_text_equal(region, name));
}

static int has_line(const clv_spectra *spectra, const clv_line_name *line, bool equal)
{
    const char *own = clv_metadata_text(spectra->metadata, "line");
    const char *region = clv_metadata_text(spectra->metadata, "region");

    return clv_line_name_in(spectra->name, line, equal) || (own && clv_line_name_in(own, line, equal)) ||
           (region && clv_line_name_in(region, line, equal));
}

static int is_survey(const clv_spectra *spectra)
{
    const char *region = clv_metadata_text(spectra->metadata, "region");

    return clv_line_name_is_survey(spectra->name) || (region && clv_line_name_is_survey(region));
}

/* Whether a binding (or edge) energy lies in the range; kinetic energies need the photon energy. */
static int holds_energy(const clv_spectra *spectra, double energy)
{
    const clv_axis *axis = clv_spectra_energy(spectra);
    const double *values = clv_axis_values(axis);
    double offset = spectra->offset ? spectra->offset[0] : 0.0;

    if (strcmp(clv_axis_name(axis), "kinetic_energy") == 0) {
        energy = clv_metadata_number(spectra->metadata, "photon_energy") - energy;
    }
    energy -= offset;
    return energy >= values[0] && energy <= values[clv_axis_size(axis) - 1];
}

static rank rank_of(const clv_spectra *spectra, const wanted *w)
{
    if (!w->is_plain && is_named(spectra, w->text)) { return RANK_NAME; }
    if (!w->is_line) { return clv_line_name_is_survey(w->text) && is_survey(spectra) ? RANK_SAME : RANK_NONE; }
    if (!is_survey(spectra)) {
        if (has_line(spectra, &w->line, true)) { return RANK_SAME; }
        if (has_line(spectra, &w->line, false)) { return RANK_LINE; }
    }
    if (!holds_energy(spectra, w->energy)) { return RANK_NONE; }
    return is_survey(spectra) ? RANK_RANGE : RANK_REGION;
}

/* Writes how a user tells these spectra from the others. */
static void list_spectra(clv_buffer *list, const clv_record *record, size_t place)
{
    const clv_spectra *spectra = record->blocks[place].spectra;
    const char *sample = clv_metadata_text(spectra->metadata, "sample");

    clv_buffer_format(list, "%s[%zu] \"%s\"", list->length ? ", " : "", place + 1, spectra->name);
    if (sample && *sample) { clv_buffer_format(list, " of sample \"%s\"", sample); }
}

static clv_status fail_with_list(const clv_record *record, const wanted *w, rank best, clv_status status,
                                 clv_error *err)
{
    clv_buffer list = {0};

    for (size_t i = 0; i < record->count && list.length < 400; i++) {
        if (best == RANK_NONE || rank_of(record->blocks[i].spectra, w) == best) { list_spectra(&list, record, i); }
    }
    if (status == CLV_NOT_FOUND) {
        clv_fail(err, status, "there is no \"%s\" in this record; it holds %s", w->text,
                 list.text ? list.text : "nothing");
    } else {
        clv_fail(err, status, "several spectra match \"%s\": %s; take one by its place or with select", w->text,
                 list.text ? list.text : "");
    }
    clv_buffer_clear(&list);
    return status;
}

clv_status clv_record_find(const clv_record *record, const char *line, double energy, clv_spectra **found,
                           clv_error *err)
{
    wanted w = make_wanted(line, energy);
    rank best = RANK_NONE;
    size_t matches = 0, place = 0;

    for (size_t i = 0; i < record->count; i++) {
        rank r = rank_of(record->blocks[i].spectra, &w);

        if (r == RANK_NONE || r < best) { continue; }
        matches = r > best ? 1 : matches + 1;
        if (r > best) { place = i; }
        best = r;
    }
    if (matches == 0) { return fail_with_list(record, &w, RANK_NONE, CLV_NOT_FOUND, err); }
    if (matches > 1) { return fail_with_list(record, &w, best, CLV_BAD_ARGUMENT, err); }
    *found = record->blocks[place].spectra;
    return CLV_OK;
}

/* Shares spectra at this level, or makes a slice of those along an axis of levels; NULL when there is no such level. */
static clv_status take_level(clv_spectra *spectra, double level, clv_spectra **taken, clv_error *err)
{
    *taken = NULL;
    if (isnan(level) || clv_metadata_number(spectra->metadata, "level") == level) {
        *taken = clv_spectra_ref(spectra);
        return CLV_OK;
    }
    for (size_t i = 0; i + 1 < spectra->frame.count; i++) {
        for (size_t j = 0; j <= spectra->frame.beside_count[i]; j++) {
            const clv_axis *axis = j ? spectra->frame.beside[i][j - 1] : spectra->frame.axes[i];

            if (strcmp(clv_axis_name(axis), "level") != 0) { continue; }
            for (size_t k = 0; k < clv_axis_size(axis); k++) {
                if (clv_axis_values(axis)[k] == level) { return clv_spectra_slice(spectra, i, k, taken, err); }
            }
        }
    }
    return CLV_OK;
}

static int matches(const clv_spectra *spectra, const char *sample, const wanted *line)
{
    const char *own = clv_metadata_text(spectra->metadata, "sample");

    if (sample && !(own && clv_text_equal(own, sample))) { return 0; }
    return !line || is_named(spectra, line->text) || rank_of(spectra, line) >= RANK_LINE;
}

static clv_status select_into(const clv_record *record, const char *sample, const wanted *line, double level,
                              clv_record *made, clv_error *err)
{
    for (size_t i = 0; i < record->count; i++) {
        clv_spectra *taken = NULL;

        if (!matches(record->blocks[i].spectra, sample, line)) { continue; }
        CLV_TRY(take_level(record->blocks[i].spectra, level, &taken, err));
        if (taken) { CLV_TRY(clv_record_add(made, taken, err)); }
    }
    return clv_record_set_source(made, record->source, record->format, record->hash_name, record->hash, err);
}

clv_status clv_record_select(const clv_record *record, const char *sample, const char *line, double level,
                             clv_record **selected, clv_error *err)
{
    wanted w = make_wanted(line ? line : "", NAN);
    clv_record *made = clv_record_new();
    clv_metadata *metadata = clv_metadata_copy(record->metadata);
    clv_status status;

    if (!made || !metadata) {
        clv_record_free(made);
        clv_metadata_free(metadata);
        return clv_fail(err, CLV_NO_MEMORY, "no memory for a record");
    }
    clv_metadata_free(made->metadata);
    made->metadata = metadata;
    status = select_into(record, sample, line ? &w : NULL, level, made, err);
    if (status) {
        clv_record_free(made);
        return status;
    }
    *selected = made;
    return CLV_OK;
}
