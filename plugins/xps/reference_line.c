/* Fits a reference line in every spectrum of a series and tells where it stands.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_line.h"

#include <corelevel/text.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The species that C 1s of air-exposed battery materials is made of, relative to C-C/C-H: alcohols and ethers,
   carboxyls, carbonate. G. Beamson, D. Briggs, High Resolution XPS of Organic Polymers (1992); carbonate as in the line
   library. */
static const struct {
    const char *name;
    double shift;
} carbon[] = {{"C-C", 0}, {"C-O", 1.7}, {"O-C=O", 4.2}, {"CO3", 5.2}};

enum { CARBON_COUNT = sizeof carbon / sizeof *carbon };

void reference_line_clear(reference_line *found)
{
    free(found->position);
    free(found->error);
    free(found->strength);
    *found = (reference_line){0};
}

static clv_status reserve(reference_line *found, size_t count, clv_error *err)
{
    found->count = count;
    found->position = calloc(count + 1, sizeof(double));
    found->error = calloc(count + 1, sizeof(double));
    found->strength = calloc(count + 1, sizeof(double));
    CLV_CHECK(found->position && found->error && found->strength, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

/* One spectrum of a series as spectra of its own. */
static clv_status single(const clv_spectra *spectra, size_t place, clv_spectra **one, clv_error *err)
{
    clv_axis *energy = clv_spectra_energy(spectra);
    size_t channels = clv_spectra_channels(spectra);
    const double *offset = clv_spectra_offset(spectra), *variance = clv_spectra_variance(spectra);
    clv_status status = CLV_OK;
    double *room = NULL;

    CLV_TRY(clv_spectra_like(spectra, &energy, 1, one, err));
    memcpy(clv_spectra_fill(*one), clv_spectra_intensity(spectra) + place * channels, channels * sizeof(double));
    if (variance) {
        status = clv_spectra_make_variance(*one, &room, err);
        if (!status) { memcpy(room, variance + place * channels, channels * sizeof(double)); }
    }
    if (offset && !status) { status = clv_spectra_set_offset(*one, offset + place, NULL, err); }
    if (status) {
        clv_spectra_free(*one);
        *one = NULL;
    }
    return status;
}

/* True energy of the highest channel after averaging over about half an eV, less the straight line between the ends. */
static double highest(const clv_spectra *one)
{
    const double *y = clv_spectra_intensity(one), *axis = clv_axis_values(clv_spectra_energy(one));
    size_t n = clv_spectra_channels(one), half = 0, best = 0;
    double step = n > 1 ? (axis[n - 1] - axis[0]) / (double)(n - 1) : 1, most = -INFINITY;

    half = (size_t)(0.25 / step);
    for (size_t i = half; i + half < n; i++) {
        double sum = 0, line = y[0] + (y[n - 1] - y[0]) * (double)i / (double)(n > 1 ? n - 1 : 1);

        for (size_t k = i - half; k <= i + half; k++) { sum += y[k]; }
        sum = sum / (double)(2 * half + 1) - line;
        if (sum > most) {
            most = sum;
            best = i;
        }
    }
    return axis[best] + (clv_spectra_offset(one) ? clv_spectra_offset(one)[0] : 0);
}

/* A comb of the carbon species with fixed distances and one width; the component asked for may move. */
static void carbon_model(char *text, size_t size, const char *component, double start)
{
    double own = 0;
    int used;

    for (size_t i = 0; i < CARBON_COUNT; i++) { own = strcmp(carbon[i].name, component) == 0 ? carbon[i].shift : own; }
    used = snprintf(text, size, "shirley {}, peak { '%s', position = {%.17g, %.17g, %.17g}, fwhm = {1.3, 0.7, 2.4} }",
                    component, start, start - 2.5, start + 2.5);
    for (size_t i = 0; i < CARBON_COUNT && used > 0 && (size_t)used < size; i++) {
        if (strcmp(carbon[i].name, component) == 0) { continue; }
        used += snprintf(text + used, size - (size_t)used,
                         ", peak { '%s', position = '[%s].position + (%.17g)', fwhm = '[%s].fwhm' }", carbon[i].name,
                         component, carbon[i].shift - own, component);
    }
}

static void line_model(char *text, size_t size, const char *line, const char *component, double start)
{
    const clv_line *known = NULL;
    clv_error ignored = {0};
    int doublet = clv_lines_find(line, NULL, &known, &ignored) == CLV_OK && isfinite(known->split) && known->split > 0;

    snprintf(text, size, "shirley {}, %s { '%s', line = '%s', position = {%.17g, %.17g, %.17g}, fwhm = {1.5, 0.5, 4} }",
             doublet ? "doublet" : "peak", component, line, start, start - 2.5, start + 2.5);
}

/* A fit to one spectrum and how likely it is that it found what was meant. */
typedef struct attempt {
    double position, error, strength, deviance, scatter;
} attempt;

static clv_status read_fit(const clv_fit *fit, const char *component, attempt *a, clv_error *err)
{
    char name[256];
    size_t position, area;

    snprintf(name, sizeof name, "%s.position", component);
    position = clv_fit_parameter_find(fit, name);
    snprintf(name, sizeof name, "%s.area", component);
    area = clv_fit_parameter_find(fit, name);
    CLV_CHECK(position != SIZE_MAX && area != SIZE_MAX, err, CLV_BAD_ARGUMENT,
              "component: the model has no peak \"%s\" with a position", component);
    *a = (attempt){.position = clv_fit_value(fit, 0, position),
                   .error = clv_fit_error(fit, 0, position),
                   .strength = clv_fit_value(fit, 0, area) / clv_fit_error(fit, 0, area),
                   .deviance = clv_fit_deviance(fit, 0),
                   .scatter = clv_fit_deviance(fit, 0) / clv_fit_dof(fit, 0)};
    /* Where the noise is known, residuals below it are chance. */
    if (strcmp(clv_fit_statistics(fit), "least_squares") != 0) { a->scatter = fmax(a->scatter, 1); }
    /* An area or a position on its bound has no error: then the line was not found. */
    if (!isfinite(a->strength) || !isfinite(a->error)) { a->strength = 0; }
    if (clv_fit_flags(fit, 0) & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) { a->strength = 0; }
    return CLV_OK;
}

static clv_status try_model(const clv_spectra *one, const clv_model *model, const char *component, attempt *a,
                            clv_error *err)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, clv_spectra_ref(one)), *options = clv_value_table(), *result = NULL;
    clv_status status = on && options ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    if (!status) { status = clv_value_append(options, clv_value_object(CLV_MODEL, clv_model_ref(model)), err); }
    if (!status) { status = clv_apply("fit", on, options, &result, err); }
    if (!status) { status = read_fit(clv_value_as_object(result, CLV_FIT), component, a, err); }
    clv_value_free(on);
    clv_value_free(options);
    clv_value_free(result);
    return status;
}

