/* Comparison of doubles: cmocka's own compares as float.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_NEAR_H
#define CLV_NEAR_H

#include <math.h>

#define assert_near(a, b, tolerance)                                                                     \
    do {                                                                                                 \
        double near_a = (a), near_b = (b), near_t = (tolerance);                                         \
        if (!(fabs(near_a - near_b) <= near_t)) {                                                        \
            fail_msg("%s:%d: %.17g is not %.17g within %g", __FILE__, __LINE__, near_a, near_b, near_t); \
        }                                                                                                \
    } while (0)

#endif
