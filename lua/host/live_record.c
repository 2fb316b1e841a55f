/* The data so far as a record, the same as a reader makes of a file that holds them: energies ascending, the mean where
   points share one, spectra stacked. SPDX-License-Identifier: GPL-3.0-or-later */
#include "live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One channel of a scan in the making. */
typedef struct point {
    double energy, value;
    size_t place;
} point;

/* ---- What all spectra carry */

static clv_status copy_metadata(const clv_live *live, clv_metadata *metadata, clv_error *err)
{
    for (size_t i = 0; i < clv_value_name_count(live->metadata); i++) {
        const char *name = clv_value_name_at(live->metadata, i);
        const clv_value *value = clv_value_get(live->metadata, name);

        if (clv_value_kind(value) == CLV_TEXT) {
            CLV_TRY(clv_metadata_set_text(metadata, name, clv_value_as_text(value), err));
        } else {
            CLV_TRY(clv_metadata_set_number(metadata, name, clv_value_as_number(value), "1", err));
        }
    }
    return CLV_OK;
}

/* Counts that are whole numbers have Poisson noise, as where a reader finds them. */
static void set_noise(clv_spectra *spectra)
{
    const double *values = clv_spectra_intensity(spectra);
    size_t count = clv_spectra_count(spectra) * clv_spectra_channels(spectra), whole = 0;

    if (strcmp(clv_spectra_unit(spectra), "counts") != 0) { return; }
    while (whole < count && values[whole] >= 0 && values[whole] == floor(values[whole])) { whole++; }
    clv_spectra_set_noise(spectra, whole == count ? CLV_NOISE_POISSON : CLV_NOISE_UNKNOWN, 1, 0);
}

/* The spectra are taken even on failure. */
static clv_status add(const clv_live *live, clv_record *record, clv_spectra *spectra_take, const double *position,
                      clv_error *err)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra_take);
    const char *names[] = {live->along}, *units[] = {live->along_unit};
    clv_status status = copy_metadata(live, metadata, err);

    if (!status) { status = clv_metadata_set_text(metadata, "region", clv_spectra_name(spectra_take), err); }
    if (!status && live->take == CLV_TAKE_POINTS && !clv_metadata_text(metadata, "technique")) {
        status = clv_metadata_set_text(metadata, "technique", "XAS", err);
    }
    if (!status) { status = clv_metadata_set_text(metadata, "source", live->source, err); }
    if (status) {
        clv_spectra_free(spectra_take);
        return status;
    }
    set_noise(spectra_take);
    return clv_record_add_block(record, spectra_take, names, units, position, position ? 1 : 0, err);
}

/* ---- Points */

static int by_energy(const void *a, const void *b)
{
    const point *p = a, *q = b;

    if (p->energy != q->energy) { return p->energy < q->energy ? -1 : 1; }
    return p->place < q->place ? -1 : p->place > q->place;
}

static const clv_held *signal_named(const clv_item *item, const char *name)
{
    for (size_t i = 0; i < item->count; i++) {
        if (strcmp(item->signals[i].name, name) == 0) { return &item->signals[i]; }
    }
    return NULL;
}

static size_t count_points(const clv_live *live)
{
    size_t count = 0;

    for (const clv_item *item = live->kept.first; item; item = item->next) { count += item->signals[0].count; }
    return count;
}

/* All points of one signal, by ascending energy; those of one energy become their mean. Gives how many are left. */
static size_t gather(const clv_live *live, const char *name, point *points)
{
    size_t count = 0, left = 0;

    for (const clv_item *item = live->kept.first; item; item = item->next) {
        const clv_held *energy = signal_named(item, live->energy), *signal = signal_named(item, name);

        for (size_t i = 0; i < signal->count; i++, count++) { /* energies are decimal numbers: to 1e-9 eV */
            points[count] = (point){nearbyint(energy->values[i] * 1e9) / 1e9 + 0.0, signal->values[i], count};
        }
    }
    qsort(points, count, sizeof *points, by_energy);
    for (size_t i = 0, n; i < count; i += n) {
        double sum = 0;

        for (n = 0; i + n < count && points[i + n].energy == points[i].energy; n++) { sum += points[i + n].value; }
        points[left++] = (point){points[i].energy, sum / (double)n, left};
    }
    return left;
}

static clv_status scan(const clv_live *live, const clv_held *like, point *points, double *energies,
                       clv_spectra **spectra, clv_error *err)
{
    size_t count = gather(live, like->name, points);
    clv_axis *axis = NULL;
    clv_status status;

    for (size_t i = 0; i < count; i++) { energies[i] = points[i].energy; }
    CLV_TRY(clv_axis_new(live->axis, "eV", energies, count, &axis, err));
    status = clv_spectra_new(like->name, like->unit, &axis, 1, spectra, err);
    clv_axis_free(axis);
    CLV_TRY(status);
    for (size_t i = 0; i < count; i++) { clv_spectra_fill(*spectra)[i] = points[i].value; }
    return CLV_OK;
}

static clv_status add_points(const clv_live *live, clv_record *record, clv_error *err)
{
    const clv_item *first = live->kept.first;
    size_t count = count_points(live);
    point *points = calloc(count, sizeof *points);
    double *energies = calloc(count, sizeof *energies);
    clv_status status = points && energies ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory for %zu points", count);

    for (size_t i = 0; !status && i < first->count; i++) {
        clv_spectra *spectra = NULL;

        if (i == clv_live_energy(live, first)) { continue; }
        status = scan(live, &first->signals[i], points, energies, &spectra, err);
        if (!status) { status = add(live, record, spectra, NULL, err); }
    }
    free(points);
    free(energies);
    return status;
}

