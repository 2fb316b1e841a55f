/* Small components on the numeric kernels for tests of the engine alone: a Voigt doublet, a slope, an active Shirley.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_FIT_COMPONENTS_H
#define CLV_FIT_COMPONENTS_H

#include "fit/problem.h"
#include "num/columns.h"
#include "num/voigt.h"

#include <string.h>

/* Thetas of the doublet: position, split, ratio, gaussian, lorentzian, fwhm. */
enum {
    DOUBLET_POSITION,
    DOUBLET_SPLIT,
    DOUBLET_RATIO,
    DOUBLET_GAUSSIAN,
    DOUBLET_LORENTZIAN,
    DOUBLET_FWHM,
    DOUBLET_THETAS
};

static inline clv_status doublet_columns(const clv_columns_call *call, clv_error *err)
{
    const double *t = call->theta;
    clv_num_line lines[2] = {
        {t[DOUBLET_POSITION], t[DOUBLET_GAUSSIAN], t[DOUBLET_LORENTZIAN], 1},
        {t[DOUBLET_POSITION] + t[DOUBLET_SPLIT], t[DOUBLET_GAUSSIAN], t[DOUBLET_LORENTZIAN], t[DOUBLET_RATIO]}};
    double *const *by = call->by_theta;
    clv_num_line_columns out = {.value = call->value[0]};
    (void)err;
    for (int l = 0; l < 2; l++) { lines[l].weight /= 1 + t[DOUBLET_RATIO]; }
    if (by) {
        out.by_position = by[DOUBLET_POSITION];
        out.by_gaussian = by[DOUBLET_GAUSSIAN];
        out.by_lorentzian = by[DOUBLET_LORENTZIAN];
    }
    clv_num_voigt(call->energy, call->count, lines, 2, &out);
    if (by && by[DOUBLET_SPLIT]) {
        clv_num_line_columns only = {.by_position = by[DOUBLET_SPLIT]};
        clv_num_voigt(call->energy, call->count, lines + 1, 1, &only);
    }
    if (call->by_energy && call->by_energy[0]) {
        clv_num_line_columns only = {.by_position = call->by_energy[0]};
        clv_num_voigt(call->energy, call->count, lines, 2, &only);
        for (size_t i = 0; i < call->count; i++) { call->by_energy[0][i] = -call->by_energy[0][i]; }
    }
    return CLV_OK;
}

static inline clv_status doublet_derive(const void *prepared, double *theta, double *jacobian, size_t thetas,
                                        clv_error *err)
{
    double gradient[2];
    (void)prepared, (void)err;
    theta[DOUBLET_FWHM] = clv_num_voigt_fwhm(theta[DOUBLET_GAUSSIAN], theta[DOUBLET_LORENTZIAN], gradient);
    jacobian[DOUBLET_FWHM * thetas + DOUBLET_GAUSSIAN] = gradient[0];
    jacobian[DOUBLET_FWHM * thetas + DOUBLET_LORENTZIAN] = gradient[1];
    return CLV_OK;
}

static inline clv_status slope_columns(const clv_columns_call *call, clv_error *err)
{
    double middle = *(const double *)call->prepared;
    (void)err;
    for (size_t i = 0; i < call->count; i++) { call->value[0][i] = call->energy[i] - middle; }
    if (call->by_energy) {
        for (size_t i = 0; i < call->count; i++) { call->by_energy[0][i] = 1; }
    }
    return CLV_OK;
}

static inline void shirley_transform(const clv_columns_call *call, const double *in, double *out)
{
    clv_num_with_running_integral(call->step > 0 ? NULL : call->energy, call->step, in, call->theta[0], out,
                                  call->count);
}

static inline void shirley_transform_by(const clv_columns_call *call, size_t t, const double *in, double *out)
{
    (void)t;
    clv_num_running_integral(call->step > 0 ? NULL : call->energy, call->step, in, out, call->count);
}

static const clv_component doublet_component = {.size = sizeof(clv_component),
                                                .name = "doublet",
                                                .role = CLV_ROLE_PEAK,
                                                .columns = doublet_columns,
                                                .derive = doublet_derive};
static const clv_component numeric_doublet_component = {.size = sizeof(clv_component),
                                                        .name = "numeric doublet",
                                                        .role = CLV_ROLE_PEAK,
                                                        .columns = doublet_columns,
                                                        .numeric = 1,
                                                        .derive = doublet_derive};
static const clv_component slope_component = {
    .size = sizeof(clv_component), .name = "slope", .role = CLV_ROLE_BACKGROUND, .columns = slope_columns};
static const clv_component shirley_component = {.size = sizeof(clv_component),
                                                .name = "shirley",
                                                .role = CLV_ROLE_TRANSFORM,
                                                .transform = shirley_transform,
                                                .transform_by = shirley_transform_by};

#endif
