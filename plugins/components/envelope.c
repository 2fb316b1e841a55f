/* Envelopes: the multiplet and satellites of a chemical state out of the library, as one component with one area.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/envelopes.h>
#include <corelevel/plugin.h>
#include <corelevel/profile.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 8 /* lines that the kernel sums in one call */

enum { SHIFT, BROADENING, MIXING, THETAS };

/* Every line of an envelope, the weaker partners among them. */
typedef struct envelope {
    size_t count;
    struct {
        double position, fwhm, area;
    } line[2 * CLV_ENVELOPE_MAX_PARTS];
} envelope;

static void fill(const clv_envelope *from, envelope *to)
{
    double first = 1 / (1 + from->ratio);

    for (size_t i = 0; i < from->count; i++) {
        const clv_envelope_part *p = &from->parts[i];

        to->line[to->count].position = p->position;
        to->line[to->count].fwhm = p->fwhm;
        to->line[to->count++].area = p->area * first;
        if (!(from->split > 0)) { continue; }
        to->line[to->count].position = p->position + from->split;
        to->line[to->count].fwhm = p->fwhm + from->broaden;
        to->line[to->count++].area = p->area * (1 - first);
    }
}

static clv_status prepare(const clv_setup *setup, void **prepared, clv_error *err)
{
    const char *state = clv_options_text(setup->options, "state");
    const clv_envelope *found = NULL;
    envelope *made;

    if (!state) { state = clv_options_text(setup->options, "name"); }
    CLV_TRY(clv_envelopes_find(state, clv_options_text(setup->options, "line"), &found, err));
    CLV_CHECK(!setup->axis || strcmp(setup->axis, "binding_energy") == 0, err, CLV_BAD_ARGUMENT,
              "the envelope of %s is given in binding energies, and the spectra run along %s", state, setup->axis);
    made = calloc(1, sizeof *made);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for an envelope");
    fill(found, made);
    *prepared = made;
    return CLV_OK;
}

/* A broadening adds to each width as that of a Gaussian does to a Gaussian's, a negative one takes away: an instrument
   that resolves more than the published one did. No width falls below a fifth; `by_broadening` is the derivative. */
static double widened(double fwhm, double broadening, double *by_broadening)
{
    double square = fwhm * fwhm + broadening * fabs(broadening), least = 0.04 * fwhm * fwhm;

    if (square <= least) {
        *by_broadening = 0;
        return sqrt(least);
    }
    *by_broadening = fabs(broadening) / sqrt(square);
    return sqrt(square);
}

/* Sums lines from `first` on into columns that hold nothing yet; weights are areas, or areas times dF/d broadening. */
static void sum(const clv_columns_call *call, size_t first, int by_broadening, const clv_profile_columns *out)
{
    const envelope *e = call->prepared;
    clv_profile_line lines[AT_ONCE];
    size_t count = 0;

    for (size_t i = first; i < e->count && count < AT_ONCE; i++) {
        double slope, fwhm = widened(e->line[i].fwhm, call->theta[BROADENING], &slope);

        lines[count++] = (clv_profile_line){.position = e->line[i].position + call->theta[SHIFT],
                                            .fwhm = fwhm,
                                            .mixing = call->theta[MIXING],
                                            .weight = e->line[i].area * (by_broadening ? slope : 1)};
    }
    clv_profile_sum(CLV_PROFILE_GL_PRODUCT, call->energy, call->count, lines, count, out);
}

static void add(const double *from, double *to, size_t count)
{
    for (size_t i = 0; to && i < count; i++) { to[i] += from[i]; }
}

/* Columns that are asked for; NULL where not. */
typedef struct wanted {
    double *value, *by[THETAS];
} wanted;

