/* The operation `quantify`: shares of species in a sum of elements from the areas of several fits.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/operations.h"
#include "apply/quantify.h"

#include <corelevel/elements.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/columns.h"

/* Columns of one calculation: amounts of all parts, twice, and one that is NaN where there is no share. */
typedef struct amounts {
    clv_columns **column; /* [2 count + 1]: with what bounds hold as exact; as in the fit; the mask */
    char (*name)[16];     /* [2 count + 1] */
    const char **names;   /* [2 count + 1] */
} amounts;

clv_status quantify_note(quantify_work *work, clv_error *err, const char *format, ...)
{
    char text[500];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    for (size_t i = 0; i < clv_columns_note_count(work->remarks); i++) {
        if (strcmp(clv_columns_note(work->remarks, i), text) == 0) { return CLV_OK; }
    }
    return clv_columns_add_note(work->remarks, text, err);
}

static void clear_work(quantify_work *work)
{
    for (size_t i = 0; i < work->count; i++) { free(work->parts[i].weight); }
    clv_sensitivity_clear(&work->method.set);
    clv_columns_free(work->remarks);
    free(work->parts);
    free(work->order);
    free(work->inside);
    free(work->sum);
}

static void clear_amounts(const quantify_work *work, amounts *a)
{
    for (size_t i = 0; a->column && i < 2 * work->count + 1; i++) { clv_columns_free(a->column[i]); }
    free(a->column);
    free(a->name);
    free(a->names);
}

/* ---- Amounts */

static double held_error(const quantify_part *part, size_t point)
{
    return part->fit->held_error[point * part->fit->all + part->area];
}

/* The amount of one part as a column. With `exact` an area that stands on its bound adds to no error: the errors of the
   others are those given that it is there. */
static clv_status amount_of(const quantify_part *part, int exact, clv_columns **made, clv_error *err)
{
    const clv_fit *fit = part->fit;
    size_t width = fit->all + fit->plan->shared_count;
    double *values = calloc(fit->count + 1, sizeof *values);
    double *gradient = calloc(fit->count * width + 1, sizeof *gradient);
    clv_status status = values && gradient ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    for (size_t i = 0; i < fit->count && !status; i++) {
        values[i] = fit_failed(fit, i) ? NAN : part->weight[i] * fit->value[i * fit->all + part->area];
        if (!exact || !isfinite(held_error(part, i))) { gradient[i * width + part->area] = part->weight[i]; }
    }
    if (!status) { status = fit_columns_new(fit, 1, made, err); }
    if (!status) { status = clv_columns_fill(*made, 0, part->name, "1", values, fit->source, gradient, err); }
    free(values);
    free(gradient);
    return status;
}

/* Appends " + name" of all parts of an element, or of all that are in the sum (SIZE_MAX). */
static clv_status write_terms(const quantify_work *work, const amounts *a, size_t element, char **text, clv_error *err)
{
    size_t room = 24 * work->count + 1, used = 0;

    *text = calloc(room, 1);
    CLV_CHECK(*text, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < work->count; i++) {
        size_t own = work->parts[i].element;

        if (element == SIZE_MAX ? !work->inside[own] : own != element) { continue; }
        used += (size_t)snprintf(*text + used, room - used, "%s%s", used ? " + " : "", a->names[i]);
    }
    return CLV_OK;
}

static clv_status calculate(const amounts *a, size_t used, const char *formula, const char *name, clv_columns **made,
                            clv_error *err)
{
    return clv_columns_calculate(formula, a->names, (const clv_columns *const *)a->column, used, name, "1", made, err);
}

/* The mask: 1, or NaN where the sum is within two errors of zero. */
static clv_status make_mask(const quantify_work *work, amounts *a, const char *terms, clv_columns **sum, clv_error *err)
{
    const clv_fit *fit = quantify_fit(work, 0);
    double *values = calloc(fit->count + 1, sizeof *values);
    uint8_t *flags = calloc(fit->count + 1, 1);
    clv_columns **mask = &a->column[2 * work->count];
    clv_status status = values && flags ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    if (!status) { status = calculate(a, 2 * work->count, terms, "sum", sum, err); }
    for (size_t i = 0; i < fit->count && !status; i++) {
        int there = clv_columns_value(*sum, 0, i) > 2 * clv_columns_error(*sum, 0, i);

        values[i] = there ? 1 : NAN;
        flags[i] = there || fit_failed(fit, i) ? 0 : CLV_FIT_UNDETERMINED;
    }
    if (!status) { status = fit_columns_new(fit, 1, mask, err); }
    if (!status) { status = clv_columns_fill(*mask, 0, "mask", "1", values, NULL, NULL, err); }
    if (!status) { status = clv_columns_set_flags(*mask, flags, err); }
    free(values);
    free(flags);
    return status;
}

