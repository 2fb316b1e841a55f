/* Fits of simulated spectra by the public face, for tests: what comes out, or the sentence that refuses it.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_SIMULATED_FIT_H
#define CLV_SIMULATED_FIT_H

#include <string.h>

#include "simulated.h"

static const simulated_line two[] = {{285, 1.2, 4000}, {287, 1.4, 2000}};

static const simulated_region plain = {.name = "C 1s",
                                       .low = 278,
                                       .step = 0.1,
                                       .channels = 160,
                                       .lines = 2,
                                       .line = two,
                                       .level = 100,
                                       .seed = 7,
                                       .same = 1};

#define TWO \
    "constant {}, peak { 'A', position = { 285, 284, 286 }, fwhm = 1.2 }, peak { 'B', position = 287, fwhm = 1.4 }"

static inline clv_value *model_value(const char *text)
{
    clv_model *model = NULL;
    clv_error err = {0};

    if (clv_model_parse(text, &model, &err)) { fail_msg("%s: %s", text, err.text); }
    return clv_value_object(CLV_MODEL, model);
}

/* A fit with options as text, or the sentence that refuses it. Takes the spectra. */
static inline clv_value *try_fit(clv_spectra *spectra_take, const char *model, const char *options, clv_error *err)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, spectra_take), *table = NULL, *made = NULL;

    if (clv_value_parse(options, &table, err)) { fail_msg("%s", err->text); }
    assert_int_equal(clv_value_set(table, "model", model_value(model), err), CLV_OK);
    clv_apply("fit", on, table, &made, err);
    clv_value_free(table);
    clv_value_free(on);
    return made;
}

static inline clv_value *fit_of(clv_spectra *spectra_take, const char *model, const char *options)
{
    clv_error err = {0};
    clv_value *made = try_fit(spectra_take, model, options, &err);

    if (!made) { fail_msg("%s", err.text); }
    return made;
}

static inline void refuse(clv_spectra *spectra_take, const char *model, const char *options, const char *says)
{
    clv_error err = {0};
    clv_value *made = try_fit(spectra_take, model, options, &err);

    if (made) { fail_msg("taken: %s", options); }
    if (!strstr(err.text, says)) { fail_msg("%s\n  says: %s\n  not: %s", options, err.text, says); }
}

static inline clv_fit *as_fit(const clv_value *value) { return clv_value_as_object(value, CLV_FIT); }

static inline double value_of(const clv_value *fit, size_t spectrum, const char *name)
{
    size_t place = clv_fit_parameter_find(as_fit(fit), name);

    if (place == SIZE_MAX) { fail_msg("no %s", name); }
    return clv_fit_value(as_fit(fit), spectrum, place);
}

static inline double error_of(const clv_value *fit, size_t spectrum, const char *name)
{
    return clv_fit_error(as_fit(fit), spectrum, clv_fit_parameter_find(as_fit(fit), name));
}

static inline clv_columns *fractions_of(const clv_value *fit, const char *groups, clv_value **keep)
{
    clv_error err = {0};

    if (clv_apply_text("fractions", fit, groups, keep, &err)) { fail_msg("%s", err.text); }
    return clv_value_as_object(*keep, CLV_COLUMNS);
}

#endif
