/* How many threads a process lets corelevel use. Results never depend on it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_THREADS_H
#define CLV_THREADS_H

#include <corelevel/base.h>

CLV_BEGIN_DECLS

/* Sets the number of threads that work from now on, at most 256 (0: what the environment variable CORELEVEL_THREADS
   says or, without it, as many as the machine has cores, which is the preset). Work that has begun keeps the threads
   it began with. Any thread. */
CLV_API void clv_threads_set(size_t count);

/* Tells the number of threads that would work now, 1 to 256: what was set, else what the environment says, else the
   number of cores. Results are the same to the bit for any of them, because the tiles in which work is cut depend on
   the data's shape alone. Any thread. */
CLV_API size_t clv_threads(void);

CLV_END_DECLS

#endif
