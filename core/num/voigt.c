/* Sums of Voigt lines by the kernels in use.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/voigt.h"

void clv_num_voigt(const double *energy, size_t n, const clv_num_line *lines, size_t line_count,
                   const clv_num_line_columns *out)
{
    clv_num_kernels_get()->voigt(energy, n, lines, line_count, out);
}
