/* Runs out of memory at every single allocation of whole chains of operations: each failure is an error that says so,
   and nothing is freed twice or lost. The allocator is the linker's doing (--wrap).
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "simulated.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size);
char *__wrap_strdup(const char *text);

/* The allocation that fails, counted from 1; 0: none. */
static long failing, counted;

static int refused(void) { return failing > 0 && ++counted == failing; }

void *__wrap_malloc(size_t size) { return refused() ? NULL : __real_malloc(size); }

void *__wrap_calloc(size_t count, size_t size) { return refused() ? NULL : __real_calloc(count, size); }

void *__wrap_realloc(void *block, size_t size) { return refused() ? NULL : __real_realloc(block, size); }

void *__wrap_reallocarray(void *block, size_t count, size_t size)
{
    size_t total;

    return __builtin_mul_overflow(count, size, &total) ? NULL : __wrap_realloc(block, total);
}

char *__wrap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

/* ---- Chains: each operation stands on what the one before gave */

typedef struct link {
    const char *name, *options;
} link;

static clv_record *record;

static clv_value *begin(int spectra)
{
    return spectra ? clv_value_object(CLV_SPECTRA, clv_spectra_ref(clv_record_at(record, 0)))
                   : clv_value_object(CLV_RECORD, clv_record_ref(record));
}

static clv_status run_chain(const link *chain, int spectra, clv_error *err)
{
    clv_value *at = begin(spectra);
    clv_status status = at ? CLV_OK : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    for (; chain->name && !status; chain++) {
        clv_value *next = NULL;

        status = clv_apply_text(chain->name, at, chain->options, &next, err);
        clv_value_free(at);
        at = next;
    }
    clv_value_free(at);
    return status;
}

static clv_status fit_model(const clv_model *model, const char *text, clv_value **fit, clv_error *err)
{
    clv_value *on = begin(1), *options = NULL;
    clv_status status = on ? clv_value_parse(text, &options, err) : clv_fail(err, CLV_NO_MEMORY, "out of memory");

    if (!status) { status = clv_value_set(options, "model", clv_value_object(CLV_MODEL, clv_model_ref(model)), err); }
    if (!status) { status = clv_apply("fit", on, options, fit, err); }
    clv_value_free(options);
    clv_value_free(on);
    return status;
}

static clv_status run_fit(const char *options, clv_error *err)
{
    clv_model *model = NULL;
    clv_value *fit = NULL, *fractions = NULL;
    char *text = NULL;
    clv_status status =
        clv_model_parse("linear {}, shirley { active = false }, peak { 'A', position = 284.8, fwhm = {1.2, "
                        "0.5, 2} }, peak { 'B', position = 'A.position + 1.7', fwhm = 'A.fwhm' }, peak { "
                        "'C', line = 'C 1s', position = 290 }",
                        &model, err);

    if (!status) { status = fit_model(model, options, &fit, err); }
    if (!status) { status = clv_apply_text("fractions", fit, "'A', 'B'", &fractions, err); }
    if (!status) { status = clv_value_print(fit, &text, err); }
    clv_text_free(text);
    clv_value_free(fractions);
    clv_value_free(fit);
    clv_model_free(model);
    return status;
}

static clv_status run_job(int job, clv_error *err)
{
    static const link of_record[] = {{"charge_correct",
                                      "missing = 'hold', component = 'metal', line = 'Al 2p', at = 74"},
                                     {"depth", "0.05"},
                                     {"crop", "68, 80"},
                                     {"drop", "level = 2"},
                                     {NULL, NULL}},
                      of_spectra[] = {{"crop", "68, 80"},
                                      {"subtract", "shirley { active = false, ends = { 69, 79 } }"},
                                      {"smooth", "5"},
                                      {"sum", ""},
                                      {NULL, NULL}};

    switch (job) {
    case 0: return run_chain(of_record, 0, err);
    case 1: return run_chain(of_spectra, 1, err);
    case 2: return run_fit("range = { 68, 80 }", err);
    default: return run_fit("share = { 'A.fwhm', 'A.position' }", err);
    }
}

/* How often a job may go on without the memory it was refused: threads that cannot be had are done without. */
#define FORGIVEN 8

static void sweep(int job)
{
    long survived = 0;

    for (long n = 1;; n++) {
        clv_error err = {0};
        clv_status status;

        counted = 0;
        failing = n;
        status = run_job(job, &err);
        failing = 0;
        if (counted < n) {
            assert_int_equal(status, CLV_OK);
            assert_true(n > 50);
            break;
        }
        survived += status == CLV_OK;
        if (status && status != CLV_NO_MEMORY) { fail_msg("allocation %ld of job %d: %s", n, job, err.text); }
    }
    assert_true(survived <= FORGIVEN);
}

static void operations_on_records(void **state)
{
    (void)state;
    sweep(0);
}

static void operations_on_spectra(void **state)
{
    (void)state;
    sweep(1);
}

static void fits(void **state)
{
    (void)state;
    sweep(2);
}

static void shared_fits(void **state)
{
    (void)state;
    sweep(3);
}

static int make_record(void **state)
{
    static const simulated_line metal[] = {{74.0, 1.1, 6000}, {74.4, 1.1, 3000}};
    static const simulated_region region = {.name = "Al 2p",
                                            .low = 68,
                                            .step = 0.1,
                                            .channels = 130,
                                            .levels = 2,
                                            .lines = 2,
                                            .line = metal,
                                            .level = 200,
                                            .seed = 3,
                                            .same = 1};
    clv_error err = {0};

    (void)state;
    clv_threads_set(1);
    record = clv_record_new();
    assert_int_equal(clv_record_add(record, simulated(&region), NULL), CLV_OK);
    for (int job = 0; job < 4; job++) { /* what is made once a process is made now */
        if (run_job(job, &err)) { fail_msg("%s", err.text); }
    }
    return 0;
}

static int drop_record(void **state)
{
    (void)state;
    clv_record_free(record);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_on_records),
        cmocka_unit_test(operations_on_spectra),
        cmocka_unit_test(fits),
        cmocka_unit_test(shared_fits),
    };

    return cmocka_run_group_tests(tests, make_record, drop_record);
}
