/* A frame: the axes that spectra or columns stand on, with second coordinates beside them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_FRAME_H
#define CLV_DATA_FRAME_H

#include <corelevel/spectra.h>

/* Starts as {0}; shares its axes. */
typedef struct clv_frame {
    size_t count;
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    clv_axis **beside[CLV_SPECTRA_MAX_AXES];
    size_t beside_count[CLV_SPECTRA_MAX_AXES];
} clv_frame;

/* Fills an empty frame; `*places` (may be NULL) gets the product of all sizes. Errors: CLV_BAD_ARGUMENT for too many
   axes, CLV_NO_MEMORY when the product overflows. */
clv_status clv_frame_set(clv_frame *frame, clv_axis *const *axes, size_t count, size_t *places, clv_error *err);

/* Shares an axis beside the one at `place`. Errors: CLV_BAD_ARGUMENT when the sizes differ or its name is already
   there, CLV_NO_MEMORY. */
clv_status clv_frame_add_beside(clv_frame *frame, size_t place, clv_axis *axis, clv_error *err);

/* Shares beside axis `to` of `frame` all that stands beside axis `from` of the other frame. */
clv_status clv_frame_copy_beside(clv_frame *frame, size_t to, const clv_frame *other, size_t from, clv_error *err);

/* The axis at a place and the one beside it; NULL beyond the end. */
clv_axis *clv_frame_axis(const clv_frame *frame, size_t place);
clv_axis *clv_frame_beside(const clv_frame *frame, size_t place, size_t which);
size_t clv_frame_beside_count(const clv_frame *frame, size_t place);

/* Gives up all axes and leaves an empty frame. */
void clv_frame_clear(clv_frame *frame);

#endif
