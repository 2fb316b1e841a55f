/* Stacks the blocks of a file into spectra along their experimental variables.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "buffer.h"
#include "record.h"

/* Of blocks that agree in all but their energies, at most so many different energy ranges are kept apart by comparing;
   it bounds the work on a file made to hurt. */
#define MAX_RANGES 64

/* The blocks of one stack, in the order of the file. */
typedef struct stack {
    const clv_record_block **blocks;
    size_t count;
} stack;

/* What blocks of one stack have in common. */
typedef struct keyed {
    char *key;
    size_t place;
} keyed;

/* ---- Which blocks belong together ---- */

static void add_number(clv_buffer *key, double number)
{
    char digits[CLV_TEXT_NUMBER_SIZE];

    clv_text_from_number(number, digits);
    clv_buffer_add(key, digits);
    clv_buffer_add(key, "\x1F");
}

static void add_text(clv_buffer *key, const char *text)
{
    clv_buffer_add(key, text ? text : "");
    clv_buffer_add(key, "\x1F");
}

/* A number of the metadata that keeps blocks apart, unless it is their experimental variable. */
static void add_condition(clv_buffer *key, const clv_record_block *block, const char *name)
{
    for (size_t i = 0; i < block->names.count; i++) {
        if (strcmp(block->names.items[i], name) == 0) { return; }
    }
    add_number(key, clv_metadata_number(block->spectra->metadata, name));
    add_text(key, clv_metadata_text(block->spectra->metadata, name));
}

static const char *region_of(const clv_spectra *spectra)
{
    const char *region = clv_metadata_text(spectra->metadata, "region");

    return region && *region ? region : spectra->name;
}

static clv_status make_key(const clv_record_block *block, char **made, clv_error *err)
{
    static const char *const conditions[] = {"photon_energy", "pass_energy", "anode"};
    const clv_spectra *spectra = block->spectra;
    const clv_axis *energy = clv_spectra_energy(spectra);
    clv_buffer key = {0};

    add_text(&key, clv_metadata_text(spectra->metadata, "sample"));
    add_text(&key, region_of(spectra));
    add_text(&key, clv_metadata_text(spectra->metadata, "technique"));
    add_text(&key, spectra->unit);
    add_text(&key, clv_axis_name(energy));
    add_text(&key, clv_axis_unit(energy));
    clv_buffer_format(&key, "%zu\x1F%d\x1F%d\x1F", spectra->channels, (int)spectra->noise, spectra->offset != NULL);
    add_number(&key, spectra->scale);
    add_number(&key, spectra->read);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) { add_condition(&key, block, conditions[i]); }
    for (size_t i = 0; i < block->names.count; i++) {
        add_text(&key, block->names.items[i]);
        add_text(&key, block->units.items[i]);
    }
    return clv_buffer_take(&key, made, err);
}

static int compare_keyed(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    int order = strcmp(x->key, y->key);

    if (order) { return order; }
    return x->place < y->place ? -1 : x->place > y->place;
}

/* The constant by which the energies of `b` lie above those of `a`; NaN when there is none or the ranges overlap by
   less than half. Rounding in a file's last digits is no shift. */
static double energy_shift(const clv_spectra *a, const clv_spectra *b)
{
    const double *x = clv_axis_values(clv_spectra_energy(a)), *y = clv_axis_values(clv_spectra_energy(b));
    size_t last = a->channels - 1;
    double range = x[last] - x[0], step, shift;

    if (last == 0) { return x[0] == y[0] ? 0.0 : NAN; }
    step = range / (double)last;
    shift = 0.5 * (y[0] - x[0]) + 0.5 * (y[last] - x[last]);
    for (size_t i = 0; i <= last; i++) {
        if (!(fabs(y[i] - x[i] - shift) <= 1e-4 * step)) { return NAN; }
    }
    if (!(fabs(shift) <= 0.5 * range)) { return NAN; }
    return fabs(shift) <= 1e-6 * step ? 0.0 : shift;
}

/* Finds for each of the `count` blocks with one key the first one it stacks with. */
static void find_leads(const clv_record *record, const keyed *same, size_t count, size_t *lead)
{
    size_t ranges[MAX_RANGES], range_count = 0;

    for (size_t i = 0; i < count; i++) {
        size_t place = same[i].place, r = 0;
        const clv_spectra *spectra = record->blocks[place].spectra;

        lead[place] = place;
        if (spectra->frame.count > 1) { continue; }
        while (r < range_count && isnan(energy_shift(record->blocks[ranges[r]].spectra, spectra))) { r++; }
        if (r < range_count) {
            lead[place] = ranges[r];
        } else if (range_count < MAX_RANGES) {
            ranges[range_count++] = place;
        }
    }
}

