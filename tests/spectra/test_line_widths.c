/* Checks the natural widths and atomic numbers of the line library against xraylib, which carries the table they are
   from. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <xraylib.h>

/* The shells of a line's stronger and weaker member. */
static const struct {
    const char *level;
    int stronger, weaker;
} shells[] = {
    {"1s", K_SHELL, -1},
    {"2p3/2", L3_SHELL, L2_SHELL},
    {"3d5/2", M5_SHELL, M4_SHELL},
    {"4f7/2", N7_SHELL, N6_SHELL},
};

static xmlNode *child_find(xmlNode *parent, const char *tag)
{
    for (xmlNode *child = parent->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, tag) == 0) { return child; }
    }
    return NULL;
}

static void attribute_get(xmlNode *node, const char *name, char *text, size_t size)
{
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    assert_non_null(value);
    assert_true(strlen((const char *)value) < size);
    strcpy(text, (const char *)value);
    xmlFree(value);
}

/* Whether the child `tag` of a line is quoted from Campbell and Papp; its value then stands in `value`. */
static int width_get(xmlNode *line, const char *tag, double *value)
{
    char text[64];
    xmlNode *width = child_find(line, tag);
    if (!width) { return 0; }
    attribute_get(width, "source", text, sizeof text);
    if (strcmp(text, "campbell-papp") != 0) { return 0; }
    attribute_get(width, "value", text, sizeof text);
    *value = strtod(text, NULL);
    return 1;
}

/* Expected values: xraylib's AtomicLevelWidth (Campbell, Papp 2001, doi 10.1006/adnd.2000.0848), in keV there. */
static int line_check(xmlNode *line, int number)
{
    char level[16];
    double lorentzian, broaden;
    attribute_get(line, "level", level, sizeof level);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].level, level) != 0 || !width_get(line, "lorentzian", &lorentzian)) { continue; }
        const double stronger = 1000 * AtomicLevelWidth(number, shells[i].stronger, NULL);
        assert_float_equal(lorentzian, stronger, 1e-9);
        if (width_get(line, "broaden", &broaden)) {
            const double weaker = 1000 * AtomicLevelWidth(number, shells[i].weaker, NULL);
            assert_float_equal(lorentzian + broaden, weaker, 1e-9);
        }
        return 1;
    }
    return 0;
}

static int element_check(xmlNode *element)
{
    char symbol[8], text[8];
    int checked = 0;
    attribute_get(element, "symbol", symbol, sizeof symbol);
    attribute_get(element, "number", text, sizeof text);
    const int number = atoi(text);
    char *expected = AtomicNumberToSymbol(number, NULL);
    assert_non_null(expected);
    assert_string_equal(symbol, expected);
    xrlFree(expected);
    for (xmlNode *line = element->children; line; line = line->next) {
        if (line->type == XML_ELEMENT_NODE && strcmp((const char *)line->name, "line") == 0) {
            checked += line_check(line, number);
        }
    }
    return checked;
}

static void test_widths_are_those_of_xraylib(void **state)
{
    (void)state;
    int checked = 0;
    xmlDoc *library = xmlReadFile(CLV_SOURCE_DIR "/spectra/lines.xml", NULL, XML_PARSE_NONET);
    assert_non_null(library);
    for (xmlNode *element = xmlDocGetRootElement(library)->children; element; element = element->next) {
        if (element->type == XML_ELEMENT_NODE && strcmp((const char *)element->name, "element") == 0) {
            checked += element_check(element);
        }
    }
    xmlFreeDoc(library);
    assert_true(checked >= 30);
}

/* The sensitivities that the generator uses for S 2p and P 2p: Scofield's cross sections at 1486.6 eV over that of C
   1s, per atom, as xraylib carries them (J. H. Scofield, J. Electron Spectrosc. Relat. Phenom. 8 (1976) 129). */
static double cross_section(int number, int shell)
{
    return CSb_Photo_Partial(number, shell, 1.4866, NULL) * ElectronConfig(number, shell, NULL);
}

static void test_sensitivities_of_the_samples(void **state)
{
    (void)state;
    const double carbon = cross_section(6, K_SHELL);
    assert_float_equal((cross_section(16, L3_SHELL) + cross_section(16, L2_SHELL)) / carbon, 1.6753, 1e-4);
    assert_float_equal((cross_section(15, L3_SHELL) + cross_section(15, L2_SHELL)) / carbon, 1.1915, 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths_are_those_of_xraylib),
        cmocka_unit_test(test_sensitivities_of_the_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
