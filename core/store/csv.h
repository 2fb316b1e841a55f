/* Comma-separated values by RFC 4180, published whole: UTF-8, `.` decimal, shortest digits, empty for NaN.
   For core/store and core/apply. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_CSV_H
#define CLV_STORE_CSV_H

#include <corelevel/error.h>

/* A file that is being written. The first failure is kept: what follows does nothing, and clv_csv_finish tells it. */
typedef struct clv_csv clv_csv;

/* Begins a file that will stand at `path`. Errors: CLV_CANNOT_WRITE, CLV_NO_MEMORY. */
clv_status clv_csv_open(const char *path, clv_csv **csv, clv_error *err);

/* Write the next field of the row; clv_csv_header writes `name [unit]`, without the bracket for NULL and "1". */
void clv_csv_text(clv_csv *csv, const char *text);
void clv_csv_number(clv_csv *csv, double number);
void clv_csv_header(clv_csv *csv, const char *name, const char *unit);

/* Ends the row. */
void clv_csv_end(clv_csv *csv);

/* Publishes the file, or gives it up when something failed before; frees. */
clv_status clv_csv_finish(clv_csv *csv, clv_error *err);

/* Gives the file up and frees. NULL is allowed. */
void clv_csv_free(clv_csv *csv);

#endif
