/* Pushes of a live session: checked, and copied as doubles. SPDX-License-Identifier: GPL-3.0-or-later */
#include "live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SIGNALS = 4096 };

static const char *const words[] = {"point", "spectrum", "frame"};

/* ---- Items */

void clv_item_free(clv_item *item)
{
    for (size_t i = 0; item && i < item->count; i++) {
        free(item->signals[i].name);
        free(item->signals[i].unit);
        free(item->signals[i].values);
    }
    if (item) { free(item->signals); }
    free(item);
}

void clv_items_add(clv_items *list, clv_item *item_take)
{
    item_take->next = NULL;
    if (list->last) {
        list->last->next = item_take;
    } else {
        list->first = item_take;
    }
    list->last = item_take;
    list->count++;
}

void clv_items_clear(clv_items *list)
{
    for (clv_item *item = list->first, *next; item; item = next) {
        next = item->next;
        clv_item_free(item);
    }
    *list = (clv_items){0};
}

size_t clv_live_energy(const clv_live *live, const clv_item *item)
{
    size_t i = 0;

    while (i < item->count && strcmp(item->signals[i].name, live->energy) != 0) { i++; }
    return i;
}

clv_status clv_live_drop(const clv_live *live, clv_items *list, uint64_t *bytes, clv_error *err)
{
    clv_item *oldest = list->first, *next = oldest->next;
    size_t energy = clv_live_energy(live, oldest);
    clv_held *larger;

    if (energy < oldest->count && clv_live_energy(live, next) == next->count) {
        larger = reallocarray(next->signals, next->count + 1, sizeof *larger);
        CLV_CHECK(larger, err, CLV_NO_MEMORY, "push: no memory");
        next->signals = larger;
        next->signals[next->count++] = oldest->signals[energy];
        oldest->signals[energy] = (clv_held){0};
    }
    *bytes = oldest->bytes;
    list->first = next;
    list->count--;
    clv_item_free(oldest);
    return CLV_OK;
}

/* ---- Numbers */

static size_t width_of(clv_number_type type)
{
    static const size_t widths[] = {0, 8, 4, 1, 1, 2, 2, 4, 4, 8, 8};

    return type >= CLV_FLOAT64 && type <= CLV_UINT64 ? widths[type] : 0;
}

#define READ(c_type)                                            \
    do {                                                        \
        c_type number;                                          \
        memcpy(&number, at, sizeof number); /* any alignment */ \
        return (double)number;                                  \
    } while (0)

static double number_at(clv_number_type type, const unsigned char *at)
{
    switch (type) {
    case CLV_FLOAT64: READ(double);
    case CLV_FLOAT32: READ(float);
    case CLV_INT8: READ(int8_t);
    case CLV_UINT8: READ(uint8_t);
    case CLV_INT16: READ(int16_t);
    case CLV_UINT16: READ(uint16_t);
    case CLV_INT32: READ(int32_t);
    case CLV_UINT32: READ(uint32_t);
    case CLV_INT64: READ(int64_t);
    default: READ(uint64_t);
    }
}

/* ---- Copying */

static clv_status check_signal(const char *what, const clv_signal *given, size_t place, clv_error *err)
{
    CLV_CHECK(given->size >= sizeof *given, err, CLV_BAD_ARGUMENT,
              "%s: signal %zu says it has %u bytes, not the %zu of a clv_signal: set size to sizeof(clv_signal)", what,
              place + 1, given->size, sizeof *given);
    CLV_CHECK(given->name && *given->name, err, CLV_BAD_ARGUMENT, "%s: signal %zu has no name", what, place + 1);
    CLV_CHECK(width_of(given->type), err, CLV_BAD_ARGUMENT,
              "%s: the type of %s is %d; it should be one of clv_number_type", what, given->name, (int)given->type);
    CLV_CHECK(given->values && given->count > 0, err, CLV_BAD_ARGUMENT, "%s: %s is empty", what, given->name);
    CLV_CHECK(given->count <= (SIZE_MAX >> 8), err, CLV_BAD_ARGUMENT, "%s: %s has too many numbers", what, given->name);
    return CLV_OK;
}

static clv_status copy_signal(const char *what, const clv_signal *given, clv_held *held, clv_error *err)
{
    size_t width = width_of(given->type);
    const unsigned char *at = given->values;

    *held = (clv_held){strdup(given->name), strdup(given->unit ? given->unit : "1"),
                       calloc(given->count, sizeof *held->values), given->count};
    CLV_CHECK(held->name && held->unit && held->values, err, CLV_NO_MEMORY, "%s: no memory for %zu numbers", what,
              given->count);
    for (size_t i = 0; i < given->count; i++) {
        held->values[i] = number_at(given->type, at + i * width);
        CLV_CHECK(isfinite(held->values[i]), err, CLV_BAD_ARGUMENT, "%s: number %zu of %s is %s: leave such a %s out",
                  what, i + 1, given->name, isnan(held->values[i]) ? "not a number" : "infinite", what);
    }
    return CLV_OK;
}

static clv_status copy_all(const char *what, const clv_push *push, clv_item *item, clv_error *err)
{
    for (size_t i = 0; i < push->count; i++) {
        CLV_TRY(check_signal(what, &push->signals[i], i, err));
        for (size_t j = 0; j < i; j++) {
            CLV_CHECK(strcmp(push->signals[j].name, push->signals[i].name) != 0, err, CLV_BAD_ARGUMENT,
                      "%s: there are two signals %s", what, push->signals[i].name);
        }
        item->count = i + 1;
        CLV_TRY(copy_signal(what, &push->signals[i], &item->signals[i], err));
        item->bytes += push->signals[i].count * sizeof(double);
    }
    return CLV_OK;
}

