/* Chooses the kernels once per process by processor and environment.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/kernels.h"
#include "num/kernels_levels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifdef CLV_NUM_X86
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static int has_avx512(void) { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"); }
#endif

const clv_num_kernels *clv_num_kernels_find(const char *name)
{
#ifdef CLV_NUM_X86
    __builtin_cpu_init();
    if (strcmp(name, clv_num_kernels_avx512.name) == 0) { return has_avx512() ? &clv_num_kernels_avx512 : NULL; }
    if (strcmp(name, clv_num_kernels_avx2.name) == 0) { return has_avx2() ? &clv_num_kernels_avx2 : NULL; }
#endif
    return strcmp(name, clv_num_kernels_generic.name) == 0 ? &clv_num_kernels_generic : NULL;
}

static const clv_num_kernels *choose(void)
{
    static const char *const best_first[] = {"avx512", "avx2"};
    const char *wanted = getenv("CORELEVEL_KERNEL");
    const clv_num_kernels *found = wanted ? clv_num_kernels_find(wanted) : NULL;

    for (size_t i = 0; i < sizeof best_first / sizeof *best_first && !found; i++) {
        found = clv_num_kernels_find(best_first[i]);
    }
    return found ? found : &clv_num_kernels_generic;
}

const clv_num_kernels *clv_num_kernels_get(void)
{
    /* Two threads that come first together choose the same, so whichever stores last does no harm. */
    static const clv_num_kernels *_Atomic chosen;
    const clv_num_kernels *kernels = atomic_load_explicit(&chosen, memory_order_acquire);

    if (!kernels) {
        kernels = choose();
        atomic_store_explicit(&chosen, kernels, memory_order_release);
    }
    return kernels;
}

const char *clv_num_kernel_name(void) { return clv_num_kernels_get()->name; }
