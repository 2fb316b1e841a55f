/* The envelope library: chemical states as sets of lines with fixed relative places, widths and areas, each with its
   source. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ENVELOPES_H
#define CLV_ENVELOPES_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* The most lines of one envelope. */
#define CLV_ENVELOPE_MAX_PARTS 64

/* One line of an envelope. */
typedef struct clv_envelope_part {
    double position; /* binding energy, eV */
    double fwhm;     /* eV */
    double area;     /* of the whole envelope: all parts together make 1 */
} clv_envelope_part;

/* The multiplet and satellites of one chemical state. Constant, lent for the life of the process. */
typedef struct clv_envelope {
    uint32_t size;                  /* sizeof(clv_envelope) of the library */
    const char *state;              /* "CoO" */
    const char *line;               /* the member or level whose lines these are: "Co 2p3/2", "Ti 2p" */
    double split;                   /* to the weaker partner of every line, eV; 0: there is none */
    double ratio;                   /* area of the partner over that of its line */
    double broaden;                 /* extra full width of the partner, eV */
    const char *source;             /* a citation in one line, which says where the values were read */
    const clv_envelope_part *parts; /* [count], ascending as in the file */
    size_t count;
} clv_envelope;

/* Everything there is, in the order of the file: spectra/envelopes.xml, or the file that CORELEVEL_ENVELOPES names. A
   library that cannot be read has none; clv_envelopes_ready says why. Read once, thread-safe. */
CLV_API clv_status clv_envelopes_ready(clv_error *err);
CLV_API size_t clv_envelopes_count(void);
CLV_API const clv_envelope *clv_envelopes_at(size_t place);

/* Finds the envelope of a state ("CoO", case ignored), of a line where one is told ("Co 2p" or "Co 2p3/2"; NULL: any).
   Errors: CLV_NOT_FOUND with a did-you-mean; the library's own. */
CLV_API clv_status clv_envelopes_find(const char *state, const char *line, const clv_envelope **envelope,
                                      clv_error *err);

CLV_END_DECLS

#endif
