/* Reads formulas over declared names into a list of terms.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/expression.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The state of reading one formula. */
typedef struct parser {
    const char *text, *end, *place;
    const char *last_name; /* where the last name was taken, for complaints about what follows it */
    const char *const *names;
    size_t n_names;
    clv_expression_term *terms;
    size_t n_terms;
    int depth;
    clv_error *err;
} parser;

static const struct function {
    const char *name;
    clv_expression_kind kind;
} functions[] = {{"exp", CLV_TERM_EXP}, {"log", CLV_TERM_LOG}, {"sqrt", CLV_TERM_SQRT}, {"abs", CLV_TERM_ABS},
                 {"sin", CLV_TERM_SIN}, {"cos", CLV_TERM_COS}, {"tan", CLV_TERM_TAN},   {"atan", CLV_TERM_ATAN},
                 {"min", CLV_TERM_MIN}, {"max", CLV_TERM_MAX}};

static clv_status parse_sum(parser *p, unsigned *out);
static clv_status parse_signed(parser *p, unsigned *out);

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

static void skip_blanks(parser *p)
{
    while (p->place < p->end && is_blank(*p->place)) { p->place++; }
}

/* The column of a place as a reader counts it: characters from 1. */
static size_t column_of(const parser *p, const char *place)
{
    size_t column = 1;

    for (const char *c = p->text; c < place; c++) { column += ((unsigned char)*c & 0xC0) != 0x80; }
    return column;
}

static clv_status fail_expected(const parser *p, const char *expected)
{
    size_t column = column_of(p, p->place);
    int bytes = 1;

    if (p->place == p->end) {
        return clv_fail(p->err, CLV_BAD_ARGUMENT, "the expression ends where %s is expected (column %zu)", expected,
                        column);
    }
    while (p->place + bytes < p->end && ((unsigned char)p->place[bytes] & 0xC0) == 0x80) { bytes++; }
    return clv_fail(p->err, CLV_BAD_ARGUMENT, "column %zu of the expression: expected %s, found '%.*s'", column,
                    expected, bytes, p->place);
}

static clv_status add_term(parser *p, clv_expression_term term, unsigned *out)
{
    CLV_CHECK(p->n_terms < CLV_EXPRESSION_TERMS, p->err, CLV_BAD_ARGUMENT,
              "the expression is too long: more than %d numbers, names and operations", CLV_EXPRESSION_TERMS);
    p->terms[p->n_terms] = term;
    *out = (unsigned)p->n_terms++;
    return CLV_OK;
}

static clv_status add_operation(parser *p, clv_expression_kind kind, unsigned a, unsigned b, unsigned *out)
{
    return add_term(p, (clv_expression_term){.kind = kind, .a = a, .b = b}, out);
}

/* Steps over `length` bytes of a name if they stand at `*place`. */
static bool step_over(const parser *p, const char **place, const char *part, size_t length)
{
    if ((size_t)(p->end - *place) < length || memcmp(*place, part, length) != 0) { return false; }
    *place += length;
    return true;
}

/* Matches the name with its bytes from..to in brackets (from == to: without brackets). Returns the matched length or 0.
 */
static size_t match_form(const parser *p, const char *name, size_t length, size_t from, size_t to)
{
    const char *place = p->place;
    bool bracket = from < to;

    if (!bracket) { to = from = length; }
    if (!step_over(p, &place, name, from)) { return 0; }
    if (bracket) {
        if (!step_over(p, &place, "[", 1) || !step_over(p, &place, name + from, to - from) ||
            !step_over(p, &place, "]", 1)) {
            return 0;
        }
        if (!step_over(p, &place, name + to, length - to)) { return 0; }
    }
    /* a name does not end in the midst of a word */
    if (place < p->end && (*place == '.' || (is_word(*place) && (place[-1] == ']' || is_word(place[-1]))))) {
        return 0;
    }
    return (size_t)(place - p->place);
}

/* The longest way in which a declared name `region/component.parameter` stands here, plain or bracketed; 0 for none. */
static size_t match_name(const parser *p, const char *name)
{
    size_t length = strlen(name), best;
    const char *slash = strrchr(name, '/'), *dot = strrchr(name, '.');
    size_t component = slash ? (size_t)(slash + 1 - name) : 0;
    size_t parameter = dot && dot > name + component ? (size_t)(dot - name) : length;
    size_t forms[3];

    if (length == 0) { return 0; }
    best = match_form(p, name, length, 0, 0);
    forms[0] = match_form(p, name, length, component, parameter);
    forms[1] = match_form(p, name, length, 0, parameter);
    forms[2] = match_form(p, name, length, 0, length);
    for (int i = 0; i < 3; i++) { best = forms[i] > best ? forms[i] : best; }
    return best;
}

/* The longest declared name at this place: its length in the text (0: none) and index. */
static size_t find_name(const parser *p, size_t *index)
{
    size_t best = 0;

    for (size_t i = 0; i < p->n_names; i++) {
        size_t length = p->names[i] ? match_name(p, p->names[i]) : 0;
        if (length > best) {
            best = length;
            *index = i;
        }
    }
    return best;
}

