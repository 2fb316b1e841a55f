/* How many threads a process lets corelevel use. Results never depend on it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_THREADS_H
#define CLV_THREADS_H

#include <corelevel/base.h>

CLV_BEGIN_DECLS

/* Sets the number of threads that work from now on (0: as many as the machine has cores, which is the preset; the
   environment variable CORELEVEL_THREADS sets it too). Any thread. */
CLV_API void clv_threads_set(size_t count);

/* Tells the number of threads that would work now, 1 to 256. Any thread. */
CLV_API size_t clv_threads(void);

CLV_END_DECLS

#endif
