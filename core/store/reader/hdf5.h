/* What the readers of HDF5 layouts within corelevel-reader share: attributes and numbers without surprises, and a
   signal with its axes on the way to the library. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_READER_HDF5_H
#define CLV_STORE_READER_HDF5_H

#include <hdf5.h>
#include <math.h>

#include "reader.h"

#define HDF5_TEXT 300
#define HDF5_AXES 6

/* An axis of an array, as the file tells it. */
typedef struct hdf5_axis {
    size_t size;
    double offset, scale;
    double *values; /* NULL: offset + place * scale. Freed by hdf5_send. */
    char name[HDF5_TEXT], unit[HDF5_TEXT];
} hdf5_axis;

/* A fact of the metadata: a number with its unit, or (unit NULL) a text. */
typedef struct hdf5_fact {
    const char *name, *unit;
    double number;
    char text[HDF5_TEXT];
} hdf5_fact;

/* One signal. */
typedef struct hdf5_signal {
    hid_t data;                /* the dataset */
    int rank;                  /* of the dataset; dimensions in the order of the file, slowest first */
    hdf5_axis axis[HDF5_AXES]; /* in that order */
    int energy;                /* which of them spectra run along */
    int order[HDF5_AXES];      /* which dimension of the file stands where, the energy last; hdf5_order sets it */
    int drop_single;           /* dimensions of one place are left out */
    const char *energy_name;   /* "energy_loss" */
    char name[HDF5_TEXT], unit[HDF5_TEXT], technique[32];
    const char *noise; /* "unknown": no counts; NULL: what the numbers look like */
    double noise_scale, noise_read;
    hdf5_fact facts[40];
    size_t fact_count;
    char note[HDF5_TEXT]; /* one line of history; empty: none */
} hdf5_signal;

/* Begins a signal on a dataset: rank and sizes from the file, axes that count places. Returns 0 when it is none that
   can be read: no numbers, no dimensions or more than HDF5_AXES, a dimension without places. */
int hdf5_begin(hdf5_signal *s, hid_t data);

/* Puts the energy last and leaves the order of the others. */
void hdf5_order(hdf5_signal *s, int energy);

/* Reads the numbers and sends all; closes nothing. Complex numbers become two spectra. */
void hdf5_send(hdf5_signal *s);

/* Frees the places of its axes, as hdf5_send does too. */
void hdf5_clear(hdf5_signal *s);

/* Adds a fact; those that are not finite or empty are left out, the first of a name stands. */
void hdf5_add_number(hdf5_signal *s, const char *name, double number, const char *unit);
void hdf5_add_text(hdf5_signal *s, const char *name, const char *text);

/* eV in one of a unit (with brackets and underlines, as EMD writes them, too); NaN: it is none of energy. */
double hdf5_electronvolts(const char *unit);

/* Attributes of an object below `place` ("" or "." itself): NaN or an empty text where there is none. */
double hdf5_number(hid_t place, const char *path, const char *name);
int hdf5_text(hid_t place, const char *path, const char *name, char text[HDF5_TEXT]);

/* Whether there is an object of this path below `place`, whose every part is looked up. */
int hdf5_exists(hid_t place, const char *path);

/* Reads up to `count` numbers of a dataset below `place`; returns how many it holds, 0 where there is none. */
size_t hdf5_numbers(hid_t place, const char *path, double *numbers, size_t count);

/* The text of a dataset (of letters or of bytes, the first column of a table); the caller's, NULL where there is none.
 */
char *hdf5_dataset_text(hid_t place, const char *path);

/* Calls for each member of a group in the order of names; stops at the first that returns not 0. */
int hdf5_each(hid_t group, int (*take)(hid_t group, const char *name, void *payload), void *payload);

/* The layouts: each returns how many spectra it sent, -1 when the file is none of its own. What was met and is no
   spectrum is told through hdf5_skip. */
int hdf5_hyperspy(hid_t file);
int hdf5_emd(hid_t file);
int hdf5_velox(hid_t file);
int hdf5_dm5(hid_t file);
int hdf5_nexus(hid_t file);
int hdf5_eelsmodel(hid_t file);

/* Remembers what is in the file but cannot be spectra, for the sentence when nothing else is there. */
void hdf5_skip(const char *name, const char *why);

#endif