/* What stands here was not understood: takes what looks like one name and tells the declared name near to it. */
static clv_status fail_unknown(const parser *p)
{
    char word[80];
    size_t length = 0;
    const char *near;

    for (const char *c = p->place; c < p->end && length + 1 < sizeof word; c++) {
        bool spaced = c + 1 < p->end && is_blank(c[0]) && (c[1] == '+' || c[1] == '-');
        if (strchr("*/^(),", *c) || spaced) { break; }
        if (*c != '[' && *c != ']') { word[length++] = *c; }
    }
    while (length > 0 && is_blank(word[length - 1])) { length--; }
    /* a word cut for its length ends with a whole character */
    for (int cut = 0; cut < 3 && !clv_text_is_utf8(word, length); cut++) { length--; }
    word[length] = 0;
    if (length == 0 || (!is_word(*p->place) && *p->place != '[')) {
        return fail_expected(p, "a number, a name, a function or '('");
    }
    near = clv_text_nearest(word, p->names, p->n_names);
    return clv_fail(p->err, CLV_BAD_ARGUMENT, "column %zu of the expression: there is no '%s'%s%s%s",
                    column_of(p, p->place), word, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* The arguments of a function of one (`exp`) or of two and more (`min`), from behind its `(`. */
static clv_status parse_arguments(parser *p, const struct function *f, unsigned *out)
{
    bool several = f->kind == CLV_TERM_MIN || f->kind == CLV_TERM_MAX;
    size_t count = 1;
    unsigned next;

    CLV_TRY(parse_sum(p, out));
    for (; several && p->place < p->end && *p->place == ','; count++) {
        p->place++;
        CLV_TRY(parse_sum(p, &next));
        CLV_TRY(add_operation(p, f->kind, *out, next, out));
    }
    if (p->place == p->end || *p->place != ')') {
        return fail_expected(p, several ? "an operator, ',' or ')'" : "an operator or ')'");
    }
    CLV_CHECK(!several || count > 1, p->err, CLV_BAD_ARGUMENT,
              "column %zu of the expression: %s needs two arguments or more", column_of(p, p->place), f->name);
    p->place++;
    return several ? CLV_OK : add_operation(p, f->kind, *out, 0, out);
}

/* The function whose name and `(` stand here, or NULL; `*length` is that of the name, `*open` the place behind the `(`.
 */
static const struct function *find_function(const parser *p, size_t *length, const char **open)
{
    const char *c;

    *length = 0;
    while (p->place + *length < p->end && is_word(p->place[*length])) { ++*length; }
    for (c = p->place + *length; c < p->end && is_blank(*c); c++) {}
    if (c == p->end || *c != '(') { return NULL; }
    *open = c + 1;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const char *name = functions[i].name;
        if (strlen(name) == *length && memcmp(name, p->place, *length) == 0) { return &functions[i]; }
    }
    return NULL;
}

static clv_status parse_group(parser *p, unsigned *out)
{
    p->place++;
    CLV_TRY(parse_sum(p, out));
    if (p->place == p->end || *p->place != ')') { return fail_expected(p, "an operator or ')'"); }
    p->place++;
    return CLV_OK;
}

/* A number, a name, a function or a group: whichever explains most of the text. */
static clv_status parse_item(parser *p, unsigned *out)
{
    size_t index = 0, name, word;
    const char *open = NULL, *stop;
    const struct function *function;
    bool constant;
    clv_expression_term number = {.kind = CLV_TERM_NUMBER};

    skip_blanks(p);
    if (p->place == p->end) { return fail_expected(p, "a number, a name, a function or '('"); }
    if (*p->place == '(') { return parse_group(p, out); }
    name = find_name(p, &index);
    function = find_function(p, &word, &open);
    if (function && word >= name) {
        p->place = open;
        return parse_arguments(p, function, out);
    }
    stop = clv_text_number_at(p->place, p->end, &number.number);
    constant = !stop && word == 2 && memcmp(p->place, "pi", 2) == 0;
    if (constant) {
        number.number = M_PI;
        stop = p->place + 2;
    }
    if (name > 0 && (!stop || constant || name > (size_t)(stop - p->place))) {
        p->last_name = p->place;
        p->place += name;
        return add_term(p, (clv_expression_term){.kind = CLV_TERM_NAME, .a = (unsigned)index}, out);
    }
    if (!stop || (stop < p->end && (is_word(*stop) || *stop == '.'))) {
        /* `Co2` was taken of `Co2+.fhwm`: complain of the whole */
        if (*p->place == '.' && p->last_name) { p->place = p->last_name; }
        return fail_unknown(p);
    }
    CLV_CHECK(isfinite(number.number), p->err, CLV_BAD_ARGUMENT,
              "column %zu of the expression: the number is too large", column_of(p, p->place));
    p->place = stop;
    return add_term(p, number, out);
}

/* An item, perhaps raised to a power; the power groups from the right and may have a sign. */
static clv_status parse_power(parser *p, unsigned *out)
{
    unsigned exponent;

    CLV_TRY(parse_item(p, out));
    skip_blanks(p);
    if (p->place == p->end || *p->place != '^') { return CLV_OK; }
    p->place++;
    CLV_TRY(parse_signed(p, &exponent));
    return add_operation(p, CLV_TERM_POWER, *out, exponent, out);
}

static clv_status parse_signed(parser *p, unsigned *out)
{
    char sign;

    CLV_CHECK(++p->depth <= CLV_EXPRESSION_DEPTH, p->err, CLV_BAD_ARGUMENT,
              "column %zu of the expression: nested more than %d deep", column_of(p, p->place), CLV_EXPRESSION_DEPTH);
    skip_blanks(p);
    sign = p->place < p->end ? *p->place : 0;
    if (sign == '-' || sign == '+') {
        p->place++;
        CLV_TRY(parse_signed(p, out));
        if (sign == '-') { CLV_TRY(add_operation(p, CLV_TERM_NEGATE, *out, 0, out)); }
    } else {
        CLV_TRY(parse_power(p, out));
    }
    p->depth--;
    return CLV_OK;
}

static clv_status parse_product(parser *p, unsigned *out)
{
    CLV_TRY(parse_signed(p, out));
    for (;;) {
        unsigned next;
        char sign;

        skip_blanks(p);
        sign = p->place < p->end ? *p->place : 0;
        if (sign != '*' && sign != '/') { return CLV_OK; }
        p->place++;
        CLV_TRY(parse_signed(p, &next));
        CLV_TRY(add_operation(p, sign == '*' ? CLV_TERM_MULTIPLY : CLV_TERM_DIVIDE, *out, next, out));
    }
}

static clv_status parse_sum(parser *p, unsigned *out)
{
    CLV_TRY(parse_product(p, out));
    for (;;) {
        unsigned next;
        char sign = p->place < p->end ? *p->place : 0;

        if (sign != '+' && sign != '-') { return CLV_OK; }
        p->place++;
        CLV_TRY(parse_product(p, &next));
        CLV_TRY(add_operation(p, sign == '+' ? CLV_TERM_ADD : CLV_TERM_SUBTRACT, *out, next, out));
    }
}

static int compare_indices(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return (x > y) - (x < y);
}

/* Lists the names used, each once, and tells each name's term its place in that list. */
static clv_status number_names(clv_expression *expr, clv_error *err)
{
    size_t count = 0, unique = 0;

    expr->used = malloc(expr->n_terms * sizeof *expr->used);
    CLV_CHECK(expr->used, err, CLV_NO_MEMORY, "no memory for an expression");
    for (size_t i = 0; i < expr->n_terms; i++) {
        if (expr->terms[i].kind == CLV_TERM_NAME) { expr->used[count++] = expr->terms[i].a; }
    }
    qsort(expr->used, count, sizeof *expr->used, compare_indices);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || expr->used[i] != expr->used[i - 1]) { expr->used[unique++] = expr->used[i]; }
    }
    expr->n_used = unique;
    for (size_t i = 0; i < expr->n_terms; i++) {
        size_t index = expr->terms[i].a;
        if (expr->terms[i].kind != CLV_TERM_NAME) { continue; }
        expr->terms[i].b =
            (unsigned)((size_t *)bsearch(&index, expr->used, unique, sizeof index, compare_indices) - expr->used);
    }
    return CLV_OK;
}