static clv_status find_stacks(const clv_record *record, size_t *lead, clv_error *err)
{
    keyed *keys = calloc(record->count, sizeof *keys);
    clv_status status = CLV_OK;

    CLV_CHECK(keys, err, CLV_NO_MEMORY, "no memory to stack %zu blocks", record->count);
    for (size_t i = 0; !status && i < record->count; i++) {
        keys[i].place = i;
        status = make_key(&record->blocks[i], &keys[i].key, err);
    }
    if (!status) {
        qsort(keys, record->count, sizeof *keys, compare_keyed);
        for (size_t i = 0, n; i < record->count; i += n) {
            for (n = 1; i + n < record->count && strcmp(keys[i].key, keys[i + n].key) == 0; n++) {}
            find_leads(record, &keys[i], n, lead);
        }
    }
    for (size_t i = 0; i < record->count; i++) { free(keys[i].key); }
    free(keys);
    return status;
}

/* ---- What a stack says ---- */

/* Writes an entry of one block's metadata into a list. */
static void list_entry(clv_buffer *list, const clv_metadata *metadata, const char *name)
{
    const char *text = clv_metadata_text(metadata, name), *unit = clv_metadata_unit(metadata, name);
    char digits[CLV_TEXT_NUMBER_SIZE];

    if (list->length) { clv_buffer_add(list, "; "); }
    if (text) {
        clv_buffer_add(list, text);
    } else if (unit) {
        clv_text_from_number(clv_metadata_number(metadata, name), digits);
        clv_buffer_add(list, digits);
        if (strcmp(unit, "1") != 0) { clv_buffer_format(list, " %s", unit); }
    } else {
        clv_buffer_add(list, "-");
    }
}

static int same_entry(const clv_metadata *a, const clv_metadata *b, const char *name)
{
    const char *text = clv_metadata_text(a, name), *other = clv_metadata_text(b, name);
    const char *unit = clv_metadata_unit(a, name), *other_unit = clv_metadata_unit(b, name);
    double x = clv_metadata_number(a, name), y = clv_metadata_number(b, name);

    if (!text != !other || !unit != !other_unit) { return 0; }
    if (text) { return strcmp(text, other) == 0; }
    return !unit || (strcmp(unit, other_unit) == 0 && (x == y || (isnan(x) && isnan(y))));
}

/* Leaves an entry that all blocks share, and lists one that differs. */
static clv_status merge_entry(clv_metadata *into, const stack *blocks, const char *name, clv_error *err)
{
    const clv_metadata *first = blocks->blocks[0]->spectra->metadata;
    clv_buffer list = {0};
    char *text = NULL;
    clv_status status;
    size_t same = 1;

    while (same < blocks->count && same_entry(first, blocks->blocks[same]->spectra->metadata, name)) { same++; }
    if (same == blocks->count) { return CLV_OK; }
    for (size_t i = 0; i < blocks->count; i++) { list_entry(&list, blocks->blocks[i]->spectra->metadata, name); }
    CLV_TRY(clv_buffer_take(&list, &text, err));
    status = clv_metadata_set_text(into, name, text, err);
    free(text);
    return status;
}

static clv_status merge_metadata(clv_spectra *made, const stack *blocks, clv_error *err)
{
    for (size_t i = 0; i < blocks->count; i++) {
        const clv_metadata *metadata = blocks->blocks[i]->spectra->metadata;

        for (size_t j = 0; j < clv_metadata_count(metadata); j++) {
            const char *name = clv_metadata_name(metadata, j);

            if (i > 0 && (clv_metadata_text(made->metadata, name) || clv_metadata_unit(made->metadata, name))) {
                continue; /* merged when it was first met */
            }
            CLV_TRY(merge_entry(made->metadata, blocks, name, err));
        }
    }
    return CLV_OK;
}

/* Keeps in the metadata the variables that are the same in all blocks. */
static clv_status keep_constants(clv_spectra *made, const stack *blocks, clv_error *err)
{
    const clv_record_block *first = blocks->blocks[0];

    for (size_t v = 0; v < first->names.count; v++) {
        size_t same = 1;

        while (same < blocks->count && blocks->blocks[same]->values[v] == first->values[v]) { same++; }
        if (same == blocks->count && isfinite(first->values[v])) {
            CLV_TRY(clv_record_keep_variable(first, v, made->metadata, err));
        }
    }
    return CLV_OK;
}

/* ---- What a stack holds ---- */

/* Copies the numbers of all blocks, and the shifts of their energies as offsets. */
static clv_status fill_stack(clv_spectra *made, const stack *blocks, clv_error *err)
{
    const clv_spectra *first = blocks->blocks[0]->spectra;
    size_t bytes = made->channels * sizeof(double);
    double *offset = calloc(2 * made->count, sizeof *offset), *error = offset + made->count, *variance = NULL;
    clv_status status = CLV_OK;
    int shifted = first->offset != NULL;

    CLV_CHECK(offset, err, CLV_NO_MEMORY, "no memory for %zu energy offsets", made->count);
    if (first->variance) { status = clv_spectra_make_variance(made, &variance, err); }
    for (size_t i = 0; !status && i < made->count; i++) {
        const clv_spectra *one = blocks->blocks[i]->spectra;

        memcpy(made->intensity + i * made->channels, one->intensity, bytes);
        if (variance) { memcpy(variance + i * made->channels, one->variance, bytes); }
        offset[i] = energy_shift(first, one) + (one->offset ? one->offset[0] : 0.0);
        error[i] = one->offset ? one->offset_error[0] : 0.0;
        shifted |= offset[i] != 0.0;
    }
    if (!status && shifted) { status = clv_spectra_set_offset(made, offset, error, err); }
    free(offset);
    return status;
}

