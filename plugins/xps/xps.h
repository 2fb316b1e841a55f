/* The operations of this plugin, one file each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XPS_H
#define CLV_XPS_H

#include <corelevel/plugin.h>

extern const clv_operation xps_casaxps;                 /* casaxps_write.c */
extern const clv_operation xps_casaxps_model;           /* casaxps_model.c */
extern const clv_operation xps_charge_correct;          /* charge_correct.c */
extern const clv_operation xps_depth, xps_depth_record; /* depth.c */
extern const clv_operation xps_interface_width;         /* interface_width.c */
extern const clv_operation xps_overlayer_thickness;     /* overlayer.c */
extern const clv_operation xps_dose, xps_dose_record;   /* dose.c */

#endif
