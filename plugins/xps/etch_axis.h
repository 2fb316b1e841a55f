/* What operations on etch times share: spectra and records with an axis that is a multiple of the etch time.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XPS_ETCH_AXIS_H
#define CLV_XPS_ETCH_AXIS_H

#include <corelevel/plugin.h>

/* The axis that takes the place of the etch time, which then stands beside it: `factor` times the seconds. */
typedef struct etch_scale {
    const char *name, *unit;
    double factor;
} etch_scale;

/* An operation on spectra, applied to one of a record's. */
typedef clv_status (*etch_operation)(const clv_call *call, clv_value **result, clv_error *err);

/* Makes the result of a call on spectra. Errors: CLV_BAD_ARGUMENT without an etch time. */
clv_status etch_axis_set(const clv_call *call, const clv_spectra *spectra, const etch_scale *scale, clv_value **result,
                         clv_error *err);

/* Makes the result of a call on a record by applying the operation to all spectra that have an etch time. Errors:
   without any, and the operation's. */
clv_status etch_axis_set_record(const clv_call *call, etch_operation one_of, clv_value **result, clv_error *err);

#endif
