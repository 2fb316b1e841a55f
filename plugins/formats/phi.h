/* What the two halves of the PHI reader share: the text header as read. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_PHI_H
#define CLV_PHI_H

#include <corelevel/plugin.h>

#define PHI_REGIONS 256

/* A region as `SpectralRegDef` describes it. */
typedef struct phi_region {
    double number;
    char name[64];
    size_t points;
    double start, step, dwell, pass_energy;
    double sweeps; /* NaN when not told */
} phi_region;

typedef struct phi_file {
    clv_cursor *in;
    clv_record *out;
    clv_error *err;
    clv_metadata *common; /* what every spectrum of the file is told */
    phi_region region[PHI_REGIONS];
    size_t regions;
    double photon_energy;
    double coefficient, exponent; /* of the transmission a KE^-b; 0 when not told */
    int corrected;                /* the intensities are divided by the transmission already */
    double rate;                  /* of sputtering, nm/s; 0 is not known */
    size_t data;                  /* byte where the binary part begins */
    double asked, rows;           /* bytes and spectra that the data headers ask for so far */
    double *time;                 /* sputter time of each cycle, s */
    size_t times;
} phi_file;

/* Reads the text header, from SOFH to EOFH. */
clv_status phi_take_header(phi_file *file);

#endif
