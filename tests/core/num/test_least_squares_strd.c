/* The 27 nonlinear problems of NIST's Statistical Reference Datasets from both starts, one strategy for all.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <corelevel/expression.h>
#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/expression.h"
#include "num/least_squares.h"

enum { parameter_limit = 9, row_limit = 300, name_count = parameter_limit + 2 };

/* The models as NIST prints them, in our syntax. Nelson's data are the logarithms of y. */
static const struct model {
    const char *name, *formula;
} models[] = {
    {"Bennett5", "b1 * (b2+x)^(-1/b3)"},
    {"BoxBOD", "b1*(1-exp(-b2*x))"},
    {"Chwirut1", "exp(-b1*x)/(b2+b3*x)"},
    {"Chwirut2", "exp(-b1*x)/(b2+b3*x)"},
    {"DanWood", "b1*x^b2"},
    {"ENSO", "b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4) + b8*cos(2*pi*x/b7)"
             " + b9*sin(2*pi*x/b7)"},
    {"Eckerle4", "(b1/b2) * exp(-0.5*((x-b3)/b2)^2)"},
    {"Gauss1", "b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)"},
    {"Gauss2", "b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)"},
    {"Gauss3", "b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)"},
    {"Hahn1", "(b1+b2*x+b3*x^2+b4*x^3)/(1+b5*x+b6*x^2+b7*x^3)"},
    {"Kirby2", "(b1+b2*x+b3*x^2)/(1+b4*x+b5*x^2)"},
    {"Lanczos1", "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"},
    {"Lanczos2", "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"},
    {"Lanczos3", "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"},
    {"MGH09", "b1*(x^2+x*b2)/(x^2+x*b3+b4)"},
    {"MGH10", "b1*exp(b2/(x+b3))"},
    {"MGH17", "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)"},
    {"Misra1a", "b1*(1-exp(-b2*x))"},
    {"Misra1b", "b1*(1-(1+b2*x/2)^(-2))"},
    {"Misra1c", "b1*(1-(1+2*b2*x)^(-.5))"},
    {"Misra1d", "b1*b2*x*((1+b2*x)^(-1))"},
    {"Nelson", "b1 - b2*x * exp(-b3*x2)"},
    {"Rat42", "b1/(1+exp(b2-b3*x))"},
    {"Rat43", "b1/((1+exp(b2-b3*x))^(1/b4))"},
    {"Roszman1", "b1 - b2*x - atan(b3/(x-b4))/pi"},
    {"Thurber", "(b1+b2*x+b3*x^2+b4*x^3)/(1+b5*x+b6*x^2+b7*x^3)"},
};

