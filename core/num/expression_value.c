/* Evaluates formulas, differentiates them by reverse accumulation, and tells which are linear.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/expression.h"

#include <math.h>
#include <string.h>

/* The value of an operation on two numbers (the second is not used by functions of one). */
static double operate(clv_expression_kind kind, double a, double b)
{
    switch (kind) {
    case CLV_TERM_ADD: return a + b;
    case CLV_TERM_SUBTRACT: return a - b;
    case CLV_TERM_MULTIPLY: return a * b;
    case CLV_TERM_DIVIDE: return a / b;
    case CLV_TERM_POWER: return b == 2 ? a * a : pow(a, b);
    case CLV_TERM_MIN: return a <= b || isnan(a) ? a : b;
    case CLV_TERM_MAX: return a >= b || isnan(a) ? a : b;
    case CLV_TERM_NEGATE: return -a;
    case CLV_TERM_EXP: return exp(a);
    case CLV_TERM_LOG: return log(a);
    case CLV_TERM_SQRT: return sqrt(a);
    case CLV_TERM_ABS: return fabs(a);
    case CLV_TERM_SIN: return sin(a);
    case CLV_TERM_COS: return cos(a);
    case CLV_TERM_TAN: return tan(a);
    case CLV_TERM_ATAN: return atan(a);
    case CLV_TERM_NUMBER:
    case CLV_TERM_NAME: break;
    }
    return a;
}

/* The derivative of an operation by its first argument; `value` is that of the operation. */
static double slope_first(clv_expression_kind kind, double a, double b, double value)
{
    switch (kind) {
    case CLV_TERM_MULTIPLY: return b;
    case CLV_TERM_DIVIDE: return 1 / b;
    case CLV_TERM_POWER: return b == 0 ? 0 : b * operate(CLV_TERM_POWER, a, b - 1);
    case CLV_TERM_MIN: return a <= b || isnan(a);
    case CLV_TERM_MAX: return a >= b || isnan(a);
    case CLV_TERM_NEGATE: return -1;
    case CLV_TERM_EXP: return value;
    case CLV_TERM_LOG: return 1 / a;
    case CLV_TERM_SQRT: return 0.5 / value;
    case CLV_TERM_ABS: return (a > 0) - (a < 0);
    case CLV_TERM_SIN: return cos(a);
    case CLV_TERM_COS: return -sin(a);
    case CLV_TERM_TAN: return 1 + value * value;
    case CLV_TERM_ATAN: return 1 / (1 + a * a);
    default: return 1;
    }
}

/* The derivative by the second argument of the operations that have one. */
static double slope_second(clv_expression_kind kind, double a, double b, double value)
{
    switch (kind) {
    case CLV_TERM_ADD: return 1;
    case CLV_TERM_SUBTRACT: return -1;
    case CLV_TERM_MULTIPLY: return a;
    case CLV_TERM_DIVIDE: return -value / b;
    case CLV_TERM_POWER: return a == 0 && b > 0 ? 0 : value * log(a);
    case CLV_TERM_MIN: return !(a <= b || isnan(a));
    case CLV_TERM_MAX: return !(a >= b || isnan(a));
    default: return 0;
    }
}

static void evaluate(const clv_expression *expr, const double *values, double *results)
{
    for (size_t i = 0; i < expr->n_terms; i++) {
        const clv_expression_term *term = &expr->terms[i];
        switch (term->kind) {
        case CLV_TERM_NUMBER: results[i] = term->number; break;
        case CLV_TERM_NAME: results[i] = values[term->a]; break;
        default: results[i] = operate(term->kind, results[term->a], results[term->b]); break;
        }
    }
}

/* Walks back from the result; each term hands its weight to its arguments. */
static void accumulate(const clv_expression *expr, const double *results, double *gradient)
{
    double weights[CLV_EXPRESSION_TERMS];

    memset(weights, 0, expr->n_terms * sizeof *weights);
    memset(gradient, 0, expr->n_used * sizeof *gradient);
    weights[expr->n_terms - 1] = 1;
    for (size_t i = expr->n_terms; i-- > 0;) {
        const clv_expression_term *term = &expr->terms[i];
        double a, b;

        /* a branch that min or max did not take stays out, even where its derivative is infinite */
        if (weights[i] == 0 || term->kind == CLV_TERM_NUMBER) { continue; }
        if (term->kind == CLV_TERM_NAME) {
            gradient[term->b] += weights[i];
            continue;
        }
        a = results[term->a];
        b = results[term->b];
        if (expr->terms[term->a].kind != CLV_TERM_NUMBER) {
            weights[term->a] += weights[i] * slope_first(term->kind, a, b, results[i]);
        }
        if (term->kind < CLV_TERM_NEGATE && expr->terms[term->b].kind != CLV_TERM_NUMBER) {
            weights[term->b] += weights[i] * slope_second(term->kind, a, b, results[i]);
        }
    }
}

