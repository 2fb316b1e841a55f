/* Reads numbers without locale, and tells, compares and mends texts.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/text.h>

#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 767 digits decide any rounding of a double; the rest only matters as "not zero". */
#define DIGITS_THAT_DECIDE 780
#define NAME_LIMIT 100

/* A decimal number as it stands in the text. */
typedef struct decimal {
    uint64_t digits;      /* the first 19 significant digits */
    long exponent;        /* of ten, for `digits` */
    size_t significant;   /* how many significant digits there are */
    const char *first;    /* the first significant digit */
    const char *mantissa; /* the end of the digits and the point */
    bool negative;
} decimal;

static bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

/* Takes a run of digits into the number; digits behind the 19th only move the exponent. */
static const char *take_digits(decimal *number, const char *text, const char *end, bool fraction)
{
    for (; text < end && is_digit(*text); text++) {
        if (number->significant == 0 && *text == '0') {
            number->exponent -= fraction;
            continue;
        }
        if (number->significant++ == 0) { number->first = text; }
        if (number->significant <= 19) {
            number->digits = number->digits * 10 + (uint64_t)(*text - '0');
            number->exponent -= fraction;
        } else {
            number->exponent += !fraction;
        }
    }
    return text;
}

/* Takes `e-12`; without digits behind it the letter is not part of the number. */
static const char *take_exponent(decimal *number, const char *text, const char *end)
{
    const char *place = text;
    bool negative;
    long exponent = 0;

    if (place == end || (*place != 'e' && *place != 'E')) { return text; }
    place++;
    negative = place < end && *place == '-';
    if (place < end && (*place == '-' || *place == '+')) { place++; }
    if (place == end || !is_digit(*place)) { return text; }
    for (; place < end && is_digit(*place); place++) {
        if (exponent < 1000000) { exponent = exponent * 10 + (*place - '0'); }
    }
    number->exponent += negative ? -exponent : exponent;
    return place;
}

/* Splits the text into sign, digits and exponent. Returns its end, or NULL when no number stands there. */
static const char *split(const char *text, const char *end, decimal *number)
{
    const char *digits, *whole;
    bool point;

    number->negative = text < end && *text == '-';
    if (text < end && (*text == '-' || *text == '+')) { text++; }
    digits = text;
    whole = take_digits(number, text, end, false);
    point = whole < end && *whole == '.';
    text = point ? take_digits(number, whole + 1, end, true) : whole;
    if (text - digits == (point ? 1 : 0)) { return NULL; }
    number->mantissa = text;
    return take_exponent(number, text, end);
}

/* Writes the digits without point, as many as can matter, and lets the C library round them. */
static double round_by_library(const decimal *number)
{
    char text[DIGITS_THAT_DECIDE + 40];
    size_t length = 0, seen = 0;
    bool rest = false;
    long exponent = number->exponent;
    locale_t plain;
    double value;

    for (const char *c = number->first; c < number->mantissa; c++) {
        if (*c == '.') { continue; }
        if (seen++ < DIGITS_THAT_DECIDE) {
            text[length++] = *c;
        } else {
            rest = rest || *c != '0';
        }
    }
    if (rest) { text[length++] = '1'; }
    /* `exponent` belongs to the first 19 digits */
    exponent += (long)(seen < 19 ? seen : 19) - (long)length;
    snprintf(text + length, sizeof text - length, "e%ld", exponent);
    plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain) { return strtod(text, NULL); } /* no point stands in the text, so that no locale can change it */
    value = strtod_l(text, NULL, plain);
    freelocale(plain);
    return value;
}

static double round_decimal(const decimal *number)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    if (number->significant == 0) { return 0.0; }
    /* both numbers are exact doubles, so that one operation rounds once */
    if (number->significant <= 19 && number->digits <= (UINT64_C(1) << 53)) {
        if (number->exponent >= 0 && number->exponent <= 22) {
            return (double)number->digits * powers[number->exponent];
        }
        if (number->exponent < 0 && number->exponent >= -22) {
            return (double)number->digits / powers[-number->exponent];
        }
    }
    return round_by_library(number);
}

