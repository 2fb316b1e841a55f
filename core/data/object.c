/* Counts references to objects and frees an object with its last one.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "object.h"

#include <stdlib.h>

void *clv_object_new(size_t size, clv_kind kind, void (*destroy)(void *object))
{
    clv_object *object = calloc(1, size);

    if (!object) { return NULL; }
    atomic_init(&object->count, 1);
    object->kind = kind;
    object->destroy = destroy;
    return object;
}

void *clv_object_ref(const void *object)
{
    clv_object *shared = (clv_object *)object;

    if (shared) { atomic_fetch_add_explicit(&shared->count, 1, memory_order_relaxed); }
    return shared;
}

void clv_object_free(void *object)
{
    clv_object *shared = object;

    if (!shared || atomic_fetch_sub_explicit(&shared->count, 1, memory_order_release) != 1) { return; }
    atomic_thread_fence(memory_order_acquire);
    shared->destroy(shared);
}
