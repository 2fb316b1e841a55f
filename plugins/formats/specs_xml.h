/* What the parts of the SPECS XML reader share: one region as the stream has told it so far.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_SPECS_XML_H
#define CLV_SPECS_XML_H

#include "rows.h"

#define SPECS_DETECTORS 1024
#define SPECS_PARAMETERS 8

/* A number that changes from cycle to cycle. */
typedef struct specs_parameter {
    char name[ROWS_LABEL], unit[ROWS_LABEL];
    double value;
} specs_parameter;

/* Counts of one scan, or of the scans of a cycle added up: detectors fastest, then energies, then curves. */
typedef struct specs_scan {
    double *counts;
    size_t count;
    size_t cycle, scan, scans; /* from 0; number added up */
    double time;               /* of the cycle, s since 1970; NaN unknown */
    size_t parameters;
    specs_parameter parameter[SPECS_PARAMETERS];
} specs_scan;

typedef struct specs_region {
    char name[ROWS_LABEL], mode[ROWS_LABEL];
    clv_metadata *metadata;
    double values, curves, head, tail, start, step, pass_energy; /* NaN or 0 before they are told */
    double shift[SPECS_DETECTORS];
    size_t detectors, cycles;
    specs_scan *scan; /* [scan_count] */
    size_t scan_count, scan_room;
    double *transmission;
    size_t transmission_count;
    size_t stopped; /* scans left out because they were stopped */
} specs_region;

/* How the user wants them: added up or apart. */
typedef struct specs_wish {
    int add_scans, add_channels;
} specs_wish;

void specs_region_free(specs_region *region); /* leaves it empty */

/* Adds one scan's counts, taken over; scans of one cycle are added up when that is wished. */
clv_status specs_region_add(specs_region *region, const specs_wish *wish, specs_scan scan_take, clv_error *err);

/* Turns the region into spectra of the record. `where` begins sentences: "file.xml:120". */
clv_status specs_region_emit(const specs_region *region, const specs_wish *wish, const char *where,
                             const clv_cursor *in, clv_record *out, clv_error *err);

/* A region without scans along energies gives no spectra: the record's metadata say that it was left out, and why. */
clv_status specs_region_skip(const specs_region *region, clv_record *out, clv_error *err);

#endif
