/* Keeps the number of threads that the process allows.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/threads.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_THREADS 256

static atomic_size_t allowed;

void clv_threads_set(size_t count) { atomic_store(&allowed, count > MOST_THREADS ? MOST_THREADS : count); }

static size_t within(long count) { return count < 1 ? 1 : count > MOST_THREADS ? MOST_THREADS : (size_t)count; }

size_t clv_threads(void)
{
    size_t count = atomic_load(&allowed);
    const char *text = getenv("CORELEVEL_THREADS");

    if (count) { return count; }
    if (text && *text) { return within(strtol(text, NULL, 10)); }
    return within(sysconf(_SC_NPROCESSORS_ONLN));
}
