/* Formulas: what they read, what they are worth, their derivatives, and what they say of mistakes.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <corelevel/expression.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    "x", "y",   "b1", "b10",  "Co2+.fwhm", "Co2+ satellite.area", "Co2", "PS4 3-.position", "O 1s/lattice.position",
    "1", "exp", "I0", "a - b"};
static const double values[] = {2, 3, 5, 7, 1.5, 11, 13, 161.5, 529.5, 17, 19, 23, 29};
enum { n_names = sizeof names / sizeof names[0] };

static double value_of(const char *text)
{
    clv_expression *expr = NULL;
    clv_error err = {0};
    double value;

    if (clv_expression_new(text, names, n_names, &expr, &err)) { fail_msg("%s: %s", text, err.text); }
    value = clv_expression_value(expr, values, NULL);
    clv_expression_free(expr);
    return value;
}

static void assert_says(const char *text, const char *part)
{
    clv_expression *expr = NULL;
    clv_error err = {0};

    assert_int_equal(clv_expression_new(text, names, n_names, &expr, &err), CLV_BAD_ARGUMENT);
    assert_null(expr);
    if (!strstr(err.text, part)) { fail_msg("'%s' should say '%s', said '%s'", text, part, err.text); }
}

/* Expected values: arithmetic by hand and the C library's functions. */
static void test_expression__arithmetic(void **state)
{
    (void)state;
    assert_true(value_of("1 + 2 * 3") == 7);
    assert_true(value_of("(1 + 2) * 3") == 9);
    assert_true(value_of("8 - 3 - 2") == 3);
    assert_true(value_of("16 / 4 / 2") == 2);
    assert_true(value_of("2 ^ 3 ^ 2") == 512);
    assert_true(value_of("-2 ^ 2") == -4);
    assert_true(value_of("2 ^ -2") == 0.25);
    assert_true(value_of("--x") == 2);
    assert_true(value_of("1.5e1 + .5 + 2.") == 17.5);
    assert_true(value_of("min(4, x, 3) + max(1, y)") == 5);
    assert_true(value_of("exp(1)") == exp(1));
    assert_true(value_of(" log( x ) ") == log(2));
    assert_true(value_of("sqrt(abs(-16))+sin(pi/2)") == 5);
    assert_true(value_of("tan(0.3)-atan(0.3)+cos(0)") == tan(0.3) - atan(0.3) + 1);
}

static void test_expression__longest_declared_name(void **state)
{
    (void)state;
    assert_true(value_of("b1 + b10") == 12);
    assert_true(value_of("Co2+.fwhm * 2") == 3);
    assert_true(value_of("Co2+x") == 15);
    assert_true(value_of("Co2+ satellite.area/Co2+.fwhm") == 11 / 1.5);
    assert_true(value_of("PS4 3-.position-1") == 160.5);
    assert_true(value_of("a - b - x") == 27);
    assert_true(value_of("O 1s/lattice.position + 1") == 530.5);
    assert_true(value_of("exp * 2") == 38);
    assert_true(value_of("exp(0)") == 1);
}

static void test_expression__brackets(void **state)
{
    (void)state;
    assert_true(value_of("[Co2+].fwhm*1.1") == 1.5 * 1.1);
    assert_true(value_of("[Co2+ satellite].area") == 11);
    assert_true(value_of("[PS4 3-].position") == 161.5);
    assert_true(value_of("O 1s/[lattice].position") == 529.5);
    assert_true(value_of("[O 1s/lattice].position") == 529.5);
    assert_true(value_of("[1] + 1") == 18);
    assert_true(value_of("[I0]/[x]") == 11.5);
    assert_true(value_of("[a - b]") == 29);
}

static void test_expression__ignores_the_locale(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) { print_message("no German locale here: the C locale is tested alone\n"); }
    assert_true(value_of("1.25 + x") == 3.25);
    setlocale(LC_ALL, "C");
}

