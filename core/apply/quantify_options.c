/* Reads what `quantify` was asked for: factors, transmission, attenuation, material, and the sum.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/quantify.h"

#include <corelevel/elements.h>
#include <corelevel/text.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const material_keys[] = {"density", "valence_electrons", "molar_mass", "band_gap"};
enum { MATERIAL_KEYS = sizeof material_keys / sizeof *material_keys };

static clv_status read_material(const clv_value *table, clv_material *material, clv_error *err)
{
    double *places[MATERIAL_KEYS] = {&material->density, &material->valence_electrons, &material->molar_mass,
                                     &material->band_gap};

    CLV_CHECK(clv_value_kind(table) == CLV_TABLE && clv_value_count(table) == 0, err, CLV_BAD_ARGUMENT,
              "material: a table is needed, such as { density = 5.06, valence_electrons = 22, molar_mass = 97.87, "
              "band_gap = 2.7 }");
    for (size_t i = 0; i < clv_value_name_count(table); i++) {
        const char *name = clv_value_name_at(table, i), *near;
        int known = 0;

        for (size_t k = 0; k < MATERIAL_KEYS; k++) { known |= strcmp(name, material_keys[k]) == 0; }
        near = known ? NULL : clv_text_nearest(name, material_keys, MATERIAL_KEYS);
        CLV_CHECK(known, err, CLV_BAD_ARGUMENT, "material: there is no \"%s\"%s%s%s", name,
                  near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    for (size_t k = 0; k < MATERIAL_KEYS; k++) {
        const clv_value *value = clv_value_get(table, material_keys[k]);
        int gap = k == MATERIAL_KEYS - 1;

        *places[k] = value || !gap ? clv_value_as_number(value) : 0;
        CLV_CHECK(gap ? *places[k] >= 0 : *places[k] > 0, err, CLV_BAD_ARGUMENT,
                  "material: %s must be given and be a number %s zero", material_keys[k], gap ? "not below" : "above");
    }
    return CLV_OK;
}

/* A factor that contains something is not divided by it again: scales are never mixed. */
static clv_status check_scales(const quantify_method *method, clv_error *err)
{
    CLV_CHECK(!(method->set.has_transmission && method->transmission), err, CLV_BAD_ARGUMENT,
              "the factors \"%.80s\" contain the transmission already; say transmission = \"none\"", method->set.name);
    CLV_CHECK(!(method->set.has_imfp && method->imfp), err, CLV_BAD_ARGUMENT,
              "the factors \"%.80s\" contain the attenuation length already; say imfp = \"none\"", method->set.name);
    return CLV_OK;
}

clv_status quantify_read_method(const clv_options *options, quantify_method *method, clv_error *err)
{
    const char *sensitivity = clv_options_text(options, "sensitivity");

    method->scofield = strcmp(sensitivity, "scofield") == 0;
    method->transmission = strcmp(clv_options_text(options, "transmission"), "file") == 0;
    method->imfp = strcmp(clv_options_text(options, "imfp"), "tpp-2m") == 0;
    method->has_material = clv_options_given(options, "material");
    CLV_CHECK(!method->has_material || method->imfp, err, CLV_BAD_ARGUMENT,
              "material: is for imfp = \"tpp-2m\", and imfp is \"none\"");
    if (method->has_material) { CLV_TRY(read_material(clv_options_get(options, "material"), &method->material, err)); }
    if (!method->scofield) { CLV_TRY(clv_sensitivity_read(sensitivity, &method->set, err)); }
    return check_scales(method, err);
}

/* ---- The sum */

static size_t find_element(const quantify_work *work, const char *symbol)
{
    for (size_t i = 0; i < clv_group_count(work->fits); i++) {
        if (strcmp(quantify_element(work, i), symbol) == 0) { return i; }
    }
    return SIZE_MAX;
}

/* Takes the next symbol of "S + P" off the text; 0 at its end. */
static int next_symbol(const char **text, char symbol[16])
{
    size_t length;

    *text += strspn(*text, " +\t");
    length = strcspn(*text, " +\t");
    if (length == 0) { return 0; }
    snprintf(symbol, 16, "%.*s", (int)length, *text);
    *text += length;
    return 1;
}

static clv_status no_element(const quantify_work *work, const char *symbol, clv_error *err)
{
    const char *names[64], *near;
    size_t count = 0;

    for (; count < clv_group_count(work->fits) && count < 64; count++) { names[count] = quantify_element(work, count); }
    near = clv_text_nearest(symbol, names, count);
    return clv_fail(err, CLV_BAD_ARGUMENT, "normalise_to: \"%s\" is no element%s%s%s", symbol,
                    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* Puts the elements of `text` first in the order and into the sum; lists those that were not measured. */
static clv_status take_sum(quantify_work *work, const char *text, size_t *taken, char missing[200], clv_error *err)
{
    char symbol[16];
    int number;

    while (next_symbol(&text, symbol)) {
        size_t place = find_element(work, symbol), used = strlen(missing);

        if (place == SIZE_MAX) {
            const char *proper = clv_element_number(symbol, &number, NULL) ? NULL : clv_element_symbol(number);

            if (!proper || strcmp(proper, symbol) != 0) { return no_element(work, symbol, err); }
            snprintf(missing + used, 200 - used, "%s%s", used ? ", " : "", symbol);
            continue;
        }
        CLV_CHECK(!work->inside[place], err, CLV_BAD_ARGUMENT, "normalise_to: %s is named twice", symbol);
        work->inside[place] = 1;
        work->order[(*taken)++] = place;
    }
    CLV_CHECK(*taken > 0, err, CLV_BAD_ARGUMENT,
              "normalise_to: names none of the fitted elements; an example is \"S + P\"");
    return CLV_OK;
}

static clv_status write_sum(quantify_work *work, size_t taken, clv_error *err)
{
    size_t room = 8 * taken + 1, used = 0;

    work->sum = calloc(room, 1);
    CLV_CHECK(work->sum, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < taken; i++) {
        used += (size_t)snprintf(work->sum + used, room - used, "%s%s", i ? " + " : "",
                                 quantify_element(work, work->order[i]));
    }
    return CLV_OK;
}

clv_status quantify_read_sum(const clv_options *options, quantify_work *work, clv_error *err)
{
    size_t count = clv_group_count(work->fits), taken = 0;
    const char *text = clv_options_text(options, "normalise_to");
    char missing[200] = "";

    work->order = calloc(count + 1, sizeof *work->order);
    work->inside = calloc(count + 1, 1);
    CLV_CHECK(work->order && work->inside, err, CLV_NO_MEMORY, "out of memory");
    if (text) { CLV_TRY(take_sum(work, text, &taken, missing, err)); }
    for (size_t i = 0; i < count && !text; i++) {
        work->inside[i] = 1;
        work->order[taken++] = i;
    }
    CLV_TRY(write_sum(work, taken, err));
    for (size_t i = 0; i < count; i++) {
        if (!work->inside[i]) { work->order[taken++] = i; }
    }
    CLV_TRY(quantify_note(work, err, "shares of %s; elements without a fit are in no sum", work->sum));
    return *missing ? quantify_note(work, err, "not measured: %s", missing) : CLV_OK;
}