/* ---- Spectra */

static clv_status add_item(const clv_live *live, clv_record *record, const clv_item *item, clv_axis *axis,
                           clv_error *err)
{
    for (size_t i = 0; i < item->count; i++) {
        clv_spectra *spectra = NULL;

        if (i == clv_live_energy(live, item)) { continue; }
        CLV_TRY(clv_spectra_new(item->signals[i].name, item->signals[i].unit, &axis, 1, &spectra, err));
        memcpy(clv_spectra_fill(spectra), item->signals[i].values, item->signals[i].count * sizeof(double));
        CLV_TRY(add(live, record, spectra, live->along ? &item->position : NULL, err));
    }
    return CLV_OK;
}

/* Energies that were left out are those of the push before. */
static clv_status next_axis(const clv_live *live, const clv_item *item, clv_axis **axis, clv_error *err)
{
    const clv_held *energy = signal_named(item, live->energy);

    if (!energy) { return CLV_OK; }
    clv_axis_free(*axis);
    *axis = NULL;
    return clv_axis_new(live->axis, "eV", energy->values, energy->count, axis, err);
}

static clv_status add_spectra(const clv_live *live, clv_record *record, clv_error *err)
{
    clv_axis *axis = NULL;
    clv_status status = CLV_OK;

    for (const clv_item *item = live->kept.first; !status && item; item = item->next) {
        status = next_axis(live, item, &axis, err);
        if (!status) { status = add_item(live, record, item, axis, err); }
    }
    clv_axis_free(axis);
    return status;
}

/* ---- Frames: [frame][row][channel], on the energies of the first */

static clv_status numbered_axis(const clv_live *live, size_t count, int by_position, clv_axis **axis, clv_error *err)
{
    double *values = calloc(count, sizeof *values);
    const clv_item *item = live->kept.first;
    clv_status status;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for %zu frames", count);
    for (size_t i = 0; i < count; i++) {
        values[i] = by_position ? item->position : (double)i;
        if (by_position) { item = item->next; }
    }
    status = clv_axis_new(by_position ? live->along : "scan", by_position ? live->along_unit : "1", values, count, axis,
                          err);
    free(values);
    return status;
}

static clv_status rows_axis(size_t count, clv_axis **axis, clv_error *err)
{
    double *values = calloc(count, sizeof *values);
    clv_status status;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for %zu rows", count);
    for (size_t i = 0; i < count; i++) { values[i] = (double)i; }
    status = clv_axis_new("y", "1", values, count, axis, err);
    free(values);
    return status;
}

static clv_status add_stack(const clv_live *live, clv_record *record, const clv_held *like, clv_axis *const *frame,
                            clv_error *err)
{
    clv_axis *axes[] = {frame[0], NULL, frame[1]};
    clv_spectra *spectra = NULL;
    size_t at = 0;
    clv_status status;

    CLV_TRY(rows_axis(like->count / clv_axis_size(frame[1]), &axes[1], err));
    status = clv_spectra_new(like->name, like->unit, axes, 3, &spectra, err);
    clv_axis_free(axes[1]);
    CLV_TRY(status);
    for (const clv_item *item = live->kept.first; item; item = item->next, at += like->count) {
        memcpy(clv_spectra_fill(spectra) + at, signal_named(item, like->name)->values, like->count * sizeof(double));
    }
    status = copy_metadata(live, clv_spectra_metadata_fill(spectra), err);
    if (!status) { status = clv_metadata_set_text(clv_spectra_metadata_fill(spectra), "source", live->source, err); }
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    set_noise(spectra);
    return clv_record_add(record, spectra, err);
}

static clv_status same_energies(const clv_live *live, const clv_axis *axis, clv_error *err)
{
    size_t place = 1, bytes = clv_axis_size(axis) * sizeof(double);

    for (const clv_item *item = live->kept.first; item; item = item->next, place++) {
        const clv_held *energy = signal_named(item, live->energy);

        CLV_CHECK(!energy || memcmp(energy->values, clv_axis_values(axis), bytes) == 0, err, CLV_BAD_ARGUMENT,
                  "frame %zu stands on other energies than the first", place);
    }
    return CLV_OK;
}

static clv_status add_frames(const clv_live *live, clv_record *record, clv_error *err)
{
    const clv_item *first = live->kept.first;
    clv_axis *axes[2] = {NULL, NULL};
    clv_status status = next_axis(live, first, &axes[1], err);

    if (!status) { status = same_energies(live, axes[1], err); }
    if (!status) { status = numbered_axis(live, live->kept.count, live->along != NULL, &axes[0], err); }
    for (size_t i = 0; !status && i < first->count; i++) {
        if (i != clv_live_energy(live, first)) { status = add_stack(live, record, &first->signals[i], axes, err); }
    }
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    return status;
}

/* ---- The record */

clv_status clv_live_record(const clv_live *live, clv_record **record, clv_error *err)
{
    static clv_status (*const makers[])(const clv_live *, clv_record *, clv_error *) = {add_points, add_spectra,
                                                                                        add_frames};
    clv_record *made = clv_record_new();
    clv_status status = made ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "not enough memory");

    if (!status) { status = makers[live->take](live, made, err); }
    if (!status && live->take != CLV_TAKE_FRAMES) { status = clv_record_stack(made, err); }
    for (size_t i = 0; !status && i < clv_record_count(made); i++) {
        status = clv_spectra_measure_noise(clv_record_at(made, i), err);
    }
    if (!status) { status = clv_record_set_source(made, live->source, "live", NULL, NULL, err); }
    if (status) {
        clv_record_free(made);
        return status;
    }
    *record = made;
    return CLV_OK;
}
