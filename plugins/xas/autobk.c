/* The operation `autobk`: EXAFS chi(k) of normalised absorption. SPDX-License-Identifier: GPL-3.0-or-later */
#include "autobk.h"
#include "edge.h"
#include "transform.h"
#include "xas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* mu as it was before normalize, on true energies: normalised values times the step, with the pre-edge line. */
static clv_status take_mu(const clv_spectra *spectra, const xas_normalisation *n, double **energy, double **mu,
                          clv_error *err)
{
    size_t count = clv_spectra_channels(spectra);
    const double *axis = clv_axis_values(clv_spectra_energy(spectra)), *offset = clv_spectra_offset(spectra);

    *energy = calloc(2 * count + 1, sizeof **energy);
    CLV_CHECK(*energy, err, CLV_NO_MEMORY, "out of memory");
    *mu = *energy + count;
    for (size_t i = 0; i < count; i++) {
        (*energy)[i] = axis[i] + (offset ? offset[0] : 0);
        (*mu)[i] = clv_spectra_intensity(spectra)[i] * n->step + xas_pre_at(n, (*energy)[i]);
    }
    return CLV_OK;
}

static clv_status make_chi(const clv_call *call, const clv_spectra *from, const xas_autobk *found, clv_spectra **made,
                           clv_error *err)
{
    double *k = calloc(found->points + 1, sizeof *k);
    clv_axis *axis = NULL;
    clv_status status;

    CLV_CHECK(k, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < found->points; i++) { k[i] = XAS_K_STEP * (double)i; }
    status = clv_axis_new("k", "1/Angstrom", k, found->points, &axis, err);
    free(k);
    CLV_TRY(status);
    status = clv_spectra_new(clv_spectra_name(from), "1", &axis, 1, made, err);
    clv_axis_free(axis);
    CLV_TRY(status);
    memcpy(clv_spectra_fill(*made), found->chi, found->points * sizeof *found->chi);
    return xas_take_over(call, from, *made, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    xas_autobk found = {.rbkg = clv_options_number(call->options, "rbkg"),
                        .kmin = clv_options_number(call->options, "kmin"),
                        .kmax =
                            clv_options_given(call->options, "kmax") ? clv_options_number(call->options, "kmax") : NAN,
                        .kweight = (int)clv_options_number(call->options, "kweight")};
    xas_normalisation n;
    clv_spectra *made = NULL;
    double *energy = NULL, *mu = NULL;
    clv_status status;

    CLV_CHECK(strcmp(clv_axis_name(clv_spectra_energy(spectra)), "photon_energy") == 0 &&
                  clv_spectra_count(spectra) == 1,
              err, CLV_BAD_ARGUMENT, "autobk takes one normalised spectrum over photon energies");
    CLV_TRY(xas_read_normalisation(spectra, &n, err));
    found.e0 = n.e0;
    found.step = n.step;
    status = take_mu(spectra, &n, &energy, &mu, err);
    if (!status) { status = xas_find_background(energy, mu, clv_spectra_channels(spectra), &found, err); }
    if (!status) { status = make_chi(call, spectra, &found, &made, err); }
    free(energy);
    free(found.chi);
    free(found.background);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "rbkg",
     .type = CLV_TYPE_NUMBER,
     .unit = "Angstrom",
     .preset = "1",
     .low = 0.1,
     .high = 5,
     .doc = "below this distance everything is background"},
    {.name = "kweight",
     .type = CLV_TYPE_INTEGER,
     .preset = "2",
     .low = 0,
     .high = 4,
     .doc = "power of k in the transform that is made small"},
    {.name = "kmin",
     .type = CLV_TYPE_NUMBER,
     .unit = "1/Angstrom",
     .preset = "0",
     .low = 0,
     .high = 20,
     .doc = "where it begins"},
    {.name = "kmax",
     .type = CLV_TYPE_NUMBER,
     .unit = "1/Angstrom",
     .low = 1,
     .high = 60,
     .doc = "where it ends; preset: with the data"},
    {0},
};

const clv_operation xas_autobk_operation = {
    .size = sizeof(clv_operation),
    .name = "autobk",
    .doc = "takes the smooth background behind the edge away: chi(k), over the edge step",
    .source = "M. Newville, P. Livins, Y. Yacoby, J. J. Rehr, E. A. Stern, Phys. Rev. B 47 (1993) 14126, doi "
              "10.1103/PhysRevB.47.14126; knots, window and clamps as Larch has them",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
