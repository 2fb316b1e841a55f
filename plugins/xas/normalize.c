/* The operation `normalize`: absorption over its edge step. SPDX-License-Identifier: GPL-3.0-or-later */
#include "edge.h"
#include "xas.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEWEST 12 /* points of a spectrum that can be normalised */

/* What the metadata of normalised spectra tell, and where in the structure it stands. */
static const char *const kept[] = {"e0",       "edge_step", "pre_offset", "pre_slope",   "pre_low",
                                   "pre_high", "post_low",  "post_high",  "post_middle", "post_half"};

static double *field(xas_normalisation *n, size_t i)
{
    double *fields[] = {&n->e0,     &n->step,    &n->pre_line[0], &n->pre_line[1], &n->pre[0],
                        &n->pre[1], &n->post[0], &n->post[1],     &n->middle,      &n->half};

    return fields[i];
}

static const char *unit_of(size_t i) { return i == 1 || i == 2 ? "1" : i == 3 ? "1/eV" : "eV"; }

static clv_status keep(const xas_normalisation *n, clv_spectra *spectra, clv_error *err)
{
    xas_normalisation copy = *n;
    clv_metadata *m = clv_spectra_metadata_fill(spectra);

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        CLV_TRY(clv_metadata_set_number(m, kept[i], *field(&copy, i), unit_of(i), err));
    }
    CLV_TRY(clv_metadata_set_number(m, "post_order", n->order, "1", err));
    for (int k = 0; k <= 5; k++) {
        char name[24];

        snprintf(name, sizeof name, "post_curve_%d", k);
        CLV_TRY(clv_metadata_set_number(m, name, n->post_curve[k], "1", err));
    }
    return CLV_OK;
}

clv_status xas_read_normalisation(const clv_spectra *spectra, struct xas_normalisation *to, clv_error *err)
{
    const clv_metadata *m = clv_spectra_metadata(spectra);

    memset(to, 0, sizeof *to);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        *field(to, i) = clv_metadata_number(m, kept[i]);
        CLV_CHECK(isfinite(*field(to, i)), err, CLV_BAD_ARGUMENT, "%s is not normalised; call normalize first",
                  clv_spectra_name(spectra));
    }
    for (int k = 0; k <= 5; k++) {
        char name[24];

        snprintf(name, sizeof name, "post_curve_%d", k);
        to->post_curve[k] = clv_metadata_number(m, name);
    }
    return CLV_OK;
}

static void read_range(const clv_options *options, const char *name, double range[2])
{
    if (!clv_options_range(options, name, &range[0], &range[1])) { range[0] = range[1] = NAN; }
}

static clv_status normalise_one(const clv_call *call, const double *energy, double *mu, size_t n, xas_normalisation *to,
                                clv_error *err)
{
    size_t place = 0;

    *to = (xas_normalisation){.e0 = clv_options_number(call->options, "e0"), .order = -1};
    if (clv_options_given(call->options, "order")) { to->order = (int)clv_options_number(call->options, "order"); }
    read_range(call->options, "pre", to->pre);
    read_range(call->options, "post", to->post);
    if (!clv_options_given(call->options, "e0")) {
        CLV_TRY(xas_find_edge(energy, mu, n, &place, err));
        to->e0 = energy[place];
    }
    CLV_TRY(xas_normalise(energy, mu, n, to, err));
    for (size_t i = 0; i < n; i++) { mu[i] = (mu[i] - xas_pre_at(to, energy[i])) / to->step; }
    return CLV_OK;
}

/* True energies: those of the axis and the offset. */
static double *true_energies(const clv_spectra *spectra)
{
    size_t n = clv_spectra_channels(spectra);
    const double *axis = clv_axis_values(clv_spectra_energy(spectra)), *offset = clv_spectra_offset(spectra);
    double *energy = calloc(n + 1, sizeof *energy);

    for (size_t i = 0; energy && i < n; i++) { energy[i] = axis[i] + (offset ? offset[0] : 0); }
    return energy;
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    const clv_spectra *spectra = clv_value_as_object(call->on, CLV_SPECTRA);
    size_t n = clv_spectra_channels(spectra);
    xas_normalisation found;
    clv_spectra *made = NULL;
    double *energy;
    clv_status status;

    CLV_CHECK(clv_spectra_count(spectra) == 1, err, CLV_BAD_ARGUMENT,
              "%s holds %zu spectra; normalize takes one, apply it to "
              "each of a list",
              clv_spectra_name(spectra), clv_spectra_count(spectra));
    CLV_CHECK(n >= FEWEST, err, CLV_BAD_ARGUMENT, "%s has %zu points; at least %d are needed",
              clv_spectra_name(spectra), n, FEWEST);
    energy = true_energies(spectra);
    CLV_CHECK(energy, err, CLV_NO_MEMORY, "out of memory");
    status = clv_spectra_copy(spectra, &made, err);
    if (!status) { status = normalise_one(call, energy, clv_spectra_fill(made), n, &found, err); }
    if (!status) { status = keep(&found, made, err); }
    if (!status) { status = clv_spectra_set_unit(made, "1", err); }
    if (!status) { status = clv_spectra_add_history(made, call->line, err); }
    free(energy);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    clv_spectra_set_noise(made, CLV_NOISE_UNKNOWN, 1, 0);
    *result = clv_value_object(CLV_SPECTRA, made);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "pre",
     .type = CLV_TYPE_RANGE,
     .unit = "eV",
     .doc = "where the pre-edge line is fitted, relative to e0; preset: from the second point to half of its distance"},
    {.name = "post",
     .type = CLV_TYPE_RANGE,
     .unit = "eV",
     .doc =
         "where the post-edge curve is fitted, relative to e0; preset: from 25 eV (less for short scans) to the end"},
    {.name = "e0",
     .type = CLV_TYPE_NUMBER,
     .unit = "eV",
     .low = 1,
     .high = 1e6,
     .doc = "energy of the edge; preset: the largest smoothed derivative"},
    {.name = "order",
     .type = CLV_TYPE_INTEGER,
     .low = 0,
     .high = 5,
     .doc = "of the post-edge polynomial; preset: 2, 1 for less than 300 eV, 0 for less than 30 eV"},
    {.name = "convention",
     .type = CLV_TYPE_CHOICE,
     .choices = "larch",
     .preset = "\"larch\"",
     .doc = "whose rules find what is not given"},
    {0},
};

const clv_operation xas_normalize = {
    .size = sizeof(clv_operation),
    .name = "normalize",
    .doc = "takes a line before the edge away and divides by the edge step; what it found stands in the metadata (e0, "
           "edge_step)",
    .source = "M. Newville, J. Phys. Conf. Ser. 430 (2013) 012007, doi 10.1088/1742-6596/430/1/012007 (Larch, whose "
              "rules these "
              "are)",
    .on = CLV_ON(CLV_SPECTRA),
    .gives = CLV_SPECTRA,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
