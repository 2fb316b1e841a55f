/* The envelope library: what spectra/envelopes.xml holds, finding states, and hostile XML refused with the line.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/envelopes.h>

#include "store/envelope_library.h"

/* Areas of all states sum to one after reading, and every source says where its values come from. */
static void every_state_is_whole(void **state)
{
    clv_error err = {0};

    (void)state;
    if (clv_envelopes_ready(&err)) { fail_msg("%s", err.text); }
    assert_true(clv_envelopes_count() >= 15);
    assert_null(clv_envelopes_at(clv_envelopes_count()));
    for (size_t i = 0; i < clv_envelopes_count(); i++) {
        const clv_envelope *e = clv_envelopes_at(i);
        double sum = 0;

        for (size_t k = 0; k < e->count; k++) {
            sum += e->parts[k].area;
            assert_true(k == 0 || e->parts[k].position > e->parts[k - 1].position);
        }
        assert_true(fabs(sum - 1) < 1e-12);
        assert_non_null(strstr(e->source, "doi 10."));
    }
}

static void states_are_found(void **state)
{
    const clv_envelope *e = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_envelopes_find("coo", NULL, &e, &err), CLV_OK);
    assert_string_equal(e->state, "CoO");
    assert_true(e->parts[0].position == 780.0 && e->parts[3].fwhm == 5.28);
    assert_int_equal(clv_envelopes_find("CoO", "Co 2p", &e, &err), CLV_OK);
    assert_int_equal(clv_envelopes_find("CoO", "Fe 2p", &e, &err), CLV_NOT_FOUND);
    assert_int_equal(clv_envelopes_find("Co3O5", NULL, &e, &err), CLV_NOT_FOUND);
    assert_non_null(strstr(err.text, "did you mean \"Co3O4\"?"));
}

#define HEAD "<envelopes version='1'><sources><source id='a' authors='b' title='c' year='2000'/></sources>"
#define GOOD "<envelope state='X' line='Co 2p3/2' source='a'><part position='780' fwhm='1' area='2'/></envelope>"

static void bad_libraries_are_refused(void **state)
{
    static const char *const cases[][2] = {
        {"<lines/>", "the root is <lines>"},
        {HEAD "</envelopes>", "holds no envelopes"},
        {HEAD "<envelope state='X' line='Co 2p' source='b'/></envelopes>", "there is no source \"b\""},
        {HEAD "<envelope state='X' line='Co 2p' source='a'/></envelopes>", "has no <part>"},
        {HEAD "<envelope state='X' line='cobalt' source='a'/></envelopes>", "\"cobalt\" is no line"},
        {HEAD "<part position='1' fwhm='1' area='1'/></envelopes>", "<part> belongs in an <envelope>"},
        {HEAD
         "<envelope state='X' line='Co 2p' source='a'><part position='780' fwhm='0' area='1'/></envelope></envelopes>",
         "fwhm = 0 lies outside"},
        {HEAD "<envelope state='X' line='Co 2p' source='a'><part position='780' area='1'/></envelope></envelopes>",
         "fwhm"},
        {HEAD "<envelope state='X' line='Co 2p' source='a' split='5'><part position='780' fwhm='1' "
              "area='1'/></envelope></envelopes>",
         "split and ratio of X belong together"},
        {HEAD GOOD, "x.xml"},
        {HEAD "<peak/></envelopes>", "<peak> is no part"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clv_envelope_library library = {0};
        clv_error err = {0};

        assert_int_equal(clv_envelope_library_read("x.xml", cases[i][0], strlen(cases[i][0]), &library, &err),
                         CLV_BAD_FILE);
        if (!strstr(err.text, cases[i][1])) { fail_msg("\"%s\" does not say \"%s\"", err.text, cases[i][1]); }
        assert_int_equal(library.count, 0);
    }
}

/* Every single changed byte of a good library is read or refused. */
static void no_byte_hurts(void **state)
{
    static const char good[] = HEAD GOOD "</envelopes>";
    char text[sizeof good];

    (void)state;
    for (size_t i = 0; i + 1 < sizeof good; i++) {
        for (int k = 0; k < 4; k++) {
            clv_envelope_library library = {0};
            clv_error err = {0};

            memcpy(text, good, sizeof good);
            text[i] = "9<'\xff"[k];
            if (clv_envelope_library_read("x.xml", text, sizeof good - 1, &library, &err)) {
                assert_true(strlen(err.text) > 10);
            }
            clv_envelope_library_clear(&library);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_state_is_whole), cmocka_unit_test(states_are_found),
                                       cmocka_unit_test(bad_libraries_are_refused), cmocka_unit_test(no_byte_hurts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
