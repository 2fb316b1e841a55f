/* Rounds the numbers of a report's curves and writes them as JSON. SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/report_numbers.h"

#include <math.h>

#include "report/json_write.h"

double report_quantum(double most) { return most > 0 && isfinite(most) ? pow(10, floor(log10(most) - 3.3)) : 1; }

double report_largest(const double *values, size_t count)
{
    double most = 0;

    for (size_t i = 0; i < count; i++) { most = isfinite(values[i]) ? fmax(most, fabs(values[i])) : most; }
    return most;
}

/* A whole number of steps, divided by a whole power of ten, so that its digits are few. */
double report_rounded(double value, double step)
{
    double inverse = round(1 / step);

    if (!isfinite(inverse)) { return value; }
    return step < 1 ? round(value * inverse) / inverse : round(value / step) * round(step);
}

void report_add_numbers(clv_buffer *out, const char *before, const double *values, size_t count, double step)
{
    clv_buffer_format(out, "%s[", before);
    for (size_t i = 0; i < count; i++) {
        clv_buffer_add(out, i ? "," : "");
        clv_json_add_number(out, report_rounded(values[i], step));
    }
    clv_buffer_add(out, "]");
}

void report_add_label(clv_buffer *out, const char *before, const char *text)
{
    clv_buffer_format(out, "%s", before);
    clv_json_add_text(out, text);
}
