/* Reports: well-formed pages that load nothing, hostile names, the same bytes again, sizes, JSON with the content, and
   mistakes. What the pages look like was looked at in a browser. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <corelevel/report.h>

#include "fitted.h"
#include "json.h"

static char *file_text(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rbe");
    char *text;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    text = calloc(1, *size + 1);
    assert_true(fread(text, 1, *size, file) == *size);
    fclose(file);
    return text;
}

/* A report of one fit under a name, and of its areas and the spectra. */
static clv_value *items_of(size_t levels, double surprise, const char *name)
{
    clv_value *items = clv_value_table(), *spectra = fitted_spectra(levels, surprise), *fit = fitted_fit(spectra);
    clv_columns *area = NULL;

    assert_int_equal(clv_fit_column(clv_value_as_object(fit, CLV_FIT), "Co3+.area", &area, NULL), CLV_OK);
    assert_int_equal(clv_value_append(items, clv_value_object(CLV_COLUMNS, area), NULL), CLV_OK);
    assert_int_equal(clv_value_set(items, name, fit, NULL), CLV_OK);
    assert_int_equal(clv_value_append(items, spectra, NULL), CLV_OK);
    return items;
}

static char *report(const char *title, const char *path, clv_value *items_take, size_t *size)
{
    clv_error err = {0};

    if (clv_report_write(path, title, items_take, &err)) { fail_msg("%s", err.text); }
    clv_value_free(items_take);
    return file_text(path, size);
}

/* ---- Well-formed: every element is closed in the order in which they were opened */

static int is_void(const char *name, size_t length)
{
    static const char *const all[] = {"meta", "!DOCTYPE", "input", "br", "hr", "img", "link"};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strlen(all[i]) == length && memcmp(name, all[i], length) == 0) { return 1; }
    }
    return 0;
}

static void balanced(const char *page)
{
    const char *open[200];
    size_t depth = 0;

    for (const char *at = strchr(page, '<'); at; at = strchr(at, '<')) {
        const char *name = at + 1 + (at[1] == '/'), *end = strchr(at, '>');
        size_t length = strcspn(name, " >/\n");

        assert_non_null(end);
        if (at[1] == '/') {
            assert_true(depth > 0);
            if (memcmp(open[depth - 1], name, length) != 0) {
                fail_msg("</%.*s> closes <%.10s", (int)length, name, open[depth - 1]);
            }
            depth--;
        } else if (end[-1] != '/' && !is_void(name, length)) {
            assert_true(depth < 200);
            open[depth++] = name;
            if (length == 6 && memcmp(name, "script", 6) == 0) { end = strstr(end, "</script>") - 1; }
            if (length == 5 && memcmp(name, "style", 5) == 0) { end = strstr(end, "</style>") - 1; }
        }
        at = end + 1;
    }
    assert_int_equal(depth, 0);
}

static void page(void **state)
{
    static const char *const loads[] = {"src=",     "<link",  "<img",    "<iframe",          "@import",
                                        "url(http", "fetch(", "<object", "xlink:href=\"http"};
    static const char *const parts[] = {"<html lang=\"en\">",
                                        "id=\"summary\"",
                                        "<svg",
                                        "<figcaption",
                                        "scope=\"col\"",
                                        "scope=\"row\"",
                                        "prefers-color-scheme: dark",
                                        "@media print",
                                        "id=\"methods\"",
                                        "id=\"provenance\"",
                                        "Co<sup>3+</sup>",
                                        "doi.org/10.",
                                        "runs test"};
    size_t size;
    char *text = report("A title", "report_page.html", items_of(5, 0, "treated"), &size);

    (void)state;
    balanced(text);
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        if (strstr(text, loads[i])) { fail_msg("the page holds %s", loads[i]); }
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!strstr(text, parts[i])) { fail_msg("the page lacks %s", parts[i]); }
    }
    assert_true(size < 2000000);
    free(text);
}

