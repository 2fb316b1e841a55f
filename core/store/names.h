/* Names of corelevel's netCDF layout that both its writer and its reader use. Private to core/store.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_NAMES_H
#define CLV_STORE_NAMES_H

#define CLV_NAME_CONVENTIONS "corelevel-1"

/* Stands before metadata whose own name the layout uses. */
#define CLV_NAME_METADATA "metadata_"

/* Stands behind the name of metadata and gives their unit. */
#define CLV_NAME_UNITS "_units"

#endif
