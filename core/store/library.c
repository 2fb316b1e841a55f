/* The netCDF library's lock. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/library.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void clv_library_lock(void) { pthread_mutex_lock(&lock); }

void clv_library_unlock(void) { pthread_mutex_unlock(&lock); }