/* ---- Sizes */

/* Against the first push: the same signals, and as many channels as there are energies. */
static clv_status check_names(const clv_live *live, const clv_item *item, clv_error *err)
{
    const char *what = words[live->take];
    size_t energy = clv_live_energy(live, item), signals = item->count - (energy < item->count);
    size_t first = clv_live_energy(live, live->shape);

    CLV_CHECK(signals == live->shape->count - 1, err, CLV_BAD_ARGUMENT,
              "%s: %zu signals beside the energies, where the first had %zu", what, signals, live->shape->count - 1);
    for (size_t i = 0; i < live->shape->count; i++) {
        const clv_held *was = &live->shape->signals[i];
        size_t j = 0;

        if (i == first) { continue; }
        while (j < item->count && strcmp(item->signals[j].name, was->name) != 0) { j++; }
        CLV_CHECK(j < item->count, err, CLV_BAD_ARGUMENT, "%s: there is no %s, which the first had", what, was->name);
        CLV_CHECK(live->take == CLV_TAKE_POINTS || item->signals[j].count == was->count, err, CLV_BAD_ARGUMENT,
                  "%s: %s has %zu numbers, where the first had %zu", what, was->name, item->signals[j].count,
                  was->count);
    }
    return CLV_OK;
}

/* Within the push: energies are there, ascending in spectra and frames, and each signal has as many (or so many rows).
 */
static clv_status check_sizes(const clv_live *live, const clv_item *item, clv_error *err)
{
    const char *what = words[live->take];
    size_t energy = clv_live_energy(live, item), channels;
    const clv_held *given = energy < item->count ? &item->signals[energy] : NULL;

    CLV_CHECK(given || (live->shape && live->take != CLV_TAKE_POINTS), err, CLV_BAD_ARGUMENT,
              "%s: no signal is called %s, which should hold the energies in eV", what, live->energy);
    CLV_CHECK(item->count > (given ? 1 : 0), err, CLV_BAD_ARGUMENT, "%s: there is no signal beside the energies", what);
    channels = given ? given->count : live->shape->signals[clv_live_energy(live, live->shape)].count;
    for (size_t i = 0; i < item->count; i++) {
        const clv_held *signal = &item->signals[i];
        int fits = live->take == CLV_TAKE_FRAMES ? signal->count % channels == 0 : signal->count == channels;

        CLV_CHECK(fits, err, CLV_BAD_ARGUMENT, "%s: %s has %zu numbers, which does not fit %zu energies", what,
                  signal->name, signal->count, channels);
    }
    for (size_t i = 1; given && live->take != CLV_TAKE_POINTS && i < channels; i++) {
        CLV_CHECK(given->values[i] > given->values[i - 1], err, CLV_BAD_ARGUMENT,
                  "%s: the energies should ascend; %g eV follows %g eV", what, given->values[i], given->values[i - 1]);
    }
    return live->shape ? check_names(live, item, err) : CLV_OK;
}

clv_status clv_live_copy(const clv_live *live, const clv_push *push, clv_item **item, clv_error *err)
{
    const char *what = words[live->take];
    clv_item *made;
    clv_status status;

    CLV_CHECK(push && push->size >= sizeof *push, err, CLV_BAD_ARGUMENT,
              "%s: the push says it has %u bytes, not the %zu of a clv_push: set size to sizeof(clv_push)", what,
              push ? push->size : 0, sizeof *push);
    CLV_CHECK(push->signals && push->count > 0, err, CLV_BAD_ARGUMENT, "%s: it holds no signals", what);
    CLV_CHECK(push->count <= MOST_SIGNALS, err, CLV_BAD_ARGUMENT, "%s: %zu signals are more than %d", what, push->count,
              MOST_SIGNALS);
    CLV_CHECK(!live->along || isfinite(push->position), err, CLV_BAD_ARGUMENT, "%s: its position along %s is no number",
              what, live->along);
    made = calloc(1, sizeof *made);
    if (made) { made->signals = calloc(push->count, sizeof *made->signals); }
    if (!made || !made->signals) {
        free(made);
        return clv_fail(err, CLV_NO_MEMORY, "%s: no memory", what);
    }
    made->position = push->position;
    made->bytes = sizeof *made;
    status = copy_all(what, push, made, err);
    if (!status) { status = check_sizes(live, made, err); }
    if (status) {
        clv_item_free(made);
        return status;
    }
    *item = made;
    return CLV_OK;
}

clv_status clv_live_shape(const clv_item *item, clv_item **shape, clv_error *err)
{
    clv_item *made = calloc(1, sizeof *made);

    if (made) { made->signals = calloc(item->count, sizeof *made->signals); }
    for (size_t i = 0; made && made->signals && i < item->count; i++) {
        made->signals[i] = (clv_held){.name = strdup(item->signals[i].name), .count = item->signals[i].count};
        made->count += made->signals[i].name != NULL;
    }
    if (!made || made->count != item->count) {
        clv_item_free(made);
        return clv_fail(err, CLV_NO_MEMORY, "no memory for a push");
    }
    *shape = made;
    return CLV_OK;
}
