/* Chooses ranges and ticks.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double largest = 1e300, smallest = 1e-290;

void clv_axis_range(clv_axis *axis, double min, double max)
{
    if (!isfinite(min) || !isfinite(max) || min > max) {
        min = axis->log ? 1 : 0;
        max = axis->log ? 10 : 1;
    }
    min = fmin(fmax(min, -largest), largest);
    max = fmin(fmax(max, -largest), largest);
    if (axis->log) {
        min = fmax(min, 1e-280);
        max = fmax(max, min * 1.0001);
    }
    double scale = fmax(fabs(min), fabs(max));
    if (scale < smallest) { scale = min = max = 0; }
    if (max / 2 - min / 2 <= 1e-9 * scale || scale == 0) {
        double half = scale == 0 ? 1 : fmax(1e-8 * scale, fmin(0.5, 0.05 * scale));
        min = axis->log ? min / 2 : min - half;
        max = axis->log ? max * 2 : max + half;
    }
    axis->min = min;
    axis->max = max;
}

double clv_axis_place(const clv_axis *axis, double value)
{
    double t;

    if (!isfinite(value) || (axis->log && value <= 0)) { return NAN; }
    if (axis->log) {
        t = (log(value) - log(axis->min)) / (log(axis->max) - log(axis->min));
    } else {
        t = (value / 2 - axis->min / 2) / (axis->max / 2 - axis->min / 2);
    }
    if (axis->reversed) { t = 1 - t; }
    return fmin(fmax(t, -40), 40); /* far outside is outside: the drawing library's coordinates are small integers */
}

/* Copies a number as snprintf wrote it, with "." for whatever the locale's point is and U+2212 for its minus. */
static void neutral(const char *from, char *out, size_t size)
{
    size_t used = 0;
    bool point = false;

    for (; *from && used + 4 < size; from++) {
        if (*from == '-') {
            memcpy(out + used, "\xE2\x88\x92", 3);
            used += 3;
        } else if ((*from >= '0' && *from <= '9') || *from == 'e') {
            out[used++] = *from;
        } else if (*from != '+' && !point) {
            out[used++] = '.';
            point = true;
        }
    }
    out[used] = 0;
}

void clv_axis_number(double value, int decimals, char *out, size_t size)
{
    char text[64];

    snprintf(text, sizeof text, "%.*f", decimals, value);
    if (strspn(text, "-0.,") == strlen(text) && text[0] == '-') { memmove(text, text + 1, strlen(text)); }
    neutral(text, out, size);
}

void clv_axis_shortest(double value, char *out, size_t size)
{
    char text[64];

    snprintf(text, sizeof text, "%.6g", value);
    neutral(text, out, size);
}

/* The step 1, 2 or 5 times a power of ten that gives at most `most` ticks, and how many minor steps divide it. */
static double nice_step(double span, double most, int *parts)
{
    double raw = span / fmax(most, 1), power = pow(10, floor(log10(raw)));
    double factor = raw / power;

    *parts = factor > 1.0001 && factor <= 2.0001 ? 4 : 5;
    if (factor <= 1.0001) { return power; }
    if (factor <= 2.0001) { return 2 * power; }
    return factor <= 5.0001 ? 5 * power : 10 * power;
}

static void linear_ticks(clv_axis *axis, double most, int factor)
{
    int parts, decimals;
    double step = nice_step(axis->max - axis->min, fmin(most, CLV_AXIS_TICKS - 4), &parts);
    double scale = fmax(fabs(axis->min), fabs(axis->max)), small = step / parts;
    int magnitude = (int)floor(log10(scale) + 1e-12);

    axis->exponent = magnitude >= factor || magnitude < -3 ? 3 * (int)floor(magnitude / 3.0) : 0;
    decimals = axis->exponent - (int)floor(log10(step) + 1e-9);
    decimals = decimals < 0 ? 0 : decimals > 12 ? 12 : decimals;
    for (double k = ceil(axis->min / step - 1e-6); k <= axis->max / step + 1e-6 && axis->count < CLV_AXIS_TICKS; k++) {
        axis->tick[axis->count] = k * step;
        clv_axis_number(k * (step / pow(10, axis->exponent)), decimals, axis->text[axis->count], sizeof axis->text[0]);
        axis->count++;
    }
    for (double k = ceil(axis->min / small - 1e-6); k <= axis->max / small + 1e-6 && axis->minor_count < CLV_AXIS_MINOR;
         k++) {
        if (fabs(remainder(k, parts)) > 0.5) { axis->minor[axis->minor_count++] = k * small; }
    }
}

static void add_log_tick(clv_axis *axis, int power, int digit, bool number)
{
    double value = digit * pow(10, power);
    char exponent[24];

    if (value < axis->min * (1 - 1e-9) || value > axis->max * (1 + 1e-9)) { return; }
    if (!number) {
        if (axis->minor_count < CLV_AXIS_MINOR) { axis->minor[axis->minor_count++] = value; }
        return;
    }
    if (axis->count == CLV_AXIS_TICKS) { return; }
    axis->tick[axis->count] = value;
    clv_axis_number(power, 0, exponent, sizeof exponent);
    if (digit == 1) {
        snprintf(axis->text[axis->count++], sizeof axis->text[0], "10^{%s}", exponent);
    } else {
        snprintf(axis->text[axis->count++], sizeof axis->text[0], "%d×10^{%s}", digit, exponent);
    }
}

static void log_ticks(clv_axis *axis, double most)
{
    int first = (int)floor(log10(axis->min) - 1e-9), last = (int)ceil(log10(axis->max) + 1e-9);
    int every = (int)ceil((last - first + 1) / fmax(1, fmin(most, CLV_AXIS_TICKS - 2)));
    bool narrow = log10(axis->max) - log10(axis->min) < 1.5;

    for (int power = first; power <= last; power++) {
        add_log_tick(axis, power, 1, power % every == 0);
        for (int digit = 2; digit < 10 && every == 1; digit++) {
            add_log_tick(axis, power, digit, narrow && (digit == 2 || digit == 5));
        }
    }
}

void clv_axis_ticks(clv_axis *axis, double most, int factor)
{
    axis->exponent = 0;
    axis->count = axis->minor_count = 0;
    if (axis->log) {
        log_ticks(axis, most);
    } else {
        linear_ticks(axis, most, factor);
    }
}