static clv_status make_amounts(const quantify_work *work, amounts *a, clv_error *err)
{
    size_t count = 2 * work->count + 1;

    a->column = calloc(count, sizeof(clv_columns *));
    a->name = calloc(count, sizeof *a->name);
    a->names = calloc(count, sizeof(char *));
    CLV_CHECK(a->column && a->name && a->names, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++) {
        snprintf(a->name[i], sizeof *a->name, "%c%zu", i < work->count ? 'q' : 'n', i);
        a->names[i] = a->name[i];
    }
    for (size_t i = 0; i < work->count; i++) {
        CLV_TRY(amount_of(&work->parts[i], 1, &a->column[i], err));
        CLV_TRY(amount_of(&work->parts[i], 0, &a->column[work->count + i], err));
    }
    return CLV_OK;
}

/* ---- Shares */

/* What the limit of a share is made of: errors of its areas that bounds hold, over the sum. */
static clv_status set_held(const quantify_work *work, size_t first, size_t last, const clv_columns *sum,
                           clv_columns *columns, size_t c, clv_error *err)
{
    double *held = calloc(clv_columns_points(columns) + 1, sizeof *held);
    clv_status status;

    CLV_CHECK(held, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < clv_columns_points(columns); i++) {
        held[i] = NAN;
        for (size_t k = first; k < last; k++) {
            double one = work->parts[k].weight[i] * held_error(&work->parts[k], i) / clv_columns_value(sum, 0, i);

            if (isfinite(one)) { held[i] = isfinite(held[i]) ? hypot(held[i], one) : one; }
        }
    }
    status = clv_columns_set_held_error(columns, c, held, err);
    free(held);
    return status;
}

/* One share: the parts [first, last) over the sum, at place `c`. */
static clv_status add_share(const quantify_work *work, const amounts *a, const char *above, const char *below,
                            const char *name, size_t c, clv_columns *columns, clv_error *err)
{
    clv_columns *one = NULL;
    char *formula = NULL;
    clv_status status;

    CLV_CHECK(asprintf(&formula, "%s * (%s) / (%s)", a->names[2 * work->count], above, below) >= 0, err, CLV_NO_MEMORY,
              "out of memory");
    status = calculate(a, 2 * work->count + 1, formula, name, &one, err);
    free(formula);
    CLV_TRY(status);
    clv_columns_put(columns, c, one->columns[0]);
    status = clv_columns_add_remarks(columns, one, err);
    clv_columns_free(one);
    return status;
}

/* The shares of one element: all of it where there are several, then its parts from `first` on. */
static clv_status add_element(const quantify_work *work, const amounts *a, size_t first, const char *below,
                              const clv_columns *sum, clv_columns *columns, size_t *c, clv_error *err)
{
    size_t element = work->parts[first].element, last = first;
    const char *symbol = quantify_element(work, element);
    char name[200], *terms = NULL;
    clv_status status = CLV_OK;

    while (last < work->count && work->parts[last].element == element) { last++; }
    if (clv_group_count(work->fits) > 1) {
        status = write_terms(work, a, element, &terms, err);
        if (!status) { status = add_share(work, a, terms, below, symbol, *c, columns, err); }
        if (!status) { status = set_held(work, first, last, sum, columns, (*c)++, err); }
        free(terms);
    }
    for (size_t i = first; i < last && !status; i++) {
        snprintf(name, sizeof name, "%s %s", symbol, work->parts[i].name);
        status = add_share(work, a, a->names[work->count + i], below, name, *c, columns, err);
        if (!status) { status = set_held(work, i, i + 1, sum, columns, (*c)++, err); }
    }
    return status;
}

static clv_status fill_shares(const quantify_work *work, amounts *a, clv_columns *columns, clv_error *err)
{
    char *below = NULL;
    clv_columns *sum = NULL;
    size_t c = 0;
    clv_status status = write_terms(work, a, SIZE_MAX, &below, err);

    if (!status) { status = make_mask(work, a, below, &sum, err); }
    for (size_t i = 0; i < work->count && !status; i++) {
        if (i > 0 && work->parts[i].element == work->parts[i - 1].element) { continue; }
        status = add_element(work, a, i, below, sum, columns, &c, err);
    }
    clv_columns_free(sum);
    free(below);
    return status;
}

static clv_status make_shares(quantify_work *work, clv_columns **made, clv_error *err)
{
    const clv_fit *fit = quantify_fit(work, 0);
    size_t elements = clv_group_count(work->fits), totals = elements > 1 ? elements : 0;
    clv_axis *axes[CLV_SPECTRA_MAX_AXES];
    size_t leading = clv_spectra_axis_count(fit->spectra) - 1;
    amounts a = {0};
    clv_status status;

    for (size_t i = 0; i < leading; i++) { axes[i] = clv_spectra_axis(fit->spectra, i); }
    CLV_TRY(clv_columns_new(axes, leading, work->count + totals, made, err));
    status = clv_columns_add_remarks(*made, work->remarks, err);
    if (!status) { status = make_amounts(work, &a, err); }
    if (!status) { status = clv_columns_share_beside(*made, a.column[0], err); }
    if (!status) { status = fill_shares(work, &a, *made, err); }
    clear_amounts(work, &a);
    return status;
}

