/* Makes the axes along which blocks stack out of their experimental variables.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <corelevel/text.h>

#include "record.h"

#define MAX_LEADING (CLV_SPECTRA_MAX_AXES - 1)

/* One variable that changes from block to block. */
typedef struct factor {
    const char *name, *unit;
    double *values; /* [blocks] */
    size_t *codes;  /* [blocks]: which of its levels, numbered as they first appear */
    double *levels; /* [level_count] */
    size_t level_count;
    size_t with; /* the earlier factor that changes together with it, or itself */
} factor;

typedef struct factors {
    factor *items;
    size_t count;
    size_t blocks;
} factors;

const char *clv_record_unit(const char *unit, double *scale)
{
    static const struct {
        const char *from, *to;
        double scale;
    } units[] = {{"min", "s", 60.0},         {"minute", "s", 60.0},      {"minutes", "s", 60.0},
                 {"h", "s", 3600.0},         {"ms", "s", 1e-3},          {"sec", "s", 1.0},
                 {"seconds", "s", 1.0},      {"second", "s", 1.0},       {"um", "nm", 1e3},
                 {"\xC2\xB5m", "nm", 1e3},   {"\xCE\xBCm", "nm", 1e3},   {"angstrom", "nm", 0.1},
                 {"A", "nm", 0.1},           {"mm", "nm", 1e6},          {"deg", "degree", 1.0},
                 {"degrees", "degree", 1.0}, {"\xC2\xB0", "degree", 1.0}};

    *scale = 1.0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].from) == 0) {
            *scale = units[i].scale;
            return units[i].to;
        }
    }
    return unit;
}

/* Only lengths and times change their unit: a current in A stays one. */
static const char *variable_unit(const clv_record_block *block, size_t variable, double *scale)
{
    const char *name = block->names.items[variable], *unit = block->units.items[variable];

    if (strcmp(unit, "A") == 0 && strcmp(name, "depth") != 0) {
        *scale = 1.0;
        return unit;
    }
    return clv_record_unit(unit, scale);
}

clv_status clv_record_keep_variable(const clv_record_block *block, size_t variable, clv_metadata *metadata,
                                    clv_error *err)
{
    double scale;
    const char *unit = variable_unit(block, variable, &scale);

    return clv_metadata_set_number(metadata, block->names.items[variable], scale * block->values[variable], unit, err);
}

typedef struct ranked {
    double value;
    size_t place;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->value != y->value) { return x->value < y->value ? -1 : 1; }
    return x->place < y->place ? -1 : x->place > y->place;
}

/* Numbers the levels of a factor in the order in which they first appear. */
static clv_status encode(factor *f, size_t blocks, clv_error *err)
{
    ranked *order = reallocarray(NULL, blocks, sizeof *order);

    CLV_CHECK(order, err, CLV_NO_MEMORY, "no memory to stack %zu blocks", blocks);
    for (size_t i = 0; i < blocks; i++) { order[i] = (ranked){f->values[i], i}; }
    qsort(order, blocks, sizeof *order, compare_ranked);
    for (size_t i = 0; i < blocks; i++) { /* first the place where the level appears first */
        int again = i > 0 && order[i].value == order[i - 1].value;

        f->codes[order[i].place] = again ? f->codes[order[i - 1].place] : order[i].place;
    }
    free(order);
    for (size_t i = 0; i < blocks; i++) {
        if (f->codes[i] == i) {
            f->levels[f->level_count] = f->values[i];
            f->codes[i] = f->level_count++;
        } else {
            f->codes[i] = f->codes[f->codes[i]];
        }
    }
    return CLV_OK;
}

static void clear_factor(factor *f)
{
    free(f->values);
    free(f->codes);
    free(f->levels);
    *f = (factor){0};
}

static void clear_factors(factors *all)
{
    for (size_t i = 0; i < all->count; i++) { clear_factor(&all->items[i]); }
    free(all->items);
}

