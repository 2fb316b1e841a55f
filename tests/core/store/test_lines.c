/* The line library: values against spectra/lines.xml and its sources, spellings and states, and hostile XML refused.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/lines.h>

#include "store/line_library.h"
#include "store/xml.h"

static const clv_line *find(const char *name, const char *state)
{
    const clv_line *line = NULL;
    clv_error err = {0};

    if (clv_lines_find(name, state, &line, &err)) { fail_msg("%s", err.text); }
    return line;
}

/* Co 2p: 778.1 eV (Williams, X-Ray Data Booklet, table 1-1), splitting 14.99 eV (Thermo), 2p3/2 width 0.47 eV and
   0.66 eV more for 2p1/2 (Campbell and Papp 2001: 0.47 and 1.13). */
static void values_of_an_element(void **state)
{
    const clv_line *line = find("Co 2p", NULL);

    (void)state;
    assert_string_equal(line->element, "Co");
    assert_string_equal(line->name, "Co 2p");
    assert_null(line->state);
    assert_float_equal(line->energy, 778.1, 1e-9);
    assert_float_equal(line->split, 14.99, 1e-9);
    assert_float_equal(line->ratio, 0.5, 1e-9);
    assert_float_equal(line->lorentzian, 0.47, 1e-9);
    assert_float_equal(line->broaden, 0.66, 1e-9);
    assert_non_null(strstr(line->energy_source, "G. P. Williams"));
    assert_non_null(strstr(line->lorentzian_source, "10.1006/adnd.2000.0848"));
    assert_true(isnan(find("C 1s", NULL)->split));
    assert_null(find("C 1s", NULL)->split_source);
}

static void any_spelling(void **state)
{
    static const char *const same[] = {"Co2p", "co 2p", "Co 2p3/2", "Co2p1/2", " Co 2p "};

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_ptr_equal(find(same[i], NULL), find("Co 2p", NULL));
    }
}

/* States of lines.xml: their own energy, the rest the line's where it is not said. */
static void states(void **state)
{
    (void)state;
    assert_float_equal(find("C 1s", "C-C")->energy, 284.8, 1e-9);
    assert_float_equal(find("C 1s", "c-c")->energy, 284.8, 1e-9);
    assert_float_equal(find("Co 2p", "Co3+")->energy, 780.0, 1e-9);
    assert_float_equal(find("Co 2p", "Co3+")->split, 15.0, 1e-9);
    assert_float_equal(find("Co 2p", "Co2+")->split, 15.1, 1e-9);
    assert_string_equal(find("Co 2p", "Co2+")->state, "Co2+ on LiCoO2");
    assert_float_equal(find("Co 2p", "Co2+ in CoO")->energy, 780.0, 1e-9);
    assert_float_equal(find("Co 2p", "CoO")->energy, 780.0, 1e-9);
    assert_float_equal(find("Co 2p", "Co2+ in CoO")->split, 14.99, 1e-9);
    assert_float_equal(find("Co 2p", "Co2+ in CoO")->lorentzian, 0.47, 1e-9);
    assert_non_null(strstr(find("Co 2p", "Co3+")->energy_source, "quoted, not read there"));
    /* "O" stands in many states but in none as a word. */
    assert_ptr_equal(find("Co 2p", "O"), find("Co 2p", NULL));
    assert_ptr_equal(find("Co 2p", "unheard of"), find("Co 2p", NULL));
    assert_ptr_equal(find("Co 2p", ""), find("Co 2p", NULL));
}

static void order_and_ends(void **state)
{
    size_t own = 0;

    (void)state;
    assert_int_equal(clv_lines_ready(NULL), CLV_OK);
    assert_true(clv_lines_count() > 100);
    for (size_t i = 0; i < clv_lines_count(); i++) {
        const clv_line *line = clv_lines_at(i);

        assert_int_equal(line->size, sizeof *line);
        assert_true(line->energy > 0 && line->energy < 3000);
        assert_non_null(line->energy_source);
        assert_true(isnan(line->split) == !line->split_source);
        assert_true(isnan(line->ratio) == !line->ratio_source);
        if (!line->state) { own = i; }
        assert_string_equal(line->name, clv_lines_at(own)->name);
    }
    assert_null(clv_lines_at(clv_lines_count()));
    assert_null(clv_lines_auger(clv_lines_auger_count()));
}

