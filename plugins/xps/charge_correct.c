/* The operation `charge_correct`: moves the energy offset of every spectrum of a record so that a reference line stands
   where it belongs. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_line.h"
#include "xps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shift of each level. A negative error marks a level where the line was missing and the shift was held or taken
 * over. */
typedef struct shifts {
    size_t count, missing;
    double *shift, *error;
} shifts;

static void shifts_clear(shifts *s)
{
    free(s->shift);
    free(s->error);
}

static clv_status shifts_from(const reference_line *line, double at, shifts *s, clv_error *err)
{
    s->count = line->count;
    s->shift = calloc(line->count + 1, sizeof(double));
    s->error = calloc(line->count + 1, sizeof(double));
    CLV_CHECK(s->shift && s->error, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < line->count; i++) {
        int found = line->strength[i] >= REFERENCE_FOUND;

        s->shift[i] = found ? at - line->position[i] : NAN;
        s->error[i] = found ? line->error[i] : NAN;
        s->missing += !found;
    }
    return CLV_OK;
}

/* Spread of the shifts that were found, by which a held one may be wrong. */
static double spread(const shifts *s)
{
    double mean = 0, square = 0;
    size_t count = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (isnan(s->shift[i])) { continue; }
        mean += s->shift[i];
        count++;
    }
    for (size_t i = 0; i < s->count && count; i++) {
        if (!isnan(s->shift[i])) { square += pow(s->shift[i] - mean / (double)count, 2); }
    }
    return count > 1 ? fmax(sqrt(square / (double)(count - 1)), 0.05) : 0.2;
}

static void hold(shifts *s)
{
    double doubt = spread(s);

    for (size_t i = 0; i < s->count; i++) {
        size_t near = SIZE_MAX;

        if (!isnan(s->shift[i])) { continue; }
        for (size_t k = 0; k < s->count; k++) {
            size_t far = k > i ? k - i : i - k;

            if (s->error[k] >= 0 && (near == SIZE_MAX || far < (near > i ? near - i : i - near))) { near = k; }
        }
        s->shift[i] = s->shift[near];
        s->error[i] = -hypot(s->error[near], doubt);
    }
}

static const clv_model *given_model(const clv_call *call)
{
    return clv_value_as_object(clv_options_get(call->options, "model"), CLV_MODEL);
}

/* What the chemistry of a sample may move one line against another, from level to level. */
#define CHEMISTRY 0.05

/* The missing shifts from where another line stands: its true position is its mean one over the levels where both lines
   were found. */
static clv_status follow_found(const char *line, const reference_line *other, shifts *s, clv_error *err)
{
    double sum = 0, both = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (isnan(s->shift[i]) || other->strength[i] < REFERENCE_FOUND) { continue; }
        sum += other->position[i] + s->shift[i];
        both += 1;
    }
    CLV_CHECK(both > 0, err, CLV_BAD_ARGUMENT,
              "missing = \"%s\": at no level was it found together with the reference, so how far apart the two stand "
              "is not known",
              line);
    for (size_t i = 0; i < s->count; i++) {
        if (!isnan(s->shift[i])) { continue; }
        CLV_CHECK(other->strength[i] >= REFERENCE_FOUND, err, CLV_BAD_ARGUMENT,
                  "missing = \"%s\": it was not found at level %zu either", line, i + 1);
        s->shift[i] = sum / both - other->position[i];
        s->error[i] = -hypot(other->error[i], CHEMISTRY);
    }
    return CLV_OK;
}

/* Follows another line: how far it moved against the levels where the reference was found. */
static clv_status follow(const clv_record *record, const char *line, shifts *s, clv_error *err)
{
    clv_spectra *spectra = NULL;
    reference_line other = {0};
    clv_status status;

    CLV_TRY(clv_record_find(record, line, NAN, &spectra, err));
    CLV_CHECK(clv_spectra_count(spectra) == s->count, err, CLV_BAD_ARGUMENT,
              "missing = \"%s\": it was measured at %zu levels, the reference at %zu", line, clv_spectra_count(spectra),
              s->count);
    CLV_TRY(reference_line_find(spectra, line, REFERENCE_ALONE, NAN, NULL, &other, err));
    status = follow_found(line, &other, s, err);
    reference_line_clear(&other);
    return status;
}

static clv_status fill_missing(const clv_call *call, const clv_record *record, const char *line, shifts *s,
                               clv_error *err)
{
    const char *missing = clv_options_text(call->options, "missing");
    const char *component = clv_options_text(call->options, "component");
    size_t level = 0;

    if (!s->missing) { return CLV_OK; }
    while (level < s->count && !isnan(s->shift[level])) { level++; }
    CLV_CHECK(strcmp(missing, "fail") != 0, err, CLV_BAD_ARGUMENT,
              "%s of %s was not found at %zu of %zu levels, first at level %zu; `missing` = \"hold\" or another line "
              "goes on without",
              component, line, s->missing, s->count, level + 1);
    CLV_CHECK(s->missing < s->count, err, CLV_BAD_ARGUMENT,
              "%s of %s was found at no level at all; choose another reference with `line` and `component`", component,
              line);
    if (strcmp(missing, "hold") != 0) { return follow(record, missing, s, err); }
    hold(s);
    return CLV_OK;
}

