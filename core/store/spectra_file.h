/* Spectra and records as groups of a netCDF file, in corelevel's layout. For core/store and core/apply.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_SPECTRA_FILE_H
#define CLV_STORE_SPECTRA_FILE_H

#include <corelevel/columns.h>
#include <corelevel/record.h>
#include <corelevel/value.h>

#include "store/dataset.h"

/* The group of spectra that have been written, with its dimensions, for what is added to it. */
typedef struct clv_spectra_group {
    int group;
    size_t count; /* axes */
    int dimensions[CLV_SPECTRA_MAX_AXES];
} clv_spectra_group;

/* Roughly how many bytes the numbers of spectra take. */
size_t clv_spectra_bytes(const clv_spectra *spectra);

/* Adds the group of spectra to a file's root: intensity, variance, energy_offset, coordinates, metadata, history. */
clv_status clv_spectra_put(clv_dataset *dataset, const clv_spectra *spectra, clv_spectra_group *put, clv_error *err);

/* Adds the coordinate variables of `count` axes (those of spectra, or of columns when `spectra` is NULL) to a group, on
   dimensions that are there; `beside` (room for 1000 bytes) gets the names of the second coordinates, for the attribute
   `coordinates`. */
typedef struct clv_coordinates {
    const clv_spectra *spectra;
    const clv_columns *columns;
    size_t count; /* leading axes to write */
    const int *dimensions;
} clv_coordinates;
clv_status clv_coordinates_put(clv_dataset *dataset, int group, const clv_coordinates *of, char beside[1000],
                               clv_error *err);

/* Sets the attributes of the root for spectra that come from one record (`record` may be NULL). */
clv_status clv_root_put(clv_dataset *dataset, const clv_record *record, clv_spectra *const *spectra, size_t count,
                        clv_error *err);

/* Writes a record or one spectra into a dataset that is open; the caller finishes it. */
clv_status clv_record_put(clv_dataset *dataset, const clv_record *record, clv_error *err);

#endif
