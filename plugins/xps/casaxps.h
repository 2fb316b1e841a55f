/* What CasaXPS leaves of a fit in the comment of a spectrum, shared by its reader and its writer.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XPS_CASAXPS_H
#define CLV_XPS_CASAXPS_H

#include <corelevel/plugin.h>

#define CASAXPS_TEXT 100

/* One parameter: start or value, bounds, and a link to the same parameter of another component: times `by` (of a
   position: plus `by`). */
typedef struct casaxps_parameter {
    double value, low, high, by;
    int link; /* component by place; -1: none */
} casaxps_parameter;

/* A line `CASA comp`: area in counts/s times eV, position as calibrated kinetic energy of the kernel. */
typedef struct casaxps_component {
    char name[CASAXPS_TEXT], shape[CASAXPS_TEXT];
    casaxps_parameter area, width, position;
} casaxps_component;

/* A line `CASA region`: calibrated kinetic energies. */
typedef struct casaxps_region {
    char name[CASAXPS_TEXT], background[CASAXPS_TEXT];
    double low, high, average, offset[2];
    double tougaard[4]; /* B, C, D, gap */
} casaxps_region;

typedef struct casaxps_fit {
    double calibration; /* sum of what calibrations add to binding energies, eV */
    casaxps_region *region;
    casaxps_component *component;
    size_t regions, components;
} casaxps_fit;

/* A range of a comment. */
typedef struct casaxps_piece {
    const char *text;
    size_t length;
} casaxps_piece;

/* The comment of one spectrum of spectra (of stacked ones the host lists the comments with "; " between them); nothing
   where there is none. Lent. */
casaxps_piece casaxps_comment(const clv_spectra *spectra, size_t spectrum);

/* The lines from `Casa Info Follows` to the last component; length 0 where there are none. */
casaxps_piece casaxps_find(casaxps_piece comment);

/* Reads the lines; the fit is to be cleared even on failure. Errors: CLV_NOT_FOUND without any, CLV_BAD_FILE with the
   line of the comment. */
clv_status casaxps_read(casaxps_piece comment, casaxps_fit *fit, clv_error *err);
void casaxps_clear(casaxps_fit *fit);

/* How CasaXPS' asymmetric presets are made of a Lorentzian and a Gaussian width, in visible widths. */
typedef struct casaxps_preset {
    const char *name;  /* as CasaXPS writes it */
    const char *shape; /* la or lf */
    double alpha, beta, lorentzian, gaussian, damping;
} casaxps_preset;

/* The presets that are known, ended by one without a name. */
extern const casaxps_preset casaxps_presets[];

/* What a shape is in a model. */
typedef enum casaxps_shape_kind { CASAXPS_GL, CASAXPS_PRESET, CASAXPS_FREE } casaxps_shape_kind;

typedef struct casaxps_shape {
    casaxps_shape_kind kind;
    const char *name;      /* of the model's shape */
    double mixing;         /* CASAXPS_GL */
    casaxps_preset preset; /* exponents; widths for CASAXPS_PRESET */
} casaxps_shape;

/* What to do about LA and LF shapes whose widths are not known; those that are to be fixed are refused too. */
typedef enum casaxps_unknown { CASAXPS_REFUSE, CASAXPS_FREE_WIDTHS, CASAXPS_FIX } casaxps_unknown;

/* The shape that a component's text names. Errors: CLV_BAD_ARGUMENT. */
clv_status casaxps_find_shape(const casaxps_component *c, casaxps_unknown unknown, casaxps_shape *to, clv_error *err);

#endif
