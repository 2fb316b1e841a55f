/* What the parts of the VAMAS writer share: lines on their way to the file, and what stands once in it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_VAMAS_OUT_H
#define CLV_VAMAS_OUT_H

#include "vamas.h"

/* The file being written. The first failure stays in `status`; what is put after it is dropped. */
typedef struct vamas_out {
    clv_status (*put)(void *payload, const void *bytes, size_t count, clv_error *err);
    void *payload;
    clv_error *err;
    clv_status status;
    size_t used;
    char bytes[65536];
    const clv_record *record;
    const char *mode; /* the experiment mode */
    int irregular;    /* some axis has no constant step: every block lists its abscissa */
    size_t variables;
    struct {
        const char *name, *unit;
    } variable[VAMAS_VARIABLES];
} vamas_out;

/* A part of a text. */
typedef struct vamas_piece {
    const char *text; /* NULL: nothing */
    size_t length;
} vamas_piece;

/* Put a line: a text, of which line ends become spaces ("Not Specified" for nothing where it is a label), or a number
   (1E37 for one that is not finite). */
void vamas_put_text(vamas_out *out, const char *text);
void vamas_put_label(vamas_out *out, vamas_piece text);
void vamas_put_number(vamas_out *out, double number);

/* Puts the lines of a text after their number, in which the caller's `more` lines that follow are counted. */
void vamas_put_comment(vamas_out *out, vamas_piece text, size_t more);

/* Puts the block of one spectrum of spectra (vamas_write_block.c). */
void vamas_put_block(vamas_out *out, const clv_spectra *spectra, size_t spectrum);

/* Energies of a spectrum as its block has them. They are true energies, to 1e-9 eV. */
typedef struct vamas_abscissa {
    const char *label;
    double photon;      /* kinetic energies that are this less the binding energies; NaN: energies as they stand */
    double start, step; /* step 0: it is not constant */
} vamas_abscissa;

vamas_abscissa vamas_find_abscissa(const clv_spectra *spectra, size_t spectrum);

/* The energy of point i in the order of the block, and the channel that it is. */
double vamas_energy(const clv_spectra *spectra, size_t spectrum, const vamas_abscissa *abscissa, size_t i);
size_t vamas_channel(const clv_spectra *spectra, const vamas_abscissa *abscissa, size_t i);

/* The metadata of one spectrum: where the host listed the values of stacked blocks ("1; 2; 3") the one of this
   spectrum, with its unit. Lent. NaN where there is no number. */
vamas_piece vamas_text_of(const clv_spectra *spectra, size_t spectrum, const char *name);
double vamas_number_of(const clv_spectra *spectra, size_t spectrum, const char *name);
vamas_piece vamas_unit_of(const clv_spectra *spectra, size_t spectrum, const char *name);

/* The technique as VAMAS calls it; lent. */
const char *vamas_technique(const clv_spectra *spectra);

/* Collects the experimental variables of the record, and tells one's value at a spectrum; NaN where the spectra do not
   run along it. */
void vamas_find_variables(vamas_out *out);
double vamas_variable_at(const clv_spectra *spectra, size_t spectrum, const char *name, const char *unit);

#endif
