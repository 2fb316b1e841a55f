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

#include <corelevel/asymmetric.h> /* asymmetric line shapes */
#include <corelevel/axis.h>       /* named values along which signals are measured */
#include <corelevel/background.h> /* background curves */
#include <corelevel/base.h>       /* version, export marks */
#include <corelevel/columns.h>    /* values with joint uncertainty */
#include <corelevel/compare.h>    /* whether two results hold the same numbers */
#include <corelevel/cursor.h>     /* bytes of a file, bounded */
#include <corelevel/elements.h>   /* levels and cross-sections of elements */
#include <corelevel/envelopes.h>  /* multiplets of chemical states */
#include <corelevel/error.h>      /* status and sentence */
#include <corelevel/expression.h> /* ties and channel arithmetic */
#include <corelevel/figure.h>     /* figures from one description */
#include <corelevel/fit.h>        /* models and fits */
#include <corelevel/group.h>      /* several objects as one */
#include <corelevel/imfp.h>       /* inelastic mean free paths */
#include <corelevel/journal.h>    /* journals of batches */
#include <corelevel/json_find.h>  /* values of a JSON text */
#include <corelevel/lines.h>      /* the line library */
#include <corelevel/metadata.h>   /* what a file says beside its numbers */
#include <corelevel/plugin.h>     /* descriptors */
#include <corelevel/profile.h>    /* line shapes */
#include <corelevel/record.h>     /* what a file holds */
#include <corelevel/registry.h>   /* what there is, and calling it by name */
#include <corelevel/report.h>     /* one page that tells it all */
#include <corelevel/smooth.h>     /* smoothing and derivatives */
#include <corelevel/spectra.h>    /* one signal on named axes */
#include <corelevel/step.h>       /* a step between plateaus */
#include <corelevel/text.h>       /* text and numbers without locale */
#include <corelevel/threads.h>    /* how many threads */
#include <corelevel/tougaard.h>   /* backgrounds of scattered electrons */
#include <corelevel/value.h>      /* anything an option may be */

#endif
