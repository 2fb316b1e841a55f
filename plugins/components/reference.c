/* References: measured spectra that may move and broaden, as components of a model.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/plugin.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FWHM_PER_SIGMA 2.35482004503094938202
#define REACH 5.0 /* standard deviations of a broadening on each side */
#define MOST_NODES 161

/* A cubic spline through the reference on its own true energies; beyond its ends it stays level. */
typedef struct reference {
    size_t count;
    double step;            /* of a uniform grid, else 0 */
    double scale;           /* amount in one unit of the coefficient */
    double *x, *y, *second; /* energies, values, second derivatives */
} reference;

enum { SHIFT, BROADENING };

static void release(void *prepared)
{
    reference *r = prepared;

    if (!r) { return; }
    free(r->x);
    free(r);
}

/* Second derivatives of the natural spline (C. de Boor, A Practical Guide to Splines, 1978): one tridiagonal solve. */
static void make_spline(reference *r, double *scratch)
{
    size_t n = r->count;

    r->second[0] = r->second[n - 1] = 0;
    scratch[0] = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        double below = r->x[i] - r->x[i - 1], above = r->x[i + 1] - r->x[i];
        double right = 6 * ((r->y[i + 1] - r->y[i]) / above - (r->y[i] - r->y[i - 1]) / below);
        double pivot = 2 * (below + above) - below * scratch[i - 1];
        scratch[i] = above / pivot;
        r->second[i] = (right - below * r->second[i - 1]) / pivot;
    }
    for (size_t i = n - 2; i > 0; i--) { r->second[i] -= scratch[i] * r->second[i + 1]; }
}

static size_t interval(const reference *r, double at)
{
    size_t low = 0, high = r->count - 1;

    if (r->step > 0) {
        double place = (at - r->x[0]) / r->step;
        low = place > 0 ? (size_t)place : 0;
        return low < r->count - 1 ? low : r->count - 2;
    }
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        *(r->x[middle] <= at ? &low : &high) = middle;
    }
    return low;
}

/* One node of the broadening: where it lies, its weight, and the derivatives of weight and place by the full width. The
   derivatives are those of the sum as it is made, so that a fit sees one smooth function. */
typedef struct node {
    double offset, weight, by_width, moves;
} node;

/* Adds to value, slope, and derivative by the broadening what a node sees at an energy. */
static void add_point(const reference *r, double at, const node *at_node, double sum[3])
{
    size_t n = r->count;
    double value, slope = 0;

    if (!(at > r->x[0]) || !(at < r->x[n - 1])) {
        value = at < r->x[n - 1] ? r->y[0] : r->y[n - 1];
    } else {
        size_t i = interval(r, at);
        double h = r->x[i + 1] - r->x[i], b = (at - r->x[i]) / h, a = 1 - b, p = r->second[i], q = r->second[i + 1];
        value = a * r->y[i] + b * r->y[i + 1] + ((a * a * a - a) * p + (b * b * b - b) * q) * h * h / 6;
        slope = (r->y[i + 1] - r->y[i]) / h + ((3 * b * b - 1) * q - (3 * a * a - 1) * p) * h / 6;
    }
    sum[0] += at_node->weight * value;
    sum[1] += at_node->weight * slope;
    sum[2] += at_node->by_width * value - at_node->weight * at_node->moves * slope;
}

/* Nodes of the broadening: a Gaussian summed in steps small against its width and the reference's. */
static size_t make_nodes(const reference *r, double sigma, node *nodes)
{
    nodes[0] = (node){.weight = 1};
    if (!(sigma > 0)) { return 1; }
    double grid = (r->x[r->count - 1] - r->x[0]) / (double)(r->count - 1), sum = 0, square = 0;
    double step = fmax(fmin(grid, sigma / 2), 2 * REACH * sigma / (MOST_NODES - 1));
    int scaled = step != grid; /* the nodes lie at fixed parts of sigma, not of the grid */
    size_t half = (size_t)(REACH * sigma / step * (1 + 1e-12)), count = 2 * half + 1;
    for (size_t k = 0; k < count; k++) {
        double t = ((double)k - (double)half) * step / sigma;
        nodes[k] = (node){.offset = t * sigma, .weight = exp(-0.5 * t * t)};
        nodes[k].moves = scaled ? t / FWHM_PER_SIGMA : 0;
        sum += nodes[k].weight;
        square += t * t * nodes[k].weight;
    }
    for (size_t k = 0; k < count; k++) {
        double t = nodes[k].offset / sigma;
        nodes[k].weight /= sum;
        nodes[k].by_width = scaled ? 0 : nodes[k].weight * (t * t - square / sum) / (sigma * FWHM_PER_SIGMA);
    }
    return count;
}

