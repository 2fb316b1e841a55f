/* Sessions from C: objects in place of paths, results, limits, stops, outcomes, several at once.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/corelevel.h>
#include <corelevel/session.h>

#define SAMPLE CLV_SOURCE_DIR "/spectra/samples/licoo2_reduced.vms"

/* What a session printed, one after the other. */
typedef struct paper {
    char text[4000];
    size_t used;
    int stop;
} paper;

static void print(void *payload, const char *text, size_t length)
{
    paper *self = payload;

    assert_true(self->used + length < sizeof self->text);
    memcpy(self->text + self->used, text, length);
    self->text[self->used += length] = 0;
}

static int stop(void *payload) { return ((paper *)payload)->stop; }

static clv_session *open_text(const char *text, paper *self, double time_limit)
{
    clv_session_setup setup = {.size = sizeof setup,
                               .max_failed = -1,
                               .time_limit = time_limit,
                               .payload = self,
                               .print = print,
                               .stop = stop};
    clv_session *session = NULL;
    clv_error err = {0};

    assert_int_equal(clv_session_open_text("w.lua", text, strlen(text), &setup, &session, &err), CLV_OK);
    return session;
}

static const char declared[] =
    "local cl = require 'corelevel'\n"
    "cl.workflow { name = 'Trial', inputs = { { 'data', 'any' } }, options = { n = { 2 } } }\n"
    "print(#cl.load(cl.inputs.data), cl.options.n)\n";

static void test_session__describes_without_running(void **state)
{
    paper self = {0};
    clv_session *session = open_text(declared, &self, 0);
    const clv_value *declaration = NULL, *first;
    const char *help = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_session_describe(session, &declaration, &help, &err), CLV_OK);
    assert_string_equal(clv_value_as_text(clv_value_get(declaration, "name")), "Trial");
    first = clv_value_at(clv_value_get(declaration, "inputs"), 0);
    assert_string_equal(clv_value_as_text(clv_value_get(first, "name")), "data");
    assert_non_null(strstr(help, "--n 2"));
    assert_int_equal(self.used, 0);
    clv_session_free(session);
}

static void test_session__takes_an_object_for_a_path(void **state)
{
    paper self = {0};
    clv_session *session = open_text(declared, &self, 0);
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_load(SAMPLE, NULL, &record, &err), CLV_OK);
    assert_int_equal(clv_session_set_input(session, "data", clv_value_object(CLV_RECORD, record), &err), CLV_OK);
    assert_int_equal(clv_session_set_option(session, "n", clv_value_number(7), &err), CLV_OK);
    for (int i = 0; i < 2; i++) { /* again, on the same data */
        self.used = 0;
        assert_int_equal(clv_session_run(session, &err), CLV_OK);
        assert_string_equal(self.text, "3\t7.0\n"); /* the sample holds Co 2p, C 1s and O 1s */
        assert_int_equal(clv_session_outcome(session), CLV_OUTCOME_DONE);
    }
    clv_session_free(session);
}

static void test_session__refuses_what_is_not_declared(void **state)
{
    paper self = {0};
    clv_session *session = open_text(declared, &self, 0);
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_session_run(session, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_session_outcome(session), CLV_OUTCOME_USAGE);
    assert_string_equal(err.text, "the input 'data' is missing: any");
    assert_int_equal(clv_session_set_option(session, "m", clv_value_number(7), &err), CLV_OK);
    assert_int_equal(clv_session_run(session, &err), CLV_BAD_ARGUMENT);
    assert_string_equal(err.text, "the workflow declares no option 'm'");
    clv_session_free(session);
}

static void expect(const char *text, int stopping, double limit, clv_status status, clv_outcome outcome)
{
    paper self = {.stop = stopping};
    clv_session *session = open_text(text, &self, limit);
    clv_error err = {0};

    assert_int_equal(clv_session_run(session, &err), status);
    assert_int_equal(clv_session_outcome(session), outcome);
    assert_true(err.text[0]);
    clv_session_free(session);
}

static void test_session__tells_what_became_of_a_run(void **state)
{
    (void)state;
    expect("x =", 0, 0, CLV_BAD_ARGUMENT, CLV_OUTCOME_WORKFLOW);
    expect("error 'mine'", 0, 0, CLV_BAD_ARGUMENT, CLV_OUTCOME_WORKFLOW);
    expect("require('corelevel').load 'nosuch.vms'", 0, 0, CLV_NOT_FOUND, CLV_OUTCOME_INPUT);
    expect("while true do end", 1, 0, CLV_CANCELLED, CLV_OUTCOME_INTERRUPTED);
    expect("while true do pcall(error) end", 0, 0.05, CLV_LIMIT, CLV_OUTCOME_LIMIT);
    expect("pcall(function() while true do end end)", 0, 0.05, CLV_LIMIT, CLV_OUTCOME_LIMIT);
}

