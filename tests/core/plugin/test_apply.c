/* Applying operations: the same bits for any number of threads, the line of history, groups, records of one spectra.
   Expected values are closed forms of what the test's own operation does. SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>

#include "plugin/options.h"

/* Multiplies by two and adds the offset; the variance by four. Refuses spectrum 3000 when the state says so. */
static clv_status double_block(const void *state, const clv_block *block, clv_error *err)
{
    for (size_t s = 0; s < block->count; s++) {
        CLV_CHECK(!state || block->first + s != 3000, err, CLV_FAILED, "spectrum 3000 is refused");
        for (size_t c = 0; c < block->channels; c++) {
            size_t i = s * block->channels + c;

            block->out[i] = 2 * block->intensity[i] + block->offset[s];
            if (block->out_variance) { block->out_variance[i] = 4 * block->variance[i]; }
        }
    }
    return CLV_OK;
}

static clv_status prepare_refusal(const clv_call *call, const clv_spectra *spectra, void **state, clv_error *err)
{
    (void)call;
    (void)err;
    *state = clv_spectra_count(spectra) > 3000 ? (void *)(uintptr_t)1 : NULL;
    return CLV_OK;
}

static const clv_operation doubling = {.size = sizeof doubling,
                                       .name = "double",
                                       .on = CLV_ON(CLV_SPECTRA),
                                       .gives = CLV_SPECTRA,
                                       .leaves = CLV_LEAVES_VARIANCE,
                                       .way = CLV_PER_SPECTRUM,
                                       .process = double_block};

/* `count` spectra of 100 channels of counts i + c. */
static clv_spectra *make(size_t count)
{
    double *values = calloc(count > 100 ? count : 100, sizeof *values);
    clv_axis *axes[2];
    clv_spectra *spectra = NULL;

    for (size_t i = 0; i < (count > 100 ? count : 100); i++) { values[i] = (double)i; }
    assert_int_equal(clv_axis_new("level", "1", values, count, &axes[0], NULL), CLV_OK);
    assert_int_equal(clv_axis_new("binding_energy", "eV", values, 100, &axes[1], NULL), CLV_OK);
    assert_int_equal(clv_spectra_new("C 1s", "counts", axes, 2, &spectra, NULL), CLV_OK);
    for (size_t i = 0; i < count * 100; i++) { clv_spectra_fill(spectra)[i] = (double)(i / 100 + i % 100); }
    assert_int_equal(clv_spectra_set_offset(spectra, values, values, NULL), CLV_OK);
    clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1.5, 2);
    clv_axis_free(axes[0]);
    clv_axis_free(axes[1]);
    free(values);
    return spectra;
}

static void tiles_do_the_same_for_any_number_of_threads(void **state)
{
    clv_value *on = clv_value_object(CLV_SPECTRA, make(2000)), *result = NULL;
    clv_call call = {.size = sizeof call, .on = on, .line = "double()"};

    (void)state;
    for (size_t threads = 1; threads <= 5; threads += 2) {
        const clv_spectra *made;
        clv_error err = {0};

        clv_threads_set(threads);
        assert_int_equal(clv_apply_spectra(&call, &doubling, &result, &err), CLV_OK);
        made = clv_value_as_object(result, CLV_SPECTRA);
        for (size_t i = 0; i < 2000 * 100; i++) {
            double count = (double)(i / 100 + i % 100);

            assert_true(clv_spectra_intensity(made)[i] == 2 * count + (double)(i / 100));
            assert_true(clv_spectra_variance(made)[i] == 4 * (1.5 * fmax(count, 1) + 4));
        }
        assert_true(clv_spectra_noise(made) == CLV_NOISE_VARIANCE);
        assert_string_equal(clv_spectra_history(made, clv_spectra_history_count(made) - 1), "double()");
        clv_value_free(result);
    }
    clv_threads_set(0);
    clv_value_free(on);
}

static void a_failing_tile_ends_it(void **state)
{
    clv_operation refusing = doubling;
    clv_value *on = clv_value_object(CLV_SPECTRA, make(4000)), *result = NULL;
    clv_call call = {.size = sizeof call, .on = on, .line = "double()"};
    clv_error err = {0};

    (void)state;
    refusing.prepare = prepare_refusal;
    assert_int_equal(clv_apply_spectra(&call, &refusing, &result, &err), CLV_FAILED);
    assert_string_equal(err.text, "spectrum 3000 is refused");
    assert_null(result);
    clv_value_free(on);
}

/* `smooth` stands on spectra; groups and records of one spectra are led to it. */
static void groups_and_single_records_are_served(void **state)
{
    clv_group *group = clv_group_new();
    clv_record *record = clv_record_new();
    clv_value *result = NULL, *on;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_group_add(group, "a", clv_value_object(CLV_SPECTRA, make(3)), &err), CLV_OK);
    assert_int_equal(clv_group_add(group, "b", clv_value_object(CLV_SPECTRA, make(2)), &err), CLV_OK);
    on = clv_value_object(CLV_GROUP, group);
    if (clv_apply_text("smooth", on, NULL, &result, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_value_kind(result), CLV_GROUP);
    assert_string_equal(clv_group_name(clv_value_as_object(result, CLV_GROUP), 1), "b");
    clv_value_free(result);
    assert_true(clv_apply_text("smooth", on, "nothing = 1", &result, &err) != CLV_OK);
    assert_memory_equal(err.text, "a: smooth: ", 11);
    clv_value_free(on);
    assert_int_equal(clv_record_add(record, make(2), &err), CLV_OK);
    on = clv_value_object(CLV_RECORD, record);
    if (clv_apply_text("smooth", on, NULL, &result, &err)) { fail_msg("%s", err.text); }
    assert_int_equal(clv_value_kind(result), CLV_SPECTRA);
    clv_value_free(result);
    assert_int_equal(clv_apply_text("smoth", on, NULL, &result, &err), CLV_NOT_FOUND);
    clv_value_free(on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_do_the_same_for_any_number_of_threads),
        cmocka_unit_test(a_failing_tile_ends_it),
        cmocka_unit_test(groups_and_single_records_are_served),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
