/* The parts of corelevel-reader. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_READER_H
#define CLV_STORE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "store/stream.h"

/* Writes one item to the library; ends the process when that is no longer there. */
void reader_send(uint32_t tag, const void *bytes, size_t length);
void reader_send_text(uint32_t tag, const char *text);

/* Says why the file cannot be read, and ends the process. */
_Noreturn void reader_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory that is counted against the limit of the file; ends the process when it is out. Free with free. */
void *reader_room(uint64_t count, size_t size);
extern uint64_t reader_left; /* bytes that may still be asked for */

/* Reads the bytes of a file (lent, writable) as one of the HDF5 layouts of electron microscopes and sends their spectra
   (hdf5.c). Returns 0 when it is none of them. */
int reader_hdf5(void *bytes, size_t size);

/* Reads an open netCDF file and sends all its spectra (reader_walk.c). */
void reader_walk(int file);

/* Sends all variables instead (reader_variables.c). */
void reader_variables(int file);

/* Sends one signal, a variable of a group, as spectra (reader_signal.c). `own` tells whether the file is corelevel's.
 */
void reader_signal(int group, int variable, int own);

/* Attributes of a variable or (NC_GLOBAL) group: a text, the caller's, NULL where there is none; up to `count` numbers,
   returns how many there are (reader_attribute.c). */
char *reader_text(int group, int variable, const char *name);
size_t reader_numbers(int group, int variable, const char *name, double *numbers, size_t count);

/* Sends the attributes of a group as metadata and history (reader_attribute.c). */
void reader_metadata(int group, int own);

/* Whether a name is that of an energy axis. */
int reader_is_energy(const char *name);

/* The coordinate variable of a dimension, in this group or those above: the one named like it, or for an energy axis
   one of the four names that stands on it. Gives its group, or -1; `variable` is set when there is one. */
int reader_coordinate(int group, int dimension, int energy, int *variable);

#endif
