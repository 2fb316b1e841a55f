/* The formats "netcdf" and "hdf5". SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_APPLY_NETCDF_FORMAT_H
#define CLV_APPLY_NETCDF_FORMAT_H

#include <corelevel/plugin.h>

extern const clv_format clv_format_netcdf;
extern const clv_format clv_format_hdf5;

#endif
