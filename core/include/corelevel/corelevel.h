/* corelevel: core-level spectra from the instrument's own file to chemical-state fractions. This header includes all
   others. SPDX-License-Identifier: GPL-3.0-or-later

   A fit in five calls (errors left out):

       clv_load("profile.vms", NULL, &record, &err);
       clv_record_find(record, "Co 2p", NAN, &co, &err);
       clv_model_parse("shirley {}, doublet { 'Co3+', line = 'Co 2p', position = 780 }", &model, &err);
       clv_value_append(options, clv_value_object(CLV_MODEL, model), &err);
       clv_apply("fit", clv_value_object(CLV_SPECTRA, clv_spectra_ref(co)), options, &fit, &err);
*/
#ifndef CLV_CORELEVEL_H
#define CLV_CORELEVEL_H

#include <corelevel/axis.h>
#include <corelevel/background.h>
#include <corelevel/base.h>
#include <corelevel/columns.h>
#include <corelevel/cursor.h>
#include <corelevel/elements.h>
#include <corelevel/error.h>
#include <corelevel/expression.h>
#include <corelevel/fit.h>
#include <corelevel/group.h>
#include <corelevel/lines.h>
#include <corelevel/metadata.h>
#include <corelevel/plugin.h>
#include <corelevel/profile.h>
#include <corelevel/record.h>
#include <corelevel/registry.h>
#include <corelevel/smooth.h>
#include <corelevel/spectra.h>
#include <corelevel/text.h>
#include <corelevel/threads.h>
#include <corelevel/value.h>

#endif