/* Expected values: central differences of the formula itself, good to 1e-8. */
static void test_expression__derivatives(void **state)
{
    static const char *const texts[] = {"x*y + x/y - y",
                                        "x^y + x^3 + 2^x",
                                        "exp(-x*b1)/(b10 + y)",
                                        "log(x)*sqrt(y)",
                                        "abs(-x) + min(x, y) + max(x*3, y)",
                                        "sin(x)*cos(y) + tan(x/9) + atan(y/x)",
                                        "-x^2 + (-x)^3",
                                        "max(x, sqrt(x - 1)) * Co2+.fwhm"};
    (void)state;
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        clv_expression *expr = NULL;
        double gradient[n_names], moved[n_names];
        size_t count;
        const size_t *used;

        assert_int_equal(clv_expression_new(texts[t], names, n_names, &expr, NULL), CLV_OK);
        used = clv_expression_names_used(expr, &count);
        clv_expression_value(expr, values, gradient);
        memcpy(moved, values, sizeof moved);
        for (size_t k = 0; k < count; k++) {
            double step = 1e-5, high, low;
            moved[used[k]] = values[used[k]] + step;
            high = clv_expression_value(expr, moved, NULL);
            moved[used[k]] = values[used[k]] - step;
            low = clv_expression_value(expr, moved, NULL);
            moved[used[k]] = values[used[k]];
            assert_true(fabs(gradient[k] - (high - low) / (2 * step)) < 1e-7 * (1 + fabs(gradient[k])));
        }
        clv_expression_free(expr);
    }
}

/* sqrt(0) has an infinite slope, but max takes the other branch: closed form. */
static void test_expression__branch_not_taken_is_silent(void **state)
{
    clv_expression *expr = NULL;
    double gradient[2];

    (void)state;
    assert_int_equal(clv_expression_new("max(x, sqrt(x - 2))", names, n_names, &expr, NULL), CLV_OK);
    assert_true(clv_expression_value(expr, values, gradient) == 2);
    assert_true(gradient[0] == 1);
    clv_expression_free(expr);
}

static void test_expression__names_used(void **state)
{
    clv_expression *expr = NULL;
    const size_t *used;
    size_t count;

    (void)state;
    assert_int_equal(clv_expression_new("b10*y + b10 - x", names, n_names, &expr, NULL), CLV_OK);
    used = clv_expression_names_used(expr, &count);
    assert_int_equal(count, 3);
    assert_int_equal(used[0], 0);
    assert_int_equal(used[1], 1);
    assert_int_equal(used[2], 3);
    clv_expression_free(expr);
}

static void test_expression__rows(void **state)
{
    double i0[] = {1, 2, 4}, x[] = {2, 8, 32}, out[3];
    const double *columns[n_names] = {x, [11] = i0};
    clv_expression *expr = NULL;

    (void)state;
    assert_int_equal(clv_expression_new("log(x/I0)/log(2)", names, n_names, &expr, NULL), CLV_OK);
    clv_expression_rows(expr, columns, 3, out);
    for (int i = 0; i < 3; i++) { assert_true(fabs(out[i] - (i + 1)) < 1e-15); }
    clv_expression_free(expr);
}

static bool is_linear(const char *text, const bool *subset, double *coefficients)
{
    clv_expression *expr = NULL;
    bool linear;

    assert_int_equal(clv_expression_new(text, names, n_names, &expr, NULL), CLV_OK);
    linear = clv_expression_linear(expr, subset, coefficients);
    clv_expression_free(expr);
    return linear;
}

