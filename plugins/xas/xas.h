/* The operations of this plugin, one file each.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XAS_H
#define CLV_XAS_H

#include <corelevel/plugin.h>

extern const clv_operation xas_mu;                         /* mu.c */
extern const clv_operation xas_align;                      /* align.c */
extern const clv_operation xas_normalize;                  /* normalize.c */
extern const clv_operation xas_edge_shift;                 /* edge_shift.c */
extern const clv_operation xas_autobk_operation;           /* autobk.c */
extern const clv_operation xas_fourier;                    /* fourier.c */
extern const clv_operation xas_peaks;                      /* peaks.c */
extern const clv_operation xas_normalize_pair, xas_excess; /* pair.c */

/* Copies metadata and history of the spectra that an operation stood on to what it made on another axis, and adds the
   call (xas.c). */
clv_status xas_take_over(const clv_call *call, const clv_spectra *from, clv_spectra *to, clv_error *err);

/* The channel of a record that a word means ("tey", "trans", a column's name, an expression of columns) as one spectrum
   of absorption; the caller's (mu.c). Errors: CLV_NOT_FOUND, CLV_BAD_ARGUMENT. */
clv_status xas_channel(const clv_record *record, const char *word, clv_spectra **made, clv_error *err);

/* What normalize leaves with its spectra, read back. Errors: CLV_BAD_ARGUMENT where they are not normalised. */
struct xas_normalisation;
clv_status xas_read_normalisation(const clv_spectra *spectra, struct xas_normalisation *to, clv_error *err);

#endif
