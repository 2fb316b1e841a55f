/* The kernels of level generic.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/kernels_levels.h"

#include "num/lanes.h"
#include "num/lanes_columns.h"
#include "num/lanes_profile.h"
#include "num/lanes_voigt.h"

const clv_num_kernels clv_num_kernels_generic = {.name = "generic",
                                                 .voigt = voigt,
                                                 .profile = profile,
                                                 .gram = gram,
                                                 .combine = combine,
                                                 .add_scaled = add_scaled,
                                                 .weighted_squares = weighted_squares,
                                                 .poisson = poisson,
                                                 .integrate = integrate};