static int same_levels(const clv_spectra *a, const clv_spectra *b)
{
    if (clv_spectra_axis_count(a) != clv_spectra_axis_count(b)) { return 0; }
    for (size_t i = 0; i + 1 < clv_spectra_axis_count(a); i++) {
        if (!clv_axis_equal(clv_spectra_axis(a, i), clv_spectra_axis(b, i))) { return 0; }
    }
    return 1;
}

/* Which level of the reference a level of other spectra is: by the coordinate, SIZE_MAX when it was not measured there.
 */
static size_t matching(const clv_spectra *reference, const clv_spectra *spectra, size_t i)
{
    clv_axis *own, *theirs;

    if (clv_spectra_count(reference) == 1) { return 0; }
    if (same_levels(reference, spectra)) { return i; }
    if (clv_spectra_axis_count(spectra) != 2 || clv_spectra_axis_count(reference) != 2) { return SIZE_MAX; }
    own = clv_spectra_axis(spectra, 0);
    theirs = clv_spectra_axis(reference, 0);
    if (strcmp(clv_axis_name(own), clv_axis_name(theirs)) != 0) { return SIZE_MAX; }
    for (size_t k = 0; k < clv_axis_size(theirs); k++) {
        if (fabs(clv_axis_values(theirs)[k] - clv_axis_values(own)[i]) <=
            1e-6 * fmax(1, fabs(clv_axis_values(own)[i]))) {
            return k;
        }
    }
    return SIZE_MAX;
}

static clv_status fill_offsets(const clv_spectra *spectra, const clv_spectra *reference, const shifts *s,
                               double *offset, double *error, clv_error *err)
{
    const double *before = clv_spectra_offset(spectra);

    for (size_t i = 0; i < clv_spectra_count(spectra); i++) {
        size_t level = matching(reference, spectra, i);

        CLV_CHECK(level != SIZE_MAX, err, CLV_BAD_ARGUMENT,
                  "%s: level %zu has no match among those of the reference line %s", clv_spectra_name(spectra), i + 1,
                  clv_spectra_name(reference));
        offset[i] = (before ? before[i] : 0) + s->shift[level];
        error[i] = s->error[level];
    }
    return CLV_OK;
}

/* Where the reference belongs: as told, else the line library's energy of that species. */
static clv_status reference_energy(const clv_call *call, const char *line, const char *component, double *at,
                                   clv_error *err)
{
    const clv_line *known = NULL;

    *at = clv_options_number(call->options, "at");
    if (clv_options_given(call->options, "at")) { return CLV_OK; }
    CLV_TRY(clv_lines_find(line, component, &known, err));
    *at = known->energy;
    CLV_CHECK(isfinite(*at), err, CLV_BAD_ARGUMENT, "`at` is missing: the line library does not know where %s belongs",
              line);
    return CLV_OK;
}

static const char *sample_of(const clv_spectra *spectra)
{
    const char *sample = clv_metadata_text(clv_spectra_metadata(spectra), "sample");

    return sample ? sample : "";
}

/* What one sample's charge correction rests on. */
typedef struct correction {
    const char *sample;
    clv_record *record;     /* of this sample alone */
    clv_spectra *reference; /* NULL: the line was not measured, and no shift is known */
    shifts shifts;
} correction;

static int has_region(const clv_record *record, const char *line, double at)
{
    clv_spectra *found = NULL;
    clv_error err = {0};

    return clv_record_find(record, line, at, &found, &err) != CLV_NOT_FOUND;
}

static clv_status find_shifts(const clv_call *call, correction *c, clv_error *err)
{
    const char *line = clv_options_text(call->options, "line"),
               *component = clv_options_text(call->options, "component");
    const char *missing = clv_options_text(call->options, "missing");
    reference_line found = {0};
    double at;
    clv_status status;

    CLV_TRY(reference_energy(call, line, component, &at, err));
    if (strcmp(missing, "hold") == 0 && !has_region(c->record, line, at)) { return CLV_OK; }
    CLV_TRY(clv_record_find(c->record, line, at, &c->reference, err));
    CLV_TRY(reference_line_find(c->reference, line, component, at, given_model(call), &found, err));
    status = shifts_from(&found, at, &c->shifts, err);
    reference_line_clear(&found);
    CLV_TRY(status);
    return fill_missing(call, c->record, line, &c->shifts, err);
}