/* ---- The operation */

static clv_status check_points(const quantify_work *work, clv_error *err)
{
    const clv_spectra *first = quantify_fit(work, 0)->spectra;

    for (size_t i = 1; i < clv_group_count(work->fits); i++) {
        const clv_spectra *other = quantify_fit(work, i)->spectra;
        int same = clv_spectra_axis_count(first) == clv_spectra_axis_count(other);

        for (size_t k = 0; same && k + 1 < clv_spectra_axis_count(first); k++) {
            same = clv_axis_equal(clv_spectra_axis(first, k), clv_spectra_axis(other, k));
        }
        CLV_CHECK(same, err, CLV_BAD_ARGUMENT,
                  "the fits of %s (%zu spectra) and %s (%zu) do not stand on the same points; drop the levels that one "
                  "of them lacks",
                  quantify_element(work, 0), clv_spectra_count(first), quantify_element(work, i),
                  clv_spectra_count(other));
    }
    return CLV_OK;
}

static clv_status check_elements(const quantify_work *work, clv_error *err)
{
    for (size_t i = 0; i < clv_group_count(work->fits); i++) {
        const char *symbol = quantify_element(work, i);
        int number;

        CLV_CHECK(!clv_element_number(symbol, &number, NULL), err, CLV_BAD_ARGUMENT,
                  "the keys of the fits are elements, as in { S = …, P = … }, and \"%s\" is none", symbol);
    }
    return CLV_OK;
}

static clv_status prepare(const clv_call *call, quantify_work *work, clv_error *err)
{
    work->fits = clv_value_as_object(call->on, CLV_GROUP);
    CLV_CHECK(clv_group_kind(work->fits) == CLV_FIT && clv_group_name(work->fits, 0), err, CLV_BAD_ARGUMENT,
              "needs fits by their elements, as in cl.quantify({ S = fit1, P = fit2 }, { … })");
    CLV_TRY(clv_columns_new(NULL, 0, 0, &work->remarks, err));
    CLV_TRY(check_elements(work, err));
    CLV_TRY(check_points(work, err));
    CLV_TRY(quantify_read_method(call->options, &work->method, err));
    CLV_TRY(quantify_read_sum(call->options, work, err));
    CLV_TRY(quantify_list_parts(work, err));
    for (size_t i = 0; i < work->count; i++) { CLV_TRY(quantify_weigh(work, &work->parts[i], err)); }
    return quantify_note_method(work, err);
}

static clv_status run(const clv_call *call, clv_value **result, clv_error *err)
{
    quantify_work work = {0};
    clv_columns *columns = NULL;
    clv_status status = prepare(call, &work, err);

    if (!status) { status = make_shares(&work, &columns, err); }
    clear_work(&work);
    if (status) {
        clv_columns_free(columns);
        return status;
    }
    *result = clv_value_object(CLV_COLUMNS, columns);
    CLV_CHECK(*result, err, CLV_NO_MEMORY, "out of memory");
    return CLV_OK;
}

static const clv_parameter rows[] = {
    {.name = "sensitivity",
     .type = CLV_TYPE_CHOICE,
     .preset = "\"scofield\"",
     .choices = "scofield|…an XML file of factors",
     .doc =
         "what intensities are divided by: Scofield's cross-sections, or a file's (spectra/sensitivity_example.xml)"},
    {.name = "transmission",
     .type = CLV_TYPE_CHOICE,
     .preset = "\"file\"",
     .choices = "file|none",
     .doc = "the analyser's transmission at each kinetic energy, as the file brings it"},
    {.name = "imfp",
     .type = CLV_TYPE_CHOICE,
     .preset = "\"tpp-2m\"",
     .choices = "tpp-2m|none",
     .doc = "attenuation lengths: TPP-2M with a material, kinetic energy ^ 0.75 without one"},
    {.name = "normalise_to",
     .type = CLV_TYPE_TEXT,
     .doc = "elements that add up to 1, as in \"S + P\"; preset: all that were fitted"},
    {.name = "material",
     .type = CLV_TYPE_ANY,
     .doc =
         "what the electrons come through: { density (g/cm3), valence_electrons, molar_mass (g/mol), band_gap (eV) }"},
    {0},
};

const clv_operation apply_quantify = {
    .size = sizeof(clv_operation),
    .name = "quantify",
    .doc = "shares of species (\"S PS4 3-\") and elements (\"S\") in a sum of elements, from fits given by element",
    .source = "J. H. Scofield, J. Electron Spectrosc. 8 (1976) 129, doi 10.1016/0368-2048(76)80015-1; S. Tanuma, C. J. "
              "Powell, D. R. Penn, Surf. Interface Anal. 21 (1994) 165, doi 10.1002/sia.740210302",
    .on = CLV_ON(CLV_GROUP),
    .gives = CLV_COLUMNS,
    .leaves = CLV_LEAVES_NONE,
    .way = CLV_WHOLE,
    .parameters = rows,
    .run = run,
};
