/* Writers of the operation `save`, one for each kind of object and of file. Private to core/apply.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_SAVE_H
#define CLV_APPLY_SAVE_H

#include <corelevel/fit.h>
#include <corelevel/group.h>
#include <corelevel/record.h>

#include "data/buffer.h"
#include "store/dataset.h"

/* More spectra than these are saved without their curves unless they are asked for. */
#define SAVE_CURVES_MAX ((size_t)10000)

/* Each writes one whole file at `path`. Errors: CLV_CANNOT_WRITE, CLV_NO_MEMORY. */
clv_status save_fit_netcdf(const clv_fit *fit, const char *path, int curves, clv_error *err);
clv_status save_columns_netcdf(const clv_columns *columns, const char *path, clv_error *err);
clv_status save_record_netcdf(const clv_record *record, const char *path, clv_error *err);
clv_status save_spectra_netcdf(const clv_spectra *spectra, const char *path, clv_error *err);

/* The same as CSV. A fit has two files: its curves at `path`, its parameters beside it with `_parameters` before the
   suffix; without curves the parameters stand at `path` alone. */
clv_status save_fit_csv(const clv_fit *fit, const char *path, int curves, clv_error *err);
clv_status save_columns_csv(const clv_columns *columns, const char *path, clv_error *err);
clv_status save_spectra_csv(clv_spectra *const *spectra, size_t count, const char *path, clv_error *err);

/* Columns of every member under one header, with a first column `sample`. */
clv_status save_group_csv(const clv_group *group, const char *path, clv_error *err);
clv_status save_group_netcdf(const clv_group *group, const char *path, clv_error *err);

/* Adds the status of points to a group: bytes with CF flag masks and meanings. */
clv_status save_status(clv_dataset *dataset, int group, const int *dimensions, size_t count, const uint8_t *flags,
                       clv_error *err);

/* Adds texts as `name`(n, length), UTF-8 filled up with zeros; `length` is a dimension of `room` bytes. */
clv_status save_texts(clv_dataset *dataset, int group, const char *name, const int dimensions[2],
                      const char *const *texts, size_t n, size_t room, clv_error *err);

#endif
