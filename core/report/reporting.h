/* Whether the report of a fit tells what ISO 19830 asks. Private to core/report.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REPORT_REPORTING_H
#define CLV_REPORT_REPORTING_H

#include "report/report.h"

/* Adds to the content of a fit what is missing: `reporting` = { standard, complete, missing = { … } }. Items of another
   kind stay as they are. */
clv_status clv_reporting_add(clv_report_item *item, clv_error *err);

#endif
