/* Shares axes and what stands beside them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "frame.h"

#include <stdlib.h>
#include <string.h>

clv_status clv_frame_set(clv_frame *frame, clv_axis *const *axes, size_t count, size_t *places, clv_error *err)
{
    size_t product = 1;

    CLV_CHECK(count <= CLV_SPECTRA_MAX_AXES, err, CLV_BAD_ARGUMENT, "%zu axes are more than the %d there can be", count,
              CLV_SPECTRA_MAX_AXES);
    for (size_t i = 0; i < count; i++) {
        CLV_CHECK(!__builtin_mul_overflow(product, clv_axis_size(axes[i]), &product), err, CLV_NO_MEMORY,
                  "the sizes of the axes multiply to more than there can be");
    }
    for (size_t i = 0; i < count; i++) { frame->axes[i] = clv_axis_ref(axes[i]); }
    frame->count = count;
    if (places) { *places = product; }
    return CLV_OK;
}

clv_status clv_frame_add_beside(clv_frame *frame, size_t place, clv_axis *axis, clv_error *err)
{
    size_t count;
    clv_axis **beside;

    CLV_CHECK(place < frame->count, err, CLV_BAD_ARGUMENT, "there is no axis %zu beside which %s could stand",
              place + 1, clv_axis_name(axis));
    CLV_CHECK(clv_axis_size(axis) == clv_axis_size(frame->axes[place]), err, CLV_BAD_ARGUMENT,
              "%s has %zu values, %s beside which it shall stand has %zu", clv_axis_name(axis), clv_axis_size(axis),
              clv_axis_name(frame->axes[place]), clv_axis_size(frame->axes[place]));
    count = frame->beside_count[place];
    for (size_t i = 0; i < count; i++) {
        CLV_CHECK(strcmp(clv_axis_name(frame->beside[place][i]), clv_axis_name(axis)) != 0, err, CLV_BAD_ARGUMENT,
                  "%s stands beside %s already", clv_axis_name(axis), clv_axis_name(frame->axes[place]));
    }
    beside = reallocarray(frame->beside[place], count + 1, sizeof(clv_axis *));
    CLV_CHECK(beside, err, CLV_NO_MEMORY, "no memory for axis %s", clv_axis_name(axis));
    beside[count] = clv_axis_ref(axis);
    frame->beside[place] = beside;
    frame->beside_count[place]++;
    return CLV_OK;
}

clv_status clv_frame_copy_beside(clv_frame *frame, size_t to, const clv_frame *other, size_t from, clv_error *err)
{
    for (size_t i = 0; i < other->beside_count[from]; i++) {
        CLV_TRY(clv_frame_add_beside(frame, to, other->beside[from][i], err));
    }
    return CLV_OK;
}

clv_axis *clv_frame_axis(const clv_frame *frame, size_t place)
{
    return place < frame->count ? frame->axes[place] : NULL;
}

clv_axis *clv_frame_beside(const clv_frame *frame, size_t place, size_t which)
{
    return which < clv_frame_beside_count(frame, place) ? frame->beside[place][which] : NULL;
}

size_t clv_frame_beside_count(const clv_frame *frame, size_t place)
{
    return place < frame->count ? frame->beside_count[place] : 0;
}

void clv_frame_clear(clv_frame *frame)
{
    for (size_t i = 0; i < frame->count; i++) {
        for (size_t j = 0; j < frame->beside_count[i]; j++) { clv_axis_free(frame->beside[i][j]); }
        free(frame->beside[i]);
        clv_axis_free(frame->axes[i]);
    }
    *frame = (clv_frame){0};
}
