/* The netCDF library's lock, and silence while it is held: HDF5 prints every error that netCDF expects and handles, on
   each thread that nobody told not to. SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/library.h"

#include <hdf5.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* How the thread that holds the lock had its errors printed before; it is put back, for the thread is the host's. */
static H5E_auto2_t printer;
static void *printer_data;

void clv_library_lock(void)
{
    pthread_mutex_lock(&lock);
    (void)H5Eget_auto2(H5E_DEFAULT, &printer, &printer_data);
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void clv_library_unlock(void)
{
    (void)H5Eset_auto2(H5E_DEFAULT, printer, printer_data);
    pthread_mutex_unlock(&lock);
}
