/* The line library: energies, splittings, ratios and widths of core levels and Auger lines, each value with its source.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_LINES_H
#define CLV_LINES_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* One core level, or one chemical state of it. Numbers that the library does not know are NaN, texts NULL. Constant,
   lent for the life of the process. */
typedef struct clv_line {
    uint32_t size;       /* sizeof(clv_line) of the library */
    const char *element; /* "Co" */
    const char *name;    /* "Co 2p" */
    const char *state;   /* "Co2+ in CoO"; NULL for the element's own entry */
    double energy;       /* binding energy of the stronger member, eV */
    double split;        /* to the weaker member, eV, positive; NaN for a singlet */
    double ratio;        /* area of the weaker over the stronger member */
    double lorentzian;   /* natural width of the stronger member, FWHM, eV */
    double broaden;      /* extra width of the weaker member, FWHM, eV */
    const char *energy_source, *split_source, *ratio_source, *lorentzian_source; /* citations in one line */
} clv_line;

/* One Auger line: where it lies on the kinetic energy scale. */
typedef struct clv_auger {
    uint32_t size;
    const char *element; /* "Co" */
    const char *name;    /* "Co L3M45M45" */
    double energy;       /* kinetic energy of its maximum, eV */
    double low, high;    /* kinetic energies it covers */
    const char *source;
} clv_auger;

/* Everything there is, in the order of the file: lines (an element's own entry before its states), Auger lines. A
   library that cannot be read has none; clv_lines_ready says why. Read once, thread-safe. */
CLV_API clv_status clv_lines_ready(clv_error *err);
CLV_API size_t clv_lines_count(void);
CLV_API const clv_line *clv_lines_at(size_t place);
CLV_API size_t clv_lines_auger_count(void);
CLV_API const clv_auger *clv_lines_auger(size_t place);

/* Finds a line by any spelling ("Co 2p", "Co2p3/2") and, when `state` is not NULL, the chemical state whose name
   contains it as a word or equals it, case ignored; where there is no such state, the element's own entry. Errors:
   CLV_NOT_FOUND with a did-you-mean. */
CLV_API clv_status clv_lines_find(const char *name, const char *state, const clv_line **line, clv_error *err);

CLV_END_DECLS

#endif
