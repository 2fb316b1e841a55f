/* The C twin of use.lua: the same calls, the same numbers to the bit. Built with pkg-config alone.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>

#include <stdio.h>

typedef struct work {
    clv_record *record;
    clv_spectra *region;
    clv_model *model;
    clv_value *spectra, *options, *fit, *corrected;
} work;

static clv_status print_fit(const clv_fit *fit, clv_error *err)
{
    static const char *const names[] = {"position", "fwhm", "area"};

    for (size_t i = 0; i < 3; i++) {
        char name[40];
        size_t place;

        snprintf(name, sizeof name, "Sn.%s", names[i]);
        place = clv_fit_parameter_find(fit, name);
        CLV_CHECK(place != SIZE_MAX, err, CLV_NOT_FOUND, "the fit has no %s", name);
        printf("%s %.17g\n", names[i], clv_fit_value(fit, 0, place));
    }
    return CLV_OK;
}

static clv_status run(work *w, const char *path, clv_error *err)
{
    const clv_spectra *corrected;

    CLV_TRY(clv_load(path, NULL, &w->record, err));
    CLV_TRY(clv_record_find(w->record, "Sn 3d", 0.0 / 0.0, &w->region, err));
    w->spectra = clv_value_object(CLV_SPECTRA, clv_spectra_ref(w->region));
    CLV_TRY(clv_model_parse("constant {}, sech { 'Sn', position = { 487, 486, 488 } }", &w->model, err));
    CLV_TRY(clv_value_parse("statistics = 'least_squares'", &w->options, err));
    CLV_TRY(clv_value_set(w->options, "model", clv_value_object(CLV_MODEL, clv_model_ref(w->model)), err));
    CLV_TRY(clv_apply("fit", w->spectra, w->options, &w->fit, err));
    CLV_TRY(print_fit(clv_value_as_object(w->fit, CLV_FIT), err));
    CLV_TRY(clv_apply_text("dead_time", w->spectra, "100,", &w->corrected, err));
    corrected = clv_value_as_object(w->corrected, CLV_SPECTRA);
    printf("corrected %.17g %.17g\n", clv_spectra_intensity(w->region)[70], clv_spectra_intensity(corrected)[70]);
    return CLV_OK;
}

int main(int count, char **arguments)
{
    work w = {0};
    clv_error err = {0};
    clv_status status;

    if (count != 2) { return 2; }
    status = run(&w, arguments[1], &err);
    if (status) { fprintf(stderr, "%s\n", err.text); }
    clv_value_free(w.corrected);
    clv_value_free(w.fit);
    clv_value_free(w.options);
    clv_value_free(w.spectra);
    clv_model_free(w.model);
    clv_record_free(w.record);
    return status ? 1 : 0;
}
