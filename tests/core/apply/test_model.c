/* Models: what a user may write for components and parameters, and what is refused, with the words that say why.
   Expected values are those of the contract (what a bare number fixes, how widths follow from one another) and of the
   line library's own entries. SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/model.h"
#include "near.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static clv_model *model_of(const char *text)
{
    clv_model *model = NULL;
    clv_error err = {0};

    if (clv_model_parse(text, &model, &err)) { fail_msg("%s: %s", text, err.text); }
    return model;
}

static const model_parameter *find(const clv_model *model, const char *name)
{
    size_t place = model_find_parameter(model, name);

    if (place == SIZE_MAX) { fail_msg("there is no %s", name); }
    return &model->parameters[place];
}

/* ---- What is refused */

static const struct {
    const char *text, *says;
} refused[] = {
    {"", "at least one component"},
    {"3", "list of"},
    {"shirley {}, sirley = 3", "not an option of a model"},
    {"peak { position = 3 }", "name"},
    {"peak { 'A.b', position = 3 }", "none of [ ] / ."},
    {"peak { 'A[b', position = 3 }", "none of [ ] / ."},
    {"peak { 'A/b', position = 3 }", "none of [ ] / ."},
    {"peak { '', position = 3 }", "not empty"},
    {"peak { 'background', position = 3 }", "taken by the level"},
    {"peak { 'A', position = 3 }, doublet { 'A', position = 3, split = 1, ratio = 0.5 }", "names are unique"},
    {"shirley {}, peak { 'shirley', position = 3 }", "names are unique"},
    {"peek { 'A', position = 3 }", "peak"},
    {"peak { 'A', postion = 3 }", "did you mean position"},
    {"peak { 'A', position = 3, split = 2 }", "split"},
    {"peak { 'A' }", "A.position is missing"},
    {"peak { 'A', position = { 3, 4, 5 } }", "{ start, lowest, highest }"},
    {"peak { 'A', position = { 3, 5, 2 } }", "{ start, lowest, highest }"},
    {"peak { 'A', position = { 3, 2 } }", "{ start, lowest, highest }"},
    {"peak { 'A', position = { 3, 2, 4, 5 } }", "{ start, lowest, highest }"},
    {"peak { 'A', position = true }", "position"},
    {"peak { 'A', position = nan }", "position is nan"},
    {"peak { 'A', position = fixed(inf) }", "position is fixed(inf)"},
    {"peak { 'A', position = 3, fwhm = -1 }", "fwhm is -1; it should be a"},
    {"peak { 'A', position = 3, fwhm = { -1, -2, 3 } }", "fwhm is -1; it should be a"},
    {"doublet { 'A', position = 3, split = 1, ratio = -0.5 }", "ratio is -0.5"},
    {"doublet { 'A', position = 3, ratio = 0.5 }", "A.split is missing"},
    {"peak { 'A', position = 3, fwhm = 1, gaussian = 0.8, lorentzian = 0.3 }", "give at most two"},
    {"peak { 'A', position = 3, shape = 'gaussian', lorentzian = 0.3 }", "lorentzian means nothing"},
    {"peak { 'A', position = 3, shape = 'gausian' }", "did you mean \"gaussian\""},
    {"peak { 'A', line = 'Co 3q', position = 3 }", "component \"A\": line"},
    {"peak { 'A', position = 3, fwhm = 'B.fwhm' }", "A.fwhm = \"B.fwhm\""},
    {"peak { 'A', position = 3, fwhm = 'A.position *' }", "A.fwhm = \"A.position *\""},
    {"peak { 'A', position = 3, fwhm = 'A.fwhm * 2' }", "circle"},
    {"peak { 'A', position = 'B.position + 1' }, peak { 'B', position = 'A.position - 1' }", "circle"},
    {"peak { 'A', position = 'B.position' }, peak { 'B', position = 'C.position' }, peak { 'C', position = "
     "'A.position' }",
     "circle"},
};