static clv_status try_start(const clv_spectra *one, const char *line, const char *component, double start, int comb,
                            attempt *a, clv_error *err)
{
    char text[1500];
    clv_model *model = NULL;
    clv_status status;

    if (comb) {
        carbon_model(text, sizeof text, component, start);
    } else {
        line_model(text, sizeof text, line, component, start);
    }
    CLV_TRY(clv_model_parse(text, &model, err));
    status = try_model(one, model, component, a, err);
    clv_model_free(model);
    return status;
}

/* Whether a line is C 1s, and the component one of its species; for another component of C 1s there is no model. */
static clv_status is_carbon(const char *line, const char *component, int *comb, clv_error *err)
{
    const char *names[CARBON_COUNT], *near;
    const clv_line *known = NULL;

    *comb = 0;
    if (clv_lines_find(line, NULL, &known, NULL) || strcmp(known->name, "C 1s") != 0) { return CLV_OK; }
    for (size_t i = 0; i < CARBON_COUNT; i++) {
        names[i] = carbon[i].name;
        *comb = *comb || strcmp(carbon[i].name, component) == 0;
    }
    if (*comb || strcmp(component, REFERENCE_ALONE) == 0) { return CLV_OK; }
    near = clv_text_nearest(component, names, CARBON_COUNT);
    return clv_fail(err, CLV_BAD_ARGUMENT,
                    "component \"%s\" is none of C-C, C-O, O-C=O and CO3, which C 1s is fitted with by preset%s%s%s; "
                    "for another give a `model` that has it",
                    component, near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
}

/* The place of the strongest peak bounds charging: beyond this the comb would be laid over another line. */
#define MOST_CHARGING 8.0

/* By how much, in units of the scatter, a fit without the wanted component must be the better one until the component
   counts as missing: five standard errors. Below that the peaks may as well be those with it. */
#define SURELY_BETTER 25.0

/* The highest peak of C 1s may be any of its species: each is tried as the highest. The likeliest fit in which the
   wanted component was found is kept, unless one without it is surely better. All have the same number of parameters.
 */
static clv_status try_comb(const clv_spectra *one, const char *component, double at, attempt *best, clv_error *err)
{
    double top = highest(one), least = INFINITY, scatter = 1;

    *best = (attempt){.deviance = INFINITY};
    for (size_t i = 0; i < CARBON_COUNT; i++) {
        attempt a;
        double start = top - carbon[i].shift;

        if (fabs(start - at) > MOST_CHARGING) { continue; }
        CLV_TRY(try_start(one, "C 1s", component, start, 1, &a, err));
        if (a.deviance < least) {
            least = a.deviance;
            scatter = a.scatter;
        }
        if (a.strength >= REFERENCE_FOUND && a.deviance < best->deviance) { *best = a; }
    }
    if (best->deviance - least > SURELY_BETTER * scatter) { *best = (attempt){0}; }
    return CLV_OK;
}

static clv_status try_all(const clv_spectra *one, const char *line, const char *component, double at, attempt *best,
                          clv_error *err)
{
    int comb;

    CLV_TRY(is_carbon(line, component, &comb, err));
    if (comb) { return try_comb(one, component, at, best, err); }
    return try_start(one, line, component, highest(one), 0, best, err);
}

clv_status reference_line_find(const clv_spectra *spectra, const char *line, const char *component, double at,
                               const clv_model *model, reference_line *found, clv_error *err)
{
    clv_status status = reserve(found, clv_spectra_count(spectra), err);

    for (size_t i = 0; i < found->count && !status; i++) {
        clv_spectra *one = NULL;
        attempt a = {0};

        status = single(spectra, i, &one, err);
        if (!status) {
            status = model ? try_model(one, model, component, &a, err) : try_all(one, line, component, at, &a, err);
        }
        clv_spectra_free(one);
        found->position[i] = a.position;
        found->error[i] = a.error;
        found->strength[i] = a.strength;
    }
    if (status) { reference_line_clear(found); }
    return status;
}