/* An axis named like an energy must ascend; the others need only be finite. */
static int can_be_axis(const factor *f, size_t blocks)
{
    for (size_t i = 0; i < blocks; i++) {
        if (!isfinite(f->values[i])) { return 0; }
    }
    for (size_t i = 1; i < blocks && clv_axis_is_energy(f->name); i++) {
        if (!(f->values[i] > f->values[i - 1])) { return 0; }
    }
    return 1;
}

/* A variable needs a name of its own. */
static int is_usable(const factors *all, const clv_record_block *block, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].name, name) == 0) { return 0; }
    }
    return *name && strcmp(name, clv_axis_name(clv_spectra_energy(block->spectra))) != 0;
}

/* Adds variable `v` to the factors if it changes and can be an axis. */
static clv_status add_factor(factors *all, const clv_record_block *const *blocks, size_t v, clv_error *err)
{
    factor *f = &all->items[all->count];
    double scale;

    if (!is_usable(all, blocks[0], blocks[0]->names.items[v])) { return CLV_OK; }
    *f = (factor){.name = blocks[0]->names.items[v], .unit = variable_unit(blocks[0], v, &scale), .with = all->count};
    all->count++;
    f->values = reallocarray(NULL, all->blocks, sizeof *f->values);
    f->levels = reallocarray(NULL, all->blocks, sizeof *f->levels);
    f->codes = reallocarray(NULL, all->blocks, sizeof *f->codes);
    CLV_CHECK(f->values && f->levels && f->codes, err, CLV_NO_MEMORY, "no memory to stack %zu blocks", all->blocks);
    for (size_t i = 0; i < all->blocks; i++) { f->values[i] = scale * blocks[i]->values[v]; }
    if (can_be_axis(f, all->blocks)) { CLV_TRY(encode(f, all->blocks, err)); }
    if (f->level_count < 2) {
        clear_factor(f);
        all->count--;
    }
    return CLV_OK;
}

static clv_status collect(factors *all, const clv_record_block *const *blocks, clv_error *err)
{
    size_t variables = blocks[0]->names.count;

    if (variables == 0) { return CLV_OK; }
    all->items = calloc(variables, sizeof *all->items);
    CLV_CHECK(all->items, err, CLV_NO_MEMORY, "no memory to stack %zu blocks", all->blocks);
    for (size_t v = 0; v < variables; v++) { CLV_TRY(add_factor(all, blocks, v, err)); }
    return CLV_OK;
}

static int is_monotonic(const double *values, size_t count)
{
    for (size_t i = 2; i < count; i++) {
        if ((values[i] > values[i - 1]) != (values[1] > values[0])) { return 0; }
    }
    return 1;
}

/* The first factor that changes strictly, else the first whose values all differ; SIZE_MAX when there is none. */
static size_t find_strict(const factors *all)
{
    size_t distinct = SIZE_MAX;

    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i].level_count != all->blocks) { continue; }
        if (is_monotonic(all->items[i].values, all->blocks)) { return i; }
        if (distinct == SIZE_MAX) { distinct = i; }
    }
    return distinct;
}

/* Adds an axis of these values to the frame, or beside its axis `place` when that is there already. */
static clv_status put_axis(clv_frame *frame, size_t place, const char *name, const char *unit, const double *values,
                           size_t size, clv_error *err)
{
    clv_axis *axis = NULL;
    clv_status status = CLV_OK;

    CLV_TRY(clv_axis_new(name, unit, values, size, &axis, err));
    if (place == frame->count) {
        frame->axes[frame->count++] = axis;
        return CLV_OK;
    }
    status = clv_frame_add_beside(frame, place, axis, err);
    clv_axis_free(axis);
    return status;
}

/* Adds an axis that counts repeats from 1. */
static clv_status put_scan(clv_frame *frame, const factors *all, size_t size, clv_error *err)
{
    const char *name = "scan";
    double *values = reallocarray(NULL, size, sizeof *values);
    clv_status status;

    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for %zu scans", size);
    for (size_t i = 0; i < size; i++) { values[i] = (double)(i + 1); }
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].name, name) == 0) { name = "repeat"; }
    }
    status = put_axis(frame, frame->count, name, "1", values, size, err);
    free(values);
    return status;
}