/* Makes empty spectra on the axes of a stack. */
static clv_status make_stack(const stack *blocks, clv_spectra **made, clv_error *err)
{
    clv_spectra *first = blocks->blocks[0]->spectra, *fresh = NULL;
    clv_frame frame = {0};
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t leading;
    clv_status status = clv_record_axes(blocks->blocks, blocks->count, &frame, err);

    if (status) { return status; }
    leading = frame.count;
    for (size_t i = 0; i < leading; i++) { axes[i] = frame.axes[i]; }
    axes[leading] = clv_spectra_energy(first);
    status = clv_spectra_like(first, axes, leading + 1, &fresh, err);
    for (size_t i = 0; !status && i < leading; i++) {
        status = clv_frame_copy_beside(&fresh->frame, i, &frame, i, err);
    }
    clv_frame_clear(&frame);
    if (status) {
        clv_spectra_free(fresh);
        return status;
    }
    *made = fresh;
    return CLV_OK;
}

/* A stack whose blocks have names of their own is named after its region. */
static clv_status name_stack(clv_spectra *made, const stack *blocks, clv_error *err)
{
    for (size_t i = 1; i < blocks->count; i++) {
        if (strcmp(blocks->blocks[i]->spectra->name, made->name) != 0) {
            return clv_spectra_set_name(made, region_of(blocks->blocks[0]->spectra), err);
        }
    }
    return CLV_OK;
}

static clv_status stack_blocks(const stack *blocks, clv_spectra **made, clv_error *err)
{
    clv_spectra *fresh = NULL;
    clv_status status = blocks->count == 1 ? clv_spectra_copy(blocks->blocks[0]->spectra, &fresh, err)
                                           : make_stack(blocks, &fresh, err);

    if (status) { return status; }
    if (blocks->count > 1) { status = fill_stack(fresh, blocks, err); }
    if (!status) { status = merge_metadata(fresh, blocks, err); }
    if (!status) { status = keep_constants(fresh, blocks, err); }
    if (!status) { status = name_stack(fresh, blocks, err); }
    if (status) {
        clv_spectra_free(fresh);
        return status;
    }
    *made = fresh;
    return CLV_OK;
}

/* Collects the blocks of the stack that `first` leads; `next` chains blocks of one stack. */
static clv_status stack_from(const clv_record *record, const size_t *next, size_t first, clv_spectra **made,
                             clv_error *err)
{
    stack one = {NULL, 0};
    clv_status status;
    size_t count = 0;

    for (size_t i = first; i != SIZE_MAX; i = next[i]) { count++; }
    if (count == 1 && record->blocks[first].names.count == 0) {
        *made = clv_spectra_ref(record->blocks[first].spectra);
        return CLV_OK;
    }
    one.blocks = reallocarray(NULL, count, sizeof *one.blocks);
    CLV_CHECK(one.blocks, err, CLV_NO_MEMORY, "no memory to stack %zu blocks", count);
    for (size_t i = first; i != SIZE_MAX; i = next[i]) { one.blocks[one.count++] = &record->blocks[i]; }
    status = stack_blocks(&one, made, err);
    free(one.blocks);
    return status;
}

/* Chains the blocks of each stack in the order of the file: `last` is room for as many places. */
static void chain(const size_t *lead, size_t count, size_t *next, size_t *last)
{
    for (size_t i = 0; i < count; i++) {
        next[i] = SIZE_MAX;
        if (lead[i] != i) { next[last[lead[i]]] = i; }
        last[lead[i]] = i;
    }
}

static void clear_blocks(clv_record_block *blocks, size_t count)
{
    for (size_t i = 0; i < count; i++) { clv_record_block_clear(&blocks[i]); }
    free(blocks);
}

clv_status clv_record_stack(clv_record *record, clv_error *err)
{
    size_t count = record->count, made = 0;
    size_t *places = calloc(3 * (count ? count : 1), sizeof *places), *lead = places, *next = places + count;
    clv_record_block *blocks = calloc(count ? count : 1, sizeof *blocks);
    clv_status status =
        places && blocks ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "no memory to stack %zu blocks", count);

    if (!status) { status = find_stacks(record, lead, err); }
    if (!status) { chain(lead, count, next, next + count); }
    for (size_t i = 0; !status && i < count; i++) {
        if (lead[i] != i) { continue; }
        status = stack_from(record, next, i, &blocks[made].spectra, err);
        made += !status;
    }
    free(places);
    if (status) {
        clear_blocks(blocks, made);
        return status;
    }
    clear_blocks(record->blocks, record->count);
    record->blocks = blocks;
    record->count = made;
    record->room = count;
    return CLV_OK;
}