/* Co LMM: 771 eV, covering 759 to 798 eV (lines.xml). */
static void auger_lines(void **state)
{
    int found = 0;

    (void)state;
    for (size_t i = 0; i < clv_lines_auger_count(); i++) {
        const clv_auger *auger = clv_lines_auger(i);

        assert_true(auger->low < auger->energy && auger->energy < auger->high);
        if (strcmp(auger->name, "Co L3M45M45") != 0) { continue; }
        found = 1;
        assert_string_equal(auger->element, "Co");
        assert_float_equal(auger->energy, 771, 1e-9);
        assert_float_equal(auger->low, 759, 1e-9);
        assert_float_equal(auger->high, 798, 1e-9);
        assert_non_null(strstr(auger->source, "gxps"));
    }
    assert_true(found);
}

static void unknown_lines(void **state)
{
    const clv_line *line = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_lines_find("Co 2q", NULL, &line, &err), CLV_NOT_FOUND);
    assert_non_null(strstr(err.text, "\"Co 2q\""));
    assert_non_null(strstr(err.text, "did you mean \"Co 2p\"?"));
    assert_int_equal(clv_lines_find("Rn 5f", NULL, &line, &err), CLV_NOT_FOUND);
    assert_int_equal(clv_lines_find("something else altogether", NULL, &line, &err), CLV_NOT_FOUND);
    assert_int_equal(clv_lines_find(NULL, NULL, &line, &err), CLV_NOT_FOUND);
    assert_null(line);
}

static void *look(void *payload)
{
    const clv_line *line = NULL;

    (void)payload;
    return clv_lines_find("O 1s", NULL, &line, NULL) ? NULL : (void *)(uintptr_t)line;
}

static void many_threads(void **state)
{
    pthread_t threads[8];

    (void)state;
    for (size_t i = 0; i < 8; i++) { assert_int_equal(pthread_create(&threads[i], NULL, look, NULL), 0); }
    for (size_t i = 0; i < 8; i++) {
        void *seen = NULL;

        pthread_join(threads[i], &seen);
        assert_ptr_equal(seen, find("O 1s", NULL));
    }
}

/* Reads a text as a library, expects it refused, and gives the sentence. */
static const char *refused_bytes(const char *text, size_t count)
{
    static clv_error err;
    clv_line_library library = {0};

    err = (clv_error){0};
    if (!clv_line_library_read("x.xml", text, count, &library, &err)) {
        clv_line_library_clear(&library);
        fail_msg("accepted: %.200s", text);
    }
    assert_int_equal(err.status, CLV_BAD_FILE);
    assert_ptr_equal(strstr(err.text, "x.xml"), err.text);
    assert_null(strchr(err.text, '\n'));
    assert_null(library.lines);
    return err.text;
}

static const char *refused(const char *text) { return refused_bytes(text, strlen(text)); }

#define HEAD "<lines version=\"1\"><sources><source id=\"a\" authors=\"A\" title=\"T\" year=\"2000\"/></sources>"

static void hostile_declarations(void **state)
{
    (void)state;
    assert_non_null(strstr(refused("<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>"
                                   "<lines version=\"&b;\"/>"),
                           "ENTITY"));
    assert_non_null(
        strstr(refused("<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><lines>&x;</lines>"), "ENTITY"));
    assert_non_null(strstr(refused("<!DOCTYPE lines SYSTEM \"http://localhost/x.dtd\"><lines/>"), "DOCTYPE"));
    refused("<lines>&undeclared;</lines>");
    /* The same declaration hidden from a byte search: as UTF-16, and by a declared encoding that is not obeyed. */
    refused_bytes("\xff\xfe<\0!\0E\0N\0T\0I\0T\0Y\0", 18);
    refused("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-ENTITY+AD4-<lines/>");
}

