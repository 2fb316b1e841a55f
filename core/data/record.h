/* What a record is made of, for the files that stack and search it. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_DATA_RECORD_H
#define CLV_DATA_RECORD_H

#include <corelevel/record.h>

#include "object.h"
#include "spectra.h"
#include "texts.h"

/* Spectra as they were added, with the experimental variables of a reader's block. */
typedef struct clv_record_block {
    clv_spectra *spectra;
    clv_texts names, units; /* of the variables */
    double *values;
} clv_record_block;

struct clv_record {
    clv_object base;
    clv_record_block *blocks;
    size_t count, room;
    clv_metadata *metadata;
    char *source, *format, *hash_name, *hash;
};

/* Frees the parts of a block. */
void clv_record_block_clear(clv_record_block *block);

/* Puts one variable of a block into metadata as a number, in the unit that axes have (s, nm, degree). */
clv_status clv_record_keep_variable(const clv_record_block *block, size_t variable, clv_metadata *metadata,
                                    clv_error *err);

/* Makes the leading axes along which `count` blocks with the same variables stack in their order, with what stands
   beside them, in an empty frame. Errors: CLV_NO_MEMORY. */
clv_status clv_record_axes(const clv_record_block *const *blocks, size_t count, clv_frame *frame, clv_error *err);

/* The unit in which an axis is kept for one that a file uses, and the factor to it (min: s, 60). */
const char *clv_record_unit(const char *unit, double *factor);

#endif
