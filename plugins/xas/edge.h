/* Edge energies and normalisation on plain arrays. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_XAS_EDGE_H
#define CLV_XAS_EDGE_H

#include <corelevel/error.h>

/* d mu/dE as differences over both neighbours, one-sided at the ends, by place and not by energy (as Larch has it). */
void xas_derivative(const double *energy, const double *mu, size_t n, double *derivative);

/* The place of the edge by Larch's rule: the largest derivative of mu, smoothed by a Lorentzian, with neighbours that
   are large too. n must be at least 12. Errors: CLV_NO_MEMORY. */
clv_status xas_find_edge(const double *energy, const double *mu, size_t n, size_t *place, clv_error *err);

/* How a spectrum is normalised. Ranges are relative to e0, NaN: by rule. */
typedef struct xas_normalisation {
    double e0, pre[2], post[2];
    int order;            /* of the post-edge polynomial; below 0: by rule */
    double pre_line[2];   /* found: offset and slope of the pre-edge line */
    double post_curve[6]; /* found: coefficients of the post-edge less the pre-edge, by powers of (E - middle)/half */
    double middle, half, step; /* found; step is the edge step */
} xas_normalisation;

/* Finds line, curve and step by Larch's conventions: slices are half open, the post-edge is fitted to mu less the
   pre-edge line, and the step is the curve at the data point next to e0. Errors: CLV_BAD_ARGUMENT for ranges without
   points. */
clv_status xas_normalise(const double *energy, const double *mu, size_t n, xas_normalisation *to, clv_error *err);

/* The post-edge curve less the pre-edge line, and the pre-edge line, at an energy. */
double xas_post_at(const xas_normalisation *of, double energy);
double xas_pre_at(const xas_normalisation *of, double energy);

/* The place of the last energy at or below a value (0 if none), and of the nearest one. */
size_t xas_index_of(const double *energy, size_t n, double at);
size_t xas_index_near(const double *energy, size_t n, double at);

#endif