/* A second peak that the model lacks: whoever reads only the summary is told. */
static void marks(void **state)
{
    size_t size;
    char *text = report("Poor", "report_poor.html", items_of(1, 0.5, "treated"), &size), *summary, *end;

    (void)state;
    summary = strstr(text, "id=\"summary\"");
    end = strstr(summary, "</section>");
    assert_non_null(end);
    *end = 0;
    assert_non_null(strstr(summary, "model does not describe the data"));
    free(text);
}

static void hostile(void **state)
{
    const char *name = "</script><script>alert(1)</script>\"'&";
    size_t size;
    char *text = report("<script>alert(2)</script>", "report_hostile.html", items_of(2, 0, name), &size);

    (void)state;
    balanced(text);
    assert_null(strstr(text, "<script>alert"));
    assert_non_null(strstr(text, "&lt;script&gt;alert(2)"));
    free(text);
}

static void same_bytes(void **state)
{
    size_t size, again;
    char *first = report("Same", "report_a.html", items_of(3, 0, "x"), &size);
    char *second = report("Same", "report_b.html", items_of(3, 0, "x"), &again);

    (void)state;
    assert_int_equal(size, again);
    assert_memory_equal(first, second, size);
    free(first);
    free(second);
}

/* 200 spectra under 5 MB: the issue's own bound. */
static void long_series(void **state)
{
    size_t size;
    char *text = report("Long", "report_long.html", items_of(200, 0, "series"), &size);

    (void)state;
    balanced(text);
    assert_true(size < 5000000);
    free(text);
}

/* ---- JSON: the numbers of the fit, to the bit */

static const json *content_at(const json *all, size_t place)
{
    return json_get(&json_get(all, "items")->items[place], "content");
}

static void content(void **state)
{
    clv_value *items = items_of(3, 0, "treated");
    const clv_fit *fit = clv_value_as_object(clv_value_get(items, "treated"), CLV_FIT);
    size_t place = clv_fit_parameter_find(fit, "Co3+.position"), found = 0, size;
    double value = clv_fit_value(fit, 1, place), error = clv_fit_error(fit, 1, place);
    const json *list;
    json all;

    (void)state;
    free(report("Numbers", "report_json.html", items, &size));
    all = json_file("report_json.json");
    assert_string_equal(json_get(&all, "schema")->text, "corelevel-report-1");
    assert_string_equal(json_get(&all, "title")->text, "Numbers");
    assert_int_equal(json_get(&all, "items")->count, 3);
    assert_string_equal(json_get(content_at(&all, 2), "name")->text, "treated");
    list = json_get(content_at(&all, 2), "parameters");
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(json_get(&list->items[i], "name")->text, "Co3+.position") != 0) { continue; }
        found++;
        assert_true(json_get(&list->items[i], "values")->items[1].number == value);
        assert_true(json_get(&list->items[i], "errors")->items[1].number == error);
        assert_string_equal(json_get(&list->items[i], "state")->text, "free");
    }
    assert_int_equal(found, 1);
    json_free(&all);
}

static void mistakes(void **state)
{
    clv_value *items = clv_value_table();
    clv_error err = {0};

    (void)state;
    assert_int_equal(clv_report_write("x.pdf", NULL, items, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, ".html"));
    assert_int_equal(clv_report_write("report_none.html", NULL, items, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "nothing to report"));
    assert_int_equal(clv_value_set(items, "wrong", clv_value_number(1), NULL), CLV_OK);
    assert_int_equal(clv_report_write("report_none.html", NULL, items, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "\"wrong\" is a number"));
    clv_value_free(items);
    items = items_of(1, 0, "x");
    assert_int_equal(clv_report_write("no/such/folder/x.html", NULL, items, &err), CLV_CANNOT_WRITE);
    clv_value_free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page),        cmocka_unit_test(marks),   cmocka_unit_test(hostile),
        cmocka_unit_test(same_bytes),  cmocka_unit_test(content), cmocka_unit_test(mistakes),
        cmocka_unit_test(long_series),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
