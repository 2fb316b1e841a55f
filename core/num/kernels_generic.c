/* The kernels of level generic.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/kernels_levels.h"

#include "num/lanes.h"
#include "num/lanes_voigt.h"

const clv_num_kernels clv_num_kernels_generic = {.name = "generic", .voigt = voigt};