static clv_status columns(const clv_columns_call *call, clv_error *err)
{
    const reference *r = call->prepared;
    double sigma = fmax(call->theta[BROADENING], 0) / FWHM_PER_SIGMA;
    double *by_shift = call->by_theta ? call->by_theta[SHIFT] : NULL;
    double *by_broadening = call->by_theta ? call->by_theta[BROADENING] : NULL;
    double *by_energy = call->by_energy ? call->by_energy[0] : NULL;
    node nodes[MOST_NODES];

    CLV_CHECK(isfinite(call->theta[SHIFT]) && isfinite(sigma), err, CLV_BAD_ARGUMENT,
              "reference: shift and broadening must be finite");
    size_t count = make_nodes(r, sigma, nodes);
    for (size_t i = 0; i < call->count; i++) {
        double at = call->energy[i] - call->theta[SHIFT], sum[3] = {0, 0, 0};
        for (size_t k = 0; k < count; k++) { add_point(r, at - nodes[k].offset, &nodes[k], sum); }
        call->value[0][i] = sum[0];
        if (by_shift) { by_shift[i] = -sum[1]; }
        if (by_broadening) { by_broadening[i] = sum[2]; }
        if (by_energy) { by_energy[i] = sum[1]; }
    }
    return CLV_OK;
}

static double mean_of(const double *y, size_t from, size_t to)
{
    double sum = 0;

    for (size_t i = from; i < to; i++) { sum += y[i]; }
    return to > from ? sum / (double)(to - from) : 0;
}

/* How far a reference ends above where it began, and its highest value. */
static double step_of(const reference *r, double *top)
{
    size_t n = r->count, tenth = n / 10 + 1;

    *top = 0;
    for (size_t i = 0; i < n; i++) { *top = fmax(*top, r->y[i]); }
    return mean_of(r->y, n - tenth, n) - mean_of(r->y, 0, tenth);
}

static double area_of(const reference *r)
{
    double area = 0;

    for (size_t i = 1; i < r->count; i++) { area += 0.5 * (r->y[i] + r->y[i - 1]) * (r->x[i] - r->x[i - 1]); }
    return area;
}

/* What one unit of the coefficient counts in fractions. By itself a reference is per unit step where it ends on one
   (over a quarter of its height), else per unit area. */
static clv_status find_scale(reference *r, const char *wanted, clv_error *err)
{
    int automatic = strcmp(wanted, "auto") == 0;
    double top, step = step_of(r, &top), area = area_of(r);

    r->scale = 1;
    if (strcmp(wanted, "none") == 0) { return CLV_OK; }
    if (strcmp(wanted, "step") == 0 || (automatic && step > 0.25 * top)) {
        CLV_CHECK(step > 0, err, CLV_BAD_ARGUMENT,
                  "scale: the reference does not end on a step above where it began; use scale = \"area\"");
        r->scale = step;
        return CLV_OK;
    }
    CLV_CHECK(area > 0 || automatic, err, CLV_BAD_ARGUMENT,
              "scale: the area of the reference is not above zero; use scale = \"none\"");
    if (area > 0) { r->scale = area; }
    return CLV_OK;
}

/* Copies the finite channels of the first spectrum on its true energies. */
static size_t copy_points(const clv_spectra *spectra, reference *r)
{
    const double *energy = clv_axis_values(clv_spectra_energy(spectra)), *y = clv_spectra_intensity(spectra);
    const double *offset = clv_spectra_offset(spectra);
    double low, high;

    clv_spectra_window(spectra, &low, &high);
    for (size_t i = 0; i < clv_spectra_channels(spectra); i++) {
        double at = energy[i] + (offset ? offset[0] : 0);
        if (!isfinite(y[i]) || at < low || at > high) { continue; }
        r->x[r->count] = at;
        r->y[r->count++] = y[i];
    }
    return r->count;
}