static void test_expression__linear(void **state)
{
    double c[3];
    bool only_x[n_names] = {true};

    (void)state;
    assert_true(is_linear("0.5*x - (y + b1)/4 + x*2^2", NULL, c));
    assert_true(c[0] == 4.5 && c[1] == -0.25 && c[2] == -0.25);
    assert_true(is_linear("-x * exp(0) + 0", NULL, c));
    assert_true(c[0] == -1);
    assert_true(is_linear("2*x", only_x, NULL));
    assert_false(is_linear("2*x + y", only_x, NULL));
    assert_false(is_linear("y*x", only_x, NULL));
    assert_false(is_linear("x + 1", NULL, NULL));
    assert_false(is_linear("x*x", NULL, NULL));
    assert_false(is_linear("1/x", NULL, NULL));
    assert_false(is_linear("abs(x)", NULL, NULL));
    assert_false(is_linear("x/0", NULL, NULL));
    assert_false(is_linear("3", NULL, NULL));
}

static void test_expression__mistakes_are_located(void **state)
{
    (void)state;
    assert_says("", "ends where a number");
    assert_says("x + ", "ends where a number");
    assert_says("x + * y", "column 5 of the expression: expected a number");
    assert_says("(x", "')'");
    assert_says("x y", "column 3 of the expression: expected an operator or the end, found 'y'");
    assert_says("x µ", "column 3 of the expression: expected an operator or the end, found 'µ'");
    assert_says("b2", "there is no 'b2'; did you mean 'b1'?");
    assert_says("1 + Co2+.fhwm", "Co2+.fwhm");
    assert_says("[Co3+].fwhm * 2", "did you mean 'Co2+.fwhm'?");
    assert_says("xx", "there is no 'xx'");
    assert_says("zebra_crossing", "there is no 'zebra_crossing'");
    assert_says("sin x", "there is no");
    assert_says("min(x)", "min needs two arguments");
    assert_says("sin(x, y)", "expected an operator or ')'");
    assert_says("1e999", "too large");
    assert_says("3x", "there is no '3x'");
    assert_says("\u03cf/2", "there is no '\u03cf'");
}

static void test_expression__hostile_input_is_bounded(void **state)
{
    char text[CLV_EXPRESSION_LENGTH + 2];

    (void)state;
    memset(text, '(', 3000);
    text[3000] = 0;
    assert_says(text, "nested more than");
    memset(text, '-', 3000);
    assert_says(text, "nested more than");
    for (int i = 0; i < 1500; i++) { memcpy(text + 2 * i, "x^", 2); }
    assert_says(text, "nested more than");
    for (int i = 0; i < 1500; i++) { memcpy(text + 2 * i, "x+", 2); }
    assert_says(text, "too long");
    memset(text, ' ', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_says(text, "is the limit");
}

/* Random texts made of the grammar's own pieces: whatever happens, a sentence or a formula comes back. */
static void test_expression__random_text_never_breaks(void **state)
{
    static const char *const pieces[] = {"x",  "b10",  "Co2+.fwhm", "(",        ")",      "+",   "-", "*", "/",
                                         "^",  "min(", "exp(",      ",",        "1e",     "2.5", "[", "]", "[Co2+].",
                                         "pi", " ",    ".",         "\xc3\xa9", "O 1s/[", "log", "1"};
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 100000; round++) {
        char text[200] = "";
        clv_expression *expr = NULL;
        clv_error err = {0};

        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])]);
        }
        if (clv_expression_new(text, names, n_names, &expr, &err)) {
            assert_true(err.text[0] != 0);
        } else {
            double gradient[n_names];
            clv_expression_value(expr, values, gradient);
            clv_expression_linear(expr, NULL, gradient);
            clv_expression_free(expr);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expression__arithmetic),
        cmocka_unit_test(test_expression__longest_declared_name),
        cmocka_unit_test(test_expression__brackets),
        cmocka_unit_test(test_expression__ignores_the_locale),
        cmocka_unit_test(test_expression__derivatives),
        cmocka_unit_test(test_expression__branch_not_taken_is_silent),
        cmocka_unit_test(test_expression__names_used),
        cmocka_unit_test(test_expression__rows),
        cmocka_unit_test(test_expression__linear),
        cmocka_unit_test(test_expression__mistakes_are_located),
        cmocka_unit_test(test_expression__hostile_input_is_bounded),
        cmocka_unit_test(test_expression__random_text_never_breaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