/* One axis over all blocks: the factor `main`, or a scan when it is SIZE_MAX; all others stand beside it. */
static clv_status put_line(clv_frame *frame, const factors *all, size_t main, clv_error *err)
{
    if (main == SIZE_MAX) {
        CLV_TRY(put_scan(frame, all, all->blocks, err));
    } else {
        const factor *f = &all->items[main];

        CLV_TRY(put_axis(frame, 0, f->name, f->unit, f->values, all->blocks, err));
    }
    for (size_t i = 0; i < all->count; i++) {
        const factor *f = &all->items[i];

        if (i != main) { CLV_TRY(put_axis(frame, 0, f->name, f->unit, f->values, all->blocks, err)); }
    }
    return CLV_OK;
}

/* Pairs factors that change together, and multiplies the levels of the others; 0 when that exceeds the blocks or there
   are too many for axes. */
static size_t pair_factors(factors *all)
{
    size_t product = 1, axes = 0;

    for (size_t i = 0; i < all->count; i++) {
        factor *f = &all->items[i];

        for (size_t j = 0; j < i && f->with == i; j++) {
            size_t bytes = all->blocks * sizeof *f->codes;

            if (all->items[j].with == j && memcmp(all->items[j].codes, f->codes, bytes) == 0) { f->with = j; }
        }
        if (f->with != i) { continue; }
        if (++axes > MAX_LEADING || product > all->blocks / f->level_count) { return 0; }
        product *= f->level_count;
    }
    return product;
}

/* Whether the blocks run through all combinations with the last factor fastest, each block repeated `inner` times. */
static int is_grid(const factors *all, size_t inner)
{
    size_t stride = inner;

    for (size_t i = all->count; i-- > 0;) {
        const factor *f = &all->items[i];

        if (f->with != i) { continue; }
        for (size_t b = 0; b < all->blocks; b++) {
            if (f->codes[b] != b / stride % f->level_count) { return 0; }
        }
        stride *= f->level_count;
    }
    return 1;
}

static clv_status put_grid(clv_frame *frame, const factors *all, clv_error *err)
{
    for (size_t i = 0; i < all->count; i++) {
        const factor *f = &all->items[i];
        size_t place = frame->count;

        if (f->with != i) { continue; }
        CLV_TRY(put_axis(frame, place, f->name, f->unit, f->levels, f->level_count, err));
        for (size_t j = i + 1; j < all->count; j++) {
            const factor *g = &all->items[j];

            if (g->with == i) { CLV_TRY(put_axis(frame, place, g->name, g->unit, g->levels, g->level_count, err)); }
        }
    }
    return CLV_OK;
}

/* Lays the factors out as axes: a line, a grid, a grid of repeats, or a list of scans. */
static clv_status lay_out(factors *all, clv_frame *frame, clv_error *err)
{
    size_t main = find_strict(all), product, repeats, axes = 0;

    if (main != SIZE_MAX) { return put_line(frame, all, main, err); }
    product = pair_factors(all);
    if (product == 0 || all->blocks % product) { return put_line(frame, all, SIZE_MAX, err); }
    repeats = all->blocks / product;
    for (size_t i = 0; i < all->count; i++) { axes += all->items[i].with == i; }
    if (axes + (repeats > 1) > MAX_LEADING) { return put_line(frame, all, SIZE_MAX, err); }
    if (is_grid(all, repeats)) {
        CLV_TRY(put_grid(frame, all, err));
        return repeats > 1 ? put_scan(frame, all, repeats, err) : CLV_OK;
    }
    if (!is_grid(all, 1)) { return put_line(frame, all, SIZE_MAX, err); }
    CLV_TRY(put_scan(frame, all, repeats, err));
    return put_grid(frame, all, err);
}

clv_status clv_record_axes(const clv_record_block *const *blocks, size_t count, clv_frame *frame, clv_error *err)
{
    factors all = {.blocks = count};
    clv_status status = collect(&all, blocks, err);

    if (!status) { status = lay_out(&all, frame, err); }
    clear_factors(&all);
    if (status) { clv_frame_clear(frame); }
    return status;
}
