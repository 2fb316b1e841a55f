/* What the files of the live face share: pushes as they wait and are kept, and how they become a record.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_HOST_LIVE_H
#define CLV_HOST_LIVE_H

#include <pthread.h>

#include "session.h"

typedef enum clv_take { CLV_TAKE_POINTS, CLV_TAKE_SPECTRA, CLV_TAKE_FRAMES } clv_take;

/* One signal of a push, copied. */
typedef struct clv_held {
    char *name, *unit;
    double *values;
    size_t count;
} clv_held;

/* One push, copied; of a list. */
typedef struct clv_item {
    struct clv_item *next;
    clv_held *signals;
    size_t count;
    double position;
    uint64_t bytes;
} clv_item;

/* Items in the order in which they came. */
typedef struct clv_items {
    clv_item *first, *last;
    size_t count;
} clv_items;

typedef struct clv_live {
    pthread_mutex_t lock; /* over open, queue, shape and counters */
    int open;
    clv_take take;
    double every; /* s */
    char *input, *energy, *axis, *along, *along_unit, *source;
    clv_value *metadata; /* a copy; NULL for none */
    size_t room;         /* of the queue */
    size_t keep;         /* newest pushes that are kept; 0: all */
    uint64_t most, kept_bytes;
    clv_items queue, kept;
    clv_item *shape; /* names, units and sizes of the first push, without its values; NULL before */
    uint64_t last_sequence;
    clv_live_counters counters;
    int fresh;       /* something was kept since the last run */
    double last_run; /* when it began, s of the monotonic clock */
    char problem[sizeof((clv_error *)0)->text];
} clv_live;

/* Copies a push into an item, the caller's, after checking it against itself and against `shape` (NULL: the first). */
clv_status clv_live_copy(const clv_live *live, const clv_push *push, clv_item **item, clv_error *err);
/* Makes what later pushes are checked against. */
clv_status clv_live_shape(const clv_item *item, clv_item **shape, clv_error *err);
void clv_item_free(clv_item *item);
void clv_items_add(clv_items *list, clv_item *item_take);
void clv_items_clear(clv_items *list);

/* Lets the oldest of two or more items go; energies that the next one left out go over to it. Gives its bytes. */
clv_status clv_live_drop(const clv_live *live, clv_items *list, uint64_t *bytes, clv_error *err);

/* The place of the energies among an item's signals; its count where they were left out. */
size_t clv_live_energy(const clv_live *live, const clv_item *item);

/* Makes the record of all that is kept, the caller's. */
clv_status clv_live_record(const clv_live *live, clv_record **record, clv_error *err);

#endif