static const char *const names[name_count] = {"b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "x", "x2"};

/* One data set as it stands in its file. */
typedef struct dataset {
    clv_expression *model;
    size_t n_parameters, n_rows;
    double start[2][parameter_limit], value[parameter_limit], error[parameter_limit];
    long double y[row_limit], x[row_limit][2]; /* Lanczos1 has residuals of 1e-13: doubles would round them off */
} dataset;

/* Reads the numbers of a line from `place` on, to all their digits; returns how many. */
static size_t numbers_of(const char *place, long double *numbers, size_t limit)
{
    size_t count = 0;

    for (char *next; count < limit; count++, place = next) {
        numbers[count] = strtold(place, &next);
        if (next == place) { break; }
    }
    return count;
}

static void read_line(dataset *d, const char *line, int row, bool logarithm)
{
    long double numbers[4];
    const char *equals = strchr(line, '=');
    size_t count;

    if (row > 40 && row < 60 && line[2] == 'b' && equals && numbers_of(equals + 1, numbers, 4) == 4) {
        size_t j = d->n_parameters++;
        d->start[0][j] = (double)numbers[0];
        d->start[1][j] = (double)numbers[1];
        d->value[j] = (double)numbers[2];
        d->error[j] = (double)numbers[3];
    }
    if (row > 60 && (count = numbers_of(line, numbers, 3)) >= 2 && d->n_rows < row_limit) {
        d->y[d->n_rows] = logarithm ? logl(numbers[0]) : numbers[0];
        d->x[d->n_rows][0] = numbers[1];
        d->x[d->n_rows++][1] = count > 2 ? numbers[2] : 0;
    }
}

static void read_dataset(const char *root, const struct model *model, dataset *d)
{
    char path[1000], line[300];
    clv_error err = {0};
    FILE *file;

    memset(d, 0, sizeof *d);
    snprintf(path, sizeof path, "%s/strd/%s.dat", root, model->name);
    file = fopen(path, "r");
    if (!file) { fail_msg("cannot open %s", path); }
    for (int row = 1; fgets(line, sizeof line, file); row++) {
        read_line(d, line, row, strcmp(model->name, "Nelson") == 0);
    }
    fclose(file);
    if (clv_expression_new(model->formula, names, name_count, &d->model, &err)) {
        fail_msg("%s: %s", model->name, err.text);
    }
}

static long double operate(clv_expression_kind kind, long double a, long double b)
{
    switch (kind) {
    case CLV_TERM_ADD: return a + b;
    case CLV_TERM_SUBTRACT: return a - b;
    case CLV_TERM_MULTIPLY: return a * b;
    case CLV_TERM_DIVIDE: return a / b;
    case CLV_TERM_POWER: return powl(a, b);
    case CLV_TERM_NEGATE: return -a;
    case CLV_TERM_EXP: return expl(a);
    case CLV_TERM_SIN: return sinl(a);
    case CLV_TERM_COS: return cosl(a);
    case CLV_TERM_ATAN: return atanl(a);
    default: fail_msg("no such operation in NIST's models"); return 0;
    }
}

/* The model in extended precision, from the formula's own terms. */
static long double extended_value(const clv_expression *model, const long double *values)
{
    long double results[200];

    assert_true(model->n_terms <= 200);
    for (size_t i = 0; i < model->n_terms; i++) {
        const clv_expression_term *term = &model->terms[i];
        results[i] = term->kind == CLV_TERM_NUMBER
                         ? (term->number == M_PI ? 3.141592653589793238462643383279502884L : term->number)
                     : term->kind == CLV_TERM_NAME ? values[term->a]
                                                   : operate(term->kind, results[term->a], results[term->b]);
    }
    return results[model->n_terms - 1];
}

static clv_status evaluate(const double *b, double *residuals, double *jacobian, void *payload, clv_error *err)
{
    const dataset *d = payload;
    long double extended[name_count] = {0};
    double values[name_count] = {0}, gradient[name_count];
    size_t count;
    const size_t *used = clv_expression_names_used(d->model, &count);

    (void)err;
    for (size_t i = 0; i < d->n_rows; i++) {
        for (size_t j = 0; j < d->n_parameters; j++) { extended[j] = values[j] = b[j]; }
        for (size_t k = 0; k < 2; k++) {
            values[parameter_limit + k] = (double)(extended[parameter_limit + k] = d->x[i][k]);
        }
        residuals[i] = (double)(extended_value(d->model, extended) - d->y[i]);
        if (!jacobian) { continue; }
        clv_expression_value(d->model, values, gradient);
        for (size_t k = 0; k < count && used[k] < d->n_parameters; k++) {
            jacobian[used[k] * d->n_rows + i] = gradient[k];
        }
    }
    return CLV_OK;
}

/* The number of digits in which two values agree (NIST's LRE), 11 at most as the certified values have no more. */
static double digits(double value, double certified)
{
    double off = fabs(value - certified) / fabs(certified);

    if (!(off < 1)) { return 0; }
    return fmin(11, off > 0 ? -log10(off) : 11);
}

/* Solves from one start; returns the least number of right digits among parameters and among their errors. */
static void solve(dataset *d, int start, double *of_values, double *of_errors, clv_least_squares_result *result)
{
    clv_least_squares_problem problem = {
        .n_residuals = d->n_rows, .n_parameters = d->n_parameters, .evaluate = evaluate, .payload = d};
    clv_least_squares_options options = {.restarts = 0};
    double b[parameter_limit], covariance[parameter_limit * parameter_limit];
    clv_error err = {0};

    memcpy(b, d->start[start], sizeof b);
    if (clv_least_squares_solve(&problem, &options, b, covariance, NULL, result, &err)) { fail_msg("%s", err.text); }
    *of_values = *of_errors = 11;
    for (size_t j = 0; j < d->n_parameters; j++) {
        double variance = covariance[j * d->n_parameters + j] * result->chi2 / (double)(d->n_rows - d->n_parameters);
        *of_values = fmin(*of_values, digits(b[j], d->value[j]));
        *of_errors = fmin(*of_errors, digits(sqrt(variance), d->error[j]));
    }
}

/* Expected values: the certified ones of NIST/ITL StRD (www.itl.nist.gov/div898/strd), 11 digits. */
static void test_least_squares__all_54_of_nist(void **state)
{
    const char *root = getenv("CORELEVEL_TESTDATA");
    static dataset d;
    size_t solved = 0;

    (void)state;
    if (!root) {
        print_message("SKIPPED: NIST StRD, 27 problems (CORELEVEL_TESTDATA is not set)\n");
        skip();
    }
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        read_dataset(root, &models[i], &d);
        print_message("%-9s", models[i].name);
        for (int start = 0; start < 2; start++) {
            clv_least_squares_result result;
            double values, errors;

            solve(&d, start, &values, &errors, &result);
            print_message("  %4.1f %4.1f  %-14s %6zu evaluations,", values, errors,
                          clv_least_squares_end_name(result.end), result.evaluations);
            solved += values >= 6 && errors >= 4 && result.end == CLV_LEAST_SQUARES_CONVERGED;
        }
        print_message("\n");
        clv_expression_free(d.model);
    }
    print_message("solved %zu of 54 (parameters to 6 digits or more, errors to 4)\n", solved);
    assert_int_equal(solved, 54);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_least_squares__all_54_of_nist)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
