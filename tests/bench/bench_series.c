/* Times whole series through the public face: five regions of 200 levels with shared shapes, and a batch from file to
   table. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "simulated.h"

#define LEVELS 200
#define REGIONS 5
#define BATCH 2000

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(clv_status status, const clv_error *err)
{
    if (!status) { return; }
    fprintf(stderr, "bench_series: %s\n", err->text);
    exit(1);
}

/* Two lines that trade places with the level. */
static clv_spectra *profile(const char *name, double at, size_t levels, uint64_t seed)
{
    simulated_line *lines = calloc(2 * levels, sizeof *lines);
    simulated_region region = {.name = name,
                               .low = at - 8,
                               .step = 0.1,
                               .channels = 201,
                               .levels = levels,
                               .lines = 2,
                               .line = lines,
                               .level = 200,
                               .seed = seed};
    clv_spectra *made;

    for (size_t i = 0; i < levels; i++) {
        double part = (double)i / (double)levels;
        lines[2 * i] = (simulated_line){at, 1.3, 8000 * (0.2 + 0.8 * part)};
        lines[2 * i + 1] = (simulated_line){at + 2, 1.6, 8000 * (1 - 0.8 * part)};
    }
    made = simulated(&region);
    free(lines);
    return made;
}

static clv_value *options_of(double at, const char *share)
{
    clv_value *options = NULL;
    clv_model *model = NULL;
    clv_error err = {0};
    char text[600];

    snprintf(text, sizeof text,
             "shirley {}, peak { \"a\", position = { %g, %g, %g }, fwhm = { 1.2, 0.6, 2.5 } }, peak { \"b\", position "
             "= { %g, "
             "%g, %g }, fwhm = { 1.5, 0.6, 2.5 } }",
             at, at - 0.8, at + 0.8, at + 2, at + 1.2, at + 2.8);
    must(clv_model_parse(text, &model, &err), &err);
    must(clv_value_parse(share, &options, &err), &err);
    must(clv_value_set(options, "model", clv_value_object(CLV_MODEL, model), &err), &err);
    return options;
}

/* How far the shared place of the first line lies from the truth, in errors; a fit that failed ends the bench. */
static double off(const clv_value *value, double truth)
{
    const clv_fit *fit = clv_value_as_object(value, CLV_FIT);
    size_t p = clv_fit_parameter_find(fit, "a.position");

    for (size_t i = 0; i < LEVELS; i++) {
        if (clv_fit_flags(fit, i) & (CLV_FIT_NOT_CONVERGED | CLV_FIT_NOT_FINITE)) {
            fprintf(stderr, "bench_series: level %zu failed\n", i + 1);
            exit(1);
        }
    }
    return fabs(clv_fit_value(fit, 0, p) - truth) / clv_fit_error(fit, 0, p);
}

static void fit_regions(void)
{
    static const double at[REGIONS] = {285, 531, 780, 161, 133};
    clv_value *regions[REGIONS], *fit;
    double begin, whole, worst = 0;
    clv_error err = {0};

    for (int r = 0; r < REGIONS; r++) {
        regions[r] = clv_value_object(CLV_SPECTRA, profile("X", at[r], LEVELS, 1234567 + (uint64_t)r));
    }
    begin = seconds();
    for (int r = 0; r < REGIONS; r++) {
        clv_value *options =
            options_of(at[r], "share = { \"a.position\", \"b.position\", \"a.fwhm\", \"b.fwhm\", \"shirley.k\" }");

        must(clv_apply("fit", regions[r], options, &fit, &err), &err);
        worst = fmax(worst, off(fit, at[r]));
        clv_value_free(fit);
        clv_value_free(options);
        clv_value_free(regions[r]);
    }
    whole = seconds() - begin;
    printf("5 regions x 200 levels, 5 shapes and places shared over the levels of each: %.2f s "
           "(%.2f ms a spectrum), shared places at most %.1f errors off; asked: under 5 s on two cores\n",
           whole, 1000 * whole / (REGIONS * LEVELS), worst);
}

/* From a VAMAS file of 2000 spectra to a table of parameters. */
static void file_to_table(void)
{
    clv_spectra *made = profile("Co 2p", 780, BATCH, 99);
    clv_record *record = clv_record_new(), *loaded = NULL;
    clv_value *on, *options, *fit = NULL, *saved = NULL;
    clv_error err = {0};
    double begin, whole;

    must(clv_record_add(record, made, &err), &err);
    must(clv_convert(record, "bench_series.vms", "vamas", &err), &err);
    begin = seconds();
    must(clv_load("bench_series.vms", NULL, &loaded, &err), &err);
    on = clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(loaded, 0)));
    options = options_of(780, "");
    must(clv_apply("fit", on, options, &fit, &err), &err);
    must(clv_apply_text("save", fit, "\"bench_series.csv\"", &saved, &err), &err);
    whole = seconds() - begin;
    printf("VAMAS file of %d spectra of two lines on active Shirley to a table of parameters, reading and writing "
           "included: %.2f s, %.0f spectra a minute; asked: 10,000 on two cores\n",
           BATCH, whole, 60 * BATCH / whole);
    clv_value_free(saved);
    clv_value_free(fit);
    clv_value_free(options);
    clv_value_free(on);
    clv_record_free(loaded);
    clv_record_free(record);
    unlink("bench_series.vms");
    unlink("bench_series.csv");
}

int main(void)
{
    fit_regions();
    file_to_table();
    return 0;
}