const char *clv_text_number_at(const char *text, const char *end, double *value)
{
    decimal number = {0};
    const char *stop = split(text, end, &number);

    if (!stop) { return NULL; }
    *value = round_decimal(&number);
    if (number.negative) { *value = -*value; }
    return stop;
}

clv_status clv_text_number(const char *text, size_t length, double *value, clv_error *err)
{
    double read = 0;
    const char *stop = clv_text_number_at(text, text + length, &read);
    int shown = length < 40 ? (int)length : 40;

    CLV_CHECK(stop, err, CLV_BAD_ARGUMENT, "'%.*s' is not a number", shown, text);
    CLV_CHECK(stop == text + length, err, CLV_BAD_ARGUMENT, "'%.*s' has something behind the number, at character %zu",
              shown, text, (size_t)(stop - text) + 1);
    CLV_CHECK(read - read == 0, err, CLV_BAD_ARGUMENT, "'%.*s' is too large for a number (the limit is 1.8e308)", shown,
              text);
    *value = read;
    return CLV_OK;
}

/* The distance of two short names, by three rows of the usual table. */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    unsigned char rows[3][NAME_LIMIT + 1];

    for (size_t j = 0; j <= n; j++) { rows[0][j] = (unsigned char)j; }
    for (size_t i = 1; i <= m; i++) {
        unsigned char *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned char)i;
        for (size_t j = 1; j <= n; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);
            unsigned best = above[j - 1] + !same;
            if (above[j] + 1u < best) { best = above[j] + 1u; }
            if (row[j - 1] + 1u < best) { best = row[j - 1] + 1u; }
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]) &&
                two_above[j - 2] + 1u < best) {
                best = two_above[j - 2] + 1u;
            }
            row[j] = (unsigned char)best;
        }
    }
    return rows[m % 3][n];
}

const char *clv_text_nearest(const char *wrong, const char *const *names, size_t n)
{
    size_t length = strlen(wrong), best = SIZE_MAX;
    const char *found = NULL;

    if (length > NAME_LIMIT) { return NULL; }
    for (size_t i = 0; i < n; i++) {
        size_t other = names[i] ? strlen(names[i]) : 0;
        size_t longer = other > length ? other : length;
        size_t limit = longer / 3 > 1 ? longer / 3 : 1;
        size_t far;

        if (other == 0 || other > NAME_LIMIT || longer < 2) { continue; }
        far = distance(wrong, length, names[i], other);
        if (far <= limit && far < best) {
            best = far;
            found = names[i];
        }
    }
    return found;
}

/* The bytes that follow a first byte, and the smallest character that may need so many; -1 for a byte that begins none.
 */
static int bytes_after(unsigned char c, uint32_t *least)
{
    *least = 0;
    if (c < 0x80) { return 0; }
    if (c >= 0xC2 && c <= 0xDF) { return (*least = 0x80, 1); }
    if ((c & 0xF0) == 0xE0) { return (*least = 0x800, 2); }
    if (c >= 0xF0 && c <= 0xF4) { return (*least = 0x10000, 3); }
    return -1;
}

bool clv_text_is_utf8(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t least, character;
        int more = bytes_after((unsigned char)text[i], &least);

        if (more == 0) { continue; }
        if (more < 0 || length - i <= (size_t)more) { return false; }
        character = (unsigned char)text[i] & (0x3Fu >> more);
        for (; more > 0; more--) {
            unsigned char c = (unsigned char)text[++i];
            if ((c & 0xC0) != 0x80) { return false; }
            character = character << 6 | (c & 0x3Fu);
        }
        if (character < least || character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) { return false; }
    }
    return true;
}

size_t clv_text_from_latin1(const char *text, size_t length, char *out)
{
    char *place = out;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80) {
            *place++ = (char)c;
        } else {
            *place++ = (char)(0xC0 | c >> 6);
            *place++ = (char)(0x80 | (c & 0x3F));
        }
    }
    *place = 0;
    return (size_t)(place - out);
}

int clv_text_compare(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) { a++, b++; }
    return (unsigned char)lower(*a) - (unsigned char)lower(*b);
}

bool clv_text_equal(const char *a, const char *b) { return clv_text_compare(a, b) == 0; }
