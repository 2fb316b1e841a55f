/* The kernel tables that were compiled, one for each level; seen by kernels.c and the files that define them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_NUM_KERNELS_LEVELS_H
#define CLV_NUM_KERNELS_LEVELS_H

#include "num/kernels.h"

#if defined(__x86_64__)
#define CLV_NUM_X86 1
extern const clv_num_kernels clv_num_kernels_avx2;
extern const clv_num_kernels clv_num_kernels_avx512;
#endif
extern const clv_num_kernels clv_num_kernels_generic;

#endif
