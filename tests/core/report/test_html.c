/* Text as HTML and as JSON in a page: nothing that a name holds may end an element, an attribute or a script. Expected
   texts follow from the HTML standard's rules of escaping and RFC 8259.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/html.h"
#include "report/json_write.h"

static void seen(clv_buffer *out, const char *expected)
{
    char *text = NULL;

    assert_int_equal(clv_buffer_take(out, &text, NULL), CLV_OK);
    assert_string_equal(text, expected);
    clv_text_free(text);
}

static void escapes(void **state)
{
    clv_buffer out = {0};

    (void)state;
    clv_html_add(&out, "<script>alert(\"1 & 2\")</script>'");
    seen(&out, "&lt;script&gt;alert(&quot;1 &amp; 2&quot;)&lt;/script&gt;&#39;");
    clv_html_add(&out, "a\xFF"
                       "b\x01"
                       "c\xC3");
    seen(&out, "a\xEF\xBF\xBD"
               "b\xEF\xBF\xBD"
               "c\xEF\xBF\xBD");
    clv_html_add(&out, "½ Å 𝛾");
    seen(&out, "½ Å 𝛾");
}

static void markup(void **state)
{
    clv_buffer out = {0};

    (void)state;
    clv_html_add_markup(&out, "Co^{2+} in nm SiO_{2}");
    seen(&out, "Co<sup>2+</sup> in nm SiO<sub>2</sub>");
    clv_html_add_markup(&out, "a^{<b>");
    seen(&out, "a<sup>&lt;b&gt;</sup>");
    clv_html_add_markup(&out, "a\\^{b} c^d}");
    seen(&out, "a^{b} c^d}");
    clv_html_add_name(&out, "Co3+ <i>");
    seen(&out, "Co<sup>3+</sup> &lt;i&gt;");
}

static void measured(void **state)
{
    clv_buffer out = {0};

    (void)state;
    clv_html_add_measured(&out, 0.51234, 0.0045);
    seen(&out, "0.5123 ± 0.0045");
    clv_html_add_measured(&out, -1.2346e7, 1.2e4);
    seen(&out, "(−1.2346 ± 0.0012) × 10<sup>7</sup>");
    clv_html_add_measured(&out, NAN, 1);
    seen(&out, "–");
}

static void json(void **state)
{
    clv_buffer out = {0};
    clv_value *value = NULL;

    (void)state;
    assert_int_equal(
        clv_value_parse("{ b = { 1, 0.1, nan, true }, a = '</script>\"\\n', [\"<\"] = { } }", &value, NULL), CLV_OK);
    clv_json_add_value(&out, value);
    clv_value_free(value);
    seen(&out, "{\"\\u003c\":[],\"a\":\"\\u003c/script\\u003e\\\"\\n\",\"b\":[1,0.1,null,true]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(markup),
        cmocka_unit_test(measured),
        cmocka_unit_test(json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