static void test_session__cannot_open_what_is_not_there(void **state)
{
    clv_session *session = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_session_open("nosuch.lua", NULL, &session, &err), CLV_NOT_FOUND);
    assert_null(session);
    assert_non_null(strstr(err.text, "nosuch.lua"));
}

static void test_session__counts_failed_fits(void **state)
{
    paper self = {0};
    clv_session *session =
        open_text("local cl = require 'corelevel'\n"
                  "local co = cl.load('" SAMPLE "')['Co 2p']\n"
                  "co:fit(cl.model { cl.peak { 'A', position = { 910, 900, 920 } } }, { range = { 900, 950 } })\n",
                  &self, 0);
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_session_run(session, &err), CLV_OK);
    assert_int_equal(clv_session_outcome(session), CLV_OUTCOME_FAILED);
    assert_int_equal(clv_session_fitted(session), 3); /* three levels, no channel of theirs in the range */
    assert_int_equal(clv_session_failed(session), 3);
    clv_session_free(session);
}

/* What was saved is kept under its name, and a fit that is saved is not counted again. */
static void test_session__publishes_what_is_saved(void **state)
{
    char folder[] = "/tmp/corelevel-session-XXXXXX", path[64];
    paper self = {0};
    static const char text[] = "local cl = require 'corelevel'\n"
                               "local co = cl.load('" SAMPLE "')['Co 2p']\n"
                               "local fit = co:fit(cl.model { cl.peak { 'A', position = 780 } })\n"
                               "fit:save 'deep/fit.csv'\n"
                               "fit['A'].area:save 'area.csv'\n";
    clv_session_setup setup = {.size = sizeof setup, .max_failed = -1, .payload = &self, .print = print};
    clv_session *session = NULL;
    clv_error err = {0};
    static const char *const files[] = {"deep/fit.csv", "deep/fit_parameters.csv", "area.csv", "deep", ""};

    (void)state;
    assert_non_null(mkdtemp(folder));
    setup.out = folder;
    assert_int_equal(clv_session_open_text("w.lua", text, strlen(text), &setup, &session, &err), CLV_OK);
    assert_int_equal(clv_session_run(session, &err), CLV_OK);
    assert_int_equal(clv_session_result_count(session), 2);
    assert_string_equal(clv_session_result_path(session, 0), "deep/fit.csv");
    assert_int_equal(clv_value_kind(clv_session_find(session, "fit")), CLV_FIT);
    assert_int_equal(clv_value_kind(clv_session_find(session, "area")), CLV_COLUMNS);
    assert_null(clv_session_find(session, "are"));
    assert_int_equal(clv_session_fitted(session), 3);
    clv_session_free(session);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        assert_int_equal(remove(path), 0);
    }
}

static void *run_many(void *payload)
{
    paper self = {0};
    clv_session *session = open_text("local cl = require 'corelevel'\n"
                                     "local co = cl.load('" SAMPLE "')['Co 2p']:crop(773, 811)\n"
                                     "print(#co.energy, math.random(1000))",
                                     &self, 0);
    clv_error err = {0};

    for (int i = 0; i < 10; i++) {
        self.used = 0;
        assert_int_equal(clv_session_run(session, &err), CLV_OK);
    }
    memcpy(payload, self.text, 64);
    clv_session_free(session);
    return NULL;
}

static void test_session__several_run_at_once(void **state)
{
    pthread_t threads[4];
    char texts[4][64];

    (void)state;
    for (int i = 0; i < 4; i++) { assert_int_equal(pthread_create(&threads[i], NULL, run_many, texts[i]), 0); }
    for (int i = 0; i < 4; i++) { pthread_join(threads[i], NULL); }
    assert_memory_equal(texts[0], "381\t", 4); /* 0.1 eV steps from 773 to 811 */
    for (int i = 1; i < 4; i++) { assert_string_equal(texts[i], texts[0]); }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session__describes_without_running),
        cmocka_unit_test(test_session__takes_an_object_for_a_path),
        cmocka_unit_test(test_session__refuses_what_is_not_declared),
        cmocka_unit_test(test_session__tells_what_became_of_a_run),
        cmocka_unit_test(test_session__cannot_open_what_is_not_there),
        cmocka_unit_test(test_session__counts_failed_fits),
        cmocka_unit_test(test_session__publishes_what_is_saved),
        cmocka_unit_test(test_session__several_run_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