static void see_uniform(reference *r)
{
    double step = (r->x[r->count - 1] - r->x[0]) / (double)(r->count - 1);

    r->step = step;
    for (size_t i = 1; i < r->count; i++) {
        if (!(fabs(r->x[i] - r->x[0] - step * (double)i) < 1e-6 * step)) { r->step = 0; }
    }
}

static clv_status fill(const clv_setup *setup, const clv_spectra *spectra, reference *r, clv_error *err)
{
    size_t n = clv_spectra_channels(spectra);
    const char *scale = clv_options_text(setup->options, "scale");

    r->x = calloc(4 * n + 1, sizeof *r->x);
    CLV_CHECK(r->x, err, CLV_NO_MEMORY, "no memory for a reference of %zu channels", n);
    r->y = r->x + n;
    r->second = r->y + n;
    CLV_CHECK(copy_points(spectra, r) >= 4, err, CLV_BAD_ARGUMENT,
              "a reference needs at least 4 channels with finite values, \"%s\" has %zu", clv_spectra_name(spectra),
              r->count);
    make_spline(r, r->second + n);
    see_uniform(r);
    return find_scale(r, scale ? scale : "auto", err);
}

static clv_status prepare(const clv_setup *setup, void **prepared, clv_error *err)
{
    const clv_value *value = clv_options_get(setup->options, "spectra");
    const clv_spectra *spectra = clv_value_as_object(value, CLV_SPECTRA);

    CLV_CHECK(spectra, err, CLV_BAD_ARGUMENT, "a reference takes spectra at place 2");
    CLV_CHECK(clv_spectra_count(spectra) == 1, err, CLV_BAD_ARGUMENT,
              "a reference is one spectrum; \"%s\" holds %zu: sum or select one first", clv_spectra_name(spectra),
              clv_spectra_count(spectra));
    reference *made = calloc(1, sizeof *made);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for a reference");
    clv_status status = fill(setup, spectra, made, err);
    if (status) {
        release(made);
        return status;
    }
    *prepared = made;
    return CLV_OK;
}

static double scale(const void *prepared) { return ((const reference *)prepared)->scale; }

static const clv_parameter rows[] = {
    {.name = "name", .type = CLV_TYPE_TEXT, .place = 1, .flags = CLV_REQUIRED, .doc = "how the component is called"},
    {.name = "spectra",
     .type = CLV_TYPE_OBJECT,
     .kinds = CLV_ON(CLV_SPECTRA),
     .place = 2,
     .flags = CLV_REQUIRED,
     .doc = "the measured reference, one spectrum"},
    {.name = "scale",
     .type = CLV_TYPE_CHOICE,
     .preset = "\"auto\"",
     .choices = "auto|area|step|none",
     .doc = "what counts in fractions: its area, its edge step, or itself (none); auto: the step where it ends on one"},
    {.name = "shift",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV",
     .preset = "fixed(0)",
     .doc = "energy that the reference is moved by"},
    {.name = "broadening",
     .type = CLV_TYPE_PARAMETER,
     .unit = "eV",
     .preset = "fixed(0)",
     .low = 0,
     .high = 100,
     .doc = "full width of the Gaussian that the reference is convolved with"},
    {.name = "coefficient",
     .type = CLV_TYPE_PARAMETER,
     .unit = "1",
     .flags = CLV_COEFFICIENT,
     .doc = "what the reference is multiplied by, exactly as given"},
    {0}};

static const clv_component reference_component = {.size = sizeof(clv_component),
                                                  .name = "reference",
                                                  .doc = "a measured spectrum that may move and broaden",
                                                  .source = "C. de Boor, A Practical Guide to Splines (1978)",
                                                  .formula =
                                                      "coefficient * (reference(E - shift) convolved with a Gaussian)",
                                                  .role = CLV_ROLE_REFERENCE,
                                                  .parameters = rows,
                                                  .prepare = prepare,
                                                  .release = release,
                                                  .columns = columns,
                                                  .scale = scale};

static const clv_component *const components[] = {&reference_component, NULL};

CLV_PLUGIN(components_reference) = {.abi = CLV_PLUGIN_ABI,
                                    .size = sizeof(clv_plugin),
                                    .id = "corelevel.components.reference",
                                    .version = CLV_VERSION_STRING,
                                    .licence = "GPL-3.0-or-later",
                                    .components = components};
