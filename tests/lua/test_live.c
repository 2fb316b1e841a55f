/* Live sessions: partial results equal to a run on a file of the same points, queue and counters, wrong use, cancel,
   several at once. SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <math.h>

#include <corelevel/corelevel.h>
#include <corelevel/session.h>

enum { POINTS = 400 };

/* A scan over the Co K edge (7709 eV): an arctangent step of 1 on a sloped line, the yields times a current. Every
   tenth point is measured twice, so that means are tested too. */
static double energy_of(int i) { return 7509 + 1.75 * (i - (i % 10 == 9)); }
static double i0_of(int i) { return 1e5 * (1 + 0.01 * sin(0.1 * i)); }

static double yield_of(int i, double slope)
{
    double e = energy_of(i) - 7709;

    return i0_of(i) * (0.5 + slope * e + atan(e / 1.5) / M_PI + 0.002 * sin(12.9898 * i));
}

static const char workflow[] =
    "local cl = require 'corelevel'\n"
    "cl.workflow { name = 'Live', inputs = { { 'scan', 'a scan' } }, live = { take = 'points', every = 0 } }\n"
    "local scan = cl.load(cl.inputs.scan)\n"
    "for _, yield in ipairs { 'tey', 'tfy' } do\n"
    "  scan:mu(yield):save('deep/' .. yield .. '.nc')\n"
    "  scan:mu(yield):normalize { pre = { -150, -30 }, post = { 100, 480 } }:save('deep/' .. yield .. "
    "'_normalised.nc')\n"
    "end\n";

static const char *const results[] = {"tey", "tey_normalised", "tfy", "tfy_normalised"};

static clv_session *open_text(const char *text, const char *out)
{
    clv_session_setup setup = {.size = sizeof setup, .max_failed = -1, .out = out};
    clv_session *session = NULL;
    clv_error err = {0};

    assert_int_equal(clv_session_open_text("w.lua", text, strlen(text), &setup, &session, &err), CLV_OK);
    return session;
}

static clv_signal signal_of(const char *name, const double *values, size_t count)
{
    return (clv_signal){
        .size = sizeof(clv_signal), .name = name, .type = CLV_FLOAT64, .values = values, .count = count};
}

static clv_status push_point(clv_session *session, int i, uint64_t sequence, clv_error *err)
{
    double values[4] = {energy_of(i), i0_of(i), yield_of(i, 1e-4), yield_of(i, 2e-4)};
    clv_signal signals[4] = {signal_of("energy", values, 1), signal_of("i0", values + 1, 1),
                             signal_of("tey", values + 2, 1), signal_of("tfy", values + 3, 1)};
    clv_push push = {.size = sizeof push, .signals = signals, .count = 4, .sequence = sequence};

    return clv_session_push(session, &push, NULL, err);
}

/* The first points as a file, with all digits. */
static void write_xdi(const char *path, int count)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs("# XDI/1.0\n# Column.1: energy eV\n# Column.2: i0\n# Column.3: tey\n# Column.4: tfy\n#---\n", file);
    for (int i = 0; i < count; i++) {
        fprintf(file, "%.17g %.17g %.17g %.17g\n", energy_of(i), i0_of(i), yield_of(i, 1e-4), yield_of(i, 2e-4));
    }
    fclose(file);
}

static void remove_folder(const char *folder)
{
    char path[120];

    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/deep/%s.nc", folder, results[i]);
        remove(path);
    }
    snprintf(path, sizeof path, "%s/deep", folder);
    remove(path);
    snprintf(path, sizeof path, "%s/scan.xdi", folder);
    remove(path);
    assert_int_equal(remove(folder), 0);
}

static void assert_same(const clv_session *a, const clv_session *b)
{
    for (int r = 0; r < 4; r++) {
        const clv_spectra *s = clv_value_as_object(clv_session_find(a, results[r]), CLV_SPECTRA);
        const clv_spectra *t = clv_value_as_object(clv_session_find(b, results[r]), CLV_SPECTRA);

        assert_int_equal(s != NULL, t != NULL);
        if (!s) { continue; }
        assert_true(clv_axis_equal(clv_spectra_energy(s), clv_spectra_energy(t)));
        assert_memory_equal(clv_spectra_intensity(s), clv_spectra_intensity(t),
                            clv_spectra_channels(s) * sizeof(double));
    }
}

