/* A netCDF-4 file that is being built: groups, dimensions, variables and attributes of fixed sizes, published whole.
   Private to core. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_DATASET_H
#define CLV_STORE_DATASET_H

#include <corelevel/error.h>

/* The file. Small files are built in memory and then written out, so that nothing but this library's own code meets a
   full disk; files whose numbers take more than CLV_DATASET_IN_MEMORY bytes are built on the disk, where their room is
   reserved first. One thread at a time; several files at once are allowed. */
typedef struct clv_dataset clv_dataset;

#define CLV_DATASET_IN_MEMORY ((size_t)256 << 20)

/* The root group, and a variable's place that stands for the group itself in attributes. */
#define CLV_DATASET_ROOT 0
#define CLV_DATASET_GROUP (-1)

/* The most dimensions of one variable. */
#define CLV_DATASET_MAX_DIMENSIONS 10

typedef enum clv_dataset_type {
    CLV_DATASET_DOUBLE = 1, /* values are double */
    CLV_DATASET_BYTE,       /* values are int8_t */
    CLV_DATASET_CHAR        /* values are char, UTF-8 filled up with zeros */
} clv_dataset_type;

/* Begins a file that will stand at `path` (NULL: one for clv_dataset_send). `bytes` tells roughly how many its numbers
   take. Errors: CLV_CANNOT_WRITE when the folder does not exist or may not be written to, or the disk is too full;
   CLV_NO_MEMORY. */
clv_status clv_dataset_new(const char *path, size_t bytes, clv_dataset **dataset, clv_error *err);

/* Gives the file up; nothing is left of it. NULL is allowed. */
void clv_dataset_free(clv_dataset *dataset);

/* Adds a group within `parent`. Its name is `name` with what netCDF refuses replaced by `_`, NFC, and " (2)", " (3)" …
   until it is none of the group's, variable's or dimension's there; when that differs from `name`, and always when
   `named` is not 0, the attribute long_name keeps the true one. */
clv_status clv_dataset_add_group(clv_dataset *dataset, int parent, const char *name, int named, int *group,
                                 clv_error *err);

/* Adds a dimension of `size` places (at least 1) to a group, its name cleaned in the same way, blanks too. */
clv_status clv_dataset_add_dimension(clv_dataset *dataset, int group, const char *name, size_t size, int *dimension,
                                     clv_error *err);

/* Adds a variable on `count` dimensions (of this group or those above). Larger ones are chunked, compressed and carry
   checksums. */
clv_status clv_dataset_add_variable(clv_dataset *dataset, int group, const char *name, clv_dataset_type type,
                                    const int *dimensions, size_t count, int *variable, clv_error *err);

/* Writes all of a variable, or all that belongs to one place of its first `leading` dimensions (places counted the last
   of those fastest). */
clv_status clv_dataset_put(clv_dataset *dataset, int group, int variable, const void *values, clv_error *err);
clv_status clv_dataset_put_at(clv_dataset *dataset, int group, int variable, size_t leading, size_t place,
                              const void *values, clv_error *err);

/* Set attributes of a variable or (CLV_DATASET_GROUP) of a group; a NULL text is left out. */
clv_status clv_dataset_set_text(clv_dataset *dataset, int group, int variable, const char *name, const char *text,
                                clv_error *err);
clv_status clv_dataset_set_numbers(clv_dataset *dataset, int group, int variable, const char *name,
                                   const double *numbers, size_t count, clv_error *err);
clv_status clv_dataset_set_bytes(clv_dataset *dataset, int group, int variable, const char *name, const int8_t *bytes,
                                 size_t count, clv_error *err);

/* Closes the file, writes it beside its final name, opens it again and checks it, flushes and renames it; or (begun
   without a path) hands its bytes to `put`. Both free the dataset whatever happens. Errors: CLV_CANNOT_WRITE with the
   reason; nothing then stands under the final name that was not there before. */
clv_status clv_dataset_finish(clv_dataset *dataset, clv_error *err);
clv_status clv_dataset_send(clv_dataset *dataset,
                            clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err),
                            void *payload, clv_error *err);

#endif
