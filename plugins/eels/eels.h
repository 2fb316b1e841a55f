/* The operations of this plugin, one file each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_EELS_H
#define CLV_EELS_H

#include <corelevel/plugin.h>

extern const clv_operation eels_align_zlp;       /* align_zlp.c */
extern const clv_operation eels_shell_thickness; /* shell_thickness.c */

#endif