/* The run on a file of the first points. */
static clv_session *run_offline(const char *folder, int count, clv_error *err)
{
    clv_session *session = open_text(workflow, folder);
    char path[100];

    snprintf(path, sizeof path, "%s/scan.xdi", folder);
    write_xdi(path, count);
    assert_int_equal(clv_session_set_input(session, "scan", clv_value_text(path), err), CLV_OK);
    clv_session_run(session, err);
    return session;
}

/* After each of 400 events what is published is that of a run on a file of the same points, to the bit; where one says
   that it cannot be, the other does with the same sentence. */
static void test_live__equals_the_file_after_each_event(void **state)
{
    char folder[] = "/tmp/corelevel-live-XXXXXX", out[] = "/tmp/corelevel-live-XXXXXX", path[100];
    clv_session *live = open_text(workflow, mkdtemp(out));
    clv_live_counters counters = {.size = sizeof counters};
    clv_error err = {0};
    int whole = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(clv_session_begin(live, NULL, &err), CLV_OK);
    for (int i = 0; i < POINTS; i++) {
        clv_error problem = {0};

        assert_int_equal(push_point(live, i, (uint64_t)i + 1, &err), CLV_OK);
        clv_session *offline = run_offline(folder, i + 1, &problem);
        assert_same(live, offline);
        assert_string_equal(clv_session_problem(live) ? clv_session_problem(live) : "", problem.text);
        whole += clv_session_find(live, "tfy_normalised") != NULL;
        clv_session_free(offline);
    }
    assert_true(whole > 100); /* a third of the scan lies beyond the edge and can be normalised */
    snprintf(path, sizeof path, "%s/deep", out);
    assert_int_not_equal(access(path, F_OK), 0); /* nothing has been written */
    assert_int_equal(clv_session_end(live, &err), CLV_OK);
    snprintf(path, sizeof path, "%s/deep/tfy_normalised.nc", out);
    assert_int_equal(access(path, F_OK), 0);
    clv_session *offline = run_offline(folder, POINTS, &err);
    assert_same(live, offline);
    clv_session_counters(live, &counters);
    assert_int_equal(counters.received, POINTS);
    assert_int_equal(counters.runs, POINTS + 1);
    assert_int_equal(counters.dropped + counters.gaps + counters.missing + counters.out_of_order, 0);
    clv_session_free(offline);
    clv_session_free(live);
    remove_folder(folder);
    remove_folder(out);
}

static const char counting[] =
    "local cl = require 'corelevel'\n"
    "cl.workflow { inputs = { { 'data', 'any' } }, live = { take = 'points', every = %g } }\n"
    "cl.load(cl.inputs.data)['tey']:save 'tey.nc'\n";

static void test_live__runs_no_more_often_than_declared(void **state)
{
    char text[400];
    clv_live_counters counters = {.size = sizeof counters};
    clv_error err = {0};

    (void)state;
    snprintf(text, sizeof text, counting, 1000.0);
    clv_session *session = open_text(text, NULL);
    assert_int_equal(clv_session_begin(session, NULL, &err), CLV_OK);
    for (int i = 0; i < 20; i++) { assert_int_equal(push_point(session, i, 0, &err), CLV_OK); }
    clv_session_counters(session, &counters);
    assert_int_equal(counters.runs, 1);
    clv_session_free(session);
}

