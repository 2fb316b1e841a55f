/* Averages columns over channels by the five-point Gauss-Legendre rule.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_mean.h"

#include <stdlib.h>
#include <string.h>

#define NODES 5

/* DLMF table 3.5.2, on [-1/2, 1/2]. */
static const double node[NODES] = {-0.45308992296933199640, -0.26923465505284154552, 0, 0.26923465505284154552,
                                   0.45308992296933199640};
static const double weight[NODES] = {0.11846344252809454376, 0.23931433524968323402, 0.28444444444444444444,
                                     0.23931433524968323402, 0.11846344252809454376};

/* Half the distance between a channel's neighbours: its width. */
static double width_of(const clv_columns_call *call, size_t i)
{
    size_t last = call->count - 1;

    if (call->step > 0 || last == 0) { return call->step; }
    if (i == 0) { return call->energy[1] - call->energy[0]; }
    if (i == last) { return call->energy[last] - call->energy[last - 1]; }
    return 0.5 * (call->energy[i + 1] - call->energy[i - 1]);
}

/* Lists the arrays asked for in the order value, by_theta, by_energy, and points the list's copies into `room`. */
static void redirect(double *const *from, size_t count, size_t length, double **next, double **to)
{
    for (size_t k = 0; k < count; k++) {
        to[k] = from && from[k] ? *next : NULL;
        if (to[k]) { *next += length; }
    }
}

static void accumulate(double *const *into, double *const *from, size_t count, size_t length, double factor, int first)
{
    for (size_t k = 0; k < count; k++) {
        for (size_t i = 0; from[k] && i < length; i++) { into[k][i] = (first ? 0 : into[k][i]) + factor * from[k][i]; }
    }
}

clv_status channel_mean(const clv_columns_call *call,
                        clv_status (*columns)(const clv_columns_call *call, clv_error *err), clv_error *err)
{
    size_t values = call->coefficients, thetas = call->coefficients * call->thetas, n = call->count;
    double **list = calloc(2 * values + thetas, sizeof *list);
    double *room = n > 0 ? aligned_alloc(64, (2 * values + thetas + 1) * n * sizeof *room) : NULL, *next = room + n;
    clv_columns_call moved = *call;
    clv_status status = CLV_OK;

    if (!list || (n > 0 && !room)) { status = clv_fail(err, CLV_NO_MEMORY, "no memory for the means over channels"); }
    for (int k = 0; !status && n > 0 && k < NODES; k++) {
        if (k == 0) {
            redirect(call->value, values, n, &next, list);
            redirect(call->by_theta, thetas, n, &next, list + values);
            redirect(call->by_energy, values, n, &next, list + values + thetas);
            moved.energy = room;
            moved.value = list;
            moved.by_theta = call->by_theta ? list + values : NULL;
            moved.by_energy = call->by_energy ? list + values + thetas : NULL;
        }
        for (size_t i = 0; i < n; i++) { room[i] = call->energy[i] + node[k] * width_of(call, i); }
        status = columns(&moved, err);
        if (status) { break; }
        accumulate(call->value, list, values, n, weight[k], k == 0);
        accumulate(call->by_theta, list + values, thetas, n, weight[k], k == 0);
        accumulate(call->by_energy, list + values + thetas, values, n, weight[k], k == 0);
    }
    free(room);
    free(list);
    return status;
}
