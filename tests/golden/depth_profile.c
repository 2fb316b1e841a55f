/* The C twin of the depth-profile workflow: the same calls from C, the same numbers to the bit.
   Usage: depth_profile PROFILE FOLDER. Built with `pkg-config --cflags --libs corelevel`.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>

#include <math.h>
#include <stdio.h>

/* Everything that a run holds, so that it can be given back at one place. */
typedef struct work {
    clv_record *record;
    clv_value *profile, *corrected, *co2p, *cropped, *options, *fit, *fractions;
    clv_model *model;
    char *text;
} work;

static const char model_text[] =
    "shirley { active = true },"
    "doublet { 'Co3+', position = { 780.0, 779.4, 780.6 }, split = 15.0, ratio = 0.5, fwhm = { 1.8, 1.0, 3.0 },"
    "          lorentzian = 0.47 },"
    "doublet { 'Co2+', position = { 782.0, 781.6, 782.4 }, split = 15.1, ratio = 0.5, fwhm = 'Co3+.fwhm',"
    "          lorentzian = 0.47 },"
    "doublet { 'Co2+ satellite', position = { 786.4, 785.0, 788.0 }, split = 16.8, ratio = 0.5,"
    "          fwhm = { 5.0, 3.0, 8.0 }, lorentzian = 0.47 }";

static void clear(work *w)
{
    clv_text_free(w->text);
    clv_value_free(w->fractions);
    clv_value_free(w->fit);
    clv_value_free(w->options);
    clv_value_free(w->cropped);
    clv_value_free(w->co2p);
    clv_value_free(w->corrected);
    clv_value_free(w->profile);
    clv_model_free(w->model);
}

static clv_status prepare(work *w, const char *path, clv_error *err)
{
    clv_spectra *region = NULL;

    CLV_TRY(clv_load(path, NULL, &w->record, err));
    w->profile = clv_value_object(CLV_RECORD, w->record);
    CLV_TRY(clv_apply_text("charge_correct", w->profile,
                           "line = 'C 1s', component = 'C-C', at = 284.8, missing = 'hold'", &w->corrected, err));
    CLV_TRY(clv_record_find(clv_value_as_object(w->corrected, CLV_RECORD), "Co 2p", NAN, &region, err));
    w->co2p = clv_value_object(CLV_SPECTRA, clv_spectra_ref(region));
    return clv_apply_text("crop", w->co2p, "773, 811", &w->cropped, err);
}

static clv_status fit(work *w, clv_error *err)
{
    CLV_TRY(clv_model_parse(model_text, &w->model, err));
    CLV_TRY(clv_value_parse("statistics = 'poisson', share = { 'Co3+.fwhm', 'Co3+.position', 'Co2+.position' }",
                            &w->options, err));
    CLV_TRY(clv_value_append(w->options, clv_value_object(CLV_MODEL, clv_model_ref(w->model)), err));
    CLV_TRY(clv_apply("fit", w->cropped, w->options, &w->fit, err));
    return clv_apply_text("fractions", w->fit, "'Co3+', { 'Co2+', 'Co2+ satellite' }", &w->fractions, err);
}

static clv_status save(const clv_value *value, const char *folder, const char *name, clv_error *err)
{
    char options[4096];
    clv_value *nothing = NULL;
    clv_status status;

    snprintf(options, sizeof options, "'%s/%s'", folder, name);
    status = clv_apply_text("save", value, options, &nothing, err);
    clv_value_free(nothing);
    return status;
}

static clv_status run(work *w, const char *path, const char *folder, clv_error *err)
{
    CLV_TRY(prepare(w, path, err));
    CLV_TRY(fit(w, err));
    CLV_TRY(clv_value_print(w->fractions, &w->text, err));
    fputs(w->text, stdout);
    CLV_TRY(save(w->fractions, folder, "fractions.csv", err));
    CLV_TRY(save(w->fit, folder, "co2p.nc", err));
    return save(w->fit, folder, "co2p.csv", err);
}

int main(int count, char **arguments)
{
    work w = {0};
    clv_error err = {0};
    clv_status status;

    if (count != 3) {
        fprintf(stderr, "usage: %s PROFILE FOLDER\n", arguments[0]);
        return 2;
    }
    status = run(&w, arguments[1], arguments[2], &err);
    if (status) { fprintf(stderr, "%s\n", err.text); }
    clear(&w);
    return status ? 1 : 0;
}