/* Without any reference the energies stay as they are, marked as held with the doubt that charging leaves. */
static clv_status hold_all(const clv_spectra *spectra, clv_spectra *moved, clv_error *err)
{
    size_t count = clv_spectra_count(spectra);
    const double *before = clv_spectra_offset(spectra);
    double *room = calloc(2 * count + 1, sizeof *room);
    clv_status status;

    CLV_CHECK(room, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        room[i] = before ? before[i] : 0;
        room[count + i] = -0.2;
    }
    status = clv_spectra_set_offset(moved, room, room + count, err);
    free(room);
    return status;
}

static clv_status move(const clv_call *call, const clv_spectra *spectra, const correction *c, clv_record *made,
                       clv_error *err)
{
    size_t count = clv_spectra_count(spectra);
    double *room = calloc(2 * count + 1, sizeof *room);
    clv_spectra *moved = NULL;
    clv_status status = room ? clv_spectra_copy(spectra, &moved, err) : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    if (!status && c->reference) { status = fill_offsets(spectra, c->reference, &c->shifts, room, room + count, err); }
    if (!status && c->reference) { status = clv_spectra_set_offset(moved, room, room + count, err); }
    if (!status && !c->reference) { status = hold_all(spectra, moved, err); }
    if (!status) { status = clv_spectra_add_history(moved, call->line, err); }
    free(room);
    if (status) {
        clv_spectra_free(moved);
        return status;
    }
    return clv_record_add(made, moved, err);
}

/* The corrections of all samples of a record, each found once. */
typedef struct corrections {
    correction *list;
    size_t count;
} corrections;

static void corrections_clear(corrections *all)
{
    for (size_t i = 0; i < all->count; i++) {
        clv_record_free(all->list[i].record);
        shifts_clear(&all->list[i].shifts);
    }
    free(all->list);
}

static const correction *correction_of(const corrections *all, const char *sample)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->list[i].sample, sample) == 0) { return &all->list[i]; }
    }
    return NULL;
}

static clv_status find_all(const clv_call *call, const clv_record *record, corrections *all, clv_error *err)
{
    all->list = calloc(clv_record_count(record) + 1, sizeof *all->list);
    CLV_CHECK(all->list, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < clv_record_count(record); i++) {
        const char *sample = sample_of(clv_record_at(record, i));
        correction *c = &all->list[all->count];
        clv_status status;

        if (correction_of(all, sample)) { continue; }
        c->sample = sample;
        CLV_TRY(clv_record_select(record, *sample ? sample : NULL, NULL, NAN, &c->record, err));
        all->count++;
        status = find_shifts(call, c, err);
        if (status && *sample) { clv_error_at(err, "sample \"%s\"", sample); }
        CLV_TRY(status);
    }
    return CLV_OK;
}

static clv_status move_all(const clv_call *call, const clv_record *record, const corrections *all, clv_record *made,
                           clv_error *err)
{
    for (size_t i = 0; i < clv_record_count(record); i++) {
        clv_spectra *spectra = clv_record_at(record, i);

        if (strcmp(clv_axis_name(clv_spectra_energy(spectra)), "binding_energy") == 0) {
            CLV_TRY(move(call, spectra, correction_of(all, sample_of(spectra)), made, err));
        } else {
            CLV_TRY(clv_record_add(made, clv_spectra_ref(spectra), err));
        }
    }
    return clv_record_copy_source(made, record, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_record *record = clv_value_as_object(call->on, CLV_RECORD);
    clv_record *made = clv_record_new();
    corrections all = {0};
    clv_status status = made ? find_all(call, record, &all, err) : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    if (!status) { status = move_all(call, record, &all, made, err); }
    corrections_clear(&all);
    if (status) {
        clv_record_free(made);
        return status;
    }
    *result = clv_value_object(CLV_RECORD, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "line", .type = CLV_TYPE_TEXT, .preset = "\"C 1s\"", .doc = "region that holds the reference"},
    {.name = "component", .type = CLV_TYPE_TEXT, .preset = "\"C-C\"", .doc = "which component of it is the reference"},
    {.name = "at", .type = CLV_TYPE_NUMBER, .unit = "eV", .doc = "where it belongs; preset: the line library's energy"},
    {.name = "missing",
     .type = CLV_TYPE_CHOICE,
     .choices = "hold|fail|…",
     .preset = "\"fail\"",
     .doc = "where it is not found: hold the nearest level's shift, fail, or follow another line"},
    {.name = "model",
     .type = CLV_TYPE_OBJECT,
     .kinds = CLV_ON(CLV_MODEL),
     .doc = "model of the reference region; preset: for C 1s its usual species, else one peak or doublet"},
    {0},
};

const clv_operation xps_charge_correct = {
    .size = sizeof(clv_operation),
    .name = "charge_correct",
    .doc = "moves the energies of every level so that a reference line stands where it belongs",
    .source = "ISO 19318:2021; P. Swift, Surf. Interface Anal. 4 (1982) 47, doi 10.1002/sia.740040204",
    .on = CLV_ON(CLV_RECORD),
    .gives = CLV_RECORD,
    .leaves = CLV_LEAVES_NOISE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
