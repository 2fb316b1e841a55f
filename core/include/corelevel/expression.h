/* Formulas over declared names, with exact first derivatives: ties, channels made of columns, FEFF paths.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_EXPRESSION_H
#define CLV_EXPRESSION_H

#include <stdbool.h>

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* The longest formula in bytes, the most numbers, names and operations in one, and the deepest nesting. */
#define CLV_EXPRESSION_LENGTH 4000
#define CLV_EXPRESSION_TERMS 1000
#define CLV_EXPRESSION_DEPTH 64

/* A formula that has been read. It never changes, so that any number of threads may evaluate it at once. */
typedef struct clv_expression clv_expression;

/* Reads a formula over `n_names` declared names.

   Grammar: `+ - * / ^ ( )`, numbers with a decimal point whatever the locale, `pi`, and the functions
   `exp log sqrt abs sin cos tan atan` of one argument and `min max` of two or more. `^` binds tighter than a sign
   before it (`-x^2` is `-(x^2)`) and groups from the right; `log` is the natural logarithm.

   Names: the longest declared name that stands at a place is taken, so that names may hold blanks, digits, `+` and `-`:
   with `Co2+.fwhm` declared, `Co2+.fwhm * 1.1` means what it says. A name must not run on into a letter, digit, `_` or
   `.`. In brackets a name is always itself: `[Co2+].fwhm`, `[1]`, and `O 1s/[lattice].position` for the declared name
   `O 1s/lattice.position` of another region. A declared name goes before `pi` of the same spelling, but
   a number is a number (write `[1]` for a column called 1), and a function's name followed by `(` is the function.

   On success `*expr` is yours, to be freed with clv_expression_free; it keeps neither the text nor the names.
   Errors: CLV_BAD_ARGUMENT for a formula that is wrong (the sentence gives the column, what was expected there and the
   declared name that is near a wrong one) or beyond the limits above; CLV_NO_MEMORY. Any thread. */
CLV_API clv_status clv_expression_new(const char *text, const char *const *names, size_t n_names, clv_expression **expr,
                                      clv_error *err);

/* Frees a formula; NULL is allowed. */
CLV_API void clv_expression_free(clv_expression *expr);

/* Lends the indices (ascending, each once) of the declared names that the formula uses, valid while it lives; their
   number goes to `*count`. */
CLV_API const size_t *clv_expression_names_used(const clv_expression *expr, size_t *count);

/* Gives the formula's value. `values` holds one number for each declared name. `gradient`, when it is not NULL,
   receives the derivative by each *used* name, in the order of clv_expression_names_used. Outside its domain a formula
   is NaN or infinite, as in IEEE arithmetic; nothing fails. At their kinks `abs` has derivative 0 and `min` and `max`
   that of the first of the equals. Derivatives are exact (reverse accumulation, Linnainmaa, BIT 16 (1976) 146,
   doi 10.1007/BF01931367). Nothing is allocated. Any thread. */
CLV_API double clv_expression_value(const clv_expression *expr, const double *values, double *gradient);

/* Evaluates the formula on `rows` rows: `columns[i]` is the column of declared name i (only those of used names are
   read, the others may be NULL), `out[r]` receives the value of row r. `out` may be one of the columns. */
CLV_API void clv_expression_rows(const clv_expression *expr, const double *const *columns, size_t rows, double *out);

/* Tells whether the formula is, as written, a sum of constant multiples of names of a subset and nothing else, such as
   `0.5 * a - (b + c) / 3`: then it stays linear, without a constant term, in a fit that solves for these names.
   `subset[i]` tells whether declared name i belongs to it; NULL means all. `coefficients`, when it is not NULL and the
   answer is yes, receives the factor of each used name in the order of clv_expression_names_used. The analysis is of
   structure: `a * a / a` is not linear; a name outside the subset makes any formula that uses it not linear. */
CLV_API bool clv_expression_linear(const clv_expression *expr, const bool *subset, double *coefficients);

CLV_END_DECLS

#endif