static void hostile_sizes(void **state)
{
    size_t size = 400000;
    char *text = malloc(size + 1);

    (void)state;
    assert_non_null(text);
    strcpy(text, "<lines>");
    for (size_t i = 7; i + 3 <= 100007; i += 3) { memcpy(text + i, "<a>", 4); }
    refused(text);
    strcpy(text, HEAD "<element symbol=\"");
    memset(text + strlen(text), 'C', 200000);
    strcpy(text + strlen(HEAD "<element symbol=\"") + 200000, "\"/></lines>");
    assert_non_null(strstr(refused(text), "longer than 4096 bytes"));
    free(text);
    text = calloc(1, CLV_XML_MAX_BYTES + 1);
    assert_non_null(text);
    memset(text, ' ', CLV_XML_MAX_BYTES + 1);
    assert_non_null(strstr(refused_bytes(text, CLV_XML_MAX_BYTES + 1), "at most"));
    free(text);
}

static void wrong_content(void **state)
{
#define LINE(inside) HEAD "<element symbol=\"Co\"><line name=\"Co 2p\">" inside "</line></element></lines>"
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "empty"},
        {"lines", "x.xml:1: "},
        {"<lines><unclosed></lines>", "x.xml:1: "},
        {"<other/>", "no line library"},
        {"<lines/>", "holds no lines"},
        {"<lines><wrong/></lines>", "<wrong> does not belong here"},
        {LINE(""), "<line> has no energy"},
        {LINE("<energy value=\"778\"/>"), "<energy> has no attribute source"},
        {LINE("<energy source=\"a\"/>"), "<energy> has no attribute value"},
        {LINE("<energy value=\"778\" source=\"b\"/>"), "there is no source \"b\""},
        {LINE("<energy value=\"nan\" source=\"a\"/>"), "should be a number and is \"nan\""},
        {LINE("<energy value=\"-778\" source=\"a\"/>"), "lies outside 0 to 1e+06"},
        {LINE("<energy value=\"778\" source=\"a\"/><ratio value=\"2\" source=\"a\"/>"), "lies outside 0 to 1"},
        {LINE("<energy value=\"778\" source=\"a\"/><state name=\"s\"/>"), "<state> has no energy"},
        {LINE("<energy value=\"778\" source=\"a\"/><widht value=\"2\" source=\"a\"/>"), "<widht> does not belong into"},
        {LINE("<satellite><auger/></satellite>"), "<line> has no energy"},
        {HEAD "<element symbol=\"Co\"><auger name=\"x\"/></element></lines>", "needs an energy and a range"},
        {HEAD "<element symbol=\"Co\"><auger name=\"x\"><energy value=\"5\" source=\"a\"/>"
              "<range low=\"9\" high=\"2\" source=\"a\"/></auger></element></lines>",
         "is none"},
        {"<lines>\xff</lines>", "not UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *sentence = refused(cases[i].text);

        if (!strstr(sentence, cases[i].says)) { fail_msg("%s: \"%s\"", cases[i].text, sentence); }
    }
}

/* The same checks hold at every truncation of a whole library: never accepted, never anything but one sentence. */
static void truncations(void **state)
{
    static const char whole[] =
        LINE("<energy value=\"778\" source=\"a\"/><state name=\"s\"><energy value=\"9\" source=\"a\"/></state>");
    clv_line_library library = {0};

    (void)state;
    for (size_t i = 0; i + 1 < sizeof whole; i++) {
        char *part = malloc(i + 1);

        assert_non_null(part);
        memcpy(part, whole, i);
        part[i] = 'x'; /* must not be read */
        refused_bytes(part, i);
        free(part);
    }
    assert_int_equal(clv_line_library_read("x.xml", whole, sizeof whole - 1, &library, NULL), CLV_OK);
    assert_int_equal(library.line_count, 2);
    clv_line_library_clear(&library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_threads),  cmocka_unit_test(values_of_an_element), cmocka_unit_test(any_spelling),
        cmocka_unit_test(states),        cmocka_unit_test(order_and_ends),       cmocka_unit_test(auger_lines),
        cmocka_unit_test(unknown_lines), cmocka_unit_test(hostile_declarations), cmocka_unit_test(hostile_sizes),
        cmocka_unit_test(wrong_content), cmocka_unit_test(truncations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
