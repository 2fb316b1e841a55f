/* What every counted object begins with, so that a value can share and free any of them without knowing it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_OBJECT_H
#define CLV_DATA_OBJECT_H

#include <stdatomic.h>

#include <corelevel/value.h>

/* The first member of every counted struct, also of those in higher rooms (models, fits). */
typedef struct clv_object {
    atomic_size_t count;           /* references held */
    clv_kind kind;                 /* CLV_NIL for what is never wrapped in a value, such as axes */
    void (*destroy)(void *object); /* frees all parts and the struct itself; called once, by the last holder */
} clv_object;

/* Allocates a zeroed struct of `size` bytes whose first member is a clv_object, held once. NULL when memory is out. */
void *clv_object_new(size_t size, clv_kind kind, void (*destroy)(void *object));

/* Shares; gives up one reference. NULL is allowed and stays NULL. Any thread. */
void *clv_object_ref(const void *object);
void clv_object_free(void *object);

#endif