static void test_live__counts_what_is_lost(void **state)
{
    static const uint64_t numbers[] = {1, 2, 5, 5, 6, 9};
    char text[400];
    double value = 7700;
    clv_signal signals[2] = {signal_of("energy", &value, 1), signal_of("tey", &value, 1)};
    clv_live_setup setup = {.size = sizeof setup, .queue = 4};
    clv_live_counters counters = {.size = sizeof counters};
    clv_error err = {0};
    int ran;

    (void)state;
    snprintf(text, sizeof text, counting, 0.0);
    clv_session *session = open_text(text, NULL);
    assert_int_equal(clv_session_begin(session, &setup, &err), CLV_OK);
    for (size_t i = 0; i < 6; i++) {
        clv_push push = {.size = sizeof push, .signals = signals, .count = 2, .sequence = numbers[i]};
        assert_int_equal(clv_session_post(session, &push, &err), CLV_OK);
    }
    clv_session_counters(session, &counters);
    assert_int_equal(counters.received, 4);
    assert_int_equal(counters.dropped, 2);
    assert_int_equal(counters.waiting, 4);
    assert_int_equal(counters.gaps, 2);    /* 2 to 5, 6 to 9 */
    assert_int_equal(counters.missing, 4); /* 3, 4, 7, 8 */
    assert_int_equal(counters.out_of_order, 1);
    assert_int_equal(clv_session_advance(session, &ran, &err), CLV_OK);
    assert_true(ran);
    assert_int_equal(clv_session_advance(session, &ran, &err), CLV_OK);
    assert_false(ran); /* nothing new */
    clv_session_free(session);
}

static const char stacking[] = "local cl = require 'corelevel'\n"
                               "cl.workflow { inputs = { { 'data', 'any' } }, live = { take = '%s' } }\n"
                               "cl.load(cl.inputs.data)['Co 2p']:save 'co.nc'\n";

/* Two pushes of six numbers on three energies: two spectra each of three, or two frames of two rows. */
static void push_twice(const char *take, size_t count, const char *along, size_t axes)
{
    static const double energies[3] = {780, 781, 782};
    float values[6] = {1, 2, 3, 4, 5, 6};
    clv_signal signals[2] = {signal_of("energy", energies, 3),
                             {sizeof(clv_signal), "Co 2p", "counts", CLV_FLOAT32, values, count}};
    clv_live_setup setup = {.size = sizeof setup, .axis = "binding_energy", .along = along, .along_unit = "s"};
    clv_error err = {0};
    char text[400];
    const clv_spectra *co;

    snprintf(text, sizeof text, stacking, take);
    clv_session *session = open_text(text, NULL);
    assert_int_equal(clv_session_begin(session, &setup, &err), CLV_OK);
    for (int i = 0; i < 2; i++) {
        clv_push push = {.size = sizeof push, .signals = signals + i, .count = 2 - (size_t)i, .position = 10.0 * i};
        assert_int_equal(clv_session_push(session, &push, NULL, &err), CLV_OK); /* the second without energies */
        assert_null(clv_session_problem(session));
        values[0] = 7;
    }
    co = clv_value_as_object(clv_session_find(session, "co"), CLV_SPECTRA);
    assert_int_equal(clv_spectra_axis_count(co), axes);
    assert_string_equal(clv_axis_name(clv_spectra_axis(co, 0)), along ? along : "scan");
    assert_int_equal(clv_spectra_intensity(co)[count], 7);
    assert_int_equal(clv_spectra_noise(co), CLV_NOISE_POISSON);
    clv_session_free(session);
}

static void test_live__stacks_spectra_and_frames(void **state)
{
    (void)state;
    push_twice("spectra", 3, NULL, 2);
    push_twice("spectra", 3, "etch_time", 2);
    push_twice("frames", 6, NULL, 3);
    push_twice("frames", 6, "etch_time", 3);
}

/* The newest two of four frames, the later ones without energies; four frames are more bytes than are allowed. */
static void test_live__keeps_the_newest(void **state)
{
    static const double energies[3] = {780, 781, 782};
    double values[3] = {1, 2, 3};
    clv_signal signals[2] = {signal_of("Co 2p", values, 3), signal_of("energy", energies, 3)};
    clv_live_setup setup = {.size = sizeof setup, .axis = "binding_energy", .keep = 2};
    clv_error err = {0};
    char text[400];
    const clv_spectra *co;

    (void)state;
    snprintf(text, sizeof text, stacking, "frames");
    clv_session *session = open_text(text, NULL);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(clv_session_begin(session, &setup, &err), CLV_OK);
        for (int i = 0; i < 4; i++) {
            clv_push push = {.size = sizeof push, .signals = signals, .count = i == 0 ? 2 : 1};
            values[0] = i;
            int status = clv_session_push(session, &push, NULL, &err);
            assert_int_equal(status, round && i ? CLV_LIMIT : CLV_OK);
            if (status) { break; }
        }
        if (round) { break; }
        co = clv_value_as_object(clv_session_find(session, "co"), CLV_SPECTRA);
        assert_int_equal(clv_spectra_count(co), 2);
        assert_int_equal(clv_spectra_intensity(co)[0], 2);
        assert_int_equal(clv_spectra_intensity(co)[3], 3);
        clv_session_cancel(session);
        setup.most = 150;
    }
    clv_session_free(session);
}