double clv_expression_value(const clv_expression *expr, const double *values, double *gradient)
{
    double results[CLV_EXPRESSION_TERMS];

    evaluate(expr, values, results);
    if (gradient) { accumulate(expr, results, gradient); }
    return results[expr->n_terms - 1];
}

void clv_expression_rows(const clv_expression *expr, const double *const *columns, size_t rows, double *out)
{
    double results[CLV_EXPRESSION_TERMS];

    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < expr->n_terms; i++) {
            const clv_expression_term *term = &expr->terms[i];
            switch (term->kind) {
            case CLV_TERM_NUMBER: results[i] = term->number; break;
            case CLV_TERM_NAME: results[i] = columns[term->a][row]; break;
            default: results[i] = operate(term->kind, results[term->a], results[term->b]); break;
            }
        }
        out[row] = results[expr->n_terms - 1];
    }
}

/* What is known of a term's structure. */
typedef enum form { FORM_CONSTANT, FORM_ZERO, FORM_LINEAR, FORM_OTHER } form;

static form form_of_sum(form a, form b)
{
    if (a == FORM_ZERO) { return b; }
    if (b == FORM_ZERO || a == b) { return a; }
    return FORM_OTHER;
}

static form form_of_product(form a, form b)
{
    if (a == FORM_LINEAR && (b == FORM_CONSTANT || b == FORM_ZERO)) { return FORM_LINEAR; }
    if (b == FORM_LINEAR && (a == FORM_CONSTANT || a == FORM_ZERO)) { return FORM_LINEAR; }
    return FORM_OTHER;
}

static form form_of_operation(const clv_expression_term *term, const form *forms, double value)
{
    form a = forms[term->a], b = term->kind < CLV_TERM_NEGATE ? forms[term->b] : FORM_CONSTANT;
    bool constant = (a == FORM_CONSTANT || a == FORM_ZERO) && (b == FORM_CONSTANT || b == FORM_ZERO);

    if (constant) { return value == 0 ? FORM_ZERO : isfinite(value) ? FORM_CONSTANT : FORM_OTHER; }
    switch (term->kind) {
    case CLV_TERM_ADD:
    case CLV_TERM_SUBTRACT: return form_of_sum(a, b);
    case CLV_TERM_MULTIPLY: return form_of_product(a, b);
    case CLV_TERM_DIVIDE: return a == FORM_LINEAR && b == FORM_CONSTANT ? FORM_LINEAR : FORM_OTHER;
    case CLV_TERM_NEGATE: return a;
    default: return FORM_OTHER;
    }
}

bool clv_expression_linear(const clv_expression *expr, const bool *subset, double *coefficients)
{
    form forms[CLV_EXPRESSION_TERMS];
    double results[CLV_EXPRESSION_TERMS];

    for (size_t i = 0; i < expr->n_terms; i++) {
        const clv_expression_term *term = &expr->terms[i];
        results[i] = 0;
        if (term->kind == CLV_TERM_NUMBER) {
            results[i] = term->number;
            forms[i] = term->number == 0 ? FORM_ZERO : FORM_CONSTANT;
        } else if (term->kind == CLV_TERM_NAME) {
            forms[i] = !subset || subset[term->a] ? FORM_LINEAR : FORM_OTHER;
        } else {
            results[i] = operate(term->kind, results[term->a], results[term->b]);
            forms[i] = form_of_operation(term, forms, results[i]);
        }
    }
    if (forms[expr->n_terms - 1] != FORM_LINEAR) { return false; }
    /* the slopes of a linear formula do not depend on where they are taken: zero serves */
    if (coefficients) { accumulate(expr, results, coefficients); }
    return true;
}
