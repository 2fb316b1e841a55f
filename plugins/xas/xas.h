/* The operations of this plugin, one file each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XAS_H
#define CLV_XAS_H

#include <corelevel/plugin.h>

extern const clv_operation xas_mu;         /* mu.c */
extern const clv_operation xas_align;      /* align.c */
extern const clv_operation xas_normalize;  /* normalize.c */
extern const clv_operation xas_edge_shift; /* edge_shift.c */

/* The channel of a record that a word means ("tey", "trans", a column's name, an expression of columns) as one spectrum
   of absorption; the caller's (mu.c). Errors: CLV_NOT_FOUND, CLV_BAD_ARGUMENT. */
clv_status xas_channel(const clv_record *record, const char *word, clv_spectra **made, clv_error *err);

/* What normalize leaves with its spectra, read back. Errors: CLV_BAD_ARGUMENT where they are not normalised. */
struct xas_normalisation;
clv_status xas_read_normalisation(const clv_spectra *spectra, struct xas_normalisation *to, clv_error *err);

#endif