static void refuses(clv_session *session, const clv_push *push, const char *sentence)
{
    clv_error err = {0};

    assert_int_equal(clv_session_push(session, push, NULL, &err), CLV_BAD_ARGUMENT);
    if (!strstr(err.text, sentence)) { fail_msg("'%s' is not in '%s'", sentence, err.text); }
}

static void test_live__tells_wrong_use_in_sentences(void **state)
{
    double values[3] = {7700, 1, NAN}, infinite = INFINITY;
    clv_signal good[2] = {signal_of("energy", values, 1), signal_of("tey", values + 1, 1)}, bad[2] = {good[0], good[1]};
    clv_push push = {.size = sizeof push, .signals = bad, .count = 2};
    char text[400];
    clv_error err = {0};

    (void)state;
    snprintf(text, sizeof text, counting, 0.0);
    clv_session *session = open_text(text, NULL);
    refuses(session, &push, "push: the session is not live: begin it first");
    assert_int_equal(clv_session_end(session, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_session_begin(session, NULL, &err), CLV_OK);
    assert_int_equal(clv_session_begin(session, NULL, &err), CLV_BAD_ARGUMENT);
    assert_int_equal(clv_session_run(session, &err), CLV_BAD_ARGUMENT);
    bad[1].values = values + 2;
    refuses(session, &push, "number 1 of tey is not a number");
    bad[1].values = &infinite;
    refuses(session, &push, "number 1 of tey is infinite");
    bad[1] = good[1];
    bad[1].type = (clv_number_type)77;
    refuses(session, &push, "the type of tey is 77");
    bad[1] = good[1];
    bad[1].count = 0;
    refuses(session, &push, "tey is empty");
    bad[1] = good[1];
    bad[1].size = 8;
    refuses(session, &push, "signal 2 says it has 8 bytes");
    bad[1] = good[1];
    bad[1].name = "energy";
    refuses(session, &push, "two signals energy");
    bad[0].name = "mono";
    bad[1] = good[1];
    refuses(session, &push, "no signal is called energy");
    bad[0] = good[0];
    bad[0].count = 2;
    refuses(session, &push, "does not fit 2 energies");
    bad[0] = good[0];
    push.size = 4;
    refuses(session, &push, "the push says it has 4 bytes");
    push = (clv_push){.size = sizeof push, .signals = bad, .count = 0};
    refuses(session, &push, "it holds no signals");
    refuses(session, NULL, "the push says it has 0 bytes");
    assert_int_equal(clv_session_end(session, &err), CLV_BAD_ARGUMENT);
    assert_string_equal(err.text, "end: nothing was pushed");
    clv_session_free(session);
}

static void test_live__tells_what_cannot_be_begun(void **state)
{
    clv_live_setup input = {.size = sizeof input, .input = "dta"}, axis = {.size = sizeof axis, .axis = "depth"};
    clv_session *offline = open_text("require('corelevel').workflow { inputs = { { 'data' } } }", NULL);
    clv_error err = {0};
    char text[400];

    (void)state;
    assert_int_equal(clv_session_begin(offline, NULL, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "takes nothing live"));
    clv_session_free(offline);
    snprintf(text, sizeof text, counting, 0.0);
    clv_session *session = open_text(text, NULL);
    assert_int_equal(clv_session_begin(session, &input, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "did you mean 'data'?"));
    assert_int_equal(clv_session_begin(session, &axis, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "the axis is \"depth\""));
    clv_session_free(session);
}

static void test_live__is_cancelled_and_begun_anew(void **state)
{
    char text[400];
    clv_error err = {0};

    (void)state;
    snprintf(text, sizeof text, counting, 0.0);
    clv_session *session = open_text(text, NULL);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(clv_session_begin(session, NULL, &err), CLV_OK);
        assert_int_equal(push_point(session, 0, 0, &err), CLV_OK);
        assert_non_null(clv_session_find(session, "tey"));
        clv_session_cancel(session);
        assert_int_equal(push_point(session, 1, 0, &err), CLV_CANCELLED);
    }
    assert_int_equal(clv_session_end(session, &err), CLV_CANCELLED);
    clv_session_free(session);
}