static void mistakes_are_named(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        clv_model *model = NULL;
        clv_error err = {0};

        if (!clv_model_parse(refused[i].text, &model, &err)) { fail_msg("taken: %s", refused[i].text); }
        if (!strstr(err.text, refused[i].says)) {
            print_error("%s\n  says: %s\n  not: %s\n", refused[i].text, err.text, refused[i].says);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* ---- Numbers, bounds, fixed values, formulas */

static void a_bare_number_is_free_but_for_what_physics_fixes(void **state)
{
    clv_model *model =
        model_of("doublet { 'A', position = 780, split = 15, ratio = 0.5, fwhm = 1.8, lorentzian = 0.4,"
                 "broaden = 0.1, area = 100 }, peak { 'G', shape = 'gl_sum', position = 5, mixing = 0.2 }");
    static const struct {
        const char *name;
        clv_parameter_state state;
        double start;
    } expected[] = {
        {"A.position", CLV_PARAMETER_FREE, 780},    {"A.split", CLV_PARAMETER_FIXED, 15},
        {"A.ratio", CLV_PARAMETER_FIXED, 0.5},      {"A.fwhm", CLV_PARAMETER_FREE, 1.8},
        {"A.lorentzian", CLV_PARAMETER_FIXED, 0.4}, {"A.broaden", CLV_PARAMETER_FIXED, 0.1},
        {"A.area", CLV_PARAMETER_FREE, 100},        {"G.mixing", CLV_PARAMETER_FIXED, 0.2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const model_parameter *p = find(model, expected[i].name);
        if (p->state != expected[i].state) { fail_msg("%s: state %d", p->name, p->state); }
        assert_near(p->start, expected[i].start, 0);
    }
    clv_model_free(model);
}

static void bounds_free_what_a_number_fixes(void **state)
{
    clv_model *model = model_of("doublet { 'A', position = fixed(780), split = { 15, 14.5, 15.5 }, ratio = { 0.5, 0.4, "
                                "0.6 }, fwhm = { 1.8, 1, 3 } }");

    (void)state;
    assert_int_equal(find(model, "A.position")->state, CLV_PARAMETER_FIXED);
    assert_int_equal(find(model, "A.split")->state, CLV_PARAMETER_FREE);
    assert_near(find(model, "A.split")->low, 14.5, 0);
    assert_near(find(model, "A.ratio")->high, 0.6, 0);
    assert_near(find(model, "A.fwhm")->low, 1, 0);
    clv_model_free(model);
}

/* "give fwhm alone (then lorentzian is the line's natural width, 0 without a line) or any two" */
static void widths_follow_from_one_another(void **state)
{
    static const struct {
        const char *widths;
        clv_parameter_state fwhm, gaussian, lorentzian;
    } cases[] = {
        {"", CLV_PARAMETER_FREE, CLV_PARAMETER_DERIVED, CLV_PARAMETER_FIXED},
        {"fwhm = 1.5", CLV_PARAMETER_FREE, CLV_PARAMETER_DERIVED, CLV_PARAMETER_FIXED},
        {"fwhm = 1.5, gaussian = 1.2", CLV_PARAMETER_FREE, CLV_PARAMETER_FREE, CLV_PARAMETER_DERIVED},
        {"fwhm = 1.5, lorentzian = 0.3", CLV_PARAMETER_FREE, CLV_PARAMETER_DERIVED, CLV_PARAMETER_FIXED},
        {"gaussian = 1.2, lorentzian = { 0.3, 0, 1 }", CLV_PARAMETER_DERIVED, CLV_PARAMETER_FREE, CLV_PARAMETER_FREE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        clv_model *model;

        snprintf(text, sizeof text, "peak { 'A', position = 10, %s }", cases[i].widths);
        model = model_of(text);
        assert_int_equal(find(model, "A.fwhm")->state, cases[i].fwhm);
        assert_int_equal(find(model, "A.gaussian")->state, cases[i].gaussian);
        assert_int_equal(find(model, "A.lorentzian")->state, cases[i].lorentzian);
        if (cases[i].lorentzian == CLV_PARAMETER_FIXED && !strstr(cases[i].widths, "lorentzian")) {
            assert_near(find(model, "A.lorentzian")->start, 0, 0);
        }
        clv_model_free(model);
    }
}

/* The library's numbers for the chemical state that the component is named after; what is told goes before them. */
static void lines_give_presets(void **state)
{
    const clv_line *own = NULL;
    clv_model *model = model_of("doublet { 'A', line = 'Co2p3/2' }, doublet { 'B', line = 'Co 2p', split = 14, "
                                "lorentzian = 0.1, position = { 780, 779, 781 } }");

    (void)state;
    assert_int_equal(clv_lines_find("Co 2p", "A", &own, NULL), CLV_OK);
    assert_near(find(model, "A.position")->start, own->energy, 0);
    assert_int_equal(find(model, "A.position")->state, CLV_PARAMETER_FREE);
    assert_near(find(model, "A.split")->start, own->split, 0);
    assert_int_equal(find(model, "A.split")->state, CLV_PARAMETER_FIXED);
    assert_near(find(model, "A.ratio")->start, own->ratio, 0);
    assert_near(find(model, "A.lorentzian")->start, own->lorentzian, 0);
    assert_near(find(model, "B.split")->start, 14, 0);
    assert_near(find(model, "B.lorentzian")->start, 0.1, 0);
    assert_near(find(model, "B.position")->start, 780, 0);
    clv_model_free(model);
}

static void states_have_lines_of_their_own(void **state)
{
    size_t seen = 0;

    (void)state;
    for (size_t i = 0; i < clv_lines_count(); i++) {
        const clv_line *line = clv_lines_at(i);
        char text[300];
        clv_model *model;

        if (!line->state || strpbrk(line->state, "[]/.'") || !isfinite(line->energy)) { continue; }
        snprintf(text, sizeof text, "peak { '%s', line = '%s' }", line->state, line->name);
        model = model_of(text);
        assert_near(model->parameters[0].start, line->energy, 0);
        seen++;
        clv_model_free(model);
    }
    assert_true(seen > 3);
}

/* The longest declared name that matches at a place is meant, spaces and signs included; brackets always work. */
static void ties_take_the_longest_name(void **state)
{
    clv_model *model =
        model_of("peak { 'Co2+', position = 782, fwhm = 2 },"
                 "peak { 'Co2+ satellite', position = 'Co2+.position + 4.4', fwhm = 'Co2+.fwhm*2' },"
                 "peak { 'B', position = '[Co2+ satellite].position - 1', fwhm = 'Co2+ satellite.fwhm' },"
                 "peak { 'C', position = 1, area = 'Co2+.area*0.5+Co2+ satellite.area' }");
    static const struct {
        const char *name, *from;
    } uses[] = {{"Co2+ satellite.position", "Co2+.position"},
                {"B.position", "Co2+ satellite.position"},
                {"B.fwhm", "Co2+ satellite.fwhm"}};
    size_t count;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const size_t *used = clv_expression_names_used(find(model, uses[i].name)->tie, &count);

        assert_int_equal(count, 1);
        assert_string_equal(model->names[used[0]], uses[i].from);
        assert_int_equal(find(model, uses[i].name)->state, CLV_PARAMETER_TIED);
    }
    clv_expression_names_used(find(model, "C.area")->tie, &count);
    assert_int_equal(count, 2);
    clv_model_free(model);
}

static void mistyped_ties_get_a_suggestion(void **state)
{
    clv_model *model = NULL;
    clv_error err = {0};

    (void)state;
    assert_int_equal(
        clv_model_parse("peak { 'Co3+', position = 1 }, peak { 'B', position = 2, fwhm = 'Co3+.fwmh' }", &model, &err),
        CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "Co3+.fwhm"));
}

/* ---- Backgrounds */

static size_t levels(const char *text)
{
    clv_model *model = model_of(text);
    size_t count = 0;

    for (size_t i = 0; i < model->parameter_count; i++) {
        count += strcmp(model->parameters[i].name, "background.level") == 0;
    }
    clv_model_free(model);
    return count;
}

static void backgrounds_share_one_level(void **state)
{
    (void)state;
    assert_int_equal(levels("constant {}, peak { 'A', position = 1 }"), 1);
    assert_int_equal(levels("linear {}, shirley {}, polynomial { order = 3 }, constant {}, peak { 'A', position = 1 }"),
                     1);
    assert_int_equal(levels("powerlaw {}, peak { 'A', position = 1 }"), 0);
    assert_int_equal(levels("shirley { active = false }, peak { 'A', position = 1 }"), 0);
    assert_int_equal(levels("shirley { active = false }, linear {}, peak { 'A', position = 1 }"), 1);
}

static void backgrounds_name_their_parameters(void **state)
{
    clv_model *model = model_of("linear {}, shirley {}, polynomial { order = 2 }, peak { 'A', position = 1 }");

    (void)state;
    assert_int_equal(find(model, "linear.slope")->coefficient, 1);
    assert_int_equal(find(model, "shirley.k")->coefficient, 0);
    assert_int_equal(find(model, "polynomial.c2")->coefficient, 1);
    assert_int_equal(clv_model_count(model), 4); /* as written: without the level */
    assert_string_equal(clv_model_name(model, 1), "shirley");
    assert_null(clv_model_name(model, 4));
    clv_model_free(model);
}

/* ---- Signs of coefficients */

static void areas_are_not_negative_unless_bounds_say_so(void **state)
{
    clv_model *model = model_of("peak { 'A', position = 1 }, peak { 'B', position = 2, area = { -1, -5, 5 } },"
                                "peak { 'C', position = 3, area = { 4, 2, 9 } }, linear {}");

    (void)state;
    assert_near(find(model, "A.area")->low, 0, 0);
    assert_near(find(model, "B.area")->low, -5, 0);
    assert_near(find(model, "C.area")->low, 2, 0);
    assert_true(find(model, "linear.slope")->low == -INFINITY);
    clv_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(a_bare_number_is_free_but_for_what_physics_fixes),
        cmocka_unit_test(bounds_free_what_a_number_fixes),
        cmocka_unit_test(widths_follow_from_one_another),
        cmocka_unit_test(lines_give_presets),
        cmocka_unit_test(states_have_lines_of_their_own),
        cmocka_unit_test(ties_take_the_longest_name),
        cmocka_unit_test(mistyped_ties_get_a_suggestion),
        cmocka_unit_test(backgrounds_share_one_level),
        cmocka_unit_test(backgrounds_name_their_parameters),
        cmocka_unit_test(areas_are_not_negative_unless_bounds_say_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
