/* How a formula lies in memory between its parser and its evaluator.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_EXPRESSION_H
#define NUM_EXPRESSION_H

#include <corelevel/expression.h>

/* What a term does. Those from CLV_TERM_EXP on take one argument. */
typedef enum clv_expression_kind {
    CLV_TERM_NUMBER,
    CLV_TERM_NAME,
    CLV_TERM_ADD,
    CLV_TERM_SUBTRACT,
    CLV_TERM_MULTIPLY,
    CLV_TERM_DIVIDE,
    CLV_TERM_POWER,
    CLV_TERM_MIN,
    CLV_TERM_MAX,
    CLV_TERM_NEGATE,
    CLV_TERM_EXP,
    CLV_TERM_LOG,
    CLV_TERM_SQRT,
    CLV_TERM_ABS,
    CLV_TERM_SIN,
    CLV_TERM_COS,
    CLV_TERM_TAN,
    CLV_TERM_ATAN
} clv_expression_kind;

/* One number, name or operation; its arguments stand before it in the list. */
typedef struct clv_expression_term {
    clv_expression_kind kind;
    unsigned a,
        b; /* the arguments' places in the list; of a name, `a` is its index among the declared, `b` among the used */
    double number;
} clv_expression_term;

struct clv_expression {
    size_t n_terms, n_used, n_names;
    size_t *used;
    clv_expression_term terms[]; /* the last one is the result */
};

#endif