/* Columns of the lines beyond those that one call of the kernel takes. */
static clv_status add_rest(const clv_columns_call *call, const wanted *to, clv_error *err)
{
    const envelope *e = call->prepared;
    size_t stride = (call->count + 7) / 8 * 8;
    double *room;

    if (e->count <= AT_ONCE) { return CLV_OK; }
    room = aligned_alloc(64, 3 * stride * sizeof *room);
    CLV_CHECK(room, err, CLV_NO_MEMORY, "no memory for an envelope of %zu channels", call->count);
    for (size_t first = AT_ONCE; first < e->count; first += AT_ONCE) {
        sum(call, first, 0,
            &(clv_profile_columns){.value = room, .by_position = room + stride, .by_mixing = room + 2 * stride});
        add(room, to->value, call->count);
        add(room + stride, to->by[SHIFT], call->count);
        add(room + 2 * stride, to->by[MIXING], call->count);
        if (!to->by[BROADENING]) { continue; }
        sum(call, first, 1, &(clv_profile_columns){.by_fwhm = room});
        add(room, to->by[BROADENING], call->count);
    }
    free(room);
    return CLV_OK;
}

static clv_status columns(const clv_columns_call *call, clv_error *err)
{
    double *by_energy = call->by_energy ? call->by_energy[0] : NULL;
    wanted to = {.value = call->value[0]};

    for (int i = 0; i < THETAS; i++) {
        to.by[i] = call->by_theta ? call->by_theta[i] : NULL;
        CLV_CHECK(isfinite(call->theta[i]), err, CLV_BAD_ARGUMENT,
                  "envelope: shift, broadening and mixing must be finite");
    }
    if (!to.by[SHIFT]) { to.by[SHIFT] = by_energy; }
    sum(call, 0, 0, &(clv_profile_columns){.value = to.value, .by_position = to.by[SHIFT], .by_mixing = to.by[MIXING]});
    if (to.by[BROADENING]) { sum(call, 0, 1, &(clv_profile_columns){.by_fwhm = to.by[BROADENING]}); }
    CLV_TRY(add_rest(call, &to, err));
    for (size_t i = 0; by_energy && i < call->count; i++) { by_energy[i] = -to.by[SHIFT][i]; }
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "name", .type = CLV_TYPE_TEXT, .place = 1, .flags = CLV_REQUIRED, .doc = "how the component is called"},
    {.name = "state",
     .type = CLV_TYPE_TEXT,
     .doc = "the chemical state in the library, such as \"CoO\" (corelevel list envelopes); preset: the name"},
    {.name = "line", .type = CLV_TYPE_TEXT, .doc = "whose state it is, such as \"Co 2p3/2\", where several have one"},
    {.name = "shift", .type = CLV_TYPE_PARAMETER, .unit = "eV", .preset = "fixed(0)", .doc = "moves all its lines"},
    {.name = "broadening",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV",
     .preset = "fixed(0)",
     .low = -10,
     .high = 100,
     .doc = "widens all its lines: its square adds to that of each width; below 0 it is taken away (a sharper "
            "instrument)"},
    {.name = "mixing",
     .type = CLV_TYPE_PARAMETER,
     .unit = "1",
     .preset = "0.3",
     .low = 0,
     .high = 1,
     .flags = CLV_FIXED_BY_NUMBER,
     .doc = "fraction of Lorentzian in its lines; the library's states were fitted with 0.3"},
    {.name = "area",
     .type = CLV_TYPE_PARAMETER,
     .unit = "signal eV",
     .flags = CLV_COEFFICIENT | CLV_NONNEGATIVE,
     .doc = "area under the whole envelope"},
    {0}};

static const clv_component envelope_component = {
    .size = sizeof(clv_component),
    .name = "envelope",
    .doc = "the published multiplet of a chemical state: lines with fixed relative places, widths and areas",
    .source =
        "of each state its own, see corelevel list envelopes; lines as in V. Jain, M. C. Biesinger, M. R. Linford, "
        "Appl. Surf. Sci. 447 (2018) 548, doi 10.1016/j.apsusc.2018.03.190",
    .formula = "area * sum of gl_product lines of unit area times their shares, each of width sqrt(fwhm^2 + broadening "
               "|broadening|)",
    .role = CLV_ROLE_PEAK,
    .parameters = rows,
    .prepare = prepare,
    .release = free,
    .columns = columns};

static const clv_component *const components[] = {&envelope_component, NULL};

CLV_PLUGIN(components_envelope) = {.abi = CLV_PLUGIN_ABI,
                                   .size = sizeof(clv_plugin),
                                   .id = "corelevel.components.envelope",
                                   .version = CLV_VERSION_STRING,
                                   .licence = "GPL-3.0-or-later",
                                   .components = components};
