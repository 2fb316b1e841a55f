/* Tests of Tougaard's background: closed forms, derivatives, any grid, and a background found again.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"

#include <corelevel/tougaard.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT 1001

static double energy[COUNT], in[COUNT], out[COUNT], other[COUNT];

static const clv_tougaard_loss universal = {0, 1643, 0, 0}, polymers = {1, 551, 436, 0};

/* A constant signal of 1 from the window's first channel on: the integral of T/(C + T^2)^2 from 0 to L is
   L^2/(2 C (C + L^2)), that of U3 for large L tends to a constant. With the signal going on below by `extend` the
   integral runs on to L + extend. */
static void test_constant(void **payload)
{
    (void)payload;
    for (int i = 0; i < COUNT; i++) {
        energy[i] = 0.1 * i;
        in[i] = 1;
    }
    clv_tougaard_convolve(&universal, CLV_TOUGAARD_LOSS, NULL, 0.1, 0, in, out, COUNT);
    for (int i = 0; i < COUNT; i++) {
        double l = energy[i];
        assert_near(out[i], l * l / (2 * 1643 * (1643 + l * l)), 1e-9);
    }
    clv_tougaard_convolve(&universal, CLV_TOUGAARD_LOSS, NULL, 0.1, 50, in, out, COUNT);
    for (int i = 1; i < COUNT; i++) {
        double l = energy[i] + 50;
        assert_near(out[i], l * l / (2 * 1643 * (1643 + l * l)), 1e-9);
    }
    clv_tougaard_convolve(&universal, CLV_TOUGAARD_LOSS, energy, 0, 0, in, other, COUNT);
    clv_tougaard_convolve(&universal, CLV_TOUGAARD_LOSS, NULL, 0.1, 0, in, out, COUNT);
    for (int i = 0; i < COUNT; i++) { assert_near(out[i], other[i], 1e-12); }
}

/* One channel of signal gives the loss function itself; 2866 T/(1643 + T^2)^2 has its maximum sqrt(C/3) = 23.4 eV
   away (S. Tougaard 1988). CasaXPS' way to write U2, with C negative in the form of U3, is the same. */
static void test_loss(void **payload)
{
    const clv_tougaard_loss negative = {1, -1643, 0, 0}, gap = {1, 542, 275, 9.3};
    int top = 0;

    (void)payload;
    memset(in, 0, sizeof in);
    in[10] = 10;
    clv_tougaard_convolve(&universal, CLV_TOUGAARD_LOSS, NULL, 0.1, 0, in, out, COUNT);
    clv_tougaard_convolve(&negative, CLV_TOUGAARD_LOSS, NULL, 0.1, 0, in, other, COUNT);
    for (int i = 0; i < COUNT; i++) {
        if (out[i] > out[top]) { top = i; }
        assert_near(out[i], other[i], 1e-18);
    }
    assert_int_equal(top, 10 + 234);
    clv_tougaard_convolve(&polymers, CLV_TOUGAARD_LOSS, NULL, 0.1, 0, in, out, COUNT);
    assert_near(out[210], 20 / (151.0 * 151 + 436 * 400), 1e-15);
    clv_tougaard_convolve(&gap, CLV_TOUGAARD_LOSS, NULL, 0.1, 0, in, out, COUNT);
    assert_near(out[10 + 92], 0, 0);
    assert_near(out[10 + 200], 20 / (142.0 * 142 + 275 * 400), 1e-15);
}

static void test_derivatives(void **payload)
{
    const clv_tougaard_loss all[] = {universal, polymers, {1, 542, 275, 9.3}};

    (void)payload;
    for (int i = 0; i < COUNT; i++) { in[i] = exp(-0.5 * (i - 300) * (i - 300) / 400.0); }
    for (int k = 0; k < 3; k++) {
        for (int by_d = 0; by_d < 2; by_d++) {
            double worst = 0, size = 0, h = 0.01;
            clv_tougaard_loss up = all[k], down = all[k];
            *(by_d ? &up.d : &up.c) += h;
            *(by_d ? &down.d : &down.c) -= h;
            clv_tougaard_convolve(&up, CLV_TOUGAARD_LOSS, NULL, 0.1, 5, in, out, COUNT);
            clv_tougaard_convolve(&down, CLV_TOUGAARD_LOSS, NULL, 0.1, 5, in, other, COUNT);
            for (int i = 0; i < COUNT; i++) { out[i] = (out[i] - other[i]) / (2 * h); }
            clv_tougaard_convolve(&all[k], by_d ? CLV_TOUGAARD_BY_D : CLV_TOUGAARD_BY_C, NULL, 0.1, 5, in, other,
                                  COUNT);
            for (int i = 0; i < COUNT; i++) {
                worst = fmax(worst, fabs(out[i] - other[i]));
                size = fmax(size, fabs(other[i]));
            }
            if (all[k].three || !by_d) { assert_true(size > 0); }
            assert_true(worst <= 1e-6 * size);
        }
    }
}

/* A peak with its own background added: the drawn curve finds it again with B free, being linear in the data. */
static void test_drawn(void **payload)
{
    clv_background_ends ends = {0, COUNT - 1, 0};
    clv_error err = {0};
    double b = NAN;

    (void)payload;
    for (int i = 0; i < COUNT; i++) {
        energy[i] = 0.1 * i;
        in[i] = 50 + (i > 100 && i < 300 ? 1000 * sin((i - 100) * M_PI / 200) : 0);
    }
    /* y = level + signal + B * loss of (signal + what was lost before): solved forwards */
    for (int i = 0; i < COUNT; i++) {
        double sum = 0;
        for (int j = 0; j < i; j++) {
            double t = 0.1 * (i - j);
            sum += 0.1 * (other[j] - 50) * t / (1643 + t * t) / (1643 + t * t);
        }
        other[i] = in[i] + 300 * sum;
    }
    assert_int_equal(clv_background_tougaard(energy, other, COUNT, &ends, &universal, 0, &b, out, &err), CLV_OK);
    assert_near(b, 300, 1e-6);
    for (int i = 300; i < COUNT; i++) { assert_near(out[i], other[i], 1e-6); }
    for (int i = 0; i < COUNT; i++) { in[i] = 100 - 0.05 * i; }
    b = NAN;
    memset(out, 0, sizeof out);
    in[COUNT - 1] = 200;
    assert_int_equal(clv_background_tougaard(energy, in, COUNT, &ends, &universal, 0, &b, out, &err), CLV_BAD_ARGUMENT);
    assert_non_null(strstr(err.text, "no Tougaard background meets the data"));
    assert_near(out[5], 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