/* Another thread cancels a run that would never end. */
static void *cancel_soon(void *session)
{
    usleep(50000);
    clv_session_cancel(session);
    return NULL;
}

static void test_live__cancels_a_run_under_way(void **state)
{
    clv_session *session =
        open_text("require('corelevel').workflow { inputs = { { 'data' } }, live = {} } while true do end", NULL);
    clv_error err = {0};
    pthread_t thread;

    (void)state;
    assert_int_equal(clv_session_begin(session, NULL, &err), CLV_OK);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, session), 0);
    assert_int_equal(push_point(session, 0, 0, &err), CLV_CANCELLED);
    pthread_join(thread, NULL);
    clv_session_free(session);
}

/* Keeps what one session published last. */
static void *run_whole(void *payload)
{
    clv_session *session = open_text(workflow, NULL);
    clv_error err = {0};

    assert_int_equal(clv_session_begin(session, NULL, &err), CLV_OK);
    for (int i = 0; i < POINTS; i++) { assert_int_equal(push_point(session, i, 0, &err), CLV_OK); }
    *(clv_session **)payload = session;
    return NULL;
}

static void test_live__eight_at_once_are_the_same(void **state)
{
    pthread_t threads[8];
    clv_session *sessions[8];

    (void)state;
    for (int i = 0; i < 8; i++) { assert_int_equal(pthread_create(&threads[i], NULL, run_whole, &sessions[i]), 0); }
    for (int i = 0; i < 8; i++) { pthread_join(threads[i], NULL); }
    assert_non_null(clv_session_find(sessions[0], "tfy_normalised"));
    for (int i = 1; i < 8; i++) { assert_same(sessions[0], sessions[i]); }
    for (int i = 0; i < 8; i++) { clv_session_free(sessions[i]); }
}

/* Runs offline, which writes, on a thread of its own. */
static void *write_files(void *folder)
{
    clv_error err = {0};

    clv_session_free(run_offline(folder, POINTS, &err));
    assert_int_equal(err.status, CLV_OK);
    return NULL;
}

/* HDF5 would print what netCDF expects to fail, on every thread but the first that used it. */
static void test_live__prints_nothing_on_other_threads(void **state)
{
    char folder[] = "/tmp/corelevel-live-XXXXXX", path[100];
    pthread_t thread;
    int before = dup(STDERR_FILENO), file;
    off_t printed;

    (void)state;
    assert_non_null(mkdtemp(folder));
    write_files(folder);
    snprintf(path, sizeof path, "%s/stderr", folder);
    file = open(path, O_CREAT | O_RDWR, 0600);
    assert_true(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    assert_int_equal(pthread_create(&thread, NULL, write_files, folder), 0);
    pthread_join(thread, NULL);
    fflush(stderr);
    printed = lseek(file, 0, SEEK_END);
    dup2(before, STDERR_FILENO);
    close(before);
    close(file);
    remove(path);
    assert_int_equal(printed, 0);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live__equals_the_file_after_each_event),
        cmocka_unit_test(test_live__runs_no_more_often_than_declared),
        cmocka_unit_test(test_live__counts_what_is_lost),
        cmocka_unit_test(test_live__stacks_spectra_and_frames),
        cmocka_unit_test(test_live__keeps_the_newest),
        cmocka_unit_test(test_live__tells_wrong_use_in_sentences),
        cmocka_unit_test(test_live__tells_what_cannot_be_begun),
        cmocka_unit_test(test_live__is_cancelled_and_begun_anew),
        cmocka_unit_test(test_live__cancels_a_run_under_way),
        cmocka_unit_test(test_live__prints_nothing_on_other_threads),
        cmocka_unit_test(test_live__eight_at_once_are_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