clv_status clv_expression_new(const char *text, const char *const *names, size_t n_names, clv_expression **expr,
                              clv_error *err)
{
    clv_expression_term terms[CLV_EXPRESSION_TERMS];
    size_t length = strlen(text);
    parser p = {.text = text,
                .end = text + length,
                .place = text,
                .names = names,
                .n_names = n_names,
                .terms = terms,
                .err = err};
    clv_expression *made;
    unsigned result;
    clv_status status;

    CLV_CHECK(length <= CLV_EXPRESSION_LENGTH, err, CLV_BAD_ARGUMENT, "the expression has %zu bytes; %d is the limit",
              length, CLV_EXPRESSION_LENGTH);
    CLV_CHECK(n_names < UINT32_MAX, err, CLV_BAD_ARGUMENT, "too many names for an expression");
    CLV_TRY(parse_sum(&p, &result));
    if (p.place < p.end) { return fail_expected(&p, "an operator or the end"); }
    made = calloc(1, sizeof *made + p.n_terms * sizeof *terms);
    CLV_CHECK(made, err, CLV_NO_MEMORY, "no memory for an expression");
    made->n_terms = p.n_terms;
    made->n_names = n_names;
    memcpy(made->terms, terms, p.n_terms * sizeof *terms);
    status = number_names(made, err);
    if (status) {
        clv_expression_free(made);
        return status;
    }
    *expr = made;
    return CLV_OK;
}

void clv_expression_free(clv_expression *expr)
{
    if (!expr) { return; }
    free(expr->used);
    free(expr);
}

const size_t *clv_expression_names_used(const clv_expression *expr, size_t *count)
{
    *count = expr->n_used;
    return expr->used;
}
