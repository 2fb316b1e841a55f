/* Writes numbers without locale: shortest round-trip digits, and values with their errors.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Copies what printf wrote, with a point for whatever the locale puts between whole and fraction. */
static size_t copy_plain(const char *text, char *out)
{
    size_t length = 0;

    for (; *text; text++) {
        bool plain = (*text >= '0' && *text <= '9') || *text == '-' || *text == '+' || *text == 'e';
        if (plain) {
            out[length++] = *text;
        } else if (length > 0 && out[length - 1] != '.') {
            out[length++] = '.';
        }
    }
    out[length] = 0;
    return length;
}

/* `value` with a fixed number of decimals; |value| is below 1e17. */
static size_t write_fixed(double value, int decimals, char *out)
{
    char text[64];

    snprintf(text, sizeof text, "%.*f", decimals, value);
    return copy_plain(text, out);
}

/* Rounds to `count` significant digits: the digits (no point, no trailing zeros) and the exponent of the first one. */
static int significant_digits(double value, int count, char *digits)
{
    char text[64], plain[64];
    size_t length = 0;
    int exponent = 0;

    snprintf(text, sizeof text, "%.*e", count - 1, fabs(value));
    copy_plain(text, plain);
    for (const char *c = plain; *c; c++) {
        if (*c == 'e') {
            sscanf(c + 1, "%d", &exponent);
            break;
        }
        if (*c != '.') { digits[length++] = *c; }
    }
    while (length > 1 && digits[length - 1] == '0') { length--; }
    digits[length] = 0;
    return exponent;
}

/* Lays digits out as 0.00123, 123, 1.23 or 1.23e-9. */
static size_t lay_out(const char *digits, int exponent, char *out)
{
    size_t count = strlen(digits), length = 0;

    if (exponent < -5 || exponent > 16) {
        length += (size_t)sprintf(out, "%c%s%s", digits[0], count > 1 ? "." : "", digits + 1);
        return length + (size_t)sprintf(out + length, "e%d", exponent);
    }
    if (exponent < 0) {
        length += (size_t)sprintf(out, "0.");
        for (int i = -1; i > exponent; i--) { out[length++] = '0'; }
    }
    for (size_t i = 0; i < count || (int)i <= exponent; i++) {
        if (exponent >= 0 && (int)i == exponent + 1) { out[length++] = '.'; }
        out[length++] = i < count ? digits[i] : '0';
    }
    out[length] = 0;
    return length;
}

static size_t write_special(double value, char *text)
{
    return (size_t)sprintf(text, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
}

/* Writes `count` significant digits at most. */
static size_t write_digits(double value, int count, char *text)
{
    char digits[24];
    int exponent = significant_digits(value, count, digits);
    size_t sign = signbit(value) ? 1 : 0;

    if (sign) { text[0] = '-'; }
    return sign + lay_out(digits, exponent, text + sign);
}

size_t clv_text_from_number(double value, char *text)
{
    /* up to 15 digits any decimal survives the way through a normal double, so 15 is where to begin */
    int count = fabs(value) < 2.3e-308 ? 1 : 15;
    size_t length = 0;

    if (!isfinite(value)) { return write_special(value, text); }
    if (value == 0) { return (size_t)sprintf(text, signbit(value) ? "-0" : "0"); }
    for (; count <= 17; count++) {
        double back = 0;
        length = write_digits(value, count, text);
        if (clv_text_number_at(text, text + length, &back) && back == value) { break; }
    }
    return length;
}

/* Rounds to tens, hundreds, ... where `decimals` is negative; printf does the rest. */
static double round_whole(double value, int decimals)
{
    double unit = decimals < 0 ? pow(10, -decimals) : 1;

    return decimals < 0 ? unit * nearbyint(value / unit) : value;
}

/* Value and error on the decimals of the error's second digit, both already of a readable size. */
static size_t write_pair(double value, double error, int decimals, char *text)
{
    int shown = decimals > 0 ? decimals : 0;
    size_t length = write_fixed(round_whole(value, decimals), shown, text);

    length += (size_t)sprintf(text + length, " \u00b1 ");
    return length + write_fixed(round_whole(error, decimals), shown, text + length);
}

size_t clv_text_from_measured(double value, double error, char *text)
{
    char digits[24];
    double larger = fmax(fabs(value), error);
    int last, scale = 0;
    size_t length;

    if (!isfinite(value)) { return write_special(value, text); }
    if (!isfinite(error) || error <= 0) {
        return value == 0 ? clv_text_from_number(0, text) : write_digits(value, 6, text);
    }
    last = significant_digits(error, 2, digits) - 1;
    if (larger >= 1e7 || larger < 1e-4) { scale = significant_digits(larger, 17, digits); }
    if (scale - last > 15) { return clv_text_from_number(value, text); }
    if (scale == 0) { return write_pair(value, error, -last, text); }
    length = (size_t)sprintf(text, "(");
    length += write_pair(value / pow(10, scale), error / pow(10, scale), scale - last, text + length);
    return length + (size_t)sprintf(text + length, ")e%d", scale);
}
